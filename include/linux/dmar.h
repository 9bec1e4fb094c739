/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the rest of the kernel may ask of the Intel VT-d driver.  Everything
 * else about DMA remapping is private to drivers/iommu/intel/.
 */
#ifndef _LINUX_DMAR_H
#define _LINUX_DMAR_H

#include <linux/acpi.h>
#include <linux/types.h>

struct irq_data;
struct msi_msg;

#ifdef CONFIG_DMAR_TABLE

/* Detect hook of the .iommu_table entry, see linux/iommu_table.h */
int detect_intel_iommu(void);

/* Set once some unit translates */
extern int intel_iommu_enabled;

/* Firmware asks for DMA protection of external ports (DMAR flags, bit 2) */
bool dmar_platform_optin(void);

/* A host bridge came by ACPI hotplug, or is about to go */
int dmar_device_add(acpi_handle handle);
int dmar_device_remove(acpi_handle handle);

/* The unit's side of the "DMAR-MSI" irq chip in arch/x86/kernel/apic/msi.c */
void dmar_msi_unmask(struct irq_data *data);
void dmar_msi_mask(struct irq_data *data);
void dmar_msi_write(int irq, struct msi_msg *msg);

/* The chip's side: an interrupt of a unit, or of its other two event sources */
int dmar_alloc_hwirq(int id, int node, void *arg);
void dmar_free_hwirq(int irq);

#else /* !CONFIG_DMAR_TABLE */

static inline bool dmar_platform_optin(void)
{
	return false;
}

static inline int dmar_device_add(acpi_handle handle)
{
	return 0;
}

static inline int dmar_device_remove(acpi_handle handle)
{
	return 0;
}

#endif /* CONFIG_DMAR_TABLE */

#endif /* _LINUX_DMAR_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* The interrupt domain of a unit: between x86's vectors and the devices. */
#ifndef VTD_IRQ_IR_DOMAIN_H
#define VTD_IRQ_IR_DOMAIN_H

#include <linux/types.h>

#include "irq/ir_entry.h"

struct intel_iommu;
struct irq_data;
struct pci_dev;

/**
 * struct vtd_ir_irq - an interrupt of ours, its irq_data's chip_data
 * @iommu: (c) the unit
 * @index: (c) its entry
 * @first: (c) first entry of the message that it belongs to
 * @subhandle: (c) what its message adds to @first; of an IOAPIC it is the vector
 *	that EOIs are broadcast for, which is the pin
 * @count: (c) entries that were taken with it; 0 if another one has them
 * @source: (c) who may use it
 * @message: (c) from a PCI device
 * @posted_host: (c) posted to the host's own descriptors
 * @posted_vcpu: (desc lock) KVM has it posted to a guest
 */
struct vtd_ir_irq {
	struct intel_iommu *iommu;
	u16 index;
	u16 first;
	u16 subhandle;
	unsigned int count;
	struct vtd_ir_source source;
	bool message;
	bool posted_host;
	bool posted_vcpu;
};

int vtd_ir_domain_create(struct intel_iommu *iommu);
int vtd_ir_domain_remove(struct intel_iommu *iommu);
int vtd_ir_update(struct irq_data *data, bool to_host);

#ifdef CONFIG_IRQ_REMAP
void vtd_ir_add_device(struct pci_dev *pdev);
#else
static inline void vtd_ir_add_device(struct pci_dev *pdev) { }
#endif

/* posted.c */
bool vtd_ir_can_post(void);
int vtd_ir_set_vcpu_affinity(struct irq_data *data, void *info);
bool vtd_ir_posted_here(const struct vtd_ir_irq *irq);
void vtd_ir_posted_host(struct irq_data *data, struct vtd_irte *entry);

#endif /* VTD_IRQ_IR_DOMAIN_H */

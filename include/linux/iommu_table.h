/* SPDX-License-Identifier: GPL-2.0 */
/*
 * .iommu_table: who looks for an IOMMU at boot, and in which order.
 *
 * A detector puts an entry into the section with IOMMU_TABLE_ENTRY() and names
 * the detector that must run before it.  The walk runs while no allocator but
 * memblock exists.
 */
#ifndef _LINUX_IOMMU_TABLE_H
#define _LINUX_IOMMU_TABLE_H

#include <linux/compiler.h>
#include <linux/init.h>
#include <linux/types.h>

/* If this entry detects something, no later entry is asked */
#define IOMMU_TABLE_FINISH_IF_DETECTED	0x1u
/* Set by the walk: detect() returned 0 */
#define IOMMU_TABLE_DETECTED		0x2u

/**
 * struct iommu_table_entry - one detector
 * @detect: 0 if its IOMMU is there, else -errno; also identifies the entry.
 *	May use early mappings and memblock, nothing else
 * @depend: @detect of the entry that must be asked before, or NULL
 * @early_init: called once all were asked, if detected; same limits; may be NULL
 * @late_init: called from rootfs_initcall, if detected; may be NULL
 * @flags: IOMMU_TABLE_FINISH_IF_DETECTED or 0
 */
struct iommu_table_entry {
	int (*detect)(void);
	int (*depend)(void);
	void (*early_init)(void);
	void (*late_init)(void);
	unsigned int flags;
};

/* The alignment is spelled out: compilers like to raise that of large objects */
#define IOMMU_TABLE_ENTRY(_name, _detect, _depend, _early, _late, _flags)	\
	static struct iommu_table_entry __iommu_table_##_name __used		\
	__section(".iommu_table")						\
	__aligned(__alignof__(struct iommu_table_entry)) = {			\
		.detect = (_detect),						\
		.depend = (_depend),						\
		.early_init = (_early),						\
		.late_init = (_late),						\
		.flags = (_flags),						\
	}

/* The section, from arch/x86/kernel/vmlinux.lds.S */
extern struct iommu_table_entry __iommu_table[], __iommu_table_end[];

/* The detect hooks of x86 that others depend on, in the order that they are asked */
int pci_xen_detect(void);
int pci_swiotlb_detect(void);
int detect_gart_iommu(void);
int detect_amd_iommu(void);

void iommu_table_early_init(void);
void iommu_table_late_init(void);

/* The steps, for tests; [@start, @end) is the table */
int iommu_table_sort(struct iommu_table_entry *start, struct iommu_table_entry *end);
int iommu_table_check(struct iommu_table_entry *start, struct iommu_table_entry *end);
void iommu_table_walk(struct iommu_table_entry *start, struct iommu_table_entry *end);
void iommu_table_finish(struct iommu_table_entry *start, struct iommu_table_entry *end);

#endif /* _LINUX_IOMMU_TABLE_H */

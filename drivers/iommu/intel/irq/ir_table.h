/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The interrupt remapping table of one unit: who has which entry, and what is
 * in it.  An entry belongs to the interrupt that it was given to; whoever
 * changes it holds that interrupt's descriptor lock.
 */
#ifndef VTD_IRQ_IR_TABLE_H
#define VTD_IRQ_IR_TABLE_H

#include <linux/spinlock.h>
#include <linux/types.h>

#include "hw/interrupts.h"
#include "irq/ir_entry.h"

struct intel_iommu;
struct irq_domain;

/**
 * struct vtd_ir - interrupt remapping of a unit
 * @entry: (c) the table; words of an entry are its owner's
 * @used: (@lock) bitmap of entries given out
 * @lock: raw: taken while interrupts are set up and torn down
 * @x2apic: (c) extended interrupt mode
 * @unverified: (c) entries take requests of anybody (intremap=nosid)
 * @wide: (c) an entry is replaced by one store of 128 bits
 * @live: the unit remaps by this table
 * @domain: (c) parent of the interrupt domains of the devices behind the unit
 */
struct vtd_ir {
	struct vtd_irte *entry;
	unsigned long *used;
	raw_spinlock_t lock;	/* the bitmap */
	bool x2apic;
	bool unverified;
	bool wide;
	bool live;
	struct irq_domain *domain;
};

int vtd_ir_init(struct intel_iommu *iommu, bool x2apic);
void vtd_ir_exit(struct intel_iommu *iommu, bool read);
int vtd_ir_point(struct intel_iommu *iommu);
int vtd_ir_enable(struct intel_iommu *iommu);
int vtd_ir_disable(struct intel_iommu *iommu);
bool vtd_ir_live(const struct intel_iommu *iommu);

int vtd_ir_alloc(struct intel_iommu *iommu, unsigned int count);
void vtd_ir_free(struct intel_iommu *iommu, u16 index, unsigned int count);
int vtd_ir_install(struct intel_iommu *iommu, u16 index, const struct vtd_irte *image);
unsigned int vtd_ir_in_use(struct intel_iommu *iommu);
void vtd_ir_write_back(struct intel_iommu *iommu, void *at, size_t size);
bool vtd_ir_peek(struct intel_iommu *iommu, u32 index, struct vtd_irte *entry);

#endif /* VTD_IRQ_IR_TABLE_H */

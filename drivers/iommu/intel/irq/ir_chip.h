/* SPDX-License-Identifier: GPL-2.0 */
/* An interrupt that goes through an entry, and what its chip does with that. */
#ifndef VTD_IRQ_IR_CHIP_H
#define VTD_IRQ_IR_CHIP_H

#include <linux/types.h>

#include "irq/ir_entry.h"

struct intel_iommu;
struct irq_chip;
struct irq_data;

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

struct irq_chip *vtd_ir_chip_for(const struct vtd_ir_irq *irq);
int vtd_ir_update(struct irq_data *data, bool to_host);

#endif /* VTD_IRQ_IR_CHIP_H */

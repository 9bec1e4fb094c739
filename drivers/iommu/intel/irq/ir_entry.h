/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Interrupt remapping in numbers: images of entries, the message that names an
 * entry, who may use it, and which mode the machine gets.  Pure.
 */
#ifndef VTD_IRQ_IR_ENTRY_H
#define VTD_IRQ_IR_ENTRY_H

#include <linux/types.h>

#include "hw/interrupts.h"

/* All that a handle of 16 bits can name */
#define VTD_IR_ENTRIES		65536u
#define VTD_IR_ENTRIES_ORDER	16

/**
 * struct vtd_ir_source - whose requests an entry takes
 * @svt: VTD_SVT_*
 * @sq: VTD_SQ_*, for VTD_SVT_ID
 * @sid: requester id, or first and last bus
 */
struct vtd_ir_source {
	u8 svt;
	u8 sq;
	u16 sid;
};

/**
 * struct vtd_ir_aliases - requester ids that a PCI device may show
 * @own: its own id
 * @last: the one nearest to the root
 * @last_bus: bus of the device or bridge that @last belongs to
 * @count: how many there are, with @own if it is among them
 * @one_bus: all are on one bus
 */
struct vtd_ir_aliases {
	u16 own;
	u16 last;
	u8 last_bus;
	unsigned int count;
	bool one_bus;
};

/**
 * struct vtd_ir_facts - what the mode depends on
 * @cpu_x2apic: the processors have it
 * @opt_out: firmware asks not to use it
 * @override: intremap=no_x2apic_optout
 * @units_x2apic: every unit can (ECAP.EIM)
 */
struct vtd_ir_facts {
	bool cpu_x2apic;
	bool opt_out;
	bool override;
	bool units_x2apic;
};

void vtd_ir_remapped(struct vtd_irte *entry, u8 vector, u32 dest, bool logical,
		     bool x2apic, const struct vtd_ir_source *source);
void vtd_ir_posted(struct vtd_irte *entry, u8 vector, u64 descriptor,
		   const struct vtd_ir_source *source);
struct vtd_ir_source vtd_ir_pci_source(const struct vtd_ir_aliases *aliases);
struct vtd_ir_source vtd_ir_source_of(const struct vtd_irte *entry);
bool vtd_ir_source_takes(const struct vtd_ir_source *source, u16 sid);
void vtd_ir_message(u16 index, u16 subhandle, u32 *address, u32 *data);
bool vtd_ir_use_x2apic(const struct vtd_ir_facts *facts, const char **why_not);

#endif /* VTD_IRQ_IR_ENTRY_H */

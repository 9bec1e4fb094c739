/* SPDX-License-Identifier: GPL-2.0 */
/* Is an interrupt entry that another kernel left fit to be used.  Pure. */
#ifndef VTD_IRQ_IR_PROOF_H
#define VTD_IRQ_IR_PROOF_H

#include <linux/types.h>

#include "hw/interrupts.h"
#include "unit/old_ranges.h"

/**
 * struct vtd_ir_proof - the judge of one unit's interrupt entries
 * @memory: where descriptors of posted interrupts may be
 * @x2apic: the unit's mode
 * @posted: the unit can post
 * @unverified: this kernel takes requests of anybody, too (intremap=nosid)
 * @last_vector: the highest that a device's interrupt may have
 * @parked: vector of entries that are set up and not in use: nothing comes through them
 */
struct vtd_ir_proof {
	const struct vtd_old_memory *memory;
	bool x2apic;
	bool posted;
	bool unverified;
	u8 last_vector;
	u8 parked;
};

bool vtd_ir_parked(const struct vtd_ir_proof *proof, const struct vtd_irte *entry);

const char *vtd_ir_proof(const struct vtd_ir_proof *proof, const struct vtd_irte *entry);

#endif /* VTD_IRQ_IR_PROOF_H */

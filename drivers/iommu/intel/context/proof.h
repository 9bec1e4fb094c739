/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Is an entry that another kernel left fit to be used: each pointer is followed before
 * it is believed.  Pure.
 */
#ifndef VTD_CONTEXT_PROOF_H
#define VTD_CONTEXT_PROOF_H

#include <linux/types.h>

#include "hw/entries.h"
#include "unit/caps.h"
#include "unit/old_ranges.h"

struct vtd_image;

/* Page tables of 5 levels */
#define VTD_PROOF_LEVELS	5u

/* Page tables that are looked at for one unit: 4 KiB pages of 512 GiB */
#define VTD_PROOF_TABLES	262144u

/**
 * struct vtd_proof - the judge of one unit's entries
 * @caps: what the unit can do
 * @memory: what tables may lead to
 * @page: room for one page each
 * @budget: tables that may still be looked at; VTD_PROOF_TABLES at the beginning
 * @known: by domain id: the tables that it was proved to stand for, zero for none; an
 *	id that stands for no tables has an odd number
 */
struct vtd_proof {
	const struct vtd_caps *caps;
	const struct vtd_old_memory *memory;
	u64 *page[VTD_PROOF_LEVELS];
	u32 budget;
	u64 *known;
};

const char *vtd_proof_root(const struct vtd_root_entry *entry);
const char *vtd_proof_context(struct vtd_proof *proof, const u64 word[2],
			      struct vtd_image *image);

#endif /* VTD_CONTEXT_PROOF_H */

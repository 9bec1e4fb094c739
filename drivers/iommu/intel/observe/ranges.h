/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Page tables as a list of ranges, a bounded piece at a time.  Pure.  Others
 * may map and unmap meanwhile, as long as no table is freed while a call runs.
 */
#ifndef VTD_OBSERVE_RANGES_H
#define VTD_OBSERVE_RANGES_H

#include <linux/types.h>

#include "pgtable/pgtable.h"

/**
 * struct vtd_range - neighbouring leaves that lead to neighbouring memory
 * @iova: first address of the device
 * @phys: where it leads
 * @size: bytes, 0 for no range
 * @prot: VTD_PT_*
 * @level: of all leaves, 1 .. 3
 */
struct vtd_range {
	u64 iova;
	u64 phys;
	u64 size;
	u32 prot;
	u8 level;
};

/**
 * struct vtd_ranges - where a walk is
 * @pt: tables
 * @at: next address to look at
 * @open: range that may still grow
 * @done: nothing is left to look at; @open may hold the last range
 */
struct vtd_ranges {
	const struct vtd_pgtable *pt;
	u64 at;
	struct vtd_range open;
	bool done;
};

void vtd_ranges_begin(struct vtd_ranges *walk, const struct vtd_pgtable *pt);
bool vtd_ranges_next(struct vtd_ranges *walk, unsigned int steps,
		     struct vtd_range *range);

#endif /* VTD_OBSERVE_RANGES_H */

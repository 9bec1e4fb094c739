/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Leaves of page tables, one after the other.  Pure.  Others may map and unmap
 * meanwhile, as long as no table is freed while a call runs.
 */
#ifndef VTD_OBSERVE_LEAF_H
#define VTD_OBSERVE_LEAF_H

#include <linux/types.h>

#include "pgtable/pgtable.h"

/* Levels that tables may have */
#define VTD_LEAF_LEVELS	5u

/**
 * struct vtd_leaf - a leaf with all entries that lead to it
 * @iova: first address that it is for
 * @level: of the leaf, 1 .. 3, 0 for none
 * @entry: by level, as they are in memory; 0 where the way has none
 */
struct vtd_leaf {
	u64 iova;
	u8 level;
	u64 entry[VTD_LEAF_LEVELS + 1];
};

u64 vtd_leaf_last(const struct vtd_pgtable *pt);
u64 vtd_leaf_look(const struct vtd_pgtable *pt, u64 at, struct vtd_leaf *leaf);
bool vtd_leaf_next(const struct vtd_pgtable *pt, u64 *at, unsigned int steps,
		   struct vtd_leaf *leaf);

#endif /* VTD_OBSERVE_LEAF_H */

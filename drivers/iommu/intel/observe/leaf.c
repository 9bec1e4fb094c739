// SPDX-License-Identifier: GPL-2.0
/* Leaves of page tables, one after the other, a bounded piece at a time.  Pure. */
#include <linux/types.h>

#include "observe/leaf.h"
#include "pgtable/format.h"
#include "pgtable/memory.h"

/* Above 1 GiB nothing is a leaf */
#define LEAF_LEVEL_MAX	3u

/**
 * vtd_leaf_last - the last address that tables can map
 * @pt: tables
 *
 * Context: any.
 */
u64 vtd_leaf_last(const struct vtd_pgtable *pt)
{
	return ~0ull >> (64 - pt->cfg.width);
}

/**
 * vtd_leaf_look - from the root to the leaf for an address, or to where none is
 * @pt: tables
 * @at: the address
 * @leaf: filled
 *
 * Context: any; a load for each level.
 * Return: the last address for which the answer holds.
 */
u64 vtd_leaf_look(const struct vtd_pgtable *pt, u64 at, struct vtd_leaf *leaf)
{
	const struct vtd_pt_format *fmt = vtd_pt_format_of(pt);
	unsigned int level = pt->cfg.levels;
	const u64 *table = pt->root;

	*leaf = (struct vtd_leaf) { };
	for (;; level--) {
		unsigned int shift = vtd_pt_shift(level);
		u64 mask = (1ull << shift) - 1;
		u64 entry = vtd_mem_load(&table[(at >> shift) % VTD_TABLE_ENTRIES]);

		if (!(entry & (fmt->read | fmt->write)))
			return at | mask;
		leaf->entry[level] = entry;
		if (level == 1 || (level <= LEAF_LEVEL_MAX && entry & fmt->large)) {
			leaf->iova = at & ~mask;
			leaf->level = level;
			return at | mask;
		}
		table = vtd_mem_virt(entry & fmt->addr);
	}
}

/**
 * vtd_leaf_next - the next leaf, if it is not too far
 * @pt: tables
 * @at: where to begin; on return behind what was looked at, and above
 *	vtd_leaf_last() when nothing is left
 * @steps: places to look at
 * @leaf: filled if true
 *
 * Context: any; at most @steps walks of a few loads each.
 * Return: true if there is one; false if @steps are used up or all is seen.
 */
bool vtd_leaf_next(const struct vtd_pgtable *pt, u64 *at, unsigned int steps,
		   struct vtd_leaf *leaf)
{
	while (steps-- && *at <= vtd_leaf_last(pt)) {
		*at = vtd_leaf_look(pt, *at, leaf) + 1;
		if (leaf->level)
			return true;
	}
	return false;
}

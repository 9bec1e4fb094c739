// SPDX-License-Identifier: GPL-2.0
/* Page tables as a list of ranges, a bounded piece at a time.  Pure. */
#include <linux/types.h>

#include "observe/ranges.h"
#include "pgtable/format.h"
#include "pgtable/memory.h"

/* Above 1 GiB nothing is a leaf */
#define LEAF_LEVEL_MAX	3u

static u32 prot_of(u64 entry)
{
	return (entry & VTD_SS_R ? VTD_PT_READ : 0) | (entry & VTD_SS_W ? VTD_PT_WRITE : 0) |
	       (entry & VTD_SS_SNP ? VTD_PT_SNOOP : 0);
}

/*
 * From the root to the leaf for @walk->at, or to where there is none.  Returns
 * the last address for which the answer holds.
 */
static u64 look(const struct vtd_ranges *walk, struct vtd_range *leaf)
{
	unsigned int level = walk->pt->cfg.levels;
	const u64 *table = walk->pt->root;

	leaf->size = 0;
	for (;; level--) {
		unsigned int shift = vtd_pt_shift(level);
		u64 mask = (1ull << shift) - 1;
		u64 entry = vtd_mem_load(&table[(walk->at >> shift) % VTD_TABLE_ENTRIES]);

		if (!(entry & (VTD_SS_R | VTD_SS_W)))
			return walk->at | mask;
		if (level == 1 || (level <= LEAF_LEVEL_MAX && entry & VTD_SS_PS)) {
			*leaf = (struct vtd_range) {
				.iova = walk->at & ~mask, .phys = entry & VTD_SS_ADDR & ~mask,
				.size = mask + 1, .prot = prot_of(entry), .level = level,
			};
			return walk->at | mask;
		}
		table = vtd_mem_virt(entry & VTD_SS_ADDR);
	}
}

static bool continues(const struct vtd_range *open, const struct vtd_range *leaf)
{
	return open->level == leaf->level && open->prot == leaf->prot &&
	       open->iova + open->size == leaf->iova && open->phys + open->size == leaf->phys;
}

/**
 * vtd_ranges_begin - start at address 0
 * @walk: initialised
 * @pt: tables; they stay for as long as @walk is used
 *
 * Context: any.
 */
void vtd_ranges_begin(struct vtd_ranges *walk, const struct vtd_pgtable *pt)
{
	*walk = (struct vtd_ranges) {
		.pt = pt,
		.last = ~0ull >> (64 - pt->cfg.width),
	};
}

/**
 * vtd_ranges_next - look at up to so many entries
 * @walk: from vtd_ranges_begin(); advanced
 * @steps: entries to look at
 * @range: filled if true
 *
 * Context: any, see above.  At most @steps walks of a few loads each.
 * Return: true if a range is complete; false if @steps are used up or all is
 * seen (@walk->done), in which case @walk->open is the last range.
 */
bool vtd_ranges_next(struct vtd_ranges *walk, unsigned int steps, struct vtd_range *range)
{
	struct vtd_range leaf;
	u64 end;

	while (steps-- && !walk->done) {
		end = look(walk, &leaf);
		walk->done = end >= walk->last;
		walk->at = end + 1;
		if (!leaf.size)
			continue;
		if (walk->open.size && continues(&walk->open, &leaf)) {
			walk->open.size += leaf.size;
			continue;
		}
		*range = walk->open;
		walk->open = leaf;
		if (range->size)
			return true;
	}
	return false;
}

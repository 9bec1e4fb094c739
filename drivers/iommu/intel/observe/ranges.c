// SPDX-License-Identifier: GPL-2.0
/* Page tables as a list of ranges, a bounded piece at a time.  Pure. */
#include <linux/types.h>

#include "observe/leaf.h"
#include "observe/ranges.h"
#include "pgtable/format.h"

static u32 prot_of(u64 entry)
{
	return (entry & VTD_SS_R ? VTD_PT_READ : 0) | (entry & VTD_SS_W ? VTD_PT_WRITE : 0) |
	       (entry & VTD_SS_SNP ? VTD_PT_SNOOP : 0);
}

static struct vtd_range range_of(const struct vtd_leaf *leaf)
{
	u64 entry = leaf->entry[leaf->level];
	u64 size = 1ull << vtd_pt_shift(leaf->level);

	return (struct vtd_range) {
		.iova = leaf->iova, .phys = entry & VTD_SS_ADDR & ~(size - 1), .size = size,
		.prot = prot_of(entry), .level = leaf->level,
	};
}

static bool continues(const struct vtd_range *open, const struct vtd_range *next)
{
	return open->level == next->level && open->prot == next->prot &&
	       open->iova + open->size == next->iova && open->phys + open->size == next->phys;
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
	*walk = (struct vtd_ranges) { .pt = pt };
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
	struct vtd_range next;
	struct vtd_leaf leaf;
	u64 end;

	while (steps-- && !walk->done) {
		end = vtd_leaf_look(walk->pt, walk->at, &leaf);
		walk->done = end >= vtd_leaf_last(walk->pt);
		walk->at = end + 1;
		if (!leaf.level)
			continue;
		next = range_of(&leaf);
		if (walk->open.size && continues(&walk->open, &next)) {
			walk->open.size += next.size;
			continue;
		}
		*range = walk->open;
		walk->open = next;
		if (range->size)
			return true;
	}
	return false;
}

// SPDX-License-Identifier: GPL-2.0
/* Page tables: what is asked of them, and the engine with second-stage entries. */
#include <linux/errno.h>
#include <linux/list.h>
#include <linux/types.h>

#include "pgtable/engine.h"
#include "pgtable/first.h"

/**
 * vtd_pt_init - make a set of tables with nothing in it
 * @pt: to be filled
 * @cfg: its shape, copied
 * @gfp: for the root table
 *
 * Return: 0; -EINVAL for a shape that cannot be; -ENOMEM.
 */
int vtd_pt_init(struct vtd_pgtable *pt, const struct vtd_pt_config *cfg, gfp_t gfp)
{
	if (cfg->levels < 3 || cfg->levels > 5 || cfg->max_leaf < 1 || cfg->max_leaf > 3)
		return -EINVAL;
	/* A unit enters these with as many levels as a processor does (section 9.7) */
	if (cfg->first_stage && cfg->levels < 4)
		return -EINVAL;
	if (cfg->width <= VTD_PAGE_SHIFT || cfg->width > vtd_pt_shift(cfg->levels + 1))
		return -EINVAL;

	pt->cfg = *cfg;
	pt->root = vtd_mem_alloc(cfg->node, gfp);
	if (!pt->root)
		return -ENOMEM;
	if (!cfg->coherent) {
		vtd_mem_flush(pt->root, VTD_TABLE_ENTRIES);
		vtd_mem_fence();
	}
	return 0;
}

/**
 * vtd_pt_exit - free all tables
 * @pt: set of tables that no unit walks any more, in memory or in a cache
 */
void vtd_pt_exit(struct vtd_pgtable *pt)
{
	LIST_HEAD(retired);

	if (!pt->root)
		return;
	pt_retire(vtd_pt_format_of(pt), vtd_mem_phys(pt->root),
		  vtd_pt_shift(pt->cfg.levels), &retired);
	pt->root = NULL;
	vtd_mem_free_retired(&retired);
}

/**
 * vtd_pt_map - map a range, with the largest leaves that fit
 * @pt: where
 * @iova: first address, a multiple of 4 KiB
 * @phys: what it shall translate to, a multiple of 4 KiB
 * @size: in bytes, a multiple of 4 KiB, not 0
 * @prot: VTD_PT_*, at least one of READ and WRITE; first-stage leaves can be read
 *	wherever they can be written, and say nothing of SNOOP
 * @gfp: for tables; decides whether this may sleep
 * @mapped: how much was mapped, also on error: the caller unmaps that much
 * @change: @change->tables_freed is set if empty tables had to make way for
 *	large leaves: the caller must flush then, even for a unit that does not
 *	cache what is not present
 *
 * On return the leaves are where units can see them.  See pgtable.h for what
 * may run side by side.
 *
 * Return: 0; -EINVAL (alignment, permissions); -ERANGE (beyond the width, or
 * beyond 52 bits of physical address); -EADDRINUSE when something is mapped
 * there; -ENOMEM.
 */
int vtd_pt_map(struct vtd_pgtable *pt, u64 iova, u64 phys, u64 size, u32 prot,
	       gfp_t gfp, u64 *mapped, struct vtd_pt_change *change)
{
	if (pt->cfg.first_stage)
		return vtd_pt_map_first(pt, iova, phys, size, prot, gfp, mapped, change);
	return vtd_pt_map_second(pt, iova, phys, size, prot, gfp, mapped, change);
}

/**
 * vtd_pt_map_second - vtd_pt_map() for who knows that they are second-stage tables
 * @pt: as there
 * @iova: as there
 * @phys: as there
 * @size: as there
 * @prot: as there
 * @gfp: as there
 * @mapped: as there
 * @change: as there
 */
int vtd_pt_map_second(struct vtd_pgtable *pt, u64 iova, u64 phys, u64 size, u32 prot,
		      gfp_t gfp, u64 *mapped, struct vtd_pt_change *change)
{
	return pt_map_range(&vtd_pt_second_stage, pt, iova, phys, size, prot, gfp, mapped,
			    change);
}

/**
 * vtd_pt_unmap - clear all leaves that start in a range
 * @pt: where
 * @iova: first address, a multiple of 4 KiB
 * @size: in bytes, a multiple of 4 KiB, not 0
 * @change: gets the tables that lie wholly in the range
 *
 * Leaves are never split.  One that starts in the range and reaches beyond its
 * end is cleared whole, and counted whole: iommu_unmap() and its callers (VFIO
 * probes for large pages that way) accept more than they asked for.  Where the
 * range starts inside a leaf the call ends: clearing it would take away
 * addresses before @iova that the caller never named.  Holes are skipped.
 *
 * On return no unit can load a cleared entry from memory.  The range to flush
 * is @iova and the length returned.
 *
 * Return: how far from @iova it came, so that nothing is mapped in between:
 * @size or more, or less when the way was barred by a leaf as above; 0, on which
 * iommu_unmap() stops, when nothing was found or the range cannot be.
 */
u64 vtd_pt_unmap(struct vtd_pgtable *pt, u64 iova, u64 size,
		 struct vtd_pt_change *change)
{
	if (pt->cfg.first_stage)
		return vtd_pt_unmap_first(pt, iova, size, change);
	return vtd_pt_unmap_second(pt, iova, size, change);
}

/**
 * vtd_pt_unmap_second - vtd_pt_unmap() for who knows that they are second-stage tables
 * @pt: as there
 * @iova: as there
 * @size: as there
 * @change: as there
 */
u64 vtd_pt_unmap_second(struct vtd_pgtable *pt, u64 iova, u64 size,
			struct vtd_pt_change *change)
{
	if (unlikely(pt_check_range(pt, iova, size)))
		return 0;
	return pt_unmap(&vtd_pt_second_stage, pt, iova, size, change);
}

static __always_inline bool pt_lookup(const struct vtd_pt_format *fmt,
				      const struct vtd_pgtable *pt, u64 iova,
				      struct vtd_pt_leaf *leaf)
{
	unsigned int shift = VTD_PAGE_SHIFT;
	u64 value, offset;

	if (iova >> pt->cfg.width)
		return false;
	pt_walk(fmt, pt, iova, &shift, &value, NULL);
	if (!value)
		return false;

	offset = iova & ((1ull << shift) - 1);
	leaf->phys = (value & fmt->addr) | offset;
	leaf->level = (shift - VTD_PAGE_SHIFT) / VTD_LEVEL_BITS + 1;
	leaf->prot = 0;
	if (value & fmt->read)
		leaf->prot |= VTD_PT_READ;
	if (value & fmt->write)
		leaf->prot |= VTD_PT_WRITE;
	if (value & fmt->snoop)
		leaf->prot |= VTD_PT_SNOOP;
	return true;
}

/**
 * vtd_pt_lookup - what an address translates to
 * @pt: where
 * @iova: any address
 * @leaf: filled when something is mapped there
 *
 * May run beside anything but an unmap of @iova whose tables are freed.
 *
 * Return: whether something is.
 */
bool vtd_pt_lookup(const struct vtd_pgtable *pt, u64 iova, struct vtd_pt_leaf *leaf)
{
	/* The core looks each page up that it unmaps: the format is a constant here, too */
	if (pt->cfg.first_stage)
		return pt_lookup(&vtd_pt_first_stage, pt, iova, leaf);
	return pt_lookup(&vtd_pt_second_stage, pt, iova, leaf);
}

/* Was this leaf written through?  Its bit is another's to set at any moment */
static bool pt_dirty(const struct vtd_pt_format *fmt, u64 *entry, bool clear)
{
	u64 value = vtd_mem_load(entry);

	if (likely(!(value & fmt->dirty)))
		return false;
	return !clear || (vtd_mem_take(entry, fmt->dirty) & fmt->dirty);
}

/**
 * vtd_pt_dirty - what of a range was written through
 * @pt: where; walks of units are coherent, else what they set is not seen
 * @iova: first address, a multiple of 4 KiB
 * @size: in bytes, a multiple of 4 KiB, not 0; nobody unmaps in the range meanwhile
 * @clear: take the bits away: until its caches were flushed a unit need not set them
 *	again
 * @report: called for each leaf, with what of it lies in the range
 * @data: for @report
 *
 * A bit that is set between the look and the taking away is reported, never lost.  A
 * leaf that reaches out of the range keeps its bit: who asks for the rest has to be
 * told, too.
 */
void vtd_pt_dirty(struct vtd_pgtable *pt, u64 iova, u64 size, bool clear,
		  void (*report)(void *data, u64 iova, u64 size), void *data)
{
	const struct vtd_pt_format *fmt = vtd_pt_format_of(pt);
	const u64 end = iova + size;

	if (pt_check_range(pt, iova, size))
		return;
	while (iova < end) {
		unsigned int shift = VTD_PAGE_SHIFT;
		u64 value, inside, next, *entry = pt_walk(fmt, pt, iova, &shift, &value, NULL);
		unsigned int count = min_t(u64, (end - iova) >> shift, pt_left(iova, shift));
		bool whole;

		inside = (1ull << shift) - 1;
		if (shift == VTD_PAGE_SHIFT) {
			for (; count; count--, entry++, iova += inside + 1)
				if (pt_dirty(fmt, entry, clear))
					report(data, iova, inside + 1);
			continue;
		}
		/* What ended the walk early is a leaf, or nothing */
		next = min((iova | inside) + 1, end);
		whole = next - iova > inside;
		if (value && pt_dirty(fmt, entry, clear && whole))
			report(data, iova, next - iova);
		iova = next;
	}
}

/**
 * vtd_pt_root_for - the root table's physical address, for SSPTPTR or FSPTPTR
 * @pt: which tables; constant from vtd_pt_init() to vtd_pt_exit()
 *
 * Return: a multiple of 4 KiB.
 */
u64 vtd_pt_root_for(const struct vtd_pgtable *pt)
{
	return vtd_mem_phys(pt->root);
}

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The page-table engine: one walker, one pass a call, no lock.  Included by one file for
 * each format, which is a constant there.
 *
 * A call works in runs: neighbouring entries of one table, all leaves of one
 * size.  It walks from the root once a run.  A table is exactly as long as the
 * next larger leaf, so the choice of leaf size need only be made again where a
 * run ends.
 *
 * What a unit may see.  An entry is stored whole and is right from the moment
 * it is stored; it may reach memory at any time, flushed or not.  So all that
 * an entry leads to must be in memory before the entry is stored:
 *
 *	zero the table, flush it, link it by a locked exchange (which waits for
 *	the flushes), flush the link, mark it as synced by another exchange
 *
 * and a call returns after its own leaves, and every link on the way to them,
 * were flushed and fenced.  A mapper that meets a link without that mark
 * has overtaken the one who made it and flushes the link as well.  Where walks
 * are coherent links are born with it and nothing is flushed.
 *
 * What is unlinked is not freed here: see struct vtd_pt_change.
 */
#ifndef VTD_PGTABLE_ENGINE_H
#define VTD_PGTABLE_ENGINE_H

#include <linux/bits.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/types.h>

#include "pgtable/format.h"
#include "pgtable/memory.h"
#include "pgtable/pgtable.h"

#define PT_ALIGN_MASK	(VTD_PAGE_SIZE - 1)
#define PT_INDEX_MASK	(VTD_TABLE_ENTRIES - 1)

/* The bit that tells the two kinds of entry apart means nothing at level 1 */
static __always_inline bool pt_is_link(const struct vtd_pt_format *fmt, u64 entry,
				       unsigned int shift)
{
	return shift != VTD_PAGE_SHIFT && (entry & (fmt->link | fmt->large)) == fmt->link;
}

/* Entries from the one for @iova to the end of its table */
static __always_inline unsigned int pt_left(u64 iova, unsigned int shift)
{
	return VTD_TABLE_ENTRIES - ((iova >> shift) & PT_INDEX_MASK);
}

/*
 * The shift of the largest block, of a level up to @max, that starts at an
 * address with the alignment of @align and is not longer than @size.
 */
static __always_inline unsigned int pt_fit(u64 align, u64 size, unsigned int max)
{
	unsigned int shift = VTD_PAGE_SHIFT;

	while (--max) {
		u64 span = 1ull << (shift + VTD_LEVEL_BITS);

		if ((align & (span - 1)) || size < span)
			break;
		shift += VTD_LEVEL_BITS;
	}
	return shift;
}

/* Both ends lie below 2^width and on page boundaries, and there is something */
static __always_inline int pt_check_range(const struct vtd_pgtable *pt, u64 iova, u64 size)
{
	u64 last = iova + size - 1;

	if (((iova | size) & PT_ALIGN_MASK) || !size)
		return -EINVAL;
	if (last < iova || last >> pt->cfg.width)
		return -ERANGE;
	return 0;
}

/*
 * The way on from an @entry (that was read as @value) that is no link in
 * memory: nothing yet, a link that someone else is about to flush, or a leaf.
 */
static noinline __maybe_unused
u64 *pt_extend(const struct vtd_pt_format *fmt, const struct vtd_pgtable *pt, u64 *entry,
	       u64 value, gfp_t gfp)
{
	u64 link, *table;

	if (!value) {
		table = vtd_mem_alloc(pt->cfg.node, gfp);
		if (!table)
			return ERR_PTR(-ENOMEM);
		link = vtd_mem_phys(table) | fmt->link;
		if (pt->cfg.coherent)
			link |= fmt->synced;
		else
			vtd_mem_flush(table, VTD_TABLE_ENTRIES);
		if (vtd_mem_exchange(entry, &value, link)) {
			if (!pt->cfg.coherent) {
				vtd_mem_flush(entry, 1);
				vtd_mem_exchange(entry, &link, link | fmt->synced);
			}
			return table;
		}
		vtd_mem_free(table);
	}
	if (value & fmt->large)
		return ERR_PTR(-EADDRINUSE);
	if (!(value & fmt->synced))
		vtd_mem_flush(entry, 1);
	return vtd_mem_virt(value & fmt->addr);
}

/*
 * The entry for @iova in the table of *@shift.  With @gfp missing tables are
 * made, and a leaf on the way is -EADDRINUSE.  Without, the walk ends early at
 * an entry that leads no further, and *@shift says where.
 *
 * *@read, if asked for, is what the entry was when the walk ended there.  Who has
 * no claim on all that the entry covers must go by this and not read again: what
 * was nothing may be somebody else's table by now.
 */
static __always_inline u64 *pt_walk(const struct vtd_pt_format *fmt,
				    const struct vtd_pgtable *pt, u64 iova,
				    unsigned int *shift, u64 *read, const gfp_t *gfp)
{
	unsigned int at = vtd_pt_shift(pt->cfg.levels);
	u64 *table = pt->root;

	for (;;) {
		u64 *entry = &table[(iova >> at) & PT_INDEX_MASK];
		u64 value, next;

		if (at == *shift) {
			if (read)
				*read = vtd_mem_load(entry);
			return entry;
		}
		value = vtd_mem_load(entry);
		next = value - (fmt->link | fmt->synced);
		if (likely(!(next & ~fmt->addr))) {
			/* A link and nothing but: what is left is its address */
			table = vtd_mem_virt(next);
		} else if (gfp) {
			table = pt_extend(fmt, pt, entry, value, *gfp);
			if (IS_ERR(table))
				return table;
		} else if (pt_is_link(fmt, value, at)) {
			table = vtd_mem_virt(value & fmt->addr);
		} else {
			*shift = at;
			*read = value;
			return entry;
		}
		at -= VTD_LEVEL_BITS;
	}
}

/* Put a table and all below it on the list; whoever calls unlinked it */
static __maybe_unused
void pt_retire(const struct vtd_pt_format *fmt, u64 phys, unsigned int shift,
	       struct list_head *retired)
{
	const u64 *at = vtd_mem_virt(phys), *end = at + VTD_TABLE_ENTRIES;

	vtd_mem_retire(phys, retired);
	if (shift == VTD_PAGE_SHIFT)
		return;
	/* Most tables hold leaves or nothing; four steps at once halve the search */
	for (; at != end; at += 4) {
		unsigned int i;

		if (likely(!(pt_is_link(fmt, vtd_mem_load(&at[0]), shift) ||
			     pt_is_link(fmt, vtd_mem_load(&at[1]), shift) ||
			     pt_is_link(fmt, vtd_mem_load(&at[2]), shift) ||
			     pt_is_link(fmt, vtd_mem_load(&at[3]), shift))))
			continue;
		for (i = 0; i < 4; i++) {
			u64 value = vtd_mem_load(&at[i]);

			if (pt_is_link(fmt, value, shift))
				pt_retire(fmt, value & fmt->addr, shift - VTD_LEVEL_BITS,
					  retired);
		}
	}
}

/* No leaf in a table nor in any below it */
static __maybe_unused
bool pt_empty(const struct vtd_pt_format *fmt, const u64 *table, unsigned int shift)
{
	unsigned int i;

	for (i = 0; i < VTD_TABLE_ENTRIES; i++) {
		u64 value = vtd_mem_load(&table[i]);

		if (!value)
			continue;
		if (!pt_is_link(fmt, value, shift) ||
		    !pt_empty(fmt, vtd_mem_virt(value & fmt->addr), shift - VTD_LEVEL_BITS))
			return false;
	}
	return true;
}

/*
 * A run met an @entry that is taken.  If all it leads to is tables that earlier
 * unmaps left empty, they make way.
 */
static noinline __maybe_unused
int pt_make_way(const struct vtd_pt_format *fmt, u64 *entry, unsigned int shift,
		struct vtd_pt_change *change)
{
	u64 value = vtd_mem_load(entry);
	u64 phys = value & fmt->addr;

	if (!pt_is_link(fmt, value, shift) ||
	    !pt_empty(fmt, vtd_mem_virt(phys), shift - VTD_LEVEL_BITS))
		return -EADDRINUSE;

	vtd_mem_store(entry, 0);
	pt_retire(fmt, phys, shift - VTD_LEVEL_BITS, change->retired);
	change->tables_freed = true;
	return 0;
}

/* Store up to @count leaves; returns how many, fewer when an entry is taken */
static __always_inline unsigned int pt_fill(u64 *entry, unsigned int count,
					    u64 value, u64 step)
{
	u64 *at = entry, *end = entry + count;

	do {
		if (unlikely(vtd_mem_load(at)))
			break;
		vtd_mem_store(at, value);
		value += step;
	} while (++at != end);
	return at - entry;
}

/* pt_map() for one page, which is what most callers want: no run, no choice */
static __always_inline int pt_map_page(const struct vtd_pt_format *fmt,
				       struct vtd_pgtable *pt, u64 iova, u64 leaf,
				       gfp_t gfp, u64 *mapped)
{
	unsigned int shift = VTD_PAGE_SHIFT;
	u64 *entry = pt_walk(fmt, pt, iova, &shift, NULL, &gfp);

	if (IS_ERR(entry))
		return PTR_ERR(entry);
	if (unlikely(vtd_mem_load(entry)))
		return -EADDRINUSE;
	vtd_mem_store(entry, leaf);
	if (!pt->cfg.coherent) {
		vtd_mem_flush(entry, 1);
		vtd_mem_fence();
	}
	*mapped = VTD_PAGE_SIZE;
	return 0;
}

static __always_inline int pt_map(const struct vtd_pt_format *fmt, struct vtd_pgtable *pt,
				  u64 iova, u64 phys, u64 size, u64 bits, gfp_t gfp,
				  u64 *mapped, struct vtd_pt_change *change)
{
	const bool coherent = pt->cfg.coherent;
	const u64 end = iova + size;
	const u64 start = iova;
	int ret = 0;

	do {
		unsigned int shift = pt_fit(iova | phys, end - iova, pt->cfg.max_leaf);
		u64 leaf = phys | bits | (shift != VTD_PAGE_SHIFT ? fmt->large : 0);
		u64 *entry = pt_walk(fmt, pt, iova, &shift, NULL, &gfp);
		unsigned int count, done;

		if (IS_ERR(entry)) {
			ret = PTR_ERR(entry);
			break;
		}
		count = min_t(u64, (end - iova) >> shift, pt_left(iova, shift));
		done = pt_fill(entry, count, leaf, 1ull << shift);
		if (!coherent)
			vtd_mem_flush(entry, done);
		iova += (u64)done << shift;
		phys += (u64)done << shift;
		if (unlikely(done != count)) {
			ret = pt_make_way(fmt, entry + done, shift, change);
			if (ret)
				break;
		}
	} while (iova != end);

	if (!coherent)
		vtd_mem_fence();
	*mapped = iova - start;
	return ret;
}

/*
 * Clear @count entries that lie wholly in an unmapped range, and retire what
 * hangs below them.  Returns whether there was anything.
 */
static __always_inline bool pt_clear(const struct vtd_pt_format *fmt, u64 *entry,
				     unsigned int count, unsigned int shift,
				     struct vtd_pt_change *change)
{
	u64 *end = entry + count;
	u64 found = 0;

	if (shift == VTD_PAGE_SHIFT) {
		do {
			found |= vtd_mem_load(entry);
			vtd_mem_store(entry, 0);
		} while (++entry != end);
		return found;
	}
	do {
		u64 value = vtd_mem_load(entry);

		if (!value)
			continue;
		found |= value;
		vtd_mem_store(entry, 0);
		if (!pt_is_link(fmt, value, shift))
			continue;
		change->tables_freed = true;
		if (shift == VTD_PAGE_SHIFT + VTD_LEVEL_BITS)
			vtd_mem_retire(value & fmt->addr, change->retired);
		else
			pt_retire(fmt, value & fmt->addr, shift - VTD_LEVEL_BITS,
				  change->retired);
	} while (++entry != end);
	return found;
}

static __always_inline u64 pt_unmap(const struct vtd_pt_format *fmt, struct vtd_pgtable *pt,
				    u64 iova, u64 size, struct vtd_pt_change *change)
{
	const bool coherent = pt->cfg.coherent;
	const u64 end = iova + size;
	const u64 start = iova;
	bool found = false;

	do {
		unsigned int fit = pt_fit(iova, end - iova, pt->cfg.levels);
		unsigned int count = 1, shift = fit;
		u64 value, *entry = pt_walk(fmt, pt, iova, &shift, &value, NULL);
		bool cleared = true;

		if (likely(shift == fit)) {
			count = min_t(u64, (end - iova) >> shift, pt_left(iova, shift));
			cleared = pt_clear(fmt, entry, count, shift, change);
		} else {
			u64 inside = (1ull << shift) - 1;
			u64 next = (iova | inside) + 1;

			if (!value) {
				iova = min(next, end);
				continue;
			}
			/* A leaf, as it is no link; one that began earlier stays */
			if (iova & inside)
				break;
			vtd_mem_store(entry, 0);
		}
		if (cleared) {
			found = true;
			if (!coherent)
				vtd_mem_flush(entry, count);
		}
		iova += (u64)count << shift;
	} while (iova < end);

	if (!found)
		return 0;
	if (!coherent)
		vtd_mem_fence();
	return iova - start;
}

/* The bits of a leaf; 0 for permissions that make none */
static __always_inline u64 pt_bits(const struct vtd_pt_format *fmt, u32 prot)
{
	u64 bits = fmt->leaf;

	if (unlikely(!(prot & (VTD_PT_READ | VTD_PT_WRITE)) ||
		     (prot & ~(VTD_PT_READ | VTD_PT_WRITE | VTD_PT_SNOOP))))
		return 0;
	if (prot & VTD_PT_READ)
		bits |= fmt->read;
	if (prot & VTD_PT_WRITE)
		bits |= fmt->write;
	if (prot & VTD_PT_SNOOP)
		bits |= fmt->snoop;
	return bits;
}

/* vtd_pt_map() in one format */
static __always_inline int pt_map_range(const struct vtd_pt_format *fmt,
					struct vtd_pgtable *pt, u64 iova, u64 phys, u64 size,
					u32 prot, gfp_t gfp, u64 *mapped,
					struct vtd_pt_change *change)
{
	u64 bits = pt_bits(fmt, prot);
	int ret;

	*mapped = 0;
	ret = pt_check_range(pt, iova, size);
	if (unlikely(ret))
		return ret;
	if (unlikely((phys & PT_ALIGN_MASK) || !bits))
		return -EINVAL;
	if (unlikely((phys | (phys + size - 1)) & ~(fmt->addr | PT_ALIGN_MASK)))
		return -ERANGE;
	if (size == VTD_PAGE_SIZE)
		return pt_map_page(fmt, pt, iova, phys | bits, gfp, mapped);
	return pt_map(fmt, pt, iova, phys, size, bits, gfp, mapped, change);
}

#endif /* VTD_PGTABLE_ENGINE_H */

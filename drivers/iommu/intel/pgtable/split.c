// SPDX-License-Identifier: GPL-2.0
/*
 * A large leaf in parts, so that one of them can be unmapped without the others.
 * Pure.
 *
 * The table is complete, and in memory, before it takes the place of the leaf in one
 * store: whoever walks finds the same translation at any moment.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/types.h>

#include "pgtable/format.h"
#include "pgtable/memory.h"
#include "pgtable/split.h"

/* Leaves for what the leaf @value of @level covers */
static void split_fill(const struct vtd_pgtable *pt, u64 *table, u64 value,
		       unsigned int level)
{
	const u64 step = 1ull << vtd_pt_shift(level - 1);
	unsigned int i;

	/* What makes a leaf of an entry above level 1 means nothing at level 1 */
	if (level == 2)
		value &= ~vtd_pt_format_of(pt)->large;
	for (i = 0; i < VTD_TABLE_ENTRIES; i++)
		vtd_mem_store(&table[i], value + i * step);
	if (!pt->cfg.coherent)
		vtd_mem_flush(table, VTD_TABLE_ENTRIES);
}

/* Puts a table in place of the leaf *@entry, as pt_extend() links one */
static int split_leaf(struct vtd_pgtable *pt, u64 *entry, u64 value, unsigned int level,
		      gfp_t gfp)
{
	const struct vtd_pt_format *fmt = vtd_pt_format_of(pt);
	u64 seen = value, link, *table = vtd_mem_alloc(pt->cfg.node, gfp);

	if (!table)
		return -ENOMEM;
	split_fill(pt, table, value, level);
	link = vtd_mem_phys(table) | fmt->link;
	if (pt->cfg.coherent)
		link |= fmt->synced;
	/* The unit sets A and D meanwhile, and sets each once */
	while (!vtd_mem_exchange(entry, &seen, link)) {
		if ((seen ^ value) & ~(fmt->accessed | fmt->dirty)) {
			vtd_mem_free(table);
			return -EAGAIN;
		}
		value = seen;
		split_fill(pt, table, value, level);
	}
	if (!pt->cfg.coherent) {
		vtd_mem_flush(entry, 1);
		vtd_mem_exchange(entry, &link, link | fmt->synced);
	}
	return 0;
}

/**
 * vtd_pt_split - see to it that no leaf reaches across an address
 * @pt: where
 * @at: the address, a multiple of 4 KiB
 * @gfp: for tables
 * @size: how much around @at, to multiples of itself, the caller has to flush, not
 *	leaves only: caches may hold the large leaf, and would go on with that when a
 *	part of it is unmapped; 0 when nothing was split.  Also on error
 *
 * Context: any that @gfp allows; nobody else maps or unmaps in the leaf.
 *
 * Return: 0; -ENOMEM: then a leaf does reach across; -EAGAIN if somebody else changed
 * it, against the above.
 */
int vtd_pt_split(struct vtd_pgtable *pt, u64 at, gfp_t gfp, u64 *size)
{
	const struct vtd_pt_format *fmt = vtd_pt_format_of(pt);
	unsigned int level = pt->cfg.levels;
	u64 value, *entry, *table = pt->root;
	int ret;

	*size = 0;
	if (at >> pt->cfg.width)
		return 0;
	/* What begins there does not reach across */
	for (; level > 1 && (at & ((1ull << vtd_pt_shift(level)) - 1)); level--) {
		entry = &table[(at >> vtd_pt_shift(level)) % VTD_TABLE_ENTRIES];
		value = vtd_mem_load(entry);
		if (!value)
			return 0;
		if (value & fmt->large) {
			ret = split_leaf(pt, entry, value, level, gfp);
			if (ret)
				return ret;
			*size = *size ?: 1ull << vtd_pt_shift(level);
			value = vtd_mem_load(entry);
		}
		table = vtd_mem_virt(value & fmt->addr);
	}
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * A range mapped to itself, around what is mapped there already.  Pure.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/types.h>

#include "pgtable/format.h"
#include "pgtable/identity.h"

/* From @at to the end of the leaf that it lies in */
static u64 pt_rest_of(const struct vtd_pt_leaf *leaf, u64 at)
{
	u64 span = 1ull << vtd_pt_shift(leaf->level);

	return span - (at & (span - 1));
}

/**
 * vtd_pt_identity - fill the holes of a range with itself
 * @pt: where
 * @first: first address; from the start of its page on
 * @last: last address, to the end of its page; what no address of @pt reaches is
 *	left out
 * @gfp: for tables
 * @change: as for vtd_pt_map()
 *
 * -EADDRINUSE of vtd_pt_map() does not say that the page at hand is mapped: a large
 * leaf may not fit over a table in use.  So the page itself is asked, and if it is
 * free it is mapped as a small one; behind it large ones get their chance again.
 *
 * Context: any that @gfp allows; nobody else maps or unmaps in the range.
 *
 * Return: 0, with every page of the range mapped; -ENOMEM, and a part of it is.
 */
int vtd_pt_identity(struct vtd_pgtable *pt, u64 first, u64 last, gfp_t gfp,
		    struct vtd_pt_change *change)
{
	const u32 prot = VTD_PT_READ | VTD_PT_WRITE;
	u64 end = (min_t(u64, last, (1ull << pt->cfg.width) - 1) | (VTD_PAGE_SIZE - 1)) + 1;
	u64 at = first & ~(VTD_PAGE_SIZE - 1ull);
	struct vtd_pt_leaf leaf;
	u64 done;
	int ret;

	for (; at < end; at += done) {
		if (vtd_pt_lookup(pt, at, &leaf)) {
			done = pt_rest_of(&leaf, at);
			continue;
		}
		ret = vtd_pt_map(pt, at, at, end - at, prot, gfp, &done, change);
		if (ret == -EADDRINUSE && !done)
			ret = vtd_pt_map(pt, at, at, VTD_PAGE_SIZE, prot, gfp, &done, change);
		/* What was mapped before it came to something in use is progress */
		if (ret && (ret != -EADDRINUSE || !done))
			return ret;
	}
	return 0;
}

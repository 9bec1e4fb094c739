// SPDX-License-Identifier: GPL-2.0
/*
 * Domains to which a unit may still find its way, because it did not flush: the
 * tables and what they led to are never given back.  Whoever owns the memory
 * believes it is free, so what is left is to hold the pages.
 */

#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/mm.h>

#include "../iommu-pages.h"
#include "domain/domain.h"
#include "domain/stale.h"
#include "hw/entries.h"

static u64 stale_leaf_end(u64 iova, const struct vtd_pt_leaf *leaf)
{
	u64 size = 1ull << (VTD_PAGE_SHIFT + (leaf->level - 1) * VTD_LEVEL_BITS);

	return (iova | (size - 1)) + 1;
}

/* Holds the page behind @phys; returns how many bytes that is good for */
static u64 stale_hold(u64 phys)
{
	struct folio *folio;

	if (!pfn_valid(PHYS_PFN(phys)))
		return VTD_PAGE_SIZE;
	folio = page_folio(pfn_to_page(PHYS_PFN(phys)));
	if (!folio_try_get(folio))
		return VTD_PAGE_SIZE;
	return PFN_PHYS(folio_pfn(folio)) + folio_size(folio) - phys;
}

/**
 * vtd_stale_pages - hold the memory that a range leads to
 * @d: stale domain
 * @iova: first address; what is mapped there is about to be unmapped
 * @size: bytes
 *
 * Context: any.
 */
void vtd_stale_pages(struct dmar_domain *d, u64 iova, u64 size)
{
	struct vtd_pt_leaf leaf;
	u64 at, good;

	for (at = iova; at < iova + size; at += good) {
		good = VTD_PAGE_SIZE;
		if (vtd_pt_lookup(&d->pt, at, &leaf))
			good = min(stale_hold(leaf.phys),
				   stale_leaf_end(at, &leaf) - at);
	}
}

/**
 * vtd_stale_tables - give tables that were unlinked back, or not
 * @d: the domain, flushed as well as that is possible
 * @retired: the tables; empty afterwards
 *
 * Context: any.
 */
void vtd_stale_tables(struct dmar_domain *d, struct list_head *retired)
{
	if (READ_ONCE(d->stale))
		INIT_LIST_HEAD(retired);
	else
		iommu_put_pages_list(retired);
}

/* SPDX-License-Identifier: GPL-2.0 */
/* What a change of a domain's tables means for the caches of its users. */
#ifndef VTD_DOMAIN_FLUSH_H
#define VTD_DOMAIN_FLUSH_H

#include <linux/types.h>

struct dmar_domain;
struct vtd_batch;
struct vtd_caps;

/**
 * struct vtd_flush - which entries changed
 * @first: first address
 * @last: last address, inclusive
 * @leaf: no table was unlinked: paging-structure caches may be kept.  Means nothing
 *	with @absent
 * @absent: entries went from not present to present, links to new tables perhaps
 *	among them
 */
struct vtd_flush {
	u64 first;
	u64 last;
	bool leaf;
	bool absent;
};

/**
 * struct vtd_tag - how the IOTLB of a unit is told of a change of a domain's tables
 * @pages: low word of the descriptor for some pages, to which address, mask and hint are
 *	added
 * @all: low word of the descriptor for all of the domain, or all of one PASID
 * @max_mask: largest address mask of the former
 * @by_page: there is the former
 */
struct vtd_tag {
	u64 pages;
	u64 all;
	u8 max_mask;
	bool by_page;
};

struct vtd_tag vtd_flush_second(const struct vtd_caps *caps, u16 did);
struct vtd_tag vtd_flush_first(const struct vtd_caps *caps, u16 did, u32 pasid);
void vtd_flush_domain(struct dmar_domain *domain, const struct vtd_flush *flush);
void vtd_flush_plan(struct vtd_batch *batch, const struct vtd_tag *tag,
		    const struct vtd_flush *flush);

#endif /* VTD_DOMAIN_FLUSH_H */

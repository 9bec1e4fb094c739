/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What becomes of a requester's requests, in no unit's format.  How an image is
 * written down in memory is the business of the unit's mode (context/mode.h).
 * Header only, pure.
 */
#ifndef VTD_CONTEXT_IMAGE_H
#define VTD_CONTEXT_IMAGE_H

#include <linux/types.h>

/**
 * enum vtd_image_kind - what is done with a request
 * @VTD_IMAGE_BLOCKED: it is refused
 * @VTD_IMAGE_WALK: second-stage tables are walked
 * @VTD_IMAGE_PASS: it goes through as it is
 * @VTD_IMAGE_FIRST: first-stage tables are walked; scalable mode only, as the next
 * @VTD_IMAGE_NESTED: first-stage tables of somebody else are walked, and second-stage
 *	tables say where what they name really is, the tables themselves too
 */
enum vtd_image_kind {
	VTD_IMAGE_BLOCKED,
	VTD_IMAGE_WALK,
	VTD_IMAGE_PASS,
	VTD_IMAGE_FIRST,
	VTD_IMAGE_NESTED,
};

/**
 * struct vtd_image - what becomes of a requester's requests
 * @kind: all others are zero when it is VTD_IMAGE_BLOCKED
 * @dev_tlb: the device may ask for translations (ATS); in legacy mode with
 *	VTD_IMAGE_WALK only
 * @pages: ... and ask for pages; with @dev_tlb in scalable mode only
 * @dirty: the unit says in the tables what was written through them; VTD_IMAGE_WALK in
 *	scalable mode only
 * @tracking: who installs looks here whether it does; NULL: if it does already
 * @pasids: requests with PASID are looked up, each by its own image; scalable mode only
 * @levels: of the second-stage tables, 3 to 5; for VTD_IMAGE_PASS the most that the unit
 *	walks, because AW must name its largest width
 * @fs_levels: of the first-stage tables, 4 or 5
 * @did: domain id, the tag in the caches
 * @tables: physical address of the second-stage tables' top one; VTD_IMAGE_WALK and
 *	VTD_IMAGE_NESTED only
 * @fs_root: address of the first-stage tables' top one: physical for VTD_IMAGE_FIRST, one
 *	that the second stage translates for VTD_IMAGE_NESTED
 */
struct vtd_image {
	enum vtd_image_kind kind;
	bool dev_tlb;
	bool pages;
	bool pasids;
	bool dirty;
	u8 levels;
	u8 fs_levels;
	u16 did;
	u64 tables;
	u64 fs_root;
	const bool *tracking;
};

static inline struct vtd_image vtd_image_blocked(void)
{
	return (struct vtd_image) { };
}

static inline struct vtd_image vtd_image_walk(u64 tables, u8 levels, u16 did, bool dev_tlb)
{
	return (struct vtd_image) {
		.kind = VTD_IMAGE_WALK, .tables = tables, .levels = levels, .did = did,
		.dev_tlb = dev_tlb,
	};
}

static inline struct vtd_image vtd_image_pass(u8 levels, u16 did)
{
	return (struct vtd_image) { .kind = VTD_IMAGE_PASS, .levels = levels, .did = did };
}

/* Tables of this driver or of a process: entries of both have one format */
static inline struct vtd_image vtd_image_first(u64 fs_root, u8 fs_levels, u16 did,
					       bool dev_tlb)
{
	return (struct vtd_image) {
		.kind = VTD_IMAGE_FIRST, .fs_root = fs_root, .fs_levels = fs_levels,
		.did = did, .dev_tlb = dev_tlb,
	};
}

/* Does the unit find its way from it to memory at @root, as the top of tables */
static inline bool vtd_image_leads_to(const struct vtd_image *image, u64 root)
{
	switch (image->kind) {
	case VTD_IMAGE_WALK:
	case VTD_IMAGE_NESTED:
		return image->tables == root;
	case VTD_IMAGE_FIRST:
		return image->fs_root == root;
	default:
		return false;
	}
}

static inline bool vtd_image_same(const struct vtd_image *a, const struct vtd_image *b)
{
	return a->kind == b->kind && a->dev_tlb == b->dev_tlb &&
	       a->pages == b->pages && a->pasids == b->pasids &&
	       a->dirty == b->dirty &&
	       a->levels == b->levels && a->did == b->did && a->tables == b->tables &&
	       a->fs_levels == b->fs_levels && a->fs_root == b->fs_root;
}

#endif /* VTD_CONTEXT_IMAGE_H */

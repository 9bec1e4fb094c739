// SPDX-License-Identifier: GPL-2.0
/*
 * Scalable mode: the context entry leads to PASID tables of the requester's own, and
 * the entry of a PASID says what is translated with what.  Requests without PASID
 * are looked up as PASID 0.
 *
 * A requester that is blocked has no context entry, so its PASIDs are blocked, too.
 * One that goes from one image to another keeps its context entry, and the PASID's
 * entry goes through "not present"; so does that of any other PASID, and nothing else
 * changes then.
 */

#include <linux/mm.h>
#include <linux/string.h>
#include <linux/xarray.h>

#include "context/image.h"
#include "context/mode.h"
#include "context/pasids.h"
#include "context/scalable.h"
#include "context/tables.h"
#include "hw/registers.h"
#include "unit/unit.h"

static int scalable_grow(struct intel_iommu *iommu, u16 rid)
{
	struct xarray *all = &iommu->root->pasids;
	struct vtd_pasids *pasids;
	int ret;

	if (xa_load(all, rid))
		return 0;
	pasids = vtd_pasids_alloc(iommu);
	if (!pasids)
		return -ENOMEM;
	ret = xa_err(xa_store(all, rid, pasids, GFP_KERNEL));
	if (ret)
		vtd_pasids_free(pasids);
	return ret;
}

static void scalable_exit(struct vtd_root *root)
{
	struct vtd_pasids *pasids;
	unsigned long rid;

	xa_for_each(&root->pasids, rid, pasids)
		vtd_pasids_free(pasids);
}

/*
 * What the IOTLB holds by a PASID's entry, of which @word is the first (section 6.5.3.3):
 * first-stage translations are found by PASID, all others by domain id.
 */
static struct vtd_desc scalable_iotlb(struct intel_iommu *iommu, u64 word, u16 did, u32 pasid)
{
	if (FIELD_GET(VTD_PASID_PGTT, word) == VTD_PGTT_FIRST)
		return vtd_desc_piotlb(did, pasid);
	return vtd_desc_iotlb(VTD_INV_DOMAIN, did, iommu->caps.drain);
}

/*
 * Section 6.5.2.1: in scalable mode the domain id of a context entry is ignored.  What
 * was found through it has the domain ids of all its PASIDs.
 */
static struct vtd_flushes scalable_forget(struct intel_iommu *iommu, u16 rid, u16 did)
{
	const struct vtd_pasids *pasids = xa_load(&iommu->root->pasids, rid);
	bool all = pasids && pasids->live;
	const u64 *slot = pasids ? vtd_pasids_slot(pasids, VTD_RID_PASID) : NULL;

	return (struct vtd_flushes) { 3, {
		vtd_desc_context(VTD_INV_SELECTIVE, 0, rid),
		all ? vtd_desc_pasid(VTD_INV_PASID_GLOBAL, 0, 0) :
		      vtd_desc_pasid(VTD_INV_PASID_DOMAIN, did, 0),
		all ? vtd_desc_iotlb(VTD_INV_GLOBAL, 0, iommu->caps.drain) :
		      scalable_iotlb(iommu, slot ? slot[0] : 0, did, VTD_RID_PASID),
	} };
}

static struct vtd_flushes scalable_forget_all(struct intel_iommu *iommu)
{
	return (struct vtd_flushes) { 3, {
		vtd_desc_context(VTD_INV_GLOBAL, 0, 0),
		vtd_desc_pasid(VTD_INV_PASID_GLOBAL, 0, 0),
		vtd_desc_iotlb(VTD_INV_GLOBAL, 0, iommu->caps.drain),
	} };
}

/* After a change of the PASID's @entry only, as it was (section 6.5.3.3) */
static struct vtd_flushes scalable_forget_pasid(struct intel_iommu *iommu, const u64 *entry,
						u32 pasid)
{
	u16 did = FIELD_GET(VTD_PASID_DID, entry[1]);

	return (struct vtd_flushes) { 2, {
		vtd_desc_pasid(VTD_INV_PASID_ONE, did, pasid),
		scalable_iotlb(iommu, entry[0], did, pasid),
	} };
}

/* Absence of a context entry is cached under domain id 0 (section 6.1) */
static int scalable_announce(struct intel_iommu *iommu, u16 rid, const u64 *entry)
{
	u16 did = FIELD_GET(VTD_PASID_DID, entry[1]);

	if (!iommu->caps.caching_mode)
		return vtd_unit_flush_write_buffer(iommu);
	return vtd_tables_flush(iommu, (struct vtd_flushes) { 3, {
		vtd_desc_context(VTD_INV_SELECTIVE, 0, rid),
		vtd_desc_pasid(VTD_INV_PASID_ONE, did, VTD_RID_PASID),
		scalable_iotlb(iommu, entry[0], did, VTD_RID_PASID),
	} });
}

static void scalable_read(struct intel_iommu *iommu, u16 rid, const u64 *entry,
			  struct vtd_image *image)
{
	struct vtd_pasids *pasids = xa_load(&iommu->root->pasids, rid);

	*image = vtd_image_blocked();
	if (pasids)
		vtd_scalable_decode(entry, vtd_pasids_slot(pasids, VTD_RID_PASID), image);
}

static void scalable_words(struct intel_iommu *iommu, u16 rid, struct vtd_context_words *words)
{
	struct vtd_pasids *pasids = xa_load(&iommu->root->pasids, rid);

	if (!pasids)
		return;
	words->pasid = VTD_RID_PASID;
	memcpy(words->entry, vtd_pasids_slot(pasids, VTD_RID_PASID), sizeof(words->entry));
}

/* Both entries before and after: the domain id of the caches is the old PASID's */
static int scalable_store(struct intel_iommu *iommu, u16 rid, u64 *entry,
			  struct vtd_pasids *pasids, const struct vtd_image *image)
{
	u64 context[VTD_SCALABLE_CONTEXT_WORDS], from[VTD_SCALABLE_CONTEXT_WORDS];
	u64 pasid[VTD_SCALABLE_PASID_WORDS], old[VTD_SCALABLE_PASID_WORDS];
	u64 *slot = vtd_pasids_slot(pasids, VTD_RID_PASID);
	bool blocked = image->kind == VTD_IMAGE_BLOCKED;
	u16 did;
	int ret;

	memcpy(from, entry, sizeof(from));
	memcpy(old, slot, sizeof(old));
	did = FIELD_GET(VTD_PASID_DID, old[1]);
	vtd_scalable_context(image, virt_to_phys(pasids->directory), pasids->size, context);
	vtd_scalable_pasid(image, &iommu->caps, pasid);
	context[0] |= from[0] & VTD_SMCTX_FPD;

	/* Out through the context entry, in through the PASID's */
	if (blocked)
		ret = vtd_tables_replace(iommu, entry, from, context, ARRAY_SIZE(context),
					 scalable_forget(iommu, rid, did));
	else
		ret = vtd_tables_replace(iommu, slot, old, pasid, ARRAY_SIZE(pasid),
					 scalable_forget_pasid(iommu, old, VTD_RID_PASID));
	if (ret)
		return ret;
	if (blocked)
		return vtd_tables_replace(iommu, slot, old, pasid, ARRAY_SIZE(pasid),
					  scalable_forget_pasid(iommu, old, VTD_RID_PASID));
	/* What came in between through the new entry has the new tag */
	return vtd_tables_replace(iommu, entry, from, context, ARRAY_SIZE(context),
				  scalable_forget(iommu, rid, image->did));
}

static int scalable_replace(struct intel_iommu *iommu, u16 rid, u64 *entry,
			    const struct vtd_image *image)
{
	struct vtd_pasids *pasids = xa_load(&iommu->root->pasids, rid);
	struct vtd_image old;
	int ret;

	if (!pasids)
		return -ENOENT;
	scalable_read(iommu, rid, entry, &old);
	ret = scalable_store(iommu, rid, entry, pasids, image);
	if (!ret && image->kind != VTD_IMAGE_BLOCKED && !vtd_image_same(&old, image))
		ret = scalable_announce(iommu, rid, vtd_pasids_slot(pasids, VTD_RID_PASID));
	return ret;
}

/*
 * The directory's address and size are in one word: the others of the requester's PASIDs
 * go on through one directory or the other, with the same tables.
 */
static int scalable_enlarge(struct intel_iommu *iommu, u16 rid, struct vtd_pasids *pasids,
			    u32 pasid)
{
	u64 *entry = vtd_tables_slot(iommu, rid);
	struct vtd_pasids larger, old = *pasids;
	int ret = vtd_pasids_copy(iommu, pasids, pasid, &larger);

	if (ret)
		return ret;
	*pasids = larger;
	if (READ_ONCE(*entry) & VTD_SMCTX_P)
		vtd_tables_edit(iommu, entry, VTD_SMCTX_PASIDDIRPTR | VTD_SMCTX_PDTS,
				virt_to_phys(larger.directory) |
				FIELD_PREP(VTD_SMCTX_PDTS, larger.size));
	/* Without P, too: vtd_context_cut() takes that away and leaves the flush to others */
	ret = vtd_tables_forget(iommu, scalable_forget_all(iommu));
	/* Else the unit may still go through it: it is nobody's any more */
	if (!ret)
		vtd_pasids_free_directory(&old);
	return ret;
}

static int scalable_pasid_grow(struct intel_iommu *iommu, u16 rid, u32 pasid)
{
	struct vtd_pasids *pasids = xa_load(&iommu->root->pasids, rid);
	int ret = 0;

	if (!pasids || pasid >= VTD_PASIDS_END)
		return -EINVAL;
	if (!vtd_pasids_reach(pasids, pasid))
		ret = scalable_enlarge(iommu, rid, pasids, pasid);
	return ret ?: vtd_pasids_link(iommu, pasids, pasid);
}

/* Section 6.1: absence of the entry itself is all that can be cached of it */
static int scalable_announce_pasid(struct intel_iommu *iommu, const u64 *entry, u32 pasid)
{
	if (!iommu->caps.caching_mode)
		return vtd_unit_flush_write_buffer(iommu);
	return vtd_tables_flush(iommu, scalable_forget_pasid(iommu, entry, pasid));
}

static int scalable_pasid_replace(struct intel_iommu *iommu, u16 rid, u32 pasid,
				  const struct vtd_image *image)
{
	struct vtd_pasids *pasids = xa_load(&iommu->root->pasids, rid);
	u64 *entry = pasids ? vtd_pasids_slot(pasids, pasid) : NULL;
	u64 from[VTD_SCALABLE_PASID_WORDS], to[VTD_SCALABLE_PASID_WORDS];
	int ret;

	if (!entry)
		return image->kind == VTD_IMAGE_BLOCKED ? 0 : -ENOENT;
	memcpy(from, entry, sizeof(from));
	vtd_scalable_pasid(image, &iommu->caps, to);
	if (!memcmp(from, to, sizeof(from)))
		return 0;
	ret = vtd_tables_replace(iommu, entry, from, to, ARRAY_SIZE(to),
				 scalable_forget_pasid(iommu, from, pasid));
	pasids->live += READ_ONCE(*entry) & VTD_PASID_P;
	pasids->live -= from[0] & VTD_PASID_P;
	if (!ret && image->kind != VTD_IMAGE_BLOCKED)
		ret = scalable_announce_pasid(iommu, to, pasid);
	return ret;
}

static bool scalable_pasid_next(struct intel_iommu *iommu, u16 rid, u32 *pasid,
				struct vtd_image *image)
{
	const u64 context[VTD_SCALABLE_CONTEXT_WORDS] = { VTD_SMCTX_P };
	const struct vtd_pasids *pasids = xa_load(&iommu->root->pasids, rid);

	*pasid = pasids ? vtd_pasids_next(pasids, *pasid) : VTD_PASIDS_END;
	if (*pasid == VTD_PASIDS_END)
		return false;
	vtd_scalable_decode(context, vtd_pasids_slot(pasids, *pasid), image);
	return true;
}

const struct vtd_mode vtd_scalable_mode = {
	.ttm = VTD_TTM_SCALABLE,
	.words = VTD_SCALABLE_CONTEXT_WORDS,
	.tlb_mask = VTD_SMCTX_DTE,
	.tlb = VTD_SMCTX_DTE,
	.pages = VTD_SMCTX_PRE,
	.grow = scalable_grow,
	.exit = scalable_exit,
	.replace = scalable_replace,
	.read = scalable_read,
	.words_below = scalable_words,
	.pasid_grow = scalable_pasid_grow,
	.pasid_replace = scalable_pasid_replace,
	.pasid_next = scalable_pasid_next,
	.forget = scalable_forget,
	.forget_all = scalable_forget_all,
};

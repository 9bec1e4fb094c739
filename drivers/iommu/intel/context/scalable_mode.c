// SPDX-License-Identifier: GPL-2.0
/*
 * Scalable mode: the context entry leads to PASID tables of the requester's own, and
 * the entry of a PASID says what is translated with what.  Requests without PASID
 * are looked up as PASID 0, the only one in use so far.
 *
 * A requester that is blocked has no context entry.  One that goes from one image to
 * another keeps its context entry, and the PASID's entry goes through "not present".
 */

#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/xarray.h>

#include "context/image.h"
#include "context/mode.h"
#include "context/scalable.h"
#include "context/tables.h"
#include "core/core.h"
#include "hw/registers.h"
#include "unit/unit.h"

#define RID_PASID	0

/**
 * struct vtd_pasids - PASID tables of one requester id, made with its context table
 * @directory: a page, of which the smallest directory uses 1 KiB; its first entry is
 *	linked
 * @table: the page with the entries of PASIDs 0 to 63
 */
struct vtd_pasids {
	u64 *directory;
	u64 *table;
};

static void pasids_free(struct vtd_pasids *pasids)
{
	vtd_core_free(pasids->table, 0);
	vtd_core_free(pasids->directory, 0);
	kfree(pasids);
}

static struct vtd_pasids *pasids_alloc(struct intel_iommu *iommu)
{
	struct vtd_pasids *pasids = kzalloc(sizeof(*pasids), GFP_KERNEL);

	if (!pasids)
		return NULL;
	pasids->directory = vtd_core_alloc(iommu->node, GFP_KERNEL, 0);
	pasids->table = vtd_core_alloc(iommu->node, GFP_KERNEL, 0);
	if (!pasids->directory || !pasids->table) {
		pasids_free(pasids);
		return NULL;
	}
	/* Nobody leads there yet, so once at the end will do */
	pasids->directory[0] = virt_to_phys(pasids->table) | VTD_PASIDDIR_P;
	vtd_tables_publish(iommu, pasids->table, VTD_PAGE_SIZE);
	vtd_tables_publish(iommu, pasids->directory, VTD_PAGE_SIZE);
	return pasids;
}

static int scalable_grow(struct intel_iommu *iommu, u16 rid)
{
	struct xarray *all = &iommu->root->pasids;
	struct vtd_pasids *pasids;
	int ret;

	if (xa_load(all, rid))
		return 0;
	pasids = pasids_alloc(iommu);
	if (!pasids)
		return -ENOMEM;
	ret = xa_err(xa_store(all, rid, pasids, GFP_KERNEL));
	if (ret)
		pasids_free(pasids);
	return ret;
}

static void scalable_exit(struct vtd_root *root)
{
	struct vtd_pasids *pasids;
	unsigned long rid;

	xa_for_each(&root->pasids, rid, pasids)
		pasids_free(pasids);
}

/* Section 6.5.2.1: in scalable mode the domain id of a context entry is ignored */
static struct vtd_flushes scalable_forget(struct intel_iommu *iommu, u16 rid, u16 did)
{
	return (struct vtd_flushes) { 3, {
		vtd_desc_context(VTD_INV_SELECTIVE, 0, rid),
		vtd_desc_pasid(VTD_INV_PASID_DOMAIN, did, 0),
		vtd_desc_iotlb(VTD_INV_DOMAIN, did, iommu->caps.drain),
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

/* After a change of the PASID's entry only (section 6.5.3.3) */
static struct vtd_flushes scalable_forget_pasid(struct intel_iommu *iommu, u16 did)
{
	return (struct vtd_flushes) { 2, {
		vtd_desc_pasid(VTD_INV_PASID_ONE, did, RID_PASID),
		vtd_desc_iotlb(VTD_INV_DOMAIN, did, iommu->caps.drain),
	} };
}

/* Absence of a context entry is cached under domain id 0 (section 6.1) */
static int scalable_announce(struct intel_iommu *iommu, u16 rid, u16 did)
{
	if (!iommu->caps.caching_mode)
		return vtd_unit_flush_write_buffer(iommu);
	return vtd_tables_flush(iommu, (struct vtd_flushes) { 3, {
		vtd_desc_context(VTD_INV_SELECTIVE, 0, rid),
		vtd_desc_pasid(VTD_INV_PASID_ONE, did, RID_PASID),
		vtd_desc_iotlb(VTD_INV_DOMAIN, did, iommu->caps.drain),
	} });
}

static void scalable_read(struct intel_iommu *iommu, u16 rid, const u64 *entry,
			  struct vtd_image *image)
{
	struct vtd_pasids *pasids = xa_load(&iommu->root->pasids, rid);

	*image = vtd_image_blocked();
	if (pasids)
		vtd_scalable_decode(entry, pasids->table, image);
}

static void scalable_words(struct intel_iommu *iommu, u16 rid, struct vtd_context_words *words)
{
	struct vtd_pasids *pasids = xa_load(&iommu->root->pasids, rid);

	if (!pasids)
		return;
	words->pasid = RID_PASID;
	memcpy(words->entry, pasids->table, sizeof(words->entry));
}

/* Both entries before and after: the domain id of the caches is the old PASID's */
static int scalable_store(struct intel_iommu *iommu, u16 rid, u64 *entry,
			  struct vtd_pasids *pasids, const struct vtd_image *image)
{
	u64 context[VTD_SCALABLE_CONTEXT_WORDS], from[VTD_SCALABLE_CONTEXT_WORDS];
	u64 pasid[VTD_SCALABLE_PASID_WORDS], old[VTD_SCALABLE_PASID_WORDS];
	bool blocked = image->kind == VTD_IMAGE_BLOCKED;
	u16 did;
	int ret;

	memcpy(from, entry, sizeof(from));
	memcpy(old, pasids->table, sizeof(old));
	did = FIELD_GET(VTD_PASID_DID, old[1]);
	vtd_scalable_context(image, virt_to_phys(pasids->directory), context);
	vtd_scalable_pasid(image, iommu->caps.walks_coherent, pasid);
	context[0] |= from[0] & VTD_SMCTX_FPD;

	/* Out through the context entry, in through the PASID's */
	if (blocked)
		ret = vtd_tables_replace(iommu, entry, from, context, ARRAY_SIZE(context),
					 scalable_forget(iommu, rid, did));
	else
		ret = vtd_tables_replace(iommu, pasids->table, old, pasid, ARRAY_SIZE(pasid),
					 scalable_forget_pasid(iommu, did));
	if (ret)
		return ret;
	if (blocked)
		return vtd_tables_replace(iommu, pasids->table, old, pasid, ARRAY_SIZE(pasid),
					  scalable_forget_pasid(iommu, did));
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
		ret = scalable_announce(iommu, rid, image->did);
	return ret;
}

const struct vtd_mode vtd_scalable_mode = {
	.ttm = VTD_TTM_SCALABLE,
	.words = VTD_SCALABLE_CONTEXT_WORDS,
	.tlb_mask = VTD_SMCTX_DTE,
	.tlb = VTD_SMCTX_DTE,
	.grow = scalable_grow,
	.exit = scalable_exit,
	.replace = scalable_replace,
	.read = scalable_read,
	.words_below = scalable_words,
	.forget = scalable_forget,
	.forget_all = scalable_forget_all,
};

// SPDX-License-Identifier: GPL-2.0
/* Legacy mode: the context entry says what is translated with what. */

#include "context/image.h"
#include "context/legacy.h"
#include "context/mode.h"
#include "context/tables.h"
#include "hw/registers.h"
#include "unit/unit.h"

static struct vtd_flushes legacy_forget(struct intel_iommu *iommu, u16 rid, u16 did)
{
	return (struct vtd_flushes) { 2, {
		vtd_desc_context(VTD_INV_SELECTIVE, did, rid),
		vtd_desc_iotlb(VTD_INV_DOMAIN, did, iommu->caps.drain),
	} };
}

static struct vtd_flushes legacy_forget_all(struct intel_iommu *iommu)
{
	return (struct vtd_flushes) { 2, {
		vtd_desc_context(VTD_INV_GLOBAL, 0, 0),
		vtd_desc_iotlb(VTD_INV_GLOBAL, 0, iommu->caps.drain),
	} };
}

/* An entry became present: only a unit with caching mode may hold its absence */
static int legacy_announce(struct intel_iommu *iommu, u16 rid, u16 did)
{
	if (!iommu->caps.caching_mode)
		return vtd_unit_flush_write_buffer(iommu);

	/* Absence is cached under domain id 0 (section 6.1) */
	return vtd_tables_flush(iommu, (struct vtd_flushes) { 2, {
		vtd_desc_context(VTD_INV_SELECTIVE, 0, rid),
		vtd_desc_iotlb(VTD_INV_DOMAIN, did, iommu->caps.drain),
	} });
}

static void legacy_read(struct intel_iommu *iommu, u16 rid, const u64 *entry,
			struct vtd_image *image)
{
	vtd_legacy_decode(entry, image);
}

/* A change of one word of a present entry is flushed, and absent at no time */
static bool legacy_hitless(const u64 *from, const u64 *to)
{
	return (from[0] & to[0] & VTD_CTX_LO_P) && (from[0] == to[0] || from[1] == to[1]);
}

static int legacy_replace(struct intel_iommu *iommu, u16 rid, u64 *entry,
			  const struct vtd_image *image)
{
	const u64 from[] = { READ_ONCE(entry[0]), READ_ONCE(entry[1]) };
	u64 to[VTD_LEGACY_WORDS];
	struct vtd_image old;
	int ret;

	vtd_legacy_decode(from, &old);
	vtd_legacy_encode(image, to);
	to[0] |= from[0] & VTD_CTX_LO_FPD;
	ret = vtd_tables_replace(iommu, entry, from, to, VTD_LEGACY_WORDS,
				 legacy_forget(iommu, rid, old.did));
	if (!ret && image->kind != VTD_IMAGE_BLOCKED && !legacy_hitless(from, to))
		ret = legacy_announce(iommu, rid, image->did);
	return ret;
}

const struct vtd_mode vtd_legacy_mode = {
	.ttm = VTD_TTM_LEGACY,
	.words = VTD_LEGACY_WORDS,
	.tlb_mask = VTD_CTX_LO_TT,
	.tlb = FIELD_PREP_CONST(VTD_CTX_LO_TT, VTD_TT_DEV_TLB),
	.replace = legacy_replace,
	.read = legacy_read,
	.forget = legacy_forget,
	.forget_all = legacy_forget_all,
};

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * PASID directory and PASID tables of one requester id as memory (sections 9.5 and
 * 9.6).  All of it under the unit's root_lock.
 */
#ifndef VTD_CONTEXT_PASIDS_H
#define VTD_CONTEXT_PASIDS_H

#include <linux/bits.h>
#include <linux/types.h>

struct intel_iommu;

/* Requests without PASID are looked up as this one (RID_PASID of context entries) */
#define VTD_RID_PASID	0u
/* Section 9.4: no directory has more */
#define VTD_PASIDS_END	BIT(20)

/**
 * struct vtd_pasids - PASID tables of one requester id
 * @directory: CPU address; a page, or more of them once a PASID needs that
 * @size: PDTS, 2^(@size + 7) entries in the directory, 64 PASIDs below each
 * @live: present entries but for that of VTD_RID_PASID
 */
struct vtd_pasids {
	u64 *directory;
	u8 size;
	u32 live;
};

struct vtd_pasids *vtd_pasids_alloc(struct intel_iommu *iommu);
void vtd_pasids_free(struct vtd_pasids *pasids);
bool vtd_pasids_reach(const struct vtd_pasids *pasids, u32 pasid);
int vtd_pasids_copy(struct intel_iommu *iommu, const struct vtd_pasids *pasids, u32 pasid,
		    struct vtd_pasids *larger);
void vtd_pasids_free_directory(const struct vtd_pasids *pasids);
int vtd_pasids_link(struct intel_iommu *iommu, struct vtd_pasids *pasids, u32 pasid);
u64 *vtd_pasids_slot(const struct vtd_pasids *pasids, u32 pasid);
u32 vtd_pasids_next(const struct vtd_pasids *pasids, u32 pasid);

#endif /* VTD_CONTEXT_PASIDS_H */

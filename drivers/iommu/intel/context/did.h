/* SPDX-License-Identifier: GPL-2.0 */
/* Domain ids of one unit: the tags of its caches. */
#ifndef VTD_CONTEXT_DID_H
#define VTD_CONTEXT_DID_H

#include <linux/types.h>

struct intel_iommu;

/*
 * Id 0 tags cached not-present entries of a unit with caching mode (section
 * 6.1) and is never given out.  Id 1 belongs to the unit's identity domain.
 */
#define VTD_DID_NONE		0u
#define VTD_DID_IDENTITY	1u

/* The field of a context entry has 16 bits, whatever CAP.ND says */
#define VTD_DID_LIMIT		65536u

int vtd_did_alloc(struct intel_iommu *iommu);
int vtd_did_alloc_last(struct intel_iommu *iommu);
int vtd_did_reserve(struct intel_iommu *iommu, u16 did);
void vtd_did_free(struct intel_iommu *iommu, u16 did);
unsigned int vtd_did_used(struct intel_iommu *iommu);

#endif /* VTD_CONTEXT_DID_H */

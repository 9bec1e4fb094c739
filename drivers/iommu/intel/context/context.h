/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What one unit looks requesters up in (specification section 3.4 and chapter 9):
 * what becomes of the requests of a requester id.
 */
#ifndef VTD_CONTEXT_CONTEXT_H
#define VTD_CONTEXT_CONTEXT_H

#include <linux/types.h>

#include "context/image.h"
#include "context/mode.h"

struct intel_iommu;
struct vtd_root;

int iommu_alloc_root_entry(struct intel_iommu *iommu, const struct vtd_mode *mode);
int iommu_set_root_entry(struct intel_iommu *iommu);
struct vtd_root *vtd_context_abandon(struct intel_iommu *iommu);
void vtd_context_free(struct intel_iommu *iommu);

int vtd_context_prepare(struct intel_iommu *iommu, u16 rid);
int vtd_context_install(struct intel_iommu *iommu, u16 rid,
			const struct vtd_image *image);
int vtd_context_prepare_pasid(struct intel_iommu *iommu, u16 rid, u32 pasid);
int vtd_context_install_pasid(struct intel_iommu *iommu, u16 rid, u32 pasid,
			      const struct vtd_image *image);
bool vtd_context_next_pasid(struct intel_iommu *iommu, u16 rid, u32 *pasid,
			    struct vtd_image *image);
int vtd_context_evict(struct intel_iommu *iommu, u64 tables);
int vtd_context_track(struct intel_iommu *iommu, u64 tables, bool on);
void vtd_context_cut(struct intel_iommu *iommu, u16 rid, bool translate);
u64 vtd_context_spoil(struct intel_iommu *iommu);
bool vtd_context_is_clean(struct intel_iommu *iommu, u64 event);
int vtd_context_settle(struct intel_iommu *iommu);
void vtd_context_now(struct intel_iommu *iommu, u16 rid, struct vtd_image *image);
bool vtd_context_read(struct intel_iommu *iommu, u16 rid, struct vtd_context_words *words);
int vtd_context_ask(struct intel_iommu *iommu, u16 rid, bool pages);
int vtd_context_mute(struct intel_iommu *iommu, u16 rid, bool mute);

#endif /* VTD_CONTEXT_CONTEXT_H */

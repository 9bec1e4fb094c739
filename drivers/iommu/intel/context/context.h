/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Root and context tables of one unit in legacy mode (specification section
 * 3.4.2 and chapter 9): which tables a requester id is translated with.
 */
#ifndef VTD_CONTEXT_CONTEXT_H
#define VTD_CONTEXT_CONTEXT_H

#include <linux/types.h>

#include "hw/entries.h"

struct intel_iommu;
struct vtd_root;

int iommu_alloc_root_entry(struct intel_iommu *iommu);
int iommu_set_root_entry(struct intel_iommu *iommu);
struct vtd_root *vtd_context_abandon(struct intel_iommu *iommu);
void vtd_context_free(struct intel_iommu *iommu);

/* Images: built whole, then installed */
struct vtd_context_entry vtd_context_translate(u64 root, u8 levels, u16 did,
					       bool dev_tlb);
struct vtd_context_entry vtd_context_pass_through(u8 levels, u16 did);
static inline struct vtd_context_entry vtd_context_blocked(void)
{
	return (struct vtd_context_entry) { };
}

int vtd_context_prepare(struct intel_iommu *iommu, u16 rid);
int vtd_context_install(struct intel_iommu *iommu, u16 rid,
			const struct vtd_context_entry *image);
int vtd_context_evict(struct intel_iommu *iommu, u64 tables);
void vtd_context_cut(struct intel_iommu *iommu, u16 rid, bool translate);
u64 vtd_context_spoil(struct intel_iommu *iommu);
bool vtd_context_is_clean(struct intel_iommu *iommu, u64 event);
int vtd_context_settle(struct intel_iommu *iommu);
bool vtd_context_read(struct intel_iommu *iommu, u16 rid,
		      struct vtd_context_entry *entry);
bool vtd_context_read_bus(struct intel_iommu *iommu, u8 bus,
			  struct vtd_root_entry *entry);
int vtd_context_mute(struct intel_iommu *iommu, u16 rid, bool mute);

#endif /* VTD_CONTEXT_CONTEXT_H */

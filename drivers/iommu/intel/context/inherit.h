/* SPDX-License-Identifier: GPL-2.0 */
/* Entries that a crash kernel takes over from the kernel before. */
#ifndef VTD_CONTEXT_INHERIT_H
#define VTD_CONTEXT_INHERIT_H

#include <linux/types.h>

struct intel_iommu;

void vtd_inherit(struct intel_iommu *iommu);
bool vtd_inherit_holds(struct intel_iommu *iommu, u16 rid);
void vtd_inherit_end(struct intel_iommu *iommu, u16 rid);

#endif /* VTD_CONTEXT_INHERIT_H */

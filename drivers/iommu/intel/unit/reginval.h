/* SPDX-License-Identifier: GPL-2.0 */
/* Invalidation through registers, for units without queue.  For queue.c only. */
#ifndef VTD_UNIT_REGINVAL_H
#define VTD_UNIT_REGINVAL_H

#include <linux/types.h>

#include "hw/descriptors.h"

struct intel_iommu;

bool vtd_reginval_works(const struct intel_iommu *iommu);
int vtd_reginval_execute(struct intel_iommu *iommu, const struct vtd_desc *desc,
			 unsigned int count);

#endif /* VTD_UNIT_REGINVAL_H */

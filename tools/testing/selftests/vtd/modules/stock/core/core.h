/* SPDX-License-Identifier: GPL-2.0 */
/* For a tree with the stock driver of 6.12: what kernels/6.12/core.h has for tests. */
#ifndef VTD_STOCK_CORE_H
#define VTD_STOCK_CORE_H

#include <linux/iommu.h>

static inline struct iommu_domain *vtd_core_alloc_flags(const struct iommu_ops *ops,
							struct device *dev, u32 flags)
{
	return ops->domain_alloc_user(dev, flags, NULL, NULL);
}

#endif /* VTD_STOCK_CORE_H */

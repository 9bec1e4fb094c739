/* SPDX-License-Identifier: GPL-2.0 */
/* Which pages of a domain devices have written. */
#ifndef VTD_DOMAIN_DIRTY_H
#define VTD_DOMAIN_DIRTY_H

#include <linux/iommu.h>

struct vtd_device;

struct iommu_domain *vtd_dirty_alloc(struct device *dev, u32 flags);
bool vtd_dirty_possible(const struct vtd_device *vdev);

#endif /* VTD_DOMAIN_DIRTY_H */

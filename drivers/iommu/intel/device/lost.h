/* SPDX-License-Identifier: GPL-2.0 */
/* What becomes of the devices of a unit that does not invalidate any more. */
#ifndef VTD_DEVICE_LOST_H
#define VTD_DEVICE_LOST_H

struct device;
struct intel_iommu;
struct iommu_domain;

void vtd_lost_close(struct intel_iommu *iommu, const struct iommu_domain *domain);

/* What PCI does; tests put something in its place */
void vtd_lost_master_off(struct device *dev, bool bridge);

#endif /* VTD_DEVICE_LOST_H */

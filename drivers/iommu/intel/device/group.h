/* SPDX-License-Identifier: GPL-2.0 */
/* Which devices are kept together. */
#ifndef VTD_DEVICE_GROUP_H
#define VTD_DEVICE_GROUP_H

struct device;
struct iommu_group;

struct iommu_group *vtd_device_group(struct device *dev);
struct iommu_group *vtd_group_of_pci(struct device *dev);

#endif /* VTD_DEVICE_GROUP_H */

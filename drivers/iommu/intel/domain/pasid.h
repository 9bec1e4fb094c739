/* SPDX-License-Identifier: GPL-2.0 */
/* What the PASIDs of a device are translated with. */
#ifndef VTD_DOMAIN_PASID_H
#define VTD_DOMAIN_PASID_H

#include <linux/iommu.h>

int vtd_pasid_set(struct iommu_domain *domain, struct device *dev, ioasid_t pasid,
		  struct iommu_domain *old);
void vtd_pasid_remove(struct device *dev, ioasid_t pasid, struct iommu_domain *domain);
void vtd_pasid_remove_all(struct device *dev);

#endif /* VTD_DOMAIN_PASID_H */

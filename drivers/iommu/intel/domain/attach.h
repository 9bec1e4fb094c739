/* SPDX-License-Identifier: GPL-2.0 */
/* Changing what a device's requests are translated with. */
#ifndef VTD_DOMAIN_ATTACH_H
#define VTD_DOMAIN_ATTACH_H

#include <linux/iommu.h>

struct vtd_device;

extern struct iommu_domain vtd_identity_domain;
extern struct iommu_domain vtd_blocked_domain;
extern struct iommu_domain vtd_release_domain;

int vtd_attach_paging(struct iommu_domain *domain, struct device *dev);
int vtd_attach_identity(struct iommu_domain *domain, struct device *dev);
int vtd_attach_blocked(struct iommu_domain *domain, struct device *dev);
int vtd_release_attach(struct iommu_domain *domain, struct device *dev);
bool vtd_attach_is_deferred(struct device *dev);
int vtd_attach_refresh(struct vtd_device *vdev);
const char *vtd_attach_kind(const struct iommu_domain *domain);

#endif /* VTD_DOMAIN_ATTACH_H */

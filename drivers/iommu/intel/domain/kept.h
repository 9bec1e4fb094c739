/* SPDX-License-Identifier: GPL-2.0 */
/* Reserved regions that stay mapped in every domain of their device. */
#ifndef VTD_DOMAIN_KEPT_H
#define VTD_DOMAIN_KEPT_H

struct dmar_domain;
struct vtd_device;

int vtd_kept_get(struct dmar_domain *domain, struct vtd_device *vdev);
void vtd_kept_put(struct dmar_domain *domain, struct vtd_device *vdev);
void vtd_kept_free(struct dmar_domain *domain);

#endif /* VTD_DOMAIN_KEPT_H */

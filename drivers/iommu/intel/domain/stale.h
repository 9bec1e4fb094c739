/* SPDX-License-Identifier: GPL-2.0 */
/* Domains to which a unit may still find its way. */
#ifndef VTD_DOMAIN_STALE_H
#define VTD_DOMAIN_STALE_H

#include <linux/types.h>

struct dmar_domain;
struct intel_iommu;
struct list_head;

void vtd_stale_init(struct dmar_domain *d);
void vtd_stale_exit(struct dmar_domain *d);
void vtd_stale_lose(struct dmar_domain *d, struct intel_iommu *iommu, bool device_tlb);
bool vtd_stale_check(struct dmar_domain *d);
void vtd_stale_pages(struct dmar_domain *d, u64 iova, u64 size);
void vtd_stale_tables(struct dmar_domain *d, struct list_head *retired);

#endif /* VTD_DOMAIN_STALE_H */

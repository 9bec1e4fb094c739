/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The static domains: identity and blocked.  One object each for all units;
 * what they mean for a unit is decided when a device attaches.
 */
#ifndef VTD_DOMAIN_STATIC_H
#define VTD_DOMAIN_STATIC_H

#include <linux/types.h>

struct intel_iommu;
struct vtd_image;

int si_domain_init(struct intel_iommu *iommu);
void vtd_static_exit(struct intel_iommu *iommu);
int vtd_static_image(struct intel_iommu *iommu, struct vtd_image *image);

#if IS_ENABLED(CONFIG_KUNIT)
struct notifier_block;
struct vtd_pgtable;
struct vtd_static;

const struct vtd_pgtable *vtd_static_tables(const struct intel_iommu *iommu);
int vtd_static_map_ram(struct vtd_static *identity);
int vtd_static_follow_memory(void);
int vtd_static_memory(struct notifier_block *nb, unsigned long action, void *data);
#endif

#endif /* VTD_DOMAIN_STATIC_H */

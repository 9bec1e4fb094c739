/* SPDX-License-Identifier: GPL-2.0 */
/* Interrupt remapping in the life of the machine. */
#ifndef VTD_BOOT_REMAP_H
#define VTD_BOOT_REMAP_H

#include <linux/types.h>

struct dmar_drhd_unit;
struct intel_iommu;

#ifdef CONFIG_IRQ_REMAP
bool vtd_remap_active(void);
bool vtd_remap_unverified(void);
void vtd_remap_devices(void);
void vtd_remap_alone(void);
int vtd_remap_unit_up(struct dmar_drhd_unit *drhd);
int vtd_remap_unit_down(struct intel_iommu *iommu);
int vtd_remap_unit_resume(struct intel_iommu *iommu);
#else
static inline bool vtd_remap_active(void) { return false; }
static inline bool vtd_remap_unverified(void) { return false; }
static inline void vtd_remap_devices(void) { }
static inline void vtd_remap_alone(void) { }
static inline int vtd_remap_unit_up(struct dmar_drhd_unit *drhd) { return 0; }
static inline int vtd_remap_unit_down(struct intel_iommu *iommu) { return 0; }
#endif

#endif /* VTD_BOOT_REMAP_H */

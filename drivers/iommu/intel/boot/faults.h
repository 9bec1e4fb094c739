/* SPDX-License-Identifier: GPL-2.0 */
/* A unit's faults: records, interrupt, thread. */
#ifndef VTD_BOOT_FAULTS_H
#define VTD_BOOT_FAULTS_H

struct intel_iommu;

int vtd_start_faults(struct intel_iommu *iommu);
void vtd_start_faults_off(struct intel_iommu *iommu);
void vtd_start_faults_end(struct intel_iommu *iommu);

#endif /* VTD_BOOT_FAULTS_H */

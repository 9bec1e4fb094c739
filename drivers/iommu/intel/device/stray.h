/* SPDX-License-Identifier: GPL-2.0 */
/* Requester ids that fault and that no device here owns. */
#ifndef VTD_DEVICE_STRAY_H
#define VTD_DEVICE_STRAY_H

#include <linux/types.h>

struct intel_iommu;

/**
 * enum vtd_stray_action - what to print of a fault
 * @VTD_STRAY_SILENT: nothing
 * @VTD_STRAY_TELL: the fault
 * @VTD_STRAY_MUTED: the fault, and that its requester is silenced now
 */
enum vtd_stray_action {
	VTD_STRAY_SILENT,
	VTD_STRAY_TELL,
	VTD_STRAY_MUTED,
};

bool vtd_stray_tell(struct intel_iommu *iommu, u16 rid);
enum vtd_stray_action vtd_stray_count(struct intel_iommu *iommu, u16 rid);
void vtd_stray_forget(struct intel_iommu *iommu);

#endif /* VTD_DEVICE_STRAY_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Cutting off a device that does not answer invalidations of its TLB. */
#ifndef VTD_DEVICE_QUARANTINE_H
#define VTD_DEVICE_QUARANTINE_H

#include <linux/types.h>

struct intel_iommu;
struct vtd_device;

void vtd_quarantine_init(struct vtd_device *vdev);
void vtd_quarantine_begin(struct vtd_device *vdev);
bool vtd_quarantine_silent(struct intel_iommu *iommu, u16 rid);
void vtd_quarantine_later(struct vtd_device *vdev);
void vtd_quarantine_finish(struct vtd_device *vdev);
bool vtd_quarantine_cut(struct vtd_device *vdev);
int vtd_quarantine_settle(struct vtd_device *vdev);
void vtd_quarantine_tlb(struct intel_iommu *iommu, u16 rid);
bool vtd_quarantine_device(struct intel_iommu *iommu, u16 rid);
void vtd_quarantine_end(struct vtd_device *vdev);
void vtd_quarantine_reattach(struct vtd_device *vdev);	/* for tests to replace */

#endif /* VTD_DEVICE_QUARANTINE_H */

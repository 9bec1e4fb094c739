/* SPDX-License-Identifier: GPL-2.0 */
/* PCIe address translation service: a TLB inside the device. */
#ifndef VTD_DEVICE_ATS_H
#define VTD_DEVICE_ATS_H

#include "hw/descriptors.h"

struct vtd_device;

/* Most descriptors that one flush of a device's TLB is made of */
#define VTD_ATS_DESCS	2u

void vtd_ats_probe(struct vtd_device *vdev);
bool vtd_ats_offered(const struct vtd_device *vdev);
bool vtd_ats_possible(const struct vtd_device *vdev);
bool vtd_ats_enable(struct vtd_device *vdev);
void vtd_ats_disable(struct vtd_device *vdev);
void vtd_ats_forget(struct vtd_device *vdev);
void vtd_ats_forget_pasid(struct vtd_device *vdev, u32 pasid);
unsigned int vtd_ats_flush(const struct vtd_device *vdev, u32 pasid, u64 addr, u32 order,
			   struct vtd_desc *desc);

#endif /* VTD_DEVICE_ATS_H */

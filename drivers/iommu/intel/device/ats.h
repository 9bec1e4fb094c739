/* SPDX-License-Identifier: GPL-2.0 */
/* PCIe address translation service: a TLB inside the device. */
#ifndef VTD_DEVICE_ATS_H
#define VTD_DEVICE_ATS_H

#include "hw/descriptors.h"

struct vtd_device;

void vtd_ats_probe(struct vtd_device *vdev);
bool vtd_ats_possible(const struct vtd_device *vdev);
bool vtd_ats_enable(struct vtd_device *vdev);
void vtd_ats_disable(struct vtd_device *vdev);
void vtd_ats_forget(struct vtd_device *vdev);
struct vtd_desc vtd_ats_flush(const struct vtd_device *vdev, u64 addr, u32 order);

#endif /* VTD_DEVICE_ATS_H */

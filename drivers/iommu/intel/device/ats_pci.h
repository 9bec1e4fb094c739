/* SPDX-License-Identifier: GPL-2.0 */
/* What PCI has to do with a device's TLB; tests put something in its place. */
#ifndef VTD_DEVICE_ATS_PCI_H
#define VTD_DEVICE_ATS_PCI_H

#include <linux/types.h>

struct vtd_device;

int vtd_ats_switch(struct vtd_device *vdev, bool on);
bool vtd_ats_torn_off(const struct vtd_device *vdev);
void vtd_ats_stop_found(const struct vtd_device *vdev);
bool vtd_ats_gone(const struct vtd_device *vdev);

#endif /* VTD_DEVICE_ATS_PCI_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The brake on fault storms: a device that faults too fast has the recording
 * of its faults switched off for a while (FPD), so that one device can neither
 * hold a CPU nor push other devices' records out of the unit's few registers.
 */
#ifndef VTD_DEVICE_STORM_H
#define VTD_DEVICE_STORM_H

#include <linux/types.h>

struct vtd_device;

void vtd_storm_init(struct vtd_device *vdev);
void vtd_storm_exit(struct vtd_device *vdev);
bool vtd_storm_count(struct vtd_device *vdev);
void vtd_storm_forget(struct vtd_device *vdev);

#endif /* VTD_DEVICE_STORM_H */

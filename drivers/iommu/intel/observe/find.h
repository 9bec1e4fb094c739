/* SPDX-License-Identifier: GPL-2.0 */
/* From a device of the kernel's to what the driver knows of it. */
#ifndef VTD_OBSERVE_FIND_H
#define VTD_OBSERVE_FIND_H

struct device;
struct vtd_device;

struct vtd_device *vtd_find_device(const struct device *dev);

#endif /* VTD_OBSERVE_FIND_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Devices and units that come and go while the machine runs. */
#ifndef VTD_BOOT_HOTPLUG_H
#define VTD_BOOT_HOTPLUG_H

void vtd_hotplug_init(void);

#endif /* VTD_BOOT_HOTPLUG_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Regions of a device's address space that are spoken for. */
#ifndef VTD_DEVICE_RESERVED_H
#define VTD_DEVICE_RESERVED_H

struct device;
struct list_head;

/* The window that the unit takes for interrupts, never translated (section 3.14) */
#define VTD_MSI_WINDOW		0xfee00000ull
#define VTD_MSI_WINDOW_SIZE	0x00100000ull

void vtd_reserved_regions(struct device *dev, struct list_head *head);

#endif /* VTD_DEVICE_RESERVED_H */

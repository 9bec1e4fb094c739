/* SPDX-License-Identifier: GPL-2.0 */
/* Regions of a device's address space that are spoken for. */
#ifndef VTD_DEVICE_RESERVED_H
#define VTD_DEVICE_RESERVED_H

#include <linux/types.h>

struct device;
struct dmar_rmrr_unit;
struct list_head;

/* The window that the unit takes for interrupts, never translated (section 3.14) */
#define VTD_MSI_WINDOW		0xfee00000ull
#define VTD_MSI_WINDOW_SIZE	0x00100000ull

/**
 * enum vtd_rmrr_use - what firmware's region means for who gets the device
 * @VTD_RMRR_FIRM: firmware needs it always: the device is not assigned
 * @VTD_RMRR_QUIET: USB, graphics: firmware leaves it alone once a driver came
 * @VTD_RMRR_RELAXED: the user says so
 * @VTD_RMRR_KEPT: the user wants it mapped in every domain of the device
 */
enum vtd_rmrr_use {
	VTD_RMRR_FIRM,
	VTD_RMRR_QUIET,
	VTD_RMRR_RELAXED,
	VTD_RMRR_KEPT,
};

/**
 * typedef vtd_rmrr_fn - told of a region that a device has to respect
 * @rmrr: the region; dmar_inventory_lock is held for reading
 * @owner: the device that firmware means: the one asked for, or one of its group
 * @use: as the owner's kind and the command line have it, or the strictest of a group
 * @data: the caller's
 */
typedef void (*vtd_rmrr_fn)(const struct dmar_rmrr_unit *rmrr, struct device *owner,
			    enum vtd_rmrr_use use, void *data);

void vtd_reserved_each(struct device *dev, vtd_rmrr_fn fn, void *data);
void vtd_reserved_owners(const struct dmar_rmrr_unit *rmrr, struct device *dev,
			 vtd_rmrr_fn fn, void *data);
void vtd_reserved_regions(struct device *dev, struct list_head *head);

/* device/refusal.c */
void vtd_refusal_probe(struct device *dev);
void vtd_refusal_explain(struct device *dev);

#endif /* VTD_DEVICE_RESERVED_H */

// SPDX-License-Identifier: GPL-2.0
/*
 * From a device of the kernel's to what the driver knows of it.  Not by requester
 * id: devices behind a bridge share one, and all that are behind a VMD share the
 * VMD's.  Not through the device either: a file outlives it for a moment.
 */
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/rwsem.h>
#include <linux/xarray.h>

#include "acpi/inventory.h"
#include "device/device.h"
#include "observe/find.h"
#include "unit/unit.h"

static struct vtd_device *find_on_unit(struct intel_iommu *iommu, const struct device *dev)
{
	struct vtd_rid_use *use;
	struct vtd_rid *entry;
	unsigned long rid;

	xa_for_each(&iommu->rids, rid, entry)
		list_for_each_entry(use, &entry->users, node)
			if (use->vdev->dev == dev)
				return use->vdev;
	return NULL;
}

/**
 * vtd_find_device - a device behind any of the units
 * @dev: the device; it is compared with, never looked at
 *
 * Context: may sleep; the caller holds vtd_device_lock, and may use the result
 * until it drops it.
 *
 * Return: the device, or NULL.
 */
struct vtd_device *vtd_find_device(const struct device *dev)
{
	const struct dmar_drhd_unit *drhd;
	struct vtd_device *vdev = NULL;

	lockdep_assert_held(&vtd_device_lock);
	down_read(&dmar_inventory_lock);
	list_for_each_entry(drhd, &dmar_drhd_units, list) {
		vdev = drhd->iommu ? find_on_unit(drhd->iommu, dev) : NULL;
		if (vdev)
			break;
	}
	up_read(&dmar_inventory_lock);
	return vdev;
}

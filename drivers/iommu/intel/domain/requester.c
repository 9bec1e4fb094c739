// SPDX-License-Identifier: GPL-2.0
/*
 * A requester id in words.  Behind a conventional bridge several devices have the
 * same one, and the unit cannot tell them apart: so all of them are named.
 */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/device.h>
#include <linux/device/driver.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/printk.h>

#include "device/device.h"
#include "device/rid.h"
#include "domain/requester.h"
#include "unit/unit.h"

/* Enough for a device on PCI; longer names are cut */
#define VTD_REQUESTER_ONE	80u

/* dev_driver_string() has the bus where there is no driver */
static void requester_one(const struct device *dev, char *text, size_t size)
{
	const struct device_driver *driver = READ_ONCE(dev->driver);

	snprintf(text, size, "%s driver %s", dev_name(dev), driver ? driver->name : "none");
}

/**
 * vtd_requester_name - name all devices that have a requester id
 * @iommu: unit that saw it
 * @rid: the requester id
 * @text: filled: "0000:02:00.0 driver e1000e or 0000:02:01.0 driver none", empty
 *	if no device of ours has it
 * @size: of @text; where there are more devices than fit, those that come first are
 *	printed on lines of their own
 *
 * Context: the caller holds the unit's device_lock.
 */
void vtd_requester_name(struct intel_iommu *iommu, u16 rid, char *text, size_t size)
{
	struct vtd_rid *entry = vtd_rid_find(iommu, rid);
	char one[VTD_REQUESTER_ONE];
	struct vtd_rid_use *use;
	size_t at = 0;

	text[0] = '\0';
	if (!entry)
		return;
	list_for_each_entry(use, &entry->users, node) {
		requester_one(use->vdev->dev, one, sizeof(one));
		if (at && at + strlen(" or ") + strlen(one) >= size) {
			pr_err("%s: %s or\n", iommu->name, text);
			at = 0;
		}
		at += scnprintf(text + at, size - at, "%s%s", at ? " or " : "", one);
	}
}

/**
 * vtd_requester_has_driver - is a driver bound to any of the devices
 * @iommu: unit
 * @rid: the requester id
 *
 * Context: the caller holds the unit's device_lock.
 */
bool vtd_requester_has_driver(struct intel_iommu *iommu, u16 rid)
{
	struct vtd_rid *entry = vtd_rid_find(iommu, rid);
	struct vtd_rid_use *use;

	if (!entry)
		return false;
	list_for_each_entry(use, &entry->users, node)
		if (READ_ONCE(use->vdev->dev->driver))
			return true;
	return false;
}

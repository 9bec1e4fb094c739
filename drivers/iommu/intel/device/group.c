// SPDX-License-Identifier: GPL-2.0
/*
 * Groups.  What the unit cannot tell apart must be together: all users of a
 * requester id share one context entry, and the core moves a group from domain
 * to domain as a whole.  That comes before the rules of PCI, which do not know of
 * devices that share an id with one of the ACPI namespace.
 */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/device.h>
#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/pci.h>

#include "device/device.h"
#include "device/group.h"

/* A device that is in the list has not been released: it keeps its group */
static int group_take(struct iommu_group **group, const struct vtd_rid_use *use)
{
	struct iommu_group *other = iommu_group_get(use->vdev->dev);

	if (!other)
		return 0;
	if (!*group) {
		*group = other;
		return 0;
	}
	iommu_group_put(other);
	return *group == other ? 0 : -ENODEV;
}

/* The group of those who have one of the device's ids already, NULL if nobody has */
static struct iommu_group *group_of_users(const struct vtd_device *vdev)
{
	struct iommu_group *group = NULL;
	const struct vtd_rid_use *use;
	unsigned int i;
	int ret = 0;

	mutex_lock(&vtd_device_lock);
	for (i = 0; i < vdev->rid_count && !ret; i++)
		list_for_each_entry(use, &vdev->use[i].rid->users, node) {
			ret = group_take(&group, use);
			if (ret)
				break;
		}
	mutex_unlock(&vtd_device_lock);
	if (!ret)
		return group;
	iommu_group_put(group);
	return ERR_PTR(ret);
}

static int group_member(struct device *dev, void *unused)
{
	return 1;
}

/* Neither group can be given up: the id decides, and the user is told */
static void group_compare(struct device *dev, struct iommu_group *group)
{
	struct iommu_group *other = pci_device_group(dev);

	if (IS_ERR(other))
		return;
	if (other != group && iommu_group_for_each_dev(other, NULL, group_member))
		dev_warn(dev, "DMAR: in group %d, because a device there uses its requester id, though PCI does not isolate it from group %d: assign neither without the other\n",
			 iommu_group_id(group), iommu_group_id(other));
	iommu_group_put(other);
}

/**
 * vtd_device_group - iommu_ops.device_group
 * @dev: device that has been probed
 *
 * Context: may sleep; takes vtd_device_lock.
 *
 * Return: the group of those who share a requester id with the device, else as
 * the core's rules have it; -ENODEV when two groups would have to become one: the
 * device is not let in, and entries that are its alone stay empty.
 */
struct iommu_group *vtd_device_group(struct device *dev)
{
	struct iommu_group *group = group_of_users(vtd_device_of(dev));

	if (IS_ERR(group)) {
		dev_err(dev, "DMAR: its requester ids are used in two groups: it gets no access to memory\n");
		return group;
	}
	if (!group)
		return dev_is_pci(dev) ? pci_device_group(dev) : generic_device_group(dev);
	if (dev_is_pci(dev))
		group_compare(dev, group);
	return group;
}

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

#include <kunit/static_stub.h>

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

/**
 * vtd_group_of_pci - the group that PCI's rules want a device in
 * @dev: PCI device
 *
 * Context: may sleep.
 *
 * Return: as pci_device_group().
 */
struct iommu_group *vtd_group_of_pci(struct device *dev)
{
	KUNIT_STATIC_STUB_REDIRECT(vtd_group_of_pci, dev);
	return pci_device_group(dev);
}

static int group_member(struct device *dev, void *unused)
{
	return 1;
}

/*
 * Does PCI want the device in a group that others are in?  Whoever had one of the
 * groups could reach the devices of the other through it, behind the unit's back.
 */
static int group_compare(struct device *dev, struct iommu_group *group)
{
	struct iommu_group *other = vtd_group_of_pci(dev);
	int ret = 0;

	if (IS_ERR(other))
		return PTR_ERR(other);
	if (other != group && iommu_group_for_each_dev(other, NULL, group_member)) {
		dev_err(dev, "DMAR: its requester id is used in group %d, and PCI does not isolate it from group %d: it gets no access to memory\n",
			iommu_group_id(group), iommu_group_id(other));
		ret = -ENODEV;
	}
	iommu_group_put(other);
	return ret;
}

/**
 * vtd_device_group - iommu_ops.device_group
 * @dev: device that has been probed
 *
 * Context: may sleep; takes vtd_device_lock.
 *
 * Return: the group of those who share a requester id with the device, else as
 * the core's rules have it; -ENODEV when two groups would have to become one, by ids
 * or by ids and PCI's rules: the device is not let in, nobody can assign it, and entries
 * that are its alone stay empty; what pci_device_group() says.
 */
struct iommu_group *vtd_device_group(struct device *dev)
{
	struct iommu_group *group = group_of_users(vtd_device_of(dev));
	int ret;

	if (IS_ERR(group)) {
		dev_err(dev, "DMAR: its requester ids are used in two groups: it gets no access to memory\n");
		return group;
	}
	if (!group)
		return dev_is_pci(dev) ? vtd_group_of_pci(dev) : generic_device_group(dev);
	ret = dev_is_pci(dev) ? group_compare(dev, group) : 0;
	if (ret) {
		iommu_group_put(group);
		return ERR_PTR(ret);
	}
	return group;
}

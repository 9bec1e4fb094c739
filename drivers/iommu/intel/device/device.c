// SPDX-License-Identifier: GPL-2.0
/* Devices and the requester ids that they use. */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/iommu.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/pci.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "context/context.h"
#include "device/device.h"
#include "unit/unit.h"

/* Lines about one device: ten, then silence for the rest of five seconds */
#define VTD_FAULT_INTERVAL	(5 * HZ)
#define VTD_FAULT_BURST		10

static bool device_uses(const struct vtd_device *vdev, u16 id)
{
	unsigned int i;

	for (i = 0; i < vdev->rid_count; i++)
		if (vdev->use[i].id == id)
			return true;
	return false;
}

static int device_use(struct vtd_device *vdev, u16 id)
{
	struct vtd_rid_use *use;
	int ret;

	if (device_uses(vdev, id))
		return 0;
	/* Aliases do not change once a device is there */
	if (WARN_ON_ONCE(vdev->rid_count == vdev->rid_room))
		return -ENOSPC;
	use = &vdev->use[vdev->rid_count];
	use->vdev = vdev;
	use->owns = !vdev->rid_count && dev_is_pci(vdev->dev);
	ret = vtd_rid_join(use, vdev->iommu, id);
	if (!ret)
		vdev->rid_count++;
	return ret;
}

static int device_alias(struct pci_dev *pdev, u16 alias, void *data)
{
	return device_use(data, alias);
}

static int device_one_more(struct pci_dev *pdev, u16 alias, void *data)
{
	(*(unsigned int *)data)++;
	return 0;
}

/* A switch with non-transparent ports may use every id of its bus */
static struct vtd_device *device_alloc(struct device *dev)
{
	struct vtd_device *vdev;
	unsigned int room = 1;

	if (dev_is_pci(dev))
		pci_for_each_dma_alias(to_pci_dev(dev), device_one_more, &room);
	vdev = kzalloc(struct_size(vdev, use, room), GFP_KERNEL);
	if (vdev) {
		vdev->rid_room = room;
		xa_init(&vdev->pasids);
	}
	return vdev;
}

/*
 * Newer cores let a device that firmware needs go to identity, so that firmware goes on
 * with its regions: the entry stays as it is when the last user of the id leaves.  Others
 * who are blocked do not inherit it.  What was cached leads to no table that is freed.
 */
static void device_settle(struct vtd_rid_use *use)
{
	const struct vtd_image blocked = vtd_image_blocked();
	struct vtd_rid *rid = use->rid;

	if (!use->attached)
		return;
	use->attached = false;
	if (--rid->attached || list_is_singular(&rid->users))
		return;
	if (vtd_context_install(use->vdev->iommu, use->id, &blocked))
		dev_err(use->vdev->dev, "%s did not flush: who shares its id may reach all memory\n",
			use->vdev->iommu->name);
}

static void device_unuse(struct vtd_device *vdev, struct list_head *unused)
{
	struct vtd_rid_use *use;

	lockdep_assert_held(&vdev->iommu->device_lock);
	while (vdev->rid_count) {
		use = &vdev->use[--vdev->rid_count];
		device_settle(use);
		vtd_rid_leave(use, unused);
	}
}

/* Nobody finds it any more */
static void device_free(struct vtd_device *vdev, struct list_head *unused)
{
	/* Flushes and quarantine look at it, and at its ids, under RCU */
	synchronize_rcu();
	vtd_rid_free(unused);
	if (vdev->ats.work.func)
		cancel_work_sync(&vdev->ats.work);
	xa_destroy(&vdev->pasids);
	kfree(vdev);
}

/* What was left out is told with the next line that is printed */
static void device_limit(struct ratelimit_state *limit)
{
	ratelimit_state_init(limit, VTD_FAULT_INTERVAL, VTD_FAULT_BURST);
	ratelimit_set_flags(limit, RATELIMIT_MSG_ON_RELEASE);
}

/**
 * vtd_device_add - take a device in
 * @dev: the device
 * @iommu: the unit that serves it
 * @rid: requester id under which the unit sees it
 *
 * Collects the DMA aliases of a PCI device.  Attaches nothing.
 *
 * Context: may sleep; takes the unit's device_lock.
 *
 * Return: the new record, or an error pointer: -ENOMEM.
 */
struct vtd_device *vtd_device_add(struct device *dev, struct intel_iommu *iommu,
				  u16 rid)
{
	struct vtd_device *vdev = device_alloc(dev);
	LIST_HEAD(unused);
	int ret;

	if (!vdev)
		return ERR_PTR(-ENOMEM);
	vdev->dev = dev;
	vdev->iommu = iommu;
	device_limit(&vdev->faults.limit);
	device_limit(&vdev->faults.interrupt_limit);

	mutex_lock(&iommu->device_lock);
	ret = device_use(vdev, rid);
	if (!ret && dev_is_pci(dev))
		ret = pci_for_each_dma_alias(to_pci_dev(dev), device_alias,
					     vdev);
	if (ret)
		device_unuse(vdev, &unused);
	mutex_unlock(&iommu->device_lock);
	if (ret) {
		device_free(vdev, &unused);
		return ERR_PTR(ret);
	}
	return vdev;
}

/**
 * vtd_device_del - let a device go
 * @vdev: from vtd_device_add(); attached to nothing, or to the identity domain
 *
 * Context: may sleep; takes the unit's device_lock.
 */
void vtd_device_del(struct vtd_device *vdev)
{
	LIST_HEAD(unused);

	mutex_lock(&vdev->iommu->device_lock);
	device_unuse(vdev, &unused);
	mutex_unlock(&vdev->iommu->device_lock);
	device_free(vdev, &unused);
}

/**
 * vtd_device_find - who uses a requester id
 * @iommu: unit that saw it
 * @rid: requester id
 *
 * Context: the caller holds the unit's device_lock or vtd_device_lock, and may use
 * the result until it drops it.
 *
 * Return: the device, the one that gives the id its name if there are several, or
 * NULL.
 */
struct vtd_device *vtd_device_find(struct intel_iommu *iommu, u16 rid)
{
	struct vtd_rid *entry = vtd_rid_find(iommu, rid);

	return entry ? entry->owner : NULL;
}

/**
 * vtd_device_count_fault - a device has faulted
 * @vdev: the device
 * @rid: requester id that the unit recorded
 *
 * Context: may sleep; the caller holds the unit's device_lock.
 *
 * Return: true when the requester id has just been muted.
 */
bool vtd_device_count_fault(struct vtd_device *vdev, u16 rid)
{
	struct vtd_rid *entry = vtd_rid_find(vdev->iommu, rid);

	atomic64_inc(&vdev->faults.count);
	return entry && vtd_rid_count(entry);
}

/**
 * vtd_device_count - requester ids that a unit serves
 * @iommu: unit
 */
unsigned int vtd_device_count(struct intel_iommu *iommu)
{
	unsigned int count = 0;
	struct vtd_rid *rid;
	unsigned long id;

	xa_for_each(&iommu->rids, id, rid)
		count++;
	return count;
}

/**
 * vtd_device_is_cut - were entries of a device emptied behind its back
 * @vdev: the device
 *
 * Its domain says what it is attached to, but it reaches nothing.
 */
bool vtd_device_is_cut(const struct vtd_device *vdev)
{
	unsigned int i;

	/* Its work item is about to say so */
	if (READ_ONCE(vdev->ats.doomed) && READ_ONCE(vdev->ats.fate) == VTD_ATS_OUT)
		return true;
	for (i = 0; i < vdev->rid_count; i++)
		if (READ_ONCE(vdev->use[i].rid->cut))
			return true;
	return false;
}

static bool device_has_class(struct device *dev, u32 base, u32 mask)
{
	return dev_is_pci(dev) && (to_pci_dev(dev)->class & mask) == base;
}

/**
 * vtd_device_is_graphics - is it a display controller
 * @dev: device
 */
bool vtd_device_is_graphics(struct device *dev)
{
	return device_has_class(dev, PCI_BASE_CLASS_DISPLAY << 16, 0xff0000);
}

/**
 * vtd_device_is_usb - is it a USB host controller
 * @dev: device
 */
bool vtd_device_is_usb(struct device *dev)
{
	return device_has_class(dev, PCI_CLASS_SERIAL_USB << 8, 0xffff00);
}

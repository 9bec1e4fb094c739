// SPDX-License-Identifier: GPL-2.0
/*
 * Reserved regions of a device: what firmware's RMRR structures claim, the
 * floppy's window, and the interrupt window.
 */

#define pr_fmt(fmt) "DMAR: " fmt

#include <kunit/static_stub.h>
#include <linux/iommu.h>
#include <linux/pci.h>
#include <linux/rwsem.h>
#include <linux/sizes.h>

#include "acpi/inventory.h"
#include "acpi/lookup.h"
#include "device/device.h"
#include "device/exceptions.h"
#include "device/reserved.h"

#define VTD_RESERVED_PROT	(IOMMU_READ | IOMMU_WRITE)

static void reserved_add(struct device *dev, struct list_head *head, u64 base,
			 u64 size, int prot, enum iommu_resv_type type)
{
	struct iommu_resv_region *region;

	region = iommu_alloc_resv_region(base, size, prot, type, GFP_KERNEL);
	if (region)
		list_add_tail(&region->list, head);
	else
		dev_warn(dev, "no memory to report reserved region %#llx+%#llx\n",
			 base, size);
}

/*
 * Firmware uses the regions of USB and graphics before the operating system
 * has a driver for them, and leaves them alone after that.
 */
static enum vtd_rmrr_use reserved_use(struct device *owner)
{
	if (vtd_exception_kept(owner))
		return VTD_RMRR_KEPT;
	if (vtd_device_is_usb(owner) || vtd_device_is_graphics(owner))
		return VTD_RMRR_QUIET;
	return vtd_exception_relaxed(owner) ? VTD_RMRR_RELAXED : VTD_RMRR_FIRM;
}

/* Firmware cannot mean a function that the operating system made */
static bool reserved_means(const struct dmar_rmrr_unit *rmrr, struct device *dev)
{
	if (dev_is_pci(dev) && to_pci_dev(dev)->is_virtfn)
		return false;
	return dmar_scopes_contain(&rmrr->scopes, rmrr->segment, dev);
}

/*
 * Devices of a group reach each other's regions whatever one does, and are handed
 * on together.  No lock of the core: it may hold the group's mutex here.
 */
static struct device *reserved_owner(const struct dmar_rmrr_unit *rmrr,
				     struct device *dev)
{
	struct device *other;
	unsigned int i;

	if (reserved_means(rmrr, dev))
		return dev;
	for (i = 0; dev->iommu_group && i < rmrr->scopes.count; i++) {
		other = rcu_dereference_protected(rmrr->scopes.scope[i].dev,
						  lockdep_is_held(&dmar_inventory_lock));
		if (other && other->iommu_group == dev->iommu_group)
			return other;
	}
	return NULL;
}

/**
 * vtd_reserved_owners - call a function for all whom a region means, in a device's group
 * @rmrr: the region
 * @dev: device that has been probed
 * @fn: the function
 * @data: handed on
 *
 * One such device is enough to forbid that the group is assigned.
 *
 * Context: may sleep; the caller holds dmar_inventory_lock, so no lock of the core.
 */
void vtd_reserved_owners(const struct dmar_rmrr_unit *rmrr, struct device *dev,
			 vtd_rmrr_fn fn, void *data)
{
	struct pci_dev *pdev = NULL;
	struct device *other;

	lockdep_assert_held(&dmar_inventory_lock);
	if (!dev_is_pci(dev) && reserved_means(rmrr, dev))
		fn(rmrr, dev, reserved_use(dev), data);
	for_each_pci_dev(pdev) {
		other = &pdev->dev;
		if (other != dev && (!dev->iommu_group || other->iommu_group != dev->iommu_group))
			continue;
		if (reserved_means(rmrr, other))
			fn(rmrr, other, reserved_use(other), data);
	}
}

static void reserved_strictest(const struct dmar_rmrr_unit *rmrr, struct device *owner,
			       enum vtd_rmrr_use use, void *data)
{
	/* Firm before kept, kept before the rest: the core maps all but what is kept */
	static const u8 rank[] = {
		[VTD_RMRR_QUIET] = 0, [VTD_RMRR_RELAXED] = 1, [VTD_RMRR_KEPT] = 2,
		[VTD_RMRR_FIRM] = 3,
	};
	enum vtd_rmrr_use *strictest = data;

	if (rank[use] > rank[*strictest])
		*strictest = use;
}

/*
 * Devices of a group share a domain.  What the core maps there for one of them cannot
 * be kept for another: so all agree on each region and on what overlaps it, and one
 * whom the user does not except counts for all.
 */
static enum vtd_rmrr_use reserved_group_use(const struct dmar_rmrr_unit *rmrr,
					    struct device *dev, struct device *owner)
{
	enum vtd_rmrr_use use = reserved_use(owner);
	struct dmar_rmrr_unit *other;

	list_for_each_entry(other, &dmar_rmrr_units, list) {
		if (other->base <= rmrr->end && rmrr->base <= other->end)
			vtd_reserved_owners(other, dev, reserved_strictest, &use);
	}
	return use;
}

/**
 * vtd_reserved_each - call a function for each of firmware's regions of a device
 * @dev: device
 * @fn: the function; may sleep
 * @data: handed on
 *
 * These are its own and those of the devices in its group; all of a group are told the
 * same use.
 *
 * Context: may sleep; takes dmar_inventory_lock for reading.
 */
void vtd_reserved_each(struct device *dev, vtd_rmrr_fn fn, void *data)
{
	struct dmar_rmrr_unit *rmrr;
	struct device *owner;

	KUNIT_STATIC_STUB_REDIRECT(vtd_reserved_each, dev, fn, data);
	down_read(&dmar_inventory_lock);
	list_for_each_entry(rmrr, &dmar_rmrr_units, list) {
		owner = reserved_owner(rmrr, dev);
		if (owner)
			fn(rmrr, owner, reserved_group_use(rmrr, dev, owner), data);
	}
	up_read(&dmar_inventory_lock);
}

struct vtd_reserved_report {
	struct device *dev;
	struct list_head *head;
};

static void reserved_one(const struct dmar_rmrr_unit *rmrr, struct device *owner,
			 enum vtd_rmrr_use use, void *data)
{
	/* "Reserved": nobody gets these addresses, and domain/kept.c maps them */
	static const enum iommu_resv_type types[] = {
		[VTD_RMRR_FIRM] = IOMMU_RESV_DIRECT,
		[VTD_RMRR_QUIET] = IOMMU_RESV_DIRECT_RELAXABLE,
		[VTD_RMRR_RELAXED] = IOMMU_RESV_DIRECT_RELAXABLE,
		[VTD_RMRR_KEPT] = IOMMU_RESV_RESERVED,
	};
	const struct vtd_reserved_report *report = data;

	reserved_add(report->dev, report->head, rmrr->base,
		     rmrr->end - rmrr->base + 1, VTD_RESERVED_PROT, types[use]);
}

/**
 * vtd_reserved_regions - report the reserved regions of a device
 * @dev: device
 * @head: list of struct iommu_resv_region to add to
 *
 * Implements iommu_ops.get_resv_regions.
 *
 * Context: may sleep; takes dmar_inventory_lock for reading.
 */
void vtd_reserved_regions(struct device *dev, struct list_head *head)
{
	struct vtd_reserved_report report = { .dev = dev, .head = head };

	vtd_reserved_each(dev, reserved_one, &report);

	/* ISA DMA of the floppy controller bypasses the DMA API */
	if (IS_ENABLED(CONFIG_INTEL_IOMMU_FLOPPY_WA) && dev_is_pci(dev) &&
	    (to_pci_dev(dev)->class >> 8) == PCI_CLASS_BRIDGE_ISA)
		reserved_add(dev, head, 0, SZ_16M, VTD_RESERVED_PROT,
			     IOMMU_RESV_DIRECT_RELAXABLE);

	reserved_add(dev, head, VTD_MSI_WINDOW, VTD_MSI_WINDOW_SIZE, 0,
		     IOMMU_RESV_MSI);
}

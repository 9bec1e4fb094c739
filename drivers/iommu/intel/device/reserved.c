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
 * vtd_reserved_each - call a function for each of firmware's regions of a device
 * @dev: device
 * @fn: the function; may sleep
 * @data: handed on
 *
 * These are its own and those of the devices in its group.
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
			fn(rmrr, owner, reserved_use(owner), data);
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

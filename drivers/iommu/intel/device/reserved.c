// SPDX-License-Identifier: GPL-2.0
/*
 * Reserved regions of a device: what firmware's RMRR structures claim, the
 * floppy's window, and the interrupt window.
 */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/iommu.h>
#include <linux/pci.h>
#include <linux/rwsem.h>
#include <linux/sizes.h>

#include "acpi/inventory.h"
#include "device/device.h"
#include "device/reserved.h"

#define VTD_RESERVED_PROT	(IOMMU_READ | IOMMU_WRITE)

static void vtd_reserved_add(struct device *dev, struct list_head *head, u64 base,
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
static enum iommu_resv_type vtd_reserved_type(struct device *dev)
{
	if (vtd_device_is_usb(dev) || vtd_device_is_graphics(dev))
		return IOMMU_RESV_DIRECT_RELAXABLE;
	return IOMMU_RESV_DIRECT;
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
	enum iommu_resv_type type = vtd_reserved_type(dev);
	struct dmar_rmrr_unit *rmrr;

	down_read(&dmar_inventory_lock);
	list_for_each_entry(rmrr, &dmar_rmrr_units, list)
		if (dmar_scopes_contain(&rmrr->scopes, rmrr->segment, dev))
			vtd_reserved_add(dev, head, rmrr->base,
					 rmrr->end - rmrr->base + 1,
					 VTD_RESERVED_PROT, type);
	up_read(&dmar_inventory_lock);

	/* ISA DMA of the floppy controller bypasses the DMA API */
	if (IS_ENABLED(CONFIG_INTEL_IOMMU_FLOPPY_WA) && dev_is_pci(dev) &&
	    (to_pci_dev(dev)->class >> 8) == PCI_CLASS_BRIDGE_ISA)
		vtd_reserved_add(dev, head, 0, SZ_16M, VTD_RESERVED_PROT,
				 IOMMU_RESV_DIRECT_RELAXABLE);

	vtd_reserved_add(dev, head, VTD_MSI_WINDOW, VTD_MSI_WINDOW_SIZE, 0,
			 IOMMU_RESV_MSI);
}

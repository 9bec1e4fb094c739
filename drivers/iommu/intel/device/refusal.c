// SPDX-License-Identifier: GPL-2.0
/*
 * Says why a device with a reserved region is not assigned, and what the user
 * can do; and says so loudly when the user did.
 *
 * The core refuses without asking the driver: it compares types of regions.  But
 * whoever is about to hand a device on asks before whether its DMA is coherent
 * (VFIO when a device is bound to it, iommufd when it is opened), and nobody else
 * does.  That is the moment.
 */
#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/iommu.h>
#include <linux/panic.h>
#include <linux/pci.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>

#include "acpi/inventory.h"
#include "device/reserved.h"

static const char *refusal_source(const struct dmar_rmrr_unit *rmrr, char *buf, size_t size)
{
	if (rmrr->from_user)
		return "intel_iommu.rmrr=";
	scnprintf(buf, size, "structure %u of firmware's DMAR table", rmrr->index);
	return buf;
}

static void refusal_region(const struct dmar_rmrr_unit *rmrr, struct device *owner,
			   enum vtd_rmrr_use use, void *data)
{
	struct device *dev = data;
	const char *name = dev_name(owner);
	char buf[48];

	if (use != VTD_RMRR_FIRM)
		return;
	dev_warn(dev, "DMAR: cannot be assigned: firmware and %s use memory %#llx-%#llx (%llu KiB) together (RMRR, %s), at any time and behind the kernel's back\n",
		 name, rmrr->base, rmrr->end, (rmrr->end - rmrr->base + 1) >> 10,
		 refusal_source(rmrr, buf, sizeof(buf)));
	dev_warn(dev, "DMAR: boot with intel_iommu.keep_rmrr=%s to assign it and keep that memory mapped, for management controllers; or with intel_iommu.relax_rmrr=%s if nothing needs the memory any more (intel_iommu=relax_rmrr: all devices)\n",
		 name, name);
}

/**
 * vtd_refusal_explain - a device is about to be handed to a user
 * @dev: device that has been probed
 *
 * Names each region that forbids it, those of its group too.
 *
 * Context: may sleep; takes dmar_inventory_lock for reading.
 */
void vtd_refusal_explain(struct device *dev)
{
	static DEFINE_RATELIMIT_STATE(limit, 5 * HZ, 10);

	/* A user may open a device again and again */
	if (__ratelimit(&limit))
		vtd_reserved_each(dev, refusal_region, dev);
}

static void refusal_exception(const struct dmar_rmrr_unit *rmrr, struct device *owner,
			      enum vtd_rmrr_use use, void *data)
{
	char buf[48];

	if (owner != data)
		return;
	if (use == VTD_RMRR_KEPT)
		dev_warn(owner, "DMAR: may be assigned, and keeps memory %#llx-%#llx (RMRR, %s) in every domain: intel_iommu.keep_rmrr=\n",
			 rmrr->base, rmrr->end, refusal_source(rmrr, buf, sizeof(buf)));
	if (use != VTD_RMRR_RELAXED)
		return;
	dev_warn(owner, "DMAR: may be assigned AGAINST FIRMWARE'S WISH: relax_rmrr was given. Once it is, what firmware does through memory %#llx-%#llx (RMRR, %s) fails\n",
		 rmrr->base, rmrr->end, refusal_source(rmrr, buf, sizeof(buf)));
	add_taint(TAINT_FIRMWARE_WORKAROUND, LOCKDEP_STILL_OK);
}

/**
 * vtd_refusal_probe - say which of a new device's regions the user overrules
 * @dev: device, in probe
 *
 * Context: may sleep; takes dmar_inventory_lock for reading.
 */
void vtd_refusal_probe(struct device *dev)
{
	vtd_reserved_each(dev, refusal_exception, dev);
}

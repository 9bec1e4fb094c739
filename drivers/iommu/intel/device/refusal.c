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
#include <linux/slab.h>
#include <linux/string.h>

#include "acpi/inventory.h"
#include "device/choice.h"
#include "device/reserved.h"

static const char *refusal_source(const struct dmar_rmrr_unit *rmrr, char *buf, size_t size)
{
	if (rmrr->from_user)
		return "intel_iommu.rmrr=";
	scnprintf(buf, size, "structure %u of firmware's DMAR table", rmrr->index);
	return buf;
}

/* Names in one line, and in one parameter */
#define REFUSAL_NAMES	VTD_CHOICES_MAX

/**
 * struct refusal_names - devices that firmware shares memory with
 * @count: those in @name
 * @name: each once
 * @more: there were more than one line holds
 */
struct refusal_names {
	unsigned int count;
	char name[REFUSAL_NAMES][20];
	bool more;
};

/**
 * struct refusal - why a device is not assigned, while it is found out
 * @dev: the device
 * @region: whom the region at hand means
 * @all: whom any of them means
 */
struct refusal {
	struct device *dev;
	struct refusal_names region;
	struct refusal_names all;
};

static void refusal_note(struct refusal_names *names, const char *name)
{
	for (unsigned int i = 0; i < names->count; i++) {
		if (!strcmp(names->name[i], name))
			return;
	}
	if (names->count < REFUSAL_NAMES)
		strscpy(names->name[names->count++], name, sizeof(names->name[0]));
	else
		names->more = true;
}

static const char *refusal_list(const struct refusal_names *names, const char *between,
				char *buf, size_t size)
{
	size_t len = 0;

	buf[0] = '\0';
	for (unsigned int i = 0; i < names->count; i++)
		len += scnprintf(buf + len, size - len, "%s%s", i ? between : "", names->name[i]);
	if (names->more)
		scnprintf(buf + len, size - len, "%s...", between);
	return buf;
}

static void refusal_owner(const struct dmar_rmrr_unit *rmrr, struct device *owner,
			  enum vtd_rmrr_use use, void *data)
{
	struct refusal *why = data;

	if (use != VTD_RMRR_FIRM)
		return;
	refusal_note(&why->region, dev_name(owner));
	refusal_note(&why->all, dev_name(owner));
}

static void refusal_region(const struct dmar_rmrr_unit *rmrr, struct device *first,
			   enum vtd_rmrr_use use, void *data)
{
	struct refusal *why = data;
	char list[REFUSAL_NAMES * 22 + 8], buf[48];

	why->region = (struct refusal_names) { };
	vtd_reserved_owners(rmrr, why->dev, refusal_owner, why);
	if (!why->region.count)
		return;
	dev_warn(why->dev, "DMAR: cannot be assigned: firmware and %s use memory %#llx-%#llx (%llu KiB) together (RMRR, %s), at any time and behind the kernel's back\n",
		 refusal_list(&why->region, ", ", list, sizeof(list)), rmrr->base, rmrr->end,
		 (rmrr->end - rmrr->base + 1) >> 10, refusal_source(rmrr, buf, sizeof(buf)));
}

static void refusal_ways_out(const struct refusal *why)
{
	char list[REFUSAL_NAMES * 21 + 8];

	if (!why->all.count)
		return;
	refusal_list(&why->all, ",", list, sizeof(list));
	dev_warn(why->dev, "DMAR: boot with intel_iommu.keep_rmrr=%s to assign it and keep that memory mapped, for management controllers; or with intel_iommu.relax_rmrr=%s if nothing needs the memory any more (intel_iommu=relax_rmrr: all devices)\n",
		 list, list);
}

/**
 * vtd_refusal_explain - a device is about to be handed to a user
 * @dev: device that has been probed
 *
 * Names each region that forbids it and all in its group whom the region means, since
 * each of these has to be excepted.
 *
 * Context: may sleep; takes dmar_inventory_lock for reading.
 */
void vtd_refusal_explain(struct device *dev)
{
	static DEFINE_RATELIMIT_STATE(limit, 5 * HZ, 10);
	struct refusal *why;

	/* A user may open a device again and again */
	if (!__ratelimit(&limit))
		return;
	why = kzalloc(sizeof(*why), GFP_KERNEL);
	if (!why)
		return;
	why->dev = dev;
	vtd_reserved_each(dev, refusal_region, why);
	refusal_ways_out(why);
	kfree(why);
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

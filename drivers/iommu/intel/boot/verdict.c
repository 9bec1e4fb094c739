// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's side of the policy.  All that is read is read here, so that
 * policy.c stays a function of its arguments.
 */
#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/crash_dump.h>
#include <linux/crash_reserve.h>
#include <linux/iommu.h>
#include <linux/memblock.h>
#include <linux/pci.h>
#include <linux/pfn.h>
#include <linux/printk.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/tboot.h>

#include <asm/iommu.h>

#include "../dma-iommu.h"
#include "acpi/flags.h"
#include "acpi/inventory.h"
#include "boot/options.h"
#include "boot/remap.h"
#include "boot/verdict.h"
#include "context/image.h"
#include "device/device.h"
#include "device/exceptions.h"
#include "domain/stage.h"
#include "domain/static.h"
#include "pgtable/pgtable.h"
#include "unit/quirks.h"
#include "unit/unit.h"

static struct vtd_policy verdict __ro_after_init;
static bool sound_needs_identity __ro_after_init;

/**
 * vtd_verdict_config - what Kconfig says when the command line says nothing
 */
enum vtd_default __init vtd_verdict_config(void)
{
	if (IS_ENABLED(CONFIG_INTEL_IOMMU_DEFAULT_OFF))
		return VTD_DEFAULT_OFF;
	if (IS_ENABLED(CONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF))
		return VTD_DEFAULT_ON_INTGPU_OFF;
	return VTD_DEFAULT_ON;
}

static bool __init has_external_ports(void)
{
	struct pci_dev *pdev = NULL;

	for_each_pci_dev(pdev) {
		if (pdev->external_facing || pdev->untrusted) {
			pci_dev_put(pdev);
			return true;
		}
	}
	return false;
}

/* A unit that will not be used must not decide for the others */
static bool __init has_caching_mode(void)
{
	const struct dmar_drhd_unit *drhd;
	bool found = false;

	down_read(&dmar_inventory_lock);
	list_for_each_entry(drhd, &dmar_drhd_units, list)
		if (!drhd->ignored && drhd->iommu && drhd->iommu->state != VTD_UNIT_DEAD)
			found |= drhd->iommu->caps.caching_mode;
	up_read(&dmar_inventory_lock);
	return found;
}

/**
 * vtd_verdict_reach - gather the facts and decide
 *
 * Context: late init, after dmar_table_init() and after the units were mapped
 * (caching mode counts); PCI is enumerated.  Takes dmar_inventory_lock.
 * Return: the verdict, which stays.
 */
const struct vtd_policy *__init vtd_verdict_reach(void)
{
	bool given, strict = vtd_options_core_strict(&given);
	const struct vtd_facts facts = {
		.options = *vtd_options(),
		.config = vtd_verdict_config(),
		.scalable_config = IS_ENABLED(CONFIG_INTEL_IOMMU_SCALABLE_MODE_DEFAULT_ON),
		.crash_reserved = IS_ENABLED(CONFIG_CRASH_RESERVE) && crashk_res.end,
		.no_iommu = no_iommu,
		.tboot = tboot_enabled(),
		.platform_opt_in = dmar_firmware_opted_in(),
		.platform_opt_out = dmar_firmware_opted_out(),
		.external_ports = has_external_ports(),
		.core_identity = iommu_default_passthrough(),
		.core_strict = strict,
		.core_strict_given = given,
		.caching_mode = has_caching_mode(),
		.graphics_quirk = vtd_quirk_skip_graphics(),
		.strict_quirk = vtd_quirk_strict(),
		.kdump = is_kdump_kernel(),
		.unverified = vtd_remap_unverified(),
	};

	sound_needs_identity = vtd_isoch_needs_identity();
	verdict = vtd_policy_decide(&facts);
	return &verdict;
}

/**
 * vtd_verdict_apply - tell the iommu core what the verdict means for it
 *
 * Context: late init, before the first unit is registered with the core.
 */
void __init vtd_verdict_apply(void)
{
	if (!verdict.enable)
		return;
	if (verdict.make_identity_default)
		iommu_set_default_passthrough(false);
	if (verdict.set_strict)
		iommu_set_dma_strict();
	if (verdict.forcedac)
		iommu_dma_forcedac = true;
	/* A measured launch outranks iommu=off, and others look at this */
	if (verdict.fatal)
		no_iommu = 0;
}

/**
 * vtd_verdict - the verdict
 *
 * Context: any, after vtd_verdict_reach(); until then nothing is enabled.
 */
const struct vtd_policy *vtd_verdict(void)
{
	return &verdict;
}

/* What its domains are, not what others could be */
static void verdict_stage(const struct intel_iommu *iommu, struct vtd_unit_facts *unit)
{
	struct vtd_pt_config cfg;

	unit->first_stage = vtd_stage_choose(&iommu->caps, iommu->scalable, false) ==
			    VTD_STAGE_FIRST;
	if (!unit->first_stage)
		return;
	vtd_stage_config(&iommu->caps, VTD_STAGE_FIRST, &cfg);
	unit->max_leaf = cfg.max_leaf;
	unit->width = cfg.width;
}

/**
 * vtd_verdict_unit - a unit as the summary tells of it
 * @drhd: the unit
 * @unit: filled; its strings live as long as the unit
 *
 * Context: any; the caller keeps @drhd alive (dmar_inventory_lock).  Reads GSTS.
 */
void vtd_verdict_unit(const struct dmar_drhd_unit *drhd, struct vtd_unit_facts *unit)
{
	struct intel_iommu *iommu = drhd->iommu;

	*unit = (struct vtd_unit_facts) { .base = drhd->reg_base_addr };
	if (!iommu) {
		unit->why_off = drhd->why_ignored ?: "registers not usable";
		return;
	}
	unit->name = iommu->name;
	unit->max_leaf = iommu->caps.max_leaf;
	unit->width = iommu->caps.width;
	unit->coherent = iommu->caps.walks_coherent;
	unit->scalable = iommu->scalable;
	verdict_stage(iommu, unit);
	unit->pass_through = iommu->caps.pass_through;
	if (iommu->state == VTD_UNIT_DEAD) {
		unit->why_off = iommu->why_dead;
		return;
	}
	unit->translating = vtd_unit_translating(iommu);
	if (drhd->ignored)
		unit->why_off = drhd->why_ignored ?:
				drhd->gfx_dedicated ? verdict.why_graphics : NULL;
}

/**
 * vtd_verdict_summary - the summary line of this moment
 * @buf: filled with the line, without newline
 * @size: of @buf; VTD_SUMMARY_SIZE is meant
 *
 * Context: may sleep; takes dmar_inventory_lock.
 * Return: length of the line, or -ENOMEM.
 */
int vtd_verdict_summary(char *buf, size_t size)
{
	struct dmar_drhd_unit *drhd;
	struct vtd_unit_facts *unit;
	unsigned int count = 0;
	int len = -ENOMEM;

	down_read(&dmar_inventory_lock);
	unit = kcalloc(list_count_nodes(&dmar_drhd_units) + 1, sizeof(*unit), GFP_KERNEL);
	if (unit) {
		list_for_each_entry(drhd, &dmar_drhd_units, list)
			vtd_verdict_unit(drhd, &unit[count++]);
		len = vtd_policy_summary(buf, size, &verdict, unit, count);
		kfree(unit);
	}
	up_read(&dmar_inventory_lock);
	return len;
}

/* Without pass-through, identity means tables, and these end at the width */
static bool identity_works(struct intel_iommu *iommu)
{
	struct vtd_image image;

	if (iommu->caps.pass_through)
		return true;
	if ((PFN_PHYS(max_pfn) - 1) >> iommu->caps.width)
		return false;
	return !vtd_static_image(iommu, &image);
}

static void tell_refused_identity(struct device *dev, const struct vtd_device_facts *facts)
{
	const char *why = NULL;

	if (facts->untrusted)
		why = "the device is external";
	else if (!facts->identity_works)
		why = "its unit cannot reach all memory that way";
	else if (facts->wants_translation)
		why = "intel_iommu.translate= names it too";
	if (why)
		dev_warn(dev, "DMAR: intel_iommu.identity= ignored: %s\n", why);
}

/**
 * vtd_verdict_domain_type - iommu_ops.def_domain_type
 * @dev: device that has been probed
 *
 * Context: the core holds the group's mutex.
 * Return: IOMMU_DOMAIN_DMA, IOMMU_DOMAIN_IDENTITY, or 0: as the core likes.
 */
int vtd_verdict_domain_type(struct device *dev)
{
	struct vtd_device_facts facts = {
		.identity_works = true,
		.inherits = vtd_device_of(dev)->inherits,
	};
	struct pci_dev *pdev;

	if (dev_is_pci(dev)) {
		pdev = to_pci_dev(dev);
		facts.untrusted = pdev->untrusted;
		facts.integrated_graphics = vtd_device_is_graphics(dev) &&
					    pdev->vendor == PCI_VENDOR_ID_INTEL &&
					    pci_is_root_bus(pdev->bus);
		facts.needs_identity = sound_needs_identity &&
				       pdev->vendor == PCI_VENDOR_ID_INTEL &&
				       pdev->device == VTD_ISOCH_SOUND;
	}
	facts.wants_identity = vtd_exception_identity(dev);
	facts.wants_translation = vtd_exception_translate(dev);
	/* Asked only where it matters: the answer may cost tables of all RAM */
	if (verdict.identity || facts.needs_identity || facts.wants_identity ||
	    (facts.integrated_graphics && !verdict.translate_intgpu))
		facts.identity_works = identity_works(vtd_device_of(dev)->iommu);
	if (facts.wants_identity)
		tell_refused_identity(dev, &facts);
	return vtd_policy_domain_type(&verdict, &facts);
}

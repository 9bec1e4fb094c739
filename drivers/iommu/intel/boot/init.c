// SPDX-License-Identifier: GPL-2.0
/*
 * Late init, from firmware's table to translation, and the way back.
 *
 *	intel_iommu_init		init_undo, intel_iommu_shutdown
 *	  dmar_table_init		  dmar_table_exit
 *	  dmar_dev_scope_init		  dmar_dev_scope_exit
 *	  init_map			  vtd_init_unmap
 *	  vtd_verdict_reach, _apply
 *	  init_dmars			  vtd_start_stop
 *	  vtd_hotplug_init
 *	  vtd_pm_init
 */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/dmar.h>
#include <linux/init.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/rwsem.h>

#include "acpi/build.h"
#include "acpi/devices.h"
#include "acpi/extra.h"
#include "acpi/inventory.h"
#include "boot/hotplug.h"
#include "boot/init.h"
#include "boot/map.h"
#include "boot/options.h"
#include "boot/pm.h"
#include "boot/remap.h"
#include "boot/start.h"
#include "boot/verdict.h"
#include "device/choice.h"
#include "device/exceptions.h"
#include "unit/unit.h"

static void __init init_map(void)
{
	struct dmar_drhd_unit *drhd;

	list_for_each_entry(drhd, &dmar_drhd_units, list)
		vtd_start_map(drhd);
}

/* Units that are not to be used, among them graphics where it must not translate */
static void __init init_leave_out(const struct vtd_policy *policy)
{
	struct dmar_drhd_unit *drhd;

	list_for_each_entry(drhd, &dmar_drhd_units, list) {
		if (drhd->gfx_dedicated && !policy->translate_graphics)
			drhd->ignored = true;
		if (drhd->ignored)
			vtd_start_leave_off(drhd, true);
	}
}

/* Translation is not wanted at all */
static void __init init_leave_off(const struct vtd_policy *policy)
{
	struct dmar_drhd_unit *drhd;

	list_for_each_entry(drhd, &dmar_drhd_units, list)
		vtd_start_leave_off(drhd, policy->drop_protected);
}

static void __init init_undo(void)
{
	struct dmar_drhd_unit *drhd;

	/* Interrupts go on through the units, and devices come and go */
	if (vtd_remap_active()) {
		vtd_remap_alone();
		vtd_hotplug_init();
		return;
	}
	list_for_each_entry(drhd, &dmar_drhd_units, list)
		vtd_start_stop(drhd);
	dmar_dev_scope_exit();
	dmar_table_exit();
}

static int __init init_dmars(const struct vtd_policy *policy)
{
	init_leave_out(policy);
	vtd_verdict_apply();
	if (!vtd_start_all())
		return -ENODEV;
	return 0;
}

/* The one line that tells the truth about everything */
static void init_summary(void)
{
	char line[VTD_SUMMARY_SIZE];

	if (vtd_verdict_summary(line, sizeof(line)) > 0)
		pr_info("%s\n", line);
}

static int __init init_user_regions(void)
{
	const struct vtd_user_region *region;
	unsigned int i, count = vtd_exception_regions(&region);
	int ret = 0;

	for (i = 0; i < count && !ret; i++)
		ret = vtd_inventory_add_region(region[i].base, region[i].end,
					       region[i].segment, region[i].rid);
	return ret;
}

static int __init init_inventory(void)
{
	const struct dmar_override *override;
	unsigned int count = vtd_options_overrides(&override);
	int ret = dmar_table_init(override, count), found;

	if (ret)
		return ret;
	ret = init_user_regions();
	/* Interrupts ask for a device's unit, whatever becomes of translation */
	found = dmar_dev_scope_init();
	return ret ?: found;
}

static int __init init_all(const struct vtd_policy **policy)
{
	int ret = init_inventory();

	vtd_remap_devices();
	if (ret) {
		pr_warn("no usable table of remapping units (%d): DMA is not translated\n",
			ret);
		/* Without units too: a measured launch ends here */
		*policy = vtd_verdict_reach();
		init_undo();
		return ret;
	}
	init_map();
	*policy = vtd_verdict_reach();
	if ((*policy)->enable)
		ret = init_dmars(*policy);
	else
		init_leave_off(*policy);
	init_summary();
	if (!ret && (*policy)->enable)
		return 0;
	init_undo();
	return ret ?: -ENODEV;
}

/**
 * intel_iommu_init - late init
 *
 * Set as x86_init.iommu.iommu_init by detect_intel_iommu(); runs as a
 * rootfs_initcall, when PCI has been enumerated.
 *
 * Return: 0 when at least one unit translates, else -errno: the machine goes on
 * without translation.
 */
int __init intel_iommu_init(void)
{
	const struct vtd_policy *policy = NULL;
	int ret = init_all(&policy);

	if (ret) {
		/* The measurement promised translation: nothing may run without */
		if (policy && policy->fatal)
			panic("DMAR: measured launch demands DMA remapping, which failed (%d)",
			      ret);
		return ret;
	}
	vtd_exceptions_check();
	vtd_hotplug_init();
	vtd_pm_init();
	intel_iommu_enabled = 1;
	pr_info("IOMMU enabled\n");
	pr_info("Intel(R) Virtualization Technology for Directed I/O\n");
	return 0;
}

/**
 * intel_iommu_shutdown - leave the hardware as the next kernel expects it
 *
 * Set as x86_platform.iommu_shutdown; reboot and kexec call it.
 *
 * Context: the end: nothing is added to the lists any more, so no lock.
 */
void intel_iommu_shutdown(void)
{
	struct dmar_drhd_unit *drhd;
	struct intel_iommu *iommu;

	if (!intel_iommu_enabled)
		return;
	rcu_read_lock();
	list_for_each_entry_rcu(drhd, &dmar_drhd_units, list) {
		iommu = READ_ONCE(drhd->iommu);
		/* One that was lost may still obey this */
		if (iommu && vtd_unit_translating(iommu))
			vtd_unit_translation(iommu, false);
	}
	rcu_read_unlock();
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Bringing units up, step by step, and down again.
 *
 * All units take a step before any takes the next one: a device's requests
 * may pass more than one unit, and the core probes the devices of all units
 * when the first one registers.  A unit that fails a step goes back down its
 * own steps and is left off; the others go on.
 */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/dmar.h>
#include <linux/export.h>
#include <linux/iommu.h>
#include <linux/printk.h>
#include <linux/rwsem.h>

#include "acpi/inventory.h"
#include "boot/faults.h"
#include "boot/leftover.h"
#include "boot/map.h"
#include "boot/remap.h"
#include "boot/start.h"
#include "boot/verdict.h"
#include "context/context.h"
#include "context/inherit.h"
#include "device/stray.h"
#include "domain/static.h"
#include "irq/ir_table.h"
#include "unit/prq.h"
#include "unit/queue.h"
#include "unit/unit.h"

/* Others test it; late init sets it once some unit translates */
int intel_iommu_enabled;
EXPORT_SYMBOL_GPL(intel_iommu_enabled);

const struct iommu_ops *vtd_start_ops;
const struct attribute_group **vtd_start_groups;

static int start_quiet(struct intel_iommu *iommu)
{
	return vtd_leftover_quiet(iommu, vtd_verdict()->keep_tables);
}

/* Interrupt remapping needs the queue as well, and started it long before */
static void dmar_disable_qi(struct intel_iommu *iommu)
{
	if (vtd_ir_live(iommu))
		return;
	vtd_queue_disable(iommu);
	vtd_queue_exit(iommu);
}

/* A queue that does not start stays until nobody looks at the unit any more */
static int dmar_enable_qi(struct intel_iommu *iommu)
{
	if (vtd_ir_live(iommu))
		return 0;
	return vtd_queue_init(iommu) ?: vtd_queue_enable(iommu);
}

static int start_root(struct intel_iommu *iommu)
{
	int ret = iommu_alloc_root_entry(iommu, iommu->scalable ? &vtd_scalable_mode :
							 &vtd_legacy_mode);

	if (ret)
		return ret;
	if (vtd_verdict()->keep_tables && vtd_unit_translating(iommu))
		vtd_inherit(iommu);
	ret = iommu_set_root_entry(iommu);
	/* The unit may point at it by now: a page lost is better than one reused */
	if (ret)
		vtd_context_abandon(iommu);
	return ret;
}

static void start_root_off(struct intel_iommu *iommu)
{
	/*
	 * The fault thread has stopped, or goes on for interrupts only: who was
	 * silenced in these tables is forgotten before they go.
	 */
	vtd_stray_forget(iommu);
	/* A unit that could not be stopped goes on reading its tables */
	if (!vtd_unit_translating(iommu))
		vtd_context_free(iommu);
}

static int start_identity(struct intel_iommu *iommu)
{
	if (iommu->caps.pass_through || !vtd_verdict()->identity)
		return 0;
	return si_domain_init(iommu);
}

/* Without them devices cannot ask for pages, but the unit still protects */
static int start_pages(struct intel_iommu *iommu)
{
	int ret = vtd_prq_init(iommu);

	if (ret)
		pr_warn("%s: no page request queue (%d): devices cannot ask for pages\n",
			iommu->name, ret);
	return 0;
}

static int start_sysfs(struct intel_iommu *iommu)
{
	return iommu_device_sysfs_add(&iommu->iommu, NULL, vtd_start_groups, "%s",
				      iommu->name);
}

static void start_sysfs_off(struct intel_iommu *iommu)
{
	iommu_device_sysfs_remove(&iommu->iommu);
}

static int start_register(struct intel_iommu *iommu)
{
	iommu->state = VTD_UNIT_READY;
	/* The core asks devices for no more than that; it looks when it probes them */
	if (iommu->scalable && iommu->caps.pasid_bits)
		iommu->iommu.max_pasids = BIT(iommu->caps.pasid_bits);
	return iommu_device_register(&iommu->iommu, vtd_start_ops, NULL);
}

static void start_unregister(struct intel_iommu *iommu)
{
	iommu_device_unregister(&iommu->iommu);
}

static void iommu_disable_translation(struct intel_iommu *iommu)
{
	vtd_unit_translation(iommu, false);
	iommu->state = VTD_UNIT_OFF;
}

static int iommu_enable_translation(struct intel_iommu *iommu)
{
	int ret;

	/* Lost since it became ready: without invalidation nothing may be cached */
	if (READ_ONCE(iommu->why_dead))
		return -EIO;
	WRITE_ONCE(iommu->state, VTD_UNIT_ON);
	/* Unmaps tell a device before it can cache: pairs with vtd_flush_domain() */
	smp_mb();
	ret = vtd_unit_translation(iommu, true);
	if (ret) {
		/* It may obey late, when its tables are gone */
		vtd_unit_translation(iommu, false);
		WRITE_ONCE(iommu->state, VTD_UNIT_READY);
	}
	return ret;
}

/* Only now: until translation is on, these regions are what protects */
static int start_open(struct intel_iommu *iommu)
{
	vtd_leftover_open(iommu);
	return 0;
}

/**
 * struct vtd_step - a step on the way up
 * @what: for the log, when it fails
 * @up: 0 or -errno
 * @down: its mirror image, NULL if there is nothing to undo
 */
struct vtd_step {
	const char *what;
	int (*up)(struct intel_iommu *iommu);
	void (*down)(struct intel_iommu *iommu);
};

/* The order is the specification's, chapter 11.4.4, and the core's */
static const struct vtd_step vtd_steps[] = {
	{ "cannot quiet the unit", start_quiet },
	{ "cannot start invalidation", dmar_enable_qi, dmar_disable_qi },
	{ "cannot set the root table", start_root, start_root_off },
	{ "cannot build identity tables", start_identity, vtd_static_exit },
	{ "cannot set up faults", vtd_start_faults, vtd_start_faults_off },
	{ "cannot take page requests", start_pages, vtd_prq_exit },
	{ "cannot create sysfs files", start_sysfs, start_sysfs_off },
	{ "cannot register", start_register, start_unregister },
	{ "cannot enable translation", iommu_enable_translation, iommu_disable_translation },
	{ "cannot open protected memory", start_open },
};

static void start_undo(struct intel_iommu *iommu, int from)
{
	while (from--)
		if (vtd_steps[from].down)
			vtd_steps[from].down(iommu);
}

/* Who looks at it, under the lock or under RCU, has finished after this */
static struct intel_iommu *start_hide(struct dmar_drhd_unit *drhd)
{
	struct intel_iommu *iommu = drhd->iommu;

	down_write(&dmar_inventory_lock);
	WRITE_ONCE(drhd->iommu, NULL);
	up_write(&dmar_inventory_lock);
	synchronize_rcu();
	return iommu;
}

/* Undoes the first @steps, and whatever else there is of the unit */
static void start_drop(struct dmar_drhd_unit *drhd, int steps)
{
	struct intel_iommu *iommu = start_hide(drhd);

	vtd_start_faults_end(iommu);
	/* Half way up: the core lets the devices go that it has probed */
	if (steps < ARRAY_SIZE(vtd_steps)) {
		start_undo(iommu, steps);
		steps = 0;
	}
	if (!xa_empty(&iommu->rids)) {
		pr_err("%s: goes while devices use it: left as it is\n", iommu->name);
		return;
	}
	start_undo(iommu, steps);
	vtd_stray_forget(iommu);
	if (vtd_remap_unit_down(iommu)) {
		pr_err("%s: goes while interrupts use it: it is kept\n", iommu->name);
		return;
	}
	dmar_disable_qi(iommu);
	vtd_unit_free(iommu);
}

static bool start_usable(const struct dmar_drhd_unit *drhd)
{
	return !drhd->ignored && drhd->iommu && drhd->iommu->state != VTD_UNIT_DEAD;
}

static void start_fail(struct dmar_drhd_unit *drhd, int step, int err)
{
	struct intel_iommu *iommu = drhd->iommu;

	pr_err("%s: %s (%d): unit is left off\n", iommu->name,
	       vtd_steps[step].what, err);
	start_undo(iommu, step);
	iommu->state = VTD_UNIT_DEAD;
	iommu->why_dead = vtd_steps[step].what;
	drhd->ignored = true;
	vtd_start_name_devices(drhd);
}

static int start_take(struct dmar_drhd_unit *drhd, int step)
{
	int ret = vtd_steps[step].up(drhd->iommu);

	if (ret)
		start_fail(drhd, step, ret);
	return ret;
}

/* What the user's words and the unit's own leave of what it can do */
static void start_limit(struct intel_iommu *iommu)
{
	enum vtd_found found = vtd_leftover_mode(iommu, vtd_verdict()->keep_tables);

	if (!vtd_verdict()->large_pages) {
		iommu->caps.max_leaf = 1;
		iommu->caps.fs_leaf = 1;
	}
	iommu->scalable = vtd_policy_scalable(vtd_verdict(), &iommu->caps, found,
					      &iommu->why_legacy);
	if (iommu->scalable)
		iommu->caps.walks_coherent = iommu->caps.snoop_walks;
}

/**
 * vtd_start_unit - bring up one unit that came later (hotplug)
 * @drhd: unit, mapped
 *
 * Others may look at it already: one that fails is taken from their sight before
 * anything of it goes.
 *
 * Context: may sleep; takes dmar_inventory_lock, calls the iommu core without it.
 *
 * Return: 0, or -errno: the unit is gone then.
 */
int vtd_start_unit(struct dmar_drhd_unit *drhd)
{
	int step, ret = 0;

	start_limit(drhd->iommu);
	for (step = 0; step < ARRAY_SIZE(vtd_steps); step++) {
		ret = vtd_steps[step].up(drhd->iommu);
		if (ret)
			break;
	}
	if (!ret)
		return 0;
	pr_err("%s: %s (%d): unit is not used\n", drhd->iommu->name,
	       vtd_steps[step].what, ret);
	start_drop(drhd, step);
	drhd->ignored = true;
	vtd_start_name_devices(drhd);
	return ret;
}

/**
 * vtd_start_all - bring up all mapped units
 *
 * Late init, and single: nobody adds to the list meanwhile.
 *
 * Return: how many translate.
 */
unsigned int vtd_start_all(void)
{
	struct dmar_drhd_unit *drhd;
	unsigned int count = 0;
	int step;

	list_for_each_entry(drhd, &dmar_drhd_units, list)
		if (start_usable(drhd))
			start_limit(drhd->iommu);

	for (step = 0; step < ARRAY_SIZE(vtd_steps); step++)
		list_for_each_entry(drhd, &dmar_drhd_units, list)
			if (start_usable(drhd))
				start_take(drhd, step);

	list_for_each_entry(drhd, &dmar_drhd_units, list)
		count += start_usable(drhd);
	return count;
}

/**
 * vtd_start_leave_off - see to it that a unit translates nothing
 * @drhd: unit that is not to be used; may be unmapped
 * @open: devices behind it are used nevertheless: protected memory regions
 *	would be in their way
 *
 * Whatever firmware or an earlier kernel left on would go on with tables that
 * nobody keeps.
 */
void vtd_start_leave_off(struct dmar_drhd_unit *drhd, bool open)
{
	struct intel_iommu *iommu = drhd->iommu;

	if (!iommu || iommu->state != VTD_UNIT_OFF)
		return;
	if (open)
		vtd_leftover_open(iommu);
	vtd_leftover_quiet(iommu, false);
}

/**
 * vtd_start_stop - undo everything for one unit
 * @drhd: unit; no device uses it any more; one that is not mapped is left alone
 *
 * Should a device or an interrupt lead to the unit nevertheless, it is not freed
 * until the machine is started anew.
 *
 * Context: may sleep; takes dmar_inventory_lock, calls the iommu core without it.
 */
void vtd_start_stop(struct dmar_drhd_unit *drhd)
{
	struct intel_iommu *iommu = drhd->iommu;
	bool up;

	if (!iommu)
		return;
	/* One that died when it was up has made all steps, too */
	up = iommu->state == VTD_UNIT_ON ||
	     (iommu->state == VTD_UNIT_DEAD && !drhd->ignored);
	start_drop(drhd, up ? ARRAY_SIZE(vtd_steps) : 0);
}

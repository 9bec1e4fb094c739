// SPDX-License-Identifier: GPL-2.0
/*
 * Suspend and resume.
 *
 * Units lose their registers.  Everything they are told at resume is known
 * from boot: the queue, the root table, the interrupt, the command bits.  So
 * nothing is saved.
 *
 * A unit that was lost before is left alone when the machine goes to sleep, and
 * told everything as the others are when it wakes: the loss of power may have
 * cured it, and translation would stay off otherwise.
 *
 * The queues of all units run before anything is flushed: on some chipsets (5520,
 * X58) a flush does not end while the queue of another unit is off.
 */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/atomic.h>
#include <linux/printk.h>
#include <linux/rculist.h>

#include <kunit/visibility.h>

#include "acpi/inventory.h"
#include "boot/leftover.h"
#include "boot/pm.h"
#include "context/context.h"
#include "core/syscore.h"
#include "irq/ir_table.h"
#include "unit/event.h"
#include "unit/fault.h"
#include "unit/prq.h"
#include "unit/queue.h"
#include "unit/unit.h"

/* It translated, or was lost when it did: one that failed to start is ignored */
static bool pm_was_up(const struct dmar_drhd_unit *drhd)
{
	return drhd->iommu && !drhd->ignored &&
	       (drhd->iommu->state == VTD_UNIT_ON || drhd->iommu->state == VTD_UNIT_DEAD);
}

/**
 * vtd_pm_queue_up - start the queue of a unit that wakes
 * @drhd: the unit
 *
 * What the unit was lost for may be gone; if it is not, it is lost anew.
 *
 * Context: resume, one CPU, interrupts off.
 * Return: as vtd_queue_enable().
 */
int vtd_pm_queue_up(const struct dmar_drhd_unit *drhd)
{
	/* One that failed at boot keeps the reason, and stays off */
	if (!drhd->ignored)
		WRITE_ONCE(drhd->iommu->why_dead, NULL);
	return vtd_queue_enable(drhd->iommu);
}

/* Firmware may have left translation on, perhaps in a mode of its own */
static int pm_unit_up(struct intel_iommu *iommu)
{
	int ret = vtd_leftover_quiet(iommu, true) ?: iommu_set_root_entry(iommu);

	if (ret)
		return ret;
	vtd_event_restore(iommu);
	vtd_faults_forget(iommu);
	vtd_faults_enable(iommu);
	vtd_prq_enable(iommu);
	return vtd_unit_translation(iommu, true);
}

static void pm_unit_down(struct intel_iommu *iommu)
{
	vtd_prq_disable(iommu);
	vtd_faults_disable(iommu);
	vtd_unit_translation(iommu, false);
	if (!vtd_ir_live(iommu))
		vtd_queue_disable(iommu);
}

VISIBLE_IF_KUNIT int vtd_pm_suspend(void *data)
{
	struct dmar_drhd_unit *drhd;

	rcu_read_lock();
	list_for_each_entry_rcu(drhd, &dmar_drhd_units, list)
		if (pm_was_up(drhd) && drhd->iommu->state == VTD_UNIT_ON)
			pm_unit_down(drhd->iommu);
	rcu_read_unlock();
	return 0;
}

/* A unit that stays down blocks its devices, or lets them through: say so */
static void pm_failed(struct intel_iommu *iommu, int err)
{
	const char *why = "did not come back after suspend";

	iommu->state = VTD_UNIT_DEAD;
	pr_err("%s: %s (%d): DMA of its devices is %s, reboot\n", iommu->name, why, err,
	       vtd_unit_translating(iommu) ? "undefined" : "not translated");
	/* Not heard of yet, if it was no invalidation that failed */
	if (!cmpxchg(&iommu->why_dead, NULL, why) && iommu->unit_dead)
		iommu->unit_dead(iommu, why);
}

static void pm_finish(struct intel_iommu *iommu)
{
	bool was_lost = iommu->state == VTD_UNIT_DEAD;
	int ret = pm_unit_up(iommu);

	if (ret) {
		pm_failed(iommu, ret);
		return;
	}
	iommu->state = VTD_UNIT_ON;
	if (was_lost)
		pr_notice("%s: works again after suspend\n", iommu->name);
	vtd_leftover_open(iommu);
}

VISIBLE_IF_KUNIT void vtd_pm_resume(void *data)
{
	struct dmar_drhd_unit *drhd;

	rcu_read_lock();
	/*
	 * One whose queue does not start fails when it is used, below.  Where
	 * interrupts are remapped x86 has resumed that before, queue and all.
	 */
	list_for_each_entry_rcu(drhd, &dmar_drhd_units, list)
		if (pm_was_up(drhd) && !vtd_ir_live(drhd->iommu))
			vtd_pm_queue_up(drhd);
	list_for_each_entry_rcu(drhd, &dmar_drhd_units, list)
		if (pm_was_up(drhd))
			pm_finish(drhd->iommu);
	rcu_read_unlock();
}

VTD_CORE_SYSCORE(vtd_pm_syscore, vtd_pm_suspend, vtd_pm_resume);

/**
 * vtd_pm_init - take part in suspend
 */
void __init vtd_pm_init(void)
{
	vtd_core_syscore(vtd_pm_syscore);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Suspend and resume.
 *
 * Units lose their registers.  Everything they are told at resume is known
 * from boot: the queue, the root table, the interrupt, the command bits.  So
 * nothing is saved.
 */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/printk.h>
#include <linux/rculist.h>
#include <linux/syscore_ops.h>

#include "acpi/inventory.h"
#include "boot/pm.h"
#include "context/context.h"
#include "irq/ir_table.h"
#include "unit/event.h"
#include "unit/fault.h"
#include "unit/queue.h"
#include "unit/unit.h"

static int vtd_pm_unit_up(struct intel_iommu *iommu)
{
	int ret = 0;

	/* With interrupt remapping the queue is up again: x86 resumes that first */
	if (!vtd_ir_live(iommu))
		ret = vtd_queue_enable(iommu);
	if (ret)
		return ret;
	ret = iommu_set_root_entry(iommu);
	if (ret)
		return ret;
	vtd_event_restore(iommu);
	vtd_faults_forget(iommu);
	vtd_faults_enable(iommu);
	ret = vtd_unit_translation(iommu, true);
	return ret ?: vtd_unit_protected_memory_off(iommu);
}

static void vtd_pm_unit_down(struct intel_iommu *iommu)
{
	vtd_faults_disable(iommu);
	vtd_unit_translation(iommu, false);
	if (!vtd_ir_live(iommu))
		vtd_queue_disable(iommu);
}

static int vtd_pm_suspend(void *data)
{
	struct dmar_drhd_unit *drhd;

	rcu_read_lock();
	list_for_each_entry_rcu(drhd, &dmar_drhd_units, list)
		if (drhd->iommu && drhd->iommu->state == VTD_UNIT_ON)
			vtd_pm_unit_down(drhd->iommu);
	rcu_read_unlock();
	return 0;
}

/* A unit that stays down blocks its devices, or lets them through: say so */
static void vtd_pm_resume(void *data)
{
	struct dmar_drhd_unit *drhd;
	int ret;

	rcu_read_lock();
	list_for_each_entry_rcu(drhd, &dmar_drhd_units, list) {
		if (!drhd->iommu || drhd->iommu->state != VTD_UNIT_ON)
			continue;
		ret = vtd_pm_unit_up(drhd->iommu);
		if (!ret)
			continue;
		drhd->iommu->state = VTD_UNIT_DEAD;
		drhd->iommu->why_dead = "did not come back after suspend";
		pr_err("%s: did not come back after suspend (%d): DMA of its devices is undefined, reboot\n",
		       drhd->iommu->name, ret);
	}
	rcu_read_unlock();
}

static const struct syscore_ops vtd_pm_ops = {
	.suspend = vtd_pm_suspend,
	.resume = vtd_pm_resume,
};

static struct syscore vtd_pm_syscore = { .ops = &vtd_pm_ops };

/**
 * vtd_pm_init - take part in suspend
 */
void __init vtd_pm_init(void)
{
	register_syscore(&vtd_pm_syscore);
}

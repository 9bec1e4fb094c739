// SPDX-License-Identifier: GPL-2.0
/*
 * Having a unit's faults reported: a step of bringing it up, and all that is left
 * to do for one that remaps interrupts only.
 */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/printk.h>

#include "boot/faults.h"
#include "irq/ir_table.h"
#include "unit/event.h"
#include "unit/fault.h"
#include "unit/unit.h"

/**
 * vtd_start_faults - have a unit's faults reported
 * @iommu: the unit; one that has it already is left alone
 *
 * Context: may sleep; threads can be made.
 * Return: 0 or -ENOMEM.
 */
int vtd_start_faults(struct intel_iommu *iommu)
{
	int ret = vtd_faults_init(iommu);

	if (ret)
		return ret;
	ret = dmar_set_interrupt(iommu);
	if (!ret)
		ret = vtd_faults_enable(iommu);
	/* Interrupts were remapped, and refused, before there was a thread */
	if (!ret)
		vtd_faults_read(iommu);
	/* Without it faults go unreported, but the unit still protects */
	if (ret)
		pr_warn("%s: no fault interrupt (%d): faults will not be reported\n",
			iommu->name, ret);
	return 0;
}

/**
 * vtd_start_faults_off - undo vtd_start_faults() as a step of going down
 * @iommu: the unit; one that goes on remapping interrupts goes on reporting
 *	those that it refuses
 *
 * Context: may sleep.
 */
void vtd_start_faults_off(struct intel_iommu *iommu)
{
	if (!vtd_ir_live(iommu))
		vtd_start_faults_end(iommu);
}

/**
 * vtd_start_faults_end - no more reports, whatever the unit still does
 * @iommu: the unit
 *
 * The interrupt has the unit as its data, so it goes before the unit does, whatever
 * became of the hardware.
 *
 * Context: may sleep.
 */
void vtd_start_faults_end(struct intel_iommu *iommu)
{
	vtd_faults_disable(iommu);
	vtd_event_free(iommu);
	vtd_faults_exit(iommu);
}

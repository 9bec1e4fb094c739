// SPDX-License-Identifier: GPL-2.0
/*
 * Fault records (specification section 7.3).
 *
 * The unit fills its records in a circle and sets PPF; the interrupt comes when
 * the first error bit of FSTS goes up, and not again before all of them are
 * down.  So whoever reads must leave with all of them down, or come back: a
 * device that faults faster than records can be read is left alone for a moment
 * after a bounded number of passes.
 */
#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/bitfield.h>
#include <linux/errno.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "hw/registers.h"
#include "unit/fault.h"
#include "unit/queue_state.h"
#include "unit/unit.h"

/* Passes over all records before others get the CPU, and the pause then */
#define VTD_FAULT_PASSES	8u
#define VTD_FAULT_PAUSE_MS	10u
/* The error bits of a dead queue stay up: no interrupt comes, records are polled */
#define VTD_FAULT_POLL_MS	1000u

/* The F bit in the upper half of a record's high word: write one to clear */
#define VTD_FRCD_F_OFFSET	12u
#define VTD_FRCD_F		BIT(31)

/**
 * struct vtd_faults - fault state of a unit
 * @iommu: (c) the unit
 * @lock: one reader at a time; held while report_fault runs
 * @counts: written with @lock held
 * @limit: of lines about lost records
 * @again: reads on after a storm
 * @enabled: @again may touch the unit
 */
struct vtd_faults {
	struct intel_iommu *iommu;
	struct mutex lock;	/* one reader at a time */
	struct vtd_fault_counts counts;
	struct ratelimit_state limit;
	struct delayed_work again;
	bool enabled;
};

static u32 fault_offset(struct intel_iommu *iommu, u32 index)
{
	return iommu->caps.fault_offset + index * VTD_FRCD_SIZE;
}

/* All records that are there, in the order they came */
static void faults_pass(struct vtd_faults *faults, u32 first)
{
	struct intel_iommu *iommu = faults->iommu;
	u32 records = iommu->caps.fault_records;

	for (u32 i = 0; i < records; i++) {
		u32 offset = fault_offset(iommu, (first + i) % records);
		u64 hi = vtd_read64(&iommu->regs, offset + sizeof(u64));
		struct vtd_fault fault;

		if (!(hi & VTD_FRCD_HI_F) || hi == U64_MAX)
			return;
		vtd_fault_decode(&fault, vtd_read64(&iommu->regs, offset), hi);
		vtd_write32(&iommu->regs, offset + VTD_FRCD_F_OFFSET, VTD_FRCD_F);

		faults->counts.recorded++;
		faults->counts.interrupts += vtd_fault_is_interrupt(&fault);
		if (iommu->report_fault)
			iommu->report_fault(iommu, &fault);
	}
}

/* True if nothing is left, false to come again */
static bool faults_step(struct vtd_faults *faults)
{
	struct intel_iommu *iommu = faults->iommu;
	u32 status = vtd_read32(&iommu->regs, VTD_FSTS);

	if (status == U32_MAX)
		return true;
	/* They hold back the interrupt just as fault records do */
	if (status & VTD_FSTS_QUEUE && iommu->queue)
		vtd_queue_look(iommu);
	else if (status & VTD_FSTS_QUEUE)
		vtd_write32(&iommu->regs, VTD_FSTS, VTD_FSTS_QUEUE);
	if (status & VTD_FSTS_PPF)
		faults_pass(faults, FIELD_GET(VTD_FSTS_FRI, status));
	/* Only now, or the records that are still full would overflow once more */
	if (status & VTD_FSTS_PFO) {
		faults->counts.lost++;
		if (__ratelimit(&faults->limit))
			pr_warn("%s: faults came faster than the unit can record them; some are lost (%llu times so far)\n",
				iommu->name, faults->counts.lost);
		vtd_write32(&iommu->regs, VTD_FSTS, VTD_FSTS_PFO);
	}
	return !(status & (VTD_FSTS_QUEUE | VTD_FSTS_PPF | VTD_FSTS_PFO));
}

static unsigned long faults_pause(struct intel_iommu *iommu)
{
	bool dead = iommu->queue && READ_ONCE(iommu->queue->mode) != VTD_QUEUE_LIVE;

	return msecs_to_jiffies(dead ? VTD_FAULT_POLL_MS : VTD_FAULT_PAUSE_MS);
}

/**
 * vtd_faults_read - read, report and clear what a unit has recorded
 * @iommu: the unit; one without fault state is left alone
 *
 * Bounded: after VTD_FAULT_PASSES passes it stops and a work item goes on later.
 *
 * Context: may sleep; calls report_fault.
 */
void vtd_faults_read(struct intel_iommu *iommu)
{
	struct vtd_faults *faults = iommu->faults;
	u32 pass = 0;

	if (!faults)
		return;

	mutex_lock(&faults->lock);
	while (pass < VTD_FAULT_PASSES && !faults_step(faults))
		pass++;
	mutex_unlock(&faults->lock);

	if (pass == VTD_FAULT_PASSES && READ_ONCE(faults->enabled))
		schedule_delayed_work(&faults->again, faults_pause(iommu));
}

static void faults_again(struct work_struct *work)
{
	struct vtd_faults *faults = container_of(work, struct vtd_faults,
						 again.work);

	if (READ_ONCE(faults->enabled))
		vtd_faults_read(faults->iommu);
}

/**
 * vtd_faults_counts - totals since the unit came up
 * @iommu: the unit
 * @counts: filled in; zero for a unit without fault state
 *
 * Context: any.
 */
void vtd_faults_counts(struct intel_iommu *iommu, struct vtd_fault_counts *counts)
{
	struct vtd_faults *faults = READ_ONCE(iommu->faults);

	counts->recorded = faults ? READ_ONCE(faults->counts.recorded) : 0;
	counts->interrupts = faults ? READ_ONCE(faults->counts.interrupts) : 0;
	counts->lost = faults ? READ_ONCE(faults->counts.lost) : 0;
}

/**
 * vtd_faults_forget - throw away what a unit has recorded
 * @iommu: the unit
 *
 * What firmware, the kernel before us, or a sleeping machine left is nobody's
 * fault now.
 *
 * Context: any.
 */
void vtd_faults_forget(struct intel_iommu *iommu)
{
	for (u32 i = 0; i < iommu->caps.fault_records; i++)
		vtd_write32(&iommu->regs,
			    fault_offset(iommu, i) + VTD_FRCD_F_OFFSET,
			    VTD_FRCD_F);
	vtd_write32(&iommu->regs, VTD_FSTS,
		    VTD_FSTS_PFO | VTD_FSTS_APF | VTD_FSTS_AFO);
}

/**
 * vtd_faults_enable - have the unit tell of faults from now on
 * @iommu: the unit, with its interrupt set up
 *
 * What it recorded since vtd_faults_init() is still there, and held back the
 * interrupt: vtd_faults_read() comes next, or vtd_faults_forget() before.
 *
 * Context: any, resume with interrupts off too; takes gate_lock.
 * Return: 0, -EINVAL without vtd_faults_init(), -ENODEV if the unit is gone.
 */
int vtd_faults_enable(struct intel_iommu *iommu)
{
	unsigned long flags;

	if (!iommu->faults)
		return -EINVAL;
	if (vtd_read32(&iommu->regs, VTD_FSTS) == U32_MAX)
		return -ENODEV;

	WRITE_ONCE(iommu->faults->enabled, true);
	raw_spin_lock_irqsave(&iommu->gate_lock, flags);
	vtd_write32(&iommu->regs, VTD_FECTL, 0);
	raw_spin_unlock_irqrestore(&iommu->gate_lock, flags);
	return 0;
}

/**
 * vtd_faults_disable - no more fault interrupts
 * @iommu: the unit
 *
 * Context: any; takes gate_lock.
 */
void vtd_faults_disable(struct intel_iommu *iommu)
{
	unsigned long flags;

	if (!iommu->faults)
		return;
	WRITE_ONCE(iommu->faults->enabled, false);
	raw_spin_lock_irqsave(&iommu->gate_lock, flags);
	vtd_write32(&iommu->regs, VTD_FECTL, VTD_ECTL_IM);
	raw_spin_unlock_irqrestore(&iommu->gate_lock, flags);
}

/**
 * vtd_faults_init - allocate a unit's fault state, and start with no fault
 * @iommu: the unit; one that has it keeps it, and what was recorded since
 *
 * Context: may sleep; phase 2 of the boot: slab, but no threads.
 * Return: 0 or -ENOMEM.
 */
int vtd_faults_init(struct intel_iommu *iommu)
{
	struct vtd_faults *faults;

	if (iommu->faults)
		return 0;

	faults = iommu->faults_ended ?: kzalloc_node(sizeof(*faults), GFP_KERNEL, iommu->node);
	if (!faults)
		return -ENOMEM;
	iommu->faults_ended = NULL;
	faults->counts = (struct vtd_fault_counts) { };
	faults->iommu = iommu;
	mutex_init(&faults->lock);
	ratelimit_state_init(&faults->limit, DEFAULT_RATELIMIT_INTERVAL, 1);
	ratelimit_set_flags(&faults->limit, RATELIMIT_MSG_ON_RELEASE);
	INIT_DELAYED_WORK(&faults->again, faults_again);
	iommu->faults = faults;
	vtd_faults_forget(iommu);
	return 0;
}

/**
 * vtd_faults_exit - end the reading of a unit's faults
 * @iommu: the unit; faults are disabled and the interrupt is gone
 *
 * Its memory goes with the unit, in vtd_unit_free().
 *
 * Context: may sleep; waits for the work item.
 */
void vtd_faults_exit(struct intel_iommu *iommu)
{
	struct vtd_faults *faults = iommu->faults;

	if (!faults)
		return;
	cancel_delayed_work_sync(&faults->again);
	/* sysfs may be looking at the counts */
	iommu->faults_ended = faults;
	WRITE_ONCE(iommu->faults, NULL);
}

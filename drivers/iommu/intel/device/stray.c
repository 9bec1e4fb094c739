// SPDX-License-Identifier: GPL-2.0
/*
 * Requester ids that no device owns: a device that is gone, one that firmware
 * hides, one that lies.
 *
 * The last ones to fault have a limit in the log and a brake each, like a
 * device.  One that lies can name a new id each time, its bus has 256 and all
 * buses have 65536: so there is a limit and a brake over all strangers of a unit
 * as well.  While that brake is on, each that faults is silenced at once.
 */

#include <linux/array_size.h>
#include <linux/bitops.h>
#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "context/context.h"
#include "device/rid.h"
#include "device/storm.h"
#include "device/stray.h"
#include "unit/unit.h"

/* In so long a time, so many lines about one id, and about all of a unit's */
#define VTD_STRAY_INTERVAL	(5 * HZ)
#define VTD_STRAY_BURST		5
#define VTD_STRAYS_BURST	20

static void stray_limit(struct vtd_stray_lines *lines, int burst)
{
	ratelimit_state_init(&lines->dma, VTD_STRAY_INTERVAL, burst);
	ratelimit_set_flags(&lines->dma, RATELIMIT_MSG_ON_RELEASE);
	ratelimit_state_init(&lines->interrupts, VTD_STRAY_INTERVAL, burst);
	ratelimit_set_flags(&lines->interrupts, RATELIMIT_MSG_ON_RELEASE);
}

/* An id that a device came with meanwhile may have been silenced once more */
static void stray_unmute(struct intel_iommu *iommu, u16 id)
{
	struct vtd_rid *rid = vtd_rid_find(iommu, id);

	if (!rid || !rid->storm.muted)
		vtd_context_mute(iommu, id, false);
}

/* All are heard again, and none has a past: windows are told apart by when they began */
static void strays_anew(struct vtd_strays *strays)
{
	unsigned int i;

	strays->storm = (struct vtd_storm) { .window_start = jiffies };
	for (i = 0; i < ARRAY_SIZE(strays->place); i++)
		strays->place[i].window_count = 0;
}

/* The lock is dropped between ids: there may be many, and each is flushed */
static void stray_rearm(struct work_struct *work)
{
	struct vtd_strays *strays = container_of(to_delayed_work(work),
						 struct vtd_strays, rearm);
	unsigned long id = 0;

	mutex_lock(&strays->iommu->device_lock);
	strays_anew(strays);
	while ((id = find_next_bit(strays->muted, VTD_STRAY_IDS, id)) < VTD_STRAY_IDS) {
		__clear_bit(id, strays->muted);
		stray_unmute(strays->iommu, id);
		mutex_unlock(&strays->iommu->device_lock);
		cond_resched();
		mutex_lock(&strays->iommu->device_lock);
	}
	mutex_unlock(&strays->iommu->device_lock);
}

/* Most units never have any */
static struct vtd_strays *strays_of(struct intel_iommu *iommu)
{
	struct vtd_strays *strays = iommu->strays;

	if (strays)
		return strays;
	strays = kzalloc(sizeof(*strays), GFP_KERNEL);
	if (!strays)
		return NULL;
	strays->iommu = iommu;
	strays->storm.window_start = jiffies;
	stray_limit(&strays->lines, VTD_STRAYS_BURST);
	INIT_DELAYED_WORK(&strays->rearm, stray_rearm);
	iommu->strays = strays;
	return strays;
}

static struct vtd_stray *stray_find(struct vtd_strays *strays, u16 rid)
{
	struct vtd_stray *stray;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(strays->place); i++)
		if (strays->place[i].used && strays->place[i].rid == rid)
			return &strays->place[i];

	stray = &strays->place[strays->next++ % ARRAY_SIZE(strays->place)];
	stray->used = true;
	stray->rid = rid;
	stray->window_count = 0;
	stray_limit(&stray->lines, VTD_STRAY_BURST);
	return stray;
}

/* False where the unit has nothing to silence it with; it is not tried again soon */
static bool stray_mute(struct vtd_strays *strays, u16 rid)
{
	__set_bit(rid, strays->muted);
	schedule_delayed_work(&strays->rearm, VTD_STORM_SILENCE);
	return !vtd_context_mute(strays->iommu, rid, true);
}

/* Is it one too many, and whose doing; silent if there is nothing new to tell */
static enum vtd_stray_action stray_brake(struct vtd_strays *strays, struct vtd_stray *stray)
{
	bool begins;

	if (test_bit(stray->rid, strays->muted))
		return VTD_STRAY_SILENT;
	begins = vtd_storm_begins(&strays->storm);
	if (stray->window_start != strays->storm.window_start)
		stray->window_count = 0;
	stray->window_start = strays->storm.window_start;
	stray->window_count++;

	if (begins && stray->window_count > VTD_STORM_FAULTS / 2) {
		/* Most were its own: the others are heard, and counted anew */
		strays_anew(strays);
		return stray_mute(strays, stray->rid) ? VTD_STRAY_MUTED : VTD_STRAY_SILENT;
	}
	if (!strays->storm.muted || !stray_mute(strays, stray->rid))
		return VTD_STRAY_SILENT;
	return begins ? VTD_STRAY_STORM : VTD_STRAY_SILENT;
}

/**
 * vtd_stray_count - a requester that nobody owns has faulted
 * @iommu: the unit
 * @rid: the requester id
 *
 * Context: may sleep; the caller holds the unit's device_lock.
 *
 * Return: what to print.
 */
enum vtd_stray_action vtd_stray_count(struct intel_iommu *iommu, u16 rid)
{
	enum vtd_stray_action action;
	struct vtd_strays *strays;
	struct vtd_stray *stray;

	lockdep_assert_held(&iommu->device_lock);
	strays = strays_of(iommu);
	if (!strays)
		return VTD_STRAY_SILENT;
	stray = stray_find(strays, rid);
	action = stray_brake(strays, stray);
	if (action != VTD_STRAY_SILENT)
		return action;
	return __ratelimit(&stray->lines.dma) && __ratelimit(&strays->lines.dma) ?
	       VTD_STRAY_TELL : VTD_STRAY_SILENT;
}

/**
 * vtd_stray_tell - the same for what the brake cannot silence: interrupts
 * @iommu: the unit
 * @rid: the requester id
 *
 * Context: may sleep; the caller holds the unit's device_lock.
 *
 * Return: is it to be printed?
 */
bool vtd_stray_tell(struct intel_iommu *iommu, u16 rid)
{
	struct vtd_strays *strays;

	lockdep_assert_held(&iommu->device_lock);
	strays = strays_of(iommu);
	return strays && __ratelimit(&stray_find(strays, rid)->lines.interrupts) &&
	       __ratelimit(&strays->lines.interrupts);
}

/**
 * vtd_stray_forget - a unit, or its tables, are going
 * @iommu: the unit
 *
 * Context: may sleep; takes the unit's device_lock.
 */
void vtd_stray_forget(struct intel_iommu *iommu)
{
	struct vtd_strays *strays;

	mutex_lock(&iommu->device_lock);
	strays = iommu->strays;
	iommu->strays = NULL;
	mutex_unlock(&iommu->device_lock);
	if (!strays)
		return;
	cancel_delayed_work_sync(&strays->rearm);
	kfree(strays);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Requester ids that no device owns: a device that is gone, one that firmware
 * hides, one that lies.  Each has its own limit in the log and its own brake,
 * like a device.  There are few, so the last ones to fault are kept in a small
 * table; who is pushed out starts anew.
 */

#include <linux/array_size.h>
#include <linux/cleanup.h>
#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/ratelimit.h>
#include <linux/workqueue.h>

#include "context/context.h"
#include "device/device.h"
#include "device/storm.h"
#include "device/stray.h"
#include "unit/unit.h"

#define VTD_STRAYS		16
#define VTD_STRAY_INTERVAL	(5 * HZ)
#define VTD_STRAY_BURST		5

/**
 * struct vtd_stray - a requester id that faulted
 * @iommu: the unit that saw it, NULL when the place is free
 * @rid: the requester id
 * @limit: of lines in the log
 * @storm: the brake
 */
struct vtd_stray {
	struct intel_iommu *iommu;
	u16 rid;
	struct ratelimit_state limit;
	struct vtd_storm storm;
};

static DEFINE_MUTEX(vtd_stray_lock);	/* what follows */
static struct vtd_stray vtd_strays[VTD_STRAYS];
static unsigned int vtd_stray_next;

static void vtd_stray_unmute(struct vtd_stray *stray)
{
	if (stray->iommu && stray->storm.muted)
		vtd_context_mute(stray->iommu, stray->rid, false);
	stray->storm.muted = false;
}

static void vtd_stray_rearm(struct work_struct *work)
{
	unsigned int i;

	mutex_lock(&vtd_stray_lock);
	for (i = 0; i < ARRAY_SIZE(vtd_strays); i++)
		if (vtd_storm_is_over(&vtd_strays[i].storm))
			vtd_stray_unmute(&vtd_strays[i]);
	mutex_unlock(&vtd_stray_lock);
}

static DECLARE_DELAYED_WORK(vtd_stray_work, vtd_stray_rearm);

static struct vtd_stray *vtd_stray_find(struct intel_iommu *iommu, u16 rid)
{
	struct vtd_stray *stray;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(vtd_strays); i++)
		if (vtd_strays[i].iommu == iommu && vtd_strays[i].rid == rid)
			return &vtd_strays[i];

	stray = &vtd_strays[vtd_stray_next++ % ARRAY_SIZE(vtd_strays)];
	vtd_stray_unmute(stray);
	stray->iommu = iommu;
	stray->rid = rid;
	ratelimit_state_init(&stray->limit, VTD_STRAY_INTERVAL, VTD_STRAY_BURST);
	ratelimit_set_flags(&stray->limit, RATELIMIT_MSG_ON_RELEASE);
	stray->storm = (struct vtd_storm) { .window_start = jiffies };
	return stray;
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
	struct vtd_stray *stray;

	lockdep_assert_held(&iommu->device_lock);
	guard(mutex)(&vtd_stray_lock);
	stray = vtd_stray_find(iommu, rid);
	if (vtd_storm_begins(&stray->storm)) {
		mod_delayed_work(system_wq, &vtd_stray_work, VTD_STORM_SILENCE + 1);
		/* A unit without tables has nothing to silence it with */
		if (!vtd_context_mute(iommu, rid, true))
			return VTD_STRAY_MUTED;
	}
	return __ratelimit(&stray->limit) ? VTD_STRAY_TELL : VTD_STRAY_SILENT;
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
	lockdep_assert_held(&iommu->device_lock);
	guard(mutex)(&vtd_stray_lock);
	return __ratelimit(&vtd_stray_find(iommu, rid)->limit);
}

/**
 * vtd_stray_forget - a unit is going
 * @iommu: the unit
 *
 * Context: may sleep; takes vtd_stray_lock.
 */
void vtd_stray_forget(struct intel_iommu *iommu)
{
	unsigned int i;

	mutex_lock(&vtd_stray_lock);
	for (i = 0; i < ARRAY_SIZE(vtd_strays); i++)
		if (vtd_strays[i].iommu == iommu)
			vtd_strays[i].iommu = NULL;
	mutex_unlock(&vtd_stray_lock);
}

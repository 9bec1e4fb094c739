// SPDX-License-Identifier: GPL-2.0
/* The brake on fault storms, for each device. */

#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "context/context.h"
#include "device/device.h"
#include "device/storm.h"

/**
 * vtd_storm_begins - count a fault
 * @storm: the requester's detector
 *
 * Return: true when it is one too many: the caller mutes the requester.
 */
bool vtd_storm_begins(struct vtd_storm *storm)
{
	if (time_after(jiffies, storm->window_start + VTD_STORM_WINDOW)) {
		storm->window_start = jiffies;
		storm->window_count = 0;
	}
	if (++storm->window_count < VTD_STORM_FAULTS || storm->muted)
		return false;
	storm->muted = true;
	storm->muted_at = jiffies;
	return true;
}

/**
 * vtd_storm_is_over - has the silence lasted long enough
 * @storm: the requester's detector
 */
bool vtd_storm_is_over(const struct vtd_storm *storm)
{
	return storm->muted && time_after_eq(jiffies, storm->muted_at + VTD_STORM_SILENCE);
}

static void vtd_storm_mute(struct vtd_device *vdev, bool mute)
{
	unsigned int i;

	for (i = 0; i < vdev->rid_count; i++)
		vtd_context_mute(vdev->iommu, vdev->use[i].id, mute);
	vdev->faults.storm.muted = mute;
}

static void vtd_storm_rearm(struct work_struct *work)
{
	struct vtd_device *vdev = container_of(to_delayed_work(work),
					       struct vtd_device, faults.rearm);

	mutex_lock(&vtd_device_lock);
	if (vdev->faults.storm.muted)
		vtd_storm_mute(vdev, false);
	mutex_unlock(&vtd_device_lock);
}

/**
 * vtd_storm_init - arm the brake
 * @vdev: new device
 */
void vtd_storm_init(struct vtd_device *vdev)
{
	INIT_DELAYED_WORK(&vdev->faults.rearm, vtd_storm_rearm);
	vdev->faults.storm.window_start = jiffies;
}

/**
 * vtd_storm_exit - no re-arming after this
 * @vdev: device that is going; vtd_device_lock is not held
 */
void vtd_storm_exit(struct vtd_device *vdev)
{
	cancel_delayed_work_sync(&vdev->faults.rearm);
}

/**
 * vtd_storm_count - count a fault, and brake if it is one too many
 * @vdev: device
 *
 * Context: may sleep; the caller holds vtd_device_lock.
 *
 * Return: true when the device has just been muted.
 */
bool vtd_storm_count(struct vtd_device *vdev)
{
	struct vtd_device_faults *faults = &vdev->faults;

	lockdep_assert_held(&vtd_device_lock);
	atomic64_inc(&faults->count);
	if (!vtd_storm_begins(&faults->storm))
		return false;

	vtd_storm_mute(vdev, true);
	schedule_delayed_work(&faults->rearm, VTD_STORM_SILENCE);
	return true;
}

/**
 * vtd_storm_forget - a device starts anew with an entry without FPD
 * @vdev: device whose entries are about to be replaced
 */
void vtd_storm_forget(struct vtd_device *vdev)
{
	lockdep_assert_held(&vtd_device_lock);
	vdev->faults.storm.muted = false;
	vdev->faults.storm.window_count = 0;
}

// SPDX-License-Identifier: GPL-2.0
/* The brake on fault storms, for each device. */

#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "context/context.h"
#include "device/device.h"
#include "device/storm.h"

/* So many faults within a second are a storm; it is silenced for ten */
#define VTD_STORM_FAULTS	500u
#define VTD_STORM_WINDOW	HZ
#define VTD_STORM_SILENCE	(10 * HZ)

static void vtd_storm_mute(struct vtd_device *vdev, bool mute)
{
	unsigned int i;

	for (i = 0; i < vdev->rid_count; i++)
		vtd_context_mute(vdev->iommu, vdev->use[i].id, mute);
	vdev->faults.muted = mute;
}

static void vtd_storm_rearm(struct work_struct *work)
{
	struct vtd_device *vdev = container_of(to_delayed_work(work),
					       struct vtd_device, faults.rearm);

	mutex_lock(&vtd_device_lock);
	if (vdev->faults.muted)
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
	vdev->faults.window_start = jiffies;
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
	if (time_after(jiffies, faults->window_start + VTD_STORM_WINDOW)) {
		faults->window_start = jiffies;
		faults->window_count = 0;
	}
	if (++faults->window_count < VTD_STORM_FAULTS || faults->muted)
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
	vdev->faults.muted = false;
	vdev->faults.window_count = 0;
}

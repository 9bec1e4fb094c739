// SPDX-License-Identifier: GPL-2.0
/*
 * Requester ids and their users.
 *
 * An id may belong to several devices: everything behind a conventional PCI
 * bridge shares the bridge's, and firmware may give a device of the ACPI
 * namespace that of a PCI device.  They then share one context entry, which has
 * to outlive the first of them to go.  So each id has a record with the list of
 * its users.
 */

#include <linux/err.h>
#include <linux/lockdep.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "context/context.h"
#include "device/rid.h"
#include "unit/unit.h"

/*
 * (v) For those who look at devices of several units, and must not wait for one that
 * is in trouble: never held across a flush
 */
DEFINE_MUTEX(vtd_device_lock);

/* An error leaves the entry as it was: what is not recorded is refused all the same */
static void rid_mute(struct vtd_rid *rid, bool mute)
{
	vtd_context_mute(rid->iommu, rid->id, mute);
	rid->storm.muted = mute;
}

static void rid_rearm(struct work_struct *work)
{
	struct vtd_rid *rid = container_of(to_delayed_work(work), struct vtd_rid, rearm);

	mutex_lock(&rid->iommu->device_lock);
	if (rid->storm.muted)
		rid_mute(rid, false);
	mutex_unlock(&rid->iommu->device_lock);
}

static struct vtd_rid *rid_get(struct intel_iommu *iommu, u16 id)
{
	struct vtd_rid *rid = xa_load(&iommu->rids, id);
	int ret;

	if (rid)
		return rid;
	rid = kzalloc(sizeof(*rid), GFP_KERNEL);
	if (!rid)
		return ERR_PTR(-ENOMEM);
	rid->iommu = iommu;
	rid->id = id;
	INIT_LIST_HEAD(&rid->users);
	INIT_DELAYED_WORK(&rid->rearm, rid_rearm);
	rid->storm.window_start = jiffies;
	ret = xa_err(xa_store(&iommu->rids, id, rid, GFP_KERNEL));
	if (ret) {
		kfree(rid);
		return ERR_PTR(ret);
	}
	return rid;
}

/* The one whose own id it is gives it the name, else who came first */
static void rid_name(struct vtd_rid *rid)
{
	struct vtd_rid_use *use, *best = NULL;

	list_for_each_entry(use, &rid->users, node)
		if (!best || (use->owns && !best->owns))
			best = use;
	WRITE_ONCE(rid->owner, best->vdev);
}

/**
 * vtd_rid_join - a device uses a requester id
 * @use: the device's use, @use->vdev and @use->owns are set
 * @iommu: its unit
 * @id: the id
 *
 * Context: may sleep; the caller holds the unit's device_lock; takes
 * vtd_device_lock.
 *
 * Return: 0 or -ENOMEM.
 */
int vtd_rid_join(struct vtd_rid_use *use, struct intel_iommu *iommu, u16 id)
{
	struct vtd_rid *rid;

	lockdep_assert_held(&iommu->device_lock);
	mutex_lock(&vtd_device_lock);
	rid = rid_get(iommu, id);
	if (!IS_ERR(rid)) {
		use->rid = rid;
		use->id = id;
		list_add_tail(&use->node, &rid->users);
		rid_name(rid);
	}
	mutex_unlock(&vtd_device_lock);
	return PTR_ERR_OR_ZERO(rid);
}

/**
 * vtd_rid_leave - a device no longer uses a requester id
 * @use: the device's use, not counted in rid->attached
 * @unused: the id is added when that was its last user, for vtd_rid_free()
 *
 * Nobody is left who would end a silence, so it ends here.
 *
 * Context: may sleep; the caller holds the unit's device_lock; takes
 * vtd_device_lock.
 */
void vtd_rid_leave(struct vtd_rid_use *use, struct list_head *unused)
{
	struct vtd_rid *rid = use->rid;

	lockdep_assert_held(&rid->iommu->device_lock);
	if (rid->storm.muted && list_is_singular(&rid->users))
		rid_mute(rid, false);
	mutex_lock(&vtd_device_lock);
	list_del(&use->node);
	if (list_empty(&rid->users)) {
		xa_erase(&rid->iommu->rids, rid->id);
		list_add(&rid->users, unused);
	} else {
		rid_name(rid);
	}
	mutex_unlock(&vtd_device_lock);
}

/**
 * vtd_rid_free - free what vtd_rid_leave() has collected
 * @unused: the ids; an RCU grace period has passed since
 *
 * Context: may sleep; neither lock is held.
 */
void vtd_rid_free(struct list_head *unused)
{
	struct vtd_rid *rid, *next;

	list_for_each_entry_safe(rid, next, unused, users) {
		cancel_delayed_work_sync(&rid->rearm);
		kfree(rid);
	}
}

/**
 * vtd_rid_find - the record of a requester id
 * @iommu: unit that saw it
 * @id: the id
 *
 * Context: the caller holds the unit's device_lock or vtd_device_lock, and may use
 * the result until it drops it.
 *
 * Return: the record, or NULL if no device uses the id.
 */
struct vtd_rid *vtd_rid_find(struct intel_iommu *iommu, u16 id)
{
	lockdep_assert(lockdep_is_held(&iommu->device_lock) ||
		       lockdep_is_held(&vtd_device_lock));
	return xa_load(&iommu->rids, id);
}

/**
 * vtd_rid_count - count a fault, and brake if it is one too many
 * @rid: the id that faulted
 *
 * Context: may sleep; the caller holds the unit's device_lock.
 *
 * Return: true when the id has just been muted.
 */
bool vtd_rid_count(struct vtd_rid *rid)
{
	lockdep_assert_held(&rid->iommu->device_lock);
	if (!vtd_storm_begins(&rid->storm))
		return false;
	rid_mute(rid, true);
	schedule_delayed_work(&rid->rearm, VTD_STORM_SILENCE);
	return true;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Quarantine.  A device that does not answer may still hold translations that
 * were to be invalidated, so it must not reach memory any more: its entries are
 * emptied and its ATS is switched off.  The next attach lets it back in,
 * without ATS.
 *
 * Two halves: whoever waited for the invalidation, in any context, marks the
 * device, so that nothing more is sent to it; a work item cuts it off.  Between
 * the two the device may still use what it holds: an unmap cannot sleep until
 * the cut.  An attach in between replaces the entry anyway.
 */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/device.h>
#include <linux/mutex.h>
#include <linux/pci-ats.h>
#include <linux/pci.h>
#include <linux/rcupdate.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "context/context.h"
#include "device/device.h"
#include "device/quarantine.h"
#include "unit/unit.h"

static int vtd_quarantine_cut(struct vtd_device *vdev)
{
	const struct vtd_context_entry blocked = vtd_context_blocked();
	int ret = 0, err;
	unsigned int i;

	for (i = 0; i < vdev->rid_count; i++) {
		err = vtd_context_install(vdev->iommu, vdev->use[i].id, &blocked);
		ret = ret ?: err;
		WRITE_ONCE(vdev->use[i].rid->cut, true);
	}
	if (vdev->rid_count && to_pci_dev(vdev->dev)->ats_enabled)
		pci_disable_ats(to_pci_dev(vdev->dev));
	return ret;
}

static void vtd_quarantine_work(struct work_struct *work)
{
	struct vtd_device *vdev = container_of(work, struct vtd_device, ats.work);

	mutex_lock(&vtd_device_lock);
	if (READ_ONCE(vdev->ats.doomed)) {
		WRITE_ONCE(vdev->ats.doomed, false);
		if (vtd_quarantine_cut(vdev))
			dev_err(vdev->dev, "%s: does not answer invalidations of its TLB, and the unit did not flush: it may still reach memory\n",
				vdev->iommu->name);
		else
			dev_err(vdev->dev, "%s: does not answer invalidations of its TLB: blocked, ATS stays off\n",
				vdev->iommu->name);
	}
	mutex_unlock(&vtd_device_lock);
}

/**
 * vtd_quarantine_init - prepare for the case
 * @vdev: new device; vtd_device_del() ends it
 */
void vtd_quarantine_init(struct vtd_device *vdev)
{
	INIT_WORK(&vdev->ats.work, vtd_quarantine_work);
}

/**
 * vtd_quarantine_device - a device did not answer
 * @iommu: its unit
 * @rid: its requester id
 *
 * Handed down to the unit as intel_iommu.device_tlb_dead.
 *
 * Context: any.
 */
void vtd_quarantine_device(struct intel_iommu *iommu, u16 rid)
{
	struct vtd_device *vdev;
	struct vtd_rid *entry;

	rcu_read_lock();
	entry = xa_load(&iommu->rids, rid);
	vdev = entry ? READ_ONCE(entry->owner) : NULL;
	if (vdev && vdev->ats.supported && !READ_ONCE(vdev->ats.dead)) {
		WRITE_ONCE(vdev->ats.dead, true);
		WRITE_ONCE(vdev->ats.enabled, false);
		WRITE_ONCE(vdev->ats.doomed, true);
		schedule_work(&vdev->ats.work);
	}
	rcu_read_unlock();
}

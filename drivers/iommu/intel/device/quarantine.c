// SPDX-License-Identifier: GPL-2.0
/*
 * Quarantine.  A device that does not answer may still hold translations that
 * were to be invalidated, so it must not reach memory any more: its entry is
 * emptied and its ATS is switched off.  The next attach lets it back in,
 * without ATS: a user's, the one at the end of a reset, or the one for a driver
 * that binds.  A device that cannot be asked, because its unit's queue is dead or it has
 * no power, only loses its TLB: translated requests are refused (TT), all others are
 * translated.
 *
 * Three steps, the first two in any context and without a mutex:
 *
 *	vtd_quarantine_device()	marks the device, so that nothing more is sent to it,
 *				and takes its entry's P bit (vtd_quarantine_tlb(): TT),
 *				before anybody learns that it did not answer
 *	vtd_quarantine_settle()	by each flush that would have told the device: the unit
 *				has forgotten the entry when it returns, so an unmap
 *				ends when the device is out
 *	work item		the bookkeeping: the whole entry, ATS, the log
 *
 * An attach may store a new entry at the same time.  With its fate seen it is one
 * without device TLB.  If not, the next flush, which would have had to tell the
 * device, sees the entry, or the device begins to walk after the tables were
 * changed: the picture in domain/domain.h.  In the end the work item, behind the
 * attach, empties it.
 */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/device.h>
#include <linux/iommu.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/rcupdate.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include <kunit/static_stub.h>

#include "context/context.h"
#include "device/ats_pci.h"
#include "device/device.h"
#include "device/quarantine.h"
#include "unit/queue.h"
#include "unit/unit.h"

static int quarantine_block(struct vtd_device *vdev)
{
	const struct vtd_image blocked = vtd_image_blocked();
	int ret = 0, err;
	unsigned int i;

	for (i = 0; i < vdev->rid_count; i++) {
		err = vtd_context_install(vdev->iommu, vdev->use[i].id, &blocked);
		ret = ret ?: err;
		WRITE_ONCE(vdev->use[i].rid->cut, true);
	}
	vtd_ats_switch(vdev, false);
	return ret;
}

static int quarantine_without_tlb(struct vtd_device *vdev)
{
	/* An attach may have been late, see above; it has ended now */
	vtd_context_cut(vdev->iommu, vtd_device_rid(vdev), true);
	vtd_ats_switch(vdev, false);
	return vtd_context_settle(vdev->iommu);
}

/* An attach that saw the fate has stored an entry which leaves nothing to be done */
static bool quarantine_is_back(const struct vtd_device *vdev)
{
	struct vtd_image now;

	vtd_context_now(vdev->iommu, vtd_device_rid(vdev), &now);
	return now.kind != VTD_IMAGE_BLOCKED && !now.dev_tlb;
}

static int quarantine_carry_out(struct vtd_device *vdev, bool translates)
{
	if (translates)
		return quarantine_without_tlb(vdev);
	return quarantine_is_back(vdev) ? 0 : quarantine_block(vdev);
}

static void quarantine_tell(const struct vtd_device *vdev, bool translates, int ret)
{
	const char *name = vdev->iommu->name;

	if (ret)
		dev_err(vdev->dev, "%s: its TLB cannot be invalidated, and the unit did not flush: it may still reach memory\n",
			name);
	else if (translates && vtd_ats_gone(vdev))
		dev_info(vdev->dev, "%s: was away when its TLB was to be invalidated: goes on without ATS\n",
			 name);
	else if (translates)
		dev_warn(vdev->dev, "%s: its TLB cannot be invalidated without the queue: goes on without ATS\n",
			 name);
	else if (vtd_ats_torn_off(vdev))
		dev_info(vdev->dev, "%s: gone from the bus: blocked\n", name);
	else
		dev_err(vdev->dev, "%s: does not answer invalidations of its TLB: %s, ATS stays off\n",
			name, quarantine_is_back(vdev) ? "let in again" : "blocked");
}

/**
 * vtd_quarantine_finish - what is left to do for a device that was marked
 * @vdev: the device; nothing happens if an attach was faster
 *
 * Context: may sleep; takes the unit's device_lock.
 */
void vtd_quarantine_finish(struct vtd_device *vdev)
{
	mutex_lock(&vdev->iommu->device_lock);
	if (READ_ONCE(vdev->ats.doomed)) {
		bool translates = READ_ONCE(vdev->ats.fate) == VTD_ATS_WITHOUT;

		WRITE_ONCE(vdev->ats.doomed, false);
		quarantine_tell(vdev, translates, quarantine_carry_out(vdev, translates));
	}
	mutex_unlock(&vdev->iommu->device_lock);
}

static void quarantine_work(struct work_struct *work)
{
	vtd_quarantine_finish(container_of(work, struct vtd_device, ats.work));
}

/**
 * vtd_quarantine_later - have vtd_quarantine_finish() called
 * @vdev: the device
 *
 * Context: any.
 */
void vtd_quarantine_later(struct vtd_device *vdev)
{
	/* Tests do it themselves: the unit of a test is there for its threads only */
	KUNIT_STATIC_STUB_REDIRECT(vtd_quarantine_later, vdev);

	schedule_work(&vdev->ats.work);
}

/**
 * vtd_quarantine_init - prepare for the case
 * @vdev: new device; vtd_device_del() ends it
 */
void vtd_quarantine_init(struct vtd_device *vdev)
{
	INIT_WORK(&vdev->ats.work, quarantine_work);
}

/*
 * Who comes first decides how, and all who come later find it decided: they cut the
 * same way by themselves (vtd_quarantine_settle()).
 */
static bool quarantine_mark(struct vtd_device *vdev, enum vtd_ats_fate fate)
{
	if (cmpxchg(&vdev->ats.fate, VTD_ATS_ALIVE, fate) != VTD_ATS_ALIVE)
		return false;
	/* Who finds that nothing is to be sent must find the reason */
	smp_store_release(&vdev->ats.enabled, false);
	/* Before the cut: an attach that comes after that needs no work to be done */
	WRITE_ONCE(vdev->ats.doomed, true);
	/* Pairs with the one in vtd_ats_enable(): see above */
	smp_mb();
	vtd_context_cut(vdev->iommu, vtd_device_rid(vdev), fate == VTD_ATS_WITHOUT);
	vtd_quarantine_later(vdev);
	return true;
}

/*
 * Who was asked and did not answer is out, and so is who was pulled.  Of one that is not
 * there, but may come back (D3cold, a link that is down), or that could not be asked,
 * only the TLB is in doubt.
 */
static enum vtd_ats_fate quarantine_fate(const struct vtd_device *vdev)
{
	if (vtd_ats_torn_off(vdev))
		return VTD_ATS_OUT;
	return vtd_ats_gone(vdev) || !vtd_queue_live(vdev->iommu) ? VTD_ATS_WITHOUT :
								      VTD_ATS_OUT;
}

/**
 * vtd_quarantine_begin - take from a device that did not answer what it may hold
 * @vdev: the device: it is shut out, or loses its TLB
 *
 * The caller goes on to vtd_quarantine_settle(), or an attach replaces the entry.
 *
 * Context: any; under RCU, or in attach.  Takes vtd_root.store.
 */
void vtd_quarantine_begin(struct vtd_device *vdev)
{
	quarantine_mark(vdev, quarantine_fate(vdev));
}

/* An id that nobody has stays news */
static bool quarantine_find(struct intel_iommu *iommu, u16 rid, bool asked)
{
	struct vtd_device *vdev;
	struct vtd_rid *entry;
	bool news = true;

	rcu_read_lock();
	entry = xa_load(&iommu->rids, rid);
	vdev = entry ? READ_ONCE(entry->owner) : NULL;
	if (vdev && vdev->ats.supported)
		news = quarantine_mark(vdev, asked ? quarantine_fate(vdev) : VTD_ATS_WITHOUT);
	rcu_read_unlock();
	return news;
}

/**
 * vtd_quarantine_device - a device did not answer
 * @iommu: its unit
 * @rid: its requester id
 *
 * Handed down to the unit as intel_iommu.device_tlb_dead.
 *
 * Context: any; takes vtd_root.store.
 * Return: true the first time, which is the one to be told.
 */
bool vtd_quarantine_device(struct intel_iommu *iommu, u16 rid)
{
	return quarantine_find(iommu, rid, true);
}

/**
 * vtd_quarantine_tlb - a device cannot be asked any more
 * @iommu: its unit, whose queue is dead
 * @rid: its requester id
 *
 * It loses its TLB, and goes on to be translated.  Handed down to the unit as
 * intel_iommu.device_tlb_off.
 *
 * Context: any; takes vtd_root.store.
 */
void vtd_quarantine_tlb(struct intel_iommu *iommu, u16 rid)
{
	quarantine_find(iommu, rid, false);
}

/**
 * vtd_quarantine_silent - is no answer to be expected from a device?
 * @iommu: its unit
 * @rid: its requester id
 *
 * It did not answer before, or it is gone from the bus.  Handed down to the unit as
 * intel_iommu.device_tlb_silent.
 *
 * Context: any; reads the device's configuration.
 */
bool vtd_quarantine_silent(struct intel_iommu *iommu, u16 rid)
{
	struct vtd_device *vdev;
	struct vtd_rid *entry;
	bool silent;

	rcu_read_lock();
	entry = xa_load(&iommu->rids, rid);
	vdev = entry ? READ_ONCE(entry->owner) : NULL;
	silent = vdev && vdev->ats.supported &&
		 (READ_ONCE(vdev->ats.fate) || vtd_ats_gone(vdev));
	rcu_read_unlock();
	return silent;
}

/**
 * vtd_quarantine_cut - is a device out, but for what its unit has cached?
 * @vdev: device
 *
 * Whoever marked it may not have come to the cut yet, or an attach was late.
 *
 * Context: any; under RCU.  Takes vtd_root.store.
 *
 * Return: true for a device that is dead: its TLB is of no use to it once its unit
 * has been flushed (vtd_context_settle()).
 */
bool vtd_quarantine_cut(struct vtd_device *vdev)
{
	enum vtd_ats_fate fate = READ_ONCE(vdev->ats.fate);

	if (likely(fate == VTD_ATS_ALIVE))
		return false;
	vtd_context_cut(vdev->iommu, vtd_device_rid(vdev), fate == VTD_ATS_WITHOUT);
	return true;
}

/**
 * vtd_quarantine_settle - be sure that a dead device is out
 * @vdev: device that would have been told of a change
 *
 * For a device that works, or that was let in again without ATS, nothing has to
 * be done.
 *
 * Context: any; under RCU.  Waits as vtd_context_settle() does.
 *
 * Return: 0; -errno when its unit did not flush: the device may still use what it
 * holds.
 */
int vtd_quarantine_settle(struct vtd_device *vdev)
{
	return vtd_quarantine_cut(vdev) ? vtd_context_settle(vdev->iommu) : 0;
}

/* To the blocked domain and back to the group's, as around a reset */
void vtd_quarantine_reattach(struct vtd_device *vdev)
{
	KUNIT_STATIC_STUB_REDIRECT(vtd_quarantine_reattach, vdev);

	pci_dev_reset_iommu_prepare(to_pci_dev(vdev->dev));
	pci_dev_reset_iommu_done(to_pci_dev(vdev->dev));
}

/**
 * vtd_quarantine_end - let a device that was cut off back in, without ATS
 * @vdev: device that a driver is about to take; any other is left alone
 *
 * What it may still hold is of no use to it: its entry allows no translated
 * requests then.  After a reset the core attaches it anew by itself.
 *
 * Context: may sleep; takes the mutex of the device's group, and the unit's device_lock.
 */
void vtd_quarantine_end(struct vtd_device *vdev)
{
	if (READ_ONCE(vdev->ats.fate) == VTD_ATS_ALIVE)
		return;
	/* The work item may not have come to it yet */
	vtd_quarantine_finish(vdev);
	if (!vtd_device_is_cut(vdev))
		return;
	dev_info(vdev->dev, "%s: was blocked, gets back in for a new driver; ATS stays off\n",
		 vdev->iommu->name);
	vtd_quarantine_reattach(vdev);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Page requests of a device on and off.
 *
 * On, from the outside in: the core's queue, PRI in the device, PRE in its context entry.
 * PASIDs are on since it was probed, and its ATS goes on with the first domain: one that
 * cannot have translations does not ask for pages.  Off the other way round, and what is
 * on its way is answered in between (section 7.10).
 *
 * Virtual functions share PRI with their physical function, which does not know what they
 * may have under way: they have none.
 */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/device.h>
#include <linux/iommu.h>
#include <linux/mutex.h>
#include <linux/pci-ats.h>
#include <linux/pci.h>
#include <linux/workqueue.h>

#include <kunit/static_stub.h>

#include "context/context.h"
#include "device/ats.h"
#include "device/device.h"
#include "device/pri.h"
#include "unit/unit.h"

/* vtd_desc_dev_tlb(): the whole address space */
#define PRI_EVERYTHING	52u

/**
 * vtd_pri_switch - page requests in the core and in the device itself
 * @vdev: device with page requests
 * @on: which
 *
 * Off: whoever still waits for an answer gets one.
 *
 * Context: may sleep.
 *
 * Return: 0, or -errno if they cannot be switched on.
 */
int vtd_pri_switch(struct vtd_device *vdev, bool on)
{
	struct iopf_queue *queue = vdev->iommu->prq->iopf;
	struct pci_dev *pdev;
	int ret = 0;

	KUNIT_STATIC_STUB_REDIRECT(vtd_pri_switch, vdev, on);

	pdev = to_pci_dev(vdev->dev);
	if (on) {
		ret = iopf_queue_add_device(queue, vdev->dev);
		if (ret)
			return ret;
		ret = pci_reset_pri(pdev) ?: pci_enable_pri(pdev, VTD_PRI_SHARE);
	}
	if (!on || ret)
		iopf_queue_remove_device(queue, vdev->dev);
	if (!on)
		pci_disable_pri(pdev);
	return ret;
}

/**
 * vtd_pri_flush - who was asked by a device has looked
 * @vdev: device whose page requests are on
 *
 * Context: may sleep.
 */
void vtd_pri_flush(struct vtd_device *vdev)
{
	KUNIT_STATIC_STUB_REDIRECT(vtd_pri_flush, vdev);

	iopf_queue_flush_dev(vdev->dev);
}

/**
 * vtd_pri_drain - nothing that a PASID asked for is still on its way
 * @vdev: device; the gate of the PASID is closed, and its entry is a new one
 * @pasid: the PASID, IOMMU_NO_PASID for requests without one
 *
 * A device that does not answer is cut off by who waits for it, and a ring that overflows
 * each time is told: what still comes finds the gate closed, so nothing depends on it.
 *
 * Context: may sleep; takes vtd_prq.lock.
 *
 * Return: as vtd_prq_drain().
 */
int vtd_pri_drain(struct vtd_device *vdev, u32 pasid)
{
	struct vtd_desc desc[VTD_ATS_DESCS];
	unsigned int count = vtd_ats_flush(vdev, pasid, 0, PRI_EVERYTHING, desc);
	int ret = vtd_prq_drain(vdev->iommu, desc, count);

	vtd_pri_flush(vdev);
	if (ret)
		dev_warn(vdev->dev, "%s: page requests of PASID %u could not be drained (%d): they are refused when they come\n",
			 vdev->iommu->name, pasid, ret);
	return ret;
}

static int pri_list(struct vtd_device *vdev, bool on)
{
	struct vtd_prq *prq = vdev->iommu->prq;
	u16 rid = vtd_device_rid(vdev);
	int ret = 0;

	mutex_lock(&prq->lock);
	vdev->pri->pages.count = 0;
	WRITE_ONCE(vdev->pri->violations, 0);
	vdev->pri->late = 0;
	if (on)
		ret = xa_err(xa_store(&prq->users, rid, vdev, GFP_KERNEL));
	else
		xa_erase(&prq->users, rid);
	mutex_unlock(&prq->lock);
	return ret;
}

static int pri_on(struct vtd_device *vdev)
{
	struct vtd_pri *pri = vdev->pri;
	int ret = pri_list(vdev, true);

	if (ret)
		return ret;
	ret = vtd_pri_switch(vdev, true);
	if (ret) {
		pri_list(vdev, false);
		return ret;
	}
	pri->braked = false;
	pri->on = true;
	/* Before its entry has it, the device is told that it failed */
	ret = vtd_context_ask(vdev->iommu, vtd_device_rid(vdev), true);
	if (ret)
		dev_warn(vdev->dev, "%s did not flush (%d): page requests may be refused\n",
			 vdev->iommu->name, ret);
	return 0;
}

static void pri_off(struct vtd_device *vdev)
{
	struct vtd_pri *pri = vdev->pri;

	pri->on = false;
	/* If it is not flushed, what still comes is refused: nobody is listed */
	vtd_context_ask(vdev->iommu, vtd_device_rid(vdev), false);
	vtd_pri_drain(vdev, IOMMU_NO_PASID);
	vtd_pri_switch(vdev, false);
	pri_list(vdev, false);
	atomic_set(&pri->outstanding, 0);
}

/**
 * vtd_pri_use - somebody wants a device's page requests
 * @vdev: device
 *
 * Context: may sleep; takes the unit's device_lock.
 *
 * Return: 0; -ENODEV for a device that has none, else as vtd_pri_switch(): then nothing
 * has changed.
 */
int vtd_pri_use(struct vtd_device *vdev)
{
	int ret = 0;

	if (!vdev->pri)
		return -ENODEV;
	mutex_lock(&vdev->iommu->device_lock);
	if (!vdev->pri->users)
		ret = pri_on(vdev);
	if (!ret)
		vdev->pri->users++;
	mutex_unlock(&vdev->iommu->device_lock);
	if (ret)
		dev_warn(vdev->dev, "%s: page requests cannot be switched on (%d)\n",
			 vdev->iommu->name, ret);
	return ret;
}

/**
 * vtd_pri_unuse - undo vtd_pri_use()
 * @vdev: device; nothing happens for one that has no page requests
 *
 * Context: may sleep; takes the unit's device_lock.
 */
void vtd_pri_unuse(struct vtd_device *vdev)
{
	if (!vdev->pri)
		return;
	mutex_lock(&vdev->iommu->device_lock);
	if (!WARN_ON(!vdev->pri->users) && !--vdev->pri->users)
		pri_off(vdev);
	mutex_unlock(&vdev->iommu->device_lock);
}

/* Answers carry a PASID where requests do: the device must want them so */
static bool pri_answers_fit(const struct vtd_device *vdev, struct pci_dev *pdev)
{
	if (!vdev->pasid_on || pci_prg_resp_pasid_required(pdev))
		return true;
	pci_info(pdev, "%s: it wants answers to page requests without PASID: page requests stay off\n",
		 vdev->iommu->name);
	return false;
}

/**
 * vtd_pri_probe - may a device ask for pages
 * @vdev: device, being probed, after vtd_pasid_probe() and vtd_ats_probe()
 *
 * Context: may sleep.
 */
void vtd_pri_probe(struct vtd_device *vdev)
{
	struct pci_dev *pdev;

	if (!vdev->iommu->prq || !vdev->ats.supported || !dev_is_pci(vdev->dev))
		return;
	pdev = to_pci_dev(vdev->dev);
	if (pdev->is_virtfn || !pci_pri_supported(pdev) || !pri_answers_fit(vdev, pdev))
		return;
	vdev->pri = vtd_pri_alloc(vdev);
}

/**
 * vtd_pri_release - a device asks for no pages any more
 * @vdev: device that is attached to nothing
 *
 * Context: may sleep; takes the unit's device_lock.
 */
void vtd_pri_release(struct vtd_device *vdev)
{
	struct vtd_pri *pri = vdev->pri;

	if (!pri)
		return;
	mutex_lock(&vdev->iommu->device_lock);
	if (pri->users)
		pri_off(vdev);
	pri->users = 0;
	mutex_unlock(&vdev->iommu->device_lock);
	cancel_work_sync(&pri->brake);
	vdev->pri = NULL;
	vtd_pri_put(pri);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * What becomes of a device's page requests.
 *
 * A request goes to who attached the domain that it is about, through the core, which
 * finds him in the group's table.  It does not hold on to what it finds there: so no
 * request may be on its way there when a domain is detached.  Each PASID, and requests
 * without, have a gate for that.  An attach closes it before the entry changes, and passes
 * vtd_prq.lock: nothing is on its way then.  It opens the gate for the new domain, but
 * the core enters that into its table only after the driver has returned, with the
 * group's mutex held.  So a work item passes that mutex before the gate is really open;
 * who asks meanwhile is told to ask again.
 *
 * A device may not have more requests under way than it was told when PRI went on, and
 * does not ask for what no domain can allow.  One that does all the same, VTD_PRI_PATIENCE
 * times in VTD_PRI_PERIOD, is not listened to any more (PRE in its context entry).  What it
 * asked for before it was detached is nobody's fault.  Until then it takes
 * nothing from others but a share of the ring, and no memory: its unfinished groups have
 * room for VTD_PAGES_KEPT requests, its unanswered ones for VTD_PRI_SHARE.
 */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/build_bug.h>
#include <linux/device.h>
#include <linux/iommu.h>
#include <linux/jiffies.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include <kunit/static_stub.h>

#include "context/context.h"
#include "device/device.h"
#include "device/pri.h"
#include "unit/unit.h"

static_assert(VTD_PAGES_KEPT >= VTD_PRI_SHARE);

static void pri_free(struct kref *ref)
{
	struct vtd_pri *pri = container_of(ref, struct vtd_pri, ref);

	iommu_group_put(pri->group);
	xa_destroy(&pri->gates);
	kfree(pri);
}

/**
 * vtd_pri_put - somebody has no use for it any more
 * @pri: page requests of a device; NULL is allowed
 */
void vtd_pri_put(struct vtd_pri *pri)
{
	if (pri)
		kref_put(&pri->ref, pri_free);
}

/**
 * vtd_pri_asks - may a device ask for pages now, as far as it goes by itself
 * @vdev: device
 *
 * Context: the caller holds the unit's device_lock.
 */
bool vtd_pri_asks(const struct vtd_device *vdev)
{
	lockdep_assert_held(&vdev->iommu->device_lock);
	return vdev->pri && vdev->pri->on && !vdev->pri->braked;
}

/* Whoever had the mutex when @last was counted has entered what he attached */
static void pri_open_up_to(struct vtd_pri *pri, unsigned long last)
{
	unsigned long pasid;
	void *gate;

	xa_for_each(&pri->gates, pasid, gate)
		if (xa_to_value(gate) && xa_to_value(gate) <= last)
			xa_cmpxchg(&pri->gates, pasid, gate, xa_mk_value(0), GFP_KERNEL);
}

static int pri_nothing(struct device *dev, void *data)
{
	return 0;
}

/**
 * vtd_pri_open_now - the core knows what was attached before this was called
 * @pri: page requests of a device
 *
 * Context: may sleep; takes the mutex of the device's group.
 */
void vtd_pri_open_now(struct vtd_pri *pri)
{
	unsigned long last = atomic_long_read(&pri->openings);

	if (pri->group)
		iommu_group_for_each_dev(pri->group, NULL, pri_nothing);
	pri_open_up_to(pri, last);
}

static void pri_open_work(struct work_struct *work)
{
	struct vtd_pri *pri = container_of(work, struct vtd_pri, open);

	vtd_pri_open_now(pri);
	vtd_pri_put(pri);
}

/**
 * vtd_pri_open_later - have vtd_pri_open_now() called
 * @pri: page requests of a device
 */
void vtd_pri_open_later(struct vtd_pri *pri)
{
	KUNIT_STATIC_STUB_REDIRECT(vtd_pri_open_later, pri);

	kref_get(&pri->ref);
	if (!schedule_work(&pri->open))
		vtd_pri_put(pri);
}

/**
 * vtd_pri_open - pass on the requests of a PASID from now on
 * @vdev: device that has been attached
 * @pasid: the PASID, IOMMU_NO_PASID for requests without one
 *
 * Context: may sleep; the core holds the group's mutex.
 *
 * Return: 0; -ENODEV for a device without page requests, -ENOMEM: they are answered as
 * invalid.
 */
int vtd_pri_open(struct vtd_device *vdev, u32 pasid)
{
	struct vtd_pri *pri = vdev->pri;
	void *number;
	int ret;

	if (!pri)
		return -ENODEV;
	if (!pri->group)
		pri->group = iommu_group_get(vdev->dev);
	number = xa_mk_value(atomic_long_inc_return(&pri->openings));
	ret = xa_err(xa_store(&pri->gates, pasid, number, GFP_KERNEL));
	if (!ret)
		vtd_pri_open_later(pri);
	return ret;
}

/**
 * vtd_pri_close - pass on nothing of a PASID any more
 * @vdev: device
 * @pasid: the PASID, IOMMU_NO_PASID for requests without one
 *
 * No request of it is on its way to the core when this returns.
 *
 * Context: may sleep; takes vtd_prq.lock.
 *
 * Return: true if it was open, or about to be.
 */
bool vtd_pri_close(struct vtd_device *vdev, u32 pasid)
{
	struct vtd_pri *pri = vdev->pri;

	if (!pri || !xa_erase(&pri->gates, pasid))
		return false;
	mutex_lock(&vdev->iommu->prq->lock);
	vtd_pages_forget(&pri->pages, pasid);
	pri->late = VTD_PRI_SHARE;
	mutex_unlock(&vdev->iommu->prq->lock);
	return true;
}

/**
 * vtd_pri_brake - do not listen to a device any more
 * @vdev: device; nothing happens unless it went too far since page requests went on
 *
 * Context: may sleep; takes the unit's device_lock.
 */
void vtd_pri_brake(struct vtd_device *vdev)
{
	struct intel_iommu *iommu = vdev->iommu;
	bool told;

	mutex_lock(&iommu->device_lock);
	/* It may have been given up, and have somebody new, since it was found out */
	told = vtd_pri_asks(vdev) && READ_ONCE(vdev->pri->violations) >= VTD_PRI_PATIENCE;
	if (told) {
		vdev->pri->braked = true;
		vtd_context_ask(iommu, vtd_device_rid(vdev), false);
	}
	mutex_unlock(&iommu->device_lock);
	if (told)
		dev_err(vdev->dev, "%s: asks for pages that it must not ask for, or for too many: page requests are off until its driver, or its user, gives it up\n",
			iommu->name);
}

static void pri_brake_work(struct work_struct *work)
{
	vtd_pri_brake(container_of(work, struct vtd_pri, brake)->vdev);
}

/**
 * vtd_pri_brake_later - have vtd_pri_brake() called
 * @pri: page requests of the device
 *
 * Context: any.
 */
void vtd_pri_brake_later(struct vtd_pri *pri)
{
	KUNIT_STATIC_STUB_REDIRECT(vtd_pri_brake_later, pri);

	schedule_work(&pri->brake);
}

/**
 * vtd_pri_alloc - a device has page requests, which are off
 * @vdev: device
 *
 * Return: NULL if there is no memory.
 */
struct vtd_pri *vtd_pri_alloc(struct vtd_device *vdev)
{
	struct vtd_pri *pri = kzalloc(sizeof(*pri), GFP_KERNEL);

	if (!pri)
		return NULL;
	kref_init(&pri->ref);
	pri->vdev = vdev;
	xa_init(&pri->gates);
	INIT_WORK(&pri->open, pri_open_work);
	INIT_WORK(&pri->brake, pri_brake_work);
	return pri;
}

static void pri_violate(struct vtd_pri *pri)
{
	/* Found guilty, it stays so until it is given up */
	if (pri->violations < VTD_PRI_PATIENCE &&
	    time_after(jiffies, pri->since + VTD_PRI_PERIOD)) {
		pri->since = jiffies;
		WRITE_ONCE(pri->violations, 0);
	}
	WRITE_ONCE(pri->violations, pri->violations + 1);
	if (pri->violations == VTD_PRI_PATIENCE)
		vtd_pri_brake_later(pri);
}

/**
 * vtd_pri_report - hand a request to the core
 * @dev: the device
 * @event: the request
 *
 * Return: as iommu_report_device_fault(), which sees to the answer.
 */
int vtd_pri_report(struct device *dev, struct iopf_fault *event)
{
	KUNIT_STATIC_STUB_REDIRECT(vtd_pri_report, dev, event);

	return iommu_report_device_fault(dev, event);
}

static void pri_hand_on(struct vtd_device *vdev, const struct vtd_page_request *request)
{
	u32 flags = (request->last ? IOMMU_FAULT_PAGE_REQUEST_LAST_PAGE : 0) |
		    (request->has_pasid ? IOMMU_FAULT_PAGE_REQUEST_PASID_VALID |
					  IOMMU_FAULT_PAGE_RESPONSE_NEEDS_PASID : 0);
	struct iopf_fault event = { .fault = {
		.type = IOMMU_FAULT_PAGE_REQ,
		.prm = {
			.flags = flags,
			.pasid = request->pasid,
			.grpid = request->group,
			.perm = (request->read ? IOMMU_FAULT_PERM_READ : 0) |
				(request->write ? IOMMU_FAULT_PERM_WRITE : 0),
			.addr = request->address,
		},
	} };

	vtd_pri_report(vdev->dev, &event);
}

/* Nobody will look for what the group asked for */
static void pri_turn_down(struct vtd_device *vdev, const struct vtd_page_request *last, u32 code)
{
	struct vtd_page_request part;

	while (vtd_pages_take(&vdev->pri->pages, last, &part))
		;
	vtd_prq_answer(vdev->iommu, last, code);
}

/* The core gets a group as a whole: what it keeps of one that does not end has no bound */
static void pri_complete(struct vtd_device *vdev, const struct vtd_page_request *last)
{
	struct vtd_pri *pri = vdev->pri;
	struct vtd_page_request part;

	if (atomic_read(&pri->outstanding) >= VTD_PRI_SHARE) {
		pri_violate(pri);
		pri_turn_down(vdev, last, VTD_PAGE_INVALID);
		return;
	}
	while (vtd_pages_take(&pri->pages, last, &part))
		pri_hand_on(vdev, &part);
	atomic_inc(&pri->outstanding);
	pri_hand_on(vdev, last);
}

/* More at once than it may have under way, whoever answers them */
static void pri_count(struct vtd_pri *pri, u64 pass)
{
	if (pri->pass != pass) {
		pri->pass = pass;
		pri->in_pass = 0;
	}
	if (++pri->in_pass > VTD_PRI_SHARE)
		pri_violate(pri);
}

/* Of a PASID that is attached to nobody who looks; it may have been, just now */
static void pri_stray(struct vtd_device *vdev, const struct vtd_page_request *request)
{
	struct vtd_pri *pri = vdev->pri;

	if (pri->late)
		pri->late--;
	else
		pri_violate(pri);
	if (request->last)
		pri_turn_down(vdev, request, VTD_PAGE_INVALID);
}

/**
 * vtd_pri_request - a device asks for a page
 * @iommu: its unit
 * @request: the request
 * @verdict: what vtd_page_decode() said; one that is dropped counts, and no more
 *
 * Handed down to the unit as intel_iommu.page_request.
 *
 * Context: may sleep; vtd_prq.lock is held.
 */
void vtd_pri_request(struct intel_iommu *iommu, const struct vtd_page_request *request,
		     enum vtd_page_verdict verdict)
{
	struct vtd_device *vdev = xa_load(&iommu->prq->users, request->sid);
	void *gate;

	lockdep_assert_held(&iommu->prq->lock);
	if (!vdev) {
		if (request->last && verdict != VTD_PAGE_DROPPED)
			vtd_prq_answer(iommu, request, VTD_PAGE_INVALID);
		return;
	}
	pri_count(vdev->pri, iommu->prq->pass);
	if (verdict == VTD_PAGE_DROPPED)
		return;
	if (request->refused)
		pri_violate(vdev->pri);
	gate = xa_load(&vdev->pri->gates, request->pasid);
	if (!gate) {
		pri_stray(vdev, request);
	} else if (!request->last) {
		if (!vtd_pages_keep(&vdev->pri->pages, request))
			pri_violate(vdev->pri);
	} else if (request->refused || vtd_pages_spoilt(&vdev->pri->pages, request)) {
		pri_turn_down(vdev, request, VTD_PAGE_INVALID);
	} else if (xa_to_value(gate)) {
		pri_turn_down(vdev, request, VTD_PAGE_SUCCESS);
	} else {
		pri_complete(vdev, request);
	}
}

/**
 * vtd_pri_lost - groups that are not complete never will be
 * @iommu: unit whose ring overflowed
 *
 * Handed down to the unit as intel_iommu.page_requests_lost.
 *
 * Context: vtd_prq.lock is held.
 */
void vtd_pri_lost(struct intel_iommu *iommu)
{
	struct vtd_device *vdev;
	unsigned long rid;

	lockdep_assert_held(&iommu->prq->lock);
	xa_for_each(&iommu->prq->users, rid, vdev)
		vdev->pri->pages.count = 0;
}

/**
 * vtd_pri_answer - iommu_ops.page_response
 * @dev: the device
 * @event: a request; one that is not the last of its group wants no answer
 * @response: what became of it
 *
 * Context: any.
 */
void vtd_pri_answer(struct device *dev, struct iopf_fault *event,
		    struct iommu_page_response *response)
{
	struct vtd_device *vdev = vtd_device_of(dev);
	const struct vtd_page_request request = {
		.sid = vtd_device_rid(vdev),
		.has_pasid = event->fault.prm.flags & IOMMU_FAULT_PAGE_REQUEST_PASID_VALID,
		.pasid = event->fault.prm.pasid,
		.group = event->fault.prm.grpid,
	};

	/* The core answers each part of a group that it has nobody for */
	if (!(event->fault.prm.flags & IOMMU_FAULT_PAGE_REQUEST_LAST_PAGE))
		return;
	/* Before the device has it, and asks for the next one */
	if (vdev->pri)
		atomic_dec_if_positive(&vdev->pri->outstanding);
	vtd_prq_answer(vdev->iommu, &request,
		       response->code == IOMMU_PAGE_RESP_SUCCESS ? VTD_PAGE_SUCCESS :
		       response->code == IOMMU_PAGE_RESP_INVALID ? VTD_PAGE_INVALID :
								   VTD_PAGE_FAILURE);
}

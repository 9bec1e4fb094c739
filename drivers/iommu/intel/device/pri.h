/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Page requests of a device (PCIe PRI): whom they reach, and how many.
 *
 * (u) is intel_iommu.device_lock, (p) is vtd_prq.lock of the unit.  Who waits for (p) may
 * hold (u), so who holds (p) never takes (u).
 */
#ifndef VTD_DEVICE_PRI_H
#define VTD_DEVICE_PRI_H

#include <linux/atomic.h>
#include <linux/iommu.h>
#include <linux/kref.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "unit/page_request.h"
#include "unit/prq.h"

struct intel_iommu;
struct vtd_device;

/* Requests that a device may have under way: a share of the ring */
#define VTD_PRI_SHARE		(VTD_PRQ_SLOTS / 8)

/* So often in a period a device may do what it must not, and nobody listens any more */
#define VTD_PRI_PATIENCE	256u
#define VTD_PRI_PERIOD		HZ

/**
 * struct vtd_pri - page requests of a device
 * @ref: the device, and @open when it is queued
 * @vdev: (c) the device
 * @group: its group, once a gate was opened; @open passes its mutex
 * @users: (u) who wants page requests: domains that are attached, and the core
 * @on: (u) PCI and the core are set up for them
 * @braked: (u) it asked as it must not: nobody listens until @users have gone
 * @gates: PASID, or IOMMU_NO_PASID, whose requests are passed on: 0, or the number of
 *	its opening, as a value: then the core is not ready yet
 * @openings: counts them
 * @outstanding: groups that were passed on, and not answered
 * @pages: (p) requests that wait for the last of their group
 * @pass: (p) vtd_prq.pass of ...
 * @in_pass: (p) ... that many requests
 * @violations: (p) how often it did what it must not ...
 * @since: (p) ... from this jiffy on
 * @late: (p) requests that may still come for gates that were closed
 * @open: opens gates
 * @brake: stops a device that did so too often
 */
struct vtd_pri {
	struct kref ref;
	struct vtd_device *vdev;
	struct iommu_group *group;
	unsigned int users;
	bool on;
	bool braked;
	struct xarray gates;
	atomic_long_t openings;
	atomic_t outstanding;
	struct vtd_pages pages;
	u64 pass;
	u32 in_pass;
	u32 violations;
	unsigned long since;
	u32 late;
	struct work_struct open;
	struct work_struct brake;
};

/* pri.c */
struct vtd_pri *vtd_pri_alloc(struct vtd_device *vdev);
void vtd_pri_put(struct vtd_pri *pri);
bool vtd_pri_asks(const struct vtd_device *vdev);
void vtd_pri_request(struct intel_iommu *iommu, const struct vtd_page_request *request,
		     enum vtd_page_verdict verdict);
void vtd_pri_lost(struct intel_iommu *iommu);
void vtd_pri_answer(struct device *dev, struct iopf_fault *event,
		    struct iommu_page_response *response);
int vtd_pri_open(struct vtd_device *vdev, u32 pasid);
bool vtd_pri_close(struct vtd_device *vdev, u32 pasid);
void vtd_pri_brake(struct vtd_device *vdev);
void vtd_pri_brake_later(struct vtd_pri *pri);
void vtd_pri_open_later(struct vtd_pri *pri);
void vtd_pri_open_now(struct vtd_pri *pri);
int vtd_pri_report(struct device *dev, struct iopf_fault *event);

/* pri_switch.c */
void vtd_pri_probe(struct vtd_device *vdev);
void vtd_pri_release(struct vtd_device *vdev);
int vtd_pri_use(struct vtd_device *vdev);
void vtd_pri_unuse(struct vtd_device *vdev);
int vtd_pri_drain(struct vtd_device *vdev, u32 pasid);
int vtd_pri_switch(struct vtd_device *vdev, bool on);
void vtd_pri_flush(struct vtd_device *vdev);

#endif /* VTD_DEVICE_PRI_H */

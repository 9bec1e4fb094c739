/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One device behind a unit: the requester ids it uses, what it is attached to,
 * its faults.  Lives from probe_device to release_device.
 */
#ifndef VTD_DEVICE_DEVICE_H
#define VTD_DEVICE_DEVICE_H

#include <linux/iommu.h>
#include <linux/ratelimit.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "device/rid.h"

struct intel_iommu;
struct vtd_pri;

/**
 * enum vtd_ats_fate - whether a device may have a TLB; from ALIVE to one of the others,
 *	once, by whoever comes first
 * @VTD_ATS_ALIVE: it may
 * @VTD_ATS_WITHOUT: it could not be asked, for no fault of its own (a queue that died,
 *	no power): it goes on without TLB
 * @VTD_ATS_OUT: it did not answer: it may reach nothing until it is let in again
 */
enum vtd_ats_fate {
	VTD_ATS_ALIVE,
	VTD_ATS_WITHOUT,
	VTD_ATS_OUT,
};

/**
 * struct vtd_ats - address translation service of a device
 * @supported: (c) device, unit and firmware allow it
 * @required: (c) firmware or PCI says that the device does not work without: only in scalable
 *	mode is it for the driver to switch it on, in a domain of any kind
 * @enabled: (a) on now
 * @fate: (atomic) an invalidation timed out, or could not be sent: never again
 * @doomed: @work has something to do; an attach takes that back
 * @twice: (c) erratum: each invalidation is sent two times
 * @depth: (c) invalidations that the device queues; 0 means 32
 * @pfsid: (c) requester id of the physical function, 0 where the unit has no
 *	use for it
 * @owes: (a) it was away when it was to forget what it holds: it is asked before its
 *	entry allows translation requests
 * @work: quarantine, set up by vtd_quarantine_init() and cancelled with the device
 */
struct vtd_ats {
	bool supported;
	bool required;
	bool enabled;
	enum vtd_ats_fate fate;
	bool doomed;
	bool twice;
	u8 depth;
	u16 pfsid;
	bool owes;
	struct work_struct work;
};

/**
 * struct vtd_device_faults - what a device did wrong
 * @count: faults since it was probed
 * @limit: of the lines in the log about DMA
 * @interrupt_limit: the same about interrupts: neither hides the other
 */
struct vtd_device_faults {
	atomic64_t count;
	struct ratelimit_state limit;
	struct ratelimit_state interrupt_limit;
};

/**
 * struct vtd_device - a device behind a unit
 * @dev: (c) the device
 * @iommu: (c) its unit
 * @domain: (a), written under (u) and (v): what it is attached to, NULL when blocked
 * @coming: (a), written under (u): what it is about to be attached to, whose tables its
 *	entry may lead to before @domain says so; NULL otherwise
 * @inherits: as @domain: not attached yet, what the kernel before gave to it goes on
 * @pasids: (a), written under (u) and (v): what its PASIDs are attached to, without that
 *	of requests without one, as struct iommu_domain; flushes look under RCU whether
 *	there is one, so a PASID is in here before it can be translated, and until its
 *	device TLB was flushed
 * @pasid_on: (c) the device may send requests with PASID, and the unit translates them
 * @ats: device TLB
 * @pri: (c) page requests, NULL for a device that can send none
 * @faults: fault counters
 * @rid_count: (c) requester ids in @use
 * @rid_room: (c) how many there is room for
 * @use: (c) the requester ids; the device's own is first
 *
 * (u) and (v): see device/rid.h; (a) changes in attach, under the group's mutex.
 */
struct vtd_device {
	struct device *dev;
	struct intel_iommu *iommu;
	struct iommu_domain *domain;
	struct iommu_domain *coming;
	bool inherits;
	struct xarray pasids;
	bool pasid_on;
	struct vtd_ats ats;
	struct vtd_pri *pri;
	struct vtd_device_faults faults;
	unsigned int rid_count;
	unsigned int rid_room;
	struct vtd_rid_use use[] __counted_by(rid_room);
};

struct vtd_device *vtd_device_add(struct device *dev, struct intel_iommu *iommu,
				  u16 rid);
void vtd_device_del(struct vtd_device *vdev);
struct vtd_device *vtd_device_find(struct intel_iommu *iommu, u16 rid);
bool vtd_device_count_fault(struct vtd_device *vdev, u16 rid);
bool vtd_device_is_cut(const struct vtd_device *vdev);
bool vtd_device_is_graphics(struct device *dev);
bool vtd_device_is_usb(struct device *dev);
unsigned int vtd_device_count(struct intel_iommu *iommu);

static inline struct vtd_device *vtd_device_of(struct device *dev)
{
	return dev_iommu_priv_get(dev);
}

static inline u16 vtd_device_rid(const struct vtd_device *vdev)
{
	return vdev->use[0].id;
}

#endif /* VTD_DEVICE_DEVICE_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A requester id: what a unit knows devices by.  Several devices may use one;
 * they share its context entry, and what is in that belongs to the id: where it
 * leads to, and whether its faults are recorded.
 *
 * (u) is intel_iommu.device_lock of the unit, (v) is vtd_device_lock.  What is
 * marked (uv) changes under both, (u) outside; one of them is enough to look at it.
 */
#ifndef VTD_DEVICE_RID_H
#define VTD_DEVICE_RID_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "device/storm.h"

struct intel_iommu;
struct vtd_device;

/**
 * struct vtd_rid - a requester id that at least one device uses
 * @iommu: (c) the unit
 * @id: (c) the id
 * @owner: (uv), read under RCU by quarantine: the device to name in messages
 * @users: (uv) links of the devices that use it; one entry serves them all, so
 *	they are in one group
 * @attached: (u) how many of them are attached to something but blocked
 * @cut: (u) its entry was emptied all the same: by quarantine, or because a unit
 *	did not flush
 * @storm: (u) the brake on its faults
 * @rearm: ends the silence
 */
struct vtd_rid {
	struct intel_iommu *iommu;
	u16 id;
	struct vtd_device *owner;
	struct list_head users;
	unsigned int attached;
	bool cut;
	struct vtd_storm storm;
	struct delayed_work rearm;
};

/**
 * struct vtd_rid_use - a device's use of a requester id
 * @rid: the record shared with other users
 * @node: in rid->users
 * @vdev: the device
 * @id: the requester id
 * @owns: (c) it is the one of the device itself, not an alias or a name's
 * @attached: (u) counted in rid->attached
 */
struct vtd_rid_use {
	struct vtd_rid *rid;
	struct list_head node;
	struct vtd_device *vdev;
	u16 id;
	bool owns;
	bool attached;
};

extern struct mutex vtd_device_lock;

int vtd_rid_join(struct vtd_rid_use *use, struct intel_iommu *iommu, u16 id);
void vtd_rid_leave(struct vtd_rid_use *use, struct list_head *unused);
void vtd_rid_free(struct list_head *unused);
struct vtd_rid *vtd_rid_find(struct intel_iommu *iommu, u16 id);
bool vtd_rid_count(struct vtd_rid *rid);

#endif /* VTD_DEVICE_RID_H */

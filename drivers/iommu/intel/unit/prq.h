/* SPDX-License-Identifier: GPL-2.0 */
/* The page request queue of a unit (specification sections 7.4 to 7.10). */
#ifndef VTD_UNIT_PRQ_H
#define VTD_UNIT_PRQ_H

#include <linux/mutex.h>
#include <linux/ratelimit.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "unit/page_request.h"

struct intel_iommu;
struct iopf_queue;

/* 2^4 pages, with 128 requests each */
#define VTD_PRQ_ORDER	4u
#define VTD_PRQ_SLOTS	(128u << VTD_PRQ_ORDER)

/**
 * struct vtd_prq - page request queue of a unit
 * @iommu: (c) the unit
 * @lock: one reader at a time; held while page_request runs.  Who has taken it and given
 *	it back knows that what was read before is done with
 * @ring: (c) what the unit writes
 * @head: with @lock: offset of the next request
 * @stale: with @lock, or in suspend: requests were lost with the unit's power
 * @enabled: @again may touch the unit
 * @iopf: (c) the core's side: devices that are asked for pages for
 * @users: (o: device/pri.c) requester id -> who handles its requests; changes with @lock
 * @pass: with @lock: counts how often what was there was read
 * @requests: how many were read; written with @lock held
 * @lost: how often some were lost; the same
 * @limit: of lines about that
 * @again: reads on after a flood
 */
struct vtd_prq {
	struct intel_iommu *iommu;
	struct mutex lock;	/* one reader at a time */
	void *ring;
	u32 head;
	bool stale;
	bool enabled;
	struct iopf_queue *iopf;
	struct xarray users;
	u64 pass;
	u64 requests;
	u64 lost;
	struct ratelimit_state limit;
	struct delayed_work again;
};

int vtd_prq_init(struct intel_iommu *iommu);
void vtd_prq_exit(struct intel_iommu *iommu);
void vtd_prq_enable(struct intel_iommu *iommu);
void vtd_prq_disable(struct intel_iommu *iommu);
void vtd_prq_read(struct intel_iommu *iommu);
void vtd_prq_answer(struct intel_iommu *iommu, const struct vtd_page_request *request, u32 code);
int vtd_prq_drain(struct intel_iommu *iommu, const struct vtd_desc *flush, unsigned int count);

#endif /* VTD_UNIT_PRQ_H */

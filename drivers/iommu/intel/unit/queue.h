/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Invalidations.  A caller hands over descriptors and waits until the unit has
 * executed them.  Units without queued invalidation execute the same
 * descriptors through CCMD and IOTLB (unit/reginval.c); callers see no difference.
 */
#ifndef VTD_UNIT_QUEUE_H
#define VTD_UNIT_QUEUE_H

#include <linux/types.h>

#include "hw/descriptors.h"

struct intel_iommu;

/* Most descriptors one submission may have; callers batch up to this */
#define VTD_BATCH_MAX	32u

/**
 * struct vtd_batch - descriptors gathered on the caller's stack
 * @count: how many of @desc are filled
 * @desc: the descriptors, without a wait descriptor: submission adds it
 */
struct vtd_batch {
	unsigned int count;
	struct vtd_desc desc[VTD_BATCH_MAX];
};

/**
 * struct vtd_ticket - what to wait for after a submission
 * @first: number of the submission on its queue; for several, of the first
 * @sequence: for several, of the last
 * @done: executed already (register-based), nothing to wait for
 */
struct vtd_ticket {
	u32 first;
	u32 sequence;
	bool done;
};

int vtd_queue_init(struct intel_iommu *iommu);
int vtd_queue_enable(struct intel_iommu *iommu);
void vtd_queue_disable(struct intel_iommu *iommu);
void vtd_queue_exit(struct intel_iommu *iommu);

bool vtd_queue_live(const struct intel_iommu *iommu);
bool vtd_queue_undecided(const struct intel_iommu *iommu);
int vtd_queue_submit(struct intel_iommu *iommu, const struct vtd_desc *desc,
		     unsigned int count, struct vtd_ticket *ticket);
void vtd_queue_join(struct vtd_ticket *ticket, const struct vtd_ticket *later);
int vtd_queue_wait(struct intel_iommu *iommu, const struct vtd_ticket *ticket);
int vtd_queue_sync(struct intel_iommu *iommu, const struct vtd_desc *desc,
		   unsigned int count);
struct vtd_desc vtd_queue_drain(const struct intel_iommu *iommu);
int vtd_queue_insist(struct intel_iommu *iommu, const struct vtd_desc *desc,
		     unsigned int count);

#endif /* VTD_UNIT_QUEUE_H */

// SPDX-License-Identifier: GPL-2.0
/*
 * Starting and stopping a unit's invalidation queue (specification section 6.5.2):
 * when it comes up and goes down, and when one that died is tried again.
 */
#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/align.h>
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/printk.h>

#include "hw/registers.h"
#include "unit/queue_state.h"
#include "unit/unit.h"

/*
 * Numbers go on, at the next one that has slot 0: who submitted before, but was
 * kept from looking until now, must find his number in the past, and the error that
 * belongs to it.
 */
static void queue_reset(struct vtd_queue *q)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&q->lock, flags);
	q->tail = ALIGN(q->tail, q->mask + 1);
	q->word[VTD_WORD_DONE] = q->tail;
	q->word[VTD_WORD_FENCE] = q->tail;
	q->limit = 0;
	q->cut = VTD_CUT_NONE;
	q->cut_at = q->tail;
	q->vain = false;
	q->handed = false;
	q->iqe_at = 0;
	q->suspects = 0;
	q->repaired = q->tail;
	q->judged = q->tail;
	raw_spin_unlock_irqrestore(&q->lock, flags);
}

/**
 * vtd_queue_stop - have a unit leave its queue alone
 * @iommu: the unit
 *
 * Context: any; spins for one VTD_REG_TIMEOUT_US at most.
 * Return: 0; -errno if the unit may go on using the ring.
 */
int vtd_queue_stop(struct intel_iommu *iommu)
{
	int ret = vtd_unit_command(iommu, VTD_GCMD_QIE, false);

	/* One that is gone reads no memory */
	iommu->queue->stuck = ret && ret != -ENODEV;
	if (iommu->queue->stuck)
		pr_warn("%s: the invalidation queue does not stop\n", iommu->name);
	return ret;
}

/**
 * vtd_queue_start - have a unit fetch from an empty ring
 * @iommu: the unit; nobody submits, its queue takes nothing
 *
 * Context: any; q->settle is held.  Spins for three register bounds at most.
 * Return: 0, -ENODEV if the unit is gone, -ETIMEDOUT.
 */
int vtd_queue_start(struct intel_iommu *iommu)
{
	struct vtd_queue *q = iommu->queue;
	int ret = vtd_queue_stop(iommu);

	if (ret)
		return ret;
	queue_reset(q);
	/* A leftover error would keep the unit from fetching */
	vtd_write32(&iommu->regs, VTD_FSTS, VTD_FSTS_QUEUE);
	vtd_write64(&iommu->regs, VTD_IQT, 0);
	vtd_write64(&iommu->regs, VTD_IQA,
		    virt_to_phys(q->ring) | FIELD_PREP(VTD_IQA_QS, q->order) |
		    (iommu->caps.scalable ? VTD_IQA_DW : 0));

	ret = vtd_unit_command(iommu, VTD_GCMD_QIE, true);
	if (ret)	/* It may obey late, when the ring is gone */
		vtd_queue_stop(iommu);
	return ret;
}

/**
 * vtd_queue_open - let everybody submit, unless it is about to be switched off
 * @q: queue that was started
 *
 * Context: any; q->settle is held.
 */
void vtd_queue_open(struct vtd_queue *q)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&q->lock, flags);
	WRITE_ONCE(q->mode, VTD_QUEUE_LIVE);
	WRITE_ONCE(q->limit, q->off ? 0 : q->mask - VTD_QUEUE_RESERVE);
	raw_spin_unlock_irqrestore(&q->lock, flags);
}

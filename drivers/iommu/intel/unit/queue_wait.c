// SPDX-License-Identifier: GPL-2.0
/*
 * Waiting for the invalidation queue: how long, for whom, and what the waiter is
 * told in the end.  The contract is at the top of queue.c, the times are in
 * queue_state.h.
 */
#include <linux/delay.h>

#include <kunit/visibility.h>

#include "hw/registers.h"
#include "unit/calm.h"
#include "unit/queue_state.h"
#include "unit/unit.h"

/* Nobody leaves a submission without waiting for it while so many others pass */
#define VTD_QUEUE_FORGET	0x100000u

VISIBLE_IF_KUNIT u32 vtd_queue_cut_us = VTD_QUEUE_CUT_US;
VISIBLE_IF_KUNIT u32 vtd_queue_timeout_us = VTD_QUEUE_TIMEOUT_US;
VISIBLE_IF_KUNIT u32 vtd_queue_grace_us = VTD_QUEUE_GRACE_US;
VISIBLE_IF_KUNIT u32 vtd_queue_hurry_us = VTD_QUEUE_HURRY_US;

static bool queue_moved(struct intel_iommu *iommu, struct vtd_motion *seen)
{
	const struct vtd_motion now = {
		.head = vtd_read64(&iommu->regs, VTD_IQH),
		.done = READ_ONCE(iommu->queue->word[VTD_WORD_DONE]),
		.fence = READ_ONCE(iommu->queue->word[VTD_WORD_FENCE]),
	};
	bool moved = now.head != seen->head || now.done != seen->done ||
		     now.fence != seen->fence;

	*seen = now;
	return moved;
}

/*
 * Gives up for the unit whom it waits for in vain; returns how much longer than
 * others this waiter waits for the rest, if there is any.
 */
static u32 queue_tire(struct intel_iommu *iommu, u32 us, u32 grace)
{
	if (us == vtd_queue_cut_us + grace)
		vtd_queue_cut(iommu, true);
	else if (us == vtd_queue_cut_us && vtd_queue_cut(iommu, false))
		return 0;
	return grace;
}

/**
 * vtd_queue_reach - wait until a number is reached
 * @iommu: the unit
 * @number: of a descriptor that was submitted
 *
 * The clock counts steps in which nothing at all moved: a queue that makes progress
 * is not dead, however long it is.  But who keeps the CPU to himself gives up the
 * devices that it waits for after VTD_QUEUE_HURRY_US in all.
 *
 * Context: any, as vtd_queue_wait().
 * Return: 0 or as vtd_queue_settle().
 */
int vtd_queue_reach(struct intel_iommu *iommu, u32 number)
{
	const u32 patience = vtd_queue_patient() ? vtd_queue_grace_us : 0;
	struct vtd_queue *q = iommu->queue;
	struct vtd_motion seen = { };
	u32 grace = patience;
	u32 us = 0, all = 0;

	while (vtd_queue_waits(q, vtd_queue_done(q), number)) {
		if (READ_ONCE(q->mode) != VTD_QUEUE_LIVE)
			return vtd_queue_settle(iommu);
		if (us % VTD_QUEUE_LOOK_US == 0) {
			vtd_queue_look(iommu);
			if (queue_moved(iommu, &seen)) {
				grace = patience;
				us = 0;
			}
			/* However far it has come: some devices still may not answer */
			if (!patience && all >= vtd_queue_hurry_us)
				vtd_queue_cut(iommu, true);
		}
		grace = queue_tire(iommu, us, grace);
		if (us >= vtd_queue_timeout_us + grace)
			return vtd_queue_kill(iommu, "it executes no descriptors");
		udelay(1);
		us++;
		if (++all % VTD_QUEUE_CALM_US == 0)
			vtd_calm();
	}
	return 0;
}

/* Slow part of a wait: what to say of submissions whose number was reached */
static noinline int queue_verdict(const struct intel_iommu *iommu,
				  const struct vtd_ticket *ticket)
{
	struct vtd_queue *q = iommu->queue;
	unsigned long flags;
	int ret = 0;

	raw_spin_lock_irqsave(&q->lock, flags);
	if (q->lost && !vtd_queue_passed(q->lost_from, ticket->sequence) &&
	    vtd_queue_passed(q->lost_to, ticket->first))
		ret = READ_ONCE(iommu->why_dead) ? -EIO : q->lost;
	if (q->tail - q->lost_to > VTD_QUEUE_FORGET)
		q->lost = 0;
	raw_spin_unlock_irqrestore(&q->lock, flags);
	return ret;
}

/**
 * vtd_queue_join - let one ticket stand for two submissions
 * @ticket: of the earlier ones; an error of any of them is an error of it
 * @later: of a later one to the same unit
 */
void vtd_queue_join(struct vtd_ticket *ticket, const struct vtd_ticket *later)
{
	if (ticket->done)
		*ticket = *later;
	else if (!later->done)
		ticket->sequence = later->sequence;
}

/**
 * vtd_queue_wait - wait until a submission has been executed
 * @iommu: the unit
 * @ticket: from vtd_queue_submit()
 *
 * If the queue dies meanwhile, the unit has been flushed through registers when
 * this returns 0, and devices whose TLB was to be invalidated have been reported
 * through device_tlb_off.
 *
 * Context: any; takes no lock while it waits.  Spins for VTD_QUEUE_TIMEOUT_US at
 * most without any progress of the queue, in a task with interrupts on for
 * VTD_QUEUE_GRACE_US longer, and one VTD_REG_TIMEOUT_US more while registers take
 * over, or VTD_QUEUE_STOPS_HURRY of them if a device keeps the unit from stopping.
 * Return: 0; -ETIMEDOUT if a device did not answer (one that was given up has
 * been reported through device_tlb_dead before anybody learns of the error, but
 * it need not be the caller's, nor the only one); -EINVAL if the unit refused a
 * descriptor of it; -EOPNOTSUPP if the queue died and registers cannot do it; -EIO
 * if the unit is lost: it does not invalidate at all, and unit_dead was called; or if
 * it cannot be said yet, and the caller may not wait any longer.
 * After an error, what was to be invalidated may still be cached.
 */
int vtd_queue_wait(struct intel_iommu *iommu, const struct vtd_ticket *ticket)
{
	struct vtd_queue *q = iommu->queue;
	u32 mine = ticket->sequence;
	u32 spins = 0;

	if (ticket->done || unlikely(!q))
		return 0;

	while (!vtd_queue_passed(vtd_queue_done(q), mine)) {
		if (unlikely(++spins > VTD_QUEUE_SPINS)) {
			int ret = vtd_queue_reach(iommu, mine);

			if (ret)
				return ret;
			break;
		}
		cpu_relax();
	}
	if (unlikely(READ_ONCE(q->lost)))
		return queue_verdict(iommu, ticket);
	return 0;
}

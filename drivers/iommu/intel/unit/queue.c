// SPDX-License-Identifier: GPL-2.0
/*
 * The invalidation queue (specification section 6.5.2).
 *
 * Contract
 *
 * Descriptors are numbered from when the queue is enabled, in a counter of 32
 * bits that runs freely; a descriptor's slot is its number modulo the size of
 * the ring.  A submission is a run of descriptors and a wait descriptor behind
 * it.  The submission's own number is that of the descriptor that comes after
 * its wait, and the wait writes exactly this number to the word "done":
 *
 *	done - mine >= 0	mine has been executed, with all before it
 *	tail - done		slots in use
 *
 * so one word in memory tells each waiter all it needs and tells submitters how
 * much room there is, and neither reads a register.
 *
 * One word for all is only right if the unit writes it in order.  A wait
 * descriptor without fence may be overtaken by the next one, and the word could
 * then step back (section 6.5.2.8).  So each wait has FN set.  That costs
 * nothing that matters: a later wait has to wait for everything before it anyway.
 *
 * The lock covers "copy descriptors, write IQT"; waiting happens outside it,
 * with the caller's interrupt state, in any context.  An interrupt that submits
 * on top of a waiter needs nothing from that waiter: slots get free when the
 * unit writes "done".
 *
 * When a wait takes long, the waiter looks at FSTS and repairs what it finds
 * (queue_error.c); submissions that were not executed in full are remembered by
 * number and fail, all others end well.  If the unit stops answering, the queue
 * is dead, and registers take its place (queue_dead.c).
 *
 * The unit reads the ring and writes the words coherently even if ECAP.C is 0,
 * which is about root, context, interrupt and paging entries only (section
 * 11.4.3, field C): nothing here needs a cache line flushed.
 */
#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/slab.h>

#include "core/core.h"
#include "hw/registers.h"
#include "observe/trace.h"
#include "unit/queue_state.h"
#include "unit/unit.h"

/*
 * No ring is shorter: a page of descriptors of 128 bits, two of 256 bits, which units
 * with ECAP.SMTS take, in either mode (section 6.5.2).  QS is a field of three bits.
 */
#define VTD_QUEUE_MIN		256u
#define VTD_QUEUE_SHIFT		4
#define VTD_QUEUE_SHIFT_WIDE	5
#define VTD_QUEUE_ORDER_MAX	7
/* A CPU in an unmap has two or three descriptors and a wait outstanding */
#define VTD_QUEUE_PER_CPU	8u

/* Start shortly before the counter wraps, so that every machine crosses it */
#define VTD_QUEUE_FIRST		0xffff0000u

static_assert(VTD_QUEUE_FIRST % (VTD_QUEUE_MIN << VTD_QUEUE_ORDER_MAX) == 0);
static_assert(sizeof(struct vtd_desc) == 1 << VTD_QUEUE_SHIFT);
static_assert(VTD_BATCH_MAX + 1 + VTD_QUEUE_RESERVE < VTD_QUEUE_MIN);

static void queue_trace(struct intel_iommu *iommu,
			const struct vtd_desc *desc, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		trace_qi_submit(iommu, desc[i].lo, desc[i].hi);
}

/* With the lock held: copies, adds the wait, and rings the doorbell */
static __always_inline u32 queue_put(struct intel_iommu *iommu,
				     struct vtd_queue *q, u32 tail,
				     const struct vtd_desc *desc,
				     unsigned int count)
{
	u32 end = tail + count;

	for (; tail != end; tail++)
		*vtd_queue_slot(q, tail) = *desc++;
	end++;
	*vtd_queue_slot(q, tail) = vtd_queue_wait_desc(q, VTD_WORD_DONE, end);
	q->tail = end;
	vtd_write32(&iommu->regs, VTD_IQT, vtd_queue_offset(q, end));
	return end;
}

/* False if there is no room, which a queue that takes nothing never has */
static __always_inline bool queue_try(struct intel_iommu *iommu,
				      const struct vtd_desc *desc,
				      unsigned int count,
				      struct vtd_ticket *ticket)
{
	struct vtd_queue *q = iommu->queue;
	unsigned long flags;
	bool room;
	u32 tail;

	raw_spin_lock_irqsave(&q->lock, flags);
	tail = q->tail;
	room = tail + count + 1 - vtd_queue_done(q) <= q->limit;
	if (likely(room)) {
		ticket->sequence = queue_put(iommu, q, tail, desc, count);
		ticket->first = ticket->sequence;
	}
	raw_spin_unlock_irqrestore(&q->lock, flags);
	return room;
}

/*
 * No room.  Waits for it, without the lock: somebody else may take it first.
 * A queue that takes nothing is passed by, and the ticket done.
 */
static noinline int queue_congested(struct intel_iommu *iommu,
				    const struct vtd_desc *desc,
				    unsigned int count,
				    struct vtd_ticket *ticket)
{
	struct vtd_queue *q = iommu->queue;

	for (u32 try = 0; try < VTD_QUEUE_TRIES; try++) {
		/* Pairs with vtd_queue_kill(), which sets the mode first */
		u32 limit = smp_load_acquire(&q->limit);
		int ret;

		if (!limit) {
			ret = vtd_queue_bypass(iommu, desc, count);
			ticket->done = ret != -EAGAIN;
			if (ticket->done)
				return ret;
			/* It is back */
			continue;
		}
		ret = vtd_queue_reach(iommu, READ_ONCE(q->tail) + count + 1 - limit);
		if (ret)
			return ret;
		if (queue_try(iommu, desc, count, ticket))
			return 0;
	}
	return -EIO;
}

/**
 * vtd_queue_submit - hand descriptors to the unit
 * @iommu: the unit
 * @desc: the descriptors, without a wait
 * @count: how many, at most VTD_BATCH_MAX; none is allowed: a mere barrier
 * @ticket: what vtd_queue_wait() takes
 *
 * A unit without queue, or whose queue died, executes them here through
 * registers; without queue nothing is sent to TLBs of devices, and a dead queue's
 * devices are reported through device_tlb_off instead.  The queue keeps no
 * pointer to @desc.
 *
 * Context: any; takes the locks of the queue, or gate_lock.  Waits for room if
 * the queue is full, which is bounded as vtd_queue_wait() is.
 * Return: 0; -E2BIG; -EIO if the queue is off, or the unit was lost before;
 * through registers, what vtd_reginval_execute() says: -EOPNOTSUPP for what they
 * cannot do, with any other error the unit is lost from here on.
 */
int vtd_queue_submit(struct intel_iommu *iommu, const struct vtd_desc *desc,
		     unsigned int count, struct vtd_ticket *ticket)
{
	ticket->done = !iommu->queue;
	if (unlikely(ticket->done))
		return vtd_queue_bypass(iommu, desc, count);
	if (unlikely(count > VTD_BATCH_MAX))
		return -E2BIG;
	if (trace_qi_submit_enabled())
		queue_trace(iommu, desc, count);

	if (likely(queue_try(iommu, desc, count, ticket)))
		return 0;
	return queue_congested(iommu, desc, count, ticket);
}

/**
 * vtd_queue_live - can device TLBs be invalidated
 * @iommu: the unit
 *
 * Context: any.
 * Return: false for a unit without queue, and for one whose queue died.
 */
bool vtd_queue_live(const struct intel_iommu *iommu)
{
	return iommu->queue && READ_ONCE(iommu->queue->mode) == VTD_QUEUE_LIVE;
}

/**
 * vtd_queue_undecided - is it still open what becomes of a queue that died
 * @iommu: the unit
 *
 * Until then nothing is invalidated, and nobody knows whether it will be.
 *
 * Context: any.
 */
bool vtd_queue_undecided(const struct intel_iommu *iommu)
{
	return iommu->queue && READ_ONCE(iommu->queue->mode) == VTD_QUEUE_DYING;
}

/**
 * vtd_queue_sync - hand descriptors to the unit and wait for them
 * @iommu: the unit
 * @desc: the descriptors, without a wait
 * @count: how many, at most VTD_BATCH_MAX
 *
 * Context: any, as vtd_queue_submit() and vtd_queue_wait().
 * Return: as these two.
 */
int vtd_queue_sync(struct intel_iommu *iommu, const struct vtd_desc *desc,
		   unsigned int count)
{
	struct vtd_ticket ticket;
	int ret;

	ret = vtd_queue_submit(iommu, desc, count, &ticket);
	if (ret)
		return ret;
	return vtd_queue_wait(iommu, &ticket);
}

/**
 * vtd_queue_insist - have the unit do what it can do without any device
 * @iommu: the unit
 * @desc: the descriptors, without a wait, none for a TLB of a device
 * @count: how many, at most VTD_BATCH_MAX
 *
 * The queue would rather report one error too many than one too few, so an error
 * of a submission that asks no device for anything is a neighbour's, and it is
 * sent again.  A unit that answers nothing but errors loses its queue: what comes
 * after goes through registers.
 *
 * Context: any, as vtd_queue_submit() and vtd_queue_wait(), VTD_QUEUE_INSIST times
 * at most.
 * Return: 0; -EIO if the queue is off or the unit is lost; -EOPNOTSUPP for what
 * registers cannot do, in their place.
 */
int vtd_queue_insist(struct intel_iommu *iommu, const struct vtd_desc *desc,
		     unsigned int count)
{
	int ret;

	for (u32 try = 0; try < VTD_QUEUE_INSIST; try++) {
		ret = vtd_queue_sync(iommu, desc, count);
		if (!ret || ret == -EIO)
			return ret;
	}
	if (vtd_queue_live(iommu))
		vtd_queue_kill(iommu, "it answers nothing but errors");
	return vtd_queue_sync(iommu, desc, count);
}

/**
 * vtd_queue_drain - a descriptor that waits for page requests and answers under way
 * @iommu: the unit, with a queue and caps.page_drain
 *
 * Behind the flush of a device's TLB, in the same submission (section 7.10).
 *
 * Context: any.
 */
struct vtd_desc vtd_queue_drain(const struct intel_iommu *iommu)
{
	struct vtd_desc desc = vtd_queue_wait_desc(iommu->queue, VTD_WORD_SCRATCH, 0);

	/* The fence is at the submission's end, which is how that is found */
	desc.lo &= ~VTD_DESC_WAIT_FN;
	desc.lo |= VTD_DESC_WAIT_PD;
	return desc;
}

/**
 * vtd_queue_init - allocate a unit's queue
 * @iommu: the unit; one without queued invalidation needs none
 *
 * Sized so that all CPUs can have an invalidation outstanding.  Until
 * vtd_queue_enable(), submissions fail.
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int vtd_queue_init(struct intel_iommu *iommu)
{
	unsigned int slots = num_possible_cpus() * VTD_QUEUE_PER_CPU;
	struct vtd_queue *q;

	if (!iommu->caps.qi || iommu->queue)
		return 0;

	q = kzalloc_node(sizeof(*q), GFP_KERNEL, iommu->node);
	if (!q)
		return -ENOMEM;

	q->shift = iommu->caps.scalable ? VTD_QUEUE_SHIFT_WIDE : VTD_QUEUE_SHIFT;
	slots = roundup_pow_of_two(max(slots, VTD_QUEUE_MIN));
	q->order = min(ilog2(slots) + q->shift - PAGE_SHIFT, VTD_QUEUE_ORDER_MAX);
	q->mask = (PAGE_SIZE << q->order >> q->shift) - 1;
	q->tail = VTD_QUEUE_FIRST;
	raw_spin_lock_init(&q->lock);
	raw_spin_lock_init(&q->settle);

	q->ring = vtd_core_alloc(iommu->node, GFP_KERNEL, q->order);
	q->word = kcalloc_node(VTD_WORDS, sizeof(u32), GFP_KERNEL, iommu->node);
	if (!q->ring || !q->word) {
		vtd_core_free(q->ring, q->order);
		kfree(q->word);
		kfree(q);
		return -ENOMEM;
	}
	q->word_phys = virt_to_phys(q->word);
	vtd_queue_again_init(iommu, q);
	iommu->queue = q;
	return 0;
}

/**
 * vtd_queue_exit - free a unit's queue
 * @iommu: the unit; its queue is disabled and nobody uses it any more
 *
 * From here on the unit's invalidations go through registers.  What a unit
 * that did not stop may still read and write is not given back.
 *
 * Context: may sleep.
 */
void vtd_queue_exit(struct intel_iommu *iommu)
{
	struct vtd_queue *q = iommu->queue;

	if (!q)
		return;
	cancel_delayed_work_sync(&q->again);
	iommu->queue = NULL;
	if (!q->stuck) {
		vtd_core_free(q->ring, q->order);
		kfree(q->word);
	}
	kfree(q);
}

/**
 * vtd_queue_enable - start a unit's queue, empty
 * @iommu: the unit; nobody submits or waits at the moment
 *
 * Takes over from whatever had the queue before: firmware, or the kernel that
 * crashed.  Also for resume, which brings back a queue that was dead.  A unit
 * without queue needs nothing.
 *
 * Context: any; spins for three register bounds at most.
 * Return: 0, -ENODEV if the unit is gone, -ETIMEDOUT.
 */
int vtd_queue_enable(struct intel_iommu *iommu)
{
	struct vtd_queue *q = iommu->queue;
	unsigned long flags;
	int ret;

	if (!q)
		return 0;

	/* Of an earlier death, and late: the next one has its own */
	cancel_delayed_work(&q->again);
	flags = vtd_settle_lock(q);
	q->off = false;
	q->agains = 0;
	ret = vtd_queue_start(iommu);
	if (!ret)
		vtd_queue_open(q);
	else if (q->stuck && q->mode == VTD_QUEUE_REGISTERS)
		/* Registers may not be used beside a queue that is on */
		WRITE_ONCE(q->mode, VTD_QUEUE_DEAD);
	vtd_settle_unlock(q, flags);
	return ret;
}

/**
 * vtd_queue_disable - let a unit finish its queue, then stop it
 * @iommu: the unit
 *
 * Submissions fail from here on, or, if the queue is or gets dead, go through
 * registers.  A unit that does not stop is left as it is.
 *
 * Context: any; waits as vtd_queue_wait() does.
 */
void vtd_queue_disable(struct intel_iommu *iommu)
{
	struct vtd_queue *q = iommu->queue;
	unsigned long flags;
	bool started;

	if (!q)
		return;

	flags = vtd_settle_lock(q);
	q->off = true;
	vtd_settle_unlock(q, flags);

	raw_spin_lock_irqsave(&q->lock, flags);
	started = q->limit;
	q->limit = 0;
	raw_spin_unlock_irqrestore(&q->lock, flags);

	if (started)
		vtd_queue_reach(iommu, q->tail);
	vtd_queue_stop(iommu);
}

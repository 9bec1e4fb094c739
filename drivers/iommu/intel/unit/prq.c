// SPDX-License-Identifier: GPL-2.0
/*
 * The page request queue (specification sections 7.4 to 7.10).
 *
 * The unit writes requests of devices into a ring, sets PPR, and sends an interrupt when
 * PPR or PRO goes up, not again before both are down.  So whoever reads clears PPR first
 * and looks for the end of the ring after that.
 *
 * When the ring is full the unit sets PRO, takes no more requests and answers those that
 * want an answer by itself: "look again".  Nobody waits in vain then but groups whose
 * last request it has answered, and of which earlier ones were read: these are forgotten
 * before PRO is cleared.
 *
 * Reading is bounded as that of faults is.  Who has to know that all requests of a device
 * were read reads them himself (vtd_prq_drain()), so nobody waits for a thread.
 */
#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/bitfield.h>
#include <linux/build_bug.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/iommu.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "core/core.h"
#include "hw/registers.h"
#include "observe/trace.h"
#include "unit/event.h"
#include "unit/prq.h"
#include "unit/queue.h"
#include "unit/unit.h"

/* Passes over all that is there before others get the CPU, and the pause then */
#define VTD_PRQ_PASSES		8u
#define VTD_PRQ_PAUSE_MS	10u

/* Drains until one was not disturbed by an overflow */
#define VTD_PRQ_DRAINS		4u

#define VTD_PRQ_SIZE		(VTD_PRQ_SLOTS * VTD_PRQ_BYTES)
#define VTD_PRQ_STATUS		(VTD_PRS_PPR | VTD_PRS_PRO)

static_assert(PAGE_SIZE << VTD_PRQ_ORDER == VTD_PRQ_SIZE);

static void prq_one(struct vtd_prq *prq, const u64 *at)
{
	struct intel_iommu *iommu = prq->iommu;
	struct vtd_page_request request;
	enum vtd_page_verdict verdict;
	u64 word[VTD_PRQ_WORDS];

	for (u32 i = 0; i < VTD_PRQ_WORDS; i++)
		word[i] = READ_ONCE(at[i]);
	WRITE_ONCE(prq->requests, prq->requests + 1);
	verdict = vtd_page_decode(&request, word);
	if (verdict != VTD_PAGE_DROPPED)
		trace_prq_report(iommu, &request, verdict);
	if (iommu->page_request)
		iommu->page_request(iommu, &request, verdict);
}

/* All that is in the ring now; the unit gets the room when all of it was looked at */
static bool prq_pass(struct vtd_prq *prq)
{
	struct intel_iommu *iommu = prq->iommu;
	u32 tail = vtd_read64(&iommu->regs, VTD_PQT) & VTD_PQ_OFFSET & (VTD_PRQ_SIZE - 1);
	bool any = prq->head != tail;

	prq->pass++;
	while (prq->head != tail && !READ_ONCE(prq->stale)) {
		prq_one(prq, prq->ring + prq->head);
		prq->head = (prq->head + VTD_PRQ_BYTES) % VTD_PRQ_SIZE;
	}
	if (any && !READ_ONCE(prq->stale))
		vtd_write64(&iommu->regs, VTD_PQH, prq->head);
	return any;
}

static void prq_lose(struct vtd_prq *prq)
{
	struct intel_iommu *iommu = prq->iommu;

	WRITE_ONCE(prq->lost, prq->lost + 1);
	if (iommu->page_requests_lost)
		iommu->page_requests_lost(iommu);
	if (__ratelimit(&prq->limit))
		pr_warn("%s: page requests came faster than they are read; the unit told devices to ask again (%llu times so far)\n",
			iommu->name, prq->lost);
}

/* The machine has slept since, perhaps in the middle of a pass: the ring is a new one */
static void prq_restart(struct vtd_prq *prq)
{
	WRITE_ONCE(prq->stale, false);
	prq->head = 0;
	/* A pass that resume interrupted may have written the old one after it was set */
	vtd_write64(&prq->iommu->regs, VTD_PQH, 0);
	if (prq->iommu->page_requests_lost)
		prq->iommu->page_requests_lost(prq->iommu);
}

/* True if nothing is left, false to come again */
static bool prq_step(struct vtd_prq *prq)
{
	struct intel_iommu *iommu = prq->iommu;
	u32 status = vtd_read32(&iommu->regs, VTD_PRS);
	bool any;

	lockdep_assert_held(&prq->lock);
	if (status == U32_MAX || !READ_ONCE(prq->enabled))
		return true;
	if (READ_ONCE(prq->stale))
		prq_restart(prq);
	if (status & VTD_PRS_PPR)
		vtd_write32(&iommu->regs, VTD_PRS, VTD_PRS_PPR);
	any = prq_pass(prq);
	if (status & VTD_PRS_PRO) {
		prq_lose(prq);
		vtd_write32(&iommu->regs, VTD_PRS, VTD_PRS_PRO);
	}
	return !any && !(status & VTD_PRQ_STATUS);
}

/**
 * vtd_prq_read - read what devices ask for
 * @iommu: the unit; one without page request queue is left alone
 *
 * Bounded: after VTD_PRQ_PASSES passes it stops and a work item goes on later.
 *
 * Context: may sleep; takes vtd_prq.lock; calls page_request.
 */
void vtd_prq_read(struct intel_iommu *iommu)
{
	struct vtd_prq *prq = iommu->prq;
	u32 pass = 0;

	if (!prq)
		return;
	mutex_lock(&prq->lock);
	while (pass < VTD_PRQ_PASSES && !prq_step(prq))
		pass++;
	mutex_unlock(&prq->lock);

	if (pass == VTD_PRQ_PASSES && READ_ONCE(prq->enabled))
		schedule_delayed_work(&prq->again, msecs_to_jiffies(VTD_PRQ_PAUSE_MS));
}

static void prq_again(struct work_struct *work)
{
	struct vtd_prq *prq = container_of(work, struct vtd_prq, again.work);

	vtd_prq_read(prq->iommu);
}

static irqreturn_t prq_thread(int irq, void *iommu)
{
	vtd_prq_read(iommu);
	return IRQ_HANDLED;
}

/**
 * vtd_prq_answer - answer a group
 * @iommu: the unit
 * @request: the last request of the group
 * @code: VTD_PAGE_SUCCESS, VTD_PAGE_INVALID or VTD_PAGE_FAILURE
 *
 * Not waited for.  What a queue that died cannot send is lost: its devices have lost
 * their TLBs, for which they asked.
 *
 * Context: any.
 */
void vtd_prq_answer(struct intel_iommu *iommu, const struct vtd_page_request *request, u32 code)
{
	struct vtd_desc desc = vtd_page_answer(request, code);
	struct vtd_ticket ticket;

	if (vtd_queue_live(iommu))
		vtd_queue_submit(iommu, &desc, 1, &ticket);
}

/**
 * vtd_prq_drain - no request of a device that was sent so far is still to come
 * @iommu: the unit; nothing happens without page request queue
 * @flush: flushes of what the requests were about, IOTLB first, then the device's TLB
 * @count: how many
 *
 * Section 7.10.  Answers that were submitted before have reached the device, and what it
 * sent has been read, when this returns 0: page_request was called for it.  Without
 * ECAP.PDS that is only so for what the flush itself waits for.
 *
 * Context: may sleep; takes vtd_prq.lock.
 *
 * Return: 0; -EBUSY if the ring overflowed each time; as vtd_queue_sync().
 */
int vtd_prq_drain(struct intel_iommu *iommu, const struct vtd_desc *flush, unsigned int count)
{
	struct vtd_batch batch = { .count = count };
	int ret;

	if (!iommu->prq)
		return 0;
	memcpy(batch.desc, flush, count * sizeof(*flush));
	if (iommu->caps.page_drain && vtd_queue_live(iommu))
		batch.desc[batch.count++] = vtd_queue_drain(iommu);
	for (u32 try = 0; try < VTD_PRQ_DRAINS; try++) {
		u32 status;

		ret = vtd_queue_sync(iommu, batch.desc, batch.count);
		status = vtd_read32(&iommu->regs, VTD_PRS);
		mutex_lock(&iommu->prq->lock);
		prq_step(iommu->prq);
		mutex_unlock(&iommu->prq->lock);
		/* Nothing is queued, and nothing drained, while it overflows */
		if (ret || status == U32_MAX || !(status & VTD_PRS_PRO))
			return ret;
	}
	return -EBUSY;
}

/**
 * vtd_prq_enable - have the unit take page requests
 * @iommu: the unit, after vtd_prq_init(); nothing happens without page request queue
 *
 * Context: any, resume with interrupts off too; takes gate_lock.  No context entry
 * lets page requests pass yet, or nobody reads them.
 */
void vtd_prq_enable(struct intel_iommu *iommu)
{
	struct vtd_prq *prq = iommu->prq;
	unsigned long flags;

	if (!prq)
		return;
	WRITE_ONCE(prq->stale, true);
	vtd_write64(&iommu->regs, VTD_PQH, 0);
	vtd_write64(&iommu->regs, VTD_PQT, 0);
	vtd_write64(&iommu->regs, VTD_PQA, virt_to_phys(prq->ring) |
		    FIELD_PREP(VTD_PQA_PQS, VTD_PRQ_ORDER));
	vtd_write32(&iommu->regs, VTD_PRS, VTD_PRQ_STATUS);
	WRITE_ONCE(prq->enabled, true);
	raw_spin_lock_irqsave(&iommu->gate_lock, flags);
	vtd_write32(&iommu->regs, VTD_PECTL, 0);
	raw_spin_unlock_irqrestore(&iommu->gate_lock, flags);
}

/**
 * vtd_prq_disable - no more page requests
 * @iommu: the unit; no device sends any
 *
 * Context: any; takes gate_lock.
 */
void vtd_prq_disable(struct intel_iommu *iommu)
{
	unsigned long flags;

	if (!iommu->prq)
		return;
	WRITE_ONCE(iommu->prq->enabled, false);
	raw_spin_lock_irqsave(&iommu->gate_lock, flags);
	vtd_write32(&iommu->regs, VTD_PECTL, VTD_ECTL_IM);
	raw_spin_unlock_irqrestore(&iommu->gate_lock, flags);
}

static void prq_free(struct vtd_prq *prq)
{
	if (prq->iopf)
		iopf_queue_free(prq->iopf);
	vtd_core_free(prq->ring, VTD_PRQ_ORDER);
	kfree(prq);
}

/**
 * vtd_prq_init - give a unit its page request queue, and read it from now on
 * @iommu: the unit, in scalable mode; one without page requests needs none
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM, or as vtd_event_pages().
 */
int vtd_prq_init(struct intel_iommu *iommu)
{
	struct vtd_prq *prq;
	int ret;

	if (!iommu->scalable || !iommu->caps.page_requests || iommu->prq)
		return 0;
	prq = kzalloc_node(sizeof(*prq), GFP_KERNEL, iommu->node);
	if (!prq)
		return -ENOMEM;
	prq->iommu = iommu;
	mutex_init(&prq->lock);
	xa_init(&prq->users);
	ratelimit_state_init(&prq->limit, DEFAULT_RATELIMIT_INTERVAL, 1);
	ratelimit_set_flags(&prq->limit, RATELIMIT_MSG_ON_RELEASE);
	INIT_DELAYED_WORK(&prq->again, prq_again);
	prq->ring = vtd_core_alloc(iommu->node, GFP_KERNEL, VTD_PRQ_ORDER);
	prq->iopf = iopf_queue_alloc(iommu->name);
	ret = -ENOMEM;
	if (prq->ring && prq->iopf) {
		iommu->prq = prq;
		ret = vtd_event_pages(iommu, prq_thread);
	}
	if (ret) {
		iommu->prq = NULL;
		prq_free(prq);
		return ret;
	}
	vtd_prq_enable(iommu);
	return 0;
}

/**
 * vtd_prq_exit - undo vtd_prq_init()
 * @iommu: the unit; no device of it has page requests on
 *
 * What a unit that was not stopped may still write to is not given back.
 *
 * Context: may sleep; waits for the thread and the work item.
 */
void vtd_prq_exit(struct intel_iommu *iommu)
{
	struct vtd_prq *prq = iommu->prq;

	if (!prq)
		return;
	vtd_prq_disable(iommu);
	vtd_event_pages_free(iommu);
	cancel_delayed_work_sync(&prq->again);
	iommu->prq = NULL;
	if (vtd_unit_translating(iommu))
		prq->ring = NULL;
	else
		vtd_write64(&iommu->regs, VTD_PQA, 0);
	prq_free(prq);
}

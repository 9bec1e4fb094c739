// SPDX-License-Identifier: GPL-2.0
/*
 * Errors of the invalidation queue (specification section 6.5.2.10): found by
 * whoever waits too long, or by the fault thread.
 *
 * IQE: the unit refuses the descriptor at IQH and stops there.  The descriptor
 *	is replaced by a wait that nobody looks at, its submission is noted as
 *	lost, and the unit goes on.
 *
 * ITE: a device did not answer.  The unit drops the wait it was about to finish
 *	and fetches nothing.  Because every wait is a fence, the window between the
 *	last wait that was executed and IQH is what it was doing, and a device with
 *	a descriptor in there is a suspect (IQERCD names it on newer units).  What
 *	lies behind IQH has not been fetched, so it may be rewritten: its waits are
 *	turned to the word "fence", which tells the next repair how far the unit
 *	came but completes nobody; the invalidations that suspects owe, each with a
 *	fence of its own, are put behind, and the last of all waits is for "done".
 *	So nobody ends before the retries did, and the next time the window holds one
 *	suspect alone: neighbours of a silent device have answered by then.  The third
 *	time the device is given up.
 *
 * ICE: an answer made no sense.  Noted and cleared; it stops nothing.
 */
#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/pci.h>
#include <linux/printk.h>

#include "hw/registers.h"
#include "unit/queue_state.h"
#include "unit/reginval.h"
#include "unit/unit.h"

/* A repair while it goes on, with the queue's lock held */
struct vtd_repair {
	struct intel_iommu *iommu;
	struct vtd_queue *q;
	u64 error;		/* IQERCD */
	u32 start;		/* executed, and waited for, up to here */
	u32 head;		/* fetched up to here */
	unsigned int dead;	/* devices given up, and those to name in the log */
	u16 dead_sid[VTD_QUEUE_NAMED];
};

/* Ends a submission; the waits put in the place of bad descriptors have no FN */
static bool desc_is_end(const struct vtd_desc *d)
{
	return vtd_desc_is(d, VTD_DESC_WAIT) && (d->lo & VTD_DESC_WAIT_FN);
}

static const char *desc_name(const struct vtd_desc *d)
{
	static const char * const name[] = {
		"unknown type", "context cache", "IOTLB", "device TLB", "interrupt entry cache",
		"wait", "IOTLB", "PASID cache", "device TLB", "page response",
	};
	u32 type = FIELD_GET(VTD_DESC_TYPE, d->lo);

	return name[type < ARRAY_SIZE(name) ? type : 0];
}

/* IQERCD.IQEI, section 11.4.9.9 */
static const char *queue_reason(u64 error)
{
	static const char * const reason[] = {
		"no reason given",
		"tail pointer outside the queue",
		"descriptor could not be read",
		"descriptor type not known",
		"reserved field not zero",
		"descriptor width not supported",
		"tail pointer not aligned",
		"wrong table mode for the descriptor",
	};
	u32 i = FIELD_GET(VTD_IQERCD_IQEI, error);

	return i < ARRAY_SIZE(reason) ? reason[i] : "reason not known";
}

static void queue_void(struct vtd_queue *q, struct vtd_desc *d)
{
	*d = vtd_queue_wait_desc(q, VTD_WORD_SCRATCH, 0);
	d->lo &= ~VTD_DESC_WAIT_FN;
}

/* Number of the submission that descriptor @n belongs to */
static u32 queue_end_of(struct vtd_queue *q, u32 n)
{
	while (n != q->tail)
		if (desc_is_end(vtd_queue_slot(q, n++)))
			break;
	return n;
}

/*
 * One range is kept.  A second loss widens it: an error too many is harmless,
 * one too few is not.
 */
static void queue_lose(struct vtd_queue *q, u32 from, u32 to, int error)
{
	if (!q->lost || !vtd_queue_passed(from, q->lost_from))
		q->lost_from = from;
	if (!q->lost || vtd_queue_passed(to, q->lost_to))
		q->lost_to = to;
	WRITE_ONCE(q->lost, error);
}

/* Where the unit is; false if IQH lies outside of what was submitted */
static bool repair_locate(struct vtd_repair *r)
{
	struct vtd_queue *q = r->q;
	u32 done = READ_ONCE(q->word[VTD_WORD_DONE]);
	u32 fence = READ_ONCE(q->word[VTD_WORD_FENCE]);
	u64 iqh = vtd_read64(&r->iommu->regs, VTD_IQH);
	u32 used = q->tail - done;

	if (iqh == U64_MAX || used > q->mask)
		return false;
	r->head = done + ((vtd_queue_index(q, iqh) - done) & q->mask);
	if (r->head - done > used)
		return false;

	/* "fence" counts only while it lies ahead of "done" */
	r->start = fence - done <= r->head - done ? fence : done;
	r->error = vtd_read64(&r->iommu->regs, VTD_IQERCD);
	return true;
}

/* Units in software fetch again only when the doorbell rings, the error gone */
static void repair_resume(struct vtd_repair *r, u32 error)
{
	struct vtd_queue *q = r->q;

	vtd_write32(&r->iommu->regs, VTD_FSTS, error);
	vtd_write32(&r->iommu->regs, VTD_IQT, vtd_queue_offset(q, q->tail));
}

/*
 * With the lock, and before the unit goes on: who learns of the error finds the
 * device cut off.  The log has to wait until the lock is free.
 */
static void repair_dead(struct vtd_repair *r, u16 sid)
{
	if (r->iommu->device_tlb_dead && !r->iommu->device_tlb_dead(r->iommu, sid))
		return;
	if (r->dead < ARRAY_SIZE(r->dead_sid))
		r->dead_sid[r->dead] = sid;
	r->dead++;
}

/* Given up before, or gone from the bus: to ask it again is of no use */
static bool repair_is_silent(struct vtd_repair *r, u16 sid)
{
	return r->iommu->device_tlb_silent && r->iommu->device_tlb_silent(r->iommu, sid);
}

/*
 * What is still to come for a suspect: a retry covers it, or there is no use in it;
 * then also that of its other PASIDs (@all).
 */
static void repair_take_back(struct vtd_repair *r, struct vtd_suspect *s, bool all)
{
	struct vtd_queue *q = r->q;

	for (u32 n = r->head; n != q->tail; n++) {
		struct vtd_desc *d = vtd_queue_slot(q, n);
		u32 end;

		if (all ? !vtd_desc_is_for(d, s->sid) : d->lo != s->lo)
			continue;
		queue_void(q, d);
		end = queue_end_of(q, n);
		if (vtd_queue_passed(end, s->to))
			s->to = end;
	}
}

static void repair_give_up(struct vtd_repair *r, struct vtd_suspect *s)
{
	s->dead = true;
	repair_take_back(r, s, true);
	queue_lose(r->q, s->from, s->to, -ETIMEDOUT);
	repair_dead(r, s->sid);
}

/* Devices that have answered their retry are suspects no more */
static void repair_acquit(struct vtd_repair *r)
{
	struct vtd_queue *q = r->q;
	struct vtd_suspect *s = q->suspect;

	/* All that the last repair sent again has been executed, long ago perhaps */
	if (!vtd_queue_waits(q, READ_ONCE(q->word[VTD_WORD_DONE]), q->repaired)) {
		q->suspects = 0;
		q->judged = r->start;
	}
	while (s < q->suspect + q->suspects)
		if (!s->dead && vtd_queue_passed(r->start, s->retry))
			*s = q->suspect[--q->suspects];
		else
			s++;
}

/* The suspect for device and PASID of descriptor @n, found or made; NULL if too many */
static struct vtd_suspect *repair_suspect(struct vtd_repair *r, u32 n)
{
	const struct vtd_desc *d = vtd_queue_slot(r->q, n);
	struct vtd_queue *q = r->q;
	struct vtd_suspect *s;

	for (s = q->suspect; s < q->suspect + q->suspects; s++)
		if (s->lo == d->lo)
			return s;

	if (q->suspects == VTD_QUEUE_SUSPECTS) {
		queue_lose(q, r->start, queue_end_of(q, n), -ETIMEDOUT);
		return NULL;
	}
	q->suspects++;
	*s = (struct vtd_suspect) {
		.lo = d->lo,
		.sid = vtd_desc_sid(d),
		.from = r->start,
		.to = queue_end_of(q, n),
		.twice = n + 1 != q->tail && vtd_desc_same(d, vtd_queue_slot(q, n + 1)),
	};
	return s;
}

/* Bits of q->suspect[]: whoever, or @named if not NULL, has something from @first on */
static u32 repair_collect(struct vtd_repair *r, u32 first, const u16 *named,
			  bool *found)
{
	struct vtd_queue *q = r->q;
	u32 accused = 0;

	for (u32 n = first; n != r->head; n++) {
		const struct vtd_desc *d = vtd_queue_slot(q, n);
		struct vtd_suspect *s;

		if (!vtd_desc_asks(d) || (named && vtd_desc_sid(d) != *named))
			continue;
		*found = true;
		s = repair_suspect(r, n);
		if (s && !s->dead)
			accused |= BIT(s - q->suspect);
	}
	return accused;
}

/*
 * Who did not answer this time: the one that is named, else who was asked since the
 * error before, else who was asked at all.
 */
static u32 repair_accuse(struct vtd_repair *r)
{
	u16 named = FIELD_GET(VTD_IQERCD_ITESID, r->error);
	struct vtd_queue *q = r->q;
	bool found = false;
	u32 accused;

	accused = repair_collect(r, r->start, &named, &found);
	if (!found && q->judged - r->start <= r->head - r->start)
		accused = repair_collect(r, q->judged, NULL, &found);
	if (!found)
		accused = repair_collect(r, r->start, NULL, &found);
	return accused;
}

/*
 * Sends again what a suspect owes.  Each retry has a wait of its own behind it: if
 * that fails, too, it is known who it was.
 */
static void repair_send(struct vtd_repair *r, struct vtd_suspect *s)
{
	struct vtd_queue *q = r->q;

	repair_take_back(r, s, false);
	s->tries++;
	pr_warn("%s: device %02x:%02x.%d does not answer, invalidation sent again (%u of %u)\n",
		r->iommu->name, PCI_BUS_NUM(s->sid), PCI_SLOT(s->sid),
		PCI_FUNC(s->sid), s->tries, VTD_QUEUE_RETRIES);
	for (u32 i = 0; i <= s->twice; i++)
		*vtd_queue_slot(q, q->tail++) =
			vtd_desc_tlb_all(&(struct vtd_desc) { .lo = s->lo });
	*vtd_queue_slot(q, q->tail) = vtd_queue_wait_desc(q, VTD_WORD_FENCE, q->tail + 1);
	s->retry = ++q->tail;
}

static void repair_retry(struct vtd_repair *r, u32 accused)
{
	struct vtd_queue *q = r->q;
	u32 done = READ_ONCE(q->word[VTD_WORD_DONE]);

	for (unsigned int i = 0; i < q->suspects; i++) {
		struct vtd_suspect *s = &q->suspect[i];

		if (!(accused & BIT(i)))
			continue;
		/* One slot stays for a wait without retry */
		if (s->tries >= VTD_QUEUE_RETRIES || repair_is_silent(r, s->sid) ||
		    q->tail + 4 - done > q->mask)
			repair_give_up(r, s);
		else
			repair_send(r, s);
	}
}

/* Returns a phrase if the queue cannot be repaired */
static const char *repair_ite(struct vtd_repair *r)
{
	struct vtd_queue *q = r->q;
	u32 done = READ_ONCE(q->word[VTD_WORD_DONE]);
	u32 tail = q->tail;

	if (tail + 1 - done > q->mask)
		return "no room to repair it";

	for (u32 n = r->head; n != tail; n++) {
		struct vtd_desc *d = vtd_queue_slot(q, n);

		if (desc_is_end(d))
			*d = vtd_queue_wait_desc(q, VTD_WORD_FENCE, n + 1);
	}
	repair_acquit(r);
	repair_retry(r, repair_accuse(r));

	/* The last wait ends the repair; if it was fetched, another one is needed */
	if (r->head == q->tail)
		q->tail++;
	*vtd_queue_slot(q, q->tail - 1) = vtd_queue_wait_desc(q, VTD_WORD_DONE, q->tail);
	q->repaired = q->tail;
	q->judged = r->head;
	repair_resume(r, VTD_FSTS_ITE);
	return NULL;
}

/* A retry that is refused is no answer: whoever waits for it gets an error, too */
static void repair_refused(struct vtd_repair *r, const struct vtd_desc *d)
{
	struct vtd_queue *q = r->q;

	for (struct vtd_suspect *s = q->suspect; s < q->suspect + q->suspects; s++)
		if (!s->dead && s->lo == d->lo)
			queue_lose(q, s->from, s->to, -EINVAL);
}

static const char *repair_iqe(struct vtd_repair *r)
{
	struct vtd_desc *d = vtd_queue_slot(r->q, r->head);
	struct vtd_queue *q = r->q;

	if (r->head == q->tail)
		return "it refuses its tail pointer";
	if (q->iqe_at == r->head + 1)
		return "it refuses any descriptor";
	q->iqe_at = r->head + 1;

	pr_err("%s: invalidation refused: %s (%s, %016llx %016llx)\n",
	       r->iommu->name, queue_reason(r->error), desc_name(d),
	       d->lo, d->hi);

	if (desc_is_end(d)) {
		/* Ours, and right when it was written: write it again, once */
		*d = vtd_queue_wait_desc(q, vtd_queue_waits(q, r->head + 1, q->repaired) ?
					 VTD_WORD_FENCE : VTD_WORD_DONE, r->head + 1);
	} else {
		repair_refused(r, d);
		queue_lose(q, r->start, queue_end_of(q, r->head), -EINVAL);
		queue_void(q, d);
	}
	repair_resume(r, VTD_FSTS_IQE);
	return NULL;
}

static const char *repair(struct vtd_repair *r, u32 status)
{
	const char *why = NULL;

	if (!repair_locate(r))
		return "its head pointer makes no sense";

	if (status & VTD_FSTS_ICE) {
		u16 sid = FIELD_GET(VTD_IQERCD_ICESID, r->error);

		pr_warn_ratelimited("%s: device %02x:%02x.%d answered an invalidation that nobody sent\n",
				    r->iommu->name, PCI_BUS_NUM(sid),
				    PCI_SLOT(sid), PCI_FUNC(sid));
		vtd_write32(&r->iommu->regs, VTD_FSTS, VTD_FSTS_ICE);
	}
	if (status & VTD_FSTS_ITE)
		why = repair_ite(r);
	if (!why && (status & VTD_FSTS_IQE))
		why = repair_iqe(r);
	return why;
}

static void repair_tell(const struct vtd_repair *r)
{
	const unsigned int named = min(r->dead, VTD_QUEUE_NAMED);

	for (unsigned int i = 0; i < named; i++) {
		u16 sid = r->dead_sid[i];

		pr_err("%s: device %02x:%02x.%d is given up: it does not answer invalidations of its TLB\n",
		       r->iommu->name, PCI_BUS_NUM(sid), PCI_SLOT(sid),
		       PCI_FUNC(sid));
	}
	if (r->dead > named)
		pr_err("%s: %u more devices are given up\n", r->iommu->name,
		       r->dead - named);
}

/**
 * vtd_queue_look - look for errors of a unit's queue, and repair them
 * @iommu: the unit
 *
 * Context: any; takes the queue's lock.  May call device_tlb_dead.  If the queue
 * cannot be repaired, as vtd_queue_kill().
 */
void vtd_queue_look(struct intel_iommu *iommu)
{
	struct vtd_repair r = { .iommu = iommu, .q = iommu->queue };
	const char *why = NULL;
	unsigned long flags;
	u32 status;

	status = vtd_read32(&iommu->regs, VTD_FSTS);
	if (!r.q || (status != U32_MAX && !(status & VTD_FSTS_QUEUE)))
		return;

	/* Once more with the lock: somebody else may have repaired it meanwhile */
	raw_spin_lock_irqsave(&r.q->lock, flags);
	/* A network console would come back for this lock */
	printk_deferred_enter();
	status = vtd_read32(&iommu->regs, VTD_FSTS);
	if (status == U32_MAX)
		why = "its registers read all ones";
	else if ((status & VTD_FSTS_QUEUE) && r.q->mode == VTD_QUEUE_LIVE)
		why = repair(&r, status);
	printk_deferred_exit();
	raw_spin_unlock_irqrestore(&r.q->lock, flags);

	repair_tell(&r);
	if (why)
		vtd_queue_kill(iommu, why);
}

static void cut_one(struct vtd_repair *r, u32 n)
{
	struct vtd_queue *q = r->q;
	u16 sid = vtd_desc_sid(vtd_queue_slot(q, n));

	queue_lose(q, r->start, queue_end_of(q, n), -ETIMEDOUT);
	/* Once for each device */
	for (u32 before = r->start; before != n; before++)
		if (vtd_desc_is_for(vtd_queue_slot(q, before), sid))
			return;
	repair_dead(r, sid);
}

static void cut_window(struct vtd_repair *r, bool all)
{
	bool awaited = false;

	for (u32 n = r->start; n != r->head; n++) {
		const struct vtd_desc *d = vtd_queue_slot(r->q, n);

		if (!vtd_desc_asks(d))
			continue;
		if (all || repair_is_silent(r, vtd_desc_sid(d)))
			cut_one(r, n);
		else
			awaited = true;
	}
	r->q->vain = r->dead || !awaited;
}

/**
 * vtd_queue_cut - give up the devices that a queue which stands still waits for
 * @iommu: the unit
 * @all: also those that may still answer; else those of which that is not to be
 *	expected any more, which nobody waits for
 *
 * The unit has raised no error, and may still do so once a device is cut off.
 * Only the first call while nothing moves does anything.
 *
 * Context: any; takes the queue's lock.  May call device_tlb_dead.
 * Return: true if there is nobody to be patient with: the unit waits for a device in
 * vain, or for none at all.
 */
bool vtd_queue_cut(struct intel_iommu *iommu, bool all)
{
	const u8 level = all ? VTD_CUT_ALL : VTD_CUT_SILENT;
	struct vtd_repair r = { .iommu = iommu, .q = iommu->queue };
	struct vtd_queue *q = r.q;
	unsigned long flags;
	bool vain = true;

	raw_spin_lock_irqsave(&q->lock, flags);
	if (q->mode == VTD_QUEUE_LIVE && repair_locate(&r)) {
		if (q->cut_at != r.head)
			q->cut = VTD_CUT_NONE;
		if (q->cut < level)
			cut_window(&r, all);
		q->cut = max(q->cut, level);
		q->cut_at = r.head;
		vain = q->vain;
	}
	raw_spin_unlock_irqrestore(&q->lock, flags);
	repair_tell(&r);
	return vain;
}

/*
 * Has the unit asked a device that did not answer yet, or can it before it is told to
 * stop?  It goes on fetching until then.
 */
static bool kill_awaited(struct intel_iommu *iommu, struct vtd_queue *q)
{
	struct vtd_repair r = { .iommu = iommu, .q = q };

	if (!repair_locate(&r))
		return false;
	for (u32 n = r.start; n != q->tail; n++)
		if (vtd_desc_asks(vtd_queue_slot(q, n)))
			return true;
	return false;
}

/* What cannot be made up for; all if registers do nothing.  Devices are reported. */
static void kill_lose(const struct intel_iommu *iommu, struct vtd_queue *q)
{
	u32 start = vtd_queue_pending(q);

	if (!vtd_reginval_works(iommu)) {
		if (start != q->tail)
			queue_lose(q, start, q->tail, -ETIMEDOUT);
		return;
	}
	for (u32 n = start; n != q->tail; n++)
		if (vtd_desc_is(vtd_queue_slot(q, n), VTD_DESC_IEC) &&
		    !iommu->caps.table_flushes)
			queue_lose(q, start, queue_end_of(q, n), -EOPNOTSUPP);
}

/**
 * vtd_queue_kill - stop using a unit's queue
 * @iommu: the unit
 * @why: for the log
 *
 * Who waits and who comes later is served through registers, or gets an error
 * if these do not work (queue_dead.c).
 *
 * Context: any; takes the queue's locks and gate_lock, spins for one
 * VTD_REG_TIMEOUT_US at most; if a device is waited for, for VTD_QUEUE_STOPS of them
 * in a task with interrupts on, else for VTD_QUEUE_STOPS_HURRY.  May call
 * device_tlb_off and unit_dead.
 * Return: as vtd_queue_settle().
 */
int vtd_queue_kill(struct intel_iommu *iommu, const char *why)
{
	struct vtd_queue *q = iommu->queue;
	unsigned long flags;
	bool first;

	raw_spin_lock_irqsave(&q->lock, flags);
	first = q->mode == VTD_QUEUE_LIVE;
	if (first) {
		q->why = why;
		q->awaited = kill_awaited(iommu, q);
		kill_lose(iommu, q);
		/* Pairs with vtd_queue_settle(): the ring is as it stays */
		smp_store_release(&q->mode, VTD_QUEUE_DYING);
		/* Pairs with queue_congested(): no room, and for this reason */
		smp_store_release(&q->limit, 0);
	}
	raw_spin_unlock_irqrestore(&q->lock, flags);

	if (first)
		pr_err("%s: invalidation queue stands still: FSTS %x IQH %llx IQT %x, %u of %u done\n",
		       iommu->name, vtd_read32(&iommu->regs, VTD_FSTS),
		       vtd_read64(&iommu->regs, VTD_IQH),
		       vtd_queue_offset(q, q->tail),
		       READ_ONCE(q->word[VTD_WORD_DONE]), q->tail);
	return vtd_queue_settle(iommu);
}

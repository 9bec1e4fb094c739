/* SPDX-License-Identifier: GPL-2.0 */
/* Inside of the invalidation queue: queue.c runs it, queue_error.c repairs it. */
#ifndef VTD_UNIT_QUEUE_STATE_H
#define VTD_UNIT_QUEUE_STATE_H

#include <linux/build_bug.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "hw/descriptors.h"
#include "unit/queue.h"

struct intel_iommu;

/*
 * Times are in steps of a microsecond.  A waiter spins, then looks at the
 * unit's error bits each VTD_QUEUE_LOOK_US.  If nothing at all has moved for
 * VTD_QUEUE_CUT_US, devices that owe an answer are given up; if that does not
 * help either, the queue is dead at VTD_QUEUE_TIMEOUT_US.  The sum stays far
 * below the ten seconds after which a CPU with interrupts off counts as hung.
 *
 * PCIe lets a device take a minute, and half of one more, to answer (PCIe 6.0,
 * section 10.3.5).  So a waiter that keeps nobody else from running, with interrupts
 * on, in a task, gives a device that is there VTD_QUEUE_GRACE_US on top of that.  A
 * unit that stands still without any such reason gets nothing.
 *
 * Each step that the unit makes starts the clock anew: retries of a device that is
 * slow to answer are progress, and their number is limited.
 */
#define VTD_QUEUE_SPINS		2000u
#define VTD_QUEUE_LOOK_US	64u
#define VTD_QUEUE_CUT_US	1000000u
#define VTD_QUEUE_TIMEOUT_US	2000000u
#define VTD_QUEUE_GRACE_US	95000000u

/*
 * A unit that waits for a device may not stop its queue before that device has run
 * out of time: so many VTD_REG_TIMEOUT_US, which is VTD_QUEUE_GRACE_US again
 */
#define VTD_QUEUE_STOPS		95u

/*
 * Who keeps the CPU to himself may not wait that long.  After VTD_QUEUE_HURRY_US, however
 * many steps the unit has made, no device is waited for any more; a queue that does not
 * stop within VTD_QUEUE_STOPS_HURRY is left to a work item, and what the waiter wanted
 * is not proved.
 */
#define VTD_QUEUE_HURRY_US	5000000u
#define VTD_QUEUE_STOPS_HURRY	3u

/* How often the watchdogs hear of somebody who waits long */
#define VTD_QUEUE_CALM_US	1000000u

/*
 * A queue that died is started again after VTD_QUEUE_AGAIN_MS, then after twice that
 * time, so often
 */
#define VTD_QUEUE_AGAIN_MS	10000u
#define VTD_QUEUE_AGAINS	8u

/* Tries to find room; each one saw the queue move, others took what got free */
#define VTD_QUEUE_TRIES		100000u

/* An invalidation that a device does not answer is sent again so many times */
#define VTD_QUEUE_RETRIES	2u

/* Errors in a row that can be a neighbour's */
#define VTD_QUEUE_INSIST	16u

/* Devices that can be in trouble at once; for more, who waits gets an error */
#define VTD_QUEUE_SUSPECTS	8u

/*
 * Slots that only repairs may use, until "done" moves: up to three for each retry, with
 * its wait, and one if the last wait was dropped, so at most one for each device that is
 * given up, and for as many that find no place among the suspects
 */
#define VTD_QUEUE_RESERVE	72u
static_assert(VTD_QUEUE_SUSPECTS * (3 * VTD_QUEUE_RETRIES + 2) < VTD_QUEUE_RESERVE);

/* Devices that are named in the log when they are given up together */
#define VTD_QUEUE_NAMED		16u

/* Words that the unit writes, see the contract in queue.c */
#define VTD_WORD_DONE		0
#define VTD_WORD_FENCE		1
#define VTD_WORD_SCRATCH	2
#define VTD_WORDS		16	/* a cache line of their own */

/**
 * struct vtd_suspect - a device that did not answer in time about one of its PASIDs
 * @lo: low word of the descriptor that it owes an answer to: device and PASID
 * @sid: its requester id
 * @twice: it has to be asked twice (an erratum, device/ats.c): so it was the first time
 * @tries: how often its invalidation was sent again
 * @from: submissions after this number ...
 * @to: ... and up to this one wait for it
 * @retry: what was sent again has been executed when this number is reached
 * @dead: it was given up
 */
struct vtd_suspect {
	u64 lo;
	u16 sid;
	bool twice;
	u8 tries;
	u32 from;
	u32 to;
	u32 retry;
	bool dead;
};

/* Whom a waiter has given up because nothing moves: nobody, who will not answer, all */
#define VTD_CUT_NONE		0
#define VTD_CUT_SILENT		1
#define VTD_CUT_ALL		2

/**
 * struct vtd_motion - what moves while a unit works on its queue
 * @head: IQH
 * @done: the word "done"
 * @fence: the word "fence"
 */
struct vtd_motion {
	u64 head;
	u32 done;
	u32 fence;
};

/**
 * enum vtd_queue_mode - how a unit with a queue invalidates
 * @VTD_QUEUE_LIVE: through the queue, or not at all while that is off
 * @VTD_QUEUE_DYING: nobody writes to the ring any more, see queue_dead.c
 * @VTD_QUEUE_REGISTERS: the queue is dead, registers do its work
 * @VTD_QUEUE_DEAD: not at all
 */
enum vtd_queue_mode {
	VTD_QUEUE_LIVE,
	VTD_QUEUE_DYING,
	VTD_QUEUE_REGISTERS,
	VTD_QUEUE_DEAD,
};

/**
 * struct vtd_queue - invalidation queue of one unit
 * @lock: (q) raw: taken in any context, for tens of instructions
 * @tail: (q) number of the next descriptor, running freely
 * @limit: (q) most descriptors that may be outstanding; 0 while the queue is
 *	off or dead, so that the fast path asks one question only
 * @mask: (c) number of slots - 1
 * @ring: (c) the slots
 * @shift: (c) a slot has 2^@shift bytes
 * @word: (c) words that the unit writes
 * @word_phys: (c) where the unit finds them
 * @order: (c) the ring has 2^@order pages
 * @settle: raw: taken in any context, before gate_lock and @lock; held while
 *	registers do the work of the queue, and while it is started or given up
 * @mode: leaves LIVE under @lock, and DYING under @settle; becomes LIVE again under
 *	both
 * @why: (q) of what the queue died, for the log
 * @awaited: (q) it died while the unit was waiting for a device
 * @handed: (settle) it is DYING, and the work item @again is to bring that to an end
 * @off: nobody wants it to run
 * @iommu: (c) its unit
 * @again: starts it again when it has been dead for a while
 * @agains: how often that was tried since it was enabled
 * @stuck: the unit did not stop the queue: its memory is never given back
 * @cut: (q) which device TLBs were given up because nothing moved ...
 * @cut_at: (q) ... while the unit stood here
 * @vain: (q) there were such, or no device is asked for anything
 * @iqe_at: (q) slot number + 1 of the last descriptor that was refused, or 0
 * @suspects: (q) how many of @suspect are in use
 * @suspect: (q) devices of the repair that goes on
 * @judged: (q) where the unit was at the last time-out of a device
 * @repaired: (q) number of the wait that ends the repair
 * @lost_from: (q) submissions after this one ...
 * @lost_to: (q) ... up to this one ...
 * @lost: (q) ... were not executed in full, and end with this error
 */
struct vtd_queue {
	raw_spinlock_t lock;
	u32 tail;
	u32 limit;
	u32 mask;
	void *ring;
	u32 *word;
	u64 word_phys;
	u8 order;
	u8 shift;

	raw_spinlock_t settle;
	enum vtd_queue_mode mode;
	const char *why;
	bool awaited;
	bool handed;
	bool off;
	struct intel_iommu *iommu;
	struct delayed_work again;
	u32 agains;
	bool stuck;

	u8 cut;
	bool vain;
	u32 cut_at;
	u32 iqe_at;
	u8 suspects;
	struct vtd_suspect suspect[VTD_QUEUE_SUSPECTS];
	u32 judged;
	u32 repaired;
	u32 lost_from;
	u32 lost_to;
	int lost;
};

/* Has @number been reached, for counters that wrap? */
static inline bool vtd_queue_passed(u32 count, u32 number)
{
	return (s32)(count - number) >= 0;
}

/*
 * Is @number in the queue?  A waiter that was kept from running may find that
 * the counter has gone half around and more; what is further ahead than the
 * ring is long has been executed.
 */
static inline bool vtd_queue_waits(const struct vtd_queue *q, u32 done, u32 number)
{
	return number - done - 1 <= q->mask;
}

/* What IQH and IQT say of the slot of @number */
static inline u32 vtd_queue_offset(const struct vtd_queue *q, u32 number)
{
	return (number & q->mask) << q->shift;
}

/* The slot that IQH or IQT says */
static inline u32 vtd_queue_index(const struct vtd_queue *q, u64 offset)
{
	return (offset & VTD_IQ_OFFSET) >> q->shift;
}

/*
 * A slot of 256 bits has a descriptor in its lower half; the upper half is zero from
 * the beginning and never written: no descriptor in use needs it.
 */
static inline struct vtd_desc *vtd_queue_slot(const struct vtd_queue *q, u32 number)
{
	return q->ring + vtd_queue_offset(q, number);
}

static inline struct vtd_desc vtd_queue_wait_desc(const struct vtd_queue *q,
						  unsigned int word, u32 number)
{
	struct vtd_desc d = vtd_desc_wait(q->word_phys + word * sizeof(u32),
					  number);

	d.lo |= VTD_DESC_WAIT_FN;
	return d;
}

/* Number of the first descriptor that may not have been executed */
static inline u32 vtd_queue_pending(const struct vtd_queue *q)
{
	u32 done = READ_ONCE(q->word[VTD_WORD_DONE]);

	/* A unit that writes nonsense: the whole ring */
	return q->tail - done <= q->mask ? done : q->tail - q->mask - 1;
}

static inline u32 vtd_queue_done(const struct vtd_queue *q)
{
	/* Pairs with the unit, which writes the word after it has invalidated */
	return smp_load_acquire(&q->word[VTD_WORD_DONE]);
}

/*
 * May the caller wait for a device as long as PCIe lets it take?  Not with a spinlock
 * either, where the kernel can tell: others would spin for it.
 */
static inline bool vtd_queue_patient(void)
{
	return !preempt_count() && !irqs_disabled();
}

/* queue_start.c */
int vtd_queue_start(struct intel_iommu *iommu);
int vtd_queue_stop(struct intel_iommu *iommu);
void vtd_queue_open(struct vtd_queue *q);

/* queue_wait.c */
int vtd_queue_reach(struct intel_iommu *iommu, u32 number);

/* queue_error.c */
void vtd_queue_look(struct intel_iommu *iommu);
bool vtd_queue_cut(struct intel_iommu *iommu, bool all);
int vtd_queue_kill(struct intel_iommu *iommu, const char *why);

/* queue_dead.c */
unsigned long vtd_settle_lock(struct vtd_queue *q);
void vtd_settle_unlock(struct vtd_queue *q, unsigned long flags);
int vtd_queue_settle(struct intel_iommu *iommu);
void vtd_queue_again_init(struct intel_iommu *iommu, struct vtd_queue *q);
bool vtd_queue_again(struct intel_iommu *iommu);
int vtd_queue_bypass(struct intel_iommu *iommu, const struct vtd_desc *desc,
		     unsigned int count);

#if IS_ENABLED(CONFIG_KUNIT)
extern u32 vtd_queue_cut_us;		/* so that tests of the bounds are short */
extern u32 vtd_queue_timeout_us;
extern u32 vtd_queue_grace_us;
extern u32 vtd_queue_hurry_us;
extern u32 vtd_queue_again_ms;
#endif

#endif /* VTD_UNIT_QUEUE_STATE_H */

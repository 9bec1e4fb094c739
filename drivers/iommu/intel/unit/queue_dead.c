// SPDX-License-Identifier: GPL-2.0
/*
 * The end of an invalidation queue, and how to go on without it.
 *
 * Memory that was unmapped is given back when nothing holds its translation any
 * more, so a queue that died is no excuse.  It is stopped, everything that the
 * unit has cached is flushed through registers (specification section 6.5.1),
 * and so all who wait have got what they wait for.  From there on descriptors are
 * executed through registers where they are submitted.  TLBs of devices are out
 * of reach of the registers: a device whose TLB was to be invalidated is reported,
 * and does without.
 *
 * LIVE -> DYING happens under the queue's lock; after that nobody writes to the
 * ring.  DYING -> REGISTERS or DEAD happens under the lock "settle", by whoever
 * comes first: with interrupts off, so that nobody waits for somebody who does
 * not run.  All others wait for this lock.  Its holder stops at the first
 * register that does not answer, which takes one VTD_REG_TIMEOUT_US; only the end
 * of the queue may take longer, if a device keeps the unit waiting: that is waited
 * for before the lock is taken, by a task with interrupts on.  Who may not wait leaves
 * the queue DYING and the rest to a work item; what it wanted is not proved.  The new
 * mode is published only when the flush is done.
 *
 * REGISTERS -> LIVE happens under both locks, in a work item, when the queue is
 * started again and shows that it works.  So who uses registers in the place of the
 * queue holds "settle" meanwhile: a unit may not be told anything by both (section
 * 6.5).
 *
 * Newer units, and those in scalable mode, have no registers for it: DYING -> LIVE or DEAD
 * there.  The queue is started again at once and has to flush everything; all that was in
 * it before counts as lost, so who waits asks again.
 *
 * A unit that does not obey its registers either is lost.  That is said once,
 * through unit_dead, and every call fails from then on.
 */
#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/array_size.h>
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/irqflags.h>
#include <linux/jiffies.h>
#include <linux/printk.h>
#include <linux/workqueue.h>

#include <kunit/visibility.h>

#include "hw/registers.h"
#include "unit/calm.h"
#include "unit/queue_state.h"
#include "unit/reginval.h"
#include "unit/unit.h"

VISIBLE_IF_KUNIT u32 vtd_queue_again_ms = VTD_QUEUE_AGAIN_MS;

static void settle_device(struct intel_iommu *iommu, const struct vtd_desc *desc)
{
	if (vtd_desc_asks(desc) && iommu->device_tlb_off)
		iommu->device_tlb_off(iommu, vtd_desc_sid(desc));
}

/* With settle, and the queue dying: the ring does not change until that is over */
static void settle_devices(struct intel_iommu *iommu)
{
	struct vtd_queue *q = iommu->queue;

	for (u32 n = vtd_queue_pending(q); n != q->tail; n++)
		settle_device(iommu, vtd_queue_slot(q, n));
}

/*
 * The unit finishes first what it has begun (section 6.5.2), and a device that does
 * not answer may keep it from that until its time is over.  To call the unit lost for
 * it would shut all others out.
 */
static int settle_stop(struct intel_iommu *iommu, u32 tries)
{
	int ret;

	if (!(vtd_read32(&iommu->regs, VTD_GSTS) & VTD_GSTS_QIES))
		return 0;
	ret = vtd_unit_command(iommu, VTD_GCMD_QIE, false);
	while (ret == -ETIMEDOUT && --tries) {
		vtd_calm();
		ret = vtd_wait32(&iommu->regs, VTD_GSTS, VTD_GSTS_QIES, 0);
	}
	return ret;
}

/**
 * vtd_settle_lock - take the lock of a queue that is started, stopped or replaced
 * @q: the queue
 *
 * The holder may take long, and this may be with interrupts off.  What is printed
 * meanwhile goes out later: a network console would come back for the lock.
 *
 * Context: any; not with q->lock.
 * Return: flags for vtd_settle_unlock().
 */
unsigned long vtd_settle_lock(struct vtd_queue *q)
	__acquires(&q->settle)
{
	unsigned long flags;
	u32 us = 0;

	local_irq_save(flags);
	while (!raw_spin_trylock(&q->settle)) {
		udelay(1);
		if (++us % VTD_QUEUE_CALM_US == 0)
			vtd_calm();
	}
	printk_deferred_enter();
	return flags;
}

/**
 * vtd_settle_unlock - give it back
 * @q: the queue
 * @flags: from vtd_settle_lock()
 */
void vtd_settle_unlock(struct vtd_queue *q, unsigned long flags)
	__releases(&q->settle)
{
	printk_deferred_exit();
	raw_spin_unlock_irqrestore(&q->settle, flags);
}

/* For who may wait: the unit is told to stop its queue, and has time for that */
static void settle_await(struct intel_iommu *iommu)
{
	struct vtd_queue *q = iommu->queue;
	unsigned long flags = vtd_settle_lock(q);
	int ret = 0;

	if (q->mode == VTD_QUEUE_DYING && q->awaited)
		ret = settle_stop(iommu, 1);
	vtd_settle_unlock(q, flags);
	/* Another one may see it stop first, and start it again */
	for (u32 tries = VTD_QUEUE_STOPS; ret == -ETIMEDOUT && --tries; ) {
		if (READ_ONCE(q->mode) != VTD_QUEUE_DYING)
			break;
		vtd_calm();
		ret = vtd_wait32(&iommu->regs, VTD_GSTS, VTD_GSTS_QIES, 0);
	}
}

/* The unit has to execute something before anybody uses its queue */
static bool again_try(struct intel_iommu *iommu, const struct vtd_desc *desc, u32 count)
{
	struct vtd_queue *q = iommu->queue;
	u32 us = 0;

	for (u32 i = 0; i < count; i++)
		*vtd_queue_slot(q, q->tail++) = desc[i];
	*vtd_queue_slot(q, q->tail) = vtd_queue_wait_desc(q, VTD_WORD_DONE, q->tail + 1);
	q->tail++;
	vtd_write32(&iommu->regs, VTD_IQT, vtd_queue_offset(q, q->tail));
	while (vtd_queue_done(q) != q->tail && us++ < vtd_reg_timeout_us)
		udelay(1);
	return vtd_queue_done(q) == q->tail;
}

/* With settle: 0 if it is live; if it cannot be stopped either, it has been dead */
static int again_start(struct intel_iommu *iommu, const struct vtd_desc *desc, u32 count)
{
	struct vtd_queue *q = iommu->queue;

	if (!vtd_queue_start(iommu)) {
		if (again_try(iommu, desc, count)) {
			vtd_queue_open(q);
			return 0;
		}
		vtd_queue_stop(iommu);
		vtd_write32(&iommu->regs, VTD_FSTS, VTD_FSTS_QUEUE);
	}
	if (q->stuck)
		WRITE_ONCE(q->mode, VTD_QUEUE_DEAD);
	return -EIO;
}

/*
 * Registers do nothing, so only the queue can make up for its own end: another start, at
 * once.  Who waits has lost what he submitted (kill_lose()).
 */
static int settle_restart(struct intel_iommu *iommu)
{
	struct vtd_desc desc[4];
	u32 count = 0;

	if (iommu->queue->agains++ >= VTD_QUEUE_AGAINS)
		return -EIO;
	desc[count++] = vtd_desc_context(VTD_INV_GLOBAL, 0, 0);
	if (iommu->scalable)
		desc[count++] = vtd_desc_pasid(VTD_INV_PASID_GLOBAL, 0, 0);
	desc[count++] = vtd_desc_iotlb(VTD_INV_GLOBAL, 0, iommu->caps.drain);
	if (iommu->caps.int_remap)
		desc[count++] = vtd_desc_iec_all();
	return again_start(iommu, desc, count);
}

/* Registers may not be used while the queue is on (section 6.5) */
static int settle_unit(struct intel_iommu *iommu, bool patient)
{
	const struct vtd_desc everything[] = {
		vtd_desc_context(VTD_INV_GLOBAL, 0, 0),
		vtd_desc_iotlb(VTD_INV_GLOBAL, 0, iommu->caps.drain),
		vtd_desc_iec_all(),
	};
	/* Those who wait for interrupt entries have been told if this is not possible */
	bool entries = iommu->caps.table_flushes &&
		       (vtd_read32(&iommu->regs, VTD_GSTS) & VTD_GSTS_IRTPS);
	int ret;

	ret = settle_stop(iommu, iommu->queue->awaited ? VTD_QUEUE_STOPS_HURRY : 1);
	if (ret == -ETIMEDOUT && iommu->queue->awaited && !patient)
		return -EAGAIN;
	if (ret)
		return ret;
	/* Errors that are left would hold back the fault interrupt */
	vtd_write32(&iommu->regs, VTD_FSTS, VTD_FSTS_QUEUE);
	if (!vtd_reginval_works(iommu))
		return settle_restart(iommu);
	return vtd_reginval_execute(iommu, everything,
				    ARRAY_SIZE(everything) - !entries);
}

static void again_later(struct vtd_queue *q)
{
	u32 ms = vtd_queue_again_ms << q->agains;

	/* With a delay, and frozen while the machine sleeps: resume starts it anyway */
	if (ms && q->agains < VTD_QUEUE_AGAINS)
		queue_delayed_work(system_freezable_wq, &q->again, msecs_to_jiffies(ms));
}

/* The first one who gets here decides, all others learn what came of it */
static enum vtd_queue_mode settle_decide(struct intel_iommu *iommu, bool patient)
{
	struct vtd_queue *q = iommu->queue;
	enum vtd_queue_mode mode;
	unsigned long flags = vtd_settle_lock(q);
	bool first;
	int ret = 0;

	/* One who may not wait is enough: the others would do the same, one by one */
	first = q->mode == VTD_QUEUE_DYING && (patient || !q->handed);
	if (first) {
		settle_devices(iommu);
		ret = settle_unit(iommu, patient);
		q->handed = ret == -EAGAIN;
		if (!q->handed && q->mode == VTD_QUEUE_DYING)
			/* Pairs with who looks at the mode without a lock: flushed first */
			smp_store_release(&q->mode, ret ? VTD_QUEUE_DEAD :
							  VTD_QUEUE_REGISTERS);
	}
	mode = q->mode;
	vtd_settle_unlock(q, flags);

	if (ret == -EAGAIN) {
		if (vtd_queue_again_ms)
			mod_delayed_work(system_freezable_wq, &q->again, 0);
		return mode;
	}

	if (first && !ret && mode == VTD_QUEUE_REGISTERS)
		again_later(q);
	if (first && mode == VTD_QUEUE_LIVE)
		pr_err("%s: invalidation queue was dead: %s; started again, devices that were to be asked go on without their TLB\n",
		       iommu->name, q->why);
	else if (first && !ret)
		pr_err("%s: invalidation queue is dead: %s; going on through registers, without device TLBs\n",
		       iommu->name, q->why);
	else if (first)
		pr_err("%s: invalidation queue is dead: %s; registers do not help (%d)\n",
		       iommu->name, q->why, ret);
	return mode;
}

/* No lock is held: the rooms above hear of it, once in the life of the unit */
static int settle_lost(struct intel_iommu *iommu)
{
	const char *why = "it does not invalidate";

	if (!cmpxchg(&iommu->why_dead, NULL, why) && iommu->unit_dead)
		iommu->unit_dead(iommu, why);
	return -EIO;
}

/**
 * vtd_queue_settle - what has become of a queue that is not live any more
 * @iommu: the unit
 *
 * Whoever comes first brings the end about, see above.  Before anybody hears of
 * a success, all devices that are owed something have been reported.
 *
 * Context: any; no lock of unit/ is held.  Takes the locks settle and gate_lock,
 * spins for one VTD_REG_TIMEOUT_US at most, or as vtd_queue_kill() says.  May call
 * device_tlb_off, unit_dead.
 * Return: 0 if all that was in the queue is flushed and registers work; -EIO if the
 * unit is lost, or the queue did not stop yet and the caller may not wait any longer.
 */
int vtd_queue_settle(struct intel_iommu *iommu)
{
	const bool patient = vtd_queue_patient();
	enum vtd_queue_mode mode;

	/* Pairs with settle_decide() and vtd_queue_kill() */
	mode = smp_load_acquire(&iommu->queue->mode);
	if (mode == VTD_QUEUE_DYING) {
		/* What comes of it is found out below */
		if (patient)
			settle_await(iommu);
		mode = settle_decide(iommu, patient);
	}
	if (mode == VTD_QUEUE_DEAD)
		return settle_lost(iommu);
	return mode == VTD_QUEUE_DYING ? -EIO : 0;
}

static int queue_registers(struct intel_iommu *iommu,
			   const struct vtd_desc *desc, unsigned int count)
{
	int ret = 0;

	for (unsigned int i = 0; i < count && !ret; i++) {
		if (iommu->queue && vtd_desc_asks(&desc[i]))
			settle_device(iommu, &desc[i]);
		else
			ret = vtd_reginval_execute(iommu, &desc[i], 1);
	}
	return ret;
}

/* With settle: the queue may have been started, or stopped, just now */
static int bypass_settled(struct intel_iommu *iommu, const struct vtd_desc *desc,
			  unsigned int count)
{
	struct vtd_queue *q = iommu->queue;
	bool live, on;
	int ret;

	/* They change together: who reads half of a kill takes the queue for off */
	raw_spin_lock(&q->lock);
	live = q->mode == VTD_QUEUE_LIVE;
	on = q->limit;
	raw_spin_unlock(&q->lock);
	if (live)
		return on ? -EAGAIN : -EIO;
	if (q->mode != VTD_QUEUE_REGISTERS)
		return q->mode == VTD_QUEUE_DYING ? -EAGAIN : -EIO;
	ret = queue_registers(iommu, desc, count);
	if (ret && ret != -EOPNOTSUPP)
		WRITE_ONCE(q->mode, VTD_QUEUE_DEAD);
	return ret;
}

/**
 * vtd_queue_bypass - execute a submission without a queue
 * @iommu: the unit; it has no queue, or one that takes nothing
 * @desc: the descriptors, without a wait
 * @count: how many
 *
 * Context: any; as vtd_queue_settle() and vtd_reginval_execute().
 * Return: 0, all of it is executed then; -EAGAIN if the queue takes something again
 * and it has to be submitted; -EIO if the queue is off or the unit
 * lost; the first time -ETIMEDOUT, -ENODEV or -EIO when it gets lost here;
 * -EOPNOTSUPP for what registers cannot do.
 */
int vtd_queue_bypass(struct intel_iommu *iommu, const struct vtd_desc *desc,
		     unsigned int count)
{
	struct vtd_queue *q = iommu->queue;
	unsigned long flags;
	bool lost;
	int ret;

	if (READ_ONCE(iommu->why_dead))
		return -EIO;
	if (!q) {
		ret = queue_registers(iommu, desc, count);
		lost = ret && ret != -EOPNOTSUPP;
	} else {
		ret = vtd_queue_settle(iommu);
		if (ret)
			return ret;
		flags = vtd_settle_lock(q);
		ret = bypass_settled(iommu, desc, count);
		lost = q->mode == VTD_QUEUE_DEAD;
		vtd_settle_unlock(q, flags);
	}
	if (lost)
		settle_lost(iommu);
	return ret;
}

/**
 * vtd_queue_again - start a queue again that is dead
 * @iommu: the unit
 *
 * What made it die may be over: a device that did not answer is cut off.  It has to
 * execute something before anybody uses it.
 *
 * Context: any; takes settle, spins for four register bounds at most.  May call
 * unit_dead.
 * Return: true if it is live.
 */
bool vtd_queue_again(struct intel_iommu *iommu)
{
	struct vtd_queue *q = iommu->queue;
	/* The table of interrupt entries may have changed while nobody could flush it */
	const struct vtd_desc desc = iommu->caps.int_remap ? vtd_desc_iec_all() :
		vtd_desc_iotlb(VTD_INV_GLOBAL, 0, iommu->caps.drain);
	enum vtd_queue_mode mode;
	unsigned long flags;
	int ret = -EIO;

	flags = vtd_settle_lock(q);
	if (q->mode == VTD_QUEUE_REGISTERS) {
		ret = q->off ? -EIO : again_start(iommu, &desc, 1);
		q->agains++;
	}
	mode = q->mode;
	vtd_settle_unlock(q, flags);

	if (!ret)
		pr_info("%s: invalidation queue works again\n", iommu->name);
	else if (mode == VTD_QUEUE_DEAD)
		settle_lost(iommu);
	return !ret;
}

static void again_work(struct work_struct *work)
{
	struct vtd_queue *q = container_of(to_delayed_work(work), struct vtd_queue, again);

	/* Somebody could not wait for the end of it; this one can, and comes back later */
	if (READ_ONCE(q->mode) == VTD_QUEUE_DYING) {
		vtd_queue_settle(q->iommu);
		return;
	}
	if (!vtd_queue_again(q->iommu) && READ_ONCE(q->mode) == VTD_QUEUE_REGISTERS)
		again_later(q);
}

/**
 * vtd_queue_again_init - prepare for the case
 * @iommu: the unit
 * @q: its new queue
 */
void vtd_queue_again_init(struct intel_iommu *iommu, struct vtd_queue *q)
{
	q->iommu = iommu;
	INIT_DELAYED_WORK(&q->again, again_work);
}

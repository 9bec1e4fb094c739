// SPDX-License-Identifier: GPL-2.0
/*
 * The end of an invalidation queue, and how to go on without it.
 *
 * Memory that was unmapped is given back when nothing holds its translation any
 * more, so a queue that died is no excuse.  It is stopped, everything that the
 * unit has cached is flushed through registers (specification section 6.5.1),
 * and so all who wait have got what they wait for.  From there on descriptors are
 * executed through registers where they are submitted.  TLBs of devices are out
 * of reach of the registers: a device that is owed an invalidation of its TLB is
 * reported, as if it had not answered.
 *
 * LIVE -> DYING happens under the queue's lock; after that nobody writes to the
 * ring.  DYING -> REGISTERS or DEAD happens under the lock "settle", by whoever
 * comes first: with interrupts off, so that nobody waits for somebody who does
 * not run.  All others wait for this lock.  Its holder stops at the first
 * register that does not answer, which takes one VTD_REG_TIMEOUT_US.  The new
 * mode is published only when the flush is done.
 *
 * A unit that does not obey its registers either is lost.  That is said once,
 * through unit_dead, and every call fails from then on.
 */
#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/array_size.h>
#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/printk.h>

#include "hw/registers.h"
#include "unit/queue_state.h"
#include "unit/reginval.h"
#include "unit/unit.h"

static void vtd_settle_device(struct intel_iommu *iommu, u64 lo)
{
	if (FIELD_GET(VTD_DESC_TYPE, lo) == VTD_DESC_DEV_TLB &&
	    iommu->device_tlb_dead)
		iommu->device_tlb_dead(iommu, FIELD_GET(VTD_DESC_DT_SID, lo));
}

/* Without a lock: the ring does not change any more */
static void vtd_settle_devices(struct intel_iommu *iommu)
{
	struct vtd_queue *q = iommu->queue;

	for (u32 n = vtd_queue_pending(q); n != q->tail; n++)
		vtd_settle_device(iommu, vtd_queue_slot(q, n)->lo);
}

/* Registers may not be used while the queue is on (section 6.5) */
static int vtd_settle_unit(struct intel_iommu *iommu)
{
	const struct vtd_desc everything[] = {
		vtd_desc_context(VTD_INV_GLOBAL, 0, 0),
		vtd_desc_iotlb(VTD_INV_GLOBAL, 0, iommu->caps.drain),
	};
	int ret;

	ret = vtd_unit_command(iommu, VTD_GCMD_QIE, false);
	if (ret)
		return ret;
	/* Errors that are left would hold back the fault interrupt */
	vtd_write32(&iommu->regs, VTD_FSTS, VTD_FSTS_QUEUE);
	return vtd_reginval_execute(iommu, everything, ARRAY_SIZE(everything));
}

/* The first one who gets here decides, all others learn what came of it */
static enum vtd_queue_mode vtd_settle_decide(struct intel_iommu *iommu)
{
	struct vtd_queue *q = iommu->queue;
	enum vtd_queue_mode mode;
	unsigned long flags;
	bool first;
	int ret = 0;

	raw_spin_lock_irqsave(&q->settle, flags);
	first = q->mode == VTD_QUEUE_DYING;
	if (first) {
		ret = vtd_settle_unit(iommu);
		/* Pairs with who looks at the mode without a lock: flushed first */
		smp_store_release(&q->mode, ret ? VTD_QUEUE_DEAD : VTD_QUEUE_REGISTERS);
	}
	mode = q->mode;
	raw_spin_unlock_irqrestore(&q->settle, flags);

	if (first && !ret)
		pr_err("%s: invalidation queue is dead: %s; going on through registers, without device TLBs\n",
		       iommu->name, q->why);
	else if (first)
		pr_err("%s: invalidation queue is dead: %s; registers do not help (%d)\n",
		       iommu->name, q->why, ret);
	return mode;
}

/* No lock is held: the rooms above hear of it, once in the life of the unit */
static int vtd_settle_lost(struct intel_iommu *iommu)
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
 * spins for one VTD_REG_TIMEOUT_US at most.  May call device_tlb_dead, unit_dead.
 * Return: 0 if all that was in the queue is flushed and registers work, -EIO.
 */
int vtd_queue_settle(struct intel_iommu *iommu)
{
	enum vtd_queue_mode mode;

	/* Pairs with vtd_settle_decide() and vtd_queue_kill() */
	mode = smp_load_acquire(&iommu->queue->mode);
	if (mode == VTD_QUEUE_DYING) {
		vtd_settle_devices(iommu);
		mode = vtd_settle_decide(iommu);
	}
	return mode == VTD_QUEUE_DEAD ? vtd_settle_lost(iommu) : 0;
}

static int vtd_queue_registers(struct intel_iommu *iommu,
			       const struct vtd_desc *desc, unsigned int count)
{
	int ret = 0;

	for (unsigned int i = 0; i < count && !ret; i++) {
		if (iommu->queue &&
		    FIELD_GET(VTD_DESC_TYPE, desc[i].lo) == VTD_DESC_DEV_TLB)
			vtd_settle_device(iommu, desc[i].lo);
		else
			ret = vtd_reginval_execute(iommu, &desc[i], 1);
	}
	return ret;
}

/**
 * vtd_queue_bypass - execute a submission without a queue
 * @iommu: the unit; it has no queue, or one that takes nothing
 * @desc: the descriptors, without a wait
 * @count: how many
 *
 * Context: any; as vtd_queue_settle() and vtd_reginval_execute().
 * Return: 0, all of it is executed then; -EIO if the queue is off or the unit
 * lost; the first time -ETIMEDOUT, -ENODEV or -EIO when it gets lost here;
 * -EOPNOTSUPP for what registers cannot do.
 */
int vtd_queue_bypass(struct intel_iommu *iommu, const struct vtd_desc *desc,
		     unsigned int count)
{
	struct vtd_queue *q = iommu->queue;
	int ret = 0;

	if (READ_ONCE(iommu->why_dead))
		return -EIO;
	if (q)
		ret = READ_ONCE(q->mode) == VTD_QUEUE_LIVE ? -EIO :
							     vtd_queue_settle(iommu);
	if (ret)
		return ret;

	ret = vtd_queue_registers(iommu, desc, count);
	if (ret && ret != -EOPNOTSUPP) {
		if (q)
			WRITE_ONCE(q->mode, VTD_QUEUE_DEAD);
		vtd_settle_lost(iommu);
	}
	return ret;
}

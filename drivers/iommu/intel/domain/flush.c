// SPDX-License-Identifier: GPL-2.0
/*
 * From "these addresses changed" to descriptors, for every unit and every
 * device TLB that may hold them.
 *
 * No lock of the domain is held while the hardware works: the list of targets
 * is read under RCU, and all units are given their work before the first is
 * waited for.
 */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/minmax.h>
#include <linux/printk.h>

#include "context/context.h"
#include "device/ats.h"
#include "device/ats_pci.h"
#include "device/device.h"
#include "device/lost.h"
#include "device/quarantine.h"
#include "domain/domain.h"
#include "domain/flush.h"
#include "domain/stale.h"
#include "pgtable/span.h"
#include "unit/queue.h"
#include "unit/unit.h"

/*
 * A range that is not a power of two is cut into at most so many blocks; one
 * that would need more is covered by one larger block.
 */
#define VTD_FLUSH_BLOCKS	4u

/* Room in a batch for one more target is room for either kind */
static_assert(VTD_ATS_DESCS <= VTD_FLUSH_BLOCKS);

/* Units waited for together; a domain with more does so in turns */
#define VTD_FLUSH_UNITS		8u

/**
 * vtd_flush_second - how a unit's IOTLB is told of second-stage tables
 * @caps: of the unit
 * @did: domain id on that unit
 *
 * Context: any.
 */
struct vtd_tag vtd_flush_second(const struct vtd_caps *caps, u16 did)
{
	return (struct vtd_tag) {
		.pages = vtd_desc_iotlb_pages(did, caps->drain, 0, 0, false).lo,
		.all = vtd_desc_iotlb(VTD_INV_DOMAIN, did, caps->drain).lo,
		.max_mask = caps->max_mask,
		.by_page = caps->psi,
	};
}

/**
 * vtd_flush_first - how a unit's IOTLB is told of first-stage tables
 * @caps: of the unit
 * @did: domain id on that unit
 * @pasid: PASID that is translated with them
 *
 * Pages can always be named here, whatever CAP.PSI says; how many at once is not said
 * for this descriptor, so the other one's limit is kept.
 *
 * Context: any.
 */
struct vtd_tag vtd_flush_first(const struct vtd_caps *caps, u16 did, u32 pasid)
{
	return (struct vtd_tag) {
		.pages = vtd_desc_piotlb_pages(did, pasid, 0, 0, false).lo,
		.all = vtd_desc_piotlb(did, pasid).lo,
		.max_mask = caps->max_mask,
		.by_page = true,
	};
}

/**
 * vtd_flush_plan - IOTLB descriptors for a change
 * @batch: descriptors are added; the caller left room for VTD_FLUSH_BLOCKS
 * @tag: the domain on a unit
 * @flush: what changed
 *
 * The invalidation hint may be given only when no table was linked or unlinked
 * (section 6.5.2.3); a unit without page-selective invalidation, or a range larger
 * than it can name, takes the whole domain.
 *
 * After a map it is never given.  In caching mode a unit may keep also a link as
 * absent, and who maps a page cannot know whether the tables on the way to it are
 * news to the unit: another CPU may have linked them a moment ago and not have
 * come to its own flush, or never come to it, as its map failed.  To know would
 * take a record of links, and spare the unit a few reads.
 */
void vtd_flush_plan(struct vtd_batch *batch, const struct vtd_tag *tag,
		    const struct vtd_flush *flush)
{
	u64 hint = flush->leaf && !flush->absent ? VTD_DESC_IOTLB_IH : 0;
	struct vtd_span span[VTD_FLUSH_BLOCKS];
	unsigned int i, n = 0;
	u64 addr;
	u8 order;

	if (tag->by_page) {
		order = vtd_span_cover(flush->first, flush->last, &addr);
		if ((flush->last - flush->first) >> VTD_PAGE_SHIFT ==
		    (1ull << order) - 1 && order <= tag->max_mask) {
			span[0] = (struct vtd_span) { .addr = addr, .order = order };
			n = 1;
		} else {
			n = vtd_span_split(flush->first, flush->last,
					   tag->max_mask, span, VTD_FLUSH_BLOCKS);
		}
		if (!n && order <= tag->max_mask) {
			span[0] = (struct vtd_span) { .addr = addr, .order = order };
			n = 1;
		}
	}

	if (!n)
		batch->desc[batch->count++] = (struct vtd_desc) { .lo = tag->all };
	for (i = 0; i < n; i++)
		batch->desc[batch->count++] = (struct vtd_desc) {
			.lo = tag->pages,
			.hi = (span[i].addr & VTD_DESC_IOTLB_ADDR) | span[i].order | hint,
		};
}

/**
 * struct vtd_flush_run - submissions under way
 * @domain: the domain
 * @targets: all who use it
 * @count: units waited for at the end
 * @target: the units
 * @ticket: what was submitted to each
 */
struct vtd_flush_run {
	struct dmar_domain *domain;
	const struct vtd_targets *targets;
	unsigned int count;
	const struct vtd_target *target[VTD_FLUSH_UNITS];
	struct vtd_ticket ticket[VTD_FLUSH_UNITS];
};

/* The unit holds what it holds; if that is for ever, nothing may come to it any more */
static void flush_lose(struct vtd_flush_run *run, struct intel_iommu *iommu)
{
	const struct vtd_target *target = run->targets->target;
	const struct vtd_target *end = target + run->targets->count;
	bool device_tlb = false;

	/* Of one that is dead the unit takes no translated address, once it is flushed */
	for (; target != end; target++)
		device_tlb |= target->vdev && target->iommu == iommu &&
			      !vtd_quarantine_cut(target->vdev);
	/* Tables stay, and so do the pages that they lead to */
	vtd_stale_lose(run->domain, iommu, device_tlb);
	if (READ_ONCE(iommu->why_dead))
		vtd_lost_close(iommu, NULL);
	else if (vtd_queue_undecided(iommu))
		/* It may yet turn out well, but who calls cannot wait for that */
		vtd_lost_close(iommu, &run->domain->domain);
}

/* All that the unit has of the domain: once, or for each PASID */
static int flush_unit(const struct vtd_targets *targets, struct intel_iommu *iommu)
{
	const struct vtd_target *target = targets->target, *end = target + targets->count;
	int ret = 0, err;

	for (; target != end; target++) {
		struct vtd_desc desc = { .lo = target->tag.all };

		if (target->vdev || target->iommu != iommu)
			continue;
		err = vtd_queue_insist(iommu, &desc, 1);
		ret = ret ?: err;
	}
	return ret;
}

/*
 * An error says that something of it was not executed, or of a neighbour's: all
 * once more.  The unit first, whole, or a device would get from it again what it
 * just forgot (section 6.5.2.5); then each of its devices by itself, so that one
 * that does not answer is known, and cut off.
 */
static noinline void flush_again(struct vtd_flush_run *run,
				 const struct vtd_target *target)
{
	const struct vtd_targets *targets = run->targets;
	int ret = flush_unit(targets, target->iommu);
	unsigned int i;

	for (i = 0; i < targets->count; i++)
		if (targets->target[i].vdev && targets->target[i].iommu == target->iommu)
			vtd_ats_forget_pasid(targets->target[i].vdev, targets->target[i].pasid);
	/* Now it is known whose TLB is of no use any more */
	if (ret)
		flush_lose(run, target->iommu);
}

static void flush_wait(struct vtd_flush_run *run)
{
	unsigned int i;

	for (i = 0; i < run->count; i++)
		if (vtd_queue_wait(run->target[i]->iommu, &run->ticket[i]))
			flush_again(run, run->target[i]);
	run->count = 0;
}

static void flush_submit(struct vtd_flush_run *run,
			 const struct vtd_target *target, struct vtd_batch *batch)
{
	struct vtd_ticket ticket;
	unsigned int i;

	if (vtd_queue_submit(target->iommu, batch->desc, batch->count, &ticket)) {
		flush_again(run, target);
	} else if (run->count && run->target[run->count - 1]->iommu == target->iommu) {
		vtd_queue_join(&run->ticket[run->count - 1], &ticket);
	} else {
		if (run->count == VTD_FLUSH_UNITS)
			flush_wait(run);
		i = run->count++;
		run->target[i] = target;
		run->ticket[i] = ticket;
	}
	batch->count = 0;
}

static void flush_device(struct vtd_batch *batch, const struct vtd_target *target,
			 const struct vtd_flush *flush)
{
	struct vtd_device *vdev = target->vdev;
	u64 addr;
	u8 order;

	if (unlikely(vtd_ats_torn_off(vdev)))
		vtd_quarantine_begin(vdev);
	/* Pairs with vtd_quarantine_begin(): the reason is seen after that */
	if (!smp_load_acquire(&vdev->ats.enabled))
		return;
	order = vtd_span_cover(flush->first, flush->last, &addr);
	batch->count += vtd_ats_flush(vdev, target->pasid, addr, order,
				      batch->desc + batch->count);
}

static bool flush_concerns(const struct vtd_target *target,
			   const struct vtd_flush *flush)
{
	return !flush->absent || target->on_map;
}

/* Section 6.8: stores may sit in a buffer of the chipset */
static void flush_buffer(struct intel_iommu *iommu,
			 const struct vtd_flush *flush)
{
	if (flush->absent && iommu->caps.write_flush)
		vtd_unit_flush_write_buffer(iommu);
}

/* Devices that did not answer, now or to somebody else just before: out, surely */
static void flush_settle(struct vtd_flush_run *run)
{
	const struct vtd_target *target = run->targets->target;
	const struct vtd_target *end = target + run->targets->count;

	for (; target != end; target++)
		if (target->vdev && vtd_quarantine_settle(target->vdev))
			flush_lose(run, target->iommu);
}

static void flush_targets(struct dmar_domain *domain, const struct vtd_targets *targets,
			  const struct vtd_flush *flush)
{
	const struct vtd_target *target, *end = targets->target + targets->count;
	struct vtd_flush_run run;
	struct vtd_batch batch;
	bool devices = false;

	run.domain = domain;
	run.targets = targets;
	run.count = 0;
	batch.count = 0;
	for (target = targets->target; target != end; target++) {
		if (batch.count && (!target->vdev ||
				    batch.count + VTD_FLUSH_BLOCKS > VTD_BATCH_MAX))
			flush_submit(&run, target - 1, &batch);
		if (!target->vdev)
			flush_buffer(target->iommu, flush);
		if (!flush_concerns(target, flush))
			continue;
		devices |= !!target->vdev;
		if (target->vdev)
			flush_device(&batch, target, flush);
		else
			vtd_flush_plan(&batch, &target->tag, flush);
	}
	if (batch.count)
		flush_submit(&run, target - 1, &batch);
	flush_wait(&run);
	if (devices)
		flush_settle(&run);
}

/*
 * The domain is stale, and its units may work again: who was lost for a moment, or
 * could not be waited for.  The caches are what keeps its memory from being given back.
 */
static noinline void flush_cure(const struct vtd_targets *targets)
{
	const struct vtd_target *target, *end = targets->target + targets->count;

	for (target = targets->target; target != end; target++)
		if (!target->vdev && !READ_ONCE(target->iommu->why_dead) &&
		    !vtd_queue_undecided(target->iommu))
			vtd_context_settle(target->iommu);
}

/**
 * vtd_flush_domain - make all users of a domain see a change of its tables
 * @domain: domain whose tables have been changed already
 * @flush: what changed
 *
 * When it returns, no unit and no device that reaches memory holds what was there
 * before: a device that did not answer has been cut off (device/quarantine.c).  If a
 * unit did not, nothing comes to it any more (device/lost.c), and the domain is
 * stale: what was unlinked goes through vtd_stale_tables().  A stale domain's units
 * are asked to forget all that keeps it so.
 *
 * Context: any; waits busily, with a bound, under rcu_read_lock().
 */
void vtd_flush_domain(struct dmar_domain *domain, const struct vtd_flush *flush)
{
	const struct vtd_targets *targets;

	/* Entries first, then the list: see the picture in domain.h */
	smp_mb();
	rcu_read_lock();
	targets = rcu_dereference(domain->targets);
	if (targets && (!flush->absent || targets->on_map))
		flush_targets(domain, targets, flush);
	if (targets && unlikely(READ_ONCE(domain->stale)))
		flush_cure(targets);
	rcu_read_unlock();
}

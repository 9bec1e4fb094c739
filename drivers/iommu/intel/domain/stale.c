// SPDX-License-Identifier: GPL-2.0
/*
 * Domains to which a unit may still find its way, because it did not flush: the
 * tables and what they led to are not given back.  Whoever owns the memory
 * believes it is free, so what is left is to hold the pages.
 *
 * A unit that is flushed as a whole later (it is told everything anew when the
 * machine wakes, or somebody has vtd_context_settle() do it: the next flush of the
 * domain does) is no reason any more.
 * When there is none left all that was held is given back: at the domain's next unmap,
 * or when it is freed.  A unit that is gone, devices with a TLB, and want of memory
 * for a note leave nothing to be sure by: then it is for ever.
 */

#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "acpi/inventory.h"
#include "context/context.h"
#include "core/core.h"
#include "domain/domain.h"
#include "domain/stale.h"
#include "hw/entries.h"

/**
 * struct vtd_loss - a unit that did not flush
 * @list: in dmar_domain.losses
 * @iommu: the unit; it may be gone, so only for comparison
 * @event: what vtd_context_is_clean() wants to know
 */
struct vtd_loss {
	struct list_head list;
	const struct intel_iommu *iommu;
	u64 event;
};

/**
 * struct vtd_held - memory that was unmapped and is held
 * @list: in dmar_domain.held_pages
 * @folio: it, with one reference
 */
struct vtd_held {
	struct list_head list;
	struct folio *folio;
};

/* Wanted where flushes fail, which is in any context */
#define VTD_STALE_GFP	(GFP_ATOMIC | __GFP_NOWARN)

/**
 * vtd_stale_init - nothing is lost
 * @d: new domain
 */
void vtd_stale_init(struct dmar_domain *d)
{
	spin_lock_init(&d->stale_lock);
	INIT_LIST_HEAD(&d->losses);
	INIT_LIST_HEAD(&d->held_tables);
	INIT_LIST_HEAD(&d->held_pages);
	INIT_LIST_HEAD(&d->lazy_tables);
}

/* Those whom nobody can find their way to any more */
static void stale_give_back(struct list_head *tables, struct list_head *pages)
{
	struct vtd_held *held, *next;

	vtd_core_free_retired(tables);
	list_for_each_entry_safe(held, next, pages, list) {
		folio_put(held->folio);
		kfree(held);
	}
}

/**
 * vtd_stale_exit - forget what could not be given back
 * @d: domain that is being freed, after vtd_stale_check(); it has no lazy tables
 */
void vtd_stale_exit(struct dmar_domain *d)
{
	struct vtd_held *held, *next;
	struct vtd_loss *loss, *more;

	list_for_each_entry_safe(loss, more, &d->losses, list)
		kfree(loss);
	/* The notes only: the memory stays */
	list_for_each_entry_safe(held, next, &d->held_pages, list)
		kfree(held);
}

static struct vtd_loss *stale_loss_of(struct dmar_domain *d, const struct intel_iommu *iommu)
{
	struct vtd_loss *loss;

	lockdep_assert_held(&d->stale_lock);
	list_for_each_entry(loss, &d->losses, list)
		if (loss->iommu == iommu)
			return loss;
	return NULL;
}

/**
 * vtd_stale_lose - a unit did not flush
 * @d: the domain; what was taken out of its tables before may still be cached
 * @iommu: the unit, which cannot go meanwhile
 * @device_tlb: a device of it has a TLB that may hold it, too
 *
 * Context: any.
 */
void vtd_stale_lose(struct dmar_domain *d, struct intel_iommu *iommu, bool device_tlb)
{
	u64 event = vtd_context_spoil(iommu);
	struct vtd_loss *loss, *new = kmalloc(sizeof(*new), VTD_STALE_GFP);
	unsigned long flags;

	spin_lock_irqsave(&d->stale_lock, flags);
	loss = stale_loss_of(d, iommu);
	if (!loss && new) {
		loss = new;
		new = NULL;
		loss->iommu = iommu;
		loss->event = event;
		list_add(&loss->list, &d->losses);
	}
	if (loss)
		loss->event = max(loss->event, event);
	if (!loss || device_tlb)
		d->incurable = true;
	WRITE_ONCE(d->stale, true);
	spin_unlock_irqrestore(&d->stale_lock, flags);
	kfree(new);
}

static void stale_forget_loss(struct dmar_domain *d, struct intel_iommu *iommu)
{
	struct vtd_loss *loss = stale_loss_of(d, iommu);

	if (!loss || !vtd_context_is_clean(iommu, loss->event))
		return;
	list_del(&loss->list);
	kfree(loss);
}

/**
 * vtd_stale_check - may some unit still find its way to a domain's tables
 * @d: domain
 *
 * If none may any more, all that was held is given back.
 *
 * Context: any; takes stale_lock and vtd_root.store.
 *
 * Return: whether one may.
 */
bool vtd_stale_check(struct dmar_domain *d)
{
	const struct dmar_drhd_unit *drhd;
	struct intel_iommu *iommu;
	LIST_HEAD(tables);
	LIST_HEAD(pages);
	unsigned long flags;
	bool stale;

	if (likely(!READ_ONCE(d->stale)))
		return false;
	/* A unit is out of the list, and a grace period over, before its root goes */
	rcu_read_lock();
	spin_lock_irqsave(&d->stale_lock, flags);
	list_for_each_entry_rcu(drhd, &dmar_drhd_units, list) {
		iommu = READ_ONCE(drhd->iommu);
		if (iommu)
			stale_forget_loss(d, iommu);
	}
	stale = d->incurable || !list_empty(&d->losses);
	if (!stale) {
		list_splice_init(&d->held_tables, &tables);
		list_splice_init(&d->held_pages, &pages);
		WRITE_ONCE(d->stale, false);
	}
	spin_unlock_irqrestore(&d->stale_lock, flags);
	rcu_read_unlock();
	stale_give_back(&tables, &pages);
	return stale;
}

static u64 stale_leaf_end(u64 iova, const struct vtd_pt_leaf *leaf)
{
	u64 size = 1ull << (VTD_PAGE_SHIFT + (leaf->level - 1) * VTD_LEVEL_BITS);

	return (iova | (size - 1)) + 1;
}

/* What is not on the list is held for ever */
static void stale_note(struct dmar_domain *d, struct folio *folio)
{
	struct vtd_held *held = kmalloc(sizeof(*held), VTD_STALE_GFP);
	unsigned long flags;
	bool stale;

	if (!held)
		return;
	held->folio = folio;
	spin_lock_irqsave(&d->stale_lock, flags);
	stale = d->stale;
	if (stale)
		list_add_tail(&held->list, &d->held_pages);
	spin_unlock_irqrestore(&d->stale_lock, flags);
	/* Cured just now: the flush that follows can be relied on */
	if (!stale) {
		folio_put(folio);
		kfree(held);
	}
}

/* Holds the page behind @phys; returns how many bytes that is good for */
static u64 stale_hold(struct dmar_domain *d, u64 phys)
{
	struct folio *folio;

	if (!pfn_valid(PHYS_PFN(phys)))
		return VTD_PAGE_SIZE;
	folio = page_folio(pfn_to_page(PHYS_PFN(phys)));
	if (!folio_try_get(folio))
		return VTD_PAGE_SIZE;
	stale_note(d, folio);
	return PFN_PHYS(folio_pfn(folio)) + folio_size(folio) - phys;
}

/**
 * vtd_stale_pages - hold the memory that a range leads to
 * @d: stale domain
 * @iova: first address; what is mapped there is about to be unmapped
 * @size: bytes
 *
 * Context: any.
 */
void vtd_stale_pages(struct dmar_domain *d, u64 iova, u64 size)
{
	struct vtd_pt_leaf leaf;
	u64 at, good;

	for (at = iova; at < iova + size; at += good) {
		good = VTD_PAGE_SIZE;
		if (vtd_pt_lookup(&d->pt, at, &leaf))
			good = min(stale_hold(d, leaf.phys),
				   stale_leaf_end(at, &leaf) - at);
	}
}

/**
 * vtd_stale_tables - give tables that were unlinked back, or hold them
 * @d: the domain, flushed as well as that is possible
 * @retired: the tables; empty afterwards
 *
 * Context: any.
 */
void vtd_stale_tables(struct dmar_domain *d, struct list_head *retired)
{
	unsigned long flags;

	if (vtd_stale_check(d)) {
		spin_lock_irqsave(&d->stale_lock, flags);
		/* Nobody takes what is added once it is not stale any more */
		if (d->stale)
			list_splice_tail_init(retired, &d->held_tables);
		spin_unlock_irqrestore(&d->stale_lock, flags);
	}
	vtd_core_free_retired(retired);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * The way of a domain's unlinked tables to the allocator, and there is no other.
 * Units may still walk them before the flush, strangers (fault reports, debugfs)
 * while they hold inspect_lock, and a unit that did not flush for ever.
 */

#include <linux/list.h>
#include <linux/spinlock.h>

#include "domain/domain.h"
#include "domain/flush.h"
#include "domain/retire.h"
#include "domain/stale.h"

/* Wait until nobody looks at what was unlinked before */
static void retire_pass(struct dmar_domain *d)
{
	unsigned long flags;

	spin_lock_irqsave(&d->inspect_lock, flags);
	spin_unlock_irqrestore(&d->inspect_lock, flags);
}

/**
 * vtd_retire_tables - flush a change, then free the tables that it left over
 * @d: domain whose tables have been changed already
 * @flush: what changed; not @absent if there is anything on @retired
 * @retired: from struct vtd_pt_change; empty afterwards
 *
 * Context: any; see vtd_flush_domain().
 */
void vtd_retire_tables(struct dmar_domain *d, const struct vtd_flush *flush,
		       struct list_head *retired)
{
	vtd_flush_domain(d, flush);
	if (list_empty(retired))
		return;
	retire_pass(d);
	vtd_stale_tables(d, retired);
}

/**
 * vtd_retire_later - leave unlinked tables to the lazy mode's flush
 * @d: domain
 * @retired: the tables; empty afterwards
 *
 * What is on the core's own list it frees itself, flushed or not.
 *
 * Context: any; takes stale_lock.
 */
void vtd_retire_later(struct dmar_domain *d, struct list_head *retired)
{
	unsigned long flags;

	spin_lock_irqsave(&d->stale_lock, flags);
	list_splice_tail_init(retired, &d->lazy_tables);
	spin_unlock_irqrestore(&d->stale_lock, flags);
}

/**
 * vtd_retire_lazy - the lazy mode's flush
 * @d: domain
 * @flush: all of it
 *
 * Context: as vtd_retire_tables(); takes stale_lock.
 */
void vtd_retire_lazy(struct dmar_domain *d, const struct vtd_flush *flush)
{
	LIST_HEAD(retired);
	unsigned long flags;

	/* Those that come after this are the next one's */
	spin_lock_irqsave(&d->stale_lock, flags);
	list_splice_init(&d->lazy_tables, &retired);
	spin_unlock_irqrestore(&d->stale_lock, flags);
	vtd_retire_tables(d, flush, &retired);
}

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

/**
 * vtd_retire_pass - wait until nobody looks at what was unlinked before
 * @d: the domain, flushed
 *
 * Context: any; takes inspect_lock.
 */
void vtd_retire_pass(struct dmar_domain *d)
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
	vtd_retire_pass(d);
	vtd_stale_tables(d, retired);
}

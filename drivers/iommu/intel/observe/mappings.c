// SPDX-License-Identifier: GPL-2.0
/*
 * <device>/mappings: what a device's tables map at this moment, in ranges.
 *
 * Others map and unmap meanwhile.  vtd_device_lock keeps the device on its
 * domain, so that the domain stays; the domain's inspect_lock keeps the tables
 * that were just walked.  The latter is held with interrupts off, so it is
 * taken for STEPS_PER_HOLD steps at a time.
 */
#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/seq_file.h>

#include "device/device.h"
#include "domain/attach.h"
#include "domain/domain.h"
#include "observe/debugfs.h"
#include "observe/find.h"
#include "observe/ranges.h"
#include "unit/unit.h"

#define STEPS_PER_HOLD	512u
#define HOLDS_MAX	8192u
#define LINES_MAX	4096u

static void show_range(struct seq_file *m, const struct vtd_range *r)
{
	static const char * const sizes[] = { "?", "4K", "2M", "1G" };

	seq_printf(m, "0x%016llx - 0x%016llx\t0x%016llx\t%c%c%s\t%s\n", r->iova,
		   r->iova + r->size - 1, r->phys, r->prot & VTD_PT_READ ? 'r' : '-',
		   r->prot & VTD_PT_WRITE ? 'w' : '-', r->prot & VTD_PT_SNOOP ? ", snoop" : "",
		   sizes[r->level]);
}

static bool next_range(struct dmar_domain *domain, struct vtd_ranges *walk,
		       struct vtd_range *range)
{
	unsigned long flags;
	bool found;

	spin_lock_irqsave(&domain->inspect_lock, flags);
	found = vtd_ranges_next(walk, STEPS_PER_HOLD, range);
	spin_unlock_irqrestore(&domain->inspect_lock, flags);
	return found;
}

static void show_domain(struct seq_file *m, struct dmar_domain *domain)
{
	unsigned int holds = 0, lines = 0;
	struct vtd_ranges walk;
	struct vtd_range range;

	seq_printf(m, "%u levels, %u address bits\n", domain->pt.cfg.levels,
		   domain->pt.cfg.width);
	seq_puts(m, "Addresses of the device\t\t\t\tMemory\t\t\tMay\tPages\n");
	vtd_ranges_begin(&walk, &domain->pt);
	while (!walk.done && holds++ < HOLDS_MAX && lines < LINES_MAX && !seq_has_overflowed(m)) {
		if (next_range(domain, &walk, &range)) {
			show_range(m, &range);
			lines++;
		}
		cond_resched();
	}
	if (walk.open.size)
		show_range(m, &walk.open);
	if (!walk.done)
		seq_printf(m, "(stopped at 0x%llx, there may be more)\n", walk.at);
}

static int mappings_show(struct seq_file *m, void *unused)
{
	struct vtd_device *vdev;

	mutex_lock(&vtd_device_lock);
	vdev = vtd_find_device(m->private);
	if (vdev)
		seq_printf(m, "%s on %s: %s\n", dev_name(vdev->dev), vdev->iommu->name,
			   vtd_attach_kind(vdev->domain));
	if (vdev && vtd_domain_is_paging(vdev->domain))
		show_domain(m, to_dmar_domain(vdev->domain));
	mutex_unlock(&vtd_device_lock);
	return vdev ? 0 : -ENODEV;
}
DEFINE_SHOW_ATTRIBUTE(mappings);

/**
 * vtd_mappings_add - add mappings
 * @dir: the device's folder
 * @dev: the device; the folder goes before it does
 *
 * Context: may sleep.
 */
void vtd_mappings_add(struct dentry *dir, struct device *dev)
{
	debugfs_create_file("mappings", 0400, dir, dev, &mappings_fops);
}

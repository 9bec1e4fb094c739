// SPDX-License-Identifier: GPL-2.0
/*
 * <device>/domain_translation_struct: what a device's tables map at this
 * moment.
 *
 * Others map and unmap meanwhile.  vtd_device_lock keeps the device on its
 * domain, so that the domain stays; the domain's inspect_lock keeps the tables
 * that were just walked.  The latter is held with interrupts off, so it is
 * taken for STEPS_PER_HOLD steps at a time.
 */
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/seq_file.h>

#include "acpi/inventory.h"
#include "device/device.h"
#include "domain/attach.h"
#include "domain/domain.h"
#include "observe/debugfs.h"
#include "pgtable/format.h"
#include "unit/unit.h"

#define STEPS_PER_HOLD	512u
#define STEPS_MAX	BIT(22)
#define LINES_MAX	4096u
#define LEAF_MAX	3u	/* 1 GiB */

/* Neighbouring leaves of one size that lead to neighbouring memory */
struct run {
	u64 iova;
	u64 phys;
	u64 size;
	u32 prot;
	u8 level;
};

/* @at: the next address to look at; @last: the last one that can be mapped */
struct walk {
	struct seq_file *m;
	struct dmar_domain *domain;
	u64 at;
	u64 last;
	unsigned int steps;
	unsigned int lines;
	struct run run;
	bool done;
};

static void flush_run(struct walk *w)
{
	static const char * const sizes[] = { "?", "4K", "2M", "1G" };
	const struct run *r = &w->run;

	if (r->size) {
		seq_printf(w->m, "0x%016llx - 0x%016llx\t0x%016llx\t%c%c%s\t%s\n", r->iova,
			   r->iova + r->size - 1, r->phys, r->prot & VTD_PT_READ ? 'r' : '-',
			   r->prot & VTD_PT_WRITE ? 'w' : '-',
			   r->prot & VTD_PT_SNOOP ? ", snoop" : "", sizes[r->level]);
		w->lines++;
	}
	w->run.size = 0;
}

static u32 prot_of(u64 entry)
{
	return (entry & VTD_SS_R ? VTD_PT_READ : 0) | (entry & VTD_SS_W ? VTD_PT_WRITE : 0) |
	       (entry & VTD_SS_SNP ? VTD_PT_SNOOP : 0);
}

/* One step down the tables: stops at @w->at and says how far the answer holds */
static u64 look(const struct walk *w, struct run *leaf)
{
	const struct vtd_pgtable *pt = &w->domain->pt;
	unsigned int level = pt->cfg.levels;
	const u64 *table = pt->root;

	leaf->size = 0;
	for (;;) {
		unsigned int shift = vtd_pt_shift(level);
		u64 mask = (1ull << shift) - 1;
		u64 entry = READ_ONCE(table[(w->at >> shift) % VTD_TABLE_ENTRIES]);

		if (!(entry & (VTD_SS_R | VTD_SS_W)))
			return w->at | mask;
		if (level == 1 || (level <= LEAF_MAX && entry & VTD_SS_PS)) {
			*leaf = (struct run) {
				.iova = w->at & ~mask, .phys = entry & VTD_SS_ADDR & ~mask,
				.size = mask + 1, .prot = prot_of(entry), .level = level,
			};
			return w->at | mask;
		}
		table = phys_to_virt(entry & VTD_SS_ADDR);
		level--;
	}
}

static bool continues(const struct run *run, const struct run *leaf)
{
	return run->size && run->level == leaf->level && run->prot == leaf->prot &&
	       run->iova + run->size == leaf->iova && run->phys + run->size == leaf->phys;
}

/* Returns true when a run has ended and must be printed before @leaf is kept */
static bool step(struct walk *w, struct run *leaf)
{
	u64 end = look(w, leaf);

	w->steps++;
	w->done = end >= w->last;
	w->at = end + 1;
	if (!leaf->size)
		return false;
	if (!w->run.size)
		w->run = *leaf;
	else if (continues(&w->run, leaf))
		w->run.size += leaf->size;
	else
		return true;
	return false;
}

static void walk_some(struct walk *w)
{
	unsigned int i = 0;
	unsigned long flags;
	bool ended = false;
	struct run leaf;

	spin_lock_irqsave(&w->domain->inspect_lock, flags);
	while (i++ < STEPS_PER_HOLD && !w->done && !ended)
		ended = step(w, &leaf);
	spin_unlock_irqrestore(&w->domain->inspect_lock, flags);
	if (ended) {
		flush_run(w);
		w->run = leaf;
	}
}

static void show_domain(struct seq_file *m, struct dmar_domain *domain)
{
	u8 width = domain->pt.cfg.width;
	struct walk w = {
		.m = m, .domain = domain,
		.last = width < 64 ? (1ull << width) - 1 : U64_MAX,
	};

	seq_printf(m, "%u levels, %u address bits\n", domain->pt.cfg.levels, width);
	seq_puts(m, "Addresses of the device\t\t\t\tMemory\t\t\tMay\tPages\n");
	while (!w.done && w.steps < STEPS_MAX && w.lines < LINES_MAX &&
	       !seq_has_overflowed(m)) {
		walk_some(&w);
		cond_resched();
	}
	flush_run(&w);
	if (!w.done)
		seq_printf(m, "(stopped at 0x%llx, there may be more)\n", w.at);
}

/* The file outlives the device for a moment, so it holds numbers, not pointers */
static void *key_of(const struct vtd_device *vdev)
{
	return (void *)((unsigned long)vdev->iommu->seq_id << 16 | vtd_device_rid(vdev));
}

static struct vtd_device *find_by_key(unsigned long key)
{
	const struct dmar_drhd_unit *drhd;
	struct vtd_device *vdev = NULL;

	lockdep_assert_held(&vtd_device_lock);
	down_read(&dmar_inventory_lock);
	list_for_each_entry(drhd, &dmar_drhd_units, list)
		if (drhd->iommu && drhd->iommu->seq_id == key >> 16)
			vdev = vtd_device_find(drhd->iommu, key & 0xffff);
	up_read(&dmar_inventory_lock);
	return vdev;
}

static int vtd_mappings_show(struct seq_file *m, void *unused)
{
	struct vtd_device *vdev;

	mutex_lock(&vtd_device_lock);
	vdev = find_by_key((unsigned long)m->private);
	if (vdev)
		seq_printf(m, "%s on %s: %s\n", dev_name(vdev->dev), vdev->iommu->name,
			   vtd_attach_kind(vdev->domain));
	if (vdev && vtd_domain_is_paging(vdev->domain))
		show_domain(m, to_dmar_domain(vdev->domain));
	mutex_unlock(&vtd_device_lock);
	return vdev ? 0 : -ENODEV;
}
DEFINE_SHOW_ATTRIBUTE(vtd_mappings);

static struct dentry *folder;

/* Every user of a requester id is found through the id's list */
static struct vtd_device *find_on_unit(struct intel_iommu *iommu, struct device *dev)
{
	struct vtd_rid_use *use;
	struct vtd_rid *entry;
	unsigned long rid;

	xa_for_each(&iommu->rids, rid, entry)
		list_for_each_entry(use, &entry->users, node)
			if (use->vdev->dev == dev)
				return use->vdev;
	return NULL;
}

static void add_device(struct device *dev)
{
	const struct dmar_drhd_unit *drhd;
	struct vtd_device *vdev = NULL;
	void *key = NULL;

	mutex_lock(&vtd_device_lock);
	down_read(&dmar_inventory_lock);
	list_for_each_entry(drhd, &dmar_drhd_units, list) {
		vdev = drhd->iommu ? find_on_unit(drhd->iommu, dev) : NULL;
		if (vdev)
			break;
	}
	up_read(&dmar_inventory_lock);
	if (vdev)
		key = key_of(vdev);
	mutex_unlock(&vtd_device_lock);
	if (vdev)
		debugfs_create_file("domain_translation_struct", 0400,
				    debugfs_create_dir(dev_name(dev), folder), key,
				    &vtd_mappings_fops);
}

/* The core's own notifier was there first: an added device has been probed */
static int on_bus_event(struct notifier_block *nb, unsigned long action, void *data)
{
	struct device *dev = data;

	if (action == BUS_NOTIFY_ADD_DEVICE)
		add_device(dev);
	else if (action == BUS_NOTIFY_DEL_DEVICE)
		debugfs_lookup_and_remove(dev_name(dev), folder);
	return NOTIFY_DONE;
}

static struct notifier_block bus_listener = { .notifier_call = on_bus_event };

/**
 * vtd_mappings_init - add a folder for each PCI device, now and later
 * @dir: where
 *
 * Context: late init, after the units were registered with the core.
 */
void __init vtd_mappings_init(struct dentry *dir)
{
	struct pci_dev *pdev = NULL;

	folder = dir;
	for_each_pci_dev(pdev)
		add_device(&pdev->dev);
	bus_register_notifier(&pci_bus_type, &bus_listener);
}

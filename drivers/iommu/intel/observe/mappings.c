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

static int vtd_group_show(struct seq_file *m, void *unused)
{
	return vtd_groups_show_device(m, find_by_key, (unsigned long)m->private);
}
DEFINE_SHOW_ATTRIBUTE(vtd_group);

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
	struct dentry *dir;
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
	if (!vdev)
		return;
	dir = debugfs_create_dir(dev_name(dev), folder);
	debugfs_create_file("domain_translation_struct", 0400, dir, key, &vtd_mappings_fops);
	debugfs_create_file("group", 0400, dir, key, &vtd_group_fops);
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

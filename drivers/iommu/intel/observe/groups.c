// SPDX-License-Identifier: GPL-2.0
/*
 * groups, and <device>/group: who is together, and why.
 *
 * vtd_device_lock is held while members are collected: a device that is found
 * then has not been released, so the core has not taken its group from it, and a
 * group lives as long as a member.  Each member is kept by a reference
 * beyond that.  The lock that PCI holds while devices are removed must not be taken:
 * removal waits, with that lock, for readers of <device>/group.
 */
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/iommu.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/rwsem.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "acpi/inventory.h"
#include "device/device.h"
#include "observe/debugfs.h"
#include "observe/find.h"
#include "observe/group_facts.h"
#include "observe/group_why.h"
#include "unit/unit.h"

/**
 * struct report - one pass
 * @why: facts of the group at hand
 * @pdevs: its members, referenced
 * @tops: what stands for each
 * @others: members that are no PCI devices
 * @text: of the group
 */
struct report {
	struct vtd_why why;
	struct pci_dev *pdevs[VTD_WHY_MEMBERS];
	struct pci_dev *tops[VTD_WHY_MEMBERS];
	unsigned int others;
	char text[VTD_WHY_TEXT];
};

static int group_of(struct device *dev)
{
	struct iommu_group *group = iommu_group_get(dev);
	int id = group ? iommu_group_id(group) : -1;

	iommu_group_put(group);
	return id;
}

static void take(struct report *r, struct device *dev)
{
	struct vtd_why *why = &r->why;
	struct pci_dev *pdev;
	unsigned int i;
	u64 id;

	if (!dev_is_pci(dev)) {
		r->others++;
		return;
	}
	pdev = to_pci_dev(dev);
	id = vtd_group_id_of(pdev);
	if (why->count == VTD_WHY_MEMBERS) {
		why->more = true;
		return;
	}
	/* In order of address, whatever order they came in */
	for (i = why->count; i && why->member[i - 1] > id; i--) {
		why->member[i] = why->member[i - 1];
		r->pdevs[i] = r->pdevs[i - 1];
	}
	why->member[i] = id;
	r->pdevs[i] = pci_dev_get(pdev);
	why->count++;
}

/* Devices of group @wanted are taken; returns the next higher number, or -1 */
static int collect_unit(struct report *r, struct intel_iommu *iommu, int wanted, int next)
{
	struct vtd_rid_use *use;
	struct vtd_rid *entry;
	unsigned long rid;
	int id;

	xa_for_each(&iommu->rids, rid, entry)
		list_for_each_entry(use, &entry->users, node) {
			/* Once for each device: under its own id */
			if (use != &use->vdev->use[0])
				continue;
			id = group_of(use->vdev->dev);
			if (id == wanted && r)
				take(r, use->vdev->dev);
			if (id > wanted && (next < 0 || id < next))
				next = id;
		}
	return next;
}

static int collect(struct report *r, int wanted)
{
	const struct dmar_drhd_unit *drhd;
	int next = -1;
	unsigned int i;

	mutex_lock(&vtd_device_lock);
	down_read(&dmar_inventory_lock);
	list_for_each_entry(drhd, &dmar_drhd_units, list)
		if (drhd->iommu)
			next = collect_unit(r, drhd->iommu, wanted, next);
	up_read(&dmar_inventory_lock);
	/* Still with the lock: it keeps the devices' bridge whole, see there */
	if (r) {
		for (i = 0; i < r->why.count; i++)
			r->tops[i] = r->pdevs[i];
		vtd_group_facts(&r->why, r->tops, r->why.count);
	}
	mutex_unlock(&vtd_device_lock);
	return next;
}

static void show_group(struct seq_file *m, struct report *r)
{
	unsigned int i;
	size_t len;

	if (r->why.count) {
		len = vtd_why_text(&r->why, r->text, sizeof(r->text));
		seq_puts(m, r->text);
		if (len == sizeof(r->text) - 1)
			seq_puts(m, "\n  not all is told: no room\n");
	}
	if (r->others)
		seq_printf(m, "group %d: %u not on PCI\n", r->why.id, r->others);
	for (i = 0; i < r->why.count; i++)
		pci_dev_put(r->pdevs[i]);
}

/* The next group's number, or -1 */
static int show_one(struct seq_file *m, struct report *r, int id)
{
	int next;

	memset(r, 0, sizeof(*r));
	r->why.id = id;
	next = collect(r, id);
	show_group(m, r);
	return next;
}

static int groups_show(struct seq_file *m, void *unused)
{
	struct report *r = kvmalloc(sizeof(*r), GFP_KERNEL);
	int id;

	if (!r)
		return -ENOMEM;
	for (id = collect(NULL, -1); id >= 0 && !seq_has_overflowed(m);)
		id = show_one(m, r, id);
	kvfree(r);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(groups);

/**
 * vtd_groups_init - add the file "groups"
 * @dir: where
 *
 * Context: late init.
 */
void __init vtd_groups_init(struct dentry *dir)
{
	debugfs_create_file("groups", 0400, dir, NULL, &groups_fops);
}

static int group_show(struct seq_file *m, void *unused)
{
	struct report *r = kvmalloc(sizeof(*r), GFP_KERNEL);
	struct vtd_device *vdev;
	int id;

	if (!r)
		return -ENOMEM;
	mutex_lock(&vtd_device_lock);
	vdev = vtd_find_device(m->private);
	id = vdev ? group_of(vdev->dev) : -1;
	mutex_unlock(&vtd_device_lock);
	if (id >= 0)
		show_one(m, r, id);
	kvfree(r);
	return id >= 0 ? 0 : -ENODEV;
}
DEFINE_SHOW_ATTRIBUTE(group);

/**
 * vtd_groups_add - add the file "group"
 * @dir: the device's folder
 * @dev: the device; the folder goes before it does
 *
 * Context: may sleep.
 */
void vtd_groups_add(struct dentry *dir, struct device *dev)
{
	debugfs_create_file("group", 0400, dir, dev, &group_fops);
}

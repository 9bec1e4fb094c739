// SPDX-License-Identifier: GPL-2.0
/*
 * <device>/domain_translation_struct, in the shape of the stock driver: a line for
 * each page that is mapped, with the entries that lead to it from the top level
 * down; levels that the tables do not have are 0.  The kernel's selftests read it.
 * The same in ranges: mappings.c.
 *
 * There may be millions of lines, so they are made as they are read.  For as long as
 * one read() fills its buffer, vtd_device_lock keeps the device on its domain; the
 * domain's inspect_lock, held for STEPS_PER_HOLD steps at a time, keeps the tables that
 * are walked.
 */
#include <linux/array_size.h>
#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>

#include "device/device.h"
#include "domain/attach.h"
#include "domain/domain.h"
#include "hw/entries.h"
#include "observe/debugfs.h"
#include "observe/find.h"
#include "observe/leaf.h"
#include "unit/unit.h"

#define STEPS_PER_HOLD	512u

/**
 * struct pages - where a reader is
 * @dev: the device, compared only
 * @vdev: the same between start and stop, NULL if it is gone
 * @domain: what it is attached to between start and stop, NULL without tables
 * @at: where to look on
 * @pos: number of @leaf; 0 is the head
 * @leaf: the page at hand
 */
struct pages {
	const struct device *dev;
	struct vtd_device *vdev;
	struct dmar_domain *domain;
	u64 at;
	loff_t pos;
	struct vtd_leaf leaf;
};

static struct dmar_domain *tables_of(const struct vtd_device *vdev)
{
	if (!vtd_domain_is_paging(vdev->domain) || !vtd_unit_translating(vdev->iommu))
		return NULL;
	return to_dmar_domain(vdev->domain);
}

static bool find_page(struct pages *p)
{
	unsigned long flags;
	bool found = false;

	while (!found && p->at <= vtd_leaf_last(&p->domain->pt) &&
	       !fatal_signal_pending(current)) {
		spin_lock_irqsave(&p->domain->inspect_lock, flags);
		found = vtd_leaf_next(&p->domain->pt, &p->at, STEPS_PER_HOLD, &p->leaf);
		spin_unlock_irqrestore(&p->domain->inspect_lock, flags);
		cond_resched();
	}
	return found;
}

/* Go to page number @pos, counting from where the reader is if that is before it */
static bool seek_page(struct pages *p, loff_t pos)
{
	if (pos == p->pos) {
		p->at = p->leaf.iova;
		return find_page(p);
	}
	if (pos < p->pos) {
		p->at = 0;
		p->pos = 0;
	}
	while (p->pos < pos && find_page(p))
		p->pos++;
	return p->pos == pos;
}

static void *pages_start(struct seq_file *m, loff_t *pos)
{
	struct pages *p = m->private;

	mutex_lock(&vtd_device_lock);
	p->vdev = vtd_find_device(p->dev);
	p->domain = p->vdev ? tables_of(p->vdev) : NULL;
	if (!p->vdev || (!p->domain && *pos))
		return NULL;
	if (*pos)
		return seek_page(p, *pos) ? p : NULL;
	p->at = 0;
	p->pos = 0;
	return SEQ_START_TOKEN;
}

static void *pages_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct pages *p = m->private;

	++*pos;
	if (!p->domain || !find_page(p))
		return NULL;
	p->pos = *pos;
	return p;
}

static void pages_stop(struct seq_file *m, void *v)
{
	mutex_unlock(&vtd_device_lock);
}

static void show_head(struct seq_file *m, const struct pages *p)
{
	static const char * const levels[] = { "PML5E", "PML4E", "PDPE", "PDE" };
	struct intel_iommu *iommu = p->vdev->iommu;
	u16 rid = vtd_device_rid(p->vdev);
	unsigned int i;

	if (!vtd_unit_translating(iommu))
		seq_printf(m, "DMA Remapping is not enabled on %s\n", iommu->name);
	if (!p->domain)
		return;
	seq_printf(m, "Device %04x:%02x:%02x.%x @0x%llx\n", iommu->segment, PCI_BUS_NUM(rid),
		   PCI_SLOT(rid & 0xff), PCI_FUNC(rid & 0xff),
		   (u64)virt_to_phys(p->domain->pt.root));
	seq_printf(m, "%-17s", "IOVA_PFN");
	for (i = 0; i < ARRAY_SIZE(levels); i++)
		seq_printf(m, "\t%-18s", levels[i]);
	seq_puts(m, "\tPTE\n");
}

/* Large pages have no columns for the levels below them */
static int pages_show(struct seq_file *m, void *v)
{
	struct pages *p = m->private;
	unsigned int level;

	if (v == SEQ_START_TOKEN) {
		show_head(m, p);
		return 0;
	}
	seq_printf(m, "0x%013llx |", p->leaf.iova >> VTD_PAGE_SHIFT);
	for (level = VTD_LEAF_LEVELS; level >= p->leaf.level; level--)
		seq_printf(m, "\t0x%016llx", p->leaf.entry[level]);
	seq_putc(m, '\n');
	return 0;
}

static const struct seq_operations pages_ops = {
	.start = pages_start,
	.next = pages_next,
	.stop = pages_stop,
	.show = pages_show,
};

static int pages_open(struct inode *inode, struct file *file)
{
	struct pages *p = __seq_open_private(file, &pages_ops, sizeof(*p));

	if (!p)
		return -ENOMEM;
	p->dev = inode->i_private;
	return 0;
}

static const struct file_operations vtd_pages_fops = {
	.owner = THIS_MODULE,
	.open = pages_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = seq_release_private,
};

/**
 * vtd_stock_pages_add - add domain_translation_struct
 * @dir: the device's folder
 * @dev: the device; the folder goes before it does
 *
 * Context: may sleep.
 */
void vtd_stock_pages_add(struct dentry *dir, struct device *dev)
{
	debugfs_create_file("domain_translation_struct", 0400, dir, dev, &vtd_pages_fops);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * invalidation_queue, in the shape of the stock driver: all slots of the ring in
 * their order, with a status for each.  The same in words, newest first: queue_dump.c.
 */
#include <linux/bitfield.h>
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/rwsem.h>
#include <linux/seq_file.h>

#include "acpi/inventory.h"
#include "hw/descriptors.h"
#include "hw/registers.h"
#include "observe/debugfs.h"
#include "unit/queue_state.h"
#include "unit/unit.h"

/* The stock driver's words for a slot */
#define STATUS_FREE	0
#define STATUS_IN_USE	1

/* Between what the unit is done with and the tail */
static int status_of(struct vtd_queue *q, u32 slot)
{
	u32 done = READ_ONCE(q->word[VTD_WORD_DONE]);
	u32 tail = READ_ONCE(q->tail);

	return ((slot - done) & q->mask) < tail - done ? STATUS_IN_USE : STATUS_FREE;
}

/*
 * Slots may be written again while they are read: good for a report.  The upper half
 * of descriptors of 256 bits is not in use.
 */
static void show_slots(struct seq_file *m, const struct intel_iommu *iommu)
{
	struct vtd_queue *q = iommu->queue;
	bool wide = iommu->caps.scalable;
	u32 slot;

	seq_printf(m, "Index\t\tqw0\t\t\tqw1\t\t\t%sstatus\n", wide ? "qw2\t\t\tqw3\t\t\t" : "");
	for (slot = 0; slot <= q->mask && !seq_has_overflowed(m); slot++) {
		const struct vtd_desc *d = vtd_queue_slot(q, slot);

		seq_printf(m, "%5u\t%016llx\t%016llx", slot, READ_ONCE(d->lo), READ_ONCE(d->hi));
		if (wide)
			seq_printf(m, "\t%016x\t%016x", 0, 0);
		seq_printf(m, "\t%016x\n", status_of(q, slot));
	}
}

static u64 index_at(const struct intel_iommu *iommu, u32 offset)
{
	return vtd_queue_index(iommu->queue, vtd_read64(&iommu->regs, offset));
}

/* The lock keeps the queue: it goes after its unit was taken off the list */
static int ring_show(struct seq_file *m, void *unused)
{
	const struct dmar_drhd_unit *drhd;
	const struct intel_iommu *iommu;

	down_read(&dmar_inventory_lock);
	list_for_each_entry(drhd, &dmar_drhd_units, list) {
		iommu = drhd->iommu;
		if (!iommu || !iommu->queue)
			continue;
		seq_printf(m, "Invalidation queue on IOMMU: %s\n", iommu->name);
		seq_printf(m, " Base: 0x%llx\tHead: %llu\tTail: %llu\n",
			   (u64)virt_to_phys(vtd_queue_slot(iommu->queue, 0)),
			   index_at(iommu, VTD_IQH), index_at(iommu, VTD_IQT));
		show_slots(m, iommu);
		seq_putc(m, '\n');
	}
	up_read(&dmar_inventory_lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(ring);

/**
 * vtd_stock_queue_init - add invalidation_queue
 * @dir: where
 *
 * Context: late init.
 */
void __init vtd_stock_queue_init(struct dentry *dir)
{
	debugfs_create_file("invalidation_queue", 0444, dir, NULL, &ring_fops);
}

// SPDX-License-Identifier: GPL-2.0
/* queue: the ring as it is in memory, newest descriptor first. */
#include <linux/bitfield.h>
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/rwsem.h>
#include <linux/seq_file.h>

#include "acpi/inventory.h"
#include "hw/descriptors.h"
#include "hw/registers.h"
#include "observe/debugfs.h"
#include "unit/queue_state.h"
#include "unit/unit.h"

#define SLOTS_SHOWN	512u

static const char *kind_of(u64 lo)
{
	static const char * const kinds[] = {
		"empty", "context", "iotlb", "device tlb", "interrupt entry", "wait",
		"iotlb by pasid", "pasid cache", "device tlb by pasid",
		"page response",
	};
	unsigned int type = FIELD_GET(VTD_DESC_TYPE, lo);

	return type < ARRAY_SIZE(kinds) ? kinds[type] : "other";
}

/* Slots may be written again while they are read: good for a report */
static void show_slots(struct seq_file *m, struct vtd_queue *q)
{
	u32 tail = READ_ONCE(q->tail);
	u32 done = READ_ONCE(q->word[VTD_WORD_DONE]);
	u32 i, count = min(q->mask + 1, SLOTS_SHOWN);

	seq_printf(m, "slots: %u, next: %u, done up to: %u%s\n", q->mask + 1, tail & q->mask,
		   done & q->mask, READ_ONCE(q->mode) == VTD_QUEUE_LIVE ? "" : ", dead");
	seq_puts(m, "Index\tqw0\t\t\tqw1\t\t\tState\tKind\n");
	for (i = 1; i <= count && !seq_has_overflowed(m); i++) {
		const struct vtd_desc *d = vtd_queue_slot(q, tail - i);
		u64 lo = READ_ONCE(d->lo);

		if (!lo)
			continue;
		seq_printf(m, "%5u\t0x%016llx\t0x%016llx\t%s\t%s\n", (tail - i) & q->mask, lo,
			   READ_ONCE(d->hi),
			   vtd_queue_passed(done, tail - i + 1) ? "done" : "waits", kind_of(lo));
	}
}

static void show_queue(struct seq_file *m, const struct intel_iommu *iommu)
{
	if (!iommu->queue) {
		seq_printf(m, "Invalidation queue on IOMMU: %s\nnone: %s\n\n", iommu->name,
			   iommu->caps.qi ? "the unit was not brought up" :
					    "the unit invalidates through registers");
		return;
	}
	seq_printf(m, "Invalidation queue on IOMMU: %s\n", iommu->name);
	if (iommu->state != VTD_UNIT_DEAD)
		seq_printf(m, "IQA: 0x%llx\tHead: %llu\tTail: %llu\n",
			   vtd_read64(&iommu->regs, VTD_IQA),
			   (u64)vtd_queue_index(iommu->queue, vtd_read64(&iommu->regs, VTD_IQH)),
			   (u64)vtd_queue_index(iommu->queue, vtd_read64(&iommu->regs, VTD_IQT)));
	show_slots(m, iommu->queue);
	seq_putc(m, '\n');
}

static int queue_dump_show(struct seq_file *m, void *unused)
{
	const struct dmar_drhd_unit *drhd;

	down_read(&dmar_inventory_lock);
	list_for_each_entry(drhd, &dmar_drhd_units, list)
		if (drhd->iommu)
			show_queue(m, drhd->iommu);
	up_read(&dmar_inventory_lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(queue_dump);

/**
 * vtd_queue_dump_init - add the file "queue"
 * @dir: where
 *
 * Context: late init.
 */
void __init vtd_queue_dump_init(struct dentry *dir)
{
	debugfs_create_file("queue", 0444, dir, NULL, &queue_dump_fops);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Sorts, checks and walks .iommu_table.  Runs once, on the boot CPU, before
 * there is an allocator; a table that makes no sense is reported and walked
 * as far as it does: a machine that boots can be repaired.
 */
#define pr_fmt(fmt) "iommu_table: " fmt

#include <linux/errno.h>
#include <linux/iommu_table.h>
#include <linux/minmax.h>
#include <linux/printk.h>

static struct iommu_table_entry * __init
find_entry(struct iommu_table_entry *start, struct iommu_table_entry *end,
	   int (*detect)(void))
{
	struct iommu_table_entry *p;

	for (p = start; detect && p < end; p++) {
		if (p->detect == detect)
			return p;
	}
	return NULL;
}

/* Moves @from to @to; those between keep their order */
static void __init move_down(struct iommu_table_entry *to,
			     struct iommu_table_entry *from)
{
	for (; from > to; from--)
		swap(from[0], from[-1]);
}

/**
 * iommu_table_sort - bring each entry behind the one it depends on
 * @start: first entry
 * @end: behind the last entry
 *
 * Stable: of entries that may be asked next, the first in the table is.  What
 * is left when none may be asked waits for itself; it keeps its order at the
 * end of the table.
 *
 * Context: boot, one CPU, no allocator.
 * Return: 0, or -ELOOP for a cycle.
 */
int __init iommu_table_sort(struct iommu_table_entry *start,
			    struct iommu_table_entry *end)
{
	struct iommu_table_entry *next, *p;

	for (next = start; next < end; next++) {
		for (p = next; p < end; p++) {
			if (!find_entry(next, end, p->depend))
				break;
		}
		if (p == end)
			return -ELOOP;
		move_down(next, p);
	}
	return 0;
}

/**
 * iommu_table_check - report what is wrong with a sorted table
 * @start: first entry
 * @end: behind the last entry
 *
 * Context: boot, one CPU, no allocator.
 * Return: 0, -ENOENT if a dependency is not in the table, -ELOOP if an entry
 * comes before the one it depends on (a cycle; says more than -ENOENT).
 */
int __init iommu_table_check(struct iommu_table_entry *start,
			     struct iommu_table_entry *end)
{
	struct iommu_table_entry *p, *before;
	int ret = 0;

	for (p = start; p < end; p++) {
		if (!p->depend)
			continue;
		before = find_entry(start, end, p->depend);
		if (!before) {
			pr_err("%ps depends on %ps, which is not in the table: runs without it\n",
			       p->detect, p->depend);
			ret = ret ?: -ENOENT;
		} else if (before >= p) {
			pr_err("%ps waits for %ps in a cycle of dependencies: run in link order\n",
			       p->detect, p->depend);
			ret = -ELOOP;
		}
	}
	return ret;
}

/**
 * iommu_table_walk - ask each detector, then start those that found something
 * @start: first entry
 * @end: behind the last entry
 *
 * Context: boot, one CPU, no allocator.
 */
void __init iommu_table_walk(struct iommu_table_entry *start,
			     struct iommu_table_entry *end)
{
	struct iommu_table_entry *p;

	for (p = start; p < end; p++) {
		p->flags &= ~IOMMU_TABLE_DETECTED;
		if (!p->detect || p->detect())
			continue;
		p->flags |= IOMMU_TABLE_DETECTED;
		if (p->flags & IOMMU_TABLE_FINISH_IF_DETECTED)
			break;
	}

	for (p = start; p < end; p++) {
		if ((p->flags & IOMMU_TABLE_DETECTED) && p->early_init)
			p->early_init();
	}
}

/**
 * iommu_table_finish - call late_init() of the entries that were detected
 * @start: first entry
 * @end: behind the last entry
 *
 * Context: an initcall; everything is allowed.
 */
void __init iommu_table_finish(struct iommu_table_entry *start,
			       struct iommu_table_entry *end)
{
	struct iommu_table_entry *p;

	for (p = start; p < end; p++) {
		if ((p->flags & IOMMU_TABLE_DETECTED) && p->late_init)
			p->late_init();
	}
}

/**
 * iommu_table_early_init - find the machine's IOMMUs
 *
 * Context: mem_init(), before there is an allocator.
 */
void __init iommu_table_early_init(void)
{
	iommu_table_sort(__iommu_table, __iommu_table_end);
	iommu_table_check(__iommu_table, __iommu_table_end);
	iommu_table_walk(__iommu_table, __iommu_table_end);
}

/**
 * iommu_table_late_init - second half, once allocators and PCI are there
 *
 * Context: rootfs_initcall; may sleep.
 */
void __init iommu_table_late_init(void)
{
	iommu_table_finish(__iommu_table, __iommu_table_end);
}

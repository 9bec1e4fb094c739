// SPDX-License-Identifier: GPL-2.0
/*
 * The page-table engine on real memory and real CPUs.  What it does to the
 * tables is proved in userspace (tools/testing/vtd/test_pgtable.c); here is what
 * only the kernel has: physical addresses, lists of pages, flushes, CPUs that race.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/io.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/sizes.h>

#include "core/core.h"
#include "hw/entries.h"
#include "pgtable/pgtable.h"

#define RW		(VTD_PT_READ | VTD_PT_WRITE)
#define THREADS		4u
#define ROUNDS		100u
#define PAGES		16u	/* of each thread, all in the same tables */

static const struct vtd_pt_config config = {
	.levels = 4, .max_leaf = 3, .width = 48, .node = NUMA_NO_NODE,
};

/* As a unit walks, by physical addresses: what the entry at the end of it says */
static u64 walk_by_hand(u64 table, u64 iova, unsigned int steps)
{
	unsigned int shift = 39;

	for (; steps; steps--, shift -= 9) {
		const u64 *at = phys_to_virt(table);

		table = at[(iova >> shift) & 511] & VTD_SS_ADDR;
		if (!table)
			return 0;
	}
	return table;
}

static void entries_hold_physical_addresses(struct kunit *test)
{
	LIST_HEAD(retired);
	struct vtd_pt_change change = { .retired = &retired };
	struct vtd_pgtable pt;
	u64 mapped;

	KUNIT_ASSERT_EQ(test, vtd_pt_init(&pt, &config, GFP_KERNEL), 0);
	KUNIT_EXPECT_EQ(test, vtd_pt_map(&pt, SZ_1G, SZ_16M + SZ_4K, SZ_2M, RW, GFP_KERNEL,
					 &mapped, &change), 0);
	KUNIT_EXPECT_EQ(test, mapped, (u64)SZ_2M);
	KUNIT_EXPECT_EQ(test, walk_by_hand(vtd_pt_root_for(&pt), SZ_1G + SZ_64K, 4),
			(u64)(SZ_16M + SZ_4K + SZ_64K));
	vtd_pt_exit(&pt);
}

static void retired_tables_are_pages_on_the_list(struct kunit *test)
{
	LIST_HEAD(retired);
	struct vtd_pt_change change = { .retired = &retired };
	struct vtd_pgtable pt;
	u64 mapped, table;

	KUNIT_ASSERT_EQ(test, vtd_pt_init(&pt, &config, GFP_KERNEL), 0);
	KUNIT_ASSERT_EQ(test, vtd_pt_map(&pt, 0, SZ_4K, SZ_2M, RW, GFP_KERNEL,
					 &mapped, &change), 0);
	table = walk_by_hand(vtd_pt_root_for(&pt), 0, 3);
	KUNIT_EXPECT_EQ(test, vtd_pt_unmap(&pt, 0, SZ_2M, &change), (u64)SZ_2M);
	KUNIT_EXPECT_TRUE(test, change.tables_freed);
	KUNIT_ASSERT_TRUE(test, list_is_singular(&retired));
	KUNIT_EXPECT_PTR_EQ(test, vtd_core_retired_page(&retired), pfn_to_page(PHYS_PFN(table)));
	vtd_core_free_retired(&retired);
	vtd_pt_exit(&pt);
}

/**
 * struct racer - one thread's part
 * @pt: tables that all share
 * @first: its first page; its others are THREADS pages apart
 * @start: all begin at once
 * @wrong: surprises
 * @done: when it is through
 */
struct racer {
	struct vtd_pgtable *pt;
	u64 first;
	struct completion *start;
	unsigned int wrong;
	struct completion done;
};

static int race(void *data)
{
	LIST_HEAD(retired);
	struct vtd_pt_change change = { .retired = &retired };
	struct racer *racer = data;
	struct vtd_pt_leaf leaf;
	unsigned int i;
	u64 mapped;

	wait_for_completion(racer->start);
	for (i = 0; i < PAGES; i++) {
		u64 iova = racer->first + (u64)i * THREADS * SZ_4K;

		racer->wrong += vtd_pt_map(racer->pt, iova, iova + SZ_1G, SZ_4K, RW,
					   GFP_KERNEL, &mapped, &change) != 0;
		racer->wrong += !vtd_pt_lookup(racer->pt, iova, &leaf) ||
				leaf.phys != iova + SZ_1G;
		if (i & 1)
			racer->wrong += vtd_pt_unmap(racer->pt, iova, SZ_4K, &change) != SZ_4K;
	}
	racer->wrong += change.tables_freed;
	complete(&racer->done);
	return 0;
}

static void one_round(struct kunit *test, bool coherent)
{
	DECLARE_COMPLETION_ONSTACK(start);
	struct vtd_pt_config cfg = config;
	struct racer racer[THREADS] = { };
	struct vtd_pt_leaf leaf;
	struct vtd_pgtable pt;
	unsigned int i;

	cfg.coherent = coherent;
	KUNIT_ASSERT_EQ(test, vtd_pt_init(&pt, &cfg, GFP_KERNEL), 0);
	for (i = 0; i < THREADS; i++) {
		racer[i].pt = &pt;
		racer[i].first = SZ_1G + i * SZ_4K;
		racer[i].start = &start;
		init_completion(&racer[i].done);
		if (IS_ERR(kthread_run(race, &racer[i], "vtd-race/%u", i))) {
			racer[i].wrong++;
			complete(&racer[i].done);
		}
	}
	complete_all(&start);
	for (i = 0; i < THREADS; i++) {
		wait_for_completion(&racer[i].done);
		KUNIT_EXPECT_EQ(test, racer[i].wrong, 0u);
	}
	for (i = 0; i < THREADS * PAGES; i++)
		KUNIT_EXPECT_EQ(test, vtd_pt_lookup(&pt, SZ_1G + i * SZ_4K, &leaf),
				!(i / THREADS & 1));
	vtd_pt_exit(&pt);
}

static void cpus_may_race_on_disjoint_ranges(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++)
		one_round(test, i & 1);
}

static struct kunit_case pgtable_cases[] = {
	KUNIT_CASE(entries_hold_physical_addresses),
	KUNIT_CASE(retired_tables_are_pages_on_the_list),
	KUNIT_CASE(cpus_may_race_on_disjoint_ranges),
	{ }
};

static struct kunit_suite pgtable_suite = {
	.name = "vtd_pgtable",
	.test_cases = pgtable_cases,
};

kunit_test_suite(pgtable_suite);

MODULE_DESCRIPTION("KUnit tests of the VT-d page-table engine");
MODULE_LICENSE("GPL");

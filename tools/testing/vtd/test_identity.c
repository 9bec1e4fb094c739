// SPDX-License-Identifier: GPL-2.0
/* Ranges mapped to themselves: whatever is there before, no page is left out. */
#include "vtd_test.h"

#include "model.c"
#include "pgtable/pgtable.c"
#include "pgtable/first.c"
#include "pgtable/identity.c"

#define RW	(VTD_PT_READ | VTD_PT_WRITE)
#define SZ_4K	0x1000ull
#define SZ_2M	0x200000ull
#define SZ_1G	0x40000000ull

/* The window that is looked at, page by page */
#define BASE	SZ_1G
#define PAGES	(SZ_1G / SZ_4K * 3)

static struct vtd_pgtable pt;
static bool wanted[PAGES];

static void start(u8 max_leaf)
{
	const struct vtd_pt_config cfg = {
		.levels = 3, .max_leaf = max_leaf, .width = 39, .coherent = true,
	};

	model_reset();
	memset(wanted, 0, sizeof(wanted));
	EXPECT_EQ(vtd_pt_init(&pt, &cfg, 0), 0);
}

static void stop(void)
{
	vtd_pt_exit(&pt);
	EXPECT_EQ(model.live, 0);
	EXPECT_EQ(model.bad, 0);
}

static int identity(u64 first, u64 last)
{
	LIST_HEAD(retired);
	struct vtd_pt_change change = { .retired = &retired };
	int ret = vtd_pt_identity(&pt, first, last, 0, &change);

	for (u64 page = (first - BASE) / SZ_4K; page <= (last - BASE) / SZ_4K; page++)
		wanted[page] = true;
	model_invalidate();
	vtd_mem_free_retired(&retired);
	return ret;
}

/* Every page that was asked for leads to itself, and no other is mapped */
static bool complete(void)
{
	struct vtd_pt_leaf leaf;

	for (u64 page = 0; page < PAGES; page++) {
		u64 at = BASE + page * SZ_4K;
		bool there = vtd_pt_lookup(&pt, at, &leaf);

		if (there == wanted[page] && (!there || (leaf.phys == at && leaf.prot == RW)))
			continue;
		printf("# 0x%llx is %s\n", (unsigned long long)at,
		       there ? "mapped" : "not mapped");
		return false;
	}
	return true;
}

static unsigned int level_at(u64 at)
{
	struct vtd_pt_leaf leaf;

	return vtd_pt_lookup(&pt, at, &leaf) ? leaf.level : 0;
}

/* A region inside another one that is listed later */
static void large_leaf_over_a_table_in_use(void)
{
	start(3);
	EXPECT_EQ(identity(0x40100000, 0x4010ffff), 0);
	EXPECT_EQ(identity(0x40000000, 0x407fffff), 0);
	EXPECT(complete());
	EXPECT_EQ(level_at(0x40000000), 1);
	EXPECT_EQ(level_at(0x40200000), 2);
	stop();
}

/* The same one level up: a page of 1 GiB over tables of 2 MiB and less */
static void huge_leaf_over_tables_in_use(void)
{
	start(3);
	EXPECT_EQ(identity(BASE + SZ_2M, BASE + 2 * SZ_2M - 1), 0);
	EXPECT_EQ(identity(BASE + 5 * SZ_2M + SZ_4K, BASE + 5 * SZ_2M + 2 * SZ_4K - 1), 0);
	EXPECT_EQ(identity(BASE, BASE + 2 * SZ_1G - 1), 0);
	EXPECT(complete());
	EXPECT_EQ(level_at(BASE), 1);
	EXPECT_EQ(level_at(BASE + SZ_2M), 2);
	EXPECT_EQ(level_at(BASE + 2 * SZ_2M), 2);
	EXPECT_EQ(level_at(BASE + 5 * SZ_2M), 1);
	EXPECT_EQ(level_at(BASE + SZ_1G), 3);
	stop();
}

/* What is mapped stays as it is, and the rest comes around it */
static void keeps_what_is_there(void)
{
	start(3);
	EXPECT_EQ(identity(BASE, BASE + SZ_2M - 1), 0);
	EXPECT_EQ(identity(BASE + SZ_4K, BASE + 2 * SZ_2M + SZ_4K - 1), 0);
	EXPECT_EQ(identity(BASE + SZ_4K, BASE + 2 * SZ_4K), 0);
	EXPECT_EQ(identity(BASE, BASE + 3 * SZ_2M - 1), 0);
	EXPECT(complete());
	EXPECT_EQ(level_at(BASE), 2);
	EXPECT_EQ(level_at(BASE + 2 * SZ_2M), 1);
	stop();
}

static void parts_of_pages_are_whole_pages(void)
{
	start(3);
	EXPECT_EQ(identity(BASE + 0x7ff, BASE + 0x800), 0);
	EXPECT_EQ(identity(BASE + 0x3fff, BASE + 0x4000), 0);
	EXPECT(complete());
	stop();
}

static void ends_at_the_width(void)
{
	LIST_HEAD(retired);
	struct vtd_pt_change change = { .retired = &retired };

	start(3);
	EXPECT_EQ(vtd_pt_identity(&pt, (1ull << 39) - SZ_4K, ~0ull, 0, &change), 0);
	EXPECT_EQ(level_at((1ull << 39) - 1), 1);
	EXPECT_EQ(vtd_pt_identity(&pt, 1ull << 39, ~0ull, 0, &change), 0);
	EXPECT_EQ(vtd_pt_identity(&pt, ~0ull, ~0ull, 0, &change), 0);
	stop();
}

static void says_when_memory_is_short(void)
{
	start(3);
	model.fail_after = 1;
	EXPECT_EQ(identity(BASE, BASE + SZ_4K - 1), (u64)-ENOMEM);
	model.fail_after = -1;
	EXPECT_EQ(identity(BASE, BASE + SZ_2M - 1), 0);
	EXPECT(complete());
	stop();
}

/* Firmware's regions in any order and overlap */
static void any_regions(void)
{
	for (u64 seed = 1; seed <= 24; seed++) {
		start(1 + seed % 3);
		model_seed(seed);
		for (unsigned int i = 0; i < 12; i++) {
			u64 page = model_random() % PAGES;
			u64 count = 1 + model_random() % (i & 1 ? 24 : 5000);

			if (model_random() & 1)
				page &= ~511ull;
			if (i == 11 && seed % 3) {
				page = 0;
				count = PAGES;
			}
			if (page + count > PAGES)
				count = PAGES - page;
			EXPECT_EQ(identity(BASE + page * SZ_4K,
					   BASE + (page + count) * SZ_4K - 1), 0);
		}
		EXPECT(complete());
		if (vtd_test_failures)
			printf("# seed %llu\n", (unsigned long long)seed);
		stop();
	}
}

VTD_TESTS("identity",
	  TEST(large_leaf_over_a_table_in_use), TEST(huge_leaf_over_tables_in_use),
	  TEST(keeps_what_is_there), TEST(parts_of_pages_are_whole_pages),
	  TEST(ends_at_the_width), TEST(says_when_memory_is_short), TEST(any_regions))

// SPDX-License-Identifier: GPL-2.0
/* Leaves one after the other, with the entries that lead to each. */
#include "vtd_test.h"

#include "model.c"
#include "pgtable/pgtable.c"
#include "pgtable/first.c"
#include "observe/leaf.c"

#define RW	(VTD_PT_READ | VTD_PT_WRITE)
#define K4	0x1000ull
#define M2	0x200000ull
#define G1	0x40000000ull

static struct vtd_pgtable pt;

static void start(unsigned int levels, unsigned int width)
{
	const struct vtd_pt_config cfg = {
		.levels = levels, .max_leaf = 3, .width = width, .coherent = true,
	};

	model_reset();
	EXPECT_EQ(vtd_pt_init(&pt, &cfg, 0), 0);
}

static void map(u64 iova, u64 phys, u64 size)
{
	LIST_HEAD(retired);
	struct vtd_pt_change change = { .retired = &retired };
	u64 mapped;

	EXPECT_EQ(vtd_pt_map(&pt, iova, phys, size, RW, 0, &mapped, &change), 0);
}

/* The entry by hand: table by table from the root, as section 3.7 has it */
static u64 entry_by_hand(u64 iova, unsigned int level)
{
	const u64 *table = pt.root;
	unsigned int at;
	u64 entry = 0;

	for (at = pt.cfg.levels; at >= level; at--) {
		entry = table[iova >> (12 + 9 * (at - 1)) & 511];
		if (at > level)
			table = vtd_mem_virt(entry & VTD_SS_ADDR);
	}
	return entry;
}

static void expect_leaf(u64 *at, unsigned int steps, u64 iova, u8 level)
{
	struct vtd_leaf leaf;
	unsigned int calls = 0;
	bool found;

	do {
		found = vtd_leaf_next(&pt, at, steps, &leaf);
	} while (!found && *at <= vtd_leaf_last(&pt) && calls++ < BIT(20));
	EXPECT(found);
	EXPECT_EQ(leaf.iova, iova);
	EXPECT_EQ(leaf.level, level);
	EXPECT_EQ(leaf.entry[0], 0);
	for (unsigned int i = 1; i <= VTD_LEAF_LEVELS; i++)
		EXPECT_EQ(leaf.entry[i], i < level || i > pt.cfg.levels ? 0 :
			  entry_by_hand(iova, i));
}

static void each_leaf_once_with_its_way(void)
{
	static const unsigned int steps[] = { 1, 2, 511, 100000 };

	for (unsigned int levels = 3; levels <= 5; levels++) {
		const unsigned int width = levels * 9 + 12;
		const u64 top = 1ull << width;

		start(levels, width);
		map(0, 0x10000, K4);
		map(3 * K4, 0x11000, 2 * K4);
		map(2 * M2, M2, 2 * M2);
		map(G1, G1, G1);
		map(top - K4, 0x5000, K4);
		for (unsigned int i = 0; i < ARRAY_SIZE(steps); i++) {
			struct vtd_leaf leaf;
			u64 at = 0;

			expect_leaf(&at, steps[i], 0, 1);
			expect_leaf(&at, steps[i], 3 * K4, 1);
			expect_leaf(&at, steps[i], 4 * K4, 1);
			expect_leaf(&at, steps[i], 2 * M2, 2);
			expect_leaf(&at, steps[i], 3 * M2, 2);
			expect_leaf(&at, steps[i], G1, 3);
			expect_leaf(&at, steps[i], top - K4, 1);
			EXPECT(!vtd_leaf_next(&pt, &at, steps[i], &leaf));
			EXPECT_EQ(at, top);
		}
		vtd_pt_exit(&pt);
	}
}

static void a_page_in_the_middle_of_a_large_one(void)
{
	u64 at = G1 + 5 * K4;

	start(4, 48);
	map(G1, G1, G1);
	expect_leaf(&at, 1, G1, 3);
	EXPECT_EQ(at, 2 * G1);
	vtd_pt_exit(&pt);
}

static void no_more_than_its_steps(void)
{
	struct vtd_leaf leaf;
	u64 at = 0;

	start(4, 48);
	map(100 * K4, 0, K4);
	EXPECT(!vtd_leaf_next(&pt, &at, 0, &leaf));
	EXPECT_EQ(at, 0);
	EXPECT(!vtd_leaf_next(&pt, &at, 100, &leaf));
	EXPECT_EQ(at, 100 * K4);
	EXPECT(vtd_leaf_next(&pt, &at, 1, &leaf));
	vtd_pt_exit(&pt);
}

VTD_TESTS("leaf",
	  TEST(each_leaf_once_with_its_way), TEST(a_page_in_the_middle_of_a_large_one),
	  TEST(no_more_than_its_steps))

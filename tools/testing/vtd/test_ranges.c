// SPDX-License-Identifier: GPL-2.0
/* The dump of page tables: every leaf once, neighbours joined, any piece size. */
#include "vtd_test.h"

#include "model.c"
#include "pgtable/pgtable.c"
#include "pgtable/first.c"
#include "observe/leaf.c"
#include "observe/ranges.c"

#define RW	(VTD_PT_READ | VTD_PT_WRITE)
#define K4	0x1000ull
#define M2	0x200000ull
#define G1	0x40000000ull
#define ROOM	64

static struct vtd_pgtable pt;
static struct vtd_range list[ROOM];

static void start(unsigned int levels, unsigned int width)
{
	const struct vtd_pt_config cfg = {
		.levels = levels, .max_leaf = 3, .width = width, .coherent = true,
	};

	model_reset();
	EXPECT_EQ(vtd_pt_init(&pt, &cfg, 0), 0);
}

static void map(u64 iova, u64 phys, u64 size, u32 prot)
{
	LIST_HEAD(retired);
	struct vtd_pt_change change = { .retired = &retired };
	u64 mapped;

	EXPECT_EQ(vtd_pt_map(&pt, iova, phys, size, prot, 0, &mapped, &change), 0);
}

/* All ranges, looking at @steps entries at a time */
static unsigned int collect(unsigned int steps)
{
	struct vtd_ranges walk;
	unsigned int n = 0, calls = 0;

	vtd_ranges_begin(&walk, &pt);
	while (!walk.done && n < ROOM - 1 && calls++ < BIT(20))
		n += vtd_ranges_next(&walk, steps, &list[n]);
	EXPECT(walk.done);
	if (walk.open.size)
		list[n++] = walk.open;
	return n;
}

static void expect_range(unsigned int i, u64 iova, u64 phys, u64 size, u32 prot, u8 level)
{
	EXPECT_EQ(list[i].iova, iova);
	EXPECT_EQ(list[i].phys, phys);
	EXPECT_EQ(list[i].size, size);
	EXPECT_EQ(list[i].prot, prot);
	EXPECT_EQ(list[i].level, level);
}

static void empty_tables_have_no_range(void)
{
	for (unsigned int levels = 3; levels <= 5; levels++) {
		start(levels, levels * 9 + 12);
		EXPECT_EQ(collect(1), 0);
		EXPECT_EQ(collect(1000), 0);
		vtd_pt_exit(&pt);
	}
}

static void check_neighbours(unsigned int levels)
{
	static const unsigned int steps[] = { 1, 2, 3, 511, 512, 100000 };
	const u64 top = 1ull << 39;

	start(levels, 39);
	map(0, 0x10000, K4, RW);			/* joined with the next */
	map(K4, 0x11000, 3 * K4, RW);
	map(4 * K4, 0x80000, K4, RW);			/* other memory */
	map(5 * K4, 0x81000, K4, VTD_PT_READ);		/* other permission */
	map(7 * K4, 0x83000, K4, VTD_PT_READ);		/* a hole before it */
	map(8 * K4, 0x84000, K4, VTD_PT_READ | VTD_PT_SNOOP);
	map(M2 - K4, 0x1ff000, K4, RW);			/* other size behind it */
	map(M2, M2, 3 * M2, RW);
	map(G1, G1, 2 * G1, RW);
	map(top - K4, 0x5000, K4, VTD_PT_WRITE);	/* the very last page */
	for (unsigned int i = 0; i < ARRAY_SIZE(steps); i++) {
		EXPECT_EQ(collect(steps[i]), 9);
		expect_range(0, 0, 0x10000, 4 * K4, RW, 1);
		expect_range(1, 4 * K4, 0x80000, K4, RW, 1);
		expect_range(2, 5 * K4, 0x81000, K4, VTD_PT_READ, 1);
		expect_range(3, 7 * K4, 0x83000, K4, VTD_PT_READ, 1);
		expect_range(4, 8 * K4, 0x84000, K4, VTD_PT_READ | VTD_PT_SNOOP, 1);
		expect_range(5, M2 - K4, 0x1ff000, K4, RW, 1);
		expect_range(6, M2, M2, 3 * M2, RW, 2);
		expect_range(7, G1, G1, 2 * G1, RW, 3);
		expect_range(8, top - K4, 0x5000, K4, VTD_PT_WRITE, 1);
	}
	vtd_pt_exit(&pt);
}

/* With three levels the address after the last one would be the first again */
static void neighbours_are_joined_and_others_are_not(void)
{
	check_neighbours(3);
	check_neighbours(4);
}

static void joins_across_tables(void)
{
	start(3, 39);
	map(M2 - 2 * K4, 0x7000, 4 * K4, RW);
	EXPECT_EQ(collect(5), 1);
	expect_range(0, M2 - 2 * K4, 0x7000, 4 * K4, RW, 1);
	vtd_pt_exit(&pt);
}

static void a_call_looks_at_no_more_than_its_steps(void)
{
	struct vtd_ranges walk;
	struct vtd_range range;

	start(4, 48);
	map(0, 0, 512 * K4 - K4, RW);
	vtd_ranges_begin(&walk, &pt);
	EXPECT(!vtd_ranges_next(&walk, 10, &range));
	EXPECT_EQ(walk.at, 10 * K4);
	EXPECT_EQ(walk.open.size, 10 * K4);
	EXPECT(!walk.done);
	EXPECT(!vtd_ranges_next(&walk, 0, &range));
	EXPECT_EQ(walk.at, 10 * K4);
	vtd_pt_exit(&pt);
}

VTD_TESTS("ranges",
	  TEST(empty_tables_have_no_range), TEST(neighbours_are_joined_and_others_are_not),
	  TEST(joins_across_tables), TEST(a_call_looks_at_no_more_than_its_steps))

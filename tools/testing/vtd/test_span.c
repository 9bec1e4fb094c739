// SPDX-License-Identifier: GPL-2.0
/* Ranges as aligned blocks, against what the definition says. */
#include "vtd_test.h"

#include "pgtable/span.c"

#define LAST	(~0ull)

static void covers_with_the_smallest_block(void)
{
	u64 addr;

	EXPECT_EQ(vtd_span_cover(0x5000, 0x5fff, &addr), 0);
	EXPECT_EQ(addr, 0x5000);
	EXPECT_EQ(vtd_span_cover(0x5abc, 0x5abc, &addr), 0);
	EXPECT_EQ(addr, 0x5000);
	EXPECT_EQ(vtd_span_cover(0x4000, 0x5fff, &addr), 1);
	EXPECT_EQ(addr, 0x4000);
	EXPECT_EQ(vtd_span_cover(0x5000, 0x6fff, &addr), 2);
	EXPECT_EQ(addr, 0x4000);
	/* two pages about a large boundary need a block of twice that size */
	EXPECT_EQ(vtd_span_cover(0x1ff000, 0x200fff, &addr), 10);
	EXPECT_EQ(addr, 0);
	EXPECT_EQ(vtd_span_cover(0x40000000, 0x7fffffff, &addr), 18);
	EXPECT_EQ(addr, 0x40000000);
	EXPECT_EQ(vtd_span_cover(1ull << 62, LAST, &addr), 52);
	EXPECT_EQ(addr, 0);
	EXPECT_EQ(vtd_span_cover(0, LAST, &addr), 52);
	EXPECT_EQ(addr, 0);
	EXPECT_EQ(vtd_span_cover(1ull << 63, LAST, &addr), 51);
	EXPECT_EQ(addr, 1ull << 63);
}

static void covers_every_small_range(void)
{
	for (u64 first = 0; first < 70; first++)
		for (u64 last = first; last < 140; last++) {
			u64 addr, size = 4096;
			u8 order = 0;

			while (((first * 4096) & ~(size - 1)) + size <= last * 4096) {
				size *= 2;
				order++;
			}
			EXPECT_EQ(vtd_span_cover(first * 4096, last * 4096 + 4095, &addr),
				  order);
			EXPECT_EQ(addr, (first * 4096) & ~(size - 1));
		}
}

/* The fewest blocks that make up pages [first, end), by trying them all */
static unsigned int fewest(u64 first, u64 end, u8 max_order)
{
	static unsigned int best[200];

	best[end] = 0;
	for (u64 page = end; page-- > first;) {
		best[page] = ~0u;
		for (u8 order = 0; order <= max_order; order++) {
			u64 size = 1ull << order;

			if (page % size || page + size > end)
				break;
			if (best[page + size] + 1 < best[page])
				best[page] = best[page + size] + 1;
		}
	}
	return best[first];
}

static void check_split(u64 first, u64 end, u8 max_order)
{
	struct vtd_span span[200];
	unsigned int count = vtd_span_split(first * 4096, end * 4096 - 1, max_order, span, 200);
	u64 page = first;

	EXPECT_EQ(count, fewest(first, end, max_order));
	for (unsigned int i = 0; i < count; i++) {
		u64 size = 1ull << span[i].order;

		EXPECT_EQ(span[i].addr, page * 4096);
		EXPECT_EQ(page % size, 0);
		EXPECT(span[i].order <= max_order);
		page += size;
	}
	EXPECT_EQ(page, end);
	EXPECT_EQ(vtd_span_split(first * 4096, end * 4096 - 1, max_order, span, count - 1), 0);
	EXPECT_EQ(vtd_span_split(first * 4096, end * 4096 - 1, max_order, span, count), count);
}

static void splits_exactly_and_no_finer(void)
{
	for (u64 first = 0; first < 40; first++)
		for (u64 end = first + 1; end < 140; end += 1 + end % 3) {
			check_split(first, end, 0);
			check_split(first, end, 3);
			check_split(first, end, 9);
		}
}

static void splits_the_ends_of_the_world(void)
{
	struct vtd_span span[2];

	EXPECT_EQ(vtd_span_split(0, LAST, 52, span, 2), 1);
	EXPECT_EQ(span[0].order, 52);
	EXPECT_EQ(vtd_span_split(0, LAST, 51, span, 2), 2);
	EXPECT_EQ(span[1].addr, 1ull << 63);
	EXPECT_EQ(vtd_span_split(LAST, LAST, 52, span, 2), 1);
	EXPECT_EQ(span[0].addr, LAST & ~4095ull);
	EXPECT_EQ(span[0].order, 0);
	EXPECT_EQ(vtd_span_split(0x1800, 0x2001, 9, span, 2), 2);
	EXPECT_EQ(span[0].addr, 0x1000);
	EXPECT_EQ(span[1].addr, 0x2000);
	/* far too many blocks: it must not take long to say so */
	EXPECT_EQ(vtd_span_split(0, LAST, 0, span, 2), 0);
	EXPECT_EQ(vtd_span_split(0, LAST, 0, NULL, 0), 0);
}

VTD_TESTS("span",
	  TEST(covers_with_the_smallest_block),
	  TEST(covers_every_small_range),
	  TEST(splits_exactly_and_no_finer),
	  TEST(splits_the_ends_of_the_world))

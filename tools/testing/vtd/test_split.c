// SPDX-License-Identifier: GPL-2.0
/* Large leaves in parts: what the device sees stays the same, at any moment. */
#include "vtd_test.h"

#include "model.c"
#include "pgtable/pgtable.c"
#include "pgtable/first.c"
#include "pgtable/split.c"
#include "pgtable_oracle.h"

#define RW	(VTD_PT_READ | VTD_PT_WRITE)
#define K4	0x1000ull
#define M2	0x200000ull
#define G1	0x40000000ull

/* What a split does to the array; returns how much around @at was one leaf */
static u64 o_split(u64 at)
{
	u64 value = *o_at(o_now, at), size = 0, first, span;
	unsigned int level;

	for (level = O_LEVEL(value); level > 1 && (at & (o_span(level) - 1)); level--) {
		span = o_span(level);
		first = at & ~(span - 1);
		size = size ?: span;
		for (u64 i = first; i < first + span; i += K4)
			*o_at(o_now, i) -= 1ull << 56;
	}
	return size;
}

static bool o_try_split(u64 at)
{
	u64 want, size = ~0ull;
	int ret;

	o_begin(at & ~(G1 - 1), G1);
	want = o_split(at);
	ret = vtd_pt_split(&o_pt, at, 0, &size);
	model_invalidate();
	if (ret || size != want)
		printf("# split at 0x%llx: %d, 0x%llx not 0x%llx\n", LL(at), ret, LL(size),
		       LL(want));
	return !ret && size == want && o_lookup_agrees(at) && o_lookup_agrees(at - 1) &&
	       o_settled();
}

static void start(bool coherent, u8 max_leaf)
{
	const struct vtd_pt_config cfg = {
		.levels = 4, .max_leaf = max_leaf, .width = 48, .coherent = coherent,
	};

	EXPECT(o_start(&cfg, 8 * G1));
}

/* The entry as mapping a small page would have made it */
static bool small_as_mapped(u64 iova, u64 phys, u64 bits)
{
	unsigned int shift = 12;
	u64 value;

	pt_walk(&vtd_pt_second_stage, &o_pt, iova, &shift, &value, NULL);
	return shift == 12 && value == (phys | bits);
}

static u32 entry_at(u64 iova)
{
	struct vtd_pt_leaf leaf;

	return vtd_pt_lookup(&o_pt, iova, &leaf) ? leaf.prot | leaf.level << 8 : 0;
}

/* From one page of 1 GiB to pages of 4 KiB around the address, permissions and all */
static void down_to_the_last_level(void)
{
	for (int coherent = 0; coherent < 2; coherent++) {
		u32 prot = coherent ? VTD_PT_READ : RW | VTD_PT_SNOOP;
		u64 at = 9 * G1 + 3 * M2 + 5 * K4;

		start(coherent, 3);
		model.snoop_control = true;
		EXPECT(o_try_map(9 * G1, 20 * G1, G1, prot));
		EXPECT_EQ(entry_at(at), prot | 3 << 8);
		EXPECT(o_try_split(at));
		EXPECT_EQ(entry_at(at), prot | 1 << 8);
		EXPECT(small_as_mapped(at, at + 11 * G1, coherent ? VTD_SS_R :
				       VTD_SS_R | VTD_SS_W | VTD_SS_SNP));
		EXPECT_EQ(entry_at(at - K4), prot | 1 << 8);
		EXPECT_EQ(entry_at(at + M2), prot | 2 << 8);
		/* And now one side goes without the other */
		EXPECT(o_try_unmap(at, 10 * G1 - at));
		EXPECT_EQ(entry_at(at), 0);
		EXPECT_EQ(entry_at(at - K4), prot | 1 << 8);
		EXPECT(o_stop());
	}
}

/* Holes, small pages, and leaves that begin there are left alone */
static void nothing_to_split(void)
{
	u64 before;

	start(false, 3);
	EXPECT(o_try_map(9 * G1, 20 * G1, M2 + 3 * K4, RW));
	before = model.live;
	EXPECT(o_try_split(9 * G1));
	EXPECT(o_try_split(9 * G1 + M2));
	EXPECT(o_try_split(9 * G1 + M2 + K4));
	EXPECT(o_try_split(10 * G1 + K4));
	EXPECT_EQ(model.live, before);
	EXPECT(o_stop());
}

/* Without memory for the second table the first one has been put in: both are told */
static void no_memory(void)
{
	u64 at = 9 * G1 + 3 * M2 + 5 * K4, size;

	for (int tables = 0; tables < 2; tables++) {
		start(false, 3);
		EXPECT(o_try_map(9 * G1, 20 * G1, G1, RW));
		model.fail_after = tables;
		EXPECT_EQ(vtd_pt_split(&o_pt, at, 0, &size), -ENOMEM);
		EXPECT_EQ(size, tables ? G1 : 0);
		EXPECT_EQ(entry_at(at), RW | (3 - tables) << 8);
		model.fail_after = -1;
		model_invalidate();
		EXPECT(o_stop());
	}
}

/* Any parts of any pages, with the device looking on */
static void random_parts(void)
{
	bool good = true;

	for (unsigned int round = 0; round < 40 && good; round++) {
		start(round & 1, 2 + round % 2);
		for (unsigned int i = 0; i < 40 && good; i++) {
			u64 at = 8 * G1 + model_random() % 2048 * M2;
			u64 from = at + model_random() % 512 * K4;
			u64 to = from + (1 + model_random() % 1024) * K4;

			if (to >= 12 * G1)
				continue;
			if (model_random() % 4 == 0)
				good = o_try_map(at & ~(G1 - 1), 20 * G1, G1, RW);
			else
				good = o_try_split(from) && o_try_split(to) &&
				       o_try_unmap(from, to - from);
		}
		EXPECT(good);
		EXPECT(o_stop());
	}
}

static u64 race_at;

static void written_now(void)
{
	unsigned int shift = 12;
	u64 value, *entry = pt_walk(&vtd_pt_second_stage, &o_pt, race_at, &shift, &value, NULL);

	/* A and D of section 9.8 */
	vtd_mem_store(entry, value | 0x300);
}

/* The unit says that it was written, just before it becomes a table: so says each part */
static void written_meanwhile(void)
{
	u64 at = 9 * G1 + 3 * M2, size;

	start(true, 3);
	EXPECT(o_try_map(9 * G1, 20 * G1, G1, RW));
	race_at = at;
	model.before_exchange = written_now;
	EXPECT_EQ(vtd_pt_split(&o_pt, at, 0, &size), 0);
	EXPECT_EQ(size, G1);
	for (u64 i = 0; i < G1; i += M2) {
		unsigned int shift = 12;
		u64 value;

		pt_walk(&vtd_pt_second_stage, &o_pt, 9 * G1 + i, &shift, &value, NULL);
		EXPECT(shift == 21 && value == (20 * G1 + i) + 0x383);
	}
	EXPECT(o_stop());
}

VTD_TESTS("split",
	  TEST(written_meanwhile),
	  TEST(down_to_the_last_level), TEST(nothing_to_split), TEST(no_memory),
	  TEST(random_parts))

// SPDX-License-Identifier: GPL-2.0
/*
 * What a crash kernel takes over, and what not: the header of the dump, and entries
 * of legacy mode with one kind of nonsense at a time, then with any.
 */
#include <linux/kernel.h>
#include <linux/types.h>

#include "vtd_test.h"

#include "context/legacy.c"
#include "context/proof.c"
#include "unit/old_ranges.c"

/* The kernel before has 64 pages from 1 MiB on; 16 in the middle are this kernel's */
#define OLD		0x100000ull
#define PAGES		64u
#define OURS		(OLD + 32 * VTD_PAGE_SIZE)
#define OURS_PAGES	16u
#define AT(n)		(OLD + (n) * VTD_PAGE_SIZE)

static u64 memory[PAGES][VTD_TABLE_ENTRIES];
static unsigned int reads;
static bool broken;

static bool read_page(u64 page, void *to)
{
	EXPECT(page >= OLD && page < OLD + sizeof(memory) && !(page & (VTD_PAGE_SIZE - 1)));
	EXPECT(page < OURS || page >= OURS + OURS_PAGES * VTD_PAGE_SIZE);
	if (broken || vtd_test_failures)
		return false;
	reads++;
	memcpy(to, memory[(page - OLD) / VTD_PAGE_SIZE], VTD_PAGE_SIZE);
	return true;
}

static struct vtd_range old[] = { { OLD, OLD + sizeof(memory) - 1 } };
static struct vtd_range ours[] = { { OURS, OURS + OURS_PAGES * VTD_PAGE_SIZE - 1 } };
static const struct vtd_old_memory all = {
	.old = old, .old_count = 1, .ours = ours, .ours_count = 1, .read = read_page,
};

static struct vtd_caps caps;
static struct vtd_proof proof;
static u64 known[65536];
static u64 pages[VTD_PROOF_LEVELS][VTD_TABLE_ENTRIES];

/* A mapping of 3 levels: tables in pages 1, 2 and 3, one leaf at 0x5000 */
static void begin(void)
{
	memset(memory, 0, sizeof(memory));
	memset(known, 0, sizeof(known));
	caps = (struct vtd_caps) {
		.levels = 1 << 3 | 1 << 4 | 1 << 5, .domain_ids = 256, .pass_through = true,
		.dev_tlb = true,
	};
	proof = (struct vtd_proof) {
		.caps = &caps, .memory = &all, .budget = VTD_PROOF_TABLES, .known = known,
	};
	for (unsigned int i = 0; i < VTD_PROOF_LEVELS; i++)
		proof.page[i] = pages[i];
	memory[1][0] = AT(2) | VTD_SS_R | VTD_SS_W;
	memory[2][0] = AT(3) | VTD_SS_R | VTD_SS_W;
	memory[3][5] = AT(9) | VTD_SS_R | VTD_SS_W;
	broken = false;
	reads = 0;
}

static u64 lo = 0x101001, hi = 0x2a01;	/* tables in page 1, id 0x2a, 3 levels */

static const char *judge(u64 low, u64 high)
{
	const u64 word[] = { low, high };
	struct vtd_image image;

	return vtd_proof_context(&proof, word, &image);
}

#define REFUSED(low, high, words) do {			\
	const char *why_ = judge(low, high);		\
	EXPECT_STR(why_ ?: "taken", words);		\
} while (0)

static void sound_entries_are_taken(void)
{
	const u64 word[] = { lo, hi };
	struct vtd_image image;

	begin();
	EXPECT(!vtd_proof_context(&proof, word, &image));
	EXPECT_EQ(image.kind, VTD_IMAGE_WALK);
	EXPECT_EQ(image.tables, AT(1));
	EXPECT_EQ(image.levels, 3);
	EXPECT_EQ(image.did, 0x2a);
	EXPECT_EQ(reads, 3);
	/* The same once more costs nothing, whoever has it */
	EXPECT(!judge(lo, hi));
	EXPECT(!judge(lo | VTD_CTX_LO_FPD, hi | 0x78));
	EXPECT_EQ(reads, 3);
	/* with a device TLB; passing through; empty tables */
	EXPECT(!judge(lo | 4, hi));
	EXPECT(!judge(9, 0x2b02));
	EXPECT(!judge(9, 0x2b02));
	EXPECT(!judge(AT(20) | 1, 0x2c03));
}

static void words_that_make_no_sense(void)
{
	begin();
	for (unsigned int bit = 4; bit < 12; bit++)
		REFUSED(lo | BIT_ULL(bit), hi, "reserved bits are set");
	for (unsigned int bit = 24; bit < 64; bit++)
		REFUSED(lo, hi | BIT_ULL(bit), "reserved bits are set");
	REFUSED(lo, hi | BIT_ULL(7), "reserved bits are set");
	REFUSED(lo | 0xc, hi, "its type does not exist");
	for (u64 aw = 0; aw < 8; aw++)
		if (aw < 1 || aw > 3)
			REFUSED(lo, (hi & ~7ull) | aw, "the unit does not have its address width");
	caps.levels = 1 << 4;
	REFUSED(lo, hi, "the unit does not have its address width");
	REFUSED(9, 0x2b01, "the unit does not have its address width");
	begin();
	caps.domain_ids = 0x2a;
	REFUSED(lo, hi, "the unit does not have its domain id");
	caps.caching_mode = true;
	REFUSED(lo, 1, "the unit does not have its domain id");
	caps.caching_mode = false;
	EXPECT(!judge(lo, 1));
	begin();
	caps.pass_through = false;
	caps.dev_tlb = false;
	REFUSED(9, 0x2b02, "the unit cannot pass requests through");
	REFUSED(lo | 4, hi, "the unit has no device TLBs");
	EXPECT_EQ(reads, 0);
}

static void an_id_stands_for_one_thing(void)
{
	begin();
	EXPECT(!judge(lo, hi));
	memory[4][0] = 0;
	REFUSED(AT(4) | 1, hi, "its domain id stands for something else already");
	REFUSED(lo, hi + 1, "its domain id stands for something else already");
	REFUSED(9, hi, "its domain id stands for something else already");
	EXPECT(!judge(9, 0x2b02));
	REFUSED(lo, 0x2b01, "its domain id stands for something else already");
	/* What was refused stands for nothing */
	begin();
	memory[3][5] = OURS | VTD_SS_R;
	EXPECT(judge(lo, hi));
	EXPECT(!judge(AT(20) | 1, hi));
}

static void tables_that_lead_elsewhere(void)
{
	static const struct {
		u64 at;
		const char *words;
	} bad[] = {
		{ OURS, "a table is in this kernel's memory" },
		{ OURS + (OURS_PAGES - 1) * VTD_PAGE_SIZE, "a table is in this kernel's memory" },
		{ OLD - VTD_PAGE_SIZE, "a table is not in memory of the kernel before" },
		{ OLD + sizeof(memory), "a table is not in memory of the kernel before" },
		{ 0, "a table is not in memory of the kernel before" },
		{ 0xfee00000, "a table is not in memory of the kernel before" },
		{ 0xffffffffff000, "a table is not in memory of the kernel before" },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		begin();
		REFUSED(bad[i].at | 1, hi, bad[i].words);
		for (unsigned int level = 1; level < 3; level++) {
			begin();
			memory[level][511] = bad[i].at | VTD_SS_W;
			REFUSED(lo, hi, bad[i].words);
		}
	}
	begin();
	EXPECT_STR(vtd_old_page(&all, AT(1) + 8, pages[0]), "a table is at no page");
	REFUSED(0xfffffffffffff001ull, hi, "a table is not in memory of the kernel before");
	broken = true;
	REFUSED(lo, hi, "a table cannot be read");
}

static void pages_that_are_ours(void)
{
	u64 own = OURS >> VTD_PAGE_SHIFT;

	begin();
	memory[3][6] = OURS | VTD_SS_R;
	REFUSED(lo, hi, "a page is this kernel's memory");
	/* Not there, whatever else it says */
	memory[3][6] = OURS;
	EXPECT(!judge(lo, hi));
	/* Under its own address: nobody can tell it from pass-through */
	begin();
	memory[3][own] = OURS | VTD_SS_W;
	EXPECT(!judge(lo, hi));
	/* Large pages, with ours somewhere in them */
	begin();
	memory[2][3] = VTD_SS_PS | VTD_SS_R;
	REFUSED(lo, hi, "a page is this kernel's memory");
	begin();
	memory[2][0] = VTD_SS_PS | VTD_SS_R;
	EXPECT(!judge(lo, hi));
	begin();
	memory[1][3] = VTD_SS_PS | VTD_SS_R;
	REFUSED(lo, hi, "a page is this kernel's memory");
	/* Devices and reserved regions are no memory of ours */
	begin();
	memory[3][7] = 0xfe000000ull | VTD_SS_W;
	EXPECT(!judge(lo, hi));
	memory[2][7] = 0xfe001000ull | VTD_SS_PS | VTD_SS_W;
	REFUSED(lo, 0x3001, "a page is larger than pages are");
	begin();
	memory[1][0] = VTD_SS_PS | VTD_SS_W;
	REFUSED(lo, (hi & ~7ull) | 2, "a page is larger than pages are");
}

/* A table that leads to itself has no end but the levels' and the budget's */
static void tables_in_a_circle(void)
{
	begin();
	proof.budget = 4000;
	for (unsigned int i = 0; i < VTD_TABLE_ENTRIES; i++)
		memory[1][i] = AT(1) | VTD_SS_R | VTD_SS_W;
	REFUSED(lo, (hi & ~7ull) | 3, "there are more tables than are looked at");
	EXPECT_EQ(reads, 4000);
	REFUSED(lo, hi, "there are more tables than are looked at");
	EXPECT_EQ(reads, 4000);
}

static void roots(void)
{
	struct vtd_root_entry entry = { AT(1) | 1, 0 };

	EXPECT(!vtd_proof_root(&entry));
	for (unsigned int bit = 1; bit < 12; bit++) {
		entry.lo = AT(1) | 1 | BIT_ULL(bit);
		EXPECT_STR(vtd_proof_root(&entry), "reserved bits are set");
	}
	entry.lo = AT(1) | 1;
	entry.hi = 1;
	EXPECT_STR(vtd_proof_root(&entry), "reserved bits are set");
}

static u64 seed = 1;

static u64 any(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* Where some of it makes sense, so that walks get somewhere */
static u64 any_word(void)
{
	switch (any() % 8) {
	case 0:
		return any();
	case 1:
		return OURS + any() % (OURS_PAGES * VTD_PAGE_SIZE);
	case 2:
		return 0;
	default:
		return AT(any() % PAGES) | (any() & 0x83);
	}
}

static bool reaches_ours(u64 table, unsigned int level, u64 iova, unsigned int *left)
{
	for (unsigned int i = 0; i < VTD_TABLE_ENTRIES; i++) {
		u64 e = memory[(table - OLD) / VTD_PAGE_SIZE][i], at = e & 0xffffffffff000ull;
		u64 size = 1ull << (12 + 9 * (level - 1)), va = iova + i * size;

		if (!(e & 3) || !*left)
			continue;
		--*left;
		if (level == 1 || e & 0x80) {
			if (at != va && at < OURS + OURS_PAGES * 4096 && at + size > OURS)
				return true;
		} else if (reaches_ours(at, level - 1, va, left)) {
			return true;
		}
	}
	return false;
}

/* Whatever stands there: nothing outside is read, and what is taken leads to nothing of ours */
static void any_tables(void)
{
	unsigned int taken = 0, left;

	for (unsigned int round = 0; round < 3000 && !vtd_test_failures; round++) {
		u64 low, high = any() % 4 ? 0x100 * (1 + any() % 200) + 1 + any() % 3 : any();

		begin();
		proof.budget = 3000;
		for (unsigned int i = 0; i < PAGES; i++)
			for (u64 n = any() % 3; n--;)
				memory[i][any() % VTD_TABLE_ENTRIES] = any_word();
		low = any() % 8 ? AT(any() % PAGES) | 1 : any() | 1;
		if (judge(low, high) || (low & 0xc) == 8)
			continue;
		taken++;
		left = 1 << 20;
		EXPECT(!reaches_ours(low & ~0xfffull, (high & 7) + 2, 0, &left));
	}
	EXPECT(taken > 100);
}

static void put(u8 *at, u64 value, unsigned int size)
{
	for (; size--; value >>= 8)
		*at++ = value;
}

static void make_header(u8 *h, u64 table, u64 bytes, u64 count)
{
	memset(h, 0, 64);
	memcpy(h, "\177ELF\002", 5);
	put(h + 32, table, 8);
	put(h + 54, bytes, 2);
	put(h + 56, count, 2);
}

static void headers(void)
{
	u8 *h = malloc(64);
	size_t at, bytes;

	make_header(h, 64, 56, 5);
	EXPECT_EQ(vtd_old_segments(h, 64, &at, &bytes), 5);
	EXPECT_EQ(at, 64);
	EXPECT_EQ(bytes, 280);
	EXPECT_EQ(vtd_old_segments(h, 63, &at, &bytes), -EINVAL);
	for (unsigned int i = 0; i < 5; i++) {
		make_header(h, 64, 56, 5);
		h[i] ^= 1;
		EXPECT_EQ(vtd_old_segments(h, 64, &at, &bytes), -EINVAL);
	}
	make_header(h, 63, 56, 5);
	EXPECT_EQ(vtd_old_segments(h, 64, &at, &bytes), -EINVAL);
	make_header(h, ~0ull, 56, 5);
	EXPECT_EQ(vtd_old_segments(h, 64, &at, &bytes), -EINVAL);
	make_header(h, 64, 32, 5);
	EXPECT_EQ(vtd_old_segments(h, 64, &at, &bytes), -EINVAL);
	make_header(h, 64, 56, 0);
	EXPECT_EQ(vtd_old_segments(h, 64, &at, &bytes), -EINVAL);
	make_header(h, 64, 56, 0xffff);
	EXPECT_EQ(vtd_old_segments(h, 64, &at, &bytes), -EINVAL);
	free(h);
}

static void make_segment(u8 *s, u32 type, u64 offset, u64 paddr, u64 size)
{
	memset(s, 0, 56);
	put(s, type, 4);
	put(s + 8, offset, 8);
	put(s + 24, paddr, 8);
	put(s + 40, size, 8);
}

static void segments(void)
{
	u8 *s = malloc(7 * 56);
	struct vtd_range range[7];

	make_segment(s, 4, 0, 0, 100);				/* notes */
	make_segment(s + 56, 1, 0x100000, 0x100000, 0x1000);
	make_segment(s + 112, 1, 0x77000, 0, 0xa0000);		/* kept elsewhere */
	make_segment(s + 168, 1, 0x5000, 0x5000, 0);
	make_segment(s + 224, 1, 0x5000, 0x5000, ~0ull);	/* round the end */
	make_segment(s + 280, 1, 0x5000, 0x5000, 1);
	make_segment(s + 336, 1, ~0ull, ~0ull, 1);
	EXPECT_EQ(vtd_old_ranges(s, 7, range), 3);
	EXPECT_EQ(range[0].first, 0x100000);
	EXPECT_EQ(range[0].last, 0x100fff);
	EXPECT_EQ(range[1].last, 0x5000);
	EXPECT_EQ(range[2].last, ~0ull);
	free(s);
}

VTD_TESTS("proof", TEST(sound_entries_are_taken), TEST(words_that_make_no_sense),
	  TEST(an_id_stands_for_one_thing), TEST(tables_that_lead_elsewhere),
	  TEST(pages_that_are_ours), TEST(tables_in_a_circle), TEST(roots), TEST(any_tables),
	  TEST(headers), TEST(segments))

// SPDX-License-Identifier: GPL-2.0
/*
 * A unit that sets accessed and dirty bits (section 3.7.2) at any moment: what is
 * reported, what is taken away, and that the engine goes on among bits it did not set.
 */
#include "vtd_test.h"

#include "model.c"
#include "pgtable/pgtable.c"
#include "pgtable/first.c"

#define RW	(VTD_PT_READ | VTD_PT_WRITE)
#define SZ_4K	0x1000ull
#define SZ_2M	0x200000ull
#define SZ_1G	0x40000000ull

/* Numbers of the specification, not of the driver's headers */
#define A	0x100ull
#define D	0x200ull

static const struct vtd_pt_config config = {
	.levels = 4, .max_leaf = 3, .width = 48, .coherent = true,
};

static struct vtd_pgtable pt;
static struct { u64 iova, size; } seen[1024];
static unsigned int seen_count;

static void start(void)
{
	model_reset();
	model.coherent = true;
	EXPECT_EQ(vtd_pt_init(&pt, &config, 0), 0);
}

static void map(u64 iova, u64 phys, u64 size)
{
	LIST_HEAD(retired);
	struct vtd_pt_change change = { .retired = &retired };
	u64 mapped;

	EXPECT_EQ(vtd_pt_map(&pt, iova, phys, size, RW, 0, &mapped, &change), 0);
	EXPECT_EQ(mapped, size);
	vtd_mem_free_retired(&retired);
}

static u64 unmap(u64 iova, u64 size)
{
	LIST_HEAD(retired);
	struct vtd_pt_change change = { .retired = &retired };
	u64 done = vtd_pt_unmap(&pt, iova, size, &change);

	vtd_mem_free_retired(&retired);
	return done;
}

/* As hardware: A on the way and in the leaf, D in the leaf of a write */
static u64 *device(u64 iova, bool write)
{
	u64 *table = pt.root, *entry;

	for (unsigned int shift = 39;; shift -= 9) {
		entry = &table[iova >> shift & 511];
		if (!(*entry & 3))
			return NULL;
		if (shift == 12 || *entry & 0x80) {
			vtd_mem_store(entry, *entry | A | (write ? D : 0));
			return entry;
		}
		vtd_mem_store(entry, *entry | A);
		table = vtd_mem_virt(*entry & GENMASK_ULL(51, 12));
	}
}

static void report(void *data, u64 iova, u64 size)
{
	seen[seen_count].iova = iova;
	seen[seen_count++].size = size;
}

static unsigned int look(u64 iova, u64 size, bool clear)
{
	seen_count = 0;
	vtd_pt_dirty(&pt, iova, size, clear, report, NULL);
	return seen_count;
}

static void each_leaf_size(void)
{
	start();
	map(SZ_1G, SZ_1G, SZ_1G);
	map(2 * SZ_1G + SZ_2M, SZ_2M, SZ_2M);
	map(2 * SZ_1G + 3 * SZ_2M, SZ_1G + SZ_4K, 4 * SZ_4K);
	EXPECT_EQ(look(0, 4 * SZ_1G, true), 0);

	device(SZ_1G + 0x12345000, true);
	device(2 * SZ_1G + SZ_2M + 0x1000, true);
	device(2 * SZ_1G + 3 * SZ_2M + 2 * SZ_4K, true);
	device(2 * SZ_1G + 3 * SZ_2M, false);
	for (unsigned int round = 0; round < 2; round++) {
		/* To look takes nothing away */
		EXPECT_EQ(look(0, 4 * SZ_1G, round), 3);
		EXPECT_EQ(seen[0].iova, SZ_1G);
		EXPECT_EQ(seen[0].size, SZ_1G);
		EXPECT_EQ(seen[1].iova, 2 * SZ_1G + SZ_2M);
		EXPECT_EQ(seen[1].size, SZ_2M);
		EXPECT_EQ(seen[2].iova, 2 * SZ_1G + 3 * SZ_2M + 2 * SZ_4K);
		EXPECT_EQ(seen[2].size, SZ_4K);
	}
	EXPECT_EQ(look(0, 4 * SZ_1G, true), 0);
	/* What is left is as it was mapped, and used */
	EXPECT_EQ(*device(SZ_1G, false), SZ_1G | A | 0x83);
	vtd_pt_exit(&pt);
}

/* The range counts, to the page, across tables and over holes */
static void range(void)
{
	start();
	for (u64 i = 0; i < 1030; i++)
		if (i % 3)
			map(i * SZ_4K, (i + 7) * SZ_4K, SZ_4K);
	for (u64 i = 0; i < 1030; i++)
		device(i * SZ_4K, i % 5 == 0);
	for (u64 first = 500; first < 515; first++)
		for (u64 last = first; last < first + 530; last += 17) {
			u64 size = (last - first + 1) * SZ_4K;
			unsigned int want = 0, n = look(first * SZ_4K, size, false);

			for (u64 i = first; i <= last && i < 1030; i++)
				if (i % 3 && i % 5 == 0)
					EXPECT_EQ(seen[want++].iova, i * SZ_4K);
			EXPECT_EQ(n, want);
		}
	/* Taken away in there, and nowhere else */
	look(512 * SZ_4K, 20 * SZ_4K, true);
	EXPECT_EQ(look(512 * SZ_4K, 20 * SZ_4K, false), 0);
	EXPECT(look(0, 512 * SZ_4K, false) && look(532 * SZ_4K, 498 * SZ_4K, false));
	vtd_pt_exit(&pt);
}

/* Asked for in parts that begin and end inside a leaf: told to each, lost to none */
static void parts(void)
{
	static const u64 leaf[] = { SZ_2M, SZ_1G };

	for (unsigned int n = 0; n < 2; n++) {
		u64 size = leaf[n], part = size / 4, at = 2 * size;

		start();
		map(at, at, size);
		map(at + size, at + size, SZ_4K);
		device(at + part + 0x5000, true);
		device(at + size, true);
		for (unsigned int i = 0; i < 4; i++) {
			EXPECT_EQ(look(at + i * part, part, true), 1);
			EXPECT_EQ(seen[0].iova, at + i * part);
			EXPECT_EQ(seen[0].size, part);
		}
		/* Its end and the page behind it */
		EXPECT_EQ(look(at + 3 * part, part + SZ_4K, true), 2);
		EXPECT_EQ(seen[0].iova, at + 3 * part);
		EXPECT_EQ(seen[0].size, part);
		EXPECT_EQ(seen[1].iova, at + size);
		/* What lies before it, and its beginning */
		EXPECT_EQ(look(at - SZ_4K, part, true), 1);
		EXPECT_EQ(seen[0].iova, at);
		EXPECT_EQ(seen[0].size, part - SZ_4K);
		/* Only who asks for all of it takes the bit away */
		EXPECT_EQ(look(at, size, true), 1);
		EXPECT_EQ(seen[0].size, size);
		EXPECT_EQ(look(0, 4 * size, true), 0);
		vtd_pt_exit(&pt);
	}
}

static u64 race_iova;

static void write_now(void)
{
	device(race_iova, true);
}

/* The device writes between the look and the taking away: never lost */
static void race(void)
{
	start();
	map(SZ_2M, SZ_2M, 2 * SZ_4K);
	device(SZ_2M, true);
	race_iova = SZ_2M;
	model.before_exchange = write_now;
	EXPECT_EQ(look(SZ_2M, SZ_4K, true), 1);
	/* And a page that is written just before it is looked at, with another at work */
	device(SZ_2M, true);
	race_iova = SZ_2M + SZ_4K;
	model.before_exchange = write_now;
	EXPECT_EQ(look(SZ_2M, 2 * SZ_4K, true), 2);
	EXPECT_EQ(look(SZ_2M, 2 * SZ_4K, true), 0);
	vtd_pt_exit(&pt);
}

/* Links with A: map beside, look up, unmap, free */
static void among_bits(void)
{
	struct vtd_pt_leaf leaf;

	start();
	map(SZ_2M, SZ_2M + SZ_4K, SZ_4K);
	device(SZ_2M, true);
	map(SZ_2M + SZ_4K, SZ_2M, SZ_4K);
	map(SZ_1G, SZ_1G, SZ_2M);
	EXPECT(vtd_pt_lookup(&pt, SZ_2M + 0x123, &leaf));
	EXPECT_EQ(leaf.phys, SZ_2M + SZ_4K + 0x123);
	EXPECT_EQ(leaf.prot, RW);
	EXPECT_EQ(unmap(SZ_2M, 2 * SZ_4K), 2 * SZ_4K);
	EXPECT(!vtd_pt_lookup(&pt, SZ_2M, &leaf));
	/* A large page takes the place of a table that the unit has used */
	map(SZ_2M, SZ_2M, SZ_2M);
	EXPECT_EQ(look(SZ_2M, SZ_2M, true), 0);
	EXPECT_EQ(unmap(0, 2 * SZ_1G) >= SZ_1G, 1);
	vtd_pt_exit(&pt);
	EXPECT_EQ(model.live, 0);
}

VTD_TESTS("dirty", TEST(each_leaf_size), TEST(range), TEST(parts), TEST(race), TEST(among_bits))

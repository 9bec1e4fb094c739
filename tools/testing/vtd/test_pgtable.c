// SPDX-License-Identifier: GPL-2.0
/*
 * The page-table engine against a plain array and against the model: after
 * each store and flush the device may see only what was there before the call
 * or what shall be there after it.
 */
#include "vtd_test.h"

#include "model.c"
#include "pgtable/pgtable.c"
#include "pgtable/first.c"
#include "pgtable_oracle.h"

#define RW	(VTD_PT_READ | VTD_PT_WRITE)
#define SZ_4K	0x1000ull
#define SZ_2M	0x200000ull
#define SZ_1G	0x40000000ull

static const struct vtd_pt_config plain = {
	.levels = 4, .max_leaf = 3, .width = 48, .coherent = false,
};

static const struct vtd_pt_config small_pages = {
	.levels = 4, .max_leaf = 1, .width = 48, .coherent = false,
};

static unsigned int level_at(u64 iova)
{
	struct vtd_pt_leaf leaf;

	return vtd_pt_lookup(&o_pt, iova, &leaf) ? leaf.level : 0;
}

static void refuses_impossible_shapes(void)
{
	static const struct vtd_pt_config bad[] = {
		{ .levels = 2, .max_leaf = 1, .width = 30 },
		{ .levels = 6, .max_leaf = 1, .width = 57 },
		{ .levels = 4, .max_leaf = 0, .width = 48 },
		{ .levels = 4, .max_leaf = 4, .width = 48 },
		{ .levels = 3, .max_leaf = 1, .width = 40 },
		{ .levels = 5, .max_leaf = 1, .width = 58 },
		{ .levels = 4, .max_leaf = 1, .width = 12 },
		{ .levels = 3, .max_leaf = 1, .width = 39, .first_stage = true },
	};
	struct vtd_pgtable pt;

	model_reset();
	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_EQ(vtd_pt_init(&pt, &bad[i], 0), (u64)-EINVAL);
	model.fail_after = 0;
	EXPECT_EQ(vtd_pt_init(&pt, &plain, 0), (u64)-ENOMEM);
	EXPECT_EQ(model.live, 0);
}

static void refuses_bad_arguments(void)
{
	LIST_HEAD(retired);
	struct vtd_pt_change change = { .retired = &retired };
	static const struct {
		u64 iova, phys, size;
		u32 prot;
		int ret;
	} bad[] = {
		{ 0x1000, 0x1000, 0x1000, 0, -EINVAL },
		{ 0x1000, 0x1000, 0x1000, VTD_PT_SNOOP, -EINVAL },
		{ 0x1000, 0x1000, 0x1000, 8 | RW, -EINVAL },
		{ 0x1000, 0x1000, 0, RW, -EINVAL },
		{ 0x1001, 0x1000, 0x1000, RW, -EINVAL },
		{ 0x1000, 0x1800, 0x1000, RW, -EINVAL },
		{ 0x1000, 0x1000, 0x1800, RW, -EINVAL },
		{ 1ull << 48, 0x1000, 0x1000, RW, -ERANGE },
		{ (1ull << 48) - 0x1000, 0x1000, 0x2000, RW, -ERANGE },
		{ 0x1000, 0x1000, 1ull << 48, RW, -ERANGE },
		{ 0x1000, 0x1000, -0x1000ull, RW, -ERANGE },
		{ 0x2000, 0x1000, -0x1000ull, RW, -ERANGE },
		{ 0x1000, 1ull << 52, 0x1000, RW, -ERANGE },
		{ 0x1000, (1ull << 52) - 0x1000, 0x2000, RW, -ERANGE },
		{ 0x1000, -0x1000ull, 0x2000, RW, -ERANGE },
	};

	EXPECT(o_start(&plain, 0));
	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		u64 mapped = 1;

		EXPECT_EQ(vtd_pt_map(&o_pt, bad[i].iova, bad[i].phys, bad[i].size,
				     bad[i].prot, 0, &mapped, &change), (u64)bad[i].ret);
		EXPECT_EQ(mapped, 0);
	}
	EXPECT_EQ(vtd_pt_unmap(&o_pt, 1ull << 48, SZ_4K, &change), 0);
	EXPECT_EQ(vtd_pt_unmap(&o_pt, 0x1001, SZ_4K, &change), 0);
	EXPECT_EQ(vtd_pt_unmap(&o_pt, 0x1000, 0, &change), 0);
	EXPECT_EQ(vtd_pt_unmap(&o_pt, 0x1000, -0x1000ull, &change), 0);
	EXPECT_EQ(level_at(1ull << 48), 0);
	EXPECT_EQ(level_at(~0ull), 0);
	EXPECT(!change.tables_freed && list_empty(&retired));
	EXPECT_EQ(model.live, 3);	/* its root table, and the model's own two */
	EXPECT(o_stop());
}

static void chooses_the_largest_leaf(void)
{
	EXPECT(o_start(&plain, 0));
	/* 4K up to 2M, 2M up to 1G, 1G, and down again */
	EXPECT(o_try_map(SZ_1G - SZ_2M - SZ_4K, 3 * SZ_1G - SZ_2M - SZ_4K,
			 SZ_4K + SZ_2M + SZ_1G + SZ_2M + SZ_4K, RW | VTD_PT_SNOOP));
	EXPECT_EQ(level_at(SZ_1G - SZ_2M - 1), 1);
	EXPECT_EQ(level_at(SZ_1G - 1), 2);
	EXPECT_EQ(level_at(SZ_1G), 3);
	EXPECT_EQ(level_at(2 * SZ_1G), 2);
	EXPECT_EQ(level_at(2 * SZ_1G + SZ_2M), 1);
	EXPECT_EQ(model.live, 3 + 1 + 2 + 2);
	/* the two addresses must agree */
	EXPECT(o_try_map(3 * SZ_1G, 5 * SZ_1G + SZ_2M, SZ_1G / 2, RW));
	EXPECT_EQ(level_at(3 * SZ_1G), 2);
	EXPECT(o_try_map(3 * SZ_1G + SZ_1G / 2, 6 * SZ_1G + SZ_4K, SZ_2M, RW));
	EXPECT_EQ(level_at(3 * SZ_1G + SZ_1G / 2), 1);
	EXPECT(o_stop());
}

static void keeps_permissions_apart(void)
{
	EXPECT(o_start(&plain, 0));
	for (u32 prot = 1; prot < 8; prot++) {
		if (!(prot & RW))
			continue;
		EXPECT(o_try_map(prot * SZ_4K, 0x5000, SZ_4K, prot));
		EXPECT(o_try_map(prot * SZ_2M, SZ_2M, SZ_2M, prot));
	}
	EXPECT(o_stop());
}

static void refuses_to_map_twice(void)
{
	EXPECT(o_start(&plain, 0));
	EXPECT(o_try_map(SZ_2M + SZ_4K, 0, SZ_4K, RW));
	/* below, over, and across it, with leaves of each size */
	EXPECT(o_try_map(SZ_2M + SZ_4K, 0, SZ_4K, RW));
	EXPECT(o_try_map(0, 0, 2 * SZ_2M, RW));
	EXPECT_EQ(level_at(0), 2);
	EXPECT(o_try_map(0x3000, 0x3000, SZ_4K, RW));
	EXPECT(o_try_map(0, 0, SZ_1G, RW));
	EXPECT(o_try_map(SZ_2M, SZ_4K, SZ_2M, RW));
	EXPECT_EQ(level_at(SZ_2M), 1);
	EXPECT_EQ(level_at(SZ_2M + 2 * SZ_4K), 0);
	EXPECT(o_stop());
}

static void empty_tables_make_way(void)
{
	EXPECT(o_start(&plain, 0));
	for (u64 page = 0; page < SZ_1G / SZ_2M; page += 7) {
		EXPECT(o_try_map(page * SZ_2M, SZ_4K, SZ_4K, RW));
		EXPECT(o_try_unmap(page * SZ_2M, SZ_4K));
	}
	EXPECT_EQ(model.live, 3 + 2 + 74);
	EXPECT(o_try_map(7 * SZ_2M, 0, SZ_2M, RW));	/* in place of one table */
	EXPECT_EQ(model.live, 3 + 2 + 73);
	EXPECT(o_try_map(0, 0, SZ_1G, RW));		/* is barred by that */
	EXPECT_EQ(level_at(0), 0);
	EXPECT(o_try_unmap(7 * SZ_2M, SZ_2M));
	EXPECT(o_try_map(0, 0, SZ_1G, RW));		/* in place of 74 */
	EXPECT_EQ(level_at(0), 3);
	EXPECT_EQ(model.live, 3 + 1);
	EXPECT(o_stop());
}

static void unmap_takes_whole_leaves(void)
{
	EXPECT(o_start(&plain, 0));
	EXPECT(o_try_map(0, 0, 2 * SZ_2M, RW));
	EXPECT(o_try_unmap(SZ_4K, SZ_4K));		/* inside: nothing */
	EXPECT(o_try_unmap(SZ_4K, SZ_2M));		/* neither the next */
	EXPECT_EQ(level_at(SZ_2M), 2);
	EXPECT(o_try_unmap(0, SZ_4K));			/* more than asked for */
	EXPECT_EQ(level_at(SZ_4K), 0);
	EXPECT(o_try_unmap(0, SZ_2M + SZ_4K));		/* hole, then the same */
	EXPECT_EQ(level_at(SZ_2M), 0);
	EXPECT(o_try_unmap(0, O_SIZE));
	EXPECT(o_try_map(0, 0, SZ_1G, RW));
	EXPECT(o_try_unmap(SZ_2M, SZ_2M));
	EXPECT_EQ(level_at(SZ_2M), 3);
	EXPECT(o_stop());
}

static void unmap_skips_holes(void)
{
	LIST_HEAD(retired);
	struct vtd_pt_change change = { .retired = &retired };
	struct vtd_pt_config wide = plain;

	wide.levels = 5;
	wide.width = 57;
	EXPECT(o_start(&wide, 0));
	/* 2^45 pages in a few steps, or this would not end */
	EXPECT_EQ(vtd_pt_unmap(&o_pt, SZ_4K, (1ull << 57) - SZ_4K, &change), 0);
	EXPECT(o_try_map(5 * SZ_2M, 0, SZ_4K, RW));
	EXPECT(o_try_map(SZ_1G + SZ_4K, 0, SZ_4K, RW));
	EXPECT(o_try_unmap(SZ_4K, SZ_2M));		/* 0 */
	EXPECT(o_try_unmap(SZ_4K, 3 * SZ_1G));		/* ends in a hole, not beyond it */
	EXPECT_EQ(model.live, 3 + 3);
	EXPECT(o_stop());
}

static void retires_tables_and_keeps_them(void)
{
	LIST_HEAD(retired);
	struct vtd_pt_change change = { .retired = &retired };
	u64 mapped;

	EXPECT(o_start(&small_pages, 0));
	EXPECT_EQ(vtd_pt_map(&o_pt, SZ_1G, SZ_4K, 2 * SZ_2M, RW, 0, &mapped, &change), 0);
	model.observe = NULL;
	EXPECT_EQ(model.live, 3 + 2 + 2);
	/* not whole */
	EXPECT_EQ(vtd_pt_unmap(&o_pt, SZ_1G, SZ_2M - SZ_4K, &change), SZ_2M - SZ_4K);
	EXPECT(!change.tables_freed);
	EXPECT_EQ(vtd_pt_unmap(&o_pt, SZ_1G + SZ_2M, SZ_2M, &change), SZ_2M);
	EXPECT(change.tables_freed);
	EXPECT_EQ(model.retired, 1);
	EXPECT_EQ(vtd_pt_unmap(&o_pt, SZ_1G, SZ_1G, &change), SZ_1G);
	EXPECT_EQ(model.retired, 3);
	EXPECT_EQ(model.live, 3 + 1 + 3);
	o_flush(&retired);
	EXPECT_EQ(model.live, 3 + 1);
	EXPECT_EQ(model_unflushed(), 0);
	EXPECT(o_stop());
}

/* Every allocation fails once; what was mapped can be unwound */
static void out_of_memory(void)
{
	static const struct { u64 iova, phys, size; } shape[] = {
		{ SZ_1G - SZ_4K, SZ_1G - SZ_4K, 2 * SZ_4K },
		{ SZ_1G - SZ_2M - SZ_4K, 2 * SZ_1G - SZ_2M - SZ_4K, SZ_1G + 2 * SZ_2M },
		{ SZ_1G - SZ_2M, SZ_4K, 3 * SZ_2M },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(shape) * 2; i++) {
		struct vtd_pt_config cfg = plain;
		u64 size = shape[i / 2].size, mapped;
		int ret, fail = 0;

		cfg.coherent = i & 1;
		do {
			LIST_HEAD(retired);
			struct vtd_pt_change change = { .retired = &retired };

			EXPECT(o_start(&cfg, 0));
			model.observe = NULL;
			model.fail_after = fail++;
			ret = vtd_pt_map(&o_pt, shape[i / 2].iova, shape[i / 2].phys, size,
					 RW, 0, &mapped, &change);
			EXPECT(ret == 0 || ret == -ENOMEM);
			EXPECT_EQ(mapped == size, ret == 0);
			EXPECT_EQ(model_unflushed(), 0);
			for (u64 at = 0; at < size; at += SZ_4K) {
				bool there = at < mapped;

				EXPECT_EQ(!!level_at(shape[i / 2].iova + at), there);
			}
			if (mapped)
				EXPECT_EQ(vtd_pt_unmap(&o_pt, shape[i / 2].iova, mapped,
						       &change), mapped);
			o_flush(&retired);
			EXPECT(o_stop());
		} while (ret && fail < 20);
		EXPECT(fail > 3 && fail < 20);
	}
}

static u64 race_iova;
static struct vtd_pt_config race_cfg;

/* Another CPU maps a page of its own, in a table that the first one needs too */
static void other_cpu_maps(void)
{
	LIST_HEAD(retired);
	struct vtd_pt_change change = { .retired = &retired };
	u64 mapped, phys = 0;

	model.cpu = 1;
	EXPECT_EQ(vtd_pt_map(&o_pt, race_iova, 0x7000, SZ_4K, RW, 0, &mapped, &change), 0);
	/* Its device may use the page from now on, whatever the first CPU does */
	EXPECT_EQ(model_translate(O_SID, race_iova, true, MODEL_SURE, &phys), MODEL_OK);
	EXPECT_EQ(phys, 0x7000);
	/* and it can use and take back what it has, through a link half made */
	EXPECT_EQ(level_at(race_iova), 1);
	EXPECT_EQ(vtd_pt_unmap(&o_pt, race_iova, SZ_4K, &change), SZ_4K);
	EXPECT_EQ(model_translate(O_SID, race_iova, true, MODEL_SURE, &phys), MODEL_NO_WRITE);
	model.cpu = 0;
}

static void race(bool exchange)
{
	LIST_HEAD(retired);
	struct vtd_pt_change change = { .retired = &retired };
	static const u64 other[] = { 0x2000, SZ_2M, SZ_1G, 512 * SZ_1G };
	u64 mapped, phys;

	for (unsigned int i = 0; i < ARRAY_SIZE(other); i++) {
		EXPECT(o_start(&race_cfg, 0));
		model.observe = NULL;
		race_iova = other[i];
		if (exchange)
			model.before_exchange = other_cpu_maps;
		else
			model.after_flush = other_cpu_maps;
		EXPECT_EQ(vtd_pt_map(&o_pt, 0x1000, 0x9000, SZ_4K, VTD_PT_READ, 0,
				     &mapped, &change), 0);
		EXPECT_EQ(model_translate(O_SID, 0x1000, false, MODEL_SURE, &phys), MODEL_OK);
		EXPECT_EQ(phys, 0x9000);
		EXPECT(!model.before_exchange);
		EXPECT(race_cfg.coherent || !model.after_flush);
		EXPECT_EQ(model_unflushed(), 0);
		EXPECT(o_stop());
	}
}

static void loser_of_a_race_uses_the_other_table(void)
{
	race_cfg = small_pages;
	race(true);
	race_cfg.coherent = true;
	race(true);
}

static void overtaker_flushes_the_link(void)
{
	race_cfg = small_pages;
	race(false);
}

/* The other CPU's page, in a table that is linked behind the first CPU's back */
static void neighbour_maps(void)
{
	LIST_HEAD(retired);
	struct vtd_pt_change change = { .retired = &retired };
	u64 mapped;

	model.cpu = 1;
	EXPECT_EQ(vtd_pt_map(&o_pt, race_iova, 0x7000, SZ_4K, RW, 0, &mapped, &change), 0);
	model.cpu = 0;
}

/*
 * The walk to address 0 ends at an empty entry, of another level each time: of the
 * table that the page @there made.  Then the table for @neighbour is linked there.
 */
static const struct { u64 there, neighbour; } beside[] = {
	{ 3 * SZ_2M, SZ_4K }, { 3 * SZ_2M, SZ_2M - SZ_4K },
	{ 3 * SZ_1G, SZ_2M }, { 512 * SZ_1G, SZ_1G },
};

static void start_beside(unsigned int i)
{
	LIST_HEAD(retired);
	struct vtd_pt_change change = { .retired = &retired };
	u64 mapped;

	EXPECT(o_start(&small_pages, 0));
	model.observe = NULL;
	EXPECT_EQ(vtd_pt_map(&o_pt, beside[i].there, 0x5000, SZ_4K, RW, 0, &mapped,
			     &change), 0);
	race_iova = beside[i].neighbour;
	model.after_empty = neighbour_maps;
}

/* What the walk saw was nothing: so there is nothing to take away */
static void unmap_of_a_hole_spares_a_new_table(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(beside); i++) {
		LIST_HEAD(retired);
		struct vtd_pt_change change = { .retired = &retired };
		u64 phys = 0;

		start_beside(i);
		EXPECT_EQ(vtd_pt_unmap(&o_pt, 0, SZ_4K, &change), 0);
		EXPECT(!model.after_empty);
		EXPECT(!change.tables_freed);
		EXPECT(list_empty(&retired));
		EXPECT_EQ(level_at(race_iova), 1);
		EXPECT_EQ(model_translate(O_SID, race_iova, true, MODEL_SURE, &phys), MODEL_OK);
		EXPECT_EQ(phys, 0x7000);
		o_flush(&retired);
		EXPECT(o_stop());
	}
}

/* ... and neither a table nor what hangs below it is a leaf */
static void lookup_does_not_take_a_new_table_for_a_leaf(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(beside); i++) {
		start_beside(i);
		EXPECT_EQ(level_at(0), 0);
		EXPECT(!model.after_empty);
		EXPECT_EQ(level_at(race_iova), 1);
		EXPECT(o_stop());
	}
}

static void works_up_to_the_width(void)
{
	static const u8 width[] = { 36, 39, 48, 57 };

	for (unsigned int i = 0; i < ARRAY_SIZE(width); i++) {
		struct vtd_pt_config cfg = plain;

		cfg.width = width[i];
		cfg.levels = i < 2 ? 3 + o_first : i + 2;
		EXPECT(o_start(&cfg, (1ull << width[i]) - O_SIZE));
		EXPECT(o_try_map(o_base + O_SIZE - SZ_4K, 0x1000, SZ_4K, RW));
		EXPECT(o_try_unmap(o_base + O_SIZE - SZ_4K, SZ_4K));
		EXPECT(o_try_map(o_base, SZ_1G, O_SIZE, RW));
		EXPECT_EQ(level_at(o_base), 3);
		EXPECT_EQ(level_at((1ull << width[i]) - 1), 3);
		EXPECT_EQ(level_at(1ull << width[i]), 0);
		EXPECT(o_try_unmap(o_base, O_SIZE));
		EXPECT(o_stop());
	}
}

static u64 random_size(void)
{
	switch (model_random() % 8) {
	case 0:
		return SZ_1G << model_random() % 2;
	case 1:
		return SZ_2M * (1 + model_random() % 600);
	case 2:
		return SZ_2M;
	case 3:
		return SZ_4K * (1 + model_random() % 1500);
	default:
		return SZ_4K * (1 + model_random() % 16);
	}
}

/* Half of the ranges lie in a corner, where they meet each other */
static u64 random_address(u64 size)
{
	u64 room = model_random() & 1 ? 4 * SZ_2M : O_SIZE;
	u64 at = ((u64)model_random() << 12) % room;

	if (model_random() & 1)
		at &= ~(SZ_2M - 1);
	if (!(model_random() & 3))
		at &= ~(SZ_1G - 1);
	return at + size <= O_SIZE ? at : O_SIZE - size;
}

/* Returns false at the first surprise; @seed tells which sequence it was */
static bool random_walk(const struct vtd_pt_config *cfg, u64 base, u64 seed)
{
	if (!o_start(cfg, base))
		return false;
	model_seed(seed);
	for (unsigned int i = 0; i < 400; i++) {
		u64 size = random_size();
		u64 at = random_address(size);
		u64 phys = at + SZ_1G * (model_random() % 1000);

		if (!(model_random() & 3))
			phys += SZ_4K;
		else if (!(model_random() & 3))
			phys += SZ_2M;
		if (size > 600 * SZ_2M && (cfg->max_leaf == 1 || (phys & (SZ_2M - 1))))
			size = SZ_2M;		/* not a million small pages */
		if (model_random() & 1 ? !o_try_map(base + at, phys, size,
						    1 + model_random() % 3) :
					 !o_try_unmap(base + at, size))
			return false;
		if (i % 16 == 0 && model_unflushed())
			return false;
	}
	return o_try_unmap(base, O_SIZE) && o_stop();
}

static void random_walks(bool coherent)
{
	u64 seed = 1;

	for (u8 levels = o_first ? 4 : 3; levels <= 5; levels++)
		for (u8 max_leaf = 1; max_leaf <= 3; max_leaf++)
			for (unsigned int where = 0; where < 3; where++, seed++) {
				struct vtd_pt_config cfg = {
					.levels = levels, .max_leaf = max_leaf,
					.width = 12 + 9 * levels, .coherent = coherent,
				};
				/* the bottom, the top, across entries of the root */
				u64 base[] = { 0, (1ull << cfg.width) - O_SIZE,
					       (1ull << (cfg.width - 9)) * 3 - 2 * SZ_1G };

				if (!random_walk(&cfg, base[where], seed)) {
					printf("# seed %llu\n", LL(seed));
					EXPECT(!"a random walk without surprise");
					return;
				}
			}
}

static void random_walks_coherent(void)
{
	random_walks(true);
}

static void random_walks_not_coherent(void)
{
	random_walks(false);
}

/* Bit by bit, of each level and permission (section 9.7) */
static void first_stage_entries(void)
{
	LIST_HEAD(retired);
	struct vtd_pt_change change = { .retired = &retired };
	struct vtd_pt_config cfg = plain;
	u64 mapped, *at;

	cfg.first_stage = true;
	cfg.coherent = true;
	model_reset();
	model.coherent = true;
	EXPECT_EQ(vtd_pt_init(&o_pt, &cfg, 0), 0);
	EXPECT_EQ(vtd_pt_map(&o_pt, SZ_1G, SZ_1G, SZ_1G, VTD_PT_READ, 0, &mapped, &change), 0);
	EXPECT_EQ(vtd_pt_map(&o_pt, 0, 5 * SZ_2M, SZ_2M, VTD_PT_WRITE, 0, &mapped, &change), 0);
	EXPECT_EQ(vtd_pt_map(&o_pt, SZ_2M, 0x5000, SZ_4K, RW | VTD_PT_SNOOP, 0, &mapped,
			     &change), 0);
	/* Links: present, writable, a user's, used; bit 9 is ours */
	EXPECT_EQ(o_pt.root[0] & ~GENMASK_ULL(51, 12), 0x227);
	at = vtd_mem_virt(o_pt.root[0] & GENMASK_ULL(51, 12));
	EXPECT_EQ(at[0] & ~GENMASK_ULL(51, 12), 0x227);
	EXPECT_EQ(at[1], SZ_1G | 0xa5);
	at = vtd_mem_virt(at[0] & GENMASK_ULL(51, 12));
	EXPECT_EQ(at[0], 5 * SZ_2M | 0xe7);
	at = vtd_mem_virt(at[1] & GENMASK_ULL(51, 12));
	EXPECT_EQ(at[0], 0x5067);
	vtd_pt_exit(&o_pt);
	EXPECT_EQ(model.live, 0);
}

/* All of the above with the first stage's format */
static void first_stage(void)
{
	o_first = true;
	chooses_the_largest_leaf();
	keeps_permissions_apart();
	refuses_to_map_twice();
	empty_tables_make_way();
	unmap_takes_whole_leaves();
	unmap_skips_holes();
	retires_tables_and_keeps_them();
	out_of_memory();
	loser_of_a_race_uses_the_other_table();
	overtaker_flushes_the_link();
	unmap_of_a_hole_spares_a_new_table();
	lookup_does_not_take_a_new_table_for_a_leaf();
	works_up_to_the_width();
	random_walks(true);
	random_walks(false);
	o_first = false;
}

VTD_TESTS("pgtable",
	  TEST(refuses_impossible_shapes),
	  TEST(refuses_bad_arguments),
	  TEST(chooses_the_largest_leaf),
	  TEST(keeps_permissions_apart),
	  TEST(refuses_to_map_twice),
	  TEST(empty_tables_make_way),
	  TEST(unmap_takes_whole_leaves),
	  TEST(unmap_skips_holes),
	  TEST(retires_tables_and_keeps_them),
	  TEST(out_of_memory),
	  TEST(loser_of_a_race_uses_the_other_table),
	  TEST(overtaker_flushes_the_link),
	  TEST(unmap_of_a_hole_spares_a_new_table),
	  TEST(lookup_does_not_take_a_new_table_for_a_leaf),
	  TEST(works_up_to_the_width),
	  TEST(first_stage_entries),
	  TEST(first_stage),
	  TEST(random_walks_coherent),
	  TEST(random_walks_not_coherent))

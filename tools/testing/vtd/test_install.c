// SPDX-License-Identifier: GPL-2.0
/*
 * The entry planner: every state that hardware could read between two stores
 * is looked at, for every pair of entries built from a few values per field.
 */
#include "vtd_test.h"

#include "context/install.c"

static const u64 lows[] = {
	0,
	VTD_CTX_LO_FPD,
	VTD_CTX_LO_P | 0x1000,
	VTD_CTX_LO_P | VTD_CTX_LO_FPD | 0x1000,
	VTD_CTX_LO_P | 0x2000,
	VTD_CTX_LO_P | (VTD_TT_PASS_THROUGH << 2),
	VTD_CTX_LO_P | (VTD_TT_DEV_TLB << 2) | 0x2000,
};

static const u64 highs[] = { 0, 0x101, 0x102, 0x201, 0x202 };

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static bool same(struct vtd_context_entry a, struct vtd_context_entry b)
{
	return a.lo == b.lo && a.hi == b.hi;
}

static bool present(struct vtd_context_entry e)
{
	return e.lo & VTD_CTX_LO_P;
}

struct walk {
	unsigned int stores;
	unsigned int flushes;
	bool torn;		/* some state was present, but neither old nor new */
	bool unflushed;		/* new became present while the old was cached */
	bool hitless;		/* never passed through "not present" */
	struct vtd_context_entry end;
};

static struct walk follow(struct vtd_context_entry from, struct vtd_context_entry to)
{
	struct vtd_install_step step[VTD_INSTALL_STEPS];
	struct walk w = { .hitless = present(from) && present(to), .end = from };
	bool cached = present(from);
	unsigned int i, n = vtd_install_plan(&from, &to, step);

	w.stores = n;
	for (i = 0; i < n; i++) {
		if (step[i].high)
			w.end.hi = step[i].value;
		else
			w.end.lo = step[i].value;
		if (present(w.end) && !same(w.end, from) && !same(w.end, to))
			w.torn = true;
		if (!present(w.end))
			w.hitless = false;
		/* Passing from old to new in one store, the flush comes after it */
		if (same(w.end, to) && present(to) && cached && !step[i].flush)
			w.unflushed = true;
		if (step[i].flush) {
			w.flushes++;
			cached = false;
		}
	}
	if (cached && n)
		w.unflushed = true;
	return w;
}

static void every_pair(void)
{
	unsigned int a, b, c, d, pairs = 0;

	for (a = 0; a < COUNT(lows); a++)
		for (b = 0; b < COUNT(highs); b++)
			for (c = 0; c < COUNT(lows); c++)
				for (d = 0; d < COUNT(highs); d++) {
					struct vtd_context_entry from = { lows[a], highs[b] };
					struct vtd_context_entry to = { lows[c], highs[d] };
					struct walk w = follow(from, to);

					EXPECT(same(w.end, to));
					EXPECT(!w.torn);
					EXPECT(!w.unflushed);
					EXPECT(w.stores <= VTD_INSTALL_STEPS);
					pairs++;
				}
	EXPECT_EQ(pairs, COUNT(lows) * COUNT(lows) * COUNT(highs) * COUNT(highs));
}

static void nothing_to_do(void)
{
	struct vtd_context_entry e = { VTD_CTX_LO_P | 0x1000, 0x101 };

	EXPECT_EQ(follow(e, e).stores, 0);
}

static void one_word_is_hitless(void)
{
	struct vtd_context_entry from = { VTD_CTX_LO_P | 0x1000, 0x101 };
	struct vtd_context_entry to = { VTD_CTX_LO_P | VTD_CTX_LO_FPD | 0x1000, 0x101 };
	struct walk w = follow(from, to);

	EXPECT(w.hitless);
	EXPECT_EQ(w.stores, 1);
	EXPECT_EQ(w.flushes, 1);
}

static void both_words_break_before_make(void)
{
	struct vtd_context_entry from = { VTD_CTX_LO_P | 0x1000, 0x101 };
	struct vtd_context_entry to = { VTD_CTX_LO_P | 0x2000, 0x202 };
	struct walk w = follow(from, to);

	EXPECT(!w.hitless);
	EXPECT_EQ(w.stores, 3);
	EXPECT_EQ(w.flushes, 1);
}

static void first_time_needs_no_flush(void)
{
	struct vtd_context_entry from = { 0, 0 };
	struct vtd_context_entry to = { VTD_CTX_LO_P | 0x2000, 0x202 };
	struct walk w = follow(from, to);

	EXPECT_EQ(w.stores, 2);
	EXPECT_EQ(w.flushes, 0);
}

VTD_TESTS("install", TEST(every_pair), TEST(nothing_to_do), TEST(one_word_is_hitless),
	  TEST(both_words_break_before_make), TEST(first_time_needs_no_flush))

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

/* As many words as the longest entry has; shorter ones use the first */
struct entry {
	u64 word[VTD_INSTALL_WORDS];
};

static bool same(struct entry a, struct entry b)
{
	return !memcmp(&a, &b, sizeof(a));
}

static bool present(struct entry e)
{
	return e.word[0] & VTD_ENTRY_P;
}

struct walk {
	unsigned int stores;
	unsigned int flushes;
	bool torn;		/* some state was present, but neither old nor new */
	bool unflushed;		/* new became present while the old was cached */
	bool hitless;		/* never passed through "not present" */
	struct entry end;
};

static struct walk follow_words(struct entry from, struct entry to, unsigned int words)
{
	struct vtd_install_step step[VTD_INSTALL_STEPS];
	struct walk w = { .hitless = present(from) && present(to), .end = from };
	bool cached = present(from);
	unsigned int i, n = vtd_install_plan(from.word, to.word, words, step);

	w.stores = n;
	for (i = 0; i < n; i++) {
		EXPECT(step[i].word < words);
		w.end.word[step[i].word] = step[i].value;
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

static struct walk follow(struct entry from, struct entry to)
{
	return follow_words(from, to, 2);
}

static void every_pair(void)
{
	unsigned int a, b, c, d, pairs = 0;

	for (a = 0; a < COUNT(lows); a++)
		for (b = 0; b < COUNT(highs); b++)
			for (c = 0; c < COUNT(lows); c++)
				for (d = 0; d < COUNT(highs); d++) {
					struct entry from = {{ lows[a], highs[b] }};
					struct entry to = {{ lows[c], highs[d] }};
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
	struct entry e = {{ VTD_CTX_LO_P | 0x1000, 0x101 }};

	EXPECT_EQ(follow(e, e).stores, 0);
}

static void one_word_is_hitless(void)
{
	struct entry from = {{ VTD_CTX_LO_P | 0x1000, 0x101 }};
	struct entry to = {{ VTD_CTX_LO_P | VTD_CTX_LO_FPD | 0x1000, 0x101 }};
	struct walk w = follow(from, to);

	EXPECT(w.hitless);
	EXPECT_EQ(w.stores, 1);
	EXPECT_EQ(w.flushes, 1);
}

static void both_words_break_before_make(void)
{
	struct entry from = {{ VTD_CTX_LO_P | 0x1000, 0x101 }};
	struct entry to = {{ VTD_CTX_LO_P | 0x2000, 0x202 }};
	struct walk w = follow(from, to);

	EXPECT(!w.hitless);
	EXPECT_EQ(w.stores, 3);
	EXPECT_EQ(w.flushes, 1);
}

static void first_time_needs_no_flush(void)
{
	struct entry from = {{ 0, 0 }};
	struct entry to = {{ VTD_CTX_LO_P | 0x2000, 0x202 }};
	struct walk w = follow(from, to);

	EXPECT_EQ(w.stores, 2);
	EXPECT_EQ(w.flushes, 0);
}

/*
 * Eight words, each of which changes or not, from and to present or not: a unit that
 * reads word by word between any two stores never mixes them.
 */
static void eight_words(void)
{
	unsigned int changes, ends, i, seen = 0;

	for (changes = 0; changes < 1u << VTD_INSTALL_WORDS; changes++)
		for (ends = 0; ends < 4; ends++) {
			struct entry from = { }, to;
			struct walk w;

			for (i = 0; i < VTD_INSTALL_WORDS; i++)
				from.word[i] = 0x1000 + 0x100 * i;
			to = from;
			for (i = 0; i < VTD_INSTALL_WORDS; i++)
				if (changes & 1u << i)
					to.word[i] += 0x10000;
			from.word[0] |= ends & 1 ? VTD_ENTRY_P : 0;
			to.word[0] |= ends & 2 ? VTD_ENTRY_P : 0;
			w = follow_words(from, to, VTD_INSTALL_WORDS);
			EXPECT(same(w.end, to));
			EXPECT(!w.torn);
			EXPECT(!w.unflushed);
			EXPECT(w.stores <= VTD_INSTALL_STEPS);
			EXPECT_EQ(w.flushes, (ends & 1) && !same(from, to));
			seen++;
		}
	EXPECT_EQ(seen, 1024);
}

/* Whoever finds the new entry present finds all of it: word 0 is the last store */
static void present_last(void)
{
	struct entry from = { }, to = {{ VTD_ENTRY_P, 1, 2, 3, 4, 5, 6, 7 }};
	struct vtd_install_step step[VTD_INSTALL_STEPS];
	unsigned int i, n = vtd_install_plan(from.word, to.word, VTD_INSTALL_WORDS, step);

	EXPECT_EQ(n, VTD_INSTALL_WORDS);
	for (i = 0; i < n; i++)
		EXPECT_EQ(!step[i].word, i == n - 1);
}

VTD_TESTS("install", TEST(eight_words), TEST(present_last), TEST(every_pair),
	  TEST(nothing_to_do), TEST(one_word_is_hitless),
	  TEST(both_words_break_before_make), TEST(first_time_needs_no_flush))

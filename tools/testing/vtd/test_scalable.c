// SPDX-License-Identifier: GPL-2.0
/*
 * Images bit by bit as entries of both modes (sections 9.3, 9.4 and 9.6), and back.
 */
#include "vtd_test.h"

#include "context/legacy.c"
#include "context/scalable.c"

static const struct vtd_caps plain;
static const struct vtd_caps snoops = { .walks_coherent = true };

static void zero(const u64 *word, unsigned int from, unsigned int to)
{
	for (; from < to; from++)
		EXPECT_EQ(word[from], 0);
}

static void legacy_entries(void)
{
	struct vtd_image i = vtd_image_walk(0x123456789000ull, 4, 0xabcd, false);
	u64 w[VTD_LEGACY_WORDS];

	vtd_legacy_encode(&i, w);
	EXPECT_EQ(w[0], 0x123456789001ull);
	EXPECT_EQ(w[1], 0xabcd02);
	i.dev_tlb = true;
	vtd_legacy_encode(&i, w);
	EXPECT_EQ(w[0], 0x123456789005ull);
	i = vtd_image_pass(5, 1);
	vtd_legacy_encode(&i, w);
	EXPECT_EQ(w[0], 0x9);
	EXPECT_EQ(w[1], 0x103);
	i = vtd_image_blocked();
	vtd_legacy_encode(&i, w);
	zero(w, 0, VTD_LEGACY_WORDS);
}

static void context_entries(void)
{
	struct vtd_image i = vtd_image_walk(0x123456789000ull, 4, 0xabcd, false);
	u64 w[VTD_SCALABLE_CONTEXT_WORDS];

	/* The smallest directory, PASID 0 for requests without, no PASIDs, no PRI */
	vtd_scalable_context(&i, 0xfedcba987000ull, 0, w);
	EXPECT_EQ(w[0], 0xfedcba987001ull);
	zero(w, 1, VTD_SCALABLE_CONTEXT_WORDS);
	i.dev_tlb = true;
	vtd_scalable_context(&i, 0xfedcba987000ull, 0, w);
	EXPECT_EQ(w[0], 0xfedcba987005ull);
	/* A device that needs its TLB has it with pass-through, too */
	i = vtd_image_pass(5, 1);
	vtd_scalable_context(&i, 0xfedcba987000ull, 0, w);
	EXPECT_EQ(w[0], 0xfedcba987001ull);
	i.dev_tlb = true;
	vtd_scalable_context(&i, 0xfedcba987000ull, 0, w);
	EXPECT_EQ(w[0], 0xfedcba987005ull);
	/* Page requests, bit 4: only of those who have a TLB */
	i.pages = true;
	vtd_scalable_context(&i, 0xfedcba987000ull, 0, w);
	EXPECT_EQ(w[0], 0xfedcba987015ull);
	i.dev_tlb = false;
	vtd_scalable_context(&i, 0xfedcba987000ull, 0, w);
	EXPECT_EQ(w[0], 0xfedcba987001ull);
	i.dev_tlb = true;
	i.pages = false;
	/* PASIDE is bit 3; PDTS, bits 11:9, counts from 2^7 */
	i.pasids = true;
	vtd_scalable_context(&i, 0xfedcba987000ull, 7, w);
	EXPECT_EQ(w[0], 0xfedcba987e0dull);
	zero(w, 1, VTD_SCALABLE_CONTEXT_WORDS);
	i = vtd_image_blocked();
	vtd_scalable_context(&i, 0xfedcba987000ull, 0, w);
	zero(w, 0, VTD_SCALABLE_CONTEXT_WORDS);
}

static void pasid_entries(void)
{
	struct vtd_image i = vtd_image_walk(0x123456789000ull, 4, 0xabcd, true);
	u64 w[VTD_SCALABLE_PASID_WORDS];

	/* AW 2 in bits 4:2, PGTT 2 in bits 8:6, whatever the device may ask for */
	vtd_scalable_pasid(&i, &plain, w);
	EXPECT_EQ(w[0], 0x123456789089ull);
	EXPECT_EQ(w[1], 0xabcd);
	zero(w, 2, VTD_SCALABLE_PASID_WORDS);
	/* PWSNP is bit 87 */
	vtd_scalable_pasid(&i, &snoops, w);
	EXPECT_EQ(w[1], 0x80abcd);
	/* SSADE is bit 9 */
	i.dirty = true;
	vtd_scalable_pasid(&i, &plain, w);
	EXPECT_EQ(w[0], 0x123456789289ull);
	i = vtd_image_pass(5, 1);
	vtd_scalable_pasid(&i, &snoops, w);
	EXPECT_EQ(w[0], 0x10d);
	EXPECT_EQ(w[1], 0x800001);
	zero(w, 2, VTD_SCALABLE_PASID_WORDS);
	i = vtd_image_blocked();
	vtd_scalable_pasid(&i, &snoops, w);
	zero(w, 0, VTD_SCALABLE_PASID_WORDS);
}

/* PGTT 1: the table in word 2, its depth as AW, and nothing else of the second stage */
static void first_stage_entries(void)
{
	static const struct vtd_caps forces = { .snoop_control = true };
	struct vtd_image i = vtd_image_first(0x123456789000ull, 4, 0xabcd, true);
	u64 w[VTD_SCALABLE_PASID_WORDS];

	vtd_scalable_pasid(&i, &plain, w);
	EXPECT_EQ(w[0], 0x49);
	EXPECT_EQ(w[1], 0xabcd);
	EXPECT_EQ(w[2], 0x123456789000ull);
	zero(w, 3, VTD_SCALABLE_PASID_WORDS);
	/* FSPM, bits 131:130, is 1 for five levels; PGSNP is bit 88 */
	i.fs_levels = 5;
	vtd_scalable_pasid(&i, &forces, w);
	EXPECT_EQ(w[0], 0x4d);
	EXPECT_EQ(w[1], 0x100abcd);
	EXPECT_EQ(w[2], 0x123456789004ull);
	vtd_scalable_pasid(&i, &snoops, w);
	EXPECT_EQ(w[1], 0x80abcd);
	/* Only leaves of the first stage need PGSNP */
	i = vtd_image_walk(0x123456789000ull, 4, 0xabcd, true);
	vtd_scalable_pasid(&i, &forces, w);
	EXPECT_EQ(w[1], 0xabcd);
}

/* PGTT 3: both */
static void nested_entries(void)
{
	static const struct vtd_caps forces = { .snoop_control = true };
	struct vtd_image i = vtd_image_walk(0x123456789000ull, 4, 0xabcd, true);
	u64 w[VTD_SCALABLE_PASID_WORDS];

	i.kind = VTD_IMAGE_NESTED;
	i.fs_root = 0xfedcba987000ull;
	i.fs_levels = 5;
	i.dirty = true;
	vtd_scalable_pasid(&i, &forces, w);
	EXPECT_EQ(w[0], 0x1234567892c9ull);
	EXPECT_EQ(w[1], 0x100abcd);
	EXPECT_EQ(w[2], 0xfedcba987004ull);
	zero(w, 3, VTD_SCALABLE_PASID_WORDS);
}

/* What only scalable mode has is refused, never taken for something else */
static void legacy_has_none(void)
{
	struct vtd_image i = vtd_image_first(0x5000, 4, 7, false);
	u64 w[VTD_LEGACY_WORDS];

	vtd_legacy_encode(&i, w);
	zero(w, 0, VTD_LEGACY_WORDS);
	i.kind = VTD_IMAGE_NESTED;
	i.levels = 4;
	i.tables = 0x6000;
	vtd_legacy_encode(&i, w);
	zero(w, 0, VTD_LEGACY_WORDS);
}

static void leads_to(void)
{
	struct vtd_image i = vtd_image_first(0x5000, 4, 7, false);

	EXPECT(vtd_image_leads_to(&i, 0x5000) && !vtd_image_leads_to(&i, 0));
	/* The address of a guest's table is none of the host's */
	i.kind = VTD_IMAGE_NESTED;
	i.tables = 0x6000;
	EXPECT(vtd_image_leads_to(&i, 0x6000) && !vtd_image_leads_to(&i, 0x5000));
	i = vtd_image_walk(0x6000, 4, 7, false);
	EXPECT(vtd_image_leads_to(&i, 0x6000) && !vtd_image_leads_to(&i, 0));
	i = vtd_image_pass(4, 1);
	EXPECT(!vtd_image_leads_to(&i, 0));
	i = vtd_image_blocked();
	EXPECT(!vtd_image_leads_to(&i, 0));
}

static void there_and_back_scalable(const struct vtd_image *image)
{
	u64 context[VTD_SCALABLE_CONTEXT_WORDS], pasid[VTD_SCALABLE_PASID_WORDS];
	struct vtd_image back;

	vtd_scalable_context(image, 0x1000, 2, context);
	vtd_scalable_pasid(image, image->did & 1 ? &snoops : &plain, pasid);
	vtd_scalable_decode(context, pasid, &back);
	EXPECT(vtd_image_same(image, &back));
}

static void there_and_back(const struct vtd_image *image)
{
	u64 legacy[VTD_LEGACY_WORDS];
	struct vtd_image back;

	vtd_legacy_encode(image, legacy);
	vtd_legacy_decode(legacy, &back);
	EXPECT(vtd_image_same(image, &back));
	there_and_back_scalable(image);
}

/* What belongs to the requester, whatever its requests without PASID come to */
static void beside(void)
{
	u64 context[VTD_SCALABLE_CONTEXT_WORDS], pasid[VTD_SCALABLE_PASID_WORDS];
	struct vtd_image image = vtd_image_pass(4, 1), back;

	for (unsigned int i = 0; i < 4; i++) {
		image.dev_tlb = i & 1;
		image.pasids = i & 2;
		vtd_scalable_context(&image, 0x1000, 2, context);
		vtd_scalable_pasid(&image, &snoops, pasid);
		vtd_scalable_decode(context, pasid, &back);
		EXPECT(vtd_image_same(&image, &back));
	}
}

static void round_trips(void)
{
	struct vtd_image image;

	for (u8 levels = 3; levels <= 5; levels++)
		for (u32 did = 1; did < 0x10000; did += 0x123) {
			image = vtd_image_walk(((u64)did << 36) & ~0xfffull, levels, did, did & 4);
			there_and_back(&image);
			image = vtd_image_pass(levels, did);
			there_and_back(&image);
			image.dev_tlb = true;
			there_and_back_scalable(&image);
			image = vtd_image_walk((u64)did << 20, levels, did, did & 4);
			image.kind = VTD_IMAGE_NESTED;
			image.fs_root = (u64)did << 24;
			image.fs_levels = 4 + (did & 1);
			there_and_back_scalable(&image);
			image = vtd_image_first((u64)did << 32, 4 + (did & 1), did, did & 4);
			there_and_back_scalable(&image);
		}
	image = vtd_image_blocked();
	there_and_back(&image);
}

/* One of the two is not there: nothing gets through */
static void half_of_it(void)
{
	struct vtd_image image = vtd_image_walk(0x5000, 4, 7, true), back;
	u64 context[VTD_SCALABLE_CONTEXT_WORDS], pasid[VTD_SCALABLE_PASID_WORDS];

	vtd_scalable_context(&image, 0x1000, 2, context);
	vtd_scalable_pasid(&image, &snoops, pasid);
	context[0] &= ~VTD_SMCTX_P;
	vtd_scalable_decode(context, pasid, &back);
	EXPECT_EQ(back.kind, VTD_IMAGE_BLOCKED);
	context[0] |= VTD_SMCTX_P;
	pasid[0] &= ~VTD_PASID_P;
	vtd_scalable_decode(context, pasid, &back);
	EXPECT_EQ(back.kind, VTD_IMAGE_BLOCKED);
}

VTD_TESTS("images", TEST(legacy_entries), TEST(context_entries), TEST(pasid_entries),
	  TEST(first_stage_entries), TEST(nested_entries), TEST(legacy_has_none), TEST(leads_to),
	  TEST(round_trips), TEST(beside), TEST(half_of_it))

// SPDX-License-Identifier: GPL-2.0
/* Interrupt entries that another kernel left: each bit that makes no sense is refused. */
#include <linux/kernel.h>
#include <linux/types.h>

#include "vtd_test.h"

#include "irq/ir_proof.c"
#include "unit/old_ranges.c"

static struct vtd_range old[] = { { 0x100000, 0x1fffff }, { 0x100000000ull, 0x1ffffffffull } };
static struct vtd_range ours[] = { { 0x180000, 0x18ffff } };
static const struct vtd_old_memory memory = {
	.old = old, .old_count = 2, .ours = ours, .ours_count = 1,
};

static struct vtd_ir_proof proof;

static void begin(void)
{
	proof = (struct vtd_ir_proof) {
		.memory = &memory, .x2apic = true, .posted = true, .last_vector = 0xeb,
		.parked = 0xef,
	};
}

static const char *judge(u64 lo, u64 hi)
{
	const struct vtd_irte entry = { lo, hi };

	return vtd_ir_proof(&proof, &entry) ?: "taken";
}

/* Vector 0x31, to processor 0, from 00:02.0 */
#define LO	0x310001ull
#define HI	0x40010ull

static void remapped(void)
{
	static const struct {
		unsigned int from, to;
		const char *x2apic, *xapic;
	} bits[] = {
		{ 1, 5, "taken", "taken" },
		{ 6, 7, "it is no interrupt of a device", "it is no interrupt of a device" },
		{ 8, 11, "taken", "taken" },
		{ 12, 14, "reserved bits are set", "reserved bits are set" },
		{ 24, 31, "reserved bits are set", "reserved bits are set" },
		{ 32, 39, "taken", "reserved bits are set" },
		{ 40, 47, "taken", "taken" },
		{ 48, 63, "taken", "reserved bits are set" },
	};

	begin();
	EXPECT_STR(judge(LO, HI), "taken");
	for (unsigned int i = 0; i < ARRAY_SIZE(bits); i++)
		for (unsigned int bit = bits[i].from; bit <= bits[i].to; bit++) {
			proof.x2apic = true;
			EXPECT_STR(judge(LO | BIT_ULL(bit), HI), bits[i].x2apic);
			proof.x2apic = false;
			EXPECT_STR(judge(LO | BIT_ULL(bit), HI), bits[i].xapic);
		}
	for (unsigned int bit = 20; bit < 64; bit++)
		EXPECT_STR(judge(LO, HI | BIT_ULL(bit)), "reserved bits are set");
}

static void vectors_and_sources(void)
{
	begin();
	for (u64 vector = 0; vector < 256; vector++)
		EXPECT_STR(judge(1 | vector << 16, HI), vector < 32 || vector > 0xeb ?
			   "its vector is none of a device" : "taken");
	EXPECT_STR(judge(LO, 0x80010), "taken");
	EXPECT_STR(judge(LO, 0xc0010), "its source is not verified");
	EXPECT_STR(judge(LO, 0x00010), "its source is not verified");
	proof.unverified = true;
	EXPECT_STR(judge(LO, 0x00010), "taken");
	EXPECT_STR(judge(LO, 0xc0010), "its source is not verified");
}

static bool parked(u64 lo)
{
	const struct vtd_irte entry = { lo, HI };

	return vtd_ir_parked(&proof, &entry);
}

/* x86 gives interrupts that are allocated and not requested a vector of its own */
static void nobody_asked_for(void)
{
	begin();
	for (u64 vector = 0; vector < 256; vector++)
		EXPECT_EQ(parked(1 | vector << 16), vector == 0xef);
	/* Where the vector of a posted one stands, that of a parked one does not */
	EXPECT(!parked(1 | 0xefull << 16 | VTD_IRTE_IM));
}

static const char *posted(u64 at)
{
	return judge(LO | VTD_IRTE_IM | at >> 6 << 38, HI | at >> 32 << 32);
}

static void descriptors(void)
{
	const char *elsewhere = "its descriptor is not in memory of the kernel before";

	begin();
	EXPECT_STR(posted(0x100000), "taken");
	EXPECT_STR(posted(0x1fffc0), "taken");
	EXPECT_STR(posted(0x123456780ull & ~63ull), "taken");
	EXPECT_STR(posted(0x200000), elsewhere);
	EXPECT_STR(posted(0xfffc0), elsewhere);
	EXPECT_STR(posted(0x180000), elsewhere);
	EXPECT_STR(posted(0x18ffc0), elsewhere);
	EXPECT_STR(posted(0xffffffffffffffc0ull), elsewhere);
	for (unsigned int bit = 2; bit < 38; bit++)
		if (bit < 8 || bit == 12 || bit == 13 || bit > 23)
			EXPECT_STR(judge(LO | VTD_IRTE_IM | BIT_ULL(bit) | 0x100000ull >> 6 << 38,
					 HI), "reserved bits are set");
	proof.posted = false;
	EXPECT_STR(posted(0x100000), "the unit cannot post");
}

VTD_TESTS("ir_proof",
	  TEST(remapped), TEST(vectors_and_sources), TEST(nobody_asked_for), TEST(descriptors))

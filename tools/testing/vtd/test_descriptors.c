// SPDX-License-Identifier: GPL-2.0
/*
 * Descriptors against encodings worked out by hand from the figures of
 * specification section 6.5.2; the numbers here use none of the field macros.
 */
#include "vtd_test.h"

#include <linux/kernel.h>

#include "hw/descriptors.h"

#define DR	0x80ull
#define DW	0x40ull

static void expect(struct vtd_desc d, u64 lo, u64 hi)
{
	EXPECT_EQ(d.lo, lo);
	EXPECT_EQ(d.hi, hi);
}

static void context_cache(void)
{
	expect(vtd_desc_context(VTD_INV_GLOBAL, 0, 0), 0x11, 0);
	expect(vtd_desc_context(VTD_INV_DOMAIN, 0xffff, 0), 0xffff0021, 0);
	expect(vtd_desc_context(VTD_INV_SELECTIVE, 0x1234, 0xfeff), 0xfeff12340031, 0);
}

static void iotlb(void)
{
	expect(vtd_desc_iotlb(VTD_INV_GLOBAL, 0, DR | DW), 0xd2, 0);
	expect(vtd_desc_iotlb(VTD_INV_DOMAIN, 0x8001, 0), 0x80010022, 0);
	EXPECT_EQ(VTD_DESC_IOTLB_DR, DR);
	EXPECT_EQ(VTD_DESC_IOTLB_DW, DW);
}

static void iotlb_pages(void)
{
	expect(vtd_desc_iotlb_pages(5, DR, 0x7fff000, 0, false), 0x500b2, 0x7fff000);
	expect(vtd_desc_iotlb_pages(5, 0, 0x200000, 9, true), 0x50032, 0x200049);
	/* Bits below the page do not leak into mask and hint */
	expect(vtd_desc_iotlb_pages(0, 0, 0xfff, 0, false), 0x32, 0);
	expect(vtd_desc_iotlb_pages(0xffff, 0, ~0ull, 63, true), 0xffff0032,
	       0xfffffffffffff07full);
}

/* Granularity 2 is all of a PASID, 3 pages of it; nothing asks to drain */
static void piotlb(void)
{
	expect(vtd_desc_piotlb(0x8001, 0xabcde), 0xabcde80010026, 0);
	expect(vtd_desc_piotlb(5, 0), 0x50026, 0);
	expect(vtd_desc_piotlb_pages(5, 0xfffff, 0x200000, 9, true), 0xfffff00050036, 0x200049);
	expect(vtd_desc_piotlb_pages(0xffff, 0, ~0ull, 63, false), 0xffff0036,
	       0xfffffffffffff03full);
}

/* How PCIe reads the size back: the lowest zero above bit 11, S on */
static u32 order_of(u64 hi)
{
	u32 order = 1;

	if (!(hi & 1))
		return 0;
	for (u32 bit = 12; bit < 64 && (hi >> bit & 1); bit++)
		order++;
	return order;
}

static void device_tlb(void)
{
	expect(vtd_desc_dev_tlb(0x0300, 0x0300, 0, 0xabc000, 0), 0x0300030000000003,
	       0xabc000);
	/* PFSID is split: its lowest four bits are at 12, the rest at 52 */
	EXPECT_EQ(vtd_desc_dev_tlb(0, 0x123f, 0, 0, 0).lo, 0x123ull << 52 | 0xf003);
	/* MIP of 32 does not fit the field and is encoded as 0 */
	EXPECT_EQ(vtd_desc_dev_tlb(0, 0, 31, 0, 0).lo, 0x1f0003);
	EXPECT_EQ(vtd_desc_dev_tlb(0, 0, 32, 0, 0).lo, 3);
	EXPECT_EQ(vtd_desc_dev_tlb(0xffff, 0, 0, 0, 0).lo, 0xffff00000003);

	EXPECT_EQ(vtd_desc_dev_tlb(0, 0, 0, 0x4000, 1).hi, 0x4001);
	EXPECT_EQ(vtd_desc_dev_tlb(0, 0, 0, 0x4000, 2).hi, 0x5001);
	EXPECT_EQ(vtd_desc_dev_tlb(0, 0, 0, 0x200000, 9).hi, 0x2ff001);
	/* Everything: all ones up to bit 62, bit 63 clear */
	EXPECT_EQ(vtd_desc_dev_tlb(0, 0, 0, 0, 52).hi, 0x7ffffffffffff001);
}

static void device_tlb_sizes(void)
{
	for (u32 order = 0; order <= 52; order++) {
		u64 size = order < 52 ? 1ull << (order + 12) : 0;
		u64 addr = order < 52 ? 0x8765432187654000ull & ~(size - 1) : 0;
		u64 hi = vtd_desc_dev_tlb(0, 0, 0, addr, order).hi;

		EXPECT_EQ(order_of(hi), order);
		/* The address above the size stays */
		if (order < 52)
			EXPECT_EQ(hi & ~(size - 1) & ~0xfffull, addr);
	}
}

/* Section 6.5.2.6: the requester id lies elsewhere, and so does S */
static void pasid_tlb(void)
{
	struct vtd_desc d = vtd_desc_pasid_tlb(0x0300, 0x54321, 0x123f, 31, 0xabc000, 0), all;

	expect(d, 0x123ull << 52 | 0x54321ull << 32 | 0x0300f1f8, 0xabc000);
	EXPECT_EQ(vtd_desc_pasid_tlb(0, 0, 0, 32, 0, 0).lo, 8);
	EXPECT_EQ(vtd_desc_pasid_tlb(0, 0xffffffff, 0, 0, 0, 0).lo, 0xfffff00000008);
	EXPECT_EQ(vtd_desc_pasid_tlb(0, 1, 0, 0, 0x200000, 9).hi, 0x2ff800);
	all = vtd_desc_tlb_all(&d);
	expect(all, d.lo, 0x7ffffffffffff800);
	d = vtd_desc_dev_tlb(0x0300, 0, 0, 0xabc000, 0);
	all = vtd_desc_tlb_all(&d);
	expect(all, d.lo, 0x7ffffffffffff001);
}

/* Which device has to answer */
static void asks(void)
{
	struct vtd_desc plain = vtd_desc_dev_tlb(0x0310, 0, 5, 0, 0);
	struct vtd_desc pasid = vtd_desc_pasid_tlb(0x0310, 7, 0, 5, 0, 0);
	struct vtd_desc other = vtd_desc_iotlb(VTD_INV_DOMAIN, 0x0310, 0);

	EXPECT(vtd_desc_asks(&plain) && vtd_desc_asks(&pasid) && !vtd_desc_asks(&other));
	EXPECT_EQ(vtd_desc_sid(&plain), 0x0310);
	EXPECT_EQ(vtd_desc_sid(&pasid), 0x0310);
	EXPECT(vtd_desc_is_for(&plain, 0x0310) && vtd_desc_is_for(&pasid, 0x0310));
	EXPECT(!vtd_desc_is_for(&pasid, 0x0311) && !vtd_desc_is_for(&other, 0x0310));
}

static void wait(void)
{
	expect(vtd_desc_wait(0x12345678, 0xdeadbeef), 0xdeadbeef00000025, 0x12345678);
	expect(vtd_desc_wait(~0ull, 0), 0x25, ~3ull);
	EXPECT_EQ(VTD_DESC_WAIT_IF, 0x10);
	EXPECT_EQ(VTD_DESC_WAIT_FN, 0x40);
}

static void types(void)
{
	EXPECT_EQ(vtd_desc_context(1, 0, 0).lo & 0xf, 1);
	EXPECT_EQ(vtd_desc_iotlb(1, 0, 0).lo & 0xf, 2);
	EXPECT_EQ(vtd_desc_dev_tlb(0, 0, 0, 0, 0).lo & 0xf, 3);
	EXPECT_EQ(vtd_desc_wait(0, 0).lo & 0xf, 5);
}

VTD_TESTS("descriptors", TEST(context_cache), TEST(iotlb), TEST(iotlb_pages), TEST(piotlb),
	  TEST(device_tlb), TEST(device_tlb_sizes), TEST(pasid_tlb), TEST(asks), TEST(wait),
	  TEST(types))

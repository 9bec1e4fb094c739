// SPDX-License-Identifier: GPL-2.0
/* CAP and ECAP of real units, and of units that cannot be. */
#include "vtd_test.h"

#include "unit/caps.c"

struct row {
	const char *name;
	u64 cap;
	u64 ecap;
	u8 width;
	u8 levels;
	u8 max_leaf;
	bool psi;
	u32 records;
	bool coherent;
	bool pass_through;
	bool snoop;
	bool ats;
	bool scalable;
	u32 fault_offset;
	u32 iotlb_offset;
};

#define L3	BIT(3)
#define L4	BIT(4)
#define L5	BIT(5)

/* As printed by machines; offsets worked out by hand from FRO and IRO */
static const struct row rows[] = {
	{ "Haswell 4790K graphics", 0xc0000020660462, 0xf0101a, 39, L4, 1, false, 1,
	  false, false, false, false, false, 0x200, 0x100 },
	{ "Haswell 4790K", 0xd2008c20660462, 0xf010da, 39, L4, 3, true, 1,
	  false, true, true, false, false, 0x200, 0x100 },
	{ "Haswell-U", 0xd2008020660462, 0xf010da, 39, L4, 1, true, 1,
	  false, true, true, false, false, 0x200, 0x100 },
	{ "Skylake graphics", 0x1c0000c40660462, 0x7e3ff0505e, 39, L4, 3, false, 1,
	  false, true, false, true, false, 0x400, 0x500 },
	{ "Skylake", 0xd2008c40660462, 0xf050da, 39, L4, 3, true, 1,
	  false, true, true, false, false, 0x400, 0x500 },
	{ "Alder Lake", 0x8d2008c40660462, 0xf050da, 39, L4, 3, true, 1,
	  false, true, true, false, false, 0x400, 0x500 },
	{ "Ivy Bridge-EP", 0xd2078c106f0466, 0xf020de, 48, L4, 3, true, 8,
	  false, true, true, true, false, 0x100, 0x200 },
	{ "Skylake-SP", 0x8d2078c106f0466, 0xf020df, 48, L4, 3, true, 8,
	  true, true, true, true, false, 0x100, 0x200 },
	{ "Sapphire Rapids", 0x19ed008c40780c66, 0x3ee9e86f050df, 57, L4 | L5, 3, true, 1,
	  true, true, true, true, true, 0x400, 0x500 },
	{ "QEMU", 0xd2008c22260206, 0xf00f4a, 39, L3, 3, true, 1,
	  false, true, false, false, false, 0x220, 0xf0 },
	{ "QEMU scalable", 0xd2008c222f0606, 0x480080f00f4e, 48, L3 | L4, 3, true, 1,
	  false, true, false, true, true, 0x220, 0xf0 },
};

/* Sapphire Rapids as it is, with PASIDs of 20 bits, and with more than there are */
static void pasids(void)
{
	struct vtd_caps caps;

	vtd_caps_decode(&caps, 0x19ed008c40780c66, 0x3ee9e86f050df);
	EXPECT_EQ(caps.pasid_bits, 0);
	vtd_caps_decode(&caps, 0x19ed008c40780c66, 0x3ef9e86f050df);
	EXPECT_EQ(caps.pasid_bits, 20);
	vtd_caps_decode(&caps, 0, VTD_ECAP_PASID | 7ull << 35);
	EXPECT_EQ(caps.pasid_bits, 8);
	vtd_caps_decode(&caps, 0, VTD_ECAP_PASID | 31ull << 35);
	EXPECT_EQ(caps.pasid_bits, 20);
	vtd_caps_decode(&caps, 0, 7ull << 35);
	EXPECT_EQ(caps.pasid_bits, 0);
	/* What the unit says in tables must be seen: walks that are not snooped tell nothing */
	for (unsigned int i = 0; i < 8; i++) {
		vtd_caps_decode(&caps, 0, (i & 1 ? 1ull << 45 : 0) | (i & 2 ? 1ull << 48 : 0) |
				(i & 4 ? 1ull << 46 : 0));
		EXPECT_EQ(caps.dirty, i == 7);
	}
}

/* ECAP.FSTS, CAP.FS5LP and CAP.FS1GP */
static void first_stage(void)
{
	struct vtd_caps caps;

	vtd_caps_decode(&caps, 0, 0);
	EXPECT(!caps.first_stage);
	EXPECT_EQ(caps.fs_levels, 4);
	EXPECT_EQ(caps.fs_leaf, 2);
	vtd_caps_decode(&caps, 1ull << 60 | 1ull << 56, 1ull << 47);
	EXPECT(caps.first_stage && !caps.second_stage);
	EXPECT_EQ(caps.fs_levels, 5);
	EXPECT_EQ(caps.fs_leaf, 3);
}

/* Tiger Lake says so without scalable mode; and the registers must be there */
static void page_requests(void)
{
	const u64 all = 1ull << 43 | 1ull << 29 | 1ull << 42 | 0xf00 | 1ull << 2 | 1ull << 1;
	const u64 cap = 0xd2008c222f0606;
	struct vtd_caps caps;

	vtd_caps_decode(&caps, cap, all);
	EXPECT(caps.page_requests && caps.page_drain);
	vtd_caps_decode(&caps, cap, all & ~(1ull << 42));
	EXPECT(caps.page_requests && !caps.page_drain);
	for (unsigned int i = 0; i < 4; i++) {
		static const u8 bit[] = { 43, 29, 2, 1 };

		vtd_caps_decode(&caps, cap, all & ~(1ull << bit[i]));
		EXPECT(!caps.page_requests && !caps.page_drain);
	}
	vtd_caps_decode(&caps, cap, all & ~0x100ull);
	EXPECT(!caps.page_requests);
	vtd_caps_decode(&caps, 0x1c0000c40660462, 0x69e2ff0505e);
	EXPECT(!caps.page_requests);
}

static void real_units(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct row *r = &rows[i];
		struct vtd_caps caps;
		int before = vtd_test_failures;

		vtd_caps_decode(&caps, r->cap, r->ecap);
		EXPECT_EQ(caps.width, r->width);
		EXPECT_EQ(caps.levels, r->levels);
		EXPECT_EQ(caps.max_leaf, r->max_leaf);
		EXPECT_EQ(caps.psi, r->psi);
		EXPECT_EQ(caps.fault_records, r->records);
		EXPECT_EQ(caps.coherent, r->coherent);
		EXPECT_EQ(caps.pass_through, r->pass_through);
		EXPECT_EQ(caps.snoop_control, r->snoop);
		EXPECT_EQ(caps.dev_tlb, r->ats);
		EXPECT_EQ(caps.scalable, r->scalable);
		EXPECT_EQ(caps.fault_offset, r->fault_offset);
		EXPECT_EQ(caps.iotlb_offset, r->iotlb_offset);
		EXPECT(caps.qi);
		EXPECT(!caps.caching_mode);
		EXPECT(!caps.write_flush);
		EXPECT(!vtd_caps_check(&caps, VTD_WINDOW_MIN));
		EXPECT_EQ(vtd_caps_window(&caps), VTD_WINDOW_MIN);
		if (vtd_test_failures != before)
			printf("# in row %s\n", r->name);
	}
}

static void domain_ids_and_masks(void)
{
	struct vtd_caps caps;

	vtd_caps_decode(&caps, 0xd2008c22260206, 0xf00f4a);
	EXPECT_EQ(caps.domain_ids, 65536);
	EXPECT_EQ(caps.max_mask, 18);
	EXPECT_EQ(caps.drain, VTD_DESC_IOTLB_DR | VTD_DESC_IOTLB_DW);
	vtd_caps_decode(&caps, 0xc0000020660462, 0xf0101a);
	EXPECT_EQ(caps.domain_ids, 256);
	EXPECT_EQ(caps.max_mask, 0);
	EXPECT(caps.low_protected && caps.high_protected && caps.zero_length_read);
	EXPECT(caps.int_remap);
	/* Sapphire Rapids: drains both, 4 + 2 * 6 bits, no protected regions above */
	vtd_caps_decode(&caps, 0x19ed008c40780c66, 0x3ee9e86f050df);
	EXPECT_EQ(caps.domain_ids, 65536);
	EXPECT_EQ(caps.max_mask, 45);
	/* The reserved count does not become more ids than a context entry can name */
	vtd_caps_decode(&caps, 7, 0);
	EXPECT_EQ(caps.domain_ids, 65536);
}

static void single_bits(void)
{
	struct vtd_caps caps;

	vtd_caps_decode(&caps, VTD_CAP_CM | VTD_CAP_RWBF, 0);
	EXPECT(caps.caching_mode && caps.write_flush);
	vtd_caps_decode(&caps, VTD_CAP_DRD, 0);
	EXPECT_EQ(caps.drain, VTD_DESC_IOTLB_DR);
	vtd_caps_decode(&caps, VTD_CAP_DWD, 0);
	EXPECT_EQ(caps.drain, VTD_DESC_IOTLB_DW);
	/* 1 GiB leaves without 2 MiB ones cannot be built from the bottom */
	vtd_caps_decode(&caps, BIT_ULL(35), 0);
	EXPECT_EQ(caps.max_leaf, 1);
	vtd_caps_decode(&caps, BIT_ULL(34), 0);
	EXPECT_EQ(caps.max_leaf, 2);
	/* Without the queue neither device TLBs nor interrupts can be invalidated */
	vtd_caps_decode(&caps, 0, VTD_ECAP_DT | VTD_ECAP_IR);
	EXPECT(!caps.dev_tlb && !caps.int_remap && !caps.qi);
	vtd_caps_decode(&caps, 0, VTD_ECAP_DT | VTD_ECAP_IR | VTD_ECAP_QI);
	EXPECT(caps.dev_tlb && caps.int_remap && caps.qi);
	EXPECT(!caps.table_flushes);
	vtd_caps_decode(&caps, VTD_CAP_ESIRTPS, 0);
	EXPECT(caps.table_flushes);
}

static const char *verdict(u64 cap, u64 ecap, u64 window)
{
	struct vtd_caps caps;

	vtd_caps_decode(&caps, cap, ecap);
	return vtd_caps_check(&caps, window);
}

static void unusable_units(void)
{
	const u64 cap = 0xd2008c22260206, ecap = 0xf00f4a;

	EXPECT_STR(verdict(~0ull, ~0ull, 0x8000), "its registers read all ones");
	EXPECT_STR(verdict(0, 0, 0x1000), "its registers read zero");
	/* No DMA, whatever its width is then; interrupts can be remapped */
	EXPECT(!verdict(cap & ~VTD_CAP_SAGAW, ecap, 0x1000));
	EXPECT(!verdict(cap & ~(VTD_CAP_SAGAW | VTD_CAP_MGAW), ecap, 0x1000));
	EXPECT_STR(verdict(cap | VTD_CAP_MGAW, ecap, 0x1000),
		   "its address width is beyond 57 bits");
	EXPECT_STR(verdict((cap & ~VTD_CAP_MGAW) | FIELD_PREP(VTD_CAP_MGAW, 28), ecap, 0x1000),
		   "its address width is below 30 bits");
	EXPECT(!verdict((cap & ~VTD_CAP_MGAW) | FIELD_PREP(VTD_CAP_MGAW, 29), ecap, 0x1000));
	EXPECT_STR(verdict(cap & ~VTD_CAP_FRO, ecap, 0x1000),
		   "its fault records lie over other registers");
	EXPECT_STR(verdict(cap, ecap & ~VTD_ECAP_IRO, 0x1000),
		   "its IOTLB registers lie over other registers");
	EXPECT_STR(verdict(cap | VTD_CAP_FRO, ecap, 0x1000),
		   "its fault records lie outside its window");
	EXPECT_STR(verdict(cap, ecap | VTD_ECAP_IRO, 0x1000),
		   "its IOTLB registers lie outside its window");
	/* Records at the last bytes of the window, and one too many */
	EXPECT(!verdict((cap & ~(VTD_CAP_FRO | VTD_CAP_NFR)) | FIELD_PREP(VTD_CAP_FRO, 0xff),
			ecap, 0x1000));
	EXPECT(verdict((cap & ~(VTD_CAP_FRO | VTD_CAP_NFR)) | FIELD_PREP(VTD_CAP_FRO, 0xff) |
		       FIELD_PREP(VTD_CAP_NFR, 1), ecap, 0x1000));
}

static void window_covers_everything(void)
{
	struct vtd_caps caps;

	vtd_caps_decode(&caps, VTD_CAP_FRO | VTD_CAP_NFR, 0);
	EXPECT_EQ(vtd_caps_window(&caps), 0x5000);
	vtd_caps_decode(&caps, 0, VTD_ECAP_IRO);
	EXPECT_EQ(vtd_caps_window(&caps), 0x4000);
	vtd_caps_decode(&caps, FIELD_PREP(VTD_CAP_FRO, 0x100), 0);
	EXPECT_EQ(vtd_caps_window(&caps), 0x2000);
	vtd_caps_decode(&caps, ~0ull, ~0ull);
	EXPECT_EQ(vtd_caps_window(&caps), 0x5000);
}

static void levels(void)
{
	struct vtd_caps caps = { .levels = L3 | L5 };

	EXPECT_EQ(vtd_caps_levels_for(&caps, 30), 3);
	EXPECT_EQ(vtd_caps_levels_for(&caps, 39), 3);
	EXPECT_EQ(vtd_caps_levels_for(&caps, 40), 5);
	EXPECT_EQ(vtd_caps_levels_for(&caps, 57), 5);
	EXPECT_EQ(vtd_caps_levels_for(&caps, 58), 0);
	EXPECT_EQ(vtd_caps_max_levels(&caps), 5);
	caps.levels = L4;
	EXPECT_EQ(vtd_caps_levels_for(&caps, 30), 4);
	EXPECT_EQ(vtd_caps_levels_for(&caps, 49), 0);
	EXPECT_EQ(vtd_caps_max_levels(&caps), 4);
	caps.levels = 0;
	EXPECT_EQ(vtd_caps_levels_for(&caps, 1), 0);
	EXPECT_EQ(vtd_caps_max_levels(&caps), 0);
}

VTD_TESTS("caps", TEST(real_units), TEST(pasids), TEST(first_stage),
	  TEST(page_requests), TEST(domain_ids_and_masks), TEST(single_bits),
	  TEST(unusable_units), TEST(window_covers_everything), TEST(levels))

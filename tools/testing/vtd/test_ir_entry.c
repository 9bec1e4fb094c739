// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupt remapping entries bit by bit as sections 9.9 and 9.10 have them, what
 * is verified of each kind of source, and what a unit can see while one entry
 * replaces another by single words.
 */
#include "vtd_test.h"

#include "context/install.c"
#include "hw/descriptors.h"
#include "irq/ir_entry.c"

static const struct vtd_ir_source nvme = { VTD_SVT_ID, VTD_SQ_ALL, 0x0310 };
static const struct vtd_ir_source hpet = { VTD_SVT_ID, VTD_SQ_NOT_2_0, 0xf0f8 };

static void remapped(void)
{
	struct vtd_irte e;

	vtd_ir_remapped(&e, 0x31, 0x12345678, false, true, &nvme);
	EXPECT_EQ(e.lo, 0x1234567800310001ull);
	EXPECT_EQ(e.hi, 0x0000000000040310ull);
	vtd_ir_remapped(&e, 0xfe, 0x12345678, true, false, &hpet);
	EXPECT_EQ(e.lo, 0x0000780000fe0005ull);
	EXPECT_EQ(e.hi, 0x000000000007f0f8ull);
}

static void posted(void)
{
	struct vtd_irte e;

	vtd_ir_posted(&e, 0x41, 0x123456789abcdec0ull, &nvme);
	EXPECT_EQ(e.lo & 0xffffff, 0x418001ull);
	EXPECT_EQ(e.lo >> 38 << 6, 0x9abcdec0ull);
	EXPECT_EQ(e.hi, 0x1234567800040310ull);
	/* Reserved bits of 9.10 */
	EXPECT_EQ(e.lo & 0x3fff0030fcull, 0);
}

static void message(void)
{
	u32 address, data;

	vtd_ir_message(0, 0, &address, &data);
	EXPECT_EQ(address, 0xfee00018u);
	EXPECT_EQ(data, 0);
	vtd_ir_message(0xffff, 31, &address, &data);
	EXPECT_EQ(address, 0xfeeffffcu);
	EXPECT_EQ(data, 31);
	vtd_ir_message(0x8001, 0, &address, &data);
	EXPECT_EQ(address, 0xfee0003cu);
}

static void expect_source(struct vtd_ir_aliases a, u8 svt, u16 sid)
{
	struct vtd_ir_source s = vtd_ir_pci_source(&a);

	EXPECT_EQ(s.svt, svt);
	EXPECT_EQ(s.sq, VTD_SQ_ALL);
	EXPECT_EQ(s.sid, sid);
}

static void sources(void)
{
	/* Itself */
	expect_source((struct vtd_ir_aliases) { 0x0310, 0x0310, 3, 1, true }, VTD_SVT_ID, 0x0310);
	/* Behind a bridge to conventional PCI with buses 4 and 5 */
	expect_source((struct vtd_ir_aliases) { 0x0508, 0x0400, 3, 2, false }, VTD_SVT_BUS, 0x0405);
	/* Sends from several functions of its bus */
	expect_source((struct vtd_ir_aliases) { 0x0700, 0x0701, 7, 3, true }, VTD_SVT_BUS, 0x0707);
	/* A bridge that takes over as the device that it is */
	expect_source((struct vtd_ir_aliases) { 0x0508, 0x00f0, 0, 2, false }, VTD_SVT_ID, 0x00f0);
}

static void sources_checked(void)
{
	const struct vtd_ir_source none = { VTD_SVT_NONE, 0, 0 };
	const struct vtd_ir_source but_2 = { VTD_SVT_ID, 1, 0x0310 };
	const struct vtd_ir_source but_2_1 = { VTD_SVT_ID, 2, 0x0310 };
	const struct vtd_ir_source buses = { VTD_SVT_BUS, 0, 0x0405 };
	struct vtd_irte e;

	EXPECT(vtd_ir_source_takes(&nvme, 0x0310));
	EXPECT(!vtd_ir_source_takes(&nvme, 0x0311));
	EXPECT(!vtd_ir_source_takes(&nvme, 0x0410));
	EXPECT(vtd_ir_source_takes(&hpet, 0xf0ff) && !vtd_ir_source_takes(&hpet, 0xf0f0));
	EXPECT(vtd_ir_source_takes(&but_2, 0x0314) && !vtd_ir_source_takes(&but_2, 0x0312));
	EXPECT(vtd_ir_source_takes(&but_2_1, 0x0316) && !vtd_ir_source_takes(&but_2_1, 0x0311));
	EXPECT(vtd_ir_source_takes(&buses, 0x04ff) && vtd_ir_source_takes(&buses, 0x0500));
	EXPECT(!vtd_ir_source_takes(&buses, 0x0310) && !vtd_ir_source_takes(&buses, 0x0600));
	EXPECT(vtd_ir_source_takes(&none, 0x1234));
	/* What is written into an entry is read out of it */
	vtd_ir_remapped(&e, 0x31, 1, true, false, &hpet);
	EXPECT_EQ(vtd_ir_source_of(&e).sid, hpet.sid);
	EXPECT_EQ(vtd_ir_source_of(&e).sq, hpet.sq);
	EXPECT_EQ(vtd_ir_source_of(&e).svt, hpet.svt);
}

static void mode(void)
{
	const char *why;
	unsigned int i;

	for (i = 0; i < 16; i++) {
		struct vtd_ir_facts f = { i & 1, i & 2, i & 4, i & 8 };
		bool want = f.cpu_x2apic && f.units_x2apic && (!f.opt_out || f.override);

		EXPECT_EQ(vtd_ir_use_x2apic(&f, &why), want);
		EXPECT_EQ(!!why, f.cpu_x2apic && !want);
	}
}

static bool same(const u64 a[2], struct vtd_irte b)
{
	return a[0] == b.lo && a[1] == b.hi;
}

/* Old, new, or not present: never a vector with somebody else's check */
static void replace(struct vtd_irte from, struct vtd_irte to, bool hitless)
{
	u64 old[] = { from.lo, from.hi }, new[] = { to.lo, to.hi }, now[] = { from.lo, from.hi };
	struct vtd_install_step step[VTD_INSTALL_STEPS];
	unsigned int i, n = vtd_install_plan(old, new, 2, step);

	for (i = 0; i < n; i++) {
		now[step[i].word] = step[i].value;
		if (now[0] & VTD_IRTE_P)
			EXPECT(same(now, from) || same(now, to));
		else if (hitless)
			EXPECT(to.lo == 0);
	}
	EXPECT(same(now, to));
}

static void replacements(void)
{
	struct vtd_irte none = { 0, 0 }, here, there, guest;

	vtd_ir_remapped(&here, 0x31, 1, true, false, &nvme);
	vtd_ir_remapped(&there, 0x41, 2, true, false, &nvme);
	vtd_ir_posted(&guest, 0x51, 0x100000040ull, &nvme);
	replace(none, here, false);
	replace(here, there, true);	/* moving never loses one */
	replace(here, guest, false);
	replace(guest, there, false);
	replace(there, none, false);
}

static void descriptors(void)
{
	EXPECT_EQ(vtd_desc_iec_all().lo, 4);
	EXPECT_EQ(vtd_desc_iec(0xfff0, 4).lo, 0x0000fff020000014ull);
	EXPECT_EQ(vtd_desc_iec(0xfff0, 4).hi, 0);
}

VTD_TESTS("interrupt entries", TEST(remapped), TEST(posted), TEST(message), TEST(sources),
	  TEST(sources_checked), TEST(mode), TEST(replacements), TEST(descriptors))

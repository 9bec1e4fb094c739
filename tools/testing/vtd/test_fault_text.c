// SPDX-License-Identifier: GPL-2.0
/* Fault records: taken apart, named, and explained. */
#include "vtd_test.h"

#include "unit/fault_text.c"

/* The line that scripts match: written by domain/, its words come from here */
static const char *line(u64 lo, u64 hi)
{
	static char text[256];
	struct vtd_fault f;

	vtd_fault_decode(&f, lo, hi);
	snprintf(text, sizeof(text),
		 "DMAR: [%s NO_PASID] Request device [%02x:%02x.%d] fault addr 0x%llx [fault reason 0x%02x] %s",
		 vtd_fault_type(&f), f.sid >> 8, f.sid >> 3 & 31, f.sid & 7,
		 (unsigned long long)f.address, f.reason, vtd_fault_reason(f.reason));
	return text;
}

static u64 record(u16 sid, u8 reason, u64 bits)
{
	return BIT_ULL(63) | sid | (u64)reason << 32 | bits;
}

#define T1	BIT_ULL(62)
#define T2	BIT_ULL(28)

static void golden_lines(void)
{
	EXPECT_STR(line(0x1000, record(0x0010, 6, T1)),
		   "DMAR: [DMA Read NO_PASID] Request device [00:02.0] fault addr 0x1000 [fault reason 0x06] PTE Read access is not set");
	EXPECT_STR(line(0xfffff0000fff, record(0x03ff, 5, 0)),
		   "DMAR: [DMA Write NO_PASID] Request device [03:1f.7] fault addr 0xfffff0000000 [fault reason 0x05] PTE Write access is not set");
	EXPECT_STR(line(0x2000, record(0x0010, 0xd, T1)),
		   "DMAR: [DMA Read NO_PASID] Request device [00:02.0] fault addr 0x2000 [fault reason 0x0d] PCE for translation request specifies blocking");
	EXPECT_STR(line(0, record(0xff00, 2, T1 | T2)),
		   "DMAR: [DMA Atomic NO_PASID] Request device [ff:00.0] fault addr 0x0 [fault reason 0x02] Context entry of the device is not present");
	EXPECT_STR(line(0, record(0x0100, 0x47, T2)),
		   "DMAR: [Page Request NO_PASID] Request device [01:00.0] fault addr 0x0 [fault reason 0x47] Context entry allows the device no page requests");
}

static void fields(void)
{
	struct vtd_fault f;

	vtd_fault_decode(&f, 0x123456789abcdfff, BIT_ULL(63) | T1 | 2ull << 60 |
			 0xabcdeull << 40 | 0x71ull << 32 | BIT_ULL(31) | BIT_ULL(30) |
			 BIT_ULL(29) | 0xbeef);
	EXPECT_EQ(f.address, 0x123456789abcd000);
	EXPECT_EQ(f.pasid, 0xabcde);
	EXPECT_EQ(f.sid, 0xbeef);
	EXPECT_EQ(f.reason, 0x71);
	EXPECT_EQ(f.type, 2);
	EXPECT_EQ(f.translated, 2);
	EXPECT(f.has_pasid && f.exec && f.priv);
	EXPECT(!vtd_fault_is_write(&f));

	/* Without PP, the PASID and what goes with it are noise */
	vtd_fault_decode(&f, 0, BIT_ULL(63) | 0xabcdeull << 40 | BIT_ULL(30) | BIT_ULL(29));
	EXPECT(!f.has_pasid && !f.exec && !f.priv && !f.pasid);
	EXPECT(vtd_fault_is_write(&f));
	EXPECT_EQ(f.type, 0);
}

static void interrupts(void)
{
	struct vtd_fault f;

	vtd_fault_decode(&f, 0x1234ull << 48 | 0xfff, record(0xf0f8, 0x22, T1));
	EXPECT(vtd_fault_is_interrupt(&f));
	EXPECT_EQ(f.address, 0x1234);
	EXPECT_STR(vtd_fault_type(&f), "INTR-REMAP");
	for (unsigned int reason = 0; reason < 256; reason++) {
		f.reason = reason;
		EXPECT_EQ(vtd_fault_is_interrupt(&f), reason >= 0x20 && reason <= 0x27);
	}
}

static void every_reason_has_a_text(void)
{
	static const u8 known[] = {
		1, 2, 3, 4, 5, 6, 7, 8, 9, 0xa, 0xb, 0xc, 0xd, 0xe,
		0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x30, 0x31, 0x32,
		0x38, 0x39, 0x3a, 0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47,
		0x48, 0x50, 0x51, 0x52, 0x58, 0x59, 0x5a, 0x5b, 0x5c, 0x5d,
		0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a,
		0x7b, 0x7c, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x90,
	};
	const char *unknown = vtd_fault_reason(0xff);

	for (unsigned int i = 0; i < 256; i++) {
		const char *text = vtd_fault_reason(i);

		EXPECT(text && strlen(text) > 4 && !strchr(text, '\n'));
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(known); i++) {
		EXPECT(strcmp(vtd_fault_reason(known[i]), unknown));
		for (unsigned int j = 0; j < i; j++)
			EXPECT(strcmp(vtd_fault_reason(known[i]), vtd_fault_reason(known[j])));
	}
}

/* The word or words before the colon are what a user looks for */
static void expect_verdict(u8 reason, u8 type, u64 address,
			   struct vtd_fault_facts facts, const char *start)
{
	struct vtd_fault f = { .reason = reason, .type = type, .address = address };
	const char *text = vtd_fault_verdict(&f, &facts);

	EXPECT(text && !strncmp(text, start, strlen(start)));
	if (!text || strncmp(text, start, strlen(start)))
		printf("# \"%s\", not \"%s...\"\n", text ?: "(null)", start);
}

#define KNOWN	.known_device = true, .width = 39
#define PAGED	KNOWN, .attached = true
#define FACTS(...) ((struct vtd_fault_facts) { __VA_ARGS__ })

static void verdicts(void)
{
	expect_verdict(6, 2, 0x1000, FACTS(PAGED), "not mapped");
	expect_verdict(5, 0, 0x1000, FACTS(PAGED), "not mapped");
	expect_verdict(5, 0, 0x1000, FACTS(PAGED, .present = true, .readable = true),
		       "wrong direction: the driver mapped this memory read-only");
	expect_verdict(5, 3, 0x1000, FACTS(PAGED, .present = true, .readable = true),
		       "wrong direction: the driver mapped this memory read-only");
	expect_verdict(6, 2, 0x1000, FACTS(PAGED, .present = true, .writable = true),
		       "wrong direction: the driver mapped this memory write-only");
	expect_verdict(6, 2, 0x1000, FACTS(PAGED, .present = true, .readable = true),
		       "mapped by now");
	expect_verdict(6, 2, 1ull << 39, FACTS(PAGED), "beyond the width");
	/* The same of first-stage tables */
	expect_verdict(0x71, 0, 0x1000, FACTS(PAGED), "not mapped");
	expect_verdict(0x71, 0, 0x1000, FACTS(KNOWN, .no_driver = true), "no driver is bound");
	expect_verdict(0x85, 0, 0x1000, FACTS(PAGED, .present = true, .readable = true),
		       "wrong direction: the driver mapped this memory read-only");
	expect_verdict(0x80, 0, 1ull << 38, FACTS(PAGED), "beyond the width");
	expect_verdict(0x72, 0, 0x200000, FACTS(PAGED, .large = true), "large pages do not work");
	expect_verdict(6, 2, (1ull << 39) - 0x1000, FACTS(PAGED), "not mapped");
	expect_verdict(4, 2, 0, FACTS(PAGED), "beyond the width");
	expect_verdict(6, 2, ~0xfffull, FACTS(.known_device = true, .attached = true),
		       "not mapped");
	expect_verdict(6, 2, ~0xfffull, FACTS(.known_device = true, .attached = true, .width = 64),
		       "not mapped");
	expect_verdict(2, 2, 0, FACTS(KNOWN), "no entry");
	expect_verdict(1, 2, 0, FACTS(KNOWN), "no entry");
	expect_verdict(2, 2, 0, FACTS(0), "no such device");
	expect_verdict(6, 2, 0, FACTS(0), "no such device");
	expect_verdict(2, 2, 0, FACTS(KNOWN, .blocked = true), "the device is blocked");
	expect_verdict(6, 2, 0, FACTS(KNOWN, .identity = true), "neither RAM nor");
	expect_verdict(6, 2, 0, FACTS(KNOWN), "active while it was set up");
	/* A fault of a device without driver is nobody's mapping */
	expect_verdict(6, 2, 0x1000, FACTS(PAGED, .no_driver = true), "no driver is bound");
	expect_verdict(5, 0, 0x1000, FACTS(PAGED, .no_driver = true, .present = true),
		       "no driver is bound");
	expect_verdict(2, 2, 0, FACTS(KNOWN, .no_driver = true), "no driver is bound");
	expect_verdict(6, 2, 0, FACTS(KNOWN, .no_driver = true), "no driver is bound");
	expect_verdict(6, 2, 0, FACTS(KNOWN, .no_driver = true, .identity = true),
		       "neither RAM nor");
	expect_verdict(6, 2, 0, FACTS(KNOWN, .no_driver = true, .blocked = true),
		       "the device is blocked");
	expect_verdict(6, 2, 1ull << 39, FACTS(PAGED, .no_driver = true), "beyond the width");
	expect_verdict(2, 2, 0, FACTS(.no_driver = true), "no such device");
	expect_verdict(0xc, 2, 0, FACTS(PAGED, .present = true, .large = true), "large pages");
	expect_verdict(0xc, 2, 0, FACTS(PAGED, .present = true), "the page table has a bit");
	expect_verdict(0xd, 2, 0, FACTS(PAGED), "translated requests");
	expect_verdict(0x44, 2, 0, FACTS(PAGED), "translated requests");
	expect_verdict(0x59, 2, 0, FACTS(KNOWN), "no entry");
	expect_verdict(0x59, 2, 0, FACTS(KNOWN, .no_driver = true), "no driver is bound");
	expect_verdict(0x31, 2, 0, FACTS(PAGED), "nobody has given it PASIDs");
	expect_verdict(0x45, 2, 0, FACTS(PAGED), "nobody has given it PASIDs");
	expect_verdict(0x32, 2, 0, FACTS(PAGED), "nobody answers its page requests");
	expect_verdict(0x47, 2, 0, FACTS(PAGED), "nobody answers its page requests");
	expect_verdict(0xe, 2, 0, FACTS(PAGED), "the address belongs to interrupts");
	expect_verdict(3, 0, 0, FACTS(PAGED), "tables broken");
}

static void expect_interrupt(u8 reason, bool present, bool own, const char *start)
{
	struct vtd_fault f = { .reason = reason, .address = 3 };
	struct vtd_interrupt_facts facts = { .present = present, .own = own };
	const char *text = vtd_interrupt_verdict(&f, &facts);

	EXPECT(text && !strncmp(text, start, strlen(start)));
}

static void interrupt_verdicts(void)
{
	expect_interrupt(0x20, true, true, "the message is malformed");
	expect_interrupt(0x21, false, false, "there is no such entry");
	expect_interrupt(0x22, false, false, "nobody has this entry");
	expect_interrupt(0x22, true, false, "the message was not given to it");
	expect_interrupt(0x22, true, true, "it came before");
	expect_interrupt(0x23, true, true, "the table is broken");
	expect_interrupt(0x24, true, true, "the table is broken");
	expect_interrupt(0x25, false, false, "in the old format");
	expect_interrupt(0x26, true, false, "it uses a message that was given to another");
	expect_interrupt(0x26, true, true, "the entry is its own by now");
	expect_interrupt(0x27, true, true, "the virtual CPU");
}

static void every_verdict_is_text(void)
{
	for (unsigned int i = 0; i < 256 << 10; i++) {
		struct vtd_fault f = { .reason = i, .type = i >> 8 & 3 };
		struct vtd_fault_facts facts = {
			.known_device = i & BIT(10), .attached = i & BIT(11),
			.blocked = i & BIT(12), .identity = i & BIT(13),
			.present = i & BIT(14), .readable = i & BIT(15),
			.writable = i & BIT(16), .large = i & BIT(17), .width = 39,
		};

		EXPECT(vtd_fault_verdict(&f, &facts));
	}
}

VTD_TESTS("fault_text", TEST(golden_lines), TEST(fields), TEST(interrupts),
	  TEST(every_reason_has_a_text), TEST(verdicts), TEST(interrupt_verdicts),
	  TEST(every_verdict_is_text))

// SPDX-License-Identifier: GPL-2.0
/*
 * Page requests bit by bit (section 7.4.1.1), their answers (section 7.6.1), and their
 * groups, against lists that know no bound.
 */
#include "vtd_test.h"

#include "unit/page_request.c"

#define READ	0x1ull
#define WRITE	0x2ull
#define LAST	0x4ull

static struct vtd_page_request r;

static enum vtd_page_verdict decode(u64 lo, u64 hi)
{
	const u64 word[4] = { lo, hi, 0x1111, 0x2222 };

	memset(&r, 0xa5, sizeof(r));
	return vtd_page_decode(&r, word);
}

static void fields(void)
{
	/* Type 1, PASID 0x54321 present, requester 00:1f.2; page, index 0x155, last, rw */
	EXPECT_EQ(decode(0x0005432100fa0101ull, 0x0000123456789aafull), VTD_PAGE_ASKED);
	EXPECT_EQ(r.address, 0x123456789000ull);
	EXPECT_EQ(r.pasid, 0x54321);
	EXPECT_EQ(r.sid, 0x00fa);
	EXPECT_EQ(r.group, 0x155);
	EXPECT(r.has_pasid && r.read && r.write && r.last);
	/* Without PASID its field says nothing */
	EXPECT_EQ(decode(0x0005432100fa0001ull, 0x0000123456789001ull), VTD_PAGE_ASKED);
	EXPECT_EQ(r.pasid, 0);
	EXPECT(!r.has_pasid && r.read && !r.write && !r.last);
	EXPECT_EQ(r.group, 0);
}

static void refusals(void)
{
	const u64 pasid = 0x0000000500100101ull, plain = 0x0000000000100001ull;

	/* Stop marker: nobody waits for an answer */
	EXPECT_EQ(decode(pasid, LAST), VTD_PAGE_DROPPED);
	EXPECT_EQ(decode(plain, LAST), VTD_PAGE_DROPPED);
	/* Of a type that there is not */
	EXPECT_EQ(decode(pasid & ~0xffull, READ | LAST), VTD_PAGE_DROPPED);
	EXPECT_EQ(decode(pasid | 2, READ | LAST), VTD_PAGE_DROPPED);
	/* Execution, privilege */
	EXPECT_EQ(decode(pasid | 1ull << 52, READ | LAST), VTD_PAGE_REFUSED);
	EXPECT_EQ(decode(pasid | 1ull << 53, READ | LAST), VTD_PAGE_REFUSED);
	EXPECT_EQ(decode(pasid | 1ull << 53, READ), VTD_PAGE_REFUSED);
	EXPECT(r.refused && !r.last);
	/* PASID 0 with a prefix */
	EXPECT_EQ(decode(0x0000000000100101ull, WRITE | LAST), VTD_PAGE_REFUSED);
	/* Addresses that no paging has */
	EXPECT_EQ(decode(pasid, 0x0100000000000000ull | READ | LAST), VTD_PAGE_REFUSED);
	EXPECT_EQ(decode(pasid, 0x8000000000000000ull | READ | LAST), VTD_PAGE_REFUSED);
	EXPECT_EQ(decode(pasid, 0x00fffffffffff000ull | READ | LAST), VTD_PAGE_ASKED);
	EXPECT_EQ(decode(pasid, 0xff00000000000000ull | READ | LAST), VTD_PAGE_ASKED);
	EXPECT_EQ(decode(plain, READ | LAST), VTD_PAGE_ASKED);
}

static void answers(void)
{
	struct vtd_desc d;

	decode(0x0005432100fa0101ull, 0x0000123456789aafull);
	d = vtd_page_answer(&r, VTD_PAGE_SUCCESS);
	EXPECT_EQ(d.lo, 0x0005432100fa0019ull);
	/* LPIG and all around PRGI is reserved */
	EXPECT_EQ(d.hi, 0x0000000000000aa8ull);
	d = vtd_page_answer(&r, VTD_PAGE_FAILURE);
	EXPECT_EQ(d.lo, 0x0005432100faf019ull);
	d = vtd_page_answer(&r, VTD_PAGE_INVALID);
	EXPECT_EQ(d.lo, 0x0005432100fa1019ull);
	/* Without a PASID in the request there is none in the answer */
	decode(0x0005432100fa0001ull, READ | LAST);
	d = vtd_page_answer(&r, VTD_PAGE_SUCCESS);
	EXPECT_EQ(d.lo, 0x0000000000fa0009ull);
	EXPECT_EQ(d.hi, 0);
}

static struct vtd_page_request ask(u32 pasid, u16 group, u64 address)
{
	return (struct vtd_page_request) {
		.address = address, .pasid = pasid, .group = group, .has_pasid = pasid,
		.read = true,
	};
}

static void groups(void)
{
	struct vtd_pages pages = { 0 };
	struct vtd_page_request q = ask(5, 7, 0x1000), last = ask(5, 7, 0x9000);

	EXPECT(vtd_pages_keep(&pages, &q));
	q = ask(6, 7, 0x2000);
	EXPECT(vtd_pages_keep(&pages, &q));
	q = ask(0, 7, 0x3000);
	EXPECT(vtd_pages_keep(&pages, &q));
	q = ask(5, 7, 0x4000);
	EXPECT(vtd_pages_keep(&pages, &q));
	/* Of the same PASID and index, in the order they came */
	EXPECT(vtd_pages_take(&pages, &last, &q));
	EXPECT_EQ(q.address, 0x1000);
	EXPECT(vtd_pages_take(&pages, &last, &q));
	EXPECT_EQ(q.address, 0x4000);
	EXPECT(!vtd_pages_take(&pages, &last, &q));
	EXPECT_EQ(pages.count, 2);
	/* One that nobody may have spoils its group, and no other */
	q = ask(6, 8, 0x5000);
	q.refused = true;
	EXPECT(vtd_pages_keep(&pages, &q));
	q = ask(6, 8, 0x6000);
	EXPECT(vtd_pages_spoilt(&pages, &q));
	EXPECT(!vtd_pages_spoilt(&pages, &last));
	q = ask(6, 7, 0x6000);
	EXPECT(!vtd_pages_spoilt(&pages, &q));
	q = ask(6, 8, 0x6000);
	EXPECT(vtd_pages_take(&pages, &q, &q));
	vtd_pages_forget(&pages, 0);
	EXPECT_EQ(pages.count, 1);
	EXPECT_EQ(pages.kept[0].pasid, 6);
	vtd_pages_forget(&pages, 6);
	EXPECT_EQ(pages.count, 0);
}

/* A million requests of groups that never end: no more is kept than there is room for */
static void flood(void)
{
	struct vtd_pages pages = { 0 };
	unsigned int kept = 0;

	for (u32 i = 0; i < 1000000; i++) {
		struct vtd_page_request q = ask(1 + i % 4096, i % 512, (u64)i << 12);

		kept += vtd_pages_keep(&pages, &q);
	}
	EXPECT_EQ(kept, VTD_PAGES_KEPT);
	EXPECT_EQ(pages.count, VTD_PAGES_KEPT);
}

/* The oracle: all that was kept and neither taken nor forgotten, in order */
static struct vtd_page_request oracle[VTD_PAGES_KEPT];
static unsigned int oracle_count;

static void oracle_drop(unsigned int i)
{
	for (oracle_count--; i < oracle_count; i++)
		oracle[i] = oracle[i + 1];
}

static void step_take(struct vtd_pages *pages, const struct vtd_page_request *last)
{
	struct vtd_page_request got;
	unsigned int i = 0;

	while (vtd_pages_take(pages, last, &got)) {
		while (i < oracle_count && (oracle[i].pasid != last->pasid ||
					    oracle[i].group != last->group))
			i++;
		EXPECT(i < oracle_count);
		if (i >= oracle_count)
			return;
		EXPECT_EQ(got.address, oracle[i].address);
		oracle_drop(i);
	}
	for (i = 0; i < oracle_count; i++)
		EXPECT(oracle[i].pasid != last->pasid || oracle[i].group != last->group);
}

static void step_forget(struct vtd_pages *pages, u32 pasid)
{
	unsigned int i = 0;

	vtd_pages_forget(pages, pasid);
	while (i < oracle_count)
		if (oracle[i].pasid == pasid)
			oracle_drop(i);
		else
			i++;
}

static void walk(void)
{
	struct vtd_pages pages = { 0 };

	srand(20);
	oracle_count = 0;
	for (u32 i = 0; i < 200000 && !vtd_test_failures; i++) {
		struct vtd_page_request q = ask(rand() % 4, rand() % 8, (u64)i << 12);
		int what = rand() % 64;

		if (what == 0) {
			step_forget(&pages, q.pasid);
		} else if (what < 12) {
			step_take(&pages, &q);
		} else if (vtd_pages_keep(&pages, &q)) {
			EXPECT(oracle_count < VTD_PAGES_KEPT);
			oracle[oracle_count++] = q;
		} else {
			EXPECT_EQ(oracle_count, VTD_PAGES_KEPT);
		}
		EXPECT_EQ(pages.count, oracle_count);
	}
}

VTD_TESTS("page_request", TEST(fields), TEST(refusals), TEST(answers), TEST(groups),
	  TEST(flood), TEST(walk))

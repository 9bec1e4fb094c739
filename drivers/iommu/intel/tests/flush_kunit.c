// SPDX-License-Identifier: GPL-2.0
/* Which descriptors a change of a domain's tables becomes. */

#include <kunit/test.h>

#include "domain/flush.h"
#include "unit/queue.h"
#include "unit/unit.h"

#define DID	0x42

static const struct vtd_caps flush_psi = {
	.psi = true, .max_mask = 18, .drain = VTD_DESC_IOTLB_DR | VTD_DESC_IOTLB_DW,
};

static void flush_plan(struct kunit *test, struct vtd_batch *batch,
		       const struct vtd_caps *caps, u64 first, u64 last, bool leaf)
{
	const struct vtd_flush flush = { .first = first, .last = last, .leaf = leaf };
	const struct vtd_tag tag = vtd_flush_second(caps, DID);

	batch->count = 0;
	vtd_flush_plan(batch, &tag, &flush);
	KUNIT_ASSERT_GT(test, batch->count, 0);
	KUNIT_ASSERT_LE(test, batch->count, VTD_BATCH_MAX);
}

static void flush_expect_pages(struct kunit *test, const struct vtd_desc *desc,
			       u64 addr, u32 am, bool leaf)
{
	struct vtd_desc want = vtd_desc_iotlb_pages(DID, flush_psi.drain, addr, am, leaf);

	KUNIT_EXPECT_EQ(test, desc->lo, want.lo);
	KUNIT_EXPECT_EQ(test, desc->hi, want.hi);
}

static void flush_expect_domain(struct kunit *test, const struct vtd_batch *batch,
				u64 drain)
{
	struct vtd_desc want = vtd_desc_iotlb(VTD_INV_DOMAIN, DID, drain);

	KUNIT_EXPECT_EQ(test, batch->count, 1);
	KUNIT_EXPECT_EQ(test, batch->desc[0].lo, want.lo);
	KUNIT_EXPECT_EQ(test, batch->desc[0].hi, want.hi);
}

static void flush_one_page(struct kunit *test)
{
	struct vtd_batch batch;

	flush_plan(test, &batch, &flush_psi, 0x5000, 0x5fff, true);
	KUNIT_EXPECT_EQ(test, batch.count, 1);
	flush_expect_pages(test, &batch.desc[0], 0x5000, 0, true);
}

static void flush_aligned_block(struct kunit *test)
{
	struct vtd_batch batch;

	flush_plan(test, &batch, &flush_psi, 0x200000, 0x3fffff, true);
	KUNIT_EXPECT_EQ(test, batch.count, 1);
	flush_expect_pages(test, &batch.desc[0], 0x200000, 9, true);
}

/* Tables went: the hint would keep the paging-structure caches */
static void flush_no_hint_with_tables(struct kunit *test)
{
	struct vtd_batch batch;

	flush_plan(test, &batch, &flush_psi, 0x200000, 0x3fffff, false);
	KUNIT_EXPECT_EQ(test, batch.count, 1);
	flush_expect_pages(test, &batch.desc[0], 0x200000, 9, false);
}

/* A map may have linked tables, or its neighbour has: a unit may keep these as absent */
static void flush_no_hint_for_maps(struct kunit *test)
{
	struct vtd_flush flush = { .first = 0x5000, .last = 0x5fff, .absent = true };
	const struct vtd_tag tag = vtd_flush_second(&flush_psi, DID);
	struct vtd_batch batch = { };

	vtd_flush_plan(&batch, &tag, &flush);
	KUNIT_EXPECT_EQ(test, batch.count, 1);
	flush_expect_pages(test, &batch.desc[0], 0x5000, 0, false);
	flush.leaf = true;
	vtd_flush_plan(&batch, &tag, &flush);
	KUNIT_EXPECT_EQ(test, batch.count, 2);
	flush_expect_pages(test, &batch.desc[1], 0x5000, 0, false);
}

/* Two pages across an alignment boundary: two exact blocks, not one huge one */
static void flush_straddle(struct kunit *test)
{
	struct vtd_batch batch;

	flush_plan(test, &batch, &flush_psi, 0x3ffff000, 0x40000fff, true);
	KUNIT_EXPECT_EQ(test, batch.count, 2);
	flush_expect_pages(test, &batch.desc[0], 0x3ffff000, 0, true);
	flush_expect_pages(test, &batch.desc[1], 0x40000000, 0, true);
}

/* More blocks than are worth it: one that covers them */
static void flush_ragged(struct kunit *test)
{
	struct vtd_batch batch;

	flush_plan(test, &batch, &flush_psi, 0x1000, 0x1effff, true);
	KUNIT_EXPECT_EQ(test, batch.count, 1);
	flush_expect_pages(test, &batch.desc[0], 0, 9, true);
}

static void flush_beyond_mask(struct kunit *test)
{
	struct vtd_batch batch;

	/* Four blocks of the largest size still fit ... */
	flush_plan(test, &batch, &flush_psi, 0, (4ull << 30) - 1, true);
	KUNIT_EXPECT_EQ(test, batch.count, 4);
	flush_expect_pages(test, &batch.desc[3], 3ull << 30, 18, true);

	/* ... five do not, and no mask covers them */
	flush_plan(test, &batch, &flush_psi, 0, (5ull << 30) - 1, true);
	flush_expect_domain(test, &batch, flush_psi.drain);
}

static void flush_without_psi(struct kunit *test)
{
	const struct vtd_caps caps = { .psi = false, .max_mask = 18 };
	struct vtd_batch batch;

	flush_plan(test, &batch, &caps, 0x5000, 0x5fff, true);
	flush_expect_domain(test, &batch, 0);
}

/* Whatever the range: what is flushed holds all of it */
static void flush_covers_everything(struct kunit *test)
{
	u64 first, size, page;
	struct vtd_batch batch;
	unsigned int i;

	for (first = 0; first < 0x20000; first += 0x1000) {
		for (size = 0x1000; size < 0x20000; size += 0x1000) {
			flush_plan(test, &batch, &flush_psi, first, first + size - 1, true);
			for (page = first; page < first + size; page += 0x1000) {
				for (i = 0; i < batch.count; i++) {
					u64 hi = batch.desc[i].hi;
					u64 span = 0x1000ull << (hi & VTD_DESC_IOTLB_AM);

					if ((page & ~(span - 1)) == (hi & VTD_DESC_IOTLB_ADDR))
						break;
				}
				if (i == batch.count) {
					KUNIT_FAIL(test, "%#llx of %#llx+%#llx not flushed",
						   page, first, size);
					return;
				}
			}
		}
	}
}

/* First-stage tables: by PASID, and pages always, as many at once as the other can */
static void flush_first_stage(struct kunit *test)
{
	struct vtd_caps caps = { .max_mask = 4 };
	const struct vtd_tag tag = vtd_flush_first(&caps, DID, 0x12345);
	struct vtd_flush flush = { .first = 0x5000, .last = 0x5fff, .leaf = true };
	const struct vtd_desc page = vtd_desc_piotlb_pages(DID, 0x12345, 0x5000, 0, true);
	const struct vtd_desc all = vtd_desc_piotlb(DID, 0x12345);
	struct vtd_batch batch = { };

	vtd_flush_plan(&batch, &tag, &flush);
	flush.last = 0x4ffffff;
	vtd_flush_plan(&batch, &tag, &flush);
	KUNIT_ASSERT_EQ(test, batch.count, 2);
	KUNIT_EXPECT_TRUE(test, vtd_desc_same(&batch.desc[0], &page));
	KUNIT_EXPECT_TRUE(test, vtd_desc_same(&batch.desc[1], &all));
}

static struct kunit_case flush_cases[] = {
	KUNIT_CASE(flush_one_page),
	KUNIT_CASE(flush_aligned_block),
	KUNIT_CASE(flush_no_hint_with_tables),
	KUNIT_CASE(flush_no_hint_for_maps),
	KUNIT_CASE(flush_straddle),
	KUNIT_CASE(flush_ragged),
	KUNIT_CASE(flush_beyond_mask),
	KUNIT_CASE(flush_without_psi),
	KUNIT_CASE(flush_first_stage),
	KUNIT_CASE(flush_covers_everything),
	{ }
};

static struct kunit_suite flush_suite = {
	.name = "vtd_flush",
	.test_cases = flush_cases,
};

kunit_test_suite(flush_suite);

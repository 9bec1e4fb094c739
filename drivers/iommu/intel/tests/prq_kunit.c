// SPDX-License-Identifier: GPL-2.0
/* The page request queue: what is read, in which order, what overflows, what drains. */
#include <kunit/test.h>
#include <linux/bitfield.h>
#include <linux/dmar.h>
#include <linux/io.h>
#include <linux/irq.h>
#include <linux/mm.h>
#include <linux/msi.h>

#include "tests/fake_pages.h"
#include "tests/fake_unit.h"
#include "unit/event.h"
#include "unit/page_request.h"
#include "unit/prq.h"
#include "unit/queue.h"
#include "unit/unit.h"

#define RID	0x0310
#define PASID	5u
#define BURST	500u

static struct vtd_page_request seen;
static u32 seen_count, refused_count, lost_count;
static u64 lost_at;			/* requests that were seen before that */
static bool lost_in_overflow;
static u32 more;			/* requests that come when one is read */

static void remember(struct intel_iommu *iommu, const struct vtd_page_request *request,
		     enum vtd_page_verdict verdict)
{
	if (verdict == VTD_PAGE_DROPPED)
		return;
	seen = *request;
	seen_count++;
	refused_count += verdict == VTD_PAGE_REFUSED;
	if (more) {
		more--;
		fake_pages_ask(fake_unit_of(iommu), RID, PASID, 0, 0x1000, true);
	}
}

static void forget(struct intel_iommu *iommu)
{
	lost_count++;
	lost_at = seen_count;
	lost_in_overflow = fake_unit_peek32(fake_unit_of(iommu), VTD_PRS) & VTD_PRS_PRO;
}

static struct intel_iommu *unit(struct kunit *test, u64 ecap)
{
	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP, ecap);

	iommu->page_request = remember;
	iommu->page_requests_lost = forget;
	return iommu;
}

static struct intel_iommu *started(struct kunit *test)
{
	struct intel_iommu *iommu = unit(test, FAKE_ECAP_PAGES);

	fake_pages_start(test, iommu);
	vtd_prq_read(iommu);
	seen_count = 0;
	refused_count = 0;
	lost_count = 0;
	more = 0;
	fake_unit_of(iommu)->log_count = 0;
	return iommu;
}

static bool ask(struct intel_iommu *iommu, u64 addr)
{
	return fake_pages_ask(fake_unit_of(iommu), RID, PASID, 7, addr, true);
}

static void one_request(struct kunit *test)
{
	struct intel_iommu *iommu = started(test);
	struct fake_unit *fake = fake_unit_of(iommu);

	KUNIT_EXPECT_EQ(test, fake->reg[VTD_PQA / 8], virt_to_phys(iommu->prq->ring) + 4);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_PECTL), 0);
	KUNIT_EXPECT_TRUE(test, ask(iommu, 0x12345000));
	vtd_prq_read(iommu);
	KUNIT_EXPECT_EQ(test, seen_count, 1);
	KUNIT_EXPECT_EQ(test, seen.sid, RID);
	KUNIT_EXPECT_EQ(test, seen.pasid, PASID);
	KUNIT_EXPECT_EQ(test, seen.address, 0x12345000);
	KUNIT_EXPECT_EQ(test, seen.group, 7);
	KUNIT_EXPECT_TRUE(test, seen.last && seen.write && !seen.read);
	KUNIT_EXPECT_EQ(test, fake_pages_left(fake), 0);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_PRS), 0);
}

/* Several times around the ring, each once and in order */
static void around_the_ring(struct kunit *test)
{
	struct intel_iommu *iommu = started(test);

	for (u32 i = 0; i < 12; i++) {
		for (u32 j = 0; j < BURST; j++)
			KUNIT_ASSERT_TRUE(test, ask(iommu, (u64)(i * BURST + j) << 12));
		vtd_prq_read(iommu);
		KUNIT_ASSERT_EQ(test, seen_count, (i + 1) * BURST);
		KUNIT_ASSERT_EQ(test, seen.address, (u64)(seen_count - 1) << 12);
	}
	KUNIT_EXPECT_EQ(test, lost_count, 0);
}

/* What the ring holds is read, then groups are forgotten, only then the unit takes more */
static void overflow(struct kunit *test)
{
	struct intel_iommu *iommu = started(test);
	struct fake_unit *fake = fake_unit_of(iommu);

	for (u32 i = 0; i < VTD_PRQ_SLOTS - 1; i++)
		KUNIT_ASSERT_TRUE(test, ask(iommu, (u64)i << 12));
	KUNIT_ASSERT_FALSE(test, ask(iommu, 0));
	vtd_prq_read(iommu);
	KUNIT_EXPECT_EQ(test, seen_count, VTD_PRQ_SLOTS - 1);
	KUNIT_EXPECT_EQ(test, lost_count, 1);
	KUNIT_EXPECT_EQ(test, lost_at, VTD_PRQ_SLOTS - 1);
	KUNIT_EXPECT_TRUE(test, lost_in_overflow);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_PRS), 0);
	KUNIT_EXPECT_TRUE(test, ask(iommu, 0x7000));
	vtd_prq_read(iommu);
	KUNIT_EXPECT_EQ(test, seen.address, 0x7000);
}

/* One comes for each that is read: who reads comes back nevertheless */
static void flood_is_left_alone(struct kunit *test)
{
	struct intel_iommu *iommu = started(test);

	more = U32_MAX;
	for (u32 i = 0; i < 4; i++)
		ask(iommu, 0);
	vtd_prq_read(iommu);
	KUNIT_EXPECT_GE(test, seen_count, 4);
	KUNIT_EXPECT_LE(test, seen_count, 4 * 16);
	more = 0;
	vtd_prq_read(iommu);
	KUNIT_EXPECT_EQ(test, fake_pages_left(fake_unit_of(iommu)), 0);
}

static void nonsense(struct kunit *test)
{
	struct intel_iommu *iommu = started(test);
	struct fake_unit *fake = fake_unit_of(iommu);

	fake_pages_put(fake, 0, ~0ull);
	fake_pages_put(fake, ~0ull << 8, ~0ull);
	/* A stop marker */
	fake_pages_put(fake, VTD_PRQ_TYPE_PAGE | VTD_PRQ_PP, VTD_PRQ_LPIG);
	vtd_prq_read(iommu);
	KUNIT_EXPECT_EQ(test, seen_count, 0);
	fake_pages_put(fake, VTD_PRQ_TYPE_PAGE | VTD_PRQ_PMR, VTD_PRQ_LPIG | VTD_PRQ_RD);
	vtd_prq_read(iommu);
	KUNIT_EXPECT_EQ(test, refused_count, 1);
	/* A tail that lies outside of the ring leads nowhere else */
	fake->reg[VTD_PQT / 8] = ~0ull;
	vtd_prq_read(iommu);
	KUNIT_EXPECT_LE(test, seen_count, 1 + VTD_PRQ_SLOTS);
	fake->gone = true;
	vtd_prq_read(iommu);
	fake->gone = false;
}

/* Units that have no scalable mode, or are not in it, have no ring */
static void nothing_where_nothing_asks(struct kunit *test)
{
	struct intel_iommu *iommu = unit(test, FAKE_ECAP_PAGES & ~VTD_ECAP_PRS);

	iommu->scalable = true;
	KUNIT_EXPECT_EQ(test, vtd_prq_init(iommu), 0);
	KUNIT_EXPECT_NULL(test, iommu->prq);
	iommu = unit(test, FAKE_ECAP_PAGES);
	KUNIT_EXPECT_EQ(test, vtd_prq_init(iommu), 0);
	KUNIT_EXPECT_NULL(test, iommu->prq);
	KUNIT_EXPECT_NULL(test, iommu->page_event);
	vtd_prq_read(iommu);
	vtd_prq_enable(iommu);
	vtd_prq_disable(iommu);
	KUNIT_EXPECT_EQ(test, vtd_prq_drain(iommu, NULL, 0), 0);
	vtd_prq_exit(iommu);
	KUNIT_EXPECT_EQ(test, fake_unit_of(iommu)->reg[VTD_PQA / 8], 0);
}

static void one_more(struct fake_unit *fake)
{
	fake_pages_ask(fake, RID, PASID, 9, 0x9000, true);
}

/* What was under way when the drain began has been read when it ends */
static void drain(struct kunit *test)
{
	const struct vtd_desc tlb = vtd_desc_pasid_tlb(RID, PASID, 0, 0, 0, 52);
	struct intel_iommu *iommu = started(test);
	struct fake_unit *fake = fake_unit_of(iommu);

	fake->on_drain = one_more;
	KUNIT_EXPECT_EQ(test, vtd_prq_drain(iommu, &tlb, 1), 0);
	KUNIT_EXPECT_EQ(test, fake->drains, 1);
	KUNIT_EXPECT_EQ(test, fake_unit_count(fake, &tlb), 1);
	KUNIT_EXPECT_EQ(test, seen_count, 1);
	KUNIT_EXPECT_EQ(test, seen.address, 0x9000);
	/* Without ECAP.PDS the field is reserved */
	iommu->caps.page_drain = false;
	KUNIT_EXPECT_EQ(test, vtd_prq_drain(iommu, &tlb, 1), 0);
	KUNIT_EXPECT_EQ(test, fake->drains, 1);
}

static void fill(struct fake_unit *fake)
{
	while (fake_pages_ask(fake, RID, PASID, 9, 0x9000, true))
		;
}

static void fill_once(struct fake_unit *fake)
{
	fill(fake);
	fake->on_drain = NULL;
}

/* While it overflows nothing is drained: again, but not for ever */
static void drain_in_overflow(struct kunit *test)
{
	struct intel_iommu *iommu = started(test);
	struct fake_unit *fake = fake_unit_of(iommu);

	fake->on_drain = fill_once;
	KUNIT_EXPECT_EQ(test, vtd_prq_drain(iommu, NULL, 0), 0);
	KUNIT_EXPECT_EQ(test, fake->drains, 2);
	KUNIT_EXPECT_EQ(test, seen_count, VTD_PRQ_SLOTS - 1);
	fake->on_drain = fill;
	KUNIT_EXPECT_EQ(test, vtd_prq_drain(iommu, NULL, 0), -EBUSY);
	KUNIT_EXPECT_LE(test, fake->drains, 8);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_PRS) & VTD_PRS_PRO, 0);
}

/* Power was lost: what the ring held is nobody's, and it begins anew */
static void sleep_and_wake(struct kunit *test)
{
	struct intel_iommu *iommu = started(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	u64 pqa = fake->reg[VTD_PQA / 8];
	u32 data = fake_unit_peek32(fake, VTD_PEDATA), addr = fake_unit_peek32(fake, VTD_PEADDR);

	KUNIT_EXPECT_NE(test, addr, 0);
	for (u32 i = 0; i < 3; i++)
		ask(iommu, 0x1000);
	vtd_prq_read(iommu);
	ask(iommu, 0x2000);
	vtd_prq_disable(iommu);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_PECTL), VTD_ECTL_IM);
	for (u32 at = VTD_PQH; at <= VTD_PEUADDR; at += 8)
		fake->reg[at / 8] = 0;
	vtd_event_restore(iommu);
	vtd_prq_enable(iommu);
	KUNIT_EXPECT_EQ(test, fake->reg[VTD_PQA / 8], pqa);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_PEDATA), data);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_PEADDR), addr);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_PECTL), 0);
	/* Of a pass that sleep came into the middle of: as good as a full ring */
	fake->reg[VTD_PQH / 8] = VTD_PRQ_BYTES;
	vtd_prq_read(iommu);
	KUNIT_EXPECT_TRUE(test, ask(iommu, 0x3000));
	vtd_prq_read(iommu);
	KUNIT_EXPECT_EQ(test, lost_count, 1);
	KUNIT_EXPECT_EQ(test, seen_count, 4);
	KUNIT_EXPECT_EQ(test, seen.address, 0x3000);
}

static unsigned int irq_of(const struct intel_iommu *iommu)
{
	unsigned int irq;

	for_each_irq_nr(irq)
		if (irq_get_handler_data(irq) == iommu)
			return irq;
	return 0;
}

/* The chip's callbacks reach the registers of the event that the interrupt is for */
static void interrupt_has_its_registers(struct kunit *test)
{
	struct intel_iommu *iommu = started(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	unsigned int irq = irq_of(iommu);
	struct irq_data *data = irq_get_irq_data(irq);
	struct msi_msg message = { .address_lo = 0xfee01000, .data = 0x4321 };

	KUNIT_ASSERT_NE(test, irq, 0);
	fake_unit_poke32(fake, VTD_FECTL, 0);
	fake_unit_poke32(fake, VTD_FEDATA, 0);
	dmar_msi_mask(data);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_PECTL), VTD_ECTL_IM);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_FECTL), 0);
	dmar_msi_unmask(data);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_PECTL), 0);
	dmar_msi_write(irq, &message);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_PEDATA), 0x4321);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_PEADDR), 0xfee01000);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_FEDATA), 0);
}

/* One that does not stop goes on writing: the ring is nobody else's */
static void ring_of_a_unit_that_goes_on(struct kunit *test)
{
	struct intel_iommu *iommu = started(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct page *page = virt_to_page(iommu->prq->ring);
	bool kept;

	get_page(page);
	fake_unit_poke32(fake, VTD_GSTS, fake_unit_peek32(fake, VTD_GSTS) | VTD_GSTS_TES);
	vtd_prq_exit(iommu);
	kept = page_count(page) == 2;
	KUNIT_EXPECT_TRUE(test, kept);
	KUNIT_EXPECT_EQ(test, irq_of(iommu), 0);
	put_page(page);
	if (kept)
		__free_pages(page, VTD_PRQ_ORDER);
	fake_unit_poke32(fake, VTD_GSTS, fake_unit_peek32(fake, VTD_GSTS) & ~VTD_GSTS_TES);
}

static struct kunit_case prq_cases[] = {
	KUNIT_CASE(one_request),
	KUNIT_CASE(around_the_ring),
	KUNIT_CASE(overflow),
	KUNIT_CASE(flood_is_left_alone),
	KUNIT_CASE(nonsense),
	KUNIT_CASE(nothing_where_nothing_asks),
	KUNIT_CASE(drain),
	KUNIT_CASE(drain_in_overflow),
	KUNIT_CASE(sleep_and_wake),
	KUNIT_CASE(interrupt_has_its_registers),
	KUNIT_CASE(ring_of_a_unit_that_goes_on),
	{}
};

static struct kunit_suite prq_suite = {
	.name = "vtd_prq",
	.test_cases = prq_cases,
};

kunit_test_suite(prq_suite);

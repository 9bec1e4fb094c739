// SPDX-License-Identifier: GPL-2.0
/* Units without queue execute the same descriptors through registers. */
#include <kunit/test.h>

#include "tests/fake_unit.h"
#include "unit/queue.h"
#include "unit/reginval.h"

#define NO_QUEUE	(FAKE_ECAP & ~VTD_ECAP_QI)

static void same_as_with_a_queue(struct kunit *test)
{
	const struct vtd_desc desc[] = {
		vtd_desc_context(VTD_INV_GLOBAL, 0, 0),
		vtd_desc_context(VTD_INV_DOMAIN, 7, 0),
		vtd_desc_context(VTD_INV_SELECTIVE, 7, 0x1234),
		vtd_desc_iotlb(VTD_INV_GLOBAL, 0, VTD_DESC_IOTLB_DR | VTD_DESC_IOTLB_DW),
		vtd_desc_iotlb(VTD_INV_DOMAIN, 0xffff, VTD_DESC_IOTLB_DW),
		vtd_desc_iotlb_pages(9, VTD_DESC_IOTLB_DR, 0x7fc00000, 9, true),
		vtd_desc_iotlb_pages(9, 0, 0x7fc01000, 0, false),
	};
	struct intel_iommu *iommu[2];

	iommu[0] = fake_unit_create(test, FAKE_CAP, FAKE_ECAP);
	iommu[1] = fake_unit_create(test, FAKE_CAP, NO_QUEUE);
	KUNIT_EXPECT_NULL(test, iommu[1]->queue);
	for (u32 u = 0; u < 2; u++) {
		struct fake_unit *fake = fake_unit_of(iommu[u]);

		KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu[u], desc, ARRAY_SIZE(desc)), 0);
		KUNIT_EXPECT_EQ(test, fake->log_count, ARRAY_SIZE(desc));
		for (u32 i = 0; i < ARRAY_SIZE(desc); i++)
			fake_unit_expect(test, fake, i, desc[i]);
	}
}

static void nothing_to_wait_for(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP, NO_QUEUE);
	const struct vtd_desc desc = vtd_desc_iotlb(VTD_INV_GLOBAL, 0, 0);
	struct vtd_ticket ticket;

	KUNIT_EXPECT_EQ(test, vtd_queue_submit(iommu, &desc, 1, &ticket), 0);
	KUNIT_EXPECT_TRUE(test, ticket.done);
	KUNIT_EXPECT_EQ(test, fake_unit_of(iommu)->log_count, 1);
	KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &ticket), 0);
	KUNIT_EXPECT_EQ(test, fake_unit_of(iommu)->doorbells, 0);
}

static void what_registers_cannot_do(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP, NO_QUEUE);
	const struct vtd_desc desc[] = {
		vtd_desc_iotlb(VTD_INV_GLOBAL, 0, 0),
		vtd_desc_dev_tlb(0x100, 0x100, 0, 0, 52),
		vtd_desc_iotlb(VTD_INV_DOMAIN, 1, 0),
	};

	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, desc, 3), -EOPNOTSUPP);
	/* Stops there: the caller must not believe in the third */
	KUNIT_EXPECT_EQ(test, fake_unit_of(iommu)->log_count, 1);
	iommu->version = 0x60;
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, desc, 1), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, fake_unit_of(iommu)->log_count, 1);
}

/* Refused (CAIG and IAIG are 0): everything is asked for, and then believed */
static void refused(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP, NO_QUEUE);
	const struct vtd_desc narrow[] = {
		vtd_desc_context(VTD_INV_SELECTIVE, 7, 0x1234),
		vtd_desc_iotlb_pages(9, 0, 0x7fc01000, 0, false),
	};
	const struct vtd_desc wide[] = {
		vtd_desc_context(VTD_INV_GLOBAL, 0, 0),
		vtd_desc_iotlb(VTD_INV_GLOBAL, 0, iommu->caps.drain),
	};
	struct fake_unit *fake = fake_unit_of(iommu);

	for (u32 i = 0; i < 2; i++) {
		fake->log_count = 0;
		fake->refuse_registers = 1;
		KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &narrow[i], 1), 0);
		KUNIT_EXPECT_EQ(test, fake->log_count, 1);
		fake_unit_expect(test, fake, 0, wide[i]);
		fake->refuse_registers = 2;
		KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &narrow[i], 1), 0);
		KUNIT_EXPECT_EQ(test, fake->refuse_registers, 0);
	}
	KUNIT_EXPECT_NULL(test, iommu->why_dead);
}

static void errors(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP, NO_QUEUE);
	const struct vtd_desc context = vtd_desc_context(VTD_INV_GLOBAL, 0, 0);
	const struct vtd_desc iotlb = vtd_desc_iotlb(VTD_INV_GLOBAL, 0, 0);
	struct fake_unit *fake = fake_unit_of(iommu);
	u32 bound = vtd_reg_timeout_us;

	vtd_reg_timeout_us = 100;
	fake->deaf_registers = true;
	KUNIT_EXPECT_EQ(test, vtd_reginval_execute(iommu, &context, 1), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, vtd_reginval_execute(iommu, &iotlb, 1), -ETIMEDOUT);
	vtd_reg_timeout_us = bound;

	fake->gone = true;
	KUNIT_EXPECT_EQ(test, vtd_reginval_execute(iommu, &context, 1), -ENODEV);
	KUNIT_EXPECT_EQ(test, vtd_reginval_execute(iommu, &iotlb, 1), -ENODEV);
	/* Without a queue there is nothing else: the unit is lost */
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &iotlb, 1), -ENODEV);
	KUNIT_EXPECT_NOT_NULL(test, iommu->why_dead);
}

static struct kunit_case reginval_cases[] = {
	KUNIT_CASE(same_as_with_a_queue),
	KUNIT_CASE(nothing_to_wait_for),
	KUNIT_CASE(what_registers_cannot_do),
	KUNIT_CASE(refused),
	KUNIT_CASE(errors),
	{}
};

static struct kunit_suite reginval_suite = {
	.name = "vtd_reginval",
	.test_cases = reginval_cases,
};

kunit_test_suite(reginval_suite);

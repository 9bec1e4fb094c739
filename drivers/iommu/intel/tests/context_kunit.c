// SPDX-License-Identifier: GPL-2.0
/* Root tables: what has to be flushed when a unit takes one, and in which order. */
#include <kunit/test.h>

#include "context/context.h"
#include "hw/descriptors.h"
#include "hw/registers.h"
#include "tests/fake_unit.h"
#include "unit/queue_state.h"
#include "unit/unit.h"

static void free_root(void *iommu)
{
	vtd_context_free(iommu);
}

static struct intel_iommu *unit_without_flushes(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP, FAKE_ECAP);

	KUNIT_ASSERT_EQ(test, iommu_alloc_root_entry(iommu, &vtd_legacy_mode), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_root, iommu), 0);
	fake_unit_of(iommu)->log_count = 0;
	fake_unit_of(iommu)->wait_count = 0;
	return iommu;
}

/*
 * Section 6.6: entries of the IOTLB are tagged with what the context cache said.
 * Were the IOTLB flushed first, it could be filled again from there.
 */
static void context_cache_then_iotlb(struct kunit *test)
{
	struct intel_iommu *iommu = unit_without_flushes(test);
	struct fake_unit *fake = fake_unit_of(iommu);

	KUNIT_ASSERT_EQ(test, iommu_set_root_entry(iommu), 0);
	KUNIT_ASSERT_EQ(test, fake->log_count, 2);
	fake_unit_expect(test, fake, 0, vtd_desc_context(VTD_INV_GLOBAL, 0, 0));
	fake_unit_expect(test, fake, 1,
			 vtd_desc_iotlb(VTD_INV_GLOBAL, 0, iommu->caps.drain));
	/* and the first was waited for before the second was given */
	KUNIT_ASSERT_EQ(test, fake->wait_count, 2);
	KUNIT_EXPECT_EQ(test, fake->wait[0].after, 1);
	KUNIT_EXPECT_EQ(test, fake->wait[1].after, 2);
}

/* As the queue's repair leaves it when it is not sure whom an error hit */
static void neighbours_error(struct kunit *test)
{
	struct intel_iommu *iommu = unit_without_flushes(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_queue *q = iommu->queue;

	q->lost_from = q->tail;
	q->lost_to = q->tail + 2;
	q->lost = -ETIMEDOUT;
	KUNIT_EXPECT_EQ(test, iommu_set_root_entry(iommu), 0);
	KUNIT_ASSERT_EQ(test, fake->log_count, 3);
	fake_unit_expect(test, fake, 1, vtd_desc_context(VTD_INV_GLOBAL, 0, 0));
	fake_unit_expect(test, fake, 2,
			 vtd_desc_iotlb(VTD_INV_GLOBAL, 0, iommu->caps.drain));
}

/* A unit that keeps its old table keeps what it has cached, and says so */
static void table_refused(struct kunit *test)
{
	struct intel_iommu *iommu = unit_without_flushes(test);
	struct fake_unit *fake = fake_unit_of(iommu);

	fake->deaf = VTD_GCMD_SRTP;
	KUNIT_EXPECT_EQ(test, iommu_set_root_entry(iommu), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, fake->log_count, 0);
	fake->deaf = 0;
	fake->gone = true;
	KUNIT_EXPECT_EQ(test, iommu_set_root_entry(iommu), -ENODEV);
	fake->gone = false;
}

static struct kunit_case context_cases[] = {
	KUNIT_CASE(context_cache_then_iotlb),
	KUNIT_CASE(neighbours_error),
	KUNIT_CASE(table_refused),
	{}
};

static struct kunit_suite context_suite = {
	.name = "vtd_context",
	.test_cases = context_cases,
};

kunit_test_suite(context_suite);

// SPDX-License-Identifier: GPL-2.0
/* Fault records are read in order, counted, and cannot keep the reader busy. */
#include <kunit/test.h>

#include "tests/fake_unit.h"
#include "unit/fault.h"
#include "unit/queue.h"

#define RECORDS		4u
#define CAP_RECORDS	(FAKE_CAP | FIELD_PREP(VTD_CAP_NFR, RECORDS - 1))
#define READ_BIT	VTD_FRCD_HI_T1

static struct vtd_fault seen[64];
static u32 seen_count;

static void remember(struct intel_iommu *iommu, const struct vtd_fault *fault)
{
	if (seen_count < ARRAY_SIZE(seen))
		seen[seen_count] = *fault;
	seen_count++;
}

static struct intel_iommu *fault_unit(struct kunit *test, u64 cap)
{
	struct intel_iommu *iommu = fake_unit_create(test, cap, FAKE_ECAP);

	KUNIT_ASSERT_EQ(test, vtd_faults_init(iommu), 0);
	iommu->report_fault = remember;
	seen_count = 0;
	return iommu;
}

static u64 high(u16 sid, u8 reason)
{
	return READ_BIT | FIELD_PREP(VTD_FRCD_HI_SID, sid) |
	       FIELD_PREP(VTD_FRCD_HI_FR, reason);
}

static void expect_counts(struct kunit *test, struct intel_iommu *iommu,
			  u64 recorded, u64 lost)
{
	struct vtd_fault_counts counts;

	vtd_faults_counts(iommu, &counts);
	KUNIT_EXPECT_EQ(test, counts.recorded, recorded);
	KUNIT_EXPECT_EQ(test, counts.lost, lost);
}

static void one_record(struct kunit *test)
{
	struct intel_iommu *iommu = fault_unit(test, FAKE_CAP);
	struct fake_unit *fake = fake_unit_of(iommu);

	vtd_faults_read(iommu);
	KUNIT_EXPECT_EQ(test, seen_count, 0);
	fake_unit_fault(fake, 0xabcdef000, high(0x0010, 6));
	vtd_faults_read(iommu);
	KUNIT_EXPECT_EQ(test, seen_count, 1);
	KUNIT_EXPECT_EQ(test, seen[0].address, 0xabcdef000);
	KUNIT_EXPECT_EQ(test, seen[0].sid, 0x0010);
	KUNIT_EXPECT_EQ(test, seen[0].reason, 6);
	KUNIT_EXPECT_FALSE(test, vtd_fault_is_write(&seen[0]));
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_FSTS) & VTD_FSTS_PPF, 0);
	/* Cleared: not told twice */
	vtd_faults_read(iommu);
	KUNIT_EXPECT_EQ(test, seen_count, 1);
	expect_counts(test, iommu, 1, 0);
	vtd_faults_exit(iommu);
}

/* The circle may begin anywhere; the order is that of the faults */
static void order_around_the_circle(struct kunit *test)
{
	struct intel_iommu *iommu = fault_unit(test, CAP_RECORDS);
	struct fake_unit *fake = fake_unit_of(iommu);

	for (u32 round = 0; round < 3; round++) {
		seen_count = 0;
		for (u32 i = 0; i < 3; i++)
			fake_unit_fault(fake, 0, high(round * 16 + i, 5));
		vtd_faults_read(iommu);
		KUNIT_EXPECT_EQ(test, seen_count, 3);
		for (u32 i = 0; i < 3; i++)
			KUNIT_EXPECT_EQ(test, seen[i].sid, round * 16 + i);
	}
	expect_counts(test, iommu, 9, 0);
	vtd_faults_exit(iommu);
}

static void lost_records_are_counted(struct kunit *test)
{
	struct intel_iommu *iommu = fault_unit(test, CAP_RECORDS);
	struct fake_unit *fake = fake_unit_of(iommu);

	for (u32 i = 0; i < RECORDS + 5; i++)
		fake_unit_fault(fake, 0, high(i, 5));
	vtd_faults_read(iommu);
	KUNIT_EXPECT_EQ(test, seen_count, RECORDS);
	expect_counts(test, iommu, RECORDS, 1);
	/* Overflow is over: the next fault is recorded again */
	fake_unit_fault(fake, 0, high(0x99, 5));
	vtd_faults_read(iommu);
	expect_counts(test, iommu, RECORDS + 1, 1);
	KUNIT_EXPECT_EQ(test, seen[RECORDS].sid, 0x99);
	vtd_faults_exit(iommu);
}

static void storm_is_left_alone(struct kunit *test)
{
	struct intel_iommu *iommu = fault_unit(test, CAP_RECORDS);
	struct fake_unit *fake = fake_unit_of(iommu);

	for (u32 i = 0; i < RECORDS; i++)
		fake_unit_fault(fake, 0, high(i, 5));
	fake->storm = 1000000;
	vtd_faults_read(iommu);
	KUNIT_EXPECT_GE(test, seen_count, RECORDS);
	KUNIT_EXPECT_LE(test, seen_count, 16 * RECORDS);
	fake->storm = 0;
	vtd_faults_read(iommu);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_FSTS) & VTD_FSTS_PPF, 0);
	vtd_faults_exit(iommu);
}

static void leave_faults(struct intel_iommu *iommu)
{
	for (u32 i = 0; i < RECORDS + 1; i++)
		fake_unit_fault(fake_unit_of(iommu), 0, high(i, 5));
}

static void leftovers_are_forgotten(struct kunit *test)
{
	struct intel_iommu *iommu = fault_unit(test, CAP_RECORDS);
	struct fake_unit *fake = fake_unit_of(iommu);

	leave_faults(iommu);
	vtd_faults_forget(iommu);
	KUNIT_EXPECT_EQ(test, vtd_faults_enable(iommu), 0);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_FECTL), 0);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_FSTS) &
			(VTD_FSTS_PPF | VTD_FSTS_PFO), 0);
	vtd_faults_read(iommu);
	KUNIT_EXPECT_EQ(test, seen_count, 0);
	vtd_faults_disable(iommu);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_FECTL), VTD_ECTL_IM);
	vtd_faults_exit(iommu);
}

/* Interrupts are remapped long before anybody reads: what came then is told */
static void early_ones_are_told(struct kunit *test)
{
	struct intel_iommu *iommu = fault_unit(test, CAP_RECORDS);
	struct vtd_fault_counts counts;

	fake_unit_fault(fake_unit_of(iommu), 3ull << 48, high(0x310, 0x26));
	KUNIT_EXPECT_EQ(test, vtd_faults_init(iommu), 0);
	KUNIT_EXPECT_EQ(test, vtd_faults_enable(iommu), 0);
	vtd_faults_read(iommu);
	KUNIT_EXPECT_EQ(test, seen_count, 1);
	vtd_faults_counts(iommu, &counts);
	KUNIT_EXPECT_EQ(test, counts.interrupts, 1);
	vtd_faults_disable(iommu);
	vtd_faults_exit(iommu);
}

/* Error bits of a queue keep the interrupt away, so the reader clears them */
static void queue_errors_do_not_stay(struct kunit *test)
{
	struct intel_iommu *iommu = fault_unit(test, CAP_RECORDS);
	struct fake_unit *fake = fake_unit_of(iommu);

	fake_unit_poke32(fake, VTD_FSTS, VTD_FSTS_ICE);
	fake_unit_fault(fake, 0, high(1, 5));
	vtd_faults_read(iommu);
	KUNIT_EXPECT_EQ(test, seen_count, 1);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_FSTS) & ~VTD_FSTS_FRI, 0);
	vtd_faults_exit(iommu);

	iommu = fault_unit(test, CAP_RECORDS);
	fake = fake_unit_of(iommu);
	vtd_queue_exit(iommu);
	fake_unit_poke32(fake, VTD_FSTS, VTD_FSTS_ITE);
	vtd_faults_read(iommu);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_FSTS), 0);
	vtd_faults_exit(iommu);
}

static void a_unit_that_is_gone(struct kunit *test)
{
	struct intel_iommu *iommu = fault_unit(test, CAP_RECORDS);

	fake_unit_of(iommu)->gone = true;
	vtd_faults_read(iommu);
	KUNIT_EXPECT_EQ(test, seen_count, 0);
	KUNIT_EXPECT_EQ(test, vtd_faults_enable(iommu), -ENODEV);
	vtd_faults_exit(iommu);
	vtd_faults_read(iommu);
	KUNIT_EXPECT_EQ(test, vtd_faults_enable(iommu), -EINVAL);
	expect_counts(test, iommu, 0, 0);
}

static struct kunit_case fault_cases[] = {
	KUNIT_CASE(one_record),
	KUNIT_CASE(order_around_the_circle),
	KUNIT_CASE(lost_records_are_counted),
	KUNIT_CASE(storm_is_left_alone),
	KUNIT_CASE(leftovers_are_forgotten),
	KUNIT_CASE(early_ones_are_told),
	KUNIT_CASE(queue_errors_do_not_stay),
	KUNIT_CASE(a_unit_that_is_gone),
	{}
};

static struct kunit_suite fault_suite = {
	.name = "vtd_fault",
	.test_cases = fault_cases,
};

kunit_test_suite(fault_suite);

// SPDX-License-Identifier: GPL-2.0
/* The brake on fault storms, of devices and of requesters that nobody owns. */
#include <kunit/test.h>
#include <linux/iommu.h>
#include <linux/jiffies.h>
#include <linux/mutex.h>

#include "context/context.h"
#include "device/device.h"
#include "device/storm.h"
#include "device/stray.h"
#include "domain/attach.h"
#include "tests/fake_device.h"
#include "tests/fake_unit.h"

#define RID	0x0010u
#define OTHER	0x0018u

static bool is_muted(struct intel_iommu *iommu, u16 rid)
{
	return fake_unit_entry(iommu, rid).lo & VTD_CTX_LO_FPD;
}

/* Faults of a requester id until it is muted; how many that took */
static unsigned int fault_until_muted(struct intel_iommu *iommu, u16 rid)
{
	unsigned int n = 0;
	bool muted = false;

	mutex_lock(&iommu->device_lock);
	while (!muted && n < 10 * VTD_STORM_FAULTS) {
		muted = vtd_device_count_fault(vtd_device_find(iommu, rid), rid);
		n++;
	}
	mutex_unlock(&iommu->device_lock);
	return n;
}

static struct delayed_work *rearm_of(struct intel_iommu *iommu, u16 rid)
{
	struct vtd_rid *entry;

	mutex_lock(&iommu->device_lock);
	entry = vtd_rid_find(iommu, rid);
	mutex_unlock(&iommu->device_lock);
	return &entry->rearm;
}

/* In this thread: another does not see the fake unit */
static void ten_seconds_later(struct intel_iommu *iommu, u16 rid)
{
	struct delayed_work *rearm = rearm_of(iommu, rid);

	cancel_delayed_work_sync(rearm);
	rearm->work.func(&rearm->work);
}

static void storm_of_a_device(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *domain = fake_domain_create(test, iommu);
	struct device *dev = fake_device_create(test, iommu, "noisy", RID);
	struct device *quiet = fake_device_create(test, iommu, "quiet", OTHER);

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(domain, dev), 0);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(domain, quiet), 0);
	/* The window may have begun anew on the way: never fewer, at most twice */
	KUNIT_EXPECT_GE(test, fault_until_muted(iommu, RID), VTD_STORM_FAULTS);
	KUNIT_EXPECT_TRUE(test, is_muted(iommu, RID));
	KUNIT_EXPECT_FALSE(test, is_muted(iommu, OTHER));
	/* It still translates, and the entry was flushed */
	KUNIT_EXPECT_TRUE(test, fake_unit_entry(iommu, RID).lo & VTD_CTX_LO_P);
	KUNIT_EXPECT_GE(test, fake_unit_of(iommu)->log_count, 2);
	KUNIT_EXPECT_TRUE(test, delayed_work_pending(rearm_of(iommu, RID)));
	KUNIT_EXPECT_GE(test, atomic64_read(&vtd_device_of(dev)->faults.count), VTD_STORM_FAULTS);

	ten_seconds_later(iommu, RID);
	KUNIT_EXPECT_FALSE(test, is_muted(iommu, RID));
}

/* Who attaches again and again is not heard again and again */
static void attach_keeps_the_silence(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *domain = fake_domain_create(test, iommu);
	struct device *dev = fake_device_create(test, iommu, "again", RID);

	fault_until_muted(iommu, RID);
	KUNIT_EXPECT_TRUE(test, is_muted(iommu, RID));
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(domain, dev), 0);
	KUNIT_EXPECT_TRUE(test, is_muted(iommu, RID));
	KUNIT_EXPECT_TRUE(test, fake_unit_entry(iommu, RID).lo & VTD_CTX_LO_P);
	ten_seconds_later(iommu, RID);
	KUNIT_EXPECT_FALSE(test, is_muted(iommu, RID));
	KUNIT_EXPECT_TRUE(test, fake_unit_entry(iommu, RID).lo & VTD_CTX_LO_P);
}

/* The silence is the id's: who comes, attaches or goes does not end it, time does */
static void silence_of_a_shared_id(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *domain = fake_domain_create(test, iommu);
	struct device *one = fake_device_create(test, iommu, "muted-1", RID);
	struct device *two;

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(domain, one), 0);
	fault_until_muted(iommu, RID);
	two = fake_device_create(test, iommu, "muted-2", RID);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(domain, two), 0);
	KUNIT_EXPECT_TRUE(test, is_muted(iommu, RID));
	fake_device_drop(test, one);
	KUNIT_EXPECT_TRUE(test, is_muted(iommu, RID));
	KUNIT_EXPECT_TRUE(test, fake_unit_entry(iommu, RID).lo & VTD_CTX_LO_P);
	ten_seconds_later(iommu, RID);
	KUNIT_EXPECT_FALSE(test, is_muted(iommu, RID));

	/* With the last user it ends at once: nobody would end it later */
	fault_until_muted(iommu, RID);
	KUNIT_EXPECT_TRUE(test, is_muted(iommu, RID));
	fake_device_drop(test, two);
	KUNIT_EXPECT_FALSE(test, is_muted(iommu, RID));
}

static void slow_faults_are_no_storm(struct kunit *test)
{
	struct vtd_storm storm = { .window_start = jiffies };
	unsigned int i;

	for (i = 0; i < 10 * VTD_STORM_FAULTS; i++) {
		if (i % (VTD_STORM_FAULTS / 2) == 0)
			storm.window_start = jiffies - VTD_STORM_WINDOW - 1;
		if (vtd_storm_begins(&storm))
			break;
	}
	KUNIT_EXPECT_EQ(test, i, 10 * VTD_STORM_FAULTS);
}

static void silence_ends(struct kunit *test)
{
	struct vtd_storm storm = { .muted = true, .muted_at = jiffies };

	KUNIT_EXPECT_FALSE(test, vtd_storm_is_over(&storm));
	storm.muted_at = jiffies - VTD_STORM_SILENCE;
	KUNIT_EXPECT_TRUE(test, vtd_storm_is_over(&storm));
	storm.muted = false;
	KUNIT_EXPECT_FALSE(test, vtd_storm_is_over(&storm));
}

/* One that nobody owns is braked too, and does not hide another's faults */
static void storm_of_a_stray(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	enum vtd_stray_action action = VTD_STRAY_TELL;
	unsigned int n = 0, told = 0;

	mutex_lock(&iommu->device_lock);
	while (action != VTD_STRAY_MUTED && n < 10 * VTD_STORM_FAULTS) {
		action = vtd_stray_count(iommu, RID);
		told += action == VTD_STRAY_TELL;
		n++;
	}
	KUNIT_EXPECT_EQ(test, action, VTD_STRAY_MUTED);
	KUNIT_EXPECT_LT(test, told, 50);
	KUNIT_EXPECT_GE(test, told, 1);
	KUNIT_EXPECT_EQ(test, vtd_stray_count(iommu, OTHER), VTD_STRAY_TELL);
	mutex_unlock(&iommu->device_lock);

	KUNIT_EXPECT_TRUE(test, is_muted(iommu, RID));
	KUNIT_EXPECT_FALSE(test, is_muted(iommu, OTHER));
	vtd_stray_forget(iommu);
}

static void storm_without_tables(struct kunit *test, struct intel_iommu *iommu)
{
	unsigned int i, muted = 0;

	mutex_lock(&vtd_device_lock);
	for (i = 0; i < 2 * VTD_STORM_FAULTS; i++)
		muted += vtd_stray_count(iommu, RID) == VTD_STRAY_MUTED;
	mutex_unlock(&vtd_device_lock);
	KUNIT_EXPECT_EQ(test, muted, 0);
	KUNIT_EXPECT_EQ(test, vtd_context_mute(iommu, RID, false), -ENODEV);
	vtd_stray_forget(iommu);
}

/* Interrupts are remapped, and faults reported, where nothing is translated */
static void no_tables_yet(struct kunit *test)
{
	storm_without_tables(test, fake_unit_create(test, FAKE_CAP, FAKE_ECAP));
}

static void no_tables_any_more(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);

	KUNIT_EXPECT_EQ(test, vtd_context_mute(iommu, RID, true), 0);
	vtd_context_free(iommu);
	storm_without_tables(test, iommu);
}

/* It may or may not point to its tables: nobody touches them again */
static void no_tables_after_failed_start(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct vtd_root *root = vtd_context_abandon(iommu);

	storm_without_tables(test, iommu);
	/* So that the test gives it back */
	iommu->root = root;
}

static struct kunit_case storm_cases[] = {
	KUNIT_CASE(storm_of_a_device),
	KUNIT_CASE(attach_keeps_the_silence),
	KUNIT_CASE(silence_of_a_shared_id),
	KUNIT_CASE(slow_faults_are_no_storm),
	KUNIT_CASE(silence_ends),
	KUNIT_CASE(storm_of_a_stray),
	KUNIT_CASE(no_tables_yet),
	KUNIT_CASE(no_tables_any_more),
	KUNIT_CASE(no_tables_after_failed_start),
	{ }
};

static struct kunit_suite storm_suite = {
	.name = "vtd_storm",
	.test_cases = storm_cases,
};

kunit_test_suite(storm_suite);

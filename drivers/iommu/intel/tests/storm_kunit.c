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

static void end_silence(struct intel_iommu *iommu)
{
	struct delayed_work *rearm = &iommu->strays->rearm;

	cancel_delayed_work_sync(rearm);
	rearm->work.func(&rearm->work);
}

/* So many faults under each of so many ids, in turn: how many are printed */
static unsigned int rotate(struct intel_iommu *iommu, unsigned int ids, unsigned int rounds,
			   unsigned int *storms)
{
	unsigned int i, told = 0;
	enum vtd_stray_action action;

	*storms = 0;
	mutex_lock(&iommu->device_lock);
	for (i = 0; i < ids * rounds; i++) {
		action = vtd_stray_count(iommu, RID + i % ids);
		told += action != VTD_STRAY_SILENT;
		*storms += action == VTD_STRAY_STORM;
	}
	mutex_unlock(&iommu->device_lock);
	return told;
}

static unsigned int count_muted(struct intel_iommu *iommu, unsigned int ids)
{
	unsigned int i, muted = 0;

	for (i = 0; i < ids; i++)
		muted += is_muted(iommu, RID + i);
	return muted;
}

/* One function can name 256 ids of its bus, each as if it were a new one */
static void rotating_ids(struct kunit *test)
{
	static const unsigned int ids[] = { 2, VTD_STRAYS, VTD_STRAYS + 1, 256 };
	struct intel_iommu *iommu;
	unsigned int i, storms;

	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
		KUNIT_EXPECT_LT(test, rotate(iommu, ids[i], 17000 / ids[i], &storms), 100);
		KUNIT_EXPECT_EQ(test, storms, 1);
		KUNIT_EXPECT_EQ(test, count_muted(iommu, ids[i]), ids[i]);
		end_silence(iommu);
		KUNIT_EXPECT_EQ(test, count_muted(iommu, ids[i]), 0);
		/* And the next storm finds the brake in order */
		rotate(iommu, ids[i], 17000 / ids[i], &storms);
		KUNIT_EXPECT_EQ(test, storms, 1);
		KUNIT_EXPECT_EQ(test, count_muted(iommu, ids[i]), ids[i]);
		vtd_stray_forget(iommu);
	}
}

/* The next window may begin in the jiffy of the last one: counts do not go on */
static void counts_end_with_the_storm(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	unsigned int i, storms;

	rotate(iommu, 2, 8500, &storms);
	KUNIT_EXPECT_EQ(test, storms, 1);
	end_silence(iommu);
	for (i = 0; i < VTD_STRAYS; i++)
		KUNIT_EXPECT_EQ(test, iommu->strays->place[i].window_count, 0);
	vtd_stray_forget(iommu);
}

/* A device that comes under an id that was silenced, and is silenced itself */
static void silence_of_a_newcomer(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *domain = fake_domain_create(test, iommu);
	unsigned int storms;
	struct device *dev;

	rotate(iommu, 17, 1000, &storms);
	dev = fake_device_create(test, iommu, "newcomer", RID);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(domain, dev), 0);
	end_silence(iommu);
	KUNIT_EXPECT_FALSE(test, is_muted(iommu, RID));

	fault_until_muted(iommu, RID);
	rotate(iommu, 17, 1000, &storms);
	end_silence(iommu);
	KUNIT_EXPECT_TRUE(test, is_muted(iommu, RID));
	KUNIT_EXPECT_FALSE(test, is_muted(iommu, RID + 1));
	vtd_stray_forget(iommu);
}

/* Interrupts have a limit of their own, and no brake */
static void rotating_interrupts(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	unsigned int i, storms, told = 0;

	rotate(iommu, 17, 1000, &storms);
	mutex_lock(&iommu->device_lock);
	for (i = 0; i < 17000; i++)
		told += vtd_stray_tell(iommu, OTHER + i % 17);
	mutex_unlock(&iommu->device_lock);
	KUNIT_EXPECT_LT(test, told, 100);
	KUNIT_EXPECT_GE(test, told, 1);
	vtd_stray_forget(iommu);
}

/* A stranger of one unit neither pushes out nor silences one of another */
static void units_apart(struct kunit *test)
{
	struct intel_iommu *noisy = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct intel_iommu *quiet = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	unsigned int storms;

	rotate(noisy, 17, 1000, &storms);
	mutex_lock(&quiet->device_lock);
	KUNIT_EXPECT_EQ(test, vtd_stray_count(quiet, RID), VTD_STRAY_TELL);
	mutex_unlock(&quiet->device_lock);
	KUNIT_EXPECT_FALSE(test, is_muted(quiet, RID));
	vtd_stray_forget(noisy);
	vtd_stray_forget(quiet);
}

static void storm_without_tables(struct kunit *test, struct intel_iommu *iommu)
{
	unsigned int i, muted = 0;

	mutex_lock(&iommu->device_lock);
	for (i = 0; i < 2 * VTD_STORM_FAULTS; i++)
		muted += vtd_stray_count(iommu, RID) == VTD_STRAY_MUTED;
	mutex_unlock(&iommu->device_lock);
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

	unsigned int storms;

	rotate(iommu, 17, 1000, &storms);
	vtd_context_free(iommu);
	end_silence(iommu);
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
	KUNIT_CASE(storm_of_a_stray),
	KUNIT_CASE(rotating_ids),
	KUNIT_CASE(counts_end_with_the_storm),
	KUNIT_CASE(silence_of_a_newcomer),
	KUNIT_CASE(rotating_interrupts),
	KUNIT_CASE(units_apart),
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

// SPDX-License-Identifier: GPL-2.0
/* Units do not wait for each other: one is in trouble, the others go on. */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/sched.h>

#include "device/device.h"
#include "domain/attach.h"
#include "domain/domain.h"
#include "domain/fault_report.h"
#include "tests/fake_device.h"
#include "tests/fake_inventory.h"
#include "tests/fake_unit.h"
#include "unit/fault.h"
#include "unit/queue.h"
#include "unit/queue_state.h"

#define RID	0x0010u

/* The trouble lasts until the test ends it, not until it is given up */
#define LONG_US	10000000u

struct slow {
	struct kunit *test;
	struct iommu_domain *domain;
	struct device *dev;
	struct completion done;
	int ret;
};

static int attach(void *data)
{
	struct slow *slow = data;

	fake_unit_join(slow->test);
	slow->ret = vtd_attach_paging(slow->domain, slow->dev);
	fake_unit_join(NULL);
	complete(&slow->done);
	return 0;
}

/* An attach that waits for the unit, which does not answer yet */
static void attach_in_trouble(struct kunit *test, struct slow *slow, struct fake_unit *fake)
{
	unsigned long end = jiffies + 5 * HZ;
	u32 bells;

	slow->test = test;
	init_completion(&slow->done);
	vtd_queue_cut_us = LONG_US;
	vtd_queue_timeout_us = 2 * LONG_US;
	fake->stalled = true;
	bells = fake->doorbells;
	KUNIT_ASSERT_FALSE(test, IS_ERR(kthread_run(attach, slow, "vtd-test")));
	while (READ_ONCE(fake->doorbells) == bells && time_before(jiffies, end))
		cond_resched();
	KUNIT_EXPECT_NE(test, READ_ONCE(fake->doorbells), bells);
}

static void trouble_ends(struct slow *slow, struct fake_unit *fake)
{
	fake_unit_run(fake);
	wait_for_completion(&slow->done);
	vtd_queue_cut_us = VTD_QUEUE_CUT_US;
	vtd_queue_timeout_us = VTD_QUEUE_TIMEOUT_US;
}

static void attach_and_fault_elsewhere(struct kunit *test)
{
	struct intel_iommu *x = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct intel_iommu *y = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, x);
	struct iommu_domain *b = fake_domain_create(test, x);
	struct iommu_domain *c = fake_domain_create(test, y);
	struct device *one = fake_device_create(test, x, "apart-x", RID);
	struct device *two = fake_device_create(test, y, "apart-y", RID);
	struct vtd_fault fault = { .sid = RID, .reason = 5, .address = 0x1000 };
	struct slow slow = { .domain = b, .dev = one };

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, one), 0);
	attach_in_trouble(test, &slow, fake_unit_of(x));
	KUNIT_EXPECT_EQ(test, vtd_attach_paging(c, two), 0);
	vtd_fault_report(y, &fault);
	KUNIT_EXPECT_EQ(test, atomic64_read(&vtd_device_of(two)->faults.count), 1);
	/* A device that nobody here owns, too */
	fault.sid = RID + 8;
	vtd_fault_report(y, &fault);
	/* Nobody waited until the unit was given up */
	KUNIT_EXPECT_TRUE(test, vtd_queue_live(x));
	KUNIT_EXPECT_FALSE(test, completion_done(&slow.done));
	trouble_ends(&slow, fake_unit_of(x));
	KUNIT_EXPECT_EQ(test, slow.ret, 0);
}

/* The tables of a unit in trouble are not looked through for another's domain */
static void domain_goes_elsewhere(struct kunit *test)
{
	struct intel_iommu *x = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct intel_iommu *y = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, x);
	struct iommu_domain *b = fake_domain_create(test, x);
	struct iommu_domain *c = vtd_domain_alloc(y, false);
	struct device *one = fake_device_create(test, x, "goes-x", RID);
	struct slow slow = { .domain = b, .dev = one };

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, c);
	fake_inventory_add(test, x);
	fake_inventory_add(test, y);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, one), 0);
	attach_in_trouble(test, &slow, fake_unit_of(x));
	vtd_domain_free(c);
	/* Nobody waited until the unit was given up */
	KUNIT_EXPECT_TRUE(test, vtd_queue_live(x));
	KUNIT_EXPECT_FALSE(test, completion_done(&slow.done));
	trouble_ends(&slow, fake_unit_of(x));
	KUNIT_EXPECT_EQ(test, slow.ret, 0);
}

static struct kunit_case apart_cases[] = {
	KUNIT_CASE(attach_and_fault_elsewhere),
	KUNIT_CASE(domain_goes_elsewhere),
	{ }
};

static struct kunit_suite apart_suite = {
	.name = "vtd_apart",
	.test_cases = apart_cases,
};

kunit_test_suite(apart_suite);

// SPDX-License-Identifier: GPL-2.0
/* Identity tables of units without pass-through, when they change under these. */
#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <kunit/test-bug.h>
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/memory.h>
#include <linux/rwsem.h>
#include <linux/sizes.h>

#include "acpi/inventory.h"
#include "context/did.h"
#include "domain/attach.h"
#include "domain/static.h"
#include "pgtable/pgtable.h"
#include "tests/fake_device.h"
#include "tests/fake_inventory.h"
#include "tests/fake_unit.h"
#include "unit/queue_state.h"

#define RID	0x0010u

/* No machine that runs this has memory there, and 39 bits reach it */
#define FAR	0x6000000000ull
#define NEAR	0x3000000000ull		/* ... and 38 bits this */

/* QEMU's unit without pass-through */
#define FAKE_ECAP_NO_PT	(FAKE_ECAP & ~VTD_ECAP_PT)

/* A large page in place of an empty table: any unit may still have that table */
static void identity_flushes_tables(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP_NO_PT);
	struct device *dev = fake_device_create(test, iommu, "retired", RID);
	struct memory_notify more = { .start_pfn = FAR >> PAGE_SHIFT, .nr_pages = 512 };
	struct vtd_desc want = vtd_desc_iotlb(VTD_INV_DOMAIN, VTD_DID_IDENTITY,
					      iommu->caps.drain);
	struct fake_unit *fake = fake_unit_of(iommu);
	LIST_HEAD(retired);
	struct vtd_pt_change change = { .retired = &retired };
	struct vtd_pgtable *pt;
	struct vtd_pt_leaf leaf;
	u64 mapped;

	fake_inventory_add(test, iommu);
	KUNIT_ASSERT_EQ(test, vtd_attach_identity(&vtd_identity_domain, dev), 0);
	/* As after memory ran out in the middle of a range */
	pt = (struct vtd_pgtable *)vtd_static_tables(iommu);
	KUNIT_ASSERT_EQ(test, vtd_pt_map(pt, FAR, FAR, SZ_4K, VTD_PT_READ, GFP_KERNEL, &mapped,
					 &change), 0);
	KUNIT_ASSERT_EQ(test, vtd_pt_unmap(pt, FAR, SZ_4K, &change), SZ_4K);
	fake->log_count = 0;
	vtd_static_memory(NULL, MEM_GOING_ONLINE, &more);
	KUNIT_ASSERT_TRUE(test, vtd_pt_lookup(pt, FAR, &leaf));
	KUNIT_EXPECT_EQ(test, leaf.level, 2);
	KUNIT_EXPECT_EQ(test, fake_unit_count(fake, &want), 1);

	/* Without such a table there is nothing to tell a unit that caches no absence */
	fake->log_count = 0;
	more.start_pfn += 512;
	vtd_static_memory(NULL, MEM_GOING_ONLINE, &more);
	KUNIT_EXPECT_TRUE(test, vtd_pt_lookup(pt, FAR + SZ_2M, &leaf));
	KUNIT_EXPECT_EQ(test, fake->log_count, 0);

	vtd_attach_blocked(&vtd_blocked_domain, dev);
	vtd_static_exit(iommu);
}

/**
 * struct comer - memory that comes, on another CPU
 * @test: the test
 * @range: where
 * @done: the notifier has returned
 */
struct comer {
	struct kunit *test;
	struct memory_notify range;
	struct completion done;
};

static struct comer comer;
static bool follows, comes;

static int come(void *unused)
{
	fake_unit_join(comer.test);
	vtd_static_memory(NULL, MEM_GOING_ONLINE, &comer.range);
	fake_unit_join(NULL);
	complete(&comer.done);
	return 0;
}

static void start_coming(struct kunit *test)
{
	comer.test = test;
	comer.range = (struct memory_notify) {
		.start_pfn = NEAR >> PAGE_SHIFT, .nr_pages = 512,
	};
	init_completion(&comer.done);
	comes = true;
	if (IS_ERR(kthread_run(come, NULL, "vtd-test"))) {
		KUNIT_FAIL(test, "no thread");
		complete(&comer.done);
	}
}

static int fake_follow_memory(void)
{
	follows = true;
	return 0;
}

/* Where there is somebody to tell, it is told while the tables are being built */
static int fake_map_ram(struct vtd_static *identity)
{
	if (follows)
		start_coming(kunit_get_current_test());
	return 0;
}

/* Memory that comes while the tables are built is not left out */
static void identity_follows_from_the_start(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP_NO_PT);
	struct vtd_pt_leaf leaf;

	follows = false;
	comes = false;
	kunit_activate_static_stub(test, vtd_static_follow_memory, fake_follow_memory);
	kunit_activate_static_stub(test, vtd_static_map_ram, fake_map_ram);
	/* A shape that no set of another test has */
	iommu->caps.max_leaf = 3;
	iommu->caps.width = 38;
	KUNIT_ASSERT_EQ(test, si_domain_init(iommu), 0);
	KUNIT_EXPECT_TRUE(test, comes);
	if (comes)
		wait_for_completion(&comer.done);
	KUNIT_EXPECT_TRUE(test, vtd_pt_lookup(vtd_static_tables(iommu), NEAR, &leaf));
	vtd_static_exit(iommu);
}

/* The unit takes its time: nobody who wants the inventory waits for it */
static void identity_tells_without_inventory(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP_CM, FAKE_ECAP_NO_PT);
	struct fake_unit *fake = fake_unit_of(iommu);
	unsigned long end = jiffies + 30 * HZ;
	bool free = false;
	u32 bells;

	fake_inventory_add(test, iommu);
	KUNIT_ASSERT_EQ(test, si_domain_init(iommu), 0);
	vtd_queue_timeout_us = 60 * USEC_PER_SEC;
	fake->stalled = true;
	bells = fake->doorbells;
	start_coming(test);
	while (READ_ONCE(fake->doorbells) == bells && time_before(jiffies, end))
		cond_resched();
	KUNIT_EXPECT_NE(test, READ_ONCE(fake->doorbells), bells);
	/* Others may hold it for a moment */
	while (!free && !completion_done(&comer.done) && time_before(jiffies, end)) {
		free = down_write_trylock(&dmar_inventory_lock);
		cond_resched();
	}
	KUNIT_EXPECT_TRUE(test, free);
	if (free)
		up_write(&dmar_inventory_lock);
	fake_unit_run(fake);
	wait_for_completion(&comer.done);
	vtd_queue_timeout_us = VTD_QUEUE_TIMEOUT_US;
	vtd_static_exit(iommu);
}

static struct kunit_case static_cases[] = {
	KUNIT_CASE(identity_flushes_tables),
	KUNIT_CASE(identity_follows_from_the_start),
	KUNIT_CASE(identity_tells_without_inventory),
	{ }
};

static struct kunit_suite static_suite = {
	.name = "vtd_static",
	.test_cases = static_cases,
};

kunit_test_suite(static_suite);

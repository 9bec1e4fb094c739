// SPDX-License-Identifier: GPL-2.0
/* Identity tables of units without pass-through, when they change under these. */
#include <kunit/test.h>
#include <linux/iommu.h>
#include <linux/memory.h>
#include <linux/rculist.h>
#include <linux/sizes.h>

#include "acpi/inventory.h"
#include "context/did.h"
#include "domain/attach.h"
#include "domain/static.h"
#include "pgtable/pgtable.h"
#include "tests/fake_device.h"
#include "tests/fake_unit.h"

#define RID	0x0010u

/* No machine that runs this has memory there, and 39 bits reach it */
#define FAR	0x6000000000ull

/* QEMU's unit without pass-through */
#define FAKE_ECAP_NO_PT	(FAKE_ECAP & ~VTD_ECAP_PT)

static void forget_unit(void *drhd)
{
	list_del_rcu(&((struct dmar_drhd_unit *)drhd)->list);
	synchronize_rcu();
}

/* The inventory knows the unit for as long as the test runs */
static void list_unit(struct kunit *test, struct intel_iommu *iommu)
{
	struct dmar_drhd_unit *drhd = kunit_kzalloc(test, sizeof(*drhd), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, drhd);
	drhd->iommu = iommu;
	down_write(&dmar_inventory_lock);
	list_add_tail_rcu(&drhd->list, &dmar_drhd_units);
	up_write(&dmar_inventory_lock);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, forget_unit, drhd), 0);
}

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

	list_unit(test, iommu);
	KUNIT_ASSERT_EQ(test, vtd_identity_domain.ops->attach_dev(&vtd_identity_domain, dev), 0);
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

	vtd_blocked_domain.ops->attach_dev(&vtd_blocked_domain, dev);
	vtd_static_exit(iommu);
}

static struct kunit_case static_cases[] = {
	KUNIT_CASE(identity_flushes_tables),
	{ }
};

static struct kunit_suite static_suite = {
	.name = "vtd_static",
	.test_cases = static_cases,
};

kunit_test_suite(static_suite);

// SPDX-License-Identifier: GPL-2.0
/* A unit does not invalidate any more: nothing may come to it, nothing is given back. */
#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/iommu.h>
#include <linux/mm.h>
#include <linux/sizes.h>

#include "device/device.h"
#include "device/lost.h"
#include "domain/attach.h"
#include "domain/domain.h"
#include "tests/fake_device.h"
#include "tests/fake_unit.h"
#include "unit/queue_state.h"

#define RID	0x0010u		/* 00:02.0 */
#define OTHER	0x0018u		/* 00:03.0 */

/* No machine that runs this has memory there, and 39 bits reach it */
#define FAR	0x6000000000ull

static u32 shut[2];
static u32 normal_reg_timeout_us;

static int lost_init(struct kunit *test)
{
	normal_reg_timeout_us = vtd_reg_timeout_us;
	return 0;
}

static void lost_exit(struct kunit *test)
{
	vtd_reg_timeout_us = normal_reg_timeout_us;
}

static void fake_master_off(struct device *dev, bool bridge)
{
	u16 rid = vtd_device_rid(vtd_device_of(dev));

	shut[rid == OTHER]++;
}

/* All of the range of one table: the page, and what lies where there is no memory */
static void lost_map(struct kunit *test, struct iommu_domain *domain, struct page *page)
{
	size_t mapped = 0;

	KUNIT_EXPECT_EQ(test, vtd_domain_map_pages(domain, SZ_2M, page_to_phys(page), SZ_4K, 1,
						   IOMMU_READ, GFP_KERNEL, &mapped), 0);
	KUNIT_EXPECT_EQ(test, vtd_domain_map_pages(domain, SZ_2M + SZ_4K, FAR, SZ_4K, 511,
						   IOMMU_READ, GFP_KERNEL, &mapped), 0);
}

/* A unit with two devices, one of them in the domain; is it about to be lost? */
static struct iommu_domain *lost_domain(struct kunit *test, bool lost)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *domain = fake_domain_create(test, iommu);
	struct device *dev = fake_device_create(test, iommu, "lost", RID);

	fake_device_create(test, iommu, "lost-other", OTHER);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(domain, dev), 0);
	kunit_activate_static_stub(test, vtd_lost_master_off, fake_master_off);
	fake_unit_hurry(test, 500, 1000);
	vtd_reg_timeout_us = 100;
	fake_unit_of(iommu)->stalled = lost;
	fake_unit_of(iommu)->deaf = lost ? VTD_GCMD_QIE : 0;
	return domain;
}

/* Returns the table that was taken out */
static struct page *lost_unmap(struct kunit *test, struct iommu_domain *domain)
{
	struct iommu_iotlb_gather gather;
	struct page *table;

	memset(shut, 0, sizeof(shut));
	iommu_iotlb_gather_init(&gather);
	KUNIT_EXPECT_EQ(test, vtd_domain_unmap_pages(domain, SZ_2M, SZ_4K, 512, &gather), SZ_2M);
	table = list_first_entry_or_null(&gather.freelist, struct page, lru);
	vtd_domain_sync(domain, &gather);
	KUNIT_EXPECT_TRUE(test, list_empty(&gather.freelist));
	return table;
}

/* Tables that the unit may still walk, and pages that they lead to, are not given back */
static void nothing_is_given_back(struct kunit *test)
{
	struct iommu_domain *domain = lost_domain(test, true);
	struct page *page = alloc_page(GFP_KERNEL), *table;

	KUNIT_ASSERT_NOT_NULL(test, page);
	for (u32 i = 0; i < 2; i++) {
		lost_map(test, domain, page);
		table = lost_unmap(test, domain);
		/* All devices of the unit, and again: a driver may have opened one */
		KUNIT_EXPECT_GT(test, shut[0], 0);
		KUNIT_EXPECT_GT(test, shut[1], 0);
		KUNIT_EXPECT_TRUE(test, to_dmar_domain(domain)->stale);
		KUNIT_ASSERT_NOT_NULL(test, table);
		KUNIT_EXPECT_EQ(test, page_count(table), 1);
		if (page_count(table))
			__free_page(table);
	}
	/* Known to be stale before the second unmap */
	KUNIT_EXPECT_EQ(test, page_count(page), 2);
	while (page_count(page) > 1)
		put_page(page);
	__free_page(page);
	vtd_pt_exit(&to_dmar_domain(domain)->pt);
}

/* The same with a unit that works: all is given back */
static void all_is_given_back(struct kunit *test)
{
	struct iommu_domain *domain = lost_domain(test, false);
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	lost_map(test, domain, page);
	lost_unmap(test, domain);
	KUNIT_EXPECT_EQ(test, shut[0] + shut[1], 0);
	KUNIT_EXPECT_FALSE(test, to_dmar_domain(domain)->stale);
	KUNIT_EXPECT_EQ(test, page_count(page), 1);
	__free_page(page);
}

static struct kunit_case lost_cases[] = {
	KUNIT_CASE(nothing_is_given_back),
	KUNIT_CASE(all_is_given_back),
	{ }
};

static struct kunit_suite lost_suite = {
	.name = "vtd_lost",
	.init = lost_init,
	.exit = lost_exit,
	.test_cases = lost_cases,
};

kunit_test_suite(lost_suite);

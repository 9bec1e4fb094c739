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

static u32 shut[2];

static void fake_master_off(struct device *dev, bool bridge)
{
	u16 rid = vtd_device_rid(vtd_device_of(dev));

	shut[rid == OTHER]++;
}

/* A unit with two devices, one of them in the domain, and one page mapped there */
static struct iommu_domain *lost_domain(struct kunit *test, phys_addr_t page)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *domain = fake_domain_create(test, iommu);
	struct device *dev = fake_device_create(test, iommu, "lost", RID);
	size_t mapped = 0;

	fake_device_create(test, iommu, "lost-other", OTHER);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(domain, dev), 0);
	KUNIT_ASSERT_EQ(test, vtd_domain_map_pages(domain, SZ_2M, page, SZ_4K, 1,
						   IOMMU_READ | IOMMU_WRITE, GFP_KERNEL,
						   &mapped), 0);
	memset(shut, 0, sizeof(shut));
	kunit_activate_static_stub(test, vtd_lost_master_off, fake_master_off);
	fake_unit_hurry(test, 500, 1000);
	fake_unit_of(iommu)->stalled = true;
	fake_unit_of(iommu)->deaf = VTD_GCMD_QIE;
	return domain;
}

/* The page's whole table goes with it; returns one that was taken out */
static struct page *lost_unmap(struct kunit *test, struct iommu_domain *domain,
			       struct iommu_iotlb_gather *gather)
{
	iommu_iotlb_gather_init(gather);
	KUNIT_EXPECT_EQ(test, vtd_domain_unmap_pages(domain, SZ_2M, SZ_4K, 1, gather), SZ_4K);
	return list_first_entry_or_null(&gather->freelist, struct page, lru);
}

static void devices_are_shut(struct kunit *test)
{
	struct iommu_domain *domain = lost_domain(test, 0x10000);
	struct iommu_iotlb_gather gather;
	u32 normal = vtd_reg_timeout_us;

	vtd_reg_timeout_us = 100;
	for (u32 i = 0; i < 2; i++) {
		memset(shut, 0, sizeof(shut));
		lost_unmap(test, domain, &gather);
		vtd_domain_sync(domain, &gather);
		/* All of the unit's, and again when a driver may have opened one */
		KUNIT_EXPECT_GT(test, shut[0], 0);
		KUNIT_EXPECT_GT(test, shut[1], 0);
		KUNIT_EXPECT_TRUE(test, to_dmar_domain(domain)->stale);
		vtd_domain_map_pages(domain, SZ_2M, 0x10000, SZ_4K, 1, IOMMU_READ, GFP_KERNEL,
				     &(size_t){ 0 });
	}
	vtd_reg_timeout_us = normal;
	vtd_pt_exit(&to_dmar_domain(domain)->pt);
}

static struct kunit_case lost_cases[] = {
	KUNIT_CASE(devices_are_shut),
	{ }
};

static struct kunit_suite lost_suite = {
	.name = "vtd_lost",
	.test_cases = lost_cases,
};

kunit_test_suite(lost_suite);

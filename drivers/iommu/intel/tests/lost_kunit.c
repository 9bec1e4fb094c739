// SPDX-License-Identifier: GPL-2.0
/* A unit does not invalidate any more: nothing may come to it, nothing is given back. */
#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/iommu.h>
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sizes.h>

#include "acpi/inventory.h"
#include "context/context.h"
#include "core/core.h"
#include "device/device.h"
#include "device/lost.h"
#include "device/quarantine.h"
#include "domain/attach.h"
#include "domain/domain.h"
#include "domain/stale.h"
#include "hw/entries.h"
#include "tests/fake_device.h"
#include "tests/fake_inventory.h"
#include "tests/fake_unit.h"
#include "unit/queue.h"
#include "unit/queue_state.h"

#define RID	0x0010u		/* 00:02.0 */
#define OTHER	0x0018u		/* 00:03.0 */
#define THIRD	0x0020u		/* 00:04.0 */

/* No machine that runs this has memory there, and 39 bits reach it */
#define FAR	0x6000000000ull

static struct intel_iommu *lost_unit;
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

	lost_unit = iommu;
	fake_device_create(test, iommu, "lost-other", OTHER);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(domain, dev), 0);
	kunit_activate_static_stub(test, vtd_lost_master_off, fake_master_off);
	fake_unit_hurry(test, 500, 1000);
	vtd_reg_timeout_us = 100;
	fake_unit_of(iommu)->stalled = lost;
	fake_unit_of(iommu)->deaf = lost ? VTD_GCMD_QIE : 0;
	return domain;
}

static void lost_list_unit(struct kunit *test)
{
	struct dmar_drhd_unit *drhd = kunit_kzalloc(test, sizeof(*drhd), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, drhd);
	drhd->iommu = lost_unit;
	fake_inventory(test, drhd, 1);
}

/* Returns the table that was taken out */
static struct page *lost_unmap(struct kunit *test, struct iommu_domain *domain)
{
	struct iommu_iotlb_gather gather;
	struct page *table;

	memset(shut, 0, sizeof(shut));
	iommu_iotlb_gather_init(&gather);
	KUNIT_EXPECT_EQ(test, vtd_domain_unmap_pages(domain, SZ_2M, SZ_4K, 512, &gather), SZ_2M);
	table = vtd_core_retired_page(vtd_core_freelist(&gather));
	vtd_domain_sync(domain, &gather);
	KUNIT_EXPECT_TRUE(test, list_empty(vtd_core_freelist(&gather)));
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
	}
	vtd_core_free_retired(&to_dmar_domain(domain)->held_tables);
	/* Known to be stale before the second unmap */
	KUNIT_EXPECT_EQ(test, page_count(page), 2);
	while (page_count(page) > 1)
		put_page(page);
	__free_page(page);
	vtd_pt_exit(&to_dmar_domain(domain)->pt);
}

/*
 * A device keeps the queue from stopping, and who unmaps may not wait: the devices of
 * his domain are shut, those of others are not, and the unit is not lost.
 */
static void unproved_shuts_the_domain(struct kunit *test)
{
	struct iommu_domain *domain = lost_domain(test, true);
	struct intel_iommu *iommu = lost_unit;
	struct vtd_desc desc = vtd_desc_dev_tlb(OTHER, 0, 4, 0, 0);
	struct page *page = alloc_page(GFP_KERNEL), *table;
	struct vtd_ticket ticket;
	unsigned long flags;

	KUNIT_ASSERT_NOT_NULL(test, page);
	lost_list_unit(test);
	lost_map(test, domain, page);
	KUNIT_ASSERT_EQ(test, vtd_queue_submit(iommu, &desc, 1, &ticket), 0);
	local_irq_save(flags);
	table = lost_unmap(test, domain);
	local_irq_restore(flags);
	KUNIT_EXPECT_GT(test, shut[0], 0);
	KUNIT_EXPECT_EQ(test, shut[1], 0);
	KUNIT_EXPECT_NULL(test, iommu->why_dead);
	KUNIT_EXPECT_TRUE(test, to_dmar_domain(domain)->stale);
	KUNIT_EXPECT_EQ(test, page_count(table), 1);
	get_page(table);
	fake_unit_of(iommu)->deaf = 0;
	KUNIT_EXPECT_EQ(test, vtd_queue_settle(iommu), 0);

	/* The unit goes on without its queue, and the next unmap has it forget */
	lost_map(test, domain, page);
	lost_unmap(test, domain);
	KUNIT_EXPECT_FALSE(test, to_dmar_domain(domain)->stale);
	KUNIT_EXPECT_EQ(test, page_count(table), 1);
	KUNIT_EXPECT_EQ(test, page_count(page), 1);
	__free_page(table);
	__free_page(page);
}

/* Who has the domain by a PASID only, or is on the way to it, reaches as much of it */
static void unproved_shuts_all_who_reach_it(struct kunit *test)
{
	struct iommu_domain *domain = lost_domain(test, false);
	struct vtd_device *other;

	mutex_lock(&vtd_device_lock);
	other = vtd_device_find(lost_unit, OTHER);
	mutex_unlock(&vtd_device_lock);
	KUNIT_ASSERT_NOT_NULL(test, other);
	memset(shut, 0, sizeof(shut));
	vtd_lost_close(lost_unit, domain);
	KUNIT_EXPECT_EQ(test, shut[0], 1);
	KUNIT_EXPECT_EQ(test, shut[1], 0);
	KUNIT_ASSERT_FALSE(test, xa_is_err(xa_store(&other->pasids, 7, domain, GFP_KERNEL)));
	vtd_lost_close(lost_unit, domain);
	KUNIT_EXPECT_EQ(test, shut[1], 1);
	xa_erase(&other->pasids, 7);
	WRITE_ONCE(other->coming, domain);
	vtd_lost_close(lost_unit, domain);
	KUNIT_EXPECT_EQ(test, shut[1], 2);
	WRITE_ONCE(other->coming, NULL);
	vtd_lost_close(lost_unit, domain);
	KUNIT_EXPECT_EQ(test, shut[1], 2);
}

/*
 * The same, and a neighbour with a TLB in the domain: it cannot be asked, for no fault of
 * its own.
 */
static void unasked_is_not_blamed(struct kunit *test)
{
	struct iommu_domain *domain = lost_domain(test, true);
	struct intel_iommu *iommu = lost_unit;
	struct device *dev = fake_device_with_tlb(test, iommu, "lost-tlb", THIRD);
	struct vtd_desc desc = vtd_desc_dev_tlb(OTHER, 0, 4, 0, 0);
	struct page *page = alloc_page(GFP_KERNEL);
	struct vtd_ticket ticket;
	unsigned long flags;

	KUNIT_ASSERT_NOT_NULL(test, page);
	lost_list_unit(test);
	fake_unit_of(iommu)->stalled = false;
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(domain, dev), 0);
	lost_map(test, domain, page);
	fake_unit_of(iommu)->stalled = true;
	KUNIT_ASSERT_EQ(test, vtd_queue_submit(iommu, &desc, 1, &ticket), 0);
	local_irq_save(flags);
	KUNIT_EXPECT_NE(test, vtd_queue_kill(iommu, "this is a test"), 0);
	lost_unmap(test, domain);
	local_irq_restore(flags);
	KUNIT_EXPECT_EQ(test, vtd_device_of(dev)->ats.fate, VTD_ATS_WITHOUT);
	KUNIT_EXPECT_TRUE(test, fake_unit_entry(iommu, THIRD).lo & VTD_CTX_LO_P);
	fake_unit_of(iommu)->deaf = 0;
	KUNIT_EXPECT_EQ(test, vtd_queue_settle(iommu), 0);
	lost_map(test, domain, page);
	lost_unmap(test, domain);
	KUNIT_EXPECT_FALSE(test, to_dmar_domain(domain)->stale);
	__free_page(page);
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

/* As the machine wakes: what the unit was lost for is gone, its queue runs ... */
static void lost_revive(struct kunit *test)
{
	struct fake_unit *fake = fake_unit_of(lost_unit);

	fake->stalled = false;
	fake->deaf = 0;
	WRITE_ONCE(lost_unit->why_dead, NULL);
	KUNIT_ASSERT_EQ(test, vtd_queue_enable(lost_unit), 0);
}

/* ... and it is told its root table, and to forget everything */
static void lost_cure(struct kunit *test)
{
	lost_revive(test);
	KUNIT_ASSERT_EQ(test, iommu_set_root_entry(lost_unit), 0);
}

/* A page and a table that are held: returns the table, with a reference of the test's */
static struct page *lost_held(struct kunit *test, struct iommu_domain *domain,
			      struct page *page)
{
	struct page *table;

	lost_map(test, domain, page);
	lost_unmap(test, domain);
	KUNIT_EXPECT_TRUE(test, to_dmar_domain(domain)->stale);
	lost_map(test, domain, page);
	table = lost_unmap(test, domain);
	KUNIT_ASSERT_NOT_NULL(test, table);
	get_page(table);
	KUNIT_EXPECT_EQ(test, page_count(table), 2);
	KUNIT_EXPECT_EQ(test, page_count(page), 2);
	return table;
}

/* The unit was flushed as a whole: all that was held comes back, and nothing more is held */
static void cured_gives_back(struct kunit *test)
{
	struct iommu_domain *domain = lost_domain(test, true);
	struct page *page = alloc_page(GFP_KERNEL), *table;

	KUNIT_ASSERT_NOT_NULL(test, page);
	lost_list_unit(test);
	table = lost_held(test, domain, page);
	lost_cure(test);
	lost_map(test, domain, page);
	lost_unmap(test, domain);
	KUNIT_EXPECT_FALSE(test, to_dmar_domain(domain)->stale);
	KUNIT_EXPECT_EQ(test, page_count(page), 1);
	KUNIT_EXPECT_EQ(test, page_count(table), 1);
	__free_page(table);
	__free_page(page);
}

/* Gone again after it was cured: the cure says nothing about what came later */
static void lost_again_holds_again(struct kunit *test)
{
	struct iommu_domain *domain = lost_domain(test, true);
	struct page *page = alloc_page(GFP_KERNEL), *table;

	KUNIT_ASSERT_NOT_NULL(test, page);
	lost_list_unit(test);
	table = lost_held(test, domain, page);
	lost_cure(test);
	fake_unit_of(lost_unit)->stalled = true;
	fake_unit_of(lost_unit)->deaf = VTD_GCMD_QIE;
	__free_page(table);
	table = lost_held(test, domain, page);
	KUNIT_EXPECT_TRUE(test, to_dmar_domain(domain)->stale);
	lost_cure(test);
	KUNIT_EXPECT_FALSE(test, vtd_stale_check(to_dmar_domain(domain)));
	KUNIT_EXPECT_EQ(test, page_count(page), 1);
	KUNIT_EXPECT_EQ(test, page_count(table), 1);
	__free_page(table);
	__free_page(page);
}

/*
 * It works again, but nothing proves that it has forgotten what it had: until the next
 * unmap asks it to.
 */
static void unproved_holds(struct kunit *test)
{
	struct iommu_domain *domain = lost_domain(test, true);
	struct page *page = alloc_page(GFP_KERNEL), *table;

	KUNIT_ASSERT_NOT_NULL(test, page);
	lost_list_unit(test);
	table = lost_held(test, domain, page);
	lost_revive(test);
	KUNIT_EXPECT_TRUE(test, vtd_stale_check(to_dmar_domain(domain)));
	KUNIT_EXPECT_EQ(test, page_count(page), 2);
	KUNIT_EXPECT_EQ(test, page_count(table), 2);
	lost_map(test, domain, page);
	lost_unmap(test, domain);
	KUNIT_EXPECT_FALSE(test, to_dmar_domain(domain)->stale);
	KUNIT_EXPECT_EQ(test, page_count(page), 1);
	KUNIT_EXPECT_EQ(test, page_count(table), 1);
	__free_page(table);
	__free_page(page);
}

/* Somebody's TLB may hold it, and of that a flush of the unit says nothing */
static void device_tlb_holds(struct kunit *test)
{
	struct iommu_domain *domain = lost_domain(test, true);
	struct dmar_domain *d = to_dmar_domain(domain);

	lost_list_unit(test);
	vtd_stale_lose(d, lost_unit, true);
	lost_cure(test);
	KUNIT_EXPECT_TRUE(test, vtd_stale_check(d));
	vtd_pt_exit(&d->pt);
}

/* A queue dies while its device with a TLB is cut off: that TLB is of no use any more */
static void dead_tlb_is_cured(struct kunit *test)
{
	struct iommu_domain *domain = lost_domain(test, false);
	struct device *dev = fake_device_with_tlb(test, lost_unit, "lost-tlb", THIRD);
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	lost_list_unit(test);
	lost_unit->device_tlb_off = vtd_quarantine_tlb;
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(domain, dev), 0);
	lost_map(test, domain, page);
	fake_unit_of(lost_unit)->stalled = true;
	fake_unit_of(lost_unit)->deaf = VTD_GCMD_QIE;
	lost_unmap(test, domain);
	KUNIT_EXPECT_TRUE(test, vtd_device_of(dev)->ats.fate);
	KUNIT_EXPECT_TRUE(test, vtd_stale_check(to_dmar_domain(domain)));
	lost_cure(test);
	KUNIT_EXPECT_FALSE(test, vtd_stale_check(to_dmar_domain(domain)));
	KUNIT_EXPECT_EQ(test, page_count(page), 1);
	__free_page(page);
}

/* An attach failed: the domains are stale, though the unit is a target of none */
static void attach_failed_and_cured(struct kunit *test)
{
	struct iommu_domain *a = lost_domain(test, false);
	struct iommu_domain *b = fake_domain_create(test, lost_unit);
	struct device *dev = fake_device_create(test, lost_unit, "lost-moves", THIRD);

	lost_list_unit(test);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, dev), 0);
	fake_unit_of(lost_unit)->stalled = true;
	fake_unit_of(lost_unit)->deaf = VTD_GCMD_QIE;
	KUNIT_EXPECT_NE(test, vtd_attach_paging(b, dev), 0);
	KUNIT_EXPECT_TRUE(test, to_dmar_domain(b)->stale);
	KUNIT_EXPECT_TRUE(test, vtd_stale_check(to_dmar_domain(b)));
	lost_cure(test);
	KUNIT_EXPECT_FALSE(test, vtd_stale_check(to_dmar_domain(a)));
	KUNIT_EXPECT_FALSE(test, vtd_stale_check(to_dmar_domain(b)));
}

/* In lazy mode the core would free tables whatever its flush came to */
static void lazy(struct kunit *test, bool lost)
{
	struct iommu_domain *domain = lost_domain(test, lost);
	struct dmar_domain *d = to_dmar_domain(domain);
	struct page *page = alloc_page(GFP_KERNEL), *table;
	struct iommu_iotlb_gather gather;

	KUNIT_ASSERT_NOT_NULL(test, page);
	lost_list_unit(test);
	lost_map(test, domain, page);
	iommu_iotlb_gather_init(&gather);
	gather.queued = true;
	KUNIT_EXPECT_EQ(test, vtd_domain_unmap_pages(domain, SZ_2M, SZ_4K, 512, &gather), SZ_2M);
	KUNIT_EXPECT_TRUE(test, list_empty(vtd_core_freelist(&gather)));
	table = vtd_core_retired_page(&d->lazy_tables);
	KUNIT_ASSERT_NOT_NULL(test, table);
	get_page(table);
	vtd_domain_flush_all(domain);
	KUNIT_EXPECT_EQ(test, d->stale, lost);
	KUNIT_EXPECT_EQ(test, page_count(table), lost ? 2 : 1);
	if (lost) {
		lost_cure(test);
		vtd_domain_flush_all(domain);
		KUNIT_EXPECT_FALSE(test, vtd_stale_check(d));
		KUNIT_EXPECT_EQ(test, page_count(table), 1);
	}
	__free_page(table);
	__free_page(page);
}

static void lazy_holds_tables(struct kunit *test)
{
	lazy(test, true);
}

static void lazy_frees_tables(struct kunit *test)
{
	lazy(test, false);
}

static struct kunit_case lost_cases[] = {
	KUNIT_CASE(nothing_is_given_back),
	KUNIT_CASE(unproved_shuts_the_domain),
	KUNIT_CASE(unproved_shuts_all_who_reach_it),
	KUNIT_CASE(unasked_is_not_blamed),
	KUNIT_CASE(all_is_given_back),
	KUNIT_CASE(cured_gives_back),
	KUNIT_CASE(lost_again_holds_again),
	KUNIT_CASE(unproved_holds),
	KUNIT_CASE(device_tlb_holds),
	KUNIT_CASE(dead_tlb_is_cured),
	KUNIT_CASE(attach_failed_and_cured),
	KUNIT_CASE(lazy_holds_tables),
	KUNIT_CASE(lazy_frees_tables),
	{ }
};

static struct kunit_suite lost_suite = {
	.name = "vtd_lost",
	.init = lost_init,
	.exit = lost_exit,
	.test_cases = lost_cases,
};

kunit_test_suite(lost_suite);

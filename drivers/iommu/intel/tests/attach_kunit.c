// SPDX-License-Identifier: GPL-2.0
/*
 * Attach, detach and map on the fake unit: what is in the context entries and
 * which invalidations the hardware was given, in which order.
 */
#include <kunit/test.h>
#include <linux/iommu.h>
#include <linux/memory.h>
#include <linux/sizes.h>

#include "context/context.h"
#include "context/did.h"
#include "core/core.h"
#include "device/device.h"
#include "domain/attach.h"
#include "domain/domain.h"
#include "domain/static.h"
#include "tests/fake_device.h"
#include "tests/fake_unit.h"
#include "unit/queue_state.h"

#define RID	0x0010u		/* 00:02.0 */
#define OTHER	0x0018u		/* 00:03.0 */

/* No machine that runs this has memory there, and 39 bits reach it */
#define FAR	0x6000000000ull

/* QEMU's unit without pass-through, and one with snoop control */
#define FAKE_ECAP_NO_PT	(FAKE_ECAP & ~VTD_ECAP_PT)
#define FAKE_ECAP_SC	(FAKE_ECAP | VTD_ECAP_SC)

static void expect_entry_of(struct kunit *test, struct intel_iommu *iommu, u16 rid,
			    struct iommu_domain *domain)
{
	const struct vtd_pgtable *pt = &to_dmar_domain(domain)->pt;
	struct vtd_context_entry entry = fake_unit_entry(iommu, rid);

	KUNIT_EXPECT_EQ(test, entry.lo, vtd_pt_root_for(pt) | VTD_CTX_LO_P);
	KUNIT_EXPECT_EQ(test, FIELD_GET(VTD_CTX_HI_AW, entry.hi), pt->cfg.levels - 2);
	KUNIT_EXPECT_GT(test, fake_unit_did(iommu, rid), VTD_DID_IDENTITY);
}

/* A first entry was never cached: nothing to flush on a unit without CM */
static void attach_first(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct device *dev = fake_device_create(test, iommu, "first", RID);

	KUNIT_EXPECT_FALSE(test, fake_unit_entry(iommu, RID).lo & VTD_CTX_LO_P);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, dev), 0);
	expect_entry_of(test, iommu, RID, a);
	KUNIT_EXPECT_EQ(test, fake_unit_of(iommu)->log_count, 0);
	KUNIT_EXPECT_EQ(test, vtd_did_used(iommu), 3);
}

/* Caching mode: the absence may be cached, under id 0 */
static void attach_first_caching_mode(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP_CM, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct device *dev = fake_device_create(test, iommu, "first-cm", RID);
	struct fake_unit *fake = fake_unit_of(iommu);

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, dev), 0);
	KUNIT_EXPECT_EQ(test, fake->log_count, 2);
	fake_unit_expect(test, fake, 0, vtd_desc_context(VTD_INV_SELECTIVE, 0, RID));
	fake_unit_expect(test, fake, 1, vtd_desc_iotlb(VTD_INV_DOMAIN, fake_unit_did(iommu, RID),
						       iommu->caps.drain));
}

static void attach_replace(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct iommu_domain *b = fake_domain_create(test, iommu);
	struct device *dev = fake_device_create(test, iommu, "replace", RID);
	struct fake_unit *fake = fake_unit_of(iommu);
	u16 old;

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, dev), 0);
	old = fake_unit_did(iommu, RID);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(b, dev), 0);
	expect_entry_of(test, iommu, RID, b);
	KUNIT_EXPECT_NE(test, fake_unit_did(iommu, RID), old);

	/* The context cache first, both under the old id */
	KUNIT_EXPECT_EQ(test, fake->log_count, 2);
	fake_unit_expect(test, fake, 0, vtd_desc_context(VTD_INV_SELECTIVE, old, RID));
	fake_unit_expect(test, fake, 1, vtd_desc_iotlb(VTD_INV_DOMAIN, old, iommu->caps.drain));
	/* The old id is free again */
	KUNIT_EXPECT_EQ(test, vtd_did_used(iommu), 3);
}

static void attach_block(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct device *dev = fake_device_create(test, iommu, "block", RID);
	struct vtd_desc context;

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, dev), 0);
	context = vtd_desc_context(VTD_INV_SELECTIVE, fake_unit_did(iommu, RID), RID);
	KUNIT_ASSERT_EQ(test, vtd_attach_blocked(&vtd_blocked_domain, dev), 0);
	KUNIT_EXPECT_EQ(test, fake_unit_entry(iommu, RID).lo, 0);
	KUNIT_EXPECT_EQ(test, fake_unit_entry(iommu, RID).hi, 0);
	KUNIT_EXPECT_EQ(test, fake_unit_count(fake_unit_of(iommu), &context), 1);
	KUNIT_EXPECT_EQ(test, vtd_did_used(iommu), 2);
}

static void attach_identity(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct device *dev = fake_device_create(test, iommu, "identity", RID);
	struct vtd_context_entry entry;

	KUNIT_ASSERT_EQ(test, vtd_attach_identity(&vtd_identity_domain, dev), 0);
	entry = fake_unit_entry(iommu, RID);
	KUNIT_EXPECT_EQ(test, FIELD_GET(VTD_CTX_LO_TT, entry.lo), VTD_TT_PASS_THROUGH);
	KUNIT_EXPECT_EQ(test, FIELD_GET(VTD_CTX_HI_DID, entry.hi), VTD_DID_IDENTITY);
	KUNIT_EXPECT_NULL(test, iommu->identity);
}

/* Without pass-through: tables of all RAM, and of RAM that comes later */
static void attach_identity_tables(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP_NO_PT);
	struct device *dev = fake_device_create(test, iommu, "tables", RID);
	struct memory_notify more = { .start_pfn = FAR >> PAGE_SHIFT, .nr_pages = 512 };
	struct vtd_context_entry entry;
	struct vtd_pt_leaf leaf;
	void *page = kunit_kzalloc(test, SZ_4K, GFP_KERNEL);
	const struct vtd_pgtable *pt;

	KUNIT_ASSERT_EQ(test, vtd_attach_identity(&vtd_identity_domain, dev), 0);
	KUNIT_ASSERT_NOT_NULL(test, iommu->identity);
	entry = fake_unit_entry(iommu, RID);
	pt = vtd_static_tables(iommu);
	KUNIT_EXPECT_EQ(test, FIELD_GET(VTD_CTX_LO_TT, entry.lo), VTD_TT_MULTI_LEVEL);
	KUNIT_EXPECT_EQ(test, entry.lo & VTD_CTX_LO_SSPTPTR, vtd_pt_root_for(pt));
	KUNIT_EXPECT_EQ(test, fake_unit_did(iommu, RID), VTD_DID_IDENTITY);
	KUNIT_ASSERT_TRUE(test, vtd_pt_lookup(pt, virt_to_phys(page), &leaf));
	KUNIT_EXPECT_EQ(test, leaf.phys, virt_to_phys(page));

	KUNIT_EXPECT_FALSE(test, vtd_pt_lookup(pt, FAR, &leaf));
	vtd_static_memory(NULL, MEM_GOING_ONLINE, &more);
	KUNIT_ASSERT_TRUE(test, vtd_pt_lookup(pt, FAR + SZ_1M, &leaf));
	KUNIT_EXPECT_EQ(test, leaf.phys, FAR + SZ_1M);

	vtd_attach_blocked(&vtd_blocked_domain, dev);
	vtd_static_exit(iommu);
}

/* A domain built for a unit that can do more is refused, and nothing changes */
static void attach_misfit(struct kunit *test)
{
	struct intel_iommu *big = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct intel_iommu *small = fake_unit_with_root(test, FAKE_CAP & ~VTD_CAP_SSLPS, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, big);
	struct iommu_domain *b = fake_domain_create(test, small);
	struct device *dev = fake_device_create(test, small, "misfit", RID);
	struct vtd_context_entry before;

	KUNIT_EXPECT_EQ(test, b->pgsize_bitmap, SZ_4K);
	KUNIT_EXPECT_EQ(test, a->pgsize_bitmap, SZ_4K | SZ_2M | SZ_1G);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(b, dev), 0);
	before = fake_unit_entry(small, RID);
	KUNIT_EXPECT_EQ(test, vtd_attach_paging(a, dev), -EINVAL);
	fake_unit_expect_entry(test, small, RID, before);
	KUNIT_EXPECT_PTR_EQ(test, vtd_device_of(dev)->domain, b);
}

/* One entry for several devices stays until the last of them is blocked */
static void attach_shared_rid(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct device *one = fake_device_create(test, iommu, "shared-1", RID);
	struct device *two = fake_device_create(test, iommu, "shared-2", RID);

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, one), 0);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, two), 0);
	KUNIT_ASSERT_EQ(test, vtd_attach_blocked(&vtd_blocked_domain, one), 0);
	expect_entry_of(test, iommu, RID, a);
	KUNIT_ASSERT_EQ(test, vtd_attach_blocked(&vtd_blocked_domain, two), 0);
	KUNIT_EXPECT_EQ(test, fake_unit_entry(iommu, RID).lo, 0);
}

/* Ids 0 and 1 are reserved: sixteen leave fourteen domains */
static void attach_no_id_left(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP & ~VTD_CAP_ND, FAKE_ECAP);
	struct iommu_domain *domain = NULL;
	struct device *dev, *each;
	char name[] = "id-a";
	unsigned int i;

	for (i = 0; i < 14; i++, name[3]++) {
		domain = fake_domain_create(test, iommu);
		each = fake_device_create(test, iommu, name, 0x100 + i);
		KUNIT_ASSERT_EQ(test, vtd_attach_paging(domain, each), 0);
	}
	/* Goes before the domains do: what is added last is undone first */
	dev = fake_device_create(test, iommu, "no-id", OTHER);
	KUNIT_EXPECT_EQ(test, vtd_attach_paging(fake_domain_create(test, iommu), dev), -ENOSPC);
	KUNIT_EXPECT_EQ(test, fake_unit_entry(iommu, OTHER).lo, 0);
	/* A domain that has an id already needs no other */
	KUNIT_EXPECT_EQ(test, vtd_attach_paging(domain, dev), 0);
}

/* A unit that stops flushing: the device ends blocked, not in either domain */
static void attach_deaf_unit(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct iommu_domain *b = fake_domain_create(test, iommu);
	struct device *dev = fake_device_create(test, iommu, "deaf", RID);

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, dev), 0);
	fake_unit_of(iommu)->stalled = true;
	fake_unit_of(iommu)->deaf_registers = true;
	fake_unit_hurry(test, 500, 1000);
	KUNIT_EXPECT_NE(test, vtd_attach_paging(b, dev), 0);
	KUNIT_EXPECT_FALSE(test, fake_unit_entry(iommu, RID).lo & VTD_CTX_LO_P);
	KUNIT_EXPECT_NULL(test, vtd_device_of(dev)->domain);
	/* Tables that the unit may still know are kept, and so is their id */
	KUNIT_EXPECT_TRUE(test, to_dmar_domain(a)->stale);
	KUNIT_EXPECT_EQ(test, vtd_did_used(iommu), 4);
	vtd_pt_exit(&to_dmar_domain(a)->pt);
	vtd_pt_exit(&to_dmar_domain(b)->pt);
}

/* The way from one domain to another passes through absence, which is cached */
static void attach_replace_caching_mode(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP_CM, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct iommu_domain *b = fake_domain_create(test, iommu);
	struct device *dev = fake_device_create(test, iommu, "replace-cm", RID);
	struct fake_unit *fake = fake_unit_of(iommu);
	u16 old;

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, dev), 0);
	old = fake_unit_did(iommu, RID);
	fake->log_count = 0;
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(b, dev), 0);
	KUNIT_EXPECT_EQ(test, fake->log_count, 4);
	fake_unit_expect(test, fake, 0, vtd_desc_context(VTD_INV_SELECTIVE, old, RID));
	fake_unit_expect(test, fake, 1, vtd_desc_iotlb(VTD_INV_DOMAIN, old, iommu->caps.drain));
	fake_unit_expect(test, fake, 2, vtd_desc_context(VTD_INV_SELECTIVE, 0, RID));
	fake_unit_expect(test, fake, 3, vtd_desc_iotlb(VTD_INV_DOMAIN, fake_unit_did(iommu, RID),
						       iommu->caps.drain));
}

static size_t attach_unmap(struct iommu_domain *domain, unsigned long iova, size_t size)
{
	struct iommu_iotlb_gather gather;
	size_t done;

	iommu_iotlb_gather_init(&gather);
	done = vtd_domain_unmap_pages(domain, iova, SZ_4K, size / SZ_4K, &gather);
	vtd_domain_sync(domain, &gather);
	return done;
}

static void attach_map(struct kunit *test, struct iommu_domain *domain,
		       unsigned long iova, size_t size)
{
	size_t mapped = 0;

	KUNIT_ASSERT_EQ(test, vtd_domain_map_pages(domain, iova, 0x10000, SZ_4K, size / SZ_4K,
						   IOMMU_READ | IOMMU_WRITE, GFP_KERNEL,
						   &mapped), 0);
	KUNIT_ASSERT_EQ(test, mapped, size);
	KUNIT_ASSERT_EQ(test, vtd_domain_sync_map(domain, iova, size), 0);
}

/* Mapping costs no invalidation, unmapping one */
static void attach_map_unmap(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct device *dev = fake_device_create(test, iommu, "map", RID);
	struct fake_unit *fake = fake_unit_of(iommu);

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, dev), 0);
	attach_map(test, a, SZ_1M, SZ_64K);
	KUNIT_EXPECT_EQ(test, fake->log_count, 0);
	KUNIT_EXPECT_EQ(test, vtd_domain_iova_to_phys(a, SZ_1M + 0x2345), 0x12345);

	KUNIT_EXPECT_EQ(test, attach_unmap(a, SZ_1M, SZ_64K), SZ_64K);
	KUNIT_EXPECT_EQ(test, fake->log_count, 1);
	fake_unit_expect(test, fake, 0,
			 vtd_desc_iotlb_pages(fake_unit_did(iommu, RID), iommu->caps.drain,
					      SZ_1M, 4, true));
	KUNIT_EXPECT_EQ(test, vtd_domain_iova_to_phys(a, SZ_1M), 0);
}

/*
 * Two ranges far apart in one gather: the flush of the first must not free the
 * tables of the second, which was not flushed yet.
 */
static void attach_unmap_apart(struct kunit *test)
{
	static const struct iommu_domain_ops ops = { .iotlb_sync = vtd_domain_sync };
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct device *dev = fake_device_create(test, iommu, "apart", RID);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct iommu_iotlb_gather gather;

	a->ops = &ops;
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, dev), 0);
	attach_map(test, a, SZ_2M, SZ_2M);
	attach_map(test, a, SZ_1G, SZ_2M);

	iommu_iotlb_gather_init(&gather);
	vtd_domain_unmap_pages(a, SZ_2M, SZ_4K, SZ_2M / SZ_4K, &gather);
	KUNIT_EXPECT_EQ(test, fake->log_count, 0);
	KUNIT_EXPECT_FALSE(test, list_empty(vtd_core_freelist(&gather)));
	vtd_domain_unmap_pages(a, SZ_1G, SZ_4K, SZ_2M / SZ_4K, &gather);
	KUNIT_EXPECT_EQ(test, fake->log_count, 1);
	fake_unit_expect(test, fake, 0,
			 vtd_desc_iotlb_pages(fake_unit_did(iommu, RID), iommu->caps.drain,
					      SZ_2M, 9, false));
	KUNIT_EXPECT_FALSE(test, list_empty(vtd_core_freelist(&gather)));
	KUNIT_EXPECT_EQ(test, gather.start, SZ_1G);
	vtd_domain_sync(a, &gather);
	KUNIT_EXPECT_EQ(test, fake->log_count, 2);
	KUNIT_EXPECT_TRUE(test, list_empty(vtd_core_freelist(&gather)));
}

/* The core flushes also when there was nothing to unmap */
static void attach_sync_nothing(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct device *dev = fake_device_create(test, iommu, "nothing", RID);

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, dev), 0);
	KUNIT_EXPECT_EQ(test, attach_unmap(a, SZ_2M, SZ_4K), 0);
	KUNIT_EXPECT_EQ(test, fake_unit_of(iommu)->log_count, 0);
}

static void attach_map_caching_mode(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP_CM, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct device *dev = fake_device_create(test, iommu, "map-cm", RID);
	struct fake_unit *fake = fake_unit_of(iommu);

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, dev), 0);
	fake->log_count = 0;
	attach_map(test, a, SZ_1M, SZ_4K);
	KUNIT_EXPECT_EQ(test, fake->log_count, 1);
	fake_unit_expect(test, fake, 0,
			 vtd_desc_iotlb_pages(fake_unit_did(iommu, RID), iommu->caps.drain,
					      SZ_1M, 0, false));
	attach_unmap(a, SZ_1M, SZ_4K);

	/* An empty range is no range */
	fake->log_count = 0;
	KUNIT_EXPECT_EQ(test, vtd_domain_sync_map(a, SZ_1M, 0), 0);
	KUNIT_EXPECT_EQ(test, fake->log_count, 0);
}

/* Two units in a domain: an unmap reaches both, each under its own id */
static void attach_two_units(struct kunit *test)
{
	struct intel_iommu *x = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct intel_iommu *y = fake_unit_with_root(test, FAKE_CAP & ~VTD_CAP_PSI, FAKE_ECAP);
	struct iommu_domain *other = fake_domain_create(test, y);
	struct iommu_domain *a = fake_domain_create(test, x);
	struct device *one = fake_device_create(test, x, "two-x", RID);
	struct device *two = fake_device_create(test, y, "two-y", RID);
	struct device *three = fake_device_create(test, y, "two-z", OTHER);

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(other, three), 0);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, one), 0);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, two), 0);
	KUNIT_EXPECT_NE(test, fake_unit_did(x, RID), fake_unit_did(y, RID));

	attach_map(test, a, SZ_1M, SZ_4K);
	attach_unmap(a, SZ_1M, SZ_4K);
	KUNIT_EXPECT_EQ(test, fake_unit_of(x)->log_count, 1);
	KUNIT_EXPECT_EQ(test, fake_unit_of(y)->log_count, 1);
	fake_unit_expect(test, fake_unit_of(x), 0,
			 vtd_desc_iotlb_pages(fake_unit_did(x, RID), x->caps.drain, SZ_1M, 0,
					      true));
	fake_unit_expect(test, fake_unit_of(y), 0,
			 vtd_desc_iotlb(VTD_INV_DOMAIN, fake_unit_did(y, RID), y->caps.drain));

	/* And after one left, only the one that is left */
	KUNIT_ASSERT_EQ(test, vtd_attach_blocked(&vtd_blocked_domain, two), 0);
	fake_unit_of(x)->log_count = 0;
	fake_unit_of(y)->log_count = 0;
	attach_map(test, a, SZ_1M, SZ_4K);
	attach_unmap(a, SZ_1M, SZ_4K);
	KUNIT_EXPECT_EQ(test, fake_unit_of(x)->log_count, 1);
	KUNIT_EXPECT_EQ(test, fake_unit_of(y)->log_count, 0);
}

static void attach_force_snoop(struct kunit *test)
{
	struct intel_iommu *with = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP_SC);
	struct intel_iommu *without = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, with);
	struct iommu_domain *b = fake_domain_create(test, without);
	struct device *dev = fake_device_create(test, with, "snoop", RID);
	struct device *poor = fake_device_create(test, without, "no-snoop", RID);
	struct vtd_pt_leaf leaf;

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, dev), 0);
	KUNIT_EXPECT_TRUE(test, vtd_domain_force_snoop(a));
	attach_map(test, a, SZ_1M, SZ_4K);
	KUNIT_ASSERT_TRUE(test, vtd_domain_inspect(to_dmar_domain(a), SZ_1M, &leaf));
	KUNIT_EXPECT_TRUE(test, leaf.prot & VTD_PT_SNOOP);
	KUNIT_EXPECT_EQ(test, vtd_attach_paging(a, poor), -EINVAL);

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(b, poor), 0);
	KUNIT_EXPECT_FALSE(test, vtd_domain_force_snoop(b));
	attach_map(test, b, SZ_1M, SZ_4K);
	KUNIT_ASSERT_TRUE(test, vtd_domain_inspect(to_dmar_domain(b), SZ_1M, &leaf));
	KUNIT_EXPECT_FALSE(test, leaf.prot & VTD_PT_SNOOP);
}

static struct kunit_case attach_cases[] = {
	KUNIT_CASE(attach_first),
	KUNIT_CASE(attach_first_caching_mode),
	KUNIT_CASE(attach_replace),
	KUNIT_CASE(attach_block),
	KUNIT_CASE(attach_identity),
	KUNIT_CASE(attach_identity_tables),
	KUNIT_CASE(attach_misfit),
	KUNIT_CASE(attach_shared_rid),
	KUNIT_CASE(attach_no_id_left),
	KUNIT_CASE(attach_replace_caching_mode),
	KUNIT_CASE(attach_deaf_unit),
	KUNIT_CASE(attach_map_unmap),
	KUNIT_CASE(attach_unmap_apart),
	KUNIT_CASE(attach_sync_nothing),
	KUNIT_CASE(attach_map_caching_mode),
	KUNIT_CASE(attach_two_units),
	KUNIT_CASE(attach_force_snoop),
	{ }
};

static struct kunit_suite attach_suite = {
	.name = "vtd_attach",
	.test_cases = attach_cases,
};

kunit_test_suite(attach_suite);

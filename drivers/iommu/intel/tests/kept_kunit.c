// SPDX-License-Identifier: GPL-2.0
/*
 * Regions that stay mapped in every domain of their device: who maps, who unmaps
 * what others still need, what happens where it cannot be, who is told.
 */
#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/iommu.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/page_ref.h>
#include <linux/sizes.h>
#include <linux/smp.h>

#include "acpi/inventory.h"
#include "context/did.h"
#include "device/ats.h"
#include "device/device.h"
#include "device/reserved.h"
#include "domain/attach.h"
#include "domain/domain.h"
#include "domain/kept.h"
#include "tests/fake_device.h"
#include "tests/fake_unit.h"
#include "unit/queue_state.h"

#define RID	0x0010u
#define OTHER	0x0018u

#define BASE	0x8b000000ull
#define PAGES(n)	((n) * SZ_4K)

/* What a device with this name keeps; the last one ends behind 39 bits */
static const struct {
	const char *name;
	u64 base;
	u64 end;
	enum vtd_rmrr_use use;
} kept_regions[] = {
	{ "kept-low", BASE, BASE + PAGES(3) - 1, VTD_RMRR_KEPT },
	{ "kept-high", BASE + PAGES(2), BASE + PAGES(5) - 1, VTD_RMRR_KEPT },
	{ "kept-two", BASE, BASE + PAGES(1) - 1, VTD_RMRR_KEPT },
	{ "kept-two", BASE + PAGES(8), BASE + PAGES(9) - 1, VTD_RMRR_KEPT },
	{ "kept-firm", BASE, BASE + PAGES(1) - 1, VTD_RMRR_FIRM },
	{ "kept-large", BASE, BASE + SZ_2M - 1, VTD_RMRR_KEPT },
	{ "kept-wide", BASE, BASE + 2 * SZ_2M - 1, VTD_RMRR_KEPT },
	{ "kept-over", BASE + SZ_2M + PAGES(8), BASE + 3 * SZ_2M - 1, VTD_RMRR_KEPT },
	{ "kept-inside", BASE + PAGES(4), BASE + PAGES(12) - 1, VTD_RMRR_KEPT },
	{ "kept-far", BASE, BASE + PAGES(1) - 1, VTD_RMRR_KEPT },
	{ "kept-far", 1ull << 39, (1ull << 39) + PAGES(1) - 1, VTD_RMRR_KEPT },
};

static void fake_reserved_each(struct device *dev, vtd_rmrr_fn fn, void *data)
{
	/* KUnit puts the test's name and a dot in front */
	const char *name = strrchr(dev_name(dev), '.') + 1;
	struct dmar_rmrr_unit rmrr = { };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kept_regions); i++) {
		if (strcmp(kept_regions[i].name, name))
			continue;
		rmrr.base = kept_regions[i].base;
		rmrr.end = kept_regions[i].end;
		fn(&rmrr, dev, kept_regions[i].use, data);
	}
}

static int kept_init(struct kunit *test)
{
	kunit_activate_static_stub(test, vtd_reserved_each, fake_reserved_each);
	return 0;
}

/* Bit n: page n behind BASE leads to itself; a page that leads elsewhere fails */
static u32 kept_pages(struct kunit *test, struct iommu_domain *domain)
{
	struct vtd_pt_leaf leaf;
	u32 found = 0;
	unsigned int i;

	for (i = 0; i < 16; i++) {
		if (!vtd_domain_inspect(to_dmar_domain(domain), BASE + PAGES(i), &leaf))
			continue;
		KUNIT_EXPECT_EQ(test, leaf.phys, BASE + PAGES(i));
		KUNIT_EXPECT_EQ(test, leaf.prot & (VTD_PT_READ | VTD_PT_WRITE),
				VTD_PT_READ | VTD_PT_WRITE);
		found |= 1u << i;
	}
	return found;
}

static void kept_block(struct kunit *test, struct device *dev)
{
	KUNIT_ASSERT_EQ(test, vtd_attach_blocked(&vtd_blocked_domain, dev), 0);
}

static void kept_while_attached(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct iommu_domain *b = fake_domain_create(test, iommu);
	struct device *dev = fake_device_create(test, iommu, "kept-two", RID);

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, dev), 0);
	KUNIT_EXPECT_EQ(test, kept_pages(test, a), 0x101);
	KUNIT_EXPECT_EQ(test, kept_pages(test, b), 0);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(b, dev), 0);
	KUNIT_EXPECT_EQ(test, kept_pages(test, a), 0);
	KUNIT_EXPECT_EQ(test, kept_pages(test, b), 0x101);
	kept_block(test, dev);
	KUNIT_EXPECT_EQ(test, kept_pages(test, b), 0);
}

/* The page of both stays until both have left, in whichever order */
static void kept_overlap(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct device *low = fake_device_create(test, iommu, "kept-low", RID);
	struct device *high = fake_device_create(test, iommu, "kept-high", OTHER);

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, low), 0);
	KUNIT_EXPECT_EQ(test, kept_pages(test, a), 0x07);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, high), 0);
	KUNIT_EXPECT_EQ(test, kept_pages(test, a), 0x1f);
	kept_block(test, low);
	KUNIT_EXPECT_EQ(test, kept_pages(test, a), 0x1c);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, low), 0);
	kept_block(test, high);
	KUNIT_EXPECT_EQ(test, kept_pages(test, a), 0x07);
	kept_block(test, low);
	KUNIT_EXPECT_EQ(test, kept_pages(test, a), 0);
}

/* Are the pages from byte @from to before byte @to behind BASE there, and the same before them? */
static void kept_expect(struct kunit *test, struct iommu_domain *domain, u64 from, u64 to)
{
	u64 at, bad = 0;

	for (at = 0; at < 4 * SZ_2M; at += SZ_4K)
		bad += vtd_domain_iova_to_phys(domain, BASE + at) !=
		       (at >= from && at < to ? BASE + at : 0);
	KUNIT_EXPECT_EQ(test, bad, 0);
}

/* Large leaves that two regions have in common in part, in both orders */
static void kept_overlap_large(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct device *wide = fake_device_create(test, iommu, "kept-wide", RID);
	struct device *over = fake_device_create(test, iommu, "kept-over", OTHER);

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, wide), 0);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, over), 0);
	kept_expect(test, a, 0, 3 * SZ_2M);
	kept_block(test, wide);
	kept_expect(test, a, SZ_2M + PAGES(8), 3 * SZ_2M);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, wide), 0);
	kept_expect(test, a, 0, 3 * SZ_2M);
	kept_block(test, over);
	kept_expect(test, a, 0, 2 * SZ_2M);
	kept_block(test, wide);
	kept_expect(test, a, 0, 0);
}

/* A few pages in the middle of another one's large leaf, which is flushed when it is split */
static void kept_inside_large(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct device *large = fake_device_create(test, iommu, "kept-large", RID);
	struct device *inside = fake_device_create(test, iommu, "kept-inside", OTHER);
	struct vtd_desc want;

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, large), 0);
	fake_unit_of(iommu)->log_count = 0;
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, inside), 0);
	want = vtd_desc_iotlb_pages(fake_unit_did(iommu, RID), iommu->caps.drain, BASE, 9, false);
	KUNIT_EXPECT_EQ(test, fake_unit_count(fake_unit_of(iommu), &want), 1);
	kept_block(test, large);
	kept_expect(test, a, PAGES(4), PAGES(12));
	kept_block(test, inside);
	kept_expect(test, a, 0, 0);
}

/* Half of a user's large page would be in the way: it is left as it is */
static void kept_spares_others(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct device *dev = fake_device_create(test, iommu, "kept-inside", RID);
	struct vtd_pt_leaf leaf;
	size_t mapped = 0;

	KUNIT_ASSERT_EQ(test, vtd_domain_map_pages(a, BASE, SZ_1G, SZ_2M, 1, IOMMU_READ,
						   GFP_KERNEL, &mapped), 0);
	KUNIT_EXPECT_EQ(test, vtd_attach_paging(a, dev), -EADDRINUSE);
	KUNIT_ASSERT_TRUE(test, vtd_domain_inspect(to_dmar_domain(a), BASE, &leaf));
	KUNIT_EXPECT_EQ(test, leaf.level, 2);
}

/* The other kinds of regions are the core's business */
static void kept_only_what_is_kept(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct device *dev = fake_device_create(test, iommu, "kept-firm", RID);

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, dev), 0);
	KUNIT_EXPECT_EQ(test, kept_pages(test, a), 0);
}

/* Its second region is taken: nothing changes, for the device or the domain */
static void kept_in_use(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct iommu_domain *b = fake_domain_create(test, iommu);
	struct device *dev = fake_device_create(test, iommu, "kept-two", RID);
	struct vtd_context_entry before;
	size_t mapped = 0;

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(b, dev), 0);
	before = fake_unit_entry(iommu, RID);
	KUNIT_ASSERT_EQ(test, vtd_domain_map_pages(a, BASE + PAGES(8), 0x10000, SZ_4K, 1,
						   IOMMU_READ, GFP_KERNEL, &mapped), 0);
	KUNIT_EXPECT_EQ(test, vtd_attach_paging(a, dev), -EADDRINUSE);
	KUNIT_EXPECT_EQ(test, vtd_domain_iova_to_phys(a, BASE), 0);
	KUNIT_EXPECT_EQ(test, vtd_domain_iova_to_phys(a, BASE + PAGES(8)), 0x10000);
	fake_unit_expect_entry(test, iommu, RID, before);
	KUNIT_EXPECT_PTR_EQ(test, vtd_device_of(dev)->domain, b);
	KUNIT_EXPECT_EQ(test, kept_pages(test, b), 0x101);
	/* Two reserved ids and that of the domain it is in */
	KUNIT_EXPECT_EQ(test, vtd_did_used(iommu), 3);
}

/* The middle of it is taken: the page before that is not left behind */
static void kept_half_in_use(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct device *dev = fake_device_create(test, iommu, "kept-low", RID);
	size_t mapped = 0;

	KUNIT_ASSERT_EQ(test, vtd_domain_map_pages(a, BASE + PAGES(1), 0x10000, SZ_4K, 1,
						   IOMMU_READ, GFP_KERNEL, &mapped), 0);
	KUNIT_EXPECT_EQ(test, vtd_attach_paging(a, dev), -EADDRINUSE);
	KUNIT_EXPECT_EQ(test, vtd_domain_iova_to_phys(a, BASE), 0);
	KUNIT_EXPECT_EQ(test, vtd_domain_iova_to_phys(a, BASE + PAGES(1)), 0x10000);
	KUNIT_EXPECT_EQ(test, vtd_domain_iova_to_phys(a, BASE + PAGES(2)), 0);
	KUNIT_EXPECT_NULL(test, vtd_device_of(dev)->domain);
}

static void kept_beyond_width(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct device *dev = fake_device_create(test, iommu, "kept-far", RID);

	KUNIT_EXPECT_EQ(test, vtd_attach_paging(a, dev), -EINVAL);
	KUNIT_EXPECT_EQ(test, kept_pages(test, a), 0);
	KUNIT_EXPECT_FALSE(test, fake_unit_entry(iommu, RID).lo & VTD_CTX_LO_P);
	KUNIT_EXPECT_NULL(test, vtd_device_of(dev)->domain);
}

/* What was absent may be cached in caching mode, for those that are there already */
static void kept_tells_of_mapping(struct kunit *test)
{
	struct intel_iommu *cm = fake_unit_with_root(test, FAKE_CAP_CM, FAKE_ECAP);
	struct intel_iommu *not = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, cm);
	struct iommu_domain *b = fake_domain_create(test, not);
	struct device *one = fake_device_create(test, cm, "kept-firm", RID);
	struct device *two = fake_device_create(test, cm, "kept-two", OTHER);
	struct device *three = fake_device_create(test, not, "kept-low", RID);
	struct vtd_desc want;

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, one), 0);
	fake_unit_of(cm)->log_count = 0;
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, two), 0);
	/* ... and that may be an entry that leads to a table */
	want = vtd_desc_iotlb_pages(fake_unit_did(cm, RID), cm->caps.drain,
				    BASE + PAGES(8), 0, false);
	KUNIT_EXPECT_EQ(test, fake_unit_count(fake_unit_of(cm), &want), 1);

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(b, three), 0);
	KUNIT_EXPECT_EQ(test, fake_unit_of(not)->log_count, 0);
}

/* Unmapping: the unit by the domain's id, and the TLB of a device that has one */
static void kept_tells_of_unmapping(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct dmar_domain *d = to_dmar_domain(a);
	struct device *dev = fake_device_create(test, iommu, "kept-two", RID);
	struct vtd_device *vdev = vtd_device_of(dev);
	struct vtd_desc want[VTD_ATS_DESCS];
	int did;

	/* By hand: nothing of PCI is behind this device */
	vdev->ats.supported = true;
	did = vtd_targets_link(d, vdev, IOMMU_NO_PASID);
	KUNIT_ASSERT_GT(test, did, 0);
	KUNIT_ASSERT_EQ(test, vtd_kept_get(d, vdev), 0);
	vdev->ats.enabled = true;
	iommu->state = VTD_UNIT_ON;
	fake_unit_of(iommu)->log_count = 0;
	vtd_kept_put(d, vdev);
	KUNIT_EXPECT_EQ(test, kept_pages(test, a), 0);

	want[0] = vtd_desc_iotlb_pages(did, iommu->caps.drain, BASE, 0, true);
	KUNIT_EXPECT_EQ(test, fake_unit_count(fake_unit_of(iommu), want), 1);
	KUNIT_EXPECT_EQ(test, vtd_ats_flush(vdev, IOMMU_NO_PASID, BASE, 0, want), 1);
	KUNIT_EXPECT_EQ(test, fake_unit_count(fake_unit_of(iommu), want), 1);
	want[0] = vtd_desc_iotlb_pages(did, iommu->caps.drain, BASE + PAGES(8), 0, true);
	KUNIT_EXPECT_EQ(test, fake_unit_count(fake_unit_of(iommu), want), 1);
	KUNIT_EXPECT_EQ(test, vtd_ats_flush(vdev, IOMMU_NO_PASID, BASE + PAGES(8), 0, want), 1);
	KUNIT_EXPECT_EQ(test, fake_unit_count(fake_unit_of(iommu), want), 1);
	vdev->ats.enabled = false;
	vdev->ats.supported = false;
	vtd_targets_unlink(d, vdev, IOMMU_NO_PASID, false);
}

/* The page of the table for BASE, in a domain where BASE was mapped and unmapped */
static struct page *kept_left_over(struct kunit *test, struct iommu_domain *domain)
{
	struct dmar_domain *d = to_dmar_domain(domain);
	struct iommu_iotlb_gather gather;
	u64 table = vtd_pt_root_for(&d->pt);
	unsigned int level;
	size_t mapped;

	KUNIT_ASSERT_EQ(test, vtd_domain_map_pages(domain, BASE, 0x10000, SZ_4K, 1, IOMMU_READ,
						   GFP_KERNEL, &mapped), 0);
	iommu_iotlb_gather_init(&gather);
	KUNIT_ASSERT_EQ(test, vtd_domain_unmap_pages(domain, BASE, SZ_4K, 1, &gather), SZ_4K);
	vtd_domain_sync(domain, &gather);
	for (level = d->pt.cfg.levels; level > 1; level--) {
		const u64 *entry = phys_to_virt(table);

		table = entry[(BASE >> (3 + 9 * level)) % 512] & VTD_SS_ADDR;
		KUNIT_ASSERT_NE(test, table, 0);
	}
	return pfn_to_page(PHYS_PFN(table));
}

/**
 * struct kept_inspector - somebody who looks at tables just before these go
 * @d: the domain
 * @fake: the unit
 * @page: table that he may be looking at
 * @holds: he does
 * @early: it was given back while he did
 * @seen: the flush came while he did
 * @done: he left
 */
struct kept_inspector {
	struct dmar_domain *d;
	struct fake_unit *fake;
	struct page *page;
	struct completion holds;
	bool early;
	bool seen;
	struct completion done;
};

/* Holds the lock from before the flush until a moment after it */
static int kept_inspect(void *data)
{
	struct kept_inspector *who = data;
	unsigned int us;

	spin_lock_irq(&who->d->inspect_lock);
	complete(&who->holds);
	for (us = 0; us < 5 * USEC_PER_SEC && !READ_ONCE(who->fake->log_count); us++)
		udelay(1);
	who->seen = READ_ONCE(who->fake->log_count);
	for (us = 0; us < USEC_PER_MSEC && !who->early; us++) {
		who->early = page_ref_count(who->page) != 2;
		udelay(1);
	}
	spin_unlock_irq(&who->d->inspect_lock);
	complete(&who->done);
	return 0;
}

/*
 * A large page takes the place of an empty table: units that cache no absence may
 * still have that table.  It is free after the flush, and after inspectors left.
 */
static void kept_over_a_table(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct device *one = fake_device_create(test, iommu, "kept-firm", RID);
	struct device *two = fake_device_create(test, iommu, "kept-large", OTHER);
	struct kept_inspector who = { .d = to_dmar_domain(a), .fake = fake_unit_of(iommu) };
	struct task_struct *task;
	struct vtd_pt_leaf leaf;

	if (num_online_cpus() < 2)
		kunit_skip(test, "an inspector who holds the lock needs a CPU of his own");
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, one), 0);
	who.page = kept_left_over(test, a);
	get_page(who.page);
	who.fake->log_count = 0;
	init_completion(&who.holds);
	init_completion(&who.done);
	task = kthread_create(kept_inspect, &who, "vtd-inspector");
	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	/* The lock is waited for with interrupts off: by another CPU */
	migrate_disable();
	kthread_bind(task, cpumask_any_but(cpu_online_mask, smp_processor_id()));
	wake_up_process(task);
	wait_for_completion(&who.holds);
	KUNIT_EXPECT_EQ(test, vtd_attach_paging(a, two), 0);
	migrate_enable();
	wait_for_completion(&who.done);
	KUNIT_EXPECT_TRUE(test, who.seen);
	KUNIT_EXPECT_FALSE(test, who.early);
	KUNIT_ASSERT_TRUE(test, vtd_domain_inspect(to_dmar_domain(a), BASE, &leaf));
	KUNIT_EXPECT_EQ(test, leaf.level, 2);
	KUNIT_EXPECT_EQ(test, who.fake->log_count, 1);
	fake_unit_expect(test, who.fake, 0,
			 vtd_desc_iotlb_pages(fake_unit_did(iommu, RID), iommu->caps.drain,
					      BASE, 9, false));
	KUNIT_EXPECT_EQ(test, page_ref_count(who.page), 1);
	put_page(who.page);
}

static struct kunit_case kept_cases[] = {
	KUNIT_CASE(kept_while_attached),
	KUNIT_CASE(kept_overlap),
	KUNIT_CASE(kept_overlap_large),
	KUNIT_CASE(kept_inside_large),
	KUNIT_CASE(kept_spares_others),
	KUNIT_CASE(kept_only_what_is_kept),
	KUNIT_CASE(kept_in_use),
	KUNIT_CASE(kept_half_in_use),
	KUNIT_CASE(kept_beyond_width),
	KUNIT_CASE(kept_tells_of_mapping),
	KUNIT_CASE(kept_tells_of_unmapping),
	KUNIT_CASE(kept_over_a_table),
	{ }
};

static struct kunit_suite kept_suite = {
	.name = "vtd_kept",
	.init = kept_init,
	.test_cases = kept_cases,
};

kunit_test_suite(kept_suite);

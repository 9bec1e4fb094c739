// SPDX-License-Identifier: GPL-2.0
/* Domains with first-stage tables: what is stored, and who is told of a change. */
#include <kunit/test.h>
#include <linux/bitfield.h>
#include <linux/iommu.h>

#include <uapi/linux/iommufd.h>

#include "context/context.h"
#include "context/did.h"
#include "device/device.h"
#include "domain/attach.h"
#include "domain/dirty.h"
#include "domain/domain.h"
#include "domain/pasid.h"
#include "hw/descriptors.h"
#include "hw/registers.h"
#include "tests/fake_device.h"
#include "tests/fake_unit.h"
#include "unit/queue.h"
#include "unit/unit.h"

#define RID		0x0310
#define PASID		5u

/* No second stage in scalable mode */
#define FIRST_ECAP	(FAKE_ECAP | VTD_ECAP_SMTS | VTD_ECAP_FSTS | VTD_ECAP_PASID | \
			 FIELD_PREP(VTD_ECAP_PSS, 19))

struct setup {
	struct intel_iommu *iommu;
	struct fake_unit *fake;
	struct device *dev;
	struct vtd_device *vdev;
	struct iommu_domain *domain;
	u16 did;
};

static void forget_log(struct setup *s)
{
	s->fake->log_count = 0;
	s->fake->wait_count = 0;
}

static void expect_log(struct kunit *test, struct setup *s, u32 count,
		       const struct vtd_desc *want)
{
	KUNIT_EXPECT_EQ(test, s->fake->log_count, count);
	for (u32 i = 0; i < count && i < s->fake->log_count; i++)
		fake_unit_expect(test, s->fake, i, want[i]);
	forget_log(s);
}

static void setup(struct kunit *test, struct setup *s, u64 cap, u64 ecap, bool tlb)
{
	struct vtd_image image;

	s->iommu = fake_unit_in_mode(test, cap, ecap, &vtd_scalable_mode);
	s->iommu->scalable = true;
	s->fake = fake_unit_of(s->iommu);
	s->domain = fake_domain_create(test, s->iommu);
	s->dev = tlb ? fake_device_with_tlb(test, s->iommu, "first-tlb", RID) :
		       fake_device_create(test, s->iommu, "first", RID);
	s->vdev = vtd_device_of(s->dev);
	s->vdev->pasid_on = true;
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(s->domain, s->dev), 0);
	vtd_context_now(s->iommu, RID, &image);
	s->did = image.did;
	forget_log(s);
}

static void map(struct kunit *test, struct setup *s, u64 iova, u64 size)
{
	size_t mapped = 0;

	KUNIT_ASSERT_EQ(test, vtd_domain_map_first(s->domain, iova, 0x40000000, 0x1000,
						   size / 0x1000, IOMMU_READ | IOMMU_WRITE,
						   GFP_KERNEL, &mapped), 0);
	KUNIT_ASSERT_EQ(test, mapped, size);
	vtd_domain_sync_map(s->domain, iova, size);
}

static void unmap(struct kunit *test, struct setup *s, u64 iova, u64 size)
{
	struct iommu_iotlb_gather gather;

	iommu_iotlb_gather_init(&gather);
	KUNIT_ASSERT_EQ(test, vtd_domain_unmap_first(s->domain, iova, 0x1000, size / 0x1000,
						     &gather), size);
	vtd_domain_sync(s->domain, &gather);
}

/* The entry leads to the domain's tables, and snoops where the unit can */
static void stage_entry(struct kunit *test)
{
	struct vtd_context_words words;
	struct setup s;

	setup(test, &s, FAKE_CAP, FIRST_ECAP | VTD_ECAP_SC, false);
	vtd_context_read(s.iommu, RID, &words);
	KUNIT_EXPECT_EQ(test, words.entry[0],
			VTD_PASID_P | FIELD_PREP(VTD_PASID_PGTT, VTD_PGTT_FIRST) |
			FIELD_PREP(VTD_PASID_AW, 2));
	KUNIT_EXPECT_EQ(test, words.entry[1] & VTD_PASID_PGSNP, VTD_PASID_PGSNP);
	KUNIT_EXPECT_EQ(test, words.entry[2], vtd_pt_root_for(&to_dmar_domain(s.domain)->pt));
	/* So that can be promised when something is mapped already, too */
	map(test, &s, 0x1000, 0x1000);
	KUNIT_EXPECT_TRUE(test, vtd_domain_force_snoop(s.domain));
	KUNIT_EXPECT_EQ(test, vtd_domain_iova_to_phys(s.domain, 0x1234), 0x40000234);
	/* Half of what the unit has: the rest is not canonical */
	KUNIT_EXPECT_EQ(test, s.domain->geometry.aperture_end,
			BIT_ULL(s.iommu->caps.width - 1) - 1);
	vtd_attach_blocked(&vtd_blocked_domain, s.dev);
}

/* Not even with caching mode: only what goes is told */
static void stage_map_rings_nothing(struct kunit *test)
{
	struct setup s;

	setup(test, &s, FAKE_CAP | VTD_CAP_CM, FIRST_ECAP | VTD_ECAP_SSTS, false);
	KUNIT_ASSERT_TRUE(test, to_dmar_domain(s.domain)->pt.cfg.first_stage);
	map(test, &s, 0x200000, 0x3000);
	expect_log(test, &s, 0, NULL);
	unmap(test, &s, 0x200000, 0x1000);
	expect_log(test, &s, 1, (const struct vtd_desc[]) {
		vtd_desc_piotlb_pages(s.did, 0, 0x200000, 0, true),
	});
	vtd_domain_flush_all(s.domain);
	expect_log(test, &s, 1, (const struct vtd_desc[]) { vtd_desc_piotlb(s.did, 0) });
	vtd_attach_blocked(&vtd_blocked_domain, s.dev);
}

/* The IOTLB finds these by PASID: one domain, three times the same */
static void stage_each_pasid_is_told(struct kunit *test)
{
	unsigned int used;
	struct setup s;

	setup(test, &s, FAKE_CAP, FIRST_ECAP, false);
	used = vtd_did_used(s.iommu);
	KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain, s.dev, PASID, NULL), 0);
	KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain, s.dev, PASID + 1, NULL), 0);
	KUNIT_EXPECT_EQ(test, vtd_did_used(s.iommu), used);
	map(test, &s, 0x5000, 0x1000);
	forget_log(&s);
	unmap(test, &s, 0x5000, 0x1000);
	KUNIT_EXPECT_EQ(test, s.fake->log_count, 3);
	for (u32 i = 0; i < 3; i++) {
		struct vtd_desc want = vtd_desc_piotlb_pages(s.did, i ? PASID + i - 1 : 0,
							     0x5000, 0, true);

		KUNIT_EXPECT_EQ(test, fake_unit_count(s.fake, &want), 1);
	}
	/* Who is gone is not told any more; the id goes with the last one */
	vtd_pasid_remove(s.dev, PASID, s.domain);
	vtd_attach_blocked(&vtd_blocked_domain, s.dev);
	KUNIT_EXPECT_EQ(test, vtd_did_used(s.iommu), used);
	map(test, &s, 0x5000, 0x1000);
	forget_log(&s);
	unmap(test, &s, 0x5000, 0x1000);
	expect_log(test, &s, 1, (const struct vtd_desc[]) {
		vtd_desc_piotlb_pages(s.did, PASID + 1, 0x5000, 0, true),
	});
	vtd_pasid_remove(s.dev, PASID + 1, s.domain);
	KUNIT_EXPECT_EQ(test, vtd_did_used(s.iommu), used - 1);
}

/* The unit before the device, which asks it again */
static void stage_device_tlb(struct kunit *test)
{
	struct setup s;

	setup(test, &s, FAKE_CAP, FIRST_ECAP | VTD_ECAP_DT, true);
	map(test, &s, 0x5000, 0x1000);
	forget_log(&s);
	unmap(test, &s, 0x5000, 0x1000);
	KUNIT_ASSERT_EQ(test, s.fake->log_count, 2);
	fake_unit_expect(test, s.fake, 0, vtd_desc_piotlb_pages(s.did, 0, 0x5000, 0, true));
	KUNIT_EXPECT_TRUE(test, vtd_desc_is(&s.fake->log[1], VTD_DESC_DEV_TLB));
	vtd_attach_blocked(&vtd_blocked_domain, s.dev);
}

/* An error says nothing about which of them was not executed: all, for each PASID */
static void stage_flush_again(struct kunit *test)
{
	struct setup s;
	struct vtd_desc want;

	setup(test, &s, FAKE_CAP, FIRST_ECAP | VTD_ECAP_DT, true);
	KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain, s.dev, PASID, NULL), 0);
	map(test, &s, 0x5000, 0x1000);
	forget_log(&s);
	s.fake->refused = RID;
	unmap(test, &s, 0x5000, 0x1000);
	want = vtd_desc_piotlb(s.did, 0);
	KUNIT_EXPECT_GE(test, fake_unit_count(s.fake, &want), 1);
	want = vtd_desc_piotlb(s.did, PASID);
	KUNIT_EXPECT_GE(test, fake_unit_count(s.fake, &want), 1);
	s.fake->refused = 0;
	vtd_pasid_remove(s.dev, PASID, s.domain);
	vtd_attach_blocked(&vtd_blocked_domain, s.dev);
}

/* What only the second stage can do is refused, not promised */
static void stage_no_dirty_tracking(struct kunit *test)
{
	struct setup s;

	setup(test, &s, FAKE_CAP, FIRST_ECAP | VTD_ECAP_SLADS | VTD_ECAP_SMPWC, false);
	KUNIT_EXPECT_FALSE(test, vtd_dirty_possible(s.vdev));
	KUNIT_EXPECT_EQ(test, PTR_ERR(vtd_dirty_alloc(s.dev, IOMMU_HWPT_ALLOC_DIRTY_TRACKING)),
			-EOPNOTSUPP);
	vtd_attach_blocked(&vtd_blocked_domain, s.dev);
}

/* A unit in legacy mode, or without the first stage, has no use for it */
static void stage_misfit(struct kunit *test)
{
	struct intel_iommu *other = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct device *dev = fake_device_create(test, other, "legacy", RID);
	struct setup s;

	setup(test, &s, FAKE_CAP, FIRST_ECAP, false);
	KUNIT_EXPECT_EQ(test, vtd_attach_paging(s.domain, dev), -EINVAL);
	KUNIT_EXPECT_STREQ(test, vtd_domain_misfit(to_dmar_domain(s.domain), other),
			   "unit walks no first-stage tables");
	KUNIT_EXPECT_STREQ(test, vtd_domain_misfit(to_dmar_domain(fake_domain_create(test, other)),
						   s.iommu),
			   "unit walks first-stage tables only");
	vtd_attach_blocked(&vtd_blocked_domain, s.dev);
}

static struct kunit_case stage_cases[] = {
	KUNIT_CASE(stage_entry),
	KUNIT_CASE(stage_map_rings_nothing),
	KUNIT_CASE(stage_each_pasid_is_told),
	KUNIT_CASE(stage_device_tlb),
	KUNIT_CASE(stage_flush_again),
	KUNIT_CASE(stage_no_dirty_tracking),
	KUNIT_CASE(stage_misfit),
	{ }
};

static struct kunit_suite stage_suite = {
	.name = "vtd_stage",
	.test_cases = stage_cases,
};

kunit_test_suite(stage_suite);

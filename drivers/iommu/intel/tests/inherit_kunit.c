// SPDX-License-Identifier: GPL-2.0
/*
 * A crash kernel and the tables of the kernel before: what is copied, which domain ids
 * are kept from others, and how each entry ends.
 */
#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/io.h>
#include <linux/slab.h>

#include "context/context.h"
#include "context/did.h"
#include "context/inherit.h"
#include "device/device.h"
#include "domain/attach.h"
#include "tests/fake_device.h"
#include "tests/fake_unit.h"
#include "unit/old_memory.h"

#define RID	0x0010u		/* 00:02.0 */
#define OTHER	0x0018u		/* 00:03.0 */
#define THIRD	0x0020u		/* 00:04.0 */

/* The kernel before: root, context table, page tables of one level each, a page */
enum { ROOT, CONTEXT, TOP, MIDDLE, BOTTOM, PAGE, PAGES };

static u64 *old;
static bool unknown;

static u64 at(unsigned int page)
{
	return virt_to_phys(old) + page * VTD_PAGE_SIZE;
}

static u64 *word(unsigned int page, unsigned int index)
{
	return &old[page * VTD_TABLE_ENTRIES + index];
}

static bool read_old(u64 page, void *to)
{
	memcpy(to, phys_to_virt(page), VTD_PAGE_SIZE);
	return true;
}

/* What is the test's is the kernel's before, all else is ours */
static int fake_memory(struct vtd_old_memory *memory)
{
	*memory = (struct vtd_old_memory) {
		.old = kvcalloc(1, sizeof(*memory->old), GFP_KERNEL), .old_count = 1,
		.ours = kvcalloc(2, sizeof(*memory->ours), GFP_KERNEL), .ours_count = 2,
		.read = read_old,
	};
	if (unknown || !memory->old || !memory->ours)
		return -ENOENT;
	memory->old[0] = (struct vtd_range) { at(0), at(PAGES) - 1 };
	memory->ours[0] = (struct vtd_range) { 0, at(0) - 1 };
	memory->ours[1] = (struct vtd_range) { at(PAGES), U64_MAX };
	return 0;
}

static void old_entry(u16 rid, u64 low, u64 high)
{
	*word(CONTEXT, (rid & 0xff) * 2) = low;
	*word(CONTEXT, (rid & 0xff) * 2 + 1) = high;
}

static void free_old(void *pages)
{
	free_pages((unsigned long)pages, get_order(PAGES * VTD_PAGE_SIZE));
}

static void free_root(void *iommu)
{
	vtd_context_free(iommu);
}

/* A unit with an empty root of ours, that has the one of the kernel before */
static struct intel_iommu *crashed(struct kunit *test, u64 cap, u64 ecap)
{
	struct intel_iommu *iommu = fake_unit_create(test, cap, ecap);

	old = (void *)__get_free_pages(GFP_KERNEL | __GFP_ZERO, get_order(PAGES * VTD_PAGE_SIZE));
	KUNIT_ASSERT_NOT_NULL(test, old);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_old, old), 0);
	kunit_activate_static_stub(test, vtd_old_memory_open, fake_memory);
	unknown = false;
	*word(ROOT, 0) = at(CONTEXT) | VTD_ROOT_P;
	*word(TOP, 0) = at(MIDDLE) | VTD_SS_R | VTD_SS_W;
	*word(MIDDLE, 0) = at(BOTTOM) | VTD_SS_R | VTD_SS_W;
	*word(BOTTOM, 0) = at(PAGE) | VTD_SS_R | VTD_SS_W;
	fake_unit_poke64(fake_unit_of(iommu), VTD_RTADDR, at(ROOT));
	KUNIT_ASSERT_EQ(test, iommu_alloc_root_entry(iommu, &vtd_legacy_mode), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_root, iommu), 0);
	return iommu;
}

static void take_over(struct kunit *test, struct intel_iommu *iommu)
{
	vtd_inherit(iommu);
	KUNIT_ASSERT_EQ(test, iommu_set_root_entry(iommu), 0);
	fake_unit_of(iommu)->log_count = 0;
}

static void copies_what_is_sound(struct kunit *test)
{
	struct intel_iommu *iommu = crashed(test, FAKE_CAP, FAKE_ECAP);

	old_entry(RID, at(TOP) | 1, 0x501);
	old_entry(OTHER, 9, 0x101);
	old_entry(THIRD, at(TOP) | 1 | VTD_CTX_LO_FPD, 0x541);
	take_over(test, iommu);
	fake_unit_expect_entry(test, iommu, RID, (struct vtd_context_entry) { at(TOP) | 1, 0x501 });
	fake_unit_expect_entry(test, iommu, OTHER, (struct vtd_context_entry) { 9, 0x101 });
	/* without what nobody here has asked for */
	fake_unit_expect_entry(test, iommu, THIRD,
			       (struct vtd_context_entry) { at(TOP) | 1, 0x501 });
	KUNIT_EXPECT_TRUE(test, vtd_inherit_holds(iommu, RID));
	KUNIT_EXPECT_TRUE(test, vtd_inherit_holds(iommu, OTHER));
	KUNIT_EXPECT_FALSE(test, vtd_inherit_holds(iommu, RID + 1));
	KUNIT_EXPECT_EQ(test, vtd_did_used(iommu), 3);
	/* Their tables are as they were */
	KUNIT_EXPECT_EQ(test, *word(TOP, 0), at(MIDDLE) | 3);
	KUNIT_EXPECT_EQ(test, *word(CONTEXT, RID * 2), at(TOP) | 1);
}

static void refuses_one_by_one(struct kunit *test)
{
	struct intel_iommu *iommu = crashed(test, FAKE_CAP, FAKE_ECAP);

	*word(ROOT, 2) = at(PAGES) | VTD_ROOT_P;		/* bus 1: table of ours */
	*word(ROOT, 4) = at(CONTEXT) | VTD_ROOT_P | 2;		/* bus 2: reserved bit */
	old_entry(RID, at(TOP) | 1, 0x501);
	old_entry(OTHER, at(PAGES) | 1, 0x601);
	old_entry(THIRD, at(TOP) | 1, 0x502);
	take_over(test, iommu);
	KUNIT_EXPECT_TRUE(test, vtd_inherit_holds(iommu, RID));
	KUNIT_EXPECT_EQ(test, fake_unit_entry(iommu, OTHER).lo, 0);
	KUNIT_EXPECT_EQ(test, fake_unit_entry(iommu, THIRD).lo, 0);
	KUNIT_EXPECT_EQ(test, fake_unit_entry(iommu, 0x100 | RID).lo, 0);
	KUNIT_EXPECT_EQ(test, fake_unit_entry(iommu, 0x200 | RID).lo, 0);
	KUNIT_EXPECT_EQ(test, vtd_did_used(iommu), 3);
}

static void nothing_is_known(struct kunit *test)
{
	struct intel_iommu *iommu = crashed(test, FAKE_CAP, FAKE_ECAP);

	old_entry(RID, at(TOP) | 1, 0x501);
	unknown = true;
	take_over(test, iommu);
	KUNIT_EXPECT_EQ(test, fake_unit_entry(iommu, RID).lo, 0);
	/* nor where the root table is one of ours */
	unknown = false;
	fake_unit_poke64(fake_unit_of(iommu), VTD_RTADDR, at(PAGES));
	take_over(test, iommu);
	KUNIT_EXPECT_EQ(test, fake_unit_entry(iommu, RID).lo, 0);
	KUNIT_EXPECT_EQ(test, vtd_did_used(iommu), 2);
}

/* In the order of any attach: context cache, IOTLB, both under the old id; then it is free */
static void the_first_attach_ends_it(struct kunit *test)
{
	struct intel_iommu *iommu = crashed(test, FAKE_CAP, FAKE_ECAP);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct iommu_domain *domain;
	struct device *dev, *other;

	old_entry(RID, at(TOP) | 1, 0x501);
	old_entry(OTHER, at(TOP) | 1, 0x501);
	take_over(test, iommu);
	domain = fake_domain_create(test, iommu);
	dev = fake_device_create(test, iommu, "old", RID);
	other = fake_device_create(test, iommu, "other", OTHER);
	KUNIT_EXPECT_TRUE(test, vtd_attach_is_deferred(dev));
	KUNIT_EXPECT_TRUE(test, vtd_attach_is_deferred(other));
	KUNIT_EXPECT_EQ(test, fake->log_count, 0);

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(domain, dev), 0);
	KUNIT_ASSERT_EQ(test, fake->log_count, 2);
	fake_unit_expect(test, fake, 0, vtd_desc_context(VTD_INV_SELECTIVE, 5, RID));
	fake_unit_expect(test, fake, 1, vtd_desc_iotlb(VTD_INV_DOMAIN, 5, iommu->caps.drain));
	KUNIT_EXPECT_NE(test, fake_unit_did(iommu, RID), 5);
	KUNIT_EXPECT_FALSE(test, vtd_device_of(dev)->inherits);
	KUNIT_EXPECT_FALSE(test, vtd_attach_is_deferred(dev));
	/* The id is still the other's */
	KUNIT_EXPECT_EQ(test, fake_unit_did(iommu, OTHER), 5);
	KUNIT_EXPECT_EQ(test, vtd_did_used(iommu), 4);

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(domain, other), 0);
	KUNIT_EXPECT_EQ(test, vtd_did_used(iommu), 3);
	KUNIT_EXPECT_EQ(test, *word(BOTTOM, 0), at(PAGE) | 3);
}

/* "Attached to nothing" does not mean that it reaches nothing */
static void blocking_ends_it(struct kunit *test)
{
	struct intel_iommu *iommu = crashed(test, FAKE_CAP, FAKE_ECAP);
	struct device *dev;

	old_entry(RID, at(TOP) | 1, 0x501);
	take_over(test, iommu);
	dev = fake_device_create(test, iommu, "blocked", RID);
	KUNIT_EXPECT_TRUE(test, vtd_attach_is_deferred(dev));
	KUNIT_ASSERT_EQ(test, vtd_attach_blocked(&vtd_blocked_domain, dev), 0);
	KUNIT_EXPECT_EQ(test, fake_unit_entry(iommu, RID).lo, 0);
	KUNIT_EXPECT_FALSE(test, vtd_inherit_holds(iommu, RID));
	KUNIT_EXPECT_EQ(test, vtd_did_used(iommu), 2);
}

/* A unit that does not flush may have the old entry cached: its id is nobody's */
static void an_id_waits_for_the_flush(struct kunit *test)
{
	struct intel_iommu *iommu = crashed(test, FAKE_CAP, FAKE_ECAP);
	const struct vtd_image blocked = vtd_image_blocked();

	old_entry(RID, at(TOP) | 1, 0x501);
	take_over(test, iommu);
	fake_unit_of(iommu)->stalled = true;
	fake_unit_of(iommu)->deaf_registers = true;
	fake_unit_hurry(test, 500, 1000);
	KUNIT_EXPECT_NE(test, vtd_context_install(iommu, RID, &blocked), 0);
	KUNIT_EXPECT_EQ(test, vtd_did_used(iommu), 3);
	KUNIT_EXPECT_TRUE(test, vtd_inherit_holds(iommu, RID));
}

/* Id 1 is that of our identity domain: tables of others get another id */
static void identity_tables_are_renamed(struct kunit *test)
{
	struct intel_iommu *iommu = crashed(test, FAKE_CAP, FAKE_ECAP & ~VTD_ECAP_PT);
	u16 did;

	old_entry(RID, at(TOP) | 1, 0x101);
	old_entry(OTHER, at(TOP) | 1, 0x101);
	take_over(test, iommu);
	did = fake_unit_did(iommu, RID);
	KUNIT_EXPECT_GT(test, did, VTD_DID_IDENTITY);
	KUNIT_EXPECT_EQ(test, fake_unit_did(iommu, OTHER), did);
	KUNIT_EXPECT_EQ(test, vtd_did_used(iommu), 3);
}

static struct kunit_case inherit_cases[] = {
	KUNIT_CASE(copies_what_is_sound),
	KUNIT_CASE(refuses_one_by_one),
	KUNIT_CASE(nothing_is_known),
	KUNIT_CASE(the_first_attach_ends_it),
	KUNIT_CASE(blocking_ends_it),
	KUNIT_CASE(an_id_waits_for_the_flush),
	KUNIT_CASE(identity_tables_are_renamed),
	{}
};

static struct kunit_suite inherit_suite = {
	.name = "vtd_inherit",
	.test_cases = inherit_cases,
};

kunit_test_suite(inherit_suite);

MODULE_DESCRIPTION("KUnit tests of taking tables over in a crash kernel");
MODULE_LICENSE("GPL");

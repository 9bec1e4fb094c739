// SPDX-License-Identifier: GPL-2.0
/* Dirty tracking: who is told to say what was written, and what is flushed for it. */
#include <kunit/test.h>
#include <linux/bitfield.h>
#include <linux/iommu.h>

#include <uapi/linux/iommufd.h>

#include "context/context.h"
#include "core/core.h"
#include "context/tables.h"
#include "device/device.h"
#include "domain/attach.h"
#include "domain/dirty.h"
#include "domain/domain.h"
#include "domain/pasid.h"
#include "hw/descriptors.h"
#include "hw/registers.h"
#include "tests/fake_device.h"
#include "tests/fake_inventory.h"
#include "tests/fake_unit.h"
#include "unit/queue.h"
#include "unit/unit.h"

#define RID		0x0310
#define OTHER_RID	0x0318
#define PASID		5u

#define PASID_ECAP	(FAKE_ECAP | VTD_ECAP_SMTS | VTD_ECAP_SSTS | VTD_ECAP_PASID | \
			 FIELD_PREP(VTD_ECAP_PSS, 19))
#define DIRTY_ECAP	(PASID_ECAP | VTD_ECAP_SLADS | VTD_ECAP_SMPWC)

static const struct iommu_ops dirty_test_ops = {
	.default_domain_ops = &(const struct iommu_domain_ops) {
		.free = vtd_domain_free,
	},
};

struct setup {
	struct dmar_drhd_unit drhd;
	struct intel_iommu *iommu;
	struct fake_unit *fake;
	struct device *dev;
	struct vtd_device *vdev;
	struct iommu_domain *domain;
};

static void free_domain(void *domain)
{
	vtd_domain_free(domain);
}

/* Before the domain goes, which is younger than the device */
static void detach(void *dev)
{
	vtd_attach_blocked(&vtd_blocked_domain, dev);
	vtd_pasid_remove_all(dev);
}

static struct intel_iommu *unit(struct kunit *test, u64 ecap)
{
	struct intel_iommu *iommu = fake_unit_in_mode(test, FAKE_CAP, ecap, &vtd_scalable_mode);

	iommu->scalable = true;
	iommu->caps.walks_coherent = iommu->caps.snoop_walks;
	iommu->iommu.ops = &dirty_test_ops;
	return iommu;
}

static struct device *device(struct kunit *test, struct setup *s, const char *name, u16 rid)
{
	struct device *dev = fake_device_with_tlb(test, s->iommu, name, rid);

	vtd_device_of(dev)->pasid_on = true;
	return dev;
}

static struct setup *setup(struct kunit *test)
{
	struct setup *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, s);
	s->iommu = unit(test, DIRTY_ECAP);
	s->fake = fake_unit_of(s->iommu);
	s->drhd.iommu = s->iommu;
	fake_inventory(test, &s->drhd, 1);
	s->dev = device(test, s, "dirty", RID);
	s->vdev = vtd_device_of(s->dev);
	s->domain = vtd_dirty_alloc(s->dev, IOMMU_HWPT_ALLOC_DIRTY_TRACKING);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, s->domain);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_domain, s->domain), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, detach, s->dev), 0);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(s->domain, s->dev), 0);
	s->fake->log_count = 0;
	return s;
}

static bool rid_tracked(struct setup *s, u16 rid)
{
	struct vtd_image image;

	vtd_context_now(s->iommu, rid, &image);
	return image.kind == VTD_IMAGE_WALK && image.dirty;
}

static bool pasid_tracked(struct setup *s)
{
	struct vtd_image image;
	u32 pasid = PASID;

	return vtd_context_next_pasid(s->iommu, RID, &pasid, &image) && pasid == PASID &&
	       image.dirty;
}

static int set(struct setup *s, bool on)
{
	return s->domain->dirty_ops->set_dirty_tracking(s->domain, on);
}

/* One word of each entry, flushed; then all that units and devices hold */
static void dirty_on(struct kunit *test)
{
	struct setup *s = setup(test);
	struct vtd_context_words words;
	const struct vtd_desc *want;
	u16 did;

	KUNIT_ASSERT_EQ(test, vtd_pasid_set(s->domain, s->dev, PASID, NULL), 0);
	vtd_context_read(s->iommu, RID, &words);
	did = FIELD_GET(VTD_PASID_DID, words.entry[1]);
	KUNIT_EXPECT_FALSE(test, rid_tracked(s, RID));
	s->fake->log_count = 0;
	KUNIT_ASSERT_EQ(test, set(s, true), 0);
	KUNIT_EXPECT_TRUE(test, rid_tracked(s, RID));
	KUNIT_EXPECT_TRUE(test, pasid_tracked(s));
	want = (const struct vtd_desc[]) {
		vtd_desc_pasid(VTD_INV_PASID_ONE, did, PASID),
		vtd_desc_iotlb(VTD_INV_DOMAIN, did, s->iommu->caps.drain),
		vtd_desc_pasid(VTD_INV_PASID_ONE, did, 0),
		vtd_desc_iotlb(VTD_INV_DOMAIN, did, s->iommu->caps.drain),
		vtd_desc_iotlb(VTD_INV_DOMAIN, did, s->iommu->caps.drain),
	};
	KUNIT_ASSERT_EQ(test, s->fake->log_count, 7);
	for (u32 i = 0; i < 5; i++)
		fake_unit_expect(test, s->fake, i, want[i]);
	for (u32 i = 5; i < 7; i++)
		KUNIT_EXPECT_TRUE(test, vtd_desc_is_for(&s->fake->log[i], RID));

	/* Again: nothing changes */
	s->fake->log_count = 0;
	KUNIT_ASSERT_EQ(test, set(s, true), 0);
	KUNIT_EXPECT_EQ(test, s->fake->log_count, 0);
	KUNIT_ASSERT_EQ(test, set(s, false), 0);
	KUNIT_EXPECT_FALSE(test, rid_tracked(s, RID));
	KUNIT_EXPECT_FALSE(test, pasid_tracked(s));
}

/* Who comes later says it, too, and nobody stops when something else changes */
static void dirty_late(struct kunit *test)
{
	struct setup *s = setup(test);
	struct device *late = device(test, s, "dirty-late", OTHER_RID);

	KUNIT_ASSERT_EQ(test, set(s, true), 0);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(s->domain, late), 0);
	KUNIT_EXPECT_TRUE(test, rid_tracked(s, OTHER_RID));
	KUNIT_ASSERT_EQ(test, vtd_pasid_set(s->domain, s->dev, PASID, NULL), 0);
	KUNIT_EXPECT_TRUE(test, pasid_tracked(s));

	mutex_lock(&s->iommu->device_lock);
	WRITE_ONCE(s->vdev->ats.enabled, false);
	KUNIT_EXPECT_EQ(test, vtd_attach_refresh(s->vdev), 0);
	mutex_unlock(&s->iommu->device_lock);
	KUNIT_EXPECT_TRUE(test, rid_tracked(s, RID));
}

/* A unit that does not flush: not on, and all entries as they were */
static void dirty_fails(struct kunit *test)
{
	struct setup *s = setup(test);

	/* Else it would be cut off, as it cannot be asked */
	WRITE_ONCE(s->vdev->ats.enabled, false);
	vtd_queue_disable(s->iommu);
	KUNIT_EXPECT_NE(test, set(s, true), 0);
	KUNIT_EXPECT_FALSE(test, rid_tracked(s, RID));
	KUNIT_EXPECT_FALSE(test, READ_ONCE(to_dmar_domain(s->domain)->tracking));
	KUNIT_ASSERT_EQ(test, vtd_queue_enable(s->iommu), 0);
	KUNIT_EXPECT_EQ(test, set(s, true), 0);
	KUNIT_EXPECT_TRUE(test, rid_tracked(s, RID));
}

/* A unit that the domain left has no say, least of all one in trouble */
static void dirty_elsewhere(struct kunit *test)
{
	struct setup *s = setup(test);
	struct intel_iommu *left = unit(test, DIRTY_ECAP);
	struct device *dev = fake_device_create(test, left, "dirty-left", RID);

	fake_inventory_add(test, left);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(s->domain, dev), 0);
	KUNIT_ASSERT_EQ(test, vtd_attach_blocked(&vtd_blocked_domain, dev), 0);
	left->root->spoiled = vtd_tables_event();
	vtd_queue_disable(left);
	KUNIT_EXPECT_EQ(test, set(s, true), 0);
	KUNIT_EXPECT_TRUE(test, rid_tracked(s, RID));
	KUNIT_ASSERT_EQ(test, vtd_queue_enable(left), 0);
}

/* What a unit does not do is not promised, nor is a domain attached there */
static void dirty_refused(struct kunit *test)
{
	struct setup *s = setup(test);
	struct intel_iommu *iommu = unit(test, PASID_ECAP | VTD_ECAP_SLADS);
	struct device *dev = fake_device_create(test, iommu, "dirty-not", RID);
	struct iommu_domain *domain;

	domain = vtd_dirty_alloc(dev, IOMMU_HWPT_ALLOC_DIRTY_TRACKING);
	KUNIT_EXPECT_PTR_EQ(test, domain, ERR_PTR(-EOPNOTSUPP));
	domain = vtd_dirty_alloc(s->dev, IOMMU_HWPT_ALLOC_NEST_PARENT);
	KUNIT_EXPECT_PTR_EQ(test, domain, ERR_PTR(-EOPNOTSUPP));
	KUNIT_EXPECT_EQ(test, vtd_attach_paging(s->domain, dev), -EINVAL);

	/* Without flags it is a domain like others */
	domain = vtd_dirty_alloc(dev, 0);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, domain);
	KUNIT_EXPECT_EQ(test, domain->type, IOMMU_DOMAIN_UNMANAGED);
	KUNIT_EXPECT_PTR_EQ(test, domain->dirty_ops, NULL);
	KUNIT_EXPECT_PTR_EQ(test, domain->ops, dirty_test_ops.default_domain_ops);
	vtd_domain_free(domain);
}

/* A domain that shall do for PASIDs, where the kernel asks for that */
static void dirty_for_pasids(struct kunit *test)
{
	const u32 flags = VTD_CORE_HWPT_PASID;
	struct iommu_domain *domain;
	struct setup *s;

	if (!flags)
		kunit_skip(test, "this kernel asks for no such domains");
	s = setup(test);
	domain = vtd_dirty_alloc(s->dev, flags | IOMMU_HWPT_ALLOC_DIRTY_TRACKING);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, domain);
	vtd_domain_free(domain);
	s->vdev->pasid_on = false;
	KUNIT_EXPECT_EQ(test, PTR_ERR(vtd_dirty_alloc(s->dev, flags)), -EOPNOTSUPP);
	s->vdev->pasid_on = true;
}

static struct kunit_case dirty_cases[] = {
	KUNIT_CASE(dirty_for_pasids),
	KUNIT_CASE(dirty_on),
	KUNIT_CASE(dirty_late),
	KUNIT_CASE(dirty_fails),
	KUNIT_CASE(dirty_elsewhere),
	KUNIT_CASE(dirty_refused),
	{}
};

static struct kunit_suite dirty_suite = {
	.name = "vtd_dirty",
	.test_cases = dirty_cases,
};

kunit_test_suite(dirty_suite);

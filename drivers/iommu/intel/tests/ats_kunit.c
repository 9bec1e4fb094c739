// SPDX-License-Identifier: GPL-2.0
/* Devices with TLBs that do not answer: when an unmap returns they are out. */
#include <kunit/test.h>
#include <linux/iommu.h>
#include <linux/mutex.h>
#include <linux/sizes.h>

#include "context/context.h"
#include "device/device.h"
#include "device/quarantine.h"
#include "domain/attach.h"
#include "domain/domain.h"
#include "domain/flush.h"
#include "tests/fake_device.h"
#include "tests/fake_unit.h"
#include "unit/queue_state.h"

#define MANY	40u

/**
 * struct ats_world - a unit and a domain with some devices
 * @iommu: the unit
 * @fake: what is behind it
 * @domain: the domain
 * @vdev: the devices, attached, their ATS on
 * @count: how many of @vdev
 */
struct ats_world {
	struct intel_iommu *iommu;
	struct fake_unit *fake;
	struct iommu_domain *domain;
	struct vtd_device *vdev[MANY];
	u32 count;
};

static u16 ats_rid(u32 i)
{
	return 0x100 + i;
}

static struct ats_world *ats_world(struct kunit *test, u32 count)
{
	struct ats_world *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);
	static u32 serial;
	struct device *dev;
	char name[24];

	KUNIT_ASSERT_NOT_NULL(test, w);
	w->iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	w->fake = fake_unit_of(w->iommu);
	w->iommu->device_tlb_dead = vtd_quarantine_device;
	w->iommu->device_tlb_off = vtd_quarantine_tlb;
	w->iommu->device_tlb_silent = vtd_quarantine_silent;
	w->domain = fake_domain_create(test, w->iommu);
	w->count = count;
	for (u32 i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "ats-%u", serial++);
		dev = fake_device_with_tlb(test, w->iommu, name, ats_rid(i));
		w->vdev[i] = vtd_device_of(dev);
		KUNIT_ASSERT_EQ(test, vtd_attach_paging(w->domain, dev), 0);
		KUNIT_ASSERT_TRUE(test, w->vdev[i]->ats.enabled);
	}
	w->fake->log_count = 0;
	return w;
}

/* One page; the cut must not wait for anybody who holds the mutex meanwhile */
static void ats_unmap(struct kunit *test, struct ats_world *w)
{
	const struct vtd_flush flush = { .first = SZ_1M, .last = SZ_1M + 0xfff, .leaf = true };

	mutex_lock(&w->iommu->device_lock);
	vtd_flush_domain(to_dmar_domain(w->domain), &flush);
	mutex_unlock(&w->iommu->device_lock);
}

static bool ats_present(const struct vtd_device *vdev)
{
	return fake_unit_entry(vdev->iommu, vtd_device_rid(vdev)).lo & VTD_CTX_LO_P;
}

static bool ats_tlb_allowed(const struct vtd_device *vdev)
{
	return fake_unit_entry(vdev->iommu, vtd_device_rid(vdev)).lo & VTD_CTX_LO_TT;
}

/* Where a descriptor was executed last; 0 for never, else its place + 1 */
static u32 ats_last(const struct fake_unit *fake, struct vtd_desc desc)
{
	u32 i = fake->log_count;

	while (i && (fake->log[i - 1].lo != desc.lo || fake->log[i - 1].hi != desc.hi))
		i--;
	return i;
}

/* Out of memory, and the unit has forgotten the entry, then what came through it */
static void ats_expect_out(struct kunit *test, struct ats_world *w, u32 i)
{
	u32 context = ats_last(w->fake, vtd_desc_context(VTD_INV_GLOBAL, 0, 0));
	u32 iotlb = ats_last(w->fake, vtd_desc_iotlb(VTD_INV_GLOBAL, 0, w->iommu->caps.drain));

	KUNIT_EXPECT_FALSE_MSG(test, ats_present(w->vdev[i]), "device %u", i);
	KUNIT_EXPECT_TRUE_MSG(test, w->vdev[i]->ats.fate, "device %u", i);
	KUNIT_EXPECT_FALSE_MSG(test, w->vdev[i]->ats.enabled, "device %u", i);
	KUNIT_EXPECT_GT(test, context, 0);
	KUNIT_EXPECT_GT(test, iotlb, context);
}

static void ats_expect_in(struct kunit *test, struct ats_world *w, u32 i)
{
	KUNIT_EXPECT_TRUE_MSG(test, ats_present(w->vdev[i]), "device %u", i);
	KUNIT_EXPECT_FALSE_MSG(test, w->vdev[i]->ats.fate, "device %u", i);
	KUNIT_EXPECT_TRUE_MSG(test, w->vdev[i]->ats.enabled, "device %u", i);
}

static void ats_silence(struct ats_world *w, u32 i)
{
	w->fake->silent = ats_rid(i);
	w->fake->silent_times = 1000;
}

static void ats_healthy(struct kunit *test)
{
	struct ats_world *w = ats_world(test, MANY);

	ats_unmap(test, w);
	KUNIT_EXPECT_EQ(test, w->fake->log_count, 1 + MANY);
	for (u32 i = 0; i < MANY; i++)
		ats_expect_in(test, w, i);
}

static void ats_silent_is_out_before_unmap_returns(struct kunit *test)
{
	struct ats_world *w = ats_world(test, 2);

	ats_silence(w, 1);
	ats_unmap(test, w);
	ats_expect_in(test, w, 0);
	ats_expect_out(test, w, 1);

	vtd_quarantine_finish(w->vdev[1]);
	KUNIT_EXPECT_TRUE(test, vtd_device_is_cut(w->vdev[1]));
	KUNIT_EXPECT_EQ(test, fake_unit_entry(w->iommu, ats_rid(1)).hi, 0);

	/* Nothing is sent to it any more, and nothing is flushed for it again */
	w->fake->log_count = 0;
	ats_unmap(test, w);
	KUNIT_EXPECT_EQ(test, w->fake->log_count, 2);
	ats_expect_in(test, w, 0);
}

/* The repair has places for eight, and the unit does not say who it was */
static void ats_last_of_ten(struct kunit *test)
{
	struct ats_world *w = ats_world(test, 10);

	ats_silence(w, 9);
	ats_unmap(test, w);
	for (u32 i = 0; i < 9; i++)
		ats_expect_in(test, w, i);
	ats_expect_out(test, w, 9);
}

/* Two submissions to one unit, the first one fails, the second does not */
static void ats_error_of_the_first_half(struct kunit *test)
{
	struct ats_world *w = ats_world(test, MANY);

	ats_silence(w, 20);
	ats_unmap(test, w);
	for (u32 i = 0; i < MANY; i++)
		if (i != 20)
			ats_expect_in(test, w, i);
	ats_expect_out(test, w, 20);
}

/* No error is raised, the unit just stands still until they are cut off */
static void ats_many_in_a_cut(struct kunit *test)
{
	struct ats_world *w = ats_world(test, 20);
	u64 tail = fake_unit_peek64(w->fake, VTD_IQT);

	w->fake->stalled = true;
	w->fake->stall_looks = 20;
	/* As if all had been fetched up to the wait */
	fake_unit_poke64(w->fake, VTD_IQH, tail + 21 * sizeof(struct vtd_desc));
	ats_unmap(test, w);
	for (u32 i = 0; i < w->count; i++)
		ats_expect_out(test, w, i);
}

static void ats_refused_descriptor(struct kunit *test)
{
	struct ats_world *w = ats_world(test, 3);

	w->fake->refused = ats_rid(1);
	ats_unmap(test, w);
	ats_expect_in(test, w, 0);
	ats_expect_out(test, w, 1);
	ats_expect_in(test, w, 2);
}

/*
 * Nothing is sent to a device that is gone, as soon as that is known.  While PCI knows
 * nothing of that, it may be without power, and come back: without its TLB, then.
 */
static void ats_gone_from_the_bus(struct kunit *test)
{
	for (u32 known = 0; known < 2; known++) {
		struct ats_world *w = ats_world(test, 2);

		ats_silence(w, 1);
		w->fake->torn_off = ats_rid(1);
		w->fake->torn_off_known = known;
		ats_unmap(test, w);
		ats_expect_in(test, w, 0);
		if (known) {
			ats_expect_out(test, w, 1);
		} else {
			KUNIT_EXPECT_TRUE(test, ats_present(w->vdev[1]));
			KUNIT_EXPECT_EQ(test, w->vdev[1]->ats.fate, VTD_ATS_WITHOUT);
			KUNIT_EXPECT_FALSE(test, ats_tlb_allowed(w->vdev[1]));
			KUNIT_EXPECT_FALSE(test, w->vdev[1]->ats.enabled);
		}
		KUNIT_EXPECT_EQ(test, w->fake->silent_times, known ? 1000 : 999);
	}
}

/* The queue dies: who did nothing wrong loses its TLB, not its translation */
static void ats_without_queue(struct kunit *test)
{
	struct ats_world *w = ats_world(test, 3);
	struct vtd_context_entry before = fake_unit_entry(w->iommu, ats_rid(0));

	KUNIT_EXPECT_EQ(test, vtd_queue_kill(w->iommu, "this is a test"), 0);
	w->fake->log_count = 0;
	ats_unmap(test, w);
	before.lo &= ~VTD_CTX_LO_TT;
	fake_unit_expect_entry(test, w->iommu, ats_rid(0), before);
	for (u32 i = 0; i < w->count; i++) {
		KUNIT_EXPECT_TRUE(test, ats_present(w->vdev[i]));
		KUNIT_EXPECT_FALSE(test, w->vdev[i]->ats.enabled);
		KUNIT_EXPECT_EQ(test, 0, fake_unit_entry(w->iommu, ats_rid(i)).lo &
				VTD_CTX_LO_TT);
	}
	/* The pages, the context cache, and what came through it; and then no more */
	KUNIT_EXPECT_EQ(test, w->fake->log_count, 3);
	fake_unit_expect(test, w->fake, 1, vtd_desc_context(VTD_INV_GLOBAL, 0, 0));
	ats_unmap(test, w);
	KUNIT_EXPECT_EQ(test, w->fake->log_count, 4);
	vtd_quarantine_finish(w->vdev[0]);
	fake_unit_expect_entry(test, w->iommu, ats_rid(0), before);
}

/* Somebody else has just cut it off and not flushed yet: who unmaps does not rely on him */
static void ats_cut_by_another(struct kunit *test)
{
	struct ats_world *w = ats_world(test, 2);

	vtd_quarantine_begin(w->vdev[0]);
	KUNIT_EXPECT_EQ(test, w->fake->log_count, 0);
	ats_unmap(test, w);
	ats_expect_out(test, w, 0);
	ats_expect_in(test, w, 1);
}

/* An attach that did not see it stores its entry after the cut */
static void ats_late_entry(struct kunit *test)
{
	struct ats_world *w = ats_world(test, 1);
	struct vtd_image image;

	vtd_context_now(w->iommu, ats_rid(0), &image);
	vtd_quarantine_begin(w->vdev[0]);
	KUNIT_ASSERT_EQ(test, vtd_context_install(w->iommu, ats_rid(0), &image), 0);
	KUNIT_EXPECT_TRUE(test, ats_present(w->vdev[0]));
	w->fake->log_count = 0;
	ats_unmap(test, w);
	ats_expect_out(test, w, 0);
}

/* An entry that was cut is not in memory, but still in the cache: that has to go */
static void ats_attach_after_cut(struct kunit *test)
{
	struct ats_world *w = ats_world(test, 1);
	struct iommu_domain *other = fake_domain_create(test, w->iommu);

	vtd_quarantine_begin(w->vdev[0]);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(other, w->vdev[0]->dev), 0);
	fake_unit_expect(test, w->fake, 0, vtd_desc_context(VTD_INV_GLOBAL, 0, 0));
	fake_unit_expect(test, w->fake, 1, vtd_desc_iotlb(VTD_INV_GLOBAL, 0,
							  w->iommu->caps.drain));
	/* Back, without ATS, and it stays */
	KUNIT_EXPECT_TRUE(test, ats_present(w->vdev[0]));
	KUNIT_EXPECT_EQ(test, fake_unit_entry(w->iommu, ats_rid(0)).lo & VTD_CTX_LO_TT, 0);
	w->domain = other;
	ats_unmap(test, w);
	vtd_quarantine_finish(w->vdev[0]);
	KUNIT_EXPECT_TRUE(test, ats_present(w->vdev[0]));
	vtd_attach_blocked(&vtd_blocked_domain, w->vdev[0]->dev);
}

/* What it has of the old domain it does not forget: no ATS in the new one */
static void ats_silent_when_it_leaves(struct kunit *test)
{
	struct ats_world *w = ats_world(test, 2);
	struct iommu_domain *other = fake_domain_create(test, w->iommu);

	w->fake->refused = ats_rid(0);
	ats_silence(w, 1);
	for (u32 i = 0; i < 2; i++) {
		KUNIT_ASSERT_EQ(test, vtd_attach_paging(other, w->vdev[i]->dev), 0);
		KUNIT_EXPECT_TRUE(test, w->vdev[i]->ats.fate);
		KUNIT_EXPECT_FALSE(test, w->vdev[i]->ats.enabled);
		KUNIT_EXPECT_TRUE(test, ats_present(w->vdev[i]));
		KUNIT_EXPECT_EQ(test, fake_unit_entry(w->iommu, ats_rid(i)).lo & VTD_CTX_LO_TT, 0);
		vtd_attach_blocked(&vtd_blocked_domain, w->vdev[i]->dev);
	}
}

static int ats_init(struct kunit *test)
{
	fake_unit_hurry(test, 500, 100000);
	return 0;
}

static struct kunit_case ats_cases[] = {
	KUNIT_CASE(ats_healthy),
	KUNIT_CASE(ats_silent_is_out_before_unmap_returns),
	KUNIT_CASE(ats_last_of_ten),
	KUNIT_CASE(ats_error_of_the_first_half),
	KUNIT_CASE(ats_many_in_a_cut),
	KUNIT_CASE(ats_refused_descriptor),
	KUNIT_CASE(ats_gone_from_the_bus),
	KUNIT_CASE(ats_without_queue),
	KUNIT_CASE(ats_cut_by_another),
	KUNIT_CASE(ats_late_entry),
	KUNIT_CASE(ats_attach_after_cut),
	KUNIT_CASE(ats_silent_when_it_leaves),
	{ }
};

static struct kunit_suite ats_suite = {
	.name = "vtd_ats",
	.init = ats_init,
	.test_cases = ats_cases,
};

kunit_test_suite(ats_suite);

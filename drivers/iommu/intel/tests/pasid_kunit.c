// SPDX-License-Identifier: GPL-2.0
/* PASIDs of devices: what is stored and flushed, in which order, and what is not. */
#include <kunit/test.h>
#include <linux/bitfield.h>
#include <linux/iommu.h>

#include "boot/start.h"
#include "context/context.h"
#include "core/core.h"
#include "device/device.h"
#include "device/quarantine.h"
#include "domain/attach.h"
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
#define EVERYTHING	52u

#define PASID_ECAP	(FAKE_ECAP | VTD_ECAP_SMTS | VTD_ECAP_SSTS | VTD_ECAP_PASID | \
			 FIELD_PREP(VTD_ECAP_PSS, 19))

/* A unit with three domains and a device in the first of them */
struct setup {
	struct intel_iommu *iommu;
	struct fake_unit *fake;
	struct device *dev;
	struct vtd_device *vdev;
	struct iommu_domain *domain[3];
};

static void forget_log(struct setup *s)
{
	s->fake->log_count = 0;
	s->fake->wait_count = 0;
}

static void setup_unit(struct kunit *test, struct setup *s, u64 cap)
{
	s->iommu = fake_unit_in_mode(test, cap, PASID_ECAP, &vtd_scalable_mode);
	s->iommu->scalable = true;
	s->fake = fake_unit_of(s->iommu);
	for (u32 i = 0; i < ARRAY_SIZE(s->domain); i++)
		s->domain[i] = fake_domain_create(test, s->iommu);
}

static void setup_device(struct kunit *test, struct setup *s, const char *name, bool tlb)
{
	s->dev = tlb ? fake_device_with_tlb(test, s->iommu, name, RID) :
		       fake_device_create(test, s->iommu, name, RID);
	s->vdev = vtd_device_of(s->dev);
	s->vdev->pasid_on = true;
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(s->domain[0], s->dev), 0);
	forget_log(s);
}

static void setup(struct kunit *test, struct setup *s, u64 cap, bool tlb)
{
	setup_unit(test, s, cap);
	setup_device(test, s, "pasid", tlb);
}

/* One for each step that fails: a unit that executes nothing from there on is lost */
static void setup_failing(struct kunit *test, struct setup *s, u32 at)
{
	static const char * const names[] = { "pasid-1", "pasid-2", "pasid-3" };

	setup_unit(test, s, FAKE_CAP);
	setup_device(test, s, names[at - 1], false);
	fake_unit_hurry(test, 1000, 2000);
}

static void fail_at(struct setup *s, u32 at)
{
	forget_log(s);
	s->fake->refuse_after = at;
	s->fake->deaf_registers = true;
}

static struct vtd_context_words words_of(struct setup *s)
{
	struct vtd_context_words words;

	vtd_context_read(s->iommu, RID, &words);
	return words;
}

static struct vtd_image image_of(struct setup *s, u32 pasid)
{
	struct vtd_image image;
	u32 at = pasid;

	if (!vtd_context_next_pasid(s->iommu, RID, &at, &image) || at != pasid)
		return vtd_image_blocked();
	return image;
}

static u16 did_of(struct setup *s, u32 pasid)
{
	return image_of(s, pasid).did;
}

static void expect_tables(struct kunit *test, struct setup *s, u32 pasid,
			  struct iommu_domain *domain)
{
	struct vtd_image image = image_of(s, pasid);

	KUNIT_EXPECT_EQ(test, image.kind, domain ? VTD_IMAGE_WALK : VTD_IMAGE_BLOCKED);
	if (domain)
		KUNIT_EXPECT_EQ(test, image.tables, vtd_pt_root_for(&to_dmar_domain(domain)->pt));
	KUNIT_EXPECT_PTR_EQ(test, xa_load(&s->vdev->pasids, pasid), (void *)domain);
}

static unsigned int targets_of(struct iommu_domain *domain)
{
	struct vtd_targets *targets;

	/* Nobody else changes it */
	targets = rcu_dereference_protected(to_dmar_domain(domain)->targets, true);
	return targets ? targets->count : 0;
}

static void expect_once(struct kunit *test, struct setup *s, struct vtd_desc desc)
{
	KUNIT_EXPECT_EQ(test, fake_unit_count(s->fake, &desc), 1);
}

/* The log is this and nothing else, and each was waited for before the next */
static void expect_log(struct kunit *test, struct setup *s, u32 count,
		       const struct vtd_desc *want)
{
	KUNIT_EXPECT_EQ(test, s->fake->log_count, count);
	for (u32 i = 0; i < count && i < s->fake->log_count; i++) {
		fake_unit_expect(test, s->fake, i, want[i]);
		KUNIT_EXPECT_EQ(test, s->fake->wait[i].after, i + 1);
	}
	forget_log(s);
}

/* To a domain, to another one, away: nothing else of the device is touched */
static void pasid_attach(struct kunit *test)
{
	struct vtd_context_words before;
	struct setup s;
	u16 did;

	setup(test, &s, FAKE_CAP, false);
	before = words_of(&s);
	KUNIT_EXPECT_TRUE(test, before.context[0] & VTD_SMCTX_PASIDE);
	KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain[1], s.dev, PASID, NULL), 0);
	expect_log(test, &s, 0, NULL);
	expect_tables(test, &s, PASID, s.domain[1]);

	did = did_of(&s, PASID);
	KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain[2], s.dev, PASID, s.domain[1]), 0);
	expect_log(test, &s, 2, (const struct vtd_desc[]) {
		vtd_desc_pasid(VTD_INV_PASID_ONE, did, PASID),
		vtd_desc_iotlb(VTD_INV_DOMAIN, did, s.iommu->caps.drain),
	});
	expect_tables(test, &s, PASID, s.domain[2]);

	did = did_of(&s, PASID);
	vtd_pasid_remove(s.dev, PASID, s.domain[2]);
	expect_log(test, &s, 2, (const struct vtd_desc[]) {
		vtd_desc_pasid(VTD_INV_PASID_ONE, did, PASID),
		vtd_desc_iotlb(VTD_INV_DOMAIN, did, s.iommu->caps.drain),
	});
	expect_tables(test, &s, PASID, NULL);
	KUNIT_EXPECT_MEMEQ(test, words_of(&s).context, before.context, sizeof(before.context));
	KUNIT_EXPECT_MEMEQ(test, words_of(&s).entry, before.entry, sizeof(before.entry));
	/* Nobody uses them any more */
	for (u32 i = 1; i < 3; i++)
		KUNIT_EXPECT_EQ(test, targets_of(s.domain[i]), 0);
}

/* Section 6.1: absence may be cached */
static void pasid_caching_mode(struct kunit *test)
{
	struct setup s;

	setup(test, &s, FAKE_CAP_CM, false);
	KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain[1], s.dev, PASID, NULL), 0);
	expect_log(test, &s, 2, (const struct vtd_desc[]) {
		vtd_desc_pasid(VTD_INV_PASID_ONE, did_of(&s, PASID), PASID),
		vtd_desc_iotlb(VTD_INV_DOMAIN, did_of(&s, PASID), s.iommu->caps.drain),
	});
}

/* The device's own cache is told by PASID, behind the unit */
static void pasid_tlb(struct kunit *test)
{
	struct setup s;
	u16 did;

	setup(test, &s, FAKE_CAP, true);
	KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain[1], s.dev, PASID, NULL), 0);
	expect_log(test, &s, 0, NULL);
	did = did_of(&s, PASID);
	KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain[2], s.dev, PASID, NULL), 0);
	expect_log(test, &s, 3, (const struct vtd_desc[]) {
		vtd_desc_pasid(VTD_INV_PASID_ONE, did, PASID),
		vtd_desc_iotlb(VTD_INV_DOMAIN, did, s.iommu->caps.drain),
		vtd_desc_pasid_tlb(RID, PASID, 0, 0, 0, EVERYTHING),
	});
	did = did_of(&s, PASID);
	vtd_pasid_remove(s.dev, PASID, s.domain[2]);
	expect_log(test, &s, 3, (const struct vtd_desc[]) {
		vtd_desc_pasid(VTD_INV_PASID_ONE, did, PASID),
		vtd_desc_iotlb(VTD_INV_DOMAIN, did, s.iommu->caps.drain),
		vtd_desc_pasid_tlb(RID, PASID, 0, 0, 0, EVERYTHING),
	});
	KUNIT_EXPECT_TRUE(test, s.vdev->ats.enabled);
}

/* A domain that is attached twice is flushed for both, the unit once */
static void pasid_unmap(struct kunit *test)
{
	struct setup s;
	u16 did;

	setup(test, &s, FAKE_CAP, true);
	KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain[0], s.dev, PASID, NULL), 0);
	KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain[0], s.dev, 300, NULL), 0);
	did = did_of(&s, PASID);
	KUNIT_EXPECT_EQ(test, did, did_of(&s, 300));
	forget_log(&s);
	vtd_domain_flush_all(s.domain[0]);
	KUNIT_EXPECT_EQ(test, s.fake->log_count, 4);
	fake_unit_expect(test, s.fake, 0, vtd_desc_iotlb(VTD_INV_DOMAIN, did, s.iommu->caps.drain));
	expect_once(test, &s, vtd_desc_dev_tlb(RID, 0, 0, 0, 27));
	expect_once(test, &s, vtd_desc_pasid_tlb(RID, PASID, 0, 0, 0, 27));
	expect_once(test, &s, vtd_desc_pasid_tlb(RID, 300, 0, 0, 0, 27));

	vtd_pasid_remove(s.dev, PASID, s.domain[0]);
	forget_log(&s);
	vtd_domain_flush_all(s.domain[0]);
	KUNIT_EXPECT_EQ(test, s.fake->log_count, 3);
}

/* Requests without PASID go to another domain: ATS and context entry stay as they are */
static void pasid_beside(struct kunit *test)
{
	struct vtd_context_words before;
	struct setup s;
	u16 did;

	setup(test, &s, FAKE_CAP, true);
	KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain[1], s.dev, PASID, NULL), 0);
	before = words_of(&s);
	did = FIELD_GET(VTD_PASID_DID, before.entry[1]);
	forget_log(&s);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(s.domain[2], s.dev), 0);
	expect_log(test, &s, 3, (const struct vtd_desc[]) {
		vtd_desc_pasid(VTD_INV_PASID_ONE, did, 0),
		vtd_desc_iotlb(VTD_INV_DOMAIN, did, s.iommu->caps.drain),
		vtd_desc_dev_tlb(RID, 0, 0, 0, EVERYTHING),
	});
	KUNIT_EXPECT_MEMEQ(test, words_of(&s).context, before.context, sizeof(before.context));
	KUNIT_EXPECT_TRUE(test, s.vdev->ats.enabled);
	expect_tables(test, &s, PASID, s.domain[1]);
}

/* Who passes through has ATS for the sake of its PASIDs, from the first to the last */
static void pasid_identity(struct kunit *test)
{
	struct setup s;

	setup(test, &s, FAKE_CAP, true);
	KUNIT_ASSERT_EQ(test, vtd_attach_identity(&vtd_identity_domain, s.dev), 0);
	KUNIT_EXPECT_FALSE(test, s.vdev->ats.enabled);
	forget_log(&s);
	KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain[1], s.dev, PASID, NULL), 0);
	KUNIT_EXPECT_TRUE(test, s.vdev->ats.enabled);
	KUNIT_EXPECT_TRUE(test, words_of(&s).context[0] & VTD_SMCTX_DTE);
	/* One bit of the context entry: present all the time, and flushed */
	fake_unit_expect(test, s.fake, 0, vtd_desc_context(VTD_INV_SELECTIVE, 0, RID));
	vtd_pasid_remove(s.dev, PASID, s.domain[1]);
	KUNIT_EXPECT_FALSE(test, s.vdev->ats.enabled);
	KUNIT_EXPECT_FALSE(test, words_of(&s).context[0] & VTD_SMCTX_DTE);
	KUNIT_EXPECT_TRUE(test, words_of(&s).context[0] & VTD_SMCTX_P);
}

/* Section 9.4: up to 2^14 entries, 128 KiB, in the directory */
static void pasid_directories(struct kunit *test)
{
	static const struct { u32 pasid; u8 size; } step[] = {
		{ PASID, 2 }, { 0x7fff, 2 }, { 0x8000, 3 }, { 0xfffff, 7 },
	};
	u64 last = 0, word;
	struct setup s;

	setup(test, &s, FAKE_CAP, false);
	for (u32 i = 0; i < ARRAY_SIZE(step); i++) {
		KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain[1], s.dev, step[i].pasid, NULL), 0);
		word = words_of(&s).context[0];
		KUNIT_EXPECT_EQ(test, FIELD_GET(VTD_SMCTX_PDTS, word), step[i].size);
		/* Another one goes through one word, and all is flushed */
		if (i && FIELD_GET(VTD_SMCTX_PDTS, last) != step[i].size)
			expect_log(test, &s, 3, (const struct vtd_desc[]) {
				vtd_desc_context(VTD_INV_GLOBAL, 0, 0),
				vtd_desc_pasid(VTD_INV_PASID_GLOBAL, 0, 0),
				vtd_desc_iotlb(VTD_INV_GLOBAL, 0, s.iommu->caps.drain),
			});
		else
			expect_log(test, &s, 0, NULL);
		last = word;
	}
	for (u32 i = 0; i < ARRAY_SIZE(step); i++)
		expect_tables(test, &s, step[i].pasid, s.domain[1]);
}

/* Cut off, and nobody has flushed yet: the unit may go through the old directory */
static void pasid_directory_of_the_cut(struct kunit *test)
{
	struct setup s;

	setup(test, &s, FAKE_CAP, true);
	KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain[1], s.dev, PASID, NULL), 0);
	vtd_context_cut(s.iommu, RID, false);
	KUNIT_ASSERT_EQ(test, words_of(&s).context[0] & VTD_SMCTX_P, 0);
	forget_log(&s);
	KUNIT_ASSERT_EQ(test, vtd_context_prepare_pasid(s.iommu, RID, 0x8000), 0);
	expect_log(test, &s, 3, (const struct vtd_desc[]) {
		vtd_desc_context(VTD_INV_GLOBAL, 0, 0),
		vtd_desc_pasid(VTD_INV_PASID_GLOBAL, 0, 0),
		vtd_desc_iotlb(VTD_INV_GLOBAL, 0, s.iommu->caps.drain),
	});
}

/* Who is shut out is shut out with all PASIDs, and comes back with them */
static void pasid_blocked(struct kunit *test)
{
	struct setup s;
	u16 did;

	setup(test, &s, FAKE_CAP, true);
	KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain[1], s.dev, PASID, NULL), 0);
	did = FIELD_GET(VTD_PASID_DID, words_of(&s).entry[1]);
	forget_log(&s);
	KUNIT_ASSERT_EQ(test, vtd_attach_blocked(&vtd_blocked_domain, s.dev), 0);
	KUNIT_EXPECT_EQ(test, words_of(&s).context[0], 0);
	KUNIT_EXPECT_FALSE(test, s.vdev->ats.enabled);
	expect_log(test, &s, 7, (const struct vtd_desc[]) {
		vtd_desc_dev_tlb(RID, 0, 0, 0, EVERYTHING),
		vtd_desc_pasid_tlb(RID, PASID, 0, 0, 0, EVERYTHING),
		vtd_desc_context(VTD_INV_SELECTIVE, 0, RID),
		vtd_desc_pasid(VTD_INV_PASID_GLOBAL, 0, 0),
		vtd_desc_iotlb(VTD_INV_GLOBAL, 0, s.iommu->caps.drain),
		vtd_desc_pasid(VTD_INV_PASID_ONE, did, 0),
		vtd_desc_iotlb(VTD_INV_DOMAIN, did, s.iommu->caps.drain),
	});
	KUNIT_EXPECT_EQ(test, vtd_pasid_set(s.domain[2], s.dev, 6, NULL), -EBUSY);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(s.domain[0], s.dev), 0);
	KUNIT_EXPECT_TRUE(test, words_of(&s).context[0] & VTD_SMCTX_DTE);
	KUNIT_EXPECT_TRUE(test, s.vdev->ats.enabled);
	expect_tables(test, &s, PASID, s.domain[1]);
}

static void pasid_refused(struct kunit *test)
{
	struct setup s;

	setup(test, &s, FAKE_CAP, false);
	KUNIT_EXPECT_EQ(test, vtd_pasid_set(s.domain[1], s.dev, 0, NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, vtd_pasid_set(s.domain[1], s.dev, 0x100000, NULL), -EINVAL);
	s.vdev->pasid_on = false;
	KUNIT_EXPECT_EQ(test, vtd_pasid_set(s.domain[1], s.dev, PASID, NULL), -EOPNOTSUPP);
	s.vdev->pasid_on = true;
	/* Nothing of it is left */
	KUNIT_EXPECT_TRUE(test, xa_empty(&s.vdev->pasids));
	KUNIT_EXPECT_EQ(test, targets_of(s.domain[1]), 0);
	expect_log(test, &s, 0, NULL);
}

/* In legacy mode there are none, whatever the device has */
static void pasid_legacy(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, PASID_ECAP);
	struct iommu_domain *domain = fake_domain_create(test, iommu);
	struct device *dev = fake_device_create(test, iommu, "pasid-legacy", RID);

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(domain, dev), 0);
	KUNIT_EXPECT_EQ(test, vtd_pasid_set(domain, dev, PASID, NULL), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, vtd_context_prepare_pasid(iommu, RID, PASID), -EOPNOTSUPP);
}

/* Each flush of a replacement fails: blocked, and what may still be cached is held */
static void pasid_replace_fails(struct kunit *test)
{
	struct setup s;

	for (u32 at = 1; at <= 2; at++) {
		setup_failing(test, &s, at);
		KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain[1], s.dev, PASID, NULL), 0);
		fail_at(&s, at);
		KUNIT_EXPECT_NE(test, vtd_pasid_set(s.domain[2], s.dev, PASID, NULL), 0);
		KUNIT_EXPECT_EQ(test, s.fake->log_count, at - 1);
		expect_tables(test, &s, PASID, NULL);
		KUNIT_EXPECT_TRUE(test, READ_ONCE(to_dmar_domain(s.domain[1])->stale));
		KUNIT_EXPECT_EQ(test, targets_of(s.domain[1]), 0);
		KUNIT_EXPECT_EQ(test, targets_of(s.domain[2]), 0);
		/* Nothing is given any more */
		KUNIT_EXPECT_NE(test, vtd_pasid_set(s.domain[2], s.dev, 6, NULL), 0);
		expect_tables(test, &s, 6, NULL);
	}
}

/* The same for one that is taken away */
static void pasid_remove_fails(struct kunit *test)
{
	struct setup s;

	for (u32 at = 1; at <= 2; at++) {
		setup_failing(test, &s, at);
		KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain[1], s.dev, PASID, NULL), 0);
		fail_at(&s, at);
		vtd_pasid_remove(s.dev, PASID, s.domain[1]);
		expect_tables(test, &s, PASID, NULL);
		KUNIT_EXPECT_TRUE(test, READ_ONCE(to_dmar_domain(s.domain[1])->stale));
		KUNIT_EXPECT_EQ(test, targets_of(s.domain[1]), 0);
	}
}

/* Another directory, and the unit did not flush: the old one is nobody's */
static void pasid_directory_fails(struct kunit *test)
{
	struct setup s;

	for (u32 at = 1; at <= 3; at++) {
		setup_failing(test, &s, at);
		fail_at(&s, at);
		KUNIT_EXPECT_NE(test, vtd_pasid_set(s.domain[1], s.dev, 0x8000, NULL), 0);
		KUNIT_EXPECT_TRUE(test, xa_empty(&s.vdev->pasids));
		KUNIT_EXPECT_EQ(test, targets_of(s.domain[1]), 0);
		expect_tables(test, &s, 0x8000, NULL);
	}
}

/* It flushes again: all that was left comes first, then what was asked for */
static void pasid_cured(struct kunit *test)
{
	struct setup s;

	setup(test, &s, FAKE_CAP, false);
	KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain[1], s.dev, PASID, NULL), 0);
	vtd_queue_disable(s.iommu);
	KUNIT_EXPECT_NE(test, vtd_pasid_set(s.domain[2], s.dev, PASID, NULL), 0);
	expect_tables(test, &s, PASID, NULL);
	KUNIT_ASSERT_EQ(test, vtd_queue_enable(s.iommu), 0);
	forget_log(&s);
	KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain[2], s.dev, PASID, NULL), 0);
	expect_log(test, &s, 3, (const struct vtd_desc[]) {
		vtd_desc_context(VTD_INV_GLOBAL, 0, 0),
		vtd_desc_pasid(VTD_INV_PASID_GLOBAL, 0, 0),
		vtd_desc_iotlb(VTD_INV_GLOBAL, 0, s.iommu->caps.drain),
	});
	expect_tables(test, &s, PASID, s.domain[2]);
}

/* A device that does not answer about a PASID is out, as a whole */
static void pasid_silent(struct kunit *test)
{
	struct setup s;

	setup(test, &s, FAKE_CAP, true);
	s.iommu->device_tlb_dead = vtd_quarantine_device;
	KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain[1], s.dev, PASID, NULL), 0);
	s.fake->silent = RID;
	s.fake->silent_times = 1000;
	vtd_pasid_remove(s.dev, PASID, s.domain[1]);
	KUNIT_EXPECT_EQ(test, s.vdev->ats.fate, VTD_ATS_OUT);
	KUNIT_EXPECT_FALSE(test, words_of(&s).context[0] & VTD_SMCTX_P);
	expect_tables(test, &s, PASID, NULL);
	vtd_quarantine_finish(s.vdev);
}

/* Two PASIDs of a device that is late: it is asked about both again */
static void pasid_late(struct kunit *test)
{
	const struct vtd_desc desc[] = {
		vtd_desc_pasid_tlb(RID, PASID, 0, 0, 0x5000, 0),
		vtd_desc_pasid_tlb(RID, 6, 0, 0, 0x6000, 0),
	};
	struct setup s;

	setup(test, &s, FAKE_CAP, true);
	s.fake->silent = RID;
	s.fake->silent_times = 2;
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(s.iommu, desc, ARRAY_SIZE(desc)), 0);
	for (u32 i = 0; i < ARRAY_SIZE(desc); i++)
		expect_once(test, &s, vtd_desc_tlb_all(&desc[i]));
}

/* A driver that goes, and leaves PASIDs attached */
static void pasid_left_over(struct kunit *test)
{
	struct setup s;

	setup(test, &s, FAKE_CAP, false);
	KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain[1], s.dev, PASID, NULL), 0);
	KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain[2], s.dev, 77, NULL), 0);
	fake_device_drop(test, s.dev);
	for (u32 i = 0; i < ARRAY_SIZE(s.domain); i++)
		KUNIT_EXPECT_EQ(test, targets_of(s.domain[i]), 0);
	KUNIT_EXPECT_EQ(test, image_of(&s, PASID).kind, VTD_IMAGE_BLOCKED);
	KUNIT_EXPECT_EQ(test, image_of(&s, 77).kind, VTD_IMAGE_BLOCKED);
}

/* The core's own way; whoever has none offers no PASIDs at all */
static void pasid_taken_away(struct kunit *test)
{
	struct setup s;

	setup(test, &s, FAKE_CAP, false);
	KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain[1], s.dev, PASID, NULL), 0);
	KUNIT_ASSERT_EQ(test, vtd_core_remove_pasid(vtd_start_ops, s.dev, PASID, s.domain[1]), 0);
	expect_tables(test, &s, PASID, NULL);
	KUNIT_EXPECT_EQ(test, targets_of(s.domain[1]), 0);
	/* Once more does no harm: around a reset it may be gone already */
	KUNIT_EXPECT_EQ(test, vtd_core_remove_pasid(vtd_start_ops, s.dev, PASID, s.domain[1]), 0);
}

/* In reset the device is asked nothing, and all that it had is given back afterwards */
static void pasid_reset(struct kunit *test)
{
	struct setup s;

	setup(test, &s, FAKE_CAP, true);
	KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain[1], s.dev, PASID, NULL), 0);
	KUNIT_ASSERT_EQ(test, vtd_attach_blocked(&vtd_blocked_domain, s.dev), 0);
	s.fake->silent = RID;
	s.fake->silent_times = 1000;
	KUNIT_ASSERT_EQ(test, vtd_core_remove_pasid(vtd_start_ops, s.dev, PASID, s.domain[1]), 0);
	expect_tables(test, &s, PASID, NULL);
	KUNIT_EXPECT_EQ(test, s.vdev->ats.fate, VTD_ATS_ALIVE);
	s.fake->silent_times = 0;
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(s.domain[0], s.dev), 0);
	KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain[1], s.dev, PASID, &vtd_blocked_domain), 0);
	KUNIT_EXPECT_TRUE(test, s.vdev->ats.enabled);
	expect_tables(test, &s, PASID, s.domain[1]);
}

/* An entry of a PASID that leads to tables which are given up is found */
static void pasid_evicted(struct kunit *test)
{
	const struct vtd_image image = vtd_image_walk(0x5000, 3, 7, false);
	struct setup s;

	setup(test, &s, FAKE_CAP, false);
	KUNIT_ASSERT_EQ(test, vtd_context_prepare_pasid(s.iommu, RID, 0x1234), 0);
	KUNIT_ASSERT_EQ(test, vtd_context_install_pasid(s.iommu, RID, 0x1234, &image), 0);
	KUNIT_EXPECT_EQ(test, vtd_context_evict(s.iommu, 0x6000), 0);
	KUNIT_EXPECT_EQ(test, image_of(&s, 0x1234).kind, VTD_IMAGE_WALK);
	KUNIT_EXPECT_EQ(test, vtd_context_evict(s.iommu, 0x5000), 0);
	KUNIT_EXPECT_EQ(test, image_of(&s, 0x1234).kind, VTD_IMAGE_BLOCKED);
}

static struct kunit_case pasid_cases[] = {
	KUNIT_CASE(pasid_attach),
	KUNIT_CASE(pasid_caching_mode),
	KUNIT_CASE(pasid_tlb),
	KUNIT_CASE(pasid_unmap),
	KUNIT_CASE(pasid_beside),
	KUNIT_CASE(pasid_identity),
	KUNIT_CASE(pasid_directories),
	KUNIT_CASE(pasid_directory_of_the_cut),
	KUNIT_CASE(pasid_blocked),
	KUNIT_CASE(pasid_refused),
	KUNIT_CASE(pasid_legacy),
	KUNIT_CASE(pasid_replace_fails),
	KUNIT_CASE(pasid_remove_fails),
	KUNIT_CASE(pasid_directory_fails),
	KUNIT_CASE(pasid_cured),
	KUNIT_CASE(pasid_silent),
	KUNIT_CASE(pasid_late),
	KUNIT_CASE(pasid_left_over),
	KUNIT_CASE(pasid_taken_away),
	KUNIT_CASE(pasid_reset),
	KUNIT_CASE(pasid_evicted),
	{}
};

static struct kunit_suite pasid_suite = {
	.name = "vtd_pasid",
	.test_cases = pasid_cases,
};

kunit_test_suite(pasid_suite);

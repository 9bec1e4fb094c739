// SPDX-License-Identifier: GPL-2.0
/* Scalable mode: what is stored and flushed, in which order, and a wide queue. */
#include <kunit/test.h>
#include <linux/bitfield.h>
#include <linux/iommu.h>
#include <linux/ktime.h>
#include <linux/timer.h>

#include "context/context.h"
#include "context/did.h"
#include "context/tables.h"
#include "device/device.h"
#include "domain/attach.h"
#include "domain/domain.h"
#include "hw/descriptors.h"
#include "hw/registers.h"
#include "tests/fake_device.h"
#include "tests/fake_unit.h"
#include "unit/queue_state.h"
#include "unit/unit.h"

#define RID		0x0310
/* Of the upper half of a bus */
#define RID_UPPER	0x03f9

#define SM_ECAP		(FAKE_ECAP | VTD_ECAP_SMTS | VTD_ECAP_SSTS)

static struct intel_iommu *scalable_unit(struct kunit *test, u64 cap)
{
	struct intel_iommu *iommu = fake_unit_in_mode(test, cap, SM_ECAP, &vtd_scalable_mode);

	iommu->scalable = true;
	return iommu;
}

static struct vtd_context_words words_of(struct intel_iommu *iommu, u16 rid)
{
	struct vtd_context_words words;

	vtd_context_read(iommu, rid, &words);
	return words;
}

static int block(struct device *dev)
{
	return vtd_attach_blocked(&vtd_blocked_domain, dev);
}

/* The log from @at on is this one and nothing else */
static void expect_log(struct kunit *test, struct intel_iommu *iommu, u32 count,
		       const struct vtd_desc *want)
{
	struct fake_unit *fake = fake_unit_of(iommu);

	KUNIT_ASSERT_EQ(test, fake->log_count, count);
	for (u32 i = 0; i < count; i++) {
		fake_unit_expect(test, fake, i, want[i]);
		/* Each was waited for before the next one was given */
		KUNIT_EXPECT_EQ(test, fake->wait[i].after, i + 1);
	}
	fake->log_count = 0;
	fake->wait_count = 0;
}

static void forget_log(struct intel_iommu *iommu)
{
	fake_unit_of(iommu)->log_count = 0;
	fake_unit_of(iommu)->wait_count = 0;
}

/* Section 6.6: what each cache is filled from is forgotten before it */
static void scalable_root(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP, SM_ECAP);
	const struct vtd_desc all[] = {
		vtd_desc_context(VTD_INV_GLOBAL, 0, 0),
		vtd_desc_pasid(VTD_INV_PASID_GLOBAL, 0, 0),
		vtd_desc_iotlb(VTD_INV_GLOBAL, 0, iommu->caps.drain),
	};
	u64 rtaddr;

	KUNIT_ASSERT_EQ(test, iommu_alloc_root_entry(iommu, &vtd_scalable_mode), 0);
	forget_log(iommu);
	KUNIT_EXPECT_EQ(test, iommu_set_root_entry(iommu), 0);
	rtaddr = fake_unit_peek64(fake_unit_of(iommu), VTD_RTADDR);
	KUNIT_EXPECT_EQ(test, FIELD_GET(VTD_RTADDR_TTM, rtaddr), VTD_TTM_SCALABLE);
	expect_log(test, iommu, ARRAY_SIZE(all), all);
	vtd_context_free(iommu);
}

/* From nothing to tables, to other tables, to nothing */
static void scalable_attach(struct kunit *test)
{
	struct intel_iommu *iommu = scalable_unit(test, FAKE_CAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct iommu_domain *b = fake_domain_create(test, iommu);
	struct device *dev = fake_device_create(test, iommu, "sm", RID);
	const u64 drain = iommu->caps.drain;
	struct vtd_context_words first, then;
	u16 did;

	forget_log(iommu);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, dev), 0);
	expect_log(test, iommu, 0, NULL);
	first = words_of(iommu, RID);
	did = FIELD_GET(VTD_PASID_DID, first.entry[1]);
	KUNIT_EXPECT_EQ(test, first.pasid, 0);
	/* The smallest directory is a page, and nobody sends PASIDs */
	KUNIT_EXPECT_EQ(test, first.context[0] & ~VTD_SMCTX_PASIDDIRPTR,
			VTD_SMCTX_P | FIELD_PREP(VTD_SMCTX_PDTS, 2));
	KUNIT_EXPECT_NE(test, first.context[0] & VTD_SMCTX_PASIDDIRPTR, 0);
	KUNIT_EXPECT_EQ(test, first.entry[0] & VTD_PASID_SSPTPTR,
			vtd_pt_root_for(&to_dmar_domain(a)->pt));

	/* Only the PASID's entry changes, and is not present meanwhile */
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(b, dev), 0);
	expect_log(test, iommu, 2, (const struct vtd_desc[]) {
		vtd_desc_pasid(VTD_INV_PASID_ONE, did, 0),
		vtd_desc_iotlb(VTD_INV_DOMAIN, did, drain),
	});
	then = words_of(iommu, RID);
	KUNIT_EXPECT_EQ(test, then.context[0], first.context[0]);
	KUNIT_EXPECT_EQ(test, then.entry[0] & VTD_PASID_SSPTPTR,
			vtd_pt_root_for(&to_dmar_domain(b)->pt));

	/* Out through the context entry */
	did = FIELD_GET(VTD_PASID_DID, then.entry[1]);
	KUNIT_ASSERT_EQ(test, block(dev), 0);
	expect_log(test, iommu, 5, (const struct vtd_desc[]) {
		vtd_desc_context(VTD_INV_SELECTIVE, 0, RID),
		vtd_desc_pasid(VTD_INV_PASID_DOMAIN, did, 0),
		vtd_desc_iotlb(VTD_INV_DOMAIN, did, drain),
		vtd_desc_pasid(VTD_INV_PASID_ONE, did, 0),
		vtd_desc_iotlb(VTD_INV_DOMAIN, did, drain),
	});
	then = words_of(iommu, RID);
	KUNIT_EXPECT_EQ(test, then.context[0], 0);
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(then.entry, 0, sizeof(then.entry)), NULL);
}

/* A process's tables, say: found by PASID in the IOTLB (section 6.5.3.3) */
static void scalable_first_stage(struct kunit *test)
{
	struct intel_iommu *iommu = scalable_unit(test, FAKE_CAP | VTD_CAP_CM);
	const struct vtd_image pgd = vtd_image_first(0x123000, 4, 7, false);
	const struct vtd_image mine = vtd_image_first(0x456000, 5, 8, false);
	const struct vtd_image blocked = vtd_image_blocked();
	struct vtd_image image;

	KUNIT_ASSERT_EQ(test, vtd_context_prepare(iommu, RID), 0);
	KUNIT_ASSERT_EQ(test, vtd_context_prepare_pasid(iommu, RID, 9), 0);
	forget_log(iommu);
	KUNIT_ASSERT_EQ(test, vtd_context_install(iommu, RID, &pgd), 0);
	expect_log(test, iommu, 3, (const struct vtd_desc[]) {
		vtd_desc_context(VTD_INV_SELECTIVE, 0, RID),
		vtd_desc_pasid(VTD_INV_PASID_ONE, 7, 0),
		vtd_desc_piotlb(7, 0),
	});
	vtd_context_now(iommu, RID, &image);
	KUNIT_EXPECT_TRUE(test, vtd_image_same(&image, &pgd));

	/* The other PASID does not notice */
	KUNIT_ASSERT_EQ(test, vtd_context_install_pasid(iommu, RID, 9, &pgd), 0);
	expect_log(test, iommu, 2, (const struct vtd_desc[]) {
		vtd_desc_pasid(VTD_INV_PASID_ONE, 7, 9),
		vtd_desc_piotlb(7, 9),
	});
	KUNIT_ASSERT_EQ(test, vtd_context_install_pasid(iommu, RID, 9, &mine), 0);
	expect_log(test, iommu, 4, (const struct vtd_desc[]) {
		vtd_desc_pasid(VTD_INV_PASID_ONE, 7, 9),
		vtd_desc_piotlb(7, 9),
		vtd_desc_pasid(VTD_INV_PASID_ONE, 8, 9),
		vtd_desc_piotlb(8, 9),
	});
	KUNIT_ASSERT_EQ(test, vtd_context_install_pasid(iommu, RID, 9, &blocked), 0);
	expect_log(test, iommu, 2, (const struct vtd_desc[]) {
		vtd_desc_pasid(VTD_INV_PASID_ONE, 8, 9),
		vtd_desc_piotlb(8, 9),
	});

	KUNIT_ASSERT_EQ(test, vtd_context_install(iommu, RID, &blocked), 0);
	expect_log(test, iommu, 5, (const struct vtd_desc[]) {
		vtd_desc_context(VTD_INV_SELECTIVE, 0, RID),
		vtd_desc_pasid(VTD_INV_PASID_DOMAIN, 7, 0),
		vtd_desc_piotlb(7, 0),
		vtd_desc_pasid(VTD_INV_PASID_ONE, 7, 0),
		vtd_desc_piotlb(7, 0),
	});
}

/* Section 6.1: absence may be cached, that of a context entry under domain id 0 */
static void scalable_caching_mode(struct kunit *test)
{
	struct intel_iommu *iommu = scalable_unit(test, FAKE_CAP_CM);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct device *dev = fake_device_create(test, iommu, "sm-cm", RID);
	u16 did;

	forget_log(iommu);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, dev), 0);
	did = FIELD_GET(VTD_PASID_DID, words_of(iommu, RID).entry[1]);
	expect_log(test, iommu, 3, (const struct vtd_desc[]) {
		vtd_desc_context(VTD_INV_SELECTIVE, 0, RID),
		vtd_desc_pasid(VTD_INV_PASID_ONE, did, 0),
		vtd_desc_iotlb(VTD_INV_DOMAIN, did, iommu->caps.drain),
	});
	/* Again the same: nothing changes, nothing is asked for */
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, dev), 0);
	expect_log(test, iommu, 0, NULL);
}

static void scalable_pass_through(struct kunit *test)
{
	struct intel_iommu *iommu = scalable_unit(test, FAKE_CAP);
	struct device *dev = fake_device_create(test, iommu, "sm-pt", RID_UPPER);
	struct vtd_context_words words;

	KUNIT_ASSERT_EQ(test, vtd_attach_identity(&vtd_identity_domain, dev), 0);
	words = words_of(iommu, RID_UPPER);
	KUNIT_EXPECT_EQ(test, FIELD_GET(VTD_PASID_PGTT, words.entry[0]), VTD_PGTT_PASS_THROUGH);
	KUNIT_EXPECT_EQ(test, FIELD_GET(VTD_PASID_DID, words.entry[1]), VTD_DID_IDENTITY);
	/* The upper half of the bus has a table of its own */
	KUNIT_EXPECT_EQ(test, words.root.lo, 0);
	KUNIT_EXPECT_EQ(test, words.root.hi & VTD_ROOT_P, VTD_ROOT_P);
	KUNIT_EXPECT_FALSE(test, vtd_context_read(iommu, RID, &words));
}

/* Firmware says that the device does not work without: with pass-through, too */
static void scalable_tlb_required(struct kunit *test)
{
	struct intel_iommu *iommu = scalable_unit(test, FAKE_CAP);
	struct device *dev = fake_device_with_tlb(test, iommu, "sm-atc", RID);
	struct vtd_device *vdev = vtd_device_of(dev);

	KUNIT_ASSERT_EQ(test, vtd_attach_identity(&vtd_identity_domain, dev), 0);
	KUNIT_EXPECT_FALSE(test, vdev->ats.enabled);
	KUNIT_EXPECT_FALSE(test, words_of(iommu, RID).context[0] & VTD_SMCTX_DTE);

	KUNIT_ASSERT_EQ(test, block(dev), 0);
	vdev->ats.required = true;
	KUNIT_ASSERT_EQ(test, vtd_attach_identity(&vtd_identity_domain, dev), 0);
	KUNIT_EXPECT_TRUE(test, vdev->ats.enabled);
	KUNIT_EXPECT_TRUE(test, words_of(iommu, RID).context[0] & VTD_SMCTX_DTE);
	KUNIT_ASSERT_EQ(test, block(dev), 0);
	KUNIT_EXPECT_FALSE(test, vdev->ats.enabled);
}

/* ... but first it is started again, and flushes everything before anybody hears of it */
static void scalable_queue_again(struct kunit *test)
{
	struct intel_iommu *iommu = scalable_unit(test, FAKE_CAP);
	struct fake_unit *fake = fake_unit_of(iommu);
	const struct vtd_desc desc = vtd_desc_iotlb(VTD_INV_DOMAIN, 7, iommu->caps.drain);
	const struct vtd_desc all[] = {
		vtd_desc_context(VTD_INV_GLOBAL, 0, 0),
		vtd_desc_pasid(VTD_INV_PASID_GLOBAL, 0, 0),
		vtd_desc_iotlb(VTD_INV_GLOBAL, 0, iommu->caps.drain),
		vtd_desc_iec_all(),
	};
	struct vtd_ticket before;

	fake_unit_hurry(test, 500, 1000);
	fake->stalled = true;
	KUNIT_ASSERT_EQ(test, vtd_queue_submit(iommu, &desc, 1, &before), 0);
	fake->stalled = false;
	forget_log(iommu);
	KUNIT_EXPECT_EQ(test, vtd_queue_kill(iommu, "this is a test"), 0);
	KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_LIVE);
	KUNIT_EXPECT_NULL(test, iommu->why_dead);
	KUNIT_EXPECT_EQ(test, fake->log_count, ARRAY_SIZE(all));
	for (u32 i = 0; i < ARRAY_SIZE(all); i++)
		fake_unit_expect(test, fake, i, all[i]);
	/* Nobody takes for flushed what was in the ring, and to ask again helps */
	KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &before), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, vtd_queue_insist(iommu, &desc, 1), 0);

	/* Not for ever: a queue that dies again and again is no queue */
	for (u32 i = 0; i < VTD_QUEUE_AGAINS - 1; i++)
		KUNIT_EXPECT_EQ(test, vtd_queue_kill(iommu, "this is a test"), 0);
	KUNIT_EXPECT_EQ(test, vtd_queue_kill(iommu, "this is a test"), -EIO);
	KUNIT_EXPECT_NOT_NULL(test, iommu->why_dead);
}

static struct intel_iommu *settled;
static u32 settled_calls;

/* Under the lock, or the ring may be in use again by now */
static void settled_device(struct intel_iommu *iommu, u16 sid)
{
	settled_calls += iommu == settled && raw_spin_is_locked(&iommu->queue->settle);
}

static void scalable_devices_of_the_dead(struct kunit *test)
{
	const struct vtd_desc desc = vtd_desc_dev_tlb(RID, RID, 4, 0x5000, 0);
	struct intel_iommu *iommu = scalable_unit(test, FAKE_CAP);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_ticket ticket;

	settled = iommu;
	settled_calls = 0;
	iommu->device_tlb_off = settled_device;
	fake_unit_hurry(test, 500, 1000);
	fake->stalled = true;
	KUNIT_ASSERT_EQ(test, vtd_queue_submit(iommu, &desc, 1, &ticket), 0);
	fake->stalled = false;
	KUNIT_EXPECT_EQ(test, vtd_queue_kill(iommu, "this is a test"), 0);
	KUNIT_EXPECT_GT(test, settled_calls, 0);
	KUNIT_EXPECT_TRUE(test, vtd_queue_live(iommu));
}

/* As another one does who saw it stop, and started it */
static void started_meanwhile(struct timer_list *timer)
{
	WRITE_ONCE(settled->queue->mode, VTD_QUEUE_LIVE);
}

static DEFINE_TIMER(meanwhile, started_meanwhile);

/* Who waits for the end of it is not kept when it goes on */
static void scalable_await_ends(struct kunit *test)
{
	const struct vtd_desc desc = vtd_desc_dev_tlb(RID, RID, 4, 0x5000, 0);
	struct intel_iommu *iommu = scalable_unit(test, FAKE_CAP);
	struct fake_unit *fake = fake_unit_of(iommu);
	u32 normal = vtd_reg_timeout_us;
	struct vtd_ticket ticket;
	u64 began;

	settled = iommu;
	fake_unit_hurry(test, 500, 1000);
	fake->stalled = true;
	fake->deaf = VTD_GCMD_QIE;
	KUNIT_ASSERT_EQ(test, vtd_queue_submit(iommu, &desc, 1, &ticket), 0);
	WRITE_ONCE(iommu->queue->mode, VTD_QUEUE_DYING);
	iommu->queue->awaited = true;
	vtd_reg_timeout_us = 50000;
	began = ktime_get_ns();
	mod_timer(&meanwhile, jiffies + 1);
	KUNIT_EXPECT_EQ(test, vtd_queue_settle(iommu), 0);
	timer_delete_sync(&meanwhile);
	/* Otherwise VTD_QUEUE_STOPS times as long */
	KUNIT_EXPECT_LT(test, ktime_get_ns() - began,
			VTD_QUEUE_STOPS / 2 * 50000ull * NSEC_PER_USEC);
	vtd_reg_timeout_us = normal;
	fake->deaf = 0;
	fake->stalled = false;
}

static void comes_to_life(struct intel_iommu *iommu, u16 sid)
{
	fake_unit_of(iommu)->stalled = false;
}

/* It had to be started again to finish: nobody submits to a queue that is switched off */
static void scalable_queue_stays_off(struct kunit *test)
{
	const struct vtd_desc desc = vtd_desc_dev_tlb(RID, RID, 4, 0x5000, 0);
	struct intel_iommu *iommu = scalable_unit(test, FAKE_CAP);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_ticket ticket;

	iommu->device_tlb_off = comes_to_life;
	fake_unit_hurry(test, 500, 1000);
	fake->stalled = true;
	KUNIT_ASSERT_EQ(test, vtd_queue_submit(iommu, &desc, 1, &ticket), 0);
	vtd_queue_disable(iommu);
	KUNIT_EXPECT_FALSE(test, fake->stalled);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_GSTS) & VTD_GSTS_QIES, 0);
	KUNIT_EXPECT_NULL(test, iommu->why_dead);
	KUNIT_EXPECT_EQ(test, vtd_queue_submit(iommu, &desc, 1, &ticket), -EIO);
	KUNIT_EXPECT_EQ(test, vtd_queue_enable(iommu), 0);
	KUNIT_EXPECT_EQ(test, vtd_queue_submit(iommu, &desc, 1, &ticket), 0);
	KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &ticket), 0);
}

/* Registers flush nothing in scalable mode: the unit is lost with its queue, if it must */
static void scalable_dead_queue(struct kunit *test)
{
	struct intel_iommu *iommu = scalable_unit(test, FAKE_CAP);
	struct vtd_desc desc = vtd_desc_iotlb(VTD_INV_GLOBAL, 0, iommu->caps.drain);

	fake_unit_hurry(test, 500, 1000);
	fake_unit_of(iommu)->stalled = true;
	KUNIT_EXPECT_NE(test, vtd_queue_sync(iommu, &desc, 1), 0);
	KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_DEAD);
	KUNIT_EXPECT_NOT_NULL(test, iommu->why_dead);
}

/* An entry that is cut does not let translated requests through, whatever mode */
static void scalable_cut(struct kunit *test)
{
	struct intel_iommu *iommu = scalable_unit(test, FAKE_CAP);
	const struct vtd_image image = vtd_image_walk(0x5000, 3, 7, true);
	struct vtd_image now;

	KUNIT_ASSERT_EQ(test, vtd_context_prepare(iommu, RID), 0);
	KUNIT_ASSERT_EQ(test, vtd_context_install(iommu, RID, &image), 0);
	KUNIT_EXPECT_TRUE(test, words_of(iommu, RID).context[0] & VTD_SMCTX_DTE);
	vtd_context_cut(iommu, RID, true);
	vtd_context_now(iommu, RID, &now);
	KUNIT_EXPECT_EQ(test, now.kind, VTD_IMAGE_WALK);
	KUNIT_EXPECT_FALSE(test, now.dev_tlb);

	forget_log(iommu);
	KUNIT_EXPECT_EQ(test, vtd_context_settle(iommu), 0);
	expect_log(test, iommu, 3, (const struct vtd_desc[]) {
		vtd_desc_context(VTD_INV_GLOBAL, 0, 0),
		vtd_desc_pasid(VTD_INV_PASID_GLOBAL, 0, 0),
		vtd_desc_iotlb(VTD_INV_GLOBAL, 0, iommu->caps.drain),
	});
	KUNIT_ASSERT_EQ(test, vtd_context_install(iommu, RID, &image), 0);
	vtd_context_cut(iommu, RID, false);
	vtd_context_now(iommu, RID, &now);
	KUNIT_EXPECT_EQ(test, now.kind, VTD_IMAGE_BLOCKED);
}

static void scalable_mute(struct kunit *test)
{
	struct intel_iommu *iommu = scalable_unit(test, FAKE_CAP);
	const struct vtd_image image = vtd_image_walk(0x5000, 3, 7, false);
	const struct vtd_image blocked = vtd_image_blocked();

	KUNIT_ASSERT_EQ(test, vtd_context_prepare(iommu, RID), 0);
	KUNIT_ASSERT_EQ(test, vtd_context_install(iommu, RID, &image), 0);
	forget_log(iommu);
	KUNIT_ASSERT_EQ(test, vtd_context_mute(iommu, RID, true), 0);
	expect_log(test, iommu, 3, (const struct vtd_desc[]) {
		vtd_desc_context(VTD_INV_SELECTIVE, 0, RID),
		vtd_desc_pasid(VTD_INV_PASID_DOMAIN, 7, 0),
		vtd_desc_iotlb(VTD_INV_DOMAIN, 7, iommu->caps.drain),
	});
	/* It outlasts what the requester is translated with */
	KUNIT_ASSERT_EQ(test, vtd_context_install(iommu, RID, &blocked), 0);
	KUNIT_EXPECT_EQ(test, words_of(iommu, RID).context[0], VTD_SMCTX_FPD);
}

/* One that lies can name 65536 ids: silence costs no PASID tables */
static void scalable_mute_strangers(struct kunit *test)
{
	struct intel_iommu *iommu = scalable_unit(test, FAKE_CAP);
	u32 rid;

	for (rid = 0; rid < 0x200; rid++)
		KUNIT_ASSERT_EQ(test, vtd_context_mute(iommu, rid, true), 0);
	KUNIT_EXPECT_EQ(test, words_of(iommu, 0x1ff).context[0], VTD_SMCTX_FPD);
	KUNIT_EXPECT_TRUE(test, xa_empty(&iommu->root->pasids));
}

/* A flush that fails leaves neither the old entry nor a new one */
static void scalable_flush_fails(struct kunit *test)
{
	struct intel_iommu *iommu = scalable_unit(test, FAKE_CAP);
	const struct vtd_image image = vtd_image_walk(0x5000, 3, 7, false);
	const struct vtd_image other = vtd_image_walk(0x6000, 3, 8, false);
	struct vtd_image now;

	KUNIT_ASSERT_EQ(test, vtd_context_prepare(iommu, RID), 0);
	KUNIT_ASSERT_EQ(test, vtd_context_install(iommu, RID, &image), 0);
	vtd_queue_disable(iommu);
	KUNIT_EXPECT_NE(test, vtd_context_install(iommu, RID, &other), 0);
	vtd_context_now(iommu, RID, &now);
	KUNIT_EXPECT_EQ(test, now.kind, VTD_IMAGE_BLOCKED);

	/* It works again: the caches come first */
	KUNIT_ASSERT_EQ(test, vtd_queue_enable(iommu), 0);
	forget_log(iommu);
	KUNIT_EXPECT_EQ(test, vtd_context_install(iommu, RID, &other), 0);
	fake_unit_expect(test, fake_unit_of(iommu), 0, vtd_desc_context(VTD_INV_GLOBAL, 0, 0));
	fake_unit_expect(test, fake_unit_of(iommu), 1,
			 vtd_desc_pasid(VTD_INV_PASID_GLOBAL, 0, 0));
	vtd_context_now(iommu, RID, &now);
	KUNIT_EXPECT_EQ(test, now.tables, 0x6000);
}

/* Descriptors of 256 bits, around the ring some times: units with ECAP.SMTS */
static void scalable_queue(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP, SM_ECAP);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_queue *q = iommu->queue;
	const struct vtd_desc desc[] = { vtd_desc_iec_all(), vtd_desc_iec(7, 0) };
	u32 i, rounds = 3 * (q->mask + 1);

	KUNIT_EXPECT_TRUE(test, fake_unit_peek64(fake, VTD_IQA) & VTD_IQA_DW);
	KUNIT_EXPECT_GE(test, q->mask + 1, 256);
	KUNIT_EXPECT_EQ(test, (void *)vtd_queue_slot(q, 1) - (void *)vtd_queue_slot(q, 0), 32);
	for (i = 0; i < rounds; i++) {
		fake->log_count = 0;
		KUNIT_ASSERT_EQ(test, vtd_queue_sync(iommu, desc, ARRAY_SIZE(desc)), 0);
		KUNIT_ASSERT_EQ(test, fake->log_count, 2);
	}
	KUNIT_EXPECT_EQ(test, vtd_queue_index(q, fake_unit_peek64(fake, VTD_IQH)),
			q->tail & q->mask);
}

static struct kunit_case scalable_cases[] = {
	KUNIT_CASE(scalable_root),
	KUNIT_CASE(scalable_attach),
	KUNIT_CASE(scalable_first_stage),
	KUNIT_CASE(scalable_caching_mode),
	KUNIT_CASE(scalable_pass_through),
	KUNIT_CASE(scalable_tlb_required),
	KUNIT_CASE(scalable_queue_again),
	KUNIT_CASE(scalable_dead_queue),
	KUNIT_CASE(scalable_devices_of_the_dead),
	KUNIT_CASE(scalable_await_ends),
	KUNIT_CASE(scalable_queue_stays_off),
	KUNIT_CASE(scalable_cut),
	KUNIT_CASE(scalable_mute),
	KUNIT_CASE(scalable_mute_strangers),
	KUNIT_CASE(scalable_flush_fails),
	KUNIT_CASE(scalable_queue),
	{}
};

static struct kunit_suite scalable_suite = {
	.name = "vtd_scalable",
	.test_cases = scalable_cases,
};

kunit_test_suite(scalable_suite);

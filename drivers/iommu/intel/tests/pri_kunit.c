// SPDX-License-Identifier: GPL-2.0
/* Page requests of devices: on and off, whom they reach and when, floods, answers. */
#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/bitfield.h>
#include <linux/iommu.h>

#include "context/context.h"
#include "device/device.h"
#include "device/pri.h"
#include "domain/attach.h"
#include "domain/domain.h"
#include "domain/pasid.h"
#include "tests/fake_device.h"
#include "tests/fake_pages.h"
#include "tests/fake_unit.h"
#include "unit/prq.h"
#include "unit/unit.h"

#define RID	0x0310
#define OTHER	0x0318
#define PASID	5u

/* What the core was told, and asked for */
static struct iommu_fault told[256];
static u32 told_count, switched_on, switched_off, braked, opened;
static int switch_error;
static bool answer_at_once;

static int fake_report(struct device *dev, struct iopf_fault *event)
{
	struct iommu_page_response response = { .code = IOMMU_PAGE_RESP_SUCCESS };

	if (told_count < ARRAY_SIZE(told))
		told[told_count] = event->fault;
	told_count++;
	if (answer_at_once)
		vtd_pri_answer(dev, event, &response);
	return 0;
}

static int fake_switch(struct vtd_device *vdev, bool on)
{
	if (!on)
		switched_off++;
	else if (!switch_error)
		switched_on++;
	return on ? switch_error : 0;
}

static void fake_flush(struct vtd_device *vdev)
{
}

static void fake_brake_later(struct vtd_pri *pri)
{
	braked++;
}

static void fake_open_later(struct vtd_pri *pri)
{
	opened++;
}

static int handler(struct iopf_group *group)
{
	return 0;
}

/* A unit, a device with PASIDs and page requests, and domains; the last nobody looks after */
struct setup {
	struct intel_iommu *iommu;
	struct fake_unit *fake;
	struct device *dev;
	struct vtd_device *vdev;
	struct iommu_domain *domain[3];
};

static void release(void *vdev)
{
	vtd_pri_release(vdev);
}

static struct device *asking(struct kunit *test, struct intel_iommu *iommu, const char *name,
			     u16 rid)
{
	struct device *dev = fake_device_with_tlb(test, iommu, name, rid);
	struct vtd_device *vdev = vtd_device_of(dev);

	vdev->pasid_on = true;
	vdev->pri = vtd_pri_alloc(vdev);
	KUNIT_ASSERT_NOT_NULL(test, vdev->pri);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, release, vdev), 0);
	return dev;
}

static void setup(struct kunit *test, struct setup *s)
{
	kunit_activate_static_stub(test, vtd_pri_report, fake_report);
	kunit_activate_static_stub(test, vtd_pri_switch, fake_switch);
	kunit_activate_static_stub(test, vtd_pri_flush, fake_flush);
	kunit_activate_static_stub(test, vtd_pri_brake_later, fake_brake_later);
	kunit_activate_static_stub(test, vtd_pri_open_later, fake_open_later);
	told_count = 0;
	switched_on = 0;
	switched_off = 0;
	switch_error = 0;
	braked = 0;
	opened = 0;
	answer_at_once = false;
	s->iommu = fake_unit_in_mode(test, FAKE_CAP, FAKE_ECAP_PAGES, &vtd_scalable_mode);
	s->iommu->page_request = vtd_pri_request;
	s->iommu->page_requests_lost = vtd_pri_lost;
	s->fake = fake_unit_of(s->iommu);
	fake_pages_start(test, s->iommu);
	for (u32 i = 0; i < ARRAY_SIZE(s->domain); i++) {
		s->domain[i] = fake_domain_create(test, s->iommu);
		s->domain[i]->iopf_handler = i < 2 ? handler : NULL;
	}
	s->dev = asking(test, s->iommu, "asking", RID);
	s->vdev = vtd_device_of(s->dev);
}

/* Attached, and the core has entered that */
static void attach(struct kunit *test, struct setup *s, u32 i)
{
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(s->domain[i], s->dev), 0);
	vtd_pri_open_now(s->vdev->pri);
}

static void setup_attached(struct kunit *test, struct setup *s)
{
	setup(test, s);
	attach(test, s, 0);
	s->fake->log_count = 0;
}

static bool may_ask(struct setup *s)
{
	struct vtd_context_words words;

	vtd_context_read(s->iommu, RID, &words);
	return words.context[0] & VTD_SMCTX_PRE;
}

static void ask(struct setup *s, u32 pasid, u16 group, u64 addr, bool last)
{
	fake_pages_ask(s->fake, RID, pasid, group, addr, last);
	vtd_prq_read(s->iommu);
}

static void expect_answers(struct kunit *test, struct setup *s, u32 pasid, u16 group, u32 code,
			   u32 count)
{
	const struct vtd_desc want = vtd_desc_page_response(RID, pasid, pasid, group, code);

	KUNIT_EXPECT_EQ(test, fake_unit_count(s->fake, &want), count);
}

static void expect_answer(struct kunit *test, struct setup *s, u16 group, u32 code)
{
	expect_answers(test, s, 0, group, code, 1);
}

static u32 answers(struct setup *s)
{
	u32 count = 0;

	for (u32 i = 0; i < s->fake->log_count; i++)
		count += vtd_desc_is(&s->fake->log[i], VTD_DESC_PAGE_RESPONSE);
	return count;
}

static void on_and_off(struct kunit *test)
{
	struct setup s;

	setup(test, &s);
	attach(test, &s, 2);
	KUNIT_EXPECT_FALSE(test, may_ask(&s));
	KUNIT_EXPECT_EQ(test, switched_on, 0);
	attach(test, &s, 0);
	KUNIT_EXPECT_TRUE(test, may_ask(&s));
	/* The core wants it as well, as 6.12's does: the last of them switches it off */
	KUNIT_EXPECT_EQ(test, vtd_pri_use(s.vdev), 0);
	KUNIT_EXPECT_EQ(test, switched_on, 1);
	attach(test, &s, 1);
	attach(test, &s, 2);
	KUNIT_EXPECT_TRUE(test, may_ask(&s));
	KUNIT_EXPECT_EQ(test, switched_off, 0);
	vtd_pri_unuse(s.vdev);
	KUNIT_EXPECT_FALSE(test, may_ask(&s));
	KUNIT_EXPECT_EQ(test, switched_off, 1);
	KUNIT_EXPECT_TRUE(test, xa_empty(&s.iommu->prq->users));
	KUNIT_EXPECT_TRUE(test, xa_empty(&s.vdev->pri->gates));
}

/* Wanted before anything is attached; one that is blocked cannot ask */
static void wanted_first(struct kunit *test)
{
	struct setup s;

	setup(test, &s);
	KUNIT_EXPECT_EQ(test, vtd_pri_use(s.vdev), 0);
	KUNIT_EXPECT_FALSE(test, may_ask(&s));
	attach(test, &s, 0);
	KUNIT_EXPECT_TRUE(test, may_ask(&s));
	KUNIT_EXPECT_EQ(test, vtd_attach_blocked(&vtd_blocked_domain, s.dev), 0);
	KUNIT_EXPECT_FALSE(test, may_ask(&s));
	attach(test, &s, 2);
	KUNIT_EXPECT_TRUE(test, may_ask(&s));
	vtd_pri_unuse(s.vdev);
	KUNIT_EXPECT_FALSE(test, may_ask(&s));
}

/* PCI refuses: nothing has changed, and the domain is attached without page requests */
static void not_switched_on(struct kunit *test)
{
	struct setup s;

	setup(test, &s);
	switch_error = -EBUSY;
	KUNIT_EXPECT_EQ(test, vtd_pri_use(s.vdev), -EBUSY);
	KUNIT_EXPECT_TRUE(test, xa_empty(&s.iommu->prq->users));
	attach(test, &s, 0);
	KUNIT_EXPECT_PTR_EQ(test, s.vdev->domain, s.domain[0]);
	KUNIT_EXPECT_FALSE(test, may_ask(&s));
	KUNIT_EXPECT_EQ(test, s.vdev->pri->users, 0);
	attach(test, &s, 2);
	KUNIT_EXPECT_EQ(test, s.vdev->pri->users, 0);
	KUNIT_EXPECT_EQ(test, switched_off, 0);
}

/* The unit does not flush: the attach fails, and takes the page requests back */
static void attach_fails(struct kunit *test)
{
	struct setup s;

	setup_attached(test, &s);
	fake_unit_hurry(test, 1000, 2000);
	s.fake->refuse_after = 1;
	s.fake->deaf_registers = true;
	KUNIT_EXPECT_NE(test, vtd_attach_paging(s.domain[1], s.dev), 0);
	KUNIT_EXPECT_EQ(test, s.vdev->pri->users, 0);
	KUNIT_EXPECT_EQ(test, switched_off, 1);
	KUNIT_EXPECT_TRUE(test, xa_empty(&s.vdev->pri->gates));
}

/* The parts first, in order, none of another PASID; then the last, and one answer */
static void group_as_a_whole(struct kunit *test)
{
	struct setup s;

	setup_attached(test, &s);
	KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain[1], s.dev, PASID, NULL), 0);
	vtd_pri_open_now(s.vdev->pri);
	s.fake->log_count = 0;
	answer_at_once = true;
	ask(&s, 0, 3, 0x1000, false);
	ask(&s, PASID, 3, 0x2000, false);
	ask(&s, 0, 4, 0x3000, false);
	ask(&s, 0, 3, 0x4000, false);
	KUNIT_EXPECT_EQ(test, told_count, 0);
	ask(&s, 0, 3, 0x5000, true);
	KUNIT_ASSERT_EQ(test, told_count, 3);
	KUNIT_EXPECT_EQ(test, told[0].prm.addr, 0x1000);
	KUNIT_EXPECT_EQ(test, told[1].prm.addr, 0x4000);
	KUNIT_EXPECT_EQ(test, told[2].prm.addr, 0x5000);
	KUNIT_EXPECT_EQ(test, told[0].prm.flags, 0);
	KUNIT_EXPECT_EQ(test, told[2].prm.flags, IOMMU_FAULT_PAGE_REQUEST_LAST_PAGE);
	KUNIT_EXPECT_EQ(test, told[2].prm.perm, IOMMU_FAULT_PERM_WRITE);
	KUNIT_EXPECT_EQ(test, answers(&s), 1);
	expect_answer(test, &s, 3, VTD_PAGE_SUCCESS);
	ask(&s, PASID, 3, 0x6000, true);
	KUNIT_ASSERT_EQ(test, told_count, 5);
	KUNIT_EXPECT_EQ(test, told[3].prm.addr, 0x2000);
	KUNIT_EXPECT_EQ(test, told[4].prm.pasid, PASID);
	expect_answers(test, &s, PASID, 3, VTD_PAGE_SUCCESS, 1);
	/* Lost with the ring: its last one comes alone */
	ask(&s, 0, 4, 0x7000, false);
	mutex_lock(&s.iommu->prq->lock);
	vtd_pri_lost(s.iommu);
	mutex_unlock(&s.iommu->prq->lock);
	ask(&s, 0, 4, 0x8000, true);
	KUNIT_EXPECT_EQ(test, told_count, 6);
	KUNIT_EXPECT_EQ(test, atomic_read(&s.vdev->pri->outstanding), 0);
}

/* Before the core has entered it: again.  For a PASID that nobody attached: never. */
static void gates(struct kunit *test)
{
	struct setup s;

	setup(test, &s);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(s.domain[0], s.dev), 0);
	KUNIT_EXPECT_EQ(test, opened, 1);
	s.fake->log_count = 0;
	ask(&s, 0, 1, 0x1000, true);
	expect_answer(test, &s, 1, VTD_PAGE_SUCCESS);
	ask(&s, PASID, 2, 0x1000, true);
	expect_answers(test, &s, PASID, 2, VTD_PAGE_INVALID, 1);
	KUNIT_EXPECT_EQ(test, told_count, 0);
	vtd_pri_open_now(s.vdev->pri);
	ask(&s, 0, 3, 0x1000, true);
	KUNIT_EXPECT_EQ(test, told_count, 1);
	/* Attached anew: what was opened before does not count */
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(s.domain[1], s.dev), 0);
	ask(&s, 0, 4, 0x1000, true);
	expect_answer(test, &s, 4, VTD_PAGE_SUCCESS);
	KUNIT_EXPECT_EQ(test, told_count, 1);
	/* To where nobody looks for pages */
	attach(test, &s, 2);
	ask(&s, 0, 5, 0x1000, true);
	expect_answer(test, &s, 5, VTD_PAGE_INVALID);
	KUNIT_EXPECT_EQ(test, told_count, 1);
}

static void ask_late(struct fake_unit *fake)
{
	fake_pages_ask(fake, RID, 0, 8, 0x1000, true);
	fake_pages_ask(fake, RID, PASID, 9, 0x1000, true);
}

/* What is under way at a detach is answered before it returns, and reaches nobody */
static void detach_drains(struct kunit *test)
{
	struct setup s;

	setup_attached(test, &s);
	KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain[1], s.dev, PASID, NULL), 0);
	vtd_pri_open_now(s.vdev->pri);
	ask(&s, PASID, 9, 0x3000, false);
	s.fake->log_count = 0;
	s.fake->on_drain = ask_late;
	vtd_pasid_remove(s.dev, PASID, s.domain[1]);
	KUNIT_EXPECT_GE(test, s.fake->drains, 1);
	expect_answers(test, &s, PASID, 9, VTD_PAGE_INVALID, 1);
	/* Others go on */
	KUNIT_EXPECT_EQ(test, told_count, 1);
	KUNIT_EXPECT_EQ(test, told[0].prm.grpid, 8);
	KUNIT_EXPECT_TRUE(test, may_ask(&s));
	told_count = 0;
	attach(test, &s, 2);
	KUNIT_EXPECT_EQ(test, told_count, 0);
	KUNIT_EXPECT_GE(test, answers(&s), 3);
	KUNIT_EXPECT_EQ(test, fake_pages_left(s.fake), 0);
	s.fake->on_drain = NULL;
}

/* Groups that never end take no more memory, and one who goes on is not listened to */
static void flood(struct kunit *test)
{
	struct setup s;
	struct device *other;

	setup_attached(test, &s);
	other = asking(test, s.iommu, "patient", OTHER);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(s.domain[1], other), 0);
	vtd_pri_open_now(vtd_device_of(other)->pri);
	for (u32 i = 0; i < 1000000; i++) {
		fake_pages_ask(s.fake, RID, 0, i % 512, (u64)i << 12, false);
		if (i % 100 == 0)
			vtd_prq_read(s.iommu);
	}
	vtd_prq_read(s.iommu);
	KUNIT_EXPECT_EQ(test, s.vdev->pri->pages.count, VTD_PAGES_KEPT);
	KUNIT_EXPECT_EQ(test, braked, 1);
	KUNIT_EXPECT_EQ(test, told_count, 0);
	fake_pages_ask(s.fake, OTHER, 0, 1, 0x1000, true);
	vtd_prq_read(s.iommu);
	KUNIT_EXPECT_EQ(test, told_count, 1);
	vtd_pri_brake(s.vdev);
	KUNIT_EXPECT_FALSE(test, may_ask(&s));
	/* Not by an attach, but when everybody has given it up */
	attach(test, &s, 1);
	KUNIT_EXPECT_FALSE(test, may_ask(&s));
	attach(test, &s, 2);
	attach(test, &s, 0);
	KUNIT_EXPECT_TRUE(test, may_ask(&s));
	KUNIT_EXPECT_EQ(test, s.vdev->pri->pages.count, 0);
}

/* As many as it may have under way, of a PASID that is taken away: nobody's fault */
static void detach_is_no_offence(struct kunit *test)
{
	struct setup s;

	setup_attached(test, &s);
	KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain[1], s.dev, PASID, NULL), 0);
	vtd_pri_open_now(s.vdev->pri);
	for (u32 round = 0; round < 3; round++) {
		for (u32 i = 0; i < VTD_PRI_SHARE; i++)
			fake_pages_ask(s.fake, RID, PASID, i, 0x1000, true);
		vtd_pasid_remove(s.dev, PASID, s.domain[1]);
		KUNIT_EXPECT_EQ(test, s.vdev->pri->violations, 0);
		KUNIT_ASSERT_EQ(test, vtd_pasid_set(s.domain[1], s.dev, PASID, NULL), 0);
		vtd_pri_open_now(s.vdev->pri);
	}
	KUNIT_EXPECT_EQ(test, braked, 0);
	KUNIT_EXPECT_EQ(test, told_count, 0);
}

static void group_of_all_it_may_have(struct kunit *test)
{
	struct setup s;

	setup_attached(test, &s);
	for (u32 i = 1; i <= VTD_PRI_SHARE; i++)
		fake_pages_ask(s.fake, RID, 0, 7, (u64)i << 12, i == VTD_PRI_SHARE);
	vtd_prq_read(s.iommu);
	KUNIT_EXPECT_EQ(test, told_count, VTD_PRI_SHARE);
	KUNIT_EXPECT_EQ(test, s.vdev->pri->violations, 0);
}

/* What wants no answer takes room, too */
static void flood_of_stop_markers(struct kunit *test)
{
	struct setup s;

	setup_attached(test, &s);
	for (u32 i = 0; i < VTD_PRI_SHARE + VTD_PRI_PATIENCE; i++)
		fake_pages_put(s.fake, VTD_PRQ_TYPE_PAGE | FIELD_PREP(VTD_PRQ_SID, RID),
			       VTD_PRQ_LPIG);
	vtd_prq_read(s.iommu);
	KUNIT_EXPECT_EQ(test, braked, 1);
	KUNIT_EXPECT_EQ(test, answers(&s), 0);
}

/* A part that nobody may have, and a last one that is good: not "ask again", for ever */
static void part_spoils_its_group(struct kunit *test)
{
	struct setup s;

	setup_attached(test, &s);
	fake_pages_put(s.fake, VTD_PRQ_TYPE_PAGE | FIELD_PREP(VTD_PRQ_SID, RID) | VTD_PRQ_PMR,
		       VTD_PRQ_RD | FIELD_PREP(VTD_PRQ_PRGI, 5) | 0x1000);
	fake_pages_ask(s.fake, RID, 0, 6, 0x2000, true);
	fake_pages_ask(s.fake, RID, 0, 5, 0x2000, true);
	vtd_prq_read(s.iommu);
	KUNIT_EXPECT_EQ(test, told_count, 1);
	KUNIT_EXPECT_EQ(test, told[0].prm.grpid, 6);
	expect_answer(test, &s, 5, VTD_PAGE_INVALID);
	KUNIT_EXPECT_EQ(test, s.vdev->pri->pages.count, 0);
}

/* Found out under one user, and carried out under the next, who has done nothing */
static void brake_comes_late(struct kunit *test)
{
	struct setup s;

	setup_attached(test, &s);
	for (u32 i = 0; i < VTD_PRI_PATIENCE; i++)
		ask(&s, PASID, 0, 0x1000, false);
	KUNIT_EXPECT_EQ(test, braked, 1);
	attach(test, &s, 2);
	attach(test, &s, 0);
	vtd_pri_brake(s.vdev);
	KUNIT_EXPECT_TRUE(test, may_ask(&s));
	KUNIT_EXPECT_FALSE(test, s.vdev->pri->braked);
}

/* No more is passed on than it may have under way, answered or not */
static void too_many_at_once(struct kunit *test)
{
	struct setup s;
	u32 i;

	setup_attached(test, &s);
	for (i = 0; i < VTD_PRI_SHARE; i++)
		ask(&s, 0, i, 0x1000, true);
	KUNIT_EXPECT_EQ(test, told_count, VTD_PRI_SHARE);
	KUNIT_EXPECT_EQ(test, answers(&s), 0);
	KUNIT_EXPECT_EQ(test, s.vdev->pri->violations, 0);
	ask(&s, 0, i, 0x1000, true);
	KUNIT_EXPECT_EQ(test, told_count, VTD_PRI_SHARE);
	expect_answer(test, &s, i, VTD_PAGE_INVALID);
	/* Answered at once: what counts is how many stand in the ring */
	atomic_set(&s.vdev->pri->outstanding, 0);
	answer_at_once = true;
	for (i = 0; i < VTD_PRI_SHARE + VTD_PRI_PATIENCE; i++)
		fake_pages_ask(s.fake, RID, 0, i % 512, 0x1000, true);
	vtd_prq_read(s.iommu);
	KUNIT_EXPECT_EQ(test, braked, 1);
}

static void answer(struct setup *s, u16 group, enum iommu_page_response_code code)
{
	struct iopf_fault event = { .fault.prm = {
		.grpid = group, .flags = IOMMU_FAULT_PAGE_REQUEST_LAST_PAGE,
	} };
	struct iommu_page_response response = { .grpid = group, .code = code };

	vtd_pri_answer(s->dev, &event, &response);
}

static void answers_of_the_core(struct kunit *test)
{
	struct setup s;

	setup_attached(test, &s);
	answer(&s, 1, IOMMU_PAGE_RESP_SUCCESS);
	answer(&s, 2, IOMMU_PAGE_RESP_INVALID);
	answer(&s, 3, IOMMU_PAGE_RESP_FAILURE);
	expect_answer(test, &s, 1, VTD_PAGE_SUCCESS);
	expect_answer(test, &s, 2, VTD_PAGE_INVALID);
	expect_answer(test, &s, 3, VTD_PAGE_FAILURE);
	KUNIT_EXPECT_EQ(test, atomic_read(&s.vdev->pri->outstanding), 0);
	/* Of somebody that nobody knows */
	s.fake->log_count = 0;
	fake_pages_ask(s.fake, OTHER, 0, 1, 0x1000, true);
	fake_pages_ask(s.fake, OTHER, 0, 1, 0x1000, false);
	vtd_prq_read(s.iommu);
	KUNIT_EXPECT_EQ(test, answers(&s), 1);
	KUNIT_EXPECT_EQ(test, told_count, 0);
}

static struct kunit_case pri_cases[] = {
	KUNIT_CASE(on_and_off),
	KUNIT_CASE(wanted_first),
	KUNIT_CASE(not_switched_on),
	KUNIT_CASE(attach_fails),
	KUNIT_CASE(group_as_a_whole),
	KUNIT_CASE(gates),
	KUNIT_CASE(detach_drains),
	KUNIT_CASE_SLOW(flood),
	KUNIT_CASE(detach_is_no_offence),
	KUNIT_CASE(group_of_all_it_may_have),
	KUNIT_CASE(flood_of_stop_markers),
	KUNIT_CASE(part_spoils_its_group),
	KUNIT_CASE(brake_comes_late),
	KUNIT_CASE(too_many_at_once),
	KUNIT_CASE(answers_of_the_core),
	{}
};

static struct kunit_suite pri_suite = {
	.name = "vtd_pri",
	.test_cases = pri_cases,
};

kunit_test_suite(pri_suite);

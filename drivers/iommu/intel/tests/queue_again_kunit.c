// SPDX-License-Identifier: GPL-2.0
/* A queue that died is started again. */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/kthread.h>

#include "tests/fake_unit.h"
#include "tests/fake_words.h"
#include "unit/queue_state.h"

#define HEALTHY	0x0408u

static u32 lost_calls;

static void unit_is_lost(struct intel_iommu *iommu, const char *why)
{
	lost_calls++;
}

static int again_init(struct kunit *test)
{
	fake_unit_hurry(test, 500, 1000);
	lost_calls = 0;
	return 0;
}

/* It dies with a page and an interrupt entry in it */
static struct intel_iommu *dead_unit(struct kunit *test, struct vtd_ticket *entry)
{
	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP, FAKE_ECAP);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_desc desc[] = { page(1), vtd_desc_iec_all() };

	iommu->unit_dead = unit_is_lost;
	fake->stalled = true;
	KUNIT_EXPECT_EQ(test, vtd_queue_submit(iommu, &desc[1], 1, entry), 0);
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &desc[0], 1), 0);
	KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_REGISTERS);
	fake->log_count = 0;
	return iommu;
}

static void works_again(struct kunit *test)
{
	struct vtd_ticket entry;
	struct intel_iommu *iommu = dead_unit(test, &entry);
	struct fake_unit *fake = fake_unit_of(iommu);
	const struct vtd_desc desc[] = { page(1), vtd_desc_dev_tlb(HEALTHY, 0, 4, 0x5000, 0) };
	u32 bells, agains;

	fake->stalled = false;
	KUNIT_EXPECT_TRUE(test, vtd_queue_again(iommu));
	KUNIT_EXPECT_TRUE(test, vtd_queue_live(iommu));
	/* Entries that could not be flushed meanwhile */
	KUNIT_EXPECT_EQ(test, fake->log_count, 1);
	fake_unit_expect(test, fake, 0, vtd_desc_iec_all());
	bells = fake->doorbells;
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, desc, 2), 0);
	KUNIT_EXPECT_EQ(test, fake->doorbells, bells + 1);
	fake_unit_expect(test, fake, 2, desc[1]);
	/* Who was told nothing yet learns what happened before */
	KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &entry), -EOPNOTSUPP);
	/* Not an attempt: another one was faster */
	agains = iommu->queue->agains;
	KUNIT_EXPECT_FALSE(test, vtd_queue_again(iommu));
	KUNIT_EXPECT_EQ(test, iommu->queue->agains, agains);
	KUNIT_EXPECT_TRUE(test, vtd_queue_live(iommu));
	KUNIT_EXPECT_EQ(test, lost_calls, 0);
}

/* It obeys, but executes nothing: registers go on */
static void still_dead(struct kunit *test)
{
	struct vtd_ticket entry;
	struct intel_iommu *iommu = dead_unit(test, &entry);
	struct fake_unit *fake = fake_unit_of(iommu);
	u32 normal = vtd_reg_timeout_us;
	struct vtd_desc desc = page(2);

	vtd_reg_timeout_us = 1000;
	KUNIT_EXPECT_FALSE(test, vtd_queue_again(iommu));
	fake->deaf = VTD_GCMD_QIE;
	KUNIT_EXPECT_FALSE(test, vtd_queue_again(iommu));
	vtd_reg_timeout_us = normal;
	KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_REGISTERS);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_GSTS) & VTD_GSTS_QIES, 0);
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &desc, 1), 0);
	KUNIT_EXPECT_EQ(test, fake->log_count, 1);
	fake_unit_expect(test, fake, 0, desc);
	KUNIT_EXPECT_EQ(test, lost_calls, 0);

	fake->deaf = 0;
	fake->stalled = false;
	KUNIT_EXPECT_TRUE(test, vtd_queue_again(iommu));
}

/* Neither a queue that somebody switched off, nor a unit that is lost */
static void not_against_anybodys_will(struct kunit *test)
{
	struct vtd_ticket entry;
	struct intel_iommu *iommu = dead_unit(test, &entry);
	struct fake_unit *fake = fake_unit_of(iommu);
	u32 commands;

	fake->stalled = false;
	vtd_queue_disable(iommu);
	commands = fake->gcmd_count;
	KUNIT_EXPECT_FALSE(test, vtd_queue_again(iommu));
	KUNIT_EXPECT_EQ(test, fake->gcmd_count, commands);

	iommu = dead_unit(test, &entry);
	fake = fake_unit_of(iommu);
	fake->gone = true;
	KUNIT_EXPECT_FALSE(test, vtd_queue_again(iommu));
	fake->gone = false;
	KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_REGISTERS);
}

#define USERS	3u
#define TURNS	20u

/**
 * struct again_user - somebody who invalidates all the time
 * @test: the test
 * @iommu: the unit
 * @done: he has finished
 * @stop: he shall
 * @turns: how often he did
 * @failed: how often that failed
 */
struct again_user {
	struct kunit *test;
	struct intel_iommu *iommu;
	struct completion done;
	bool stop;
	u32 turns;
	u32 failed;
};

static int invalidate(void *data)
{
	struct again_user *u = data;
	struct vtd_desc desc = page(3);

	fake_unit_join(u->test);
	while (!READ_ONCE(u->stop)) {
		u->failed += !!vtd_queue_sync(u->iommu, &desc, 1);
		WRITE_ONCE(u->turns, u->turns + 1);
		cond_resched();
	}
	fake_unit_join(NULL);
	complete(&u->done);
	return 0;
}

/* From one way to the other and back, and everybody is served at all times */
static void changes_while_in_use(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP, FAKE_ECAP);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct again_user user[USERS];
	u32 turns;

	fake_unit_hurry(test, VTD_QUEUE_CUT_US, VTD_QUEUE_TIMEOUT_US);
	for (u32 i = 0; i < USERS; i++) {
		user[i] = (struct again_user) { .test = test, .iommu = iommu };
		init_completion(&user[i].done);
		KUNIT_ASSERT_FALSE(test, IS_ERR(kthread_run(invalidate, &user[i], "vtd-test")));
	}
	for (u32 i = 0; i < TURNS; i++) {
		turns = READ_ONCE(user[i % USERS].turns);
		KUNIT_EXPECT_EQ(test, vtd_queue_kill(iommu, "this is a test"), 0);
		while (READ_ONCE(user[i % USERS].turns) - turns < 3)
			cond_resched();
		fake->log_count = 0;
		KUNIT_EXPECT_TRUE(test, vtd_queue_again(iommu));
	}
	for (u32 i = 0; i < USERS; i++) {
		WRITE_ONCE(user[i].stop, true);
		wait_for_completion(&user[i].done);
		KUNIT_EXPECT_EQ(test, user[i].failed, 0);
	}
	KUNIT_EXPECT_EQ(test, fake->clashes, 0);
	KUNIT_EXPECT_TRUE(test, vtd_queue_live(iommu));
}

static struct kunit_case again_cases[] = {
	KUNIT_CASE(works_again),
	KUNIT_CASE(still_dead),
	KUNIT_CASE(not_against_anybodys_will),
	KUNIT_CASE(changes_while_in_use),
	{}
};

static struct kunit_suite again_suite = {
	.name = "vtd_queue_again",
	.init = again_init,
	.test_cases = again_cases,
};

kunit_test_suite(again_suite);

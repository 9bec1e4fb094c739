// SPDX-License-Identifier: GPL-2.0
/* The invalidation queue when all goes well, when it is full, and when it ends. */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/kthread.h>

#include "tests/fake_unit.h"
#include "tests/fake_words.h"
#include "unit/queue_state.h"

#define SLOTS	256u

static struct intel_iommu *queue_unit(struct kunit *test)
{
	return fake_unit_create(test, FAKE_CAP, FAKE_ECAP);
}

static void fill(struct vtd_batch *batch, u32 count, u32 first)
{
	for (batch->count = 0; batch->count < count; batch->count++)
		batch->desc[batch->count] = page(first + batch->count);
}

static int sync(struct intel_iommu *iommu, const struct vtd_batch *batch)
{
	return vtd_queue_sync(iommu, batch->desc, batch->count);
}

/* Bounds that a test can wait for */
static int queue_init(struct kunit *test)
{
	fake_unit_hurry(test, 500, 1000);
	return 0;
}

static void one_doorbell_for_a_batch(struct kunit *test)
{
	struct intel_iommu *iommu = queue_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_batch batch;

	fill(&batch, VTD_BATCH_MAX, 0);
	KUNIT_EXPECT_EQ(test, sync(iommu, &batch), 0);
	KUNIT_EXPECT_EQ(test, fake->doorbells, 1);
	KUNIT_EXPECT_EQ(test, fake->log_count, VTD_BATCH_MAX);
	KUNIT_EXPECT_EQ(test, fake->wait_count, 1);
	for (u32 i = 0; i < VTD_BATCH_MAX; i++)
		fake_unit_expect(test, fake, i, page(i));
}

static void limits(struct kunit *test)
{
	struct intel_iommu *iommu = queue_unit(test);
	struct vtd_batch batch;

	fill(&batch, VTD_BATCH_MAX, 0);
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, batch.desc, VTD_BATCH_MAX + 1), -E2BIG);
	KUNIT_EXPECT_EQ(test, fake_unit_of(iommu)->doorbells, 0);
	/* None at all is a barrier */
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, NULL, 0), 0);
	KUNIT_EXPECT_EQ(test, fake_unit_of(iommu)->wait_count, 1);
}

/* Fences keep one status word in order (section 6.5.2.8) */
static void waits_are_fences_in_order(struct kunit *test)
{
	struct intel_iommu *iommu = queue_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_batch batch;
	u32 last = iommu->queue->word[VTD_WORD_DONE];

	for (u32 i = 0; i < 20; i++) {
		fill(&batch, i % 5, 0);
		KUNIT_EXPECT_EQ(test, sync(iommu, &batch), 0);
	}
	for (u32 i = 0; i < fake->wait_count; i++) {
		KUNIT_EXPECT_EQ(test, fake->wait[i].addr, iommu->queue->word_phys);
		KUNIT_EXPECT_EQ(test, fake->wait[i].data, last + i % 5 + 1);
		last = fake->wait[i].data;
		KUNIT_EXPECT_TRUE(test, vtd_queue_slot(iommu->queue, last - 1)->lo &
				  VTD_DESC_WAIT_FN);
	}
}

/* Around the ring hundreds of times, and across the end of 32 bits */
static void wraps(struct kunit *test)
{
	struct intel_iommu *iommu = queue_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	u32 start = iommu->queue->tail;
	struct vtd_batch batch;

	for (u32 i = 0; i < 4500; i++) {
		u32 count = i % (VTD_BATCH_MAX + 1);

		count = count ?: VTD_BATCH_MAX;
		fill(&batch, count, i);
		fake->log_count = 0;
		fake->wait_count = 0;
		if (sync(iommu, &batch) || fake->log_count != count ||
		    fake->log[count - 1].hi != page(i + count - 1).hi) {
			KUNIT_FAIL(test, "submission %u went wrong", i);
			break;
		}
	}
	KUNIT_EXPECT_LT(test, iommu->queue->tail, start);
	KUNIT_EXPECT_EQ(test, iommu->queue->tail, iommu->queue->word[VTD_WORD_DONE]);
}

static void waiting_is_apart_from_submitting(struct kunit *test)
{
	struct intel_iommu *iommu = queue_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_ticket ticket[3];
	struct vtd_desc desc = page(0);

	fake->stalled = true;
	for (u32 i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, vtd_queue_submit(iommu, &desc, 1, &ticket[i]), 0);
	KUNIT_EXPECT_EQ(test, fake->log_count, 0);
	fake_unit_run(fake);
	/* In any order, also twice */
	KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &ticket[2]), 0);
	KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &ticket[0]), 0);
	KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &ticket[1]), 0);
	KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &ticket[1]), 0);
}

/* The unit executes nothing until somebody has looked at it a few times */
static void full_queue_waits_for_room(struct kunit *test)
{
	struct intel_iommu *iommu = queue_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_ticket ticket;
	struct vtd_batch batch;
	u32 used = 0;

	fill(&batch, VTD_BATCH_MAX, 0);
	fake->stalled = true;
	while (used + VTD_BATCH_MAX + 1 <= iommu->queue->limit) {
		KUNIT_EXPECT_EQ(test, vtd_queue_submit(iommu, batch.desc, batch.count,
						       &ticket), 0);
		used += VTD_BATCH_MAX + 1;
	}
	KUNIT_EXPECT_EQ(test, fake->log_count, 0);
	KUNIT_EXPECT_GE(test, used, SLOTS / 2);
	fake->stall_looks = 3;
	KUNIT_EXPECT_EQ(test, sync(iommu, &batch), 0);
	KUNIT_EXPECT_EQ(test, fake->stall_looks, 0);
	KUNIT_EXPECT_EQ(test, fake->log_count % VTD_BATCH_MAX, 0);
	KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_LIVE);
}

static void slow_is_not_dead(struct kunit *test)
{
	struct intel_iommu *iommu = queue_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_desc desc = page(0);

	for (u32 i = 0; i < 5; i++) {
		fake->stalled = true;
		fake->stall_looks = 4;
		KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &desc, 1), 0);
	}
	KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_LIVE);
}

static void unit_is_gone(struct kunit *test)
{
	struct intel_iommu *iommu = queue_unit(test);
	struct vtd_desc desc = page(0);

	vtd_queue_timeout_us = VTD_QUEUE_TIMEOUT_US;
	vtd_queue_cut_us = VTD_QUEUE_CUT_US;
	fake_unit_of(iommu)->gone = true;
	/* All ones are seen at the first look, not after the time-out */
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &desc, 1), -EIO);
	KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_DEAD);
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &desc, 1), -EIO);
}

static void off_and_on_again(struct kunit *test)
{
	struct intel_iommu *iommu = queue_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_desc desc = page(0);

	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &desc, 1), 0);
	vtd_queue_disable(iommu);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_GSTS) & VTD_GSTS_QIES, 0);
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &desc, 1), -EIO);
	/* Whatever state a sleep left behind, a dead queue included */
	fake_unit_poke64(fake, VTD_IQT, 0x40);
	fake_unit_poke64(fake, VTD_IQA, 0);
	fake_unit_poke32(fake, VTD_FSTS, VTD_FSTS_ITE);
	vtd_queue_kill(iommu, "this is a test");
	fake->log_count = 0;
	KUNIT_EXPECT_EQ(test, vtd_queue_enable(iommu), 0);
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &desc, 1), 0);
	KUNIT_EXPECT_EQ(test, fake->log_count, 1);
	KUNIT_EXPECT_EQ(test, fake->doorbells, 2);
}

static void takes_over_from_firmware(struct kunit *test)
{
	struct fake_unit *fake = fake_unit_prepare(test, FAKE_CAP, FAKE_ECAP);
	struct vtd_desc desc = page(0);
	struct intel_iommu *iommu;

	fake_unit_poke32(fake, VTD_GSTS, VTD_GSTS_QIES | VTD_GSTS_TES);
	iommu = vtd_unit_alloc(0xfed90000, 0x1000, 0, NUMA_NO_NODE);
	KUNIT_ASSERT_FALSE(test, IS_ERR(iommu));
	KUNIT_EXPECT_EQ(test, vtd_queue_init(iommu), 0);
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &desc, 1), -EIO);
	KUNIT_EXPECT_EQ(test, vtd_queue_enable(iommu), 0);
	/* Off, then on; translation stays as it was found */
	KUNIT_EXPECT_EQ(test, fake->gcmd_count, 2);
	KUNIT_EXPECT_EQ(test, fake->gcmd[0], VTD_GCMD_TE);
	KUNIT_EXPECT_EQ(test, fake->gcmd[1], VTD_GCMD_TE | VTD_GCMD_QIE);
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &desc, 1), 0);
	vtd_queue_exit(iommu);
	vtd_unit_free(iommu);
}

#define WORKERS		3u
#define WORKER_SYNCS	300u

struct worker {
	struct kunit *test;
	struct intel_iommu *iommu;
	struct fake_unit *fake;
	struct completion done;
	u32 bad;
};

static int work(void *data)
{
	struct worker *w = data;
	struct vtd_batch batch;

	fake_unit_join(w->test);
	for (u32 i = 0; i < WORKER_SYNCS; i++) {
		fill(&batch, i % 7, i);
		/* Whoever waits ends the stall by looking; nobody has to be woken */
		if (i % 16 == 0) {
			WRITE_ONCE(w->fake->stalled, true);
			WRITE_ONCE(w->fake->stall_looks, 3);
		}
		w->bad += !!sync(w->iommu, &batch);
		cond_resched();
	}
	fake_unit_join(NULL);
	complete(&w->done);
	return 0;
}

/* Threads on all CPUs, while the unit stops again and again */
static void many_at_once(struct kunit *test)
{
	struct intel_iommu *iommu = queue_unit(test);
	struct worker worker[WORKERS];

	/* CPUs are shared here: real bounds */
	fake_unit_hurry(test, VTD_QUEUE_CUT_US, VTD_QUEUE_TIMEOUT_US);
	for (u32 i = 0; i < WORKERS; i++) {
		worker[i] = (struct worker) {
			.test = test, .iommu = iommu, .fake = fake_unit_of(iommu),
		};
		init_completion(&worker[i].done);
		KUNIT_ASSERT_FALSE(test, IS_ERR(kthread_run(work, &worker[i], "vtd-test")));
	}
	for (u32 i = 0; i < WORKERS; i++) {
		wait_for_completion(&worker[i].done);
		KUNIT_EXPECT_EQ(test, worker[i].bad, 0);
	}
	KUNIT_EXPECT_EQ(test, iommu->queue->tail, iommu->queue->word[VTD_WORD_DONE]);
}

static struct kunit_case queue_cases[] = {
	KUNIT_CASE(one_doorbell_for_a_batch),
	KUNIT_CASE(limits),
	KUNIT_CASE(waits_are_fences_in_order),
	KUNIT_CASE(wraps),
	KUNIT_CASE(waiting_is_apart_from_submitting),
	KUNIT_CASE(full_queue_waits_for_room),
	KUNIT_CASE(slow_is_not_dead),
	KUNIT_CASE(unit_is_gone),
	KUNIT_CASE(off_and_on_again),
	KUNIT_CASE(takes_over_from_firmware),
	KUNIT_CASE(many_at_once),
	{}
};

static struct kunit_suite queue_suite = {
	.name = "vtd_queue",
	.init = queue_init,
	.test_cases = queue_cases,
};

kunit_test_suite(queue_suite);

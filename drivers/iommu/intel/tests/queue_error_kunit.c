// SPDX-License-Identifier: GPL-2.0
/* What the queue does when the unit refuses a descriptor or a device is silent. */
#include <kunit/test.h>

#include "tests/fake_unit.h"
#include "tests/fake_words.h"
#include "unit/queue_state.h"

#define SILENT	0x0300u
#define HEALTHY	0x0408u

static u16 dead_sid[8];
static u32 dead_count;

static bool device_is_dead(struct intel_iommu *iommu, u16 sid)
{
	if (dead_count < ARRAY_SIZE(dead_sid))
		dead_sid[dead_count] = sid;
	dead_count++;
	return true;
}

static bool device_is_silent(struct intel_iommu *iommu, u16 sid)
{
	return sid == SILENT;
}

static struct intel_iommu *error_unit(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP, FAKE_ECAP);

	iommu->device_tlb_dead = device_is_dead;
	dead_count = 0;
	return iommu;
}

static int error_init(struct kunit *test)
{
	fake_unit_hurry(test, 500, 1000);
	return 0;
}

/* What is sent again: the same device, everything */
static struct vtd_desc again(u16 sid)
{
	return vtd_desc_dev_tlb(sid, sid, 4, 0, 52);
}

static struct vtd_desc nonsense(void)
{
	return (struct vtd_desc) { .lo = 0xf, .hi = 0x1234 };
}

static void submit(struct kunit *test, struct intel_iommu *iommu,
		   struct vtd_desc desc, struct vtd_ticket *ticket)
{
	KUNIT_EXPECT_EQ(test, vtd_queue_submit(iommu, &desc, 1, ticket), 0);
}

static void refused_descriptor(struct kunit *test)
{
	struct intel_iommu *iommu = error_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	const struct vtd_desc desc[] = { page(1), nonsense(), page(2) };

	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, desc, 3), -EINVAL);
	/* What was good in it has been executed */
	KUNIT_EXPECT_EQ(test, fake->log_count, 2);
	fake_unit_expect(test, fake, 0, page(1));
	fake_unit_expect(test, fake, 1, page(2));
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_FSTS) & VTD_FSTS_QUEUE, 0);
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, desc, 1), 0);
	KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_LIVE);
}

static void refusal_hits_its_submission_only(struct kunit *test)
{
	struct intel_iommu *iommu = error_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_ticket before, bad, after;

	fake->stalled = true;
	submit(test, iommu, page(1), &before);
	submit(test, iommu, nonsense(), &bad);
	submit(test, iommu, page(2), &after);
	fake_unit_run(fake);
	KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &after), 0);
	KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &before), 0);
	KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &bad), -EINVAL);
}

static void many_refusals(struct kunit *test)
{
	struct intel_iommu *iommu = error_unit(test);
	struct vtd_desc desc[VTD_BATCH_MAX], good = page(1);

	for (u32 i = 0; i < VTD_BATCH_MAX; i++)
		desc[i] = i % 2 ? page(i) : nonsense();
	fake_unit_of(iommu)->lazy = true;
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, desc, VTD_BATCH_MAX), -EINVAL);
	KUNIT_EXPECT_EQ(test, fake_unit_of(iommu)->log_count, VTD_BATCH_MAX / 2);
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &good, 1), 0);
}

/* Shapes of units */
#define NAMED	BIT(0)
#define EARLY	BIT(1)
#define LAZY	BIT(2)
#define SHAPES	8u

/* A device that misses @times answers; checks what its waiter is told */
static void silence(struct kunit *test, u32 times, u32 shape)
{
	struct intel_iommu *iommu = error_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	const struct vtd_desc desc[] = { page(1), device(SILENT) };
	bool lives = times <= VTD_QUEUE_RETRIES;
	struct vtd_desc retry = again(SILENT);

	fake->silent = SILENT;
	fake->silent_times = times;
	fake->ite_named = shape & NAMED;
	fake->ite_early = shape & EARLY;
	fake->lazy = shape & LAZY;
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, desc, 2), lives ? 0 : -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, fake_unit_count(fake, &retry),
			min(times, VTD_QUEUE_RETRIES));
	KUNIT_EXPECT_EQ(test, dead_count, lives ? 0 : 1);
	if (!lives)
		KUNIT_EXPECT_EQ(test, dead_sid[0], SILENT);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_FSTS) & VTD_FSTS_QUEUE, 0);

	/* The queue is as good as new */
	fake->silent_times = 0;
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, desc, 2), 0);
	KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_LIVE);
}

static void silent_device_is_asked_again(struct kunit *test)
{
	for (u32 shape = 0; shape < SHAPES; shape++) {
		silence(test, 1, shape);
		silence(test, 2, shape);
	}
}

/* An erratum: what was asked for twice is asked for twice again (device/ats.c) */
static void asked_twice_again(struct kunit *test)
{
	struct intel_iommu *iommu = error_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	const struct vtd_desc desc[] = { page(1), device(SILENT), device(SILENT) };
	struct vtd_desc retry = again(SILENT);

	fake->silent = SILENT;
	fake->silent_times = 2;
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, desc, 3), 0);
	KUNIT_EXPECT_EQ(test, fake_unit_count(fake, &retry), 2);
	KUNIT_EXPECT_EQ(test, dead_count, 0);
}

static void silent_device_is_given_up(struct kunit *test)
{
	for (u32 shape = 0; shape < SHAPES; shape++) {
		silence(test, 3, shape);
		silence(test, 100, shape);
	}
}

/* Numbers compare by their difference: what is half the counter old looks like news */
static void half_a_counter_later(struct kunit *test)
{
	struct intel_iommu *iommu = error_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_queue *q = iommu->queue;
	const struct vtd_desc desc = device(SILENT);

	fake->silent = SILENT;
	fake->silent_times = 100;
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &desc, 1), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, dead_count, 1);

	q->tail += BIT(31);
	q->word[VTD_WORD_DONE] += BIT(31);
	q->word[VTD_WORD_FENCE] += BIT(31);
	/* Another device has this id by now, and is as silent */
	fake->silent_times = 100;
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &desc, 1), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, dead_count, 2);
}

static void others_go_on(struct kunit *test)
{
	for (u32 early = 0; early < 2; early++) {
		struct intel_iommu *iommu = error_unit(test);
		struct fake_unit *fake = fake_unit_of(iommu);
		struct vtd_ticket before, bad, after, healthy;

		fake->silent = SILENT;
		fake->silent_times = 100;
		fake->ite_early = early;
		fake->stalled = true;
		submit(test, iommu, page(1), &before);
		submit(test, iommu, device(SILENT), &bad);
		submit(test, iommu, page(2), &after);
		submit(test, iommu, device(HEALTHY), &healthy);
		fake_unit_run(fake);
		KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &before), 0);
		KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &healthy), 0);
		KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &after), 0);
		KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &bad), -ETIMEDOUT);
		KUNIT_EXPECT_EQ(test, dead_count, 1);
		KUNIT_EXPECT_EQ(test, dead_sid[0], SILENT);
	}
}

/* A later submission must not complete an earlier one that is asked again */
static void nobody_ends_before_the_retry(struct kunit *test)
{
	struct intel_iommu *iommu = error_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_desc retry = again(SILENT);
	struct vtd_ticket bad, after;
	u32 at;

	fake->silent = SILENT;
	fake->silent_times = 1;
	fake->stalled = true;
	submit(test, iommu, device(SILENT), &bad);
	submit(test, iommu, page(2), &after);
	fake_unit_run(fake);
	KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &bad), 0);
	KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &after), 0);

	for (at = 0; at < fake->log_count; at++)
		if (fake->log[at].lo == retry.lo && fake->log[at].hi == retry.hi)
			break;
	KUNIT_EXPECT_LT(test, at, fake->log_count);
	for (u32 i = 0; i < fake->wait_count; i++) {
		const struct fake_wait *w = &fake->wait[i];

		if (w->addr == iommu->queue->word_phys &&
		    vtd_queue_passed(w->data, bad.sequence))
			KUNIT_EXPECT_GT(test, w->after, at);
	}
}

/* Without a name in IQERCD every device of the submission is asked again */
static void two_suspects(struct kunit *test)
{
	struct intel_iommu *iommu = error_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	const struct vtd_desc desc[] = { device(HEALTHY), device(SILENT), device(HEALTHY) };
	struct vtd_desc retry[] = { again(HEALTHY), again(SILENT) };

	fake->silent = SILENT;
	fake->silent_times = 1;
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, desc, 3), 0);
	KUNIT_EXPECT_EQ(test, fake_unit_count(fake, &retry[0]), 1);
	KUNIT_EXPECT_EQ(test, fake_unit_count(fake, &retry[1]), 1);

	/* With a name, the other one is left in peace and outlives it */
	fake->log_count = 0;
	fake->ite_named = true;
	fake->silent_times = 100;
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, desc, 3), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, fake_unit_count(fake, &retry[0]), 0);
	KUNIT_EXPECT_EQ(test, dead_count, 1);
	KUNIT_EXPECT_EQ(test, dead_sid[0], SILENT);
}

/* Without a name, too: who stands beside a silent device is not given up with it */
static void neighbours_live(struct kunit *test)
{
	for (u32 shape = 0; shape < SHAPES; shape++) {
		struct intel_iommu *iommu = error_unit(test);
		struct fake_unit *fake = fake_unit_of(iommu);
		const struct vtd_desc desc[] = { device(HEALTHY), device(SILENT), device(0x500) };

		fake->silent = SILENT;
		fake->silent_times = 100;
		fake->ite_named = shape & NAMED;
		fake->ite_early = shape & EARLY;
		fake->lazy = shape & LAZY;
		KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, desc, 3), -ETIMEDOUT);
		KUNIT_EXPECT_EQ_MSG(test, dead_count, 1, "shape %u", shape);
		KUNIT_EXPECT_EQ(test, dead_sid[0], SILENT);
		KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_LIVE);
	}
}

/* More devices than the repair has places for: an error, never a false success */
static void too_many_suspects(struct kunit *test)
{
	struct intel_iommu *iommu = error_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_desc desc[VTD_BATCH_MAX], good = page(1);

	for (u32 i = 0; i < VTD_BATCH_MAX; i++)
		desc[i] = device(0x100 * (i + 1));
	fake->silent = 0x100 * VTD_BATCH_MAX;
	fake->silent_times = 1;
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, desc, VTD_BATCH_MAX), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &good, 1), 0);
	KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_LIVE);
}

/* The queue full of one silent device's invalidations is not tried one by one */
static void full_of_silence(struct kunit *test)
{
	struct intel_iommu *iommu = error_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_ticket ticket[70];
	struct vtd_desc retry = again(SILENT), old = device(SILENT);

	fake->silent = SILENT;
	fake->silent_times = 10000;
	fake->stalled = true;
	for (u32 i = 0; i < ARRAY_SIZE(ticket); i++)
		submit(test, iommu, i == 50 ? page(50) : old, &ticket[i]);
	fake_unit_run(fake);
	for (u32 i = 0; i < ARRAY_SIZE(ticket); i++)
		if (i != 50)
			KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &ticket[i]), -ETIMEDOUT);
	/* An error too many for the one in between is allowed, a hang is not */
	vtd_queue_wait(iommu, &ticket[50]);
	KUNIT_EXPECT_LE(test, fake_unit_count(fake, &retry) + fake_unit_count(fake, &old),
			VTD_QUEUE_RETRIES + 1);
	KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_LIVE);
}

/* Seven devices fail one after the other, and there is no slot left for anybody */
static void seven_on_a_full_ring(struct kunit *test, u32 shape)
{
	struct intel_iommu *iommu = error_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_ticket bad[7], last;

	fake->silent = SILENT;
	fake->silent_last = SILENT + 6;
	fake->silent_times = 1000;
	fake->ite_each = true;
	fake->ite_named = shape & NAMED;
	fake->ite_early = shape & EARLY;
	fake->stalled = true;
	for (u32 i = 0; i < 7; i++)
		submit(test, iommu, device(SILENT + i), &bad[i]);
	while (iommu->queue->tail + 2 - READ_ONCE(iommu->queue->word[VTD_WORD_DONE]) <=
	       iommu->queue->limit)
		submit(test, iommu, page(1), &last);
	fake_unit_run(fake);
	/* Those who only wait beside it may get an error, too */
	vtd_queue_wait(iommu, &last);
	for (u32 i = 0; i < 7; i++)
		KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &bad[i]), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, dead_count, 7);
	KUNIT_EXPECT_EQ_MSG(test, iommu->queue->mode, VTD_QUEUE_LIVE, "shape %u", shape);
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, NULL, 0), 0);
}

static void failures_on_a_full_ring(struct kunit *test)
{
	for (u32 shape = 0; shape < LAZY; shape++)
		seven_on_a_full_ring(test, shape);
}

/* Nothing is sent again to a device that was cut off, or is gone from the bus */
static void dead_is_not_asked_again(struct kunit *test)
{
	for (u32 shape = 0; shape < SHAPES; shape++) {
		struct intel_iommu *iommu = error_unit(test);
		struct fake_unit *fake = fake_unit_of(iommu);
		const struct vtd_desc desc[] = { page(1), device(SILENT), device(HEALTHY) };
		struct vtd_desc retry = again(SILENT);

		iommu->device_tlb_silent = device_is_silent;
		fake->silent = SILENT;
		fake->silent_times = 100;
		fake->ite_named = shape & NAMED;
		fake->ite_early = shape & EARLY;
		fake->lazy = shape & LAZY;
		KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, desc, 3), -ETIMEDOUT);
		KUNIT_EXPECT_EQ(test, fake_unit_count(fake, &retry), 0);
		KUNIT_EXPECT_EQ(test, dead_count, 1);
		KUNIT_EXPECT_EQ(test, dead_sid[0], SILENT);
		KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_LIVE);
	}
}

/* IQH outside of what was submitted, a refused tail, a wait refused twice */
static void hardware_that_makes_no_sense(struct kunit *test)
{
	struct intel_iommu *iommu = error_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_desc desc = page(1);

	fake->stalled = true;
	fake_unit_poke64(fake, VTD_IQH, 0x800);
	fake_unit_poke32(fake, VTD_FSTS, VTD_FSTS_ITE);
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &desc, 1), 0);
	KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_REGISTERS);

	iommu = error_unit(test);
	fake = fake_unit_of(iommu);
	fake->stalled = true;
	fake_unit_poke32(fake, VTD_FSTS, VTD_FSTS_IQE);
	fake_unit_poke64(fake, VTD_IQH, 2 * sizeof(desc));
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &desc, 1), 0);
	KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_REGISTERS);
}

static void completion_error_is_cleared(struct kunit *test)
{
	struct intel_iommu *iommu = error_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_desc desc = page(1);

	fake->stalled = true;
	fake->stall_looks = 5;
	fake_unit_poke32(fake, VTD_FSTS, VTD_FSTS_ICE);
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &desc, 1), 0);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_FSTS), 0);
}

static struct kunit_case error_cases[] = {
	KUNIT_CASE(refused_descriptor),
	KUNIT_CASE(refusal_hits_its_submission_only),
	KUNIT_CASE(many_refusals),
	KUNIT_CASE(silent_device_is_asked_again),
	KUNIT_CASE(asked_twice_again),
	KUNIT_CASE(silent_device_is_given_up),
	KUNIT_CASE(half_a_counter_later),
	KUNIT_CASE(others_go_on),
	KUNIT_CASE(nobody_ends_before_the_retry),
	KUNIT_CASE(two_suspects),
	KUNIT_CASE(neighbours_live),
	KUNIT_CASE(too_many_suspects),
	KUNIT_CASE(full_of_silence),
	KUNIT_CASE(failures_on_a_full_ring),
	KUNIT_CASE(dead_is_not_asked_again),
	KUNIT_CASE(hardware_that_makes_no_sense),
	KUNIT_CASE(completion_error_is_cleared),
	{}
};

static struct kunit_suite error_suite = {
	.name = "vtd_queue_error",
	.init = error_init,
	.test_cases = error_cases,
};

kunit_test_suite(error_suite);

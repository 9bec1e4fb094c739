// SPDX-License-Identifier: GPL-2.0
/* How long the queue is waited for, and for whom. */
#include <kunit/test.h>
#include <linux/build_bug.h>
#include <linux/irqflags.h>
#include <linux/ktime.h>
#include <linux/preempt.h>
#include <vdso/time64.h>

#include "tests/fake_unit.h"
#include "tests/fake_words.h"
#include "unit/queue_state.h"

#define SILENT	0x0300u

/* Looks at the unit until a time-out of a device comes */
#define LOOKS	25u

static u16 dead_sid;
static u32 dead_count;

static bool device_is_dead(struct intel_iommu *iommu, u16 sid)
{
	dead_sid = sid;
	return !dead_count++;
}

static bool device_is_silent(struct intel_iommu *iommu, u16 sid)
{
	return sid == SILENT;
}

/* As the driver has it: nothing more is sent to who is dead */
static bool device_was_dead(struct intel_iommu *iommu, u16 sid)
{
	return dead_count && sid == dead_sid;
}

static struct intel_iommu *wait_unit(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP, FAKE_ECAP);

	iommu->device_tlb_dead = device_is_dead;
	dead_count = 0;
	return iommu;
}

static int wait_init(struct kunit *test)
{
	fake_unit_hurry(test, 500, 1000);
	return 0;
}

static void submit(struct kunit *test, struct intel_iommu *iommu,
		   struct vtd_desc desc, struct vtd_ticket *ticket)
{
	KUNIT_EXPECT_EQ(test, vtd_queue_submit(iommu, &desc, 1, ticket), 0);
}

/* Three time-outs of a device, together longer than a queue may stand still */
static void retries_are_progress(struct kunit *test)
{
	struct intel_iommu *iommu = wait_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	const struct vtd_desc desc[] = { page(1), device(SILENT) };

	fake_unit_hurry(test, 3 * LOOKS * VTD_QUEUE_LOOK_US / 2, 2 * LOOKS * VTD_QUEUE_LOOK_US);
	fake->silent = SILENT;
	fake->silent_times = VTD_QUEUE_RETRIES;
	fake->ite_looks = LOOKS;
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, desc, 2), 0);
	KUNIT_EXPECT_EQ(test, dead_count, 0);
	KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_LIVE);

	fake->silent_times = 100;
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, desc, 2), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, dead_count, 1);
	KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_LIVE);
}

/*
 * A unit that makes progress for ever: each time-out of a device is a step.  Who keeps
 * the CPU to himself has enough after a while, and the device is not asked again.
 *
 * Return: how often it was.
 */
static unsigned int asked_again(struct kunit *test, bool interrupts)
{
	const struct vtd_desc all = vtd_desc_dev_tlb(SILENT, SILENT, 4, 0, 52);
	struct intel_iommu *iommu = wait_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	const struct vtd_desc desc = device(SILENT);
	unsigned long flags = 0;
	int ret;

	iommu->device_tlb_silent = device_was_dead;
	fake_unit_hurry(test, 2 * LOOKS * VTD_QUEUE_LOOK_US, 4 * LOOKS * VTD_QUEUE_LOOK_US);
	/* Between the first time-out and the second one */
	vtd_queue_hurry_us = 3 * LOOKS * VTD_QUEUE_LOOK_US / 2;
	vtd_queue_grace_us = 1000000;
	fake->silent = SILENT;
	fake->silent_times = 100;
	fake->ite_looks = LOOKS;
	if (!interrupts)
		local_irq_save(flags);
	ret = vtd_queue_sync(iommu, &desc, 1);
	if (!interrupts)
		local_irq_restore(flags);
	KUNIT_EXPECT_EQ(test, ret, -ETIMEDOUT);
	KUNIT_EXPECT_GE(test, dead_count, 1);
	KUNIT_EXPECT_EQ(test, dead_sid, SILENT);
	KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_LIVE);
	return fake_unit_count(fake, &all);
}

static void progress_has_an_end(struct kunit *test)
{
	static_assert(VTD_QUEUE_HURRY_US < 10 * USEC_PER_SEC);

	KUNIT_EXPECT_EQ(test, asked_again(test, true), VTD_QUEUE_RETRIES);
	KUNIT_EXPECT_EQ(test, asked_again(test, false), 1);
}

/*
 * A device that answers late, but in the time that PCIe gives it.  Who keeps nobody
 * from running waits for it; not if it is gone, and not with interrupts off.
 */
static int late_answer(struct kunit *test, bool gone, bool interrupts, bool preempt)
{
	struct intel_iommu *iommu = wait_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_ticket ticket;
	unsigned long flags = 0;
	int ret;

	if (gone)
		iommu->device_tlb_silent = device_is_silent;
	fake_unit_hurry(test, 500, 100000);
	vtd_queue_grace_us = 100000;
	fake->stalled = true;
	submit(test, iommu, device(SILENT), &ticket);
	fake_unit_poke64(fake, VTD_IQH, sizeof(struct vtd_desc));
	fake->stall_looks = 100;
	if (!interrupts)
		local_irq_save(flags);
	if (!preempt)
		preempt_disable();
	ret = vtd_queue_wait(iommu, &ticket);
	if (!preempt)
		preempt_enable();
	if (!interrupts)
		local_irq_restore(flags);
	KUNIT_EXPECT_EQ(test, dead_count, ret ? 1 : 0);
	KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_LIVE);
	return ret;
}

static void patience_with_interrupts_on(struct kunit *test)
{
	static_assert(VTD_QUEUE_GRACE_US > 90 * USEC_PER_SEC);
	static_assert(VTD_QUEUE_TIMEOUT_US < 10 * USEC_PER_SEC);

	KUNIT_EXPECT_EQ(test, late_answer(test, false, true, true), 0);
	KUNIT_EXPECT_EQ(test, late_answer(test, false, false, true), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, late_answer(test, true, true, true), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, late_answer(test, true, false, true), -ETIMEDOUT);
	/* As with a spinlock held; kernels without preemption do not know of it */
	if (IS_ENABLED(CONFIG_PREEMPT_COUNT))
		KUNIT_EXPECT_EQ(test, late_answer(test, false, true, false), -ETIMEDOUT);
}

/* Patience is for devices: a unit that just stands still gets none */
static void no_patience_without_device(struct kunit *test)
{
	struct intel_iommu *iommu = wait_unit(test);
	struct vtd_desc desc = page(1);
	ktime_t begin = ktime_get();

	fake_unit_hurry(test, 500, 1000);
	vtd_queue_grace_us = 10 * USEC_PER_SEC;
	fake_unit_of(iommu)->stalled = true;
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &desc, 1), 0);
	KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_REGISTERS);
	KUNIT_EXPECT_LT(test, ktime_us_delta(ktime_get(), begin), 10 * USEC_PER_SEC);
}

/* No ITE comes at all: devices are given up first, then the queue */
static void silence_without_an_error(struct kunit *test)
{
	struct intel_iommu *iommu = wait_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_ticket ticket;

	fake->stalled = true;
	submit(test, iommu, device(SILENT), &ticket);
	/* As if fetched: the unit waits for the answer */
	fake_unit_poke64(fake, VTD_IQH, sizeof(struct vtd_desc));
	KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &ticket), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, dead_count, 1);
	KUNIT_EXPECT_EQ(test, dead_sid, SILENT);
	KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_REGISTERS);
}

static void cut_lets_the_queue_go_on(struct kunit *test)
{
	struct intel_iommu *iommu = wait_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_ticket ticket;
	struct vtd_desc good = page(1);

	fake_unit_hurry(test, 500, 100000);
	fake->stalled = true;
	submit(test, iommu, device(SILENT), &ticket);
	fake_unit_poke64(fake, VTD_IQH, sizeof(struct vtd_desc));
	/* Some looks after the cut at 500 steps, the unit wakes up */
	fake->stall_looks = 20;
	KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &ticket), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, dead_count, 1);
	KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_LIVE);
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &good, 1), 0);
}

static struct kunit_case wait_cases[] = {
	KUNIT_CASE(retries_are_progress),
	KUNIT_CASE(progress_has_an_end),
	KUNIT_CASE(patience_with_interrupts_on),
	KUNIT_CASE(no_patience_without_device),
	KUNIT_CASE(silence_without_an_error),
	KUNIT_CASE(cut_lets_the_queue_go_on),
	{}
};

static struct kunit_suite wait_suite = {
	.name = "vtd_queue_wait",
	.init = wait_init,
	.test_cases = wait_cases,
};

kunit_test_suite(wait_suite);

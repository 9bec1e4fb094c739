// SPDX-License-Identifier: GPL-2.0
/* A queue that died: registers take its place, or the unit is lost. */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>

#include "hw/interrupts.h"
#include "tests/fake_unit.h"
#include "tests/fake_words.h"
#include "unit/queue_state.h"

#define SILENT	0x0300u
#define HEALTHY	0x0408u

static u32 device_calls, silent_calls, healthy_calls, lost_calls;
static u32 normal_reg_timeout_us;

static void device_is_off(struct intel_iommu *iommu, u16 sid)
{
	device_calls++;
	silent_calls += sid == SILENT;
	healthy_calls += sid == HEALTHY;
}

static void unit_is_lost(struct intel_iommu *iommu, const char *why)
{
	lost_calls += why && iommu->why_dead == why;
}

static struct intel_iommu *dead_unit(struct kunit *test, u64 ecap)
{
	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP, ecap);

	iommu->device_tlb_off = device_is_off;
	iommu->unit_dead = unit_is_lost;
	device_calls = 0;
	silent_calls = 0;
	healthy_calls = 0;
	lost_calls = 0;
	return iommu;
}

/* Bounds that a test can wait for */
static int dead_init(struct kunit *test)
{
	fake_unit_hurry(test, 500, 1000);
	normal_reg_timeout_us = vtd_reg_timeout_us;
	return 0;
}

static void dead_exit(struct kunit *test)
{
	vtd_reg_timeout_us = normal_reg_timeout_us;
}

static struct vtd_desc entries(void)
{
	return (struct vtd_desc) { .lo = VTD_DESC_IEC };
}

static void submit(struct kunit *test, struct intel_iommu *iommu,
		   struct vtd_desc desc, struct vtd_ticket *ticket)
{
	KUNIT_EXPECT_EQ(test, vtd_queue_submit(iommu, &desc, 1, ticket), 0);
	KUNIT_EXPECT_FALSE(test, ticket->done);
}

/* The log begins with a flush of everything, the context cache first */
static void expect_everything(struct kunit *test, struct intel_iommu *iommu)
{
	struct fake_unit *fake = fake_unit_of(iommu);

	fake_unit_expect(test, fake, 0, vtd_desc_context(VTD_INV_GLOBAL, 0, 0));
	fake_unit_expect(test, fake, 1, vtd_desc_iotlb(VTD_INV_GLOBAL, 0,
						       iommu->caps.drain));
}

/* A queue that died with nothing in it */
static struct intel_iommu *registers_unit(struct kunit *test)
{
	struct intel_iommu *iommu = dead_unit(test, FAKE_ECAP);

	KUNIT_EXPECT_EQ(test, vtd_queue_kill(iommu, "this is a test"), 0);
	KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_REGISTERS);
	expect_everything(test, iommu);
	fake_unit_of(iommu)->log_count = 0;
	return iommu;
}

static void who_waits_is_flushed(struct kunit *test)
{
	struct intel_iommu *iommu = dead_unit(test, FAKE_ECAP);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_ticket ticket[3];

	fake->stalled = true;
	submit(test, iommu, page(1), &ticket[0]);
	submit(test, iommu, device(SILENT), &ticket[1]);
	submit(test, iommu, page(2), &ticket[2]);
	for (u32 i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &ticket[i]), 0);

	expect_everything(test, iommu);
	KUNIT_EXPECT_EQ(test, fake->log_count, 2);
	KUNIT_EXPECT_EQ(test, fake->doorbells, 3);
	KUNIT_EXPECT_EQ(test, fake->gcmd_count, 1);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_GSTS) & VTD_GSTS_QIES, 0);
	KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_REGISTERS);
	KUNIT_EXPECT_EQ(test, silent_calls, 1);
	KUNIT_EXPECT_EQ(test, device_calls, 1);
	KUNIT_EXPECT_EQ(test, lost_calls, 0);
	KUNIT_EXPECT_NULL(test, iommu->why_dead);
}

static void later_ones_go_through_registers(struct kunit *test)
{
	struct intel_iommu *iommu = registers_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	const struct vtd_desc desc[] = {
		page(1), device(HEALTHY), vtd_desc_context(VTD_INV_DOMAIN, 7, 0),
	};
	struct vtd_ticket ticket;

	KUNIT_EXPECT_EQ(test, vtd_queue_submit(iommu, desc, 3, &ticket), 0);
	KUNIT_EXPECT_TRUE(test, ticket.done);
	KUNIT_EXPECT_EQ(test, fake->log_count, 2);
	fake_unit_expect(test, fake, 0, desc[0]);
	fake_unit_expect(test, fake, 1, desc[2]);
	KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &ticket), 0);
	KUNIT_EXPECT_EQ(test, healthy_calls, 1);
	KUNIT_EXPECT_EQ(test, device_calls, 1);

	/* Neither a barrier nor an error of the dead queue rings the doorbell */
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, NULL, 0), 0);
	fake_unit_poke32(fake, VTD_FSTS, VTD_FSTS_ITE | VTD_FSTS_IQE);
	vtd_queue_look(iommu);
	vtd_queue_cut(iommu, true);
	KUNIT_EXPECT_EQ(test, vtd_queue_kill(iommu, "this is a test"), 0);
	KUNIT_EXPECT_EQ(test, fake->doorbells, 0);
	KUNIT_EXPECT_EQ(test, fake->log_count, 2);
	KUNIT_EXPECT_EQ(test, lost_calls, 0);
}

/* Errors that are left in FSTS would keep the fault interrupt from coming */
static void errors_do_not_outlive_the_queue(struct kunit *test)
{
	struct intel_iommu *iommu = dead_unit(test, FAKE_ECAP);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_desc desc = page(1);

	fake->stalled = true;
	fake_unit_poke64(fake, VTD_IQH, 0x800);
	fake_unit_poke32(fake, VTD_FSTS, VTD_FSTS_ITE);
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &desc, 1), 0);
	KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_REGISTERS);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_FSTS) & VTD_FSTS_QUEUE, 0);
}

/* It dies while somebody waits for room: he is served at once */
static void full_queue_dies(struct kunit *test)
{
	struct intel_iommu *iommu = dead_unit(test, FAKE_ECAP);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_desc desc[VTD_BATCH_MAX];
	struct vtd_ticket ticket;
	u32 tries = 0;

	for (u32 i = 0; i < VTD_BATCH_MAX; i++)
		desc[i] = page(i);
	fake->stalled = true;
	do {
		KUNIT_EXPECT_EQ(test, vtd_queue_submit(iommu, desc, VTD_BATCH_MAX,
						       &ticket), 0);
	} while (!ticket.done && ++tries < 256);
	KUNIT_EXPECT_TRUE(test, ticket.done);
	KUNIT_EXPECT_EQ(test, fake->doorbells, tries);
	KUNIT_EXPECT_EQ(test, fake->log_count, 2 + VTD_BATCH_MAX);
	expect_everything(test, iommu);
	for (u32 i = 0; i < VTD_BATCH_MAX; i++)
		fake_unit_expect(test, fake, 2 + i, desc[i]);
}

/* The whole ring full of one device's invalidations, from one end to the other */
static void full_of_devices(struct kunit *test)
{
	struct intel_iommu *iommu = dead_unit(test, FAKE_ECAP);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_ticket ticket;

	fake->stalled = true;
	for (u32 i = 0; i < 90; i++)
		submit(test, iommu, device(i ? HEALTHY : SILENT), &ticket);
	KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &ticket), 0);
	KUNIT_EXPECT_EQ(test, silent_calls, 1);
	KUNIT_EXPECT_EQ(test, healthy_calls, 89);

	/* A unit that writes nonsense does not lead anybody astray */
	iommu = dead_unit(test, FAKE_ECAP);
	iommu->queue->word[VTD_WORD_DONE] += 0x1000;
	KUNIT_EXPECT_EQ(test, vtd_queue_kill(iommu, "this is a test"), 0);
	KUNIT_EXPECT_EQ(test, device_calls, 0);
}

static void interrupt_entries_need_the_queue(struct kunit *test)
{
	struct intel_iommu *iommu = dead_unit(test, FAKE_ECAP);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_desc desc = entries(), good = page(1);
	struct vtd_ticket first, second;

	fake->stalled = true;
	submit(test, iommu, desc, &first);
	submit(test, iommu, page(1), &second);
	KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &first), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &second), 0);
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &desc, 1), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &good, 1), 0);
	KUNIT_EXPECT_EQ(test, lost_calls, 0);
}

/* Setting their table again makes some units forget them (CAP.ESIRTPS) */
static void interrupt_entries_by_their_table(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP | VTD_CAP_ESIRTPS, FAKE_ECAP);
	struct fake_unit *fake = fake_unit_of(iommu);
	const u64 irta = 0x12345000 | VTD_IRTA_EIME | 0xf;
	struct vtd_desc desc = entries(), all = vtd_desc_iec_all();
	struct vtd_ticket first, second;

	lost_calls = 0;
	iommu->unit_dead = unit_is_lost;
	KUNIT_ASSERT_EQ(test, vtd_unit_set_interrupt_table(iommu, irta), 0);
	fake->log_count = 0;
	fake->stalled = true;
	submit(test, iommu, desc, &first);
	submit(test, iommu, page(1), &second);
	KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &first), 0);
	KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &second), 0);
	expect_everything(test, iommu);
	KUNIT_EXPECT_EQ(test, fake_unit_count(fake, &all), 1);
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &desc, 1), 0);
	KUNIT_EXPECT_EQ(test, fake_unit_count(fake, &all), 2);
	KUNIT_EXPECT_EQ(test, fake_unit_peek64(fake, VTD_IRTA), irta);
	KUNIT_EXPECT_EQ(test, lost_calls, 0);
}

/* A device keeps the unit from stopping its queue until its time is over */
static void stops_late_for_a_device(struct kunit *test)
{
	for (u32 u = 0; u < 2; u++) {
		struct intel_iommu *iommu = dead_unit(test, FAKE_ECAP);
		struct fake_unit *fake = fake_unit_of(iommu);
		struct vtd_ticket ticket;

		vtd_reg_timeout_us = 100;
		fake->stalled = true;
		submit(test, iommu, u ? page(1) : device(SILENT), &ticket);
		/* As if fetched */
		fake_unit_poke64(fake, VTD_IQH, sizeof(struct vtd_desc));
		fake->deaf = VTD_GCMD_QIE;
		fake->deaf_reads = 1000;
		vtd_queue_wait(iommu, &ticket);
		KUNIT_EXPECT_EQ(test, iommu->queue->mode,
				u ? VTD_QUEUE_DEAD : VTD_QUEUE_REGISTERS);
		KUNIT_EXPECT_EQ(test, lost_calls, u);
	}
}

/*
 * The same for somebody who keeps the CPU to himself: he learns that nothing is proved,
 * the unit is not lost for it, and who can wait brings it to an end.
 */
static void stops_too_late_to_wait_for(struct kunit *test)
{
	struct intel_iommu *iommu = dead_unit(test, FAKE_ECAP);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_ticket ticket;
	unsigned long flags;
	u32 commands;

	vtd_reg_timeout_us = 100;
	fake->stalled = true;
	/* Not fetched yet, but before the unit is told to stop it can be */
	submit(test, iommu, device(SILENT), &ticket);
	fake->deaf = VTD_GCMD_QIE;
	local_irq_save(flags);
	KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &ticket), -EIO);
	KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_DYING);
	KUNIT_EXPECT_TRUE(test, vtd_queue_undecided(iommu));
	/* The next one does not even try */
	commands = fake->gcmd_count;
	KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &ticket), -EIO);
	KUNIT_EXPECT_EQ(test, fake->gcmd_count, commands);
	local_irq_restore(flags);
	KUNIT_EXPECT_EQ(test, lost_calls, 0);
	KUNIT_EXPECT_EQ(test, silent_calls, 1);

	fake->deaf = 0;
	KUNIT_EXPECT_EQ(test, vtd_queue_settle(iommu), 0);
	KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_REGISTERS);
	KUNIT_EXPECT_EQ(test, lost_calls, 0);
}

/* What a unit may do that is no better with registers than with the queue */
static void break_registers(struct intel_iommu *iommu, u32 how)
{
	struct fake_unit *fake = fake_unit_of(iommu);

	switch (how) {
	case 0:
		fake->deaf = VTD_GCMD_QIE;
		break;
	case 1:
		fake->deaf_registers = true;
		break;
	case 2:
		iommu->version = 0x60;
		break;
	default:
		fake->gone = true;
	}
}

static void unit_is_lost_with_its_queue(struct kunit *test)
{
	vtd_reg_timeout_us = 100;
	for (u32 how = 0; how < 4; how++) {
		struct intel_iommu *iommu = dead_unit(test, FAKE_ECAP);
		struct fake_unit *fake = fake_unit_of(iommu);
		struct vtd_ticket first, second;
		struct vtd_desc desc = page(1);
		u32 commands;

		fake->stalled = true;
		submit(test, iommu, desc, &first);
		submit(test, iommu, desc, &second);
		break_registers(iommu, how);
		KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &first), -EIO);
		KUNIT_EXPECT_EQ(test, lost_calls, 1);
		KUNIT_EXPECT_NOT_NULL(test, iommu->why_dead);
		commands = fake->gcmd_count;

		/* Nothing is tried again, even if it would work now */
		fake->gone = false;
		fake->deaf = 0;
		fake->deaf_registers = false;
		fake->log_count = 0;
		KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &second), -EIO);
		KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &desc, 1), -EIO);
		KUNIT_EXPECT_EQ(test, vtd_queue_kill(iommu, "this is a test"), -EIO);
		KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_DEAD);
		KUNIT_EXPECT_EQ(test, lost_calls, 1);
		KUNIT_EXPECT_EQ(test, fake->log_count, 0);
		KUNIT_EXPECT_EQ(test, fake->gcmd_count, commands);
		/* Without registers the queue itself has a second chance */
		KUNIT_EXPECT_EQ(test, fake->doorbells, how == 2 ? 3 : 2);
	}
}

/* With what registers were good for at first; and a unit that never had a queue */
static void unit_is_lost_later(struct kunit *test)
{
	vtd_reg_timeout_us = 100;
	for (u32 u = 0; u < 2; u++) {
		struct intel_iommu *iommu = u ? dead_unit(test, FAKE_ECAP & ~VTD_ECAP_QI) :
						registers_unit(test);
		struct fake_unit *fake = fake_unit_of(iommu);
		struct vtd_desc desc = page(1);

		KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &desc, 1), 0);
		fake->deaf_registers = true;
		KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &desc, 1), -ETIMEDOUT);
		KUNIT_EXPECT_EQ(test, lost_calls, 1);
		fake->deaf_registers = false;
		KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, &desc, 1), -EIO);
		KUNIT_EXPECT_EQ(test, lost_calls, 1);
		KUNIT_EXPECT_EQ(test, fake->log_count, 1);
	}
}

static void resume_brings_the_queue_back(struct kunit *test)
{
	struct intel_iommu *iommu = registers_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	const struct vtd_desc desc[] = { page(1), device(HEALTHY) };

	vtd_queue_disable(iommu);
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, desc, 1), 0);
	KUNIT_EXPECT_EQ(test, fake->doorbells, 0);
	KUNIT_EXPECT_EQ(test, vtd_queue_enable(iommu), 0);
	KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_LIVE);
	fake->log_count = 0;
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, desc, 2), 0);
	KUNIT_EXPECT_EQ(test, fake->doorbells, 1);
	KUNIT_EXPECT_EQ(test, fake->log_count, 2);
	KUNIT_EXPECT_EQ(test, device_calls, 0);
	/* And it can die again */
	KUNIT_EXPECT_EQ(test, vtd_queue_kill(iommu, "this is a test"), 0);
	KUNIT_EXPECT_EQ(test, vtd_queue_sync(iommu, desc, 1), 0);
	KUNIT_EXPECT_EQ(test, fake->doorbells, 1);
}

/* Somebody waits for what was done before the machine slept */
static void numbers_survive_resume(struct kunit *test)
{
	for (u32 kill = 0; kill < 2; kill++) {
		struct intel_iommu *iommu = dead_unit(test, FAKE_ECAP);
		struct vtd_ticket old[20];

		for (u32 i = 0; i < ARRAY_SIZE(old); i++)
			submit(test, iommu, page(i), &old[i]);
		if (kill)
			vtd_queue_kill(iommu, "this is a test");
		vtd_queue_disable(iommu);
		KUNIT_EXPECT_EQ(test, vtd_queue_enable(iommu), 0);
		for (u32 i = 0; i < ARRAY_SIZE(old); i++)
			KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &old[i]), 0);
		KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_LIVE);
	}
}

/* Somebody looks for his number when the counter has gone more than half around */
static void numbers_may_be_very_old(struct kunit *test)
{
	struct intel_iommu *iommu = dead_unit(test, FAKE_ECAP);
	const u32 ahead[] = { 0x101, 0x1000, 0x7fffffff, 0x80000000, 0x80000001 };

	for (u32 i = 0; i < ARRAY_SIZE(ahead); i++) {
		struct vtd_ticket ticket = {
			.sequence = iommu->queue->tail + ahead[i],
		};

		KUNIT_EXPECT_EQ(test, vtd_queue_wait(iommu, &ticket), 0);
		KUNIT_EXPECT_EQ(test, iommu->queue->mode, VTD_QUEUE_LIVE);
	}
}

/* What a unit may still read and write is not given back */
static void queue_that_does_not_stop(struct kunit *test)
{
	struct intel_iommu *iommu = dead_unit(test, FAKE_ECAP);
	struct fake_unit *fake = fake_unit_of(iommu);

	vtd_reg_timeout_us = 100;
	vtd_queue_disable(iommu);
	KUNIT_EXPECT_FALSE(test, iommu->queue->stuck);
	fake->deaf = VTD_GCMD_QIE;
	/* Told to start, it does not; told to stop, it is off: that is no lie */
	KUNIT_EXPECT_EQ(test, vtd_queue_enable(iommu), -ETIMEDOUT);
	KUNIT_EXPECT_FALSE(test, iommu->queue->stuck);
	fake->deaf = 0;
	KUNIT_EXPECT_EQ(test, vtd_queue_enable(iommu), 0);
	fake->deaf = VTD_GCMD_QIE;
	vtd_queue_disable(iommu);
	KUNIT_EXPECT_TRUE(test, iommu->queue->stuck);
	fake->deaf = 0;
	vtd_queue_disable(iommu);
	KUNIT_EXPECT_FALSE(test, iommu->queue->stuck);
}

#define WAITERS		3u

struct waiter {
	struct kunit *test;
	struct intel_iommu *iommu;
	struct completion done;
	u32 number;
	u32 failed;
	u32 early;
};

/* Comes back when somebody has begun to stop the queue, or after a while */
static void wait_for_the_end(struct fake_unit *fake)
{
	for (u32 us = 0; us < 100000 && !READ_ONCE(fake->gcmd_count); us++)
		udelay(1);
}

static int wait_with_others(void *data)
{
	struct waiter *w = data;
	struct fake_unit *fake = fake_unit_of(w->iommu);
	struct vtd_desc everything = vtd_desc_iotlb(VTD_INV_GLOBAL, 0,
						    w->iommu->caps.drain);
	struct vtd_desc desc = page(w->number);
	struct vtd_ticket ticket;

	fake_unit_join(w->test);
	for (u32 i = 0; i < 10; i++) {
		w->failed += !!vtd_queue_submit(w->iommu, &desc, 1, &ticket);
		if (w->number)
			wait_for_the_end(fake);
		w->failed += !!vtd_queue_wait(w->iommu, &ticket);
		/* The queue executes nothing: only the flush of all can be a reason */
		w->early += !fake_unit_count(fake, &everything);
		WRITE_ONCE(fake->slow_registers, 0);
		cond_resched();
	}
	fake_unit_join(NULL);
	complete(&w->done);
	return 0;
}

/* The flush takes its time, and nobody is told of a success before it ends */
static void nobody_is_told_early(struct kunit *test)
{
	struct intel_iommu *iommu = dead_unit(test, FAKE_ECAP);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct waiter waiter[WAITERS];

	fake->stalled = true;
	fake->slow_registers = 30000;
	for (u32 i = 0; i < WAITERS; i++) {
		waiter[i] = (struct waiter) { .test = test, .iommu = iommu, .number = i };
		init_completion(&waiter[i].done);
		KUNIT_ASSERT_FALSE(test, IS_ERR(kthread_run(wait_with_others, &waiter[i],
							    "vtd-test")));
	}
	for (u32 i = 0; i < WAITERS; i++) {
		wait_for_completion(&waiter[i].done);
		KUNIT_EXPECT_EQ(test, waiter[i].failed, 0);
		KUNIT_EXPECT_EQ(test, waiter[i].early, 0);
	}
	expect_everything(test, iommu);
	KUNIT_EXPECT_EQ(test, fake->gcmd_count, 1);
	KUNIT_EXPECT_LE(test, fake->doorbells, WAITERS);
}

static struct kunit_case dead_cases[] = {
	KUNIT_CASE(who_waits_is_flushed),
	KUNIT_CASE(later_ones_go_through_registers),
	KUNIT_CASE(errors_do_not_outlive_the_queue),
	KUNIT_CASE(full_queue_dies),
	KUNIT_CASE(full_of_devices),
	KUNIT_CASE(interrupt_entries_need_the_queue),
	KUNIT_CASE(interrupt_entries_by_their_table),
	KUNIT_CASE(stops_late_for_a_device),
	KUNIT_CASE(stops_too_late_to_wait_for),
	KUNIT_CASE(unit_is_lost_with_its_queue),
	KUNIT_CASE(unit_is_lost_later),
	KUNIT_CASE(resume_brings_the_queue_back),
	KUNIT_CASE(numbers_survive_resume),
	KUNIT_CASE(numbers_may_be_very_old),
	KUNIT_CASE(queue_that_does_not_stop),
	KUNIT_CASE(nobody_is_told_early),
	{}
};

static struct kunit_suite dead_suite = {
	.name = "vtd_queue_dead",
	.init = dead_init,
	.exit = dead_exit,
	.test_cases = dead_cases,
};

kunit_test_suite(dead_suite);

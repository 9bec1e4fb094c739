// SPDX-License-Identifier: GPL-2.0
/* What units are found doing, and how they come back from sleep. */
#include <kunit/test.h>

#include "boot/leftover.h"
#include "boot/pm.h"
#include "context/context.h"
#include "tests/fake_inventory.h"
#include "tests/fake_unit.h"
#include "unit/queue.h"
#include "unit/queue_state.h"

static u32 bound;

static int boot_init(struct kunit *test)
{
	bound = vtd_reg_timeout_us;
	vtd_reg_timeout_us = 100;
	return 0;
}

static void boot_exit(struct kunit *test)
{
	vtd_reg_timeout_us = bound;
}

static bool translates(struct intel_iommu *iommu)
{
	return fake_unit_peek32(fake_unit_of(iommu), VTD_GSTS) & VTD_GSTS_TES;
}

static struct intel_iommu *found_on(struct kunit *test, u32 ttm)
{
	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP, FAKE_ECAP);
	struct fake_unit *fake = fake_unit_of(iommu);

	fake_unit_poke64(fake, VTD_RTADDR, 0x12345000 | FIELD_PREP(VTD_RTADDR_TTM, ttm));
	KUNIT_ASSERT_EQ(test, vtd_unit_command(iommu, VTD_GCMD_TE, true), 0);
	fake->gcmd_count = 0;
	return iommu;
}

static void left_on_is_switched_off(struct kunit *test)
{
	struct intel_iommu *iommu = found_on(test, VTD_TTM_LEGACY);

	KUNIT_EXPECT_EQ(test, vtd_leftover_quiet(iommu, false), 0);
	KUNIT_EXPECT_FALSE(test, translates(iommu));
	KUNIT_EXPECT_EQ(test, vtd_leftover_quiet(iommu, false), 0);
	KUNIT_EXPECT_EQ(test, fake_unit_of(iommu)->gcmd_count, 1);
}

static void a_crash_kernel_keeps_it(struct kunit *test)
{
	struct intel_iommu *iommu = found_on(test, VTD_TTM_LEGACY);

	KUNIT_EXPECT_EQ(test, vtd_leftover_quiet(iommu, true), 0);
	KUNIT_EXPECT_TRUE(test, translates(iommu));
	iommu->graphics_only = true;
	iommu->keep_translating = true;
	KUNIT_EXPECT_EQ(test, vtd_leftover_quiet(iommu, false), 0);
	KUNIT_EXPECT_TRUE(test, translates(iommu));
	KUNIT_EXPECT_EQ(test, fake_unit_of(iommu)->gcmd_count, 0);
}

/* RTADDR.TTM may not change while the unit translates (section 11.4.5) */
static void another_mode_goes_first(struct kunit *test)
{
	for (u32 ttm = VTD_TTM_SCALABLE; ttm < 4; ttm++) {
		struct intel_iommu *crash = found_on(test, ttm);
		struct intel_iommu *display = found_on(test, ttm);

		display->graphics_only = true;
		display->keep_translating = true;
		KUNIT_EXPECT_EQ(test, vtd_leftover_quiet(crash, true), 0);
		KUNIT_EXPECT_FALSE(test, translates(crash));
		KUNIT_EXPECT_EQ(test, vtd_leftover_quiet(display, false), 0);
		KUNIT_EXPECT_FALSE(test, translates(display));
	}
}

static void found_mode(struct kunit *test)
{
	struct intel_iommu *off = fake_unit_create(test, FAKE_CAP, FAKE_ECAP);

	KUNIT_EXPECT_EQ(test, vtd_leftover_mode(off, true), VTD_FOUND_NOTHING);
	for (u32 ttm = 0; ttm < 4; ttm++) {
		struct intel_iommu *iommu = found_on(test, ttm);
		enum vtd_found want = ttm == VTD_TTM_LEGACY ? VTD_FOUND_LEGACY :
				      ttm == VTD_TTM_SCALABLE ? VTD_FOUND_SCALABLE :
								VTD_FOUND_NOTHING;

		KUNIT_EXPECT_EQ(test, vtd_leftover_mode(iommu, true), want);
		KUNIT_EXPECT_EQ(test, vtd_leftover_mode(iommu, false), VTD_FOUND_NOTHING);
		iommu->keep_translating = true;
		KUNIT_EXPECT_EQ(test, vtd_leftover_mode(iommu, false), VTD_FOUND_NOTHING);
		iommu->graphics_only = true;
		KUNIT_EXPECT_EQ(test, vtd_leftover_mode(iommu, false), want);
		/* It is kept then: no moment without translation */
		iommu->scalable = ttm == VTD_TTM_SCALABLE;
		if (want != VTD_FOUND_NOTHING) {
			KUNIT_EXPECT_EQ(test, vtd_leftover_quiet(iommu, true), 0);
			KUNIT_EXPECT_TRUE(test, translates(iommu));
		}
	}
}

static void does_not_go_off(struct kunit *test)
{
	struct intel_iommu *iommu = found_on(test, VTD_TTM_SCALABLE);

	fake_unit_of(iommu)->deaf = VTD_GCMD_TE;
	KUNIT_EXPECT_EQ(test, vtd_leftover_quiet(iommu, true), -ETIMEDOUT);
}

/* Protected memory that stays closed is a pity, not the end of translation */
static void closed_memory(struct kunit *test)
{
	struct intel_iommu *iommu = found_on(test, VTD_TTM_LEGACY);
	struct fake_unit *fake = fake_unit_of(iommu);

	iommu->caps.low_protected = true;
	fake_unit_poke32(fake, VTD_PMEN, VTD_PMEN_EPM | VTD_PMEN_PRS);
	fake->deaf = VTD_PMEN_PRS;
	vtd_leftover_open(iommu);
	KUNIT_EXPECT_TRUE(test, translates(iommu));
	fake->deaf = 0;
	vtd_leftover_open(iommu);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_PMEN), 0);
}

/* A unit that translates, in a list of the test's */
static void unit_on(struct kunit *test, struct dmar_drhd_unit *drhd)
{
	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP, FAKE_ECAP);

	KUNIT_ASSERT_EQ(test, iommu_alloc_root_entry(iommu, &vtd_legacy_mode), 0);
	KUNIT_ASSERT_EQ(test, iommu_set_root_entry(iommu), 0);
	KUNIT_ASSERT_EQ(test, vtd_unit_translation(iommu, true), 0);
	iommu->state = VTD_UNIT_ON;
	drhd->iommu = iommu;
}

static struct dmar_drhd_unit *two_units(struct kunit *test)
{
	struct dmar_drhd_unit *drhd = kunit_kcalloc(test, 2, sizeof(*drhd), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, drhd);
	for (unsigned int i = 0; i < 2; i++)
		unit_on(test, &drhd[i]);
	fake_inventory(test, drhd, 2);
	return drhd;
}

static void free_roots(struct dmar_drhd_unit *drhd)
{
	for (unsigned int i = 0; i < 2; i++)
		vtd_context_free(drhd[i].iommu);
}

/* As the firmware hands units back: everything is off */
static void lose_power(struct dmar_drhd_unit *drhd)
{
	for (unsigned int i = 0; i < 2; i++) {
		struct fake_unit *fake = fake_unit_of(drhd[i].iommu);

		fake->log_count = 0;
		fake->deaf = 0;
		fake->stalled = false;
		fake->deaf_registers = false;
		fake_unit_poke32(fake, VTD_GSTS, 0);
		fake_unit_poke64(fake, VTD_RTADDR, 0);
		fake_unit_poke64(fake, VTD_IQA, 0);
		fake_unit_poke64(fake, VTD_IQT, 0);
	}
}

static void expect_up(struct kunit *test, struct intel_iommu *iommu)
{
	struct fake_unit *fake = fake_unit_of(iommu);

	KUNIT_EXPECT_EQ(test, iommu->state, VTD_UNIT_ON);
	KUNIT_EXPECT_NULL(test, iommu->why_dead);
	KUNIT_EXPECT_TRUE(test, translates(iommu));
	KUNIT_EXPECT_NE(test, fake_unit_peek64(fake, VTD_RTADDR), 0);
	KUNIT_EXPECT_EQ(test, fake->log_count, 2);
	fake_unit_expect(test, fake, 0, vtd_desc_context(VTD_INV_GLOBAL, 0, 0));
	fake_unit_expect(test, fake, 1, vtd_desc_iotlb(VTD_INV_GLOBAL, 0, iommu->caps.drain));
}

/* A flush of one unit may hang while the queue of another is off (5520, X58) */
static void all_queues_before_any_flush(struct kunit *test)
{
	struct dmar_drhd_unit *drhd = two_units(test);

	KUNIT_EXPECT_EQ(test, vtd_pm_suspend(NULL), 0);
	lose_power(drhd);
	fake_unit_of(drhd[0].iommu)->flushed_at = 0;
	vtd_pm_resume(NULL);
	expect_up(test, drhd[0].iommu);
	expect_up(test, drhd[1].iommu);
	/* Its last flush is not what is asked: the first one is two before */
	KUNIT_EXPECT_LT(test, fake_unit_of(drhd[1].iommu)->enabled_at,
			fake_unit_of(drhd[0].iommu)->flushed_at - 1);
	free_roots(drhd);
}

/* Firmware woke it up translating, in a mode that may not change meanwhile */
static void firmware_left_it_on(struct kunit *test)
{
	struct dmar_drhd_unit *drhd = two_units(test);
	struct fake_unit *fake = fake_unit_of(drhd[0].iommu);
	u32 i, pointers = 0;

	KUNIT_EXPECT_EQ(test, vtd_pm_suspend(NULL), 0);
	lose_power(drhd);
	fake_unit_poke64(fake, VTD_RTADDR, FIELD_PREP(VTD_RTADDR_TTM, VTD_TTM_SCALABLE));
	fake_unit_poke32(fake, VTD_GSTS, VTD_GSTS_TES);
	fake->gcmd_count = 0;
	vtd_pm_resume(NULL);
	expect_up(test, drhd[0].iommu);
	for (i = 0; i < fake->gcmd_count; i++)
		if (fake->gcmd[i] & VTD_GCMD_SRTP) {
			pointers++;
			KUNIT_EXPECT_FALSE(test, fake->gcmd[i] & VTD_GCMD_TE);
		}
	KUNIT_EXPECT_EQ(test, pointers, 1);
	free_roots(drhd);
}

static void lose(struct kunit *test, struct intel_iommu *iommu)
{
	const struct vtd_desc desc = vtd_desc_iotlb(VTD_INV_DOMAIN, 1, 0);
	struct fake_unit *fake = fake_unit_of(iommu);

	fake->stalled = true;
	fake->deaf_registers = true;
	KUNIT_ASSERT_EQ(test, vtd_queue_kill(iommu, "this is a test"), -EIO);
	KUNIT_ASSERT_NOT_NULL(test, iommu->why_dead);
	KUNIT_ASSERT_EQ(test, vtd_queue_sync(iommu, &desc, 1), -EIO);
	iommu->state = VTD_UNIT_DEAD;
}

/* Lost when it translated: power comes back, and it must not stay off */
static void a_lost_unit_comes_back(struct kunit *test)
{
	struct dmar_drhd_unit *drhd = two_units(test);
	struct fake_unit *fake;
	u32 commands;

	lose(test, drhd[0].iommu);
	fake = fake_unit_of(drhd[0].iommu);
	commands = fake->gcmd_count;
	KUNIT_EXPECT_EQ(test, vtd_pm_suspend(NULL), 0);
	/* It still protects if the machine does not sleep after all */
	KUNIT_EXPECT_EQ(test, fake->gcmd_count, commands);
	KUNIT_EXPECT_TRUE(test, translates(drhd[0].iommu));
	lose_power(drhd);
	vtd_pm_resume(NULL);
	expect_up(test, drhd[0].iommu);
	expect_up(test, drhd[1].iommu);
	free_roots(drhd);
}

static const char *heard;

static void hear(struct intel_iommu *iommu, const char *why)
{
	heard = why;
}

static void what_does_not_come_back_is_lost(struct kunit *test)
{
	struct dmar_drhd_unit *drhd = two_units(test);

	KUNIT_EXPECT_EQ(test, vtd_pm_suspend(NULL), 0);
	lose_power(drhd);
	heard = NULL;
	drhd[0].iommu->unit_dead = hear;
	fake_unit_of(drhd[0].iommu)->deaf = VTD_GCMD_TE;
	vtd_pm_resume(NULL);
	KUNIT_EXPECT_EQ(test, drhd[0].iommu->state, VTD_UNIT_DEAD);
	KUNIT_EXPECT_NOT_NULL(test, heard);
	KUNIT_EXPECT_PTR_EQ(test, heard, drhd[0].iommu->why_dead);
	expect_up(test, drhd[1].iommu);
	/* The next sleep is another try */
	KUNIT_EXPECT_EQ(test, vtd_pm_suspend(NULL), 0);
	lose_power(drhd);
	vtd_pm_resume(NULL);
	expect_up(test, drhd[0].iommu);
	free_roots(drhd);
}

/* One that failed at boot is not touched: nobody made its tables */
static void what_failed_at_boot_stays_off(struct kunit *test)
{
	struct dmar_drhd_unit *drhd = two_units(test);

	drhd[0].ignored = true;
	drhd[0].iommu->state = VTD_UNIT_DEAD;
	drhd[0].iommu->why_dead = "this is a test";
	KUNIT_EXPECT_EQ(test, vtd_pm_suspend(NULL), 0);
	lose_power(drhd);
	vtd_pm_resume(NULL);
	KUNIT_EXPECT_FALSE(test, translates(drhd[0].iommu));
	KUNIT_EXPECT_STREQ(test, drhd[0].iommu->why_dead, "this is a test");
	free_roots(drhd);
}

static struct kunit_case boot_cases[] = {
	KUNIT_CASE(left_on_is_switched_off),
	KUNIT_CASE(a_crash_kernel_keeps_it),
	KUNIT_CASE(another_mode_goes_first),
	KUNIT_CASE(found_mode),
	KUNIT_CASE(does_not_go_off),
	KUNIT_CASE(closed_memory),
	KUNIT_CASE(all_queues_before_any_flush),
	KUNIT_CASE(firmware_left_it_on),
	KUNIT_CASE(a_lost_unit_comes_back),
	KUNIT_CASE(what_does_not_come_back_is_lost),
	KUNIT_CASE(what_failed_at_boot_stays_off),
	{ }
};

static struct kunit_suite boot_suite = {
	.name = "vtd_boot",
	.init = boot_init,
	.exit = boot_exit,
	.test_cases = boot_cases,
};

kunit_test_suite(boot_suite);

// SPDX-License-Identifier: GPL-2.0
/* What units are found doing. */
#include <kunit/test.h>

#include "boot/leftover.h"
#include "tests/fake_unit.h"

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

static struct kunit_case boot_cases[] = {
	KUNIT_CASE(left_on_is_switched_off),
	KUNIT_CASE(a_crash_kernel_keeps_it),
	KUNIT_CASE(another_mode_goes_first),
	KUNIT_CASE(does_not_go_off),
	KUNIT_CASE(closed_memory),
	{ }
};

static struct kunit_suite boot_suite = {
	.name = "vtd_boot",
	.init = boot_init,
	.exit = boot_exit,
	.test_cases = boot_cases,
};

kunit_test_suite(boot_suite);

// SPDX-License-Identifier: GPL-2.0
/* The gate to GCMD, and what a unit is found to be. */
#include <kunit/test.h>

#include "tests/fake_unit.h"
#include "unit/unit.h"

static const u32 gate_bits[] = {
	VTD_GCMD_TE, VTD_GCMD_SRTP, VTD_GCMD_EAFL, VTD_GCMD_WBF, VTD_GCMD_QIE,
	VTD_GCMD_IRE, VTD_GCMD_SIRTP, VTD_GCMD_CFI,
};

/* Firmware's state: a bit pattern in which the bits that act once read as one */
static const u32 gate_states[] = {
	0,
	VTD_GSTS_RTPS | VTD_GSTS_IRTPS,
	VTD_GSTS_TES | VTD_GSTS_RTPS | VTD_GSTS_IRES | VTD_GSTS_IRTPS | VTD_GSTS_CFIS,
	VTD_GSTS_QIES | VTD_GSTS_IRES,
};

static void gate_one(struct kunit *test, struct fake_unit *fake, u32 state,
		     u32 bit, bool on)
{
	u32 levels = state & ~VTD_GCMD_ONE_SHOT;

	fake_unit_poke32(fake, VTD_GSTS, state);
	fake->gcmd_count = 0;
	if (!on && (bit & VTD_GCMD_ONE_SHOT)) {
		KUNIT_EXPECT_EQ(test, vtd_unit_command(fake->iommu, bit, on), -EINVAL);
		KUNIT_EXPECT_EQ(test, fake->gcmd_count, 0);
		return;
	}
	KUNIT_EXPECT_EQ(test, vtd_unit_command(fake->iommu, bit, on), 0);
	KUNIT_EXPECT_EQ(test, fake->gcmd_count, 1);
	KUNIT_EXPECT_EQ(test, fake->gcmd[0], on ? levels | bit : levels & ~bit);
}

static void gate_changes_one_bit(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP, FAKE_ECAP);
	struct fake_unit *fake = fake_unit_of(iommu);

	for (u32 s = 0; s < ARRAY_SIZE(gate_states); s++)
		for (u32 b = 0; b < ARRAY_SIZE(gate_bits); b++) {
			gate_one(test, fake, gate_states[s], gate_bits[b], true);
			gate_one(test, fake, gate_states[s], gate_bits[b], false);
		}
}

static void gate_takes_one_bit(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP, FAKE_ECAP);

	KUNIT_EXPECT_EQ(test, vtd_unit_command(iommu, 0, true), -EINVAL);
	KUNIT_EXPECT_EQ(test, vtd_unit_command(iommu, VTD_GCMD_TE | VTD_GCMD_QIE, true),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, fake_unit_of(iommu)->gcmd_count, 0);
}

static void gate_is_bounded(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP, FAKE_ECAP);
	struct fake_unit *fake = fake_unit_of(iommu);
	u32 bound = vtd_reg_timeout_us;

	iommu->caps.low_protected = true;
	vtd_reg_timeout_us = 100;
	fake->deaf = VTD_GCMD_TE | VTD_GCMD_WBF | VTD_PMEN_PRS;
	KUNIT_EXPECT_EQ(test, vtd_unit_translation(iommu, true), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, vtd_unit_command(iommu, VTD_GCMD_WBF, true), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, vtd_unit_protected_memory_off(iommu), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, vtd_wait64(&iommu->regs, VTD_CAP, ~0ull, 0), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, iommu->state, VTD_UNIT_OFF);
	vtd_reg_timeout_us = bound;
}

static void gate_of_a_unit_that_is_gone(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP, FAKE_ECAP);
	struct fake_unit *fake = fake_unit_of(iommu);

	iommu->caps.low_protected = true;
	fake->gone = true;
	KUNIT_EXPECT_EQ(test, vtd_unit_translation(iommu, true), -ENODEV);
	KUNIT_EXPECT_EQ(test, vtd_unit_translation(iommu, false), -ENODEV);
	KUNIT_EXPECT_EQ(test, vtd_unit_set_root(iommu, 0x1000), -ENODEV);
	KUNIT_EXPECT_EQ(test, vtd_unit_protected_memory_off(iommu), -ENODEV);
	KUNIT_EXPECT_FALSE(test, vtd_unit_translating(iommu));
	KUNIT_EXPECT_EQ(test, fake->gcmd_count, 0);
}

static void root_before_its_command(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP, FAKE_ECAP);
	struct fake_unit *fake = fake_unit_of(iommu);

	iommu->caps.write_flush = false;
	KUNIT_EXPECT_EQ(test, vtd_unit_set_root(iommu, 0x12345000), 0);
	KUNIT_EXPECT_EQ(test, fake_unit_peek64(fake, VTD_RTADDR), 0x12345000);
	KUNIT_EXPECT_EQ(test, fake->gcmd_count, 1);
	KUNIT_EXPECT_TRUE(test, fake->gcmd[0] & VTD_GCMD_SRTP);
}

static void write_buffer_only_where_needed(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP, FAKE_ECAP);
	struct fake_unit *fake = fake_unit_of(iommu);

	/* The machine that runs this may have the erratum */
	iommu->caps.write_flush = false;
	KUNIT_EXPECT_EQ(test, vtd_unit_flush_write_buffer(iommu), 0);
	KUNIT_EXPECT_EQ(test, fake->gcmd_count, 0);
	iommu->caps.write_flush = true;
	KUNIT_EXPECT_EQ(test, vtd_unit_flush_write_buffer(iommu), 0);
	KUNIT_EXPECT_EQ(test, fake->gcmd_count, 1);
	KUNIT_EXPECT_TRUE(test, fake->gcmd[0] & VTD_GCMD_WBF);
}

/* What a pointer names is in memory before the unit is told of it */
static void write_buffer_before_pointers(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP, FAKE_ECAP);
	struct fake_unit *fake = fake_unit_of(iommu);

	iommu->caps.write_flush = true;
	KUNIT_EXPECT_EQ(test, vtd_unit_set_root(iommu, 0x1000), 0);
	KUNIT_EXPECT_EQ(test, vtd_unit_set_interrupt_table(iommu, 0x2000), 0);
	KUNIT_ASSERT_EQ(test, fake->gcmd_count, 4);
	KUNIT_EXPECT_TRUE(test, fake->gcmd[0] & VTD_GCMD_WBF);
	KUNIT_EXPECT_TRUE(test, fake->gcmd[1] & VTD_GCMD_SRTP);
	KUNIT_EXPECT_TRUE(test, fake->gcmd[2] & VTD_GCMD_WBF);
	KUNIT_EXPECT_TRUE(test, fake->gcmd[3] & VTD_GCMD_SIRTP);
}

static void protected_memory(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP, FAKE_ECAP);
	struct fake_unit *fake = fake_unit_of(iommu);

	fake_unit_poke32(fake, VTD_PMEN, VTD_PMEN_EPM | VTD_PMEN_PRS);
	/* A unit without such regions has no such register: hands off */
	KUNIT_EXPECT_EQ(test, vtd_unit_protected_memory_off(iommu), 0);
	KUNIT_EXPECT_NE(test, fake_unit_peek32(fake, VTD_PMEN), 0);
	iommu->caps.low_protected = true;
	KUNIT_EXPECT_EQ(test, vtd_unit_protected_memory_off(iommu), 0);
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(fake, VTD_PMEN), 0);
}

static void erratum_keep_translating(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP, FAKE_ECAP);

	iommu->keep_translating = true;
	KUNIT_EXPECT_EQ(test, vtd_unit_translation(iommu, true), 0);
	KUNIT_EXPECT_TRUE(test, vtd_unit_translating(iommu));
	iommu->graphics_only = true;
	KUNIT_EXPECT_EQ(test, vtd_unit_translation(iommu, false), -EBUSY);
	KUNIT_EXPECT_TRUE(test, vtd_unit_translating(iommu));
	iommu->graphics_only = false;
	KUNIT_EXPECT_EQ(test, vtd_unit_translation(iommu, false), 0);
	KUNIT_EXPECT_FALSE(test, vtd_unit_translating(iommu));
}

static void unusable_units(struct kunit *test)
{
	struct intel_iommu *iommu;

	fake_unit_prepare(test, 0, 0);
	iommu = vtd_unit_alloc(0xfed90000, VTD_WINDOW_MIN, 0, NUMA_NO_NODE);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(iommu), -ENODEV);
	fake_unit_prepare(test, FAKE_CAP, FAKE_ECAP)->gone = true;
	iommu = vtd_unit_alloc(0xfed90000, VTD_WINDOW_MIN, 0, NUMA_NO_NODE);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(iommu), -ENODEV);
}

/* Without page tables it can remap interrupts all the same */
static void interrupts_only(struct kunit *test)
{
	struct intel_iommu *iommu;

	iommu = fake_unit_create(test, FAKE_CAP & ~VTD_CAP_SAGAW, FAKE_ECAP);
	KUNIT_EXPECT_EQ(test, iommu->caps.levels, 0);
	KUNIT_EXPECT_TRUE(test, iommu->caps.int_remap);
}

/* The number of a unit that failed is given to the next one */
static void numbers(struct kunit *test)
{
	struct intel_iommu *first = fake_unit_create(test, FAKE_CAP, FAKE_ECAP);
	struct intel_iommu *second;

	fake_unit_prepare(test, 0, 0);
	KUNIT_EXPECT_TRUE(test, IS_ERR(vtd_unit_alloc(0x1000, 0x1000, 0, NUMA_NO_NODE)));
	second = fake_unit_create(test, FAKE_CAP, FAKE_ECAP);
	KUNIT_EXPECT_EQ(test, second->seq_id, first->seq_id + 1);
	KUNIT_EXPECT_NE(test, strcmp(first->name, second->name), 0);
}

static void window_grows(struct kunit *test)
{
	const u64 far = (FAKE_CAP & ~VTD_CAP_FRO) | FIELD_PREP(VTD_CAP_FRO, 0x200);
	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP, FAKE_ECAP);

	KUNIT_EXPECT_EQ(test, fake_unit_of(iommu)->maps, 1);
	KUNIT_EXPECT_EQ(test, fake_unit_of(iommu)->mapped, 0x1000);
	iommu = fake_unit_create(test, far, FAKE_ECAP);
	KUNIT_EXPECT_EQ(test, fake_unit_of(iommu)->maps, 2);
	KUNIT_EXPECT_EQ(test, fake_unit_of(iommu)->mapped, 0x3000);
}

static struct kunit_case unit_cases[] = {
	KUNIT_CASE(gate_changes_one_bit),
	KUNIT_CASE(gate_takes_one_bit),
	KUNIT_CASE(gate_is_bounded),
	KUNIT_CASE(gate_of_a_unit_that_is_gone),
	KUNIT_CASE(root_before_its_command),
	KUNIT_CASE(write_buffer_only_where_needed),
	KUNIT_CASE(write_buffer_before_pointers),
	KUNIT_CASE(protected_memory),
	KUNIT_CASE(erratum_keep_translating),
	KUNIT_CASE(unusable_units),
	KUNIT_CASE(interrupts_only),
	KUNIT_CASE(numbers),
	KUNIT_CASE(window_grows),
	{}
};

static struct kunit_suite unit_suite = {
	.name = "vtd_unit",
	.test_cases = unit_cases,
};

kunit_test_suite(unit_suite);

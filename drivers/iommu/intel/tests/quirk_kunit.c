// SPDX-License-Identifier: GPL-2.0
/* Units that firmware gives no devices. */
#include <kunit/test.h>

#include "acpi/inventory.h"
#include "acpi/judge.h"
#include "acpi/table.h"

static void unit_with_nothing_remaps(struct kunit *test)
{
	struct dmar_drhd_unit unit = { .reg_base_addr = 0xfed90000 };

	KUNIT_EXPECT_EQ(test, vtd_inventory_judge(&unit), VTD_UNIT_NOTHING);
	KUNIT_EXPECT_TRUE(test, unit.ignored);
	KUNIT_EXPECT_FALSE(test, unit.unusable);
	unit = (struct dmar_drhd_unit) { .reg_base_addr = 0xfed90080 };
	KUNIT_EXPECT_EQ(test, vtd_inventory_judge(&unit), VTD_UNIT_UNALIGNED);
	KUNIT_EXPECT_TRUE(test, unit.unusable);
}

static struct kunit_case quirk_cases[] = {
	KUNIT_CASE(unit_with_nothing_remaps),
	{ }
};

static struct kunit_suite quirk_suite = {
	.name = "vtd_quirk",
	.test_cases = quirk_cases,
};

kunit_test_suite(quirk_suite);

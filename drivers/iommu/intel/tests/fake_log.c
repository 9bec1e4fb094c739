// SPDX-License-Identifier: GPL-2.0
/* What a remapping unit made of memory was told, see fake_unit.h. */
#include <kunit/test.h>

#include "tests/fake_unit.h"

/**
 * fake_unit_count - how often a descriptor is in the log
 * @fake: the unit
 * @desc: the descriptor
 */
unsigned int fake_unit_count(struct fake_unit *fake, const struct vtd_desc *desc)
{
	unsigned int n = 0;

	for (u32 i = 0; i < fake->log_count; i++)
		n += fake->log[i].lo == desc->lo && fake->log[i].hi == desc->hi;
	return n;
}

/**
 * fake_unit_expect - the log has this descriptor at this place
 * @test: the test
 * @fake: the unit
 * @index: place in the log
 * @want: the descriptor
 */
void fake_unit_expect(struct kunit *test, struct fake_unit *fake, u32 index,
		      struct vtd_desc want)
{
	KUNIT_EXPECT_LT(test, index, fake->log_count);
	if (index >= fake->log_count)
		return;
	KUNIT_EXPECT_EQ(test, fake->log[index].lo, want.lo);
	KUNIT_EXPECT_EQ(test, fake->log[index].hi, want.hi);
}

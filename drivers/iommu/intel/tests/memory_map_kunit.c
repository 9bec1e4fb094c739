// SPDX-License-Identifier: GPL-2.0
/* Whether firmware reserves all of a region, by memory maps made here. */
#include <kunit/test.h>
#include <linux/slab.h>

#include <asm/e820/api.h>

#include "acpi/memory_map.h"

#define TYPES_OF(...)	((const enum e820_type []){ __VA_ARGS__ })

/* Entries of 64 KiB, one behind the other, from 1 MiB on */
#define FIRST		0x100000ull
#define PIECE		0x10000ull
#define PIECE_AT(n)	(FIRST + (n) * PIECE)

/* Where [1 MiB, 1 MiB + @count pieces) stops to be reserved */
static u64 unreserved(struct kunit *test, const enum e820_type *types, unsigned int count)
{
	struct e820_table *map = kunit_kzalloc(test, sizeof(*map), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, map);
	for (i = 0; i < count; i++) {
		if (!types[i])
			continue;	/* a hole */
		map->entries[map->nr_entries++] = (struct e820_entry) {
			.addr = PIECE_AT(i), .size = PIECE, .type = types[i],
		};
	}
	return vtd_memory_unreserved(map, FIRST, PIECE_AT(count) - 1);
}

static void all_of_it_is_reserved(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, unreserved(test, TYPES_OF(E820_TYPE_RESERVED), 1), PIECE_AT(1));
	KUNIT_EXPECT_EQ(test, unreserved(test, TYPES_OF(E820_TYPE_NVS), 1), PIECE_AT(1));
	KUNIT_EXPECT_EQ(test, unreserved(test, TYPES_OF(E820_TYPE_RESERVED, E820_TYPE_NVS,
							E820_TYPE_RESERVED), 3), PIECE_AT(3));
}

/* The type of the last entry says nothing about those before it */
static void a_part_is_not(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, unreserved(test, TYPES_OF(E820_TYPE_RAM, E820_TYPE_RESERVED), 2),
			PIECE_AT(0));
	KUNIT_EXPECT_EQ(test, unreserved(test, TYPES_OF(E820_TYPE_RESERVED, E820_TYPE_RAM), 2),
			PIECE_AT(1));
	KUNIT_EXPECT_EQ(test, unreserved(test, TYPES_OF(E820_TYPE_RESERVED, E820_TYPE_ACPI,
							E820_TYPE_RESERVED), 3), PIECE_AT(1));
	KUNIT_EXPECT_EQ(test, unreserved(test, TYPES_OF(E820_TYPE_RESERVED, 0,
							E820_TYPE_RESERVED), 3), PIECE_AT(1));
	KUNIT_EXPECT_EQ(test, unreserved(test, TYPES_OF(0), 1), PIECE_AT(0));
}

/* An entry larger than the region, and a region that begins within one */
static void edges(struct kunit *test)
{
	struct e820_table *map = kunit_kzalloc(test, sizeof(*map), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, map);
	map->nr_entries = 1;
	map->entries[0] = (struct e820_entry) {
		.addr = FIRST, .size = PIECE, .type = E820_TYPE_RESERVED,
	};
	KUNIT_EXPECT_EQ(test, vtd_memory_unreserved(map, FIRST + 0x1000, FIRST + 0x1fff),
			PIECE_AT(1));
	KUNIT_EXPECT_EQ(test, vtd_memory_unreserved(map, FIRST - 0x1000, FIRST + 0x1fff),
			FIRST - 0x1000);
	KUNIT_EXPECT_EQ(test, vtd_memory_unreserved(map, FIRST + 0x1000, PIECE_AT(1)),
			PIECE_AT(1));
}

static struct kunit_case memory_map_cases[] = {
	KUNIT_CASE(all_of_it_is_reserved),
	KUNIT_CASE(a_part_is_not),
	KUNIT_CASE(edges),
	{}
};

static struct kunit_suite memory_map_suite = {
	.name = "vtd_memory_map",
	.test_cases = memory_map_cases,
};

kunit_test_suite(memory_map_suite);

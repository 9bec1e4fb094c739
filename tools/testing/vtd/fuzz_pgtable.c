// SPDX-License-Identifier: GPL-2.0
/*
 * A stream of operations on the page-table engine, against the array.
 * Two bytes choose the shape; then eight bytes an operation: what, where, how
 * long, to where.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Coverage is of the engine; the judges are only slowed down by it */
#pragma clang attribute push(__attribute__((no_sanitize("coverage"))), apply_to = function)
#include "model.c"
#pragma clang attribute pop
#include "pgtable/pgtable.c"
#include "pgtable/first.c"
#pragma clang attribute push(__attribute__((no_sanitize("coverage"))), apply_to = function)
#include "pgtable_oracle.h"
#pragma clang attribute pop

#define OPS_MAX	32u

/* Addresses and sizes near the boundaries of tables are the interesting ones */
static u64 fuzz_number(u8 unit, u8 count, u8 pages)
{
	static const u64 units[] = { 0x1000, 0x10000, 0x200000, 0x40000000 };

	return units[unit & 3] * count + 0x1000 * (pages & 15) - 0x1000 * (pages >> 4);
}

/* Looking at each 8th state finds what looking at all would, in more runs */
static void fuzz_observe(void)
{
	static unsigned int count;

	if (count++ % 8 == 0)
		o_observe();
}

static void fuzz_fail(void)
{
	fflush(stdout);
	abort();
}

static void fuzz_one(const u8 *op)
{
	u64 at = fuzz_number(op[0] >> 4, op[1], op[2]) % O_SIZE;
	u64 size = fuzz_number(op[0] >> 6, op[3], op[4]) % O_SIZE;
	u64 phys = at + fuzz_number(op[5], op[6], op[7]) + 0x80000000;

	/* the array costs time by the page */
	if (size > (o_max_leaf == 3 ? 0x40200000 : 0x1000000))
		size &= o_max_leaf == 3 ? 0x401ff000 : 0xfff000;
	if (!size)
		size = 0x1000;
	if (at + size > O_SIZE)
		at = O_SIZE - size;
	if (op[0] & 1 ? !o_try_unmap(o_base + at, size) :
			!o_try_map(o_base + at, phys % (1ull << 45), size, 1 + (op[0] >> 1) % 3))
		fuzz_fail();
}

/* The array cannot tell how far a call comes when memory is short: only rules count */
static void fuzz_starved(const u8 *op)
{
	LIST_HEAD(retired);
	struct vtd_pt_change change = { .retired = &retired };
	u64 at = o_base + fuzz_number(op[0] >> 4, op[1], op[2]) % (O_SIZE / 2);
	u64 size = fuzz_number(op[0] >> 6, op[3] & 15, op[4] & 15), mapped = 0;
	int ret;

	model.fail_after = op[7] & 7;
	ret = vtd_pt_map(&o_pt, at, at, size, VTD_PT_READ | VTD_PT_WRITE, 0, &mapped, &change);
	if (mapped > size || (!ret && mapped != size))
		fuzz_fail();
	if (mapped && vtd_pt_unmap(&o_pt, at, mapped, &change) != mapped)
		fuzz_fail();
	o_flush(&retired);
	if (model_unflushed() || model.bad)
		fuzz_fail();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vtd_pt_config cfg;
	bool starved;

	if (size < 10)
		return 0;
	cfg.levels = 3 + data[0] % 3;
	cfg.max_leaf = 1 + data[0] / 3 % 3;
	cfg.width = 12 + 9 * cfg.levels - (data[1] & 1);
	cfg.coherent = data[1] & 2;
	cfg.node = 0;
	o_first = (data[1] & 0x40) && cfg.levels > 3;
	starved = (data[1] & 0x1c) == 0x1c;
	if (!o_start(&cfg, data[1] & 0x20 ? (1ull << cfg.width) - O_SIZE : 0))
		fuzz_fail();
	model.observe = starved ? NULL : fuzz_observe;
	data += 2;
	size -= 2;
	for (unsigned int i = 0; i < OPS_MAX && size >= 8; i++, data += 8, size -= 8) {
		if (starved)
			fuzz_starved(data);
		else
			fuzz_one(data);
	}
	if (model_unflushed() || !o_stop())
		fuzz_fail();
	return 0;
}

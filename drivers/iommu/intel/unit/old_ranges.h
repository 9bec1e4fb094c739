/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory of the kernel that crashed, as lists of ranges: what may be read of it, and
 * what belongs to this kernel.  Pure.
 */
#ifndef VTD_UNIT_OLD_RANGES_H
#define VTD_UNIT_OLD_RANGES_H

#include <linux/types.h>

/* More segments than the kernel writes into the header of a dump */
#define VTD_OLD_SEGMENTS	16384u

/**
 * struct vtd_range - physical addresses
 * @first: first byte
 * @last: last byte, not below @first
 */
struct vtd_range {
	u64 first;
	u64 last;
};

/**
 * struct vtd_old_memory - what tables of the kernel before may lead to
 * @old: what it had, and what may be read
 * @old_count: of @old
 * @ours: what this kernel has
 * @ours_count: of @ours
 * @read: copies one page from an address that was found to be in @old, and not in
 *	@ours; false if it cannot be read
 */
struct vtd_old_memory {
	struct vtd_range *old;
	unsigned int old_count;
	struct vtd_range *ours;
	unsigned int ours_count;
	bool (*read)(u64 page, void *to);
};

bool vtd_ranges_touch(const struct vtd_range *range, unsigned int count, u64 first, u64 last);
int vtd_old_segments(const void *header, size_t size, size_t *table, size_t *bytes);
unsigned int vtd_old_ranges(const void *table, unsigned int count, struct vtd_range *range);
bool vtd_old_holds(const struct vtd_old_memory *memory, u64 first, u64 last);
const char *vtd_old_page(const struct vtd_old_memory *memory, u64 page, void *to);

#endif /* VTD_UNIT_OLD_RANGES_H */

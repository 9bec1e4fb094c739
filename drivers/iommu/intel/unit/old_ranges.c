// SPDX-License-Identifier: GPL-2.0
/*
 * The header of the dump says what memory the kernel before had: an ELF core whose
 * loadable segments are ranges of it.  It is read as if it came from a stranger: the
 * kernel that left it has crashed.  Pure.
 */

#include <linux/errno.h>
#include <linux/types.h>

#include "hw/entries.h"
#include "unit/old_ranges.h"

/* Where the fields of a 64-bit ELF header stand, and those of a segment */
#define ELF_BYTES		64u
#define ELF_CLASS_AT		4u
#define ELF_CLASS_64		2u
#define ELF_PHOFF_AT		32u
#define ELF_PHENTSIZE_AT	54u
#define ELF_PHNUM_AT		56u
#define SEGMENT_BYTES		56u
#define SEGMENT_TYPE_AT		0u
#define SEGMENT_OFFSET_AT	8u
#define SEGMENT_PADDR_AT	24u
#define SEGMENT_MEMSZ_AT	40u
#define SEGMENT_LOAD		1u

static u64 number_at(const void *bytes, size_t at, size_t size)
{
	const u8 *byte = (const u8 *)bytes + at;
	u64 number = 0;

	while (size--)
		number = number << 8 | byte[size];
	return number;
}

/**
 * vtd_ranges_touch - is any byte of a range in one of a list
 * @range: the list
 * @count: how long it is
 * @first: first byte
 * @last: last byte
 *
 * Context: any.
 */
bool vtd_ranges_touch(const struct vtd_range *range, unsigned int count, u64 first, u64 last)
{
	for (; count--; range++)
		if (first <= range->last && range->first <= last)
			return true;
	return false;
}

/**
 * vtd_old_segments - where the header of a dump has its segments
 * @header: its first bytes
 * @size: how many there are
 * @table: set to the offset of the table of segments
 * @bytes: set to the size of the table
 *
 * Context: any.
 * Return: how many segments there are; -EINVAL if it is no such header.
 */
int vtd_old_segments(const void *header, size_t size, size_t *table, size_t *bytes)
{
	static const u8 magic[] = { 0x7f, 'E', 'L', 'F', ELF_CLASS_64 };
	u64 at, count;
	size_t i;

	if (size < ELF_BYTES)
		return -EINVAL;
	for (i = 0; i < sizeof(magic); i++)
		if (number_at(header, i, 1) != magic[i])
			return -EINVAL;
	at = number_at(header, ELF_PHOFF_AT, 8);
	count = number_at(header, ELF_PHNUM_AT, 2);
	if (number_at(header, ELF_PHENTSIZE_AT, 2) != SEGMENT_BYTES || at < ELF_BYTES ||
	    at > VTD_PAGE_SIZE || !count || count > VTD_OLD_SEGMENTS)
		return -EINVAL;
	*table = at;
	*bytes = count * SEGMENT_BYTES;
	return count;
}

/**
 * vtd_old_ranges - the memory that the segments of a dump stand for
 * @table: the table, @count segments long
 * @count: from vtd_old_segments()
 * @range: filled, room for @count
 *
 * A segment whose bytes are kept elsewhere (the lowest memory, which this kernel uses)
 * is no memory to look for tables in.  Nor is one that goes round the end.
 *
 * Context: any.
 * Return: how many there are.
 */
unsigned int vtd_old_ranges(const void *table, unsigned int count, struct vtd_range *range)
{
	unsigned int found = 0;
	u64 first, size;

	for (; count--; table = (const u8 *)table + SEGMENT_BYTES) {
		first = number_at(table, SEGMENT_PADDR_AT, 8);
		size = number_at(table, SEGMENT_MEMSZ_AT, 8);
		if (number_at(table, SEGMENT_TYPE_AT, 4) != SEGMENT_LOAD || !size ||
		    number_at(table, SEGMENT_OFFSET_AT, 8) != first || first + size - 1 < first)
			continue;
		range[found++] = (struct vtd_range) { first, first + size - 1 };
	}
	return found;
}

static bool inside(const struct vtd_range *range, unsigned int count, u64 first, u64 last)
{
	for (; count--; range++)
		if (range->first <= first && last <= range->last)
			return true;
	return false;
}

/**
 * vtd_old_holds - is a range memory of the kernel before, and not of this one
 * @memory: what there is
 * @first: first byte
 * @last: last byte
 *
 * Context: any.
 */
bool vtd_old_holds(const struct vtd_old_memory *memory, u64 first, u64 last)
{
	return first <= last && inside(memory->old, memory->old_count, first, last) &&
	       !vtd_ranges_touch(memory->ours, memory->ours_count, first, last);
}

/**
 * vtd_old_page - read a page of the kernel before, if that is what it is
 * @memory: what there is
 * @page: its address, as some table has it
 * @to: filled, one page
 *
 * Context: as @memory's read.
 * Return: NULL, or a phrase that says why not: nothing was read.
 */
const char *vtd_old_page(const struct vtd_old_memory *memory, u64 page, void *to)
{
	u64 last = page + VTD_PAGE_SIZE - 1;

	if (page & (VTD_PAGE_SIZE - 1) || last < page)
		return "a table is at no page";
	if (vtd_ranges_touch(memory->ours, memory->ours_count, page, last))
		return "a table is in this kernel's memory";
	if (!inside(memory->old, memory->old_count, page, last))
		return "a table is not in memory of the kernel before";
	return memory->read(page, to) ? NULL : "a table cannot be read";
}

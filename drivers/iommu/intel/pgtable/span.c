// SPDX-License-Identifier: GPL-2.0
/* Ranges as naturally aligned power-of-two blocks of pages.  Pure. */
#include <linux/bitops.h>
#include <linux/types.h>

#include "hw/entries.h"
#include "pgtable/span.h"

/* All of the address space, and more than any shift may be by */
#define SPAN_ORDER_ALL	(64 - VTD_PAGE_SHIFT)

/**
 * vtd_span_cover - the smallest aligned block that holds a range
 * @first: first byte
 * @last: last byte, not below @first
 * @addr: where the block starts
 *
 * Return: log2 of its number of 4 KiB pages, 0 to 52.
 */
u8 vtd_span_cover(u64 first, u64 last, u64 *addr)
{
	unsigned int order = fls64((first ^ last) >> VTD_PAGE_SHIFT);

	*addr = order < SPAN_ORDER_ALL ?
		first & (~0ull << (order + VTD_PAGE_SHIFT)) : 0;
	return order;
}

/**
 * vtd_span_split - the fewest aligned blocks that make up a range exactly
 * @first: first byte; rounded down to a page
 * @last: last byte, not below @first; rounded up to the end of its page
 * @max_order: largest order a block may have, less than 52
 * @span: filled in ascending order
 * @room: how many fit into @span
 *
 * Return: how many blocks, or 0 when @room is too small (then @span holds
 * the first @room of them).
 */
unsigned int vtd_span_split(u64 first, u64 last, u8 max_order,
			    struct vtd_span *span, unsigned int room)
{
	u64 page = first >> VTD_PAGE_SHIFT;
	u64 end = (last >> VTD_PAGE_SHIFT) + 1;
	unsigned int count = 0;

	while (page < end) {
		unsigned int order = fls64(end - page) - 1;

		if (page && __ffs(page) < order)
			order = __ffs(page);
		if (order > max_order)
			order = max_order;
		if (count == room)
			return 0;
		span[count].addr = page << VTD_PAGE_SHIFT;
		span[count].order = order;
		count++;
		page += 1ull << order;
	}
	return count;
}

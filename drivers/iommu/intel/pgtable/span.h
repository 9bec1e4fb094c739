/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A range of pages as invalidation requests want it: power-of-two blocks,
 * naturally aligned.  Pure.
 */
#ifndef VTD_PGTABLE_SPAN_H
#define VTD_PGTABLE_SPAN_H

#include <linux/types.h>

/**
 * struct vtd_span - a naturally aligned block of 2^@order pages
 * @addr: first address
 * @order: log2 of the number of 4 KiB pages
 */
struct vtd_span {
	u64 addr;
	u8 order;
};

u8 vtd_span_cover(u64 first, u64 last, u64 *addr);
unsigned int vtd_span_split(u64 first, u64 last, u8 max_order,
			    struct vtd_span *span, unsigned int room);

#endif /* VTD_PGTABLE_SPAN_H */

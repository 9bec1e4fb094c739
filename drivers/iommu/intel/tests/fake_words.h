/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of the queue ask a unit for. */
#ifndef VTD_TESTS_FAKE_WORDS_H
#define VTD_TESTS_FAKE_WORDS_H

#include <linux/types.h>

#include "hw/descriptors.h"

/* Page @n of domain 1, with its tables: descriptors that can be told apart */
static inline struct vtd_desc page(u32 n)
{
	return vtd_desc_iotlb_pages(1, 0, (u64)n << 12, 0, true);
}

/* A page out of the TLB of device @sid */
static inline struct vtd_desc device(u16 sid)
{
	return vtd_desc_dev_tlb(sid, sid, 4, 0x5000, 0);
}

#endif /* VTD_TESTS_FAKE_WORDS_H */

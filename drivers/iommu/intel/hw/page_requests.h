/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a unit puts into its page request queue: requests of 256 bits (specification
 * section 7.4.1.1).  Header only.
 */
#ifndef VTD_HW_PAGE_REQUESTS_H
#define VTD_HW_PAGE_REQUESTS_H

#include <linux/bits.h>

/* 64-bit words of one; the upper two are private to the device, or zero */
#define VTD_PRQ_WORDS		4u
#define VTD_PRQ_BYTES		(VTD_PRQ_WORDS * 8u)

/* Word 0 */
#define VTD_PRQ_TYPE		GENMASK_ULL(7, 0)
#define VTD_PRQ_TYPE_PAGE	1u
#define VTD_PRQ_PP		BIT_ULL(8)
#define VTD_PRQ_SID		GENMASK_ULL(31, 16)
#define VTD_PRQ_PASID		GENMASK_ULL(51, 32)
#define VTD_PRQ_EXR		BIT_ULL(52)
#define VTD_PRQ_PMR		BIT_ULL(53)

/* Word 1 */
#define VTD_PRQ_RD		BIT_ULL(0)
#define VTD_PRQ_WR		BIT_ULL(1)
#define VTD_PRQ_LPIG		BIT_ULL(2)
#define VTD_PRQ_PRGI		GENMASK_ULL(11, 3)
#define VTD_PRQ_ADDR		GENMASK_ULL(63, 12)

#endif /* VTD_HW_PAGE_REQUESTS_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Interrupt remapping: the entry that a unit looks up (sections 9.9 and 9.10),
 * the register that points to the table (11.4.11), and the request that a device
 * sends (5.1.2.2).  Header only.
 */
#ifndef VTD_HW_INTERRUPTS_H
#define VTD_HW_INTERRUPTS_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/types.h>

/* A table is whole pages, so that each is aligned for a store of 128 bits */
struct vtd_irte {
	u64 lo;
	u64 hi;
};

static_assert(sizeof(struct vtd_irte) == 16);

/* Low word, both formats */
#define VTD_IRTE_P		BIT_ULL(0)
#define VTD_IRTE_FPD		BIT_ULL(1)
#define VTD_IRTE_IM		BIT_ULL(15)		/* 1: posted */
#define VTD_IRTE_V		GENMASK_ULL(23, 16)
/* Low word, remapped */
#define VTD_IRTE_DM		BIT_ULL(2)		/* 1: logical */
#define VTD_IRTE_RH		BIT_ULL(3)
#define VTD_IRTE_TM		BIT_ULL(4)		/* 1: level */
#define VTD_IRTE_DLM		GENMASK_ULL(7, 5)
#define VTD_IRTE_DST		GENMASK_ULL(63, 32)	/* x2apic mode */
#define VTD_IRTE_DST_XAPIC	GENMASK_ULL(47, 40)
/* Low word, posted */
#define VTD_IRTE_URG		BIT_ULL(14)
#define VTD_IRTE_PDAL		GENMASK_ULL(63, 38)	/* descriptor address 31:6 */
/* High word, both formats */
#define VTD_IRTE_SID		GENMASK_ULL(15, 0)
#define VTD_IRTE_SQ		GENMASK_ULL(17, 16)
#define VTD_IRTE_SVT		GENMASK_ULL(19, 18)
/* High word, posted */
#define VTD_IRTE_PDAH		GENMASK_ULL(63, 32)	/* descriptor address 63:32 */

/* SVT: what of the requester id is verified */
#define VTD_SVT_NONE		0u
#define VTD_SVT_ID		1u	/* as SQ says */
#define VTD_SVT_BUS		2u	/* SID holds first and last bus */

/* SQ: function bits that do not count */
#define VTD_SQ_ALL		0u	/* every bit counts */
#define VTD_SQ_NOT_2_0		3u	/* any function of the device */

/* IRTA */
#define VTD_IRTA_IRTA		GENMASK_ULL(63, 12)
#define VTD_IRTA_EIME		BIT_ULL(11)
#define VTD_IRTA_S		GENMASK_ULL(3, 0)	/* 2^(S + 1) entries */

/* Request in remappable format: address and data */
#define VTD_REQUEST_BASE	0xfee00000u
#define VTD_REQUEST_INDEX	GENMASK(19, 5)		/* handle 14:0 */
#define VTD_REQUEST_FORMAT	BIT(4)
#define VTD_REQUEST_SHV		BIT(3)
#define VTD_REQUEST_INDEX_15	BIT(2)
#define VTD_REQUEST_SUBHANDLE	GENMASK(15, 0)

#endif /* VTD_HW_INTERRUPTS_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Entries that a unit reads from memory: root, context, PASID and paging entries of both
 * stages (specification chapter 9).  All are little endian 64-bit words.
 * Header only.
 */
#ifndef VTD_HW_ENTRIES_H
#define VTD_HW_ENTRIES_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/types.h>

#define VTD_PAGE_SHIFT		12
#define VTD_PAGE_SIZE		BIT_ULL(VTD_PAGE_SHIFT)
#define VTD_LEVEL_BITS		9
#define VTD_TABLE_ENTRIES	512u
/* What AW of context and PASID entries counts from */
#define VTD_LEVELS_MIN		2u

/* Bit 0 of word 0 says "present" in entries of every kind */
#define VTD_ENTRY_P		BIT_ULL(0)

/*
 * Sections 9.1 and 9.2: one entry a bus; 256 in the table.  In scalable mode each
 * half has a table of its own, for devices 0 to 15 and 16 to 31.
 */
struct vtd_root_entry {
	u64 lo;		/* present, context-table pointer */
	u64 hi;		/* the same for the upper half; reserved in legacy mode */
};

#define VTD_ROOT_P		BIT_ULL(0)
#define VTD_ROOT_CTP		GENMASK_ULL(63, 12)

/* Section 9.3: one entry a device and function; 256 in a table */
struct vtd_context_entry {
	u64 lo;
	u64 hi;
};

#define VTD_CTX_LO_P		BIT_ULL(0)
#define VTD_CTX_LO_FPD		BIT_ULL(1)
#define VTD_CTX_LO_TT		GENMASK_ULL(3, 2)
#define VTD_CTX_LO_SSPTPTR	GENMASK_ULL(63, 12)
#define VTD_CTX_HI_AW		GENMASK_ULL(2, 0)	/* levels - 2 */
#define VTD_CTX_HI_DID		GENMASK_ULL(23, 8)

/* CTX.TT */
#define VTD_TT_MULTI_LEVEL	0u	/* no device TLB: translated requests blocked */
#define VTD_TT_DEV_TLB		1u	/* with translation requests from the device */
#define VTD_TT_PASS_THROUGH	2u

/* Section 9.4: context entry of scalable mode, four words; 128 in a table */
#define VTD_SMCTX_P		BIT_ULL(0)
#define VTD_SMCTX_FPD		BIT_ULL(1)
#define VTD_SMCTX_DTE		BIT_ULL(2)	/* translation requests from the device */
#define VTD_SMCTX_PASIDE	BIT_ULL(3)	/* requests with PASID */
#define VTD_SMCTX_PRE		BIT_ULL(4)	/* page requests */
#define VTD_SMCTX_PDTS		GENMASK_ULL(11, 9)	/* 2^(PDTS + 7) in the directory */
#define VTD_SMCTX_PASIDDIRPTR	GENMASK_ULL(63, 12)

/* Section 9.5: PASID directory entry, one word; 64 PASIDs below each */
#define VTD_PASIDDIR_P		BIT_ULL(0)
#define VTD_PASIDDIR_SMPTBLPTR	GENMASK_ULL(63, 12)

/* Section 9.6: PASID entry, eight words; the first three */
#define VTD_PASID_P		BIT_ULL(0)
#define VTD_PASID_FPD		BIT_ULL(1)
#define VTD_PASID_AW		GENMASK_ULL(4, 2)	/* levels - VTD_LEVELS_MIN */
#define VTD_PASID_PGTT		GENMASK_ULL(8, 6)
#define VTD_PASID_SSADE		BIT_ULL(9)	/* the unit sets A and D */
#define VTD_PASID_SSPTPTR	GENMASK_ULL(63, 12)
#define VTD_PASID_DID		GENMASK_ULL(15, 0)	/* word 1 */
#define VTD_PASID_PWSNP		BIT_ULL(23)		/* word 1 */
#define VTD_PASID_PGSNP		BIT_ULL(24)		/* word 1 */
#define VTD_PASID_FSPM		GENMASK_ULL(3, 2)	/* word 2: levels - 4 */
#define VTD_PASID_FSPTPTR	GENMASK_ULL(63, 12)	/* word 2 */

/* PASID.PGTT */
#define VTD_PGTT_FIRST		1u
#define VTD_PGTT_SECOND		2u
#define VTD_PGTT_NESTED		3u
#define VTD_PGTT_PASS_THROUGH	4u

/* Section 9.7: first-stage paging entries, all levels */
#define VTD_FS_P		BIT_ULL(0)
#define VTD_FS_RW		BIT_ULL(1)
#define VTD_FS_US		BIT_ULL(2)
#define VTD_FS_A		BIT_ULL(5)	/* set by the unit: used ... */
#define VTD_FS_D		BIT_ULL(6)	/* ... leaf: written through */
#define VTD_FS_PS		BIT_ULL(7)	/* leaf above level 1 */
#define VTD_FS_ADDR		GENMASK_ULL(51, 12)

/* Section 9.8: second-stage paging entries, all levels */
#define VTD_SS_R		BIT_ULL(0)
#define VTD_SS_W		BIT_ULL(1)
#define VTD_SS_PS		BIT_ULL(7)	/* leaf above level 1 */
#define VTD_SS_A		BIT_ULL(8)	/* set by the unit with SSADE: used ... */
#define VTD_SS_D		BIT_ULL(9)	/* ... leaf: written through */
#define VTD_SS_SNP		BIT_ULL(11)	/* leaf; reserved unless ECAP.SC */
#define VTD_SS_ADDR		GENMASK_ULL(51, 12)

static_assert(sizeof(struct vtd_root_entry) == 16);
static_assert(sizeof(struct vtd_context_entry) == 16);

#endif /* VTD_HW_ENTRIES_H */

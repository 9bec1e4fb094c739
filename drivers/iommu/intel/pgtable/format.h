/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an entry looks like, as constants.  The walker in pgtable.c takes a
 * pointer to one of these and is inlined with it, so a format costs nothing
 * at run time.  Pure.
 */
#ifndef VTD_PGTABLE_FORMAT_H
#define VTD_PGTABLE_FORMAT_H

#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/types.h>

#include "hw/entries.h"

/*
 * Kept by software in entries that point to a table; units ignore bits 10:9
 * there (section 9.8).  Set once the entry itself is known to be in memory.
 * Where walks are not coherent, whoever maps below an entry without it flushes
 * that entry first: the one who linked the table may not have come so far.
 */
#define VTD_PT_SYNCED	BIT_ULL(10)

/**
 * struct vtd_pt_format - bits of an entry
 * @link: set in an entry that points to a table, besides %VTD_PT_SYNCED
 * @large: tells a leaf from a link above level 1
 * @addr: where the address is
 * @read: the leaf allows reads
 * @write: the leaf allows writes
 * @snoop: accesses through the leaf snoop
 * @dirty: the leaf was written through, if the unit is told to say so
 */
struct vtd_pt_format {
	u64 link;
	u64 large;
	u64 addr;
	u64 read;
	u64 write;
	u64 snoop;
	u64 dirty;
};

/* Section 9.8.  There is no present bit: R or W makes an entry present. */
static const struct vtd_pt_format vtd_pt_second_stage __maybe_unused = {
	.link = VTD_SS_R | VTD_SS_W,
	.large = VTD_SS_PS,
	.addr = VTD_SS_ADDR,
	.read = VTD_SS_R,
	.write = VTD_SS_W,
	.snoop = VTD_SS_SNP,
	.dirty = VTD_SS_D,
};

/* Bits of address below those that index a table of @level */
static inline unsigned int vtd_pt_shift(unsigned int level)
{
	return VTD_PAGE_SHIFT + VTD_LEVEL_BITS * (level - 1);
}

#endif /* VTD_PGTABLE_FORMAT_H */

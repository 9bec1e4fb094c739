/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an entry looks like, as constants.  The walker in engine.h takes a
 * pointer to one of these and is inlined with it, so a format costs nothing
 * at run time.  Pure.
 */
#ifndef VTD_PGTABLE_FORMAT_H
#define VTD_PGTABLE_FORMAT_H

#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/types.h>

#include "hw/entries.h"
#include "pgtable/pgtable.h"

/**
 * struct vtd_pt_format - bits of an entry
 * @link: set in an entry that points to a table, besides @synced
 * @synced: kept by software in such an entry, ignored by units: set once the entry itself
 *	is known to be in memory.  Where walks are not coherent, whoever maps below an
 *	entry without it flushes that entry first: the one who linked the table may not
 *	have come so far
 * @large: tells a leaf from a link above level 1
 * @addr: where the address is
 * @leaf: set in each leaf
 * @read: the leaf allows reads
 * @write: the leaf allows writes
 * @snoop: accesses through the leaf snoop
 * @accessed: the unit went through the leaf, likewise
 * @dirty: the leaf was written through, if the unit is told to say so; 0 where it never is
 */
struct vtd_pt_format {
	u64 link;
	u64 synced;
	u64 large;
	u64 addr;
	u64 leaf;
	u64 read;
	u64 write;
	u64 snoop;
	u64 accessed;
	u64 dirty;
};

/*
 * Section 9.8.  There is no present bit: R or W makes an entry present.  Bits 10:9 are
 * ignored in links.
 */
static const struct vtd_pt_format vtd_pt_second_stage __maybe_unused = {
	.link = VTD_SS_R | VTD_SS_W,
	.synced = BIT_ULL(10),
	.large = VTD_SS_PS,
	.addr = VTD_SS_ADDR,
	.read = VTD_SS_R,
	.write = VTD_SS_W,
	.snoop = VTD_SS_SNP,
	.accessed = VTD_SS_A,
	.dirty = VTD_SS_D,
};

/*
 * Section 9.7.  Devices' requests are a user's.  A unit sets A and D in what it goes
 * through; all of them are set from the beginning, because one that does not snoop its
 * walks may not (it faults).  What can be written can be read.  Bit 9 is ignored.
 */
static const struct vtd_pt_format vtd_pt_first_stage __maybe_unused = {
	.link = VTD_FS_P | VTD_FS_RW | VTD_FS_US | VTD_FS_A,
	.synced = BIT_ULL(9),
	.large = VTD_FS_PS,
	.addr = VTD_FS_ADDR,
	.leaf = VTD_FS_P | VTD_FS_US | VTD_FS_A,
	.read = VTD_FS_P,
	.write = VTD_FS_RW | VTD_FS_D,
};

/* For whom a choice at run time costs nothing that counts */
static inline const struct vtd_pt_format *vtd_pt_format_of(const struct vtd_pgtable *pt)
{
	return pt->cfg.first_stage ? &vtd_pt_first_stage : &vtd_pt_second_stage;
}

/* Bits of address below those that index a table of @level */
static inline unsigned int vtd_pt_shift(unsigned int level)
{
	return VTD_PAGE_SHIFT + VTD_LEVEL_BITS * (level - 1);
}

#endif /* VTD_PGTABLE_FORMAT_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What one unit can do, decoded once from CAP and ECAP.  Pure.  Nothing here
 * is ever combined over several units: mixed machines are normal.
 */
#ifndef VTD_UNIT_CAPS_H
#define VTD_UNIT_CAPS_H

#include <linux/types.h>

/**
 * struct vtd_caps - capabilities of a unit
 * @width: MGAW as a number of bits, 1 to 64: guest addresses at or above
 *	2^@width fault
 * @levels: bit n set: second-stage tables of n levels are walked (3, 4, 5); 0:
 *	it cannot translate DMA
 * @max_leaf: highest level that may hold a leaf: 1 (4 KiB), 2 (2 MiB),
 *	3 (1 GiB)
 * @domain_ids: number of domain ids; ids 0 .. @domain_ids - 1 exist
 * @fault_records: number of fault recording registers, at least 1
 * @fault_offset: of the first one, in bytes from the window's start
 * @iotlb_offset: of the IVA/IOTLB register pair, in bytes
 * @max_mask: CAP.MAMV: largest address mask of a page-selective invalidation
 * @drain: VTD_DESC_IOTLB_DR and _DW as far as CAP.DRD and CAP.DWD allow, ready
 *	to be or-ed into an IOTLB descriptor
 * @coherent: ECAP.C: the unit snoops the CPU's caches when it looks up root, context,
 *	PASID and interrupt entries, and, in legacy mode, when it walks page tables
 * @psi: page-selective invalidation works
 * @caching_mode: CAP.CM: entries that were not present may be cached too
 * @write_flush: CAP.RWBF: the write buffer must be flushed after updates
 * @qi: queued invalidation
 * @dev_tlb: ECAP.DT: devices may hold translations (ATS)
 * @pass_through: context entries may say pass-through
 * @snoop_control: SNP may be set in leaf entries
 * @zero_length_read: CAP.ZLR
 * @low_protected: CAP.PLMR
 * @high_protected: CAP.PHMR
 * @scalable: ECAP.SMTS
 * @second_stage: ECAP.SSTS: second-stage tables are walked in scalable mode, too
 * @first_stage: ECAP.FSTS: first-stage tables are walked in scalable mode
 * @fs_levels: most levels of these, 4 or 5
 * @fs_leaf: highest level of these that may hold a leaf, as @max_leaf; 2 MiB pages are
 *	always there
 * @snoop_walks: ECAP.SMPWCS: as @coherent, for page tables in scalable mode
 * @walks_coherent: the unit snoops the CPU's caches when it walks page tables: @coherent
 *	until the unit's mode is known (vtd_policy_scalable())
 * @dirty: ECAP.SLADS, ECAP.SSTS and ECAP.SMPWCS: in scalable mode the unit says in second-stage
 *	leaves that they were written through, and the CPU sees that
 * @pasid_bits: ECAP.PSS: width of the PASIDs of requests, 0 without ECAP.PASID
 * @page_requests: ECAP.PRS: devices may ask for pages, in scalable mode
 * @page_drain: ECAP.PDS: what they asked, and the answers, can be waited for
 * @int_remap: ECAP.IR
 * @x2apic: ECAP.EIM: interrupts can go to any of 2^32 APIC ids
 * @posted: CAP.PI: interrupts can be posted
 * @table_flushes: CAP.ESIRTPS: all interrupt entries are forgotten when the unit
 *	takes the pointer to their table
 * @handle_mask: ECAP.MHMV: largest mask of an interrupt entry invalidation
 */
struct vtd_caps {
	u8 width;
	u8 levels;
	u8 max_leaf;
	u32 domain_ids;
	u32 fault_records;
	u32 fault_offset;
	u32 iotlb_offset;
	u8 max_mask;
	u64 drain;
	bool coherent;
	bool psi;
	bool caching_mode;
	bool write_flush;
	bool qi;
	bool dev_tlb;
	bool pass_through;
	bool snoop_control;
	bool zero_length_read;
	bool low_protected;
	bool high_protected;
	bool scalable;
	bool second_stage;
	bool first_stage;
	u8 fs_levels;
	u8 fs_leaf;
	bool snoop_walks;
	bool walks_coherent;
	bool dirty;
	u8 pasid_bits;
	bool page_requests;
	bool page_drain;
	bool int_remap;
	bool x2apic;
	bool posted;
	bool table_flushes;
	u8 handle_mask;
};

void vtd_caps_decode(struct vtd_caps *caps, u64 cap, u64 ecap);
const char *vtd_caps_check(const struct vtd_caps *caps, u64 window);
u64 vtd_caps_window(const struct vtd_caps *caps);
u8 vtd_caps_levels_for(const struct vtd_caps *caps, u8 width);
u8 vtd_caps_max_levels(const struct vtd_caps *caps);

#endif /* VTD_UNIT_CAPS_H */

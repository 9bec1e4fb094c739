// SPDX-License-Identifier: GPL-2.0
/* What a context entry says (section 9.3): built whole, installed by context.c. */

#include <linux/bitfield.h>
#include <linux/types.h>

#include "context/context.h"
#include "hw/entries.h"

/**
 * vtd_context_translate - image of an entry that walks second-stage tables
 * @root: physical address of the top table
 * @levels: of that table, 3 to 5
 * @did: domain id
 * @dev_tlb: the device may ask for translations (ATS)
 */
struct vtd_context_entry vtd_context_translate(u64 root, u8 levels, u16 did,
					       bool dev_tlb)
{
	return (struct vtd_context_entry) {
		.lo = VTD_CTX_LO_P | (root & VTD_CTX_LO_SSPTPTR) |
		      FIELD_PREP(VTD_CTX_LO_TT, dev_tlb ? VTD_TT_DEV_TLB :
							  VTD_TT_MULTI_LEVEL),
		.hi = FIELD_PREP(VTD_CTX_HI_AW, levels - 2) |
		      FIELD_PREP(VTD_CTX_HI_DID, did),
	};
}

/**
 * vtd_context_pass_through - image of an entry that translates nothing
 * @levels: the most that the unit walks: AW must name the largest width
 * @did: domain id
 */
struct vtd_context_entry vtd_context_pass_through(u8 levels, u16 did)
{
	return (struct vtd_context_entry) {
		.lo = VTD_CTX_LO_P | FIELD_PREP(VTD_CTX_LO_TT, VTD_TT_PASS_THROUGH),
		.hi = FIELD_PREP(VTD_CTX_HI_AW, levels - 2) |
		      FIELD_PREP(VTD_CTX_HI_DID, did),
	};
}

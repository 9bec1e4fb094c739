// SPDX-License-Identifier: GPL-2.0
/* CAP and ECAP (specification sections 11.4.2 and 11.4.3) decoded.  Pure. */
#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/types.h>

#include "hw/descriptors.h"
#include "hw/entries.h"
#include "hw/registers.h"
#include "unit/caps.h"

/* Five levels reach no further, and no unit in the field has less than 36 */
#define VTD_WIDTH_MAX	57
#define VTD_WIDTH_MIN	30

/* One that takes page requests has some more behind that */
#define VTD_PAGES_END	(VTD_PEUADDR + 4u)

/* The last register with a fixed offset that every revision has is IRTA */
#define VTD_FIXED_END	(VTD_IRTA + 8u)

static u64 caps_faults_end(const struct vtd_caps *caps)
{
	return caps->fault_offset + (u64)caps->fault_records * VTD_FRCD_SIZE;
}

static u64 caps_iotlb_end(const struct vtd_caps *caps)
{
	return caps->iotlb_offset + VTD_IOTLB_OFFSET + sizeof(u64);
}

/* Answers go through the queue, and so does the flush before a page is looked for again */
static bool caps_page_requests(u64 cap, u64 ecap)
{
	return (ecap & VTD_ECAP_QI) && (ecap & VTD_ECAP_SMTS) && (ecap & VTD_ECAP_DT) &&
	       (ecap & VTD_ECAP_PRS) &&
	       FIELD_GET(VTD_CAP_FRO, cap) * 16u >= VTD_PAGES_END &&
	       FIELD_GET(VTD_ECAP_IRO, ecap) * 16u >= VTD_PAGES_END;
}

/**
 * vtd_caps_decode - fill in what a unit can do
 * @caps: filled in, every field
 * @cap: CAP as read
 * @ecap: ECAP as read
 *
 * Takes any two numbers; vtd_caps_check() says whether they make sense.
 *
 * Context: any.
 */
void vtd_caps_decode(struct vtd_caps *caps, u64 cap, u64 ecap)
{
	u32 nd = FIELD_GET(VTD_CAP_ND, cap);
	u32 sizes = FIELD_GET(VTD_CAP_SSLPS, cap);
	bool qi = ecap & VTD_ECAP_QI;

	*caps = (struct vtd_caps) {
		.width = FIELD_GET(VTD_CAP_MGAW, cap) + 1,
		/* SAGAW counts from 2 levels, which no longer exist, upwards */
		.levels = (FIELD_GET(VTD_CAP_SAGAW, cap) << 2) &
			  (BIT(3) | BIT(4) | BIT(5)),
		.max_leaf = !(sizes & BIT(0)) ? 1 : !(sizes & BIT(1)) ? 2 : 3,
		/* ND = 7 is reserved: a domain id has 16 bits */
		.domain_ids = 1u << (4 + 2 * (nd > 6 ? 6 : nd)),
		.fault_records = FIELD_GET(VTD_CAP_NFR, cap) + 1,
		.fault_offset = FIELD_GET(VTD_CAP_FRO, cap) * 16u,
		.iotlb_offset = FIELD_GET(VTD_ECAP_IRO, ecap) * 16u,
		.max_mask = FIELD_GET(VTD_CAP_MAMV, cap),
		.drain = (cap & VTD_CAP_DRD ? VTD_DESC_IOTLB_DR : 0) |
			 (cap & VTD_CAP_DWD ? VTD_DESC_IOTLB_DW : 0),
		.coherent = ecap & VTD_ECAP_C,
		.psi = cap & VTD_CAP_PSI,
		.caching_mode = cap & VTD_CAP_CM,
		.write_flush = cap & VTD_CAP_RWBF,
		.qi = qi,
		/* Neither works without the queue (section 11.4.3) */
		.dev_tlb = qi && (ecap & VTD_ECAP_DT),
		.int_remap = qi && (ecap & VTD_ECAP_IR),
		.x2apic = qi && (ecap & VTD_ECAP_IR) && (ecap & VTD_ECAP_EIM),
		.posted = qi && (ecap & VTD_ECAP_IR) && (cap & VTD_CAP_PI),
		.table_flushes = cap & VTD_CAP_ESIRTPS,
		.handle_mask = FIELD_GET(VTD_ECAP_MHMV, ecap),
		.pass_through = ecap & VTD_ECAP_PT,
		.snoop_control = ecap & VTD_ECAP_SC,
		.zero_length_read = cap & VTD_CAP_ZLR,
		.low_protected = cap & VTD_CAP_PLMR,
		.high_protected = cap & VTD_CAP_PHMR,
		.scalable = ecap & VTD_ECAP_SMTS,
		.second_stage = ecap & VTD_ECAP_SSTS,
		.first_stage = ecap & VTD_ECAP_FSTS,
		.fs_levels = cap & VTD_CAP_FS5LP ? 5 : 4,
		.fs_leaf = cap & VTD_CAP_FS1GP ? 3 : 2,
		.snoop_walks = ecap & VTD_ECAP_SMPWC,
		.walks_coherent = ecap & VTD_ECAP_C,
		.dirty = (ecap & VTD_ECAP_SLADS) && (ecap & VTD_ECAP_SSTS) &&
			 (ecap & VTD_ECAP_SMPWC),
		.page_requests = caps_page_requests(cap, ecap),
		.page_drain = caps_page_requests(cap, ecap) && (ecap & VTD_ECAP_PDS),
		/* PASIDs have 20 bits (PCIe 6.0, section 6.20) */
		.pasid_bits = !(ecap & VTD_ECAP_PASID) ? 0 :
			      FIELD_GET(VTD_ECAP_PSS, ecap) > 19 ? 20 :
			      FIELD_GET(VTD_ECAP_PSS, ecap) + 1,
	};
}

/**
 * vtd_caps_check - can anything be built on this unit?
 * @caps: decoded
 * @window: bytes of the register window that are, or can be, mapped
 *
 * A unit without page tables (SAGAW is 0: firmware wants no DMA translated) can
 * still remap interrupts; it has no @levels.
 *
 * Context: any.
 * Return: NULL if it can, else one phrase for the log that says why not.
 */
const char *vtd_caps_check(const struct vtd_caps *caps, u64 window)
{
	if (caps->width == 64 && caps->iotlb_offset == 0x3ff0)
		return "its registers read all ones";
	if (caps->width == 1 && !caps->levels && !caps->iotlb_offset)
		return "its registers read zero";
	if (caps->levels && caps->width > VTD_WIDTH_MAX)
		return "its address width is beyond 57 bits";
	if (caps->levels && caps->width < VTD_WIDTH_MIN)
		return "its address width is below 30 bits";
	if (caps->fault_offset < VTD_FIXED_END)
		return "its fault records lie over other registers";
	if (caps->iotlb_offset < VTD_FIXED_END)
		return "its IOTLB registers lie over other registers";
	if (caps_faults_end(caps) > window)
		return "its fault records lie outside its window";
	if (caps_iotlb_end(caps) > window)
		return "its IOTLB registers lie outside its window";
	return NULL;
}

/**
 * vtd_caps_window - how much of the register window must be mapped
 * @caps: decoded
 *
 * The fault records and the IOTLB registers may lie beyond what firmware says
 * the window is; 20 KiB is the most that CAP and ECAP can express.
 *
 * Context: any.
 * Return: bytes, a multiple of 4 KiB.
 */
u64 vtd_caps_window(const struct vtd_caps *caps)
{
	u64 faults = caps_faults_end(caps);
	u64 iotlb = caps_iotlb_end(caps);
	u64 end = faults > iotlb ? faults : iotlb;

	end = (end + VTD_WINDOW_MIN - 1) & ~(u64)(VTD_WINDOW_MIN - 1);
	return end > VTD_WINDOW_MIN ? end : VTD_WINDOW_MIN;
}

/**
 * vtd_caps_levels_for - how deep page tables for an address width must be
 * @caps: decoded
 * @width: bits of address
 *
 * Context: any.
 * Return: the fewest levels that the unit walks and that cover @width, 0 if
 * it has none.
 */
u8 vtd_caps_levels_for(const struct vtd_caps *caps, u8 width)
{
	for (u8 n = 3; n <= 5; n++)
		if ((caps->levels & BIT(n)) &&
		    VTD_PAGE_SHIFT + n * VTD_LEVEL_BITS >= width)
			return n;
	return 0;
}

/**
 * vtd_caps_max_levels - the deepest page tables that the unit walks
 * @caps: decoded
 *
 * Context: any.
 * Return: 3, 4 or 5; 0 if it walks none.
 */
u8 vtd_caps_max_levels(const struct vtd_caps *caps)
{
	for (u8 n = 5; n >= 3; n--)
		if (caps->levels & BIT(n))
			return n;
	return 0;
}

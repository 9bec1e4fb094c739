/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Descriptors of the invalidation queue, 128-bit format (specification
 * section 6.5.2), and the few helpers that fill them.  Pure: a helper turns
 * its arguments into the two words and looks at nothing else.
 */
#ifndef VTD_HW_DESCRIPTORS_H
#define VTD_HW_DESCRIPTORS_H

#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/types.h>

#include "hw/entries.h"
#include "hw/registers.h"

struct vtd_desc {
	u64 lo;
	u64 hi;
};

static_assert(sizeof(struct vtd_desc) == 16);

/* The type lies in bits 3:0 (and 11:9, zero for all of these) */
#define VTD_DESC_TYPE		GENMASK_ULL(3, 0)
#define VTD_DESC_CONTEXT	1u
#define VTD_DESC_IOTLB		2u
#define VTD_DESC_DEV_TLB	3u
#define VTD_DESC_IEC		4u
#define VTD_DESC_WAIT		5u
#define VTD_DESC_PIOTLB		6u
#define VTD_DESC_PASID		7u
#define VTD_DESC_PASID_TLB	8u
#define VTD_DESC_PAGE_RESPONSE	9u

/* Context cache, section 6.5.2.1 */
#define VTD_DESC_CC_G		GENMASK_ULL(5, 4)
#define VTD_DESC_CC_DID		GENMASK_ULL(31, 16)
#define VTD_DESC_CC_SID		GENMASK_ULL(47, 32)
#define VTD_DESC_CC_FM		GENMASK_ULL(49, 48)

/* IOTLB, section 6.5.2.3 */
#define VTD_DESC_IOTLB_G	GENMASK_ULL(5, 4)
#define VTD_DESC_IOTLB_DW	BIT_ULL(6)
#define VTD_DESC_IOTLB_DR	BIT_ULL(7)
#define VTD_DESC_IOTLB_DID	GENMASK_ULL(31, 16)
#define VTD_DESC_IOTLB_AM	GENMASK_ULL(5, 0)	/* high word */
#define VTD_DESC_IOTLB_IH	BIT_ULL(6)		/* high word */
#define VTD_DESC_IOTLB_ADDR	GENMASK_ULL(63, 12)	/* high word */

/* IOTLB, one PASID, section 6.5.2.4; G, DID and the high word as above */
#define VTD_DESC_PIOTLB_PASID	GENMASK_ULL(51, 32)

/* VTD_DESC_IOTLB_G there: all that is cached of the PASID, pages of it */
#define VTD_INV_PIOTLB_ALL	2u
#define VTD_INV_PIOTLB_PAGES	3u

/* Device TLB, section 6.5.2.5 */
#define VTD_DESC_DT_PFSID_LO	GENMASK_ULL(15, 12)
#define VTD_DESC_DT_MIP		GENMASK_ULL(20, 16)
#define VTD_DESC_DT_SID		GENMASK_ULL(47, 32)
#define VTD_DESC_DT_PFSID_HI	GENMASK_ULL(63, 52)
#define VTD_DESC_DT_S		BIT_ULL(0)		/* high word */
#define VTD_DESC_DT_ADDR	GENMASK_ULL(63, 12)	/* high word */

/* Device TLB, one PASID, section 6.5.2.6; the high word but for S as above */
#define VTD_DESC_PT_MIP		GENMASK_ULL(8, 4)
#define VTD_DESC_PT_PFSID_LO	GENMASK_ULL(15, 12)
#define VTD_DESC_PT_SID		GENMASK_ULL(31, 16)
#define VTD_DESC_PT_PASID	GENMASK_ULL(51, 32)
#define VTD_DESC_PT_PFSID_HI	GENMASK_ULL(63, 52)
#define VTD_DESC_PT_S		BIT_ULL(11)		/* high word */

/* Interrupt entry cache, section 6.5.2.7 */
#define VTD_DESC_IEC_G		BIT_ULL(4)	/* by index, else all */
#define VTD_DESC_IEC_IM		GENMASK_ULL(31, 27)
#define VTD_DESC_IEC_IIDX	GENMASK_ULL(47, 32)

/* PASID cache, section 6.5.2.2 */
#define VTD_DESC_PASID_G	GENMASK_ULL(5, 4)
#define VTD_DESC_PASID_DID	GENMASK_ULL(31, 16)
#define VTD_DESC_PASID_PASID	GENMASK_ULL(51, 32)

/* VTD_DESC_PASID_G: all PASIDs of a domain, one of them, everything */
#define VTD_INV_PASID_DOMAIN	0u
#define VTD_INV_PASID_ONE	1u
#define VTD_INV_PASID_GLOBAL	3u

/* Wait, section 6.5.2.8 */
#define VTD_DESC_WAIT_IF	BIT_ULL(4)
#define VTD_DESC_WAIT_SW	BIT_ULL(5)
#define VTD_DESC_WAIT_FN	BIT_ULL(6)
#define VTD_DESC_WAIT_PD	BIT_ULL(7)	/* drain page requests; reserved unless ECAP.PDS */
#define VTD_DESC_WAIT_DATA	GENMASK_ULL(63, 32)
#define VTD_DESC_WAIT_ADDR	GENMASK_ULL(63, 2)	/* high word */

/* Page group response, section 7.6.1 */
#define VTD_DESC_PR_PP		BIT_ULL(4)
#define VTD_DESC_PR_RC		GENMASK_ULL(15, 12)
#define VTD_DESC_PR_SID		GENMASK_ULL(31, 16)
#define VTD_DESC_PR_PASID	GENMASK_ULL(51, 32)
#define VTD_DESC_PR_PRGI	GENMASK_ULL(11, 3)	/* high word */

/* VTD_DESC_PR_RC; PCIe 6.0, section 10.4.2.1 */
#define VTD_PAGE_SUCCESS	0u	/* look again */
#define VTD_PAGE_INVALID	1u	/* there is no such page for this device */
#define VTD_PAGE_FAILURE	15u	/* the device stops asking at all */

/**
 * vtd_desc_context - invalidate the context cache
 * @gran: VTD_INV_GLOBAL, VTD_INV_DOMAIN or VTD_INV_SELECTIVE
 * @did: domain id, for the two finer ones
 * @sid: requester id, for VTD_INV_SELECTIVE
 */
static inline struct vtd_desc vtd_desc_context(u32 gran, u16 did, u16 sid)
{
	return (struct vtd_desc) {
		.lo = FIELD_PREP(VTD_DESC_TYPE, VTD_DESC_CONTEXT) |
		      FIELD_PREP(VTD_DESC_CC_G, gran) |
		      FIELD_PREP(VTD_DESC_CC_DID, did) |
		      FIELD_PREP(VTD_DESC_CC_SID, sid),
	};
}

/**
 * vtd_desc_pasid - invalidate the PASID cache
 * @gran: VTD_INV_PASID_DOMAIN, VTD_INV_PASID_ONE or VTD_INV_PASID_GLOBAL
 * @did: domain id in the entries, for the two finer ones
 * @pasid: PASID, for VTD_INV_PASID_ONE
 */
static inline struct vtd_desc vtd_desc_pasid(u32 gran, u16 did, u32 pasid)
{
	return (struct vtd_desc) {
		.lo = FIELD_PREP(VTD_DESC_TYPE, VTD_DESC_PASID) |
		      FIELD_PREP(VTD_DESC_PASID_G, gran) |
		      FIELD_PREP(VTD_DESC_PASID_DID, did) |
		      FIELD_PREP(VTD_DESC_PASID_PASID, pasid),
	};
}

/**
 * vtd_desc_iotlb - invalidate the IOTLB, whole or by domain
 * @gran: VTD_INV_GLOBAL or VTD_INV_DOMAIN
 * @did: domain id, for VTD_INV_DOMAIN
 * @drain: CAP.DRD and CAP.DWD as VTD_DESC_IOTLB_DR and VTD_DESC_IOTLB_DW
 */
static inline struct vtd_desc vtd_desc_iotlb(u32 gran, u16 did, u64 drain)
{
	return (struct vtd_desc) {
		.lo = FIELD_PREP(VTD_DESC_TYPE, VTD_DESC_IOTLB) |
		      FIELD_PREP(VTD_DESC_IOTLB_G, gran) |
		      FIELD_PREP(VTD_DESC_IOTLB_DID, did) | drain,
	};
}

/**
 * vtd_desc_iotlb_pages - invalidate 2^@am pages of a domain in the IOTLB
 * @did: domain id
 * @drain: as for vtd_desc_iotlb()
 * @addr: first address, aligned to 2^@am pages
 * @am: address mask, at most CAP.MAMV
 * @leaf: only leaf entries changed (invalidation hint)
 */
static inline struct vtd_desc vtd_desc_iotlb_pages(u16 did, u64 drain, u64 addr,
						   u32 am, bool leaf)
{
	return (struct vtd_desc) {
		.lo = FIELD_PREP(VTD_DESC_TYPE, VTD_DESC_IOTLB) |
		      FIELD_PREP(VTD_DESC_IOTLB_G, VTD_INV_SELECTIVE) |
		      FIELD_PREP(VTD_DESC_IOTLB_DID, did) | drain,
		.hi = (addr & VTD_DESC_IOTLB_ADDR) |
		      FIELD_PREP(VTD_DESC_IOTLB_AM, am) |
		      FIELD_PREP(VTD_DESC_IOTLB_IH, leaf),
	};
}

/**
 * vtd_desc_piotlb - invalidate all that the IOTLB holds of one PASID
 * @did: domain id in the PASID's entry, which leads to first-stage tables
 * @pasid: the PASID, that of requests without one too
 *
 * Requests are drained as far as the unit can (section 6.5.2.4): it is not asked for.
 */
static inline struct vtd_desc vtd_desc_piotlb(u16 did, u32 pasid)
{
	return (struct vtd_desc) {
		.lo = FIELD_PREP(VTD_DESC_TYPE, VTD_DESC_PIOTLB) |
		      FIELD_PREP(VTD_DESC_IOTLB_G, VTD_INV_PIOTLB_ALL) |
		      FIELD_PREP(VTD_DESC_IOTLB_DID, did) |
		      FIELD_PREP(VTD_DESC_PIOTLB_PASID, pasid),
	};
}

/**
 * vtd_desc_piotlb_pages - invalidate 2^@am pages of one PASID in the IOTLB
 * @did: as for vtd_desc_piotlb()
 * @pasid: as for vtd_desc_piotlb()
 * @addr: first address, aligned to 2^@am pages
 * @am: address mask, at most CAP.MAMV
 * @leaf: only leaf entries changed (invalidation hint)
 */
static inline struct vtd_desc vtd_desc_piotlb_pages(u16 did, u32 pasid, u64 addr,
						    u32 am, bool leaf)
{
	return (struct vtd_desc) {
		.lo = FIELD_PREP(VTD_DESC_TYPE, VTD_DESC_PIOTLB) |
		      FIELD_PREP(VTD_DESC_IOTLB_G, VTD_INV_PIOTLB_PAGES) |
		      FIELD_PREP(VTD_DESC_IOTLB_DID, did) |
		      FIELD_PREP(VTD_DESC_PIOTLB_PASID, pasid),
		.hi = (addr & VTD_DESC_IOTLB_ADDR) |
		      FIELD_PREP(VTD_DESC_IOTLB_AM, am) |
		      FIELD_PREP(VTD_DESC_IOTLB_IH, leaf),
	};
}

/* @s: where the descriptor says that there is more than one page */
static inline u64 vtd_desc_dev_tlb_size(u64 addr, u32 order, u64 s)
{
	u64 hi = addr & VTD_DESC_DT_ADDR;

	if (order > 51)
		return GENMASK_ULL(62, 12) | s;
	if (!order)
		return hi;
	hi &= ~GENMASK_ULL(order + VTD_PAGE_SHIFT - 1, VTD_PAGE_SHIFT);
	if (order > 1)
		hi |= GENMASK_ULL(order + VTD_PAGE_SHIFT - 2, VTD_PAGE_SHIFT);
	return hi | s;
}

/**
 * vtd_desc_dev_tlb - invalidate 2^@order pages in a device's TLB
 * @sid: requester id of the device
 * @pfsid: requester id of its physical function (its own for one that is)
 * @mip: how many such requests the device queues (0 means 32)
 * @addr: first address, aligned to 2^@order pages
 * @order: 0 to 52; 52 stands for everything
 *
 * PCIe encodes the size in the lowest zero bit of the address above bit 11.
 */
static inline struct vtd_desc vtd_desc_dev_tlb(u16 sid, u16 pfsid, u32 mip,
					       u64 addr, u32 order)
{
	return (struct vtd_desc) {
		.lo = FIELD_PREP(VTD_DESC_TYPE, VTD_DESC_DEV_TLB) |
		      FIELD_PREP(VTD_DESC_DT_PFSID_LO, pfsid & 0xf) |
		      FIELD_PREP(VTD_DESC_DT_PFSID_HI, pfsid >> 4) |
		      FIELD_PREP(VTD_DESC_DT_MIP, mip & 0x1f) |
		      FIELD_PREP(VTD_DESC_DT_SID, sid),
		.hi = vtd_desc_dev_tlb_size(addr, order, VTD_DESC_DT_S),
	};
}

/**
 * vtd_desc_pasid_tlb - invalidate 2^@order pages of one PASID in a device's TLB
 * @sid: requester id of the device
 * @pasid: the PASID, not that of requests without one
 * @pfsid: as for vtd_desc_dev_tlb()
 * @mip: as for vtd_desc_dev_tlb()
 * @addr: first address, aligned to 2^@order pages
 * @order: as for vtd_desc_dev_tlb()
 */
static inline struct vtd_desc vtd_desc_pasid_tlb(u16 sid, u32 pasid, u16 pfsid, u32 mip,
						 u64 addr, u32 order)
{
	return (struct vtd_desc) {
		.lo = FIELD_PREP(VTD_DESC_TYPE, VTD_DESC_PASID_TLB) |
		      FIELD_PREP(VTD_DESC_PT_PFSID_LO, pfsid & 0xf) |
		      FIELD_PREP(VTD_DESC_PT_PFSID_HI, pfsid >> 4) |
		      FIELD_PREP(VTD_DESC_PT_MIP, mip & 0x1f) |
		      FIELD_PREP(VTD_DESC_PT_PASID, pasid & 0xfffff) |
		      FIELD_PREP(VTD_DESC_PT_SID, sid),
		.hi = vtd_desc_dev_tlb_size(addr, order, VTD_DESC_PT_S),
	};
}

/**
 * vtd_desc_iec - forget 2^@mask interrupt entries
 * @index: the first one, aligned to 2^@mask
 * @mask: at most ECAP.MHMV
 */
static inline struct vtd_desc vtd_desc_iec(u16 index, u32 mask)
{
	return (struct vtd_desc) {
		.lo = FIELD_PREP(VTD_DESC_TYPE, VTD_DESC_IEC) | VTD_DESC_IEC_G |
		      FIELD_PREP(VTD_DESC_IEC_IM, mask) |
		      FIELD_PREP(VTD_DESC_IEC_IIDX, index),
	};
}

/**
 * vtd_desc_iec_all - forget all interrupt entries
 */
static inline struct vtd_desc vtd_desc_iec_all(void)
{
	return (struct vtd_desc) {
		.lo = FIELD_PREP(VTD_DESC_TYPE, VTD_DESC_IEC),
	};
}

/**
 * vtd_desc_wait - write @data to a 32-bit word once all before it are done
 * @addr: physical address of the word, 4-byte aligned
 * @data: what to write
 */
static inline struct vtd_desc vtd_desc_wait(u64 addr, u32 data)
{
	return (struct vtd_desc) {
		.lo = FIELD_PREP(VTD_DESC_TYPE, VTD_DESC_WAIT) |
		      VTD_DESC_WAIT_SW | FIELD_PREP(VTD_DESC_WAIT_DATA, data),
		.hi = addr & VTD_DESC_WAIT_ADDR,
	};
}

/**
 * vtd_desc_page_response - answer a page request group
 * @sid: requester id of the device that asked
 * @has_pasid: with a PASID, as the device wants it
 * @pasid: which
 * @group: index of the group, as in its requests
 * @code: VTD_PAGE_SUCCESS, VTD_PAGE_INVALID or VTD_PAGE_FAILURE
 */
static inline struct vtd_desc vtd_desc_page_response(u16 sid, bool has_pasid, u32 pasid,
						     u16 group, u32 code)
{
	return (struct vtd_desc) {
		.lo = FIELD_PREP(VTD_DESC_TYPE, VTD_DESC_PAGE_RESPONSE) |
		      FIELD_PREP(VTD_DESC_PR_PP, has_pasid) |
		      FIELD_PREP(VTD_DESC_PR_RC, code & 0xf) |
		      FIELD_PREP(VTD_DESC_PR_SID, sid) |
		      FIELD_PREP(VTD_DESC_PR_PASID, has_pasid ? pasid & 0xfffff : 0),
		.hi = FIELD_PREP(VTD_DESC_PR_PRGI, group & 0x1ff),
	};
}

/**
 * vtd_desc_is - is a descriptor of this type
 * @desc: the descriptor
 * @type: VTD_DESC_CONTEXT to VTD_DESC_PAGE_RESPONSE
 */
static inline bool vtd_desc_is(const struct vtd_desc *desc, unsigned int type)
{
	return FIELD_GET(VTD_DESC_TYPE, desc->lo) == type;
}

/**
 * vtd_desc_asks - does a device have to answer it, whatever the PASID
 * @desc: the descriptor
 */
static inline bool vtd_desc_asks(const struct vtd_desc *desc)
{
	return vtd_desc_is(desc, VTD_DESC_DEV_TLB) || vtd_desc_is(desc, VTD_DESC_PASID_TLB);
}

/**
 * vtd_desc_sid - requester id of the device that has to answer
 * @desc: the descriptor, of which vtd_desc_asks()
 */
static inline u16 vtd_desc_sid(const struct vtd_desc *desc)
{
	return vtd_desc_is(desc, VTD_DESC_DEV_TLB) ? FIELD_GET(VTD_DESC_DT_SID, desc->lo) :
						     FIELD_GET(VTD_DESC_PT_SID, desc->lo);
}

/**
 * vtd_desc_is_for - is it for the TLB of this device
 * @desc: the descriptor
 * @sid: requester id of the device
 */
static inline bool vtd_desc_is_for(const struct vtd_desc *desc, u16 sid)
{
	return vtd_desc_asks(desc) && vtd_desc_sid(desc) == sid;
}

/**
 * vtd_desc_tlb_all - the same for all that the device's TLB holds
 * @desc: the descriptor, of which vtd_desc_asks(); its PASID stays
 */
static inline struct vtd_desc vtd_desc_tlb_all(const struct vtd_desc *desc)
{
	u64 s = vtd_desc_is(desc, VTD_DESC_DEV_TLB) ? VTD_DESC_DT_S : VTD_DESC_PT_S;

	return (struct vtd_desc) { .lo = desc->lo, .hi = vtd_desc_dev_tlb_size(0, 52, s) };
}

/**
 * vtd_desc_same - do two descriptors say the same
 * @a: one
 * @b: the other
 */
static inline bool vtd_desc_same(const struct vtd_desc *a, const struct vtd_desc *b)
{
	return a->lo == b->lo && a->hi == b->hi;
}

#endif /* VTD_HW_DESCRIPTORS_H */

// SPDX-License-Identifier: GPL-2.0
/* Fault records decoded and put into words (specification section 7.1).  Pure. */
#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/types.h>

#include "hw/entries.h"
#include "hw/registers.h"
#include "unit/fault_text.h"

/* Reasons that something here depends on */
#define VTD_FR_ROOT_P		0x01
#define VTD_FR_CONTEXT_P	0x02
#define VTD_FR_WIDTH		0x04
#define VTD_FR_WRITE		0x05
#define VTD_FR_READ		0x06
#define VTD_FR_ENTRY_RSVD	0x0c
#define VTD_FR_TYPE_BLOCKED	0x0d
#define VTD_FR_INTERRUPT	0x0e
#define VTD_FR_IR_FIRST		0x20
#define VTD_FR_IR_INDEX		0x21
#define VTD_FR_IR_P		0x22
#define VTD_FR_IR_FORMAT	0x25
#define VTD_FR_IR_SOURCE	0x26
#define VTD_FR_IR_POSTED	0x27
#define VTD_FR_IR_LAST		0x27
#define VTD_FR_LEGACY_PASID	0x31
#define VTD_FR_LEGACY_PAGE_REQ	0x32
#define VTD_FR_SM_ROOT_P	0x39
#define VTD_FR_SM_CONTEXT_P	0x41
#define VTD_FR_SM_NO_TLB	0x44
#define VTD_FR_SM_NO_PASID	0x45
#define VTD_FR_SM_NO_PAGE_REQ	0x47
#define VTD_FR_SM_PASID_P	0x59
#define VTD_FR_SM_FS_P		0x71
#define VTD_FR_SM_FS_RSVD	0x72
#define VTD_FR_SM_SS_RW		0x79
#define VTD_FR_SM_SS_RSVD	0x7a
#define VTD_FR_SM_CANONICAL	0x80
#define VTD_FR_SM_WIDTH		0x84
#define VTD_FR_SM_WRITE		0x85
#define VTD_FR_SM_READ		0x86
#define VTD_FR_SM_INTERRUPT	0x87

/* 0x05, 0x06 and 0x0d are matched by people's scripts; the others are ours to word */
static const char * const vtd_reasons[] = {
	[0x00] = "No reason recorded",
	[0x01] = "Root entry of the bus is not present",
	[0x02] = "Context entry of the device is not present",
	[0x03] = "Context entry is set up in a way the unit does not support",
	[0x04] = "Address is beyond the width that the unit or the domain has",
	[0x05] = "PTE Write access is not set",
	[0x06] = "PTE Read access is not set",
	[0x07] = "Page table could not be read from memory",
	[0x08] = "Root table could not be read from memory",
	[0x09] = "Context table could not be read from memory",
	[0x0a] = "Root entry has reserved bits set",
	[0x0b] = "Context entry has reserved bits set",
	[0x0c] = "PTE has reserved bits set",
	[0x0d] = "PCE for translation request specifies blocking",
	[0x0e] = "Translation leads into the interrupt address range",

	[0x20] = "Interrupt request has reserved bits set",
	[0x21] = "Interrupt index is beyond the interrupt remapping table",
	[0x22] = "Interrupt remapping entry is not present",
	[0x23] = "Interrupt remapping table could not be read from memory",
	[0x24] = "Interrupt remapping entry has reserved bits set",
	[0x25] = "Interrupt in compatibility format is blocked",
	[0x26] = "Interrupt comes from a device that the entry is not for",
	[0x27] = "Posted-interrupt descriptor could not be read or is malformed",

	[0x30] = "Root table address register is set up wrongly",
	[0x31] = "Request with PASID while the unit is in legacy mode",
	[0x32] = "Page group request while the unit is in legacy mode",
	[0x38] = "Scalable-mode root entry could not be read from memory",
	[0x39] = "Scalable-mode root entry is not present",
	[0x3a] = "Scalable-mode root entry has reserved bits set",
	[0x40] = "Scalable-mode context entry could not be read from memory",
	[0x41] = "Scalable-mode context entry is not present",
	[0x42] = "Scalable-mode context entry has reserved bits set",
	[0x43] = "Scalable-mode context entry is set up in a way the unit does not support",
	[0x44] = "Context entry allows the device no translation requests",
	[0x45] = "Context entry allows the device no PASID",
	[0x46] = "PASID is beyond the PASID directory",
	[0x47] = "Context entry allows the device no page requests",
	[0x48] = "Context entry names a wrong PASID for requests without one",
	[0x50] = "PASID directory could not be read from memory",
	[0x51] = "PASID directory entry is not present",
	[0x52] = "PASID directory entry has reserved bits set",
	[0x58] = "PASID table could not be read from memory",
	[0x59] = "PASID table entry is not present",
	[0x5a] = "PASID table entry has reserved bits set",
	[0x5b] = "PASID table entry is set up in a way the unit does not support",
	[0x5c] = "PASID table entry allows no execute requests",
	[0x5d] = "PASID table entry allows no supervisor requests",
	[0x70] = "First-stage page table could not be read from memory",
	[0x71] = "First-stage entry is not present",
	[0x72] = "First-stage entry has reserved bits set",
	[0x73] = "Top first-stage page table could not be read from memory",
	[0x74] = "First-stage entry points beyond the width of the second stage",
	[0x75] = "Second stage forbids reading the top first-stage table",
	[0x76] = "Second stage forbids reading a first-stage table",
	[0x77] = "Second stage forbids writing a first-stage table",
	[0x78] = "Second-stage page table could not be read from memory",
	[0x79] = "Second-stage entry lacks the read or write permission",
	[0x7a] = "Second-stage entry has reserved bits set",
	[0x7b] = "Second-stage table pointer is beyond the host address width",
	[0x7c] = "Second-stage accessed or dirty bit cannot be set without snooping",
	[0x80] = "Address is not canonical",
	[0x81] = "User request to a supervisor page",
	[0x82] = "Execute request to a page that forbids it",
	[0x83] = "First-stage table lies beyond the host address width",
	[0x84] = "Address is beyond the width of the second stage",
	[0x85] = "Write to a page that is read-only",
	[0x86] = "Read of a page that may not be read",
	[0x87] = "Address lies in the interrupt address range",
	[0x90] = "First-stage accessed or dirty bit cannot be set without snooping",
	[0x91] = "Setting an accessed or dirty bit failed",
};

/**
 * vtd_fault_reason - a fault reason code in words
 * @reason: any number
 *
 * Context: any.
 * Return: one phrase, never NULL.
 */
const char *vtd_fault_reason(u8 reason)
{
	const char *text = NULL;

	if (reason < ARRAY_SIZE(vtd_reasons))
		text = vtd_reasons[reason];
	return text ?: "Reason is not known to this driver";
}

/**
 * vtd_fault_type - what the device was doing, in words
 * @fault: the record
 *
 * Context: any.
 * Return: the words that a fault line opens with, never NULL.
 */
const char *vtd_fault_type(const struct vtd_fault *fault)
{
	static const char * const type[] = {
		"DMA Write", "Page Request", "DMA Read", "DMA Atomic",
	};

	if (vtd_fault_is_interrupt(fault))
		return "INTR-REMAP";
	return type[fault->type & 3];
}

/**
 * vtd_fault_decode - take a fault record apart (section 11.4.14)
 * @fault: filled in, every field
 * @lo: low word of the record
 * @hi: high word
 *
 * Context: any.
 */
void vtd_fault_decode(struct vtd_fault *fault, u64 lo, u64 hi)
{
	bool has_pasid = hi & VTD_FRCD_HI_PP;

	*fault = (struct vtd_fault) {
		.address = lo & VTD_FRCD_LO_FI,
		.sid = FIELD_GET(VTD_FRCD_HI_SID, hi),
		.reason = FIELD_GET(VTD_FRCD_HI_FR, hi),
		.type = (hi & VTD_FRCD_HI_T1 ? 2 : 0) |
			(hi & VTD_FRCD_HI_T2 ? 1 : 0),
		.translated = FIELD_GET(VTD_FRCD_HI_AT, hi),
		.has_pasid = has_pasid,
		.pasid = has_pasid ? FIELD_GET(VTD_FRCD_HI_PV, hi) : 0,
		.exec = has_pasid && (hi & VTD_FRCD_HI_EXE),
		.priv = has_pasid && (hi & VTD_FRCD_HI_PRIV),
	};
	/* The interrupt index is in the upper 16 bits of the address */
	if (vtd_fault_is_interrupt(fault))
		fault->address = lo >> 48;
}

/**
 * vtd_fault_is_write - would the device have changed memory?
 * @fault: the record
 *
 * Context: any.
 * Return: true for writes and for atomic operations.
 */
bool vtd_fault_is_write(const struct vtd_fault *fault)
{
	return fault->type == 0 || fault->type == 3;
}

/**
 * vtd_fault_is_interrupt - is it about an interrupt instead of memory?
 * @fault: the record
 *
 * Context: any.
 */
bool vtd_fault_is_interrupt(const struct vtd_fault *fault)
{
	return fault->reason >= VTD_FR_IR_FIRST && fault->reason <= VTD_FR_IR_LAST;
}

static const char vtd_no_driver[] =
	"no driver is bound: left running by firmware, an earlier kernel or a driver that is gone";

/* A permission was missing; the page table tells what the driver had in mind */
static const char *verdict_permission(const struct vtd_fault *fault,
				      const struct vtd_fault_facts *facts)
{
	if (facts->identity)
		return "neither RAM nor a region of firmware: the identity domain does not have it";
	/* What is mapped for such a device is not for it to use any more, or not yet */
	if (facts->no_driver)
		return vtd_no_driver;
	if (!facts->attached)
		return "active while it was set up or taken down: it has no page tables now";
	if (!facts->present)
		return "not mapped: never mapped, or unmapped while the device still used it";
	if (vtd_fault_is_write(fault) && !facts->writable)
		return "wrong direction: the driver mapped this memory read-only";
	if (!vtd_fault_is_write(fault) && !facts->readable)
		return "wrong direction: the driver mapped this memory write-only";
	return "mapped by now, but not when the device used it";
}

/**
 * vtd_fault_verdict - what a fault means, in words that help a user
 * @fault: the record
 * @facts: what is known of the device and the address
 *
 * Context: any.
 * Return: one phrase, never NULL.
 */
const char *vtd_fault_verdict(const struct vtd_fault *fault,
			      const struct vtd_fault_facts *facts)
{
	if (facts->unserved)
		return "no unit that works serves the device, so all it does is refused";
	if (!facts->known_device)
		return "no such device on this machine: nobody has this requester id";
	if (facts->inherits)
		return "the kernel that crashed did not let it, and no driver has started it here";
	if (facts->blocked)
		return "the device is blocked: nobody has given it memory, but it is active";

	switch (fault->reason) {
	case VTD_FR_ROOT_P:
	case VTD_FR_CONTEXT_P:
	case VTD_FR_SM_ROOT_P:
	case VTD_FR_SM_CONTEXT_P:
	case VTD_FR_SM_PASID_P:
		return facts->no_driver ? vtd_no_driver :
		       "no entry: the device was not set up, but it is active";
	case VTD_FR_TYPE_BLOCKED:
	case VTD_FR_SM_NO_TLB:
		return "translated requests (ATS) are not allowed to this device";
	case VTD_FR_LEGACY_PASID:
	case VTD_FR_SM_NO_PASID:
		return "nobody has given it PASIDs: an earlier kernel or firmware left them on";
	case VTD_FR_LEGACY_PAGE_REQ:
	case VTD_FR_SM_NO_PAGE_REQ:
		return "nobody answers its page requests: left on from before, or too many";
	case VTD_FR_INTERRUPT:
	case VTD_FR_SM_INTERRUPT:
		return "the address belongs to interrupts: it can never be memory";
	case VTD_FR_WIDTH:
	case VTD_FR_SM_WIDTH:
	case VTD_FR_SM_CANONICAL:
		return "beyond the width: such an address was never given to a device";
	case VTD_FR_ENTRY_RSVD:
	case VTD_FR_SM_SS_RSVD:
	case VTD_FR_SM_FS_RSVD:
		if (facts->large)
			return "large pages do not work on this unit: boot with intel_iommu=sp_off";
		return "the page table has a bit that the unit refuses: a bug of this driver";
	case VTD_FR_WRITE:
	case VTD_FR_READ:
	case VTD_FR_SM_SS_RW:
	case VTD_FR_SM_FS_P:
	case VTD_FR_SM_WRITE:
	case VTD_FR_SM_READ:
		if (facts->width && facts->width < 64 &&
		    fault->address >> facts->width)
			return "beyond the width: such an address was never given to a device";
		return verdict_permission(fault, facts);
	default:
		return "tables broken: a bug of this driver, or memory was overwritten";
	}
}

/**
 * vtd_interrupt_verdict - what a refused interrupt means, in words that help a user
 * @fault: the record, vtd_fault_is_interrupt()
 * @facts: what is known of the entry
 *
 * Context: any.
 * Return: one phrase, never NULL.
 */
const char *vtd_interrupt_verdict(const struct vtd_fault *fault,
				  const struct vtd_interrupt_facts *facts)
{
	switch (fault->reason) {
	case VTD_FR_IR_FIRST:
		return "the message is malformed: no kernel writes such a one";
	case VTD_FR_IR_INDEX:
		return "there is no such entry: the message was not given by this kernel";
	case VTD_FR_IR_P:
		if (facts->present && facts->own)
			return "it came before its driver set it up";
		if (facts->present)
			return "the message was not given to it";
		return "nobody has this entry: a message that was taken back, or made up";
	case VTD_FR_IR_FORMAT:
		return "in the old format: from firmware or an earlier kernel, or made up";
	case VTD_FR_IR_SOURCE:
		if (facts->own)
			return "the entry is its own by now, but was not when it came";
		return "it uses a message that was given to another device";
	case VTD_FR_IR_POSTED:
		return "the virtual CPU that it is posted to cannot be reached";
	default:
		return "the table is broken: a bug of this driver, or memory was overwritten";
	}
}

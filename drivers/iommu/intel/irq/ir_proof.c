// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupt entries that another kernel left (sections 9.9 and 9.10): what they say
 * happens to this kernel's processors.  Pure.
 */

#include <linux/bitfield.h>
#include <linux/types.h>

#include "irq/ir_proof.h"

#define LO_RESERVED		(GENMASK_ULL(14, 12) | GENMASK_ULL(31, 24))
#define LO_RESERVED_XAPIC	(GENMASK_ULL(39, 32) | GENMASK_ULL(63, 48))
#define LO_RESERVED_POSTED	(GENMASK_ULL(7, 2) | GENMASK_ULL(13, 12) | GENMASK_ULL(37, 24))
#define HI_RESERVED		GENMASK_ULL(63, 20)
#define HI_RESERVED_POSTED	GENMASK_ULL(31, 20)

/* DLM: fixed and lowest priority; what is above is for firmware and for processors */
#define LAST_DELIVERY		1u

/* Vectors below are exceptions */
#define FIRST_VECTOR		32u

#define DESCRIPTOR_BYTES	64u

static const char *prove_remapped(const struct vtd_ir_proof *proof,
				  const struct vtd_irte *entry)
{
	if (entry->lo & LO_RESERVED || entry->hi & HI_RESERVED ||
	    (!proof->x2apic && entry->lo & LO_RESERVED_XAPIC))
		return "reserved bits are set";
	if (FIELD_GET(VTD_IRTE_DLM, entry->lo) > LAST_DELIVERY)
		return "it is no interrupt of a device";
	return NULL;
}

static const char *prove_posted(const struct vtd_ir_proof *proof, const struct vtd_irte *entry)
{
	u64 at = FIELD_GET(VTD_IRTE_PDAL, entry->lo) << 6 |
		 FIELD_GET(VTD_IRTE_PDAH, entry->hi) << 32;

	if (!proof->posted)
		return "the unit cannot post";
	if (entry->lo & LO_RESERVED_POSTED || entry->hi & HI_RESERVED_POSTED)
		return "reserved bits are set";
	if (!vtd_old_holds(proof->memory, at, at + DESCRIPTOR_BYTES - 1))
		return "its descriptor is not in memory of the kernel before";
	return NULL;
}

/**
 * vtd_ir_parked - is an entry set up for an interrupt that nobody has asked for yet
 * @proof: the judge
 * @entry: the entry, present
 *
 * A card with more messages than queues in use has dozens.  There is nothing to keep,
 * and nothing wrong with it.
 *
 * Context: any.
 */
bool vtd_ir_parked(const struct vtd_ir_proof *proof, const struct vtd_irte *entry)
{
	return !(entry->lo & VTD_IRTE_IM) && FIELD_GET(VTD_IRTE_V, entry->lo) == proof->parked;
}

/**
 * vtd_ir_proof - may an interrupt entry be used as it is
 * @proof: the judge
 * @entry: the entry, present
 *
 * Context: any.
 * Return: NULL, or a phrase that says why not.
 */
const char *vtd_ir_proof(const struct vtd_ir_proof *proof, const struct vtd_irte *entry)
{
	u64 vector = FIELD_GET(VTD_IRTE_V, entry->lo);
	u64 verifies = FIELD_GET(VTD_IRTE_SVT, entry->hi);

	if (verifies > VTD_SVT_BUS || (verifies == VTD_SVT_NONE && !proof->unverified))
		return "its source is not verified";
	if (vector < FIRST_VECTOR || vector > proof->last_vector)
		return "its vector is none of a device";
	if (entry->lo & VTD_IRTE_IM)
		return prove_posted(proof, entry);
	return prove_remapped(proof, entry);
}

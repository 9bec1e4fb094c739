// SPDX-License-Identifier: GPL-2.0
/* Images as entries of scalable mode.  Pure. */

#include <linux/bitfield.h>
#include <linux/string.h>
#include <linux/types.h>

#include "context/image.h"
#include "context/scalable.h"
#include "hw/entries.h"

/**
 * vtd_scalable_context - an image as a scalable-mode context entry (section 9.4)
 * @image: the image
 * @directory: physical address of the requester's PASID directory
 * @size: 2^(@size + 7) entries in it
 * @word: filled; zeroes for a blocked one
 *
 * Requests without PASID are looked up as PASID 0 (RID_PASID).  Who is blocked has
 * no context entry at all: an empty PASID entry would not stop translated requests,
 * which are checked against DTE only.  That stops its PASIDs, too.
 */
void vtd_scalable_context(const struct vtd_image *image, u64 directory, u8 size,
			  u64 word[VTD_SCALABLE_CONTEXT_WORDS])
{
	memset(word, 0, VTD_SCALABLE_CONTEXT_WORDS * sizeof(*word));
	if (image->kind == VTD_IMAGE_BLOCKED)
		return;
	word[0] = VTD_SMCTX_P | (directory & VTD_SMCTX_PASIDDIRPTR) |
		  FIELD_PREP(VTD_SMCTX_PDTS, size) |
		  (image->dev_tlb ? VTD_SMCTX_DTE : 0) |
		  (image->pasids ? VTD_SMCTX_PASIDE : 0);
}

/**
 * vtd_scalable_pasid - an image as a PASID entry (section 9.6)
 * @image: the image
 * @snoop_walks: the unit snoops the CPU's caches when it walks the tables
 *	(ECAP.SMPWCS): PWSNP is reserved without
 * @word: filled; zeroes for a blocked one
 */
void vtd_scalable_pasid(const struct vtd_image *image, bool snoop_walks,
			u64 word[VTD_SCALABLE_PASID_WORDS])
{
	u64 type = image->kind == VTD_IMAGE_PASS ? VTD_PGTT_PASS_THROUGH : VTD_PGTT_SECOND;

	memset(word, 0, VTD_SCALABLE_PASID_WORDS * sizeof(*word));
	if (image->kind == VTD_IMAGE_BLOCKED)
		return;
	word[0] = VTD_PASID_P | FIELD_PREP(VTD_PASID_AW, image->levels - 2) |
		  FIELD_PREP(VTD_PASID_PGTT, type) | (image->tables & VTD_PASID_SSPTPTR) |
		  (image->dirty ? VTD_PASID_SSADE : 0);
	word[1] = FIELD_PREP(VTD_PASID_DID, image->did) |
		  (snoop_walks ? VTD_PASID_PWSNP : 0);
}

/**
 * vtd_scalable_decode - the image that two entries were made of
 * @context: the requester's context entry
 * @pasid: entry of a PASID in its tables
 * @image: filled
 */
void vtd_scalable_decode(const u64 context[VTD_SCALABLE_CONTEXT_WORDS],
			 const u64 pasid[VTD_SCALABLE_PASID_WORDS],
			 struct vtd_image *image)
{
	u8 levels = FIELD_GET(VTD_PASID_AW, pasid[0]) + 2;
	u16 did = FIELD_GET(VTD_PASID_DID, pasid[1]);

	*image = vtd_image_blocked();
	if (!(context[0] & VTD_SMCTX_P) || !(pasid[0] & VTD_PASID_P))
		return;
	if (FIELD_GET(VTD_PASID_PGTT, pasid[0]) == VTD_PGTT_PASS_THROUGH)
		*image = vtd_image_pass(levels, did);
	else
		*image = vtd_image_walk(pasid[0] & VTD_PASID_SSPTPTR, levels, did, false);
	image->dirty = pasid[0] & VTD_PASID_SSADE;
	image->dev_tlb = context[0] & VTD_SMCTX_DTE;
	image->pasids = context[0] & VTD_SMCTX_PASIDE;
}

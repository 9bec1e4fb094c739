// SPDX-License-Identifier: GPL-2.0
/* Images as context entries of legacy mode: one entry says it all.  Pure. */

#include <linux/bitfield.h>
#include <linux/types.h>

#include "context/image.h"
#include "context/legacy.h"
#include "hw/entries.h"

/**
 * vtd_legacy_encode - an image as a context entry (section 9.3)
 * @image: the image
 * @word: filled; zeroes for a blocked one, and for what this mode cannot say
 */
void vtd_legacy_encode(const struct vtd_image *image, u64 word[VTD_LEGACY_WORDS])
{
	u64 type = image->dev_tlb ? VTD_TT_DEV_TLB : VTD_TT_MULTI_LEVEL;

	word[0] = 0;
	word[1] = 0;
	if (image->kind != VTD_IMAGE_WALK && image->kind != VTD_IMAGE_PASS)
		return;
	if (image->kind == VTD_IMAGE_PASS)
		type = VTD_TT_PASS_THROUGH;
	word[0] = VTD_CTX_LO_P | FIELD_PREP(VTD_CTX_LO_TT, type) |
		  (image->tables & VTD_CTX_LO_SSPTPTR);
	word[1] = FIELD_PREP(VTD_CTX_HI_AW, image->levels - 2) |
		  FIELD_PREP(VTD_CTX_HI_DID, image->did);
}

/**
 * vtd_legacy_decode - the image that a context entry was made of
 * @word: the entry
 * @image: filled
 */
void vtd_legacy_decode(const u64 word[VTD_LEGACY_WORDS], struct vtd_image *image)
{
	u64 type = FIELD_GET(VTD_CTX_LO_TT, word[0]);
	u8 levels = FIELD_GET(VTD_CTX_HI_AW, word[1]) + 2;
	u16 did = FIELD_GET(VTD_CTX_HI_DID, word[1]);

	if (!(word[0] & VTD_CTX_LO_P))
		*image = vtd_image_blocked();
	else if (type == VTD_TT_PASS_THROUGH)
		*image = vtd_image_pass(levels, did);
	else
		*image = vtd_image_walk(word[0] & VTD_CTX_LO_SSPTPTR, levels, did,
					type == VTD_TT_DEV_TLB);
}

// SPDX-License-Identifier: GPL-2.0
/* Images as entries of scalable mode.  Pure. */

#include <linux/bitfield.h>
#include <linux/string.h>
#include <linux/types.h>

#include "context/image.h"
#include "context/scalable.h"
#include "hw/entries.h"
#include "unit/caps.h"

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
		  (image->dev_tlb && image->pages ? VTD_SMCTX_PRE : 0) |
		  (image->pasids ? VTD_SMCTX_PASIDE : 0);
}

static u64 scalable_type(enum vtd_image_kind kind)
{
	switch (kind) {
	case VTD_IMAGE_FIRST:
		return VTD_PGTT_FIRST;
	case VTD_IMAGE_NESTED:
		return VTD_PGTT_NESTED;
	case VTD_IMAGE_PASS:
		return VTD_PGTT_PASS_THROUGH;
	default:
		return VTD_PGTT_SECOND;
	}
}

/**
 * vtd_scalable_pasid - an image as a PASID entry (section 9.6)
 * @image: the image
 * @caps: what the unit can do: PWSNP is reserved where it does not snoop the CPU's
 *	caches when it walks the tables, PGSNP where it cannot force snooping
 * @word: filled; zeroes for a blocked one
 *
 * First-stage leaves cannot say that accesses snoop, so the entry always does.  AW is
 * the second stage's; without one it names the depth of the first stage, because units
 * that QEMU plays find by it which addresses are canonical.  SRE stays zero: whatever is
 * supervisor's in the tables is not for devices.
 */
void vtd_scalable_pasid(const struct vtd_image *image, const struct vtd_caps *caps,
			u64 word[VTD_SCALABLE_PASID_WORDS])
{
	bool first = image->kind == VTD_IMAGE_FIRST || image->kind == VTD_IMAGE_NESTED;
	u8 levels = image->kind == VTD_IMAGE_FIRST ? image->fs_levels : image->levels;

	memset(word, 0, VTD_SCALABLE_PASID_WORDS * sizeof(*word));
	if (image->kind == VTD_IMAGE_BLOCKED)
		return;
	word[0] = VTD_PASID_P | FIELD_PREP(VTD_PASID_PGTT, scalable_type(image->kind)) |
		  FIELD_PREP(VTD_PASID_AW, levels - VTD_LEVELS_MIN);
	if (image->kind != VTD_IMAGE_FIRST)
		word[0] |= (image->tables & VTD_PASID_SSPTPTR) |
			   (image->dirty ? VTD_PASID_SSADE : 0);
	word[1] = FIELD_PREP(VTD_PASID_DID, image->did) |
		  (caps->walks_coherent ? VTD_PASID_PWSNP : 0) |
		  (first && caps->snoop_control ? VTD_PASID_PGSNP : 0);
	if (first)
		word[2] = FIELD_PREP(VTD_PASID_FSPM, image->fs_levels - 4) |
			  (image->fs_root & VTD_PASID_FSPTPTR);
}

static void scalable_decode_pasid(const u64 pasid[VTD_SCALABLE_PASID_WORDS],
				  struct vtd_image *image)
{
	u64 fs_root = pasid[2] & VTD_PASID_FSPTPTR;
	u8 fs_levels = FIELD_GET(VTD_PASID_FSPM, pasid[2]) + 4;
	u8 levels = FIELD_GET(VTD_PASID_AW, pasid[0]) + VTD_LEVELS_MIN;
	u16 did = FIELD_GET(VTD_PASID_DID, pasid[1]);

	switch (FIELD_GET(VTD_PASID_PGTT, pasid[0])) {
	case VTD_PGTT_PASS_THROUGH:
		*image = vtd_image_pass(levels, did);
		return;
	case VTD_PGTT_FIRST:
		*image = vtd_image_first(fs_root, fs_levels, did, false);
		return;
	}
	*image = vtd_image_walk(pasid[0] & VTD_PASID_SSPTPTR, levels, did, false);
	image->dirty = pasid[0] & VTD_PASID_SSADE;
	if (FIELD_GET(VTD_PASID_PGTT, pasid[0]) != VTD_PGTT_NESTED)
		return;
	image->kind = VTD_IMAGE_NESTED;
	image->fs_root = fs_root;
	image->fs_levels = fs_levels;
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
	*image = vtd_image_blocked();
	if (!(context[0] & VTD_SMCTX_P) || !(pasid[0] & VTD_PASID_P))
		return;
	scalable_decode_pasid(pasid, image);
	image->dev_tlb = context[0] & VTD_SMCTX_DTE;
	image->pages = context[0] & VTD_SMCTX_PRE;
	image->pasids = context[0] & VTD_SMCTX_PASIDE;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Entries of legacy mode that another kernel left (sections 9.1, 9.3 and 9.8).
 *
 * That kernel has crashed, maybe because of them.  So an entry is used only if all of
 * it makes sense to this unit, each table that it leads to is memory of that kernel,
 * and no page that it gives away is this kernel's.  The last has one exception: pages
 * under their own address.  Identity maps have all there is, and so has pass-through,
 * which says the same without tables; a device that did no DMA to this memory before
 * does none now.  Pure.
 */

#include <linux/bitfield.h>
#include <linux/types.h>

#include "context/image.h"
#include "context/legacy.h"
#include "context/proof.h"
#include "hw/entries.h"

#define ROOT_RESERVED		GENMASK_ULL(11, 1)
#define CTX_LO_RESERVED		GENMASK_ULL(11, 4)
#define CTX_HI_RESERVED		(BIT_ULL(7) | GENMASK_ULL(63, 24))

/* The highest level at which an entry may be a leaf (section 9.8) */
#define TOP_LEAF		3u

#define NO_TABLES		1u

static u64 level_size(unsigned int level)
{
	return 1ull << (VTD_PAGE_SHIFT + (level - 1) * VTD_LEVEL_BITS);
}

static const char *prove_leaf(const struct vtd_proof *proof, u64 entry, unsigned int level,
			      u64 iova)
{
	u64 at = entry & VTD_SS_ADDR, size = level_size(level);

	if (level > TOP_LEAF || at & (size - 1))
		return "a page is larger than pages are";
	if (at != iova && vtd_ranges_touch(proof->memory->ours, proof->memory->ours_count,
					   at, at + size - 1))
		return "a page is this kernel's memory";
	return NULL;
}

/* As deep as there are levels */
static const char *prove_table(struct vtd_proof *proof, u64 table, unsigned int level,
			       u64 iova)
{
	u64 *entry = proof->page[level - 1];
	const char *why;
	unsigned int i;

	if (!proof->budget)
		return "there are more tables than are looked at";
	proof->budget--;
	why = vtd_old_page(proof->memory, table, entry);
	for (i = 0; i < VTD_TABLE_ENTRIES && !why; i++, iova += level_size(level)) {
		if (!(entry[i] & (VTD_SS_R | VTD_SS_W)))
			continue;
		if (level == 1 || entry[i] & VTD_SS_PS)
			why = prove_leaf(proof, entry[i], level, iova);
		else
			why = prove_table(proof, entry[i] & VTD_SS_ADDR, level - 1, iova);
	}
	return why;
}

/* Caches tell the tables of one id from those of another, and no more */
static const char *prove_tables(struct vtd_proof *proof, const struct vtd_image *image)
{
	u64 stands_for = image->kind == VTD_IMAGE_WALK ? image->tables | image->levels << 1 :
							  NO_TABLES;
	u64 *known = &proof->known[image->did];
	const char *why = NULL;

	if (*known == stands_for)
		return NULL;
	if (*known)
		return "its domain id stands for something else already";
	if (image->kind == VTD_IMAGE_WALK)
		why = prove_table(proof, image->tables, image->levels, 0);
	if (!why)
		*known = stands_for;
	return why;
}

/**
 * vtd_proof_root - may the context table of a bus be looked at
 * @entry: of the root table, present
 *
 * Context: any.
 * Return: NULL, or a phrase that says why not.
 */
const char *vtd_proof_root(const struct vtd_root_entry *entry)
{
	if (entry->lo & ROOT_RESERVED || entry->hi)
		return "reserved bits are set";
	return NULL;
}

/**
 * vtd_proof_context - may a context entry be used as it is
 * @proof: the judge
 * @word: the entry, present
 * @image: set to what it says, if it may
 *
 * Context: as vtd_old_memory.read; reads up to @proof->budget pages.
 * Return: NULL, or a phrase that says why not.
 */
const char *vtd_proof_context(struct vtd_proof *proof, const u64 word[2],
			      struct vtd_image *image)
{
	const struct vtd_caps *caps = proof->caps;
	u64 type = FIELD_GET(VTD_CTX_LO_TT, word[0]);

	if (word[0] & CTX_LO_RESERVED || word[1] & CTX_HI_RESERVED)
		return "reserved bits are set";
	if (type > VTD_TT_PASS_THROUGH)
		return "its type does not exist";
	vtd_legacy_decode(word, image);
	if (!(caps->levels & 1u << image->levels))
		return "the unit does not have its address width";
	if (image->did >= caps->domain_ids || (!image->did && caps->caching_mode))
		return "the unit does not have its domain id";
	if (image->kind == VTD_IMAGE_PASS && !caps->pass_through)
		return "the unit cannot pass requests through";
	if (image->dev_tlb && !caps->dev_tlb)
		return "the unit has no device TLBs";
	return prove_tables(proof, image);
}

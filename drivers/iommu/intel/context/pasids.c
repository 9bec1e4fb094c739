// SPDX-License-Identifier: GPL-2.0
/*
 * PASID directory and PASID tables of one requester id as memory.
 *
 * A table is linked once and stays as long as the root table.  A directory that is too
 * small for a PASID is replaced by a larger one with the same tables; whoever does
 * that tells the unit, and frees the old one after that.
 */

#include <linux/bitops.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "context/pasids.h"
#include "context/scalable.h"
#include "context/tables.h"
#include "core/core.h"
#include "hw/entries.h"
#include "unit/unit.h"

#define PER_TABLE	64u
static_assert(PER_TABLE * VTD_SCALABLE_PASID_WORDS * sizeof(u64) == VTD_PAGE_SIZE);

/* A page: 2^(2 + 7) entries */
#define SIZE_OF_PAGE	2u

static unsigned int pasids_order(u8 size)
{
	return size - SIZE_OF_PAGE;
}

static u32 pasids_entries(const struct vtd_pasids *pasids)
{
	return BIT(pasids->size + 7);
}

static u64 *pasids_table(const struct vtd_pasids *pasids, u32 index)
{
	u64 entry = pasids->directory[index];

	return entry & VTD_PASIDDIR_P ? phys_to_virt(entry & VTD_PASIDDIR_SMPTBLPTR) : NULL;
}

/**
 * vtd_pasids_free_directory - free a directory, and no table
 * @pasids: no unit finds its way to it
 */
void vtd_pasids_free_directory(const struct vtd_pasids *pasids)
{
	vtd_core_free(pasids->directory, pasids_order(pasids->size));
}

/**
 * vtd_pasids_free - free all
 * @pasids: no unit finds its way to it
 */
void vtd_pasids_free(struct vtd_pasids *pasids)
{
	u32 i;

	for (i = 0; i < pasids_entries(pasids); i++)
		vtd_core_free(pasids_table(pasids, i), 0);
	vtd_pasids_free_directory(pasids);
	kfree(pasids);
}

/**
 * vtd_pasids_alloc - empty tables that reach VTD_RID_PASID and its neighbours
 * @iommu: the unit that they are for
 *
 * Context: may sleep.
 *
 * Return: NULL if there is no memory.
 */
struct vtd_pasids *vtd_pasids_alloc(struct intel_iommu *iommu)
{
	struct vtd_pasids *pasids = kzalloc(sizeof(*pasids), GFP_KERNEL);

	if (!pasids)
		return NULL;
	pasids->size = SIZE_OF_PAGE;
	pasids->directory = vtd_core_alloc(iommu->node, GFP_KERNEL, 0);
	if (!pasids->directory) {
		kfree(pasids);
		return NULL;
	}
	vtd_tables_publish(iommu, pasids->directory, VTD_PAGE_SIZE);
	if (vtd_pasids_link(iommu, pasids, VTD_RID_PASID)) {
		vtd_pasids_free(pasids);
		return NULL;
	}
	return pasids;
}

/**
 * vtd_pasids_reach - is there a place in the directory for a PASID
 * @pasids: the tables
 * @pasid: below VTD_PASIDS_END
 */
bool vtd_pasids_reach(const struct vtd_pasids *pasids, u32 pasid)
{
	return pasid / PER_TABLE < pasids_entries(pasids);
}

/**
 * vtd_pasids_copy - a directory that reaches further, with the same tables
 * @iommu: the unit
 * @pasids: as it is, and stays for now
 * @pasid: what it does not reach, below VTD_PASIDS_END
 * @larger: filled
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int vtd_pasids_copy(struct intel_iommu *iommu, const struct vtd_pasids *pasids, u32 pasid,
		    struct vtd_pasids *larger)
{
	unsigned int order;

	*larger = *pasids;
	larger->size = max_t(u8, fls(pasid / PER_TABLE >> 7), SIZE_OF_PAGE);
	order = pasids_order(larger->size);
	larger->directory = vtd_core_alloc(iommu->node, GFP_KERNEL, order);
	if (!larger->directory)
		return -ENOMEM;
	memcpy(larger->directory, pasids->directory,
	       pasids_entries(pasids) * sizeof(*larger->directory));
	vtd_tables_publish(iommu, larger->directory, VTD_PAGE_SIZE << order);
	return 0;
}

/**
 * vtd_pasids_link - make sure that a PASID has an entry
 * @iommu: the unit
 * @pasids: the tables; the directory reaches it
 * @pasid: the PASID
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int vtd_pasids_link(struct intel_iommu *iommu, struct vtd_pasids *pasids, u32 pasid)
{
	u64 *at = &pasids->directory[pasid / PER_TABLE], *table;

	if (pasids_table(pasids, pasid / PER_TABLE))
		return 0;
	table = vtd_core_alloc(iommu->node, GFP_KERNEL, 0);
	if (!table)
		return -ENOMEM;
	vtd_tables_publish(iommu, table, VTD_PAGE_SIZE);
	WRITE_ONCE(*at, virt_to_phys(table) | VTD_PASIDDIR_P);
	vtd_tables_publish(iommu, at, sizeof(*at));
	return 0;
}

/**
 * vtd_pasids_slot - where the entry of a PASID is
 * @pasids: the tables
 * @pasid: any number
 *
 * Return: NULL if there is no such place yet.
 */
u64 *vtd_pasids_slot(const struct vtd_pasids *pasids, u32 pasid)
{
	u64 *table = vtd_pasids_reach(pasids, pasid) ?
		     pasids_table(pasids, pasid / PER_TABLE) : NULL;

	return table ? &table[pasid % PER_TABLE * VTD_SCALABLE_PASID_WORDS] : NULL;
}

/**
 * vtd_pasids_next - the first PASID with a present entry
 * @pasids: the tables
 * @pasid: where to begin
 *
 * Return: it, or VTD_PASIDS_END.
 */
u32 vtd_pasids_next(const struct vtd_pasids *pasids, u32 pasid)
{
	const u64 *entry;

	while (vtd_pasids_reach(pasids, pasid)) {
		entry = vtd_pasids_slot(pasids, pasid);
		if (entry && (*entry & VTD_PASID_P))
			return pasid;
		/* Where there is no table there is none of its PASIDs */
		pasid = entry ? pasid + 1 : round_down(pasid, PER_TABLE) + PER_TABLE;
	}
	return VTD_PASIDS_END;
}

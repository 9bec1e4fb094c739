/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Page tables of either stage: map, unmap, look up.  Pure: knows neither units nor
 * domains nor invalidations; it says what changed and its caller decides what to
 * invalidate.
 *
 * Concurrency: calls on disjoint ranges may run side by side without a lock
 * (lower tables are installed by compare-exchange).  Calls on the same
 * address are the caller's to order, as for all of iommu_map()/iommu_unmap().
 */
#ifndef VTD_PGTABLE_PGTABLE_H
#define VTD_PGTABLE_PGTABLE_H

#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/types.h>

/* Permissions of a mapping */
#define VTD_PT_READ	1u
#define VTD_PT_WRITE	2u
#define VTD_PT_SNOOP	4u	/* set SNP in the leaf (unit must have ECAP.SC) */

/**
 * struct vtd_pt_config - the shape of a set of tables; constant after init
 * @levels: 3, 4 or 5
 * @max_leaf: highest level that may hold a leaf, 1 .. 3
 * @width: addresses at or above 2^@width are refused with -ERANGE
 * @coherent: the units that walk it snoop; otherwise every touched cache
 *	line is flushed before the entry that publishes it
 * @first_stage: entries are in the first stage's format, of 4 or 5 levels
 * @node: NUMA node to allocate from
 */
struct vtd_pt_config {
	u8 levels;
	u8 max_leaf;
	u8 width;
	bool coherent;
	bool first_stage;
	int node;
};

/**
 * struct vtd_pgtable - a set of tables
 * @cfg: its shape
 * @root: top table, 512 entries
 */
struct vtd_pgtable {
	struct vtd_pt_config cfg;
	u64 *root;
};

/**
 * struct vtd_pt_change - what calls did, for the caller's flush
 * @tables_freed: tables were unlinked: paging-structure caches must be flushed
 *	too, and the tables on @retired may be freed only after that.  Set by
 *	the engine, cleared by the caller only, so that calls add up
 * @retired: list of tables to be freed after the flush, with
 *	vtd_core_free_retired(); the caller initialises it
 */
struct vtd_pt_change {
	bool tables_freed;
	struct list_head *retired;
};

/**
 * struct vtd_pt_leaf - what vtd_pt_lookup() found
 * @phys: address that the looked-up address translates to
 * @prot: VTD_PT_* of the leaf
 * @level: 1 .. 3
 */
struct vtd_pt_leaf {
	u64 phys;
	u32 prot;
	u8 level;
};

int vtd_pt_init(struct vtd_pgtable *pt, const struct vtd_pt_config *cfg, gfp_t gfp);
void vtd_pt_exit(struct vtd_pgtable *pt);

int vtd_pt_map(struct vtd_pgtable *pt, u64 iova, u64 phys, u64 size, u32 prot,
	       gfp_t gfp, u64 *mapped, struct vtd_pt_change *change);
u64 vtd_pt_unmap(struct vtd_pgtable *pt, u64 iova, u64 size,
		 struct vtd_pt_change *change);
int vtd_pt_map_second(struct vtd_pgtable *pt, u64 iova, u64 phys, u64 size, u32 prot,
		      gfp_t gfp, u64 *mapped, struct vtd_pt_change *change);
u64 vtd_pt_unmap_second(struct vtd_pgtable *pt, u64 iova, u64 size,
			struct vtd_pt_change *change);
bool vtd_pt_lookup(const struct vtd_pgtable *pt, u64 iova, struct vtd_pt_leaf *leaf);

void vtd_pt_dirty(struct vtd_pgtable *pt, u64 iova, u64 size, bool clear,
		  void (*report)(void *data, u64 iova, u64 size), void *data);

u64 vtd_pt_root_for(const struct vtd_pgtable *pt);	/* physical */

#endif /* VTD_PGTABLE_PGTABLE_H */

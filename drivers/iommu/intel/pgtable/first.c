// SPDX-License-Identifier: GPL-2.0
/* The engine with first-stage entries (section 9.7). */
#include <linux/types.h>

#include "pgtable/engine.h"
#include "pgtable/first.h"

/**
 * vtd_pt_map_first - vtd_pt_map() for who knows that they are first-stage tables
 * @pt: as there
 * @iova: as there
 * @phys: as there
 * @size: as there
 * @prot: as there
 * @gfp: as there
 * @mapped: as there
 * @change: as there
 */
int vtd_pt_map_first(struct vtd_pgtable *pt, u64 iova, u64 phys, u64 size, u32 prot,
		     gfp_t gfp, u64 *mapped, struct vtd_pt_change *change)
{
	return pt_map_range(&vtd_pt_first_stage, pt, iova, phys, size, prot, gfp, mapped,
			    change);
}

/**
 * vtd_pt_unmap_first - vtd_pt_unmap() for who knows that they are first-stage tables
 * @pt: as there
 * @iova: as there
 * @size: as there
 * @change: as there
 */
u64 vtd_pt_unmap_first(struct vtd_pgtable *pt, u64 iova, u64 size,
		       struct vtd_pt_change *change)
{
	if (unlikely(pt_check_range(pt, iova, size)))
		return 0;
	return pt_unmap(&vtd_pt_first_stage, pt, iova, size, change);
}

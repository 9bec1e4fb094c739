/* SPDX-License-Identifier: GPL-2.0 */
/* The engine with first-stage entries (section 9.7).  Pure. */
#ifndef VTD_PGTABLE_FIRST_H
#define VTD_PGTABLE_FIRST_H

#include "pgtable/pgtable.h"

int vtd_pt_map_first(struct vtd_pgtable *pt, u64 iova, u64 phys, u64 size, u32 prot,
		     gfp_t gfp, u64 *mapped, struct vtd_pt_change *change);
u64 vtd_pt_unmap_first(struct vtd_pgtable *pt, u64 iova, u64 size,
		       struct vtd_pt_change *change);

#endif /* VTD_PGTABLE_FIRST_H */

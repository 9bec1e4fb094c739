/* SPDX-License-Identifier: GPL-2.0 */
/* Ranges that are mapped to themselves.  Pure. */
#ifndef VTD_PGTABLE_IDENTITY_H
#define VTD_PGTABLE_IDENTITY_H

#include <linux/gfp.h>
#include <linux/types.h>

#include "pgtable/pgtable.h"

int vtd_pt_identity(struct vtd_pgtable *pt, u64 first, u64 last, gfp_t gfp,
		    struct vtd_pt_change *change);

#endif /* VTD_PGTABLE_IDENTITY_H */

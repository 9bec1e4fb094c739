/* SPDX-License-Identifier: GPL-2.0 */
/* A large leaf in parts. */
#ifndef VTD_PGTABLE_SPLIT_H
#define VTD_PGTABLE_SPLIT_H

#include <linux/gfp.h>
#include <linux/types.h>

#include "pgtable/pgtable.h"

int vtd_pt_split(struct vtd_pgtable *pt, u64 at, gfp_t gfp, u64 *size);

#endif /* VTD_PGTABLE_SPLIT_H */

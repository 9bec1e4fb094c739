/* SPDX-License-Identifier: GPL-2.0 */
/* What a crash kernel may read of the kernel before it. */
#ifndef VTD_UNIT_OLD_MEMORY_H
#define VTD_UNIT_OLD_MEMORY_H

#include <linux/types.h>

#include "unit/old_ranges.h"

void vtd_old_memory_note(void);
int vtd_old_memory_open(struct vtd_old_memory *memory);
void vtd_old_memory_close(struct vtd_old_memory *memory);

#endif /* VTD_UNIT_OLD_MEMORY_H */

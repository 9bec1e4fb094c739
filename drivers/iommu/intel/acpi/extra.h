/* SPDX-License-Identifier: GPL-2.0 */
/* Reserved regions that the user adds to those of firmware's table. */
#ifndef VTD_ACPI_EXTRA_H
#define VTD_ACPI_EXTRA_H

#include <linux/types.h>

int vtd_inventory_add_region(u64 base, u64 end, u16 segment, u16 rid);

#endif /* VTD_ACPI_EXTRA_H */

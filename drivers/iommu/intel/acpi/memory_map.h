/* SPDX-License-Identifier: GPL-2.0 */
/* What of the memory firmware keeps for itself. */
#ifndef VTD_ACPI_MEMORY_MAP_H
#define VTD_ACPI_MEMORY_MAP_H

#include <linux/types.h>

struct e820_table;

u64 vtd_memory_unreserved(const struct e820_table *map, u64 base, u64 end);

#endif /* VTD_ACPI_MEMORY_MAP_H */

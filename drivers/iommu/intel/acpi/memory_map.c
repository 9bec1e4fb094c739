// SPDX-License-Identifier: GPL-2.0
/* What of the memory firmware keeps for itself. */
#include <asm/e820/api.h>

#include "acpi/memory_map.h"

static bool is_kept(const struct e820_entry *entry)
{
	return entry->type == E820_TYPE_RESERVED || entry->type == E820_TYPE_NVS;
}

/**
 * vtd_memory_unreserved - where a range stops to be firmware's
 * @map: the memory map, sorted and without overlaps, as e820_table is
 * @base: first byte of the range
 * @end: last byte
 *
 * A range may go over several entries of the map, of several types; what no
 * entry holds is not reserved either.
 *
 * Context: any.
 * Return: address of the first byte that is not reserved, above @end if there is
 * none.
 */
u64 vtd_memory_unreserved(const struct e820_table *map, u64 base, u64 end)
{
	unsigned int i;

	for (i = 0; i < map->nr_entries && base <= end; i++) {
		const struct e820_entry *entry = &map->entries[i];

		if (is_kept(entry) && entry->addr <= base &&
		    base < entry->addr + entry->size)
			base = entry->addr + entry->size;
	}
	return base;
}

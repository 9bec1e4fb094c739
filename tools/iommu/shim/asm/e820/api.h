/* SPDX-License-Identifier: GPL-2.0 */
/* Userspace: a memory map as acpi/memory_map.c reads it. */
#ifndef VTD_SHIM_ASM_E820_API_H
#define VTD_SHIM_ASM_E820_API_H

#include <linux/types.h>

#define E820_SHIM_MAX	256u

enum e820_type {
	E820_TYPE_RAM		= 1,
	E820_TYPE_RESERVED	= 2,
	E820_TYPE_ACPI		= 3,
	E820_TYPE_NVS		= 4,
	E820_TYPE_OTHER		= 5,
};

struct e820_entry {
	u64 addr;
	u64 size;
	enum e820_type type;
};

struct e820_table {
	u32 nr_entries;
	struct e820_entry entries[E820_SHIM_MAX];
};

#endif /* VTD_SHIM_ASM_E820_API_H */

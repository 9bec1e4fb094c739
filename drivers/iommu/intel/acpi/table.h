/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A bounded cursor over the bytes of the ACPI table DMAR (specification chapter
 * 8).  Nothing else does arithmetic on firmware's bytes.  Pure.
 *
 * Whatever the bytes are: the cursor ends within length / 4 steps, reads
 * nothing outside of them, and what it yields was inside of them.  What it
 * passes over is reported once, through the function handed to it.
 */
#ifndef VTD_ACPI_TABLE_H
#define VTD_ACPI_TABLE_H

#include <linux/types.h>

#include "acpi/path.h"

/* Structure types, section 8.2 */
#define VTD_TYPE_DRHD	0u
#define VTD_TYPE_RMRR	1u
#define VTD_TYPE_ATSR	2u
#define VTD_TYPE_RHSA	3u
#define VTD_TYPE_ANDD	4u
#define VTD_TYPE_SATC	5u
#define VTD_TYPE_SIDP	6u
#define VTD_TYPES	7u

/* Units that are listed in the log; a table that is garbage has thousands */
#define VTD_TABLE_UNITS_TOLD	64u

/* Device scope types, section 8.3.1 */
#define VTD_SCOPE_ENDPOINT	1u
#define VTD_SCOPE_BRIDGE	2u
#define VTD_SCOPE_IOAPIC	3u
#define VTD_SCOPE_HPET		4u
#define VTD_SCOPE_NAMESPACE	5u

/* Flags of the table */
#define VTD_TABLE_INTR_REMAP		0x1u
#define VTD_TABLE_X2APIC_OPT_OUT	0x2u
#define VTD_TABLE_OPT_IN		0x4u
#define VTD_TABLE_OPT_OUT		0x8u

/* Flags of a structure */
#define VTD_DRHD_INCLUDE_ALL		0x1u
#define VTD_ATSR_ALL_PORTS		0x1u
#define VTD_SATC_REQUIRED		0x1u

/* Real tables have some hundred bytes; this only keeps the walk short */
#define VTD_TABLE_MAX	0x10000u
#define VTD_TABLE_FIXED	48u

/* No physical address of the architecture is longer */
#define VTD_PHYS_BITS_MAX	52

/**
 * enum vtd_defect - what can be wrong with firmware's table
 * @VTD_OK: nothing
 * @VTD_BAD_SIGNATURE: not a DMAR table
 * @VTD_BAD_LENGTH: the table's length cannot be
 * @VTD_BAD_WIDTH: the host address width cannot be
 * @VTD_ENTRY_STUCK: a structure's length is shorter than its header
 * @VTD_ENTRY_SHORT: a structure is shorter than its type's fixed part
 * @VTD_ENTRY_PAST_END: a structure ends behind the table
 * @VTD_ENTRY_UNKNOWN: a structure of unknown type
 * @VTD_ENTRY_FOREIGN: a structure in a buffer that is for another type
 * @VTD_TAIL: less than a header is left at the end
 * @VTD_SCOPE_STUCK: a device scope's length is shorter than its fixed part
 * @VTD_SCOPE_PAST_END: a device scope ends behind its structure
 * @VTD_SCOPE_TAIL: less than a device scope is left at the structure's end
 * @VTD_SCOPE_UNKNOWN: a device scope of unknown type
 * @VTD_SCOPE_NO_PATH: a device scope without a path
 * @VTD_SCOPE_ODD_PATH: the last hop of a path has one byte
 * @VTD_SCOPE_LONG_PATH: more hops than VTD_PATH_MAX
 * @VTD_SCOPE_BAD_PATH: a device above 31 or a function above 7
 * @VTD_UNIT_ZERO: register base 0
 * @VTD_UNIT_UNALIGNED: register base not on a page
 * @VTD_UNIT_BEYOND: register base behind what can be addressed
 * @VTD_UNIT_TWICE: same segment and base as an earlier unit
 * @VTD_UNIT_ALL_TWICE: a second unit of the segment takes all other devices
 * @VTD_UNIT_NOTHING: neither device scopes nor all other devices
 * @VTD_UNIT_CUT: some of its device scopes cannot be read
 * @VTD_UNIT_NO_BUS: no PCI bus has the unit's segment
 * @VTD_UNIT_ONES: registers read as all ones
 * @VTD_UNIT_ZEROES: registers read as zero
 * @VTD_UNIT_VERSION: a version below 1.0
 * @VTD_UNIT_UNMAPPED: registers could not be mapped
 * @VTD_REGION_EMPTY: a reserved region 0..0 or of no byte
 * @VTD_REGION_INVERTED: a reserved region that ends before it begins
 * @VTD_REGION_BEYOND: a reserved region behind what can be addressed
 * @VTD_REGION_UNALIGNED: a reserved region that is not whole pages
 * @VTD_REGION_NOT_RESERVED: a reserved region that the memory map does not reserve
 * @VTD_REGION_NOBODY: a reserved region without device
 * @VTD_NAME_BAD: a name without end, empty, or not printable
 * @VTD_AFFINITY_UNKNOWN: NUMA affinity of a unit that does not exist
 * @VTD_SECOND_TABLE: a second DMAR table
 * @VTD_NO_UNIT: no unit that can be used
 * @VTD_DEFECTS: how many there are
 */
enum vtd_defect {
	VTD_OK,
	VTD_BAD_SIGNATURE,
	VTD_BAD_LENGTH,
	VTD_BAD_WIDTH,
	VTD_ENTRY_STUCK,
	VTD_ENTRY_SHORT,
	VTD_ENTRY_PAST_END,
	VTD_ENTRY_UNKNOWN,
	VTD_ENTRY_FOREIGN,
	VTD_TAIL,
	VTD_SCOPE_STUCK,
	VTD_SCOPE_PAST_END,
	VTD_SCOPE_TAIL,
	VTD_SCOPE_UNKNOWN,
	VTD_SCOPE_NO_PATH,
	VTD_SCOPE_ODD_PATH,
	VTD_SCOPE_LONG_PATH,
	VTD_SCOPE_BAD_PATH,
	VTD_UNIT_ZERO,
	VTD_UNIT_UNALIGNED,
	VTD_UNIT_BEYOND,
	VTD_UNIT_TWICE,
	VTD_UNIT_ALL_TWICE,
	VTD_UNIT_NOTHING,
	VTD_UNIT_CUT,
	VTD_UNIT_NO_BUS,
	VTD_UNIT_ONES,
	VTD_UNIT_ZEROES,
	VTD_UNIT_VERSION,
	VTD_UNIT_UNMAPPED,
	VTD_REGION_EMPTY,
	VTD_REGION_INVERTED,
	VTD_REGION_BEYOND,
	VTD_REGION_UNALIGNED,
	VTD_REGION_NOT_RESERVED,
	VTD_REGION_NOBODY,
	VTD_NAME_BAD,
	VTD_AFFINITY_UNKNOWN,
	VTD_SECOND_TABLE,
	VTD_NO_UNIT,
	VTD_DEFECTS,
};

/* Structure type of a complaint that is about the table itself */
#define VTD_TYPE_TABLE	0xffffu

/**
 * struct vtd_complaint - one defect and where it is
 * @defect: what is wrong
 * @type: structure type, or VTD_TYPE_TABLE
 * @offset: of the structure or scope, in bytes from the table's start
 * @value: the length, type, address or number that is wrong
 */
struct vtd_complaint {
	enum vtd_defect defect;
	u16 type;
	u32 offset;
	u64 value;
};

typedef void (*vtd_complain_fn)(const struct vtd_complaint *complaint);

/**
 * struct vtd_table - an opened table
 * @bytes: its first byte; the caller's, must outlive all that points into it
 * @length: of the table in bytes, not above what was handed over
 * @width: host address width in bits
 * @flags: VTD_TABLE_*
 * @complain: told of each defect
 */
struct vtd_table {
	const u8 *bytes;
	u32 length;
	u8 width;
	u8 flags;
	vtd_complain_fn complain;
};

/**
 * struct vtd_scope_cursor - place in the device scopes of a structure
 * @table: the table
 * @at: offset of the next scope
 * @end: offset behind the structure
 * @type: type of the structure
 * @cut: there are more, which cannot be read
 */
struct vtd_scope_cursor {
	const struct vtd_table *table;
	u32 at;
	u32 end;
	u16 type;
	bool cut;
};

/**
 * struct vtd_entry - one structure, decoded; which fields hold depends on @type
 * @type: VTD_TYPE_*
 * @length: in bytes
 * @offset: from the table's start
 * @index: number among all structures
 * @flags: DRHD ATSR SATC
 * @segment: DRHD RMRR ATSR SATC SIDP
 * @base: DRHD RHSA: registers; RMRR: first byte
 * @end: RMRR: last byte
 * @size: DRHD: bytes of the register window
 * @domain: RHSA: proximity domain
 * @number: ANDD: what namespace scopes call the device
 * @name: ANDD: path in the ACPI namespace, ends within the structure
 * @scopes: DRHD RMRR ATSR SATC SIDP: the device scopes
 */
struct vtd_entry {
	u16 type;
	u16 length;
	u32 offset;
	unsigned int index;
	u8 flags;
	u16 segment;
	u64 base;
	u64 end;
	u64 size;
	u32 domain;
	u8 number;
	const char *name;
	struct vtd_scope_cursor scopes;
};

/**
 * struct vtd_cursor - place in a table
 * @table: the table
 * @at: offset of the next structure
 * @index: its number
 */
struct vtd_cursor {
	const struct vtd_table *table;
	u32 at;
	unsigned int index;
};

int vtd_table_open(struct vtd_table *table, const void *bytes, size_t size,
		   vtd_complain_fn complain);
void vtd_table_rewind(struct vtd_cursor *cursor, const struct vtd_table *table);
bool vtd_table_next(struct vtd_cursor *cursor, struct vtd_entry *entry);
bool vtd_scope_next(struct vtd_scope_cursor *cursor, struct dmar_dev_scope *scope);

enum vtd_defect vtd_table_check_base(u64 base, u8 phys_bits);
enum vtd_defect vtd_table_check_devices(bool include_all, unsigned int scopes, bool cut);
enum vtd_defect vtd_table_check_window(u32 version, u64 cap, u64 ecap);
enum vtd_defect vtd_table_fit_region(u64 *base, u64 *end);

const char *vtd_table_type_name(u16 type);
const char *vtd_defect_text(enum vtd_defect defect);
const char *vtd_defect_remedy(enum vtd_defect defect);

#endif /* VTD_ACPI_TABLE_H */

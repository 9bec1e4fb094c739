// SPDX-License-Identifier: GPL-2.0
/* What is wrong with firmware's table, and what was done about it.  Pure. */
#include "acpi/table.h"

#define DROP_ENTRY	"structure skipped"
#define DROP_SCOPE	"device scope skipped"
#define STOP_TABLE	"rest of the table ignored"
#define STOP_SCOPES	"rest of its device scopes ignored"
#define UNIT_OFF	"unit left off"
#define DROP_REGION	"region dropped"

struct words {
	const char *text;
	const char *remedy;
};

static const struct words words[VTD_DEFECTS] = {
	[VTD_OK] = { "nothing is wrong", "nothing" },
	[VTD_BAD_SIGNATURE] = { "signature is not DMAR", "table ignored" },
	[VTD_BAD_LENGTH] = { "impossible table length", "table ignored" },
	[VTD_BAD_WIDTH] = { "impossible host address width", "width ignored" },
	[VTD_ENTRY_STUCK] = { "length is less than the structure's header", STOP_TABLE },
	[VTD_ENTRY_SHORT] = { "length is less than the structure's fixed part", DROP_ENTRY },
	[VTD_ENTRY_PAST_END] = { "structure ends behind the table", STOP_TABLE },
	[VTD_ENTRY_UNKNOWN] = { "unknown structure type", DROP_ENTRY },
	[VTD_ENTRY_FOREIGN] = { "structure of another type than its buffer", DROP_ENTRY },
	[VTD_TAIL] = { "stray bytes at the end", "bytes ignored" },
	[VTD_SCOPE_STUCK] = { "device scope's length is less than its fixed part", STOP_SCOPES },
	[VTD_SCOPE_PAST_END] = { "device scope ends behind its structure", STOP_SCOPES },
	[VTD_SCOPE_TAIL] = { "stray bytes behind the device scopes", "bytes ignored" },
	[VTD_SCOPE_UNKNOWN] = { "unknown device scope type", DROP_SCOPE },
	[VTD_SCOPE_NO_PATH] = { "device scope has no path", DROP_SCOPE },
	[VTD_SCOPE_ODD_PATH] = { "device scope has half a hop", "half hop ignored" },
	[VTD_SCOPE_LONG_PATH] = { "device scope's path is too long", DROP_SCOPE },
	[VTD_SCOPE_BAD_PATH] = { "device scope's path has no such device or function", DROP_SCOPE },
	[VTD_UNIT_ZERO] = { "register base is 0", UNIT_OFF },
	[VTD_UNIT_UNALIGNED] = { "register base is not on a page", UNIT_OFF },
	[VTD_UNIT_BEYOND] = { "register base is behind what the CPU addresses", UNIT_OFF },
	[VTD_UNIT_TWICE] = { "unit is listed twice", "second one ignored" },
	[VTD_UNIT_ALL_TWICE] = { "second unit of the segment with INCLUDE_ALL",
				 "its INCLUDE_ALL ignored" },
	[VTD_UNIT_NOTHING] = { "unit has neither devices nor INCLUDE_ALL", UNIT_OFF },
	[VTD_UNIT_CUT] = { "not all devices of the unit are known", UNIT_OFF },
	[VTD_UNIT_NO_BUS] = { "no PCI bus has the unit's segment", UNIT_OFF },
	[VTD_UNIT_ONES] = { "registers read as all ones", UNIT_OFF },
	[VTD_UNIT_ZEROES] = { "registers read as zero", UNIT_OFF },
	[VTD_UNIT_VERSION] = { "version is below 1.0", UNIT_OFF },
	[VTD_UNIT_UNMAPPED] = { "registers cannot be mapped", UNIT_OFF },
	[VTD_REGION_EMPTY] = { "reserved region is empty", DROP_REGION },
	[VTD_REGION_INVERTED] = { "reserved region ends before it begins", DROP_REGION },
	[VTD_REGION_BEYOND] = { "reserved region is behind all addresses", DROP_REGION },
	[VTD_REGION_UNALIGNED] = { "reserved region is not whole pages",
				   "made larger to whole pages" },
	[VTD_REGION_NOT_RESERVED] = { "memory map does not reserve the reserved region",
				      "mapped all the same" },
	[VTD_REGION_NOBODY] = { "reserved region names no device", DROP_REGION },
	[VTD_NAME_BAD] = { "device name is empty, not printable or has no end", DROP_ENTRY },
	[VTD_AFFINITY_UNKNOWN] = { "NUMA affinity of a unit that does not exist", DROP_ENTRY },
	[VTD_SECOND_TABLE] = { "there is a second DMAR table", "only the first is used" },
	[VTD_NO_UNIT] = { "no unit that can be used", "no DMA remapping" },
};

static const char * const type_names[VTD_TYPES] = {
	[VTD_TYPE_DRHD] = "DRHD",
	[VTD_TYPE_RMRR] = "RMRR",
	[VTD_TYPE_ATSR] = "ATSR",
	[VTD_TYPE_RHSA] = "RHSA",
	[VTD_TYPE_ANDD] = "ANDD",
	[VTD_TYPE_SATC] = "SATC",
	[VTD_TYPE_SIDP] = "SIDP",
};

/**
 * vtd_table_type_name - a structure type in letters
 * @type: VTD_TYPE_*, or VTD_TYPE_TABLE
 *
 * Return: a constant string.
 */
const char *vtd_table_type_name(u16 type)
{
	if (type == VTD_TYPE_TABLE)
		return "table";
	return type < VTD_TYPES ? type_names[type] : "structure";
}

/**
 * vtd_defect_text - what is wrong, in words
 * @defect: the defect
 *
 * Return: a constant string.
 */
const char *vtd_defect_text(enum vtd_defect defect)
{
	return defect < VTD_DEFECTS ? words[defect].text : "unknown defect";
}

/**
 * vtd_defect_remedy - what was done about it, in words
 * @defect: the defect
 *
 * Return: a constant string.
 */
const char *vtd_defect_remedy(enum vtd_defect defect)
{
	return defect < VTD_DEFECTS ? words[defect].remedy : "nothing";
}

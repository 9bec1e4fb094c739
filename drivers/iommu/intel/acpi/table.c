// SPDX-License-Identifier: GPL-2.0
/*
 * The cursor over firmware's DMAR table.  Pure: see table.h for the contract.
 * Words about defects are in defects.c.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "acpi/table.h"
#include "hw/registers.h"

#define HEADER_SIZE	4u	/* type, length */
#define SCOPE_FIXED	6u	/* type, length, flags, reserved, id, bus */
#define HOP_SIZE	2u	/* device, function */
#define PAGE_MASK_LOW	0xfffull

/* Bytes before device scopes or name, by type (sections 8.3 to 8.9) */
static const u8 fixed_part[VTD_TYPES] = {
	[VTD_TYPE_DRHD] = 16,
	[VTD_TYPE_RMRR] = 24,
	[VTD_TYPE_ATSR] = 8,
	[VTD_TYPE_RHSA] = 20,
	[VTD_TYPE_ANDD] = 8,
	[VTD_TYPE_SATC] = 8,
	[VTD_TYPE_SIDP] = 8,
};

static void report(const struct vtd_table *table, enum vtd_defect defect,
		   u16 type, u32 offset, u64 value)
{
	const struct vtd_complaint complaint = {
		.defect = defect,
		.type = type,
		.offset = offset,
		.value = value,
	};

	if (table->complain)
		table->complain(&complaint);
}

static int refuse(struct vtd_table *table, enum vtd_defect defect, u64 value)
{
	report(table, defect, VTD_TYPE_TABLE, 0, value);
	return -EINVAL;
}

/**
 * vtd_table_open - check a table's header and get ready to walk it
 * @table: to be filled
 * @bytes: first byte of the table
 * @size: how many bytes may be read
 * @complain: told of each defect, now and during walks; may be NULL
 *
 * A width that cannot be becomes the longest there is.
 *
 * Return: 0, or -EINVAL if this is no table that could be walked (reported).
 */
int vtd_table_open(struct vtd_table *table, const void *bytes, size_t size,
		   vtd_complain_fn complain)
{
	u32 length, width;

	*table = (struct vtd_table) { .bytes = bytes, .complain = complain };
	if (!bytes || size < VTD_TABLE_FIXED)
		return refuse(table, VTD_BAD_LENGTH, size);
	if (memcmp(bytes, "DMAR", 4))
		return refuse(table, VTD_BAD_SIGNATURE, get_unaligned_le32(bytes));
	length = get_unaligned_le32(bytes + 4);
	if (length < VTD_TABLE_FIXED || length > size || length > VTD_TABLE_MAX)
		return refuse(table, VTD_BAD_LENGTH, length);

	table->length = length;
	table->flags = table->bytes[37];
	width = table->bytes[36] + 1;
	if (width < 32 || width > VTD_PHYS_BITS_MAX) {
		report(table, VTD_BAD_WIDTH, VTD_TYPE_TABLE, 36, width);
		width = VTD_PHYS_BITS_MAX;
	}
	table->width = width;
	return 0;
}

/**
 * vtd_table_rewind - put a cursor before the first structure
 * @cursor: to be set
 * @table: from vtd_table_open()
 */
void vtd_table_rewind(struct vtd_cursor *cursor, const struct vtd_table *table)
{
	*cursor = (struct vtd_cursor) { .table = table, .at = VTD_TABLE_FIXED };
}

static bool decode_name(const struct vtd_table *table, struct vtd_entry *entry)
{
	const u8 *name = table->bytes + entry->offset + fixed_part[VTD_TYPE_ANDD];
	u32 room = entry->length - fixed_part[VTD_TYPE_ANDD];
	u32 i;

	for (i = 0; i < room && name[i]; i++) {
		if (name[i] <= ' ' || name[i] > '~')
			break;
	}
	if (!i || i == room || name[i]) {
		report(table, VTD_NAME_BAD, entry->type, entry->offset, i);
		return false;
	}
	entry->name = (const char *)name;
	return true;
}

/* The fixed part is known to lie inside the structure */
static bool decode(const struct vtd_table *table, struct vtd_entry *entry)
{
	const u8 *p = table->bytes + entry->offset;

	switch (entry->type) {
	case VTD_TYPE_DRHD:
		entry->flags = p[4];
		entry->size = (u64)VTD_WINDOW_MIN << (p[5] & VTD_WINDOW_MAX_ORDER);
		entry->segment = get_unaligned_le16(p + 6);
		entry->base = get_unaligned_le64(p + 8);
		break;
	case VTD_TYPE_RMRR:
		entry->segment = get_unaligned_le16(p + 6);
		entry->base = get_unaligned_le64(p + 8);
		entry->end = get_unaligned_le64(p + 16);
		break;
	case VTD_TYPE_ATSR:
	case VTD_TYPE_SATC:
	case VTD_TYPE_SIDP:
		entry->flags = p[4];
		entry->segment = get_unaligned_le16(p + 6);
		break;
	case VTD_TYPE_RHSA:
		entry->base = get_unaligned_le64(p + 8);
		entry->domain = get_unaligned_le32(p + 16);
		return true;
	case VTD_TYPE_ANDD:
		entry->number = p[7];
		return decode_name(table, entry);
	}

	entry->scopes = (struct vtd_scope_cursor) {
		.table = table,
		.at = entry->offset + fixed_part[entry->type],
		.end = entry->offset + entry->length,
		.type = entry->type,
	};
	return true;
}

/* Takes the next structure's header; the cursor stands behind the structure then */
static bool step(struct vtd_cursor *cursor, struct vtd_entry *entry)
{
	const struct vtd_table *table = cursor->table;
	u32 left = table->length - cursor->at;
	const u8 *p = table->bytes + cursor->at;

	*entry = (struct vtd_entry) { .offset = cursor->at, .index = cursor->index };
	if (left < HEADER_SIZE) {
		if (left)
			report(table, VTD_TAIL, VTD_TYPE_TABLE, cursor->at, left);
		cursor->at = table->length;
		return false;
	}
	entry->type = get_unaligned_le16(p);
	entry->length = get_unaligned_le16(p + 2);
	if (entry->length < HEADER_SIZE || entry->length > left) {
		report(table, entry->length > left ? VTD_ENTRY_PAST_END : VTD_ENTRY_STUCK,
		       entry->type, cursor->at, entry->length);
		cursor->at = table->length;
		return false;
	}
	cursor->at += entry->length;
	cursor->index++;
	return true;
}

/**
 * vtd_table_next - the next structure that can be used
 * @cursor: place in the table, moved on
 * @entry: to be filled
 *
 * Return: false at the end, or where the rest cannot be read (reported).
 */
bool vtd_table_next(struct vtd_cursor *cursor, struct vtd_entry *entry)
{
	while (step(cursor, entry)) {
		if (entry->type >= VTD_TYPES)
			report(cursor->table, VTD_ENTRY_UNKNOWN, entry->type,
			       entry->offset, entry->type);
		else if (entry->length < fixed_part[entry->type])
			report(cursor->table, VTD_ENTRY_SHORT, entry->type,
			       entry->offset, entry->length);
		else if (decode(cursor->table, entry))
			return true;
	}
	return false;
}

/* The path of a scope whose length was checked */
static enum vtd_defect decode_path(const u8 *p, u8 length, struct dmar_dev_scope *scope)
{
	u32 depth = (length - SCOPE_FIXED) / HOP_SIZE;
	u32 i;

	if (!depth)
		return VTD_SCOPE_NO_PATH;
	if (depth > VTD_PATH_MAX)
		return VTD_SCOPE_LONG_PATH;
	for (i = 0; i < depth; i++) {
		const u8 *hop = p + SCOPE_FIXED + i * HOP_SIZE;

		if (hop[0] > 31 || hop[1] > 7)
			return VTD_SCOPE_BAD_PATH;
		scope->path[i] = hop[0] << 3 | hop[1];
	}
	scope->depth = depth;
	return VTD_OK;
}

/* Takes one scope of a length that was checked */
static enum vtd_defect decode_scope(const u8 *p, struct dmar_dev_scope *scope)
{
	*scope = (struct dmar_dev_scope) { .type = p[0], .id = p[4], .bus = p[5] };
	if (scope->type < VTD_SCOPE_ENDPOINT || scope->type > VTD_SCOPE_NAMESPACE)
		return VTD_SCOPE_UNKNOWN;
	return decode_path(p, p[1], scope);
}

static void stop_scopes(struct vtd_scope_cursor *c, enum vtd_defect defect, u32 value)
{
	report(c->table, defect, c->type, c->at, value);
	c->cut = defect != VTD_SCOPE_TAIL;
	c->at = c->end;
}

/**
 * vtd_scope_next - the next device scope that can be used
 * @c: place in the scopes of a structure, moved on
 * @scope: to be filled; no device yet
 *
 * Return: false at the end, or where the rest cannot be read (reported).
 */
bool vtd_scope_next(struct vtd_scope_cursor *c, struct dmar_dev_scope *scope)
{
	enum vtd_defect defect;
	const u8 *p;
	u32 at;

	while (c->at < c->end) {
		if (c->end - c->at < SCOPE_FIXED) {
			stop_scopes(c, VTD_SCOPE_TAIL, c->end - c->at);
			break;
		}
		p = c->table->bytes + c->at;
		if (p[1] < SCOPE_FIXED) {
			stop_scopes(c, VTD_SCOPE_STUCK, p[1]);
			break;
		}
		if (p[1] > c->end - c->at) {
			stop_scopes(c, VTD_SCOPE_PAST_END, p[1]);
			break;
		}
		at = c->at;
		c->at += p[1];
		defect = decode_scope(p, scope);
		if (defect) {
			report(c->table, defect, c->type, at,
			       defect == VTD_SCOPE_UNKNOWN ? p[0] : p[1]);
			continue;
		}
		if (p[1] % HOP_SIZE)
			report(c->table, VTD_SCOPE_ODD_PATH, c->type, at, p[1]);
		return true;
	}
	return false;
}

/**
 * vtd_table_check_base - can registers be there
 * @base: physical address
 * @phys_bits: bits of address that the CPU can map; mapping more would fault
 *
 * Return: VTD_OK or what is wrong.
 */
enum vtd_defect vtd_table_check_base(u64 base, u8 phys_bits)
{
	if (!base)
		return VTD_UNIT_ZERO;
	if (base & PAGE_MASK_LOW)
		return VTD_UNIT_UNALIGNED;
	if (phys_bits < 64 && base >> phys_bits)
		return VTD_UNIT_BEYOND;
	return VTD_OK;
}

/**
 * vtd_table_check_devices - is it known which devices a unit serves
 * @include_all: it takes all devices that no other unit names
 * @scopes: device scopes that could be read
 * @cut: there are more, which could not
 *
 * A unit blocks every device behind it that it does not know.  One whose devices
 * firmware does not tell would take the disk away.
 *
 * Return: VTD_OK or what is wrong.
 */
enum vtd_defect vtd_table_check_devices(bool include_all, unsigned int scopes, bool cut)
{
	if (include_all)
		return VTD_OK;
	if (cut)
		return VTD_UNIT_CUT;
	return scopes ? VTD_OK : VTD_UNIT_NOTHING;
}

/**
 * vtd_table_check_window - is it a unit that answers
 * @version: VER
 * @cap: CAP
 * @ecap: ECAP
 *
 * Return: VTD_OK or what is wrong.
 */
enum vtd_defect vtd_table_check_window(u32 version, u64 cap, u64 ecap)
{
	if (cap == ~0ull && ecap == ~0ull)
		return VTD_UNIT_ONES;
	if (!version && !cap && !ecap)
		return VTD_UNIT_ZEROES;
	if ((version & 0xff) < 0x10)
		return VTD_UNIT_VERSION;
	return VTD_OK;
}

/**
 * vtd_table_fit_region - make a reserved region whole pages
 * @base: first byte; becomes the first byte of a page
 * @end: last byte; becomes the last byte of a page
 *
 * Return: VTD_OK, VTD_REGION_UNALIGNED if it was made larger, or why it must
 * be dropped.
 */
enum vtd_defect vtd_table_fit_region(u64 *base, u64 *end)
{
	u64 first = *base & ~PAGE_MASK_LOW;
	u64 last = *end | PAGE_MASK_LOW;

	/* Firmware writes an empty region as base .. base - 1 */
	if (!*end || *base == *end + 1)
		return VTD_REGION_EMPTY;
	if (*base > *end)
		return VTD_REGION_INVERTED;
	if (*end >> VTD_PHYS_BITS_MAX)
		return VTD_REGION_BEYOND;
	if (first == *base && last == *end)
		return VTD_OK;
	*base = first;
	*end = last;
	return VTD_REGION_UNALIGNED;
}

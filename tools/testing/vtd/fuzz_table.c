// SPDX-License-Identifier: GPL-2.0
/* Any bytes as a DMAR table: ends in time, reads and yields nothing outside. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acpi/table.c"
#include "acpi/defects.c"
#include "acpi/path.c"

#define MUST(cond) do { if (!(cond)) { fprintf(stderr, "%s\n", #cond); abort(); } } while (0)

static unsigned int told;

static void listen(const struct vtd_complaint *c)
{
	told++;
	MUST(c->defect > VTD_OK && c->defect < VTD_DEFECTS);
	MUST(*vtd_defect_text(c->defect) && *vtd_defect_remedy(c->defect));
	MUST(*vtd_table_type_name(c->type));
	MUST(c->offset <= VTD_TABLE_MAX);
}

static int next_bus(void *context, u8 bus, u8 devfn)
{
	return bus + (devfn & 3);
}

static unsigned int walk_scopes(struct vtd_scope_cursor *c)
{
	struct dmar_dev_scope scope;
	unsigned int n = 0;
	u8 bus, devfn;

	while (vtd_scope_next(c, &scope)) {
		MUST(scope.depth >= 1 && scope.depth <= VTD_PATH_MAX);
		vtd_path_resolve(&scope, next_bus, NULL, &bus, &devfn);
		n++;
	}
	MUST(c->at == c->end);
	return n;
}

static void check_entry(const struct vtd_table *table, struct vtd_entry *e)
{
	u64 base = e->base, end = e->end;

	MUST(e->type < VTD_TYPES && e->offset + e->length <= table->length);
	vtd_table_check_base(base, 39);
	if (e->type == VTD_TYPE_RMRR) {
		enum vtd_defect d = vtd_table_fit_region(&base, &end);

		if (!d || d == VTD_REGION_UNALIGNED)
			MUST(base < end && !(base & 0xfff) && !((end + 1) & 0xfff) &&
			     base <= e->base && end >= e->end);
	}
	if (e->name)
		MUST(e->name + strlen(e->name) <
		     (const char *)table->bytes + e->offset + e->length);
	if (e->scopes.table)
		MUST(walk_scopes(&e->scopes) <= e->length / 6);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* The header is always sound enough: the rest is what is tried */
	size_t total = size + VTD_TABLE_FIXED;
	struct vtd_cursor cursor;
	struct vtd_entry entry;
	struct vtd_table table;
	unsigned int steps = 0;
	uint8_t *bytes;

	if (vtd_table_open(&table, data, size, listen) == 0)
		MUST(table.length <= size);
	if (total > VTD_TABLE_MAX)
		return 0;
	bytes = malloc(total);
	memset(bytes, 0, VTD_TABLE_FIXED);
	memcpy(bytes, "DMAR", 4);
	bytes[4] = total;
	bytes[5] = total >> 8;
	bytes[36] = 38;
	memcpy(bytes + VTD_TABLE_FIXED, data, size);
	told = 0;
	MUST(vtd_table_open(&table, bytes, total, listen) == 0 || total > 0xffff);
	vtd_table_rewind(&cursor, &table);
	while (table.length && vtd_table_next(&cursor, &entry)) {
		check_entry(&table, &entry);
		steps++;
	}
	MUST(steps <= total / 4 && told <= total / 4 + 1);
	free(bytes);
	return 0;
}

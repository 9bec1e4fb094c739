// SPDX-License-Identifier: GPL-2.0
/*
 * From firmware's table and the user's options to units and regions: what
 * acpi/build.c does in the kernel, with the same cursor, checks and words.
 */
#include <stdlib.h>
#include <string.h>

#include "acpi/memory_map.h"
#include "hw/registers.h"
#include "machine.h"

static void complain(enum vtd_defect defect, const struct vtd_entry *entry, u64 value)
{
	machine_complain(&(struct vtd_complaint) {
		.defect = defect, .type = entry->type, .offset = entry->offset,
		.value = value,
	});
}

static struct unit *find_unit(struct machine *m, u64 base, u16 segment)
{
	unsigned int i;

	for (i = 0; i < m->units; i++)
		if (m->unit[i].base == base && m->unit[i].segment == segment)
			return &m->unit[i];
	return NULL;
}

static struct unit *find_all(struct machine *m, u16 segment)
{
	unsigned int i;

	for (i = 0; i < m->units; i++)
		if (m->unit[i].segment == segment && m->unit[i].include_all)
			return &m->unit[i];
	return NULL;
}

static bool is_overridden(const struct machine *m, u64 base, u16 segment)
{
	const struct vtd_overrides *list = &m->cmdline.overrides;
	unsigned int i;

	for (i = 0; i < list->count; i++)
		if (list->unit[i].base == base && list->unit[i].segment == segment)
			return true;
	return false;
}

static void take_scopes(struct scopes *scopes, const struct vtd_scope_cursor *from)
{
	struct vtd_scope_cursor c = *from;
	struct dmar_dev_scope scope, *more;

	while (vtd_scope_next(&c, &scope)) {
		more = realloc(scopes->scope, (scopes->count + 1) * sizeof(scope));
		if (!more)
			break;
		scopes->scope = more;
		scopes->scope[scopes->count++] = scope;
	}
	scopes->cut = c.cut;
}

static void settle_include_all(struct machine *m, struct unit *unit,
			       const struct vtd_entry *entry)
{
	struct unit *other = find_all(m, unit->segment);

	if (!other)
		return;
	complain(VTD_UNIT_ALL_TWICE, entry, entry->base);
	if (other->off)
		other->include_all = false;
	else
		unit->include_all = false;
}

static bool keep_unit(struct machine *m, const struct vtd_entry *entry)
{
	if (m->cmdline.overrides.count && !is_overridden(m, entry->base, entry->segment)) {
		machine_log("DMAR: DRHD base 0x%llx is not in intel_iommu.drhd=: left out",
			    (unsigned long long)entry->base);
		return false;
	}
	if (entry->base && find_unit(m, entry->base, entry->segment)) {
		complain(VTD_UNIT_TWICE, entry, entry->base);
		return false;
	}
	return m->units < MACHINE_UNITS;
}

static void tell_unit(const struct vtd_entry *entry)
{
	static unsigned int told;

	if (told == VTD_TABLE_UNITS_TOLD)
		machine_log("DMAR: more units, not shown");
	if (told++ < VTD_TABLE_UNITS_TOLD)
		machine_log("DMAR: DRHD base: 0x%014llx flags: 0x%x",
			    (unsigned long long)entry->base, entry->flags);
}

static void take_unit(struct machine *m, const struct vtd_entry *entry)
{
	struct unit unit = {
		.base = entry->base, .segment = entry->segment,
		.include_all = entry->flags & VTD_DRHD_INCLUDE_ALL,
		.from_user = is_overridden(m, entry->base, entry->segment),
	};
	enum vtd_defect defect;

	tell_unit(entry);
	if (!keep_unit(m, entry))
		return;
	if (unit.include_all)
		settle_include_all(m, &unit, entry);
	take_scopes(&unit.scopes, &entry->scopes);
	defect = vtd_table_check_base(unit.base, m->phys_bits);
	if (!defect)
		defect = vtd_table_check_devices(unit.include_all, unit.scopes.count,
						 unit.scopes.cut);
	if (defect) {
		complain(defect, entry, entry->base);
		unit.off = true;
		unit.unusable = defect != VTD_UNIT_NOTHING;
		unit.why_off = vtd_defect_text(defect);
	}
	m->unit[m->units++] = unit;
}

static bool keep_region(const struct machine *m, const struct vtd_entry *entry,
			struct region *region)
{
	enum vtd_defect defect = vtd_table_fit_region(&region->base, &region->end);
	u64 bare;

	if (defect)
		complain(defect, entry, entry->base);
	if (defect && defect != VTD_REGION_UNALIGNED)
		return false;
	if (!m->has_map)
		return true;
	bare = vtd_memory_unreserved(&m->map, region->base, region->end);
	if (bare <= region->end)
		complain(VTD_REGION_NOT_RESERVED, entry, bare);
	return true;
}

static void take_region(struct machine *m, const struct vtd_entry *entry)
{
	struct region region = {
		.base = entry->base, .end = entry->end, .segment = entry->segment,
		.index = entry->index,
	};

	machine_log("DMAR: RMRR base: 0x%014llx end: 0x%014llx",
		    (unsigned long long)entry->base, (unsigned long long)entry->end);
	if (!keep_region(m, entry, &region))
		return;
	take_scopes(&region.scopes, &entry->scopes);
	if (!region.scopes.count)
		complain(VTD_REGION_NOBODY, entry, entry->base);
	if (region.scopes.count && m->regions < MACHINE_REGIONS)
		m->region[m->regions++] = region;
	else
		free(region.scopes.scope);
}

/* Its scopes are walked for what is wrong with them */
static void take_other(const struct vtd_entry *entry)
{
	struct scopes scopes = { 0 };

	if (entry->type == VTD_TYPE_ATSR)
		machine_log("DMAR: ATSR flags: 0x%x", entry->flags);
	else if (entry->type == VTD_TYPE_SATC)
		machine_log("DMAR: SATC flags: 0x%x", entry->flags);
	else if (entry->type == VTD_TYPE_ANDD)
		machine_log("DMAR: ANDD device: %x name: %s", entry->number, entry->name);
	if (entry->type != VTD_TYPE_ATSR && entry->type != VTD_TYPE_SATC)
		return;
	take_scopes(&scopes, &entry->scopes);
	free(scopes.scope);
}

static void take_affinities(struct machine *m)
{
	struct vtd_table quiet = m->dmar;
	struct vtd_cursor cursor;
	struct vtd_entry entry;
	unsigned int i;
	bool found;

	quiet.complain = NULL;
	vtd_table_rewind(&cursor, &quiet);
	while (vtd_table_next(&cursor, &entry)) {
		if (entry.type != VTD_TYPE_RHSA)
			continue;
		for (i = 0, found = false; i < m->units; i++)
			found |= m->unit[i].base == entry.base;
		if (!found && !m->cmdline.overrides.count)
			complain(VTD_AFFINITY_UNKNOWN, &entry, entry.base);
	}
}

static void walk(struct machine *m)
{
	bool regions = false, ports = false, caches = false;
	struct vtd_cursor cursor;
	struct vtd_entry entry;

	machine_log("DMAR: Host address width %d", m->dmar.width);
	vtd_table_rewind(&cursor, &m->dmar);
	while (vtd_table_next(&cursor, &entry)) {
		ports |= entry.type == VTD_TYPE_ATSR;
		caches |= entry.type == VTD_TYPE_SATC;
		if (entry.type == VTD_TYPE_DRHD)
			take_unit(m, &entry);
		else if (entry.type == VTD_TYPE_RMRR)
			take_region(m, &entry);
		else
			take_other(&entry);
	}
	take_affinities(m);
	regions = m->regions;
	if (!regions)
		machine_log("DMAR: No RMRR found");
	if (!ports)
		machine_log("DMAR: No ATSR found");
	if (!caches)
		machine_log("DMAR: No SATC found");
}

static void add_overrides(struct machine *m)
{
	const struct vtd_overrides *list = &m->cmdline.overrides;
	enum vtd_defect defect;
	unsigned int i;

	for (i = 0; i < list->count && m->units < MACHINE_UNITS; i++) {
		struct unit unit = {
			.base = list->unit[i].base, .segment = list->unit[i].segment,
			.from_user = true,
		};

		if (find_unit(m, unit.base, unit.segment))
			continue;
		defect = vtd_table_check_base(unit.base, m->phys_bits);
		if (defect) {
			machine_complain_unit(defect, unit.base);
			continue;
		}
		unit.include_all = !find_all(m, unit.segment);
		machine_log("DMAR: unit at 0x%014llx, segment %04x: from intel_iommu.drhd=, serves %s",
			    (unsigned long long)unit.base, unit.segment, unit.include_all ?
			    "every device that no other unit names" : "nobody");
		m->unit[m->units++] = unit;
	}
}

static void add_region(struct machine *m, const struct vtd_user_region *from)
{
	struct region region = {
		.base = from->base, .end = from->end, .segment = from->segment,
		.from_user = true,
	};
	enum vtd_defect defect = vtd_table_fit_region(&region.base, &region.end);
	u64 bare;

	if (defect && defect != VTD_REGION_UNALIGNED) {
		machine_log("DMAR: intel_iommu.rmrr=: 0x%llx-0x%llx ignored: %s",
			    (unsigned long long)from->base, (unsigned long long)from->end,
			    vtd_defect_text(defect));
		return;
	}
	region.scopes.scope = calloc(1, sizeof(*region.scopes.scope));
	if (!region.scopes.scope)
		return;
	region.scopes.count = 1;
	*region.scopes.scope = (struct dmar_dev_scope) {
		.type = VTD_SCOPE_ENDPOINT, .bus = from->rid >> 8, .depth = 1,
		.path = { from->rid & 0xff },
	};
	machine_log("DMAR: RMRR base: 0x%014llx end: 0x%014llx from intel_iommu.rmrr= for %04x:%02x:%02x.%x%s",
		    (unsigned long long)region.base, (unsigned long long)region.end,
		    region.segment, from->rid >> 8, from->rid >> 3 & 0x1f, from->rid & 7,
		    defect ? ", made whole pages" : "");
	bare = m->has_map ? vtd_memory_unreserved(&m->map, region.base, region.end) : ~0ull;
	if (bare <= region.end)
		machine_log("DMAR: intel_iommu.rmrr=: 0x%llx-0x%llx is not all memory that firmware reserves (0x%llx is not): the device will reach what others use",
			    (unsigned long long)region.base, (unsigned long long)region.end,
			    (unsigned long long)bare);
	m->region[m->regions++] = region;
}

static void add_regions(struct machine *m)
{
	const struct vtd_user_regions *list = &m->cmdline.regions;
	unsigned int i;

	for (i = 0; m->usable && i < list->count && m->regions < MACHINE_REGIONS; i++)
		add_region(m, &list->region[i]);
}

/* Without one that could work the driver forgets them all */
static void judge(struct machine *m)
{
	unsigned int i;

	for (i = 0; i < m->units; i++)
		m->usable |= !m->unit[i].off;
	if (!m->usable && (m->has_table || m->cmdline.overrides.count))
		machine_complain(&(struct vtd_complaint) {
			.defect = VTD_NO_UNIT, .type = VTD_TYPE_TABLE,
		});
}

static void detect_one(const struct machine *m, u64 base)
{
	enum vtd_defect defect = vtd_table_check_base(base, m->phys_bits);

	if (defect)
		machine_complain_unit(defect, base);
}

/* What early detect says, before anything is kept: boot/detect.c */
static void detect(struct machine *m)
{
	const struct vtd_overrides *list = &m->cmdline.overrides;
	struct vtd_table quiet = m->dmar;
	struct vtd_cursor cursor;
	struct vtd_entry entry;
	unsigned int i;

	for (i = 0; i < list->count; i++)
		detect_one(m, list->unit[i].base);
	if (list->count || !m->has_table)
		return;
	quiet.complain = NULL;
	vtd_table_rewind(&cursor, &quiet);
	while (vtd_table_next(&cursor, &entry))
		if (entry.type == VTD_TYPE_DRHD)
			detect_one(m, entry.base);
}

/**
 * machine_build - units and regions, from the table and the options
 * @m: read; its lists are empty
 */
void machine_build(struct machine *m)
{
	if (m->second_table)
		machine_complain(&(struct vtd_complaint) {
			.defect = VTD_SECOND_TABLE, .type = VTD_TYPE_TABLE, .value = 2,
		});
	if (m->table)
		m->has_table = !vtd_table_open(&m->dmar, m->table, m->table_size,
					       machine_complain);
	detect(m);
	if (m->has_table)
		walk(m);
	add_overrides(m);
	judge(m);
	add_regions(m);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * The lists of what firmware declares, built once: where interrupts are remapped
 * before PCI is enumerated, else in late init.  A structure
 * that makes no sense is reported and left out; the others count.
 *
 * With intel_iommu.drhd= the user's list replaces that of the table: a unit
 * that the table knows too keeps what the table says about it, any other unit
 * of the table is left out.  The first unit of a segment that the table does
 * not know takes all devices that no other unit names, unless one does already.
 */
#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/acpi.h>
#include <linux/array_size.h>
#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/nodemask.h>
#include <linux/printk.h>
#include <linux/processor.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include <asm/e820/api.h>

#include "acpi/build.h"
#include "acpi/claim.h"
#include "acpi/firmware.h"
#include "acpi/inventory.h"
#include "acpi/judge.h"
#include "acpi/memory_map.h"
#include "acpi/scope.h"
#include "acpi/table.h"
#include "hw/registers.h"

/* (c) after dmar_table_init(); its bytes are firmware_copy */
static struct vtd_table firmware;
static void *firmware_copy;

/* (i) the user's units, while the lists are built */
static const struct dmar_override *overrides;
static unsigned int override_count;

/* (i) the host bridge whose structures are being added, NULL at boot */
static const void *adding_host;

typedef int (*vtd_parse_fn)(const struct vtd_entry *entry);

static void complain(enum vtd_defect defect, const struct vtd_entry *entry, u64 value)
{
	const struct vtd_complaint complaint = {
		.defect = defect,
		.type = entry->type,
		.offset = entry->offset,
		.value = value,
	};

	vtd_firmware_complain(&complaint);
}

static bool is_overridden(u64 base, u16 segment)
{
	unsigned int i;

	for (i = 0; i < override_count; i++) {
		if (overrides[i].base == base && overrides[i].segment == segment)
			return true;
	}
	return false;
}

static struct dmar_drhd_unit *alloc_unit(u64 base, u16 segment)
{
	struct dmar_drhd_unit *unit = kzalloc(sizeof(*unit), GFP_KERNEL);

	if (!unit)
		return NULL;
	unit->reg_base_addr = base;
	unit->reg_size = VTD_WINDOW_MIN;
	unit->segment = segment;
	unit->from_user = is_overridden(base, segment);
	unit->host = adding_host;
	unit->at_boot = !adding_host;
	unit->node = NUMA_NO_NODE;
	return unit;
}

static bool keep_unit(const struct vtd_entry *entry)
{
	if (override_count && !is_overridden(entry->base, entry->segment)) {
		pr_info("DRHD base 0x%llx is not in intel_iommu.drhd=: left out\n",
			entry->base);
		return false;
	}
	if (entry->base && vtd_inventory_find(entry->base, entry->segment)) {
		complain(VTD_UNIT_TWICE, entry, entry->base);
		return false;
	}
	return true;
}

/* A unit that takes the rest gives way to a later one only if it cannot work */
static void settle_include_all(struct dmar_drhd_unit *unit, const struct vtd_entry *entry)
{
	struct dmar_drhd_unit *other = vtd_inventory_find_all(unit->segment);

	if (!other)
		return;
	complain(VTD_UNIT_ALL_TWICE, entry, entry->base);
	if (other->ignored)
		other->include_all = false;
	else
		unit->include_all = false;
}

static unsigned int told_units;

static void tell_unit(const struct vtd_entry *entry)
{
	if (told_units == VTD_TABLE_UNITS_TOLD)
		pr_info("more units, not shown\n");
	if (told_units++ < VTD_TABLE_UNITS_TOLD)
		pr_info("DRHD base: %#016llx flags: %#x\n", entry->base, entry->flags);
}

static int dmar_parse_one_drhd(const struct vtd_entry *entry)
{
	struct dmar_drhd_unit *unit;
	enum vtd_defect defect;
	int ret;

	tell_unit(entry);
	if (!keep_unit(entry))
		return 0;
	unit = alloc_unit(entry->base, entry->segment);
	if (!unit)
		return -ENOMEM;
	unit->reg_size = entry->size;
	unit->include_all = entry->flags & VTD_DRHD_INCLUDE_ALL;
	if (unit->include_all)
		settle_include_all(unit, entry);
	ret = dmar_alloc_dev_scope(&entry->scopes, entry->segment, &unit->scopes);
	if (ret) {
		kfree(unit);
		return ret;
	}
	defect = vtd_inventory_judge(unit);
	if (defect)
		complain(defect, entry, entry->base);
	dmar_register_drhd_unit(unit);
	return 0;
}

/* Makes the region sane; false if nothing is left of it */
static bool keep_region(const struct vtd_entry *entry, struct dmar_rmrr_unit *rmrr)
{
	enum vtd_defect defect = vtd_table_fit_region(&rmrr->base, &rmrr->end);
	u64 bare;

	if (defect)
		complain(defect, entry, entry->base);
	if (defect && defect != VTD_REGION_UNALIGNED)
		return false;
	bare = vtd_memory_unreserved(e820_table, rmrr->base, rmrr->end);
	if (bare <= rmrr->end)
		complain(VTD_REGION_NOT_RESERVED, entry, bare);
	return true;
}

static int dmar_parse_one_rmrr(const struct vtd_entry *entry)
{
	struct dmar_rmrr_unit *rmrr;
	int ret;

	pr_info("RMRR base: %#016llx end: %#016llx\n", entry->base, entry->end);
	rmrr = kzalloc(sizeof(*rmrr), GFP_KERNEL);
	if (!rmrr)
		return -ENOMEM;
	rmrr->segment = entry->segment;
	rmrr->index = entry->index;
	rmrr->base = entry->base;
	rmrr->end = entry->end;
	if (!keep_region(entry, rmrr)) {
		kfree(rmrr);
		return 0;
	}
	ret = dmar_alloc_dev_scope(&entry->scopes, entry->segment, &rmrr->scopes);
	if (!ret && !rmrr->scopes.count)
		complain(VTD_REGION_NOBODY, entry, entry->base);
	if (!rmrr->scopes.count) {
		kfree(rmrr);
		return ret;
	}
	list_add_tail_rcu(&rmrr->list, &dmar_rmrr_units);
	return 0;
}

static int dmar_parse_one_atsr(const struct vtd_entry *entry)
{
	struct dmar_atsr_unit *atsr;
	int ret;

	pr_info("ATSR flags: %#x\n", entry->flags);
	atsr = kzalloc(sizeof(*atsr), GFP_KERNEL);
	if (!atsr)
		return -ENOMEM;
	atsr->segment = entry->segment;
	atsr->host = adding_host;
	atsr->at_boot = !adding_host;
	atsr->all_ports = entry->flags & VTD_ATSR_ALL_PORTS;
	ret = dmar_alloc_dev_scope(&entry->scopes, entry->segment, &atsr->scopes);
	if (ret) {
		kfree(atsr);
		return ret;
	}
	list_add_tail_rcu(&atsr->list, &dmar_atsr_units);
	return 0;
}

static int dmar_parse_one_satc(const struct vtd_entry *entry)
{
	struct dmar_satc_unit *satc;
	int ret;

	pr_info("SATC flags: %#x\n", entry->flags);
	satc = kzalloc(sizeof(*satc), GFP_KERNEL);
	if (!satc)
		return -ENOMEM;
	satc->segment = entry->segment;
	satc->host = adding_host;
	satc->at_boot = !adding_host;
	satc->required = entry->flags & VTD_SATC_REQUIRED;
	ret = dmar_alloc_dev_scope(&entry->scopes, entry->segment, &satc->scopes);
	if (ret) {
		kfree(satc);
		return ret;
	}
	list_add_tail_rcu(&satc->list, &dmar_satc_units);
	return 0;
}

/* Firmware gives no segment; bases do not repeat */
static int dmar_parse_one_rhsa(const struct vtd_entry *entry)
{
	struct dmar_drhd_unit *unit;
	bool found = false;
	int node;

	pr_info("RHSA base: %#016llx proximity domain: %#x\n", entry->base,
		entry->domain);
	node = pxm_to_node(entry->domain);
	if (node < 0 || node >= MAX_NUMNODES || !node_online(node))
		node = NUMA_NO_NODE;
	list_for_each_entry(unit, &dmar_drhd_units, list) {
		if (unit->reg_base_addr != entry->base)
			continue;
		unit->node = node;
		found = true;
	}
	if (!found && !override_count)
		complain(VTD_AFFINITY_UNKNOWN, entry, entry->base);
	return 0;
}

static int dmar_parse_one_andd(const struct vtd_entry *entry)
{
	pr_info("ANDD device: %x name: %s\n", entry->number, entry->name);
	return 0;
}

static int dmar_walk_remapping_entries(const struct vtd_table *table,
				       const vtd_parse_fn parse[VTD_TYPES])
{
	struct vtd_cursor cursor;
	struct vtd_entry entry;
	int ret;

	vtd_table_rewind(&cursor, table);
	while (vtd_table_next(&cursor, &entry)) {
		if (!parse[entry.type])
			continue;
		ret = parse[entry.type](&entry);
		if (ret)
			return ret;
	}
	return 0;
}

static const vtd_parse_fn structures[VTD_TYPES] = {
	[VTD_TYPE_DRHD] = dmar_parse_one_drhd,
	[VTD_TYPE_RMRR] = dmar_parse_one_rmrr,
	[VTD_TYPE_ATSR] = dmar_parse_one_atsr,
	[VTD_TYPE_ANDD] = dmar_parse_one_andd,
	[VTD_TYPE_SATC] = dmar_parse_one_satc,
};

/* May stand before the unit it speaks of */
static const vtd_parse_fn affinities[VTD_TYPES] = {
	[VTD_TYPE_RHSA] = dmar_parse_one_rhsa,
};

static int parse_table(const struct vtd_table *table)
{
	struct vtd_table quiet = *table;
	int ret;

	ret = dmar_walk_remapping_entries(table, structures);
	if (ret)
		return ret;
	quiet.complain = NULL;
	return dmar_walk_remapping_entries(&quiet, affinities);
}

static int add_overrides(void)
{
	struct dmar_drhd_unit *unit;
	enum vtd_defect defect;
	unsigned int i;

	for (i = 0; i < override_count; i++) {
		const struct dmar_override *o = &overrides[i];

		if (vtd_inventory_find(o->base, o->segment))
			continue;
		defect = vtd_table_check_base(o->base, boot_cpu_data.x86_phys_bits);
		if (defect) {
			vtd_firmware_complain_unit(defect, o->base);
			continue;
		}
		unit = alloc_unit(o->base, o->segment);
		if (!unit)
			return -ENOMEM;
		unit->include_all = !vtd_inventory_find_all(o->segment);
		pr_info("unit at %#016llx, segment %04x: from intel_iommu.drhd=, serves %s\n",
			o->base, o->segment, unit->include_all ?
			"every device that no other unit names" : "nobody");
		dmar_register_drhd_unit(unit);
	}
	return 0;
}

/* Scripts look for these lines */
static void tell_what_is_missing(void)
{
	const struct {
		const struct list_head *list;
		const char *name;
	} optional[] = {
		{ &dmar_rmrr_units, "RMRR" },
		{ &dmar_atsr_units, "ATSR" },
		{ &dmar_satc_units, "SATC" },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(optional); i++) {
		if (list_empty(optional[i].list))
			pr_info("No %s found\n", optional[i].name);
	}
}

/**
 * vtd_inventory_clear - empty the lists, forget the table
 *
 * Context: may sleep; takes dmar_inventory_lock.
 */
void vtd_inventory_clear(void)
{
	guard(rwsem_write)(&dmar_inventory_lock);
	vtd_inventory_free();
	firmware = (struct vtd_table) { };
}

static int build_lists(void)
{
	static const struct vtd_complaint none = {
		.defect = VTD_NO_UNIT,
		.type = VTD_TYPE_TABLE,
	};
	int ret = 0;

	if (firmware.length) {
		pr_info("Host address width %d\n", firmware.width);
		ret = parse_table(&firmware);
	}
	if (!ret)
		ret = add_overrides();
	if (ret)
		return ret;
	if (!vtd_inventory_usable()) {
		vtd_firmware_complain(&none);
		return -ENODEV;
	}
	tell_what_is_missing();
	return 0;
}

/**
 * vtd_inventory_build - fill the lists from a table
 * @bytes: the table, which must stay as long as the lists; NULL if none
 * @size: its length in bytes
 * @override: units that the user declares
 * @count: how many
 *
 * Context: may sleep; takes dmar_inventory_lock.  The lists are empty before.
 * Return: 0, -ENODEV if no unit is left, -EINVAL if the table cannot be read
 * and the user declares none, -ENOMEM.  On an error the lists are empty.
 */
int vtd_inventory_build(const void *bytes, u32 size,
			const struct dmar_override *override, unsigned int count)
{
	int ret = 0;

	guard(rwsem_write)(&dmar_inventory_lock);
	overrides = override;
	override_count = count;
	if (bytes)
		ret = vtd_table_open(&firmware, bytes, size, vtd_firmware_complain);
	if (!bytes || ret)
		firmware = (struct vtd_table) { };
	if (!ret || count)
		ret = build_lists();
	overrides = NULL;
	override_count = 0;
	if (ret) {
		vtd_inventory_free();
		firmware = (struct vtd_table) { };
	}
	return ret;
}

/**
 * vtd_inventory_add - add what a host bridge brings to the lists
 * @table: its structures, opened
 * @type: what they are: VTD_TYPE_DRHD, ATSR, SATC or RHSA; any other is dropped
 * @host: what vtd_host_remove() will ask for
 *
 * What the lists have already becomes the host bridge's.
 *
 * Context: may sleep; takes dmar_inventory_lock.
 * Return: 0 or -ENOMEM; then part of it may be in the lists.
 */
int vtd_inventory_add(const struct vtd_table *table, u16 type, const void *host)
{
	const vtd_parse_fn parse = structures[type] ?: affinities[type];
	struct vtd_cursor cursor;
	struct vtd_entry entry;
	int ret = 0;

	guard(rwsem_write)(&dmar_inventory_lock);
	adding_host = host;
	vtd_table_rewind(&cursor, table);
	while (!ret && vtd_table_next(&cursor, &entry)) {
		if (entry.type != type)
			complain(VTD_ENTRY_FOREIGN, &entry, entry.type);
		else if (!vtd_claim(&entry, host))
			ret = parse(&entry);
	}
	adding_host = NULL;
	return ret;
}

/**
 * vtd_inventory_table - the table that the lists were built from
 *
 * Context: late init.
 * Return: the table; its length is 0 if there is none.
 */
const struct vtd_table *vtd_inventory_table(void)
{
	return &firmware;
}

/**
 * dmar_table_init - read firmware's table into the lists
 * @override: units that the user declares
 * @count: how many
 *
 * Called again, it finds the lists as they are.
 *
 * Context: may sleep; takes dmar_inventory_lock.  One caller at a time.
 * Return: 0, or -errno as vtd_inventory_build(); then nothing is kept.
 */
int dmar_table_init(const struct dmar_override *override, unsigned int count)
{
	void *copy;
	u32 size = 0;
	int ret;

	if (!list_empty(&dmar_drhd_units))
		return 0;
	copy = vtd_firmware_copy(&size);
	if (IS_ERR(copy)) {
		if (!count || PTR_ERR(copy) == -ENOMEM)
			return PTR_ERR(copy);
		copy = NULL;
	}
	ret = vtd_inventory_build(copy, size, override, count);
	if (ret)
		kfree(copy);
	else
		firmware_copy = copy;
	return ret;
}

/**
 * dmar_table_exit - forget all that dmar_table_init() made
 *
 * The rooms above have given up their units and devices.
 *
 * Context: may sleep; takes dmar_inventory_lock.
 */
void dmar_table_exit(void)
{
	vtd_inventory_clear();
	kfree(firmware_copy);
	firmware_copy = NULL;
}

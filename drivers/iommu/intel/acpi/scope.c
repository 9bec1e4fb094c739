// SPDX-License-Identifier: GPL-2.0
/*
 * Device scopes: from paths in firmware's table to devices, when late init
 * looks at those that are there, and as they come and go later.
 */
#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/acpi.h>
#include <linux/cleanup.h>
#include <linux/lockdep.h>
#include <linux/pci.h>
#include <linux/printk.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include <asm/pci-direct.h>
#include <asm/pci_x86.h>

#include "acpi/build.h"
#include "acpi/firmware.h"
#include "acpi/inventory.h"
#include "acpi/path.h"
#include "acpi/table.h"

static bool is_pci_scope(const struct dmar_dev_scope *scope)
{
	return scope->type == VTD_SCOPE_ENDPOINT || scope->type == VTD_SCOPE_BRIDGE;
}

static int secondary_from_config(void *context, u8 bus, u8 devfn)
{
	const u16 *segment = context;
	u32 secondary;
	int ret;

	/* Before PCI is set up, when interrupt remapping asks */
	if (!raw_pci_ops && !raw_pci_ext_ops) {
		if (*segment || !early_pci_allowed())
			return -ENODEV;
		return read_pci_config_byte(bus, PCI_SLOT(devfn), PCI_FUNC(devfn),
					    PCI_SECONDARY_BUS);
	}
	ret = raw_pci_read(*segment, bus, devfn, PCI_SECONDARY_BUS, 1, &secondary);
	if (ret)
		return -ENODEV;
	return secondary & 0xff;
}

/*
 * What has no PCI device here keeps its requester id as a number.  A path that
 * leads nowhere leaves the bus that it starts from.
 */
static void note_requester(struct dmar_dev_scope *scope, u16 segment)
{
	if (!vtd_path_resolve(scope, secondary_from_config, &segment,
			      &scope->dev_bus, &scope->dev_devfn))
		return;
	scope->dev_bus = scope->bus;
	scope->dev_devfn = scope->path[scope->depth - 1];
	pr_info("path of scope type %u id %u leads nowhere: taken as %02x:%02x.%x\n",
		scope->type, scope->id, scope->dev_bus,
		PCI_SLOT(scope->dev_devfn), PCI_FUNC(scope->dev_devfn));
}

/**
 * dmar_alloc_dev_scope - take over the device scopes of a structure
 * @cursor: the scopes in the table
 * @segment: PCI segment of the structure
 * @scopes: to be filled; no device is bound yet
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int dmar_alloc_dev_scope(const struct vtd_scope_cursor *cursor, u16 segment,
			 struct dmar_scopes *scopes)
{
	struct vtd_table quiet = *cursor->table;
	struct vtd_scope_cursor c = *cursor;
	struct dmar_dev_scope scope;
	unsigned int count = 0;

	*scopes = (struct dmar_scopes) { };
	quiet.complain = NULL;
	c.table = &quiet;
	while (vtd_scope_next(&c, &scope))
		count++;

	if (count) {
		scopes->scope = kcalloc(count, sizeof(scope), GFP_KERNEL);
		if (!scopes->scope)
			return -ENOMEM;
	}
	c = *cursor;
	while (vtd_scope_next(&c, &scope) && scopes->count < count) {
		if (!is_pci_scope(&scope))
			note_requester(&scope, segment);
		scopes->scope[scopes->count++] = scope;
	}
	scopes->cut = c.cut;
	return 0;
}

/**
 * vtd_scopes_free - give up scopes and the devices in them
 * @scopes: from dmar_alloc_dev_scope(); empty afterwards
 *
 * No reader is left.  Context: dmar_inventory_lock is held for writing.
 */
void vtd_scopes_free(struct dmar_scopes *scopes)
{
	unsigned int i;

	for (i = 0; i < scopes->count; i++)
		put_device(rcu_dereference_protected(scopes->scope[i].dev, true));
	kfree(scopes->scope);
	*scopes = (struct dmar_scopes) { };
}

/* The bus behind a bridge on the way to the device */
static int secondary_on_the_way(void *context, u8 bus, u8 devfn)
{
	const struct pci_bus *below = ((struct pci_dev *)context)->bus;

	for (; !pci_is_root_bus((struct pci_bus *)below); below = below->parent) {
		const struct pci_dev *bridge = below->self;

		if (bridge && bridge->bus->number == bus && bridge->devfn == devfn)
			return below->number;
	}
	return -ENODEV;
}

static bool leads_to(const struct dmar_dev_scope *scope, struct pci_dev *pdev)
{
	u8 bus, devfn;

	return !vtd_path_resolve(scope, secondary_on_the_way, pdev, &bus, &devfn) &&
	       bus == pdev->bus->number && devfn == pdev->devfn;
}

static u8 root_bus_number(struct pci_bus *bus)
{
	while (!pci_is_root_bus(bus))
		bus = bus->parent;
	return bus->number;
}

/* Both are accepted: firmware does it, and what is meant is clear */
static void tell_oddities(const struct dmar_dev_scope *scope, struct pci_dev *pdev,
			  const char *what)
{
	bool is_bridge = pdev->hdr_type != PCI_HEADER_TYPE_NORMAL;
	bool says_bridge = scope->type == VTD_SCOPE_BRIDGE;

	if (scope->bus != root_bus_number(pdev->bus))
		pr_info("%s names %s by bus %02x instead of a path from the root: accepted\n",
			what, pci_name(pdev), scope->bus);
	/* A non-transparent bridge has an endpoint's header */
	if (is_bridge != says_bridge && pdev->class >> 16 != PCI_BASE_CLASS_BRIDGE)
		pr_info("%s says that %s is %s, it is not: accepted\n", what,
			pci_name(pdev), says_bridge ? "a bridge" : "an endpoint");
}

static void dmar_insert_dev_scope(const struct dmar_scopes *scopes, u16 segment,
				  struct pci_dev *pdev, const char *what)
{
	unsigned int i;

	lockdep_assert_held_write(&dmar_inventory_lock);
	if (segment != pci_domain_nr(pdev->bus))
		return;
	for (i = 0; i < scopes->count; i++) {
		struct dmar_dev_scope *scope = &scopes->scope[i];

		if (!is_pci_scope(scope) || rcu_access_pointer(scope->dev) ||
		    !leads_to(scope, pdev))
			continue;
		tell_oddities(scope, pdev, what);
		scope->dev_bus = pdev->bus->number;
		scope->dev_devfn = pdev->devfn;
		rcu_assign_pointer(scope->dev, get_device(&pdev->dev));
	}
}

/* Returns how many references the caller has to drop after a grace period */
static unsigned int remove_from(const struct dmar_scopes *scopes, struct device *dev)
{
	unsigned int i, count = 0;

	lockdep_assert_held_write(&dmar_inventory_lock);
	for (i = 0; i < scopes->count; i++) {
		if (rcu_access_pointer(scopes->scope[i].dev) != dev)
			continue;
		RCU_INIT_POINTER(scopes->scope[i].dev, NULL);
		count++;
	}
	return count;
}

/* VMD numbers its domains from 0x10000; virtual functions are never named */
static bool can_be_named(struct pci_dev *pdev)
{
	return !pdev->is_virtfn && pci_domain_nr(pdev->bus) <= U16_MAX;
}

/**
 * dmar_pci_bus_add_dev - a PCI device has come
 * @pdev: the device
 *
 * Context: a bus notifier or late init; may sleep; takes dmar_inventory_lock.
 * Return: 0.
 */
int dmar_pci_bus_add_dev(struct pci_dev *pdev)
{
	struct dmar_drhd_unit *unit;
	struct dmar_rmrr_unit *rmrr;
	struct dmar_atsr_unit *atsr;
	struct dmar_satc_unit *satc;

	if (!can_be_named(pdev))
		return 0;
	guard(rwsem_write)(&dmar_inventory_lock);
	list_for_each_entry(unit, &dmar_drhd_units, list)
		dmar_insert_dev_scope(&unit->scopes, unit->segment, pdev, "DRHD");
	list_for_each_entry(rmrr, &dmar_rmrr_units, list)
		dmar_insert_dev_scope(&rmrr->scopes, rmrr->segment, pdev, "RMRR");
	list_for_each_entry(atsr, &dmar_atsr_units, list)
		dmar_insert_dev_scope(&atsr->scopes, atsr->segment, pdev, "ATSR");
	list_for_each_entry(satc, &dmar_satc_units, list)
		dmar_insert_dev_scope(&satc->scopes, satc->segment, pdev, "SATC");
	return 0;
}

static unsigned int remove_everywhere(struct device *dev)
{
	struct dmar_drhd_unit *unit;
	struct dmar_rmrr_unit *rmrr;
	struct dmar_atsr_unit *atsr;
	struct dmar_satc_unit *satc;
	unsigned int count = 0;

	guard(rwsem_write)(&dmar_inventory_lock);
	list_for_each_entry(unit, &dmar_drhd_units, list)
		count += remove_from(&unit->scopes, dev);
	list_for_each_entry(rmrr, &dmar_rmrr_units, list)
		count += remove_from(&rmrr->scopes, dev);
	list_for_each_entry(atsr, &dmar_atsr_units, list)
		count += remove_from(&atsr->scopes, dev);
	list_for_each_entry(satc, &dmar_satc_units, list)
		count += remove_from(&satc->scopes, dev);
	return count;
}

/**
 * dmar_pci_bus_del_dev - a PCI device has gone
 * @pdev: the device
 *
 * Context: a bus notifier; may sleep; takes dmar_inventory_lock.
 */
void dmar_pci_bus_del_dev(struct pci_dev *pdev)
{
	unsigned int count = remove_everywhere(&pdev->dev);

	if (count)
		synchronize_rcu();
	while (count--)
		put_device(&pdev->dev);
}

/**
 * vtd_scopes_bind_name - a device of the ACPI namespace is there
 * @dev: the ACPI device
 * @number: what scopes call it
 * @name: its path, for the log
 *
 * Context: may sleep; takes dmar_inventory_lock.
 */
void vtd_scopes_bind_name(struct device *dev, u8 number, const char *name)
{
	struct dmar_drhd_unit *unit;
	bool found = false;
	unsigned int i;

	guard(rwsem_write)(&dmar_inventory_lock);
	list_for_each_entry(unit, &dmar_drhd_units, list) {
		for (i = 0; i < unit->scopes.count; i++) {
			struct dmar_dev_scope *scope = &unit->scopes.scope[i];

			if (scope->type != VTD_SCOPE_NAMESPACE || scope->id != number ||
			    rcu_access_pointer(scope->dev))
				continue;
			rcu_assign_pointer(scope->dev, get_device(dev));
			pr_info("ACPI device %s (%s) under the unit at 0x%llx as %02x:%02x.%x\n",
				name, dev_name(dev), unit->reg_base_addr, scope->dev_bus,
				PCI_SLOT(scope->dev_devfn), PCI_FUNC(scope->dev_devfn));
			found = true;
		}
	}
	if (!found)
		pr_info("ANDD %x: %s: %s\n", number,
			vtd_defect_text(VTD_NAME_NO_SCOPE), name);
}

static void bind_andd(const struct vtd_entry *andd)
{
	const struct vtd_complaint unknown = {
		.defect = VTD_NAME_UNKNOWN,
		.type = andd->type,
		.offset = andd->offset,
		.value = andd->number,
	};
	struct acpi_device *adev = NULL;
	acpi_handle handle;

	if (ACPI_SUCCESS(acpi_get_handle(ACPI_ROOT_OBJECT, (char *)andd->name, &handle)))
		adev = acpi_fetch_acpi_dev(handle);
	if (adev)
		vtd_scopes_bind_name(&adev->dev, andd->number, andd->name);
	else
		vtd_firmware_complain(&unknown);
}

/* Devices of the ACPI namespace do not come and go: once is enough */
static void dmar_acpi_dev_scope_init(void)
{
	struct vtd_table quiet = *vtd_inventory_table();
	struct vtd_cursor cursor;
	struct vtd_entry entry;

	quiet.complain = NULL;
	vtd_table_rewind(&cursor, &quiet);
	while (quiet.length && vtd_table_next(&cursor, &entry)) {
		if (entry.type == VTD_TYPE_ANDD)
			bind_andd(&entry);
	}
}

/* Names at least one device that is there, and graphics devices only */
static bool is_graphics_only(const struct dmar_drhd_unit *unit)
{
	bool any = false;
	unsigned int i;

	for (i = 0; i < unit->scopes.count; i++) {
		struct device *dev;

		dev = rcu_dereference_protected(unit->scopes.scope[i].dev,
						lockdep_is_held(&dmar_inventory_lock));
		if (!dev)
			continue;
		if (!dev_is_pci(dev) ||
		    to_pci_dev(dev)->class >> 16 != PCI_BASE_CLASS_DISPLAY)
			return false;
		any = true;
	}
	return any && !unit->include_all;
}

static bool has_bus(u16 segment)
{
	struct pci_bus *bus = NULL;

	while ((bus = pci_find_next_bus(bus))) {
		if (pci_domain_nr(bus) == segment)
			return true;
	}
	return false;
}

/*
 * A unit for which no device can be named may be the one that really serves
 * segment 0: translating there would stop everything, and protect nothing.
 */
static void leave_off_without_bus(struct dmar_drhd_unit *unit)
{
	if (has_bus(unit->segment))
		return;
	unit->ignored = true;
	unit->why_ignored = vtd_defect_text(VTD_UNIT_NO_BUS);
	vtd_firmware_complain_unit(VTD_UNIT_NO_BUS, unit->reg_base_addr);
}

/**
 * dmar_dev_scope_init - find the devices that the lists name
 *
 * Context: late init, PCI is enumerated; may sleep; takes dmar_inventory_lock.
 * Return: 0, or -ENODEV if there is no unit.
 */
int dmar_dev_scope_init(void)
{
	struct dmar_drhd_unit *unit;
	struct pci_dev *pdev = NULL;

	if (list_empty(&dmar_drhd_units))
		return -ENODEV;
	dmar_acpi_dev_scope_init();
	for_each_pci_dev(pdev)
		dmar_pci_bus_add_dev(pdev);

	guard(rwsem_write)(&dmar_inventory_lock);
	list_for_each_entry(unit, &dmar_drhd_units, list) {
		unit->gfx_dedicated = is_graphics_only(unit);
		leave_off_without_bus(unit);
	}
	return 0;
}

static void forget_devices(const struct dmar_scopes *scopes)
{
	unsigned int i;

	for (i = 0; i < scopes->count; i++) {
		struct device *dev;

		dev = rcu_replace_pointer(scopes->scope[i].dev, NULL,
					  lockdep_is_held(&dmar_inventory_lock));
		if (!dev)
			continue;
		synchronize_rcu();
		put_device(dev);
	}
}

/**
 * dmar_dev_scope_exit - forget the devices, keep the lists
 *
 * Context: may sleep; takes dmar_inventory_lock.
 */
void dmar_dev_scope_exit(void)
{
	struct dmar_drhd_unit *unit;
	struct dmar_rmrr_unit *rmrr;
	struct dmar_atsr_unit *atsr;
	struct dmar_satc_unit *satc;

	guard(rwsem_write)(&dmar_inventory_lock);
	list_for_each_entry(satc, &dmar_satc_units, list)
		forget_devices(&satc->scopes);
	list_for_each_entry(atsr, &dmar_atsr_units, list)
		forget_devices(&atsr->scopes);
	list_for_each_entry(rmrr, &dmar_rmrr_units, list)
		forget_devices(&rmrr->scopes);
	list_for_each_entry(unit, &dmar_drhd_units, list)
		forget_devices(&unit->scopes);
}

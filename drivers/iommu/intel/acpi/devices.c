// SPDX-License-Identifier: GPL-2.0
/*
 * The devices behind the scopes of all lists: late init looks at those that are
 * there, later they come and go.
 */
#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/acpi.h>
#include <linux/cleanup.h>
#include <linux/lockdep.h>
#include <linux/pci.h>
#include <linux/printk.h>
#include <linux/rculist.h>

#include "acpi/build.h"
#include "acpi/devices.h"
#include "acpi/firmware.h"
#include "acpi/inventory.h"
#include "acpi/scope.h"
#include "acpi/table.h"

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
		dmar_insert_dev_scope(&rmrr->scopes, rmrr->segment, pdev,
				      rmrr->from_user ? NULL : "RMRR");
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
		count += vtd_scopes_remove(&unit->scopes, dev);
	list_for_each_entry(rmrr, &dmar_rmrr_units, list)
		count += vtd_scopes_remove(&rmrr->scopes, dev);
	list_for_each_entry(atsr, &dmar_atsr_units, list)
		count += vtd_scopes_remove(&atsr->scopes, dev);
	list_for_each_entry(satc, &dmar_satc_units, list)
		count += vtd_scopes_remove(&satc->scopes, dev);
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
 * vtd_devices_bind_name - a device of the ACPI namespace is there
 * @dev: the ACPI device
 * @number: what scopes call it
 * @name: its path, for the log
 *
 * Context: may sleep; takes dmar_inventory_lock.
 */
void vtd_devices_bind_name(struct device *dev, u8 number, const char *name)
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
		pr_info("ANDD %x: %s is under no unit: name ignored\n", number, name);
}

/*
 * Firmware lists the same names on all machines of a family, whatever of it is
 * built in or switched on: a name without device is no mistake.
 */
static void bind_andd(const struct vtd_entry *andd)
{
	struct acpi_device *adev;
	acpi_handle handle;

	if (ACPI_FAILURE(acpi_get_handle(ACPI_ROOT_OBJECT, (char *)andd->name, &handle))) {
		pr_info("ANDD %x: %s is not in the ACPI namespace: name ignored\n",
			andd->number, andd->name);
		return;
	}
	adev = acpi_fetch_acpi_dev(handle);
	if (adev)
		vtd_devices_bind_name(&adev->dev, andd->number, andd->name);
	else
		pr_info("ANDD %x: %s is no device that is there: name ignored\n",
			andd->number, andd->name);
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

/**
 * vtd_devices_have_bus - is there a PCI bus with this segment
 * @segment: the PCI segment
 *
 * Context: may sleep.
 */
bool vtd_devices_have_bus(u16 segment)
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
	if (vtd_devices_have_bus(unit->segment))
		return;
	/* A bad unit is not made good by a bus */
	unit->dormant = !unit->ignored;
	unit->ignored = true;
	unit->unusable = true;
	unit->why_ignored = vtd_defect_text(VTD_UNIT_NO_BUS);
	vtd_firmware_complain_unit(VTD_UNIT_NO_BUS, unit->reg_base_addr);
}

/*
 * Chipsets keep units for what a board does not have, and some of these answer
 * without working.
 */
static void leave_off_without_devices(struct dmar_drhd_unit *unit)
{
	unsigned int i;

	if (unit->ignored || unit->include_all || !unit->scopes.count)
		return;
	for (i = 0; i < unit->scopes.count; i++)
		if (rcu_access_pointer(unit->scopes.scope[i].dev))
			return;
	pr_info("unit at %#llx: none of the devices that it names is there: left off\n",
		unit->reg_base_addr);
	/* They may come with a host bridge of their own */
	unit->dormant = true;
	unit->ignored = true;
	unit->why_ignored = "none of its devices is there";
}

/**
 * vtd_devices_settle - what follows from the devices that a unit names
 * @unit: the unit, its devices bound as far as they are there
 *
 * Context: PCI is enumerated; dmar_inventory_lock is held for writing.
 */
void vtd_devices_settle(struct dmar_drhd_unit *unit)
{
	lockdep_assert_held_write(&dmar_inventory_lock);
	unit->gfx_dedicated = is_graphics_only(unit);
	leave_off_without_bus(unit);
	leave_off_without_devices(unit);
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
	list_for_each_entry(unit, &dmar_drhd_units, list)
		vtd_devices_settle(unit);
	return 0;
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
		vtd_scopes_forget(&satc->scopes);
	list_for_each_entry(atsr, &dmar_atsr_units, list)
		vtd_scopes_forget(&atsr->scopes);
	list_for_each_entry(rmrr, &dmar_rmrr_units, list)
		vtd_scopes_forget(&rmrr->scopes);
	list_for_each_entry(unit, &dmar_drhd_units, list)
		vtd_scopes_forget(&unit->scopes);
}

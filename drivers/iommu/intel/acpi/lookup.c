// SPDX-License-Identifier: GPL-2.0
/*
 * Which unit serves a device.  Firmware names physical devices: a virtual
 * function is looked up as its physical one, a device of a VMD domain as the
 * VMD controller, a device of the ACPI namespace by its companion.
 */
#include <linux/acpi.h>
#include <linux/pci.h>
#include <linux/rculist.h>

#include "acpi/inventory.h"
#include "acpi/lookup.h"
#include "acpi/table.h"

/* The scope that names @dev; with @below the one that also names what is below it */
static const struct dmar_dev_scope *find_scope(const struct dmar_scopes *scopes,
					       const struct device *dev, bool below)
{
	unsigned int i;

	for (i = 0; i < scopes->count; i++) {
		const struct dmar_dev_scope *scope = &scopes->scope[i];

		if (rcu_access_pointer(scope->dev) == dev &&
		    (!below || scope->type == VTD_SCOPE_BRIDGE))
			return scope;
	}
	return NULL;
}

/* The nearest scope wins: the device's own before those of bridges above it */
static struct dmar_drhd_unit *find_by_scope(struct pci_dev *pdev, u16 segment)
{
	struct dmar_drhd_unit *unit;
	struct pci_dev *p;

	for (p = pdev; p; p = pci_upstream_bridge(p)) {
		list_for_each_entry_rcu(unit, &dmar_drhd_units, list) {
			if (unit->segment == segment &&
			    find_scope(&unit->scopes, &p->dev, p != pdev))
				return unit;
		}
	}
	return NULL;
}

static struct dmar_drhd_unit *find_include_all(u16 segment)
{
	struct dmar_drhd_unit *unit;

	list_for_each_entry_rcu(unit, &dmar_drhd_units, list) {
		if (unit->segment == segment && unit->include_all)
			return unit;
	}
	return NULL;
}

static struct dmar_drhd_unit *find_for_pci(struct pci_dev *pdev, u8 *bus, u8 *devfn)
{
	struct dmar_drhd_unit *unit;
	int segment;

	pdev = pci_real_dma_dev(pdev);
	segment = pci_domain_nr(pdev->bus);
	if (segment > U16_MAX)
		return NULL;
	unit = find_by_scope(pci_physfn(pdev), segment);
	if (!unit)
		unit = find_include_all(segment);
	if (unit) {
		*bus = pdev->bus->number;
		*devfn = pdev->devfn;
	}
	return unit;
}

static struct dmar_drhd_unit *find_for_acpi(const struct device *dev, u8 *bus, u8 *devfn)
{
	const struct dmar_dev_scope *scope;
	struct dmar_drhd_unit *unit;

	list_for_each_entry_rcu(unit, &dmar_drhd_units, list) {
		scope = find_scope(&unit->scopes, dev, false);
		if (scope) {
			*bus = scope->dev_bus;
			*devfn = scope->dev_devfn;
			return unit;
		}
	}
	return NULL;
}

/**
 * dmar_find_dmaru - which unit serves a device
 * @dev: a PCI device, or one with an ACPI companion
 * @bus: bus of the requester id that the device uses
 * @devfn: device and function of it
 *
 * The unit may be ignored or dead; the caller looks.
 *
 * Context: any.  RCU, dmar_inventory_lock, or the lock of PCI's rescan and removal
 * keeps the unit that is returned: units of host bridges go at run time.
 * Return: the unit, or NULL if none serves the device.
 */
struct dmar_drhd_unit *dmar_find_dmaru(struct device *dev, u8 *bus, u8 *devfn)
{
	struct dmar_drhd_unit *unit = NULL;

	rcu_read_lock();
	if (dev_is_pci(dev))
		unit = find_for_pci(to_pci_dev(dev), bus, devfn);
	else if (has_acpi_companion(dev))
		unit = find_for_acpi(&ACPI_COMPANION(dev)->dev, bus, devfn);
	rcu_read_unlock();
	return unit;
}

/**
 * dmar_scopes_contain - do scopes name a device or a bridge above it
 * @scopes: the scopes of a structure
 * @segment: PCI segment of the structure
 * @dev: the device
 *
 * Context: any.  RCU or dmar_inventory_lock keeps the structure.
 */
bool dmar_scopes_contain(const struct dmar_scopes *scopes, u16 segment,
			 struct device *dev)
{
	struct pci_dev *p;

	if (!dev_is_pci(dev))
		return has_acpi_companion(dev) &&
		       find_scope(scopes, &ACPI_COMPANION(dev)->dev, false);
	if (segment != pci_domain_nr(to_pci_dev(dev)->bus))
		return false;
	for (p = to_pci_dev(dev); p; p = pci_upstream_bridge(p)) {
		if (find_scope(scopes, &p->dev, &p->dev != dev))
			return true;
	}
	return false;
}

// SPDX-License-Identifier: GPL-2.0
/* Device scopes: from paths in firmware's table to devices, for one structure. */
#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/pci.h>
#include <linux/printk.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include <asm/pci-direct.h>
#include <asm/pci_x86.h>

#include "acpi/path.h"
#include "acpi/scope.h"
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

static bool is_same(const struct dmar_dev_scope *a, const struct dmar_dev_scope *b)
{
	return a->type == b->type && a->id == b->id && a->bus == b->bus &&
	       a->depth == b->depth && !memcmp(a->path, b->path, a->depth);
}

/**
 * vtd_scopes_same - does a structure name what another one did
 * @cursor: its scopes in the table
 * @scopes: those of the other one
 *
 * Context: any; @scopes do not change meanwhile.
 */
bool vtd_scopes_same(const struct vtd_scope_cursor *cursor,
		     const struct dmar_scopes *scopes)
{
	struct vtd_table quiet = *cursor->table;
	struct vtd_scope_cursor c = *cursor;
	struct dmar_dev_scope scope;
	unsigned int n = 0;

	quiet.complain = NULL;
	c.table = &quiet;
	while (vtd_scope_next(&c, &scope)) {
		if (n == scopes->count || !is_same(&scope, &scopes->scope[n]))
			return false;
		n++;
	}
	return n == scopes->count;
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

/**
 * dmar_insert_dev_scope - a device has come
 * @scopes: those of one structure
 * @segment: the structure's PCI segment
 * @pdev: the device; each scope that names it and has none takes a reference
 * @what: the structure, for the log; NULL if it is not firmware's: a user may name
 *	a device by its bus
 *
 * Context: dmar_inventory_lock is held for writing.
 */
void dmar_insert_dev_scope(const struct dmar_scopes *scopes, u16 segment,
			   struct pci_dev *pdev, const char *what)
{
	unsigned int i;

	if (segment != pci_domain_nr(pdev->bus))
		return;
	for (i = 0; i < scopes->count; i++) {
		struct dmar_dev_scope *scope = &scopes->scope[i];

		if (!is_pci_scope(scope) || rcu_access_pointer(scope->dev) ||
		    !leads_to(scope, pdev))
			continue;
		if (what)
			tell_oddities(scope, pdev, what);
		scope->dev_bus = pdev->bus->number;
		scope->dev_devfn = pdev->devfn;
		rcu_assign_pointer(scope->dev, get_device(&pdev->dev));
	}
}

/**
 * vtd_scopes_remove - a device goes
 * @scopes: those of one structure
 * @dev: the device
 *
 * Context: dmar_inventory_lock is held for writing.
 * Return: how many references the caller has to drop after a grace period.
 */
unsigned int vtd_scopes_remove(const struct dmar_scopes *scopes, struct device *dev)
{
	unsigned int i, count = 0;

	for (i = 0; i < scopes->count; i++) {
		if (rcu_access_pointer(scopes->scope[i].dev) != dev)
			continue;
		RCU_INIT_POINTER(scopes->scope[i].dev, NULL);
		count++;
	}
	return count;
}

/**
 * vtd_scopes_forget - all devices go, the scopes stay
 * @scopes: those of one structure
 *
 * Context: may sleep; dmar_inventory_lock is held for writing.
 */
void vtd_scopes_forget(const struct dmar_scopes *scopes)
{
	unsigned int i;

	for (i = 0; i < scopes->count; i++) {
		struct device *dev;

		dev = rcu_replace_pointer(scopes->scope[i].dev, NULL,
					  true);
		if (!dev)
			continue;
		synchronize_rcu();
		put_device(dev);
	}
}

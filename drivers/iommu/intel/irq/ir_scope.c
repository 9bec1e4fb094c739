// SPDX-License-Identifier: GPL-2.0
/*
 * Sources of interrupts: IOAPICs and HPETs as firmware's table names them, PCI
 * devices as the bus shows them.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/pci.h>
#include <linux/rculist.h>

#include "acpi/inventory.h"
#include "acpi/table.h"
#include "irq/ir_scope.h"

/* The scope at or behind @from in the list of a unit */
static const struct dmar_dev_scope *next_scope(const struct dmar_drhd_unit *unit,
					       u8 type, unsigned int *from)
{
	while (*from < unit->scopes.count) {
		const struct dmar_dev_scope *scope = &unit->scopes.scope[(*from)++];

		if (scope->type == type)
			return scope;
	}
	return NULL;
}

static unsigned int count_scopes(const struct list_head *units, u8 type, u8 id)
{
	const struct dmar_dev_scope *scope;
	struct dmar_drhd_unit *unit;
	unsigned int at, count = 0;

	list_for_each_entry(unit, units, list)
		for (at = 0; (scope = next_scope(unit, type, &at));)
			count += scope->id == id;
	return count;
}

/**
 * vtd_ir_scope_find - who remaps an IOAPIC or HPET
 * @units: dmar_drhd_units
 * @type: VTD_SCOPE_IOAPIC or VTD_SCOPE_HPET
 * @id: enumeration id
 * @iommu: its unit
 * @source: what is verified; some HPETs send from any function of their device
 *
 * The first one that is named counts.
 *
 * Context: any; takes RCU.
 * Return: 0, or -ENOENT if no unit names it or the unit is not mapped.
 */
int vtd_ir_scope_find(const struct list_head *units, u8 type, u8 id,
		      struct intel_iommu **iommu, struct vtd_ir_source *source)
{
	const struct dmar_dev_scope *scope;
	struct dmar_drhd_unit *unit;
	int ret = -ENOENT;
	unsigned int at;

	rcu_read_lock();
	list_for_each_entry_rcu(unit, units, list) {
		for (at = 0; ret && (scope = next_scope(unit, type, &at));) {
			struct intel_iommu *at_hand = READ_ONCE(unit->iommu);

			if (scope->id != id || !at_hand)
				continue;
			*iommu = at_hand;
			*source = (struct vtd_ir_source) {
				.svt = VTD_SVT_ID,
				.sq = type == VTD_SCOPE_HPET ? VTD_SQ_NOT_2_0 : VTD_SQ_ALL,
				.sid = PCI_DEVID(scope->dev_bus, scope->dev_devfn),
			};
			ret = 0;
		}
	}
	rcu_read_unlock();
	return ret;
}

static bool is_listed(const u8 *ioapic, unsigned int count, u8 id)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (ioapic[i] == id)
			return true;
	return false;
}

/**
 * vtd_ir_scope_check - do the two tables of firmware agree on IOAPICs
 * @units: dmar_drhd_units
 * @ioapic: ids that the MADT has
 * @count: how many
 * @say: told of each that is wrong, and what follows
 *
 * Once units remap, an IOAPIC that none of them knows cannot interrupt any more.
 * All else may come out right.
 *
 * Context: nobody changes the list.
 * Return: 0, or -ENODEV if an IOAPIC is under no unit.
 */
int vtd_ir_scope_check(const struct list_head *units, const u8 *ioapic,
		       unsigned int count, vtd_ir_scope_say_fn say)
{
	static const char twice[] =
		"is named more than once: the first one counts; if it is silent: intremap=off";
	const struct dmar_dev_scope *scope;
	struct dmar_drhd_unit *unit;
	unsigned int i, at, found;
	int ret = 0;

	for (i = 0; i < count; i++) {
		found = count_scopes(units, VTD_SCOPE_IOAPIC, ioapic[i]);
		if (!found) {
			say(ioapic[i], "is under no unit: no interrupt is remapped");
			ret = -ENODEV;
		} else if (found > 1) {
			say(ioapic[i], twice);
		}
	}
	list_for_each_entry(unit, units, list)
		for (at = 0; (scope = next_scope(unit, VTD_SCOPE_IOAPIC, &at));)
			if (!is_listed(ioapic, count, scope->id))
				say(scope->id, "is not in the MADT: not used");
	return ret;
}

/**
 * vtd_ir_scope_name - is a requester id an IOAPIC's or HPET's, and which
 * @units: dmar_drhd_units
 * @iommu: the unit that saw it
 * @sid: requester id
 * @name: filled in, such as "IOAPIC 2"
 * @size: of @name
 *
 * Context: any; takes RCU.
 * Return: false if it is neither; @name is left alone then.
 */
bool vtd_ir_scope_name(const struct list_head *units, const struct intel_iommu *iommu,
		       u16 sid, char *name, size_t size)
{
	const struct dmar_drhd_unit *unit;
	bool found = false;
	unsigned int i;

	rcu_read_lock();
	list_for_each_entry_rcu(unit, units, list) {
		for (i = 0; unit->iommu == iommu && i < unit->scopes.count && !found; i++) {
			const struct dmar_dev_scope *scope = &unit->scopes.scope[i];

			if (PCI_DEVID(scope->dev_bus, scope->dev_devfn) != sid ||
			    (scope->type != VTD_SCOPE_IOAPIC && scope->type != VTD_SCOPE_HPET))
				continue;
			snprintf(name, size, "%s %u",
				 scope->type == VTD_SCOPE_HPET ? "HPET" : "IOAPIC", scope->id);
			found = true;
		}
	}
	rcu_read_unlock();
	return found;
}

static int note_alias(struct pci_dev *pdev, u16 alias, void *data)
{
	struct vtd_ir_aliases *a = data;

	if (a->count && PCI_BUS_NUM(alias) != PCI_BUS_NUM(a->last))
		a->one_bus = false;
	a->last = alias;
	a->last_bus = pdev->bus->number;
	a->count++;
	return 0;
}

/**
 * vtd_ir_scope_pci - what is verified of a PCI device's messages
 * @pdev: the device; one of a VMD domain sends as its controller
 *
 * Context: any; the device stays.
 */
struct vtd_ir_source vtd_ir_scope_pci(struct pci_dev *pdev)
{
	struct pci_dev *real = pci_real_dma_dev(pdev);
	struct vtd_ir_aliases a = { .own = pci_dev_id(real), .one_bus = true };

	pci_for_each_dma_alias(real, note_alias, &a);
	return vtd_ir_pci_source(&a);
}

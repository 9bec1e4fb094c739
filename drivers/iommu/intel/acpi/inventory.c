// SPDX-License-Identifier: GPL-2.0
/* The lists of what firmware declares: their heads, their lock, their order. */
#include <linux/lockdep.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include "acpi/inventory.h"
#include "acpi/scope.h"

LIST_HEAD(dmar_drhd_units);
LIST_HEAD(dmar_rmrr_units);
LIST_HEAD(dmar_atsr_units);
LIST_HEAD(dmar_satc_units);
DECLARE_RWSEM(dmar_inventory_lock);

/**
 * vtd_inventory_find - the unit at an address
 * @base: physical address of its registers
 * @segment: its PCI segment
 *
 * Context: dmar_inventory_lock is held.
 * Return: the unit, or NULL.
 */
struct dmar_drhd_unit *vtd_inventory_find(u64 base, u16 segment)
{
	struct dmar_drhd_unit *unit;

	list_for_each_entry(unit, &dmar_drhd_units, list) {
		if (unit->reg_base_addr == base && unit->segment == segment)
			return unit;
	}
	return NULL;
}

/**
 * vtd_inventory_find_all - the unit that takes what no other unit names
 * @segment: the PCI segment
 *
 * Context: dmar_inventory_lock is held.
 * Return: the unit, or NULL.
 */
struct dmar_drhd_unit *vtd_inventory_find_all(u16 segment)
{
	struct dmar_drhd_unit *unit;

	list_for_each_entry(unit, &dmar_drhd_units, list) {
		if (unit->include_all && unit->segment == segment)
			return unit;
	}
	return NULL;
}

/**
 * dmar_register_drhd_unit - put a unit into its place in the list
 * @unit: the unit; the list's from now on
 *
 * Units that name devices keep the table's order and come first.
 *
 * Context: dmar_inventory_lock is held for writing.
 */
void dmar_register_drhd_unit(struct dmar_drhd_unit *unit)
{
	struct dmar_drhd_unit *other;

	lockdep_assert_held_write(&dmar_inventory_lock);
	if (!unit->include_all) {
		list_for_each_entry(other, &dmar_drhd_units, list) {
			if (other->include_all) {
				list_add_tail_rcu(&unit->list, &other->list);
				return;
			}
		}
	}
	list_add_tail_rcu(&unit->list, &dmar_drhd_units);
}

/**
 * vtd_inventory_free - empty the lists
 *
 * Context: no reader is left; dmar_inventory_lock is held for writing.
 */
void vtd_inventory_free(void)
{
	struct dmar_drhd_unit *unit, *next_unit;
	struct dmar_rmrr_unit *rmrr, *next_rmrr;
	struct dmar_atsr_unit *atsr, *next_atsr;
	struct dmar_satc_unit *satc, *next_satc;

	list_for_each_entry_safe(satc, next_satc, &dmar_satc_units, list) {
		vtd_scopes_free(&satc->scopes);
		kfree(satc);
	}
	list_for_each_entry_safe(atsr, next_atsr, &dmar_atsr_units, list) {
		vtd_scopes_free(&atsr->scopes);
		kfree(atsr);
	}
	list_for_each_entry_safe(rmrr, next_rmrr, &dmar_rmrr_units, list) {
		vtd_scopes_free(&rmrr->scopes);
		kfree(rmrr);
	}
	list_for_each_entry_safe(unit, next_unit, &dmar_drhd_units, list) {
		vtd_scopes_free(&unit->scopes);
		kfree(unit);
	}
	INIT_LIST_HEAD(&dmar_satc_units);
	INIT_LIST_HEAD(&dmar_atsr_units);
	INIT_LIST_HEAD(&dmar_rmrr_units);
	INIT_LIST_HEAD(&dmar_drhd_units);
}

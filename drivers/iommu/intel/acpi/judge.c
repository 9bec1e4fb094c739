// SPDX-License-Identifier: GPL-2.0
/* Whether a unit as firmware declares it can be used at all. */
#include <linux/lockdep.h>
#include <linux/processor.h>

#include "acpi/inventory.h"
#include "acpi/judge.h"
#include "acpi/table.h"

/**
 * vtd_inventory_judge - leave a unit off that cannot be used
 * @unit: with its device scopes
 *
 * It stays in the list, so that no other unit takes its devices for its own:
 * they would be given addresses that nothing translates.
 *
 * Context: any; the unit is not in the list yet.
 * Return: VTD_OK or what is wrong, to be reported.
 */
enum vtd_defect vtd_inventory_judge(struct dmar_drhd_unit *unit)
{
	enum vtd_defect defect = vtd_table_check_base(unit->reg_base_addr,
						      boot_cpu_data.x86_phys_bits);

	if (!defect)
		defect = vtd_table_check_devices(unit->include_all, unit->scopes.count,
						 unit->scopes.cut);
	if (defect) {
		unit->ignored = true;
		/* One that nobody is named for may remap what comes to it */
		unit->unusable = defect != VTD_UNIT_NOTHING;
		unit->why_ignored = vtd_defect_text(defect);
	}
	return defect;
}

/**
 * vtd_inventory_usable - is there a unit that may be brought up
 *
 * Context: dmar_inventory_lock is held.
 */
bool vtd_inventory_usable(void)
{
	struct dmar_drhd_unit *unit;

	lockdep_assert_held(&dmar_inventory_lock);
	list_for_each_entry(unit, &dmar_drhd_units, list) {
		if (!unit->ignored)
			return true;
	}
	return false;
}

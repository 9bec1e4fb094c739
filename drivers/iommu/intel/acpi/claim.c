// SPDX-License-Identifier: GPL-2.0
/*
 * Whose a structure is that firmware's table had at boot.  A host bridge lists the
 * same again by its method: it is known by segment and register base, ports and
 * caches by what they name.
 */
#include <linux/lockdep.h>
#include <linux/cleanup.h>
#include <linux/rculist.h>

#include "acpi/claim.h"
#include "acpi/inventory.h"
#include "acpi/scope.h"
#include "acpi/table.h"

/* Its bridge is here: what kept it off may be over */
static void wake(struct dmar_drhd_unit *unit)
{
	if (!unit->dormant)
		return;
	unit->dormant = false;
	unit->ignored = false;
	unit->unusable = false;
	unit->why_ignored = NULL;
}

static bool claim_unit(const struct vtd_entry *entry, const void *host)
{
	struct dmar_drhd_unit *unit;

	if (!entry->base)
		return false;
	unit = vtd_inventory_find(entry->base, entry->segment);
	if (!unit)
		return false;
	unit->host = host;
	wake(unit);
	return true;
}

static bool claim_ports(const struct vtd_entry *entry, const void *host)
{
	struct dmar_atsr_unit *atsr;

	list_for_each_entry(atsr, &dmar_atsr_units, list) {
		if (atsr->segment != entry->segment ||
		    atsr->all_ports != (entry->flags & VTD_ATSR_ALL_PORTS) ||
		    !vtd_scopes_same(&entry->scopes, &atsr->scopes))
			continue;
		atsr->host = host;
		return true;
	}
	return false;
}

static bool claim_caches(const struct vtd_entry *entry, const void *host)
{
	struct dmar_satc_unit *satc;

	list_for_each_entry(satc, &dmar_satc_units, list) {
		if (satc->segment != entry->segment ||
		    satc->required != (entry->flags & VTD_SATC_REQUIRED) ||
		    !vtd_scopes_same(&entry->scopes, &satc->scopes))
			continue;
		satc->host = host;
		return true;
	}
	return false;
}

/**
 * vtd_claim - a host bridge lists a structure
 * @entry: the structure
 * @host: the host bridge
 *
 * A unit that was off because its bridge was not there is no longer.
 *
 * Context: dmar_inventory_lock is held for writing.
 * Return: whether the lists have it; it is @host's now.
 */
bool vtd_claim(const struct vtd_entry *entry, const void *host)
{
	lockdep_assert_held_write(&dmar_inventory_lock);
	switch (entry->type) {
	case VTD_TYPE_DRHD:
		return claim_unit(entry, host);
	case VTD_TYPE_ATSR:
		return claim_ports(entry, host);
	case VTD_TYPE_SATC:
		return claim_caches(entry, host);
	}
	return false;
}

/**
 * vtd_claim_segment - a host bridge without method comes with a segment
 * @segment: PCI segment that no bus had until now
 * @host: the host bridge
 *
 * Context: may sleep; takes dmar_inventory_lock.
 * Return: how many units were off for want of that, and are @host's now.
 */
unsigned int vtd_claim_segment(u16 segment, const void *host)
{
	struct dmar_drhd_unit *unit;
	unsigned int count = 0;

	guard(rwsem_write)(&dmar_inventory_lock);
	list_for_each_entry(unit, &dmar_drhd_units, list) {
		if (unit->segment != segment || !unit->dormant)
			continue;
		unit->host = host;
		wake(unit);
		count++;
	}
	return count;
}

/* Woken for nothing: nobody has brought it up */
static void sleep_again(struct dmar_drhd_unit *unit)
{
	if (unit->ignored || unit->iommu)
		return;
	unit->dormant = true;
	unit->ignored = true;
	unit->unusable = true;
	unit->why_ignored = "its host bridge was refused";
}

/**
 * vtd_claim_drop - what was there at boot is no host bridge's again
 * @host: the host bridge
 *
 * Context: may sleep; takes dmar_inventory_lock.
 */
void vtd_claim_drop(const void *host)
{
	struct dmar_drhd_unit *unit;
	struct dmar_atsr_unit *atsr;
	struct dmar_satc_unit *satc;

	guard(rwsem_write)(&dmar_inventory_lock);
	list_for_each_entry(unit, &dmar_drhd_units, list) {
		if (unit->host != host || !unit->at_boot)
			continue;
		unit->host = NULL;
		sleep_again(unit);
	}
	list_for_each_entry(atsr, &dmar_atsr_units, list) {
		if (atsr->host == host && atsr->at_boot)
			atsr->host = NULL;
	}
	list_for_each_entry(satc, &dmar_satc_units, list) {
		if (satc->host == host && satc->at_boot)
			satc->host = NULL;
	}
}

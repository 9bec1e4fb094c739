// SPDX-License-Identifier: GPL-2.0
/* Which unit serves which device, and which units are left off for want of devices. */
#include <stdio.h>
#include <string.h>

#include "machine.h"
#include "unit/errata.h"

static bool holds(const struct machine *m, const struct scopes *scopes, u16 segment,
		  const struct pci_function *f, bool below)
{
	unsigned int i;

	for (i = 0; i < scopes->count; i++) {
		const struct dmar_dev_scope *scope = &scopes->scope[i];

		if (scope->type != VTD_SCOPE_ENDPOINT && scope->type != VTD_SCOPE_BRIDGE)
			continue;
		if (below && scope->type != VTD_SCOPE_BRIDGE)
			continue;
		if (pci_scope_names(&m->pci, scope, segment, f))
			return true;
	}
	return false;
}

/**
 * machine_scopes_hold - do scopes name a device or a bridge above it
 * @m: the machine
 * @scopes: those of a structure
 * @segment: of the structure
 * @f: the device
 */
bool machine_scopes_hold(const struct machine *m, const struct scopes *scopes, u16 segment,
			 const struct pci_function *f)
{
	const struct pci_function *p;

	for (p = f; p; p = pci_above(&m->pci, p))
		if (holds(m, scopes, segment, p, p != f))
			return true;
	return false;
}

/**
 * machine_unit_of - which unit serves a device
 * @m: the machine
 * @f: the device
 *
 * The nearest scope wins.
 *
 * Return: the unit, used or not; NULL if none does.
 */
struct unit *machine_unit_of(struct machine *m, const struct pci_function *f)
{
	const struct pci_function *first = f->physfn ? f->physfn : f, *p;
	unsigned int i;

	for (p = first; p; p = pci_above(&m->pci, p))
		for (i = 0; i < m->units; i++)
			if (m->unit[i].segment == f->segment &&
			    holds(m, &m->unit[i].scopes, f->segment, p, p != first))
				return &m->unit[i];
	for (i = 0; i < m->units; i++)
		if (m->unit[i].segment == f->segment && m->unit[i].include_all)
			return &m->unit[i];
	return NULL;
}

static bool segment_is_there(const struct machine *m, u16 segment)
{
	unsigned int i;

	for (i = 0; i < m->pci.count; i++)
		if (m->pci.function[i].segment == segment)
			return true;
	return false;
}

/* Devices that a unit names and that are there; @graphics: only such */
static unsigned int named(const struct machine *m, const struct unit *unit, bool *graphics)
{
	unsigned int i, count = 0;

	*graphics = true;
	for (i = 0; i < m->pci.count; i++) {
		const struct pci_function *f = &m->pci.function[i];

		if (!holds(m, &unit->scopes, unit->segment, f, false))
			continue;
		count++;
		*graphics &= f->class >> 16 == 0x03;
	}
	*graphics &= count && !unit->include_all;
	return count;
}

static bool has_namespace(const struct unit *unit)
{
	unsigned int i;

	for (i = 0; i < unit->scopes.count; i++)
		if (unit->scopes.scope[i].type == VTD_SCOPE_NAMESPACE)
			return true;
	return false;
}

static void settle_devices(struct machine *m, struct unit *unit)
{
	unsigned int count = named(m, unit, &unit->graphics);

	if (!segment_is_there(m, unit->segment)) {
		unit->off = true;
		unit->why_off = vtd_defect_text(VTD_UNIT_NO_BUS);
		machine_complain_unit(VTD_UNIT_NO_BUS, unit->base);
	}
	/* A device of the ACPI namespace may be there: not known here */
	if (unit->off || unit->include_all || !unit->scopes.count || count ||
	    has_namespace(unit))
		return;
	machine_log("DMAR: unit at 0x%llx: none of the devices that it names is there: left off",
		    (unsigned long long)unit->base);
	unit->off = true;
	unit->why_off = "none of its devices is there";
}

static void apply_errata(struct machine *m, struct unit *unit)
{
	u32 errata = 0;
	unsigned int i;

	for (i = 0; i < m->pci.count; i++)
		if (!m->pci.function[i].removable)
			errata |= vtd_errata_of(m->pci.function[i].vendor,
						m->pci.function[i].device,
						m->pci.function[i].class);
	if (unit->caps.max_leaf > 1 && vtd_errata_small_pages(m->family, m->model)) {
		machine_log("DMAR: %s: erratum: large pages are announced but fault; not used",
			    unit->name);
		unit->caps.max_leaf = 1;
	}
	if ((errata & VTD_QUIRK_WRITE_FLUSH) && !unit->caps.write_flush) {
		machine_log("DMAR: %s: erratum: the write buffer needs flushing", unit->name);
		unit->caps.write_flush = true;
	}
}

static void settle_registers(struct machine *m, struct unit *unit, unsigned int *names)
{
	enum vtd_defect defect;
	const char *wrong;

	if (unit->unusable)
		return;
	if (unit->known) {
		vtd_caps_decode(&unit->caps, unit->cap, unit->ecap);
		defect = vtd_table_check_window(unit->version, unit->cap, unit->ecap);
		wrong = defect ? vtd_defect_text(defect) :
			vtd_caps_check(&unit->caps, vtd_caps_window(&unit->caps));
		if (defect)
			machine_complain_unit(defect, unit->base);
		if (wrong) {
			machine_log("DMAR: unit at 0x%llx cannot be used: %s (VER 0x%x CAP 0x%llx ECAP 0x%llx)",
				    (unsigned long long)unit->base, wrong, unit->version,
				    (unsigned long long)unit->cap,
				    (unsigned long long)unit->ecap);
			unit->off = true;
			unit->unusable = true;
			unit->why_off = "registers not usable";
			return;
		}
	}
	snprintf(unit->name, sizeof(unit->name), "dmar%u", (*names)++);
	if (!unit->known)
		return;
	machine_log("DMAR: %s: reg_base_addr %llx ver %d:%d cap %llx ecap %llx", unit->name,
		    (unsigned long long)unit->base, unit->version >> 4 & 0xf,
		    unit->version & 0xf, (unsigned long long)unit->cap,
		    (unsigned long long)unit->ecap);
	apply_errata(m, unit);
	if (unit->caps.levels || unit->off)
		return;
	machine_log("DMAR: %s: has no page tables: it translates no DMA%s", unit->name,
		    unit->caps.int_remap ? ", but can remap interrupts" : "");
	unit->off = true;
	unit->why_off = "it has no page tables";
}

/**
 * machine_settle - what follows from registers and devices
 * @m: its units and their registers are known
 */
void machine_settle(struct machine *m)
{
	unsigned int i, names = 0;
	struct unit *unit;

	/* Interrupts are first: what they cannot use, they cannot use for want of devices */
	for (i = 0; i < m->units; i++)
		settle_registers(m, &m->unit[i], &names);
	if (m->pci.readable)
		for (i = 0; i < m->units; i++)
			settle_devices(m, &m->unit[i]);
	for (i = 0; i < m->pci.count; i++) {
		unit = machine_unit_of(m, &m->pci.function[i]);
		if (!unit)
			continue;
		unit->devices++;
		if (unit->off)
			machine_log("%s: not translated: its DMA remapping unit at 0x%llx is off",
				    m->pci.function[i].name, (unsigned long long)unit->base);
	}
}

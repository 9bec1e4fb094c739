// SPDX-License-Identifier: GPL-2.0
/* vtd preflight: what the driver would say and do on this machine. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <linux/iommu.h>

#include "domain/stage.h"
#include "predict.h"
#include "report.h"
#include "vtd.h"

static struct machine machine;

/* Where the kernel's defaults were taken from, for the report */
static const char *config_from;

static void read_config(struct machine *m, const struct choices *c)
{
	struct utsname uts;
	char *text = NULL;
	size_t size;

	m->cmdline.config = VTD_DEFAULT_ON;
	if (c->config) {
		text = source_file(c->config, &size);
		config_from = c->config;
	} else if (!uname(&uts)) {
		text = source_read(&m->source, &size, "/boot/config-%s", uts.release);
		config_from = "the running kernel's configuration in /boot";
	}
	if (text)
		cmdline_config(&m->cmdline, text);
	else
		config_from = NULL;
	free(text);
}

static void heard(const char *line)
{
	machine_log("DMAR: %s", line);
}

static void read_cmdline(struct machine *m, const struct choices *c)
{
	const struct vtd_options none = { 0 };
	size_t size;
	char *text = NULL;

	if (c->cmdline)
		cmdline_parse(&m->cmdline, c->cmdline, machine_say);
	else
		text = source_read(&m->source, &size, "/proc/cmdline");
	if (text)
		cmdline_parse(&m->cmdline, text, machine_say);
	free(text);
	if (c->append)
		cmdline_parse(&m->cmdline, c->append, machine_say);
	vtd_options_confirm(&none, &m->cmdline.options, heard);
}

static void tell_verdict(struct report *r, const struct machine *m, const struct prediction *p)
{
	report_section(r, "verdict", "What the driver would do");
	if (m->table_error) {
		if (m->table_error == ENOENT)
			report_item(r, "no DMAR table: VT-d is switched off in firmware setup (\"VT-d\"), or the machine has none");
		else
			report_item(r, "the DMAR table cannot be read (%s): run as root, or give a copy with --table FILE",
				    strerror(m->table_error));
		report_flag(r, "translates", false);
		report_status(r, m->table_error == ENOENT ? VTD_EXIT_OFF : VTD_EXIT_UNKNOWN);
		return;
	}
	if (p->exact && p->summary[0])
		report_item(r, "%s", p->summary);
	else if (p->on)
		report_item(r, "on: %u of %u units translating, if their registers are sound; why: %s; default domain: %s, %s",
			    p->on, m->units, vtd_policy_why(&p->policy),
			    p->policy.identity ? "identity" : "translated",
			    p->policy.strict ? "strict" : "lazy");
	else if (m->units)
		report_item(r, "off: no unit would translate; why: %s", vtd_policy_why(&p->policy));
	else
		report_item(r, "off: no unit can be used");
	report_flag(r, "translates", p->on);
	report_number(r, "units", m->units);
	report_number(r, "units_on", p->on);
	report_text(r, "why", vtd_policy_why(&p->policy));
	report_text(r, "default_domain", p->policy.identity ? "identity" : "DMA");
	report_flag(r, "strict", p->policy.strict);
	report_status(r, p->on ? VTD_EXIT_GOOD : VTD_EXIT_OFF);
}

static void tell_mode(struct report *r, const struct unit *unit, const struct prediction *p)
{
	const char *why;

	if (vtd_policy_scalable(&p->policy, &unit->caps, VTD_FOUND_NOTHING, &why))
		report_item(r, "    scalable mode%s",
			    vtd_stage_choose(&unit->caps, true, false) == VTD_STAGE_FIRST ?
			    ", first-stage tables" : "");
	else if (p->policy.scalable || p->policy.scalable_default || p->policy.no_scalable ||
		 p->policy.legacy_for_crash)
		report_item(r, "    legacy mode: %s", why);
	report_flag(r, "scalable", !why);
}

static void tell_capabilities(struct report *r, const struct unit *unit)
{
	report_item(r, "    %u address bits, leaves 4K%s%s, table walks %s, %s, ATS: %s, interrupt remapping: %s",
		    unit->caps.width, unit->caps.max_leaf >= 2 ? " 2M" : "",
		    unit->caps.max_leaf >= 3 ? " 1G" : "",
		    unit->caps.coherent ? "coherent" : "not coherent",
		    unit->caps.pass_through ? "passes through" : "no pass-through",
		    unit->caps.dev_tlb ? "yes" : "no", unit->caps.int_remap ? "yes" : "no");
	report_text(r, "unit", unit->name);
	report_number(r, "width", unit->caps.width);
	report_number(r, "max_leaf", unit->caps.max_leaf);
	report_flag(r, "coherent", unit->caps.coherent);
	report_flag(r, "pass_through", unit->caps.pass_through);
	report_flag(r, "dev_tlb", unit->caps.dev_tlb);
	report_flag(r, "int_remap", unit->caps.int_remap);
	report_flag(r, "x2apic", unit->caps.x2apic);
}

static void tell_units(struct report *r, const struct machine *m, const struct prediction *p)
{
	unsigned int i;

	report_section(r, "units", "Units");
	for (i = 0; i < m->units; i++) {
		const struct unit *unit = &m->unit[i];
		bool on = predict_translates(p, unit);
		const char *why = on ? NULL : unit->why_off ? unit->why_off :
				  unit->graphics && p->policy.why_graphics ?
				  p->policy.why_graphics : vtd_policy_why(&p->policy);

		report_item(r, "%s at 0x%llx, segment %u, serves %u devices%s: %s%s%s%s",
			    unit->name[0] ? unit->name : "unit",
			    (unsigned long long)unit->base, unit->segment, unit->devices,
			    unit->include_all ? " (all that no other unit names)" :
			    unit->graphics ? " (graphics only)" : "",
			    on ? "would translate" : "off: ", why ? why : "",
			    unit->known || unit->unusable ? "" : "; its registers are not known",
			    unit->from_user ? "; from intel_iommu.drhd=" : "");
		report_text(r, "unit", unit->name);
		report_hex(r, "base", unit->base);
		report_number(r, "segment", unit->segment);
		report_number(r, "devices", unit->devices);
		report_flag(r, "include_all", unit->include_all);
		report_flag(r, "translates", on);
		report_text(r, "why_off", why);
		report_flag(r, "registers_known", unit->known);
		if (unit->known && !unit->unusable) {
			tell_capabilities(r, unit);
			tell_mode(r, unit, p);
		}
		if (unit->off)
			report_status(r, VTD_EXIT_ATTENTION);
	}
}

static void tell_defects(struct report *r, const struct machine *m)
{
	unsigned int i, count = 0;

	report_section(r, "firmware", "Firmware's mistakes, and what is done about them");
	for (i = 0; i < m->lines; i++) {
		if (!strstr(m->line[i], "[Firmware Bug]") && !strstr(m->line[i], " at offset ") &&
		    !strstr(m->line[i], "more defects"))
			continue;
		report_item(r, "%s", m->line[i]);
		count++;
	}
	if (!count)
		report_item(r, m->has_table ? "none found" : "no table to look at");
	else
		report_status(r, VTD_EXIT_ATTENTION);
	report_number(r, "count", m->defects);
}

static void tell_options(struct report *r, const struct machine *m)
{
	unsigned int i;

	report_section(r, "options", "Options");
	report_item(r, "what the command line leaves open: %s",
		    config_from ? config_from : "Kconfig's default (on); no configuration found");
	for (i = 0; i < m->lines; i++) {
		if (strncmp(m->line[i], "DMAR: intel_iommu", 17))
			continue;
		report_item(r, "%s", m->line[i]);
		report_status(r, VTD_EXIT_ATTENTION);
	}
}

static const char * const use_words[] = {
	[RMRR_FIRM] = "cannot be assigned to a virtual machine: intel_iommu.keep_rmrr= allows it and keeps the memory mapped, intel_iommu.relax_rmrr= allows it and gives the memory up",
	[RMRR_QUIET] = "can be assigned: firmware uses the region of such a device only until its driver starts",
	[RMRR_RELAXED] = "can be assigned AGAINST FIRMWARE'S WISH (relax_rmrr)",
	[RMRR_KEPT] = "can be assigned, and keeps the region mapped (keep_rmrr)",
};

/* Somebody of its group whom firmware means, too, and the user does not except */
static const struct pci_function *who_forbids(const struct machine *m,
					      const struct pci_function *f)
{
	unsigned int i, k;

	for (k = 0; k < m->pci.count && f->group >= 0; k++) {
		const struct pci_function *other = &m->pci.function[k];

		if (other == f || other->group != f->group || other->physfn ||
		    predict_rmrr(m, other) != RMRR_FIRM)
			continue;
		for (i = 0; i < m->regions; i++)
			if (machine_scopes_hold(m, &m->region[i].scopes, m->region[i].segment,
						other))
				return other;
	}
	return NULL;
}

static void tell_owner(struct report *r, const struct machine *m, const struct region *region,
		       const struct pci_function *f)
{
	enum rmrr_use use = predict_rmrr(m, f);
	const struct pci_function *firm = use == RMRR_FIRM ? NULL : who_forbids(m, f);
	unsigned int i;

	if (firm)
		report_item(r, "    %s (%s, %04x:%04x): cannot be assigned as long as %s of its group is not excepted, too",
			    f->name, pci_kind(f->class), f->vendor, f->device, firm->name);
	else
		report_item(r, "    %s (%s, %04x:%04x): %s", f->name, pci_kind(f->class),
			    f->vendor, f->device, use_words[use]);
	report_text(r, "device", f->name);
	report_hex(r, "base", region->base);
	report_flag(r, "assignable", use != RMRR_FIRM && !firm);
	if (use != RMRR_FIRM || f->group < 0)
		return;
	for (i = 0; i < m->pci.count; i++) {
		const struct pci_function *other = &m->pci.function[i];

		if (other == f || other->group != f->group)
			continue;
		report_item(r, "    %s (%s): in one group with it, cannot be assigned either",
			    other->name, pci_kind(other->class));
		report_text(r, "device", other->name);
		report_hex(r, "base", region->base);
		report_flag(r, "assignable", false);
	}
}

static void tell_regions(struct report *r, const struct machine *m)
{
	unsigned int i, k, owners;

	report_section(r, "reserved", "Memory that firmware shares with devices (RMRR)");
	for (i = 0; i < m->regions; i++) {
		const struct region *region = &m->region[i];

		report_item(r, "0x%llx-0x%llx (%llu KiB), %s",
			    (unsigned long long)region->base, (unsigned long long)region->end,
			    (unsigned long long)(region->end - region->base + 1) >> 10,
			    region->from_user ? "from intel_iommu.rmrr=" : "from firmware");
		report_hex(r, "base", region->base);
		report_hex(r, "end", region->end);
		for (k = 0, owners = 0; k < m->pci.count; k++) {
			const struct pci_function *f = &m->pci.function[k];

			if (f->physfn ||
			    !machine_scopes_hold(m, &region->scopes, region->segment, f))
				continue;
			tell_owner(r, m, region, f);
			owners++;
		}
		if (!owners && m->pci.readable)
			report_item(r, "    for devices that are not there: nothing follows");
	}
	if (!m->regions)
		report_item(r, m->has_table ? "none: nothing forbids to assign a device" :
			    "not known");
}

static void tell_remapping(struct report *r, const struct machine *m,
			   const struct prediction *p)
{
	report_section(r, "interrupts", "Interrupt remapping");
	if (p->remap)
		report_item(r, "would be on, in %s mode%s", p->x2apic ? "x2apic" : "xapic",
			    m->has_madt ? "" : ", if all IOAPICs are under a unit (the MADT cannot be read)");
	else
		report_item(r, "would be off: %s; VFIO then gives no device to users without allow_unsafe_interrupts",
			    p->why_not);
	report_flag(r, "remapped", p->remap);
	report_text(r, "mode", p->remap ? p->x2apic ? "x2apic" : "xapic" : NULL);
	report_text(r, "why_not", p->why_not);
	if (!p->remap && !m->table_error)
		report_status(r, VTD_EXIT_ATTENTION);
}

static void tell_device(struct report *r, struct machine *m, const struct prediction *p,
			const struct pci_function *f, unsigned int *count)
{
	struct unit *unit = machine_unit_of(m, f);
	const char *why;

	if (unit && predict_translates(p, unit) &&
	    predict_domain(m, p, unit, f) == IOMMU_DOMAIN_DMA)
		return;
	why = !unit ? "no unit serves it" :
	      !predict_translates(p, unit) ? "its unit is off" :
	      "identity domain: it reaches all memory";
	report_item(r, "%s (%s, %04x:%04x): %s", f->name, pci_kind(f->class), f->vendor,
		    f->device, why);
	report_text(r, "device", f->name);
	report_text(r, "why", why);
	(*count)++;
}

static void tell_unprotected(struct report *r, struct machine *m, const struct prediction *p)
{
	unsigned int i, count = 0;

	report_section(r, "unprotected", "What stays unprotected");
	if (!p->on && !m->table_error)
		report_item(r, "everything: no DMA is translated");
	for (i = 0; p->on && i < m->pci.count; i++)
		tell_device(r, m, p, &m->pci.function[i], &count);
	if (p->on && m->pci.readable && !count)
		report_item(r, "no PCI device: each is translated");
	if (p->on && !(m->dmar.flags & VTD_TABLE_OPT_IN))
		report_item(r, "the time before the kernel runs: firmware does not promise to block DMA until then");
	if (p->on && !p->policy.strict)
		report_item(r, "for some milliseconds, memory that was unmapped (lazy; iommu.strict=1 ends that)");
	if (p->policy.unverified)
		report_item(r, "interrupts: any device can raise any (intremap=nosid)");
	else if (!p->remap && !m->table_error)
		report_item(r, "interrupts: a device can raise any, by a write to the right address");
	if (m->table_error)
		report_item(r, "not known without the table");
}

static void tell_unknown(struct report *r, const struct machine *m, const struct prediction *p)
{
	unsigned int i, dark = 0;

	for (i = 0; i < m->units; i++)
		dark += !m->unit[i].known && !m->unit[i].unusable;
	report_section(r, "unknown", "What this program cannot know");
	if (dark)
		report_item(r, "registers of %u units: sysfs shows them only while a driver uses them; --dmesg FILE reads them from a kernel log",
			    dark);
	if (!m->pci.readable)
		report_item(r, "PCI devices: /sys/bus/pci is not there");
	if (!m->has_map)
		report_item(r, "whether the memory map reserves the reserved regions: no /sys/firmware/memmap");
	if (!m->has_madt)
		report_item(r, "IOAPICs: the MADT cannot be read");
	if (!m->has_cpu)
		report_item(r, "bits of address and x2apic of the processor: /proc/cpuinfo does not tell");
	if (p->policy.why == VTD_WHY_CONFIG && !p->policy.enable &&
	    (m->dmar.flags & VTD_TABLE_OPT_IN))
		report_item(r, "whether a port faces outside: then firmware's wish for protection would switch translation on");
	report_item(r, "whether the kernel is started by a measured launch (tboot), devices of the ACPI namespace, and whether the units then obey");
}

static void print_log(const struct machine *m)
{
	unsigned int i;

	for (i = 0; i < m->lines; i++)
		puts(m->line[i]);
}

static int tell(struct machine *m, const struct prediction *p, const struct choices *c)
{
	struct report r;

	report_begin(&r, stdout, c->json, "preflight");
	tell_verdict(&r, m, p);
	tell_units(&r, m, p);
	tell_defects(&r, m);
	tell_options(&r, m);
	tell_regions(&r, m);
	tell_remapping(&r, m, p);
	tell_unprotected(&r, m, p);
	tell_unknown(&r, m, p);
	return report_end(&r);
}

/**
 * vtd_preflight - the command
 * @c: what was asked for
 *
 * Return: exit status, VTD_EXIT_*.
 */
int vtd_preflight(const struct choices *c)
{
	struct machine *m = &machine;
	struct prediction p;
	int status;

	m->source = c->source;
	machine_listen(m);
	read_config(m, c);
	machine_read(m, c->table, c->madt);
	read_cmdline(m, c);
	machine_reserve(m);
	machine_build(m);
	machine_registers(m, c->dmesg);
	machine_settle(m);
	predict(m, &p);
	if (c->log) {
		print_log(m);
		status = m->table_error && m->table_error != ENOENT ? VTD_EXIT_UNKNOWN :
			 p.on ? VTD_EXIT_GOOD : VTD_EXIT_OFF;
	} else {
		status = tell(m, &p, c);
	}
	machine_listen(NULL);
	machine_free(m);
	return status;
}

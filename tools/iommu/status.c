// SPDX-License-Identifier: GPL-2.0
/* vtd status: is it on, in which mode, on which units, what is unprotected. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pci.h"
#include "report.h"
#include "unit/caps.h"
#include "vtd.h"

#define CLASS	"/sys/class/iommu"

static bool tell_unit(struct report *r, const struct source *s, const char *name)
{
	char address[32], version[32], cap[32], ecap[32], path[128];
	struct vtd_caps caps;
	struct names devices;

	if (!source_line(s, cap, sizeof(cap), CLASS "/%s/intel-iommu/cap", name) ||
	    !source_line(s, ecap, sizeof(ecap), CLASS "/%s/intel-iommu/ecap", name))
		return false;
	source_line(s, address, sizeof(address), CLASS "/%s/intel-iommu/address", name);
	source_line(s, version, sizeof(version), CLASS "/%s/intel-iommu/version", name);
	vtd_caps_decode(&caps, strtoull(cap, NULL, 16), strtoull(ecap, NULL, 16));
	snprintf(path, sizeof(path), CLASS "/%.60s/devices", name);
	source_list(s, path, &devices);
	report_item(r, "%s at %s, version %s: %u devices, %u address bits, %s, %s%s", name, address,
		    version, devices.count, caps.width,
		    caps.coherent ? "coherent walks" : "walks not coherent",
		    caps.pass_through ? "passes through" : "no pass-through",
		    caps.caching_mode ? ", caching mode: a hypervisor's" : "");
	report_text(r, "unit", name);
	report_text(r, "address", address);
	report_number(r, "devices", devices.count);
	report_number(r, "width", caps.width);
	report_flag(r, "coherent", caps.coherent);
	report_flag(r, "pass_through", caps.pass_through);
	source_free(&devices);
	return true;
}

static unsigned int tell_units(struct report *r, const struct source *s)
{
	unsigned int i, count = 0;
	struct names names;

	report_section(r, "units", "Units");
	source_list(s, CLASS, &names);
	for (i = 0; i < names.count; i++)
		count += tell_unit(r, s, names.name[i]);
	source_free(&names);
	if (!count)
		report_item(r, "none in use");
	return count;
}

struct kinds {
	unsigned int dma, lazy, identity, other, none;
};

static void count_device(const struct source *s, const struct pci_function *f, struct kinds *k)
{
	char type[32];

	if (f->group < 0) {
		k->none++;
		return;
	}
	source_line(s, type, sizeof(type), "/sys/kernel/iommu_groups/%d/type", f->group);
	if (!strcmp(type, "DMA"))
		k->dma++;
	else if (!strcmp(type, "DMA-FQ"))
		k->lazy++;
	else if (!strcmp(type, "identity"))
		k->identity++;
	else
		k->other++;
}

static void tell_free(struct report *r, const struct source *s, const struct pci *pci)
{
	char type[32];
	unsigned int i;

	report_section(r, "unprotected", "What is unprotected");
	for (i = 0; i < pci->count; i++) {
		const struct pci_function *f = &pci->function[i];

		source_line(s, type, sizeof(type), "/sys/kernel/iommu_groups/%d/type", f->group);
		if (f->group >= 0 && strcmp(type, "identity"))
			continue;
		report_item(r, "%s (%s): %s", f->name, pci_kind(f->class),
			    f->group < 0 ? "no unit translates for it" :
			    "identity domain: it reaches all memory");
		report_text(r, "device", f->name);
	}
}

static bool interrupts_remapped(const struct source *s)
{
	size_t size;
	char *text = source_read(s, &size, "/proc/interrupts");
	bool found = text && (strstr(text, " IR-") || strstr(text, " INTEL-IR"));

	free(text);
	return found;
}

static void tell_interrupts(struct report *r, const struct source *s)
{
	bool remapped = interrupts_remapped(s);

	report_section(r, "interrupts", "Interrupts");
	report_item(r, remapped ? "remapped" :
		    "not remapped, as far as /proc/interrupts shows; vtd preflight says why");
	report_flag(r, "remapped", remapped);
	if (!remapped)
		report_status(r, VTD_EXIT_ATTENTION);
}

/**
 * vtd_status - the command
 * @c: what was asked for
 *
 * Return: exit status, VTD_EXIT_*.
 */
int vtd_status(const struct choices *c)
{
	const struct source *s = &c->source;
	struct kinds k = { 0 };
	struct report r;
	struct pci pci;
	unsigned int i, units;

	pci_read(&pci, s);
	for (i = 0; i < pci.count; i++)
		count_device(s, &pci.function[i], &k);
	report_begin(&r, stdout, c->json, "status");
	units = tell_units(&r, s);
	report_section(&r, "state", "State");
	report_item(&r, "%s; PCI devices: %u translated strict, %u translated lazy, %u identity, %u in users' hands or other, %u in no group",
		    units ? "on" : "off", k.dma, k.lazy, k.identity, k.other, k.none);
	report_flag(&r, "on", units);
	report_number(&r, "strict", k.dma);
	report_number(&r, "lazy", k.lazy);
	report_number(&r, "identity", k.identity);
	report_number(&r, "other", k.other);
	report_number(&r, "none", k.none);
	tell_interrupts(&r, s);
	tell_free(&r, s, &pci);
	if (!units)
		report_status(&r, VTD_EXIT_OFF);
	else if (k.none)
		report_status(&r, VTD_EXIT_ATTENTION);
	pci_free(&pci);
	return report_end(&r);
}

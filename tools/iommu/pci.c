// SPDX-License-Identifier: GPL-2.0
/* PCI devices as sysfs shows them, and which of them a device scope names. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pci.h"

#define DEVICES		"/sys/bus/pci/devices"
#define HEADER_BRIDGE	1
#define AT_SECONDARY	0x19
#define AT_SUBORDINATE	0x1a
#define AT_HEADER	0x0e

/**
 * pci_parse - an address in words
 * @text: "0000:00:1f.2" or "00:1f.2", whole
 * @segment: PCI domain, 0 if not told
 * @bus: bus number
 * @devfn: device << 3 | function
 */
bool pci_parse(const char *text, u32 *segment, u8 *bus, u8 *devfn)
{
	unsigned int s, b, d, f;
	int end = 0;

	if (sscanf(text, "%8x:%2x:%2x.%1x%n", &s, &b, &d, &f, &end) != 4 || text[end]) {
		s = 0;
		if (sscanf(text, "%2x:%2x.%1x%n", &b, &d, &f, &end) != 3 || text[end])
			return false;
	}
	if (d > 31 || f > 7)
		return false;
	*segment = s;
	*bus = b;
	*devfn = d << 3 | f;
	return true;
}

static void read_ids(struct pci_function *f, const struct source *s)
{
	char text[32];
	u64 value;

	source_number(s, &value, DEVICES "/%s/vendor", f->name);
	f->vendor = value;
	source_number(s, &value, DEVICES "/%s/device", f->name);
	f->device = value;
	source_number(s, &value, DEVICES "/%s/class", f->name);
	f->class = value & 0xffffff;
	source_number(s, &value, DEVICES "/%s/revision", f->name);
	f->revision = value;
	source_line(s, text, sizeof(text), DEVICES "/%s/removable", f->name);
	f->removable = !strcmp(text, "removable");
	f->group = source_link(s, text, sizeof(text), DEVICES "/%s/iommu_group", f->name) ?
		   atoi(text) : -1;
	source_link(s, f->driver, sizeof(f->driver), DEVICES "/%s/driver", f->name);
}

static bool read_function(struct pci_function *f, const struct source *s, const char *name)
{
	*f = (struct pci_function) { 0 };
	snprintf(f->name, sizeof(f->name), "%.*s", PCI_NAME - 1, name);
	if (!pci_parse(name, &f->segment, &f->bus, &f->devfn))
		return false;
	read_ids(f, s);
	f->config = source_read(s, &f->config_size, DEVICES "/%s/config", name);
	if (!f->config)
		f->config_size = 0;
	if (f->config_size > AT_SUBORDINATE) {
		f->header = f->config[AT_HEADER];
		f->secondary = f->config[AT_SECONDARY];
		f->subordinate = f->config[AT_SUBORDINATE];
	}
	return true;
}

static void find_physical(struct pci *pci, const struct source *s)
{
	char name[PCI_NAME];
	unsigned int i;
	u32 segment;
	u8 bus, devfn;

	for (i = 0; i < pci->count; i++)
		if (source_link(s, name, sizeof(name), DEVICES "/%s/physfn",
				pci->function[i].name) &&
		    pci_parse(name, &segment, &bus, &devfn))
			pci->function[i].physfn = pci_find(pci, segment, bus, devfn);
}

/**
 * pci_read - all PCI devices
 * @pci: filled
 * @s: where from
 */
void pci_read(struct pci *pci, const struct source *s)
{
	struct names names;
	unsigned int i;

	*pci = (struct pci) { 0 };
	pci->readable = source_list(s, DEVICES, &names);
	pci->function = calloc(names.count + 1, sizeof(*pci->function));
	for (i = 0; pci->function && i < names.count; i++)
		pci->count += read_function(&pci->function[pci->count], s, names.name[i]);
	source_free(&names);
	find_physical(pci, s);
}

/**
 * pci_free - end of a list
 * @pci: from pci_read()
 */
void pci_free(struct pci *pci)
{
	unsigned int i;

	for (i = 0; i < pci->count; i++)
		free(pci->function[i].config);
	free(pci->function);
	*pci = (struct pci) { 0 };
}

/**
 * pci_find - the device with an address
 * @pci: all devices
 * @segment: PCI domain
 * @bus: bus number
 * @devfn: device << 3 | function
 *
 * Return: NULL if there is none.
 */
const struct pci_function *pci_find(const struct pci *pci, u32 segment, u8 bus, u8 devfn)
{
	unsigned int i;

	for (i = 0; i < pci->count; i++) {
		const struct pci_function *f = &pci->function[i];

		if (f->segment == segment && f->bus == bus && f->devfn == devfn)
			return f;
	}
	return NULL;
}

/**
 * pci_is_bridge - does it have a bus behind it
 * @f: the device
 */
bool pci_is_bridge(const struct pci_function *f)
{
	return (f->header & 0x7f) == HEADER_BRIDGE;
}

/**
 * pci_above - the bridge that a device is behind
 * @pci: all devices
 * @f: the device
 *
 * Buses of virtual functions are no bridge's secondary bus, but lie in its range.
 *
 * Return: NULL on a root bus.
 */
const struct pci_function *pci_above(const struct pci *pci, const struct pci_function *f)
{
	const struct pci_function *best = NULL;
	unsigned int i;

	for (i = 0; i < pci->count; i++) {
		const struct pci_function *p = &pci->function[i];

		/* Numbers grow downwards: nobody is above himself */
		if (!pci_is_bridge(p) || p->segment != f->segment || p->bus >= p->secondary ||
		    f->bus < p->secondary || f->bus > p->subordinate)
			continue;
		if (!best || p->secondary > best->secondary)
			best = p;
	}
	return best;
}

struct way {
	const struct pci *pci;
	const struct pci_function *to;
};

/* The bus behind a bridge on the way to the device */
static int secondary_on_the_way(void *context, u8 bus, u8 devfn)
{
	const struct way *way = context;
	const struct pci_function *p;

	for (p = pci_above(way->pci, way->to); p; p = pci_above(way->pci, p))
		if (p->bus == bus && p->devfn == devfn)
			return p->secondary;
	return -1;
}

/**
 * pci_scope_names - does a device scope of firmware's mean a device
 * @pci: all devices
 * @scope: the scope
 * @segment: of its structure
 * @f: the device
 */
bool pci_scope_names(const struct pci *pci, const struct dmar_dev_scope *scope, u16 segment,
		     const struct pci_function *f)
{
	struct way way = { pci, f };
	u8 bus, devfn;

	return f->segment == segment &&
	       !vtd_path_resolve(scope, secondary_on_the_way, &way, &bus, &devfn) &&
	       bus == f->bus && devfn == f->devfn;
}

/**
 * pci_kind - a class code in a word
 * @class: class code, 24 bits
 */
const char *pci_kind(u32 class)
{
	static const struct {
		u32 class, mask;
		const char *word;
	} kinds[] = {
		{ 0x010800, 0xffff00, "NVMe disk" },
		{ 0x010600, 0xffff00, "SATA controller" },
		{ 0x010400, 0xffff00, "RAID controller" },
		{ 0x010000, 0xff0000, "storage controller" },
		{ 0x020000, 0xff0000, "network card" },
		{ 0x030000, 0xff0000, "graphics" },
		{ 0x040000, 0xff0000, "sound or video" },
		{ 0x060400, 0xffff00, "bridge" },
		{ 0x060000, 0xff0000, "bridge" },
		{ 0x0c0300, 0xffff00, "USB controller" },
		{ 0x0c0500, 0xffff00, "SMBus" },
		{ 0x0c0700, 0xffff00, "management controller (IPMI)" },
	};
	unsigned int i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if ((class & kinds[i].mask) == kinds[i].class)
			return kinds[i].word;
	return "device";
}

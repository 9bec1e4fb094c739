// SPDX-License-Identifier: GPL-2.0
/* vtd groups: why devices are together, and what would split them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isolation.h"
#include "report.h"
#include "vtd.h"

static struct vtd_why why;

/* The next higher number of a group, or -1 */
static int next_group(const struct pci *pci, int after)
{
	int found = -1;
	unsigned int i;

	for (i = 0; i < pci->count; i++)
		if (pci->function[i].group > after &&
		    (found < 0 || pci->function[i].group < found))
			found = pci->function[i].group;
	return found;
}

static void tell_members(struct report *r, const struct pci *pci, int group)
{
	unsigned int i;

	for (i = 0; i < pci->count; i++) {
		const struct pci_function *f = &pci->function[i];

		if (f->group != group)
			continue;
		report_item(r, "  %s: %s, %04x:%04x, driver %s", f->name, pci_kind(f->class),
			    f->vendor, f->device, f->driver[0] ? f->driver : "none");
		report_number(r, "group", group);
		report_text(r, "device", f->name);
		report_text(r, "driver", f->driver);
	}
}

static void tell_text(struct report *r, char *text, int group, unsigned int members)
{
	char *line, *next;

	for (line = text; line && *line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		report_item(r, "%s", line);
		report_number(r, "group", group);
		report_text(r, "kind", line == text ? "group" :
				       strstr(line, "to split:") ? "cure" : "reason");
		if (line == text)
			report_number(r, "members", members);
	}
}

/* False if registers were not readable, so that reasons may be missing */
static bool tell_group(struct report *r, const struct pci *pci, int group)
{
	static const struct pci_function *member[VTD_WHY_MEMBERS];
	static char text[VTD_WHY_TEXT];
	const struct pci_function *p;
	bool readable = true;
	unsigned int i;

	memset(&why, 0, sizeof(why));
	why.id = group;
	for (i = 0; i < pci->count; i++) {
		if (pci->function[i].group != group)
			continue;
		if (why.count == VTD_WHY_MEMBERS) {
			why.more = true;
			break;
		}
		member[why.count] = &pci->function[i];
		why.member[why.count++] = isolation_id(&pci->function[i]);
		for (p = &pci->function[i]; p; p = pci_above(pci, p))
			readable &= isolation_readable(p);
	}
	if (readable)
		isolation_ties(&why, pci, member, why.count);
	if (readable || why.count < 2) {
		vtd_why_text(&why, text, sizeof(text));
	} else {
		snprintf(text, sizeof(text), "group %d: %u devices\n  why they are together: only root may read that\n",
			 group, why.count);
		report_status(r, VTD_EXIT_UNKNOWN);
	}
	tell_text(r, text, group, why.count);
	tell_members(r, pci, group);
	return readable;
}

/* What the groups show of the kernel's lists, which are not in sysfs */
static void tell_quirks(struct report *r, const struct pci *pci, int group)
{
	const struct pci_function *a, *b;
	unsigned int i, j;

	report_section(r, "quirks", "What only the kernel knows");
	for (i = 0; i < pci->count; i++) {
		for (j = 0; j < pci->count; j++) {
			a = &pci->function[i];
			b = &pci->function[j];
			if ((group >= 0 && a->group != group && b->group != group) ||
			    !isolation_quirk_pair(pci, a, b))
				continue;
			report_item(r, "%s and %s are apart although their registers do not promise it: an ACS quirk, or a parameter",
				    a->name, b->name);
			report_text(r, "kind", "acs-quirk");
			report_text(r, "device", a->name);
			report_text(r, "other", b->name);
		}
	}
	report_item(r, "its lists of devices that isolate (ACS quirks) or use the requester id of another (DMA aliases) against what they say are not in sysfs: \"not explained\" may be such an alias; this project's driver has them in debugfs, iommu/intel/groups");
	report_text(r, "kind", "limit");
}

static int tell(struct report *r, const struct pci *pci, const char *device)
{
	const struct pci_function *f;
	u32 segment;
	u8 bus, devfn;
	int group;

	report_section(r, "groups", "Groups");
	if (!device) {
		for (group = next_group(pci, -1); group >= 0; group = next_group(pci, group))
			tell_group(r, pci, group);
		if (next_group(pci, -1) < 0) {
			report_item(r, "none: no IOMMU is on; vtd status, vtd preflight");
			report_status(r, VTD_EXIT_OFF);
		} else {
			tell_quirks(r, pci, -1);
		}
		return 0;
	}
	if (!pci_parse(device, &segment, &bus, &devfn))
		return VTD_EXIT_USAGE;
	f = pci_find(pci, segment, bus, devfn);
	if (!f) {
		report_item(r, "%s: no such device", device);
		report_status(r, VTD_EXIT_UNKNOWN);
	} else if (f->group < 0) {
		report_item(r, "%s: in no group: no unit translates for it", f->name);
		report_status(r, VTD_EXIT_OFF);
	} else {
		tell_group(r, pci, f->group);
		tell_quirks(r, pci, f->group);
	}
	return 0;
}

/**
 * vtd_groups - the command
 * @c: what was asked for; the argument is a device, none means all
 *
 * Return: exit status, VTD_EXIT_*.
 */
int vtd_groups(const struct choices *c)
{
	struct report r;
	struct pci pci;
	int wrong;

	pci_read(&pci, &c->source);
	report_begin(&r, stdout, c->json, "groups");
	wrong = tell(&r, &pci, c->argument);
	pci_free(&pci);
	if (wrong)
		report_status(&r, wrong);
	return report_end(&r);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * What observe/group_facts.c asks in the kernel, asked of the bytes that sysfs shows.  The
 * kernel knows devices that isolate (ACS quirks) or use another's requester id (DMA
 * aliases) against what they say.  Its lists are not in sysfs, nor repeated here: so only
 * ties inside a group that the kernel made are looked for, a member without a tie is told
 * as not explained, and who is apart against his registers as such.
 */
#include <stdio.h>
#include <string.h>

#include "isolation.h"

#define CAP_EXPRESS	0x10	/* PCI Express, id of a capability */
#define EXT_ACS		0x0d	/* Access Control Services, id of an extended one */
#define EXT_START	0x100u
#define VENDOR_INTEL	0x8086

/* Types of the PCI Express capability */
enum {
	TYPE_ROOT_PORT = 4, TYPE_UPSTREAM = 5, TYPE_DOWNSTREAM = 6, TYPE_TO_PCI = 7,
	TYPE_FROM_PCI = 8, TYPE_RC_END = 9, TYPE_RC_EC = 10,
};

static unsigned int word(const struct pci_function *f, unsigned int at)
{
	return at + 1 < f->config_size ? f->config[at] | f->config[at + 1] << 8 : 0;
}

/* -1: conventional PCI */
static int express_type(const struct pci_function *f)
{
	unsigned int at = f->config_size > 0x34 && word(f, 6) & 0x10 ? f->config[0x34] & ~3u : 0;
	unsigned int steps;

	for (steps = 0; at >= 0x40 && at + 3 < f->config_size && steps < 48; steps++) {
		if (f->config[at] == CAP_EXPRESS)
			return word(f, at + 2) >> 4 & 0xf;
		at = f->config[at + 1] & ~3u;
	}
	return -1;
}

static unsigned int acs_at(const struct pci_function *f)
{
	unsigned int at = EXT_START, steps;

	for (steps = 0; at >= EXT_START && at + 7 < f->config_size && steps < 480; steps++) {
		if (word(f, at) == EXT_ACS)
			return at;
		at = word(f, at + 2) >> 4 & ~3u;
	}
	return 0;
}

static bool has_siblings(const struct pci *pci, const struct pci_function *f)
{
	unsigned int i;

	if (f->header & 0x80)
		return true;
	for (i = 0; i < 8; i++)
		if (i != (f->devfn & 7) &&
		    pci_find(pci, f->segment, f->bus, (f->devfn & ~7) | i))
			return true;
	return false;
}

static bool flags_on(const struct pci_function *f)
{
	unsigned int at = acs_at(f), wanted;

	if (!at)
		return false;
	wanted = VTD_WHY_ACS & word(f, at + 4);
	return (word(f, at + 6) & wanted) == wanted;
}

/* As the core decides it, pci_acs_enabled() */
static bool is_isolated(const struct pci *pci, const struct pci_function *f)
{
	switch (express_type(f)) {
	case -1:
	case TYPE_TO_PCI:
	case TYPE_FROM_PCI:
	case TYPE_RC_EC:
		return false;
	case TYPE_ROOT_PORT:
	case TYPE_DOWNSTREAM:
		return flags_on(f);
	case TYPE_RC_END:
		/* Intel promises it for all of its integrated devices */
		if (f->vendor == VENDOR_INTEL)
			return true;
		break;
	}
	return !has_siblings(pci, f) || flags_on(f);
}

static bool path_is_isolated(const struct pci *pci, const struct pci_function *f)
{
	for (; f; f = pci_above(pci, f))
		if (!is_isolated(pci, f))
			return false;
	return true;
}

/**
 * isolation_quirk_pair - does the kernel know better than the registers that two are apart
 * @pci: all devices
 * @a: a device in a group
 * @b: another one
 *
 * Return: true if the core's rules, on the registers alone, would have put both into one
 * group and they are in two: an ACS quirk, or a parameter (pci=config_acs=, an override).
 */
bool isolation_quirk_pair(const struct pci *pci, const struct pci_function *a,
			  const struct pci_function *b)
{
	if (a == b || a->group < 0 || b->group < 0 || a->group == b->group ||
	    !isolation_readable(a) || !isolation_readable(b))
		return false;
	if (pci_above(pci, a) == b)
		return !path_is_isolated(pci, b) && express_type(b) >= 0;
	return a->segment == b->segment && a->bus == b->bus && a->devfn >> 3 == b->devfn >> 3 &&
	       a->devfn < b->devfn && !is_isolated(pci, a) && !is_isolated(pci, b);
}

/**
 * isolation_id - a device's number in struct vtd_why
 * @f: the device
 */
u64 isolation_id(const struct pci_function *f)
{
	return (u64)f->segment << 16 | f->bus << 8 | f->devfn;
}

/**
 * isolation_readable - could all of a device's configuration space be read
 * @f: the device
 *
 * Conventional devices have 256 bytes; 64 is what the unprivileged see.
 */
bool isolation_readable(const struct pci_function *f)
{
	return f->config_size >= EXT_START;
}

/* These ports of Intel's have registers of ACS that are not the specification's */
static bool odd_registers(const struct pci_function *f)
{
	u8 family = f->device >> 8;

	return f->vendor == VENDOR_INTEL &&
	       (family == 0x9d || family == 0xa1 || family == 0xa2);
}

static void add_tie(struct vtd_why *why, enum vtd_tie_kind kind, const struct pci_function *a,
		    const struct pci_function *b, const struct pci_function *culprit)
{
	unsigned int at = acs_at(culprit);
	struct vtd_tie *tie = &why->tie[why->ties];

	if (why->ties == VTD_WHY_TIES) {
		why->more = true;
		return;
	}
	*tie = (struct vtd_tie) {
		.kind = kind, .a = isolation_id(a), .b = isolation_id(b),
		.culprit = isolation_id(culprit), .has_acs = at,
	};
	if (at) {
		tie->missing = word(culprit, at + 4) & ~word(culprit, at + 6) & VTD_WHY_ACS;
		tie->settable = tie->missing && !odd_registers(culprit);
	}
	why->ties++;
}

static const struct pci_function *climb_aliases(struct vtd_why *why, const struct pci *pci,
						const struct pci_function *f)
{
	const struct pci_function *top = f, *up = f;
	int type;

	while ((up = pci_above(pci, up))) {
		type = express_type(up);
		if (type >= 0 && type != TYPE_TO_PCI && type != TYPE_FROM_PCI)
			continue;
		add_tie(why, VTD_TIE_BRIDGE, f, up, up);
		top = up;
	}
	return top;
}

static const struct pci_function *climb_ports(struct vtd_why *why, const struct pci *pci,
					      const struct pci_function *f)
{
	const struct pci_function *top = f, *up = f, *at;

	while ((up = pci_above(pci, up)) && !path_is_isolated(pci, up)) {
		for (at = up; at; at = pci_above(pci, at))
			if (!is_isolated(pci, at))
				add_tie(why, VTD_TIE_PORT, top, up, at);
		top = up;
	}
	if (top != f && express_type(top) == TYPE_DOWNSTREAM && why->ties &&
	    why->tie[why->ties - 1].culprit == isolation_id(top))
		why->tie[why->ties - 1].downstream = true;
	return top;
}

static void tie_pair(struct vtd_why *why, const struct pci *pci, const struct pci_function *a,
		     const struct pci_function *b)
{
	if (a == b || a->segment != b->segment || a->bus != b->bus ||
	    a->devfn >> 3 != b->devfn >> 3 || is_isolated(pci, a) || is_isolated(pci, b))
		return;
	add_tie(why, VTD_TIE_FUNCTION, a, b, a);
	add_tie(why, VTD_TIE_FUNCTION, b, a, b);
}

/**
 * isolation_ties - find the ties between devices
 * @why: gets ties; members are the caller's
 * @pci: all devices
 * @members: devices of one group; on return what stands for each
 * @count: of @members
 */
void isolation_ties(struct vtd_why *why, const struct pci *pci,
		    const struct pci_function **members, unsigned int count)
{
	unsigned int i, j;

	for (i = 0; i < count; i++)
		members[i] = climb_ports(why, pci, climb_aliases(why, pci, members[i]));
	for (i = 0; i < count; i++)
		for (j = i + 1; j < count; j++)
			tie_pair(why, pci, members[i], members[j]);
}

/* SPDX-License-Identifier: GPL-2.0 */
/* Why devices are in one group, from facts to words.  Pure. */
#ifndef VTD_OBSERVE_GROUP_WHY_H
#define VTD_OBSERVE_GROUP_WHY_H

#include <linux/types.h>

#define VTD_WHY_MEMBERS	64u
#define VTD_WHY_TIES	256u
#define VTD_WHY_TEXT	8192u
/* Members and what lies between them; ties of a group lead to few others */
#define VTD_WHY_NODES	(2 * VTD_WHY_MEMBERS + 2)

/* The bits of the ACS registers without which the core does not split */
#define VTD_WHY_ACS	0x1du

/**
 * enum vtd_tie_kind - rules by which the core puts two devices together
 * @VTD_TIE_BRIDGE: a conventional bridge stands for what is behind it
 * @VTD_TIE_PORT: something on the way up does not do ACS
 * @VTD_TIE_FUNCTION: functions of one device, neither with ACS
 * @VTD_TIE_ALIAS: one uses the other's requester id
 */
enum vtd_tie_kind {
	VTD_TIE_BRIDGE,
	VTD_TIE_PORT,
	VTD_TIE_FUNCTION,
	VTD_TIE_ALIAS,
};

/**
 * struct vtd_tie - two devices that one rule puts together
 * @kind: the rule
 * @a: a device, as PCI domain << 16 | requester id; domains may have more
 *	than 16 bits
 * @b: the other, or @a again for a function that is only named
 * @culprit: the bridge, port or function that the rule is about
 * @missing: bits of VTD_WHY_ACS that it has and that are off
 * @has_acs: it has the ACS capability
 * @settable: pci=config_acs= can turn @missing on
 * @downstream: it is a downstream port of a switch, and the way up ends at it:
 *	the core does not look at the ports beside it
 */
struct vtd_tie {
	enum vtd_tie_kind kind;
	u64 a;
	u64 b;
	u64 culprit;
	u16 missing;
	bool has_acs;
	bool settable;
	bool downstream;
};

/**
 * struct vtd_why - one group
 * @id: its number
 * @count: of @member
 * @ties: how many in @tie
 * @more: there was no room for all of it
 * @member: the group's devices, as in struct vtd_tie
 * @tie: what puts them together
 * @node: for vtd_why_text(), which devices it has met
 */
struct vtd_why {
	int id;
	unsigned int count;
	unsigned int ties;
	bool more;
	u64 member[VTD_WHY_MEMBERS];
	struct vtd_tie tie[VTD_WHY_TIES];
	u64 node[VTD_WHY_NODES];
};

size_t vtd_why_text(struct vtd_why *why, char *buf, size_t size);

#endif /* VTD_OBSERVE_GROUP_WHY_H */

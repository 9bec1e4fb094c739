// SPDX-License-Identifier: GPL-2.0
/*
 * Why devices are in one group, in words.  Pure.
 *
 * A tie is a rule of the core that holds between two devices.  A group is
 * explained if its ties connect all members; who is not connected is named,
 * nothing is guessed.
 */
#include <linux/kernel.h>
#include <linux/types.h>

#include "observe/group_why.h"

#define ACS_BITS	5

struct out {
	char *buf;
	size_t size;
	size_t len;
};

static __printf(2, 3)
void put(struct out *o, const char *fmt, ...)
{
	va_list args;
	int n;

	if (o->len + 1 >= o->size)
		return;
	va_start(args, fmt);
	n = vsnprintf(o->buf + o->len, o->size - o->len, fmt, args);
	va_end(args);
	if (n > 0)
		o->len = min_t(size_t, o->len + n, o->size - 1);
}

static void put_name(struct out *o, u64 id)
{
	u16 rid = id;

	put(o, "%04x:%02x:%02x.%u", (u32)(id >> 16), rid >> 8, rid >> 3 & 0x1f, rid & 7);
}

static bool same_cause(const struct vtd_tie *x, const struct vtd_tie *y)
{
	return x->kind == y->kind && x->culprit == y->culprit;
}

static bool told_before(const struct vtd_why *why, unsigned int i)
{
	unsigned int j;

	for (j = 0; j < i; j++)
		if (same_cause(&why->tie[j], &why->tie[i]))
			return true;
	return false;
}

static void put_missing(struct out *o, const struct vtd_tie *tie)
{
	static const char * const names[ACS_BITS] = {
		"Source Validation", NULL, "Request Redirect", "Completion Redirect",
		"Upstream Forwarding",
	};
	const char *comma = "";
	unsigned int i;

	if (!tie->has_acs) {
		put(o, "no ACS capability");
		return;
	}
	if (!tie->missing) {
		put(o, "ACS that this kernel does not trust");
		return;
	}
	put(o, "ACS without ");
	for (i = 0; i < ACS_BITS; i++) {
		if (!names[i] || !(tie->missing & 1u << i))
			continue;
		put(o, "%s%s", comma, names[i]);
		comma = ", ";
	}
}

static void put_cause(struct out *o, const struct vtd_why *why, const struct vtd_tie *tie)
{
	unsigned int i;

	switch (tie->kind) {
	case VTD_TIE_BRIDGE:
		put(o, "  shared requester id: behind conventional bridge ");
		break;
	case VTD_TIE_PORT:
		put(o, "  no isolation on the way up: ");
		break;
	case VTD_TIE_FUNCTION:
		put(o, "  functions of one device: ");
		break;
	case VTD_TIE_ALIAS:
		put(o, "  alias: uses the requester id of, or is used by ");
		break;
	}
	put_name(o, tie->culprit);
	if (tie->kind == VTD_TIE_PORT || tie->kind == VTD_TIE_FUNCTION) {
		put(o, " has ");
		put_missing(o, tie);
	}
	for (i = 0; i < why->ties; i++) {
		if (!same_cause(&why->tie[i], tie) || why->tie[i].a == tie->culprit)
			continue;
		put(o, ", ");
		put_name(o, why->tie[i].a);
	}
	put(o, "\n");
}

/* Each node gets the number of the first member that it is connected with */
static u32 root_of(const u8 *up, u32 n)
{
	while (up[n] != n)
		n = up[n];
	return n;
}

static u32 node_of(struct vtd_why *why, unsigned int *count, u64 which)
{
	unsigned int i;

	for (i = 0; i < *count; i++)
		if (why->node[i] == which)
			return i;
	why->node[*count] = which;
	return (*count)++;
}

static void put_unexplained(struct out *o, struct vtd_why *why)
{
	u8 up[ARRAY_SIZE(why->node)];
	unsigned int i, count = 0;
	bool head = false;

	for (i = 0; i < why->count; i++)
		node_of(why, &count, why->member[i]);
	for (i = 0; i < ARRAY_SIZE(up); i++)
		up[i] = i;
	for (i = 0; i < why->ties && count + 2 <= ARRAY_SIZE(why->node); i++) {
		u32 a = root_of(up, node_of(why, &count, why->tie[i].a));
		u32 b = root_of(up, node_of(why, &count, why->tie[i].b));

		up[max(a, b)] = min(a, b);
	}
	for (i = 1; i < why->count; i++) {
		if (root_of(up, i) == root_of(up, 0))
			continue;
		put(o, head ? ", " : "  not explained: why here is ");
		put_name(o, why->member[i]);
		head = true;
	}
	if (head)
		put(o, "\n");
}

static bool is_acs(const struct vtd_tie *tie)
{
	return tie->kind == VTD_TIE_PORT || tie->kind == VTD_TIE_FUNCTION;
}

/* One string for all: of several pci=config_acs= only the last one counts */
static void put_string(struct out *o, const struct vtd_why *why)
{
	const char *before = "pci=config_acs=";
	unsigned int i;
	int bit;

	for (i = 0; i < why->ties; i++) {
		if (!is_acs(&why->tie[i]) || told_before(why, i))
			continue;
		put(o, "%s", before);
		for (bit = ACS_BITS - 1; bit >= 0; bit--)
			put(o, "%c", why->tie[i].missing & 1u << bit ? '1' : 'x');
		put(o, "@");
		put_name(o, why->tie[i].culprit);
		before = ";";
	}
}

static void put_cure(struct out *o, const struct vtd_why *why)
{
	bool bridge = false, acs = false, port = false, settable = true;
	unsigned int i;

	for (i = 0; i < why->ties; i++) {
		bridge |= !is_acs(&why->tie[i]);
		acs |= is_acs(&why->tie[i]);
		port |= why->tie[i].kind == VTD_TIE_PORT;
		settable &= !is_acs(&why->tie[i]) || why->tie[i].settable;
	}
	if (bridge) {
		put(o, "  to split: another slot; ");
		put(o, "what shares a requester id cannot be told apart\n");
	} else if (acs && settable && !why->more) {
		put(o, "  to split: ");
		put_string(o, why);
		put(o, "\n");
	} else if (port) {
		put(o, "  to split: another slot, or firmware that offers ACS there\n");
	} else if (acs) {
		put(o, "  to split: firmware that offers ACS there; ");
		put(o, "another slot moves all of them\n");
	}
}

static void put_too_small(struct out *o, const struct vtd_why *why)
{
	unsigned int i;

	for (i = 0; i < why->ties; i++) {
		if (!why->tie[i].downstream || told_before(why, i))
			continue;
		put(o, "  too small: what is below ");
		put_name(o, why->tie[i].culprit);
		put(o, " may reach other ports of the same switch past the unit\n");
	}
}

/**
 * vtd_why_text - a group, its reasons and what would split it
 * @why: facts; @why->node is used
 * @buf: filled, always ends with NUL
 * @size: of @buf, at least 1
 *
 * Context: any; less than 1 KiB of stack.
 * Return: length of the text; what does not fit is left out.
 */
size_t vtd_why_text(struct vtd_why *why, char *buf, size_t size)
{
	struct out o = { .buf = buf, .size = size };
	unsigned int i;

	buf[0] = 0;
	put(&o, "group %d:", why->id);
	for (i = 0; i < why->count; i++) {
		put(&o, " ");
		put_name(&o, why->member[i]);
	}
	put(&o, "\n");
	if (why->more)
		put(&o, "  not all is told: too many devices\n");
	if (why->count < 2) {
		put(&o, "  alone\n");
		put_too_small(&o, why);
		return o.len;
	}
	for (i = 0; i < why->ties; i++)
		if (!told_before(why, i))
			put_cause(&o, why, &why->tie[i]);
	put_unexplained(&o, why);
	put_cure(&o, why);
	put_too_small(&o, why);
	return o.len;
}

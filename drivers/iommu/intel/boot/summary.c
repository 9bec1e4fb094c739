// SPDX-License-Identifier: GPL-2.0
/*
 * The summary: what is, not what was asked for.  Pure.
 *
 * Each property of the units is told once where all are alike, else with the
 * names of the units behind each value.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/types.h>

#include "boot/policy.h"

/* More names than this in one list are counted, not named */
#define NAMES_MAX	4

/* Text that grows until it is full; what does not fit is left out */
struct out {
	char *buf;
	size_t size;
	size_t len;
};

struct units {
	const struct vtd_unit_facts *unit;
	unsigned int count;
};

/* A property of a unit as a small number; negative: say nothing of it */
typedef int (*property_fn)(const struct vtd_unit_facts *unit);
typedef void (*words_fn)(struct out *o, int value);

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
	if (n < 0)
		return;
	o->len = min_t(size_t, o->len + n, o->size - 1);
}

static unsigned int how_many(const struct units *u, property_fn prop, int value)
{
	unsigned int i, n = 0;

	for (i = 0; i < u->count; i++)
		n += prop(&u->unit[i]) == value;
	return n;
}

/* A unit that was never mapped has no name, only a place */
static void put_name(struct out *o, const struct vtd_unit_facts *unit)
{
	if (unit->name)
		put(o, "%s", unit->name);
	else
		put(o, "unit at %#llx", (unsigned long long)unit->base);
}

/* " on dmar0 dmar2 and 3 more" */
static void put_names(struct out *o, const struct units *u, property_fn prop, int value)
{
	unsigned int i, named = 0, all = how_many(u, prop, value);

	put(o, " on");
	for (i = 0; i < u->count && named < NAMES_MAX; i++) {
		if (prop(&u->unit[i]) != value)
			continue;
		put(o, " ");
		put_name(o, &u->unit[i]);
		named++;
	}
	if (all > named)
		put(o, " and %u more", all - named);
}

static int next_value(const struct units *u, property_fn prop, int after)
{
	unsigned int i;
	int found = -1;

	for (i = 0; i < u->count; i++) {
		int value = prop(&u->unit[i]);

		if (value > after && (found < 0 || value < found))
			found = value;
	}
	return found;
}

static void put_property(struct out *o, const struct units *u, property_fn prop,
			 words_fn words, const char *label)
{
	int value = next_value(u, prop, -1), next;
	bool first = true;

	for (; value >= 0; value = next, first = false) {
		next = next_value(u, prop, value);
		put(o, "%s%s", first ? "; " : ", ", first ? label : "");
		words(o, value);
		if (!first || next >= 0)
			put_names(o, u, prop, value);
	}
}

static int leaf_of(const struct vtd_unit_facts *unit)
{
	return unit->translating ? unit->max_leaf : -1;
}

static void leaf_words(struct out *o, int leaf)
{
	put(o, "%s", leaf >= 3 ? "2M 1G" : leaf == 2 ? "2M" : "none");
}

static int width_of(const struct vtd_unit_facts *unit)
{
	return unit->translating ? unit->width : -1;
}

static void width_words(struct out *o, int width)
{
	put(o, "%d", width);
}

static int coherent_of(const struct vtd_unit_facts *unit)
{
	return unit->translating ? unit->coherent : -1;
}

static void coherent_words(struct out *o, int coherent)
{
	put(o, "%s", coherent ? "coherent" : "not coherent");
}

static int mode_of(const struct vtd_unit_facts *unit)
{
	return !unit->translating ? -1 : unit->scalable + unit->first_stage;
}

static void mode_words(struct out *o, int mode)
{
	put(o, "%s%s", mode ? "scalable" : "legacy", mode > 1 ? " (first-stage tables)" : "");
}

static int pass_of(const struct vtd_unit_facts *unit)
{
	return unit->translating ? unit->pass_through : -1;
}

static int translating_of(const struct vtd_unit_facts *unit)
{
	return unit->translating;
}

static void put_domain(struct out *o, const struct vtd_policy *p, const struct units *u)
{
	put(o, "; default domain: %s", p->identity ? "identity" : "translated");
	if (p->identity && how_many(u, pass_of, 0)) {
		put(o, " (through tables");
		put_names(o, u, pass_of, 0);
		put(o, ": no pass-through)");
	}
	put(o, "%s%s", p->identity ? "; translated domains: " : ", ",
	    p->strict ? "strict" : "lazy");
	if (p->why_strict)
		put(o, " (%s)", p->why_strict);
}

static void put_off_units(struct out *o, const struct units *u)
{
	unsigned int i, named = 0, off = how_many(u, translating_of, 0);

	for (i = 0; i < u->count && named < NAMES_MAX; i++) {
		if (u->unit[i].translating)
			continue;
		put(o, "; ");
		put_name(o, &u->unit[i]);
		put(o, " off: %s", u->unit[i].why_off ?: "not brought up");
		named++;
	}
	if (off > named)
		put(o, "; %u more off", off - named);
}

static void put_properties(struct out *o, const struct vtd_policy *p, const struct units *u)
{
	put_domain(o, p, u);
	put_property(o, u, width_of, width_words, "address bits ");
	if (p->large_pages)
		put_property(o, u, leaf_of, leaf_words, "large pages ");
	else
		put(o, "; large pages none (intel_iommu=sp_off)");
	put_property(o, u, coherent_of, coherent_words, "table walks ");
	if (p->scalable || p->scalable_default || p->no_scalable || p->legacy_for_crash)
		put_property(o, u, mode_of, mode_words, "mode ");
	if (!p->translate_intgpu)
		put(o, "; integrated graphics: identity");
}

static void put_head(struct out *o, const struct vtd_policy *p, unsigned int on,
		     unsigned int count)
{
	if (count)
		put(o, "%s: %u of %u units translating", on ? "on" : "off", on, count);
	else
		put(o, "off: no remapping unit in use");
	/* Without units the configuration has nothing to do with it */
	if (count || p->enable || p->why != VTD_WHY_CONFIG)
		put(o, "; %s: %s", p->enable == !!on ? "why" : "although",
		    vtd_policy_why(p));
}

/**
 * vtd_policy_summary - one line that says what translates, how, and why
 * @buf: filled with the line, without newline and without "DMAR: "
 * @size: of @buf; VTD_SUMMARY_SIZE is meant, less cuts the line
 * @policy: the verdict
 * @unit: every unit that firmware or the user declares
 * @count: how many
 *
 * It begins with "on" only if a unit translates at this moment, whatever the
 * verdict was.
 *
 * Context: any.
 * Return: length of the line, or -EINVAL without a buffer.
 */
int vtd_policy_summary(char *buf, size_t size, const struct vtd_policy *policy,
		       const struct vtd_unit_facts *unit, unsigned int count)
{
	struct units u = { unit, count };
	struct out o = { buf, size, 0 };
	unsigned int on;

	if (!buf || !size)
		return -EINVAL;
	buf[0] = '\0';
	on = how_many(&u, translating_of, 1);
	put_head(&o, policy, on, count);
	if (on)
		put_properties(&o, policy, &u);
	if (policy->enable || on)
		put_off_units(&o, &u);
	if (policy->unverified)
		put(&o, "; interrupts: source NOT verified (intremap=nosid)");
	return o.len;
}

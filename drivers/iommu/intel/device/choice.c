// SPDX-License-Identifier: GPL-2.0
/*
 * The grammar of parameters that name devices.  Pure.
 *
 * An entry is a PCI address (0000:02:00.0, or 02:00.0 in segment 0), an id
 * (8086:10d3), or, where that makes sense, a class (a word, or 2, 4 or 6
 * hexadecimal digits).  What cannot be used is named and left out; the other
 * entries still count.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

#include "device/choice.h"

#define CHOICE_LINE	240
#define CHOICE_SHOWN	48
/* No x86 processor addresses more */
#define CHOICE_PHYS_BITS	52
#define CHOICE_HOW	"write a device as 0000:02:00.0 or 8086:10d3"
#define CHOICE_WORDS	"storage, network, graphics, multimedia, usb"
#define CHOICE_REGION	"write it as in 0x8b000000-0x8b0fffff@0000:02:00.0"

/* A part of the parameter, not NUL terminated */
struct slice {
	const char *text;
	size_t len;
};

struct class_word {
	const char *word;
	u32 class;
	u32 mask;
};

static const struct class_word class_words[] __initconst = {
	{ "storage", 0x010000, 0xff0000 },
	{ "network", 0x020000, 0xff0000 },
	{ "graphics", 0x030000, 0xff0000 },
	{ "multimedia", 0x040000, 0xff0000 },
	{ "usb", 0x0c0300, 0xffff00 },
};

static bool __init choice_cut(const char **rest, struct slice *s)
{
	while (**rest == ',')
		(*rest)++;
	s->text = *rest;
	s->len = 0;
	while (s->text[s->len] && s->text[s->len] != ',')
		s->len++;
	*rest += s->len;
	return s->len;
}

/* Split at the first @at; false if there is none */
static bool __init choice_split(const struct slice *s, char at, struct slice *before,
				struct slice *after)
{
	const char *p = memchr(s->text, at, s->len);
	struct slice whole = *s;

	if (!p)
		return false;
	*before = (struct slice) { whole.text, p - whole.text };
	*after = (struct slice) { p + 1, whole.len - (p + 1 - whole.text) };
	return true;
}

static int __init choice_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 'a' ^ 'A';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -EINVAL;
}

/* All of @s as a hexadecimal number of @min to @max digits; 16 at most */
static bool __init choice_hex(const struct slice *s, size_t min, size_t max, u64 *value)
{
	size_t i;

	*value = 0;
	if (s->len < min || s->len > max)
		return false;
	for (i = 0; i < s->len; i++) {
		int d = choice_digit(s->text[i]);

		if (d < 0)
			return false;
		*value = *value << 4 | d;
	}
	return true;
}

/* [SEGMENT:]BUS:DEVICE.FUNCTION; what is wrong with it, or NULL */
static const char *__init choice_address(const struct slice *s, u16 *segment, u16 *rid)
{
	struct slice seg = { "0", 1 }, bus, dev, fn, rest = *s, tail;
	u64 v[4];

	if (!choice_split(&rest, ':', &bus, &tail))
		return "not a device's address; write it as in 0000:02:00.0";
	if (memchr(tail.text, ':', tail.len)) {
		seg = bus;
		rest = tail;
		choice_split(&rest, ':', &bus, &tail);
	}
	if (!choice_split(&tail, '.', &dev, &fn))
		return "the function is missing; write it as in 0000:02:00.0";
	if (!choice_hex(&seg, 1, 4, &v[0]) || !choice_hex(&bus, 1, 2, &v[1]) ||
	    !choice_hex(&dev, 1, 2, &v[2]) || !choice_hex(&fn, 1, 1, &v[3]))
		return "not a device's address; write it as in 0000:02:00.0";
	if (v[2] > 0x1f)
		return "the device number is larger than 1f";
	if (v[3] > 7)
		return "the function number is larger than 7";
	*segment = v[0];
	*rid = v[1] << 8 | v[2] << 3 | v[3];
	return NULL;
}

static bool __init choice_id(const struct slice *s, struct vtd_choice *c)
{
	struct slice vendor, device;
	u64 v, d;

	if (!choice_split(s, ':', &vendor, &device) ||
	    !choice_hex(&vendor, 4, 4, &v) || !choice_hex(&device, 4, 4, &d))
		return false;
	c->kind = VTD_CHOICE_ID;
	c->vendor = v;
	c->device = d;
	return true;
}

static bool __init choice_class(const struct slice *s, struct vtd_choice *c)
{
	unsigned int i, shift;
	u64 v;

	c->kind = VTD_CHOICE_CLASS;
	for (i = 0; i < ARRAY_SIZE(class_words); i++) {
		if (s->len != strlen(class_words[i].word) ||
		    memcmp(s->text, class_words[i].word, s->len))
			continue;
		c->class = class_words[i].class;
		c->mask = class_words[i].mask;
		return true;
	}
	if (s->len % 2 || !choice_hex(s, 2, 6, &v))
		return false;
	shift = 24 - 4 * s->len;
	c->class = v << shift;
	c->mask = (0xffffffu << shift) & 0xffffff;
	return true;
}

static const char *__init choice_take(const struct slice *s, bool classes,
				      struct vtd_choice *c)
{
	struct vtd_choice class = { };

	*c = (struct vtd_choice) { };
	if (choice_id(s, c))
		return NULL;
	if (!memchr(s->text, ':', s->len)) {
		if (!choice_class(s, &class))
			return classes ?
			       CHOICE_HOW " or a class: 0403, " CHOICE_WORDS :
			       CHOICE_HOW;
		if (!classes)
			return "a class cannot be given here; " CHOICE_HOW;
		*c = class;
		return NULL;
	}
	c->kind = VTD_CHOICE_ADDRESS;
	return choice_address(s, &c->segment, &c->rid);
}

static void __init choice_complain(const char *name, const struct slice *s,
				   const char *wrong, vtd_choice_say_fn say)
{
	char line[CHOICE_LINE], shown[CHOICE_SHOWN];
	size_t i, len = s->len < sizeof(shown) ? s->len : sizeof(shown) - 1;

	for (i = 0; i < len; i++)
		shown[i] = s->text[i] < ' ' || s->text[i] > '~' ? '?' : s->text[i];
	shown[len] = '\0';
	snprintf(line, sizeof(line), "intel_iommu.%s=: \"%s\"%s ignored: %s", name, shown,
		 len < s->len ? " (shortened)" : "", wrong);
	say(line);
}

static void __init choice_nothing(const char *name, vtd_choice_say_fn say)
{
	char line[CHOICE_LINE];

	snprintf(line, sizeof(line), "intel_iommu.%s=: nothing given, nothing changed", name);
	say(line);
}

/**
 * vtd_choice_parse - take the entries of one parameter that names devices
 * @list: what was gathered so far; good entries are added
 * @name: of the parameter, behind "intel_iommu."
 * @classes: a class may be given
 * @text: what stands behind the equals sign, NUL terminated
 * @say: told of each entry that is left out, and why
 *
 * Context: any; called before there is an allocator.
 */
void __init vtd_choice_parse(struct vtd_choices *list, const char *name, bool classes,
			     const char *text, vtd_choice_say_fn say)
{
	const char *rest = text;
	struct slice s;

	if (!*text)
		choice_nothing(name, say);
	while (choice_cut(&rest, &s)) {
		struct vtd_choice c;
		const char *wrong = choice_take(&s, classes, &c);

		if (!wrong && list->count == VTD_CHOICES_MAX)
			wrong = "only 16 can be given";
		if (wrong)
			choice_complain(name, &s, wrong, say);
		else
			list->choice[list->count++] = c;
	}
}

static bool __init choice_bound(struct slice s, u64 *value)
{
	if (s.len > 2 && s.text[0] == '0' && (s.text[1] | 0x20) == 'x')
		s = (struct slice) { s.text + 2, s.len - 2 };
	return choice_hex(&s, 1, 16, value);
}

static const char *__init choice_region(const struct slice *s, struct vtd_user_region *r)
{
	struct slice range, address, first, last;

	if (!choice_split(s, '@', &range, &address))
		return "the device is missing; " CHOICE_REGION;
	if (!choice_split(&range, '-', &first, &last))
		return "the last address is missing; " CHOICE_REGION;
	if (!choice_bound(first, &r->base) || !choice_bound(last, &r->end))
		return "not hexadecimal addresses; " CHOICE_REGION;
	if (r->end >> CHOICE_PHYS_BITS)
		return "the last address has more than 52 bits";
	if (r->base > r->end)
		return "the last address is below the first";
	return choice_address(&address, &r->segment, &r->rid);
}

/**
 * vtd_choice_parse_regions - take the entries of one intel_iommu.rmrr=
 * @list: what was gathered so far; good entries are added
 * @text: what stands behind the equals sign, NUL terminated
 * @say: told of each entry that is left out, and why
 *
 * An entry is FIRST-LAST@ADDRESS, both bytes included, in hexadecimal.
 *
 * Context: any; called before there is an allocator.
 */
void __init vtd_choice_parse_regions(struct vtd_user_regions *list, const char *text,
				     vtd_choice_say_fn say)
{
	const char *rest = text;
	struct slice s;

	if (!*text)
		choice_nothing("rmrr", say);
	while (choice_cut(&rest, &s)) {
		struct vtd_user_region r;
		const char *wrong = choice_region(&s, &r);

		if (!wrong && list->count == VTD_CHOICES_MAX)
			wrong = "only 16 can be given";
		if (wrong)
			choice_complain("rmrr", &s, wrong, say);
		else
			list->region[list->count++] = r;
	}
}

/**
 * vtd_choice_text - an entry as one would write it
 * @c: the entry
 * @buf: filled, NUL terminated
 * @size: of @buf; VTD_CHOICE_TEXT is meant
 */
void vtd_choice_text(const struct vtd_choice *c, char *buf, size_t size)
{
	switch (c->kind) {
	case VTD_CHOICE_ADDRESS:
		snprintf(buf, size, "%04x:%02x:%02x.%x", c->segment, c->rid >> 8,
			 c->rid >> 3 & 0x1f, c->rid & 7);
		break;
	case VTD_CHOICE_ID:
		snprintf(buf, size, "%04x:%04x", c->vendor, c->device);
		break;
	case VTD_CHOICE_CLASS:
		snprintf(buf, size, "class %06x/%06x", c->class, c->mask);
		break;
	}
}

/**
 * vtd_choice_is - does an entry name a device
 * @c: the entry
 * @what: the device, all fields but @kind and @mask filled
 */
bool vtd_choice_is(const struct vtd_choice *c, const struct vtd_choice *what)
{
	switch (c->kind) {
	case VTD_CHOICE_ADDRESS:
		return c->segment == what->segment && c->rid == what->rid;
	case VTD_CHOICE_ID:
		return c->vendor == what->vendor && c->device == what->device;
	case VTD_CHOICE_CLASS:
		return c->class == (what->class & c->mask);
	}
	return false;
}

/**
 * vtd_choice_match - does a list name a device
 * @list: the list
 * @what: as for vtd_choice_is()
 */
bool vtd_choice_match(const struct vtd_choices *list, const struct vtd_choice *what)
{
	unsigned int i;

	for (i = 0; i < list->count; i++)
		if (vtd_choice_is(&list->choice[i], what))
			return true;
	return false;
}

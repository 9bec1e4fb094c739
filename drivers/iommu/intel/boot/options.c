// SPDX-License-Identifier: GPL-2.0
/*
 * The grammar of intel_iommu= and intel_iommu.drhd=.  Pure.
 *
 * A word counts only when it matches whole: "only_gfx" must not be taken for
 * "on".  What cannot be used is named to the user and left out; everything
 * else on the line still counts.
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>

#include "boot/options.h"
#include "hw/registers.h"

/* Longer words get no hint; this bounds the work and the stack */
#define WORD_MAX	20
#define LINE_SIZE	240
/* No x86 processor addresses more */
#define PHYS_BITS	52

/* Boot parameters are ASCII; a piece of one, not NUL terminated */
struct piece {
	const char *text;
	size_t len;
};

/* @clear: the word takes this one back, so that the last of the two counts */
struct word {
	const char *name;
	size_t set;
	size_t clear;
};

#define NOTHING	((size_t)-1)
#define WORD(w)		{ #w, offsetof(struct vtd_options, w), NOTHING }
#define WORD2(w, not)	{ #w, offsetof(struct vtd_options, w), \
			  offsetof(struct vtd_options, not) }

/* The offsets serve as indices */
static_assert(sizeof(bool) == 1);

static const struct word words[] __initconst = {
	WORD2(on, off), WORD2(off, on), WORD(igfx_off), WORD(intgpu_off), WORD(strict),
	WORD(forcedac), WORD(sp_off), WORD2(sm_on, sm_off), WORD2(sm_off, sm_on),
	WORD(tboot_noforce), WORD(relax_rmrr),
};

struct stray {
	const char *word;
	const char *meant;
};

/* Often written here, but belonging to other parameters, or meaning a word */
static const struct stray strays[] __initconst = {
	{ "1", "on" },
	{ "y", "on" },
	{ "yes", "on" },
	{ "true", "on" },
	{ "enable", "on" },
	{ "enabled", "on" },
	{ "0", "off" },
	{ "n", "off" },
	{ "no", "off" },
	{ "false", "off" },
	{ "disable", "off" },
	{ "disabled", "off" },
	{ "none", "off" },
	{ "pt", "iommu=pt" },
	{ "nopt", "iommu=nopt" },
	{ "force", "iommu=force" },
	{ "noforce", "iommu=noforce" },
	{ "passthrough", "iommu.passthrough=1" },
	{ "lazy", "iommu.strict=0" },
	{ "nostrict", "iommu.strict=0" },
	{ "keep_rmrr", "intel_iommu.keep_rmrr=DEVICE" },
	{ "rmrr", "intel_iommu.rmrr=FIRST-LAST@DEVICE" },
	{ "identity", "intel_iommu.identity=DEVICE" },
	{ "translate", "intel_iommu.translate=DEVICE" },
};

/* Parameters of their own that a comma has glued to the words; see is_parameter() */
static const char * const parameters[] __initconst = {
	"iommu", "intel_iommu", "intremap", "pci",
};

static bool __init same(const struct piece *p, const char *name)
{
	return p->len == strlen(name) && !memcmp(p->text, name, p->len);
}

/*
 * Cut the next piece off @rest at one of @ends; empty pieces are skipped; false
 * at the end
 */
static bool __init next_piece(const char **rest, const char *ends, struct piece *p)
{
	*rest += strspn(*rest, ends);
	p->text = *rest;
	p->len = strcspn(*rest, ends);
	*rest += p->len;
	return p->len;
}

/* A piece as it may be shown: no control characters, bounded */
static const char *__init show(const struct piece *p, char *buf, size_t size)
{
	size_t i, len = p->len < size ? p->len : size - 1;

	for (i = 0; i < len; i++) {
		char c = p->text[i];

		buf[i] = c < ' ' || c > '~' ? '?' : c;
	}
	if (len < p->len)
		memcpy(buf + len - 3, "...", 3);
	buf[len] = '\0';
	return buf;
}

/* Levenshtein distance; @p->len is at most WORD_MAX */
static unsigned int __init distance(const struct piece *p, const char *name)
{
	unsigned int row[WORD_MAX + 1];
	size_t i, j;

	for (i = 0; i <= p->len; i++)
		row[i] = i;
	for (j = 1; name[j - 1]; j++) {
		unsigned int diagonal = row[0];

		row[0] = j;
		for (i = 1; i <= p->len; i++) {
			unsigned int best = diagonal + (p->text[i - 1] != name[j - 1]);

			diagonal = row[i];
			if (row[i] + 1 < best)
				best = row[i] + 1;
			if (row[i - 1] + 1 < best)
				best = row[i - 1] + 1;
			row[i] = best;
		}
	}
	return row[p->len];
}

static size_t __init common_start(const struct piece *p, const char *name)
{
	size_t n = 0;

	while (n < p->len && name[n] == p->text[n])
		n++;
	return n;
}

/* The known word that @p is most like, NULL if none is much like it */
static const char *__init nearest(const struct piece *p)
{
	const char *found = NULL;
	unsigned int i, best;

	if (p->len > WORD_MAX)
		return NULL;
	best = (p->len + 2) / 3 + 1;
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		unsigned int d = distance(p, words[i].name);

		if (d > best || (d == best && !found))
			continue;
		if (d == best && common_start(p, words[i].name) <= common_start(p, found))
			continue;
		best = d;
		found = words[i].name;
	}
	return found;
}

static const char *__init belongs_to(const struct piece *p)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(strays); i++)
		if (same(p, strays[i].word))
			return strays[i].meant;
	return nearest(p);
}

/* The part in front of "=", or all of it */
static struct piece __init key_of(const struct piece *p)
{
	const char *equals = memchr(p->text, '=', p->len);

	return (struct piece) { p->text, equals ? equals - p->text : p->len };
}

/* "iommu=pt" behind a comma; no word has a dot, every module's parameter does */
static bool __init is_parameter(const struct piece *key)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(parameters); i++)
		if (same(key, parameters[i]))
			return true;
	return memchr(key->text, '.', key->len);
}

static void __init say_unknown(const struct piece *p, vtd_say_fn say)
{
	struct piece key = key_of(p);
	const char *meant = belongs_to(&key);
	char line[LINE_SIZE], word[2 * WORD_MAX];
	int len;
	unsigned int i;

	show(p, word, sizeof(word));
	if (key.len < p->len && is_parameter(&key)) {
		snprintf(line, sizeof(line),
			 "intel_iommu=: unknown word \"%s\" ignored: it is a parameter of its own, with a blank in front",
			 word);
		say(line);
		return;
	}
	if (meant)
		len = snprintf(line, sizeof(line),
			       "intel_iommu=: unknown word \"%s\", did you mean \"%s\"? Known:",
			       word, meant);
	else
		len = snprintf(line, sizeof(line),
			       "intel_iommu=: unknown word \"%s\" ignored. Known:", word);
	for (i = 0; i < ARRAY_SIZE(words) && len < sizeof(line); i++)
		len += snprintf(line + len, sizeof(line) - len, "%s %s",
				i ? "," : "", words[i].name);
	say(line);
}

static bool __init take_word(struct vtd_options *opt, const struct piece *p)
{
	bool *flags = (bool *)opt;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (!same(p, words[i].name))
			continue;
		flags[words[i].set] = true;
		if (words[i].clear != NOTHING)
			flags[words[i].clear] = false;
		return true;
	}
	return false;
}

/**
 * vtd_options_parse - take the words of one intel_iommu= parameter
 * @opt: what was gathered so far; the words add to it
 * @text: what stands behind the equals sign, NUL terminated
 * @say: told of each word that is not known
 *
 * Of "on" and "off", and of "sm_on" and "sm_off", the last one counts; the
 * order of all other words does not matter.  A semicolon parts words too, so
 * that "on;iommu=pt" does not lose the word that protects the machine.
 *
 * Context: any; called before there is an allocator.
 */
void __init vtd_options_parse(struct vtd_options *opt, const char *text, vtd_say_fn say)
{
	const char *rest = text;
	struct piece p;

	if (!*text)
		say("intel_iommu=: no word given, nothing changed");
	if (strchr(text, ';'))
		say("intel_iommu=: words are parted by commas; the semicolon is taken for one");
	while (next_piece(&rest, ",;", &p))
		if (!take_word(opt, &p))
			say_unknown(&p, say);
}

/* People's scripts look for these lines */
static const struct word heard[] __initconst = {
	{ "Disable GFX device mapping", offsetof(struct vtd_options, igfx_off) },
	{ "Disable integrated GPU device mapping", offsetof(struct vtd_options, intgpu_off) },
	{ "Disable supported super page", offsetof(struct vtd_options, sp_off) },
	{ "Enable scalable mode if hardware supports", offsetof(struct vtd_options, sm_on) },
	{ "Scalable mode is disallowed", offsetof(struct vtd_options, sm_off) },
};

/**
 * vtd_options_confirm - which words were heard, as scripts expect to be told
 * @old: before the words of one parameter were taken
 * @opt: afterwards
 * @say: told of each word that is new
 *
 * Context: any; called before there is an allocator.
 */
void __init vtd_options_confirm(const struct vtd_options *old, const struct vtd_options *opt,
				vtd_say_fn say)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(heard); i++)
		if (((bool *)opt)[heard[i].set] && !((bool *)old)[heard[i].set])
			say(heard[i].name);
}

static int __init digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 'a' ^ 'A';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -EINVAL;
}

/* The whole piece must be one number, decimal or with 0x in front */
static int __init parse_number(struct piece p, u64 max, u64 *value)
{
	unsigned int base = 10;
	u64 v = 0;
	size_t i = 0;

	if (p.len > 2 && p.text[0] == '0' && (p.text[1] | 0x20) == 'x') {
		base = 16;
		i = 2;
	}
	if (i == p.len)
		return -EINVAL;
	for (; i < p.len; i++) {
		int d = digit(p.text[i]);

		if (d < 0 || d >= (int)base)
			return -EINVAL;
		if (v > (max - d) / base)
			return -ERANGE;
		v = v * base + d;
	}
	*value = v;
	return 0;
}

/* What is wrong with an entry, or NULL and @unit filled */
static const char *__init parse_entry(const struct piece *p, struct dmar_override *unit)
{
	const char *at = memchr(p->text, '@', p->len);
	struct piece base = *p;
	u64 segment = 0;
	int err;

	if (at) {
		struct piece s = { at + 1, p->len - (at + 1 - p->text) };

		base.len = at - p->text;
		err = parse_number(s, 0xffff, &segment);
		if (err == -ERANGE)
			return "the segment is larger than 65535";
		if (err)
			return "the segment after @ is not a number";
	}
	err = parse_number(base, (1ull << PHYS_BITS) - 1, &unit->base);
	if (err == -ERANGE)
		return "the address has more than 52 bits";
	if (err)
		return "not a number; write it as in 0xfed90000 or 0xfed90000@1";
	if (!unit->base)
		return "no unit can be at address zero";
	if (unit->base & (VTD_WINDOW_MIN - 1))
		return "the address is not a multiple of 4 KiB";
	unit->segment = segment;
	return NULL;
}

static const char *__init add_entry(struct vtd_overrides *list, const struct dmar_override *unit)
{
	unsigned int i;

	for (i = 0; i < list->count; i++)
		if (list->unit[i].base == unit->base)
			return "this address was given already";
	if (list->count == ARRAY_SIZE(list->unit))
		return "only 16 units can be given";
	list->unit[list->count++] = *unit;
	return NULL;
}

/**
 * vtd_options_parse_drhd - take the entries of one intel_iommu.drhd= parameter
 * @list: what was gathered so far; good entries are added
 * @text: what stands behind the equals sign, NUL terminated
 * @say: told of each entry that is left out, and why
 *
 * An entry is ADDRESS or ADDRESS@SEGMENT.  Each one that is taken is a multiple
 * of 4 KiB, not zero, below 2^52 and in the list once.
 *
 * Context: any; called before there is an allocator.
 */
void __init vtd_options_parse_drhd(struct vtd_overrides *list, const char *text,
				   vtd_say_fn say)
{
	char line[LINE_SIZE], shown[2 * WORD_MAX];
	const char *rest = text;
	struct piece p;

	if (!*text)
		say("intel_iommu.drhd=: no address given, firmware's table is used");
	while (next_piece(&rest, ",", &p)) {
		struct dmar_override unit;
		const char *wrong = parse_entry(&p, &unit);

		if (!wrong)
			wrong = add_entry(list, &unit);
		if (!wrong)
			continue;
		snprintf(line, sizeof(line), "intel_iommu.drhd=: \"%s\" ignored: %s",
			 show(&p, shown, sizeof(shown)), wrong);
		say(line);
	}
}

// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's configuration and command line, as far as DMA remapping depends on
 * them.  The driver's own parameters are parsed by the driver's own code; those of
 * the core and of x86 as these do it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmdline.h"

#define WORD_ROOM	1024

static bool has_symbol(const char *text, const char *symbol)
{
	size_t len = strlen(symbol);
	const char *p = text;

	while ((p = strstr(p, symbol))) {
		if ((p == text || p[-1] == '\n') && !strncmp(p + len, "=y", 2))
			return true;
		p += len;
	}
	return false;
}

/**
 * cmdline_config - take the defaults of a kernel's configuration
 * @c: to be changed
 * @text: the whole .config
 */
void cmdline_config(struct cmdline *c, const char *text)
{
	if (has_symbol(text, "CONFIG_INTEL_IOMMU_DEFAULT_ON"))
		c->config = VTD_DEFAULT_ON;
	else if (has_symbol(text, "CONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF"))
		c->config = VTD_DEFAULT_ON_INTGPU_OFF;
	else
		c->config = VTD_DEFAULT_OFF;
	c->scalable = has_symbol(text, "CONFIG_INTEL_IOMMU_SCALABLE_MODE_DEFAULT_ON");
	c->passthrough = has_symbol(text, "CONFIG_IOMMU_DEFAULT_PASSTHROUGH");
	c->strict = has_symbol(text, "CONFIG_IOMMU_DEFAULT_DMA_STRICT");
}

/* As kstrtobool() */
static bool parse_bool(const char *text, bool *value)
{
	if (strchr("yYtT1", text[0]) && text[0])
		*value = true;
	else if (strchr("nNfF0", text[0]) && text[0])
		*value = false;
	else if ((text[0] == 'o' || text[0] == 'O') && (text[1] == 'n' || text[1] == 'N'))
		*value = true;
	else if ((text[0] == 'o' || text[0] == 'O') && (text[1] == 'f' || text[1] == 'F'))
		*value = false;
	else
		return false;
	return true;
}

static bool next_comma(const char **rest, char *word, size_t size)
{
	size_t len = strcspn(*rest, ",");

	if (!**rest)
		return false;
	snprintf(word, size, "%.*s", (int)len, *rest);
	*rest += len + ((*rest)[len] == ',');
	return true;
}

static bool begins(const char *word, const char *with)
{
	return !strncmp(word, with, strlen(with));
}

/* x86's words; these do match by prefix there */
static void parse_iommu(struct cmdline *c, const char *text)
{
	char word[WORD_ROOM];

	while (next_comma(&text, word, sizeof(word))) {
		if (begins(word, "off"))
			c->no_iommu = true;
		else if (begins(word, "pt"))
			c->passthrough = true;
		else if (begins(word, "nopt"))
			c->passthrough = false;
	}
}

static void parse_intremap(struct cmdline *c, const char *text)
{
	char word[WORD_ROOM];

	while (next_comma(&text, word, sizeof(word))) {
		if (begins(word, "on"))
			c->intremap_off = false;
		else if (begins(word, "off"))
			c->intremap_off = true;
		else if (begins(word, "nosid"))
			c->nosid = true;
		else if (begins(word, "no_x2apic_optout"))
			c->override_x2apic = true;
	}
}

/* As memparse() */
static u64 parse_size(const char *text, const char **end)
{
	static const char units[] = "KMGT";
	char *after;
	u64 value = strtoull(text, &after, 0);
	const char *unit = *after ? strchr(units, *after & ~0x20) : NULL;

	if (unit) {
		value <<= 10 * (unit - units + 1);
		after++;
	}
	*end = after;
	return value;
}

static void parse_memmap(struct cmdline *c, const char *text)
{
	char word[WORD_ROOM];
	const char *end;
	u64 size;

	while (next_comma(&text, word, sizeof(word))) {
		size = parse_size(word, &end);
		if (*end == '$' && size && c->reserved_count < CMDLINE_RESERVED)
			c->reserved[c->reserved_count++] = (struct cmdline_range) {
				.start = parse_size(end + 1, &end), .size = size,
			};
	}
}

static bool parse_ours(struct cmdline *c, const char *word, const char *value, vtd_say_fn say)
{
	if (begins(word, "intel_iommu="))
		vtd_options_parse(&c->options, value, say);
	else if (begins(word, "intel_iommu.drhd="))
		vtd_options_parse_drhd(&c->overrides, value, say);
	else if (begins(word, "intel_iommu.relax_rmrr="))
		vtd_choice_parse(&c->relaxed, "relax_rmrr", false, value, say);
	else if (begins(word, "intel_iommu.keep_rmrr="))
		vtd_choice_parse(&c->kept, "keep_rmrr", false, value, say);
	else if (begins(word, "intel_iommu.identity="))
		vtd_choice_parse(&c->identity, "identity", true, value, say);
	else if (begins(word, "intel_iommu.translate="))
		vtd_choice_parse(&c->translate, "translate", true, value, say);
	else if (begins(word, "intel_iommu.rmrr="))
		vtd_choice_parse_regions(&c->regions, value, say);
	else
		return false;
	return true;
}

static void parse_word(struct cmdline *c, const char *word, vtd_say_fn say)
{
	const char *value = strchr(word, '=');

	value = value ? value + 1 : "";
	if (parse_ours(c, word, value, say))
		return;
	if (begins(word, "iommu=")) {
		parse_iommu(c, value);
	} else if (begins(word, "iommu.passthrough=")) {
		parse_bool(value, &c->passthrough);
	} else if (begins(word, "iommu.strict=")) {
		if (parse_bool(value, &c->strict))
			c->strict_given = true;
	} else if (begins(word, "crashkernel=")) {
		c->crash_reserved = true;
	} else if (begins(word, "intremap=")) {
		parse_intremap(c, value);
	} else if (begins(word, "memmap=")) {
		parse_memmap(c, value);
	} else if (!strcmp(word, "nointremap")) {
		c->intremap_off = true;
	} else if (!strcmp(word, "nox2apic")) {
		c->nox2apic = true;
	} else if (!strcmp(word, "noapic")) {
		c->noapic = true;
	}
}

/**
 * cmdline_parse - take a command line
 * @c: to be changed; later words count
 * @text: the words, parted by blanks; what is in double quotes is one
 * @say: told of each complaint of the driver's
 */
void cmdline_parse(struct cmdline *c, const char *text, vtd_say_fn say)
{
	char word[WORD_ROOM];
	bool quoted = false;
	size_t n = 0;

	for (;; text++) {
		if (*text == '"') {
			quoted = !quoted;
		} else if (!*text || (!quoted && strchr(" \t\n", *text))) {
			word[n] = 0;
			/* The kernel gives these words to init */
			if (!strcmp(word, "--"))
				return;
			if (n)
				parse_word(c, word, say);
			n = 0;
			if (!*text)
				return;
		} else if (n + 1 < sizeof(word)) {
			word[n++] = *text;
		}
	}
}

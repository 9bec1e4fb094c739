// SPDX-License-Identifier: GPL-2.0
/* Any value of a parameter that names devices: ends, and leaves what was promised. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device/choice.c"

static void listen(const char *line)
{
	size_t i, len = strlen(line);

	if (!len || len >= CHOICE_LINE)
		abort();
	for (i = 0; i < len; i++)
		if (line[i] < ' ' || line[i] > '~')
			abort();
}

static void check(const struct vtd_choices *list, bool classes)
{
	unsigned int i;

	if (list->count > VTD_CHOICES_MAX)
		abort();
	for (i = 0; i < list->count; i++) {
		const struct vtd_choice *c = &list->choice[i];

		if (c->kind > VTD_CHOICE_CLASS || c->class & ~c->mask || c->mask >> 24 ||
		    (c->kind == VTD_CHOICE_CLASS && (!classes || !c->mask)))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct vtd_choices devices = { 0 }, any = { 0 };
	struct vtd_user_regions regions = { 0 };
	char *text = malloc(size + 1);
	unsigned int i;

	memcpy(text, data, size);
	text[size] = '\0';
	vtd_choice_parse(&devices, "keep_rmrr", false, text, listen);
	check(&devices, false);
	vtd_choice_parse(&any, "identity", true, text, listen);
	check(&any, true);
	vtd_choice_parse_regions(&regions, text, listen);
	if (regions.count > VTD_CHOICES_MAX)
		abort();
	for (i = 0; i < regions.count; i++)
		if (regions.region[i].base > regions.region[i].end ||
		    regions.region[i].end >> 52)
			abort();
	free(text);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/* Any command line: ends, stays inside it, and leaves only what was promised. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boot/options.c"

static void listen(const char *line)
{
	size_t i, len = strlen(line);

	if (!len || len >= LINE_SIZE)
		abort();
	for (i = 0; i < len; i++)
		if (line[i] < ' ' || line[i] > '~')
			abort();
}

static void check_list(const struct vtd_overrides *list)
{
	unsigned int i, j;

	if (list->count > VTD_OVERRIDES_MAX)
		abort();
	for (i = 0; i < list->count; i++) {
		u64 base = list->unit[i].base;

		if (!base || base & 0xfff || base >> 52)
			abort();
		for (j = 0; j < i; j++)
			if (list->unit[j].base == base)
				abort();
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct vtd_options opt = { 0 };
	struct vtd_overrides list = { 0 };
	char *text = malloc(size + 1);

	memcpy(text, data, size);
	text[size] = '\0';
	vtd_options_parse(&opt, text, listen);
	if ((opt.on && opt.off) || (opt.sm_on && opt.sm_off))
		abort();
	vtd_options_parse_drhd(&list, text, listen);
	check_list(&list);
	free(text);
	return 0;
}

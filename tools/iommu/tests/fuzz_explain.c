// SPDX-License-Identifier: GPL-2.0
/* Any bytes as a log: bounded findings, sane fields, nothing read outside of a line. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "findings.h"

#define MUST(cond) do { if (!(cond)) { fprintf(stderr, "%s\n", #cond); abort(); } } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct findings f;
	unsigned long lines = 0, told = 0;
	size_t at = 0, len;
	unsigned int i;
	char *line;

	memset(&f, 0, sizeof(f));
	while (at < size) {
		const uint8_t *end = memchr(data + at, '\n', size - at);

		len = end ? (size_t)(end - (data + at)) : size - at;
		/* On the heap, so that one byte too far is seen */
		line = malloc(len + 1);
		memcpy(line, data + at, len);
		line[len] = 0;
		findings_line(&f, line);
		free(line);
		at += len + 1;
		lines++;
	}
	findings_end(&f);
	MUST(f.lines == lines && f.count <= FINDINGS_MAX && !f.has_pending);
	for (i = 0; i < f.count; i++) {
		const struct finding *x = &f.finding[i];

		told += x->count;
		MUST(x->what.key && x->what.means && x->what.first);
		MUST(x->count && x->low <= x->high && x->devfn >> 3 <= 31);
		MUST(strlen(x->line) < FINDINGS_LINE);
	}
	MUST(told + f.dropped <= lines);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0 */
/* The commands, each a file of its own. */
#ifndef VTD_VTD_H
#define VTD_VTD_H

#include <stdbool.h>

#include "source.h"

/**
 * struct choices - what the command line of the program said
 * @source: --root
 * @json: --json
 * @log: --log: print the lines of the driver's log instead
 * @table: --table FILE
 * @madt: --madt FILE
 * @dmesg: --dmesg FILE
 * @lspci: --lspci FILE
 * @config: --config FILE
 * @append: --append WORDS
 * @cmdline: --cmdline WORDS
 * @argument: what stands behind the command, or NULL
 */
struct choices {
	struct source source;
	bool json;
	bool log;
	const char *table;
	const char *madt;
	const char *dmesg;
	const char *lspci;
	const char *config;
	const char *append;
	const char *cmdline;
	const char *argument;
};

int vtd_preflight(const struct choices *c);
int vtd_explain(const struct choices *c);
int vtd_groups(const struct choices *c);
int vtd_status(const struct choices *c);

#endif /* VTD_VTD_H */

// SPDX-License-Identifier: GPL-2.0
/* vtd: what DMA remapping does on this machine, would do, and did. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "vtd.h"

struct command {
	const char *name;
	int (*run)(const struct choices *c);
	bool takes_argument;
};

static const struct command commands[] = {
	{ "preflight", vtd_preflight, false },
	{ "explain", vtd_explain, true },
	{ "groups", vtd_groups, true },
	{ "status", vtd_status, false },
};

static const char usage_text[] =
	"usage: vtd preflight [--table FILE] [--madt FILE] [--dmesg FILE] [--config FILE]\n"
	"                     [--append WORDS | --cmdline WORDS] [--log]\n"
	"       vtd explain [LOG | -] [--lspci FILE]\n"
	"       vtd groups [DEVICE]\n"
	"       vtd status\n"
	"  --root DIR   sysfs, procfs and firmware's tables are below DIR\n"
	"  --json       for programs\n"
	"Exit status: 0 good, 1 works and deserves a look, 2 does not translate,\n"
	"3 too little could be read, 64 wrong usage.  See vtd(8).\n";

enum {
	OPT_ROOT = 256, OPT_JSON, OPT_LOG, OPT_TABLE, OPT_MADT, OPT_DMESG, OPT_CONFIG, OPT_LSPCI,
	OPT_APPEND, OPT_CMDLINE, OPT_HELP,
};

static const struct option options[] = {
	{ "root", required_argument, NULL, OPT_ROOT },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "log", no_argument, NULL, OPT_LOG },
	{ "table", required_argument, NULL, OPT_TABLE },
	{ "madt", required_argument, NULL, OPT_MADT },
	{ "dmesg", required_argument, NULL, OPT_DMESG },
	{ "config", required_argument, NULL, OPT_CONFIG },
	{ "lspci", required_argument, NULL, OPT_LSPCI },
	{ "append", required_argument, NULL, OPT_APPEND },
	{ "cmdline", required_argument, NULL, OPT_CMDLINE },
	{ "help", no_argument, NULL, OPT_HELP },
	{ }
};

static int usage(FILE *out, int status)
{
	fputs(usage_text, out);
	return status;
}

/* 0 to go on, else the exit status plus one */
static int take_option(struct choices *c, int option)
{
	switch (option) {
	case OPT_ROOT:
		c->source.root = optarg;
		return 0;
	case OPT_JSON:
		c->json = true;
		return 0;
	case OPT_LOG:
		c->log = true;
		return 0;
	case OPT_TABLE:
		c->table = optarg;
		return 0;
	case OPT_MADT:
		c->madt = optarg;
		return 0;
	case OPT_DMESG:
		c->dmesg = optarg;
		return 0;
	case OPT_CONFIG:
		c->config = optarg;
		return 0;
	case OPT_LSPCI:
		c->lspci = optarg;
		return 0;
	case OPT_APPEND:
		c->append = optarg;
		return 0;
	case OPT_CMDLINE:
		c->cmdline = optarg;
		return 0;
	case OPT_HELP:
		return usage(stdout, 0) + 1;
	default:
		return usage(stderr, VTD_EXIT_USAGE) + 1;
	}
}

static const struct command *find(const char *name)
{
	unsigned int i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

int main(int argc, char **argv)
{
	struct choices c = { .source = { .root = "" } };
	const struct command *command;
	int option, stop;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		stop = take_option(&c, option);
		if (stop)
			return stop - 1;
	}
	command = optind < argc ? find(argv[optind]) : NULL;
	if (!command)
		return usage(stderr, VTD_EXIT_USAGE);
	if (++optind < argc && command->takes_argument)
		c.argument = argv[optind++];
	if (optind < argc)
		return usage(stderr, VTD_EXIT_USAGE);
	return command->run(&c);
}

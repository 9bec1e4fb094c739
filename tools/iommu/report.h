/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a command has to say: sections of items.  An item is one sentence for people
 * and fields for programs; text prints the sentences, JSON both.
 */
#ifndef VTD_REPORT_H
#define VTD_REPORT_H

#include <stdbool.h>
#include <stdio.h>
#include <linux/types.h>

/* Exit status of every command; the larger one counts */
#define VTD_EXIT_GOOD		0	/* nothing to do */
#define VTD_EXIT_ATTENTION	1	/* works, and something deserves a look */
#define VTD_EXIT_OFF		2	/* does not translate */
#define VTD_EXIT_UNKNOWN	3	/* too little could be read to say */
#define VTD_EXIT_USAGE		64	/* the command line is wrong */

struct report {
	FILE *out;
	bool json;
	bool open_section;
	bool open_item;
	unsigned int sections;
	unsigned int items;
	int status;
};

void report_begin(struct report *r, FILE *out, bool json, const char *command);
void report_section(struct report *r, const char *key, const char *title);
__attribute__((format(printf, 2, 3)))
void report_item(struct report *r, const char *fmt, ...);
void report_text(struct report *r, const char *key, const char *value);
void report_hex(struct report *r, const char *key, u64 value);
void report_number(struct report *r, const char *key, u64 value);
void report_flag(struct report *r, const char *key, bool value);
void report_status(struct report *r, int status);
int report_end(struct report *r);

/* Bytes of a log on a terminal or in JSON: nothing but what can be shown */
void report_put_json(FILE *out, const char *text);

#endif /* VTD_REPORT_H */

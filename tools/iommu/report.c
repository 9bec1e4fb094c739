// SPDX-License-Identifier: GPL-2.0
/* Printing a report, for people or for programs. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "report.h"

/**
 * report_put_json - a string of JSON
 * @out: where to
 * @text: any bytes; one outside of printable ASCII is taken for Latin-1
 */
void report_put_json(FILE *out, const char *text)
{
	const unsigned char *p;

	fputc('"', out);
	for (p = (const unsigned char *)text; *p; p++) {
		if (*p == '"' || *p == '\\')
			fprintf(out, "\\%c", *p);
		else if (*p < ' ' || *p > '~')
			fprintf(out, "\\u%04x", *p);
		else
			fputc(*p, out);
	}
	fputc('"', out);
}

/* What came from firmware or a log must not command the terminal */
static void put_plain(FILE *out, const char *text)
{
	const unsigned char *p;

	for (p = (const unsigned char *)text; *p; p++)
		fputc(*p < ' ' || *p > '~' ? '?' : *p, out);
}

/**
 * report_begin - start
 * @r: the report
 * @out: where to
 * @json: for programs
 * @command: its name
 */
void report_begin(struct report *r, FILE *out, bool json, const char *command)
{
	*r = (struct report) { .out = out, .json = json };
	if (json) {
		fputs("{\"command\": ", out);
		report_put_json(out, command);
		fputs(", \"sections\": {", out);
	}
}

static void close_item(struct report *r)
{
	if (r->open_item && r->json)
		fputc('}', r->out);
	r->open_item = false;
}

static void close_section(struct report *r)
{
	close_item(r);
	if (r->open_section && r->json)
		fputc(']', r->out);
	r->open_section = false;
}

/**
 * report_section - items that follow belong here
 * @r: the report
 * @key: for programs, once in a report
 * @title: for people
 */
void report_section(struct report *r, const char *key, const char *title)
{
	close_section(r);
	if (r->json) {
		fprintf(r->out, "%s\n  ", r->sections ? "," : "");
		report_put_json(r->out, key);
		fputs(": [", r->out);
	} else {
		fprintf(r->out, "%s%s\n", r->sections ? "\n" : "", title);
	}
	r->sections++;
	r->items = 0;
	r->open_section = true;
}

/**
 * report_item - one sentence; its fields follow
 * @r: the report, in a section
 * @fmt: as printf; any length
 */
void report_item(struct report *r, const char *fmt, ...)
{
	va_list args;
	char *text;
	int n;

	va_start(args, fmt);
	n = vasprintf(&text, fmt, args);
	va_end(args);
	if (n < 0)
		return;
	close_item(r);
	if (r->json) {
		fprintf(r->out, "%s\n    {\"text\": ", r->items ? "," : "");
		report_put_json(r->out, text);
	} else {
		fputs("  ", r->out);
		put_plain(r->out, text);
		fputc('\n', r->out);
	}
	free(text);
	r->items++;
	r->open_item = true;
}

static bool field(struct report *r, const char *key)
{
	if (!r->json || !r->open_item)
		return false;
	fputs(", ", r->out);
	report_put_json(r->out, key);
	fputs(": ", r->out);
	return true;
}

/**
 * report_text - a field of the last item
 * @r: the report
 * @key: its name
 * @value: NULL is null
 */
void report_text(struct report *r, const char *key, const char *value)
{
	if (!field(r, key))
		return;
	if (value)
		report_put_json(r->out, value);
	else
		fputs("null", r->out);
}

/**
 * report_hex - a field that is an address: a string, numbers of JSON have 53 bits
 * @r: the report
 * @key: its name
 * @value: the address
 */
void report_hex(struct report *r, const char *key, u64 value)
{
	if (field(r, key))
		fprintf(r->out, "\"0x%llx\"", (unsigned long long)value);
}

/**
 * report_number - a field that is a number
 * @r: the report
 * @key: its name
 * @value: below 2^53
 */
void report_number(struct report *r, const char *key, u64 value)
{
	if (field(r, key))
		fprintf(r->out, "%llu", (unsigned long long)value);
}

/**
 * report_flag - a field that is true or false
 * @r: the report
 * @key: its name
 * @value: which
 */
void report_flag(struct report *r, const char *key, bool value)
{
	if (field(r, key))
		fputs(value ? "true" : "false", r->out);
}

/**
 * report_status - what the exit status has to tell
 * @r: the report
 * @status: VTD_EXIT_*; the largest one counts
 */
void report_status(struct report *r, int status)
{
	if (status > r->status)
		r->status = status;
}

/**
 * report_end - finish
 * @r: the report
 *
 * Return: the exit status.
 */
int report_end(struct report *r)
{
	close_section(r);
	if (r->json)
		fprintf(r->out, "\n}, \"status\": %d}\n", r->status);
	return r->status;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * The shapes, newest first; a prefix of any kind may stand in front:
 *
 *	DMAR: [DMA Read NO_PASID] Request device [00:02.0] fault addr 0x1000 [fault reason 0x06]
 *	DMAR: [DMA Read] Request device [02:00.0] PASID 0 fault addr 1000 [fault reason 06]
 *	DMAR:[DMA Read] Request device [02:00.0] fault addr 1000
 *	DMAR:[fault reason 06] ...
 *	INTR-REMAP: Request device [[f0:1f.0] fault index 22
 *	INTR-REMAP:[fault reason 38] ...
 *
 * A reason without 0x is decimal there, an address hexadecimal.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "faultline.h"

static bool parse_address(const char *text, u32 *segment, u8 *bus, u8 *devfn)
{
	unsigned int s, b, d, f;

	if (sscanf(text, "%8x:%2x:%2x.%1x", &s, &b, &d, &f) != 4) {
		s = 0;
		if (sscanf(text, "%2x:%2x.%1x", &b, &d, &f) != 3)
			return false;
	}
	if (d > 31 || f > 7)
		return false;
	*segment = s;
	*bus = b;
	*devfn = d << 3 | f;
	return true;
}

/* hh:hh.h at @p, with nothing in front or behind that would make it something else */
static bool is_short(const char *p)
{
	return isxdigit(p[0]) && isxdigit(p[1]) && p[2] == ':' && isxdigit(p[3]) &&
	       isxdigit(p[4]) && p[5] == '.' && p[6] >= '0' && p[6] <= '7' && !isalnum(p[7]);
}

/**
 * fault_line_device - the first PCI address in a line
 * @line: any text
 * @segment: PCI domain, 0 if not told
 * @bus: bus
 * @devfn: device and function
 *
 * Times of day look similar: an address has a dot and one digit of function.
 */
bool fault_line_device(const char *line, u32 *segment, u8 *bus, u8 *devfn)
{
	const char *p, *start;

	for (p = line; *p; p++) {
		if (strnlen(p, 7) < 7)
			return false;
		if (!is_short(p))
			continue;
		start = p;
		if (p - line >= 5 && p[-1] == ':')
			for (start = p - 1; start > line && p - start < 9 && isxdigit(start[-1]);)
				start--;
		/* A colon without a domain in front belongs to something else */
		if (p > line && p[-1] == ':' && p - start < 5)
			start = p;
		if (start == p && p > line && (isalnum(p[-1]) || p[-1] == '.'))
			continue;
		if (parse_address(start, segment, bus, devfn))
			return true;
	}
	return false;
}

static void parse_reason(struct fault_line *f, const char *text)
{
	char *end;
	unsigned long reason = strtoul(text, &end, text[0] == '0' && text[1] == 'x' ? 16 : 10);

	f->has_reason = end != text && reason <= 0xff;
	f->reason = f->has_reason ? reason : 0;
}

/**
 * fault_line_parse - is a line about a fault, and what does it say
 * @f: filled
 * @line: any text
 */
bool fault_line_parse(struct fault_line *f, const char *line)
{
	const char *device = strstr(line, "Request device ["), *at;

	*f = (struct fault_line) { 0 };
	f->interrupt = strstr(line, "INTR-REMAP");
	f->write = strstr(line, "DMA Write") || strstr(line, "DMA Atomic");
	if (device) {
		device += strlen("Request device [");
		device += *device == '[';
		f->has_device = parse_address(device, &f->segment, &f->bus, &f->devfn);
		at = strstr(device, f->interrupt ? "fault index " : "fault addr ");
		if (at)
			f->address = strtoull(at + (f->interrupt ? 12 : 11), NULL, 16);
	}
	at = strstr(line, "[fault reason ");
	if (at)
		parse_reason(f, at + strlen("[fault reason "));
	return f->has_device || f->has_reason;
}

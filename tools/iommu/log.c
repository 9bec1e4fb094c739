// SPDX-License-Identifier: GPL-2.0
/*
 * The lines that the driver's log would have, without time and level.  The driver's
 * pure code tells its complaints to a function without context, so this file keeps
 * for whom it listens.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"

/* As acpi/firmware.c has it */
#define COMPLAINTS_MAX	64u

static struct machine *listener;

/**
 * machine_listen - whose log it is from here on
 * @m: the machine; NULL: what is said is dropped
 */
void machine_listen(struct machine *m)
{
	listener = m;
}

/**
 * machine_log - a line of the log
 * @fmt: as printf, without newline
 */
void machine_log(const char *fmt, ...)
{
	va_list args;
	char *text;
	int n;

	if (!listener || listener->lines == MACHINE_LINES)
		return;
	va_start(args, fmt);
	n = vasprintf(&text, fmt, args);
	va_end(args);
	if (n >= 0)
		listener->line[listener->lines++] = text;
}

/**
 * machine_say - a line about an option
 * @line: without "DMAR: "
 */
void machine_say(const char *line)
{
	machine_log("DMAR: %s", line);
}

/* Not a mistake of firmware, as acpi/firmware.c has it */
static bool is_mistake(enum vtd_defect defect)
{
	return defect != VTD_ENTRY_UNKNOWN && defect != VTD_SCOPE_UNKNOWN &&
	       defect != VTD_SECOND_TABLE;
}

static bool may_tell(void)
{
	if (!listener)
		return false;
	listener->defects++;
	if (listener->defects == COMPLAINTS_MAX + 1)
		machine_log("DMAR: firmware has more defects, not shown");
	return listener->defects <= COMPLAINTS_MAX;
}

/**
 * machine_complain - a defect of firmware's table
 * @c: what is wrong and where
 */
void machine_complain(const struct vtd_complaint *c)
{
	if (may_tell())
		machine_log("DMAR: %s%s at offset 0x%x: %s (0x%llx): %s. Machine: %s",
			    is_mistake(c->defect) ? "[Firmware Bug]: " : "",
			    vtd_table_type_name(c->type), c->offset,
			    vtd_defect_text(c->defect), (unsigned long long)c->value,
			    vtd_defect_remedy(c->defect), listener->name);
}

/**
 * machine_complain_unit - a defect of a unit, wherever it is declared
 * @defect: what is wrong
 * @base: its register base
 */
void machine_complain_unit(enum vtd_defect defect, u64 base)
{
	if (may_tell())
		machine_log("DMAR: [Firmware Bug]: unit at 0x%llx: %s: %s. Machine: %s",
			    (unsigned long long)base, vtd_defect_text(defect),
			    vtd_defect_remedy(defect), listener->name);
}

// SPDX-License-Identifier: GPL-2.0
/* Everything that is read of a machine, and nothing that follows from it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"

#define TABLES	"/sys/firmware/acpi/tables"

/* MADT: fixed part, then entries of type, length, ... (ACPI, section 5.2.12) */
#define MADT_FIXED	44u
#define MADT_IOAPIC	1u
#define MADT_IOAPIC_SIZE	12u

static void read_table(struct machine *m, const char *file)
{
	size_t size;
	void *second;

	if (file) {
		m->table = source_file(file, &m->table_size);
		m->table_error = m->table ? 0 : errno;
		return;
	}
	/* Two tables of a name get numbers */
	m->table = source_read(&m->source, &m->table_size, TABLES "/DMAR");
	if (!m->table && errno == ENOENT) {
		m->table = source_read(&m->source, &m->table_size, TABLES "/DMAR1");
		second = source_read(&m->source, &size, TABLES "/DMAR2");
		m->second_table = second;
		free(second);
	}
	m->table_error = m->table ? 0 : errno;
}

static void read_madt(struct machine *m, const char *file)
{
	size_t size = 0, at;
	u8 *bytes;

	bytes = file ? source_file(file, &size) :
		       source_read(&m->source, &size, TABLES "/APIC");
	if (!bytes)
		return;
	m->has_madt = size >= MADT_FIXED && !memcmp(bytes, "APIC", 4);
	for (at = MADT_FIXED; m->has_madt && at + 2 <= size; at += bytes[at + 1]) {
		if (bytes[at + 1] < 2 || at + bytes[at + 1] > size)
			break;
		if (bytes[at] == MADT_IOAPIC && bytes[at + 1] >= MADT_IOAPIC_SIZE &&
		    m->ioapics < MACHINE_IOAPICS)
			m->ioapic[m->ioapics++] = bytes[at + 2];
	}
	free(bytes);
}

static enum e820_type type_of(const char *word)
{
	if (!strcmp(word, "System RAM"))
		return E820_TYPE_RAM;
	if (!strcasecmp(word, "Reserved"))
		return E820_TYPE_RESERVED;
	if (!strcmp(word, "ACPI Tables"))
		return E820_TYPE_ACPI;
	if (!strcmp(word, "ACPI Non-volatile Storage"))
		return E820_TYPE_NVS;
	return E820_TYPE_OTHER;
}

static int by_address(const void *a, const void *b)
{
	const struct e820_entry *x = a, *y = b;

	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

static void read_map(struct machine *m)
{
	struct names names;
	char type[64];
	u64 start, end;
	unsigned int i;

	source_list(&m->source, "/sys/firmware/memmap", &names);
	for (i = 0; i < names.count && m->map.nr_entries < E820_SHIM_MAX; i++) {
		const char *name = names.name[i];

		if (!source_number(&m->source, &start, "/sys/firmware/memmap/%s/start", name) ||
		    !source_number(&m->source, &end, "/sys/firmware/memmap/%s/end", name) ||
		    !source_line(&m->source, type, sizeof(type),
				 "/sys/firmware/memmap/%s/type", name) || end < start)
			continue;
		m->map.entries[m->map.nr_entries++] = (struct e820_entry) {
			.addr = start, .size = end - start + 1, .type = type_of(type),
		};
	}
	source_free(&names);
	m->has_map = m->map.nr_entries;
	qsort(m->map.entries, m->map.nr_entries, sizeof(m->map.entries[0]), by_address);
}

/**
 * machine_reserve - what memmap= reserves is not in the map that firmware gave
 * @m: its command line is known
 */
void machine_reserve(struct machine *m)
{
	const struct cmdline *c = &m->cmdline;
	unsigned int i;

	for (i = 0; m->has_map && i < c->reserved_count && m->map.nr_entries < E820_SHIM_MAX; i++)
		m->map.entries[m->map.nr_entries++] = (struct e820_entry) {
			.addr = c->reserved[i].start, .size = c->reserved[i].size,
			.type = E820_TYPE_RESERVED,
		};
	qsort(m->map.entries, m->map.nr_entries, sizeof(m->map.entries[0]), by_address);
}

/* The value of "key\t: value" in /proc/cpuinfo, of the first processor */
static const char *cpu_value(const char *text, const char *key)
{
	const char *p = text;
	size_t len = strlen(key);

	while (p && *p) {
		if (!strncmp(p, key, len) && (p[len] == '\t' || p[len] == ':')) {
			p = strchr(p, ':');
			return p && p[1] ? p + 2 : NULL;
		}
		p = strchr(p, '\n');
		p = p ? p + 1 : NULL;
	}
	return NULL;
}

static bool has_word(const char *line, const char *word)
{
	size_t len = strlen(word);
	const char *p = line, *end = line + strcspn(line, "\n");

	while ((p = strstr(p, word)) && p < end) {
		if (p > line && p[-1] == ' ' && (p[len] == ' ' || p[len] == '\n' || !p[len]))
			return true;
		p += len;
	}
	return false;
}

static void read_cpu(struct machine *m)
{
	const char *value;
	size_t size;
	char *text = source_read(&m->source, &size, "/proc/cpuinfo");

	m->phys_bits = VTD_PHYS_BITS_MAX;
	if (!text)
		return;
	value = cpu_value(text, "address sizes");
	if (value && atoi(value) >= 32 && atoi(value) <= VTD_PHYS_BITS_MAX) {
		m->phys_bits = atoi(value);
		m->has_cpu = true;
	}
	value = cpu_value(text, "vendor_id");
	if (value && !strncmp(value, "GenuineIntel", 12)) {
		value = cpu_value(text, "cpu family");
		m->family = value ? atoi(value) : 0;
		value = cpu_value(text, "model");
		m->model = value ? atoi(value) : 0;
	}
	value = cpu_value(text, "flags");
	m->x2apic = value && has_word(value, "x2apic");
	free(text);
}

static void read_name(struct machine *m)
{
	static const char * const file[] = {
		"sys_vendor", "product_name", "bios_vendor", "bios_version",
	};
	char word[4][64];
	unsigned int i;

	for (i = 0; i < 4; i++)
		if (!source_line(&m->source, word[i], sizeof(word[i]),
				 "/sys/class/dmi/id/%s", file[i]) || !word[i][0])
			strcpy(word[i], "?");
	snprintf(m->name, sizeof(m->name), "%s %s, BIOS %s %s", word[0], word[1], word[2],
		 word[3]);
}

/**
 * machine_read - read what a machine tells of itself
 * @m: its source is set, all else is zero
 * @table: file with the DMAR table; NULL: the machine's
 * @madt: file with the MADT; NULL: the machine's
 */
void machine_read(struct machine *m, const char *table, const char *madt)
{
	read_table(m, table);
	read_madt(m, madt);
	read_map(m);
	read_cpu(m);
	read_name(m);
	pci_read(&m->pci, &m->source);
}

static void know(struct machine *m, u64 base, u32 version, u64 cap, u64 ecap)
{
	unsigned int i;

	for (i = 0; i < m->units; i++) {
		struct unit *unit = &m->unit[i];

		if (unit->base != base || unit->known)
			continue;
		unit->known = true;
		unit->version = version;
		unit->cap = cap;
		unit->ecap = ecap;
	}
}

static u32 parse_version(const char *text)
{
	unsigned int major, minor;

	if (sscanf(text, "%u:%u", &major, &minor) != 2)
		return 0;
	return (major & 0xf) << 4 | (minor & 0xf);
}

/* Both drivers print a unit's registers in this shape, also where it stays off */
static void registers_of_log(struct machine *m, char *log)
{
	unsigned long long base, cap, ecap;
	unsigned int major, minor;
	char *line, *next;

	for (line = log; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		line = strstr(line, "reg_base_addr ");
		if (line && sscanf(line, "reg_base_addr %llx ver %u:%u cap %llx ecap %llx",
				   &base, &major, &minor, &cap, &ecap) == 5)
			know(m, base, (major & 0xf) << 4 | (minor & 0xf), cap, ecap);
	}
}

/**
 * machine_registers - find out what the units' registers read
 * @m: its units are known
 * @dmesg: file with a kernel log, or NULL
 *
 * From sysfs, where the driver that runs uses the unit, and from the log.
 */
void machine_registers(struct machine *m, const char *dmesg)
{
	struct names names;
	char line[4][64], *log;
	unsigned int i;
	size_t size;

	source_list(&m->source, "/sys/class/iommu", &names);
	for (i = 0; i < names.count; i++) {
		static const char * const file[] = { "address", "version", "cap", "ecap" };
		unsigned int k, got = 0;

		for (k = 0; k < 4; k++)
			got += source_line(&m->source, line[k], sizeof(line[k]),
					   "/sys/class/iommu/%s/intel-iommu/%s",
					   names.name[i], file[k]);
		if (got == 4)
			know(m, strtoull(line[0], NULL, 16), parse_version(line[1]),
			     strtoull(line[2], NULL, 16), strtoull(line[3], NULL, 16));
	}
	source_free(&names);
	log = dmesg ? source_file(dmesg, &size) : NULL;
	if (log)
		registers_of_log(m, log);
	free(log);
}

/**
 * machine_free - give everything back
 * @m: the machine
 */
void machine_free(struct machine *m)
{
	unsigned int i;

	for (i = 0; i < m->units; i++)
		free(m->unit[i].scopes.scope);
	for (i = 0; i < m->regions; i++)
		free(m->region[i].scopes.scope);
	for (i = 0; i < m->lines; i++)
		free(m->line[i]);
	free(m->table);
	pci_free(&m->pci);
}

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A machine as the driver would find it: firmware's table, units, reserved regions,
 * PCI devices, and which of them belong together.
 */
#ifndef VTD_MACHINE_H
#define VTD_MACHINE_H

#include <stdbool.h>
#include <linux/types.h>
#include <asm/e820/api.h>

#include "acpi/path.h"
#include "acpi/table.h"
#include "cmdline.h"
#include "pci.h"
#include "source.h"
#include "unit/caps.h"

#define MACHINE_UNITS	512u
#define MACHINE_REGIONS	512u
#define MACHINE_LINES	1024u
#define MACHINE_IOAPICS	256u

/**
 * struct scopes - the devices that one structure names
 * @count: of @scope
 * @scope: each
 * @cut: there are more, which cannot be read
 */
struct scopes {
	unsigned int count;
	struct dmar_dev_scope *scope;
	bool cut;
};

/**
 * struct unit - one remapping unit
 * @base: physical address of its registers
 * @segment: PCI segment
 * @include_all: it serves all devices that no other unit names
 * @from_user: intel_iommu.drhd= declares it
 * @off: it will not be used
 * @unusable: not for interrupts either
 * @why_off: phrase
 * @graphics: it serves graphics only
 * @known: @version, @cap and @ecap are what its registers read
 * @version: VER
 * @cap: CAP
 * @ecap: ECAP
 * @caps: decoded, after errata
 * @name: as the driver will call it, "" if it cannot be mapped
 * @devices: PCI devices that it serves
 * @scopes: what firmware names
 */
struct unit {
	u64 base;
	u16 segment;
	bool include_all;
	bool from_user;
	bool off;
	bool unusable;
	const char *why_off;
	bool graphics;
	bool known;
	u32 version;
	u64 cap;
	u64 ecap;
	struct vtd_caps caps;
	char name[16];
	unsigned int devices;
	struct scopes scopes;
};

/**
 * struct region - memory that firmware shares with a device
 * @base: first byte
 * @end: last byte
 * @segment: PCI segment
 * @index: number of the structure; not for one of the user's
 * @from_user: intel_iommu.rmrr= declares it
 * @scopes: who
 */
struct region {
	u64 base;
	u64 end;
	u16 segment;
	unsigned int index;
	bool from_user;
	struct scopes scopes;
};

/**
 * struct machine - all of it
 * @source: where it is read from
 * @cmdline: under which options
 * @pci: its devices
 * @table: firmware's table, as file
 * @table_size: in bytes
 * @dmar: opened
 * @has_table: it could be
 * @table_error: errno if the file could not be read
 * @second_table: there is another one
 * @units: of @unit
 * @unit: each
 * @usable: there is one among them that may be brought up, for all that the table says
 * @regions: of @region
 * @region: each
 * @ioapics: of @ioapic
 * @ioapic: ids that the MADT has
 * @has_madt: it could be read
 * @map: memory map
 * @has_map: it could be read
 * @phys_bits: bits of address that the CPU has; 52 if not known
 * @family: of the processor, 0 if not Intel's
 * @model: of the processor
 * @x2apic: the processor has it
 * @has_cpu: the three above are known
 * @lines: of @line
 * @line: what the driver's log would say
 * @defects: complaints about firmware
 * @name: "vendor product, BIOS vendor version"
 */
struct machine {
	struct source source;
	struct cmdline cmdline;
	struct pci pci;
	u8 *table;
	size_t table_size;
	struct vtd_table dmar;
	bool has_table;
	int table_error;
	bool second_table;
	unsigned int units;
	struct unit unit[MACHINE_UNITS];
	bool usable;
	unsigned int regions;
	struct region region[MACHINE_REGIONS];
	unsigned int ioapics;
	u8 ioapic[MACHINE_IOAPICS];
	bool has_madt;
	struct e820_table map;
	bool has_map;
	u8 phys_bits;
	u8 family;
	u8 model;
	bool x2apic;
	bool has_cpu;
	unsigned int lines;
	char *line[MACHINE_LINES];
	unsigned int defects;
	char name[320];
};

/* log.c: what the driver would say */
void machine_say(const char *line);
__attribute__((format(printf, 1, 2)))
void machine_log(const char *fmt, ...);
void machine_complain(const struct vtd_complaint *complaint);
void machine_complain_unit(enum vtd_defect defect, u64 base);
void machine_listen(struct machine *m);

/* facts.c: what is read of it */
void machine_read(struct machine *m, const char *table, const char *madt);
void machine_reserve(struct machine *m);
void machine_registers(struct machine *m, const char *dmesg);

/* build.c: what firmware's table makes of it */
void machine_build(struct machine *m);

/* serve.c: who serves whom */
void machine_settle(struct machine *m);
struct unit *machine_unit_of(struct machine *m, const struct pci_function *f);
bool machine_scopes_hold(const struct machine *m, const struct scopes *scopes, u16 segment,
			 const struct pci_function *f);

void machine_free(struct machine *m);

#endif /* VTD_MACHINE_H */

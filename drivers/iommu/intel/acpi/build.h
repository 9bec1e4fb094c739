/* SPDX-License-Identifier: GPL-2.0 */
/* Filling the lists: from firmware's table, from the user, from host bridges. */
#ifndef VTD_ACPI_BUILD_H
#define VTD_ACPI_BUILD_H

#include <linux/types.h>

struct vtd_table;

/**
 * struct dmar_override - a unit the user declared with intel_iommu.drhd=
 * @base: register base address
 * @segment: PCI segment
 */
struct dmar_override {
	u64 base;
	u16 segment;
};

/* Firmware's table: phase 2 if interrupts are remapped, else phase 5 */
int dmar_table_init(const struct dmar_override *override, unsigned int count);
void dmar_table_exit(void);

/* Inside acpi/ and for its tests: the lists from any bytes */
int vtd_inventory_build(const void *bytes, u32 size,
			const struct dmar_override *override, unsigned int count);
void vtd_inventory_clear(void);
const struct vtd_table *vtd_inventory_table(void);
int vtd_inventory_add(const struct vtd_table *table, u16 type, const void *host);

#endif /* VTD_ACPI_BUILD_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Inside acpi/ and for its tests: making the lists and filling them. */
#ifndef VTD_ACPI_BUILD_H
#define VTD_ACPI_BUILD_H

#include <linux/types.h>

#include "acpi/inventory.h"
#include "acpi/table.h"

struct device;

/* inventory.c: the lists from any bytes */
int vtd_inventory_build(const void *bytes, u32 size,
			const struct dmar_override *override, unsigned int count);
void vtd_inventory_clear(void);
const struct vtd_table *vtd_inventory_table(void);
int vtd_inventory_add(const struct vtd_table *table, const void *host);

/* host.c */
union acpi_object *vtd_host_evaluate(void *host, unsigned int function);

/* judge.c: the unit is not in the list yet; the lock is held */
enum vtd_defect vtd_inventory_judge(struct dmar_drhd_unit *unit);
bool vtd_inventory_usable(void);

/* scope.c */
int dmar_alloc_dev_scope(const struct vtd_scope_cursor *cursor, u16 segment,
			 struct dmar_scopes *scopes);
void vtd_scopes_free(struct dmar_scopes *scopes);
void vtd_scopes_bind_name(struct device *dev, u8 number, const char *name);

#endif /* VTD_ACPI_BUILD_H */

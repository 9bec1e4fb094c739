/* SPDX-License-Identifier: GPL-2.0 */
/* Which unit serves a device, and under which requester id. */
#ifndef VTD_ACPI_LOOKUP_H
#define VTD_ACPI_LOOKUP_H

#include <linux/types.h>

struct device;
struct dmar_drhd_unit;
struct dmar_scopes;

struct dmar_drhd_unit *dmar_find_dmaru(struct device *dev, u8 *bus, u8 *devfn);
bool dmar_scopes_contain(const struct dmar_scopes *scopes, u16 segment,
			 struct device *dev);

#endif /* VTD_ACPI_LOOKUP_H */

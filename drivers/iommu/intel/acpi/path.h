/* SPDX-License-Identifier: GPL-2.0 */
/* From the path of a device scope to bus, device and function.  Pure. */
#ifndef VTD_ACPI_PATH_H
#define VTD_ACPI_PATH_H

#include <linux/types.h>

#include "acpi/inventory.h"

/* Bus behind the bridge at @bus, @devfn: 0 .. 255, or -errno if there is none */
typedef int (*vtd_secondary_fn)(void *context, u8 bus, u8 devfn);

int vtd_path_resolve(const struct dmar_dev_scope *scope, vtd_secondary_fn secondary,
		     void *context, u8 *bus, u8 *devfn);

#endif /* VTD_ACPI_PATH_H */

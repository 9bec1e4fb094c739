/* SPDX-License-Identifier: GPL-2.0 */
/* Getting firmware's table, and the one way to complain about it. */
#ifndef VTD_ACPI_FIRMWARE_H
#define VTD_ACPI_FIRMWARE_H

#include <linux/types.h>

#include "acpi/table.h"

void *vtd_firmware_copy(u32 *size);
void vtd_firmware_complain(const struct vtd_complaint *complaint);
void vtd_firmware_complain_unit(enum vtd_defect defect, u64 base);
const char *dmar_machine(void);		/* "vendor product, BIOS version", for complaints */

#endif /* VTD_ACPI_FIRMWARE_H */

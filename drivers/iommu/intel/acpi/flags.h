/* SPDX-License-Identifier: GPL-2.0 */
/* What the header of firmware's table says. */
#ifndef VTD_ACPI_FLAGS_H
#define VTD_ACPI_FLAGS_H

#include <linux/types.h>

u8 dmar_host_address_width(void);
bool dmar_firmware_opted_in(void);	/* DMAR_PLATFORM_OPT_IN */
bool dmar_firmware_opted_out(void);	/* DMAR_REMAP_OPT_OUT */
bool dmar_firmware_remaps_interrupts(void);
bool dmar_firmware_x2apic_opt_out(void);

#endif /* VTD_ACPI_FLAGS_H */

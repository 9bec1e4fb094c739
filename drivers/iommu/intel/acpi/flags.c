// SPDX-License-Identifier: GPL-2.0
/* What the header of firmware's table says. */
#include <linux/dmar.h>
#include <linux/export.h>

#include "acpi/build.h"
#include "acpi/flags.h"
#include "acpi/table.h"

/**
 * dmar_host_address_width - bits of physical address, as firmware says
 *
 * Context: any, after dmar_table_init().
 * Return: 32 to 52; 0 if there is no table.
 */
u8 dmar_host_address_width(void)
{
	return vtd_inventory_table()->width;
}

/**
 * dmar_firmware_opted_in - firmware asks for DMA protection of external ports
 *
 * Context: any, after dmar_table_init(); false before.
 */
bool dmar_firmware_opted_in(void)
{
	return vtd_inventory_table()->flags & VTD_TABLE_OPT_IN;
}

/**
 * dmar_firmware_opted_out - firmware forbids to remap DMA on this machine
 *
 * Context: any, after dmar_table_init(); false before, and without a table.
 */
bool dmar_firmware_opted_out(void)
{
	return vtd_inventory_table()->flags & VTD_TABLE_OPT_OUT;
}

/**
 * dmar_firmware_remaps_interrupts - firmware says that the machine can
 *
 * Context: any, after dmar_table_init(); false before, and without a table.
 */
bool dmar_firmware_remaps_interrupts(void)
{
	return vtd_inventory_table()->flags & VTD_TABLE_INTR_REMAP;
}

/**
 * dmar_firmware_x2apic_opt_out - firmware asks not to use x2apic mode
 *
 * Context: any, after dmar_table_init(); false before.
 */
bool dmar_firmware_x2apic_opt_out(void)
{
	return vtd_inventory_table()->flags & VTD_TABLE_X2APIC_OPT_OUT;
}

/**
 * dmar_platform_optin - dmar_firmware_opted_in() for the rest of the kernel
 *
 * Context: any, after rootfs_initcall; false before.
 */
bool dmar_platform_optin(void)
{
	return dmar_firmware_opted_in();
}
EXPORT_SYMBOL_GPL(dmar_platform_optin);

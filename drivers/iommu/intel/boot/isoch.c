// SPDX-License-Identifier: GPL-2.0
/*
 * Isochronous sound on the Tylersburg chipset (Xeon 5500, 2009).  Its DMA has a
 * unit to itself whose TLB must be given entries by firmware.  With none, a
 * page walk stalls the isochronous channel for good; so the device must not
 * be walked for.
 */
#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/pci.h>
#include <linux/printk.h>

#include "acpi/firmware.h"
#include "boot/verdict.h"

#define SYSTEM_DEVICE	0x342e		/* system management registers of the hub */
#define VTISOCHCTRL	0x188
#define SHARED_UNIT	0x01u		/* sound goes through the common unit */
#define TLB_ENTRIES	0x1cu
#define TLB_RECOMMENDED	0x10u

/**
 * vtd_isoch_needs_identity - must the sound device keep physical addresses
 *
 * Context: late init, PCI is enumerated.
 */
bool __init vtd_isoch_needs_identity(void)
{
	struct pci_dev *sound, *hub;
	u32 ctrl = ~0u;

	sound = pci_get_device(PCI_VENDOR_ID_INTEL, VTD_ISOCH_SOUND, NULL);
	if (!sound)
		return false;
	pci_dev_put(sound);
	hub = pci_get_device(PCI_VENDOR_ID_INTEL, SYSTEM_DEVICE, NULL);
	if (!hub)
		return false;
	if (pci_read_config_dword(hub, VTISOCHCTRL, &ctrl))
		ctrl = ~0u;
	pci_dev_put(hub);

	if (ctrl == ~0u || ctrl & SHARED_UNIT)
		return false;
	ctrl &= TLB_ENTRIES;
	if (ctrl && ctrl < TLB_RECOMMENDED)
		pr_warn("firmware gave the sound unit %u TLB entries, %u are needed for smooth sound; %s\n",
			ctrl, TLB_RECOMMENDED, dmar_machine());
	if (!ctrl)
		pr_warn("firmware gave the sound unit no TLB entry: the sound device keeps physical addresses; %s\n",
			dmar_machine());
	return !ctrl;
}

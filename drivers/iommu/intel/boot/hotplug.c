// SPDX-License-Identifier: GPL-2.0
/*
 * PCI devices that come and go.  The inventory learns of them before the
 * core does: its notifier runs earlier.
 */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/device/bus.h>
#include <linux/dmar.h>
#include <linux/notifier.h>
#include <linux/pci.h>
#include <linux/printk.h>

#include "acpi/inventory.h"
#include "boot/hotplug.h"

/* The core's notifier has priority 0; ours must run before it on the way in */
#define VTD_HOTPLUG_PRIORITY	1

static int vtd_hotplug_notify(struct notifier_block *nb, unsigned long action,
			      void *data)
{
	struct pci_dev *pdev = to_pci_dev(data);
	int ret;

	/* Virtual functions follow their physical function, never a scope */
	if (pdev->is_virtfn)
		return NOTIFY_DONE;

	switch (action) {
	case BUS_NOTIFY_ADD_DEVICE:
		ret = dmar_pci_bus_add_dev(pdev);
		if (ret)
			pci_warn(pdev, "not matched with the DMAR table (%d)\n", ret);
		return NOTIFY_OK;
	case BUS_NOTIFY_REMOVED_DEVICE:
		dmar_pci_bus_del_dev(pdev);
		return NOTIFY_OK;
	default:
		return NOTIFY_DONE;
	}
}

static struct notifier_block vtd_hotplug_nb = {
	.notifier_call = vtd_hotplug_notify,
	.priority = VTD_HOTPLUG_PRIORITY,
};

/**
 * vtd_hotplug_init - follow the PCI bus from now on
 *
 * Late init has seen every device that is there already.
 */
void __init vtd_hotplug_init(void)
{
	bus_register_notifier(&pci_bus_type, &vtd_hotplug_nb);
}

int dmar_device_add(acpi_handle handle)
{
	return 0;
}

int dmar_device_remove(acpi_handle handle)
{
	return 0;
}

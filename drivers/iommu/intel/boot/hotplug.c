// SPDX-License-Identifier: GPL-2.0
/*
 * Devices and units that come and go.
 *
 * PCI devices: the inventory learns of them before the core does, its notifier
 * runs earlier.  Host bridges with units of their own: the units are up before
 * the first device behind them is found.
 */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/device/bus.h>
#include <linux/dmar.h>
#include <linux/iommu.h>
#include <linux/notifier.h>
#include <linux/pci.h>
#include <linux/printk.h>

#include "acpi/devices.h"
#include "acpi/host.h"
#include "acpi/inventory.h"
#include "acpi/lookup.h"
#include "boot/hotplug.h"
#include "boot/map.h"
#include "boot/remap.h"
#include "boot/start.h"
#include "boot/verdict.h"
#include "device/device.h"
#include "device/quarantine.h"
#include "irq/ir_domain.h"
#include "unit/unit.h"

/* The core's notifier has priority 0; ours must run before it on the way in */
#define VTD_HOTPLUG_PRIORITY	1

/* Probed by us: another driver's IOMMUs may be in the machine */
static bool hotplug_is_ours(const struct device *dev)
{
	return dev->iommu && dev->iommu->iommu_dev &&
	       dev->iommu->iommu_dev->ops == vtd_start_ops;
}

static int hotplug_notify(struct notifier_block *nb, unsigned long action,
			  void *data)
{
	struct pci_dev *pdev = to_pci_dev(data);
	int ret;

	if (action == BUS_NOTIFY_BIND_DRIVER) {
		if (hotplug_is_ours(&pdev->dev))
			vtd_quarantine_end(vtd_device_of(&pdev->dev));
		return NOTIFY_OK;
	}

	/* Virtual functions follow their physical function, never a scope */
	if (pdev->is_virtfn) {
		if (action == BUS_NOTIFY_ADD_DEVICE)
			vtd_ir_add_device(pdev);
		return NOTIFY_DONE;
	}

	switch (action) {
	case BUS_NOTIFY_ADD_DEVICE:
		ret = dmar_pci_bus_add_dev(pdev);
		if (ret)
			pci_warn(pdev, "not matched with the DMAR table (%d)\n", ret);
		vtd_ir_add_device(pdev);
		if (intel_iommu_enabled)
			vtd_start_name_device(pdev);
		return NOTIFY_OK;
	case BUS_NOTIFY_REMOVED_DEVICE:
		dmar_pci_bus_del_dev(pdev);
		return NOTIFY_OK;
	default:
		return NOTIFY_DONE;
	}
}

static struct notifier_block vtd_hotplug_nb = {
	.notifier_call = hotplug_notify,
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

static int hotplug_start_one(struct dmar_drhd_unit *drhd)
{
	int ret;

	if (drhd->iommu && drhd->iommu->state == VTD_UNIT_ON)
		return 0;
	if (drhd->ignored || (drhd->iommu && drhd->iommu->state == VTD_UNIT_DEAD))
		return -ENODEV;
	ret = vtd_start_map(drhd);
	/* It translates no DMA: what is behind it would go past everybody */
	if (!ret && drhd->ignored)
		ret = -ENODEV;
	if (!ret)
		ret = vtd_remap_unit_up(drhd);
	if (ret)
		return ret;
	if (intel_iommu_enabled)
		return vtd_start_unit(drhd);
	vtd_start_leave_off(drhd, vtd_verdict()->drop_protected);
	return 0;
}

/* ACPI's scan lock keeps others from adding to the list or taking from it */
static int hotplug_start(const void *host)
{
	struct dmar_drhd_unit *drhd;
	int ret = 0;

	list_for_each_entry(drhd, &dmar_drhd_units, list)
		if (!ret && drhd->host == host)
			ret = hotplug_start_one(drhd);
	return ret;
}

static void hotplug_refuse(const void *host)
{
	struct dmar_drhd_unit *drhd;

	list_for_each_entry(drhd, &dmar_drhd_units, list)
		if (drhd->host == host && !drhd->at_boot)
			vtd_start_stop(drhd);
	vtd_host_forget(host);
}

static bool hotplug_serves(struct dmar_drhd_unit *drhd)
{
	struct pci_dev *pdev = NULL;
	u8 bus, devfn;

	for_each_pci_dev(pdev) {
		if (dmar_find_dmaru(&pdev->dev, &bus, &devfn) != drhd)
			continue;
		pci_warn(pdev, "its DMA remapping unit at %#llx is said to leave with another host bridge: it stays on\n",
			 drhd->reg_base_addr);
		pci_dev_put(pdev);
		return true;
	}
	return false;
}

/* A unit that somebody still needs is not the leaving bridge's, whatever it says */
static void hotplug_stop(const void *host)
{
	struct dmar_drhd_unit *drhd;

	list_for_each_entry(drhd, &dmar_drhd_units, list) {
		if (drhd->host != host)
			continue;
		if (hotplug_serves(drhd))
			drhd->host = NULL;
		else
			vtd_start_stop(drhd);
	}
	vtd_host_remove(host);
}

/**
 * dmar_device_add - a host bridge has come
 * @handle: its ACPI handle
 *
 * Context: ACPI hotplug, under its scan lock.
 *
 * Return: 0, also for a bridge without units; -errno when its units cannot be
 * brought up: its devices would do DMA past everybody, so it is refused.
 */
int dmar_device_add(acpi_handle handle)
{
	void *host;
	int ret;

	if (!intel_iommu_enabled && !vtd_remap_active())
		return 0;
	host = vtd_host_find(handle);
	ret = vtd_host_add(handle, host);
	if (ret)
		return ret;
	ret = hotplug_start(host ?: handle);
	if (ret) {
		pr_err("units of the new host bridge cannot be used (%d): it is refused\n",
		       ret);
		hotplug_refuse(host ?: handle);
	} else if (!host) {
		vtd_host_forget(handle);
	}
	return ret;
}

/**
 * dmar_device_remove - a host bridge is about to go
 * @handle: its ACPI handle; no device is left behind it
 *
 * Context: ACPI hotplug, under its scan lock.
 *
 * Return: 0.
 */
int dmar_device_remove(acpi_handle handle)
{
	void *host;

	if (!intel_iommu_enabled && !vtd_remap_active())
		return 0;
	host = vtd_host_find(handle);
	if (!host)
		return 0;
	vtd_host_claim(host);
	hotplug_stop(host);
	return 0;
}

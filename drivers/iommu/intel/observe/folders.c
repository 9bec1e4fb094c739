// SPDX-License-Identifier: GPL-2.0
/*
 * A folder for each device behind a unit, as these come and go.  What its files hold
 * is the device's address: removing a file waits for its readers, and the folder
 * goes before the device does, so to a reader the address means that device.
 */
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/mutex.h>
#include <linux/pci.h>

#include "device/device.h"
#include "observe/debugfs.h"
#include "observe/find.h"

static struct dentry *folder;

static void add_device(struct device *dev)
{
	struct vtd_device *vdev;
	struct dentry *dir;

	mutex_lock(&vtd_device_lock);
	vdev = vtd_find_device(dev);
	mutex_unlock(&vtd_device_lock);
	if (!vdev)
		return;
	dir = debugfs_create_dir(dev_name(dev), folder);
	vtd_stock_pages_add(dir, dev);
	vtd_mappings_add(dir, dev);
	vtd_groups_add(dir, dev);
}

/* The core's own notifier was there first: an added device has been probed */
static int on_bus_event(struct notifier_block *nb, unsigned long action, void *data)
{
	struct device *dev = data;

	if (action == BUS_NOTIFY_ADD_DEVICE)
		add_device(dev);
	else if (action == BUS_NOTIFY_DEL_DEVICE)
		debugfs_lookup_and_remove(dev_name(dev), folder);
	return NOTIFY_DONE;
}

static struct notifier_block bus_listener = { .notifier_call = on_bus_event };

/**
 * vtd_folders_init - add a folder for each PCI device, now and later
 * @dir: where
 *
 * Context: late init, after the units were registered with the core.
 */
void __init vtd_folders_init(struct dentry *dir)
{
	struct pci_dev *pdev = NULL;

	folder = dir;
	for_each_pci_dev(pdev)
		add_device(&pdev->dev);
	bus_register_notifier(&pci_bus_type, &bus_listener);
}

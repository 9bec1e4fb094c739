// SPDX-License-Identifier: GPL-2.0
/*
 * A platform device that stands on the firmware node of a PCI device, as the parts
 * of a chip with several functions do: where firmware gives that node a requester id
 * (ANDD), both have the same.  It is there as long as the module is.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/property.h>

static char *of = "0000:00:05.0";
module_param(of, charp, 0444);
MODULE_PARM_DESC(of, "the PCI device");

static struct platform_device *twin;

static int __init twin_init(void)
{
	struct platform_device_info info = { .name = "vtd_twin", .id = PLATFORM_DEVID_NONE };
	struct device *dev = bus_find_device_by_name(&pci_bus_type, NULL, of);

	if (!dev)
		return -ENODEV;
	info.fwnode = dev_fwnode(dev);
	if (info.fwnode) {
		twin = platform_device_register_full(&info);
	} else {
		pr_err("%s has no firmware node\n", of);
		twin = ERR_PTR(-ENXIO);
	}
	put_device(dev);
	return PTR_ERR_OR_ZERO(twin);
}
module_init(twin_init);

static void __exit twin_exit(void)
{
	platform_device_unregister(twin);
}
module_exit(twin_exit);

MODULE_DESCRIPTION("A platform device with the firmware node of a PCI device");
MODULE_LICENSE("GPL");

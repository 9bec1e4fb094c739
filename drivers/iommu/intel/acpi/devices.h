/* SPDX-License-Identifier: GPL-2.0 */
/* From the scopes of all lists to devices, as these are there, come and go. */
#ifndef VTD_ACPI_DEVICES_H
#define VTD_ACPI_DEVICES_H

#include <linux/types.h>

struct device;
struct dmar_drhd_unit;
struct pci_dev;

int dmar_dev_scope_init(void);
void dmar_dev_scope_exit(void);

/* PCI devices that come and go; context: a bus notifier, may sleep */
int dmar_pci_bus_add_dev(struct pci_dev *pdev);
void dmar_pci_bus_del_dev(struct pci_dev *pdev);

bool vtd_devices_have_bus(u16 segment);

/* For tests: one unit, and a device of the ACPI namespace */
void vtd_devices_settle(struct dmar_drhd_unit *unit);
void vtd_devices_bind_name(struct device *dev, u8 number, const char *name);

#endif /* VTD_ACPI_DEVICES_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* The PCI devices of a machine, from sysfs. */
#ifndef VTD_PCI_H
#define VTD_PCI_H

#include <stdbool.h>
#include <linux/types.h>

#include "acpi/path.h"
#include "source.h"

#define PCI_NAME	24
#define PCI_CONFIG	4096u

/**
 * struct pci_function - one function
 * @name: "0000:00:1f.2"
 * @driver: its driver's name, or ""
 * @segment: PCI domain; more than 16 bits behind a VMD
 * @bus: bus number
 * @devfn: device << 3 | function
 * @header: type of header: 0 device, 1 bridge; bit 7: the device has more functions
 * @secondary: bus behind it, if @header says bridge
 * @subordinate: last bus behind it
 * @vendor: PCI vendor id
 * @device: PCI device id
 * @class: class code, 24 bits
 * @revision: revision id
 * @group: number of its IOMMU group, -1 if none
 * @removable: the kernel takes it for one that a user plugged in
 * @physfn: for a virtual function its physical one, else NULL
 * @config: configuration space as far as it could be read
 * @config_size: bytes of @config: 64 without privilege
 */
struct pci_function {
	char name[PCI_NAME];
	char driver[32];
	u32 segment;
	u8 bus;
	u8 devfn;
	u8 header;
	u8 secondary;
	u8 subordinate;
	u16 vendor;
	u16 device;
	u32 class;
	u8 revision;
	int group;
	bool removable;
	const struct pci_function *physfn;
	u8 *config;
	size_t config_size;
};

/**
 * struct pci - all of them, in order of address
 * @count: of @function
 * @function: each
 * @readable: sysfs has them
 */
struct pci {
	unsigned int count;
	struct pci_function *function;
	bool readable;
};

void pci_read(struct pci *pci, const struct source *s);
void pci_free(struct pci *pci);
bool pci_parse(const char *text, u32 *segment, u8 *bus, u8 *devfn);
const struct pci_function *pci_find(const struct pci *pci, u32 segment, u8 bus, u8 devfn);
const struct pci_function *pci_above(const struct pci *pci, const struct pci_function *f);
bool pci_is_bridge(const struct pci_function *f);
bool pci_scope_names(const struct pci *pci, const struct dmar_dev_scope *scope, u16 segment,
		     const struct pci_function *f);
const char *pci_kind(u32 class);

#endif /* VTD_PCI_H */

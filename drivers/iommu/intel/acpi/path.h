/* SPDX-License-Identifier: GPL-2.0 */
/* The path of a device scope, and from it to bus, device and function.  Pure. */
#ifndef VTD_ACPI_PATH_H
#define VTD_ACPI_PATH_H

#include <linux/types.h>

struct device;

/* A path longer than this cannot exist: 256 buses, each hop one bus further */
#define VTD_PATH_MAX	16

/**
 * struct dmar_dev_scope - one device a structure names
 * @type: ACPI_DMAR_SCOPE_TYPE_*
 * @id: enumeration id (IOAPIC id, HPET number, ACPI device number)
 * @bus: bus number that @path starts from
 * @depth: hops in @path, 1 .. VTD_PATH_MAX
 * @path: (device << 3 | function) of each hop
 * @dev: (rcu) the device when it is there; a reference is held
 * @dev_bus: requester id of an IOAPIC, HPET or namespace device: its bus ...
 * @dev_devfn: ... and device and function
 */
struct dmar_dev_scope {
	u8 type;
	u8 id;
	u8 bus;
	u8 depth;
	u8 path[VTD_PATH_MAX];
	struct device __rcu *dev;
	u8 dev_bus;
	u8 dev_devfn;
};

/* Bus behind the bridge at @bus, @devfn: 0 .. 255, or -errno if there is none */
typedef int (*vtd_secondary_fn)(void *context, u8 bus, u8 devfn);

int vtd_path_resolve(const struct dmar_dev_scope *scope, vtd_secondary_fn secondary,
		     void *context, u8 *bus, u8 *devfn);

#endif /* VTD_ACPI_PATH_H */

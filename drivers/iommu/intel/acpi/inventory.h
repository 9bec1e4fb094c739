/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What firmware says the machine has, as lists: units, reserved regions, ports
 * with ATS, devices with a built-in translation cache.  Filled by build.c;
 * device pointers by devices.c.
 */
#ifndef VTD_ACPI_INVENTORY_H
#define VTD_ACPI_INVENTORY_H

#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/types.h>

#include "acpi/scope.h"

struct intel_iommu;

/**
 * struct dmar_drhd_unit - a unit as firmware (or the user) declares it
 * @list: in dmar_drhd_units; units that name devices first, INCLUDE_ALL last
 * @reg_base_addr: physical address of its registers
 * @reg_size: bytes of the register window
 * @segment: PCI segment
 * @include_all: takes every device of the segment that no other unit names
 * @from_user: given by intel_iommu.drhd=
 * @host: ACPI handle of the host bridge that brought it, or that lists it as its
 *	own; NULL if none does
 * @at_boot: firmware's table has it: it stays in the list when a host bridge that
 *	lists it is refused
 * @dormant: off because no bus had its segment, no device of it was there or its
 *	registers did not answer; its host bridge may change that
 * @ignored: translates no DMA: left off by policy (graphics), or because it is
 *	dead, serves no bus or nobody; it may remap interrupts unless it is @unusable
 * @unusable: cannot be mapped, or it is not known what it serves: left alone
 * @why_ignored: phrase for the log, or NULL
 * @gfx_dedicated: names graphics devices only
 * @node: NUMA node from RHSA, or NUMA_NO_NODE
 * @scopes: the devices it names
 * @iommu: the unit once mapped, else NULL
 */
struct dmar_drhd_unit {
	struct list_head list;
	u64 reg_base_addr;
	u64 reg_size;
	u16 segment;
	bool include_all;
	bool from_user;
	const void *host;
	bool at_boot;
	bool dormant;
	bool ignored;
	bool unusable;
	const char *why_ignored;
	bool gfx_dedicated;
	int node;
	struct dmar_scopes scopes;
	struct intel_iommu *iommu;
};

/**
 * struct dmar_rmrr_unit - a reserved memory region, already made sane
 * @list: in dmar_rmrr_units
 * @segment: PCI segment of the devices in @scopes
 * @index: number of the structure in the table, for messages
 * @from_user: given by intel_iommu.rmrr=, @index means nothing
 * @base: first byte, 4 KiB aligned
 * @end: last byte, inclusive, @end + 1 is 4 KiB aligned
 * @scopes: the devices that need it
 */
struct dmar_rmrr_unit {
	struct list_head list;
	u16 segment;
	unsigned int index;
	bool from_user;
	u64 base;
	u64 end;
	struct dmar_scopes scopes;
};

/**
 * struct dmar_atsr_unit - root ports below which ATS may be used
 * @list: in dmar_atsr_units
 * @segment: PCI segment
 * @host: as in struct dmar_drhd_unit
 * @at_boot: the same
 * @all_ports: every port of the segment
 * @scopes: else these
 */
struct dmar_atsr_unit {
	struct list_head list;
	u16 segment;
	const void *host;
	bool at_boot;
	bool all_ports;
	struct dmar_scopes scopes;
};

/**
 * struct dmar_satc_unit - devices in the SoC with a translation cache
 * @list: in dmar_satc_units
 * @segment: PCI segment
 * @host: as in struct dmar_drhd_unit
 * @at_boot: the same
 * @required: the devices need ATS to work at all
 * @scopes: the devices
 */
struct dmar_satc_unit {
	struct list_head list;
	u16 segment;
	const void *host;
	bool at_boot;
	bool required;
	struct dmar_scopes scopes;
};

extern struct list_head dmar_drhd_units;
extern struct list_head dmar_rmrr_units;
extern struct list_head dmar_atsr_units;
extern struct list_head dmar_satc_units;

/*
 * (i) Protects the lists and the devices in scopes against change.  Readers
 * that may not sleep use RCU.  Never held across calls into the iommu core.
 */
extern struct rw_semaphore dmar_inventory_lock;

void dmar_register_drhd_unit(struct dmar_drhd_unit *unit);
struct dmar_drhd_unit *vtd_inventory_find(u64 base, u16 segment);
struct dmar_drhd_unit *vtd_inventory_find_all(u16 segment);
void vtd_inventory_free(void);

#endif /* VTD_ACPI_INVENTORY_H */

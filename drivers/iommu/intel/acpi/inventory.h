/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What firmware says the machine has, as lists: units, reserved regions, ports
 * with ATS, devices with a built-in translation cache.  Built from the copied
 * table by dmar_table_init(); device pointers filled by scope.c.
 */
#ifndef VTD_ACPI_INVENTORY_H
#define VTD_ACPI_INVENTORY_H

#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/types.h>

struct device;
struct intel_iommu;
struct pci_dev;

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

/**
 * struct dmar_scopes - the device scopes of a structure
 * @count: how many
 * @cut: firmware names more, but they cannot be read
 * @scope: array of @count
 */
struct dmar_scopes {
	unsigned int count;
	bool cut;
	struct dmar_dev_scope *scope;
};

/**
 * struct dmar_drhd_unit - a unit as firmware (or the user) declares it
 * @list: in dmar_drhd_units; units that name devices first, INCLUDE_ALL last
 * @reg_base_addr: physical address of its registers
 * @reg_size: bytes of the register window
 * @segment: PCI segment
 * @include_all: takes every device of the segment that no other unit names
 * @from_user: given by intel_iommu.drhd=
 * @host: ACPI handle of the host bridge that brought it, NULL if it was there at
 *	boot
 * @ignored: left off by policy (graphics), or because it is dead or serves no bus
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
	bool ignored;
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
 * @all_ports: every port of the segment
 * @scopes: else these
 */
struct dmar_atsr_unit {
	struct list_head list;
	u16 segment;
	const void *host;
	bool all_ports;
	struct dmar_scopes scopes;
};

/**
 * struct dmar_satc_unit - devices in the SoC with a translation cache
 * @list: in dmar_satc_units
 * @segment: PCI segment
 * @host: as in struct dmar_drhd_unit
 * @required: the devices need ATS to work at all
 * @scopes: the devices
 */
struct dmar_satc_unit {
	struct list_head list;
	u16 segment;
	const void *host;
	bool required;
	struct dmar_scopes scopes;
};

/**
 * struct dmar_override - a unit the user declared with intel_iommu.drhd=
 * @base: register base address
 * @segment: PCI segment
 */
struct dmar_override {
	u64 base;
	u16 segment;
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

/* Firmware's table: phase 2 if interrupts are remapped, else phase 5 */
int dmar_table_init(const struct dmar_override *override, unsigned int count);
void dmar_table_exit(void);
int vtd_inventory_add_region(u64 base, u64 end, u16 segment, u16 rid);
int dmar_dev_scope_init(void);
void dmar_dev_scope_exit(void);
u8 dmar_host_address_width(void);
bool dmar_firmware_opted_in(void);	/* DMAR_PLATFORM_OPT_IN */
bool dmar_firmware_remaps_interrupts(void);
bool dmar_firmware_x2apic_opt_out(void);

/* Host bridges with units of their own; context: ACPI hotplug, may sleep */
void *vtd_host_find(void *bridge);
int vtd_host_add(void *host);
void vtd_host_remove(const void *host);

/* PCI devices that come and go; context: a bus notifier, may sleep */
int dmar_pci_bus_add_dev(struct pci_dev *pdev);
void dmar_pci_bus_del_dev(struct pci_dev *pdev);

/* Which unit serves a device, and under which requester id */
struct dmar_drhd_unit *dmar_find_dmaru(struct device *dev, u8 *bus, u8 *devfn);

bool dmar_scopes_contain(const struct dmar_scopes *scopes, u16 segment,
			 struct device *dev);
bool dmar_ats_allowed(struct pci_dev *pdev);
const char *dmar_machine(void);		/* "vendor product, BIOS version", for complaints */

#endif /* VTD_ACPI_INVENTORY_H */

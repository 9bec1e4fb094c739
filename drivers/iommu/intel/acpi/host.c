// SPDX-License-Identifier: GPL-2.0
/*
 * Host bridges that come at run time with units of their own.  Firmware
 * describes these by a device specific method (specification section 8.8) that
 * returns structures as they stand in the DMAR table, a buffer for each type; each
 * is put behind a table header, so that the one cursor walks these bytes too.
 */
#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/acpi.h>
#include <linux/array_size.h>
#include <linux/cleanup.h>
#include <linux/pci.h>
#include <linux/printk.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/uuid.h>

#include <kunit/static_stub.h>

#include "acpi/build.h"
#include "acpi/claim.h"
#include "acpi/devices.h"
#include "acpi/firmware.h"
#include "acpi/flags.h"
#include "acpi/host.h"
#include "acpi/inventory.h"
#include "acpi/table.h"

#define HOST_DSM_REVISION	0

/* Functions of the method; each returns a buffer of structures of one type */
enum host_function {
	HOST_DSM_DRHD = 1,
	HOST_DSM_ATSR = 2,
	HOST_DSM_RHSA = 3,
	HOST_DSM_SATC = 4,
};

static const struct {
	enum host_function number;
	u16 type;
} functions[] = {
	{ HOST_DSM_DRHD, VTD_TYPE_DRHD },
	{ HOST_DSM_ATSR, VTD_TYPE_ATSR },
	{ HOST_DSM_RHSA, VTD_TYPE_RHSA },
	{ HOST_DSM_SATC, VTD_TYPE_SATC },
};

static const guid_t host_dsm =
	GUID_INIT(0xd8c1a3a6, 0xbe9b, 0x4c9b,
		  0x91, 0xbf, 0xc3, 0xcb, 0x81, 0xfc, 0x5d, 0xaf);

static bool has_method(acpi_handle handle)
{
	return acpi_check_dsm(handle, &host_dsm, HOST_DSM_REVISION,
			      BIT(HOST_DSM_DRHD));
}

static acpi_status look_below(acpi_handle handle, u32 level, void *context,
			      void **found)
{
	if (!has_method(handle))
		return AE_OK;
	*found = handle;
	return AE_CTRL_TERMINATE;
}

/**
 * vtd_host_find - does a host bridge bring units
 * @bridge: ACPI handle of the host bridge
 *
 * Context: ACPI hotplug; may sleep.
 * Return: handle of the device that describes them, the bridge's or one
 * below; NULL if none does.
 */
void *vtd_host_find(void *bridge)
{
	void *found = NULL;

	KUNIT_STATIC_STUB_REDIRECT(vtd_host_find, bridge);
	if (has_method(bridge))
		return bridge;
	acpi_walk_namespace(ACPI_TYPE_DEVICE, bridge, ACPI_UINT32_MAX, look_below,
			    NULL, NULL, &found);
	return found;
}

/* A buffer that the caller frees, or NULL if the method has no such function */
union acpi_object *vtd_host_evaluate(void *host, unsigned int function)
{
	KUNIT_STATIC_STUB_REDIRECT(vtd_host_evaluate, host, function);
	if (!acpi_check_dsm(host, &host_dsm, HOST_DSM_REVISION, BIT(function)))
		return NULL;
	return acpi_evaluate_dsm_typed(host, &host_dsm, HOST_DSM_REVISION, function,
				       NULL, ACPI_TYPE_BUFFER);
}

/* A table of its own for each buffer: what one of them ends with stays there */
static int put_table(u8 *table, const union acpi_object *buffer, u32 *length)
{
	struct acpi_table_dmar *header = (struct acpi_table_dmar *)table;
	u32 bytes = buffer->buffer.length;

	if (bytes > VTD_TABLE_MAX - VTD_TABLE_FIXED)
		return -E2BIG;
	memset(table, 0, VTD_TABLE_FIXED);
	memcpy(table + VTD_TABLE_FIXED, buffer->buffer.pointer, bytes);
	*length = VTD_TABLE_FIXED + bytes;
	memcpy(header->header.signature, ACPI_SIG_DMAR, ACPI_NAMESEG_SIZE);
	header->header.length = *length;
	/* The field holds the width less one; without a table any width will do */
	header->width = (dmar_host_address_width() ?: VTD_PHYS_BITS_MAX) - 1;
	return 0;
}

/* What one function of the method returns, as a table; 0 bytes if it has none */
static int evaluate(void *host, unsigned int function, u8 *bytes,
		    vtd_complain_fn complain, struct vtd_table *table)
{
	union acpi_object *buffer = vtd_host_evaluate(host, function);
	u32 length;
	int ret;

	*table = (struct vtd_table) { };
	if (!buffer)
		return 0;
	ret = put_table(bytes, buffer, &length);
	ACPI_FREE(buffer);
	return ret ?: vtd_table_open(table, bytes, length, complain);
}

static bool has_unit(const void *host)
{
	struct dmar_drhd_unit *unit;

	guard(rwsem_read)(&dmar_inventory_lock);
	list_for_each_entry(unit, &dmar_drhd_units, list) {
		if (unit->host == host)
			return true;
	}
	return false;
}

static int add_all(void *host, u8 *bytes)
{
	struct pci_dev *pdev = NULL;
	struct vtd_table table;
	unsigned int i;
	int ret = 0;

	for (i = 0; i < ARRAY_SIZE(functions) && !ret; i++) {
		ret = evaluate(host, functions[i].number, bytes, vtd_firmware_complain,
			       &table);
		if (!ret && table.length)
			ret = vtd_inventory_add(&table, functions[i].type, host);
	}
	if (ret)
		return ret;
	if (!has_unit(host))
		return -ENODEV;
	/* Those that were there before keep what they have */
	for_each_pci_dev(pdev)
		dmar_pci_bus_add_dev(pdev);
	return 0;
}

static void wake_segment(void *bridge)
{
	unsigned long long segment = 0;

	if (ACPI_FAILURE(acpi_evaluate_integer(bridge, METHOD_NAME__SEG, NULL, &segment)))
		segment = 0;
	if (segment <= U16_MAX && !vtd_devices_have_bus(segment))
		vtd_claim_segment(segment, bridge);
}

/**
 * vtd_host_add - read what a host bridge brings into the lists
 * @bridge: ACPI handle of the host bridge
 * @host: from vtd_host_find(); NULL if no method describes units
 *
 * Units that the lists had, because the bridge was there at boot or firmware's
 * table foresees it, become its own; new ones are not mapped yet.  All carry @host,
 * or @bridge if there is none: then units come that were off for want of the
 * bridge's segment.
 *
 * Context: ACPI hotplug, which is serialised; may sleep; takes
 * dmar_inventory_lock.
 * Return: 0; -ENODEV if there is a method and no unit was among it, -E2BIG,
 * -ENOMEM: then nothing is kept.
 */
int vtd_host_add(void *bridge, void *host)
{
	u8 *bytes;
	int ret;

	if (!host) {
		wake_segment(bridge);
		return 0;
	}
	bytes = kmalloc(VTD_TABLE_MAX, GFP_KERNEL);
	if (!bytes)
		return -ENOMEM;
	ret = add_all(host, bytes);
	kfree(bytes);
	if (ret)
		vtd_host_forget(host);
	return ret;
}

/**
 * vtd_host_claim - what a host bridge that is about to go calls its own
 * @host: from vtd_host_find()
 *
 * Context: ACPI hotplug; may sleep; takes dmar_inventory_lock.
 */
void vtd_host_claim(void *host)
{
	u8 *bytes = kmalloc(VTD_TABLE_MAX, GFP_KERNEL);
	struct vtd_table table;
	struct vtd_cursor cursor;
	struct vtd_entry entry;
	unsigned int i;

	for (i = 0; bytes && i < ARRAY_SIZE(functions); i++) {
		if (evaluate(host, functions[i].number, bytes, NULL, &table) ||
		    !table.length)
			continue;
		guard(rwsem_write)(&dmar_inventory_lock);
		vtd_table_rewind(&cursor, &table);
		while (vtd_table_next(&cursor, &entry)) {
			if (entry.type == functions[i].type)
				vtd_claim(&entry, host);
		}
	}
	kfree(bytes);
}

/*
 * One structure of @host leaves the lists.  The caller waits for readers before
 * it frees: for each, since hosts leave rarely and bring few.
 */
static struct dmar_drhd_unit *take_unit(const void *host)
{
	struct dmar_drhd_unit *unit;

	guard(rwsem_write)(&dmar_inventory_lock);
	list_for_each_entry(unit, &dmar_drhd_units, list) {
		if (unit->host == host) {
			list_del_rcu(&unit->list);
			return unit;
		}
	}
	return NULL;
}

static struct dmar_atsr_unit *take_ports(const void *host)
{
	struct dmar_atsr_unit *atsr;

	guard(rwsem_write)(&dmar_inventory_lock);
	list_for_each_entry(atsr, &dmar_atsr_units, list) {
		if (atsr->host == host) {
			list_del_rcu(&atsr->list);
			return atsr;
		}
	}
	return NULL;
}

static struct dmar_satc_unit *take_caches(const void *host)
{
	struct dmar_satc_unit *satc;

	guard(rwsem_write)(&dmar_inventory_lock);
	list_for_each_entry(satc, &dmar_satc_units, list) {
		if (satc->host == host) {
			list_del_rcu(&satc->list);
			return satc;
		}
	}
	return NULL;
}

/**
 * vtd_host_remove - take what a host bridge brought out of the lists
 * @host: from vtd_host_find(); its units are not mapped any more
 *
 * Context: ACPI hotplug; may sleep; takes dmar_inventory_lock.
 */
void vtd_host_remove(const void *host)
{
	struct dmar_drhd_unit *unit;
	struct dmar_atsr_unit *atsr;
	struct dmar_satc_unit *satc;

	while ((satc = take_caches(host))) {
		synchronize_rcu();
		vtd_scopes_free(&satc->scopes);
		kfree(satc);
	}
	while ((atsr = take_ports(host))) {
		synchronize_rcu();
		vtd_scopes_free(&atsr->scopes);
		kfree(atsr);
	}
	while ((unit = take_unit(host))) {
		synchronize_rcu();
		vtd_scopes_free(&unit->scopes);
		kfree(unit);
	}
}

/**
 * vtd_host_forget - nothing is a host bridge's own any more
 * @host: the host bridge; what came with it is not mapped
 *
 * What was there at boot stays as it is, the rest leaves the lists.
 *
 * Context: ACPI hotplug; may sleep; takes dmar_inventory_lock.
 */
void vtd_host_forget(const void *host)
{
	vtd_claim_drop(host);
	vtd_host_remove(host);
}

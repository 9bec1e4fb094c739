// SPDX-License-Identifier: GPL-2.0
/*
 * Host bridges that come at run time with units of their own.  Firmware
 * describes these by a device specific method (specification section 8.8) that
 * returns structures as they stand in the DMAR table; they are put behind a
 * table header, so that the one cursor walks these bytes too.
 */
#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/acpi.h>
#include <linux/cleanup.h>
#include <linux/pci.h>
#include <linux/printk.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/uuid.h>

#include <kunit/static_stub.h>

#include "acpi/build.h"
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

/* Put the structures behind what is there; the table's length grows */
static int append(u8 *table, u32 *length, const union acpi_object *buffer)
{
	u32 more = buffer->buffer.length;

	if (more > VTD_TABLE_MAX - *length)
		return -E2BIG;
	memcpy(table + *length, buffer->buffer.pointer, more);
	*length += more;
	return 0;
}

static int collect(void *host, u8 *table, u32 *length)
{
	union acpi_object *buffer;
	unsigned int function;
	int ret = 0;

	for (function = HOST_DSM_DRHD; function <= HOST_DSM_SATC && !ret; function++) {
		buffer = vtd_host_evaluate(host, function);
		if (!buffer)
			continue;
		ret = append(table, length, buffer);
		ACPI_FREE(buffer);
	}
	return ret;
}

static void write_header(u8 *table, u32 length)
{
	struct acpi_table_dmar *header = (struct acpi_table_dmar *)table;

	memcpy(header->header.signature, ACPI_SIG_DMAR, ACPI_NAMESEG_SIZE);
	header->header.length = length;
	/* The field holds the width less one; without a table any width will do */
	header->width = (dmar_host_address_width() ?: VTD_PHYS_BITS_MAX) - 1;
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

static int add_table(void *host, u8 *bytes)
{
	u32 length = VTD_TABLE_FIXED;
	struct pci_dev *pdev = NULL;
	struct vtd_table table;
	int ret;

	ret = collect(host, bytes, &length);
	if (ret)
		return ret;
	write_header(bytes, length);
	ret = vtd_table_open(&table, bytes, length, vtd_firmware_complain);
	if (!ret)
		ret = vtd_inventory_add(&table, host);
	if (ret)
		return ret;
	if (!has_unit(host))
		return -ENODEV;
	/* Those that were there before keep what they have */
	for_each_pci_dev(pdev)
		dmar_pci_bus_add_dev(pdev);
	return 0;
}

/**
 * vtd_host_add - read what a host bridge brings into the lists
 * @host: from vtd_host_find()
 *
 * The new units carry @host and are not mapped yet.
 *
 * Context: ACPI hotplug, which is serialised; may sleep; takes
 * dmar_inventory_lock.
 * Return: 0; -ENODEV if no unit was among it, -E2BIG, -ENOMEM: then nothing is
 * kept.
 */
int vtd_host_add(void *host)
{
	u8 *bytes = kzalloc(VTD_TABLE_MAX, GFP_KERNEL);
	int ret;

	if (!bytes)
		return -ENOMEM;
	ret = add_table(host, bytes);
	kfree(bytes);
	if (ret)
		vtd_host_remove(host);
	return ret;
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

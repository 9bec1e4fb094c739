// SPDX-License-Identifier: GPL-2.0
/* Host bridges that bring units: the lists while they are there, and after. */
#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/acpi.h>
#include <linux/slab.h>

#include "acpi/claim.h"
#include "acpi/host.h"
#include "acpi/inventory.h"
#include "acpi/table.h"
#include "tests/table_build.h"

#define BASE	0x3ff000000ull
#define DRHD	1u
#define ATSR	2u
#define SATC	4u

/* What the method's functions return; empty ones are not there */
static struct build function[5];
static unsigned int extra;	/* bytes of zero behind the DRHDs */

static union acpi_object *host_answer(void *host, unsigned int number)
{
	struct build *t = &function[number];
	u32 length = t->n + (number == DRHD ? extra : 0);
	union acpi_object *obj;

	if (!t->n)
		return NULL;
	obj = kzalloc(sizeof(*obj) + length, GFP_KERNEL);
	if (!obj)
		return NULL;
	obj->buffer.type = ACPI_TYPE_BUFFER;
	obj->buffer.length = length;
	obj->buffer.pointer = (u8 *)(obj + 1);
	memcpy(obj->buffer.pointer, t->b, t->n);
	return obj;
}

static int host_init(struct kunit *test)
{
	memset(function, 0, sizeof(function));
	extra = 0;
	kunit_activate_static_stub(test, vtd_host_evaluate, host_answer);
	return 0;
}

static void unit(u64 base)
{
	drhd_begin(&function[DRHD], 0, 0, base);
	scope_put(&function[DRHD], VTD_SCOPE_BRIDGE, 0x80, 1, 0);
	entry_end(&function[DRHD], 0);
}

static unsigned int count_units(const void *host)
{
	struct dmar_drhd_unit *u;
	unsigned int n = 0;

	list_for_each_entry(u, &dmar_drhd_units, list)
		n += u->host == host;
	return n;
}

static void comes_and_goes(struct kunit *test)
{
	unsigned int before = count_units(NULL);
	struct dmar_drhd_unit *u;

	unit(BASE);
	unit(BASE + 0x1000);
	KUNIT_ASSERT_EQ(test, vtd_host_add(NULL, test), 0);
	KUNIT_EXPECT_EQ(test, count_units(test), 2);
	list_for_each_entry(u, &dmar_drhd_units, list) {
		if (u->host != test)
			continue;
		KUNIT_EXPECT_EQ(test, u->reg_base_addr & ~0x1000ull, BASE);
		KUNIT_EXPECT_EQ(test, u->scopes.count, 1);
		KUNIT_EXPECT_NULL(test, u->iommu);
	}
	vtd_host_remove(test);
	KUNIT_EXPECT_EQ(test, count_units(test), 0);
	KUNIT_EXPECT_EQ(test, count_units(NULL), before);
}

static void brings_ports_and_caches(struct kunit *test)
{
	struct dmar_atsr_unit *atsr;
	struct dmar_satc_unit *satc;
	unsigned int ports = 0, caches = 0;

	unit(BASE);
	ports_begin(&function[ATSR], VTD_TYPE_ATSR, VTD_ATSR_ALL_PORTS, 0);
	entry_end(&function[ATSR], 0);
	ports_begin(&function[SATC], VTD_TYPE_SATC, VTD_SATC_REQUIRED, 0);
	scope_put(&function[SATC], VTD_SCOPE_ENDPOINT, 0x80, 2, 0);
	entry_end(&function[SATC], 0);
	KUNIT_ASSERT_EQ(test, vtd_host_add(NULL, test), 0);
	list_for_each_entry(atsr, &dmar_atsr_units, list)
		ports += atsr->host == test && atsr->all_ports;
	list_for_each_entry(satc, &dmar_satc_units, list)
		caches += satc->host == test && satc->required;
	KUNIT_EXPECT_EQ(test, ports, 1);
	KUNIT_EXPECT_EQ(test, caches, 1);

	vtd_host_remove(test);
	list_for_each_entry(atsr, &dmar_atsr_units, list)
		KUNIT_EXPECT_PTR_NE(test, atsr->host, (const void *)test);
	list_for_each_entry(satc, &dmar_satc_units, list)
		KUNIT_EXPECT_PTR_NE(test, satc->host, (const void *)test);
}

/* Devices behind it would do DMA past everybody: no unit is an error */
static void without_unit_is_refused(struct kunit *test)
{
	ports_begin(&function[ATSR], VTD_TYPE_ATSR, VTD_ATSR_ALL_PORTS, 0);
	entry_end(&function[ATSR], 0);
	KUNIT_EXPECT_EQ(test, vtd_host_add(NULL, test), -ENODEV);
	KUNIT_EXPECT_EQ(test, count_units(test), 0);
}

/* A structure without end: what stands before it counts */
static void broken_end(struct kunit *test)
{
	unit(BASE);
	extra = 7;
	KUNIT_EXPECT_EQ(test, vtd_host_add(NULL, test), 0);
	KUNIT_EXPECT_EQ(test, count_units(test), 1);
	vtd_host_remove(test);
}

static void too_much_is_refused(struct kunit *test)
{
	unit(BASE);
	extra = VTD_TABLE_MAX;
	KUNIT_EXPECT_EQ(test, vtd_host_add(NULL, test), -E2BIG);
	KUNIT_EXPECT_EQ(test, count_units(test), 0);
}

/* Zeros that fill a buffer end that buffer, not those of other functions */
static void padding_ends_its_buffer(struct kunit *test)
{
	struct dmar_atsr_unit *atsr;
	unsigned int ports = 0;

	unit(BASE);
	extra = 64;
	ports_begin(&function[ATSR], VTD_TYPE_ATSR, VTD_ATSR_ALL_PORTS, 0);
	entry_end(&function[ATSR], 0);
	KUNIT_ASSERT_EQ(test, vtd_host_add(NULL, test), 0);
	list_for_each_entry(atsr, &dmar_atsr_units, list)
		ports += atsr->host == test;
	KUNIT_EXPECT_EQ(test, ports, 1);
	vtd_host_remove(test);
}

/* A region that came so would stay for ever: nothing takes it out again */
static void only_what_the_buffer_is_for(struct kunit *test)
{
	unsigned int regions = list_count_nodes(&dmar_rmrr_units);
	unsigned int ports = list_count_nodes(&dmar_atsr_units);

	unit(BASE);
	rmrr_begin(&function[DRHD], 0, 0x9f800000, 0x9fffffff);
	scope_put(&function[DRHD], VTD_SCOPE_ENDPOINT, 0x80, 2, 0);
	entry_end(&function[DRHD], 0);
	ports_begin(&function[DRHD], VTD_TYPE_ATSR, VTD_ATSR_ALL_PORTS, 0);
	entry_end(&function[DRHD], 0);
	unit(BASE + 0x1000);
	KUNIT_ASSERT_EQ(test, vtd_host_add(NULL, test), 0);
	KUNIT_EXPECT_EQ(test, count_units(test), 2);
	KUNIT_EXPECT_EQ(test, list_count_nodes(&dmar_rmrr_units), regions);
	KUNIT_EXPECT_EQ(test, list_count_nodes(&dmar_atsr_units), ports);
	vtd_host_remove(test);
}

/* As firmware's table had it at boot */
static struct dmar_drhd_unit *boot_unit(struct kunit *test, u64 base)
{
	struct dmar_drhd_unit *u = kzalloc(sizeof(*u), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, u);
	u->reg_base_addr = base;
	u->at_boot = true;
	down_write(&dmar_inventory_lock);
	dmar_register_drhd_unit(u);
	up_write(&dmar_inventory_lock);
	return u;
}

static void was_there_at_boot(struct kunit *test)
{
	unsigned int before = count_units(NULL);
	struct dmar_drhd_unit *u = boot_unit(test, BASE);

	unit(BASE);
	KUNIT_ASSERT_EQ(test, vtd_host_add(NULL, test), 0);
	KUNIT_EXPECT_EQ(test, count_units(test), 1);
	KUNIT_EXPECT_PTR_EQ(test, u->host, (const void *)test);
	/* it is refused after all: nothing has happened to the unit */
	vtd_host_forget(test);
	KUNIT_EXPECT_NULL(test, u->host);
	KUNIT_EXPECT_EQ(test, count_units(NULL), before + 1);

	/* ejected without ever having been added, and added again */
	vtd_host_claim(test);
	KUNIT_EXPECT_EQ(test, count_units(test), 1);
	vtd_host_remove(test);
	KUNIT_EXPECT_EQ(test, count_units(NULL), before);
	KUNIT_ASSERT_EQ(test, vtd_host_add(NULL, test), 0);
	KUNIT_EXPECT_EQ(test, count_units(test), 1);
	vtd_host_remove(test);
	KUNIT_EXPECT_EQ(test, count_units(NULL), before);
}

/* Ports that firmware's table named are not doubled, and leave with the bridge */
static void ports_were_there_at_boot(struct kunit *test)
{
	struct dmar_atsr_unit *atsr;
	unsigned int before = list_count_nodes(&dmar_atsr_units);

	unit(BASE);
	ports_begin(&function[ATSR], VTD_TYPE_ATSR, 0, 0);
	scope_put(&function[ATSR], VTD_SCOPE_BRIDGE, 0x80, 3, 0);
	entry_end(&function[ATSR], 0);
	KUNIT_ASSERT_EQ(test, vtd_host_add(NULL, test), 0);
	atsr = list_last_entry(&dmar_atsr_units, struct dmar_atsr_unit, list);
	atsr->host = NULL;
	atsr->at_boot = true;
	vtd_host_remove(test);
	KUNIT_EXPECT_EQ(test, list_count_nodes(&dmar_atsr_units), before + 1);

	KUNIT_ASSERT_EQ(test, vtd_host_add(NULL, test), 0);
	KUNIT_EXPECT_EQ(test, list_count_nodes(&dmar_atsr_units), before + 1);
	KUNIT_EXPECT_PTR_EQ(test, atsr->host, (const void *)test);
	vtd_host_remove(test);
	KUNIT_EXPECT_EQ(test, list_count_nodes(&dmar_atsr_units), before);
}

static void sleepers_wake(struct kunit *test)
{
	struct dmar_drhd_unit *u = boot_unit(test, BASE);
	struct dmar_drhd_unit *bad = boot_unit(test, BASE + 0x1000);

	u->segment = 0xfff0;
	bad->segment = 0xfff0;
	u->dormant = true;
	u->ignored = true;
	u->why_ignored = "no bus";
	bad->ignored = true;
	KUNIT_EXPECT_EQ(test, vtd_claim_segment(0xfff1, test), 0);
	KUNIT_EXPECT_TRUE(test, u->ignored);
	KUNIT_EXPECT_EQ(test, vtd_claim_segment(0xfff0, test), 1);
	KUNIT_EXPECT_FALSE(test, u->ignored || u->dormant);
	KUNIT_EXPECT_NULL(test, u->why_ignored);
	KUNIT_EXPECT_TRUE(test, bad->ignored);
	/* refused before it was up */
	vtd_host_forget(test);
	KUNIT_EXPECT_TRUE(test, u->ignored && u->dormant);
	KUNIT_EXPECT_EQ(test, vtd_claim_segment(0xfff0, test), 1);
	bad->host = test;
	vtd_host_remove(test);
	KUNIT_EXPECT_EQ(test, count_units(test), 0);
}

static struct kunit_case host_cases[] = {
	KUNIT_CASE(comes_and_goes),
	KUNIT_CASE(brings_ports_and_caches),
	KUNIT_CASE(without_unit_is_refused),
	KUNIT_CASE(broken_end),
	KUNIT_CASE(too_much_is_refused),
	KUNIT_CASE(padding_ends_its_buffer),
	KUNIT_CASE(only_what_the_buffer_is_for),
	KUNIT_CASE(was_there_at_boot),
	KUNIT_CASE(ports_were_there_at_boot),
	KUNIT_CASE(sleepers_wake),
	{ }
};

static struct kunit_suite host_suite = {
	.name = "vtd_host",
	.init = host_init,
	.test_cases = host_cases,
};

kunit_test_suite(host_suite);

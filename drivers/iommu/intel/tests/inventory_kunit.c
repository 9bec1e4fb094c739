// SPDX-License-Identifier: GPL-2.0
/*
 * The lists that are built from tables made here, and which unit serves a
 * device, on a PCI tree made here.
 */
#include <kunit/test.h>
#include <linux/acpi.h>
#include <linux/pci.h>
#include <linux/rculist.h>

#include "acpi/ats.h"
#include "acpi/build.h"
#include "acpi/devices.h"
#include "acpi/flags.h"
#include "acpi/inventory.h"
#include "acpi/lookup.h"
#include "acpi/table.h"
#include "tests/table_build.h"

/* The machine's own inventory, while a test has the lists for itself */
static struct {
	struct list_head drhd, rmrr, atsr, satc;
	struct vtd_table table;
} kept;

static struct build t;

static void keep(struct list_head *own, struct list_head *place)
{
	INIT_LIST_HEAD(place);
	list_splice_init(own, place);
}

static int inventory_init(struct kunit *test)
{
	down_write(&dmar_inventory_lock);
	keep(&dmar_drhd_units, &kept.drhd);
	keep(&dmar_rmrr_units, &kept.rmrr);
	keep(&dmar_atsr_units, &kept.atsr);
	keep(&dmar_satc_units, &kept.satc);
	kept.table = *vtd_inventory_table();
	up_write(&dmar_inventory_lock);
	build_start(&t);
	return 0;
}

static void inventory_exit(struct kunit *test)
{
	vtd_inventory_clear();
	down_write(&dmar_inventory_lock);
	list_splice_init(&kept.drhd, &dmar_drhd_units);
	list_splice_init(&kept.rmrr, &dmar_rmrr_units);
	list_splice_init(&kept.atsr, &dmar_atsr_units);
	list_splice_init(&kept.satc, &dmar_satc_units);
	*(struct vtd_table *)vtd_inventory_table() = kept.table;
	up_write(&dmar_inventory_lock);
}

static int build_with(const struct dmar_override *override, unsigned int count)
{
	build_end(&t);
	return vtd_inventory_build(t.b, t.n, override, count);
}

static int build(void)
{
	return build_with(NULL, 0);
}

static void unit(unsigned int flags, unsigned int segment, u64 base)
{
	drhd_begin(&t, flags, segment, base);
	entry_end(&t, 0);
}

static void unit_for(u64 base, unsigned int type, unsigned int bus,
		     unsigned int device, unsigned int function)
{
	drhd_begin(&t, 0, 0, base);
	scope_put(&t, type, bus, device, function);
	entry_end(&t, 0);
}

static struct dmar_drhd_unit *nth(unsigned int n)
{
	struct dmar_drhd_unit *u;

	list_for_each_entry(u, &dmar_drhd_units, list) {
		if (!n--)
			return u;
	}
	return NULL;
}

static void expect_base(struct kunit *test, unsigned int n, u64 base)
{
	struct dmar_drhd_unit *u = nth(n);

	KUNIT_ASSERT_NOT_NULL(test, u);
	KUNIT_EXPECT_EQ(test, u->reg_base_addr, base);
}

static void include_all_comes_last(struct kunit *test)
{
	unit(1, 0, 0xfed93000);
	unit_for(0xfed90000, 1, 0, 2, 0);
	unit(1, 1, 0xfed94000);
	unit_for(0xfed91000, 1, 0, 0x1b, 0);
	KUNIT_ASSERT_EQ(test, build(), 0);
	KUNIT_EXPECT_EQ(test, list_count_nodes(&dmar_drhd_units), 4);
	expect_base(test, 0, 0xfed90000);
	expect_base(test, 1, 0xfed91000);
	expect_base(test, 2, 0xfed93000);
	expect_base(test, 3, 0xfed94000);
	KUNIT_EXPECT_TRUE(test, nth(3)->include_all);
	KUNIT_EXPECT_EQ(test, nth(3)->segment, 1);
	KUNIT_EXPECT_EQ(test, dmar_host_address_width(), 39);
}

static void a_unit_listed_twice_counts_once(struct kunit *test)
{
	unit_for(0xfed90000, 1, 0, 2, 0);
	unit_for(0xfed90000, 1, 0, 2, 0);
	unit(1, 0, 0xfed91000);
	unit(1, 0, 0xfed91000);
	unit(1, 1, 0xfed91000);
	KUNIT_ASSERT_EQ(test, build(), 0);
	KUNIT_EXPECT_EQ(test, list_count_nodes(&dmar_drhd_units), 3);
}

static void one_include_all_a_segment(struct kunit *test)
{
	unit(1, 0, 0xfed91000);
	unit(1, 0, 0xfed92000);
	unit(1, 2, 0xfed93000);
	KUNIT_ASSERT_EQ(test, build(), 0);
	KUNIT_EXPECT_EQ(test, list_count_nodes(&dmar_drhd_units), 3);
	expect_base(test, 0, 0xfed92000);
	KUNIT_EXPECT_FALSE(test, nth(0)->include_all);
	KUNIT_EXPECT_TRUE(test, nth(1)->include_all);
	KUNIT_EXPECT_TRUE(test, nth(2)->include_all);
}

static void bad_bases_are_left_off(struct kunit *test)
{
	unsigned int i;

	unit(0, 0, 0);
	unit(0, 0, 0xfed90800);
	unit(0, 0, 1ull << 63);
	unit(1, 0, 0xfed91000);
	KUNIT_ASSERT_EQ(test, build(), 0);
	/* They stay: their devices must not fall to the unit that takes the rest */
	KUNIT_ASSERT_EQ(test, list_count_nodes(&dmar_drhd_units), 4);
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_TRUE(test, nth(i)->ignored && nth(i)->unusable);
		KUNIT_EXPECT_NOT_NULL(test, nth(i)->why_ignored);
	}
	expect_base(test, 3, 0xfed91000);
	KUNIT_EXPECT_FALSE(test, nth(3)->ignored);
}

static void no_unit_is_an_error(struct kunit *test)
{
	unit(1, 0, 0);
	rmrr_begin(&t, 0, 0x1000, 0x1fff);
	scope_put(&t, 1, 0, 0x14, 0);
	entry_end(&t, 0);
	KUNIT_EXPECT_EQ(test, build(), -ENODEV);
	KUNIT_EXPECT_TRUE(test, list_empty(&dmar_rmrr_units));
	KUNIT_EXPECT_EQ(test, vtd_inventory_build(NULL, 0, NULL, 0), -ENODEV);
	t.b[0] = 'X';
	KUNIT_EXPECT_EQ(test, vtd_inventory_build(t.b, t.n, NULL, 0), -EINVAL);
}

static void structures_that_make_no_sense(struct kunit *test)
{
	entry_begin(&t, 9);
	entry_end(&t, 0);
	entry_begin(&t, 0);
	entry_end(&t, 0);	/* a DRHD of length 4 */
	drhd_begin(&t, 1, 0, 0xfed90000);
	put_scope(&t, 1, 1, 0, 0, (const unsigned char *)"\2\0", 2);
	entry_end(&t, 0);
	unit(0, 0, 0xfed91000);
	entry_begin(&t, 1);
	entry_end(&t, 0x1000);
	KUNIT_ASSERT_EQ(test, build(), 0);
	KUNIT_EXPECT_EQ(test, list_count_nodes(&dmar_drhd_units), 2);
	expect_base(test, 0, 0xfed91000);
	expect_base(test, 1, 0xfed90000);
	KUNIT_EXPECT_EQ(test, nth(1)->scopes.count, 0u);
}

static void region(u64 base, u64 end)
{
	rmrr_begin(&t, 0, base, end);
	scope_put(&t, 1, 0, 0x14, 0);
	entry_end(&t, 0);
}

static void regions_are_made_sane(struct kunit *test)
{
	struct dmar_rmrr_unit *r;

	unit(1, 0, 0xfed90000);
	region(0, 0);
	region(0x9f7dc000, 0x9f7dbfff);
	region(0x9000, 0x1fff);
	region(0xec800, 0xeefff);
	region(0x9f800000, 0x9fffffff);
	rmrr_begin(&t, 0, 0x1000, 0x1fff);	/* names nobody */
	entry_end(&t, 0);
	KUNIT_ASSERT_EQ(test, build(), 0);
	KUNIT_ASSERT_EQ(test, list_count_nodes(&dmar_rmrr_units), 2);
	r = list_first_entry(&dmar_rmrr_units, struct dmar_rmrr_unit, list);
	KUNIT_EXPECT_EQ(test, r->base, 0xec000ull);
	KUNIT_EXPECT_EQ(test, r->end, 0xeefffull);
	KUNIT_EXPECT_EQ(test, r->index, 4u);
	r = list_last_entry(&dmar_rmrr_units, struct dmar_rmrr_unit, list);
	KUNIT_EXPECT_EQ(test, r->base, 0x9f800000ull);
	KUNIT_EXPECT_EQ(test, r->end, 0x9fffffffull);
}

static void affinity_in_any_order(struct kunit *test)
{
	put_rhsa(&t, 0xfed90000, 0);
	put_rhsa(&t, 0xfed9f000, 0);	/* no such unit */
	unit(1, 0, 0xfed90000);
	unit(0, 0, 0xfed91000);
	put_rhsa(&t, 0xfed91000, 0x12345678);
	KUNIT_ASSERT_EQ(test, build(), 0);
	KUNIT_EXPECT_EQ(test, nth(0)->node, NUMA_NO_NODE);
	KUNIT_EXPECT_TRUE(test, nth(1)->node == NUMA_NO_NODE || node_online(nth(1)->node));
}

static void interrupt_sources_keep_their_requester(struct kunit *test)
{
	drhd_begin(&t, 1, 0, 0xfed90000);
	put_scope(&t, 3, 0, 2, 0xf0, (const unsigned char *)"\x1f\0", 2);
	put_scope(&t, 4, 0, 0, 0, (const unsigned char *)"\x1e\6", 2);
	entry_end(&t, 0);
	KUNIT_ASSERT_EQ(test, build(), 0);
	KUNIT_ASSERT_EQ(test, nth(0)->scopes.count, 2u);
	KUNIT_EXPECT_EQ(test, nth(0)->scopes.scope[0].id, 2);
	KUNIT_EXPECT_EQ(test, nth(0)->scopes.scope[0].dev_bus, 0xf0);
	KUNIT_EXPECT_EQ(test, nth(0)->scopes.scope[0].dev_devfn, PCI_DEVFN(0x1f, 0));
	KUNIT_EXPECT_EQ(test, nth(0)->scopes.scope[1].dev_devfn, PCI_DEVFN(0x1e, 6));
}

static void the_user_overrides_the_table(struct kunit *test)
{
	const struct dmar_override o[] = {
		{ .base = 0xfed90000 }, { .base = 0xfeda0000 }, { .base = 0xfeda1000 },
		{ .base = 0xfedb0000, .segment = 1 }, { .base = 0 },
	};

	unit_for(0xfed90000, 1, 0, 2, 0);
	unit(1, 0, 0xfed91000);
	KUNIT_ASSERT_EQ(test, build_with(o, ARRAY_SIZE(o)), 0);
	KUNIT_ASSERT_EQ(test, list_count_nodes(&dmar_drhd_units), 4);
	expect_base(test, 0, 0xfed90000);	/* keeps its devices */
	KUNIT_EXPECT_EQ(test, nth(0)->scopes.count, 1u);
	KUNIT_EXPECT_FALSE(test, nth(0)->include_all);
	expect_base(test, 1, 0xfeda1000);
	KUNIT_EXPECT_FALSE(test, nth(1)->include_all);
	expect_base(test, 2, 0xfeda0000);
	KUNIT_EXPECT_TRUE(test, nth(2)->include_all);
	expect_base(test, 3, 0xfedb0000);
	KUNIT_EXPECT_TRUE(test, nth(3)->include_all);
	KUNIT_EXPECT_TRUE(test, nth(0)->from_user && nth(3)->from_user);
}

static void the_user_needs_no_table(struct kunit *test)
{
	const struct dmar_override o = { .base = 0xfed90000 };

	KUNIT_ASSERT_EQ(test, vtd_inventory_build(NULL, 0, &o, 1), 0);
	expect_base(test, 0, 0xfed90000);
	KUNIT_EXPECT_TRUE(test, nth(0)->include_all);
	KUNIT_EXPECT_EQ(test, dmar_host_address_width(), 0);
}

/*
 * The tree: segment 0, root bus 0
 *   00:02.0 graphics
 *   00:1c.0 root port - bus 1: 01:00.0 endpoint, 01:00.1 its function,
 *                              01:10.0 a virtual function of 01:00.0
 *   00:1d.0 root port - bus 2: 02:00.0 bridge to conventional PCI
 *                       bus 3: 03:05.0 conventional device
 * and segment 1, root bus 0 with 00:00.0.
 */
enum { GFX, PORT1, PORT2, NIC, FUNC, VF, BRIDGE, OLD, FAR, DEVICES };

struct tree {
	struct pci_sysdata sysdata[2];
	struct pci_bus bus[5];
	struct pci_dev dev[DEVICES];
	struct acpi_device acpi;
	struct device platform;
};

static void no_release(struct device *dev)
{
}

static void grow_bus(struct tree *w, unsigned int n, unsigned int number,
		     struct pci_bus *parent, struct pci_dev *bridge)
{
	w->bus[n].number = number;
	w->bus[n].parent = parent;
	w->bus[n].self = bridge;
	w->bus[n].sysdata = parent ? parent->sysdata : &w->sysdata[n == 4];
	if (bridge)
		bridge->subordinate = &w->bus[n];
}

static void grow_dev(struct tree *w, unsigned int n, unsigned int bus,
		     unsigned int devfn, u8 port_type, const char *name)
{
	struct pci_dev *pdev = &w->dev[n];

	device_initialize(&pdev->dev);
	pdev->dev.init_name = name;
	pdev->dev.bus = &pci_bus_type;
	pdev->dev.release = no_release;
	pdev->bus = &w->bus[bus];
	pdev->devfn = devfn;
	pdev->pcie_cap = port_type == 0xff ? 0 : 0x40;
	pdev->pcie_flags_reg = port_type << 4;
	if (n == PORT1 || n == PORT2 || n == BRIDGE) {
		pdev->hdr_type = PCI_HEADER_TYPE_BRIDGE;
		pdev->class = PCI_CLASS_BRIDGE_PCI_NORMAL;
	}
}

static struct tree *grow(struct kunit *test)
{
	struct tree *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, w);
	w->sysdata[1].domain = 1;
	grow_dev(w, GFX, 0, PCI_DEVFN(2, 0), PCI_EXP_TYPE_RC_END, "0000:00:02.0");
	w->dev[GFX].class = PCI_CLASS_DISPLAY_VGA << 8;
	grow_dev(w, PORT1, 0, PCI_DEVFN(0x1c, 0), PCI_EXP_TYPE_ROOT_PORT, "0000:00:1c.0");
	grow_dev(w, PORT2, 0, PCI_DEVFN(0x1d, 0), PCI_EXP_TYPE_ROOT_PORT, "0000:00:1d.0");
	grow_dev(w, NIC, 1, PCI_DEVFN(0, 0), PCI_EXP_TYPE_ENDPOINT, "0000:01:00.0");
	grow_dev(w, FUNC, 1, PCI_DEVFN(0, 1), PCI_EXP_TYPE_ENDPOINT, "0000:01:00.1");
	grow_dev(w, VF, 1, PCI_DEVFN(0x10, 0), PCI_EXP_TYPE_ENDPOINT, "0000:01:10.0");
	grow_dev(w, BRIDGE, 2, PCI_DEVFN(0, 0), PCI_EXP_TYPE_PCI_BRIDGE, "0000:02:00.0");
	grow_dev(w, OLD, 3, PCI_DEVFN(5, 0), 0xff, "0000:03:05.0");
	grow_dev(w, FAR, 4, PCI_DEVFN(0, 0), PCI_EXP_TYPE_ENDPOINT, "0001:00:00.0");
	w->dev[VF].is_virtfn = 1;
#ifdef CONFIG_PCI_ATS
	w->dev[VF].physfn = &w->dev[NIC];
#endif
	grow_bus(w, 0, 0, NULL, NULL);
	grow_bus(w, 1, 1, &w->bus[0], &w->dev[PORT1]);
	grow_bus(w, 2, 2, &w->bus[0], &w->dev[PORT2]);
	grow_bus(w, 3, 3, &w->bus[2], &w->dev[BRIDGE]);
	grow_bus(w, 4, 0, NULL, NULL);

	device_initialize(&w->acpi.dev);
	w->acpi.dev.init_name = "INT33C3:00";
	w->acpi.dev.release = no_release;
	fwnode_init(&w->acpi.fwnode, &acpi_device_fwnode_ops);
	device_initialize(&w->platform);
	w->platform.fwnode = &w->acpi.fwnode;
	return w;
}

static void plug_all(struct tree *w)
{
	unsigned int i;

	for (i = 0; i < DEVICES; i++)
		dmar_pci_bus_add_dev(&w->dev[i]);
}

static void expect_served(struct kunit *test, struct tree *w, unsigned int n, u64 base)
{
	struct dmar_drhd_unit *u;
	u8 bus = 0xee, devfn = 0xee;

	u = dmar_find_dmaru(&w->dev[n].dev, &bus, &devfn);
	if (!base) {
		KUNIT_EXPECT_NULL(test, u);
		return;
	}
	KUNIT_ASSERT_NOT_NULL_MSG(test, u, "device %u", n);
	KUNIT_EXPECT_EQ_MSG(test, u->reg_base_addr, base, "device %u", n);
	KUNIT_EXPECT_EQ(test, bus, w->dev[n].bus->number);
	KUNIT_EXPECT_EQ(test, devfn, w->dev[n].devfn);
}

static void unit_of_each_device(struct kunit *test)
{
	struct tree *w = grow(test);

	unit(1, 0, 0xfed93000);
	unit_for(0xfed90000, 1, 0, 2, 0);
	unit_for(0xfed91000, 2, 0, 0x1d, 0);
	KUNIT_ASSERT_EQ(test, build(), 0);
	plug_all(w);
	expect_served(test, w, GFX, 0xfed90000);
	expect_served(test, w, PORT1, 0xfed93000);
	expect_served(test, w, NIC, 0xfed93000);
	expect_served(test, w, PORT2, 0xfed91000);
	expect_served(test, w, BRIDGE, 0xfed91000);
	expect_served(test, w, OLD, 0xfed91000);
	expect_served(test, w, FAR, 0);
}

/* The device's own scope beats that of a bridge above it, wherever it stands */
static void nearest_scope_wins(struct kunit *test)
{
	const unsigned char nic[] = { 0x1c, 0, 0, 0 };
	struct tree *w = grow(test);

	unit_for(0xfed90000, 2, 0, 0x1c, 0);
	drhd_begin(&t, 0, 0, 0xfed91000);
	put_scope(&t, 1, 0, 0, 0, nic, sizeof(nic));
	entry_end(&t, 0);
	KUNIT_ASSERT_EQ(test, build(), 0);
	plug_all(w);
	expect_served(test, w, NIC, 0xfed91000);
	expect_served(test, w, FUNC, 0xfed90000);
	expect_served(test, w, PORT1, 0xfed90000);
	expect_served(test, w, GFX, 0);
#ifdef CONFIG_PCI_ATS
	/* looked up as its physical function, with its own requester id */
	expect_served(test, w, VF, 0xfed91000);
#endif
}

static void paths_of_many_levels(struct kunit *test)
{
	const unsigned char old[] = { 0x1d, 0, 0, 0, 5, 0 };
	struct tree *w = grow(test);

	drhd_begin(&t, 0, 0, 0xfed90000);
	put_scope(&t, 1, 0, 0, 0, old, sizeof(old));
	entry_end(&t, 0);
	KUNIT_ASSERT_EQ(test, build(), 0);
	plug_all(w);
	expect_served(test, w, OLD, 0xfed90000);
	expect_served(test, w, BRIDGE, 0);
}

/* Firmware that gives the final bus, and a bridge scope for an endpoint */
static void odd_scopes_match(struct kunit *test)
{
	struct dmar_rmrr_unit *r;
	struct tree *w = grow(test);

	unit_for(0xfed90000, 2, 0, 2, 0);
	rmrr_begin(&t, 0, 0x9f800000, 0x9fffffff);
	scope_put(&t, 1, 3, 5, 0);
	entry_end(&t, 0);
	KUNIT_ASSERT_EQ(test, build(), 0);
	plug_all(w);
	expect_served(test, w, GFX, 0xfed90000);
	r = list_first_entry(&dmar_rmrr_units, struct dmar_rmrr_unit, list);
	KUNIT_EXPECT_TRUE(test, dmar_scopes_contain(&r->scopes, 0, &w->dev[OLD].dev));
	KUNIT_EXPECT_FALSE(test, dmar_scopes_contain(&r->scopes, 0, &w->dev[BRIDGE].dev));
	KUNIT_EXPECT_FALSE(test, dmar_scopes_contain(&r->scopes, 1, &w->dev[OLD].dev));
}

static void devices_of_other_segments(struct kunit *test)
{
	struct tree *w = grow(test);

	drhd_begin(&t, 0, 1, 0xfed90000);
	scope_put(&t, 1, 0, 0, 0);
	entry_end(&t, 0);
	unit(1, 0, 0xfed91000);
	KUNIT_ASSERT_EQ(test, build(), 0);
	plug_all(w);
	expect_served(test, w, FAR, 0xfed90000);
	expect_served(test, w, NIC, 0xfed91000);
	/* as VMD numbers them: no table speaks of it */
	w->sysdata[1].domain = 0x10000;
	expect_served(test, w, FAR, 0);
}

static void devices_go_and_come(struct kunit *test)
{
	struct tree *w = grow(test);

	unit_for(0xfed90000, 1, 0, 2, 0);
	unit(1, 0, 0xfed91000);
	KUNIT_ASSERT_EQ(test, build(), 0);
	plug_all(w);
	plug_all(w);
	KUNIT_EXPECT_EQ(test, kref_read(&w->dev[GFX].dev.kobj.kref), 2u);
	dmar_pci_bus_del_dev(&w->dev[GFX]);
	KUNIT_EXPECT_EQ(test, kref_read(&w->dev[GFX].dev.kobj.kref), 1u);
	expect_served(test, w, GFX, 0xfed91000);
	plug_all(w);
	expect_served(test, w, GFX, 0xfed90000);
	dmar_dev_scope_exit();
	KUNIT_EXPECT_EQ(test, kref_read(&w->dev[GFX].dev.kobj.kref), 1u);
	plug_all(w);
	vtd_inventory_clear();
	KUNIT_EXPECT_EQ(test, kref_read(&w->dev[GFX].dev.kobj.kref), 1u);
}

static void namespace_devices(struct kunit *test)
{
	struct tree *w = grow(test);
	struct dmar_drhd_unit *u;
	u8 bus, devfn;

	drhd_begin(&t, 1, 0, 0xfed90000);
	put_scope(&t, 5, 0, 3, 0xf0, (const unsigned char *)"\x15\1", 2);
	entry_end(&t, 0);
	KUNIT_ASSERT_EQ(test, build(), 0);
	KUNIT_EXPECT_NULL(test, dmar_find_dmaru(&w->platform, &bus, &devfn));
	vtd_devices_bind_name(&w->acpi.dev, 4, "\\_SB.NONE");
	KUNIT_EXPECT_NULL(test, dmar_find_dmaru(&w->platform, &bus, &devfn));
	vtd_devices_bind_name(&w->acpi.dev, 3, "\\_SB.PCI0.I2C0");
	u = dmar_find_dmaru(&w->platform, &bus, &devfn);
	KUNIT_ASSERT_NOT_NULL(test, u);
	KUNIT_EXPECT_EQ(test, bus, 0xf0);
	KUNIT_EXPECT_EQ(test, devfn, PCI_DEVFN(0x15, 1));
	KUNIT_EXPECT_NULL(test, dmar_find_dmaru(&w->acpi.dev, &bus, &devfn));
}

static void ats_below_named_ports(struct kunit *test)
{
	struct tree *w = grow(test);

	unit(1, 0, 0xfed90000);
	ports_begin(&t, 2, 0, 0);
	scope_put(&t, 2, 0, 0x1c, 0);
	entry_end(&t, 0);
	KUNIT_ASSERT_EQ(test, build(), 0);
	plug_all(w);
	KUNIT_EXPECT_TRUE(test, dmar_ats_allowed(&w->dev[NIC], false));
	KUNIT_EXPECT_TRUE(test, dmar_ats_allowed(&w->dev[GFX], false));	/* integrated */
	KUNIT_EXPECT_FALSE(test, dmar_ats_allowed(&w->dev[BRIDGE], false));	/* other port */
	KUNIT_EXPECT_FALSE(test, dmar_ats_allowed(&w->dev[OLD], false));
}

static void ats_of_all_ports_and_satc(struct kunit *test)
{
	const unsigned char nic[] = { 0x1c, 0, 0, 0 };
	struct tree *w = grow(test);

	unit(1, 0, 0xfed90000);
	ports_begin(&t, 2, 1, 0);
	entry_end(&t, 0);
	ports_begin(&t, 5, 1, 0);
	put_scope(&t, 1, 0, 0, 0, nic, sizeof(nic));
	entry_end(&t, 0);
	KUNIT_ASSERT_EQ(test, build(), 0);
	plug_all(w);
	KUNIT_EXPECT_TRUE(test, dmar_ats_allowed(&w->dev[FUNC], false));
	KUNIT_EXPECT_TRUE(test, dmar_ats_allowed(&w->dev[BRIDGE], false));
	KUNIT_EXPECT_FALSE(test, dmar_ats_allowed(&w->dev[OLD], false));
	KUNIT_EXPECT_TRUE(test, dmar_ats_allowed(&w->dev[NIC], true));
	KUNIT_EXPECT_FALSE(test, dmar_ats_allowed(&w->dev[NIC], false));
}

static struct kunit_case inventory_cases[] = {
	KUNIT_CASE(include_all_comes_last),
	KUNIT_CASE(a_unit_listed_twice_counts_once),
	KUNIT_CASE(one_include_all_a_segment),
	KUNIT_CASE(bad_bases_are_left_off),
	KUNIT_CASE(no_unit_is_an_error),
	KUNIT_CASE(structures_that_make_no_sense),
	KUNIT_CASE(regions_are_made_sane),
	KUNIT_CASE(affinity_in_any_order),
	KUNIT_CASE(interrupt_sources_keep_their_requester),
	KUNIT_CASE(the_user_overrides_the_table),
	KUNIT_CASE(the_user_needs_no_table),
	KUNIT_CASE(unit_of_each_device),
	KUNIT_CASE(nearest_scope_wins),
	KUNIT_CASE(paths_of_many_levels),
	KUNIT_CASE(odd_scopes_match),
	KUNIT_CASE(devices_of_other_segments),
	KUNIT_CASE(devices_go_and_come),
	KUNIT_CASE(namespace_devices),
	KUNIT_CASE(ats_below_named_ports),
	KUNIT_CASE(ats_of_all_ports_and_satc),
	{}
};

static struct kunit_suite inventory_suite = {
	.name = "vtd_inventory",
	.init = inventory_init,
	.exit = inventory_exit,
	.test_cases = inventory_cases,
};

kunit_test_suite(inventory_suite);

MODULE_DESCRIPTION("KUnit tests of the VT-d inventory");
MODULE_LICENSE("GPL");

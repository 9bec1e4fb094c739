// SPDX-License-Identifier: GPL-2.0
/* Errata that show on devices, on devices made of memory; units without devices. */
#include <kunit/test.h>
#include <linux/pci.h>

#include "acpi/devices.h"
#include "acpi/inventory.h"
#include "acpi/judge.h"
#include "acpi/table.h"
#include "unit/quirks.h"

/* A bus whose configuration space is one register that keeps what is written */
struct quirk_bus {
	struct pci_bus bus;
	struct pci_sysdata sysdata;
	struct pci_dev pdev;
	int where;
	u32 value;
};

static int config_read(struct pci_bus *bus, unsigned int devfn, int where, int size, u32 *value)
{
	struct quirk_bus *q = container_of(bus, struct quirk_bus, bus);

	*value = where == q->where ? q->value : 0;
	return PCIBIOS_SUCCESSFUL;
}

static int config_write(struct pci_bus *bus, unsigned int devfn, int where, int size, u32 value)
{
	struct quirk_bus *q = container_of(bus, struct quirk_bus, bus);

	if (where == q->where)
		q->value = value;
	return PCIBIOS_SUCCESSFUL;
}

static struct pci_ops config_ops = { .read = config_read, .write = config_write };

static struct quirk_bus *make(struct kunit *test, u16 device, int where, u32 value)
{
	struct quirk_bus *q = kunit_kzalloc(test, sizeof(*q), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, q);
	q->bus.ops = &config_ops;
	q->bus.sysdata = &q->sysdata;
	q->where = where;
	q->value = value;
	device_initialize(&q->pdev.dev);
	q->pdev.dev.init_name = "0000:00:0f.0";
	q->pdev.dev.bus = &pci_bus_type;
	q->pdev.bus = &q->bus;
	q->pdev.devfn = PCI_DEVFN(0xf, 0);
	q->pdev.vendor = PCI_VENDOR_ID_INTEL;
	q->pdev.device = device;
	return q;
}

static void engine_under_the_wrong_unit(struct kunit *test)
{
	struct quirk_bus *q = make(test, 0x402f, 0xb0, 0xfe710001);
	struct quirk_bus *other = make(test, 0x4030, 0xb0, 0xfe710001);
	struct device *dev = &q->pdev.dev;

	KUNIT_EXPECT_FALSE(test, vtd_quirk_misplaced(dev, 0xfe71a000));
	KUNIT_EXPECT_TRUE(test, vtd_quirk_misplaced(dev, 0xfe710000));
	KUNIT_EXPECT_TRUE(test, vtd_quirk_misplaced(dev, 0xfe718000));
	KUNIT_EXPECT_FALSE(test, vtd_quirk_misplaced(&other->pdev.dev, 0xfe710000));
	/* What somebody plugged in may claim any id: it stays translated */
	q->pdev.untrusted = true;
	KUNIT_EXPECT_FALSE(test, vtd_quirk_misplaced(dev, 0xfe710000));
	q->pdev.untrusted = false;
	q->bus.parent = &other->bus;
	KUNIT_EXPECT_FALSE(test, vtd_quirk_misplaced(dev, 0xfe710000));
}

/* What this driver reports is no error of the platform: patches/0010 */
static void faults_raise_no_serr(struct kunit *test)
{
	static const u16 chipset[] = { 0x342e, 0x3c28, 0x0e28, 0x3728 };

	if (!IS_ENABLED(CONFIG_PCI_QUIRKS))
		kunit_skip(test, "kernel without CONFIG_PCI_QUIRKS");
	for (unsigned int i = 0; i < ARRAY_SIZE(chipset); i++) {
		struct quirk_bus *q = make(test, chipset[i], 0x1ac, 1);

		pci_fixup_device(pci_fixup_early, &q->pdev);
		KUNIT_EXPECT_EQ_MSG(test, q->value, BIT(31) | 1, "chipset %04x", chipset[i]);
	}
}

static void settle(struct dmar_drhd_unit *unit)
{
	unit->ignored = false;
	down_write(&dmar_inventory_lock);
	vtd_devices_settle(unit);
	up_write(&dmar_inventory_lock);
}

static void unit_without_devices(struct kunit *test)
{
	struct quirk_bus *q = make(test, 0x1000, 0, 0);
	struct dmar_dev_scope scope[] = {
		{ .type = VTD_SCOPE_IOAPIC }, { .type = VTD_SCOPE_ENDPOINT },
		{ .type = VTD_SCOPE_BRIDGE },
	};
	struct dmar_drhd_unit unit = {
		.reg_base_addr = 0xfed90000, .scopes = { ARRAY_SIZE(scope), false, scope },
	};

	settle(&unit);
	KUNIT_EXPECT_TRUE(test, unit.ignored);
	/* It may still remap interrupts, and what was left on is switched off */
	KUNIT_EXPECT_FALSE(test, unit.unusable);
	KUNIT_EXPECT_TRUE(test, unit.dormant);
	KUNIT_EXPECT_NOT_NULL(test, unit.why_ignored);
	rcu_assign_pointer(scope[2].dev, &q->pdev.dev);
	settle(&unit);
	KUNIT_EXPECT_FALSE(test, unit.ignored);
	/* Who takes the rest, or was given by the user without devices, is not empty */
	rcu_assign_pointer(scope[2].dev, NULL);
	unit.include_all = true;
	settle(&unit);
	KUNIT_EXPECT_FALSE(test, unit.ignored);
	unit.include_all = false;
	unit.scopes.count = 0;
	settle(&unit);
	KUNIT_EXPECT_FALSE(test, unit.ignored);
}

static void unit_with_nothing_remaps(struct kunit *test)
{
	struct dmar_drhd_unit unit = { .reg_base_addr = 0xfed90000 };

	KUNIT_EXPECT_EQ(test, vtd_inventory_judge(&unit), VTD_UNIT_NOTHING);
	KUNIT_EXPECT_TRUE(test, unit.ignored);
	KUNIT_EXPECT_FALSE(test, unit.unusable);
	unit = (struct dmar_drhd_unit) { .reg_base_addr = 0xfed90080 };
	KUNIT_EXPECT_EQ(test, vtd_inventory_judge(&unit), VTD_UNIT_UNALIGNED);
	KUNIT_EXPECT_TRUE(test, unit.unusable);
}

static struct kunit_case quirk_cases[] = {
	KUNIT_CASE(engine_under_the_wrong_unit),
	KUNIT_CASE(faults_raise_no_serr),
	KUNIT_CASE(unit_without_devices),
	KUNIT_CASE(unit_with_nothing_remaps),
	{ }
};

static struct kunit_suite quirk_suite = {
	.name = "vtd_quirk",
	.test_cases = quirk_cases,
};

kunit_test_suite(quirk_suite);

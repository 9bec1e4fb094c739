// SPDX-License-Identifier: GPL-2.0
/* A PCI device made of memory, see fake_pci.h. */
#include <linux/iommu.h>
#include <linux/numa.h>
#include <linux/pci.h>
#include <linux/unaligned.h>

#include "device/ats.h"
#include "device/device.h"
#include "device/quarantine.h"
#include "domain/attach.h"
#include "tests/fake_pci.h"

static struct fake_pci *fake_of_bus(struct pci_bus *bus)
{
	return container_of(bus, struct fake_pci, bus);
}

u16 fake_pci_word(const struct fake_pci *fake, u32 at)
{
	return get_unaligned_le16(&fake->config[at]);
}

void fake_pci_set_word(struct fake_pci *fake, u32 at, u16 value)
{
	put_unaligned_le16(value, &fake->config[at]);
}

static int fake_read(struct pci_bus *bus, unsigned int devfn, int where, int size, u32 *value)
{
	struct fake_pci *fake = fake_of_bus(bus);

	*value = 0;
	if (devfn != fake->pdev.devfn || where + size > sizeof(fake->config))
		return PCIBIOS_DEVICE_NOT_FOUND;
	memcpy(value, &fake->config[where], size);
	return PCIBIOS_SUCCESSFUL;
}

static int fake_write(struct pci_bus *bus, unsigned int devfn, int where, int size, u32 value)
{
	struct fake_pci *fake = fake_of_bus(bus);

	if (devfn != fake->pdev.devfn || where + size > sizeof(fake->config))
		return PCIBIOS_DEVICE_NOT_FOUND;
	if (fake->deaf)
		return PCIBIOS_SUCCESSFUL;
	if (where == FAKE_PCI_ATS + PCI_ATS_CTRL && value & PCI_ATS_CTRL_ENABLE &&
	    !(fake_pci_word(fake, where) & PCI_ATS_CTRL_ENABLE))
		fake->emptied++;
	memcpy(&fake->config[where], &value, size);
	return PCIBIOS_SUCCESSFUL;
}

static struct pci_ops fake_ops = {
	.read = fake_read,
	.write = fake_write,
};

/**
 * fake_pci_create - a physical function with ATS, which is off
 * @test: the test, with which it goes
 * @rid: its bus, device and function
 * @vendor: its vendor id
 * @device: its device id
 */
struct fake_pci *fake_pci_create(struct kunit *test, u16 rid, u16 vendor, u16 device)
{
	struct fake_pci *fake = kunit_kzalloc(test, sizeof(*fake), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, fake);
	fake->sysdata.node = NUMA_NO_NODE;
	fake->bus.ops = &fake_ops;
	fake->bus.sysdata = &fake->sysdata;
	fake->bus.number = PCI_BUS_NUM(rid);
	fake->pdev.bus = &fake->bus;
	fake->pdev.devfn = rid & 0xff;
	fake->pdev.vendor = vendor;
	fake->pdev.device = device;
	fake->pdev.dev.bus = &pci_bus_type;
	fake->pdev.dev.init_name = "fake-pci";
	fake->pdev.ats_cap = FAKE_PCI_ATS;
	fake_pci_set_word(fake, PCI_VENDOR_ID, vendor);
	fake_pci_set_word(fake, PCI_DEVICE_ID, device);
	fake_pci_set_word(fake, FAKE_PCI_ATS + PCI_ATS_CAP, PCI_ATS_CAP_PAGE_ALIGNED | 8);
	return fake;
}

static void drop(void *data)
{
	struct device *dev = data;

	vtd_attach_blocked(&vtd_blocked_domain, dev);
	vtd_device_del(vtd_device_of(dev));
	dev->iommu = NULL;
}

/**
 * fake_pci_probe - the same, behind a unit and attached to nothing
 * @test: the test
 * @iommu: the unit
 * @rid: its bus, device and function
 * @vendor: its vendor id
 * @device: its device id
 */
struct fake_pci *fake_pci_probe(struct kunit *test, struct intel_iommu *iommu, u16 rid,
				u16 vendor, u16 device)
{
	struct fake_pci *fake = fake_pci_create(test, rid, vendor, device);
	struct device *dev = &fake->pdev.dev;
	struct vtd_device *vdev;

	dev->iommu = kunit_kzalloc(test, sizeof(*dev->iommu), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, dev->iommu);
	vdev = vtd_device_add(dev, iommu, rid);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, vdev);
	vtd_quarantine_init(vdev);
	dev->iommu->priv = vdev;
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, drop, dev), 0);
	vtd_ats_probe(vdev);
	return fake;
}

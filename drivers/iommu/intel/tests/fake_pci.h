/* SPDX-License-Identifier: GPL-2.0 */
/* A PCI device made of memory, for what asks PCI and not the unit. */
#ifndef VTD_TESTS_FAKE_PCI_H
#define VTD_TESTS_FAKE_PCI_H

#include <kunit/test.h>
#include <linux/pci.h>

/* Where its ATS capability lies */
#define FAKE_PCI_ATS	0x100

/**
 * struct fake_pci - a function on a root bus of its own
 * @pdev: what the kernel sees; not registered, and no reference is counted
 * @bus: its bus
 * @sysdata: which segment and node that is
 * @config: its configuration space; what is written can be read
 * @deaf: what is written is lost
 * @emptied: how often its TLB was, by ATS that came on
 */
struct fake_pci {
	struct pci_dev pdev;
	struct pci_bus bus;
	struct pci_sysdata sysdata;
	u8 config[PCI_CFG_SPACE_EXP_SIZE];
	bool deaf;
	u32 emptied;
};

struct intel_iommu;

struct fake_pci *fake_pci_create(struct kunit *test, u16 rid, u16 vendor, u16 device);
struct fake_pci *fake_pci_probe(struct kunit *test, struct intel_iommu *iommu, u16 rid,
				u16 vendor, u16 device);
u16 fake_pci_word(const struct fake_pci *fake, u32 at);
void fake_pci_set_word(struct fake_pci *fake, u32 at, u16 value);

#endif /* VTD_TESTS_FAKE_PCI_H */

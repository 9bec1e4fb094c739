// SPDX-License-Identifier: GPL-2.0
/*
 * The core's rules of grouping (pci_device_group()), asked once more of PCI.
 *
 * The caller's reference to a device keeps its bus, a bus keeps the bridge above it,
 * and so on up; but not what a host bridge that is a driver's (VMD) hung on them, nor
 * its registers.  So the caller also holds vtd_device_lock: no device of a unit is
 * released meanwhile, and the removal of the bridge waits for that.  ->subordinate is
 * what a bridge loses while it is removed, so it is not looked at.
 */
#include <linux/pci.h>

#include "observe/group_facts.h"
#include "observe/group_why.h"

/**
 * vtd_group_id_of - a device's number in the report
 * @pdev: the device
 *
 * Domains that the kernel makes up, behind a VMD, begin at 0x10000.
 *
 * Context: any.
 * Return: domain << 16 | requester id.
 */
u64 vtd_group_id_of(struct pci_dev *pdev)
{
	return (u64)(u32)pci_domain_nr(pdev->bus) << 16 | pci_dev_id(pdev);
}

/* These ports have registers of ACS that are not the specification's */
static bool odd_registers(const struct pci_dev *pdev)
{
	u8 family = pdev->device >> 8;

	return pdev->vendor == PCI_VENDOR_ID_INTEL &&
	       (family == 0x9d || family == 0xa1 || family == 0xa2);
}

static void add_tie(struct vtd_why *why, enum vtd_tie_kind kind, struct pci_dev *a,
		    struct pci_dev *b, struct pci_dev *culprit)
{
	struct vtd_tie *tie = &why->tie[why->ties];
	u16 cap, ctrl;

	if (why->ties == VTD_WHY_TIES) {
		why->more = true;
		return;
	}
	*tie = (struct vtd_tie) {
		.kind = kind, .a = vtd_group_id_of(a), .b = vtd_group_id_of(b),
		.culprit = vtd_group_id_of(culprit),
		.has_acs = culprit->acs_cap,
	};
	if (culprit->acs_cap) {
		pci_read_config_word(culprit, culprit->acs_cap + PCI_ACS_CAP, &cap);
		pci_read_config_word(culprit, culprit->acs_cap + PCI_ACS_CTRL, &ctrl);
		tie->missing = cap & ~ctrl & VTD_WHY_ACS;
		tie->settable = tie->missing && !odd_registers(culprit);
	}
	why->ties++;
}

/* Does the bridge put a requester id of its own in place of its devices' */
static bool is_conventional(struct pci_dev *bridge)
{
	int type;

	if (!pci_is_pcie(bridge))
		return true;
	type = pci_pcie_type(bridge);
	return type == PCI_EXP_TYPE_PCI_BRIDGE || type == PCI_EXP_TYPE_PCIE_BRIDGE;
}

/* The highest bridge that stands for the device, or the device itself */
static struct pci_dev *climb_aliases(struct vtd_why *why, struct pci_dev *pdev)
{
	struct pci_dev *real = pci_real_dma_dev(pdev), *top = real, *up = real;

	if (real != pdev)
		add_tie(why, VTD_TIE_ALIAS, pdev, real, real);
	while ((up = pci_upstream_bridge(up)) &&
	       !(up->dev_flags & PCI_DEV_FLAGS_BRIDGE_XLATE_ROOT)) {
		if (is_conventional(up)) {
			add_tie(why, VTD_TIE_BRIDGE, pdev, up, up);
			top = up;
		}
	}
	return top;
}

/* Everything from @port up that fails is told: each of them alone is enough */
static void blame_path(struct vtd_why *why, struct pci_dev *below, struct pci_dev *port)
{
	struct pci_dev *at;

	for (at = port; at; at = pci_upstream_bridge(at))
		if (!pci_acs_enabled(at, VTD_WHY_ACS))
			add_tie(why, VTD_TIE_PORT, below, port, at);
}

/* Where the core stops to look for what is isolated */
static struct pci_dev *climb_ports(struct vtd_why *why, struct pci_dev *pdev)
{
	struct pci_dev *top = pdev, *up = pdev;

	while ((up = pci_upstream_bridge(up)) && !pci_acs_path_enabled(up, NULL, VTD_WHY_ACS)) {
		blame_path(why, top, up);
		top = up;
	}
	if (top != pdev && pci_pcie_type(top) == PCI_EXP_TYPE_DOWNSTREAM && why->ties &&
	    why->tie[why->ties - 1].culprit == vtd_group_id_of(top))
		why->tie[why->ties - 1].downstream = true;
	return top;
}

static bool bare_function(struct pci_dev *pdev)
{
	return !pci_acs_enabled(pdev, VTD_WHY_ACS);
}

static void tie_pair(struct vtd_why *why, struct pci_dev *a, struct pci_dev *b)
{
	if (a == b || a->bus != b->bus)
		return;
	if (pci_devs_are_dma_aliases(a, b))
		add_tie(why, VTD_TIE_ALIAS, b, a, a);
	if (PCI_SLOT(a->devfn) == PCI_SLOT(b->devfn) && (a->multifunction || b->multifunction) &&
	    bare_function(a) && bare_function(b)) {
		add_tie(why, VTD_TIE_FUNCTION, a, b, a);
		add_tie(why, VTD_TIE_FUNCTION, b, a, b);
	}
}

/**
 * vtd_group_facts - find the ties between devices
 * @why: gets ties; members are the caller's
 * @pdevs: devices of one group, a reference held to each; on return the place
 *	of each has what stands for it, without a reference of its own
 * @count: of @pdevs
 *
 * Context: may sleep; no lock is needed, see the head of the file.
 */
void vtd_group_facts(struct vtd_why *why, struct pci_dev **pdevs, unsigned int count)
{
	unsigned int i, j;

	for (i = 0; i < count; i++)
		pdevs[i] = climb_ports(why, climb_aliases(why, pdevs[i]));
	for (i = 0; i < count; i++)
		for (j = i + 1; j < count; j++)
			tie_pair(why, pdevs[i], pdevs[j]);
}

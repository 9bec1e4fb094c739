// SPDX-License-Identifier: GPL-2.0
/* What firmware says about address translation services: ATSR and SATC. */
#include <linux/pci.h>
#include <linux/rculist.h>

#include "acpi/ats.h"
#include "acpi/inventory.h"
#include "acpi/lookup.h"

/* The structure that names the device */
static const struct dmar_satc_unit *find_satc(struct pci_dev *pdev)
{
	struct dmar_satc_unit *satc;

	list_for_each_entry_rcu(satc, &dmar_satc_units, list) {
		if (dmar_scopes_contain(&satc->scopes, satc->segment, &pdev->dev))
			return satc;
	}
	return NULL;
}

static bool is_port_allowed(struct pci_dev *port)
{
	struct dmar_atsr_unit *atsr;

	list_for_each_entry_rcu(atsr, &dmar_atsr_units, list) {
		if (atsr->segment != pci_domain_nr(port->bus))
			continue;
		if (atsr->all_ports ||
		    dmar_scopes_contain(&atsr->scopes, atsr->segment, &port->dev))
			return true;
	}
	return false;
}

static bool is_allowed(struct pci_dev *pdev, bool scalable)
{
	const struct dmar_satc_unit *satc = find_satc(pdev);
	struct pci_dev *bridge;

	/* What such a device requires hardware does by itself, in legacy mode only */
	if (satc)
		return scalable || !satc->required;
	for (bridge = pci_upstream_bridge(pdev); bridge;
	     bridge = pci_upstream_bridge(bridge)) {
		/* Conventional PCI carries no translated requests */
		if (!pci_is_pcie(bridge) ||
		    pci_pcie_type(bridge) == PCI_EXP_TYPE_PCI_BRIDGE)
			return false;
		if (pci_pcie_type(bridge) == PCI_EXP_TYPE_ROOT_PORT)
			return is_port_allowed(bridge);
	}
	/* Integrated: below no port, so no ATSR speaks of it */
	return true;
}

/**
 * dmar_ats_allowed - does firmware allow ATS for a device
 * @pdev: the device
 * @scalable: its unit is in scalable mode
 *
 * Context: any.
 */
bool dmar_ats_allowed(struct pci_dev *pdev, bool scalable)
{
	bool allowed;

	rcu_read_lock();
	allowed = is_allowed(pci_physfn(pdev), scalable);
	rcu_read_unlock();
	return allowed;
}

/**
 * dmar_ats_required - does a device not work without ATS
 * @pdev: the device
 *
 * SATC.ATC_REQUIRED (section 8.8).
 *
 * Context: any.
 */
bool dmar_ats_required(struct pci_dev *pdev)
{
	const struct dmar_satc_unit *satc;
	bool required;

	rcu_read_lock();
	satc = find_satc(pci_physfn(pdev));
	required = satc && satc->required;
	rcu_read_unlock();
	return required;
}

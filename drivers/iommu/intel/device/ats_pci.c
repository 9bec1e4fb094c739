// SPDX-License-Identifier: GPL-2.0
/* ATS in the device itself, and whether it is there at all. */

#include <linux/pci-ats.h>
#include <linux/pci.h>

#include <kunit/static_stub.h>

#include "device/ats_pci.h"
#include "device/device.h"
#include "hw/entries.h"

/**
 * vtd_ats_switch - ATS in the device itself
 * @vdev: device
 * @on: which; off is done for one that is off, too
 *
 * Context: may sleep.
 *
 * Return: 0, or -errno if it cannot be switched on.
 */
int vtd_ats_switch(struct vtd_device *vdev, bool on)
{
	struct pci_dev *pdev;

	KUNIT_STATIC_STUB_REDIRECT(vtd_ats_switch, vdev, on);
	if (!dev_is_pci(vdev->dev))
		return -EOPNOTSUPP;
	pdev = to_pci_dev(vdev->dev);
	if (on)
		return pci_enable_ats(pdev, VTD_PAGE_SHIFT);
	if (pdev->ats_enabled)
		pci_disable_ats(pdev);
	return 0;
}

/**
 * vtd_ats_stop_found - ATS that is on behind our back goes off
 * @vdev: device whose ATS we have not switched on: a kernel before left it so, or the
 *	device was away when we switched it off
 *
 * For those, too, that are to have none; and before PASIDs are switched on, which may
 * not change meanwhile (PCIe 6.0, section 7.8.8.3).  When ATS comes on again the TLB
 * is emptied by that (an implicit invalidation): nothing has to be asked for.
 *
 * Context: may sleep; the device's configuration.
 */
void vtd_ats_stop_found(const struct vtd_device *vdev)
{
	struct pci_dev *pdev;
	u16 control;
	int at;

	if (!dev_is_pci(vdev->dev))
		return;
	pdev = to_pci_dev(vdev->dev);
	at = pdev->ats_cap + PCI_ATS_CTRL;
	if (!pdev->ats_cap || pdev->ats_enabled || pci_read_config_word(pdev, at, &control) ||
	    PCI_POSSIBLE_ERROR(control) || !(control & PCI_ATS_CTRL_ENABLE))
		return;
	pci_write_config_word(pdev, at, control & ~PCI_ATS_CTRL_ENABLE);
}

/**
 * vtd_ats_torn_off - does PCI know already that the device is not there?
 * @vdev: device
 *
 * Context: any; reads no register.
 */
bool vtd_ats_torn_off(const struct vtd_device *vdev)
{
	KUNIT_STATIC_STUB_REDIRECT(vtd_ats_torn_off, vdev);

	return dev_is_pci(vdev->dev) && pci_dev_is_disconnected(to_pci_dev(vdev->dev));
}

/**
 * vtd_ats_gone - is the device no longer there?
 * @vdev: device
 *
 * It does not answer then, and holds nothing either.
 *
 * Context: any; reads the device's configuration.
 */
bool vtd_ats_gone(const struct vtd_device *vdev)
{
	KUNIT_STATIC_STUB_REDIRECT(vtd_ats_gone, vdev);

	return dev_is_pci(vdev->dev) && !pci_device_is_present(to_pci_dev(vdev->dev));
}

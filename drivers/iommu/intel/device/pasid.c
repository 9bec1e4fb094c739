// SPDX-License-Identifier: GPL-2.0
/*
 * PASIDs of a device: what PCI has to do with them.
 *
 * Whether a device sends PASIDs may not change while its ATS is on (PCIe 6.0, section
 * 7.8.8.3): it is decided when the device is probed, and ends when it is let go.
 */

#include <linux/pci-ats.h>
#include <linux/pci.h>

#include "device/device.h"
#include "device/pasid.h"
#include "unit/unit.h"

/**
 * vtd_pasid_probe - may a device send requests with PASID
 * @vdev: device, after vtd_ats_probe(): its ATS is off
 *
 * Yes if the unit looks them up, and the device and all on the way to its root port
 * know PASIDs.  No execute and no supervisor requests: no domain says that they are
 * allowed.
 *
 * A device with aliases has none: the unit would see its PASIDs under several
 * requester ids, each with tables of its own.
 */
void vtd_pasid_probe(struct vtd_device *vdev)
{
	const struct intel_iommu *iommu = vdev->iommu;
	struct pci_dev *pdev;

	if (!dev_is_pci(vdev->dev) || !iommu->scalable || !iommu->caps.pasid_bits)
		return;
	pdev = to_pci_dev(vdev->dev);
	if (vdev->rid_count > 1 || pci_real_dma_dev(pdev) != pdev || pci_max_pasids(pdev) <= 0)
		return;
	vdev->pasid_on = !pci_enable_pasid(pdev, 0);
}

/**
 * vtd_pasid_release - a device sends no PASIDs any more
 * @vdev: device that is attached to nothing
 */
void vtd_pasid_release(struct vtd_device *vdev)
{
	if (vdev->pasid_on && dev_is_pci(vdev->dev))
		pci_disable_pasid(to_pci_dev(vdev->dev));
	vdev->pasid_on = false;
}

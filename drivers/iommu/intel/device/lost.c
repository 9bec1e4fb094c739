// SPDX-License-Identifier: GPL-2.0
/*
 * The devices of a unit that does not invalidate any more.
 *
 * The unit goes on to translate with what it has cached, and nothing can be taken
 * from it.  What is left is to keep the requests from coming: a function whose bus
 * master bit is off sends none (PCI 3.0, section 6.2.2), and its answer to the write
 * that clears the bit follows its last one.  So who unmaps has the devices shut
 * before the unmap returns, each time, for a driver may have opened one again.
 */

#include <linux/pci.h>
#include <linux/rcupdate.h>
#include <linux/xarray.h>

#include <kunit/static_stub.h>

#include "device/device.h"
#include "device/lost.h"
#include "unit/unit.h"

/**
 * vtd_lost_master_off - let a device send no more requests
 * @dev: the device; one that is not of PCI has no such switch
 * @bridge: its requests come under the name of a bridge, with those of others: that
 *	is shut, too
 *
 * Context: any.
 */
void vtd_lost_master_off(struct device *dev, bool bridge)
{
	struct pci_dev *pdev;

	KUNIT_STATIC_STUB_REDIRECT(vtd_lost_master_off, dev, bridge);
	if (!dev_is_pci(dev))
		return;
	pdev = to_pci_dev(dev);
	pci_clear_master(pdev);
	if (bridge && pci_upstream_bridge(pdev))
		pci_clear_master(pci_upstream_bridge(pdev));
}

/* By requests with PASID or without, or as good as */
static bool lost_reaches(struct vtd_device *vdev, const struct iommu_domain *domain)
{
	struct iommu_domain *with;
	unsigned long pasid;

	if (READ_ONCE(vdev->domain) == domain || READ_ONCE(vdev->coming) == domain)
		return true;
	xa_for_each(&vdev->pasids, pasid, with)
		if (with == domain)
			return true;
	return false;
}

/**
 * vtd_lost_close - keep devices of a unit from reaching memory
 * @iommu: unit that does not invalidate
 * @domain: only those attached to it, with one of their PASIDs or without, because its
 *	entries are what is not invalidated; NULL: all
 *
 * Context: any; reads and writes the configuration of each device.
 */
void vtd_lost_close(struct intel_iommu *iommu, const struct iommu_domain *domain)
{
	struct vtd_device *vdev;
	struct vtd_rid *rid;
	unsigned long id;

	rcu_read_lock();
	xa_for_each(&iommu->rids, id, rid) {
		vdev = READ_ONCE(rid->owner);
		if (vdev && (!domain || lost_reaches(vdev, domain)))
			vtd_lost_master_off(vdev->dev, vtd_device_rid(vdev) != id);
	}
	rcu_read_unlock();
}

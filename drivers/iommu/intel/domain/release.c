// SPDX-License-Identifier: GPL-2.0
/*
 * Where a device is left when the core lets it go.
 *
 * Firmware goes on with the regions that it reserved for a device, driver or not: such
 * a device is left with all memory, as newer cores want it.  They would do it to an id
 * that others still use, too, whose addresses would then be taken for memory; so they
 * are given this domain, and what it means is decided here.
 */

#include <linux/iommu.h>
#include <linux/list.h>
#include <linux/mutex.h>

#include "core/core.h"
#include "device/ats_pci.h"
#include "device/device.h"
#include "domain/attach.h"
#include "unit/unit.h"

static bool release_alone(struct vtd_device *vdev)
{
	bool alone = true;
	unsigned int i;

	mutex_lock(&vdev->iommu->device_lock);
	for (i = 0; i < vdev->rid_count; i++)
		alone &= list_is_singular(&vdev->use[i].rid->users);
	mutex_unlock(&vdev->iommu->device_lock);
	return alone;
}

/**
 * vtd_release_attach - the last attach of a device
 * @domain: &vtd_release_domain
 * @dev: device that goes
 *
 * All memory if firmware reserved some for it, it is still there and nobody else uses
 * its requester ids; else nothing, which leaves to others what they have.
 *
 * Context: may sleep; the core holds the group's mutex.
 *
 * Return: as vtd_attach_blocked().
 */
int vtd_release_attach(struct iommu_domain *domain, struct device *dev)
{
	struct vtd_device *vdev = vtd_device_of(dev);

	if (dev->iommu->require_direct && !vdev->inherits && !vtd_ats_torn_off(vdev) &&
	    release_alone(vdev) && !vtd_attach_identity(&vtd_identity_domain, dev))
		return 0;
	return vtd_attach_blocked(&vtd_blocked_domain, dev);
}

VTD_CORE_ATTACH(release_op, vtd_release_attach)

struct iommu_domain vtd_release_domain = {
	.type = IOMMU_DOMAIN_BLOCKED,
	.ops = &(const struct iommu_domain_ops) {
		.attach_dev = release_op,
	},
};

// SPDX-License-Identifier: GPL-2.0
/*
 * A domain with somebody who looks for pages that devices ask for in it, at attach: page
 * requests follow what is attached (device/pri.c).  A gate that is open is a use.
 */

#include "device/device.h"
#include "device/pri.h"
#include "domain/domain.h"

/**
 * vtd_domain_move_pages - what is attached has changed
 * @vdev: device
 * @pasid: its PASID, IOMMU_NO_PASID for requests without one
 * @asked: the gate was open, and vtd_pri_close() has closed it
 * @asks: vtd_pri_use() was called for the new domain
 * @err: the attach failed
 *
 * Context: may sleep; the core holds the group's mutex, no lock of a unit is held.
 */
void vtd_domain_move_pages(struct vtd_device *vdev, u32 pasid, bool asked, bool asks, int err)
{
	/* Who attached the old domain gets no request any more when this returns */
	if (asked)
		vtd_pri_drain(vdev, pasid);
	if (asks && (err || vtd_pri_open(vdev, pasid)))
		vtd_pri_unuse(vdev);
	if (asked)
		vtd_pri_unuse(vdev);
}

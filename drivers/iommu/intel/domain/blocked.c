// SPDX-License-Identifier: GPL-2.0
/*
 * The blocked domain: what a device, or one of its PASIDs, is attached to when it may
 * reach nothing.  Newer kernels take PASIDs away by attaching them here, and do both
 * around a reset of the device: its requests first, so that nothing is sent to a TLB
 * that need not answer any more, then each PASID.
 */

#include <linux/iommu.h>

#include "core/core.h"
#include "domain/attach.h"
#include "domain/pasid.h"

VTD_CORE_ATTACH(blocked_attach, vtd_attach_blocked)

/* The core warns of a failure, and could do nothing: the PASID is gone in any case */
static int blocked_set_pasid(struct iommu_domain *domain, struct device *dev,
			     ioasid_t pasid, struct iommu_domain *old)
{
	vtd_pasid_remove(dev, pasid, old);
	return 0;
}

struct iommu_domain vtd_blocked_domain = {
	.type = IOMMU_DOMAIN_BLOCKED,
	.ops = &(const struct iommu_domain_ops) {
		.attach_dev	= blocked_attach,
		.set_dev_pasid	= blocked_set_pasid,
	},
};

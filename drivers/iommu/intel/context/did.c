// SPDX-License-Identifier: GPL-2.0
/* Domain ids of one unit. */

#include <linux/idr.h>
#include <linux/minmax.h>

#include "context/did.h"
#include "unit/unit.h"

/* The field of a context entry has 16 bits, whatever CAP.ND says */
#define VTD_DID_LIMIT	65536u

/**
 * vtd_did_alloc - take a free domain id
 * @iommu: unit
 *
 * Context: may sleep.
 *
 * Return: the id, or -ENOSPC when the unit has none left, or -ENOMEM.
 */
int vtd_did_alloc(struct intel_iommu *iommu)
{
	int did = ida_alloc_range(&iommu->dids, VTD_DID_IDENTITY + 1,
				  min(iommu->caps.domain_ids, VTD_DID_LIMIT) - 1,
				  GFP_KERNEL);

	if (did >= 0)
		atomic_inc(&iommu->did_count);
	return did;
}

/**
 * vtd_did_free - give an id back
 * @iommu: unit
 * @did: from vtd_did_alloc(); nothing tagged with it may be cached any more
 */
void vtd_did_free(struct intel_iommu *iommu, u16 did)
{
	ida_free(&iommu->dids, did);
	atomic_dec(&iommu->did_count);
}

/**
 * vtd_did_used - count the ids in use
 * @iommu: unit
 *
 * Return: ids given out, and the two that are reserved.
 */
unsigned int vtd_did_used(struct intel_iommu *iommu)
{
	return atomic_read(&iommu->did_count) + 2;
}

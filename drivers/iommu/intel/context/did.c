// SPDX-License-Identifier: GPL-2.0
/* Domain ids of one unit. */

#include <linux/idr.h>
#include <linux/minmax.h>

#include "context/did.h"
#include "unit/unit.h"

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
 * vtd_did_reserve - keep an id from being given out
 * @iommu: unit
 * @did: id, above the two that have a meaning; it may be kept already
 *
 * Context: may sleep; boot, before any id is given out.
 *
 * Return: 0 or -ENOMEM; vtd_did_free() takes it back, once.
 */
int vtd_did_reserve(struct intel_iommu *iommu, u16 did)
{
	int ret = ida_alloc_range(&iommu->dids, did, did, GFP_KERNEL);

	if (ret >= 0)
		atomic_inc(&iommu->did_count);
	return ret == -ENOMEM ? ret : 0;
}

/**
 * vtd_did_alloc_last - take the highest id that is free
 * @iommu: unit
 *
 * Context: may sleep.
 *
 * Return: as vtd_did_alloc().
 */
int vtd_did_alloc_last(struct intel_iommu *iommu)
{
	u32 did = min(iommu->caps.domain_ids, VTD_DID_LIMIT);
	int ret = -ENOSPC;

	while (ret == -ENOSPC && --did > VTD_DID_IDENTITY)
		ret = ida_alloc_range(&iommu->dids, did, did, GFP_KERNEL);
	if (ret >= 0)
		atomic_inc(&iommu->did_count);
	return ret;
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

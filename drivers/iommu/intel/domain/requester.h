/* SPDX-License-Identifier: GPL-2.0 */
/* A requester id in words: the devices that it may stand for, with their drivers. */
#ifndef VTD_DOMAIN_REQUESTER_H
#define VTD_DOMAIN_REQUESTER_H

#include <linux/types.h>

struct intel_iommu;

/* Bytes for a name; what does not fit is printed before */
#define VTD_REQUESTER_SIZE	256u

void vtd_requester_name(struct intel_iommu *iommu, u16 rid, char *text, size_t size);
bool vtd_requester_has_driver(struct intel_iommu *iommu, u16 rid);

#endif /* VTD_DOMAIN_REQUESTER_H */

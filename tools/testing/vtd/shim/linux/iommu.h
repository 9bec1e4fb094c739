/* SPDX-License-Identifier: GPL-2.0 */
/* Userspace: the domain types, for pure files that decide between them. */
#ifndef VTD_SHIM_LINUX_IOMMU_H
#define VTD_SHIM_LINUX_IOMMU_H

#include <linux/bits.h>

#define IOMMU_DOMAIN_IDENTITY	BIT(2)
#define IOMMU_DOMAIN_DMA	(BIT(0) | BIT(1))

#endif /* VTD_SHIM_LINUX_IOMMU_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* What firmware or an earlier kernel left on in a unit. */
#ifndef VTD_BOOT_LEFTOVER_H
#define VTD_BOOT_LEFTOVER_H

#include <linux/types.h>

#include "boot/policy.h"

struct intel_iommu;

enum vtd_found vtd_leftover_mode(struct intel_iommu *iommu, bool keep);
int vtd_leftover_quiet(struct intel_iommu *iommu, bool keep);
void vtd_leftover_open(struct intel_iommu *iommu);

#endif /* VTD_BOOT_LEFTOVER_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Errata: each edits a unit's decoded capabilities once and is named in the log. */
#ifndef VTD_UNIT_QUIRKS_H
#define VTD_UNIT_QUIRKS_H

#include <linux/types.h>

struct device;
struct intel_iommu;

void vtd_quirks_apply(struct intel_iommu *iommu);
bool vtd_quirk_skip_graphics(void);
bool vtd_quirk_strict(void);
bool vtd_quirk_misplaced(struct device *dev, u64 unit);

#endif /* VTD_UNIT_QUIRKS_H */

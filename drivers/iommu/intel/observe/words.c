// SPDX-License-Identifier: GPL-2.0
/* A unit in the words that sysfs and debugfs share. */
#include "domain/stage.h"
#include "observe/words.h"
#include "unit/unit.h"

/**
 * vtd_words_state - what a unit does at this moment, in one word
 * @iommu: the unit
 *
 * "translating" is said only after a look at the unit itself.
 *
 * Context: any.
 */
const char *vtd_words_state(struct intel_iommu *iommu)
{
	if (iommu->state == VTD_UNIT_DEAD)
		return "dead";
	if (vtd_unit_translating(iommu))
		return "translating";
	switch (iommu->state) {
	case VTD_UNIT_ON:
		return "stopped";
	case VTD_UNIT_READY:
		return "ready";
	default:
		return "off";
	}
}

/**
 * vtd_words_pages - sizes of page that a unit's tables may have
 * @iommu: the unit
 *
 * Context: any.
 */
const char *vtd_words_pages(const struct intel_iommu *iommu)
{
	const struct vtd_caps *caps = &iommu->caps;
	bool first = vtd_stage_choose(caps, iommu->scalable, false) == VTD_STAGE_FIRST;

	switch (first ? caps->fs_leaf : caps->max_leaf) {
	case 3:
		return "4K 2M 1G";
	case 2:
		return "4K 2M";
	default:
		return "4K";
	}
}

/* SPDX-License-Identifier: GPL-2.0 */
/* A unit in the words that sysfs and debugfs share. */
#ifndef VTD_OBSERVE_WORDS_H
#define VTD_OBSERVE_WORDS_H

struct intel_iommu;

const char *vtd_words_state(struct intel_iommu *iommu);
const char *vtd_words_pages(const struct intel_iommu *iommu);

#endif /* VTD_OBSERVE_WORDS_H */

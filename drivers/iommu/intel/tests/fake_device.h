/* SPDX-License-Identifier: GPL-2.0 */
/* Devices and domains for tests, on the fake unit. */
#ifndef VTD_TESTS_FAKE_DEVICE_H
#define VTD_TESTS_FAKE_DEVICE_H

#include <kunit/test.h>
#include <linux/types.h>

#include "hw/entries.h"

struct device;
struct intel_iommu;
struct iommu_domain;
struct vtd_mode;

struct intel_iommu *fake_unit_with_root(struct kunit *test, u64 cap, u64 ecap);
struct intel_iommu *fake_unit_in_mode(struct kunit *test, u64 cap, u64 ecap,
				      const struct vtd_mode *mode);
struct device *fake_device_create(struct kunit *test, struct intel_iommu *iommu,
				  const char *name, u16 rid);
void fake_device_drop(struct kunit *test, struct device *dev);
struct device *fake_device_with_tlb(struct kunit *test, struct intel_iommu *iommu,
				    const char *name, u16 rid);
struct iommu_domain *fake_domain_create(struct kunit *test, struct intel_iommu *iommu);
struct vtd_context_entry fake_unit_entry(struct intel_iommu *iommu, u16 rid);
u16 fake_unit_did(struct intel_iommu *iommu, u16 rid);
void fake_unit_expect_entry(struct kunit *test, struct intel_iommu *iommu, u16 rid,
			    struct vtd_context_entry want);

#endif /* VTD_TESTS_FAKE_DEVICE_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* A machine that has the units of a test and no others. */
#ifndef VTD_TESTS_FAKE_INVENTORY_H
#define VTD_TESTS_FAKE_INVENTORY_H

#include <kunit/test.h>

#include "acpi/inventory.h"

void fake_inventory(struct kunit *test, struct dmar_drhd_unit *drhd, unsigned int count);
void fake_inventory_add(struct kunit *test, struct intel_iommu *iommu);

#endif /* VTD_TESTS_FAKE_INVENTORY_H */

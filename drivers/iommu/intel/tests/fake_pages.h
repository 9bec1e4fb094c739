/* SPDX-License-Identifier: GPL-2.0 */
/* Page requests that come to a fake unit, as its devices send them. */
#ifndef VTD_TESTS_FAKE_PAGES_H
#define VTD_TESTS_FAKE_PAGES_H

#include <kunit/test.h>
#include <linux/types.h>

#include "hw/page_requests.h"
#include "tests/fake_unit.h"

/* What makes a unit take them, in scalable mode */
#define FAKE_ECAP_PAGES	(FAKE_ECAP | VTD_ECAP_SMTS | VTD_ECAP_SSTS | VTD_ECAP_PASID | \
			 VTD_ECAP_PRS | VTD_ECAP_PDS | VTD_ECAP_DT | FIELD_PREP(VTD_ECAP_PSS, 19))

bool fake_pages_put(struct fake_unit *fake, u64 lo, u64 hi);
bool fake_pages_ask(struct fake_unit *fake, u16 rid, u32 pasid, u16 group, u64 addr, bool last);
unsigned int fake_pages_left(struct fake_unit *fake);
void fake_pages_start(struct kunit *test, struct intel_iommu *iommu);

#endif /* VTD_TESTS_FAKE_PAGES_H */

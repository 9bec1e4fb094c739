// SPDX-License-Identifier: GPL-2.0
/* The files of a device are about that device, whoever shares its requester id. */
#include <kunit/test.h>
#include <linux/device.h>
#include <linux/mutex.h>

#include "device/device.h"
#include "observe/find.h"
#include "tests/fake_device.h"
#include "tests/fake_inventory.h"
#include "tests/fake_unit.h"

#define RID	0x0100u

static void shared_id(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct device *first = fake_device_create(test, iommu, "first", RID);
	struct device *second = fake_device_create(test, iommu, "second", RID);

	fake_inventory_add(test, iommu);
	mutex_lock(&vtd_device_lock);
	KUNIT_EXPECT_PTR_EQ(test, vtd_find_device(first), vtd_device_of(first));
	KUNIT_EXPECT_PTR_EQ(test, vtd_find_device(second), vtd_device_of(second));
	KUNIT_EXPECT_NULL(test, vtd_find_device((const struct device *)iommu));
	mutex_unlock(&vtd_device_lock);
}

static struct kunit_case find_cases[] = {
	KUNIT_CASE(shared_id),
	{}
};

static struct kunit_suite find_suite = {
	.name = "vtd_find",
	.test_cases = find_cases,
};

kunit_test_suite(find_suite);

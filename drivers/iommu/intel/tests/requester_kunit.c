// SPDX-License-Identifier: GPL-2.0
/* A requester id in words names every device that it may stand for. */
#include <kunit/test.h>
#include <linux/device.h>
#include <linux/mutex.h>

#include "device/device.h"
#include "domain/requester.h"
#include "tests/fake_device.h"
#include "tests/fake_unit.h"

#define RID	0x0100u

static const char *name_of(struct intel_iommu *iommu, u16 rid, char *text, size_t size)
{
	mutex_lock(&iommu->device_lock);
	vtd_requester_name(iommu, rid, text, size);
	mutex_unlock(&iommu->device_lock);
	return text;
}

/* KUnit puts the test's name in front of each device's: @words has %s for it */
static void expect_name(struct kunit *test, struct intel_iommu *iommu, size_t size,
			const char *words)
{
	char *text = kunit_kzalloc(test, size, GFP_KERNEL);
	char want[VTD_REQUESTER_SIZE];

	KUNIT_ASSERT_NOT_NULL(test, text);
	snprintf(want, sizeof(want), words, test->name, test->name);
	KUNIT_EXPECT_STREQ(test, name_of(iommu, RID, text, size), want);
}

static bool has_driver(struct intel_iommu *iommu, u16 rid)
{
	bool has;

	mutex_lock(&iommu->device_lock);
	has = vtd_requester_has_driver(iommu, rid);
	mutex_unlock(&iommu->device_lock);
	return has;
}

static void nobody(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);

	expect_name(test, iommu, VTD_REQUESTER_SIZE, "");
	KUNIT_EXPECT_FALSE(test, has_driver(iommu, RID));
}

/* KUnit binds the test's first driver to each device; what if it is gone? */
static void without_driver(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct device *dev = fake_device_create(test, iommu, "idle", RID);
	struct device_driver *driver = dev->driver;

	expect_name(test, iommu, VTD_REQUESTER_SIZE, "%s.idle driver idle");
	KUNIT_EXPECT_TRUE(test, has_driver(iommu, RID));
	dev->driver = NULL;
	expect_name(test, iommu, VTD_REQUESTER_SIZE, "%s.idle driver none");
	KUNIT_EXPECT_FALSE(test, has_driver(iommu, RID));
	dev->driver = driver;
}

static void behind_a_bridge(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct device *first = fake_device_create(test, iommu, "first", RID);
	struct device_driver *driver = first->driver;

	fake_device_create(test, iommu, "second", RID);
	first->driver = NULL;
	expect_name(test, iommu, VTD_REQUESTER_SIZE,
		    "%s.first driver none or %s.second driver first");
	KUNIT_EXPECT_TRUE(test, has_driver(iommu, RID));
	first->driver = driver;
}

/* They do not fit: what came before is printed, the rest is there, whole */
static void crowded(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	char name[16];

	for (unsigned int i = 0; i < 8; i++) {
		snprintf(name, sizeof(name), "crowd%u", i);
		fake_device_create(test, iommu, name, RID);
	}
	expect_name(test, iommu, 64, "%s.crowd6 driver crowd0 or %s.crowd7 driver crowd0");
}

static struct kunit_case requester_cases[] = {
	KUNIT_CASE(nobody),
	KUNIT_CASE(without_driver),
	KUNIT_CASE(behind_a_bridge),
	KUNIT_CASE(crowded),
	{}
};

static struct kunit_suite requester_suite = {
	.name = "vtd_requester",
	.test_cases = requester_cases,
};

kunit_test_suite(requester_suite);

// SPDX-License-Identifier: GPL-2.0
/* Devices and domains for tests, on the fake unit.  All go away with the test. */
#include <kunit/device.h>
#include <kunit/static_stub.h>
#include <linux/bitfield.h>
#include <linux/iommu.h>

#include "context/context.h"
#include "device/ats_pci.h"
#include "device/device.h"
#include "device/quarantine.h"
#include "domain/attach.h"
#include "domain/domain.h"
#include "domain/pasid.h"
#include "tests/fake_device.h"
#include "tests/fake_unit.h"

static void free_root(void *iommu)
{
	vtd_context_free(iommu);
}

/**
 * fake_unit_with_root - a fake unit with an empty root table
 * @test: the test
 * @cap: CAP
 * @ecap: ECAP
 *
 * Its log is empty: what the root table cost is not in there.
 */
struct intel_iommu *fake_unit_with_root(struct kunit *test, u64 cap, u64 ecap)
{
	return fake_unit_in_mode(test, cap, ecap, &vtd_legacy_mode);
}

/**
 * fake_unit_in_mode - the same in a mode of one's choice
 * @test: the test
 * @cap: CAP
 * @ecap: ECAP; the fake looks nothing up, so that it is for the driver only
 * @mode: the mode
 */
struct intel_iommu *fake_unit_in_mode(struct kunit *test, u64 cap, u64 ecap,
				      const struct vtd_mode *mode)
{
	struct intel_iommu *iommu = fake_unit_create(test, cap, ecap);

	KUNIT_ASSERT_EQ(test, iommu_alloc_root_entry(iommu, mode), 0);
	KUNIT_ASSERT_EQ(test, iommu_set_root_entry(iommu), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_root, iommu), 0);
	fake_unit_of(iommu)->log_count = 0;
	return iommu;
}

static void drop_device(void *data)
{
	struct device *dev = data;

	vtd_attach_blocked(&vtd_blocked_domain, dev);
	vtd_pasid_remove_all(dev);
	vtd_device_del(vtd_device_of(dev));
	dev->iommu = NULL;
}

/**
 * fake_device_create - a device that uses one requester id, attached to nothing
 * @test: the test
 * @iommu: its unit
 * @name: of the device, unique in a test
 * @rid: its requester id
 */
struct device *fake_device_create(struct kunit *test, struct intel_iommu *iommu,
				  const char *name, u16 rid)
{
	struct device *dev = kunit_device_register(test, name);
	struct vtd_device *vdev;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	dev->iommu = kunit_kzalloc(test, sizeof(*dev->iommu), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, dev->iommu);
	vdev = vtd_device_add(dev, iommu, rid);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, vdev);
	vtd_quarantine_init(vdev);
	/* dev_iommu_priv_set() is for the core's probe path only */
	dev->iommu->priv = vdev;
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, drop_device, dev), 0);
	return dev;
}

/**
 * fake_device_drop - a device goes before its test ends
 * @test: the test
 * @dev: from fake_device_create()
 */
void fake_device_drop(struct kunit *test, struct device *dev)
{
	kunit_release_action(test, drop_device, dev);
}

static int fake_ats_switch(struct vtd_device *vdev, bool on)
{
	return 0;
}

static bool fake_ats_gone(const struct vtd_device *vdev)
{
	return fake_unit_of(vdev->iommu)->torn_off == vtd_device_rid(vdev);
}

/* PCI learns of it a little later */
static bool fake_ats_torn_off(const struct vtd_device *vdev)
{
	return fake_unit_of(vdev->iommu)->torn_off_known && fake_ats_gone(vdev);
}

static void fake_quarantine_later(struct vtd_device *vdev)
{
}

/**
 * fake_device_with_tlb - the same with ATS, which an attach switches on
 * @test: the test
 * @iommu: its unit
 * @name: of the device, unique in a test
 * @rid: its requester id
 *
 * What quarantine leaves for later is left to the test: vtd_quarantine_finish().
 */
struct device *fake_device_with_tlb(struct kunit *test, struct intel_iommu *iommu,
				    const char *name, u16 rid)
{
	struct device *dev = fake_device_create(test, iommu, name, rid);

	kunit_activate_static_stub(test, vtd_ats_switch, fake_ats_switch);
	kunit_activate_static_stub(test, vtd_ats_gone, fake_ats_gone);
	kunit_activate_static_stub(test, vtd_ats_torn_off, fake_ats_torn_off);
	kunit_activate_static_stub(test, vtd_quarantine_later, fake_quarantine_later);
	vtd_device_of(dev)->ats.supported = true;
	/* Below that nothing is sent to a TLB */
	iommu->state = VTD_UNIT_ON;
	return dev;
}

static void free_domain(void *domain)
{
	vtd_domain_free(domain);
}

/**
 * fake_domain_create - an unmanaged domain
 * @test: the test
 * @iommu: the unit that it is made for
 */
struct iommu_domain *fake_domain_create(struct kunit *test, struct intel_iommu *iommu)
{
	struct iommu_domain *domain = vtd_domain_alloc(iommu, false);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, domain);
	domain->type = IOMMU_DOMAIN_UNMANAGED;
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_domain, domain), 0);
	return domain;
}

/**
 * fake_unit_entry - the context entry of a requester id; zero if it has none
 * @iommu: the unit
 * @rid: requester id
 */
struct vtd_context_entry fake_unit_entry(struct intel_iommu *iommu, u16 rid)
{
	struct vtd_context_words words;

	vtd_context_read(iommu, rid, &words);
	return (struct vtd_context_entry) { words.context[0], words.context[1] };
}

/**
 * fake_unit_did - the domain id in the context entry of a requester id
 * @iommu: the unit
 * @rid: requester id
 */
u16 fake_unit_did(struct intel_iommu *iommu, u16 rid)
{
	return FIELD_GET(VTD_CTX_HI_DID, fake_unit_entry(iommu, rid).hi);
}

/**
 * fake_unit_expect_entry - the context entry of a requester id is this one
 * @test: the test
 * @iommu: the unit
 * @rid: requester id
 * @want: the entry
 */
void fake_unit_expect_entry(struct kunit *test, struct intel_iommu *iommu, u16 rid,
			    struct vtd_context_entry want)
{
	struct vtd_context_entry entry = fake_unit_entry(iommu, rid);

	KUNIT_EXPECT_EQ(test, entry.lo, want.lo);
	KUNIT_EXPECT_EQ(test, entry.hi, want.hi);
}

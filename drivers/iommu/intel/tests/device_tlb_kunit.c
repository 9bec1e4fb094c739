// SPDX-License-Identifier: GPL-2.0
/* TLBs of PCI devices: who may have one, what is sent to it, and when it is on. */
#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/bitfield.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/sizes.h>

#include "boot/start.h"
#include "core/core.h"
#include "device/ats.h"
#include "device/device.h"
#include "device/quarantine.h"
#include "domain/attach.h"
#include "domain/domain.h"
#include "domain/flush.h"
#include "tests/fake_device.h"
#include "tests/fake_pci.h"
#include "tests/fake_unit.h"
#include "unit/queue.h"

#define VENDOR	0x1af4
#define DEVICE	0x1042
#define RID	0x0308
#define QAT	0x4940
#define MANY	40u

/* A unit with device TLBs, translating */
static struct intel_iommu *tlb_unit(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP | VTD_ECAP_DT);

	iommu->state = VTD_UNIT_ON;
	return iommu;
}

static struct vtd_device *tlb_device(struct kunit *test, struct intel_iommu *iommu, u16 rid,
				     u16 vendor, u16 device)
{
	return vtd_device_of(&fake_pci_probe(test, iommu, rid, vendor, device)->pdev.dev);
}

static bool tlb_is_on(const struct fake_pci *fake)
{
	return fake_pci_word(fake, FAKE_PCI_ATS + PCI_ATS_CTRL) & PCI_ATS_CTRL_ENABLE;
}

static void tlb_probe(struct kunit *test)
{
	struct fake_pci *fake = fake_pci_probe(test, tlb_unit(test), RID, VENDOR, DEVICE);
	struct vtd_device *vdev = vtd_device_of(&fake->pdev.dev);

	KUNIT_EXPECT_TRUE(test, vdev->ats.supported);
	KUNIT_EXPECT_FALSE(test, vdev->ats.twice);
	KUNIT_EXPECT_EQ(test, vdev->ats.depth, 8);
	KUNIT_EXPECT_FALSE(test, tlb_is_on(fake));
	/* Virtual functions may use theirs, whatever this one does */
	KUNIT_EXPECT_EQ(test, fake->pdev.ats_stu, VTD_PAGE_SHIFT);
}

static void tlb_whole_pages_only(struct kunit *test)
{
	struct fake_pci *fake = fake_pci_create(test, RID, VENDOR, DEVICE);
	struct vtd_device vdev = {
		.dev = &fake->pdev.dev, .iommu = tlb_unit(test), .rid_count = 1,
	};

	fake_pci_set_word(fake, FAKE_PCI_ATS + PCI_ATS_CAP, 8);
	vtd_ats_probe(&vdev);
	KUNIT_EXPECT_FALSE(test, vdev.ats.supported);
}

/* By a kernel before: off before anything else of the device changes, for whoever it is */
static void tlb_left_on(struct kunit *test)
{
	const u64 ecap[] = { FAKE_ECAP, FAKE_ECAP | VTD_ECAP_DT };

	for (u32 i = 0; i < ARRAY_SIZE(ecap); i++) {
		struct fake_pci *fake = fake_pci_create(test, RID, VENDOR, DEVICE);
		struct vtd_device vdev = {
			.dev = &fake->pdev.dev, .rid_count = 1,
			.iommu = fake_unit_with_root(test, FAKE_CAP, ecap[i]),
		};

		/* One that asks for parts of pages gets none from us, but has one */
		fake_pci_set_word(fake, FAKE_PCI_ATS + PCI_ATS_CAP, 8);
		fake_pci_set_word(fake, FAKE_PCI_ATS + PCI_ATS_CTRL, PCI_ATS_CTRL_ENABLE | 3);
		vtd_ats_probe(&vdev);
		KUNIT_EXPECT_FALSE(test, vdev.ats.supported);
		KUNIT_EXPECT_EQ(test, fake_pci_word(fake, FAKE_PCI_ATS + PCI_ATS_CTRL), 3);
	}
}

static void tlb_errata(struct kunit *test)
{
	struct intel_iommu *iommu = tlb_unit(test);

	for (u16 i = 0; i < 4; i++)
		KUNIT_EXPECT_TRUE(test, tlb_device(test, iommu, RID + i, PCI_VENDOR_ID_INTEL,
						   QAT + i)->ats.twice);
	KUNIT_EXPECT_FALSE(test, tlb_device(test, iommu, RID + 8, PCI_VENDOR_ID_INTEL,
					    QAT - 1)->ats.twice);
	KUNIT_EXPECT_FALSE(test, tlb_device(test, iommu, RID + 9, PCI_VENDOR_ID_INTEL,
					    QAT + 4)->ats.twice);
	KUNIT_EXPECT_FALSE(test, tlb_device(test, iommu, RID + 10, VENDOR, QAT)->ats.twice);
}

static void tlb_unmap(struct iommu_domain *domain)
{
	const struct vtd_flush flush = { .first = SZ_1M, .last = SZ_1M + 0xfff, .leaf = true };

	vtd_flush_domain(to_dmar_domain(domain), &flush);
}

static u32 tlb_told(struct fake_unit *fake, const struct vtd_device *vdev)
{
	const struct vtd_desc desc = vtd_desc_dev_tlb(vtd_device_rid(vdev), vdev->ats.pfsid,
						      vdev->ats.depth, SZ_1M, 0);

	return fake_unit_count(fake, &desc);
}

/* More than batches have room for, every other one with the erratum */
static void tlb_twice(struct kunit *test)
{
	struct intel_iommu *iommu = tlb_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct iommu_domain *domain = fake_domain_create(test, iommu);
	struct vtd_device **vdev = kunit_kcalloc(test, MANY, sizeof(*vdev), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, vdev);
	for (u32 i = 0; i < MANY; i++) {
		vdev[i] = tlb_device(test, iommu, RID + i, PCI_VENDOR_ID_INTEL,
				     i & 1 ? QAT : DEVICE);
		KUNIT_ASSERT_EQ(test, vtd_attach_paging(domain, vdev[i]->dev), 0);
	}
	fake->log_count = 0;
	tlb_unmap(domain);
	KUNIT_EXPECT_EQ(test, fake->log_count, 1 + MANY + MANY / 2);
	for (u32 i = 0; i < MANY; i++)
		KUNIT_EXPECT_EQ(test, tlb_told(fake, vdev[i]), i & 1 ? 2 : 1);
}

/* When it is switched off, too */
static void tlb_twice_at_the_end(struct kunit *test)
{
	struct intel_iommu *iommu = tlb_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct iommu_domain *domain = fake_domain_create(test, iommu);
	struct vtd_device *vdev = tlb_device(test, iommu, RID, PCI_VENDOR_ID_INTEL, QAT);
	struct vtd_desc all = vtd_desc_dev_tlb(RID, vdev->ats.pfsid, vdev->ats.depth, 0, 52);

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(domain, vdev->dev), 0);
	fake->log_count = 0;
	vtd_attach_blocked(&vtd_blocked_domain, vdev->dev);
	KUNIT_EXPECT_EQ(test, fake_unit_count(fake, &all), 2);
}

static void tlb_here(struct fake_pci *fake, bool here)
{
	fake_pci_set_word(fake, PCI_VENDOR_ID, here ? VENDOR : U16_MAX);
	fake_pci_set_word(fake, PCI_DEVICE_ID, here ? DEVICE : U16_MAX);
}

/*
 * The same, and nothing that was written to it arrived.  A PASID may be gone meanwhile,
 * and nobody can ask for what it held of that: ATS goes off and on.
 */
static void tlb_away_and_still_on(struct kunit *test)
{
	struct intel_iommu *iommu = tlb_unit(test);
	struct iommu_domain *one = fake_domain_create(test, iommu);
	struct fake_pci *fake = fake_pci_probe(test, iommu, RID, VENDOR, DEVICE);
	struct vtd_device *vdev = vtd_device_of(&fake->pdev.dev);

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(one, vdev->dev), 0);
	KUNIT_EXPECT_EQ(test, fake->emptied, 1);
	tlb_here(fake, false);
	fake->deaf = true;
	vtd_attach_blocked(&vtd_blocked_domain, vdev->dev);
	fake->deaf = false;
	tlb_here(fake, true);
	KUNIT_EXPECT_TRUE(test, tlb_is_on(fake));
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(one, vdev->dev), 0);
	KUNIT_EXPECT_TRUE(test, vdev->ats.enabled);
	KUNIT_EXPECT_EQ(test, fake->emptied, 2);
}

/* It read all ones while it was detached, and is back with all that it held */
static void tlb_away_for_a_moment(struct kunit *test)
{
	struct intel_iommu *iommu = tlb_unit(test);
	struct fake_unit *unit = fake_unit_of(iommu);
	struct iommu_domain *one = fake_domain_create(test, iommu);
	struct iommu_domain *two = fake_domain_create(test, iommu);
	struct fake_pci *fake = fake_pci_probe(test, iommu, RID, VENDOR, DEVICE);
	struct vtd_device *vdev = vtd_device_of(&fake->pdev.dev);
	struct vtd_desc all = vtd_desc_dev_tlb(RID, vdev->ats.pfsid, vdev->ats.depth, 0, 52);

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(one, vdev->dev), 0);
	tlb_here(fake, false);
	unit->log_count = 0;
	vtd_attach_blocked(&vtd_blocked_domain, vdev->dev);
	KUNIT_EXPECT_EQ(test, fake_unit_count(unit, &all), 0);
	tlb_here(fake, true);

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(two, vdev->dev), 0);
	KUNIT_EXPECT_EQ(test, fake_unit_count(unit, &all), 1);
	KUNIT_EXPECT_TRUE(test, tlb_is_on(fake));
	KUNIT_EXPECT_TRUE(test, vdev->ats.enabled);

	/* It owes nothing any more */
	vtd_attach_blocked(&vtd_blocked_domain, vdev->dev);
	unit->log_count = 0;
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(two, vdev->dev), 0);
	KUNIT_EXPECT_EQ(test, fake_unit_count(unit, &all), 0);
}

/* Nobody can have cached anything, and such descriptors are not to be sent */
static void tlb_translation_off(struct kunit *test)
{
	struct intel_iommu *iommu = tlb_unit(test);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct iommu_domain *domain = fake_domain_create(test, iommu);
	struct vtd_device *vdev;

	iommu->state = VTD_UNIT_READY;
	vdev = tlb_device(test, iommu, RID, VENDOR, DEVICE);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(domain, vdev->dev), 0);
	KUNIT_EXPECT_TRUE(test, vdev->ats.enabled);
	fake->log_count = 0;
	tlb_unmap(domain);
	KUNIT_EXPECT_EQ(test, fake->log_count, 1);
	KUNIT_EXPECT_EQ(test, tlb_told(fake, vdev), 0);
	iommu->state = VTD_UNIT_ON;
	tlb_unmap(domain);
	KUNIT_EXPECT_EQ(test, tlb_told(fake, vdev), 1);
}

/* Somebody who waited marked it; it is attached anew before the work item ran */
static void tlb_off_after_the_mark(struct kunit *test)
{
	struct intel_iommu *iommu = tlb_unit(test);
	struct iommu_domain *one = fake_domain_create(test, iommu);
	struct iommu_domain *two = fake_domain_create(test, iommu);
	struct fake_pci *fake = fake_pci_probe(test, iommu, RID, VENDOR, DEVICE);
	struct vtd_device *vdev = vtd_device_of(&fake->pdev.dev);

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(one, vdev->dev), 0);
	KUNIT_ASSERT_TRUE(test, tlb_is_on(fake));
	vdev->ats.fate = VTD_ATS_OUT;
	vdev->ats.enabled = false;
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(two, vdev->dev), 0);
	KUNIT_EXPECT_FALSE(test, tlb_is_on(fake));
	KUNIT_EXPECT_FALSE(test, fake->pdev.ats_enabled);
	KUNIT_EXPECT_TRUE(test, fake_unit_entry(iommu, RID).lo & VTD_CTX_LO_P);
}

/* The work item, which a test calls itself: it has to see the fakes */
static void later(struct vtd_device *vdev)
{
}

/* What the core does in the place of this */
static struct iommu_domain *group_domain;

static void reattach(struct vtd_device *vdev)
{
	vtd_attach_blocked(&vtd_blocked_domain, vdev->dev);
	vtd_attach_paging(group_domain, vdev->dev);
}

static void tlb_back_for_a_driver(struct kunit *test)
{
	struct intel_iommu *iommu = tlb_unit(test);
	struct vtd_device *vdev;
	struct fake_pci *fake;

	kunit_activate_static_stub(test, vtd_quarantine_later, later);
	kunit_activate_static_stub(test, vtd_quarantine_reattach, reattach);
	group_domain = fake_domain_create(test, iommu);
	fake = fake_pci_probe(test, iommu, RID, VENDOR, DEVICE);
	vdev = vtd_device_of(&fake->pdev.dev);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(group_domain, vdev->dev), 0);
	vtd_quarantine_end(vdev);
	KUNIT_EXPECT_TRUE(test, tlb_is_on(fake));

	/* Told once, however often it owes an answer */
	KUNIT_EXPECT_TRUE(test, vtd_quarantine_device(iommu, RID));
	KUNIT_EXPECT_FALSE(test, vtd_quarantine_device(iommu, RID));
	vtd_quarantine_finish(vdev);
	KUNIT_EXPECT_FALSE(test, tlb_is_on(fake));
	KUNIT_EXPECT_FALSE(test, fake_unit_entry(iommu, RID).lo & VTD_CTX_LO_P);
	vtd_quarantine_end(vdev);
	KUNIT_EXPECT_TRUE(test, fake_unit_entry(iommu, RID).lo & VTD_CTX_LO_P);
	KUNIT_EXPECT_EQ(test, FIELD_GET(VTD_CTX_LO_TT, fake_unit_entry(iommu, RID).lo),
			VTD_TT_MULTI_LEVEL);
	KUNIT_EXPECT_FALSE(test, tlb_is_on(fake));
}

/* The mark is there, the work item has not run: not forgotten for that */
static void tlb_back_at_once(struct kunit *test)
{
	struct intel_iommu *iommu = tlb_unit(test);
	struct vtd_device *vdev;

	kunit_activate_static_stub(test, vtd_quarantine_later, later);
	kunit_activate_static_stub(test, vtd_quarantine_reattach, reattach);
	group_domain = fake_domain_create(test, iommu);
	vdev = tlb_device(test, iommu, RID, VENDOR, DEVICE);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(group_domain, vdev->dev), 0);
	vtd_quarantine_device(iommu, RID);
	vtd_quarantine_end(vdev);
	vtd_quarantine_finish(vdev);
	KUNIT_EXPECT_TRUE(test, fake_unit_entry(iommu, RID).lo & VTD_CTX_LO_P);
}

/* No power when memory is unmapped: not out, but nothing that it holds is of use to it */
static void tlb_away_at_an_unmap(struct kunit *test)
{
	struct intel_iommu *iommu = tlb_unit(test);
	struct iommu_domain *one = fake_domain_create(test, iommu);
	struct fake_pci *fake = fake_pci_probe(test, iommu, RID, VENDOR, DEVICE);
	struct vtd_device *vdev = vtd_device_of(&fake->pdev.dev);

	kunit_activate_static_stub(test, vtd_quarantine_later, later);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(one, vdev->dev), 0);
	tlb_here(fake, false);
	KUNIT_EXPECT_TRUE(test, vtd_quarantine_silent(iommu, RID));
	KUNIT_EXPECT_TRUE(test, vtd_quarantine_device(iommu, RID));
	KUNIT_EXPECT_EQ(test, vtd_quarantine_settle(vdev), 0);
	vtd_quarantine_finish(vdev);
	tlb_here(fake, true);
	KUNIT_EXPECT_EQ(test, vdev->ats.fate, VTD_ATS_WITHOUT);
	KUNIT_EXPECT_EQ(test, FIELD_GET(VTD_CTX_LO_TT, fake_unit_entry(iommu, RID).lo),
			VTD_TT_MULTI_LEVEL);
	KUNIT_EXPECT_TRUE(test, fake_unit_entry(iommu, RID).lo & VTD_CTX_LO_P);
	KUNIT_EXPECT_FALSE(test, tlb_is_on(fake));
}

/* Marked between an attach's look at its fate and the work: the attach had the last word */
static void tlb_marked_late(struct kunit *test)
{
	struct intel_iommu *iommu = tlb_unit(test);
	struct iommu_domain *one = fake_domain_create(test, iommu);
	struct iommu_domain *two = fake_domain_create(test, iommu);
	struct vtd_device *vdev = tlb_device(test, iommu, RID, VENDOR, DEVICE);

	kunit_activate_static_stub(test, vtd_quarantine_later, later);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(one, vdev->dev), 0);
	KUNIT_EXPECT_TRUE(test, vtd_quarantine_device(iommu, RID));
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(two, vdev->dev), 0);
	/* As if whoever marked it had been away between its two stores */
	WRITE_ONCE(vdev->ats.doomed, true);
	vtd_quarantine_finish(vdev);
	KUNIT_EXPECT_TRUE(test, fake_unit_entry(iommu, RID).lo & VTD_CTX_LO_P);
	KUNIT_EXPECT_EQ(test, FIELD_GET(VTD_CTX_LO_TT, fake_unit_entry(iommu, RID).lo),
			VTD_TT_MULTI_LEVEL);
}

/* As before, and it does not forget: translated, its own translations refused */
static void tlb_away_and_no_answer(struct kunit *test)
{
	struct intel_iommu *iommu = tlb_unit(test);
	struct iommu_domain *one = fake_domain_create(test, iommu);
	struct fake_pci *fake = fake_pci_probe(test, iommu, RID, VENDOR, DEVICE);
	struct vtd_device *vdev = vtd_device_of(&fake->pdev.dev);

	kunit_activate_static_stub(test, vtd_quarantine_later, later);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(one, vdev->dev), 0);
	tlb_here(fake, false);
	vtd_attach_blocked(&vtd_blocked_domain, vdev->dev);
	/* Still away: not to blame, and it still owes */
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(one, vdev->dev), 0);
	KUNIT_EXPECT_FALSE(test, vdev->ats.enabled);
	KUNIT_EXPECT_EQ(test, vdev->ats.fate, VTD_ATS_ALIVE);
	vtd_attach_blocked(&vtd_blocked_domain, vdev->dev);
	tlb_here(fake, true);

	fake_unit_of(iommu)->refused = RID;
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(one, vdev->dev), 0);
	/* The attach has done it all: nothing is left that would block it */
	vtd_quarantine_finish(vdev);
	KUNIT_EXPECT_FALSE(test, tlb_is_on(fake));
	KUNIT_EXPECT_FALSE(test, vdev->ats.enabled);
	KUNIT_EXPECT_TRUE(test, fake_unit_entry(iommu, RID).lo & VTD_CTX_LO_P);
	KUNIT_EXPECT_EQ(test, FIELD_GET(VTD_CTX_LO_TT, fake_unit_entry(iommu, RID).lo),
			VTD_TT_MULTI_LEVEL);
}

/* What iommufd tells a user, who may pass it on to a guest */
static void tlb_offered(struct kunit *test)
{
	struct intel_iommu *iommu = tlb_unit(test);
	struct vtd_device *vdev = tlb_device(test, iommu, RID, VENDOR, DEVICE);

	if (vtd_core_ats_answer(vtd_start_ops, vdev->dev) == -EOPNOTSUPP)
		kunit_skip(test, "this kernel does not ask");
	kunit_activate_static_stub(test, vtd_quarantine_later, later);
	KUNIT_EXPECT_EQ(test, vtd_core_ats_answer(vtd_start_ops, vdev->dev), 1);
	/* Given up: there is none any more */
	KUNIT_EXPECT_TRUE(test, vtd_quarantine_device(iommu, RID));
	KUNIT_EXPECT_EQ(test, vtd_core_ats_answer(vtd_start_ops, vdev->dev), 0);
	vtd_quarantine_finish(vdev);
	vdev->ats.supported = false;
	KUNIT_EXPECT_EQ(test, vtd_core_ats_answer(vtd_start_ops, vdev->dev), 0);
}

/* A capability of CXL's that says "caches memory of the host", behind that of ATS */
static void tlb_make_cxl(struct fake_pci *fake)
{
	const u32 at = FAKE_PCI_ATS + 0x40;

	fake->pdev.cfg_size = PCI_CFG_SPACE_EXP_SIZE;
	fake_pci_set_word(fake, FAKE_PCI_ATS, PCI_EXT_CAP_ID_ATS);
	fake_pci_set_word(fake, FAKE_PCI_ATS + 2, at << 4 | 1);
	fake_pci_set_word(fake, at, PCI_EXT_CAP_ID_DVSEC);
	fake_pci_set_word(fake, at + 2, 1);
	fake_pci_set_word(fake, at + PCI_DVSEC_HEADER1, PCI_VENDOR_ID_CXL);
	fake_pci_set_word(fake, at + PCI_DVSEC_HEADER2 + 2, 1);
}

/* PCI's word counts as firmware's does: in scalable mode */
static void tlb_required(struct kunit *test)
{
	struct intel_iommu *iommu = tlb_unit(test);
	struct fake_pci *fake = fake_pci_probe(test, iommu, RID, VENDOR, DEVICE);
	struct vtd_device *vdev = vtd_device_of(&fake->pdev.dev);

	iommu->scalable = true;
	vtd_ats_probe(vdev);
	KUNIT_EXPECT_FALSE(test, vdev->ats.required);
	tlb_make_cxl(fake);
	if (!vtd_core_ats_required(&fake->pdev)) {
		iommu->scalable = false;
		kunit_skip(test, "PCI does not know such devices");
	}
	vtd_ats_probe(vdev);
	KUNIT_EXPECT_TRUE(test, vdev->ats.required);
	iommu->scalable = false;
	vtd_ats_probe(vdev);
	KUNIT_EXPECT_FALSE(test, vdev->ats.required);
}

static struct kunit_case tlb_cases[] = {
	KUNIT_CASE(tlb_offered),
	KUNIT_CASE(tlb_required),
	KUNIT_CASE(tlb_probe),
	KUNIT_CASE(tlb_whole_pages_only),
	KUNIT_CASE(tlb_left_on),
	KUNIT_CASE(tlb_errata),
	KUNIT_CASE(tlb_twice),
	KUNIT_CASE(tlb_twice_at_the_end),
	KUNIT_CASE(tlb_away_for_a_moment),
	KUNIT_CASE(tlb_away_and_still_on),
	KUNIT_CASE(tlb_translation_off),
	KUNIT_CASE(tlb_off_after_the_mark),
	KUNIT_CASE(tlb_back_for_a_driver),
	KUNIT_CASE(tlb_back_at_once),
	KUNIT_CASE(tlb_away_at_an_unmap),
	KUNIT_CASE(tlb_marked_late),
	KUNIT_CASE(tlb_away_and_no_answer),
	{ }
};

static struct kunit_suite tlb_suite = {
	.name = "vtd_device_tlb",
	.test_cases = tlb_cases,
};

kunit_test_suite(tlb_suite);

MODULE_LICENSE("GPL");

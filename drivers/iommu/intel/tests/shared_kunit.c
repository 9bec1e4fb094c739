// SPDX-License-Identifier: GPL-2.0
/*
 * Requester ids with several users, who come late and go early, and what keeps
 * an entry from leading to tables that were freed.
 */
#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/bitfield.h>
#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/list.h>
#include <linux/pci.h>

#include "context/context.h"
#include "context/did.h"
#include "device/ats_pci.h"
#include "device/device.h"
#include "device/group.h"
#include "device/quarantine.h"
#include "domain/attach.h"
#include "domain/domain.h"
#include "tests/fake_device.h"
#include "tests/fake_inventory.h"
#include "tests/fake_pci.h"
#include "tests/fake_unit.h"
#include "unit/queue_state.h"

#define RID	0x0028u		/* 00:05.0 */
#define OTHER	0x0030u		/* 00:06.0 */

static bool leads_to(struct intel_iommu *iommu, u16 rid, struct iommu_domain *domain)
{
	struct vtd_context_entry entry = fake_unit_entry(iommu, rid);

	return (entry.lo & VTD_CTX_LO_P) && (entry.lo & VTD_CTX_LO_SSPTPTR) ==
	       vtd_pt_root_for(&to_dmar_domain(domain)->pt);
}

static int block(struct device *dev)
{
	return vtd_attach_blocked(&vtd_blocked_domain, dev);
}

static void leave_group(void *data)
{
	struct device *dev = data;

	iommu_group_put(dev->iommu_group);
	dev->iommu_group = NULL;
}

/* As the core does it: the driver says which group, the device gets it */
static struct iommu_group *enter_group(struct kunit *test, struct device *dev)
{
	struct iommu_group *group = vtd_device_group(dev);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, group);
	dev->iommu_group = group;
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, leave_group, dev), 0);
	return group;
}

/* Who comes late is put with those who have the id, and changes nothing */
static void late_user(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct device *first = fake_device_create(test, iommu, "late-1", RID);
	struct device *other = fake_device_create(test, iommu, "late-other", OTHER);
	struct fake_unit *fake = fake_unit_of(iommu);
	struct vtd_context_entry before;
	struct iommu_group *group;
	struct device *late;
	unsigned int used;

	group = enter_group(test, first);
	KUNIT_EXPECT_PTR_NE(test, enter_group(test, other), group);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, first), 0);
	before = fake_unit_entry(iommu, RID);
	used = vtd_did_used(iommu);
	fake->log_count = 0;

	late = fake_device_create(test, iommu, "late-2", RID);
	KUNIT_EXPECT_PTR_EQ(test, enter_group(test, late), group);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, late), 0);
	fake_unit_expect_entry(test, iommu, RID, before);
	kunit_release_action(test, leave_group, late);
	fake_device_drop(test, late);
	fake_unit_expect_entry(test, iommu, RID, before);
	KUNIT_EXPECT_EQ(test, vtd_did_used(iommu), used);
	/* The device that was there has not been disturbed for a moment */
	KUNIT_EXPECT_EQ(test, fake->log_count, 0);
}

/* Two groups cannot become one: who would have to be in both is not let in */
static void user_of_two_groups(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct device *one = fake_device_create(test, iommu, "group-1", RID);
	struct device *two = fake_device_create(test, iommu, "group-2", RID);
	struct device *late = fake_device_create(test, iommu, "group-3", RID);

	enter_group(test, one);
	/* Not by vtd_device_group(), which would not do it */
	two->iommu_group = iommu_group_alloc();
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, two->iommu_group);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, leave_group, two), 0);
	KUNIT_EXPECT_PTR_EQ(test, vtd_device_group(late), ERR_PTR(-ENODEV));
}

static struct iommu_group *pci_wants;

static struct iommu_group *fake_group_of_pci(struct device *dev)
{
	return iommu_group_ref_get(pci_wants);
}

static void put_group(void *group)
{
	iommu_group_put(group);
}

/* Its id says one group, PCI another: nobody may have half of that */
static void user_whom_pci_does_not_isolate(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct device *one = fake_device_create(test, iommu, "apart-1", RID);
	struct device *neighbour = fake_device_create(test, iommu, "apart-2", OTHER);
	struct fake_pci *late = fake_pci_probe(test, iommu, RID, 0x8086, 1);
	struct iommu_group *group = enter_group(test, one);

	kunit_activate_static_stub(test, vtd_group_of_pci, fake_group_of_pci);
	pci_wants = iommu_group_alloc();
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pci_wants);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, put_group, pci_wants), 0);
	/* An empty one is no reason */
	KUNIT_EXPECT_PTR_EQ(test, vtd_device_group(&late->pdev.dev), group);
	iommu_group_put(group);
	KUNIT_ASSERT_EQ(test, iommu_group_add_device(pci_wants, neighbour), 0);
	KUNIT_EXPECT_PTR_EQ(test, vtd_device_group(&late->pdev.dev), ERR_PTR(-ENODEV));
	iommu_group_remove_device(neighbour);
	/* Nor its own */
	pci_wants = group;
	KUNIT_EXPECT_PTR_EQ(test, vtd_device_group(&late->pdev.dev), group);
	iommu_group_put(group);
}

/* A TLB that is on stays on while another comes and goes */
static void late_user_and_a_tlb(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct device *first = fake_device_create(test, iommu, "tlb-1", RID);
	struct device *late;
	struct vtd_context_entry before;
	struct vtd_image image;

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, first), 0);
	vtd_context_now(iommu, RID, &image);
	image.dev_tlb = true;
	vtd_device_of(first)->ats.enabled = true;
	KUNIT_ASSERT_EQ(test, vtd_context_install(iommu, RID, &image), 0);
	before = fake_unit_entry(iommu, RID);
	KUNIT_ASSERT_EQ(test, FIELD_GET(VTD_CTX_LO_TT, before.lo), VTD_TT_DEV_TLB);

	late = fake_device_create(test, iommu, "tlb-2", RID);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, late), 0);
	fake_unit_expect_entry(test, iommu, RID, before);
	fake_device_drop(test, late);
	fake_unit_expect_entry(test, iommu, RID, before);
	/* No device on PCI, which must not be told to switch it off */
	vtd_device_of(first)->ats.enabled = false;
}

/* From domain to domain, one by one, as the core moves a group; and to nothing */
static void users_move_together(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct iommu_domain *b = fake_domain_create(test, iommu);
	struct device *one = fake_device_create(test, iommu, "move-1", RID);
	struct device *two = fake_device_create(test, iommu, "move-2", RID);
	unsigned int i;

	for (i = 0; i < 3; i++) {
		KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, one), 0);
		KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, two), 0);
		KUNIT_EXPECT_TRUE(test, leads_to(iommu, RID, a));
		KUNIT_EXPECT_EQ(test, vtd_did_used(iommu), 3);
		KUNIT_ASSERT_EQ(test, vtd_attach_paging(b, one), 0);
		KUNIT_EXPECT_TRUE(test, leads_to(iommu, RID, b));
		fake_unit_of(iommu)->log_count = 0;
		KUNIT_ASSERT_EQ(test, vtd_attach_paging(b, two), 0);
		KUNIT_EXPECT_EQ(test, fake_unit_of(iommu)->log_count, 0);
		KUNIT_EXPECT_TRUE(test, leads_to(iommu, RID, b));
		KUNIT_EXPECT_EQ(test, vtd_did_used(iommu), 3);
	}
	KUNIT_ASSERT_EQ(test, block(two), 0);
	KUNIT_EXPECT_TRUE(test, leads_to(iommu, RID, b));
	KUNIT_ASSERT_EQ(test, block(one), 0);
	KUNIT_EXPECT_FALSE(test, fake_unit_entry(iommu, RID).lo & VTD_CTX_LO_P);
	KUNIT_EXPECT_EQ(test, vtd_did_used(iommu), 2);
}

/*
 * What groups are there to prevent: two users of an id in two domains.  The last
 * to attach has the entry; when it goes, its tables do, too.
 */
static void entry_of_a_domain_that_goes(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct iommu_domain *b = fake_domain_create(test, iommu);
	struct device *one = fake_device_create(test, iommu, "goes-1", RID);
	struct device *two = fake_device_create(test, iommu, "goes-2", RID);
	struct vtd_desc context;

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, one), 0);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(b, two), 0);
	context = vtd_desc_context(VTD_INV_SELECTIVE, fake_unit_did(iommu, RID), RID);
	KUNIT_EXPECT_TRUE(test, leads_to(iommu, RID, b));
	fake_unit_of(iommu)->log_count = 0;
	KUNIT_ASSERT_EQ(test, block(two), 0);
	KUNIT_EXPECT_FALSE(test, leads_to(iommu, RID, b));
	KUNIT_EXPECT_EQ(test, fake_unit_count(fake_unit_of(iommu), &context), 1);
	KUNIT_EXPECT_EQ(test, vtd_did_used(iommu), 3);
}

/* The last look, when a domain is freed, whoever wrote the entry */
static void entry_of_a_freed_domain(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct device *dev = fake_device_create(test, iommu, "freed", OTHER);
	struct iommu_domain *domain = vtd_domain_alloc(iommu, false);
	struct vtd_image image;
	u64 tables;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, domain);
	fake_inventory_add(test, iommu);

	/* The unit has had it, and has forgotten it */
	domain->type = IOMMU_DOMAIN_UNMANAGED;
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(domain, dev), 0);
	KUNIT_ASSERT_EQ(test, block(dev), 0);
	tables = vtd_pt_root_for(&to_dmar_domain(domain)->pt);
	image = vtd_image_walk(tables, 3, 7, false);
	KUNIT_ASSERT_EQ(test, vtd_context_prepare(iommu, RID), 0);
	KUNIT_ASSERT_EQ(test, vtd_context_install(iommu, RID, &image), 0);
	fake_unit_of(iommu)->log_count = 0;
	vtd_domain_free(domain);
	KUNIT_EXPECT_FALSE(test, fake_unit_entry(iommu, RID).lo & VTD_CTX_LO_P);
	fake_unit_expect(test, fake_unit_of(iommu), 0,
			 vtd_desc_context(VTD_INV_SELECTIVE, 7, RID));
	KUNIT_EXPECT_EQ(test, fake_unit_of(iommu)->log_count, 2);
}

/* One fails to move: both reach nothing, and both can come back */
static void move_that_fails(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct iommu_domain *b = fake_domain_create(test, iommu);
	struct device *one = fake_device_create(test, iommu, "fails-1", RID);
	struct device *two = fake_device_create(test, iommu, "fails-2", RID);

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, one), 0);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, two), 0);
	fake_unit_of(iommu)->stalled = true;
	fake_unit_of(iommu)->deaf_registers = true;
	vtd_queue_cut_us = 500;
	vtd_queue_timeout_us = 1000;
	KUNIT_EXPECT_NE(test, vtd_attach_paging(b, one), 0);
	vtd_queue_cut_us = VTD_QUEUE_CUT_US;
	vtd_queue_timeout_us = VTD_QUEUE_TIMEOUT_US;
	KUNIT_EXPECT_FALSE(test, fake_unit_entry(iommu, RID).lo & VTD_CTX_LO_P);
	KUNIT_EXPECT_PTR_EQ(test, vtd_device_of(two)->domain, a);
	KUNIT_EXPECT_TRUE(test, vtd_device_is_cut(vtd_device_of(two)));
	/* Attaching it again is not taken for nothing to do: the unit is asked */
	KUNIT_EXPECT_NE(test, vtd_attach_paging(a, two), 0);
	KUNIT_EXPECT_NULL(test, vtd_device_of(two)->domain);
	vtd_pt_exit(&to_dmar_domain(a)->pt);
	vtd_pt_exit(&to_dmar_domain(b)->pt);
}

/* PLX 87b0 and the like: every id of the bus may come from one device */
static void two_hundred_fifty_six_aliases(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct pci_dev *pdev = kunit_kzalloc(test, sizeof(*pdev), GFP_KERNEL);
	struct pci_bus *bus = kunit_kzalloc(test, sizeof(*bus), GFP_KERNEL);
	struct pci_sysdata *sysdata = kunit_kzalloc(test, sizeof(*sysdata), GFP_KERNEL);
	struct dev_iommu *param = kunit_kzalloc(test, sizeof(*param), GFP_KERNEL);
	struct vtd_device *vdev;
	unsigned int i, there = 0;

	KUNIT_ASSERT_TRUE(test, pdev && bus && sysdata && param);
	bus->number = 1;
	bus->sysdata = sysdata;
	pdev->bus = bus;
	pdev->dev.bus = &pci_bus_type;
	pdev->dev.iommu = param;
	pdev->dma_alias_mask = kunit_kzalloc(test, BITS_TO_LONGS(256) * sizeof(long), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, pdev->dma_alias_mask);
	bitmap_fill(pdev->dma_alias_mask, 256);

	vdev = vtd_device_add(&pdev->dev, iommu, pci_dev_id(pdev));
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, vdev);
	param->priv = vdev;
	KUNIT_EXPECT_EQ(test, vdev->rid_count, 256);
	KUNIT_EXPECT_EQ(test, vtd_device_rid(vdev), 0x100);
	KUNIT_EXPECT_EQ(test, vtd_attach_paging(a, &pdev->dev), 0);
	for (i = 0; i < 256; i++)
		there += leads_to(iommu, 0x100 + i, a);
	KUNIT_EXPECT_EQ(test, there, 256);
	KUNIT_EXPECT_EQ(test, block(&pdev->dev), 0);
	for (i = 0; i < 256; i++)
		there -= !(fake_unit_entry(iommu, 0x100 + i).lo & VTD_CTX_LO_P);
	KUNIT_EXPECT_EQ(test, there, 0);
	vtd_device_del(vdev);
	KUNIT_EXPECT_EQ(test, vtd_device_count(iommu), 0);
}

static bool present(struct intel_iommu *iommu, u16 rid)
{
	return fake_unit_entry(iommu, rid).lo & VTD_CTX_LO_P;
}

/*
 * Firmware goes on with its regions after the kernel has let a device go.  It may come
 * back, and then blocked means blocked.
 */
static void released_to_identity(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct device *dev = fake_device_create(test, iommu, "released", RID);

	KUNIT_ASSERT_EQ(test, vtd_attach_identity(&vtd_identity_domain, dev), 0);
	vtd_device_del(vtd_device_of(dev));
	KUNIT_EXPECT_TRUE(test, present(iommu, RID));
	KUNIT_EXPECT_EQ(test, vtd_device_count(iommu), 0);

	dev->iommu->priv = vtd_device_add(dev, iommu, RID);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, vtd_device_of(dev));
	vtd_quarantine_init(vtd_device_of(dev));
	KUNIT_EXPECT_TRUE(test, present(iommu, RID));
	KUNIT_EXPECT_EQ(test, block(dev), 0);
	KUNIT_EXPECT_FALSE(test, present(iommu, RID));
}

/* Who shares the id does not inherit that, and is not counted for the one who left */
static void released_beside_others(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct device *stays = fake_device_create(test, iommu, "stays", RID);
	struct device *goes = fake_device_create(test, iommu, "goes", RID);
	struct vtd_device *gone = vtd_device_of(goes);

	KUNIT_ASSERT_EQ(test, vtd_attach_identity(&vtd_identity_domain, goes), 0);
	KUNIT_EXPECT_TRUE(test, present(iommu, RID));
	vtd_device_del(gone);
	KUNIT_EXPECT_FALSE(test, present(iommu, RID));

	goes->iommu->priv = vtd_device_add(goes, iommu, RID);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, vtd_device_of(goes));
	vtd_quarantine_init(vtd_device_of(goes));
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, stays), 0);
	KUNIT_EXPECT_EQ(test, block(stays), 0);
	KUNIT_EXPECT_FALSE(test, present(iommu, RID));
}

/* One that firmware needs leaves the id to those who are attached with it */
static void released_beside_attached(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct device *stays = fake_device_create(test, iommu, "attached", RID);
	struct device *goes = fake_device_create(test, iommu, "reserved", RID);

	goes->iommu->require_direct = 1;
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, stays), 0);
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, goes), 0);
	KUNIT_EXPECT_EQ(test, vtd_release_attach(&vtd_release_domain, goes), 0);
	KUNIT_EXPECT_TRUE(test, leads_to(iommu, RID, a));
	/* The other one is as any */
	KUNIT_EXPECT_EQ(test, vtd_release_attach(&vtd_release_domain, stays), 0);
	KUNIT_EXPECT_FALSE(test, present(iommu, RID));
}

static bool off_the_bus(const struct vtd_device *vdev)
{
	return true;
}

static void released_alone(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_with_root(test, FAKE_CAP, FAKE_ECAP);
	struct iommu_domain *a = fake_domain_create(test, iommu);
	struct device *dev = fake_device_create(test, iommu, "alone", RID);

	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, dev), 0);
	KUNIT_EXPECT_EQ(test, vtd_release_attach(&vtd_release_domain, dev), 0);
	KUNIT_EXPECT_FALSE(test, present(iommu, RID));

	dev->iommu->require_direct = 1;
	KUNIT_ASSERT_EQ(test, vtd_attach_paging(a, dev), 0);
	KUNIT_EXPECT_EQ(test, vtd_release_attach(&vtd_release_domain, dev), 0);
	KUNIT_EXPECT_EQ(test, FIELD_GET(VTD_CTX_LO_TT, fake_unit_entry(iommu, RID).lo),
			VTD_TT_PASS_THROUGH);
	/* Firmware has no use for one that was pulled, and the next one is not it */
	kunit_activate_static_stub(test, vtd_ats_torn_off, off_the_bus);
	KUNIT_EXPECT_EQ(test, vtd_release_attach(&vtd_release_domain, dev), 0);
	KUNIT_EXPECT_FALSE(test, present(iommu, RID));
}

static struct kunit_case shared_cases[] = {
	KUNIT_CASE(released_to_identity),
	KUNIT_CASE(released_beside_others),
	KUNIT_CASE(released_beside_attached),
	KUNIT_CASE(released_alone),
	KUNIT_CASE(late_user),
	KUNIT_CASE(user_of_two_groups),
	KUNIT_CASE(user_whom_pci_does_not_isolate),
	KUNIT_CASE(late_user_and_a_tlb),
	KUNIT_CASE(users_move_together),
	KUNIT_CASE(entry_of_a_domain_that_goes),
	KUNIT_CASE(entry_of_a_freed_domain),
	KUNIT_CASE(move_that_fails),
	KUNIT_CASE(two_hundred_fifty_six_aliases),
	{ }
};

static struct kunit_suite shared_suite = {
	.name = "vtd_shared",
	.test_cases = shared_cases,
};

kunit_test_suite(shared_suite);

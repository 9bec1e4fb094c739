// SPDX-License-Identifier: GPL-2.0
/*
 * Address translation service.
 *
 * Order matters.  A device may hold translations from the moment it may ask for
 * them until ATS is off and its TLB was flushed; all that time unmaps must
 * flush it.  So ATS goes on while the device's context entry is empty: nothing
 * can be asked for yet, and whoever unmaps after the entry was filled sees
 * "enabled".  It goes off while the old entry is still in place.
 *
 * PASIDs have it in common: as long as some are attached it stays on, whatever else
 * the device is attached to.
 */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/iommu.h>
#include <linux/list.h>
#include <linux/pci-ats.h>
#include <linux/pci.h>
#include <linux/xarray.h>

#include "acpi/ats.h"
#include "core/core.h"
#include "device/ats.h"
#include "device/ats_pci.h"
#include "device/device.h"
#include "device/quarantine.h"
#include "hw/registers.h"
#include "unit/queue.h"
#include "unit/unit.h"

/* vtd_desc_dev_tlb(): any order above 51 means the whole address space */
#define VTD_ATS_ALL	52u

/* An error may be a neighbour's; a device that owes an answer is dead before */
#define VTD_ATS_TRIES	4u

/*
 * Erratum of QuickAssist 4940 to 4943: the answer may overtake writes that use the
 * translation.  A second answer does not.
 */
static bool ats_answers_early(const struct pci_dev *pdev)
{
	return pdev->vendor == PCI_VENDOR_ID_INTEL && (pdev->device & ~3) == 0x4940;
}

/**
 * vtd_ats_probe - may this device keep translations
 * @vdev: device, being probed
 *
 * Yes if the unit forwards invalidations, the device implements ATS and asks for
 * whole pages only, firmware lists its root port (ATSR) or the device itself
 * (SATC; one that requires ATS has it in legacy mode without being asked, section
 * 8.8), and the device is trusted: a device with ATS is believed when it says
 * that an address is translated already.
 *
 * What a kernel before left on goes off in any case.
 *
 * A physical function learns the page size here: its virtual functions can have
 * ATS only after that, and it may be in a domain without ATS itself.
 */
void vtd_ats_probe(struct vtd_device *vdev)
{
	struct pci_dev *pdev;

	vtd_ats_stop_found(vdev);
	if (!dev_is_pci(vdev->dev) || !vdev->iommu->caps.dev_tlb)
		return;
	pdev = to_pci_dev(vdev->dev);
	/* pci_ats_supported() says no for untrusted devices */
	if (!pci_ats_supported(pdev) || !pci_ats_page_aligned(pdev) ||
	    !dmar_ats_allowed(pdev, vdev->iommu->scalable))
		return;
	/* Behind an alias the device would answer to another requester id */
	if (vdev->rid_count > 1 || pci_real_dma_dev(pdev) != pdev)
		return;

	if (!pdev->ats_enabled && pci_prepare_ats(pdev, VTD_PAGE_SHIFT))
		return;

	vdev->ats.supported = true;
	/* In legacy mode what requires it is up to hardware */
	vdev->ats.required = dmar_ats_required(pdev) ||
			     (vdev->iommu->scalable && vtd_core_ats_required(pdev));
	vdev->ats.twice = ats_answers_early(pdev);
	vdev->ats.depth = pci_ats_queue_depth(pdev);
	/* Without device TLB throttling the field is reserved (section 6.5.2.5) */
	if (vdev->iommu->ecap & VTD_ECAP_DIT)
		vdev->ats.pfsid = pci_dev_id(pci_physfn(pdev));
}

/**
 * vtd_ats_offered - may the device's owner count on ATS
 * @vdev: device
 *
 * A device that did not answer, or could not be asked, gets none any more.
 *
 * Context: any.
 */
bool vtd_ats_offered(const struct vtd_device *vdev)
{
	return vdev->ats.supported && READ_ONCE(vdev->ats.fate) == VTD_ATS_ALIVE;
}

/**
 * vtd_ats_possible - may ATS be switched on now
 * @vdev: device
 *
 * Not while others use its requester id: the entry would have to be empty for a
 * moment, in which their requests are refused.
 *
 * Context: the caller holds the unit's device_lock.
 */
bool vtd_ats_possible(const struct vtd_device *vdev)
{
	lockdep_assert_held(&vdev->iommu->device_lock);
	return vdev->ats.supported && !READ_ONCE(vdev->ats.fate) &&
	       list_is_singular(&vdev->use[0].rid->users) && vtd_queue_live(vdev->iommu);
}

/* What it still held when it was away: dead afterwards if it does not forget that */
static void ats_settle(struct vtd_device *vdev)
{
	if (!vdev->ats.owes)
		return;
	vtd_ats_forget(vdev);
	vdev->ats.owes = false;
	/* If it did not, the entry about to be filled has no use for what it holds */
	WRITE_ONCE(vdev->ats.doomed, false);
}

/**
 * vtd_ats_enable - switch ATS on
 * @vdev: device whose context entry is empty, or allows no translation requests
 *
 * Context: the caller holds the unit's device_lock.
 *
 * Return: true if the new entry may allow translation requests.
 */
bool vtd_ats_enable(struct vtd_device *vdev)
{
	lockdep_assert_held(&vdev->iommu->device_lock);
	if (!vtd_ats_possible(vdev))
		return false;
	/* A unit that does not translate cannot have it forget, nor can who is still away */
	if (vdev->ats.owes &&
	    (READ_ONCE(vdev->iommu->state) < VTD_UNIT_ON || vtd_ats_gone(vdev)))
		return false;
	/* PASIDs that are gone meanwhile cannot be asked for: only off and on empties it */
	if (vdev->ats.owes)
		vtd_ats_stop_found(vdev);
	if (vtd_ats_switch(vdev, true))
		return false;
	WRITE_ONCE(vdev->ats.enabled, true);
	ats_settle(vdev);
	/*
	 * Before the entry is filled: pairs with the one in vtd_flush_domain(),
	 * and with the one in vtd_quarantine_begin().
	 */
	smp_mb();
	if (!READ_ONCE(vdev->ats.fate))
		return true;
	WRITE_ONCE(vdev->ats.enabled, false);
	vtd_ats_switch(vdev, false);
	return false;
}

/**
 * vtd_ats_forget_pasid - have a device forget what it has cached of a PASID, or be cut off
 * @vdev: device; nothing happens if its ATS is off, or its unit's translation
 * @pasid: the PASID, or IOMMU_NO_PASID for requests without one
 *
 * Asked by itself, so that an error is its own.  Without an answer it is dead when
 * this returns (device/quarantine.c).  To one that is away nothing is sent, nor can
 * anything be through a queue that died: these lose their TLB.
 *
 * Context: any; under RCU, or in attach.  Waits as vtd_queue_wait() does,
 * VTD_ATS_TRIES times at most.
 */
void vtd_ats_forget_pasid(struct vtd_device *vdev, u32 pasid)
{
	struct vtd_desc desc[VTD_ATS_DESCS];
	unsigned int count = vtd_ats_flush(vdev, pasid, 0, VTD_ATS_ALL, desc);

	if (!count)
		return;
	for (u32 try = 0; try < VTD_ATS_TRIES && vtd_queue_live(vdev->iommu) &&
	     !vtd_ats_gone(vdev); try++)
		if (!READ_ONCE(vdev->ats.enabled) ||
		    !vtd_queue_sync(vdev->iommu, desc, count))
			return;
	vtd_quarantine_begin(vdev);
}

/**
 * vtd_ats_forget - have a device forget all it has cached, or be cut off
 * @vdev: device; nothing happens if its ATS is off, or its unit's translation
 *
 * Requests without PASID and each PASID by itself: an invalidation without PASID leaves
 * what was cached for PASIDs (PCIe 6.0, section 10.3.8).
 *
 * Context: as vtd_ats_forget_pasid(), for each of them.
 */
void vtd_ats_forget(struct vtd_device *vdev)
{
	unsigned long pasid;
	void *domain;

	vtd_ats_forget_pasid(vdev, IOMMU_NO_PASID);
	xa_for_each(&vdev->pasids, pasid, domain)
		vtd_ats_forget_pasid(vdev, pasid);
}

/**
 * vtd_ats_disable - stop translation requests and forget what is cached
 * @vdev: device, its context entry still in place
 *
 * PCI knows whether ATS is on: for a device that was marked dead it may still be.
 * A device that does not forget is dead afterwards: it gets no ATS any more.
 */
void vtd_ats_disable(struct vtd_device *vdev)
{
	if (!vdev->ats.supported)
		return;
	vtd_ats_switch(vdev, false);
	/*
	 * Without power it holds nothing, and is not to blame.  But all ones may be a
	 * link that is away for a moment, with a TLB behind it that stays.
	 */
	if (!vtd_ats_gone(vdev))
		vtd_ats_forget(vdev);
	else if (READ_ONCE(vdev->ats.enabled))
		vdev->ats.owes = true;
	WRITE_ONCE(vdev->ats.enabled, false);
}

/**
 * vtd_ats_flush - descriptors that flush 2^@order pages of a device's TLB
 * @vdev: device
 * @pasid: whose pages, IOMMU_NO_PASID for requests without PASID
 * @addr: first address
 * @order: as for vtd_desc_dev_tlb()
 * @desc: room for VTD_ATS_DESCS of them
 *
 * None if the device has nothing cached: its ATS is off, or its unit does not
 * translate yet and so answers no translation request.  A unit that does not
 * translate is not to be given such descriptors (section 4.3).
 *
 * Context: any; after what changed and a full barrier.
 *
 * Return: how many were filled in.
 */
unsigned int vtd_ats_flush(const struct vtd_device *vdev, u32 pasid, u64 addr, u32 order,
			   struct vtd_desc *desc)
{
	/* Pairs with iommu_enable_translation(): the state first, TE then */
	if (!READ_ONCE(vdev->ats.enabled) || READ_ONCE(vdev->iommu->state) < VTD_UNIT_ON)
		return 0;
	if (pasid == IOMMU_NO_PASID)
		desc[0] = vtd_desc_dev_tlb(vtd_device_rid(vdev), vdev->ats.pfsid,
					   vdev->ats.depth, addr, order);
	else
		desc[0] = vtd_desc_pasid_tlb(vtd_device_rid(vdev), pasid, vdev->ats.pfsid,
					     vdev->ats.depth, addr, order);
	desc[1] = desc[0];
	return vdev->ats.twice ? 2 : 1;
}

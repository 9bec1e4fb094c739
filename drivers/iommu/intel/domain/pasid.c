// SPDX-License-Identifier: GPL-2.0
/*
 * Attach of a PASID: link the new domain, switch the entry, unlink the old one, as in
 * attach.c, and next to what is attached there.
 *
 * A PASID goes from one domain to another through "blocked": its entry is emptied and
 * flushed, the device forgets what it holds of it, then comes the new entry.  The
 * context entry, other PASIDs and requests without PASID are not touched.  They have
 * ATS in common: it goes on, if it was not, before the first PASID gets its entry.
 *
 * As long as the device's requests without PASID are blocked it has no context entry,
 * and its PASIDs reach nothing either: that is how a device is shut out as a whole.
 */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/device.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/xarray.h>

#include "context/context.h"
#include "device/ats.h"
#include "device/device.h"
#include "device/pri.h"
#include "device/quarantine.h"
#include "domain/attach.h"
#include "domain/domain.h"
#include "domain/pasid.h"
#include "unit/unit.h"

/* With room for @pasid, or to take it away: that cannot fail */
static void pasid_record(struct vtd_device *vdev, u32 pasid, struct iommu_domain *domain)
{
	/* Who looks at it holds one of the two locks, and the domain stays meanwhile */
	lockdep_assert_held(&vdev->iommu->device_lock);
	mutex_lock(&vtd_device_lock);
	if (domain)
		xa_store(&vdev->pasids, pasid, domain, GFP_KERNEL);
	else
		xa_erase(&vdev->pasids, pasid);
	mutex_unlock(&vtd_device_lock);
}

/* All that can be short of memory, and all that nobody may ask for */
static int pasid_prepare(struct vtd_device *vdev, u32 pasid)
{
	int ret;

	if (!vdev->pasid_on || vdev->rid_count > 1)
		return -EOPNOTSUPP;
	if (pasid == IOMMU_NO_PASID || pasid >= BIT(vdev->iommu->caps.pasid_bits))
		return -EINVAL;
	if (!vdev->use[0].attached || vtd_device_is_cut(vdev))
		return -EBUSY;
	ret = vtd_context_prepare_pasid(vdev->iommu, vtd_device_rid(vdev), pasid);
	return ret ?: xa_reserve(&vdev->pasids, pasid, GFP_KERNEL);
}

/* Nobody holds anything of it when this returns 0: the entry, the unit, the device */
static int pasid_clear(struct vtd_device *vdev, u32 pasid)
{
	const struct vtd_image blocked = vtd_image_blocked();
	int ret, err;

	ret = vtd_context_install_pasid(vdev->iommu, vtd_device_rid(vdev), pasid, &blocked);
	/* Behind the unit, or it would get from there what it just forgot */
	vtd_ats_forget_pasid(vdev, pasid);
	err = vtd_quarantine_settle(vdev);
	return ret ?: err;
}

static int pasid_tlb_on(struct vtd_device *vdev)
{
	if (READ_ONCE(vdev->ats.enabled) || !vtd_ats_possible(vdev))
		return 0;
	return vtd_ats_enable(vdev) ? vtd_attach_refresh(vdev) : 0;
}

/* What passes through has no use for a TLB, and had none before */
static int pasid_tlb_off(struct vtd_device *vdev)
{
	if (!xa_empty(&vdev->pasids) || vdev->ats.required ||
	    vtd_domain_is_paging(vdev->domain))
		return 0;
	vtd_ats_disable(vdev);
	return vtd_attach_refresh(vdev);
}

static int pasid_switch(struct vtd_device *vdev, u32 pasid, struct iommu_domain *domain,
			const struct vtd_image *image)
{
	int ret = 0;

	if (xa_load(&vdev->pasids, pasid))
		ret = pasid_clear(vdev, pasid);
	if (!ret) {
		/* Flushes of all that the device holds count it from here on */
		pasid_record(vdev, pasid, domain);
		ret = pasid_tlb_on(vdev);
	}
	if (!ret)
		ret = vtd_context_install_pasid(vdev->iommu, vtd_device_rid(vdev), pasid, image);
	if (!ret)
		return 0;
	dev_err(vdev->dev, "%s did not flush (%d): PASID %u is blocked\n", vdev->iommu->name,
		ret, pasid);
	pasid_clear(vdev, pasid);
	pasid_record(vdev, pasid, NULL);
	return ret;
}

/**
 * vtd_pasid_set - iommu_domain_ops.set_dev_pasid of paging domains
 * @domain: paging domain
 * @dev: device that has been probed
 * @pasid: the PASID
 * @old: what it is attached to, NULL for nothing; what is known here counts
 *
 * Reserved regions that the driver keeps are for requests without PASID.
 *
 * Context: may sleep; the core holds the group's mutex.
 *
 * Return: 0; with everything as it was, -EOPNOTSUPP where device or unit have no
 * PASIDs, -EBUSY while requests of the device without PASID are blocked, -EINVAL for a
 * PASID that the unit does not know or a domain that it cannot walk, -ENOMEM or
 * -ENOSPC; -EIO or -ETIMEDOUT when the unit failed: the PASID is blocked then.
 */
int vtd_pasid_set(struct iommu_domain *domain, struct device *dev, ioasid_t pasid,
		  struct iommu_domain *old)
{
	struct vtd_device *vdev = vtd_device_of(dev);
	struct dmar_domain *d = to_dmar_domain(domain);
	bool switched = false, asked = false, asks;
	struct vtd_image image;
	int did, ret;

	did = vtd_targets_link(d, vdev, pasid);
	if (did < 0)
		return did;
	image = vtd_domain_image(d, did, false);
	asks = vtd_domain_wants_pages(domain) && !vtd_pri_use(vdev);
	mutex_lock(&vdev->iommu->device_lock);
	ret = pasid_prepare(vdev, pasid);
	if (!ret) {
		old = xa_load(&vdev->pasids, pasid);
		switched = true;
		asked = vtd_pri_close(vdev, pasid);
		ret = pasid_switch(vdev, pasid, domain, &image);
	}
	mutex_unlock(&vdev->iommu->device_lock);
	vtd_domain_move_pages(vdev, pasid, asked, asks, ret);
	if (switched && old)
		vtd_targets_unlink(to_dmar_domain(old), vdev, pasid, ret);
	if (ret)
		vtd_targets_unlink(d, vdev, pasid, switched);
	return ret;
}

/**
 * vtd_pasid_remove - iommu_ops.remove_dev_pasid
 * @dev: device that has been probed
 * @pasid: the PASID
 * @domain: what it is attached to; what is known here counts
 *
 * When it returns, nobody holds anything of it; if the unit did not flush, the domain
 * is stale and keeps its tables.
 *
 * Context: may sleep; the core holds the group's mutex.
 */
void vtd_pasid_remove(struct device *dev, ioasid_t pasid, struct iommu_domain *domain)
{
	struct vtd_device *vdev = vtd_device_of(dev);
	bool asked = vtd_pri_close(vdev, pasid);
	int ret;

	mutex_lock(&vdev->iommu->device_lock);
	domain = xa_load(&vdev->pasids, pasid);
	if (!domain) {
		mutex_unlock(&vdev->iommu->device_lock);
		return;
	}
	ret = pasid_clear(vdev, pasid);
	pasid_record(vdev, pasid, NULL);
	ret = pasid_tlb_off(vdev) ?: ret;
	mutex_unlock(&vdev->iommu->device_lock);
	vtd_domain_move_pages(vdev, pasid, asked, false, ret);
	if (ret)
		dev_err(dev, "%s did not flush (%d) when PASID %u was taken away\n",
			vdev->iommu->name, ret, pasid);
	vtd_targets_unlink(to_dmar_domain(domain), vdev, pasid, ret);
}

/**
 * vtd_pasid_remove_all - a device goes, and its driver has left PASIDs attached
 * @dev: device whose requests are blocked
 *
 * Context: may sleep.
 */
void vtd_pasid_remove_all(struct device *dev)
{
	struct iommu_domain *domain;
	unsigned long pasid;

	xa_for_each(&vtd_device_of(dev)->pasids, pasid, domain)
		vtd_pasid_remove(dev, pasid, domain);
}

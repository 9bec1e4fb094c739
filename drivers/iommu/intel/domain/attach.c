// SPDX-License-Identifier: GPL-2.0
/*
 * Attach: link the new domain, switch the entries, unlink the old one.
 *
 * A requester id has one entry, whatever number of devices use it.  They are in
 * one group (device/group.c), which the core moves from domain to domain one by
 * one: the first to move takes the entry along, the others find it in place.
 *
 * At no moment does the device reach more than both its old and its new
 * domain allow: an entry goes from one to the other through "not present",
 * and everything cached under the old one is flushed before the new one is
 * stored (context/context.c).  Whatever can fail for want of memory is done
 * before the first store.
 */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/device.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>

#include "context/context.h"
#include "context/inherit.h"
#include "core/core.h"
#include "device/ats.h"
#include "device/device.h"
#include "device/pri.h"
#include "device/quarantine.h"
#include "domain/attach.h"
#include "domain/domain.h"
#include "domain/kept.h"
#include "domain/static.h"
#include "unit/unit.h"

static struct vtd_image attach_now(const struct vtd_rid_use *use)
{
	struct vtd_image image;

	vtd_context_now(use->vdev->iommu, use->id, &image);
	return image;
}

/*
 * Translation requests are let through as long as one of the users has a TLB, requests
 * with PASID if the device may send them.
 */
static void attach_set_tlb(const struct vtd_rid *rid, struct vtd_image *image)
{
	const struct vtd_rid_use *use;

	image->pasids = false;
	image->pages = false;
	if (image->kind == VTD_IMAGE_BLOCKED)
		return;
	list_for_each_entry(use, &rid->users, node)
		image->pasids |= use->vdev->pasid_on;
	image->dev_tlb = false;
	list_for_each_entry(use, &rid->users, node)
		image->dev_tlb |= READ_ONCE(use->vdev->ats.enabled);
	list_for_each_entry(use, &rid->users, node)
		image->pages |= image->dev_tlb && vtd_pri_asks(use->vdev);
}

/*
 * The entry of a requester id when one of its users goes to @image.  It is in
 * common: who is blocked, or goes, leaves it to those who are not.
 */
static struct vtd_image attach_entry(const struct vtd_rid_use *use,
				     const struct vtd_image *image)
{
	struct vtd_image entry = *image;

	if (image->kind == VTD_IMAGE_BLOCKED && use->rid->attached)
		entry = attach_now(use);
	attach_set_tlb(use->rid, &entry);
	return entry;
}

static void attach_count(struct vtd_rid_use *use, bool attached)
{
	if (use->attached == attached)
		return;
	use->attached = attached;
	if (attached)
		use->rid->attached++;
	else
		use->rid->attached--;
}

static int attach_install(struct vtd_device *vdev,
			  const struct vtd_image *image)
{
	struct vtd_image entry, now;
	struct vtd_rid_use *use;
	int ret = 0, err;
	unsigned int i;

	lockdep_assert_held(&vdev->iommu->device_lock);
	for (i = 0; i < vdev->rid_count; i++) {
		use = &vdev->use[i];
		attach_count(use, image->kind != VTD_IMAGE_BLOCKED);
		now = attach_now(use);
		entry = attach_entry(use, image);
		/* A device that joins the others changes nothing */
		if (vtd_image_same(&now, &entry))
			continue;
		err = vtd_context_install(vdev->iommu, use->id, &entry);
		if (!err && entry.kind != VTD_IMAGE_BLOCKED)
			WRITE_ONCE(use->rid->cut, false);
		ret = ret ?: err;
	}
	return ret;
}

/* A unit did not flush: nobody who uses one of the ids reaches anything */
static void attach_shut(struct vtd_device *vdev)
{
	const struct vtd_image blocked = vtd_image_blocked();
	struct vtd_rid_use *use;
	unsigned int i;

	vtd_ats_disable(vdev);
	for (i = 0; i < vdev->rid_count; i++) {
		use = &vdev->use[i];
		attach_count(use, false);
		vtd_context_install(vdev->iommu, use->id, &blocked);
		WRITE_ONCE(use->rid->cut, use->rid->attached);
	}
}

static int attach_prepare(struct vtd_device *vdev)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < vdev->rid_count && !ret; i++)
		ret = vtd_context_prepare(vdev->iommu, vdev->use[i].id);
	return ret;
}

static bool attach_moves(const struct vtd_rid_use *use,
			 const struct vtd_image *image)
{
	struct vtd_image now = attach_now(use), then = *image;

	attach_set_tlb(use->rid, &then);
	return !vtd_image_same(&now, &then);
}

/*
 * While the old entry still lets invalidations of device TLBs through: the
 * device's own TLB, and those of others whose entry it takes along.
 */
static void attach_quiet_tlbs(struct vtd_device *vdev,
			      const struct vtd_image *image)
{
	struct vtd_rid_use *use;
	unsigned int i;

	vtd_ats_disable(vdev);
	for (i = 0; i < vdev->rid_count && image->kind != VTD_IMAGE_BLOCKED; i++) {
		if (!attach_moves(&vdev->use[i], image))
			continue;
		list_for_each_entry(use, &vdev->use[i].rid->users, node)
			vtd_ats_disable(use->vdev);
	}
}

/* With ATS the entry stays empty until the device has been told (device/ats.c) */
static int attach_with_ats(struct vtd_device *vdev,
			   const struct vtd_image *image)
{
	const struct vtd_image blocked = vtd_image_blocked();
	int ret;

	ret = attach_install(vdev, &blocked);
	if (ret)
		return ret;
	vtd_ats_enable(vdev);
	return attach_install(vdev, image);
}

/* Its PASIDs are translated at this moment, by its TLB too, and shall not notice */
static bool attach_has_others(const struct vtd_device *vdev)
{
	return !xa_empty(&vdev->pasids) && vdev->use[0].attached &&
	       !READ_ONCE(vdev->ats.fate) && !vtd_device_is_cut(vdev);
}

/*
 * Neither ATS nor the context entry goes: the device forgets what it has of the old
 * domain behind the unit, before that is unlinked.  A device that does not is cut off,
 * its PASIDs too, and its work item does the rest.
 */
static int attach_beside_pasids(struct vtd_device *vdev, const struct vtd_image *image)
{
	int ret = attach_install(vdev, image);

	vtd_ats_forget_pasid(vdev, IOMMU_NO_PASID);
	return ret ?: vtd_quarantine_settle(vdev);
}

static int attach_replace(struct vtd_device *vdev,
			  const struct vtd_image *image)
{
	if (image->kind != VTD_IMAGE_BLOCKED && attach_has_others(vdev))
		return attach_beside_pasids(vdev, image);
	attach_quiet_tlbs(vdev, image);
	WRITE_ONCE(vdev->ats.doomed, false);
	/* Pairs with quarantine_mark(): else the device's fate is seen below */
	smp_mb();
	if ((image->dev_tlb || (image->kind != VTD_IMAGE_BLOCKED && !xa_empty(&vdev->pasids))) &&
	    vtd_ats_possible(vdev))
		return attach_with_ats(vdev, image);
	return attach_install(vdev, image);
}

/**
 * vtd_attach_refresh - let the entry say again what a device's TLB is allowed
 * @vdev: device whose ATS was switched
 *
 * One bit changes, so its requests and its PASIDs go on meanwhile.
 *
 * Context: may sleep; the caller holds the unit's device_lock.
 *
 * Return: as vtd_context_install().
 */
int vtd_attach_refresh(struct vtd_device *vdev)
{
	struct vtd_image now = attach_now(&vdev->use[0]);

	return now.kind == VTD_IMAGE_BLOCKED ? 0 : attach_install(vdev, &now);
}

/*
 * From here on there is no way back to the old domain: on an error the
 * device ends up blocked.  What could not be flushed may still lead to the
 * old tables, which are then never freed.
 */
static int attach_switch(struct vtd_device *vdev, struct iommu_domain *domain,
			 const struct vtd_image *image)
{
	bool asks = vtd_domain_wants_pages(domain) && !vtd_pri_use(vdev);
	bool asked = vtd_pri_close(vdev, IOMMU_NO_PASID);
	struct iommu_domain *old = vdev->domain;
	int ret;

	mutex_lock(&vdev->iommu->device_lock);
	/* Before its entry leads there: for vtd_lost_close() */
	WRITE_ONCE(vdev->coming, domain);
	ret = attach_replace(vdev, image);
	if (ret) {
		dev_err(vdev->dev, "%s did not flush (%d): device is blocked\n",
			vdev->iommu->name, ret);
		attach_shut(vdev);
		domain = NULL;
	}
	/* Who looks at it holds one of the two, and the domain stays meanwhile */
	mutex_lock(&vtd_device_lock);
	vdev->domain = domain;
	WRITE_ONCE(vdev->coming, NULL);
	vdev->inherits = false;
	mutex_unlock(&vtd_device_lock);
	mutex_unlock(&vdev->iommu->device_lock);
	vtd_domain_move_pages(vdev, IOMMU_NO_PASID, asked, asks, ret);

	if (vtd_domain_is_paging(old)) {
		if (!ret && old != domain)
			vtd_kept_put(to_dmar_domain(old), vdev);
		vtd_targets_unlink(to_dmar_domain(old), vdev, IOMMU_NO_PASID, ret);
	}
	return ret;
}

/**
 * vtd_attach_paging - iommu_domain_ops.attach_dev of paging domains
 * @domain: paging domain
 * @dev: device that has been probed
 *
 * Context: may sleep; the core holds the group's mutex.
 *
 * Return: 0; with everything as it was, -EINVAL when the device's unit cannot walk
 * the domain's tables or these end before a region that the device keeps,
 * -EADDRINUSE when something else is mapped in that region, -ENOMEM or -ENOSPC;
 * -EIO or -ETIMEDOUT when the unit failed: the device is blocked then.
 */
int vtd_attach_paging(struct iommu_domain *domain, struct device *dev)
{
	struct vtd_device *vdev = vtd_device_of(dev);
	struct dmar_domain *d = to_dmar_domain(domain);
	struct vtd_image image;
	int did, ret;

	if (vdev->domain == domain && !vtd_device_is_cut(vdev))
		return 0;
	ret = attach_prepare(vdev);
	if (ret)
		return ret;
	did = vtd_targets_link(d, vdev, IOMMU_NO_PASID);
	if (did < 0)
		return did;

	/* A device that was cut off comes back to what it has kept there */
	if (vdev->domain != domain) {
		ret = vtd_kept_get(d, vdev);
		if (ret) {
			vtd_targets_unlink(d, vdev, IOMMU_NO_PASID, false);
			return ret;
		}
	}

	image = vtd_domain_image(d, did, vdev->ats.supported);
	ret = attach_switch(vdev, domain, &image);
	if (ret)
		vtd_targets_unlink(d, vdev, IOMMU_NO_PASID, ret);
	return ret;
}

/**
 * vtd_attach_identity - iommu_domain_ops.attach_dev of the identity domain
 * @domain: &vtd_identity_domain
 * @dev: device that has been probed
 *
 * Context: may sleep; the core holds the group's mutex.
 *
 * Return: 0; with everything as it was, what building the unit's identity tables
 * says; -EIO or -ETIMEDOUT when the unit failed: the device is blocked then.
 */
int vtd_attach_identity(struct iommu_domain *domain, struct device *dev)
{
	struct vtd_device *vdev = vtd_device_of(dev);
	struct vtd_image image;
	int ret;

	if (vdev->domain == domain && !vtd_device_is_cut(vdev))
		return 0;
	ret = vtd_static_image(vdev->iommu, &image) ?: attach_prepare(vdev);
	if (ret)
		return ret;
	/* Nothing is ever unmapped here: only who needs a TLB gets one */
	image.dev_tlb = vdev->ats.required;
	return attach_switch(vdev, domain, &image);
}

/* Who was released to identity left an entry; nobody is attached to anything there */
static bool attach_left(struct vtd_device *vdev)
{
	bool left = false;
	unsigned int i;

	mutex_lock(&vdev->iommu->device_lock);
	for (i = 0; i < vdev->rid_count; i++)
		left |= !vdev->use[i].rid->attached &&
			attach_now(&vdev->use[i]).kind != VTD_IMAGE_BLOCKED;
	mutex_unlock(&vdev->iommu->device_lock);
	return left;
}

/**
 * vtd_attach_blocked - iommu_domain_ops.attach_dev of the blocked domain
 * @domain: &vtd_blocked_domain
 * @dev: device that has been probed
 *
 * Context: may sleep; the core holds the group's mutex.
 *
 * Return: 0; -EIO or -ETIMEDOUT when the unit failed: the device is blocked, too.
 */
int vtd_attach_blocked(struct iommu_domain *domain, struct device *dev)
{
	struct vtd_device *vdev = vtd_device_of(dev);
	const struct vtd_image image = vtd_image_blocked();
	int ret;

	if (!vdev->domain && !vdev->inherits && !attach_left(vdev))
		return 0;
	ret = attach_prepare(vdev);
	if (ret)
		return ret;
	return attach_switch(vdev, NULL, &image);
}

VTD_CORE_ATTACH(attach_identity_op, vtd_attach_identity)

struct iommu_domain vtd_identity_domain = {
	.type = IOMMU_DOMAIN_IDENTITY,
	.ops = &(const struct iommu_domain_ops) {
		.attach_dev = attach_identity_op,
	},
};

/**
 * vtd_attach_is_deferred - iommu_ops.is_attach_deferred
 * @dev: device that has been probed
 *
 * In a crash kernel its DMA goes on by what the kernel before gave to it, until its
 * driver maps something.  Where one of its requester ids is in use here already, what
 * it had there has ended.
 *
 * Context: may sleep; the core holds the group's mutex.
 */
bool vtd_attach_is_deferred(struct device *dev)
{
	struct vtd_device *vdev = vtd_device_of(dev);
	unsigned int i;
	bool inherits = false;

	mutex_lock(&vdev->iommu->device_lock);
	for (i = 0; i < vdev->rid_count; i++)
		inherits |= vtd_inherit_holds(vdev->iommu, vdev->use[i].id);
	mutex_lock(&vtd_device_lock);
	vdev->inherits = inherits;
	mutex_unlock(&vtd_device_lock);
	mutex_unlock(&vdev->iommu->device_lock);
	return inherits;
}

/**
 * vtd_attach_kind - the word for a domain in messages
 * @domain: what a device is attached to, NULL for blocked
 */
const char *vtd_attach_kind(const struct iommu_domain *domain)
{
	if (!domain)
		return "blocked";
	switch (domain->type) {
	case IOMMU_DOMAIN_IDENTITY:
		return "identity";
	case IOMMU_DOMAIN_UNMANAGED:
		return "unmanaged";
	case IOMMU_DOMAIN_DMA:
		return "DMA";
	case IOMMU_DOMAIN_DMA_FQ:
		return "DMA-FQ";
	default:
		return "unknown";
	}
}

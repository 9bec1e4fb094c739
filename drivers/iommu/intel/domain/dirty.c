// SPDX-License-Identifier: GPL-2.0
/*
 * Which pages of a domain devices have written (section 3.7.2).
 *
 * With SSADE in the PASID entry a unit sets D in a leaf before it writes through it,
 * or lets the device write: in memory first, then once in its caches, so a leaf whose D
 * was taken away is not set again before the caches forgot it.  The core flushes what
 * was read and taken away (iommu_dirty_bitmap.gather) before it tells anybody.
 *
 * To switch it on: the word that attaches look at (vtd_image.tracking), then the
 * entries of each unit that ever had the domain, then whatever units and devices hold.
 * A device that attaches meanwhile sees the word, or its entry is found.
 */

#include <linux/err.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>

#include <uapi/linux/iommufd.h>

#include "acpi/inventory.h"
#include "context/context.h"
#include "core/core.h"
#include "device/device.h"
#include "domain/dirty.h"
#include "domain/domain.h"
#include "domain/flush.h"
#include "unit/unit.h"

static int dirty_units(struct dmar_domain *d, bool on)
{
	const struct dmar_drhd_unit *drhd;
	int ret = 0, err;

	down_read(&dmar_inventory_lock);
	list_for_each_entry(drhd, &dmar_drhd_units, list) {
		if (!drhd->iommu || !test_bit(drhd->iommu->seq_id, d->known))
			continue;
		err = vtd_context_track(drhd->iommu, vtd_pt_root_for(&d->pt), on);
		ret = ret ?: err;
	}
	up_read(&dmar_inventory_lock);
	return ret;
}

static int dirty_switch(struct dmar_domain *d, bool on)
{
	int ret;

	lockdep_assert_held(&d->track_lock);
	WRITE_ONCE(d->tracking, on);
	/* Pairs with targets_publish(): the unit is known, or the word is seen */
	smp_mb();
	ret = dirty_units(d, on);
	/* What was cached as written, or by a device, would not be said again */
	if (on)
		vtd_flush_domain(d, &(struct vtd_flush) {
			.last = d->domain.geometry.aperture_end, .leaf = true,
		});
	return ret;
}

static int dirty_set(struct iommu_domain *domain, bool on)
{
	struct dmar_domain *d = to_dmar_domain(domain);
	int ret = 0;

	mutex_lock(&d->track_lock);
	if (d->tracking != on)
		ret = dirty_switch(d, on);
	/* Half of it is nothing: all entries say again what they said */
	if (ret && on)
		dirty_switch(d, false);
	mutex_unlock(&d->track_lock);
	return on ? ret : 0;
}

static void dirty_record(void *data, u64 iova, u64 size)
{
	iommu_dirty_bitmap_record(data, iova, size);
}

static int dirty_read(struct iommu_domain *domain, unsigned long iova, size_t size,
		      unsigned long flags, struct iommu_dirty_bitmap *dirty)
{
	struct dmar_domain *d = to_dmar_domain(domain);

	/* Without a bitmap it is the core that clears what was left from before */
	if (!READ_ONCE(d->tracking) && dirty->bitmap)
		return -EINVAL;
	vtd_pt_dirty(&d->pt, iova, size, !(flags & IOMMU_DIRTY_NO_CLEAR), dirty_record, dirty);
	return 0;
}

static const struct iommu_dirty_ops dirty_ops = {
	.set_dirty_tracking	= dirty_set,
	.read_and_clear_dirty	= dirty_read,
};

/**
 * vtd_dirty_possible - can it be said what a device has written
 * @vdev: the device
 */
bool vtd_dirty_possible(const struct vtd_device *vdev)
{
	return vdev->iommu->scalable && vdev->iommu->caps.dirty;
}

/**
 * vtd_dirty_alloc - a domain for iommufd, see VTD_CORE_ALLOC_FLAGS
 * @dev: device that has been probed
 * @flags: of IOMMU_HWPT_ALLOC_DIRTY_TRACKING and VTD_CORE_HWPT_PASID
 *
 * All paging domains can be attached to PASIDs, where the device has any.
 *
 * Context: may sleep.
 *
 * Return: the domain, or an error pointer: -EOPNOTSUPP for what is not built, or what
 * the device's unit does not do; -ENOMEM.
 */
struct iommu_domain *vtd_dirty_alloc(struct device *dev, u32 flags)
{
	struct vtd_device *vdev = vtd_device_of(dev);
	struct iommu_domain *domain;

	if (flags & ~(IOMMU_HWPT_ALLOC_DIRTY_TRACKING | VTD_CORE_HWPT_PASID))
		return ERR_PTR(-EOPNOTSUPP);
	if ((flags & VTD_CORE_HWPT_PASID) && !vdev->pasid_on)
		return ERR_PTR(-EOPNOTSUPP);
	flags &= IOMMU_HWPT_ALLOC_DIRTY_TRACKING;
	if (flags && !vtd_dirty_possible(vdev))
		return ERR_PTR(-EOPNOTSUPP);
	domain = vtd_domain_alloc(vdev->iommu, flags);
	if (IS_ERR(domain))
		return domain;
	domain->type = IOMMU_DOMAIN_UNMANAGED;
	domain->ops = vdev->iommu->iommu.ops->default_domain_ops;
	if (flags) {
		to_dmar_domain(domain)->tracks = true;
		domain->dirty_ops = &dirty_ops;
	}
	return domain;
}

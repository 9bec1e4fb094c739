// SPDX-License-Identifier: GPL-2.0
/*
 * Who uses a domain: the units with the id they know it by, and the devices
 * with a TLB.  Readers flush under RCU; changes copy the list.
 */

#include <linux/device.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "context/context.h"
#include "context/did.h"
#include "device/device.h"
#include "domain/domain.h"
#include "domain/stale.h"
#include "unit/unit.h"

static struct vtd_targets *targets_now(struct dmar_domain *domain)
{
	return rcu_dereference_protected(domain->targets,
					 lockdep_is_held(&domain->lock));
}

/* Of any PASID: all have the domain id in common */
static int targets_find_unit(const struct vtd_targets *targets,
			     const struct intel_iommu *iommu)
{
	unsigned int i;

	for (i = 0; targets && i < targets->count; i++)
		if (targets->target[i].iommu == iommu && !targets->target[i].vdev)
			return i;
	return -1;
}

static int targets_find(const struct vtd_targets *targets,
			const struct intel_iommu *iommu, u32 pasid)
{
	int i = targets_find_unit(targets, iommu);

	/* Those of one unit stand together, each followed by devices */
	for (; i >= 0 && i < targets->count && targets->target[i].iommu == iommu; i++)
		if (!targets->target[i].vdev && targets->target[i].pasid == pasid)
			return i;
	return -1;
}

/* Which target of a unit a PASID is: see struct vtd_target */
static u32 targets_pasid(const struct dmar_domain *domain, u32 pasid)
{
	return domain->pt.cfg.first_stage ? pasid : IOMMU_NO_PASID;
}

static void targets_publish(struct dmar_domain *domain, struct vtd_targets *new)
{
	struct vtd_targets *old = targets_now(domain);
	unsigned int i;

	for (i = 0; new && i < new->count; i++)
		new->on_map |= new->target[i].on_map ||
			       new->target[i].iommu->caps.write_flush;
	rcu_assign_pointer(domain->targets, new);
	/* Before the context entry is written: see the picture in domain.h */
	smp_mb();
	if (old)
		kfree_rcu(old, rcu);
}

/* Copy @old, leaving a gap of @room entries at @at */
static struct vtd_targets *targets_copy(const struct vtd_targets *old,
					unsigned int at, unsigned int room,
					gfp_t gfp)
{
	unsigned int count = old ? old->count : 0;
	struct vtd_targets *new;

	new = kzalloc(struct_size(new, target, count + room), gfp);
	if (!new)
		return NULL;
	new->count = count + room;
	if (!old)
		return new;
	memcpy(new->target, old->target, at * sizeof(new->target[0]));
	memcpy(new->target + at + room, old->target + at,
	       (count - at) * sizeof(new->target[0]));
	return new;
}

static void targets_fill(const struct dmar_domain *domain, struct vtd_target *target,
			 struct intel_iommu *iommu, u16 did, u32 pasid)
{
	const struct vtd_caps *caps = &iommu->caps;

	target->iommu = iommu;
	target->did = did;
	target->pasid = targets_pasid(domain, pasid);
	/* Section 6.1: absence in first-stage tables is not cached */
	target->on_map = caps->caching_mode && !domain->pt.cfg.first_stage;
	target->tag = domain->pt.cfg.first_stage ? vtd_flush_first(caps, did, pasid) :
						   vtd_flush_second(caps, did);
}

static int targets_insert(struct dmar_domain *domain, struct vtd_device *vdev, u32 pasid)
{
	struct vtd_targets *old = targets_now(domain), *new;
	struct intel_iommu *iommu = vdev->iommu;
	int unit = targets_find(old, iommu, targets_pasid(domain, pasid));
	int other = targets_find_unit(old, iommu);
	bool tlb = vdev->ats.supported;
	bool known = unit >= 0;
	int did;

	did = other >= 0 ? old->target[other].did : vtd_did_alloc(iommu);
	if (did < 0)
		return did;
	/* A new one goes before those of its unit, or first, with its device behind it */
	new = known ? targets_copy(old, unit + 1, tlb, GFP_KERNEL) :
		      targets_copy(old, max(other, 0), 1 + tlb, GFP_KERNEL);
	if (!new) {
		if (other < 0)
			vtd_did_free(iommu, did);
		return -ENOMEM;
	}

	unit = known ? unit : max(other, 0);
	targets_fill(domain, &new->target[unit], iommu, did, pasid);
	new->target[unit].users++;
	if (tlb)
		new->target[unit + 1] = (struct vtd_target) {
			.iommu = iommu, .did = did, .vdev = vdev, .pasid = pasid,
			.on_map = new->target[unit].on_map,
		};
	__set_bit(iommu->seq_id, domain->known);
	targets_publish(domain, new);
	return did;
}

/**
 * vtd_targets_link - a device is about to use a domain
 * @domain: domain
 * @vdev: device
 * @pasid: for which of its PASIDs, IOMMU_NO_PASID for requests without one
 *
 * From now on every flush of the domain reaches the device's unit and, if it
 * may have one, the device's TLB.
 *
 * Context: may sleep; takes the domain's lock.
 *
 * Return: the domain id to put into the context entry; -EINVAL when the device's
 * unit cannot walk the domain's tables; -ENOMEM, or -ENOSPC when the unit has
 * no id left.
 */
int vtd_targets_link(struct dmar_domain *domain, struct vtd_device *vdev, u32 pasid)
{
	const char *why;
	int did;

	mutex_lock(&domain->lock);
	/* With the lock: vtd_domain_force_snoop() may be about to rule units out */
	why = vtd_domain_misfit(domain, vdev->iommu);
	if (why) {
		dev_dbg(vdev->dev, "%s: domain does not fit: %s\n",
			vdev->iommu->name, why);
		did = -EINVAL;
	} else {
		did = targets_insert(domain, vdev, pasid);
	}
	mutex_unlock(&domain->lock);
	return did;
}

/* Take out the device, and its unit when it was the last one there */
static void targets_drop(struct vtd_targets *targets,
			 const struct vtd_device *vdev, u32 pasid, int unit)
{
	unsigned int i, keep = 0;
	bool dropped = false;

	targets->target[unit].users--;
	for (i = 0; i < targets->count; i++) {
		const struct vtd_target *target = &targets->target[i];

		/* Twice in the list while it is attached anew to the same domain */
		if (target->vdev == vdev && target->pasid == pasid && !dropped) {
			dropped = true;
			continue;
		}
		if (!target->vdev && !target->users)
			continue;
		targets->target[keep++] = *target;
	}
	targets->count = keep;
}

/**
 * vtd_targets_unlink - a device no longer uses a domain
 * @domain: domain
 * @vdev: device; its entries no longer name the domain
 * @pasid: as for vtd_targets_link()
 * @stale: that could not be flushed: the unit may still find its way to the
 *	domain's tables, so these are kept until it is known not to, and the domain id
 *	is not used again
 *
 * Context: may sleep; takes the domain's lock.
 */
void vtd_targets_unlink(struct dmar_domain *domain, struct vtd_device *vdev, u32 pasid,
			bool stale)
{
	struct vtd_targets *old, *new;
	int unit;
	bool last;
	u16 did;

	mutex_lock(&domain->lock);
	old = targets_now(domain);
	unit = targets_find(old, vdev->iommu, targets_pasid(domain, pasid));
	if (unit < 0)
		goto out;
	did = old->target[unit].did;

	/* Detach has no way to fail, and the list is small */
	new = targets_copy(old, 0, 0, GFP_KERNEL | __GFP_NOFAIL);
	targets_drop(new, vdev, pasid, unit);
	last = targets_find_unit(new, vdev->iommu) < 0;
	targets_publish(domain, new);
	/* The unit forgets the domain: nothing there may lead to it any more */
	if (last && !stale)
		stale = vtd_context_evict(vdev->iommu, vtd_pt_root_for(&domain->pt));
	if (stale)
		vtd_stale_lose(domain, vdev->iommu, vdev->ats.supported);
	if (last && !stale)
		vtd_did_free(vdev->iommu, did);
out:
	mutex_unlock(&domain->lock);
}

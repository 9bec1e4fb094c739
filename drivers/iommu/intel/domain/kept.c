// SPDX-License-Identifier: GPL-2.0
/*
 * intel_iommu.keep_rmrr=: the driver itself maps a device's reserved regions in
 * each domain that the device is attached to, for as long as it is.
 *
 * To the core such a region is reserved, so it gives its addresses to nobody, and
 * nobody else maps or unmaps them.  Each device of a domain counts once for each
 * of its regions; equal ones share the mapping.  Parts that overlap are mapped
 * once: a region maps the holes it finds, and the last user of a page unmaps it.
 *
 * No leaf reaches across the end of any region: an unmap takes a large leaf whole,
 * with what another region still needs.  A region that comes splits those in its way;
 * its own lie in the holes, where no other ends.
 */
#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/align.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "acpi/inventory.h"
#include "device/device.h"
#include "device/reserved.h"
#include "domain/domain.h"
#include "domain/flush.h"
#include "domain/kept.h"
#include "domain/retire.h"
#include "hw/entries.h"
#include "pgtable/split.h"

/**
 * struct vtd_kept - a region that a device keeps in a domain
 * @list: in dmar_domain.kept
 * @vdev: the device
 * @base: first byte
 * @end: last byte
 */
struct vtd_kept {
	struct list_head list;
	struct vtd_device *vdev;
	u64 base;
	u64 end;
};

struct vtd_kept_collect {
	struct list_head *head;
	struct vtd_device *vdev;
	int error;
};

static void kept_note(const struct dmar_rmrr_unit *rmrr, struct device *owner,
		      enum vtd_rmrr_use use, void *data)
{
	struct vtd_kept_collect *collect = data;
	struct vtd_kept *kept;

	if (use != VTD_RMRR_KEPT)
		return;
	kept = kzalloc(sizeof(*kept), GFP_KERNEL);
	if (!kept) {
		collect->error = -ENOMEM;
		return;
	}
	kept->vdev = collect->vdev;
	kept->base = rmrr->base;
	kept->end = rmrr->end;
	list_add_tail(&kept->list, collect->head);
}

static bool kept_has(const struct list_head *head, u64 page)
{
	const struct vtd_kept *kept;

	list_for_each_entry(kept, head, list)
		if (page >= kept->base && page <= kept->end)
			return true;
	return false;
}

/* Bytes from @page on, to @end at most, that are all in the list or all not in it */
static u64 kept_run(const struct list_head *head, u64 page, u64 end)
{
	bool has = kept_has(head, page);
	u64 size = 0;

	do
		size += VTD_PAGE_SIZE;
	while (page + size < end && kept_has(head, page + size) == has);
	return size;
}

static void kept_unmap(struct dmar_domain *d, u64 base, u64 size)
{
	LIST_HEAD(retired);
	struct vtd_pt_change change = { .retired = &retired };

	vtd_pt_unmap(&d->pt, base, size, &change);
	vtd_retire_tables(d, &(struct vtd_flush) {
		.first = base, .last = base + size - 1, .leaf = !change.tables_freed,
	}, &retired);
}

/* Takes what @kept covers and no entry of the list does out of the tables */
static void kept_drop(struct dmar_domain *d, const struct vtd_kept *kept)
{
	u64 at, size;

	for (at = kept->base; at < kept->end; at += size) {
		size = kept_run(&d->kept, at, kept->end);
		if (!kept_has(&d->kept, at))
			kept_unmap(d, at, size);
	}
}

/*
 * Not through vtd_domain_map_pages(): a domain in which nothing but these is
 * mapped may still be told to force snooping (VFIO does so after the attach), and
 * that is about memory of whoever owns the domain.
 */
static int kept_map(struct dmar_domain *d, u64 base, u64 size)
{
	LIST_HEAD(retired);
	struct vtd_pt_change change = { .retired = &retired };
	u32 prot = VTD_PT_READ | VTD_PT_WRITE | (d->snoop ? VTD_PT_SNOOP : 0);
	u64 done = 0;
	int ret;

	ret = vtd_pt_map(&d->pt, base, base, size, prot, GFP_KERNEL, &done, &change);
	/* Units that cache no absence have to hear of tables that made way, too */
	vtd_retire_tables(d, &(struct vtd_flush) {
		.first = base, .last = base + size - 1, .absent = !change.tables_freed,
	}, &retired);
	if (ret && done)
		kept_unmap(d, base, done);
	return ret;
}

/*
 * From here on the part before @at can be unmapped without the one behind it.  A leaf
 * that is not there for a region is its owner's, who may be unmapping it.
 */
static int kept_split(struct dmar_domain *d, u64 at)
{
	u64 size;
	int ret;

	if (!kept_has(&d->kept, at))
		return 0;
	ret = vtd_pt_split(&d->pt, at, GFP_KERNEL, &size);
	if (size)
		vtd_flush_domain(d, &(struct vtd_flush) {
			.first = at & ~(size - 1), .last = at | (size - 1),
		});
	return ret;
}

static int kept_add(struct dmar_domain *d, struct vtd_kept *kept)
{
	u64 at = kept->base, size;
	int ret;

	ret = kept_split(d, kept->base) ?: kept_split(d, ALIGN(kept->end + 1, VTD_PAGE_SIZE));
	for (; !ret && at < kept->end; at += size) {
		size = kept_run(&d->kept, at, kept->end);
		if (kept_has(&d->kept, at))
			continue;
		ret = kept_map(d, at, size);
		if (ret)
			break;
	}
	if (!ret) {
		list_add_tail(&kept->list, &d->kept);
		return 0;
	}
	dev_warn(kept->vdev->dev, "DMAR: reserved memory %#llx-%#llx cannot be kept: %s\n",
		 kept->base, kept->end, ret == -EADDRINUSE ?
		 "the domain uses these addresses" :
		 ret == -ERANGE ? "the domain does not reach there" : "no memory");
	if (at > kept->base) {
		kept->end = at - 1;
		kept_drop(d, kept);
	}
	kfree(kept);
	return ret == -ERANGE ? -EINVAL : ret;
}

/**
 * vtd_kept_get - map the regions that a device keeps
 * @domain: domain that it is about to be attached to; vtd_targets_link() is done
 * @vdev: device
 *
 * Context: may sleep; takes the domain's lock, dmar_inventory_lock for reading.
 *
 * Return: 0; -EADDRINUSE if something else is mapped there, -EINVAL if the domain
 * ends before, -ENOMEM: then none of the device's regions is mapped.
 */
int vtd_kept_get(struct dmar_domain *domain, struct vtd_device *vdev)
{
	struct vtd_kept_collect collect = { .vdev = vdev };
	struct vtd_kept *kept, *next;
	LIST_HEAD(found);
	int ret;

	collect.head = &found;
	vtd_reserved_each(vdev->dev, kept_note, &collect);
	ret = collect.error;
	mutex_lock(&domain->lock);
	list_for_each_entry_safe(kept, next, &found, list) {
		list_del(&kept->list);
		if (ret)
			kfree(kept);
		else
			ret = kept_add(domain, kept);
	}
	mutex_unlock(&domain->lock);
	if (ret)
		vtd_kept_put(domain, vdev);
	return ret;
}

/**
 * vtd_kept_put - unmap what only this device kept
 * @domain: domain
 * @vdev: device; its entries no longer name the domain, which still has it as a
 *	target, so that others are flushed
 *
 * Context: may sleep; takes the domain's lock.
 */
void vtd_kept_put(struct dmar_domain *domain, struct vtd_device *vdev)
{
	struct vtd_kept *kept, *next;

	mutex_lock(&domain->lock);
	list_for_each_entry_safe(kept, next, &domain->kept, list) {
		if (kept->vdev != vdev)
			continue;
		list_del(&kept->list);
		kept_drop(domain, kept);
		kfree(kept);
	}
	mutex_unlock(&domain->lock);
}

/**
 * vtd_kept_free - forget what could not be put
 * @domain: domain that is being freed
 */
void vtd_kept_free(struct dmar_domain *domain)
{
	struct vtd_kept *kept, *next;

	list_for_each_entry_safe(kept, next, &domain->kept, list) {
		list_del(&kept->list);
		kfree(kept);
	}
}

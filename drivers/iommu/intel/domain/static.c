// SPDX-License-Identifier: GPL-2.0
/*
 * The static identity domain.
 *
 * A unit with pass-through needs no tables for it.  One without walks tables
 * that map all RAM and all reserved regions to themselves.  Units of the same
 * shape share a set; a machine has at most a few.
 */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/atomic.h>
#include <linux/ioport.h>
#include <linux/list.h>
#include <linux/memory.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/pfn.h>
#include <linux/printk.h>
#include <linux/rwsem.h>
#include <linux/slab.h>

#include <kunit/visibility.h>

#include "../iommu-pages.h"
#include "acpi/inventory.h"
#include "context/context.h"
#include "context/did.h"
#include "domain/domain.h"
#include "domain/static.h"
#include "hw/descriptors.h"
#include "unit/queue.h"
#include "unit/unit.h"

/**
 * struct vtd_static - identity tables of one shape
 * @list: in vtd_statics
 * @pt: the tables
 * @users: units that point here
 * @stale: one that did may still find its way to the tables: never free them
 */
struct vtd_static {
	struct list_head list;
	struct vtd_pgtable pt;
	unsigned int users;
	bool stale;
};

static LIST_HEAD(vtd_statics);
static DEFINE_MUTEX(vtd_static_lock);	/* the list, users, and the tables' content */

/*
 * Ranges overlap: firmware lists regions inside RAM, and twice.  So only the
 * holes are filled.
 */
static int iommu_domain_identity_map(struct vtd_pgtable *pt, u64 first, u64 last)
{
	struct vtd_pt_change change = { };
	u64 mapped, at = round_down(first, VTD_PAGE_SIZE);
	LIST_HEAD(retired);
	int ret = 0;

	change.retired = &retired;
	last = min(last, GENMASK_ULL(pt->cfg.width - 1, 0));
	while (at < last) {
		mapped = 0;
		ret = vtd_pt_map(pt, at, at, round_up(last + 1, VTD_PAGE_SIZE) - at,
				 VTD_PT_READ | VTD_PT_WRITE, GFP_KERNEL, &mapped,
				 &change);
		at += mapped;
		if (ret == -EADDRINUSE) {
			at += VTD_PAGE_SIZE;
			ret = 0;
		}
		if (ret)
			break;
	}
	/* Nothing is attached to the new part yet, so nothing can hold these */
	iommu_put_pages_list(&retired);
	return ret;
}

static int vtd_static_map_pages(unsigned long pfn, unsigned long count, void *pt)
{
	return iommu_domain_identity_map(pt, PFN_PHYS(pfn),
					 PFN_PHYS(pfn + count) - 1);
}

static int vtd_static_map_ram(struct vtd_pgtable *pt)
{
	int nid, ret;

	for_each_online_node(nid) {
		ret = walk_system_ram_range(node_start_pfn(nid),
					    node_spanned_pages(nid), pt,
					    vtd_static_map_pages);
		/* A node without memory has no range: -EINVAL */
		if (ret && ret != -EINVAL)
			return ret;
	}
	return 0;
}

static int vtd_static_map_reserved(struct vtd_pgtable *pt)
{
	struct dmar_rmrr_unit *rmrr;
	int ret = 0;

	down_read(&dmar_inventory_lock);
	list_for_each_entry(rmrr, &dmar_rmrr_units, list) {
		ret = iommu_domain_identity_map(pt, rmrr->base, rmrr->end);
		if (ret)
			break;
	}
	up_read(&dmar_inventory_lock);
	return ret;
}

static bool vtd_static_same(const struct vtd_pt_config *a,
			    const struct vtd_pt_config *b)
{
	return a->levels == b->levels && a->max_leaf == b->max_leaf &&
	       a->width == b->width && a->coherent == b->coherent;
}

static struct vtd_static *vtd_static_build(const struct vtd_pt_config *cfg)
{
	struct vtd_static *identity = kzalloc(sizeof(*identity), GFP_KERNEL);
	int ret;

	if (!identity)
		return ERR_PTR(-ENOMEM);
	ret = vtd_pt_init(&identity->pt, cfg, GFP_KERNEL);
	if (ret)
		goto free;
	ret = vtd_static_map_ram(&identity->pt) ?:
	      vtd_static_map_reserved(&identity->pt);
	if (ret)
		goto tables;
	list_add(&identity->list, &vtd_statics);
	return identity;
tables:
	vtd_pt_exit(&identity->pt);
free:
	kfree(identity);
	return ERR_PTR(ret);
}

static void vtd_static_announce(void)
{
	struct dmar_drhd_unit *drhd;
	struct vtd_desc desc;

	down_read(&dmar_inventory_lock);
	list_for_each_entry(drhd, &dmar_drhd_units, list) {
		if (!drhd->iommu || !drhd->iommu->identity ||
		    !drhd->iommu->caps.caching_mode)
			continue;
		desc = vtd_desc_iotlb(VTD_INV_DOMAIN, VTD_DID_IDENTITY,
				      drhd->iommu->caps.drain);
		vtd_queue_sync(drhd->iommu, &desc, 1);
	}
	up_read(&dmar_inventory_lock);
}

/*
 * Memory that comes is mapped before anybody can get a page of it.  Memory that
 * goes keeps its entries: they lead to where nothing is, and it may come back.
 */
VISIBLE_IF_KUNIT int vtd_static_memory(struct notifier_block *nb, unsigned long action,
				       void *data)
{
	const struct memory_notify *range = data;
	struct vtd_static *identity;
	int ret = 0;

	if (action != MEM_GOING_ONLINE)
		return NOTIFY_DONE;
	mutex_lock(&vtd_static_lock);
	list_for_each_entry(identity, &vtd_statics, list) {
		ret = vtd_static_map_pages(range->start_pfn, range->nr_pages,
					   &identity->pt);
		if (ret)
			break;
	}
	mutex_unlock(&vtd_static_lock);
	vtd_static_announce();
	return notifier_from_errno(ret);
}

static struct notifier_block vtd_static_memory_nb = {
	.notifier_call = vtd_static_memory,
};

/* Without vtd_static_lock, which the notifier takes */
static void vtd_static_follow_memory(void)
{
	static atomic_t once;

	if (!atomic_xchg(&once, 1))
		register_memory_notifier(&vtd_static_memory_nb);
}

/**
 * si_domain_init - give a unit identity tables
 * @iommu: unit without pass-through
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int si_domain_init(struct intel_iommu *iommu)
{
	struct vtd_static *identity, *found = NULL;
	struct vtd_pt_config cfg;
	int ret = 0;

	vtd_domain_config(&cfg, iommu);
	mutex_lock(&vtd_static_lock);
	if (iommu->identity)
		goto out;
	list_for_each_entry(identity, &vtd_statics, list)
		if (vtd_static_same(&identity->pt.cfg, &cfg))
			found = identity;
	if (!found)
		found = vtd_static_build(&cfg);
	if (IS_ERR(found)) {
		ret = PTR_ERR(found);
		goto out;
	}
	found->users++;
	iommu->identity = found;
	pr_info("%s: no pass-through, identity uses tables of all RAM\n",
		iommu->name);
out:
	mutex_unlock(&vtd_static_lock);
	if (!ret)
		vtd_static_follow_memory();
	return ret;
}

/**
 * vtd_static_exit - take identity tables from a unit
 * @iommu: unit that translates nothing any more
 */
void vtd_static_exit(struct intel_iommu *iommu)
{
	struct vtd_static *identity = iommu->identity;

	mutex_lock(&vtd_static_lock);
	iommu->identity = NULL;
	if (identity && vtd_context_evict(iommu, vtd_pt_root_for(&identity->pt)))
		identity->stale = true;
	if (identity && !--identity->users) {
		list_del(&identity->list);
		if (!identity->stale)
			vtd_pt_exit(&identity->pt);
		kfree(identity);
	}
	mutex_unlock(&vtd_static_lock);
}

#if IS_ENABLED(CONFIG_KUNIT)
const struct vtd_pgtable *vtd_static_tables(const struct intel_iommu *iommu)
{
	return &iommu->identity->pt;
}
#endif

/**
 * vtd_static_image - context entry of the identity domain
 * @iommu: unit
 * @image: filled
 *
 * Return: 0, or what si_domain_init() returned.
 */
int vtd_static_image(struct intel_iommu *iommu, struct vtd_context_entry *image)
{
	u8 max_levels = vtd_caps_max_levels(&iommu->caps);
	int ret;

	/* Section 9.3: AW names the widest the unit has when it passes through */
	if (iommu->caps.pass_through) {
		*image = vtd_context_pass_through(max_levels, VTD_DID_IDENTITY);
		return 0;
	}
	ret = si_domain_init(iommu);
	if (ret)
		return ret;
	*image = vtd_context_translate(vtd_pt_root_for(&iommu->identity->pt),
				       iommu->identity->pt.cfg.levels,
				       VTD_DID_IDENTITY, false);
	return 0;
}

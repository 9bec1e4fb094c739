// SPDX-License-Identifier: GPL-2.0
/*
 * The static identity domain.
 *
 * A unit with pass-through needs no tables for it.  One without walks tables
 * that map all RAM and all reserved regions to themselves.  Units of the same
 * shape share a set; a machine has at most a few.
 */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/ioport.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/memory.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/pfn.h>
#include <linux/printk.h>
#include <linux/rwsem.h>
#include <linux/slab.h>

#include <kunit/static_stub.h>
#include <kunit/visibility.h>

#include "acpi/inventory.h"
#include "context/context.h"
#include "context/did.h"
#include "core/core.h"
#include "domain/domain.h"
#include "domain/stage.h"
#include "domain/static.h"
#include "hw/descriptors.h"
#include "pgtable/identity.h"
#include "unit/queue.h"
#include "unit/unit.h"

/**
 * struct vtd_static - identity tables of one shape
 * @list: in vtd_statics
 * @pt: the tables
 * @users: units that point here, by intel_iommu.identity_node
 * @stale: one that did may still find its way to the tables: never free them
 * @change: tables that had to make way, on @retired, and are not flushed yet
 * @retired: their pages
 */
struct vtd_static {
	struct list_head list;
	struct vtd_pgtable pt;
	struct list_head users;
	bool stale;
	struct vtd_pt_change change;
	struct list_head retired;
};

static LIST_HEAD(vtd_statics);
static DEFINE_MUTEX(vtd_static_lock);	/* the list, users, and the tables' content */

/* Ranges overlap: firmware lists regions inside RAM, and twice */
static int iommu_domain_identity_map(struct vtd_static *identity, u64 first, u64 last)
{
	return vtd_pt_identity(&identity->pt, first, last, GFP_KERNEL, &identity->change);
}

static int static_map_pages(unsigned long pfn, unsigned long count, void *identity)
{
	return iommu_domain_identity_map(identity, PFN_PHYS(pfn), PFN_PHYS(pfn + count) - 1);
}

VISIBLE_IF_KUNIT int vtd_static_map_ram(struct vtd_static *identity)
{
	int nid, ret;

	KUNIT_STATIC_STUB_REDIRECT(vtd_static_map_ram, identity);
	for_each_online_node(nid) {
		ret = walk_system_ram_range(node_start_pfn(nid), node_spanned_pages(nid),
					    identity, static_map_pages);
		/* A node without memory has no range: -EINVAL */
		if (ret && ret != -EINVAL)
			return ret;
	}
	return 0;
}

static int static_map_reserved(struct vtd_static *identity)
{
	struct dmar_rmrr_unit *rmrr;
	int ret = 0;

	down_read(&dmar_inventory_lock);
	list_for_each_entry(rmrr, &dmar_rmrr_units, list) {
		ret = iommu_domain_identity_map(identity, rmrr->base, rmrr->end);
		if (ret)
			break;
	}
	up_read(&dmar_inventory_lock);
	return ret;
}

/* No unit can find its way to what is freed here */
static void static_free_retired(struct vtd_static *identity)
{
	vtd_core_free_retired(&identity->retired);
	identity->change.tables_freed = false;
}

static bool static_same(const struct vtd_pt_config *a,
			const struct vtd_pt_config *b)
{
	return a->levels == b->levels && a->max_leaf == b->max_leaf &&
	       a->first_stage == b->first_stage &&
	       a->width == b->width && a->coherent == b->coherent;
}

static struct vtd_static *static_build(const struct vtd_pt_config *cfg)
{
	struct vtd_static *identity = kzalloc(sizeof(*identity), GFP_KERNEL);
	int ret;

	if (!identity)
		return ERR_PTR(-ENOMEM);
	INIT_LIST_HEAD(&identity->users);
	INIT_LIST_HEAD(&identity->retired);
	identity->change.retired = &identity->retired;
	ret = vtd_pt_init(&identity->pt, cfg, GFP_KERNEL);
	if (ret)
		goto free;
	ret = vtd_static_map_ram(identity) ?: static_map_reserved(identity);
	/* No unit has these tables yet */
	static_free_retired(identity);
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

/*
 * Tell a unit that its tables were added to: it may have cached absence, or hold
 * stores in its buffer; and none may keep a table that made way.
 */
static int static_tell(struct intel_iommu *iommu, const struct vtd_static *identity)
{
	bool first = identity->pt.cfg.first_stage;
	struct vtd_desc desc = first ? vtd_desc_piotlb(VTD_DID_IDENTITY, IOMMU_NO_PASID) :
			       vtd_desc_iotlb(VTD_INV_DOMAIN, VTD_DID_IDENTITY,
					      iommu->caps.drain);

	vtd_unit_flush_write_buffer(iommu);
	if (!identity->change.tables_freed && (first || !iommu->caps.caching_mode))
		return 0;
	return vtd_queue_insist(iommu, &desc, 1);
}

/*
 * A flush may take as long as the queue's patience: nobody who wants the inventory
 * waits for that.  Units leave the list before they go.
 */
static void static_announce(struct vtd_static *identity)
{
	struct intel_iommu *iommu;
	int ret = 0;

	lockdep_assert_held(&vtd_static_lock);
	list_for_each_entry(iommu, &identity->users, identity_node)
		ret = static_tell(iommu, identity) ?: ret;
	/* Else they stay on the list, until a flush succeeds or the last unit goes */
	if (!ret)
		static_free_retired(identity);
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
		ret = static_map_pages(range->start_pfn, range->nr_pages, identity);
		static_announce(identity);
		if (ret)
			break;
	}
	mutex_unlock(&vtd_static_lock);
	return notifier_from_errno(ret);
}

static struct notifier_block vtd_static_memory_nb = {
	.notifier_call = vtd_static_memory,
};

/*
 * Before the first tables are built, or memory that comes meanwhile would be in none:
 * from here on it waits for the builder, who holds vtd_static_lock, and is added.  What
 * came before is seen by the builder: the core makes a node as large, and lists the
 * range, before it calls.  Not with vtd_static_lock, which the notifier takes.
 */
VISIBLE_IF_KUNIT int vtd_static_follow_memory(void)
{
	static DEFINE_MUTEX(lock);
	static bool follows;
	int ret = 0;

	KUNIT_STATIC_STUB_REDIRECT(vtd_static_follow_memory);
	mutex_lock(&lock);
	if (!follows)
		ret = register_memory_notifier(&vtd_static_memory_nb);
	follows |= !ret;
	mutex_unlock(&lock);
	return ret;
}

/**
 * si_domain_init - give a unit identity tables
 * @iommu: unit without pass-through
 *
 * Context: may sleep.
 *
 * Return: 0; -ENOMEM; what register_memory_notifier() says.
 */
int si_domain_init(struct intel_iommu *iommu)
{
	struct vtd_static *identity, *found = NULL;
	struct vtd_pt_config cfg;
	int ret = vtd_static_follow_memory();

	if (ret)
		return ret;
	/* All memory is to be reached: the second stage does that better */
	vtd_stage_config(&iommu->caps, vtd_stage_choose(&iommu->caps, iommu->scalable,
							iommu->caps.second_stage), &cfg);
	cfg.node = iommu->node;
	mutex_lock(&vtd_static_lock);
	if (iommu->identity)
		goto out;
	list_for_each_entry(identity, &vtd_statics, list)
		if (static_same(&identity->pt.cfg, &cfg))
			found = identity;
	if (!found)
		found = static_build(&cfg);
	if (IS_ERR(found)) {
		ret = PTR_ERR(found);
		goto out;
	}
	list_add_tail(&iommu->identity_node, &found->users);
	iommu->identity = found;
	pr_info("%s: no pass-through, identity uses tables of all RAM\n",
		iommu->name);
out:
	mutex_unlock(&vtd_static_lock);
	return ret;
}

/**
 * vtd_static_exit - take identity tables from a unit
 * @iommu: unit that goes; if it could not be stopped, the tables are its for ever
 *
 * Context: may sleep; takes root_lock.
 */
void vtd_static_exit(struct intel_iommu *iommu)
{
	struct vtd_static *identity = iommu->identity;

	mutex_lock(&vtd_static_lock);
	iommu->identity = NULL;
	if (!identity)
		goto out;
	list_del(&iommu->identity_node);
	if (vtd_unit_translating(iommu) ||
	    vtd_context_evict(iommu, vtd_pt_root_for(&identity->pt)))
		identity->stale = true;
	if (list_empty(&identity->users)) {
		list_del(&identity->list);
		if (!identity->stale) {
			static_free_retired(identity);
			vtd_pt_exit(&identity->pt);
		}
		kfree(identity);
	}
out:
	mutex_unlock(&vtd_static_lock);
}

#if IS_ENABLED(CONFIG_KUNIT)
const struct vtd_pgtable *vtd_static_tables(const struct intel_iommu *iommu)
{
	return &iommu->identity->pt;
}
#endif

static struct vtd_image static_walk(const struct vtd_pgtable *pt)
{
	u64 root = vtd_pt_root_for(pt);

	return pt->cfg.first_stage ?
	       vtd_image_first(root, pt->cfg.levels, VTD_DID_IDENTITY, false) :
	       vtd_image_walk(root, pt->cfg.levels, VTD_DID_IDENTITY, false);
}

/**
 * vtd_static_image - what the identity domain means for a requester
 * @iommu: unit
 * @image: filled
 *
 * Return: 0, or what si_domain_init() returned.
 */
int vtd_static_image(struct intel_iommu *iommu, struct vtd_image *image)
{
	u8 max_levels = vtd_caps_max_levels(&iommu->caps);
	int ret;

	/* Section 9.3: AW names the widest the unit has when it passes through */
	if (iommu->caps.pass_through) {
		*image = vtd_image_pass(max_levels, VTD_DID_IDENTITY);
		return 0;
	}
	ret = si_domain_init(iommu);
	if (ret)
		return ret;
	*image = static_walk(&iommu->identity->pt);
	return 0;
}

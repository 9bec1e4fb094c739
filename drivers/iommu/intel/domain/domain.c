// SPDX-License-Identifier: GPL-2.0
/* Paging domains: allocation, map, unmap, and what the core asks of them. */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/rwsem.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "acpi/inventory.h"
#include "context/context.h"
#include "core/core.h"
#include "domain/domain.h"
#include "domain/flush.h"
#include "domain/kept.h"
#include "domain/retire.h"
#include "domain/stage.h"
#include "domain/stale.h"
#include "hw/entries.h"
#include "pgtable/first.h"
#include "unit/unit.h"

static unsigned long domain_page_sizes(u8 max_leaf)
{
	unsigned long sizes = SZ_4K;

	if (max_leaf >= 2)
		sizes |= SZ_2M;
	if (max_leaf >= 3)
		sizes |= SZ_1G;
	return sizes;
}

/**
 * vtd_domain_alloc - allocate a paging domain
 * @iommu: unit of the device that asks for it
 * @needs_second: what is wanted of it only second-stage tables have
 *
 * Context: may sleep.
 *
 * Return: the domain, or an error pointer: -EOPNOTSUPP if the unit has no such tables,
 * -ENOMEM.
 */
struct iommu_domain *vtd_domain_alloc(struct intel_iommu *iommu, bool needs_second)
{
	enum vtd_stage stage = vtd_stage_choose(&iommu->caps, iommu->scalable, needs_second);
	struct vtd_pt_config cfg;
	struct dmar_domain *domain;
	int ret;

	if (stage == VTD_STAGE_NONE)
		return ERR_PTR(-EOPNOTSUPP);
	domain = kzalloc(sizeof(*domain), GFP_KERNEL);
	if (!domain)
		return ERR_PTR(-ENOMEM);
	vtd_stage_config(&iommu->caps, stage, &cfg);
	cfg.node = iommu->node;
	ret = vtd_pt_init(&domain->pt, &cfg, GFP_KERNEL);
	if (ret) {
		kfree(domain);
		return ERR_PTR(ret);
	}
	mutex_init(&domain->lock);
	mutex_init(&domain->track_lock);
	INIT_LIST_HEAD(&domain->kept);
	vtd_stale_init(domain);
	spin_lock_init(&domain->inspect_lock);
	domain->domain.pgsize_bitmap = domain_page_sizes(cfg.max_leaf);
	domain->domain.geometry.aperture_end = GENMASK_ULL(cfg.width - 1, 0);
	domain->domain.geometry.force_aperture = true;
	return &domain->domain;
}

/*
 * Looked at when each unit forgot the domain, too.  Other units are not asked: one
 * may be in trouble, and its tables locked meanwhile.
 */
static bool domain_is_forgotten(struct dmar_domain *d)
{
	const struct dmar_drhd_unit *drhd;
	bool forgotten = !vtd_stale_check(d);

	down_read(&dmar_inventory_lock);
	list_for_each_entry(drhd, &dmar_drhd_units, list)
		if (drhd->iommu && test_bit(drhd->iommu->seq_id, d->known) &&
		    vtd_context_evict(drhd->iommu, vtd_pt_root_for(&d->pt)))
			forgotten = false;
	up_read(&dmar_inventory_lock);
	return forgotten;
}

/**
 * vtd_domain_free - free a domain that nobody is attached to
 * @domain: from vtd_domain_alloc()
 *
 * Its tables are kept for ever when a unit may still find its way to them.
 *
 * Context: may sleep; takes dmar_inventory_lock for reading.
 */
void vtd_domain_free(struct iommu_domain *domain)
{
	struct dmar_domain *d = to_dmar_domain(domain);
	struct vtd_targets *targets = rcu_dereference_protected(d->targets, true);

	if (WARN_ON_ONCE(targets && targets->count))
		return;		/* leaking is safer than freeing tables in use */
	if (targets)
		kfree_rcu(targets, rcu);
	/* Likewise when a unit did not flush */
	if (domain_is_forgotten(d)) {
		vtd_core_free_retired(&d->lazy_tables);
		vtd_pt_exit(&d->pt);
	}
	vtd_stale_exit(d);
	vtd_kept_free(d);
	mutex_destroy(&d->lock);
	mutex_destroy(&d->track_lock);
	kfree(d);
}

/**
 * vtd_domain_misfit - may a unit walk a domain's tables
 * @domain: domain
 * @iommu: unit
 *
 * A question, never a repair: a domain stays as it was built.
 *
 * Return: NULL if it may, else a phrase that says why not.
 */
const char *vtd_domain_misfit(const struct dmar_domain *domain,
			      const struct intel_iommu *iommu)
{
	const struct vtd_caps *caps = &iommu->caps;
	const char *why = vtd_stage_misfit(&domain->pt.cfg, caps, iommu->scalable);

	if (why)
		return why;
	if (domain->tracks && (!iommu->scalable || !caps->dirty))
		return "unit cannot say what was written";
	if (READ_ONCE(domain->snoop) && !caps->snoop_control)
		return "unit cannot force snooping";
	return NULL;
}

static int domain_refuse(const struct dmar_domain *d, unsigned long iova,
			 size_t size, int err)
{
	if (err == -ERANGE)
		pr_warn_ratelimited("mapping at %#lx+%#zx refused: the unit translates %u address bits, to 52 bits of memory\n",
				    iova, size, d->pt.cfg.width);
	return err == -ERANGE ? -EINVAL : err;
}

typedef int (*domain_map_fn)(struct vtd_pgtable *pt, u64 iova, u64 phys, u64 size,
			     u32 prot, gfp_t gfp, u64 *mapped, struct vtd_pt_change *change);
typedef u64 (*domain_unmap_fn)(struct vtd_pgtable *pt, u64 iova, u64 size,
			       struct vtd_pt_change *change);

/* @map is a constant where this is inlined: which format it is costs nothing */
static __always_inline int domain_map(struct iommu_domain *domain, unsigned long iova,
				      phys_addr_t paddr, size_t size, int prot, gfp_t gfp,
				      size_t *mapped, domain_map_fn map)
{
	struct dmar_domain *d = to_dmar_domain(domain);
	LIST_HEAD(retired);
	struct vtd_pt_change change = { .retired = &retired };
	u64 done = 0;
	u32 flags;
	int ret;

	BUILD_BUG_ON(IOMMU_READ != VTD_PT_READ || IOMMU_WRITE != VTD_PT_WRITE);
	flags = prot & (IOMMU_READ | IOMMU_WRITE);
	if (d->snoop)
		flags |= VTD_PT_SNOOP;
	if (unlikely(!d->used))
		d->used = true;

	ret = map(&d->pt, iova, paddr, size, flags, gfp, &done, &change);
	if (unlikely(change.tables_freed)) {
		/* A large page took the place of an empty table */
		vtd_retire_tables(d, &(struct vtd_flush) {
			.first = iova, .last = iova + size - 1,
		}, &retired);
	}
	*mapped = done;
	return unlikely(ret) ? domain_refuse(d, iova, size, ret) : 0;
}

/**
 * vtd_domain_map_pages - iommu_domain_ops.map_pages
 * @domain: paging domain with second-stage tables
 * @iova: first address
 * @paddr: what it shall translate to
 * @pgsize: one of the domain's page sizes
 * @pgcount: how many
 * @prot: IOMMU_READ, IOMMU_WRITE
 * @gfp: for new tables
 * @mapped: bytes mapped, also on error
 *
 * Context: any that @gfp allows.
 *
 * Return: 0, -ENOMEM, -EINVAL, or -EADDRINUSE when something is mapped there.
 */
int vtd_domain_map_pages(struct iommu_domain *domain, unsigned long iova,
			 phys_addr_t paddr, size_t pgsize, size_t pgcount,
			 int prot, gfp_t gfp, size_t *mapped)
{
	return domain_map(domain, iova, paddr, pgsize * pgcount, prot, gfp, mapped,
			  vtd_pt_map_second);
}

/**
 * vtd_domain_map_first - the same for a domain with first-stage tables
 * @domain: that domain
 * @iova: as for vtd_domain_map_pages()
 * @paddr: as there
 * @pgsize: as there
 * @pgcount: as there
 * @prot: as there
 * @gfp: as there
 * @mapped: as there
 */
int vtd_domain_map_first(struct iommu_domain *domain, unsigned long iova,
			 phys_addr_t paddr, size_t pgsize, size_t pgcount,
			 int prot, gfp_t gfp, size_t *mapped)
{
	return domain_map(domain, iova, paddr, pgsize * pgcount, prot, gfp, mapped,
			  vtd_pt_map_first);
}

static __always_inline size_t domain_unmap(struct iommu_domain *domain, unsigned long iova,
					   size_t size, struct iommu_iotlb_gather *gather,
					   domain_unmap_fn unmap)
{
	struct dmar_domain *d = to_dmar_domain(domain);
	LIST_HEAD(retired);
	struct vtd_pt_change change = { .retired = &retired };

	if (unlikely(vtd_stale_check(d)))
		vtd_stale_pages(d, iova, size);
	size = unmap(&d->pt, iova, size, &change);
	if (!size)
		return 0;
	if (iommu_iotlb_gather_queued(gather)) {
		if (change.tables_freed)
			vtd_retire_later(d, &retired);
		return size;
	}
	/*
	 * A range far from what was gathered is flushed for itself: flushing the gap
	 * between them costs more than a doorbell.
	 */
	if (iommu_iotlb_gather_is_disjoint(gather, iova, size))
		iommu_iotlb_sync(domain, gather);
	iommu_iotlb_gather_add_range(gather, iova, size);
	/* Only now: a sync frees what it finds, and these were not flushed yet */
	if (change.tables_freed)
		list_splice(&retired, vtd_core_freelist(gather));
	return size;
}

/**
 * vtd_domain_unmap_pages - iommu_domain_ops.unmap_pages
 * @domain: paging domain with second-stage tables
 * @iova: first address
 * @pgsize: as it was mapped
 * @pgcount: how many
 * @gather: range to flush, and the tables to free after that; in lazy mode these
 *	wait with the domain
 *
 * Return: bytes unmapped.
 */
size_t vtd_domain_unmap_pages(struct iommu_domain *domain, unsigned long iova,
			      size_t pgsize, size_t pgcount,
			      struct iommu_iotlb_gather *gather)
{
	return domain_unmap(domain, iova, pgsize * pgcount, gather, vtd_pt_unmap_second);
}

/**
 * vtd_domain_unmap_first - the same for a domain with first-stage tables
 * @domain: that domain
 * @iova: as for vtd_domain_unmap_pages()
 * @pgsize: as there
 * @pgcount: as there
 * @gather: as there
 */
size_t vtd_domain_unmap_first(struct iommu_domain *domain, unsigned long iova,
			      size_t pgsize, size_t pgcount,
			      struct iommu_iotlb_gather *gather)
{
	return domain_unmap(domain, iova, pgsize * pgcount, gather, vtd_pt_unmap_first);
}

/**
 * vtd_domain_flush_all - iommu_domain_ops.flush_iotlb_all
 * @domain: paging domain
 *
 * The lazy mode's flush: everything unmapped before is gone after it.
 */
void vtd_domain_flush_all(struct iommu_domain *domain)
{
	vtd_retire_lazy(to_dmar_domain(domain), &(struct vtd_flush) {
		.first = 0, .last = domain->geometry.aperture_end,
	});
}

/**
 * vtd_domain_sync_map - iommu_domain_ops.iotlb_sync_map
 * @domain: paging domain
 * @iova: first address mapped
 * @size: bytes; 0 is nothing to tell of
 *
 * Only units that may cache absence have to hear of it.  One call may stand for
 * many maps, and others may map beside it: see vtd_flush_plan() for what follows.
 *
 * Return: 0.
 */
int vtd_domain_sync_map(struct iommu_domain *domain, unsigned long iova, size_t size)
{
	if (!size)
		return 0;
	vtd_flush_domain(to_dmar_domain(domain), &(struct vtd_flush) {
		.first = iova, .last = iova + size - 1, .absent = true,
	});
	return 0;
}

/**
 * vtd_domain_sync - iommu_domain_ops.iotlb_sync
 * @domain: paging domain
 * @gather: range that was unmapped, and the tables that it left over
 */
void vtd_domain_sync(struct iommu_domain *domain, struct iommu_iotlb_gather *gather)
{
	struct dmar_domain *d = to_dmar_domain(domain);

	/* The core also comes when nothing was unmapped */
	if (gather->start > gather->end)
		return;
	vtd_retire_tables(d, &(struct vtd_flush) {
		.first = gather->start, .last = gather->end,
		.leaf = list_empty(vtd_core_freelist(gather)),
	}, vtd_core_freelist(gather));
}

/**
 * vtd_domain_iova_to_phys - iommu_domain_ops.iova_to_phys
 * @domain: paging domain
 * @iova: address that its caller keeps mapped
 *
 * Return: the physical address, or 0.
 */
phys_addr_t vtd_domain_iova_to_phys(struct iommu_domain *domain, dma_addr_t iova)
{
	struct vtd_pt_leaf leaf;

	if (!vtd_pt_lookup(&to_dmar_domain(domain)->pt, iova, &leaf))
		return 0;
	return leaf.phys;
}

/**
 * vtd_domain_inspect - look an address up for a report
 * @domain: paging domain that cannot be freed meanwhile
 * @iova: any address; others may be mapping and unmapping it
 * @leaf: filled if true
 */
bool vtd_domain_inspect(struct dmar_domain *domain, u64 iova,
			struct vtd_pt_leaf *leaf)
{
	unsigned long flags;
	bool found;

	spin_lock_irqsave(&domain->inspect_lock, flags);
	found = vtd_pt_lookup(&domain->pt, iova, leaf);
	spin_unlock_irqrestore(&domain->inspect_lock, flags);
	return found;
}

/**
 * vtd_domain_image - what a requester's requests become under a domain
 * @d: the domain
 * @did: its id on the requester's unit
 * @dev_tlb: the device may hold translations
 *
 * Context: any.
 */
struct vtd_image vtd_domain_image(const struct dmar_domain *d, u16 did, bool dev_tlb)
{
	u64 root = vtd_pt_root_for(&d->pt);
	struct vtd_image image;

	if (d->pt.cfg.first_stage)
		return vtd_image_first(root, d->pt.cfg.levels, did, dev_tlb);
	image = vtd_image_walk(root, d->pt.cfg.levels, did, dev_tlb);
	image.tracking = &d->tracking;
	return image;
}

static bool domain_all_snoop(struct dmar_domain *d)
{
	const struct vtd_targets *targets =
		rcu_dereference_protected(d->targets, lockdep_is_held(&d->lock));
	unsigned int i;

	for (i = 0; targets && i < targets->count; i++)
		if (!targets->target[i].iommu->caps.snoop_control)
			return false;
	/* Nobody yet: the first to attach decides, by vtd_domain_misfit() */
	return true;
}

/**
 * vtd_domain_force_snoop - iommu_domain_ops.enforce_cache_coherency
 * @domain: paging domain
 *
 * Second stage: only before the first mapping, as entries are never rewritten behind a
 * device.  First stage: where a unit can do it, it does (context/scalable.c).
 *
 * Return: true if no device can bypass the caches from now on.
 */
bool vtd_domain_force_snoop(struct iommu_domain *domain)
{
	struct dmar_domain *d = to_dmar_domain(domain);

	mutex_lock(&d->lock);
	if (!d->snoop && (d->pt.cfg.first_stage || !d->used) && domain_all_snoop(d))
		WRITE_ONCE(d->snoop, true);
	mutex_unlock(&d->lock);
	return d->snoop;
}

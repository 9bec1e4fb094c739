/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Address spaces with page tables: what the iommu core calls paging domains.
 *
 * A domain is built for the unit of the device that asked and does not change
 * after that, but for the list of those who use it.
 *
 * How map, unmap, attach and detach keep out of each other's way without a
 * lock on the fast path:
 *
 *	map/unmap			attach
 *	---------			------
 *	store leaf entries		publish the new target
 *	smp_mb()			smp_mb()
 *	read the targets		install the context entry
 *	flush each			(hardware walks from here on)
 *
 * Either the unmapping side sees the target and flushes it, or the hardware
 * starts walking after the leaf entries were stored.  "The targets" are units
 * and device TLBs; one of the latter counts from when ATS is on, which is before
 * its context entry is filled.  Detach goes the other way: the context entry
 * first, flushed, then the target.
 */
#ifndef VTD_DOMAIN_DOMAIN_H
#define VTD_DOMAIN_DOMAIN_H

#include <linux/bitmap.h>
#include <linux/iommu.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>

#include "context/image.h"
#include "domain/flush.h"
#include "pgtable/pgtable.h"
#include "unit/unit.h"

struct vtd_device;

/**
 * struct vtd_target - somebody whose caches hold entries of a domain
 * @iommu: unit
 * @did: domain id of the domain on that unit
 * @users: attached devices and PASIDs of the unit; where the tables are first-stage ones,
 *	those with this PASID
 * @vdev: NULL for the unit itself, else one of its devices with a TLB
 * @pasid: which of the device's PASIDs, IOMMU_NO_PASID for requests without one.  Of a
 *	unit: its caches know first-stage translations by PASID, so that each has its own
 *	target; IOMMU_NO_PASID for second-stage ones
 * @on_map: new mappings are news to it, because absence may be cached
 * @tag: of a unit: how its IOTLB is told of changes
 */
struct vtd_target {
	struct intel_iommu *iommu;
	u16 did;
	unsigned int users;
	struct vtd_device *vdev;
	u32 pasid;
	bool on_map;
	struct vtd_tag tag;
};

/**
 * struct vtd_targets - all of them; replaced as a whole
 * @rcu: frees it
 * @on_map: some unit has to hear of new mappings, too (caching mode, or a
 *	write buffer)
 * @count: of @target
 * @target: each unit is followed by its devices with a TLB
 */
struct vtd_targets {
	struct rcu_head rcu;
	bool on_map;
	unsigned int count;
	struct vtd_target target[];
};

/**
 * struct dmar_domain - an address space with page tables of one stage or the other
 * @domain: what the core sees
 * @pt: (c) the tables
 * @snoop: (d) accesses snoop: by SNP in every leaf, so that it changes only before the first
 *	mapping, or by the entries that lead to first-stage tables
 * @tracks: (c) it was made to say what was written (dirty tracking)
 * @tracking: it does so now; whoever installs it looks
 * @track_lock: orders changes of @tracking
 * @used: something was mapped once
 * @known: (d) units that ever had it, by number (seq_id)
 * @stale: (s) some unit may still find its way to the tables, see domain/stale.c
 * @lock: (d) orders changes of @targets, @snoop and @kept
 * @kept: (d) reserved regions that the driver itself mapped (domain/kept.c)
 * @targets: (rcu) who must be flushed, NULL when nobody
 * @stale_lock: (s) a leaf, in any context
 * @losses: (s) units that did not flush
 * @incurable: (s) what would prove that they did is not known
 * @held_tables: (s) tables that were unlinked meanwhile
 * @held_pages: (s) what was unmapped meanwhile
 * @lazy_tables: (s) unlinked tables that wait for the lazy mode's flush
 * @inspect_lock: held, interrupts off, while somebody who does not own the
 *	addresses walks the tables; tables are freed only after passing it
 */
struct dmar_domain {
	struct iommu_domain domain;
	struct vtd_pgtable pt;
	bool snoop;
	bool used;
	bool tracks;
	bool tracking;
	struct mutex track_lock;	/* outermost of the domain's */
	bool stale;
	DECLARE_BITMAP(known, VTD_UNITS_MAX);
	struct mutex lock;		/* (d) */
	struct list_head kept;
	struct vtd_targets __rcu *targets;
	spinlock_t stale_lock;		/* (s) */
	struct list_head losses;
	bool incurable;
	struct list_head held_tables;
	struct list_head held_pages;
	struct list_head lazy_tables;
	spinlock_t inspect_lock;	/* a leaf: nothing is taken inside */
};

static inline struct dmar_domain *to_dmar_domain(struct iommu_domain *domain)
{
	return container_of(domain, struct dmar_domain, domain);
}

/* Does it have tables of ours */
static inline bool vtd_domain_is_paging(const struct iommu_domain *domain)
{
	return domain && (domain->type & __IOMMU_DOMAIN_PAGING);
}

/* Somebody looks for pages that a device asks for in it */
static inline bool vtd_domain_wants_pages(const struct iommu_domain *domain)
{
	return domain && domain->iopf_handler;
}

struct iommu_domain *vtd_domain_alloc(struct intel_iommu *iommu, bool needs_second);
void vtd_domain_free(struct iommu_domain *domain);
const char *vtd_domain_misfit(const struct dmar_domain *domain,
			      const struct intel_iommu *iommu);
struct vtd_image vtd_domain_image(const struct dmar_domain *d, u16 did, bool dev_tlb);

/* iommu_domain_ops */
int vtd_domain_map_pages(struct iommu_domain *domain, unsigned long iova,
			 phys_addr_t paddr, size_t pgsize, size_t pgcount,
			 int prot, gfp_t gfp, size_t *mapped);
size_t vtd_domain_unmap_pages(struct iommu_domain *domain, unsigned long iova,
			      size_t pgsize, size_t pgcount,
			      struct iommu_iotlb_gather *gather);
int vtd_domain_map_first(struct iommu_domain *domain, unsigned long iova,
			 phys_addr_t paddr, size_t pgsize, size_t pgcount,
			 int prot, gfp_t gfp, size_t *mapped);
size_t vtd_domain_unmap_first(struct iommu_domain *domain, unsigned long iova,
			      size_t pgsize, size_t pgcount,
			      struct iommu_iotlb_gather *gather);
void vtd_domain_flush_all(struct iommu_domain *domain);
int vtd_domain_sync_map(struct iommu_domain *domain, unsigned long iova, size_t size);
void vtd_domain_sync(struct iommu_domain *domain, struct iommu_iotlb_gather *gather);
phys_addr_t vtd_domain_iova_to_phys(struct iommu_domain *domain, dma_addr_t iova);
bool vtd_domain_force_snoop(struct iommu_domain *domain);

bool vtd_domain_inspect(struct dmar_domain *domain, u64 iova,
			struct vtd_pt_leaf *leaf);

/* domain/ask.c */
void vtd_domain_move_pages(struct vtd_device *vdev, u32 pasid, bool asked, bool asks, int err);

/* domain/targets.c */
int vtd_targets_link(struct dmar_domain *domain, struct vtd_device *vdev, u32 pasid);
void vtd_targets_unlink(struct dmar_domain *domain, struct vtd_device *vdev, u32 pasid,
			bool stale);

#endif /* VTD_DOMAIN_DOMAIN_H */

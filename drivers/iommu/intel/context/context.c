// SPDX-License-Identifier: GPL-2.0
/*
 * Root and context tables of one unit.
 *
 * The tables only grow: a context table, once linked, stays until all of them
 * go.  When that is, is not for everybody to know: a fault of a stranger, and the
 * end of its silence, come when they like, also before a unit has tables and after
 * it lost them.  So whoever looks at an entry holds the unit's root_lock, and may
 * find that there is no root.  Only a cut does not, and what follows it: they come in
 * any context, and are about devices, which are gone before the tables go.
 */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/atomic.h>
#include <linux/bitfield.h>
#include <linux/cacheflush.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "../iommu-pages.h"
#include "context/context.h"
#include "context/install.h"
#include "hw/descriptors.h"
#include "hw/registers.h"
#include "unit/queue.h"
#include "unit/unit.h"

#define VTD_BUSES	256
#define VTD_DEVFNS	256

/**
 * struct vtd_root - root table of a unit and the context tables below; all of it
 *	under the unit's root_lock, but for what @store is for
 * @store: raw: held for each single store into an entry, so that an entry can
 *	be cut off from any context; a leaf
 * @born: all numbers of this unit are above it, those of units before it below
 * @spoiled: (store) number of the last event that left caches behind with what is
 *	gone from memory: cuts, and flushes that failed
 * @settled: (store) all up to this one has been flushed
 * @entry: the root table, 256 entries
 * @context: CPU address of each bus's context table
 */
struct vtd_root {
	raw_spinlock_t store;	/* each word of an entry */
	u64 born;
	u64 spoiled;
	u64 settled;
	struct vtd_root_entry *entry;
	struct vtd_context_entry *context[VTD_BUSES];
};

/* Of all units: a number is never used twice */
static atomic64_t context_events;

/* A unit that does not snoop sees a table only once its lines are written back */
static void context_publish(struct intel_iommu *iommu, void *at, size_t size)
{
	if (!iommu->caps.coherent)
		clflush_cache_range(at, size);
}

/**
 * iommu_alloc_root_entry - allocate an empty root table
 * @iommu: unit without one; nothing is told to the hardware yet
 *
 * Context: may sleep; takes root_lock.
 *
 * Return: 0 or -ENOMEM.
 */
int iommu_alloc_root_entry(struct intel_iommu *iommu)
{
	struct vtd_root *root = kzalloc(sizeof(*root), GFP_KERNEL);

	if (!root)
		return -ENOMEM;
	root->entry = iommu_alloc_page_node(iommu->node, GFP_KERNEL);
	if (!root->entry) {
		kfree(root);
		return -ENOMEM;
	}
	raw_spin_lock_init(&root->store);
	root->born = atomic64_inc_return(&context_events);
	root->spoiled = root->born;
	root->settled = root->born;
	context_publish(iommu, root->entry, VTD_PAGE_SIZE);
	mutex_lock(&iommu->root_lock);
	iommu->root = root;
	mutex_unlock(&iommu->root_lock);
	return 0;
}

/**
 * vtd_context_abandon - the tables are the unit's for ever
 * @iommu: unit that may or may not point to them
 *
 * Context: may sleep; takes root_lock.
 *
 * Return: what nobody may use any more, or NULL.
 */
struct vtd_root *vtd_context_abandon(struct intel_iommu *iommu)
{
	struct vtd_root *root;

	mutex_lock(&iommu->root_lock);
	root = iommu->root;
	iommu->root = NULL;
	mutex_unlock(&iommu->root_lock);
	return root;
}

/**
 * vtd_context_free - free root and context tables
 * @iommu: unit; translation is off, or the unit points elsewhere
 *
 * Context: may sleep; takes root_lock.
 */
void vtd_context_free(struct intel_iommu *iommu)
{
	struct vtd_root *root = vtd_context_abandon(iommu);
	unsigned int bus;

	if (!root)
		return;
	for (bus = 0; bus < VTD_BUSES; bus++)
		iommu_free_page(root->context[bus]);
	iommu_free_page(root->entry);
	kfree(root);
}

/* All that has to be flushed now */
static u64 context_spoiled(struct vtd_root *root)
{
	unsigned long flags;
	u64 spoiled;

	raw_spin_lock_irqsave(&root->store, flags);
	spoiled = root->spoiled;
	raw_spin_unlock_irqrestore(&root->store, flags);
	return spoiled;
}

/* A global flush that began after context_spoiled() was done */
static void context_settled(struct vtd_root *root, u64 spoiled)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&root->store, flags);
	root->settled = max(root->settled, spoiled);
	raw_spin_unlock_irqrestore(&root->store, flags);
}

/**
 * iommu_set_root_entry - point a unit at its root table
 * @iommu: unit with a root table and a working invalidation path
 *
 * Sections 6.6 and 11.4.5: after SRTP everything cached under the old table
 * is flushed, the context cache first, whatever CAP.ESRTPS says: a unit that
 * did it already loses nothing.
 *
 * Context: as vtd_queue_insist(); nothing is translated, or by the old table.
 * Return: 0; -ENODEV or -ETIMEDOUT if the unit does not take the table; what
 * vtd_queue_insist() says if a flush failed.  Unless it is 0 the unit may walk either
 * table, or have entries of the old one cached: neither may be freed.
 */
int iommu_set_root_entry(struct intel_iommu *iommu)
{
	u64 spoiled = context_spoiled(iommu->root);
	struct vtd_desc desc;
	int ret;

	ret = vtd_unit_set_root(iommu, virt_to_phys(iommu->root->entry));
	if (ret)
		return ret;

	desc = vtd_desc_context(VTD_INV_GLOBAL, 0, 0);
	ret = vtd_queue_insist(iommu, &desc, 1);
	if (ret)
		return ret;

	desc = vtd_desc_iotlb(VTD_INV_GLOBAL, 0, iommu->caps.drain);
	ret = vtd_queue_insist(iommu, &desc, 1);
	if (!ret)
		context_settled(iommu->root, spoiled);
	return ret;
}

static struct vtd_context_entry *context_at(struct intel_iommu *iommu, u16 rid)
{
	struct vtd_root *root = iommu->root;
	struct vtd_context_entry *table;

	table = root ? READ_ONCE(root->context[rid >> 8]) : NULL;
	return table ? &table[rid & (VTD_DEVFNS - 1)] : NULL;
}

static int context_grow(struct intel_iommu *iommu, u16 rid)
{
	struct vtd_root *root = iommu->root;
	struct vtd_context_entry *table;
	struct vtd_root_entry *entry;

	lockdep_assert_held(&iommu->root_lock);
	if (!root)
		return -ENODEV;
	if (root->context[rid >> 8])
		return 0;
	table = iommu_alloc_page_node(iommu->node, GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	context_publish(iommu, table, VTD_PAGE_SIZE);
	entry = &root->entry[rid >> 8];
	WRITE_ONCE(entry->lo, virt_to_phys(table) | VTD_ROOT_P);
	context_publish(iommu, entry, sizeof(*entry));
	WRITE_ONCE(root->context[rid >> 8], table);
	return 0;
}

/**
 * vtd_context_prepare - make sure that a requester id has a slot
 * @iommu: unit
 * @rid: requester id
 *
 * Everything about an installation that can run out of memory.
 *
 * Context: may sleep; takes root_lock.
 *
 * Return: 0, -ENOMEM, or -ENODEV for a unit without a root table.
 */
int vtd_context_prepare(struct intel_iommu *iommu, u16 rid)
{
	int ret;

	mutex_lock(&iommu->root_lock);
	ret = context_grow(iommu, rid);
	mutex_unlock(&iommu->root_lock);
	return ret;
}

/*
 * Sections 6.2.2.1 and 6.5.2: the context cache first, and done, before the
 * IOTLB: otherwise the IOTLB could be filled again through the stale entry.
 */
static int context_flush(struct intel_iommu *iommu, struct vtd_desc context,
			 struct vtd_desc iotlb)
{
	return vtd_queue_insist(iommu, &context, 1) ?: vtd_queue_insist(iommu, &iotlb, 1);
}

/**
 * vtd_context_spoil - note that the unit's caches may hold what is gone from memory
 * @iommu: unit whose devices, or who calls, keep its root table where it is
 *
 * Context: any.
 *
 * Return: a number for vtd_context_is_clean().
 */
u64 vtd_context_spoil(struct intel_iommu *iommu)
{
	struct vtd_root *root = iommu->root;
	unsigned long flags;
	u64 event;

	if (!root)
		return 0;
	raw_spin_lock_irqsave(&root->store, flags);
	event = atomic64_inc_return(&context_events);
	root->spoiled = event;
	raw_spin_unlock_irqrestore(&root->store, flags);
	return event;
}

/**
 * vtd_context_is_clean - has all of it been flushed since
 * @iommu: as above; one that came in its place is never clean
 * @event: what vtd_context_spoil() returned
 *
 * Context: any.
 */
bool vtd_context_is_clean(struct intel_iommu *iommu, u64 event)
{
	struct vtd_root *root = READ_ONCE(iommu->root);
	unsigned long flags;
	bool clean;

	if (!root || event <= root->born)
		return false;
	raw_spin_lock_irqsave(&root->store, flags);
	clean = root->settled >= event;
	raw_spin_unlock_irqrestore(&root->store, flags);
	return clean;
}

/**
 * vtd_context_settle - flush what cuts and failed flushes left in the caches
 * @iommu: unit
 *
 * Whoever asks is sure of it when this returns 0, even if somebody else is
 * about to do the same.
 *
 * Context: any; waits as vtd_queue_insist() does.
 *
 * Return: 0; -errno when the unit did not flush.
 */
int vtd_context_settle(struct intel_iommu *iommu)
{
	struct vtd_root *root = iommu->root;
	u64 spoiled = context_spoiled(root);
	int ret;

	/* Never goes back: what it is found to cover stays covered */
	if (spoiled <= READ_ONCE(root->settled))
		return 0;

	ret = context_flush(iommu, vtd_desc_context(VTD_INV_GLOBAL, 0, 0),
			    vtd_desc_iotlb(VTD_INV_GLOBAL, 0, iommu->caps.drain));
	if (!ret)
		context_settled(root, spoiled);
	return ret;
}

static int context_forget(struct intel_iommu *iommu, u16 rid, u16 did)
{
	struct vtd_desc iotlb = vtd_desc_iotlb(VTD_INV_DOMAIN, did, iommu->caps.drain);
	int ret;

	ret = context_flush(iommu, vtd_desc_context(VTD_INV_SELECTIVE, did, rid),
			    iotlb);
	if (ret)
		vtd_context_spoil(iommu);
	return ret;
}

static void context_store(struct intel_iommu *iommu, u64 *word, u64 value)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&iommu->root->store, flags);
	WRITE_ONCE(*word, value);
	context_publish(iommu, word, sizeof(*word));
	raw_spin_unlock_irqrestore(&iommu->root->store, flags);
}

/* An entry became present: only a unit with caching mode may hold its absence */
static int context_announce(struct intel_iommu *iommu, u16 rid, u16 did)
{
	if (!iommu->caps.caching_mode)
		return vtd_unit_flush_write_buffer(iommu);

	/* Absence is cached under domain id 0 (section 6.1) */
	return context_flush(iommu, vtd_desc_context(VTD_INV_SELECTIVE, 0, rid),
			     vtd_desc_iotlb(VTD_INV_DOMAIN, did, iommu->caps.drain));
}

/* An error ends it: where old is not flushed, nothing new is made present */
static int context_replace(struct intel_iommu *iommu, u16 rid,
			   struct vtd_context_entry *entry,
			   const struct vtd_context_entry *image)
{
	const struct vtd_context_entry old = *entry;
	struct vtd_install_step step[VTD_INSTALL_STEPS];
	unsigned int i, n = vtd_install_plan(&old, image, step);
	int ret = 0;

	for (i = 0; i < n && !ret; i++) {
		context_store(iommu, step[i].high ? &entry->hi : &entry->lo,
			      step[i].value);
		if (step[i].flush)
			ret = context_forget(iommu, rid,
					     FIELD_GET(VTD_CTX_HI_DID, old.hi));
	}
	/* It went from absent to present, at once or on the way */
	if (n && !ret && !step[n - 1].flush && (image->lo & VTD_CTX_LO_P))
		ret = context_announce(iommu, rid,
				       FIELD_GET(VTD_CTX_HI_DID, image->hi));
	return ret;
}

/**
 * vtd_context_install - replace the entry of a requester id
 * @iommu: unit
 * @rid: requester id; vtd_context_prepare() has been called for it
 * @image: the whole new entry
 *
 * When this returns 0 no cache of the unit holds the old entry or anything
 * translated through it.  Whether faults are recorded (FPD) stays as it is: that is
 * vtd_context_mute()'s.
 *
 * Context: may sleep; takes root_lock.
 *
 * Return: 0; -ETIMEDOUT or -EIO when the unit did not flush: the entry is not
 * the old one then, but caches may hold that, and no other entry of the unit is
 * replaced before they have been flushed; -ENOENT when there is no slot, or no root.
 */
int vtd_context_install(struct intel_iommu *iommu, u16 rid,
			const struct vtd_context_entry *image)
{
	struct vtd_context_entry *entry, new = *image;
	int ret = -ENOENT;

	mutex_lock(&iommu->root_lock);
	entry = context_at(iommu, rid);
	if (entry) {
		new.lo |= entry->lo & VTD_CTX_LO_FPD;
		ret = vtd_context_settle(iommu);
		/* To take away is right at any time, to give needs clean caches */
		if (!ret || !(image->lo & VTD_CTX_LO_P))
			ret = context_replace(iommu, rid, entry, &new) ?: ret;
		/* It may have been cut meanwhile, and was then found absent */
		ret = ret ?: vtd_context_settle(iommu);
	}
	mutex_unlock(&iommu->root_lock);
	return ret;
}

static bool context_leads_to(const struct vtd_context_entry *entry, u64 tables)
{
	return (entry->lo & VTD_CTX_LO_P) &&
	       FIELD_GET(VTD_CTX_LO_TT, entry->lo) != VTD_TT_PASS_THROUGH &&
	       (entry->lo & VTD_CTX_LO_SSPTPTR) == tables;
}

static int context_evict_bus(struct intel_iommu *iommu, unsigned int bus, u64 tables)
{
	struct vtd_context_entry *entry = iommu->root->context[bus];
	const struct vtd_context_entry blocked = vtd_context_blocked();
	unsigned int devfn;
	int ret = 0, err;

	for (devfn = 0; entry && devfn < VTD_DEVFNS; devfn++, entry++) {
		if (!context_leads_to(entry, tables))
			continue;
		pr_crit("%s: a mistake of this driver: %02x:%02x.%d would still be translated with tables that are given up: blocked\n",
			iommu->name, bus, PCI_SLOT(devfn), PCI_FUNC(devfn));
		err = context_replace(iommu, PCI_DEVID(bus, devfn), entry, &blocked);
		ret = ret ?: err;
	}
	return ret;
}

/**
 * vtd_context_evict - make sure that no entry leads to tables that are given up
 * @iommu: unit
 * @tables: physical address of the top one
 *
 * None should.  One that does is a mistake of this driver: it is told, emptied and
 * flushed.
 *
 * Context: may sleep; takes root_lock.
 *
 * Return: 0 when the unit cannot find the tables any more; -EIO or -ETIMEDOUT when
 * it did not flush: they must be kept.
 */
int vtd_context_evict(struct intel_iommu *iommu, u64 tables)
{
	unsigned int bus;
	int ret = 0, err;

	mutex_lock(&iommu->root_lock);
	for (bus = 0; iommu->root && bus < VTD_BUSES; bus++) {
		err = context_evict_bus(iommu, bus, tables);
		ret = ret ?: err;
	}
	/* What was cut from memory may still be cached */
	if (iommu->root)
		ret = ret ?: vtd_context_settle(iommu);
	mutex_unlock(&iommu->root_lock);
	return ret;
}

/**
 * vtd_context_cut - take the use of its TLB from a device, at once
 * @iommu: unit
 * @rid: requester id
 * @translate: other requests of the device go on, else it is shut out
 *
 * An entry that lets the device ask for translations (TT) does not do that any
 * more when this returns, or is not present: the unit then refuses translated
 * requests, too (section 4.2.1), once it has forgotten the entry, for which the
 * caller goes on to vtd_context_settle().  An entry without device TLB is left
 * alone: it was made after the device lost its TLB.
 *
 * Context: any; takes vtd_root.store.
 */
void vtd_context_cut(struct intel_iommu *iommu, u16 rid, bool translate)
{
	const u64 what = translate ? VTD_CTX_LO_TT : VTD_CTX_LO_P;
	struct vtd_root *root = iommu->root;
	struct vtd_context_entry *entry;
	unsigned long flags;

	entry = context_at(iommu, rid);
	if (!entry)
		return;
	raw_spin_lock_irqsave(&root->store, flags);
	if ((entry->lo & VTD_CTX_LO_P) &&
	    FIELD_GET(VTD_CTX_LO_TT, entry->lo) == VTD_TT_DEV_TLB) {
		WRITE_ONCE(entry->lo, entry->lo & ~what);
		context_publish(iommu, entry, sizeof(*entry));
		root->spoiled = atomic64_inc_return(&context_events);
	}
	raw_spin_unlock_irqrestore(&root->store, flags);
}

/**
 * vtd_context_read - the entry of a requester id as it is now
 * @iommu: unit
 * @rid: requester id
 * @entry: filled
 *
 * Context: may sleep; takes root_lock.
 *
 * Return: true if the bus has a context table.
 */
bool vtd_context_read(struct intel_iommu *iommu, u16 rid,
		      struct vtd_context_entry *entry)
{
	const struct vtd_context_entry *at;

	mutex_lock(&iommu->root_lock);
	at = context_at(iommu, rid);
	if (at) {
		entry->lo = READ_ONCE(at->lo);
		entry->hi = READ_ONCE(at->hi);
	}
	mutex_unlock(&iommu->root_lock);
	return at;
}

/**
 * vtd_context_read_bus - the root entry of a bus as it is now
 * @iommu: unit
 * @bus: the bus
 * @entry: filled
 *
 * Context: may sleep; takes root_lock.
 *
 * Return: true if the bus has a context table.
 */
bool vtd_context_read_bus(struct intel_iommu *iommu, u8 bus,
			  struct vtd_root_entry *entry)
{
	bool found;

	mutex_lock(&iommu->root_lock);
	found = iommu->root && iommu->root->context[bus];
	if (found)
		*entry = iommu->root->entry[bus];
	mutex_unlock(&iommu->root_lock);
	return found;
}

/**
 * vtd_context_mute - stop or resume the recording of a requester's faults
 * @iommu: unit
 * @rid: requester id, also one that no device owns
 * @mute: set FPD, or clear it
 *
 * FPD acts in entries that are not present, too (section 9.3).  The requests
 * stay refused; they are just not recorded.
 *
 * Context: may sleep; takes root_lock.
 *
 * Return: as vtd_context_prepare() and vtd_context_settle().
 */
int vtd_context_mute(struct intel_iommu *iommu, u16 rid, bool mute)
{
	struct vtd_context_entry *entry, old;
	unsigned long flags;
	u64 lo;
	int ret;

	mutex_lock(&iommu->root_lock);
	ret = context_grow(iommu, rid);
	if (ret)
		goto out;
	entry = context_at(iommu, rid);
	/* Read and written in one: a cut in between must not be taken back */
	raw_spin_lock_irqsave(&iommu->root->store, flags);
	old = *entry;
	lo = mute ? old.lo | VTD_CTX_LO_FPD : old.lo & ~VTD_CTX_LO_FPD;
	WRITE_ONCE(entry->lo, lo);
	context_publish(iommu, entry, sizeof(*entry));
	raw_spin_unlock_irqrestore(&iommu->root->store, flags);
	if (lo != old.lo && (lo & VTD_CTX_LO_P))
		ret = context_forget(iommu, rid, FIELD_GET(VTD_CTX_HI_DID, old.hi));
out:
	mutex_unlock(&iommu->root_lock);
	return ret;
}

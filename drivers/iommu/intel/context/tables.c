// SPDX-License-Identifier: GPL-2.0
/*
 * Root and context tables of one unit as memory: where an entry is, how it is
 * stored, and how it is replaced.  What stands in it is the mode's.
 *
 * The tables only grow: one that was linked stays until all of them go.
 */

#include <linux/atomic.h>
#include <linux/cacheflush.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "context/install.h"
#include "context/tables.h"
#include "core/core.h"
#include "unit/queue.h"
#include "unit/unit.h"

/* Of all units: a number is never used twice */
static atomic64_t tables_events;

/**
 * vtd_tables_event - a number for something that leaves caches behind
 *
 * Context: any.
 *
 * Return: a larger one each time.
 */
u64 vtd_tables_event(void)
{
	return atomic64_inc_return(&tables_events);
}

/**
 * vtd_tables_spoil - note that the unit's caches may hold what is gone from memory
 * @root: the unit's tables
 *
 * Context: any; takes vtd_root.store.
 *
 * Return: the event.
 */
u64 vtd_tables_spoil(struct vtd_root *root)
{
	unsigned long flags;
	u64 event;

	raw_spin_lock_irqsave(&root->store, flags);
	event = vtd_tables_event();
	root->spoiled = event;
	raw_spin_unlock_irqrestore(&root->store, flags);
	return event;
}

/**
 * vtd_tables_publish - let the unit see what was stored
 * @iommu: the unit; one that does not snoop sees a table only once its lines are
 *	written back
 * @at: first byte
 * @size: in bytes
 *
 * Context: any.
 */
void vtd_tables_publish(struct intel_iommu *iommu, void *at, size_t size)
{
	if (!iommu->caps.coherent)
		clflush_cache_range(at, size);
}

/**
 * vtd_tables_alloc - an empty root table
 * @iommu: the unit that it is for
 * @mode: its format
 *
 * Context: may sleep.
 *
 * Return: NULL if there is no memory.
 */
struct vtd_root *vtd_tables_alloc(struct intel_iommu *iommu, const struct vtd_mode *mode)
{
	struct vtd_root *root = kzalloc(sizeof(*root), GFP_KERNEL);

	if (!root)
		return NULL;
	root->entry = vtd_core_alloc(iommu->node, GFP_KERNEL, 0);
	if (!root->entry) {
		kfree(root);
		return NULL;
	}
	root->mode = mode;
	raw_spin_lock_init(&root->store);
	root->born = vtd_tables_event();
	root->spoiled = root->born;
	root->settled = root->born;
	xa_init(&root->pasids);
	xa_init(&root->inherited);
	vtd_tables_publish(iommu, root->entry, VTD_PAGE_SIZE);
	return root;
}

/**
 * vtd_tables_free - free a root table and all below
 * @root: no unit reads it any more; may be NULL
 *
 * Context: may sleep.
 */
void vtd_tables_free(struct vtd_root *root)
{
	unsigned int bus;

	if (!root)
		return;
	for (bus = 0; bus < VTD_BUSES; bus++) {
		vtd_core_free(root->context[bus][0], 0);
		vtd_core_free(root->context[bus][1], 0);
	}
	if (root->mode->exit)
		root->mode->exit(root);
	xa_destroy(&root->pasids);
	xa_destroy(&root->inherited);
	vtd_core_free(root->entry, 0);
	kfree(root);
}

/* A page of entries: a bus of them, or half of one */
static unsigned int tables_per_page(const struct vtd_root *root)
{
	return VTD_PAGE_SIZE / (root->mode->words * sizeof(u64));
}

/**
 * vtd_tables_slot - where the context entry of a requester id is
 * @iommu: the unit; may have no root
 * @rid: requester id
 *
 * Context: any; the caller sees to it that the tables stay.
 *
 * Return: NULL if there is no such place yet.
 */
u64 *vtd_tables_slot(struct intel_iommu *iommu, u16 rid)
{
	struct vtd_root *root = iommu->root;
	unsigned int devfn = rid % VTD_DEVFNS, per;
	u64 *table;

	if (!root)
		return NULL;
	per = tables_per_page(root);
	table = READ_ONCE(root->context[rid >> 8][devfn / per]);
	return table ? &table[devfn % per * root->mode->words] : NULL;
}

/**
 * vtd_tables_grow_bus - make sure that a requester id has a context entry
 * @iommu: the unit
 * @rid: requester id, also one that no device owns: what this costs is bounded by the
 *	number of buses
 *
 * Context: may sleep; root_lock is held.
 *
 * Return: 0, -ENOMEM, or -ENODEV for a unit without a root table.
 */
int vtd_tables_grow_bus(struct intel_iommu *iommu, u16 rid)
{
	struct vtd_root *root = iommu->root;
	struct vtd_root_entry *entry;
	unsigned int half;
	u64 **at, *table;

	lockdep_assert_held(&iommu->root_lock);
	if (!root)
		return -ENODEV;
	half = rid % VTD_DEVFNS / tables_per_page(root);
	entry = &root->entry[rid >> 8];
	at = &root->context[rid >> 8][half];
	if (*at)
		return 0;
	table = vtd_core_alloc(iommu->node, GFP_KERNEL, 0);
	if (!table)
		return -ENOMEM;
	vtd_tables_publish(iommu, table, VTD_PAGE_SIZE);
	WRITE_ONCE(*(half ? &entry->hi : &entry->lo), virt_to_phys(table) | VTD_ROOT_P);
	vtd_tables_publish(iommu, entry, sizeof(*entry));
	WRITE_ONCE(*at, table);
	return 0;
}

/**
 * vtd_tables_grow - make sure that a requester id has all that it can be translated with
 * @iommu: the unit
 * @rid: requester id of a device
 *
 * Context: may sleep; root_lock is held.
 *
 * Return: as vtd_tables_grow_bus().
 */
int vtd_tables_grow(struct intel_iommu *iommu, u16 rid)
{
	int ret = vtd_tables_grow_bus(iommu, rid);

	if (!ret && iommu->root->mode->grow)
		ret = iommu->root->mode->grow(iommu, rid);
	return ret;
}

/**
 * vtd_tables_flush - invalidate, one kind of cache after the other
 * @iommu: the unit
 * @flushes: what
 *
 * Sections 6.2.2.1 and 6.5.2: a cache is done before the next one that is filled
 * from it, otherwise that one could be filled again through the stale entry.
 *
 * Context: as vtd_queue_insist().
 *
 * Return: as vtd_queue_insist().
 */
int vtd_tables_flush(struct intel_iommu *iommu, struct vtd_flushes flushes)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < flushes.count && !ret; i++)
		ret = vtd_queue_insist(iommu, &flushes.desc[i], 1);
	return ret;
}

/**
 * vtd_tables_forget - invalidate what was there before
 * @iommu: the unit
 * @flushes: what
 *
 * One that fails is made up for by vtd_context_settle().
 *
 * Context: as vtd_queue_insist(); takes vtd_root.store.
 *
 * Return: as vtd_queue_insist().
 */
int vtd_tables_forget(struct intel_iommu *iommu, struct vtd_flushes flushes)
{
	int ret = vtd_tables_flush(iommu, flushes);

	if (ret)
		vtd_tables_spoil(iommu->root);
	return ret;
}

static void tables_store(struct intel_iommu *iommu, u64 *word, u64 value)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&iommu->root->store, flags);
	WRITE_ONCE(*word, value);
	vtd_tables_publish(iommu, word, sizeof(*word));
	raw_spin_unlock_irqrestore(&iommu->root->store, flags);
}

/**
 * vtd_tables_edit - change bits of a word that may be cut at the same time
 * @iommu: the unit
 * @word: the word
 * @clear: bits to take away first
 * @set: bits to set then
 *
 * Read and written in one: a cut in between is not taken back.
 *
 * Context: any; root_lock is held; takes vtd_root.store.
 *
 * Return: the word as it was.
 */
u64 vtd_tables_edit(struct intel_iommu *iommu, u64 *word, u64 clear, u64 set)
{
	unsigned long flags;
	u64 old;

	raw_spin_lock_irqsave(&iommu->root->store, flags);
	old = *word;
	WRITE_ONCE(*word, (old & ~clear) | set);
	vtd_tables_publish(iommu, word, sizeof(*word));
	raw_spin_unlock_irqrestore(&iommu->root->store, flags);
	return old;
}

/**
 * vtd_tables_replace - replace an entry
 * @iommu: the unit
 * @entry: the entry
 * @from: what it was when the caller looked; it may have been cut since
 * @to: what it is to be
 * @words: of it
 * @forget: takes the old entry, and what was found through it, from all caches
 *
 * Where old is not flushed, nothing new is made present.
 *
 * Context: as vtd_queue_insist(); root_lock is held.
 *
 * Return: as vtd_queue_insist(); on an error the entry is not the old one, but
 * caches may hold that.
 */
int vtd_tables_replace(struct intel_iommu *iommu, u64 *entry, const u64 *from,
		       const u64 *to, unsigned int words, struct vtd_flushes forget)
{
	struct vtd_install_step step[VTD_INSTALL_STEPS];
	unsigned int i, n;
	int ret = 0;

	lockdep_assert_held(&iommu->root_lock);
	n = vtd_install_plan(from, to, words, step);
	for (i = 0; i < n && !ret; i++) {
		tables_store(iommu, &entry[step[i].word], step[i].value);
		if (step[i].flush)
			ret = vtd_tables_forget(iommu, forget);
	}
	return ret;
}

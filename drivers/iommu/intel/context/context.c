// SPDX-License-Identifier: GPL-2.0
/*
 * What a requester id is translated with, on one unit, whatever the unit's mode.
 *
 * When the tables go is not for everybody to know: a fault of a stranger, and the
 * end of its silence, come when they like, also before a unit has tables and after
 * it lost them.  So whoever looks at an entry holds the unit's root_lock, and may
 * find that there is no root.  Only a cut does not, and what follows it: they come in
 * any context, and are about devices, which are gone before the tables go.
 */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/printk.h>
#include <linux/spinlock.h>

#include "context/context.h"
#include "context/inherit.h"
#include "context/tables.h"
#include "hw/registers.h"
#include "unit/unit.h"

/**
 * iommu_alloc_root_entry - allocate an empty root table
 * @iommu: unit without one; nothing is told to the hardware yet
 * @mode: how the unit is to look requesters up
 *
 * Context: may sleep; takes root_lock.
 *
 * Return: 0 or -ENOMEM.
 */
int iommu_alloc_root_entry(struct intel_iommu *iommu, const struct vtd_mode *mode)
{
	struct vtd_root *root = vtd_tables_alloc(iommu, mode);

	if (!root)
		return -ENOMEM;
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
	vtd_tables_free(vtd_context_abandon(iommu));
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

static int context_flush_all(struct intel_iommu *iommu, u64 spoiled)
{
	struct vtd_root *root = iommu->root;
	int ret = vtd_tables_flush(iommu, root->mode->forget_all(iommu));

	if (!ret)
		context_settled(root, spoiled);
	return ret;
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
	struct vtd_root *root = iommu->root;
	u64 spoiled = context_spoiled(root);
	int ret;

	ret = vtd_unit_set_root(iommu, virt_to_phys(root->entry) |
				FIELD_PREP(VTD_RTADDR_TTM, root->mode->ttm));
	return ret ?: context_flush_all(iommu, spoiled);
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
	ret = vtd_tables_grow(iommu, rid);
	mutex_unlock(&iommu->root_lock);
	return ret;
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

	return root ? vtd_tables_spoil(root) : 0;
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

	/* Never goes back: what it is found to cover stays covered */
	if (spoiled <= READ_ONCE(root->settled))
		return 0;
	return context_flush_all(iommu, spoiled);
}

/*
 * With root_lock, which who changes it takes after the change: so either he finds the
 * entry, or the change is found here.
 */
static struct vtd_image context_track(const struct vtd_image *image, const struct vtd_image *now)
{
	struct vtd_image to = *image;

	if (to.tracking)
		to.dirty = READ_ONCE(*to.tracking);
	else if (to.tables && now->tables == to.tables)
		to.dirty = now->dirty;
	return to;
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
			const struct vtd_image *image)
{
	struct vtd_image now, to;
	u64 *entry;
	int ret = -ENOENT;

	mutex_lock(&iommu->root_lock);
	entry = vtd_tables_slot(iommu, rid);
	if (entry) {
		iommu->root->mode->read(iommu, rid, entry, &now);
		to = context_track(image, &now);
		ret = vtd_context_settle(iommu);
		/* To take away is right at any time, to give needs clean caches */
		if (!ret || image->kind == VTD_IMAGE_BLOCKED)
			ret = iommu->root->mode->replace(iommu, rid, entry, &to) ?: ret;
		/* It may have been cut meanwhile, and was then found absent */
		ret = ret ?: vtd_context_settle(iommu);
		if (!ret)
			vtd_inherit_end(iommu, rid);
	}
	mutex_unlock(&iommu->root_lock);
	return ret;
}

/**
 * vtd_context_prepare_pasid - make sure that a PASID of a requester id has a slot
 * @iommu: unit
 * @rid: requester id
 * @pasid: the PASID, not that of requests without one
 *
 * What is attached to other PASIDs goes on meanwhile.
 *
 * Context: may sleep; takes root_lock.
 *
 * Return: as vtd_context_prepare(); -EOPNOTSUPP where there are no PASIDs; -EIO or
 * -ETIMEDOUT when the unit did not flush.
 */
int vtd_context_prepare_pasid(struct intel_iommu *iommu, u16 rid, u32 pasid)
{
	int ret;

	mutex_lock(&iommu->root_lock);
	ret = vtd_tables_grow(iommu, rid);
	if (!ret)
		ret = iommu->root->mode->pasid_grow ?
		      iommu->root->mode->pasid_grow(iommu, rid, pasid) : -EOPNOTSUPP;
	mutex_unlock(&iommu->root_lock);
	return ret;
}

/**
 * vtd_context_install_pasid - replace the image of one PASID
 * @iommu: unit
 * @rid: requester id
 * @pasid: the PASID; vtd_context_prepare_pasid() has been called for it
 * @image: its new image; what it says of device TLB and PASIDs is the requester id's
 *	(vtd_context_install())
 *
 * Requests of others, and of other PASIDs, do not notice.
 *
 * Context: may sleep; takes root_lock.
 *
 * Return: as vtd_context_install().
 */
int vtd_context_install_pasid(struct intel_iommu *iommu, u16 rid, u32 pasid,
			      const struct vtd_image *image)
{
	const struct vtd_image nothing = vtd_image_blocked();
	const struct vtd_mode *mode;
	struct vtd_image to;
	int ret = -ENOENT;

	mutex_lock(&iommu->root_lock);
	mode = iommu->root ? iommu->root->mode : NULL;
	if (mode && mode->pasid_replace) {
		to = context_track(image, &nothing);
		ret = vtd_context_settle(iommu);
		if (!ret || image->kind == VTD_IMAGE_BLOCKED)
			ret = mode->pasid_replace(iommu, rid, pasid, &to) ?: ret;
	}
	mutex_unlock(&iommu->root_lock);
	return ret;
}

/**
 * vtd_context_next_pasid - what the PASIDs of a requester id are translated with
 * @iommu: unit
 * @rid: requester id
 * @pasid: where to begin, at least 1; set to the one that was found
 * @image: filled
 *
 * Context: may sleep; takes root_lock.
 *
 * Return: false if there is none.
 */
bool vtd_context_next_pasid(struct intel_iommu *iommu, u16 rid, u32 *pasid,
			    struct vtd_image *image)
{
	const struct vtd_root *root;
	bool found;

	mutex_lock(&iommu->root_lock);
	root = iommu->root;
	found = root && root->mode->pasid_next &&
		root->mode->pasid_next(iommu, rid, pasid, image);
	mutex_unlock(&iommu->root_lock);
	return found;
}

/**
 * vtd_context_cut - take the use of its TLB from a device, at once
 * @iommu: unit
 * @rid: requester id
 * @translate: other requests of the device go on, else it is shut out
 *
 * An entry that lets the device ask for translations (TT, DTE) does not do that any
 * more when this returns, or is not present: the unit then refuses translated
 * requests, too (section 4.2.1), once it has forgotten the entry, for which the
 * caller goes on to vtd_context_settle().  An entry without device TLB is left
 * alone: it was made after the device lost its TLB.
 *
 * Context: any; takes vtd_root.store.
 */
void vtd_context_cut(struct intel_iommu *iommu, u16 rid, bool translate)
{
	u64 *entry = vtd_tables_slot(iommu, rid);
	const struct vtd_mode *mode;
	unsigned long flags;

	if (!entry)
		return;
	mode = iommu->root->mode;
	raw_spin_lock_irqsave(&iommu->root->store, flags);
	if ((*entry & VTD_ENTRY_P) && (*entry & mode->tlb_mask) == mode->tlb) {
		WRITE_ONCE(*entry, *entry & ~(translate ? mode->tlb_mask : VTD_ENTRY_P));
		vtd_tables_publish(iommu, entry, sizeof(*entry));
		iommu->root->spoiled = vtd_tables_event();
	}
	raw_spin_unlock_irqrestore(&iommu->root->store, flags);
}

/**
 * vtd_context_now - what a requester id is translated with
 * @iommu: unit
 * @rid: requester id
 * @image: filled
 *
 * Context: may sleep; takes root_lock.
 */
void vtd_context_now(struct intel_iommu *iommu, u16 rid, struct vtd_image *image)
{
	const u64 *entry;

	*image = vtd_image_blocked();
	mutex_lock(&iommu->root_lock);
	entry = vtd_tables_slot(iommu, rid);
	if (entry)
		iommu->root->mode->read(iommu, rid, entry, image);
	mutex_unlock(&iommu->root_lock);
}

/**
 * vtd_context_read - the words that say so, for who shows them
 * @iommu: unit
 * @rid: requester id
 * @words: filled; zero where the mode has no such thing
 *
 * Context: may sleep; takes root_lock.
 *
 * Return: true if the requester id has a context entry.
 */
bool vtd_context_read(struct intel_iommu *iommu, u16 rid, struct vtd_context_words *words)
{
	const struct vtd_root *root;
	const u64 *entry;
	unsigned int i;

	*words = (struct vtd_context_words) { .pasid = -1 };
	mutex_lock(&iommu->root_lock);
	root = iommu->root;
	entry = vtd_tables_slot(iommu, rid);
	if (entry) {
		words->root = root->entry[rid >> 8];
		for (i = 0; i < root->mode->words; i++)
			words->context[i] = READ_ONCE(entry[i]);
		if (root->mode->words_below)
			root->mode->words_below(iommu, rid, words);
	}
	mutex_unlock(&iommu->root_lock);
	return entry;
}

/**
 * vtd_context_ask - let a requester ask for pages, or no longer
 * @iommu: unit
 * @rid: requester id
 * @pages: which
 *
 * One bit, so its other requests do not notice.  Who has no device TLB cannot ask, and
 * its entry stays as it is.  A request that comes when nobody may ask is a fault, and
 * the device is told that it failed (section 7.4.1).
 *
 * Context: may sleep; takes root_lock.
 *
 * Return: 0; -errno if the unit did not flush: it may go by what the entry said before.
 */
int vtd_context_ask(struct intel_iommu *iommu, u16 rid, bool pages)
{
	const struct vtd_mode *mode;
	struct vtd_image image;
	u64 *entry, old;
	int ret = 0;

	mutex_lock(&iommu->root_lock);
	entry = vtd_tables_slot(iommu, rid);
	mode = entry ? iommu->root->mode : NULL;
	if (mode && mode->pages) {
		mode->read(iommu, rid, entry, &image);
		pages &= image.dev_tlb;
		old = vtd_tables_edit(iommu, entry, mode->pages, pages ? mode->pages : 0);
		if ((old & VTD_ENTRY_P) && pages != !!(old & mode->pages))
			ret = vtd_tables_forget(iommu, mode->forget(iommu, rid, image.did));
	}
	mutex_unlock(&iommu->root_lock);
	return ret;
}

/**
 * vtd_context_mute - stop or resume the recording of a requester's faults
 * @iommu: unit
 * @rid: requester id, also one that no device owns
 * @mute: set FPD, or clear it
 *
 * FPD acts in entries that are not present, too (sections 9.3, 9.4).  The requests
 * stay refused; they are just not recorded.
 *
 * Context: may sleep; takes root_lock.
 *
 * Return: as vtd_context_prepare() and vtd_context_settle().
 */
int vtd_context_mute(struct intel_iommu *iommu, u16 rid, bool mute)
{
	struct vtd_image image;
	u64 *entry, old;
	int ret;

	mutex_lock(&iommu->root_lock);
	/* A stranger needs no more than the entry, however many ids it names */
	ret = vtd_tables_grow_bus(iommu, rid);
	if (ret)
		goto out;
	entry = vtd_tables_slot(iommu, rid);
	iommu->root->mode->read(iommu, rid, entry, &image);
	old = vtd_tables_edit(iommu, entry, VTD_CTX_LO_FPD, mute ? VTD_CTX_LO_FPD : 0);
	if (mute != !!(old & VTD_CTX_LO_FPD) && (old & VTD_ENTRY_P))
		ret = vtd_tables_forget(iommu, iommu->root->mode->forget(iommu, rid, image.did));
out:
	mutex_unlock(&iommu->root_lock);
	return ret;
}

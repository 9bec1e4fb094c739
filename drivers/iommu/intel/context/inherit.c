// SPDX-License-Identifier: GPL-2.0
/*
 * A crash kernel goes on with what the kernel before gave to its devices: their
 * entries are proved (context/proof.c) and copied into tables of our own.  The page
 * tables stay where they are, are never written and never freed.  An entry ends when
 * its device is attached to something, or goes.
 *
 * Legacy mode only.  Domain ids stay what they were, and are kept from others until
 * the last entry that has them ends; but the id of our identity domain may stand for
 * tables there, and those get another one.
 */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/bitfield.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "context/did.h"
#include "context/image.h"
#include "context/inherit.h"
#include "context/legacy.h"
#include "context/proof.h"
#include "context/tables.h"
#include "hw/registers.h"
#include "unit/old_memory.h"
#include "unit/unit.h"

/* Lines about entries that are refused; the rest is counted */
#define INHERIT_LINES	16u

/**
 * struct vtd_inherit - taking over the tables of one unit
 * @iommu: the unit
 * @memory: what may be read
 * @proof: the judge
 * @root: root table of the kernel before
 * @context: context table of one bus
 * @taken: entries that were copied
 * @passed: those of them that pass all requests through
 * @refused: entries that were not copied, and buses
 * @renamed: the domain id that stands for VTD_DID_IDENTITY's tables, 0 for none yet
 */
struct vtd_inherit {
	struct intel_iommu *iommu;
	struct vtd_old_memory memory;
	struct vtd_proof proof;
	struct vtd_root_entry *root;
	struct vtd_context_entry *context;
	unsigned int taken;
	unsigned int passed;
	unsigned int refused;
	u16 renamed;
};

static void refuse(struct vtd_inherit *in, unsigned int bus, int devfn, const char *why)
{
	if (in->refused++ >= INHERIT_LINES)
		return;
	if (devfn < 0)
		pr_warn("%s: bus %02x of the kernel before is not taken over: %s: DMA from there is refused\n",
			in->iommu->name, bus, why);
	else
		pr_warn("%s: %02x:%02x.%d is not taken over from the kernel before: %s: its DMA is refused until its driver starts\n",
			in->iommu->name, bus, PCI_SLOT(devfn), PCI_FUNC(devfn), why);
}

/*
 * An id that stands for tables must not be given to others.  The one of our identity
 * domain would be; nothing is cached under the new name, and what is under the old one
 * is flushed when the unit takes our root table.
 */
static const char *take_did(struct vtd_inherit *in, struct vtd_image *image)
{
	int ret;

	if (image->did > VTD_DID_IDENTITY)
		return vtd_did_reserve(in->iommu, image->did) ? "no memory" : NULL;
	if (image->did != VTD_DID_IDENTITY || image->kind != VTD_IMAGE_WALK)
		return NULL;
	if (!in->renamed) {
		ret = vtd_did_alloc_last(in->iommu);
		if (ret < 0)
			return "there is no domain id for its tables";
		in->renamed = ret;
		/* Nobody else brings it along */
		in->proof.known[ret] = U64_MAX;
	}
	image->did = in->renamed;
	return NULL;
}

static const char *take_entry(struct vtd_inherit *in, u16 rid, const u64 word[2])
{
	struct intel_iommu *iommu = in->iommu;
	struct vtd_image image;
	u64 *entry;
	const char *why = vtd_proof_context(&in->proof, word, &image);

	if (why)
		return why;
	if (vtd_tables_grow_bus(iommu, rid))
		return "no memory";
	why = take_did(in, &image);
	if (why)
		return why;
	if (xa_is_err(xa_store(&iommu->root->inherited, rid, xa_mk_value(image.did),
			       GFP_KERNEL)))
		return "no memory";
	entry = vtd_tables_slot(iommu, rid);
	vtd_legacy_encode(&image, entry);
	vtd_tables_publish(iommu, entry, VTD_LEGACY_WORDS * sizeof(*entry));
	in->taken++;
	in->passed += image.kind == VTD_IMAGE_PASS;
	return NULL;
}

static void take_bus(struct vtd_inherit *in, unsigned int bus)
{
	const struct vtd_root_entry *root = &in->root[bus];
	const char *why = vtd_proof_root(root);
	unsigned int devfn;

	if (!why)
		why = vtd_old_page(&in->memory, root->lo & VTD_ROOT_CTP, in->context);
	if (why) {
		refuse(in, bus, -1, why);
		return;
	}
	for (devfn = 0; devfn < VTD_DEVFNS; devfn++) {
		const u64 word[] = { in->context[devfn].lo, in->context[devfn].hi };

		why = word[0] & VTD_CTX_LO_P ?
			take_entry(in, PCI_DEVID(bus, devfn), word) : NULL;
		if (why)
			refuse(in, bus, devfn, why);
	}
}

/* All that is needed before anything is taken; NULL or a phrase */
static const char *inherit_begin(struct vtd_inherit *in)
{
	unsigned int i;
	int ret;

	if (in->iommu->scalable)
		return "they are of scalable mode";
	ret = vtd_old_memory_open(&in->memory);
	if (ret)
		return ret == -ENOMEM ? "no memory" :
					"which memory that kernel had is not known (elfcorehdr=)";
	in->root = kmalloc(VTD_PAGE_SIZE, GFP_KERNEL);
	in->context = kmalloc(VTD_PAGE_SIZE, GFP_KERNEL);
	in->proof = (struct vtd_proof) {
		.caps = &in->iommu->caps,
		.memory = &in->memory,
		.budget = VTD_PROOF_TABLES,
		.known = kvcalloc(VTD_DID_LIMIT, sizeof(*in->proof.known), GFP_KERNEL),
	};
	for (i = 0; i < VTD_PROOF_LEVELS; i++) {
		in->proof.page[i] = kmalloc(VTD_PAGE_SIZE, GFP_KERNEL);
		if (!in->proof.page[i])
			return "no memory";
	}
	if (!in->root || !in->context || !in->proof.known)
		return "no memory";
	return vtd_old_page(&in->memory, vtd_read64(&in->iommu->regs, VTD_RTADDR) &
					 VTD_RTADDR_RTA, in->root);
}

static void inherit_finish(struct vtd_inherit *in)
{
	unsigned int i;

	for (i = 0; i < VTD_PROOF_LEVELS; i++)
		kfree(in->proof.page[i]);
	kvfree(in->proof.known);
	kfree(in->context);
	kfree(in->root);
	vtd_old_memory_close(&in->memory);
}

/**
 * vtd_inherit - take over what the kernel before gave to its devices
 * @iommu: unit that translates by tables of the kernel before, in the mode that it is to
 *	go on in; its own root table is empty, and the unit does not have it yet
 *
 * What cannot be proved is left out, and told: its DMA is refused once the unit has
 * our tables.  iommu_set_root_entry() comes next.
 *
 * Context: boot of a crash kernel; may sleep; takes root_lock, dmar_inventory_lock for
 * reading.
 */
void vtd_inherit(struct intel_iommu *iommu)
{
	struct vtd_inherit in = { .iommu = iommu };
	const char *why = inherit_begin(&in);
	unsigned int bus;

	if (why) {
		pr_warn("%s: the tables of the kernel before are not taken over: %s: DMA of its devices is refused until their drivers start\n",
			iommu->name, why);
		goto out;
	}
	mutex_lock(&iommu->root_lock);
	for (bus = 0; bus < VTD_BUSES; bus++)
		if (in.root[bus].lo & VTD_ROOT_P)
			take_bus(&in, bus);
	mutex_unlock(&iommu->root_lock);
	pr_info("%s: DMA of the kernel before goes on until its devices get drivers: %u entries taken over (%u of them pass through), %u refused\n",
		iommu->name, in.taken, in.passed, in.refused);
out:
	inherit_finish(&in);
}

/**
 * vtd_inherit_holds - does a requester id still have its entry of the kernel before
 * @iommu: the unit
 * @rid: requester id
 *
 * Context: may sleep; takes root_lock.
 */
bool vtd_inherit_holds(struct intel_iommu *iommu, u16 rid)
{
	bool holds;

	mutex_lock(&iommu->root_lock);
	holds = iommu->root && xa_load(&iommu->root->inherited, rid);
	mutex_unlock(&iommu->root_lock);
	return holds;
}

/**
 * vtd_inherit_end - the entry of a requester id was replaced, and is flushed
 * @iommu: the unit
 * @rid: requester id
 *
 * The domain id is given back with the last entry that had it.
 *
 * Context: may sleep; root_lock is held.
 */
void vtd_inherit_end(struct intel_iommu *iommu, u16 rid)
{
	struct xarray *inherited = &iommu->root->inherited;
	void *entry, *other;
	unsigned long id;

	lockdep_assert_held(&iommu->root_lock);
	entry = xa_erase(inherited, rid);
	if (!entry || xa_to_value(entry) <= VTD_DID_IDENTITY)
		return;
	xa_for_each(inherited, id, other)
		if (other == entry)
			return;
	vtd_did_free(iommu, xa_to_value(entry));
}

// SPDX-License-Identifier: GPL-2.0
/* The entries of a unit that lead to certain tables, whoever's they are. */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/printk.h>

#include "context/context.h"
#include "context/pasids.h"
#include "context/tables.h"
#include "unit/unit.h"

/**
 * struct search - what is looked for, and what becomes of it
 * @iommu: in its entries; its root_lock is held, and it has a root
 * @tables: physical address of the top table
 * @change: makes the new image out of the old one
 * @on: for @change
 * @evict: they are given up; else one bit changes of entries that go on
 * @found: something was found
 */
struct search {
	struct intel_iommu *iommu;
	u64 tables;
	void (*change)(const struct search *search, u16 rid, struct vtd_image *image);
	bool on;
	bool evict;
	bool found;
};

static bool search_found(struct search *search, u16 rid, struct vtd_image *image)
{
	if (!vtd_image_leads_to(image, search->tables))
		return false;
	search->change(search, rid, image);
	search->found = true;
	return true;
}

static int search_pasids(struct search *search, u16 rid)
{
	const struct vtd_mode *mode = search->iommu->root->mode;
	struct vtd_image image;
	int ret = 0, err;
	u32 pasid;

	if (!mode->pasid_next)
		return 0;
	for (pasid = VTD_RID_PASID + 1; mode->pasid_next(search->iommu, rid, &pasid, &image);
	     pasid++) {
		if (!search_found(search, rid, &image))
			continue;
		err = mode->pasid_replace(search->iommu, rid, pasid, &image);
		ret = ret ?: err;
	}
	return ret;
}

/*
 * Whoever cuts a device off at this moment holds no lock that keeps him from it: to write
 * the context entry again, as it was read, would take that back.
 */
static int search_replace(const struct search *search, u16 rid, u64 *entry,
			  const struct vtd_image *image)
{
	const struct vtd_mode *mode = search->iommu->root->mode;

	if (search->evict)
		return mode->replace(search->iommu, rid, entry, image);
	return mode->pasid_replace(search->iommu, rid, VTD_RID_PASID, image);
}

static int search_one(struct search *search, u16 rid)
{
	struct intel_iommu *iommu = search->iommu;
	u64 *entry = vtd_tables_slot(iommu, rid);
	struct vtd_image image;
	int ret;

	if (!entry)
		return 0;
	ret = search_pasids(search, rid);
	iommu->root->mode->read(iommu, rid, entry, &image);
	if (search_found(search, rid, &image))
		ret = search_replace(search, rid, entry, &image) ?: ret;
	return ret;
}

static int search_bus(struct search *search, unsigned int bus)
{
	const struct vtd_root *root = search->iommu->root;
	unsigned int devfn;
	int ret = 0, err;

	if (!root->context[bus][0] && !root->context[bus][1])
		return 0;
	for (devfn = 0; devfn < VTD_DEVFNS; devfn++) {
		err = search_one(search, PCI_DEVID(bus, devfn));
		ret = ret ?: err;
	}
	return ret;
}

/*
 * What was cut from memory may still be cached, so that is flushed as well.  A unit that
 * has nothing of it is not asked: it may be in trouble.
 */
static int search_unit(struct search *search)
{
	struct intel_iommu *iommu = search->iommu;
	unsigned int bus;
	int ret = 0, err;

	mutex_lock(&iommu->root_lock);
	for (bus = 0; iommu->root && bus < VTD_BUSES; bus++) {
		err = search_bus(search, bus);
		ret = ret ?: err;
	}
	if (iommu->root && (search->evict || search->found))
		ret = ret ?: vtd_context_settle(iommu);
	mutex_unlock(&iommu->root_lock);
	return ret;
}

static void search_evict(const struct search *search, u16 rid, struct vtd_image *image)
{
	pr_crit("%s: a mistake of this driver: %02x:%02x.%d would still be translated with tables that are given up: blocked\n",
		search->iommu->name, rid >> 8, PCI_SLOT(rid & 0xff), PCI_FUNC(rid & 0xff));
	*image = vtd_image_blocked();
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
	return search_unit(&(struct search) {
		.iommu = iommu, .tables = tables, .change = search_evict, .evict = true,
	});
}

static void search_track(const struct search *search, u16 rid, struct vtd_image *image)
{
	image->dirty = search->on;
}

/**
 * vtd_context_track - have a unit say what is written through certain tables, or not
 * @iommu: unit
 * @tables: physical address of the top one
 * @on: which; vtd_image.tracking of whoever installs meanwhile says it already
 *
 * One bit of each entry, so requests go on meanwhile.  Translations that devices hold
 * themselves stay as they are: the caller has them forgotten.
 *
 * Context: may sleep; takes root_lock.
 *
 * Return: 0; -EIO or -ETIMEDOUT when the unit did not flush.
 */
int vtd_context_track(struct intel_iommu *iommu, u64 tables, bool on)
{
	return search_unit(&(struct search) {
		.iommu = iommu, .tables = tables, .change = search_track, .on = on,
	});
}

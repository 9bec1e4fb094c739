/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A unit's mode: in which format it looks requesters up (RTADDR.TTM, section
 * 11.4.5).  It is chosen before the unit gets a root table and stays.  Nobody
 * outside of this folder asks which one it is; they say what is to become of a
 * requester (context/image.h).
 */
#ifndef VTD_CONTEXT_MODE_H
#define VTD_CONTEXT_MODE_H

#include <linux/types.h>

#include "hw/descriptors.h"
#include "hw/entries.h"

struct intel_iommu;
struct vtd_image;
struct vtd_root;

/* What caches hold of one entry, or of all, lies in no more kinds of them */
#define VTD_FLUSHES_MAX	3

/**
 * struct vtd_flushes - invalidations, each of which is done before the next begins
 * @count: of @desc
 * @desc: from the cache that others are filled from to those (section 6.2.2.1)
 */
struct vtd_flushes {
	unsigned int count;
	struct vtd_desc desc[VTD_FLUSHES_MAX];
};

/**
 * struct vtd_context_words - entries as they are in memory, for who shows them
 * @root: of the bus
 * @context: of the requester; legacy mode has the first two
 * @pasid: the PASID that @entry belongs to, -1 in legacy mode
 * @entry: the PASID's
 */
struct vtd_context_words {
	struct vtd_root_entry root;
	u64 context[4];
	int pasid;
	u64 entry[8];
};

/**
 * struct vtd_mode - one format of tables
 * @ttm: RTADDR.TTM
 * @words: of a context entry
 * @tlb_mask: where word 0 of a context entry says that the device may ask for
 *	translations ...
 * @tlb: ... and what it says then
 * @pages: ... that it may ask for pages, 0 where nobody can
 * @grow: whatever a requester id needs beside its context entry; may sleep, root_lock
 *	is held
 * @exit: frees what @grow allocated
 * @replace: stores an image, flushing what was there; root_lock is held
 * @read: what is there; root_lock is held
 * @words_below: what @read looks at beside the context entry; root_lock is held
 * @pasid_grow: whatever a PASID of a requester id needs; may sleep, root_lock is held;
 *	NULL, and the next two, where there are no PASIDs
 * @pasid_replace: as @replace, for one PASID; not that of requests without one
 * @pasid_next: the first PASID from *@pasid on with an image, which is filled in; false
 *	if there is none; root_lock is held
 * @forget: after a change of a requester's context entry
 * @forget_all: after a change of everything
 */
struct vtd_mode {
	u8 ttm;
	u8 words;
	u64 tlb_mask;
	u64 tlb;
	u64 pages;
	int (*grow)(struct intel_iommu *iommu, u16 rid);
	void (*exit)(struct vtd_root *root);
	int (*replace)(struct intel_iommu *iommu, u16 rid, u64 *entry,
		       const struct vtd_image *image);
	void (*read)(struct intel_iommu *iommu, u16 rid, const u64 *entry,
		     struct vtd_image *image);
	void (*words_below)(struct intel_iommu *iommu, u16 rid, struct vtd_context_words *words);
	int (*pasid_grow)(struct intel_iommu *iommu, u16 rid, u32 pasid);
	int (*pasid_replace)(struct intel_iommu *iommu, u16 rid, u32 pasid,
			     const struct vtd_image *image);
	bool (*pasid_next)(struct intel_iommu *iommu, u16 rid, u32 *pasid,
			   struct vtd_image *image);
	struct vtd_flushes (*forget)(struct intel_iommu *iommu, u16 rid, u16 did);
	struct vtd_flushes (*forget_all)(struct intel_iommu *iommu);
};

extern const struct vtd_mode vtd_legacy_mode;
extern const struct vtd_mode vtd_scalable_mode;

#endif /* VTD_CONTEXT_MODE_H */

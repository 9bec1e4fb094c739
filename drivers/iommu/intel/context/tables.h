/* SPDX-License-Identifier: GPL-2.0 */
/* Root and context tables as memory: inside of context/, in no format yet. */
#ifndef VTD_CONTEXT_TABLES_H
#define VTD_CONTEXT_TABLES_H

#include <linux/pci.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/xarray.h>

#include "context/mode.h"
#include "hw/entries.h"

struct intel_iommu;

#define VTD_BUSES	256
#define VTD_DEVFNS	256

/**
 * struct vtd_root - root table of a unit and what is below; all of it under the
 *	unit's root_lock, but for what @store is for
 * @mode: the format
 * @store: raw: held for each single store into an entry, so that an entry can
 *	be cut off from any context; a leaf
 * @born: all numbers of this unit are above it, those of units before it below
 * @spoiled: (store) number of the last event that left caches behind with what is
 *	gone from memory: cuts, and flushes that failed
 * @settled: (store) all up to this one has been flushed
 * @entry: the root table, 256 entries
 * @context: CPU address of each bus's context table, or of the table of each half
 * @pasids: requester id -> struct vtd_pasids, in scalable mode
 * @inherited: requester id -> domain id, where the entry is of the kernel before
 */
struct vtd_root {
	const struct vtd_mode *mode;
	raw_spinlock_t store;	/* each word of an entry */
	u64 born;
	u64 spoiled;
	u64 settled;
	struct vtd_root_entry *entry;
	u64 *context[VTD_BUSES][2];
	struct xarray pasids;
	struct xarray inherited;
};

void vtd_tables_publish(struct intel_iommu *iommu, void *at, size_t size);
struct vtd_root *vtd_tables_alloc(struct intel_iommu *iommu, const struct vtd_mode *mode);
void vtd_tables_free(struct vtd_root *root);
u64 vtd_tables_event(void);
u64 vtd_tables_spoil(struct vtd_root *root);
int vtd_tables_grow_bus(struct intel_iommu *iommu, u16 rid);
int vtd_tables_grow(struct intel_iommu *iommu, u16 rid);
u64 *vtd_tables_slot(struct intel_iommu *iommu, u16 rid);
int vtd_tables_flush(struct intel_iommu *iommu, struct vtd_flushes flushes);
int vtd_tables_forget(struct intel_iommu *iommu, struct vtd_flushes flushes);
u64 vtd_tables_edit(struct intel_iommu *iommu, u64 *word, u64 clear, u64 set);
int vtd_tables_replace(struct intel_iommu *iommu, u64 *entry, const u64 *from,
		       const u64 *to, unsigned int words, struct vtd_flushes forget);

#endif /* VTD_CONTEXT_TABLES_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Userspace: the page-table engine's memory is the model's, model.h. */
#ifndef VTD_PGTABLE_MEMORY_H
#define VTD_PGTABLE_MEMORY_H

#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/types.h>

#include "model.h"

static inline u64 *vtd_mem_alloc(int node, gfp_t gfp)
{
	return model_alloc();
}

static inline void vtd_mem_free(u64 *table)
{
	model_free(table);
}

static inline void vtd_mem_retire(u64 phys, struct list_head *retired)
{
	model_retire(phys, retired);
}

static inline void vtd_mem_free_retired(struct list_head *retired)
{
	model_free_retired(retired);
}

static inline u64 vtd_mem_phys(const u64 *table)
{
	return model_phys(table);
}

static inline u64 *vtd_mem_virt(u64 phys)
{
	return model_virt(phys);
}

static inline u64 vtd_mem_load(const u64 *entry)
{
	return model_load(entry);
}

static inline void vtd_mem_store(u64 *entry, u64 value)
{
	model_store(entry, value);
}

static inline bool vtd_mem_exchange(u64 *entry, u64 *old, u64 value)
{
	return model_exchange(entry, old, value);
}

static inline u64 vtd_mem_take(u64 *entry, u64 bits)
{
	u64 old = model_load(entry);

	while (old & bits)
		if (model_exchange(entry, &old, old & ~bits))
			break;
	return old;
}

static inline void vtd_mem_flush(u64 *entry, unsigned int count)
{
	model_flush(entry, count);
}

static inline void vtd_mem_fence(void)
{
	model_fence();
}

#endif /* VTD_PGTABLE_MEMORY_H */

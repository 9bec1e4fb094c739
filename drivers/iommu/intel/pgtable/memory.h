/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Everything the page-table engine asks of the outside.  Userspace tests put
 * another header in its place, whose memory has a CPU's and a device's view.
 *
 * Order, which the engine relies on when walks are not coherent: a flush
 * follows older stores to its own line; vtd_mem_exchange() and vtd_mem_fence()
 * follow all older flushes, and what comes after them is seen later (Intel
 * SDM, CLFLUSHOPT: ordered by fences and locked read-modify-writes only).
 */
#ifndef VTD_PGTABLE_MEMORY_H
#define VTD_PGTABLE_MEMORY_H

#include <linux/atomic.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/types.h>

#include <asm/barrier.h>
#include <asm/special_insns.h>

#include "core/core.h"

/* Lines are this long on every CPU that comes with VT-d */
#define VTD_CACHE_LINE	64u

/* A zeroed table, accounted as one; NULL when there is no memory */
static inline u64 *vtd_mem_alloc(int node, gfp_t gfp)
{
	return vtd_core_alloc(node, gfp, 0);
}

/* For a table that no unit can have seen */
static inline void vtd_mem_free(u64 *table)
{
	vtd_core_free(table, 0);
}

/* For a table that a unit may still walk: the list's owner frees it later */
static inline void vtd_mem_retire(u64 phys, struct list_head *retired)
{
	vtd_core_retire(phys, retired);
}

static inline void vtd_mem_free_retired(struct list_head *retired)
{
	vtd_core_free_retired(retired);
}

static inline u64 vtd_mem_phys(const u64 *table)
{
	return virt_to_phys((void *)table);
}

static inline u64 *vtd_mem_virt(u64 phys)
{
	return phys_to_virt(phys);
}

static inline u64 vtd_mem_load(const u64 *entry)
{
	return READ_ONCE(*entry);
}

static inline void vtd_mem_store(u64 *entry, u64 value)
{
	WRITE_ONCE(*entry, value);
}

/* True if *entry was *old; else *old says what it is */
static inline bool vtd_mem_exchange(u64 *entry, u64 *old, u64 value)
{
	return try_cmpxchg64(entry, old, value);
}

/* Take bits away that a unit may set at the same time; returns what was there */
static inline u64 vtd_mem_take(u64 *entry, u64 bits)
{
	u64 old = READ_ONCE(*entry);

	while (old & bits)
		if (try_cmpxchg64(entry, &old, old & ~bits))
			break;
	return old;
}

/* Write the lines of @count entries back to memory; complete after a fence */
static inline void vtd_mem_flush(u64 *entry, unsigned int count)
{
	unsigned long line = (unsigned long)entry & ~(VTD_CACHE_LINE - 1ul);
	unsigned long end = (unsigned long)(entry + count);

	for (; line < end; line += VTD_CACHE_LINE)
		clflushopt((void *)line);
}

static inline void vtd_mem_fence(void)
{
	/* Flushes before it are complete; pairs with the unit, which has no barrier */
	mb();
}

#endif /* VTD_PGTABLE_MEMORY_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A remapping unit and its memory, in software.
 *
 * Memory has two views.  The CPUs see every store at once.  The device sees
 * for certain only what was written back: with coherent = false a line that
 * was flushed, as it was when it was flushed, and only once a fence or a locked
 * exchange of the same CPU followed.  A store may also reach the device sooner,
 * by eviction, so what it may see of an entry is either view's value.
 *
 * The walk follows the specification's tables (sections 3.4, 9.1, 9.3, 9.7, 9.8)
 * with constants of its own: it is the judge of the driver's.
 *
 * There is one model; a test begins with model_reset().
 */
#ifndef VTD_MODEL_H
#define VTD_MODEL_H

#include <stdbool.h>

#include <linux/list.h>
#include <linux/types.h>

#define MODEL_PAGES	4096u
#define MODEL_PHYS	0x740000000ull	/* of the first page; no CPU address looks like it */
#define MODEL_CPUS	2

/* Fault reasons, appendix A */
#define MODEL_OK		0x00
#define MODEL_NO_ROOT		0x01
#define MODEL_NO_CONTEXT	0x02
#define MODEL_BAD_CONTEXT	0x03
#define MODEL_BEYOND_WIDTH	0x04
#define MODEL_NO_WRITE		0x05
#define MODEL_NO_READ		0x06
#define MODEL_BAD_TABLE		0x07
#define MODEL_BAD_ROOT		0x08
#define MODEL_BAD_CTP		0x09
#define MODEL_RSVD_ROOT		0x0a
#define MODEL_RSVD_CONTEXT	0x0b
#define MODEL_RSVD_PAGING	0x0c
#define MODEL_MUST_SET_BIT	0x90

/* Which view a walk reads; MIXED chooses anew for each entry */
enum model_view { MODEL_SURE, MODEL_SOONEST, MODEL_MIXED };

/**
 * struct model - the unit, its memory, and what a test may turn
 * @coherent: ECAP.C
 * @haw: host address width: higher physical address bits are reserved
 * @mgaw: guest address width
 * @sagaw: bit n set: tables of n levels are walked
 * @max_leaf: 1, 2 or 3: highest level of leaf the unit knows
 * @snoop_control: SNP is not reserved
 * @first_stage: tables are walked as the first stage's, by a unit that does not set bits
 * @cpu: which CPU is running; flushes and fences are a CPU's own
 * @fail_after: so many allocations succeed, then all fail; -1: none fails
 * @live: pages allocated and not freed
 * @retired: those among them that were retired
 * @bad: rules broken, each was printed
 * @observe: called after whatever a device could notice
 * @before_exchange: called before a compare-exchange: another CPU's chance
 * @after_flush: called between a flush and its fence
 * @after_empty: called after an entry was read as 0, before anyone acts on it
 */
struct model {
	bool coherent;
	unsigned int haw, mgaw, sagaw, max_leaf;
	bool snoop_control, first_stage;
	unsigned int cpu;
	int fail_after;
	unsigned int live, retired;
	unsigned int bad;
	void (*observe)(void);
	void (*before_exchange)(void);
	void (*after_flush)(void);
	void (*after_empty)(void);
};

extern struct model model;

/* The memory, as the driver's hooks see it */
u64 *model_alloc(void);
void model_free(u64 *table);
void model_retire(u64 phys, struct list_head *retired);
void model_free_retired(struct list_head *retired);
u64 model_phys(const u64 *table);
u64 *model_virt(u64 phys);
u64 model_load(const u64 *entry);
void model_store(u64 *entry, u64 value);
bool model_exchange(u64 *entry, u64 *old, u64 value);
void model_flush(u64 *entry, unsigned int count);
void model_fence(void);

/* The unit */
void model_reset(void);
void model_set_root(u64 phys);
void model_attach(u16 sid, u64 ssptptr, unsigned int levels);
void model_detach(u16 sid);
void model_invalidate(void);
int model_translate(u16 sid, u64 iova, bool write, enum model_view view, u64 *phys);
unsigned int model_unflushed(void);
u32 model_random(void);
void model_seed(u64 seed);

#endif /* VTD_MODEL_H */

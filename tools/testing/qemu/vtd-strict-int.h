/*
 * A VT-d unit that forgives nothing: what its files share.
 *
 * vtd-strict.c          life, lines and counts, the clock
 * vtd-strict-memory.c   tables as the processor wrote them back
 * vtd-strict-cache.c    what the unit has cached, and what makes it forget
 * vtd-strict-walk.c     one request, legacy mode
 * vtd-strict-entry.c    entries: reserved bits and values
 * vtd-strict-scalable.c what of scalable mode is strict
 * vtd-strict-irq.c      interrupt entries
 * vtd-strict-rules.c    registers and descriptors
 * vtd-strict-audit.c    everything that can be reached, used or not
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_I386_VTD_STRICT_INT_H
#define HW_I386_VTD_STRICT_INT_H

#include "hw/i386/intel_iommu.h"
#include "hw/i386/vtd-strict.h"
#include "qemu/lockable.h"
#include "intel_iommu_internal.h"

/* Kinds of lines; README.rst has a row for each */
typedef enum {
    VTD_DIRTY, VTD_UNFLUSHED, VTD_DIRTY_LATENT, VTD_UNFLUSHED_LATENT,
    VTD_STALE, VTD_STALE_LATENT, VTD_ORDER, VTD_ENTRY, VTD_DID,
    VTD_REGISTER, VTD_DESCRIPTOR, VTD_INTERRUPT, VTD_KINDS
} VtdKind;

/* Of a second-stage entry, what the unit looks at: without bits 10:8, 61:52, 63 */
#define VTD_SS_LOOKED_AT        0x400ffffffffff8ffULL
/* Of a context entry's second word: without the bits for software */
#define VTD_CE_HI_LOOKED_AT     (~0x78ULL)
/* Of an interrupt entry's first word: the same */
#define VTD_IRTE_LO_LOOKED_AT   (~0xf00ULL)

#define VTD_ECAP_C              1ULL        /* page walks snoop */

/* Levels of tables: 1 to 4 are paging structures */
#define VTD_LEVEL_CONTEXT       5
#define VTD_LEVEL_ROOT          6

/*
 * Bounds, in virtual time: how long software may take between a store and its
 * flush.  Wide, because a guest's processor may have to wait for the host's.
 */
#define VTD_TICK_MS             100
#define VTD_GRACE_NS            (500 * 1000000LL)
#define VTD_LATENT_TICKS        10
#define VTD_AUDIT_TICKS         5

/* A word of memory that something cached was made of */
typedef struct VtdStep {
    hwaddr at;
    uint64_t val, mask;
} VtdStep;

typedef enum { VTD_C_CONTEXT, VTD_C_LEAF, VTD_C_LINK, VTD_C_IRTE, VTD_C_PASID } VtdCached;

typedef struct VtdEntry {
    /* the key */
    uint8_t kind, level;
    uint16_t id;                /* source id, interrupt index or domain id */
    uint64_t page;              /* number of the page of this level; PASID */
    /* what it says */
    uint16_t did, sid;          /* domain id as cached; who brought it in */
    int fault;                  /* VTD_FR_*: absent or wrong */
    uint64_t lo, hi;            /* the entry; lo: address that a leaf or link gives */
    bool r, w;
    /* what became of it */
    bool told;
    int ticks;
    int64_t used_stale;         /* ns, 0: not */
    unsigned steps;
    VtdStep step[9];
} VtdEntry;

/* Which entries an invalidation names */
typedef struct VtdWhich {
    int gran;                   /* as the descriptor has it */
    uint16_t did, sid;
    uint8_t fm, am;
    bool leaves;                /* IH: leaves only */
    uint64_t page;
} VtdWhich;

struct VtdStrictUnit {
    IntelIOMMUState *s;
    VtdStrictUnit *next;
    QEMUTimer *timer;
    GHashTable *cache;          /* VtdEntry */
    GHashTable *owed;           /* domain ids of context flushes without IOTLB flush */
    GHashTable *seen, *suspect; /* lines found wrong by the audit before, by this one */
    unsigned tick;
    /* commands that software has not seen done */
    bool gcmd_unread, gcmd_lag, ccmd_unread, iotlb_unread;
    uint32_t gsts_before;
};

/* What was looked at, for the last line: zeros there mean that nothing was proved */
typedef struct VtdTotals {
    uint64_t lines, all, reads, hits, walks, links, interrupts, tables, descriptors;
} VtdTotals;
extern VtdTotals vtd_totals;

/* vtd-strict.c.  key: one line for each, 0 for always. */
void vtd_tell(VtdStrictUnit *u, VtdKind kind, uint64_t key, const char *fmt, ...)
    G_GNUC_PRINTF(4, 5);

/* vtd-strict-memory.c */
void vtd_memory_start(void);
void vtd_memory_reset(void);
uint64_t vtd_memory_word(hwaddr at);
MemTxResult vtd_memory_read(VtdStrictUnit *u, hwaddr addr, void *buf, size_t len,
                            const char *kind);
bool vtd_memory_line(hwaddr line, uint8_t *data);
void vtd_memory_audit(bool begin);
void vtd_memory_table(hwaddr at, int level);
bool vtd_memory_differs(const void *a, const void *b, size_t len, uint64_t mask);

/* vtd-strict-cache.c; all under the IOMMU lock */
void vtd_cache_start(VtdStrictUnit *u);
VtdEntry *vtd_cache_find(VtdStrictUnit *u, int kind, int level, uint16_t id,
                         uint64_t page);
VtdEntry *vtd_cache_add(VtdStrictUnit *u, const VtdEntry *from);
void vtd_cache_use(VtdStrictUnit *u, VtdEntry *e);
void vtd_cache_tick(VtdStrictUnit *u);
void vtd_flush_context(VtdStrictUnit *u, const VtdWhich *how);
void vtd_flush_iotlb(VtdStrictUnit *u, const VtdWhich *how);
void vtd_flush_irte(VtdStrictUnit *u, const VtdWhich *how);
void vtd_flush_pasid(VtdStrictUnit *u, const VtdWhich *how);
void vtd_check_device_tlb(VtdStrictUnit *u, uint16_t sid, uint64_t first, uint64_t last);

/* vtd-strict-entry.c: NULL, or what is wrong, which is told */
const char *vtd_check_root(VtdStrictUnit *u, hwaddr at, const uint64_t *re);
const char *vtd_check_context(VtdStrictUnit *u, uint16_t sid, uint64_t lo, uint64_t hi);
const char *vtd_check_page(VtdStrictUnit *u, hwaddr at, uint64_t pte, int level);
const char *vtd_check_irte(VtdStrictUnit *u, unsigned index, uint64_t lo, uint64_t hi);

/* vtd-strict-audit.c */
void vtd_audit(VtdStrictUnit *first);

static inline bool vtd_caching_mode(IntelIOMMUState *s)
{
    return s->cap & VTD_CAP_CM;
}

static inline uint32_t vtd_reg32(IntelIOMMUState *s, hwaddr addr)
{
    return ldl_le_p(&s->csr[addr]);
}

static inline uint64_t vtd_reg64(IntelIOMMUState *s, hwaddr addr)
{
    return ldq_le_p(&s->csr[addr]);
}

/* Bits of a domain id (CAP.ND) */
static inline bool vtd_did_beyond(IntelIOMMUState *s, uint32_t did)
{
    return did >> (4 + 2 * (s->cap & 7));
}

static inline bool vtd_ss_leaf(uint64_t pte, int level)
{
    return level == 1 || pte & (1 << 7);
}

static inline uint64_t vtd_ss_addr(IntelIOMMUState *s, uint64_t pte)
{
    return pte & VTD_PAGE_MASK_4K & VTD_HAW_MASK(s->aw_bits);
}

static inline int vtd_ss_shift(int level)
{
    return 12 + 9 * (level - 1);
}

#endif

/*
 * A VT-d unit that forgives nothing: what intel_iommu.c and the processor call.
 * tools/testing/qemu/README.rst of the driver says what each rule checks.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_I386_VTD_STRICT_H
#define HW_I386_VTD_STRICT_H

#include "exec/hwaddr.h"
#include "exec/memattrs.h"
#include "hw/qdev-properties.h"
#include "system/dma.h"
#include "system/memory.h"

typedef struct IntelIOMMUState IntelIOMMUState;
typedef union VTD_IR_TableEntry VTD_IR_TableEntry;
typedef struct VTDPASIDEntry VTDPASIDEntry;
typedef struct VtdStrictUnit VtdStrictUnit;

/* In IntelIOMMUState; set by properties, constant afterwards */
typedef struct VtdStrict {
    bool on;                    /* x-strict: the parts below count only with it */
    bool memory, caches, rules, audit;
    bool poison;                /* what was never written back reads as zero */
    uint32_t lines;             /* printed of each kind */
    uint64_t cap, ecap;         /* whole words, 0: as QEMU makes them */
    uint64_t cap_set, cap_clear, ecap_set, ecap_clear;
    VtdStrictUnit *unit;        /* NULL: off */
} VtdStrict;

#define VTD_STRICT_PROPERTIES(state, field)                                     \
    DEFINE_PROP_BOOL("x-strict", state, field.on, false),                       \
    DEFINE_PROP_BOOL("x-strict-memory", state, field.memory, true),             \
    DEFINE_PROP_BOOL("x-strict-caches", state, field.caches, true),             \
    DEFINE_PROP_BOOL("x-strict-rules", state, field.rules, true),               \
    DEFINE_PROP_BOOL("x-strict-audit", state, field.audit, true),               \
    DEFINE_PROP_BOOL("x-strict-poison", state, field.poison, false),            \
    DEFINE_PROP_UINT32("x-strict-lines", state, field.lines, 20),               \
    DEFINE_PROP_UINT64("x-cap", state, field.cap, 0),                           \
    DEFINE_PROP_UINT64("x-ecap", state, field.ecap, 0),                         \
    DEFINE_PROP_UINT64("x-cap-set", state, field.cap_set, 0),                   \
    DEFINE_PROP_UINT64("x-cap-clear", state, field.cap_clear, 0),               \
    DEFINE_PROP_UINT64("x-ecap-set", state, field.ecap_set, 0),                 \
    DEFINE_PROP_UINT64("x-ecap-clear", state, field.ecap_clear, 0)

/*
 * The life of a unit.  caps: at the end of computing CAP and ECAP; realize: once;
 * reset: each time, the next kernel begins with memory as it is.
 */
void vtd_strict_caps(IntelIOMMUState *s);
void vtd_strict_realize(IntelIOMMUState *s);
void vtd_strict_reset(IntelIOMMUState *s);

/* Translation is ours: legacy mode, with x-strict-caches. */
bool vtd_strict_translates(IntelIOMMUState *s);

/*
 * One request.  Takes the IOMMU lock; reports the fault itself.  True: *entry is
 * the translation; false: refused.
 */
bool vtd_strict_translate(IntelIOMMUState *s, uint16_t sid, hwaddr addr,
                          bool is_write, IOMMUTLBEntry *entry);

/*
 * A translation request, or a translated one: is it let through?  The caller goes on to
 * translate the first, and to memory with the second.  Reports the fault itself.
 * Without the strict unit, and in scalable mode, everything is.
 */
bool vtd_strict_ats(IntelIOMMUState *s, uint16_t sid, hwaddr addr, bool is_write);

/*
 * Around a request that intel_iommu.c walks itself (scalable mode), under the IOMMU
 * lock: entries are then read as they were written back, PASID entries are cached.
 */
void vtd_strict_enter(IntelIOMMUState *s, uint16_t sid);
void vtd_strict_leave(void);
bool vtd_strict_inside(void);
MemTxResult vtd_strict_read_table(hwaddr addr, void *buf, size_t len,
                                  const char *kind);
int vtd_strict_pasid(IntelIOMMUState *s, hwaddr dir, uint32_t pasid,
                     VTDPASIDEntry *pe);

/* One interrupt entry, from the cache or from memory. */
MemTxResult vtd_strict_irte(IntelIOMMUState *s, uint16_t index, hwaddr addr,
                            VTD_IR_TableEntry *entry, uint16_t sid);

/* A request in the old format; false: blocked. */
bool vtd_strict_compat(IntelIOMMUState *s, uint64_t addr, uint32_t data,
                       uint16_t sid);

/* A descriptor that was fetched, before it is carried out; false: refuse it. */
bool vtd_strict_descriptor(IntelIOMMUState *s, const uint64_t *d);

/* Registers: before a write is carried out, and what a read gives. */
void vtd_strict_write(IntelIOMMUState *s, hwaddr addr, uint64_t val, unsigned size);
uint64_t vtd_strict_read(IntelIOMMUState *s, hwaddr addr, uint64_t val,
                         unsigned size);

/* From the processor: it wrote back a line (host: its bytes), or all (NULL). */
extern void (*x86_cache_hook)(uint64_t line, const void *host);

/* Of intel_iommu.c, for us. */
void vtd_report_fault(IntelIOMMUState *s, int err, bool is_fpd_set,
                      uint16_t source_id, hwaddr addr, bool is_write,
                      bool is_pasid, uint32_t pasid);
bool vtd_slpte_nonzero_rsvd(uint64_t slpte, uint32_t level);
int vtd_get_pe_from_pasid_table(IntelIOMMUState *s, dma_addr_t pasid_dir_base,
                                uint32_t pasid, VTDPASIDEntry *pe);

#endif

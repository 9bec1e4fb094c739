/*
 * A VT-d unit that forgives nothing: one request, legacy mode (sections 3.4.2, 3.7).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "vtd-strict-int.h"

static void add_step(VtdEntry *e, hwaddr at, uint64_t val, uint64_t mask)
{
    e->step[e->steps++] = (VtdStep) { at, val, mask };
}

/* Root and context entry from memory, into *out */
static void read_context(VtdStrictUnit *u, uint16_t sid, VtdEntry *out)
{
    hwaddr at = u->s->root + (sid >> 8) * 16;
    uint64_t re[2], ce[2];

    if (vtd_memory_read(u, at, re, 16, "root entry")) {
        out->fault = VTD_FR_ROOT_TABLE_INV;
        return;
    }
    re[0] = le64_to_cpu(re[0]);
    re[1] = le64_to_cpu(re[1]);
    add_step(out, at, re[0], ~0ULL);
    if (!(re[0] & VTD_ROOT_ENTRY_P)) {
        out->fault = VTD_FR_ROOT_ENTRY_P;
        return;
    }
    if (vtd_check_root(u, at, re)) {
        out->fault = VTD_FR_ROOT_ENTRY_RSVD;
        return;
    }
    at = (re[0] & VTD_ROOT_ENTRY_CTP) + (sid & 255) * 16;
    if (vtd_memory_read(u, at, ce, 16, "context entry")) {
        out->fault = VTD_FR_CONTEXT_TABLE_INV;
        return;
    }
    out->lo = le64_to_cpu(ce[0]);
    out->hi = le64_to_cpu(ce[1]);
    add_step(out, at, out->lo, ~0ULL);
    add_step(out, at + 8, out->hi, VTD_CE_HI_LOOKED_AT);
    if (!(out->lo & VTD_CONTEXT_ENTRY_P)) {
        out->fault = VTD_FR_CONTEXT_ENTRY_P;
    } else if (vtd_check_context(u, sid, out->lo, out->hi)) {
        out->fault = VTD_FR_CONTEXT_ENTRY_INV;
    } else {
        out->did = VTD_CONTEXT_ENTRY_DID(out->hi);
    }
}

/* The context entry as the unit has it or gets it; what is wrong is in fault. */
static VtdEntry *find_context(VtdStrictUnit *u, uint16_t sid, VtdEntry *out)
{
    VtdEntry *e = vtd_cache_find(u, VTD_C_CONTEXT, 0, sid, 0);

    if (e) {
        vtd_cache_use(u, e);
        return e;
    }
    *out = (VtdEntry) { .kind = VTD_C_CONTEXT, .id = sid, .sid = sid };
    read_context(u, sid, out);
    /* Faults of access are none of software's, and are not cached. */
    if (out->fault == VTD_FR_ROOT_TABLE_INV || out->fault == VTD_FR_CONTEXT_TABLE_INV) {
        return out;
    }
    return !out->fault || vtd_caching_mode(u->s) ? vtd_cache_add(u, out) : out;
}

static VtdEntry *cached_leaf(VtdStrictUnit *u, uint16_t did, hwaddr addr)
{
    VtdEntry *e;

    for (int level = 1; level < 4; level++) {
        e = vtd_cache_find(u, VTD_C_LEAF, level, did, addr >> vtd_ss_shift(level));
        if (e) {
            vtd_totals.hits++;
            vtd_cache_use(u, e);
            return e;
        }
    }
    return NULL;
}

/* The lowest link that is cached */
static VtdEntry *cached_link(VtdStrictUnit *u, uint16_t did, hwaddr addr, int top)
{
    VtdEntry *e;

    for (int level = 2; level <= top; level++) {
        e = vtd_cache_find(u, VTD_C_LINK, level, did, addr >> vtd_ss_shift(level));
        if (e) {
            vtd_totals.links++;
            vtd_cache_use(u, e);
            return e;
        }
    }
    return NULL;
}

/* From a table of this level down; *out has what came before. */
static VtdEntry *walk_down(VtdStrictUnit *u, hwaddr addr, hwaddr table, int level,
                           VtdEntry *out)
{
    uint64_t pte;

    for (;; level--) {
        hwaddr at = table + (addr >> vtd_ss_shift(level) & 511) * 8;

        out->level = level;
        out->page = addr >> vtd_ss_shift(level);
        if (vtd_memory_read(u, at, &pte, 8, level == 1 ? "leaf" : "page table entry")) {
            out->fault = VTD_FR_PAGING_ENTRY_INV;
            return out;
        }
        pte = le64_to_cpu(pte);
        add_step(out, at, pte, VTD_SS_LOOKED_AT);
        if (!(pte & (VTD_SL_R | VTD_SL_W))) {
            out->fault = VTD_FR_READ;
            out->kind = level > 1 ? VTD_C_LINK : VTD_C_LEAF;
            return vtd_caching_mode(u->s) ? vtd_cache_add(u, out) : out;
        }
        if (vtd_check_page(u, at, pte, level)) {
            out->fault = VTD_FR_PAGING_ENTRY_RSVD;
            return out;
        }
        out->r = out->r && pte & VTD_SL_R;
        out->w = out->w && pte & VTD_SL_W;
        out->lo = vtd_ss_addr(u->s, pte);
        if (vtd_ss_leaf(pte, level)) {
            out->lo &= ~((1ULL << vtd_ss_shift(level)) - 1);
            out->kind = VTD_C_LEAF;
            return vtd_cache_add(u, out);
        }
        out->kind = VTD_C_LINK;
        table = out->lo;
        vtd_cache_add(u, out);
    }
}

/* The translation of a page as the unit has it or gets it */
static VtdEntry *find_page(VtdStrictUnit *u, VtdEntry *ce, hwaddr addr, VtdEntry *out)
{
    int level = 2 + (ce->hi & VTD_CONTEXT_ENTRY_AW);
    int width = 30 + 9 * (ce->hi & VTD_CONTEXT_ENTRY_AW);
    hwaddr table = ce->lo & VTD_CONTEXT_ENTRY_SLPTPTR;
    VtdEntry *e;

    *out = (VtdEntry) { .kind = VTD_C_LEAF, .id = ce->did, .did = ce->did,
                        .sid = ce->sid, .r = true, .w = true };
    if (addr >> MIN(width, u->s->aw_bits)) {
        out->fault = VTD_FR_ADDR_BEYOND_MGAW;
        return out;
    }
    e = cached_leaf(u, ce->did, addr);
    if (e) {
        return e;
    }
    vtd_totals.walks++;
    e = cached_link(u, ce->did, addr, level);
    if (e && e->fault) {
        return e;
    }
    if (e) {
        table = e->lo;
        level = e->level - 1;
        out->r = e->r;
        out->w = e->w;
        out->steps = e->steps;
        memcpy(out->step, e->step, sizeof(out->step));
    }
    return walk_down(u, addr, table, level, out);
}

bool vtd_strict_translates(IntelIOMMUState *s)
{
    return s->strict.unit && s->strict.caches && !s->root_scalable;
}

/* Fills *entry; 0, or the reason of the fault */
static int translate(VtdStrictUnit *u, VtdEntry *ce, hwaddr addr, bool is_write,
                     IOMMUTLBEntry *entry)
{
    uint64_t size;
    VtdEntry page, *e;

    if (ce->fault) {
        return ce->fault;
    }
    if ((ce->lo & VTD_CONTEXT_ENTRY_TT) == VTD_CONTEXT_TT_PASS_THROUGH) {
        return 0;
    }
    e = find_page(u, ce, addr, &page);
    if (e->fault && e->fault != VTD_FR_READ) {
        return e->fault;
    }
    if (e->fault || !(is_write ? e->w : e->r)) {
        return is_write ? VTD_FR_WRITE : VTD_FR_READ;
    }
    size = 1ULL << vtd_ss_shift(e->level);
    entry->iova = addr & ~(size - 1);
    entry->translated_addr = e->lo;
    entry->addr_mask = size - 1;
    entry->perm = IOMMU_ACCESS_FLAG(e->r, e->w && is_write);
    return 0;
}

bool vtd_strict_translate(IntelIOMMUState *s, uint16_t sid, hwaddr addr,
                          bool is_write, IOMMUTLBEntry *entry)
{
    VtdStrictUnit *u = s->strict.unit;
    VtdEntry context, *ce;
    int fault;

    qemu_mutex_lock(&s->iommu_lock);
    ce = find_context(u, sid, &context);
    entry->iova = entry->translated_addr = addr & VTD_PAGE_MASK_4K;
    entry->addr_mask = ~VTD_PAGE_MASK_4K;
    entry->perm = IOMMU_RW;
    fault = translate(u, ce, addr, is_write, entry);
    if (fault) {
        vtd_report_fault(s, fault, ce->lo & VTD_CONTEXT_ENTRY_FPD, sid, addr, is_write,
                         false, 0);
        entry->iova = entry->translated_addr = 0;
        entry->perm = IOMMU_NONE;
    }
    qemu_mutex_unlock(&s->iommu_lock);
    return !fault;
}

/* Sections 4.2.2, 9.3: only TT = 01 lets a device translate, or say that it has. */
bool vtd_strict_ats(IntelIOMMUState *s, uint16_t sid, hwaddr addr, bool is_write)
{
    VtdStrictUnit *u = s->strict.unit;
    VtdEntry context, *ce;
    int fault;

    if (!vtd_strict_translates(s) || !s->dmar_enabled) {
        return true;
    }
    qemu_mutex_lock(&s->iommu_lock);
    ce = find_context(u, sid, &context);
    fault = ce->fault;
    if (!fault && (ce->lo & VTD_CONTEXT_ENTRY_TT) != VTD_CONTEXT_TT_DEV_IOTLB) {
        fault = VTD_FR_CONTEXT_ENTRY_TT;
    }
    if (fault) {
        vtd_report_fault(s, fault, ce->lo & VTD_CONTEXT_ENTRY_FPD, sid, addr, is_write,
                         false, 0);
    }
    qemu_mutex_unlock(&s->iommu_lock);
    return !fault;
}

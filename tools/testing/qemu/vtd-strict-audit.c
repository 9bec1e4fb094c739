/*
 * A VT-d unit that forgives nothing: twice a second everything that can be reached
 * is looked at, whether a device used it or not.  Legacy mode.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "system/address-spaces.h"
#include "vtd-strict-int.h"

#define LINE    64

typedef struct Audit {
    VtdStrictUnit *u;
    GHashTable *done;           /* tables of this audit */
    GHashTable *roots;          /* domain id + 1 -> what translates it */
} Audit;

static bool read_page(hwaddr at, void *buf)
{
    return !address_space_read(&address_space_memory, at, MEMTXATTRS_UNSPECIFIED, buf,
                               4096);
}

/* A line that two audits in a row found wrong, with the same content, is told. */
static void suspect_line(Audit *a, hwaddr at, const uint8_t *raw, const uint8_t *was,
                         const char *table, uint64_t mask)
{
    GHashTable *seen = a->u->seen;
    gpointer key = GSIZE_TO_POINTER(at + 1);
    uint64_t *old, sum = was != NULL;
    int i = 0;

    for (int j = 0; j < LINE; j += 8) {
        sum = sum * 31 + ldq_le_p(raw + j);
    }
    old = g_hash_table_lookup(seen, key);
    g_hash_table_insert(a->u->suspect, key, g_memdup2(&sum, sizeof(sum)));
    if (!old || *old != sum) {
        return;
    }
    if (!was) {
        /* One line of output a page: what was never written back rarely is alone. */
        vtd_tell(a->u, VTD_UNFLUSHED_LATENT, QEMU_ALIGN_DOWN(at, 4096) + 1,
                 "%s at 0x%" PRIx64 ": never written back, the processor has %016"
                 PRIx64, table, at, ldq_le_p(raw));
        return;
    }
    while (i < LINE - 8 && !vtd_memory_differs(raw + i, was + i, 8, mask)) {
        i += 8;
    }
    vtd_tell(a->u, VTD_DIRTY_LATENT, at, "%s at 0x%" PRIx64 ": written back %016" PRIx64
             ", the processor has %016" PRIx64, table, at + i, ldq_le_p(was + i),
             ldq_le_p(raw + i));
}

static void audit_lines(Audit *a, hwaddr at, const void *raw, size_t len,
                        const char *table, uint64_t mask)
{
    IntelIOMMUState *s = a->u->s;
    uint8_t was[LINE];

    if (!s->strict.memory || s->ecap & VTD_ECAP_C) {
        return;
    }
    for (size_t i = 0; i < len; i += LINE) {
        bool valid = vtd_memory_line(at + i, was);

        if (!valid || vtd_memory_differs((const uint8_t *)raw + i, was, LINE, mask)) {
            suspect_line(a, at + i, (const uint8_t *)raw + i, valid ? was : NULL, table,
                         mask);
        }
    }
}

static void audit_pages(Audit *a, hwaddr at, int level)
{
    g_autofree uint64_t *raw = g_malloc(4096);

    if (!g_hash_table_add(a->done, GSIZE_TO_POINTER(at + level)) ||
        !read_page(at, raw)) {
        return;
    }
    vtd_totals.tables++;
    vtd_memory_table(at, level);
    audit_lines(a, at, raw, 4096, level == 1 ? "leaves" : "page table",
                VTD_SS_LOOKED_AT);
    for (int i = 0; i < 512; i++) {
        uint64_t pte = le64_to_cpu(raw[i]);

        if (pte & (VTD_SL_R | VTD_SL_W) &&
            !vtd_check_page(a->u, at + i * 8, pte, level) && !vtd_ss_leaf(pte, level)) {
            audit_pages(a, vtd_ss_addr(a->u->s, pte), level - 1);
        }
    }
}

/* One domain id, one set of tables (section 6.2.1) */
static void audit_did(Audit *a, uint16_t sid, uint64_t lo, uint64_t hi)
{
    gpointer did = GSIZE_TO_POINTER(VTD_CONTEXT_ENTRY_DID(hi) + 1);
    bool pass = (lo & VTD_CONTEXT_ENTRY_TT) == VTD_CONTEXT_TT_PASS_THROUGH;
    uint64_t is = pass ? ~0ULL : (lo & VTD_CONTEXT_ENTRY_SLPTPTR) |
                                 (hi & VTD_CONTEXT_ENTRY_AW);
    uint64_t *was = g_hash_table_lookup(a->roots, did);

    if (was && *was != is && a->u->s->strict.rules) {
        vtd_tell(a->u, VTD_DID, GPOINTER_TO_SIZE(did), "domain id %u has two sets of"
                 " tables: %" PRIx64 " and, for %02x:%02x.%x, %" PRIx64,
                 (unsigned)VTD_CONTEXT_ENTRY_DID(hi), *was, sid >> 8, sid >> 3 & 31,
                 sid & 7, is);
    }
    g_hash_table_insert(a->roots, did, g_memdup2(&is, sizeof(is)));
}

static void audit_contexts(Audit *a, unsigned bus, hwaddr at)
{
    g_autofree uint64_t *raw = g_malloc(4096);

    if (!read_page(at, raw)) {
        return;
    }
    vtd_memory_table(at, VTD_LEVEL_CONTEXT);
    audit_lines(a, at, raw, 4096, "context table", ~0ULL);
    for (int i = 0; i < 256; i++) {
        uint64_t lo = le64_to_cpu(raw[i * 2]), hi = le64_to_cpu(raw[i * 2 + 1]);
        uint16_t sid = bus << 8 | i;

        if (!(lo & VTD_CONTEXT_ENTRY_P) || vtd_check_context(a->u, sid, lo, hi)) {
            continue;
        }
        audit_did(a, sid, lo, hi);
        if ((lo & VTD_CONTEXT_ENTRY_TT) != VTD_CONTEXT_TT_PASS_THROUGH) {
            audit_pages(a, lo & VTD_CONTEXT_ENTRY_SLPTPTR,
                        2 + (hi & VTD_CONTEXT_ENTRY_AW));
        }
    }
}

static void audit_root(Audit *a)
{
    IntelIOMMUState *s = a->u->s;
    g_autofree uint64_t *root = g_malloc(4096);

    if (!s->dmar_enabled || s->root_scalable || !read_page(s->root, root)) {
        return;
    }
    vtd_memory_table(s->root, VTD_LEVEL_ROOT);
    audit_lines(a, s->root, root, 4096, "root table", ~0ULL);
    for (unsigned bus = 0; bus < 256; bus++) {
        uint64_t re[2] = { le64_to_cpu(root[bus * 2]), le64_to_cpu(root[bus * 2 + 1]) };

        if (re[0] & VTD_ROOT_ENTRY_P &&
            !vtd_check_root(a->u, s->root + bus * 16, re)) {
            audit_contexts(a, bus, re[0] & VTD_ROOT_ENTRY_CTP);
        }
    }
}

static void audit_interrupts(Audit *a)
{
    IntelIOMMUState *s = a->u->s;
    g_autofree uint64_t *raw = g_malloc(4096);

    for (unsigned i = 0; s->intr_enabled && i < s->intr_size; i += 256) {
        if (read_page(s->intr_root + i * 16, raw)) {
            audit_lines(a, s->intr_root + i * 16, raw,
                        MIN(4096, (s->intr_size - i) * 16), "interrupt table",
                        ~0ULL);
        }
    }
}

/* Under the unit's lock */
static void audit_unit(VtdStrictUnit *u)
{
    Audit a = { .u = u };

    a.done = g_hash_table_new(NULL, NULL);
    a.roots = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    u->suspect = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    audit_root(&a);
    audit_interrupts(&a);
    g_hash_table_unref(u->seen);
    u->seen = u->suspect;
    u->suspect = NULL;
    g_hash_table_unref(a.roots);
    g_hash_table_unref(a.done);
}

/* All units in one go: a table that none of them reaches is none any more. */
void vtd_audit(VtdStrictUnit *first)
{
    VtdStrictUnit *u;

    vtd_memory_audit(true);
    for (u = first; u; u = u->next) {
        QEMU_LOCK_GUARD(&u->s->iommu_lock);
        audit_unit(u);
    }
    vtd_memory_audit(false);
}

/*
 * A VT-d unit that forgives nothing: what it has cached, and what makes it forget.
 *
 * Everything that section 6.2 allows to be cached is, and stays until a descriptor
 * or register names it (section 6.5): context entries by requester id, leaves and
 * links to tables by domain id and page, interrupt entries by index, PASID entries.
 * With caching mode (section 6.1) what is absent is cached as well.
 *
 * An entry that memory contradicts is legal for a while: its invalidation may be on the
 * way.  It is told when it was used and stays longer than VTD_GRACE_NS, or when it
 * lies there for VTD_LATENT_TICKS.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "vtd-strict-int.h"

#define ALL_DOMAINS     0x10000

static const char *const cached_names[] = {
    [VTD_C_CONTEXT] = "context entry", [VTD_C_LEAF] = "leaf",
    [VTD_C_LINK] = "table link", [VTD_C_IRTE] = "interrupt entry",
    [VTD_C_PASID] = "PASID entry",
};

static guint entry_hash(gconstpointer p)
{
    const VtdEntry *e = p;
    uint64_t h = (e->page * 0x9e3779b97f4a7c15ULL) ^ ((uint64_t)e->id << 40) ^
                 (e->level << 8) ^ e->kind;

    return h ^ (h >> 32);
}

static gboolean entry_equal(gconstpointer a, gconstpointer b)
{
    const VtdEntry *x = a, *y = b;

    return x->kind == y->kind && x->level == y->level && x->id == y->id &&
           x->page == y->page;
}

void vtd_cache_start(VtdStrictUnit *u)
{
    u->cache = g_hash_table_new_full(entry_hash, entry_equal, NULL, g_free);
    u->owed = g_hash_table_new_full(NULL, NULL, NULL, g_free);
}

VtdEntry *vtd_cache_find(VtdStrictUnit *u, int kind, int level, uint16_t id,
                         uint64_t page)
{
    VtdEntry key = { .kind = kind, .level = level, .id = id, .page = page };

    return g_hash_table_lookup(u->cache, &key);
}

VtdEntry *vtd_cache_add(VtdStrictUnit *u, const VtdEntry *from)
{
    VtdEntry *e = g_memdup2(from, sizeof(*from));

    e->told = false;
    e->ticks = 0;
    e->used_stale = 0;
    g_hash_table_replace(u->cache, e, e);
    return e;
}

/* The word of memory that contradicts the entry */
static const VtdStep *contradiction(const VtdEntry *e)
{
    for (unsigned i = 0; i < e->steps; i++) {
        if ((vtd_memory_word(e->step[i].at) ^ e->step[i].val) & e->step[i].mask) {
            return &e->step[i];
        }
    }
    return NULL;
}

/* A request is served from the entry. */
void vtd_cache_use(VtdStrictUnit *u, VtdEntry *e)
{
    if (!e->used_stale && contradiction(e)) {
        e->used_stale = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    }
}

static void tell_stale(VtdStrictUnit *u, VtdKind kind, VtdEntry *e, const char *how)
{
    const VtdStep *st = contradiction(e);
    bool paging = e->kind == VTD_C_LEAF || e->kind == VTD_C_LINK;
    uint64_t key = (uint64_t)e->kind << 60 ^ (uint64_t)e->id << 40 ^ e->page << 3 ^
                   e->level;

    vtd_tell(u, kind, key, "%s, %s: %s %04x, address 0x%" PRIx64 " level %d, brought"
             " in by %02x:%02x.%x with domain id %u; word at 0x%" PRIx64 " was %016"
             PRIx64 ", is %016" PRIx64, cached_names[e->kind], how,
             e->kind == VTD_C_CONTEXT || e->kind == VTD_C_PASID ? "source" :
             e->kind == VTD_C_IRTE ? "index" : "domain", e->id,
             paging ? e->page << vtd_ss_shift(e->level) : e->page, e->level,
             e->sid >> 8, e->sid >> 3 & 31, e->sid & 7, e->did, st ? st->at : 0,
             st ? st->val : 0, st ? vtd_memory_word(st->at) : 0);
    e->told = true;
}

/* The right descriptor came: was it in time? */
static void forget(VtdStrictUnit *u, VtdEntry *e)
{
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);

    if (e->used_stale && !e->told && now - e->used_stale > VTD_GRACE_NS) {
        tell_stale(u, VTD_STALE, e, "used after memory changed, invalidated late");
    }
}

static void forget_those(VtdStrictUnit *u,
                         bool (*named)(const VtdEntry *, const VtdWhich *),
                         const VtdWhich *how)
{
    GHashTableIter it;
    gpointer val;

    g_hash_table_iter_init(&it, u->cache);
    while (g_hash_table_iter_next(&it, NULL, &val)) {
        if (named(val, how)) {
            forget(u, val);
            g_hash_table_iter_remove(&it);
        }
    }
}

/* --- what a descriptor names (section 6.5.2) ------------------------------- */

/* Granularity 1 all, 2 domain, 3 device; FM masks the low bits of the function */
static bool named_context(const VtdEntry *e, const VtdWhich *how)
{
    static const uint8_t masked[] = { 0, 4, 6, 7 };

    return e->kind == VTD_C_CONTEXT &&
           (how->gran == 1 ||
            (e->did == how->did &&
             (how->gran == 2 || !((e->id ^ how->sid) & ~masked[how->fm & 3]))));
}

/* Granularity 1 all, 2 domain, 3 pages: 2^AM of 4 KiB from an aligned address */
static bool named_iotlb(const VtdEntry *e, const VtdWhich *how)
{
    uint64_t first, start;
    int span;

    if (e->kind != VTD_C_LEAF && e->kind != VTD_C_LINK) {
        return false;
    }
    if (how->gran == 1) {
        return true;
    }
    if (e->did != how->did) {
        return false;
    }
    if (how->gran == 2) {
        return true;
    }
    if (e->kind == VTD_C_LINK && how->leaves) {
        return false;
    }
    span = 9 * (e->level - 1);
    first = e->page << span;
    start = how->page >> how->am << how->am;
    return first < start + (1ULL << how->am) && start < first + (1ULL << span);
}

static bool named_irte(const VtdEntry *e, const VtdWhich *how)
{
    return e->kind == VTD_C_IRTE &&
           (how->gran == 1 || e->id >> how->am == how->page >> how->am);
}

static bool named_pasid(const VtdEntry *e, const VtdWhich *how)
{
    return e->kind == VTD_C_PASID &&
           (how->gran == VTD_INV_DESC_PASIDC_G_GLOBAL ||
            (e->did == how->did && (how->gran == VTD_INV_DESC_PASIDC_G_DSI ||
                                    e->page == how->page)));
}

void vtd_flush_context(VtdStrictUnit *u, const VtdWhich *how)
{
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    size_t owed = how->gran == 1 ? ALL_DOMAINS : how->did;

    /* The IOTLB has to follow (section 6.5.3.3). */
    g_hash_table_insert(u->owed, GSIZE_TO_POINTER(owed + 1),
                        g_memdup2(&now, sizeof(now)));
    forget_those(u, named_context, how);
}

void vtd_flush_iotlb(VtdStrictUnit *u, const VtdWhich *how)
{
    if (how->gran == 1) {
        g_hash_table_remove_all(u->owed);
    } else if (how->gran == 2) {
        g_hash_table_remove(u->owed, GSIZE_TO_POINTER(how->did + 1));
        /* Absence is cached with domain id 0 (section 6.1): whose is new here. */
        g_hash_table_remove(u->owed, GSIZE_TO_POINTER(1));
    }
    forget_those(u, named_iotlb, how);
}

void vtd_flush_irte(VtdStrictUnit *u, const VtdWhich *how)
{
    forget_those(u, named_irte, how);
}

void vtd_flush_pasid(VtdStrictUnit *u, const VtdWhich *how)
{
    forget_those(u, named_pasid, how);
}

/*
 * A device TLB is told to forget pages, and answers.  Whatever the IOTLB still has
 * of them the device may fetch again right away (section 6.5.2.5).
 */
void vtd_check_device_tlb(VtdStrictUnit *u, uint16_t sid, uint64_t first, uint64_t last)
{
    VtdEntry *ce = vtd_cache_find(u, VTD_C_CONTEXT, 0, sid, 0);
    GHashTableIter it;
    gpointer val;

    if (!ce || ce->fault) {
        return;
    }
    g_hash_table_iter_init(&it, u->cache);
    while (g_hash_table_iter_next(&it, NULL, &val)) {
        VtdEntry *e = val;
        int shift = vtd_ss_shift(e->level);

        if (e->kind == VTD_C_LEAF && e->did == ce->did && e->page << shift <= last &&
            (e->page << shift) + (1ULL << shift) - 1 >= first && contradiction(e)) {
            vtd_tell(u, VTD_ORDER, e->page + 1, "device TLB of %02x:%02x.%x flushed"
                     " before the IOTLB: address 0x%" PRIx64, sid >> 8, sid >> 3 & 31,
                     sid & 7, e->page << shift);
        }
    }
}

/* --- what nobody flushed ---------------------------------------------------- */

static void tick_owed(VtdStrictUnit *u, int64_t now)
{
    GHashTableIter it;
    gpointer key, val;

    g_hash_table_iter_init(&it, u->owed);
    while (g_hash_table_iter_next(&it, &key, &val)) {
        size_t did = GPOINTER_TO_SIZE(key) - 1;

        if (now - *(int64_t *)val <= VTD_GRACE_NS) {
            continue;
        }
        if (u->s->dmar_enabled && !u->s->root_scalable) {
            vtd_tell(u, VTD_ORDER, did + 1, "context cache flushed (%s %u), no IOTLB"
                     " flush of the same after it", did == ALL_DOMAINS ? "all," :
                     "domain id", (unsigned)did);
        }
        g_hash_table_iter_remove(&it);
    }
}

void vtd_cache_tick(VtdStrictUnit *u)
{
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    GHashTableIter it;
    gpointer val;

    tick_owed(u, now);
    g_hash_table_iter_init(&it, u->cache);
    while (g_hash_table_iter_next(&it, NULL, &val)) {
        VtdEntry *e = val;
        bool live = e->kind == VTD_C_IRTE ? u->s->intr_enabled : u->s->dmar_enabled;

        if (!live || e->told) {
            continue;
        }
        if (!contradiction(e)) {
            e->ticks = 0;
        } else if (e->used_stale && now - e->used_stale > VTD_GRACE_NS) {
            tell_stale(u, VTD_STALE, e, "used after memory changed");
        } else if (++e->ticks >= VTD_LATENT_TICKS) {
            tell_stale(u, VTD_STALE_LATENT, e, "still cached long after memory changed");
        }
    }
}

/*
 * A VT-d unit that forgives nothing: life, lines and counts, the clock.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "qemu/lockable.h"
#include "qemu/timer.h"
#include "system/tcg.h"
#include "vtd-strict-int.h"

static const char *const kind_names[VTD_KINDS] = {
    [VTD_DIRTY] = "dirty", [VTD_UNFLUSHED] = "unflushed",
    [VTD_DIRTY_LATENT] = "dirty-latent", [VTD_UNFLUSHED_LATENT] = "unflushed-latent",
    [VTD_STALE] = "stale", [VTD_STALE_LATENT] = "stale-latent",
    [VTD_ORDER] = "order", [VTD_ENTRY] = "entry", [VTD_DID] = "did",
    [VTD_REGISTER] = "register", [VTD_DESCRIPTOR] = "descriptor",
    [VTD_INTERRUPT] = "interrupt",
};

VtdTotals vtd_totals;

/* Chained by next; each is there for good */
static VtdStrictUnit *units;

/* Lines of all units; counted and printed under one lock. */
static struct {
    bool started;
    QemuMutex lock;
    unsigned count[VTD_KINDS];
    GHashTable *once;
} lines;

void vtd_tell(VtdStrictUnit *u, VtdKind kind, uint64_t key, const char *fmt, ...)
{
    uint64_t k = key * VTD_KINDS + kind + 1;
    va_list ap;

    QEMU_LOCK_GUARD(&lines.lock);
    if (key && !g_hash_table_add(lines.once, GSIZE_TO_POINTER(k))) {
        return;
    }
    if (++lines.count[kind] > (u ? u->s->strict.lines : 20)) {
        return;
    }
    fprintf(stderr, "vtd-strict: %s: %.3f s: ", kind_names[kind],
            qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) / 1e9);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
}

/* The last line: what was found, and how much was looked at. */
static void print_totals(void)
{
    const VtdTotals *t = &vtd_totals;
    unsigned i, all = 0;

    fprintf(stderr, "vtd-strict: totals:");
    for (i = 0; i < VTD_KINDS; i++) {
        all += lines.count[i];
        if (lines.count[i]) {
            fprintf(stderr, " %s=%u", kind_names[i], lines.count[i]);
        }
    }
    fprintf(stderr, "%s; seen: lines written back %" PRIu64 ", wbinvd %" PRIu64
            ", table reads %" PRIu64 ", walks %" PRIu64 ", IOTLB hits %" PRIu64
            ", link hits %" PRIu64 ", interrupts %" PRIu64 ", descriptors %" PRIu64
            ", tables audited %" PRIu64 "\n", all ? "" : " clean", t->lines, t->all,
            t->reads, t->walks, t->hits, t->links, t->interrupts, t->descriptors,
            t->tables);
}

static void tick(void *opaque)
{
    VtdStrictUnit *u = opaque;

    qemu_mutex_lock(&u->s->iommu_lock);
    vtd_cache_tick(u);
    qemu_mutex_unlock(&u->s->iommu_lock);
    if (u == units && u->s->strict.audit && ++u->tick % VTD_AUDIT_TICKS == 0) {
        vtd_audit(units);
    }
    timer_mod(u->timer, qemu_clock_get_ms(QEMU_CLOCK_VIRTUAL) + VTD_TICK_MS);
}

void vtd_strict_caps(IntelIOMMUState *s)
{
    VtdStrict *c = &s->strict;

    if (c->on && c->caches && !s->scalable_mode) {
        s->cap &= ~VTD_CAP_ESRTPS;      /* the caches outlive SRTP */
    }
    s->cap = ((c->cap ?: s->cap) | c->cap_set) & ~c->cap_clear;
    s->ecap = ((c->ecap ?: s->ecap) | c->ecap_set) & ~c->ecap_clear;
}

void vtd_strict_reset(IntelIOMMUState *s)
{
    VtdStrictUnit *u = s->strict.unit;

    if (!u) {
        return;
    }
    g_hash_table_remove_all(u->cache);
    g_hash_table_remove_all(u->owed);
    g_hash_table_remove_all(u->seen);
    u->gcmd_unread = u->gcmd_lag = u->ccmd_unread = u->iotlb_unread = false;
    vtd_memory_reset();
    timer_mod(u->timer, qemu_clock_get_ms(QEMU_CLOCK_VIRTUAL) + VTD_TICK_MS);
}

void vtd_strict_realize(IntelIOMMUState *s)
{
    VtdStrictUnit *u;

    if (!s->strict.on) {
        return;
    }
    if (!tcg_enabled()) {
        /* Only TCG says what is written back. */
        warn_report("vtd-strict: memory is not checked without TCG");
        s->strict.memory = false;
    }
    if (!lines.started) {
        lines.started = true;
        qemu_mutex_init(&lines.lock);
        lines.once = g_hash_table_new(NULL, NULL);
        atexit(print_totals);
    }
    u = g_new0(VtdStrictUnit, 1);
    u->s = s;
    vtd_cache_start(u);
    u->seen = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    u->timer = timer_new_ms(QEMU_CLOCK_VIRTUAL, tick, u);
    if (s->strict.memory) {
        vtd_memory_start();
    }
    u->next = units;
    units = u;
    s->strict.unit = u;
}

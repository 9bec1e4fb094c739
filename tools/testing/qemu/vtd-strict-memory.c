/*
 * A VT-d unit that forgives nothing: tables as the processor wrote them back.
 *
 * With ECAP.C = 0 the unit does not snoop (section 11.4.3): it reads memory, and a
 * store reaches memory for sure only when its line is written back.  Here each line
 * has two contents, the processor's (QEMU's memory) and the one last written back.
 * A real line may also be evicted at any time, so whatever has to be in order has to
 * be in order in both.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/lockable.h"
#include "system/address-spaces.h"
#include "vtd-strict-int.h"

#define LINE        64
#define LINES       (4096 / LINE)

typedef struct Page {
    uint64_t valid;             /* lines that were ever written back */
    uint8_t data[4096];
} Page;

/* One memory, however many units.  The processors come without any other lock. */
static struct {
    bool started;
    QemuMutex lock;
    GHashTable *pages;          /* frame + 1 -> Page */
    GHashTable *level;          /* frame + 1 -> level, of pages that are tables */
    GHashTable *level_next;     /* the same, as the audit that runs finds it */
} mem;

static gpointer frame(hwaddr addr)
{
    return GSIZE_TO_POINTER((addr >> 12) + 1);
}

static Page *page_of(hwaddr addr)
{
    return g_hash_table_lookup(mem.pages, frame(addr));
}

static bool has_line(const Page *page, hwaddr addr)
{
    return page && page->valid >> (addr / LINE % LINES) & 1;
}

uint64_t vtd_memory_word(hwaddr at)
{
    uint64_t v = ~0ULL;

    address_space_read(&address_space_memory, at, MEMTXATTRS_UNSPECIFIED, &v,
                       sizeof(v));
    return le64_to_cpu(v);
}

/* Do words differ in what the unit looks at? */
bool vtd_memory_differs(const void *a, const void *b, size_t len, uint64_t mask)
{
    for (size_t i = 0; i < len; i += 8) {
        if ((ldq_le_p((const uint8_t *)a + i) ^ ldq_le_p((const uint8_t *)b + i)) &
            mask) {
            return true;
        }
    }
    return false;
}

static uint64_t mask_of(int level)
{
    return level < VTD_LEVEL_CONTEXT ? VTD_SS_LOOKED_AT : ~0ULL;
}

static uint64_t present_of(int level)
{
    return level < VTD_LEVEL_CONTEXT ? 3 : 1;
}

/* Words of an entry */
static int stride_of(int level)
{
    return level < VTD_LEVEL_CONTEXT ? 1 : 2;
}

/* The level of the table that an entry leads to, and its address; 0: to none. */
static int leads_to(int level, uint64_t word, uint64_t second, hwaddr *at)
{
    *at = word & VTD_PAGE_MASK_4K & VTD_HAW_MASK(52);
    if (!(word & present_of(level))) {
        return 0;
    }
    switch (level) {
    case VTD_LEVEL_ROOT:
        return VTD_LEVEL_CONTEXT;
    case VTD_LEVEL_CONTEXT:
        /* pass-through leads nowhere; AW 1 is three levels */
        return (word & VTD_CONTEXT_ENTRY_TT) == VTD_CONTEXT_TT_PASS_THROUGH ?
               0 : 2 + (second & VTD_CONTEXT_ENTRY_AW);
    default:
        return vtd_ss_leaf(word, level) ? 0 : level - 1;
    }
}

/*
 * A link became visible: is what it leads to?  Each line must have been written back
 * and must not show an entry that is not there.  Entries that are added meanwhile may
 * be late.
 */
static void check_linked(hwaddr at, int level, hwaddr from)
{
    Page *page = page_of(at);
    uint8_t raw[4096];
    int bad = 0;

    if (level < 1 || level > VTD_LEVEL_CONTEXT ||
        address_space_read(&address_space_memory, at, MEMTXATTRS_UNSPECIFIED, raw,
                           sizeof(raw))) {
        return;
    }
    for (int i = 0; i < sizeof(raw); i += 8) {
        bad += !has_line(page, at + i) ||
               (ldq_le_p(page->data + i) & present_of(level) &&
                vtd_memory_differs(raw + i, page->data + i, 8, mask_of(level)));
    }
    if (bad) {
        vtd_tell(NULL, VTD_ORDER, at, "level %d entry at 0x%" PRIx64 " written back,"
                 " but not all of the table at 0x%" PRIx64 " that it leads to: %d of"
                 " 512 words", level + 1, from, at, bad);
    }
    g_hash_table_insert(mem.level, frame(at), GINT_TO_POINTER(level));
}

/* A link is gone: the pages behind it may become anything. */
static void forget_table(hwaddr at, int level)
{
    Page *page = page_of(at);
    hwaddr to;

    if (GPOINTER_TO_INT(g_hash_table_lookup(mem.level, frame(at))) != level) {
        return;
    }
    g_hash_table_remove(mem.level, frame(at));
    for (int i = 0; page && level > 1 && i < 512; i += stride_of(level)) {
        int l = leads_to(level, ldq_le_p(page->data + i * 8),
                         ldq_le_p(page->data + (i | 1) * 8), &to);

        if (l) {
            forget_table(to, l);
        }
    }
}

/* A line of a known table is about to change from what the page has to host. */
static void check_links(hwaddr line, const uint8_t *host, const Page *page)
{
    int level = GPOINTER_TO_INT(g_hash_table_lookup(mem.level, frame(line)));
    const uint8_t *was = page->data + line % 4096;
    bool valid = has_line(page, line);
    hwaddr at;
    int l;

    for (int i = 0; level > 1 && i < LINE / 8; i += stride_of(level)) {
        uint64_t new = ldq_le_p(host + i * 8);
        uint64_t old = valid ? ldq_le_p(was + i * 8) : 0;

        if (!((new ^ old) & mask_of(level))) {
            continue;
        }
        l = leads_to(level, old, valid ? ldq_le_p(was + (i | 1) * 8) : 0, &at);
        if (l) {
            forget_table(at, l);
        }
        l = leads_to(level, new, ldq_le_p(host + (i | 1) * 8), &at);
        if (l) {
            check_linked(at, l, line + i * 8);
        }
    }
}

static void write_back_all(void)
{
    GHashTableIter it;
    gpointer key, val;

    vtd_totals.all++;
    g_hash_table_iter_init(&it, mem.pages);
    while (g_hash_table_iter_next(&it, &key, &val)) {
        Page *page = val;

        page->valid = ~0ULL;
        address_space_read(&address_space_memory,
                           ((hwaddr)GPOINTER_TO_SIZE(key) - 1) << 12,
                           MEMTXATTRS_UNSPECIFIED, page->data, sizeof(page->data));
    }
}

/* clflush, clflushopt, clwb of a line; wbinvd when host is NULL */
static void written_back(uint64_t line, const void *host)
{
    Page *page;

    QEMU_LOCK_GUARD(&mem.lock);
    if (!host) {
        write_back_all();
        return;
    }
    vtd_totals.lines++;
    page = page_of(line);
    if (!page) {
        page = g_new0(Page, 1);
        g_hash_table_insert(mem.pages, frame(line), page);
    }
    check_links(line, host, page);
    memcpy(page->data + line % 4096, host, LINE);
    page->valid |= 1ULL << (line / LINE % LINES);
}

/* The content last written back of a line, false: it never was. */
bool vtd_memory_line(hwaddr line, uint8_t *data)
{
    Page *page;

    QEMU_LOCK_GUARD(&mem.lock);
    page = page_of(line);
    if (!has_line(page, line)) {
        return false;
    }
    memcpy(data, page->data + line % 4096, LINE);
    return true;
}

/*
 * Around an audit, which finds all tables: what it did not reach is none any more.
 * A table that is linked meanwhile may be missed until the next.
 */
void vtd_memory_audit(bool begin)
{
    if (!mem.started) {
        return;
    }
    QEMU_LOCK_GUARD(&mem.lock);
    if (begin) {
        mem.level_next = g_hash_table_new(NULL, NULL);
    } else {
        g_hash_table_unref(mem.level);
        mem.level = mem.level_next;
        mem.level_next = NULL;
    }
}

/* The audit found a table. */
void vtd_memory_table(hwaddr at, int level)
{
    if (!mem.started) {
        return;
    }
    QEMU_LOCK_GUARD(&mem.lock);
    g_hash_table_insert(mem.level_next, frame(at), GINT_TO_POINTER(level));
}

/*
 * What the unit gets when it reads an entry (which lies in one line): the content
 * written back, told when that is not what the processor has.  A line that was never
 * written back could be anything; it reads as the processor has it, or as zero with
 * x-strict-poison.
 */
MemTxResult vtd_memory_read(VtdStrictUnit *u, hwaddr addr, void *buf, size_t len,
                            const char *kind)
{
    MemTxResult ret = address_space_read(&address_space_memory, addr,
                                         MEMTXATTRS_UNSPECIFIED, buf, len);
    uint8_t line[LINE], *was = line + addr % LINE;

    vtd_totals.reads++;
    if (ret || !mem.started || !u->s->strict.memory || u->s->ecap & VTD_ECAP_C) {
        return ret;
    }
    if (!vtd_memory_line(QEMU_ALIGN_DOWN(addr, LINE), line)) {
        vtd_tell(u, VTD_UNFLUSHED, QEMU_ALIGN_DOWN(addr, LINE),
                 "%s read at 0x%" PRIx64 ": its line was never written back, memory"
                 " has %016" PRIx64, kind, addr, ldq_le_p(buf));
        if (u->s->strict.poison) {
            memset(buf, 0, len);
        }
    } else if (vtd_memory_differs(buf, was, len,
                                  len == 8 ? VTD_SS_LOOKED_AT : ~0ULL)) {
        vtd_tell(u, VTD_DIRTY, addr, "%s read at 0x%" PRIx64 ": written back %016"
                 PRIx64 ", the processor has since stored %016" PRIx64, kind, addr,
                 ldq_le_p(was), ldq_le_p(buf));
        memcpy(buf, was, len);
    }
    return ret;
}

/* At reset all that is known counts as written back. */
void vtd_memory_reset(void)
{
    if (!mem.started) {
        return;
    }
    QEMU_LOCK_GUARD(&mem.lock);
    g_hash_table_remove_all(mem.level);
    write_back_all();
}

void vtd_memory_start(void)
{
    if (mem.started) {
        return;
    }
    qemu_mutex_init(&mem.lock);
    mem.pages = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    mem.level = g_hash_table_new(NULL, NULL);
    mem.started = true;
    x86_cache_hook = written_back;
}

// SPDX-License-Identifier: GPL-2.0
/* See model.h.  A test includes this file. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/bits.h>

#include "model.h"

#define M_PAGE		4096u
#define M_WORDS		512u
#define M_LINE_WORDS	8u
#define M_LINES		(M_WORDS / M_LINE_WORDS)
/* What the device's side of a page holds before anyone wrote it back */
#define M_POISON	0x0badbadbadbad003ull
/* Bits of a link that the unit ignores and the driver may change at any time */
#define M_SOFTWARE	GENMASK_ULL(10, 9)

enum m_state { M_FREE, M_LIVE, M_RETIRED };

/**
 * struct m_page - what is known of a page
 * @lru: on a list of retired pages
 * @state: where in its life
 * @level: of the table it holds, 0 while nothing links to it
 * @retired_at: count of invalidations when it was retired
 * @version: of each line: stores so far
 * @sure: the version of each line that the device sees for certain
 */
struct m_page {
	struct list_head lru;
	enum m_state state;
	unsigned int level;
	unsigned int retired_at;
	u32 version[M_LINES];
	u32 sure[M_LINES];
};

struct m_flush {
	unsigned int page, line;
	u32 version;
	u64 word[M_LINE_WORDS];
};

struct m_pending {
	struct m_flush *flush;
	size_t count, room;
};

struct model model;

static u64 m_cpu[MODEL_PAGES][M_WORDS] __attribute__((aligned(M_PAGE)));
static u64 m_dev[MODEL_PAGES][M_WORDS];
static struct m_page m_page[MODEL_PAGES];
static struct m_pending m_pending[MODEL_CPUS];
static unsigned int m_next, m_used, m_invalidations;
static u64 m_root, m_rta, m_seed;	/* m_rta: RTADDR, legacy mode */

static void m_bad(const char *fmt, ...)
{
	va_list args;

	if (model.bad++ > 10)
		return;
	va_start(args, fmt);
	printf("# model: ");
	vprintf(fmt, args);
	printf("\n");
	va_end(args);
}

void model_seed(u64 seed)
{
	m_seed = seed * 2 + 1;
}

u32 model_random(void)
{
	m_seed ^= m_seed << 13;
	m_seed ^= m_seed >> 7;
	m_seed ^= m_seed << 17;
	return m_seed >> 16;
}

void model_reset(void)
{
	for (unsigned int cpu = 0; cpu < MODEL_CPUS; cpu++)
		m_pending[cpu].count = 0;
	memset(m_page, 0, m_used * sizeof(m_page[0]));
	memset(&model, 0, sizeof(model));
	model.haw = 46;
	model.mgaw = 57;
	model.sagaw = BIT(3) | BIT(4) | BIT(5);
	model.max_leaf = 3;
	model.snoop_control = true;
	model.fail_after = -1;
	m_root = 0;
	m_rta = 0;
	m_next = 0;
	m_used = 0;
	m_invalidations = 0;
	model_seed(1);
}

/* Page number of a CPU address or a physical address; complains and gives 0 */
static unsigned int m_of_entry(const u64 *entry)
{
	size_t word = entry - &m_cpu[0][0];

	if (word / M_WORDS >= MODEL_PAGES || m_page[word / M_WORDS].state == M_FREE) {
		m_bad("the driver touches memory that is not allocated");
		return 0;
	}
	return word / M_WORDS;
}

static bool m_of_phys(u64 phys, unsigned int *page)
{
	*page = (phys - MODEL_PHYS) / M_PAGE;
	return phys >= MODEL_PHYS && *page < MODEL_PAGES && m_page[*page].state != M_FREE;
}

static void m_changed(void)
{
	void (*observe)(void) = model.observe;

	if (!observe)
		return;
	model.observe = NULL;
	observe();
	model.observe = observe;
}

u64 *model_alloc(void)
{
	unsigned int i, page;

	if (!model.fail_after)
		return NULL;
	for (i = 0; i < MODEL_PAGES; i++) {
		page = (m_next + i) % MODEL_PAGES;
		if (m_page[page].state == M_FREE)
			break;
	}
	if (i == MODEL_PAGES)
		return NULL;
	if (model.fail_after > 0)
		model.fail_after--;
	m_next = page + 1;
	m_used = m_next > m_used ? m_next : m_used;
	memset(&m_page[page], 0, sizeof(m_page[page]));
	m_page[page].state = M_LIVE;
	model.live++;
	for (i = 0; i < M_LINES; i++)
		m_page[page].version[i] = 1;
	for (i = 0; i < M_WORDS; i++) {
		m_cpu[page][i] = 0;
		m_dev[page][i] = model.coherent ? 0 : M_POISON;
	}
	return m_cpu[page];
}

void model_free(u64 *table)
{
	unsigned int page = m_of_entry(table);

	if (m_page[page].level)
		m_bad("a table was freed while something may still lead to it");
	m_page[page].state = M_FREE;
	model.live--;
}

u64 model_phys(const u64 *table)
{
	return MODEL_PHYS + (u64)m_of_entry(table) * M_PAGE;
}

u64 *model_virt(u64 phys)
{
	unsigned int page;

	if (!m_of_phys(phys, &page)) {
		m_bad("0x%llx is no table", (unsigned long long)phys);
		abort();
	}
	return m_cpu[page];
}

u64 model_load(const u64 *entry)
{
	void (*race)(void) = model.after_empty;
	u64 value;

	m_of_entry(entry);
	value = *entry;
	if (race && !value) {
		model.after_empty = NULL;
		race();
	}
	return value;
}

/*
 * A link that is stored may be followed at once: the table behind it must be
 * the device's already, with all that hangs below.
 */
static void m_check_link(unsigned int page, u64 value)
{
	unsigned int level = m_page[page].level, to;

	if (level < 2 || !(value & 3) || (value & BIT(7)))
		return;
	if (!m_of_phys(value & GENMASK_ULL(51, 12), &to) || m_page[to].state != M_LIVE) {
		m_bad("link to what is no live table: 0x%llx", (unsigned long long)value);
		return;
	}
	m_page[to].level = level - 1;
	if (memcmp(m_dev[to], m_cpu[to], M_PAGE))
		m_bad("link to a table that is not in memory yet");
	for (unsigned int i = 0; i < M_WORDS; i++)
		m_check_link(to, m_cpu[to][i]);
}

void model_store(u64 *entry, u64 value)
{
	unsigned int page = m_of_entry(entry);
	unsigned int word = entry - m_cpu[page];

	if ((*entry ^ value) & ~M_SOFTWARE)
		m_check_link(page, value);
	*entry = value;
	m_page[page].version[word / M_LINE_WORDS]++;
	if (model.coherent)
		m_dev[page][word] = value;
	m_changed();
}

static void m_write_back(void)
{
	struct m_pending *pending = &m_pending[model.cpu];

	for (size_t i = 0; i < pending->count; i++) {
		const struct m_flush *f = &pending->flush[i];
		struct m_page *p = &m_page[f->page];

		if (p->state == M_FREE || f->version < p->sure[f->line])
			continue;
		p->sure[f->line] = f->version;
		memcpy(&m_dev[f->page][f->line * M_LINE_WORDS], f->word, sizeof(f->word));
	}
	pending->count = 0;
}

bool model_exchange(u64 *entry, u64 *old, u64 value)
{
	void (*race)(void) = model.before_exchange;

	m_write_back();
	if (race) {
		model.before_exchange = NULL;
		race();
	}
	if (model_load(entry) != *old) {
		*old = *entry;
		return false;
	}
	model_store(entry, value);
	return true;
}

void model_flush(u64 *entry, unsigned int count)
{
	struct m_pending *pending = &m_pending[model.cpu];
	unsigned int page = m_of_entry(entry);
	unsigned int first = (entry - m_cpu[page]) / M_LINE_WORDS;
	unsigned int end = (entry - m_cpu[page] + count + M_LINE_WORDS - 1) / M_LINE_WORDS;
	void (*race)(void) = model.after_flush;

	if (end > M_LINES)
		m_bad("flush beyond the end of a table");
	for (unsigned int line = first; line < end && line < M_LINES; line++) {
		struct m_flush *f;

		if (pending->count == pending->room) {
			pending->room = pending->room * 2 + 1024;
			pending->flush = realloc(pending->flush,
						 pending->room * sizeof(*pending->flush));
		}
		f = &pending->flush[pending->count++];
		f->page = page;
		f->line = line;
		f->version = m_page[page].version[line];
		memcpy(f->word, &m_cpu[page][line * M_LINE_WORDS], sizeof(f->word));
	}
	m_changed();
	if (race && count == 1) {
		model.after_flush = NULL;
		race();
	}
}

void model_fence(void)
{
	m_write_back();
	m_changed();
}

void model_retire(u64 phys, struct list_head *retired)
{
	unsigned int page;

	if (!m_of_phys(phys, &page) || m_page[page].state != M_LIVE) {
		m_bad("what was retired is no live table: 0x%llx", (unsigned long long)phys);
		return;
	}
	m_page[page].state = M_RETIRED;
	m_page[page].retired_at = m_invalidations;
	model.retired++;
	list_add_tail(&m_page[page].lru, retired);
}

/* Does anything that the device may read still lead to @page? */
static bool m_reachable(unsigned int from, unsigned int page)
{
	unsigned int to;

	if (from == page)
		return true;
	if (m_page[from].level < 2)
		return false;
	for (unsigned int i = 0; i < M_WORDS; i++) {
		u64 value = m_dev[from][i];

		if (!(value & 3) || (value & BIT(7)))
			continue;
		if (!m_of_phys(value & GENMASK_ULL(51, 12), &to))
			m_bad("an entry the device sees leads nowhere");
		else if (m_reachable(to, page))
			return true;
	}
	return false;
}

void model_free_retired(struct list_head *retired)
{
	struct m_page *p, *next;
	unsigned int root;

	list_for_each_entry_safe(p, next, retired, lru) {
		list_del(&p->lru);
		if (m_root && p->retired_at == m_invalidations)
			m_bad("a retired table was freed before an invalidation");
		if (m_root && m_of_phys(m_root, &root) && m_reachable(root, p - m_page))
			m_bad("a freed table can still be walked to");
		p->state = M_FREE;
		model.live--;
		model.retired--;
	}
}

/* The second-stage tables that m_check_link() and m_reachable() begin at */
void model_set_root(u64 phys)
{
	m_root = phys;
}

void model_invalidate(void)
{
	m_invalidations++;
}

/* Entries that the device does not see as the CPUs do, in all live tables */
unsigned int model_unflushed(void)
{
	unsigned int count = 0;

	for (unsigned int page = 0; page < MODEL_PAGES; page++) {
		if (m_page[page].state != M_LIVE)
			continue;
		for (unsigned int i = 0; i < M_WORDS; i++)
			count += ((m_cpu[page][i] ^ m_dev[page][i]) & ~M_SOFTWARE) != 0;
	}
	return count;
}

#include "model_walk.c"

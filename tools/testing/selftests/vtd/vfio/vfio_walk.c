// SPDX-License-Identifier: GPL-2.0
/*
 * A random walk: map, unmap, DMA to and from anywhere, against an oracle that knows
 * what each byte of memory and of the devices has to be after each step.
 *
 *	vfio_walk type1|iommufd BITS SEED STEPS [first] DEVICE DEVICE
 *
 * A byte that a device may write changes, every other byte of all memory does not.
 * A byte that a device may read arrives; in place of one that it may not read
 * nothing comes (0 or all ones) or the old one stays.  With "first" the tables are the
 * first stage's: what can be written can be read.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "edu.h"
#include "memory.h"
#include "result.h"

#define HOME		0x800000ull	/* a page that is always mapped */
#define WINDOW		(4 * MIB)
#define WINDOWS		6
#define MAPPINGS	64
#define MSI_FIRST	0xfee00000ull
#define MSI_LAST	0xfeefffffull

/* Memory and what it must be */
struct memory {
	uint8_t *va;
	uint8_t *must;
	size_t size;
};

struct mapping {
	uint64_t iova;
	uint64_t size;
	struct memory *memory;
	size_t at;
	unsigned int may;
};

struct engine {
	struct user_device dev;
	uint8_t must[EDU_LEN];
};

static struct space space;
static struct memory memory[3];		/* scattered, large pages, the home page */
static struct mapping map[MAPPINGS];
static unsigned int mapped;
static struct engine engine[2];
static bool first_stage;
static uint64_t window[WINDOWS], top, past[16];
static uint64_t seed, step;
static struct { unsigned long map, refused_map, unmap, in, out, refused_bytes, bytes; } count;

static uint32_t dice(uint32_t sides)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (seed >> 16) % sides;
}

static void wrong(const char *what, uint64_t iova, uint64_t size)
{
	check(false, "step %llu: %s at 0x%llx, 0x%llx bytes", (unsigned long long)step, what,
	      (unsigned long long)iova, (unsigned long long)size);
	exit(1);
}

static void repaint(struct memory *m, size_t at, size_t size)
{
	size_t i;

	for (i = at; i < at + size; i++) {
		m->must[i] = 1 + dice(254);
		m->va[i] = m->must[i];
	}
}

static void compare_all(uint64_t iova, uint64_t size)
{
	struct memory *m;

	for (m = memory; m < memory + 3; m++)
		if (memcmp(m->va, m->must, m->size))
			wrong("memory differs after DMA", iova, size);
}

/* --- the oracle's map ------------------------------------------------------------------- */

static struct mapping *find(uint64_t iova)
{
	unsigned int i;

	for (i = 0; i < mapped; i++)
		if (iova - map[i].iova < map[i].size)
			return &map[i];
	return NULL;
}

static bool overlaps(uint64_t iova, uint64_t size)
{
	unsigned int i;

	for (i = 0; i < mapped; i++)
		if (iova < map[i].iova + map[i].size && map[i].iova < iova + size)
			return true;
	return false;
}

static bool in_interrupts(uint64_t iova, uint64_t size)
{
	return iova <= MSI_LAST && iova + size - 1 >= MSI_FIRST;
}

static uint8_t *byte(uint64_t iova, unsigned int may)
{
	struct mapping *m = find(iova);

	if (first_stage && may == MAY_READ)
		may = MAY_BOTH;
	if (!m || !(m->may & may))
		return NULL;
	return &m->memory->must[m->at + iova - m->iova];
}

/* --- steps -------------------------------------------------------------------------------- */

static void step_map(void)
{
	struct mapping m = { .may = 1 + dice(3), .memory = &memory[dice(2)] };
	bool reserved, twice;
	int err;

	m.size = PAGE * (dice(2) ? 1 + dice(8) : 1 + dice(511));
	m.iova = window[dice(WINDOWS)] + PAGE * dice(WINDOW / PAGE);
	m.at = PAGE * dice(memory[0].size / PAGE);
	if (!dice(3)) {
		m.size = 2 * MIB;
		m.iova &= ~(2 * MIB - 1);
		m.memory = &memory[1];
		m.at = dice(4) ? 0 : PAGE;
	}
	if (m.at + m.size > m.memory->size)
		m.at = m.memory->size - m.size;
	reserved = in_interrupts(m.iova, m.size) || m.iova + m.size > top;
	twice = overlaps(m.iova, m.size);
	/* Nothing reaches over the end of its window but at the very top */
	if (!reserved && ((m.iova + m.size - 1) ^ m.iova) >= WINDOW)
		return;
	if (mapped == MAPPINGS)
		return;
	err = space_map(&space, m.iova, m.memory->va + m.at, m.size, m.may);
	if (err ? !(err == EEXIST && twice) && !(err == EINVAL && reserved) : twice || reserved) {
		printf("map: %s\n", strerror(err));
		wrong("answer to a map", m.iova, m.size);
	}
	count.map += !err;
	count.refused_map += !!err;
	if (!err)
		map[mapped++] = m;
}

static void remember(const struct mapping *m)
{
	past[dice(16)] = m->iova + (dice(2) ? 0 : m->size - PAGE);
}

static void step_unmap(void)
{
	uint64_t first;
	unsigned int i;
	int err;

	if (!mapped)
		return;
	i = dice(mapped);
	first = map[i].iova & ~(WINDOW - 1);
	remember(&map[i]);
	count.unmap++;
	if (dice(4)) {
		err = space_unmap(&space, map[i].iova, map[i].size);
		if (err)
			wrong("cannot unmap", map[i].iova, map[i].size);
		map[i] = map[--mapped];
		return;
	}
	/* All of a window; what was not mapped there makes it ENODATA */
	err = space_unmap(&space, first, WINDOW);
	if (err && err != ENODATA)
		wrong("cannot unmap a window", first, WINDOW);
	for (i = 0; i < mapped; )
		if ((map[i].iova & ~(WINDOW - 1)) == first)
			map[i] = map[--mapped];
		else
			i++;
}

static uint64_t somewhere(uint32_t len)
{
	struct mapping *m = mapped ? &map[dice(mapped)] : NULL;

	switch (m ? dice(8) : 7) {
	case 0:
		return m->iova - dice(len);
	case 1:
	case 2:
		return m->iova + m->size - dice(len) - 1;
	case 3:
	case 4:
		return m->iova + ((uint64_t)dice(m->size / PAGE) * PAGE) + dice(PAGE);
	case 5:
		return past[dice(16)] + dice(PAGE);
	case 6:
		return top + ((uint64_t)dice(1 << 16) << 12) - dice(len);
	}
	return window[dice(WINDOWS)] + dice(WINDOW);
}

static void dma_out(struct engine *e, uint64_t iova, uint32_t at, uint32_t len)
{
	uint8_t *to;
	uint32_t i;

	if (!edu_out(&e->dev, iova, at, len))
		wrong("no end of DMA from the device", iova, len);
	for (i = 0; i < len; i++) {
		to = byte(iova + i, MAY_WRITE);
		if (to)
			*to = e->must[at + i];
		count.refused_bytes += !to;
	}
	count.bytes += len;
	compare_all(iova, len);
}

/* What came is read back through the home page */
static void dma_in(struct engine *e, uint64_t iova, uint32_t at, uint32_t len)
{
	uint8_t *got = memory[2].va, *from, old;
	uint32_t i;

	if (!edu_in(&e->dev, iova, at, len) || !edu_out(&e->dev, HOME, at, len))
		wrong("no end of DMA to the device", iova, len);
	for (i = 0; i < len; i++) {
		from = byte(iova + i, MAY_READ);
		old = e->must[at + i];
		if (from ? got[i] != *from : got[i] != 0 && got[i] != 0xff && got[i] != old)
			wrong(from ? "other data arrived" : "data leaked", iova + i, len);
		e->must[at + i] = got[i];
		memory[2].must[i] = got[i];
		count.refused_bytes += !from;
	}
	count.bytes += len;
	compare_all(iova, len);
}

static void step_dma(void)
{
	struct engine *e = &engine[dice(2)];
	uint32_t len = 1 + dice(dice(4) ? 300 : EDU_LEN);
	uint32_t at = dice(EDU_LEN - len + 1);
	uint64_t iova = somewhere(len);

	/* There it is an interrupt */
	if (in_interrupts(iova, len) || iova + len < iova)
		return;
	if (dice(2)) {
		count.in++;
		dma_in(e, iova, at, len);
	} else {
		count.out++;
		dma_out(e, iova, at, len);
	}
}

/* A device leaves and comes back; the other one keeps the space in use */
static void step_leave(void)
{
	struct engine *e = &engine[dice(2)];
	const char *address = e->dev.address;

	device_close(&e->dev);
	if (device_open(&e->dev, &space, address))
		die("attach again");
	/* vfio-pci resets it, which leaves edu's buffer as it is */
	repaint(&memory[2], 0, PAGE);
	if (!edu_in(&e->dev, HOME, 0, EDU_LEN))
		wrong("no DMA after coming back", HOME, EDU_LEN);
	memcpy(e->must, memory[2].must, EDU_LEN);
}

static void memory_init(struct memory *m, void *va, size_t size)
{
	m->va = va;
	m->size = size;
	m->must = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (!va || m->must == MAP_FAILED)
		die("memory");
	repaint(m, 0, size);
}

static void setup(char **argv, char **device)
{
	unsigned int i;

	top = 1ull << strtoul(argv[2], NULL, 0);
	seed = strtoull(argv[3], NULL, 0) * 0x9e3779b97f4a7c15ull + 1;
	memory_init(&memory[0], scattered(2 * MIB), 2 * MIB);
	memory_init(&memory[1], huge(4 * MIB, 21), 4 * MIB);
	memory_init(&memory[2], scattered(PAGE), PAGE);
	window[1] = 0x40000000 - WINDOW;
	window[2] = 0x40000000;
	window[3] = MSI_FIRST & ~(WINDOW - 1);
	window[4] = top / 2;
	window[5] = top - WINDOW;
	if (space_open(&space, !strcmp(argv[1], "iommufd")))
		die("open");
	for (i = 0; i < 2; i++)
		if (device_open(&engine[i].dev, &space, device[i]))
			die("attach");
	if (space_map(&space, HOME, memory[2].va, PAGE, MAY_BOTH))
		die("map home");
	for (i = 0; i < 2; i++) {
		if (!edu_in(&engine[i].dev, HOME, 0, EDU_LEN))
			die("DMA");
		memcpy(engine[i].must, memory[2].must, EDU_LEN);
	}
}

int main(int argc, char **argv)
{
	uint64_t steps;
	uint32_t what;

	first_stage = argc == 8 && !strcmp(argv[5], "first");
	if (argc != 7 + first_stage)
		return 2;
	steps = strtoull(argv[4], NULL, 0);
	setup(argv, argv + 5 + first_stage);
	for (step = 0; step < steps; step++) {
		what = dice(1000);
		if (what < 5)
			step_leave();
		else if (what < 20)
			repaint(&memory[dice(2)], PAGE * dice(512), PAGE);
		else if (what < 250)
			step_map();
		else if (what < 400)
			step_unmap();
		else
			step_dma();
	}
	check(count.in > steps / 8 && count.out > steps / 8 && count.map > steps / 16 &&
	      count.unmap > steps / 16 && count.refused_bytes > count.bytes / 10 &&
	      count.refused_bytes < count.bytes * 9 / 10,
	      "seed %s: %llu steps: %lu maps, %lu refused, %lu unmaps, %lu DMA in, %lu out, %lu of %lu bytes refused",
	      argv[3], (unsigned long long)steps, count.map, count.refused_map, count.unmap,
	      count.in, count.out, count.refused_bytes, count.bytes);
	return failures ? 1 : 0;
}

// SPDX-License-Identifier: GPL-2.0
/* Kinds of memory to map */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/memfd.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "memory.h"
#include "result.h"

/*
 * Every other page of a file in memory, backwards: what was given out in a row is
 * then never a run upwards.
 */
void *scattered(size_t size)
{
	size_t pages = size / PAGE, i;
	uint8_t *va;
	int fd;

	fd = memfd_create("scattered", 0);
	if (fd < 0 || ftruncate(fd, 2 * size))
		return NULL;
	va = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
	if (va == MAP_FAILED)
		return NULL;
	memset(va, 0, 2 * size);
	munmap(va, 2 * size);
	va = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (va == MAP_FAILED)
		return NULL;
	for (i = 0; i < pages; i++)
		if (mmap(va + i * PAGE, PAGE, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_FIXED | MAP_POPULATE, fd,
			 2 * (pages - 1 - i) * PAGE) == MAP_FAILED)
			return NULL;
	close(fd);
	return va;
}

void *huge(size_t size, int shift)
{
	void *va = mmap(NULL, size, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE | MAP_HUGETLB |
			shift << MAP_HUGE_SHIFT, -1, 0);

	return va == MAP_FAILED ? NULL : va;
}

/* Number of the physical page at @va */
static uint64_t frame(const void *va)
{
	static int fd = -1;
	uint64_t entry;

	if (fd < 0)
		fd = open("/proc/self/pagemap", O_RDONLY);
	if (fd < 0 || pread(fd, &entry, 8, (uintptr_t)va / PAGE * 8) != 8)
		die("pagemap");
	return entry & ((1ull << 55) - 1);
}

size_t runs(const void *va, size_t size)
{
	uint64_t now, last = 0;
	size_t count = 0, i;

	for (i = 0; i < size / PAGE; i++) {
		now = frame(va + i * PAGE);
		if (!i || now != last + 1)
			count++;
		last = now;
	}
	return count;
}

struct piece {
	uint64_t frame;
	size_t at;
};

static int highest_first(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	return x->frame > y->frame ? -1 : x->frame < y->frame;
}

void *huge_scattered(size_t size)
{
	size_t count = size / (2 * MIB), i;
	struct piece *piece = calloc(count, sizeof(*piece));
	uint8_t *va, *file, *at;
	int fd;

	fd = memfd_create("huge", MFD_HUGETLB | MFD_HUGE_2MB);
	if (!piece || fd < 0 || ftruncate(fd, size))
		return NULL;
	file = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
	va = mmap(NULL, size + 2 * MIB, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (file == MAP_FAILED || va == MAP_FAILED)
		return NULL;
	for (i = 0; i < count; i++)
		piece[i] = (struct piece) { frame(file + i * 2 * MIB), i * 2 * MIB };
	qsort(piece, count, sizeof(*piece), highest_first);
	va += -(uintptr_t)va & (2 * MIB - 1);
	for (i = 0, at = va; i < count; i++, at += 2 * MIB)
		if (mmap(at, 2 * MIB, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED | MAP_POPULATE,
			 fd, piece[i].at) == MAP_FAILED)
			return NULL;
	munmap(file, size);
	close(fd);
	free(piece);
	return va;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Memory of the machine that a device handed on must not touch.  Fills 64 MiB,
 * prints the physical address of one page of it, waits for the end of its input,
 * and compares every byte.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BYTES	(64UL << 20)
#define PAGE	4096UL
/* Above what the inner machine may have, below what it may have for devices. */
#define LOWEST	(64UL << 20)
#define HIGHEST	(3UL << 30)

static void expected(uint64_t *page, unsigned long number)
{
	unsigned long i;

	for (i = 0; i < PAGE / 8; i++)
		page[i] = number << 32 | i << 16 | 0x5afe;
	memcpy(page, "memory of the outer machine", 27);
}

/* 0 when the kernel does not say. */
static uint64_t physical(int fd, const uint8_t *p)
{
	uint64_t entry;

	if (pread(fd, &entry, 8, (uintptr_t)p / PAGE * 8) != 8 || !(entry >> 63))
		return 0;
	return (entry & ((1ULL << 55) - 1)) * PAGE;
}

static uint8_t *choose(int fd, uint8_t *memory, uint64_t *pa)
{
	unsigned long at;

	/* Not the first: what is around it is looked at as well. */
	for (at = BYTES / 2; at < BYTES; at += PAGE) {
		*pa = physical(fd, memory + at);
		if (*pa >= LOWEST && *pa < HIGHEST)
			return memory + at;
	}
	return NULL;
}

int main(void)
{
	int fd = open("/proc/self/pagemap", O_RDONLY);
	uint64_t page[PAGE / 8], pa;
	uint8_t *memory, *target;
	unsigned long at;
	char c;

	memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (fd < 0 || memory == MAP_FAILED || mlock(memory, BYTES)) {
		perror("witness");
		return 2;
	}
	for (at = 0; at < BYTES; at += PAGE) {
		expected(page, at / PAGE);
		memcpy(memory + at, page, PAGE);
	}
	target = choose(fd, memory, &pa);
	if (!target) {
		printf("no page between %#lx and %#lx\n", LOWEST, HIGHEST);
		return 2;
	}
	printf("%#lx\n", (unsigned long)pa);
	fflush(stdout);
	while (read(STDIN_FILENO, &c, 1) > 0)
		;
	for (at = 0; at < BYTES; at += PAGE) {
		expected(page, at / PAGE);
		if (memcmp(memory + at, page, PAGE)) {
			printf("changed: the page at %#lx\n",
			       (unsigned long)physical(fd, memory + at));
			return 1;
		}
	}
	if (physical(fd, target) != pa) {
		printf("the page moved meanwhile\n");
		return 2;
	}
	printf("%lu bytes unchanged\n", BYTES);
	return 0;
}

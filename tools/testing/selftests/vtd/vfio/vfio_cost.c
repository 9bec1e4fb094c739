// SPDX-License-Identifier: GPL-2.0
/*
 * What it costs to map memory for a device, in instructions (under -icount a tick of
 * the time stamp counter is one), for run-bench.
 *
 *	vfio_cost all DEVICE
 *
 * Around each map and unmap a byte is written to the configuration space of the host
 * bridge (its interrupt line, which it does not use): QEMU's trace of such writes
 * shows which doorbells belong to what.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <x86intrin.h>

#include "device.h"
#include "memory.h"
#include "result.h"

#define IOVA		0x100000000ull
#define LINE_REG	0x3c
#define ROUNDS_MAX	16u

static int bridge;

static void mark(uint8_t value)
{
	if (pwrite(bridge, &value, 1, LINE_REG) != 1)
		die("mark");
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void measure(struct space *space, const char *name, void *va, uint64_t size,
		    unsigned int rounds)
{
	uint64_t map[ROUNDS_MAX], unmap[ROUNDS_MAX], start;
	unsigned int i;

	for (i = 0; i < rounds; i++) {
		mark(1);
		start = __rdtsc();
		if (space_map(space, IOVA, va, size, MAY_BOTH))
			die("map");
		map[i] = __rdtsc() - start;
		mark(2);
		start = __rdtsc();
		if (space_unmap(space, IOVA, size))
			die("unmap");
		unmap[i] = __rdtsc() - start;
		mark(3);
	}
	qsort(map, rounds, sizeof(map[0]), by_size);
	qsort(unmap, rounds, sizeof(unmap[0]), by_size);
	printf("vfio-cost: %s-%s map %llu unmap %llu rounds %u\n",
	       space->iommufd ? "iommufd" : "type1", name,
	       (unsigned long long)map[rounds / 2], (unsigned long long)unmap[rounds / 2], rounds);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct user_device dev;
	struct space space;
	void *small, *large;
	int how;

	if (argc != 3)
		return 2;
	bridge = open("/sys/bus/pci/devices/0000:00:00.0/config", O_RDWR);
	small = scattered(2 * MIB);
	large = huge_scattered(4 * GIB);
	if (bridge < 0 || !small || !large)
		die("memory");
	printf("2 MiB in %zu runs, 4 GiB in %zu\n", runs(small, 2 * MIB), runs(large, 4 * GIB));
	for (how = 0; how < 2; how++) {
		if (space_open(&space, how) || device_open(&dev, &space, argv[2]))
			die("attach");
		measure(&space, "2M-scattered", small, 2 * MIB, 9);
		measure(&space, "4G-of-2M", large, 4 * GIB, 5);
		device_close(&dev);
		space_close(&space);
	}
	return 0;
}

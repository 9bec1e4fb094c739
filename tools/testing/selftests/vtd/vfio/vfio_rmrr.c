// SPDX-License-Identifier: GPL-2.0
/*
 * What VFIO and an edu device make of a reserved region:
 *
 *	vfio_rmrr type1|iommufd REGION DEVICE [DEVICE]
 *
 * prints one line of words: "attach:ERRNO", and if that is 0 "dma:reaches" or
 * "dma:refused" (does the device reach the region by its own address, nothing
 * mapped there), "map:ERRNO" (may the user map that address), and with a second
 * device in the same space "second:..." (its DMA to the region) and "left:..."
 * (the same once the first one has left).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edu.h"
#include "memory.h"
#include "result.h"

#define LEN	64
#define IOVA	0x100000ull

static uint8_t *pages;

/* A pattern goes to the region, zeroes into the device, and the region comes back */
static const char *reach(struct user_device *dev, uint64_t region, uint8_t seed)
{
	int i;

	memset(pages, 0, 3 * PAGE);
	for (i = 0; i < LEN; i++)
		pages[i] = seed + 3 * i;
	if (!edu_in(dev, IOVA, 0, LEN) || !edu_out(dev, region, 0, LEN) ||
	    !edu_in(dev, IOVA + PAGE, 0, LEN) || !edu_in(dev, region, 0, LEN) ||
	    !edu_out(dev, IOVA + 2 * PAGE, 0, LEN))
		return "stuck";
	return memcmp(pages, pages + 2 * PAGE, LEN) ? "refused" : "reaches";
}

int main(int argc, char **argv)
{
	struct user_device one, two;
	struct space space;
	uint64_t region;
	int err;

	if (argc != 4 && argc != 5)
		return 2;
	region = strtoull(argv[2], NULL, 0);
	pages = scattered(4 * PAGE);
	if (!pages || space_open(&space, !strcmp(argv[1], "iommufd")))
		die("space");

	err = device_open(&one, &space, argv[3]);
	printf("attach:%d", err);
	if (!err) {
		if (space_map(&space, IOVA, pages, 3 * PAGE, MAY_BOTH))
			die(" map");
		printf(",dma:%s", reach(&one, region, 17));
	}
	if (!err && argc == 5) {
		if (device_open(&two, &space, argv[4]))
			die(" second");
		printf(",second:%s", reach(&two, region, 99));
		device_close(&one);
		printf(",left:%s", reach(&two, region, 55));
	} else if (!err) {
		printf(",map:%d", space_map(&space, region, pages + 3 * PAGE, PAGE, MAY_BOTH));
	}
	printf("\n");
	return 0;
}

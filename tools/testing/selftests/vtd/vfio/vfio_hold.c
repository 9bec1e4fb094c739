// SPDX-License-Identifier: GPL-2.0
/*
 * A user that keeps a device, and moves a page with it for each line that it reads.
 *
 *	vfio_hold type1|iommufd DEVICE
 */
#include <stdio.h>
#include <string.h>

#include "device.h"
#include "edu.h"
#include "memory.h"
#include "result.h"

#define IOVA	0x40000000ull
#define SIZE	(1 * MIB)

int main(int argc, char **argv)
{
	struct user_device dev;
	struct space space;
	char line[80];
	uint8_t *memory;
	int err;

	if (argc != 3)
		return 2;
	memory = scattered(SIZE);
	if (!memory)
		die("memory");
	err = space_open(&space, !strcmp(argv[1], "iommufd"));
	if (!err)
		err = device_open(&dev, &space, argv[2]);
	if (!err)
		err = space_map(&space, IOVA, memory, SIZE, MAY_BOTH);
	if (!check(!err, "hold: attach and map: %s", strerror(err)))
		return 1;
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = 0;
		check(edu_carries(&dev, IOVA, memory, 0, SIZE / PAGE - 1), "hold: transfer %s",
		      line);
		fflush(stdout);
	}
	device_close(&dev);
	space_close(&space);
	return failures ? 1 : 0;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * A user that ends without giving anything back: two devices in one space, memory
 * mapped small and scattered, one transfer; then it exits.
 *
 *	vfio_guest type1|iommufd EDU OTHER
 */
#include <stdio.h>
#include <string.h>

#include "edu.h"
#include "memory.h"
#include "result.h"

#define IOVA	0x40000000ull
#define SIZE	(4 * MIB)

int main(int argc, char **argv)
{
	struct user_device dev[2];
	struct space space;
	uint8_t *memory;
	int err;

	if (argc != 4)
		return 2;
	memory = scattered(SIZE);
	if (!memory)
		die("memory");
	err = space_open(&space, !strcmp(argv[1], "iommufd"));
	if (!err)
		err = device_pair(&space, dev, argv + 2, IOVA, memory, SIZE);
	if (!check(!err, "attach and map: %s", strerror(err)))
		return 1;
	check(edu_carries(&dev[0], IOVA, memory, 0, SIZE / PAGE - 1), "transfer");
	return failures ? 1 : 0;
}

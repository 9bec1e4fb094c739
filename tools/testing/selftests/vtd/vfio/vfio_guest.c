// SPDX-License-Identifier: GPL-2.0
/*
 * A user that ends without giving anything back: two devices in one space, memory
 * mapped small and scattered, one transfer; then it exits.
 *
 *	vfio_guest type1|iommufd EDU OTHER
 */
#include <stdio.h>
#include <string.h>

#include "space.h"

#define IOVA	0x40000000ull
#define SIZE	(4 * MIB)

int main(int argc, char **argv)
{
	struct user_device edu, other;
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
		err = device_open(&edu, &space, argv[2]);
	if (!err)
		err = device_open(&other, &space, argv[3]);
	if (!err)
		err = space_map(&space, IOVA, memory, SIZE, MAY_BOTH);
	if (!check(!err, "attach and map: %s", strerror(err)))
		return 1;
	memset(memory, 0x5a, PAGE);
	memset(memory + SIZE - PAGE, 0, PAGE);
	check(edu_in(&edu, IOVA, 0, EDU_LEN) && edu_out(&edu, IOVA + SIZE - PAGE, 0, EDU_LEN) &&
	      !memcmp(memory, memory + SIZE - PAGE, EDU_LEN), "transfer");
	return failures ? 1 : 0;
}

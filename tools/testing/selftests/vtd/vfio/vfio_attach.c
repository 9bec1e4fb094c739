// SPDX-License-Identifier: GPL-2.0
/*
 * May a user have a device, of whatever kind?
 *
 *	vfio_attach type1|iommufd DEVICE
 *
 * prints "attach:ERRNO".
 */
#include <stdio.h>
#include <string.h>

#include "device.h"
#include "result.h"

int main(int argc, char **argv)
{
	struct user_device dev;
	struct space space;
	int err;

	if (argc != 3)
		return 2;
	if (space_open(&space, !strcmp(argv[1], "iommufd")))
		die("space");
	err = device_open(&dev, &space, argv[2]);
	printf("attach:%d\n", err);
	if (!err)
		device_close(&dev);
	space_close(&space);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * A device is taken away while it does DMA for a user.
 *
 *	vfio_unplug type1|iommufd DEVICE STAYING-DEVICE
 *
 * "host device_del engine" on the output makes the host press the slot's button. The
 * user hears of it, starts one more transfer and lets the device go in the middle.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "edu.h"
#include "memory.h"
#include "result.h"

#define IOVA	0x40000000ull
#define ELSEWHERE	0x50000000ull
#define SIZE	(64 * PAGE)

static uint8_t *memory, *other, was[64 * PAGE];

static bool asked(int request)
{
	struct pollfd p = { .fd = request, .events = POLLIN };

	return poll(&p, 1, 0) == 1;
}

static bool present(const char *address)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s", address);
	return !access(path, F_OK);
}

static bool gone_within(const char *address, unsigned int seconds)
{
	unsigned int i;

	for (i = 0; i < seconds * 10 && present(address); i++)
		usleep(100000);
	return !present(address);
}

int main(int argc, char **argv)
{
	struct user_device dev[2], *going = &dev[0], *staying = &dev[1];
	unsigned int transfers = 0;
	struct space space;
	int request, err;

	if (argc != 4)
		return 2;
	memory = scattered(SIZE);
	other = scattered(SIZE);
	if (!memory || !other)
		die("memory");
	err = space_open(&space, !strcmp(argv[1], "iommufd"));
	if (!err)
		err = device_pair(&space, dev, argv + 2, IOVA, memory, SIZE);
	if (!check(!err, "both attached, memory mapped: %s", strerror(err)))
		return 1;
	request = device_request_fd(going);
	printf("host device_del engine\n");
	fflush(stdout);
	while (!asked(request) && transfers < 2000) {
		if (!edu_carries(going, IOVA, memory, transfers % 8, 8 + transfers % 8)) {
			check(false, "transfer %u", transfers);
			return 1;
		}
		transfers++;
	}
	check(asked(request), "asked for the device after %u transfers", transfers);
	check(edu_carries(going, IOVA, memory, 1, 9), "it still works");

	/* Who is not let run for 100 ms finds it done, and starts another one */
	for (transfers = 0; transfers < 1000 && !edu_busy(going); transfers++)
		edu_start(going, IOVA, 0, EDU_LEN, true);
	check(edu_busy(going), "let go in the middle of a transfer");
	device_close(going);
	close(request);
	err = space_unmap(&space, IOVA, SIZE);
	check(!err, "unmap: %s", strerror(err));
	memset(memory, 0xa5, SIZE);
	memcpy(was, memory, SIZE);
	check(gone_within(argv[2], 60), "%s is gone", argv[2]);
	/* What the other one does afterwards takes as long and has begun later */
	err = space_map(&space, ELSEWHERE, other, SIZE, MAY_BOTH);
	check(!err && edu_carries(staying, ELSEWHERE, other, 20, 30), "%s is there", argv[3]);
	check(!memcmp(memory, was, SIZE), "it wrote nothing after the unmap");

	err = space_map(&space, IOVA, memory, SIZE, MAY_BOTH);
	check(!err && edu_carries(staying, IOVA, memory, 20, 30), "%s works on", argv[3]);
	device_close(staying);
	return failures ? 1 : 0;
}

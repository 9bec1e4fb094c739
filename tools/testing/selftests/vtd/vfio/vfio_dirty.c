// SPDX-License-Identifier: GPL-2.0
/*
 * What a device has written, as iommufd tells it, against what it was told to write.
 *
 *	vfio_dirty iommufd SEED ROUNDS DEVICE
 *
 * One page of 2 MiB and as much of scattered small pages.  In each round the device
 * writes to some of them and reads others; the bitmap names the former and no other.  A
 * part of a large page makes all of it written.
 */
#include <errno.h>
#include <linux/iommufd.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "edu.h"
#include "memory.h"
#include "result.h"

#define SMALL		0x10000000ull
#define LARGE		0x20000000ull
#define SIZE		(2 * MIB)
#define PAGES		(SIZE / PAGE)
#define WRITES		4

static struct space space;
static struct user_device edu;
static uint32_t hwpt;
static uint64_t seed;
static bool must[2][PAGES];

static uint32_t dice(uint32_t sides)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (seed >> 16) % sides;
}

static int hwpt_alloc(uint32_t flags, uint32_t *id)
{
	struct iommu_hwpt_alloc alloc = {
		.size = sizeof(alloc), .flags = flags, .dev_id = edu.id, .pt_id = space.ioas,
	};
	int err = errno_of(ioctl(space.fd, IOMMU_HWPT_ALLOC, &alloc));

	*id = alloc.out_hwpt_id;
	return err;
}

static int hwpt_attach(uint32_t id)
{
	struct vfio_device_attach_iommufd_pt attach = { .argsz = sizeof(attach), .pt_id = id };

	return errno_of(ioctl(edu.fd, VFIO_DEVICE_ATTACH_IOMMUFD_PT, &attach));
}

static int track(uint32_t id, uint32_t flags)
{
	struct iommu_hwpt_set_dirty_tracking set = {
		.size = sizeof(set), .flags = flags, .hwpt_id = id,
	};

	return errno_of(ioctl(space.fd, IOMMU_HWPT_SET_DIRTY_TRACKING, &set));
}

static int ask(uint64_t iova, uint32_t flags, uint64_t *bits)
{
	struct iommu_hwpt_get_dirty_bitmap get = {
		.size = sizeof(get), .hwpt_id = hwpt, .flags = flags, .iova = iova,
		.length = SIZE, .page_size = PAGE, .data = (uintptr_t)bits,
	};

	memset(bits, 0, PAGES / 8);
	return errno_of(ioctl(space.fd, IOMMU_HWPT_GET_DIRTY_BITMAP, &get));
}

/* How many pages the bitmap has wrong; what was told once is forgotten */
static unsigned int compare(unsigned int which, uint32_t flags)
{
	uint64_t bits[PAGES / 64];
	unsigned int i, bad = 0;

	if (ask(which ? LARGE : SMALL, flags, bits))
		return PAGES + 1;
	for (i = 0; i < PAGES; i++)
		bad += must[which][i] != (bits[i / 64] >> i % 64 & 1);
	if (!(flags & IOMMU_HWPT_GET_DIRTY_BITMAP_NO_CLEAR))
		memset(must[which], 0, sizeof(must[which]));
	return bad;
}

static unsigned int expect_all(uint32_t flags)
{
	return compare(0, flags) + compare(1, flags);
}

static void write_page(unsigned int which, unsigned int page)
{
	uint64_t iova = (which ? LARGE : SMALL) + page * PAGE;

	if (!edu_out(&edu, iova + dice(PAGE - 64), dice(1024), 1 + dice(64)))
		die("the device does not finish");
	if (which)
		memset(must[which], 1, sizeof(must[which]));
	else
		must[which][page] = true;
}

static void read_page(unsigned int which, unsigned int page)
{
	if (!edu_in(&edu, (which ? LARGE : SMALL) + page * PAGE, 2048, 64))
		die("the device does not finish");
}

static unsigned int one_round(void)
{
	unsigned int i, bad;

	for (i = 0; i < WRITES; i++)
		write_page(0, dice(PAGES));
	for (i = 0; i < WRITES; i++)
		read_page(dice(2), dice(PAGES));
	if (dice(2))
		write_page(1, dice(PAGES));
	/* To look is not to take away */
	bad = expect_all(IOMMU_HWPT_GET_DIRTY_BITMAP_NO_CLEAR);
	bad += expect_all(0);
	/* Told once, and again only if written again, although the unit has it cached */
	return bad + expect_all(0);
}

static void bad_requests(void)
{
	uint64_t bits[PAGES / 64];
	uint32_t id;

	/* That the driver refuses is not told by iommufd */
	check(!ask(SMALL, 0, bits) && !bits[0], "nothing written before tracking is on");
	check(ask(SMALL, 2, bits) == EOPNOTSUPP, "flags that nobody knows");
	check(ask(SMALL + 1, 0, bits) == EINVAL, "an address that is no page's");
	check(track(hwpt, 2) == EOPNOTSUPP, "tracking: flags that nobody knows");
	check(!hwpt_alloc(0, &id), "a table without tracking");
	check(track(id, IOMMU_HWPT_DIRTY_TRACKING_ENABLE) == EOPNOTSUPP,
	      "it cannot be asked to track");
}

int main(int argc, char **argv)
{
	unsigned int rounds, bad = 0;
	void *small, *large;

	if (argc != 5)
		return 2;
	seed = strtoull(argv[2], NULL, 0);
	rounds = strtoul(argv[3], NULL, 0);
	small = scattered(SIZE);
	large = huge(SIZE, 21);
	if (!small || !large)
		die("memory");
	if (space_open(&space, true) || device_open(&edu, &space, argv[4]))
		die("device");
	if (!check(!hwpt_alloc(IOMMU_HWPT_ALLOC_DIRTY_TRACKING, &hwpt), "table that tracks"))
		return 1;
	check(!hwpt_attach(hwpt), "device attached to it");
	if (space_map(&space, SMALL, small, SIZE, MAY_BOTH) ||
	    space_map(&space, LARGE, large, SIZE, MAY_BOTH))
		die("map");
	bad_requests();
	write_page(0, 1);
	memset(must, 0, sizeof(must));
	check(!track(hwpt, IOMMU_HWPT_DIRTY_TRACKING_ENABLE), "tracking on");
	check(!expect_all(0), "nothing of what was written before");
	while (rounds--)
		bad += one_round();
	check(!bad, "pages told wrong: %u", bad);
	check(!track(hwpt, 0), "tracking off");
	write_page(0, 2);
	memset(must, 0, sizeof(must));
	check(!track(hwpt, IOMMU_HWPT_DIRTY_TRACKING_ENABLE), "tracking on again");
	check(!expect_all(0), "nothing of what was written meanwhile");
	write_page(0, 3);
	check(!expect_all(0), "what is written now");
	device_close(&edu);
	space_close(&space);
	return failures != 0;
}

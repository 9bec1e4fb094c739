// SPDX-License-Identifier: GPL-2.0
/*
 * What VFIO and an edu device make of a reserved region:
 *
 *	vfio_rmrr REGION GROUP ADDRESS [GROUP2 ADDRESS2]
 *
 * prints one line of words: "attach:ERRNO", and if that is 0 "dma:reaches" or
 * "dma:refused" (does the device reach the region by its own address, nothing
 * mapped there), "map:ERRNO" (may the user map that address), and with a second
 * device in the same container "second:..." (its DMA to the region) and "left:..."
 * (the same once the first one has left).
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE		4096
#define LEN		64
#define IOVA		0x100000ull
#define EDU_BUFFER	0x40000

struct device {
	int group;
	int fd;
	off_t bar;
};

static uint8_t *pages;

static void die(const char *what)
{
	printf("%s: %s\n", what, strerror(errno));
	exit(1);
}

static int attach(int container, const char *group, struct device *dev)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	char path[64];

	snprintf(path, sizeof(path), "/dev/vfio/%s", group);
	dev->group = open(path, O_RDWR);
	if (dev->group < 0)
		die(path);
	if (ioctl(dev->group, VFIO_GROUP_GET_STATUS, &status))
		die("status");
	if (!(status.flags & VFIO_GROUP_FLAGS_VIABLE)) {
		errno = EBUSY;
		die("group is not viable");
	}
	return ioctl(dev->group, VFIO_GROUP_SET_CONTAINER, &container) ? errno : 0;
}

static void start(struct device *dev, const char *address)
{
	struct vfio_region_info bar = { .argsz = sizeof(bar), .index = VFIO_PCI_BAR0_REGION_INDEX };
	struct vfio_region_info config = { .argsz = sizeof(config),
					   .index = VFIO_PCI_CONFIG_REGION_INDEX };
	uint16_t command = 6;

	dev->fd = ioctl(dev->group, VFIO_GROUP_GET_DEVICE_FD, address);
	if (dev->fd < 0)
		die("device");
	if (ioctl(dev->fd, VFIO_DEVICE_GET_REGION_INFO, &bar) ||
	    ioctl(dev->fd, VFIO_DEVICE_GET_REGION_INFO, &config))
		die("regions");
	if (pwrite(dev->fd, &command, 2, config.offset + 4) != 2)
		die("command register");
	dev->bar = bar.offset;
}

static int map(int container, uint64_t iova, void *va, uint64_t size)
{
	struct vfio_iommu_type1_dma_map m = {
		.argsz = sizeof(m), .flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (uintptr_t)va, .iova = iova, .size = size,
	};

	return ioctl(container, VFIO_IOMMU_MAP_DMA, &m) ? errno : 0;
}

static void put(struct device *dev, unsigned int reg, uint32_t value)
{
	if (pwrite(dev->fd, &value, 4, dev->bar + reg) != 4)
		die("register");
}

static bool busy(struct device *dev)
{
	uint32_t value;

	if (pread(dev->fd, &value, 4, dev->bar + 0x98) != 4)
		die("register");
	return value & 1;
}

static void copy(struct device *dev, uint32_t from, uint32_t to, uint32_t command)
{
	int i;

	put(dev, 0x80, from);
	put(dev, 0x88, to);
	put(dev, 0x90, LEN);
	put(dev, 0x98, command | 1);
	for (i = 0; i < 3000 && busy(dev); i++)
		usleep(10000);
	if (i == 3000) {
		errno = ETIMEDOUT;
		die("the device's DMA");
	}
}

static void in(struct device *dev, uint64_t from) { copy(dev, from, EDU_BUFFER, 0); }
static void out(struct device *dev, uint64_t to) { copy(dev, EDU_BUFFER, to, 2); }

/* A pattern goes to the region, zeroes into the device, and the region comes back */
static const char *reach(struct device *dev, uint64_t region, uint8_t seed)
{
	int i;

	memset(pages, 0, 3 * PAGE);
	for (i = 0; i < LEN; i++)
		pages[i] = seed + 3 * i;
	in(dev, IOVA);
	out(dev, region);
	in(dev, IOVA + PAGE);
	in(dev, region);
	out(dev, IOVA + 2 * PAGE);
	return memcmp(pages, pages + 2 * PAGE, LEN) ? "refused" : "reaches";
}

static void leave(struct device *dev)
{
	close(dev->fd);
	if (ioctl(dev->group, VFIO_GROUP_UNSET_CONTAINER))
		die("leave");
	close(dev->group);
}

int main(int argc, char **argv)
{
	struct device one, two;
	int container, err;
	uint64_t region;
	void *page;

	if (argc != 4 && argc != 6)
		return 2;
	region = strtoull(argv[1], NULL, 0);
	container = open("/dev/vfio/vfio", O_RDWR);
	pages = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (container < 0 || pages == MAP_FAILED)
		die("container");
	page = pages + 3 * PAGE;

	err = attach(container, argv[2], &one);
	if (!err)
		err = ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU) ? errno : 0;
	printf("attach:%d", err);
	if (!err) {
		if (map(container, IOVA, pages, 3 * PAGE))
			die(" map");
		start(&one, argv[3]);
		printf(",dma:%s", reach(&one, region, 17));
	}
	if (!err && argc == 6) {
		if (attach(container, argv[4], &two))
			die(" second");
		start(&two, argv[5]);
		printf(",second:%s", reach(&two, region, 99));
		leave(&one);
		printf(",left:%s", reach(&two, region, 55));
	} else if (!err) {
		printf(",map:%d", map(container, region, page, PAGE));
	}
	printf("\n");
	return 0;
}

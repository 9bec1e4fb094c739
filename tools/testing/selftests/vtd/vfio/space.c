// SPDX-License-Identifier: GPL-2.0
/* Address spaces by VFIO's type1 container and by iommufd */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/iommufd.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "space.h"

static int result(int ret) { return ret < 0 ? errno : 0; }

int space_open(struct space *space, bool iommufd)
{
	struct iommu_ioas_alloc alloc = { .size = sizeof(alloc) };
	int ret;

	memset(space, 0, sizeof(*space));
	space->iommufd = iommufd;
	space->fd = open(iommufd ? "/dev/iommu" : "/dev/vfio/vfio", O_RDWR);
	if (space->fd < 0 || !iommufd)
		return result(space->fd);
	ret = ioctl(space->fd, IOMMU_IOAS_ALLOC, &alloc);
	space->ioas = alloc.out_ioas_id;
	return result(ret);
}

void space_close(struct space *space)
{
	close(space->fd);
}

static int type1_map(struct space *space, uint64_t iova, void *va, uint64_t size,
		     unsigned int may)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map), .vaddr = (uintptr_t)va, .iova = iova, .size = size,
		.flags = (may & MAY_READ ? VFIO_DMA_MAP_FLAG_READ : 0) |
			 (may & MAY_WRITE ? VFIO_DMA_MAP_FLAG_WRITE : 0),
	};

	return result(ioctl(space->fd, VFIO_IOMMU_MAP_DMA, &map));
}

int space_map(struct space *space, uint64_t iova, void *va, uint64_t size, unsigned int may)
{
	struct iommu_ioas_map map = {
		.size = sizeof(map), .ioas_id = space->ioas, .user_va = (uintptr_t)va,
		.length = size, .iova = iova,
		.flags = IOMMU_IOAS_MAP_FIXED_IOVA |
			 (may & MAY_READ ? IOMMU_IOAS_MAP_READABLE : 0) |
			 (may & MAY_WRITE ? IOMMU_IOAS_MAP_WRITEABLE : 0),
	};

	if (!space->iommufd)
		return type1_map(space, iova, va, size, may);
	return result(ioctl(space->fd, IOMMU_IOAS_MAP, &map));
}

/* What was not all unmapped is an error, too: ENODATA */
int space_unmap(struct space *space, uint64_t iova, uint64_t size)
{
	struct vfio_iommu_type1_dma_unmap one = {
		.argsz = sizeof(one), .iova = iova, .size = size,
	};
	struct iommu_ioas_unmap two = {
		.size = sizeof(two), .ioas_id = space->ioas, .iova = iova, .length = size,
	};
	int err;

	if (space->iommufd)
		err = result(ioctl(space->fd, IOMMU_IOAS_UNMAP, &two));
	else
		err = result(ioctl(space->fd, VFIO_IOMMU_UNMAP_DMA, &one));
	if (!err && (space->iommufd ? two.length : one.size) != size)
		err = ENODATA;
	return err;
}

/* --- devices ------------------------------------------------------------------------ */

static int type1_attach(struct user_device *dev)
{
	char path[128], target[256];
	struct space *space = dev->space;
	ssize_t n;
	int err;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/iommu_group", dev->address);
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return errno;
	target[n] = 0;
	snprintf(path, sizeof(path), "/dev/vfio/%s", strrchr(target, '/') + 1);
	dev->group = open(path, O_RDWR);
	if (dev->group < 0)
		return errno;
	err = result(ioctl(dev->group, VFIO_GROUP_SET_CONTAINER, &space->fd));
	if (!err && !space->set)
		err = result(ioctl(space->fd, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU));
	if (err)
		goto close_group;
	space->set = true;
	dev->fd = ioctl(dev->group, VFIO_GROUP_GET_DEVICE_FD, dev->address);
	if (dev->fd >= 0)
		return 0;
	err = errno;
close_group:
	close(dev->group);
	return err;
}

static int iommufd_attach(struct user_device *dev)
{
	struct vfio_device_bind_iommufd bind = {
		.argsz = sizeof(bind), .iommufd = dev->space->fd,
	};
	struct vfio_device_attach_iommufd_pt attach = {
		.argsz = sizeof(attach), .pt_id = dev->space->ioas,
	};
	char path[128];
	glob_t found;
	int err;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/vfio-dev/vfio*", dev->address);
	if (glob(path, 0, NULL, &found))
		return ENODEV;
	snprintf(path, sizeof(path), "/dev/vfio/devices/%s",
		 strrchr(found.gl_pathv[0], '/') + 1);
	globfree(&found);
	dev->fd = open(path, O_RDWR);
	if (dev->fd < 0)
		return errno;
	err = result(ioctl(dev->fd, VFIO_DEVICE_BIND_IOMMUFD, &bind));
	dev->id = bind.out_devid;
	if (!err)
		err = result(ioctl(dev->fd, VFIO_DEVICE_ATTACH_IOMMUFD_PT, &attach));
	if (err)
		close(dev->fd);
	return err;
}

static int device_ready(struct user_device *dev)
{
	struct vfio_region_info bar = {
		.argsz = sizeof(bar), .index = VFIO_PCI_BAR0_REGION_INDEX,
	};
	struct vfio_region_info config = {
		.argsz = sizeof(config), .index = VFIO_PCI_CONFIG_REGION_INDEX,
	};
	uint16_t command = 6;
	void *va;

	if (ioctl(dev->fd, VFIO_DEVICE_GET_REGION_INFO, &bar) ||
	    ioctl(dev->fd, VFIO_DEVICE_GET_REGION_INFO, &config))
		return errno;
	if (pwrite(dev->fd, &command, 2, config.offset + 4) != 2)
		return EIO;
	va = mmap(NULL, bar.size, PROT_READ | PROT_WRITE, MAP_SHARED, dev->fd, bar.offset);
	if (va == MAP_FAILED)
		return errno;
	dev->bar = va;
	dev->bar_size = bar.size;
	return 0;
}

int device_open(struct user_device *dev, struct space *space, const char *address)
{
	int err;

	memset(dev, 0, sizeof(*dev));
	dev->space = space;
	dev->address = address;
	dev->group = -1;
	dev->fd = -1;
	err = space->iommufd ? iommufd_attach(dev) : type1_attach(dev);
	if (err)
		return err;
	err = device_ready(dev);
	if (err)
		device_close(dev);
	return err;
}

void device_close(struct user_device *dev)
{
	if (dev->bar)
		munmap((void *)dev->bar, dev->bar_size);
	close(dev->fd);
	if (dev->group >= 0) {
		if (ioctl(dev->group, VFIO_GROUP_UNSET_CONTAINER))
			die("leave the container");
		close(dev->group);
	}
	memset(dev, 0, sizeof(*dev));
}

int device_request_fd(struct user_device *dev)
{
	union {
		struct vfio_irq_set set;
		char bytes[sizeof(struct vfio_irq_set) + sizeof(int32_t)];
	} irq = { .set = {
		.argsz = sizeof(irq), .index = VFIO_PCI_REQ_IRQ_INDEX, .count = 1,
		.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
	} };
	int32_t fd = eventfd(0, EFD_CLOEXEC);

	memcpy(irq.set.data, &fd, sizeof(fd));
	if (fd < 0 || ioctl(dev->fd, VFIO_DEVICE_SET_IRQS, &irq))
		die("request event");
	return fd;
}

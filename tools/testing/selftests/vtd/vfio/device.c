// SPDX-License-Identifier: GPL-2.0
/* Devices by VFIO's groups and by iommufd */
#include <fcntl.h>
#include <glob.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "result.h"

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
	err = errno_of(ioctl(dev->group, VFIO_GROUP_SET_CONTAINER, &space->fd));
	if (!err && !space->set)
		err = errno_of(ioctl(space->fd, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU));
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
	err = errno_of(ioctl(dev->fd, VFIO_DEVICE_BIND_IOMMUFD, &bind));
	dev->id = bind.out_devid;
	if (!err)
		err = errno_of(ioctl(dev->fd, VFIO_DEVICE_ATTACH_IOMMUFD_PT, &attach));
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

int device_pair(struct space *space, struct user_device *dev, char **address,
		uint64_t iova, void *va, uint64_t size)
{
	int err = device_open(&dev[0], space, address[0]);

	if (!err)
		err = device_open(&dev[1], space, address[1]);
	return err ?: space_map(space, iova, va, size, MAY_BOTH);
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

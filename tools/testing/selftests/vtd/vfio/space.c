// SPDX-License-Identifier: GPL-2.0
/* Address spaces by VFIO's type1 container and by iommufd */
#include <fcntl.h>
#include <linux/iommufd.h>
#include <linux/vfio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "space.h"

int space_open(struct space *space, bool iommufd)
{
	struct iommu_ioas_alloc alloc = { .size = sizeof(alloc) };
	int ret;

	memset(space, 0, sizeof(*space));
	space->iommufd = iommufd;
	space->fd = open(iommufd ? "/dev/iommu" : "/dev/vfio/vfio", O_RDWR);
	if (space->fd < 0 || !iommufd)
		return errno_of(space->fd);
	ret = ioctl(space->fd, IOMMU_IOAS_ALLOC, &alloc);
	space->ioas = alloc.out_ioas_id;
	return errno_of(ret);
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

	return errno_of(ioctl(space->fd, VFIO_IOMMU_MAP_DMA, &map));
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
	return errno_of(ioctl(space->fd, IOMMU_IOAS_MAP, &map));
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
		err = errno_of(ioctl(space->fd, IOMMU_IOAS_UNMAP, &two));
	else
		err = errno_of(ioctl(space->fd, VFIO_IOMMU_UNMAP_DMA, &one));
	if (!err && (space->iommufd ? two.length : one.size) != size)
		err = ENODATA;
	return err;
}

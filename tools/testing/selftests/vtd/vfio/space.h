/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An address space for devices that VFIO hands out: a type1 container or an
 * iommufd IOAS.  Calls return 0 or an errno, so that a test can compare it.
 */
#ifndef VTD_VFIO_SPACE_H
#define VTD_VFIO_SPACE_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#define MAY_READ	1u
#define MAY_WRITE	2u
#define MAY_BOTH	3u

struct space {
	bool iommufd;
	bool set;		/* the container has its kind */
	int fd;
	uint32_t ioas;
};

/* What an ioctl left */
static inline int errno_of(int ret)
{
	return ret < 0 ? errno : 0;
}

int space_open(struct space *space, bool iommufd);
void space_close(struct space *space);
int space_map(struct space *space, uint64_t iova, void *va, uint64_t size, unsigned int may);
int space_unmap(struct space *space, uint64_t iova, uint64_t size);

#endif

/* SPDX-License-Identifier: GPL-2.0 */
/* A PCI device that a user has, attached to a space. */
#ifndef VTD_VFIO_DEVICE_H
#define VTD_VFIO_DEVICE_H

#include <stddef.h>
#include <stdint.h>

#include "space.h"

struct user_device {
	struct space *space;
	const char *address;
	int group;		/* type1 only */
	uint32_t id;		/* iommufd only */
	int fd;
	volatile uint8_t *bar;
	size_t bar_size;
};

/* Attach, open, turn bus mastering on, map BAR 0; 0 or an errno */
int device_open(struct user_device *dev, struct space *space, const char *address);
void device_close(struct user_device *dev);

/* Attach two devices and map memory for both; 0 or an errno */
int device_pair(struct space *space, struct user_device *dev, char **address,
		uint64_t iova, void *va, uint64_t size);

/* An eventfd that the kernel signals when it wants the device back */
int device_request_fd(struct user_device *dev);

#endif

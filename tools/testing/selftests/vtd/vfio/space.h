/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An address space for devices that VFIO hands out: a type1 container or an
 * iommufd IOAS.  Calls return 0 or an errno, so that a test can compare it.
 */
#ifndef VTD_VFIO_SPACE_H
#define VTD_VFIO_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE	4096ull
#define MIB	(1ull << 20)
#define GIB	(1ull << 30)

#define MAY_READ	1u
#define MAY_WRITE	2u
#define MAY_BOTH	3u

struct space {
	bool iommufd;
	bool set;		/* the container has its kind */
	int fd;
	uint32_t ioas;
};

/* A PCI device that is attached to a space */
struct user_device {
	struct space *space;
	const char *address;
	int group;		/* type1 only */
	uint32_t id;		/* iommufd only */
	int fd;
	volatile uint8_t *bar;
	size_t bar_size;
};

int space_open(struct space *space, bool iommufd);
void space_close(struct space *space);
int space_map(struct space *space, uint64_t iova, void *va, uint64_t size, unsigned int may);
int space_unmap(struct space *space, uint64_t iova, uint64_t size);

/* Attach, open, turn bus mastering on, map BAR 0 */
int device_open(struct user_device *dev, struct space *space, const char *address);
void device_close(struct user_device *dev);

/* An eventfd that the kernel signals when it wants the device back */
int device_request_fd(struct user_device *dev);

/* --- the edu device's DMA ------------------------------------------------------- */

#define EDU_LEN		4095u	/* of its buffer: QEMU takes the last byte for one too many */

/* Between its buffer at @at and @iova; false if it is not done after 30 s */
bool edu_in(struct user_device *dev, uint64_t iova, uint32_t at, uint32_t len);
bool edu_out(struct user_device *dev, uint64_t iova, uint32_t at, uint32_t len);
void edu_start(struct user_device *dev, uint64_t iova, uint32_t at, uint32_t len, bool out);
bool edu_busy(struct user_device *dev);

/* --- memory and results ----------------------------------------------------------- */

/* Pages that are physically apart, in one piece of addresses; NULL if there are none */
void *scattered(size_t size);
/* Pages of 2 MiB or 1 GiB (@shift 21 or 30) */
void *huge(size_t size, int shift);
/* Pages of 2 MiB of which none is behind the one before it */
void *huge_scattered(size_t size);
/* Runs of physically contiguous pages in a piece of memory */
size_t runs(const void *va, size_t size);

extern int failures;
bool check(bool good, const char *format, ...) __attribute__((format(printf, 2, 3)));
void die(const char *what) __attribute__((noreturn));

#endif

/* SPDX-License-Identifier: GPL-2.0 */
/* Kinds of memory to map. */
#ifndef VTD_VFIO_MEMORY_H
#define VTD_VFIO_MEMORY_H

#include <stddef.h>

#define PAGE	4096ull
#define MIB	(1024 * 1024ull)
#define GIB	(1024 * MIB)

/* Pages that are physically apart, in one piece of addresses; NULL if there are none */
void *scattered(size_t size);
/* Pages of 2 MiB or 1 GiB (@shift 21 or 30) */
void *huge(size_t size, int shift);
/* Pages of 2 MiB of which none is behind the one before it */
void *huge_scattered(size_t size);
/* Runs of physically contiguous pages in a piece of memory */
size_t runs(const void *va, size_t size);

#endif

// SPDX-License-Identifier: GPL-2.0
/*
 * Write registers of a device that no driver has:
 *
 *	registers /sys/bus/pci/devices/.../resource0 OFFSET VALUE [OFFSET VALUE]...
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define BYTES	4096UL

int main(int argc, char **argv)
{
	int fd = argc > 3 && argc % 2 == 0 ? open(argv[1], O_RDWR) : -1;
	uint32_t *window;
	unsigned long offset;
	int i;

	window = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd < 0 || window == MAP_FAILED) {
		perror("registers");
		return 2;
	}
	for (i = 2; i + 1 < argc; i += 2) {
		offset = strtoul(argv[i], NULL, 0);
		if (offset > BYTES - 4) {
			fprintf(stderr, "registers: no offset %s\n", argv[i]);
			return 2;
		}
		__atomic_store_n(&window[offset / 4], strtoul(argv[i + 1], NULL, 0),
				 __ATOMIC_SEQ_CST);
	}
	return 0;
}

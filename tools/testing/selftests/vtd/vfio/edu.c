// SPDX-License-Identifier: GPL-2.0
/* The DMA engine of QEMU's edu device */
#include <string.h>
#include <unistd.h>

#include "edu.h"
#include "memory.h"

/* QEMU's docs/specs/edu: the engine sees its buffer at 0x40000 */
#define EDU_BUFFER	0x40000u
#define EDU_SRC		0x80
#define EDU_DST		0x88
#define EDU_COUNT	0x90
#define EDU_COMMAND	0x98
#define EDU_GO		1u
#define EDU_FROM_DEVICE	2u

static void put(struct user_device *dev, unsigned int reg, uint64_t value)
{
	*(volatile uint64_t *)(dev->bar + reg) = value;
}

bool edu_busy(struct user_device *dev)
{
	return *(volatile uint64_t *)(dev->bar + EDU_COMMAND) & EDU_GO;
}

void edu_start(struct user_device *dev, uint64_t iova, uint32_t at, uint32_t len, bool out)
{
	put(dev, EDU_SRC, out ? EDU_BUFFER + at : iova);
	put(dev, EDU_DST, out ? iova : EDU_BUFFER + at);
	put(dev, EDU_COUNT, len);
	put(dev, EDU_COMMAND, EDU_GO | (out ? EDU_FROM_DEVICE : 0));
}

/* It takes its 100 ms; asleep, so that emulated time may jump */
static bool finished(struct user_device *dev)
{
	int i;

	for (i = 0; i < 300; i++) {
		usleep(100500);
		if (!edu_busy(dev))
			return true;
	}
	return false;
}

bool edu_in(struct user_device *dev, uint64_t iova, uint32_t at, uint32_t len)
{
	edu_start(dev, iova, at, len, false);
	return finished(dev);
}

bool edu_out(struct user_device *dev, uint64_t iova, uint32_t at, uint32_t len)
{
	edu_start(dev, iova, at, len, true);
	return finished(dev);
}

bool edu_carries(struct user_device *dev, uint64_t iova, uint8_t *va, unsigned int from,
		 unsigned int to)
{
	memset(va + from * PAGE, 1 + (from + to) % 255, PAGE);
	memset(va + to * PAGE, 0, PAGE);
	return edu_in(dev, iova + from * PAGE, 0, EDU_LEN) &&
	       edu_out(dev, iova + to * PAGE, 0, EDU_LEN) &&
	       !memcmp(va + from * PAGE, va + to * PAGE, EDU_LEN);
}

/* SPDX-License-Identifier: GPL-2.0 */
/* The DMA engine of QEMU's edu device. */
#ifndef VTD_VFIO_EDU_H
#define VTD_VFIO_EDU_H

#include <stdbool.h>
#include <stdint.h>

#include "device.h"

#define EDU_LEN		4095u	/* of its buffer: QEMU takes the last byte for one too many */

void edu_start(struct user_device *dev, uint64_t iova, uint32_t at, uint32_t len, bool out);
bool edu_busy(struct user_device *dev);

/* Between its buffer at @at and @iova; false if it is not done after 30 s */
bool edu_in(struct user_device *dev, uint64_t iova, uint32_t at, uint32_t len);
bool edu_out(struct user_device *dev, uint64_t iova, uint32_t at, uint32_t len);

/* Of memory that is mapped from @iova on, a page's content gets to another page */
bool edu_carries(struct user_device *dev, uint64_t iova, uint8_t *va, unsigned int from,
		 unsigned int to);

#endif

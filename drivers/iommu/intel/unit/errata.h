/* SPDX-License-Identifier: GPL-2.0 */
/* Which errata a PCI device or a processor stands for, as tables.  Pure. */
#ifndef VTD_UNIT_ERRATA_H
#define VTD_UNIT_ERRATA_H

#include <linux/bits.h>
#include <linux/types.h>

/* Errata found through PCI, as bits */
enum {
	/* Needs its write buffer flushed, but does not say so in CAP.RWBF */
	VTD_QUIRK_WRITE_FLUSH	= BIT(0),
	/* Graphics hangs or draws garbage when its DMA is translated */
	VTD_QUIRK_SKIP_GRAPHICS	= BIT(1),
	/* Firmware decides whether graphics can be translated at all */
	VTD_QUIRK_SHADOW_GTT	= BIT(2),
	/* The display hangs when translation is turned off under it */
	VTD_QUIRK_KEEP_ON	= BIT(3),
};

u32 vtd_errata_of(u16 vendor, u16 device, u32 class);
bool vtd_errata_small_pages(u8 family, u8 model);

#endif /* VTD_UNIT_ERRATA_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Images as context entries of legacy mode (section 9.3).  Pure. */
#ifndef VTD_CONTEXT_LEGACY_H
#define VTD_CONTEXT_LEGACY_H

#include <linux/types.h>

struct vtd_image;

/* Words of a context entry */
#define VTD_LEGACY_WORDS	2

void vtd_legacy_encode(const struct vtd_image *image, u64 word[VTD_LEGACY_WORDS]);
void vtd_legacy_decode(const u64 word[VTD_LEGACY_WORDS], struct vtd_image *image);

#endif /* VTD_CONTEXT_LEGACY_H */

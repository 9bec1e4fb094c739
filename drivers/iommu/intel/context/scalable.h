/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Images as entries of scalable mode: the context entry leads to a PASID
 * directory (sections 9.4 and 9.5), the PASID's entry says it all (section 9.6).
 * Pure.
 */
#ifndef VTD_CONTEXT_SCALABLE_H
#define VTD_CONTEXT_SCALABLE_H

#include <linux/types.h>

struct vtd_caps;
struct vtd_image;

#define VTD_SCALABLE_CONTEXT_WORDS	4
#define VTD_SCALABLE_PASID_WORDS	8

void vtd_scalable_context(const struct vtd_image *image, u64 directory, u8 size,
			  u64 word[VTD_SCALABLE_CONTEXT_WORDS]);
void vtd_scalable_pasid(const struct vtd_image *image, const struct vtd_caps *caps,
			u64 word[VTD_SCALABLE_PASID_WORDS]);
void vtd_scalable_decode(const u64 context[VTD_SCALABLE_CONTEXT_WORDS],
			 const u64 pasid[VTD_SCALABLE_PASID_WORDS],
			 struct vtd_image *image);

#endif /* VTD_CONTEXT_SCALABLE_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Which of a unit's two kinds of page tables a domain is made of.  Pure. */
#ifndef VTD_DOMAIN_STAGE_H
#define VTD_DOMAIN_STAGE_H

#include <linux/types.h>

struct vtd_caps;
struct vtd_pt_config;

/**
 * enum vtd_stage - kinds of page tables
 * @VTD_STAGE_NONE: the unit has none that will do
 * @VTD_STAGE_FIRST: the first stage's, a processor's format (section 9.7)
 * @VTD_STAGE_SECOND: the second stage's (section 9.8)
 */
enum vtd_stage {
	VTD_STAGE_NONE,
	VTD_STAGE_FIRST,
	VTD_STAGE_SECOND,
};

enum vtd_stage vtd_stage_choose(const struct vtd_caps *caps, bool scalable,
				bool needs_second);
void vtd_stage_config(const struct vtd_caps *caps, enum vtd_stage stage,
		      struct vtd_pt_config *cfg);
const char *vtd_stage_misfit(const struct vtd_pt_config *cfg, const struct vtd_caps *caps,
			     bool scalable);

#endif /* VTD_DOMAIN_STAGE_H */

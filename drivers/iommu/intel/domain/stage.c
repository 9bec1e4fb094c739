// SPDX-License-Identifier: GPL-2.0
/*
 * First or second stage: for which domain, in what shape, and who else may walk it.
 *
 * Both translate as well.  The second stage says what was written, can have the first one
 * of somebody else above it, and reaches twice as far; the first stage is not cached
 * while it is absent (section 6.1), so that a unit with caching mode, which is one that
 * a hypervisor plays, need not hear of what is mapped.  Pure.
 */
#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/types.h>

#include "domain/stage.h"
#include "hw/entries.h"
#include "pgtable/pgtable.h"
#include "unit/caps.h"

/**
 * vtd_stage_choose - of which kind a domain's tables are to be
 * @caps: what the unit can do
 * @scalable: it looks requesters up in scalable mode
 * @needs_second: it is to be said what was written, or others' tables are to stand above,
 *	or the domain has to reach as far as it can
 *
 * Context: any.
 */
enum vtd_stage vtd_stage_choose(const struct vtd_caps *caps, bool scalable,
				bool needs_second)
{
	if (!scalable)
		return VTD_STAGE_SECOND;
	if (caps->second_stage &&
	    (needs_second || !caps->first_stage || !caps->caching_mode))
		return VTD_STAGE_SECOND;
	if (caps->first_stage && !needs_second)
		return VTD_STAGE_FIRST;
	return VTD_STAGE_NONE;
}

static u8 stage_width(const struct vtd_caps *caps, u8 levels)
{
	return min_t(u64, caps->width, VTD_PAGE_SHIFT + levels * VTD_LEVEL_BITS);
}

/*
 * Addresses are canonical (section 3.6): those of the upper half repeat the highest bit,
 * which no range that begins at 0 can have.
 */
static void stage_first(const struct vtd_caps *caps, struct vtd_pt_config *cfg)
{
	cfg->first_stage = true;
	cfg->levels = caps->fs_levels > 4 && caps->width > 48 ? 5 : 4;
	cfg->max_leaf = caps->fs_leaf;
	cfg->width = stage_width(caps, cfg->levels) - 1;
}

static void stage_second(const struct vtd_caps *caps, struct vtd_pt_config *cfg)
{
	cfg->levels = vtd_caps_levels_for(caps, caps->width);
	/* A unit may claim more width than its tables can reach */
	if (!cfg->levels)
		cfg->levels = vtd_caps_max_levels(caps);
	cfg->max_leaf = caps->max_leaf;
	cfg->width = stage_width(caps, cfg->levels);
}

/**
 * vtd_stage_config - shape of the tables that suit a unit best
 * @caps: what the unit can do
 * @stage: of which kind, not VTD_STAGE_NONE
 * @cfg: filled, but for the node
 *
 * Context: any.
 */
void vtd_stage_config(const struct vtd_caps *caps, enum vtd_stage stage,
		      struct vtd_pt_config *cfg)
{
	*cfg = (struct vtd_pt_config) { .coherent = caps->walks_coherent };
	if (stage == VTD_STAGE_FIRST)
		stage_first(caps, cfg);
	else
		stage_second(caps, cfg);
}

static const char *stage_first_misfit(const struct vtd_pt_config *cfg,
				      const struct vtd_caps *caps, bool scalable)
{
	if (!scalable || !caps->first_stage)
		return "unit walks no first-stage tables";
	if (caps->fs_levels < cfg->levels)
		return "unit does not walk tables of this depth";
	if (stage_width(caps, cfg->levels) <= cfg->width)
		return "unit translates fewer address bits";
	if (caps->fs_leaf < cfg->max_leaf)
		return "unit has no pages this large";
	return NULL;
}

static const char *stage_second_misfit(const struct vtd_pt_config *cfg,
				       const struct vtd_caps *caps, bool scalable)
{
	if (scalable && !caps->second_stage)
		return "unit walks first-stage tables only";
	if (!(caps->levels & BIT(cfg->levels)))
		return "unit does not walk tables of this depth";
	if (caps->width < cfg->width)
		return "unit translates fewer address bits";
	if (caps->max_leaf < cfg->max_leaf)
		return "unit has no pages this large";
	return NULL;
}

/**
 * vtd_stage_misfit - may a unit walk tables of this shape
 * @cfg: the shape
 * @caps: what the unit can do
 * @scalable: it looks requesters up in scalable mode
 *
 * Context: any.
 *
 * Return: NULL if it may, else a phrase that says why not.
 */
const char *vtd_stage_misfit(const struct vtd_pt_config *cfg, const struct vtd_caps *caps,
			     bool scalable)
{
	const char *why = cfg->first_stage ? stage_first_misfit(cfg, caps, scalable) :
					     stage_second_misfit(cfg, caps, scalable);

	if (!why && cfg->coherent && !caps->walks_coherent)
		why = "unit does not snoop page walks";
	return why;
}

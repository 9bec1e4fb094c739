// SPDX-License-Identifier: GPL-2.0
/* First or second stage: the truth table, shapes of real units, and who may walk what. */
#include "vtd_test.h"

#include "unit/caps.c"
#include "domain/stage.c"

/* Every unit there can be, in either mode, asked for either kind of domain */
static void truth_table(void)
{
	for (unsigned int bits = 0; bits < 32; bits++) {
		bool scalable = bits & 1, needs = bits & 2;
		struct vtd_caps caps = {
			.second_stage = bits & 4, .first_stage = bits & 8,
			.caching_mode = bits & 16,
		};
		enum vtd_stage is = vtd_stage_choose(&caps, scalable, needs), want;

		if (!scalable)
			want = VTD_STAGE_SECOND;
		else if (!caps.first_stage || needs)
			want = caps.second_stage ? VTD_STAGE_SECOND : VTD_STAGE_NONE;
		else if (!caps.second_stage || caps.caching_mode)
			want = VTD_STAGE_FIRST;
		else
			want = VTD_STAGE_SECOND;
		EXPECT_EQ(is, want);
	}
}

/* CAP, ECAP, and what first-stage tables for the unit look like */
static const struct {
	u64 cap, ecap;
	u8 levels, max_leaf, width;
} real[] = {
	/* Sapphire Rapids, and an older one without 5 levels */
	{ 0x19ed008c40780c66, 0x3ee9e86f050df, 5, 3, 56 },
	{ 0x9ed008c40780466, 0x3ee9e86f050df, 4, 3, 47 },
	/* Meteor Lake, 42 bits */
	{ 0xc9de008cee690462, 0x12ca9a00f0efde, 4, 3, 41 },
	/* 5 levels, but no address needs them */
	{ 0x19ed008c402f0c66, 0x3ee9e86f050df, 4, 3, 47 },
	/* 39 bits, no 1 GiB pages */
	{ 0xd2008c40660462, 0x8080000f0005f, 4, 2, 38 },
};

static void shapes(void)
{
	struct vtd_pt_config cfg;
	struct vtd_caps caps;

	for (unsigned int i = 0; i < ARRAY_SIZE(real); i++) {
		vtd_caps_decode(&caps, real[i].cap, real[i].ecap);
		vtd_stage_config(&caps, VTD_STAGE_FIRST, &cfg);
		EXPECT(cfg.first_stage);
		EXPECT_EQ(cfg.levels, real[i].levels);
		EXPECT_EQ(cfg.max_leaf, real[i].max_leaf);
		EXPECT_EQ(cfg.width, real[i].width);
		vtd_stage_config(&caps, VTD_STAGE_SECOND, &cfg);
		EXPECT(!cfg.first_stage);
		EXPECT_EQ(cfg.width, i == 1 ? 48 : caps.width);
		EXPECT(!vtd_stage_misfit(&cfg, &caps, false));
	}
}

/* A unit walks what was made for it, and what was made for less */
static void misfits(void)
{
	struct vtd_caps spr, mtl;
	struct vtd_pt_config cfg;

	vtd_caps_decode(&spr, real[0].cap, real[0].ecap);
	vtd_caps_decode(&mtl, real[2].cap, real[2].ecap);
	mtl.walks_coherent = false;
	vtd_stage_config(&mtl, VTD_STAGE_FIRST, &cfg);
	EXPECT(!vtd_stage_misfit(&cfg, &mtl, true));
	EXPECT(!vtd_stage_misfit(&cfg, &spr, true));
	EXPECT_STR(vtd_stage_misfit(&cfg, &spr, false), "unit walks no first-stage tables");
	mtl.fs_leaf = 2;
	EXPECT_STR(vtd_stage_misfit(&cfg, &mtl, true), "unit has no pages this large");
	vtd_stage_config(&mtl, VTD_STAGE_FIRST, &cfg);
	/* The upper half of what the unit has is not canonical */
	cfg.width = 42;
	EXPECT_STR(vtd_stage_misfit(&cfg, &mtl, true), "unit translates fewer address bits");
	vtd_stage_config(&spr, VTD_STAGE_FIRST, &cfg);
	EXPECT_STR(vtd_stage_misfit(&cfg, &mtl, true), "unit does not walk tables of this depth");
	cfg.levels = 4;
	cfg.width = 40;
	cfg.max_leaf = 2;
	cfg.coherent = true;
	EXPECT_STR(vtd_stage_misfit(&cfg, &mtl, true), "unit does not snoop page walks");
	vtd_stage_config(&mtl, VTD_STAGE_SECOND, &cfg);
	EXPECT(!vtd_stage_misfit(&cfg, &mtl, true));
	mtl.second_stage = false;
	EXPECT_STR(vtd_stage_misfit(&cfg, &mtl, true), "unit walks first-stage tables only");
	EXPECT(!vtd_stage_misfit(&cfg, &mtl, false));
}

VTD_TESTS("stage", TEST(truth_table), TEST(shapes), TEST(misfits))

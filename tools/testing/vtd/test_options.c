// SPDX-License-Identifier: GPL-2.0
/* intel_iommu= and intel_iommu.drhd=: every word, every near miss, every limit. */
#include "vtd_test.h"
#include "boot/options.c"

static char said[4096];
static unsigned int lines;

static void listen(const char *line)
{
	EXPECT(!strchr(line, '\n'));
	EXPECT(strlen(line) < LINE_SIZE);
	lines++;
	strncat(said, line, sizeof(said) - strlen(said) - 2);
	strcat(said, "\n");
}

static struct vtd_options words_of(const char *text)
{
	struct vtd_options opt = { 0 };
	/* An exact heap copy: ASan sees any read past the NUL */
	char *copy = strdup(text);

	said[0] = '\0';
	lines = 0;
	vtd_options_parse(&opt, copy, listen);
	free(copy);
	return opt;
}

static struct vtd_overrides units_of(const char *text)
{
	struct vtd_overrides list = { 0 };
	char *copy = strdup(text);

	said[0] = '\0';
	lines = 0;
	vtd_options_parse_drhd(&list, copy, listen);
	free(copy);
	return list;
}

/* Written out again here on purpose: the order is that of the documentation */
static const struct {
	const char *word;
	size_t at;
} known[] = {
	{ "on", offsetof(struct vtd_options, on) },
	{ "off", offsetof(struct vtd_options, off) },
	{ "igfx_off", offsetof(struct vtd_options, igfx_off) },
	{ "intgpu_off", offsetof(struct vtd_options, intgpu_off) },
	{ "strict", offsetof(struct vtd_options, strict) },
	{ "forcedac", offsetof(struct vtd_options, forcedac) },
	{ "sp_off", offsetof(struct vtd_options, sp_off) },
	{ "sm_on", offsetof(struct vtd_options, sm_on) },
	{ "sm_off", offsetof(struct vtd_options, sm_off) },
	{ "tboot_noforce", offsetof(struct vtd_options, tboot_noforce) },
	{ "relax_rmrr", offsetof(struct vtd_options, relax_rmrr) },
};

#define KNOWN ARRAY_SIZE(known)

static unsigned int bits_of(struct vtd_options opt)
{
	const char *bytes = (const char *)&opt;
	unsigned int bits = 0;

	for (unsigned int i = 0; i < KNOWN; i++)
		if (bytes[known[i].at])
			bits |= 1u << i;
	return bits;
}

static void each_word_sets_its_own_flag(void)
{
	EXPECT_EQ(sizeof(struct vtd_options), KNOWN);
	for (unsigned int i = 0; i < KNOWN; i++) {
		EXPECT_EQ(bits_of(words_of(known[i].word)), 1u << i);
		EXPECT_EQ(lines, 0);
	}
}

static void no_prefix_counts(void)
{
	char text[64];

	for (unsigned int i = 0; i < KNOWN; i++) {
		snprintf(text, sizeof(text), "%sx", known[i].word);
		EXPECT_EQ(bits_of(words_of(text)), 0);
		EXPECT_EQ(lines, 1);
		snprintf(text, sizeof(text), "%.*s", (int)strlen(known[i].word) - 1,
			 known[i].word);
		EXPECT_EQ(bits_of(words_of(text)), 0);
		EXPECT_EQ(lines, 1);
	}
	EXPECT_EQ(bits_of(words_of("only_gfx")), 0);
	EXPECT_EQ(bits_of(words_of("ON")), 0);
	EXPECT_EQ(bits_of(words_of("on ")), 0);
}

static void words_combine(void)
{
	struct vtd_options opt = words_of("on,sp_off,strict,forcedac");

	EXPECT(opt.on && opt.sp_off && opt.strict && opt.forcedac);
	EXPECT_EQ(bits_of(opt), 1 << 0 | 1 << 6 | 1 << 4 | 1 << 5);
	EXPECT_EQ(lines, 0);
	EXPECT_EQ(bits_of(words_of(",,on,,igfx_off,")), 1 << 0 | 1 << 2);
	EXPECT_EQ(lines, 0);
}

static void the_last_of_two_counts(void)
{
	EXPECT_EQ(bits_of(words_of("on,off")), 1 << 1);
	EXPECT_EQ(bits_of(words_of("off,on")), 1 << 0);
	EXPECT_EQ(bits_of(words_of("sm_on,sm_off")), 1 << 8);
	EXPECT_EQ(bits_of(words_of("sm_off,strict,sm_on")), 1 << 7 | 1 << 4);
}

static void parameters_add_up(void)
{
	struct vtd_options opt = { 0 };

	vtd_options_parse(&opt, "on,strict", listen);
	vtd_options_parse(&opt, "off", listen);
	EXPECT_EQ(bits_of(opt), 1 << 1 | 1 << 4);
}

static void a_wrong_word_leaves_the_rest(void)
{
	struct vtd_options opt = words_of("on,strct,sp_off");

	EXPECT_EQ(bits_of(opt), 1 << 0 | 1 << 6);
	EXPECT_EQ(lines, 1);
	EXPECT_STR(said,
		   "intel_iommu=: unknown word \"strct\", did you mean \"strict\"? Known: on, off, igfx_off, intgpu_off, strict, forcedac, sp_off, sm_on, sm_off, tboot_noforce, relax_rmrr\n");
}

static void hints(void)
{
	static const struct { const char *wrong, *hint; } table[] = {
		{ "of", "\"off\"" }, { "onn", "\"on\"" }, { "igfx-off", "\"igfx_off\"" },
		{ "igfxoff", "\"igfx_off\"" }, { "intgpu_of", "\"intgpu_off\"" },
		{ "Strict", "\"strict\"" }, { "force_dac", "\"forcedac\"" },
		{ "spoff", "\"sp_off\"" }, { "sm_onn", "\"sm_on\"" },
		{ "tboot-noforce", "\"tboot_noforce\"" }, { "pt", "\"iommu=pt\"" },
		{ "lazy", "\"iommu.strict=0\"" }, { "1", "\"on\"" }, { "enable", "\"on\"" },
		{ "0", "\"off\"" }, { "disable", "\"off\"" }, { "pt=iommu", "\"iommu=pt\"" },
		{ "passthrough=1", "\"iommu.passthrough=1\"" }, { "strict=1", "\"strict\"" },
		{ "igfxoff=1", "\"igfx_off\"" },
	};
	static const char * const none[] = {
		"auto", "only_gfx", "xyzzyxyzzy", "xyzzyxyzzy=on", "=", "=pt",
		"averyveryverylongwordthatmustnotbecompared",
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(table); i++) {
		words_of(table[i].wrong);
		if (!strstr(said, table[i].hint) || !strstr(said, "did you mean")) {
			printf("# %s", said);
			EXPECT(!"the hint");
		}
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(none); i++) {
		words_of(none[i]);
		EXPECT_EQ(lines, 1);
		if (strstr(said, "did you mean")) {
			printf("# %s", said);
			EXPECT(!"no hint");
		}
	}
}

/* "intel_iommu=on,iommu=pt": the hint is a blank, not another word */
static void parameters_of_their_own(void)
{
	static const char * const own[] = {
		"iommu=pt", "iommu.passthrough=1", "iommu.strict=0", "intremap=off",
		"intel_iommu.keep_rmrr=00:02.0", "pci=nocrs", "intel_iommu=on",
		"vfio_iommu_type1.allow_unsafe_interrupts=1",
	};
	char text[128], want[128];

	for (unsigned int i = 0; i < ARRAY_SIZE(own); i++) {
		snprintf(text, sizeof(text), "on,%s,strict", own[i]);
		snprintf(want, sizeof(want), "unknown word \"%.36s", own[i]);
		EXPECT_EQ(bits_of(words_of(text)), 1 << 0 | 1 << 4);
		EXPECT_EQ(lines, 1);
		if (!strstr(said, want) || !strstr(said, "parameter of its own")) {
			printf("# %s", said);
			EXPECT(!"the hint");
		}
	}
}

/* What stands before it is not lost with it, and the user hears of it */
static void semicolons(void)
{
	EXPECT_EQ(bits_of(words_of("on;iommu=pt")), 1 << 0);
	EXPECT_EQ(lines, 2);
	EXPECT(strstr(said, "semicolon") && strstr(said, "\"iommu=pt\""));
	EXPECT_EQ(bits_of(words_of("on;strict;")), 1 << 0 | 1 << 4);
	EXPECT_EQ(lines, 1);
	EXPECT_EQ(units_of("0x1000;0x2000").count, 0);
	EXPECT_EQ(lines, 1);
}

static void nothing_given_is_said(void)
{
	EXPECT_EQ(bits_of(words_of("")), 0);
	EXPECT_EQ(lines, 1);
	EXPECT_EQ(bits_of(words_of(",")), 0);
	EXPECT_EQ(lines, 0);
	EXPECT_EQ(units_of("").count, 0);
	EXPECT_EQ(lines, 1);
}

static void control_characters_are_not_echoed(void)
{
	words_of("a\x1b[2Jb\x80");
	EXPECT(!strpbrk(said, "\x1b\x80"));
	EXPECT(strstr(said, "\"a?[2Jb?\""));
	words_of("0123456789012345678901234567890123456789012345678901234567890123456789");
	EXPECT(strstr(said, "\"012345678901234567890123456789012345...\""));
}

static void units_with_and_without_segment(void)
{
	struct vtd_overrides list = units_of("0xfed90000,0xFED91000@0,4275646464@1,0x1000@0xffff");

	EXPECT_EQ(lines, 0);
	EXPECT_EQ(list.count, 4);
	EXPECT_EQ(list.unit[0].base, 0xfed90000);
	EXPECT_EQ(list.unit[0].segment, 0);
	EXPECT_EQ(list.unit[1].base, 0xfed91000);
	EXPECT_EQ(list.unit[2].base, 4275646464ull);
	EXPECT_EQ(list.unit[2].segment, 1);
	EXPECT_EQ(list.unit[3].segment, 0xffff);
}

static void bad_units_are_named_and_left_out(void)
{
	static const struct { const char *entry, *why; } bad[] = {
		{ "fed90000", "not a number" }, { "0x", "not a number" },
		{ "0xfed9000g", "not a number" }, { "@1", "not a number" },
		{ "-1", "not a number" }, { "0xfed90000 ", "not a number" },
		{ "0x1fffffffffffff000", "52 bits" }, { "0x10000000000000", "52 bits" },
		{ "99999999999999999999999999", "52 bits" },
		{ "0", "address zero" }, { "0x0@3", "address zero" },
		{ "0xfed90800", "4 KiB" }, { "1", "4 KiB" },
		{ "0xfed90000@", "segment" }, { "0xfed90000@x", "segment" },
		{ "0xfed90000@1@2", "segment" }, { "0xfed90000@65536", "65535" },
		{ "0xfed90000@99999999999999999999", "65535" },
	};
	char text[128];

	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		snprintf(text, sizeof(text), "0x1000,%s,0x2000", bad[i].entry);
		struct vtd_overrides list = units_of(text);

		EXPECT_EQ(list.count, 2);
		EXPECT_EQ(list.unit[1].base, 0x2000);
		EXPECT_EQ(lines, 1);
		if (!strstr(said, bad[i].why) || !strstr(said, "ignored")) {
			printf("# %s: %s", bad[i].entry, said);
			EXPECT(!"the reason");
		}
	}
	EXPECT_EQ(units_of("0xffffffffff000").unit[0].base, 0xffffffffff000ull);
	EXPECT_EQ(units_of("0x1000,0x1000@2").count, 1);
	EXPECT(strstr(said, "already"));
}

static void sixteen_units_and_no_more(void)
{
	char text[512] = "";

	for (unsigned int i = 1; i <= 18; i++)
		sprintf(text + strlen(text), "0x%x,", i * 0x1000);
	struct vtd_overrides list = units_of(text);

	EXPECT_EQ(list.count, 16);
	EXPECT_EQ(list.unit[15].base, 0x10000);
	EXPECT_EQ(lines, 2);
	EXPECT(strstr(said, "\"0x11000\" ignored: only 16"));
}

/* To the letter: other people's test suites match these */
static void what_was_heard(void)
{
	const struct vtd_options none = { 0 };
	struct vtd_options opt = words_of("on,strict,tboot_noforce,forcedac,relax_rmrr");

	vtd_options_confirm(&none, &opt, listen);
	EXPECT_STR(said, "");
	opt = words_of("sp_off,igfx_off,intgpu_off,sm_off,sm_on");
	vtd_options_confirm(&none, &opt, listen);
	EXPECT_STR(said, "Disable GFX device mapping\n"
		   "Disable integrated GPU device mapping\n"
		   "Disable supported super page\n"
		   "Enable scalable mode if hardware supports\n");
	/* Said once */
	said[0] = 0;
	vtd_options_confirm(&opt, &opt, listen);
	EXPECT_STR(said, "");
	opt = words_of("sm_on,sm_off");
	vtd_options_confirm(&none, &opt, listen);
	EXPECT_STR(said, "Scalable mode is disallowed\n");
}

VTD_TESTS("options",
	  TEST(what_was_heard),
	  TEST(each_word_sets_its_own_flag), TEST(no_prefix_counts), TEST(words_combine),
	  TEST(the_last_of_two_counts), TEST(parameters_add_up),
	  TEST(a_wrong_word_leaves_the_rest), TEST(hints),
	  TEST(parameters_of_their_own), TEST(semicolons), TEST(nothing_given_is_said),
	  TEST(control_characters_are_not_echoed), TEST(units_with_and_without_segment),
	  TEST(bad_units_are_named_and_left_out), TEST(sixteen_units_and_no_more))

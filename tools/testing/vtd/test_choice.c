// SPDX-License-Identifier: GPL-2.0
/* Parameters that name devices and regions: every form, every near miss, every limit. */
#include "vtd_test.h"
#include "device/choice.c"

static char said[4096];
static unsigned int lines;

static void listen(const char *line)
{
	EXPECT(!strchr(line, '\n'));
	EXPECT(strlen(line) < CHOICE_LINE);
	lines++;
	strncat(said, line, sizeof(said) - strlen(said) - 2);
	strcat(said, "\n");
}

/* An exact heap copy: ASan sees any read past the NUL */
static struct vtd_choices list_of(const char *text, bool classes)
{
	struct vtd_choices list = { 0 };
	char *copy = strdup(text);

	said[0] = '\0';
	lines = 0;
	vtd_choice_parse(&list, "some", classes, copy, listen);
	free(copy);
	return list;
}

static struct vtd_user_regions regions_of(const char *text)
{
	struct vtd_user_regions list = { 0 };
	char *copy = strdup(text);

	said[0] = '\0';
	lines = 0;
	vtd_choice_parse_regions(&list, copy, listen);
	free(copy);
	return list;
}

static const struct vtd_choice nic = {
	.segment = 0x1, .rid = 0x02fd, .vendor = 0x8086, .device = 0x10d3, .class = 0x020000,
};

static const struct {
	const char *text;
	bool names_it;
} named[] = {
	{ "0001:02:1f.5", true }, { "1:2:1f.5", true }, { "0001:02:1F.5", true },
	{ "02:1f.5", false }, { "0000:02:1f.5", false }, { "0001:02:1f.4", false },
	{ "0001:03:1f.5", false }, { "8086:10d3", true }, { "8086:10D3", true },
	{ "8086:10d4", false }, { "8087:10d3", false }, { "network", true },
	{ "02", true }, { "0200", true }, { "020000", true }, { "0201", false },
	{ "020001", false }, { "storage", false }, { "usb", false }, { "graphics", false },
	{ "multimedia", false }, { "1234:11e8,8086:10d3", true }, { ",,02,", true },
	{ "8086:10d3,1234:11e8", true },
};

static void each_form_names_what_it_says(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(named); i++) {
		struct vtd_choices list = list_of(named[i].text, true);

		EXPECT_EQ(lines, 0);
		if (vtd_choice_match(&list, &nic) != named[i].names_it) {
			printf("# %s\n", named[i].text);
			EXPECT_EQ(!named[i].names_it, named[i].names_it);
		}
	}
}

static const struct {
	const char *text;
	u32 class;
	bool named;
} deep[] = {
	{ "storage", 0x010802, true }, { "storage", 0x110000, false },
	{ "graphics", 0x030000, true }, { "graphics", 0x038000, true },
	{ "graphics", 0x040000, false }, { "multimedia", 0x040300, true },
	{ "multimedia", 0x030000, false }, { "network", 0x028000, true },
	{ "02", 0x028001, true }, { "0200", 0x020001, true },
};

static void class_words_have_their_depth(void)
{
	struct vtd_choices usb = list_of("usb", true);
	struct vtd_choice dev = { .class = 0x0c0330 };

	EXPECT(vtd_choice_match(&usb, &dev));
	dev.class = 0x0c0500;
	EXPECT(!vtd_choice_match(&usb, &dev));
	EXPECT(!vtd_choice_match(&(struct vtd_choices) { 0 }, &dev));
	for (unsigned int i = 0; i < ARRAY_SIZE(deep); i++) {
		struct vtd_choices list = list_of(deep[i].text, true);

		dev.class = deep[i].class;
		if (vtd_choice_match(&list, &dev) != deep[i].named)
			printf("# %s against %06x\n", deep[i].text, dev.class);
		EXPECT_EQ(vtd_choice_match(&list, &dev), deep[i].named);
	}
}

static const struct {
	const char *text;
	bool classes;
	const char *why;
} bad[] = {
	{ "02:00", true, "the function is missing" },
	{ "0000:02:00", true, "the function is missing" },
	{ "02:20.0", true, "larger than 1f" },
	{ "02:00.8", true, "larger than 7" },
	{ "02:00.10", true, "not a device's address" },
	{ "102:00.0", true, "not a device's address" },
	{ "10000:02:00.0", true, "not a device's address" },
	{ "1:2:3:4.0", true, "not a device's address" },
	{ ":00.0", true, "not a device's address" },
	{ "02:.0", true, "not a device's address" },
	{ "02:00.", true, "not a device's address" },
	{ ":02:00.0", true, "not a device's address" },
	{ "02:001.0", true, "not a device's address" },
	{ "86:10d3", true, "the function is missing" },
	{ "08086:10d3", true, "the function is missing" },
	{ "8086:010d3", true, "the function is missing" },
	{ "8086:", true, "the function is missing" },
	{ "8086:10d", true, "the function is missing" },
	{ "02:00.0 ", true, "not a device's address" },
	{ "eth0", true, "or a class: 0403" },
	{ "netwrok", true, "network" },
	{ "020", true, "or a class: 0403" },
	{ "02000000", true, "or a class: 0403" },
	{ "network", false, "a class cannot be given here" },
	{ "0200", false, "a class cannot be given here" },
	{ "eth0", false, "write a device as" },
};

static void wrong_entries_are_named_and_left_out(void)
{
	char text[64];

	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		snprintf(text, sizeof(text), "%s,1234:11e8", bad[i].text);
		EXPECT_EQ(list_of(text, bad[i].classes).count, 1);
		EXPECT_EQ(lines, 1);
		EXPECT(strstr(said, bad[i].text));
		EXPECT(strstr(said, bad[i].why));
		if (!strstr(said, bad[i].why))
			printf("# %s: %s", bad[i].text, said);
	}
	EXPECT(strstr(said, "intel_iommu.some=: "));
}

static void nothing_and_nonsense(void)
{
	char text[300];

	EXPECT_EQ(list_of("", true).count, 0);
	EXPECT_STR(said, "intel_iommu.some=: nothing given, nothing changed\n");
	EXPECT_EQ(regions_of("").count, 0);
	EXPECT_STR(said, "intel_iommu.rmrr=: nothing given, nothing changed\n");
	list_of("\x01\xff", true);
	EXPECT(strstr(said, "\"??\""));
	list_of("\x1f ~\x7f", true);
	EXPECT(strstr(said, "\"? ~?\""));
	memset(text, 'z', sizeof(text));
	text[299] = '\0';
	list_of(text, true);
	EXPECT(strstr(said, "shortened"));
}

/* 47 characters are shown; of more, the first 47 */
static void long_entries_are_shortened(void)
{
	char text[64], want[128];

	for (int len = 45; len < 51; len++) {
		memset(text, 'z', len);
		text[len] = '\0';
		list_of(text, true);
		snprintf(want, sizeof(want), "intel_iommu.some=: \"%.47s\"%s ignored: write",
			 text, len > 47 ? " (shortened)" : "");
		EXPECT(!strncmp(said, want, strlen(want)));
	}
}

static void sixteen_and_no_more(void)
{
	char text[512] = "";

	for (unsigned int i = 0; i < 18; i++)
		sprintf(text + strlen(text), "0:%x.0,", i);
	EXPECT_EQ(list_of(text, true).count, 16);
	EXPECT_EQ(lines, 2);
	/* What is wrong in itself is told so even where there is no room */
	strcat(text, "0:20.0");
	list_of(text, true);
	EXPECT(strstr(said, "larger than 1f"));
	text[0] = '\0';
	for (unsigned int i = 0; i < 17; i++)
		sprintf(text + strlen(text), "%x000-%xfff@0:5.0,", i, i);
	EXPECT_EQ(regions_of(text).count, 16);
	EXPECT_EQ(lines, 1);
	EXPECT(strstr(said, "only 16"));
	strcat(text, "2000-1fff@0:5.0");
	regions_of(text);
	EXPECT(strstr(said, "below the first"));
}

static void regions(void)
{
	struct vtd_user_regions list = regions_of("0x8b000000-0x8b0fffff@0001:02:1f.5,0-fff@5:0.0");

	EXPECT_EQ(lines, 0);
	EXPECT_EQ(list.count, 2);
	EXPECT_EQ(list.region[0].base, 0x8b000000);
	EXPECT_EQ(list.region[0].end, 0x8b0fffff);
	EXPECT_EQ(list.region[0].segment, 1);
	EXPECT_EQ(list.region[0].rid, 0x02fd);
	EXPECT_EQ(list.region[1].end, 0xfff);
	EXPECT_EQ(list.region[1].rid, 0x0500);
	EXPECT_EQ(regions_of("fffffffffffff-fffffffffffff@5:0.0").count, 1);
	/* As the kernel prints the memory map */
	list = regions_of("0x000000008b000000-0x000000008b0fffff@0:5.0");
	EXPECT_EQ(list.count, 1);
	EXPECT_EQ(list.region[0].base, 0x8b000000);
	EXPECT_EQ(list.region[0].end, 0x8b0fffff);
	list = regions_of("0X1000-0X1FFF@5:0.0,000000000003000-000000000003fff@5:0.0");
	EXPECT_EQ(list.count, 2);
	EXPECT_EQ(list.region[0].base, 0x1000);
	EXPECT_EQ(list.region[0].end, 0x1fff);
	EXPECT_EQ(list.region[1].base, 0x3000);
	EXPECT_EQ(list.region[1].end, 0x3fff);
}

static const struct {
	const char *text;
	const char *why;
} bad_regions[] = {
	{ "1000-1fff", "the device is missing" },
	{ "1000@0:5.0", "the last address is missing" },
	{ "1000-@0:5.0", "not hexadecimal" },
	{ "-1fff@0:5.0", "not hexadecimal" },
	{ "0x-1fff@0:5.0", "not hexadecimal" },
	{ "1x1000-1fff@0:5.0", "not hexadecimal" },
	{ "00000000000001000-1fff@0:5.0", "not hexadecimal" },
	{ "0-8000000000000000@0:5.0", "more than 52 bits" },
	{ "ffffffffffffffff-1fff@0:5.0", "below the first" },
	{ "1000-1ffg@0:5.0", "not hexadecimal" },
	{ "2000-1fff@0:5.0", "below the first" },
	{ "0-10000000000000@0:5.0", "more than 52 bits" },
	{ "0-ffffffffffffffffff@0:5.0", "not hexadecimal" },
	{ "1000-1fff@0:5", "the function is missing" },
	{ "1000-1fff@8086:10d3", "the function is missing" },
	{ "1000-1fff@", "not a device's address" },
	{ "@", "the last address is missing" },
};

static void bad_regions_are_named(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(bad_regions); i++) {
		EXPECT_EQ(regions_of(bad_regions[i].text).count, 0);
		EXPECT_EQ(lines, 1);
		EXPECT(strstr(said, "intel_iommu.rmrr=: \""));
		if (!strstr(said, bad_regions[i].why)) {
			printf("# %s: %s", bad_regions[i].text, said);
			EXPECT(!"the reason");
		}
	}
}

static const struct {
	const char *text;
	const char *shown;
} shown[] = {
	{ "02:1f.5", "0000:02:1f.5" }, { "FFFF:ff:1f.7", "ffff:ff:1f.7" },
	{ "8086:10D3", "8086:10d3" }, { "network", "class 020000/ff0000" },
	{ "usb", "class 0c0300/ffff00" }, { "0c0330", "class 0c0330/ffffff" },
	{ "02", "class 020000/ff0000" }, { "0200", "class 020000/ffff00" },
};

static void entries_in_words(void)
{
	char text[VTD_CHOICE_TEXT];
	struct vtd_choices list;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(shown); i++) {
		list = list_of(shown[i].text, true);
		EXPECT_EQ(list.count, 1);
		vtd_choice_text(&list.choice[0], text, sizeof(text));
		EXPECT_STR(text, shown[i].shown);
		if (list.choice[0].kind == VTD_CHOICE_CLASS)
			continue;
		list = list_of(text, true);
		EXPECT_EQ(list.count, 1);
		EXPECT(vtd_choice_match(&list, &list.choice[0]));
	}
}

VTD_TESTS("choice",
	  TEST(each_form_names_what_it_says), TEST(class_words_have_their_depth),
	  TEST(wrong_entries_are_named_and_left_out), TEST(nothing_and_nonsense),
	  TEST(long_entries_are_shortened), TEST(sixteen_and_no_more), TEST(regions),
	  TEST(bad_regions_are_named), TEST(entries_in_words))

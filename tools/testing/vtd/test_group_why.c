// SPDX-License-Identifier: GPL-2.0
/* The group report, whole texts from facts: each rule, each cure, what is not known. */
#include "vtd_test.h"
#include "observe/group_why.c"

#define BDF(bus, dev, fn) ((bus) << 8 | (dev) << 3 | (fn))

#define PORT0	BDF(0, 4, 0)
#define NIC	BDF(1, 0, 0)
#define NIC1	BDF(1, 0, 1)
#define SWITCH	BDF(1, 0, 0)
#define DOWN0	BDF(2, 0, 0)
#define DOWN1	BDF(2, 1, 0)
#define LEAF0	BDF(3, 0, 0)
#define LEAF1	BDF(4, 0, 0)
#define VMD	(0x10000ull << 16)

/* An exact heap buffer: ASan sees any write past its end */
static char *text_of(const struct vtd_why *why, size_t size)
{
	static struct vtd_why copy;
	static char *buf;
	size_t len;

	free(buf);
	buf = malloc(size);
	memset(buf, '!', size);
	copy = *why;
	len = vtd_why_text(&copy, buf, size);
	EXPECT(len < size);
	EXPECT_EQ(len, strnlen(buf, size));
	return buf;
}

static const struct {
	const char *text;
	struct vtd_why why;
} golden[] = {
	{ "group 7: 0000:01:00.0\n"
	  "  alone\n",
	  { .id = 7, .count = 1, .member = { NIC } } },

	/* A root port without the capability */
	{ "group 1: 0000:00:04.0 0000:01:00.0\n"
	  "  no isolation on the way up: 0000:00:04.0 has no ACS capability, 0000:01:00.0\n"
	  "  to split: another slot, or firmware that offers ACS there\n",
	  { .id = 1, .count = 2, .ties = 1, .member = { PORT0, NIC },
	    .tie = { { VTD_TIE_PORT, NIC, PORT0, PORT0, .missing = 0x1d } } } },

	/* It has it, and bits are off */
	{ "group 1: 0000:00:04.0 0000:01:00.0\n"
	  "  no isolation on the way up: 0000:00:04.0 has ACS without Source Validation, Request Redirect, Completion Redirect, Upstream Forwarding, 0000:01:00.0\n"
	  "  to split: pci=config_acs=111x1@0000:00:04.0\n",
	  { .id = 1, .count = 2, .ties = 1, .member = { PORT0, NIC },
	    .tie = { { VTD_TIE_PORT, NIC, PORT0, PORT0, .missing = 0x1d, .has_acs = true,
		       .settable = true } } } },
	{ "group 1: 0000:00:04.0 0000:01:00.0\n"
	  "  no isolation on the way up: 0000:00:04.0 has ACS without Request Redirect, 0000:01:00.0\n"
	  "  to split: another slot, or firmware that offers ACS there\n",
	  { .id = 1, .count = 2, .ties = 1, .member = { PORT0, NIC },
	    .tie = { { VTD_TIE_PORT, NIC, PORT0, PORT0, .missing = 0x04,
		       .has_acs = true } } } },
	{ "group 1: 0000:00:04.0 0000:01:00.0\n"
	  "  no isolation on the way up: 0000:00:04.0 has ACS that this kernel does not trust, 0000:01:00.0\n"
	  "  to split: another slot, or firmware that offers ACS there\n",
	  { .id = 1, .count = 2, .ties = 1, .member = { PORT0, NIC },
	    .tie = { { VTD_TIE_PORT, NIC, PORT0, PORT0, .has_acs = true } } } },

	/* Two functions behind one port: the port is told once, with both */
	{ "group 1: 0000:00:04.0 0000:01:00.0 0000:01:00.1\n"
	  "  no isolation on the way up: 0000:00:04.0 has no ACS capability, 0000:01:00.0, 0000:01:00.1\n"
	  "  to split: another slot, or firmware that offers ACS there\n",
	  { .id = 1, .count = 3, .ties = 2, .member = { PORT0, NIC, NIC1 },
	    .tie = { { VTD_TIE_PORT, NIC, PORT0, PORT0 },
		     { VTD_TIE_PORT, NIC1, PORT0, PORT0 } } } },

	/* A switch with two siblings, both ports settable: one string */
	{ "group 3: 0001:03:00.0 0001:04:00.0\n"
	  "  no isolation on the way up: 0001:02:00.0 has ACS without Source Validation, 0001:03:00.0\n"
	  "  no isolation on the way up: 0001:02:01.0 has ACS without Upstream Forwarding, 0001:04:00.0\n"
	  "  to split: pci=config_acs=xxxx1@0001:02:00.0;1xxxx@0001:02:01.0\n",
	  { .id = 3, .count = 2, .ties = 2, .member = { 1 << 16 | LEAF0, 1 << 16 | LEAF1 },
	    .tie = { { VTD_TIE_PORT, 1 << 16 | LEAF0, 1 << 16 | SWITCH, 1 << 16 | DOWN0,
		       .missing = 0x01, .has_acs = true, .settable = true },
		     { VTD_TIE_PORT, 1 << 16 | LEAF1, 1 << 16 | SWITCH, 1 << 16 | DOWN1,
		       .missing = 0x10, .has_acs = true, .settable = true } } } },
	/* Behind a VMD, in a domain above 0xffff: whole, and not that of another device */
	{ "group 11: 0000:01:00.0 10000:01:00.0\n"
	  "  alias: uses the requester id of, or is used by 0000:01:00.0, 10000:01:00.0\n"
	  "  to split: another slot; what shares a requester id cannot be told apart\n",
	  { .id = 11, .count = 2, .ties = 1, .member = { NIC, VMD | NIC },
	    .tie = { { VTD_TIE_ALIAS, VMD | NIC, NIC, NIC } } } },
	/* One of the two is not: the string would not help */
	{ "group 3: 0000:03:00.0 0000:04:00.0\n"
	  "  no isolation on the way up: 0000:02:00.0 has ACS without Source Validation, 0000:03:00.0\n"
	  "  no isolation on the way up: 0000:02:01.0 has no ACS capability, 0000:04:00.0\n"
	  "  to split: another slot, or firmware that offers ACS there\n",
	  { .id = 3, .count = 2, .ties = 2, .member = { LEAF0, LEAF1 },
	    .tie = { { VTD_TIE_PORT, LEAF0, SWITCH, DOWN0, .missing = 0x01, .has_acs = true,
		       .settable = true },
		     { VTD_TIE_PORT, LEAF1, SWITCH, DOWN1 } } } },

	/* One port on the way of two, settable: once in the string too */
	{ "group 1: 0000:00:04.0 0000:01:00.0 0000:01:00.1\n"
	  "  no isolation on the way up: 0000:00:04.0 has ACS without Request Redirect, 0000:01:00.0, 0000:01:00.1\n"
	  "  to split: pci=config_acs=xx1xx@0000:00:04.0\n",
	  { .id = 1, .count = 3, .ties = 2, .member = { PORT0, NIC, NIC1 },
	    .tie = { { VTD_TIE_PORT, NIC, PORT0, PORT0, .missing = 0x04, .has_acs = true,
		       .settable = true },
		     { VTD_TIE_PORT, NIC1, PORT0, PORT0, .missing = 0x04, .has_acs = true,
		       .settable = true } } } },

	/* The core stops at the downstream port */
	{ "group 4: 0000:03:00.0\n"
	  "  alone\n"
	  "  too small: what is below 0000:02:00.0 may reach other ports of the same switch past the unit\n",
	  { .id = 4, .count = 1, .ties = 2, .member = { LEAF0 },
	    .tie = { { VTD_TIE_PORT, LEAF0, DOWN0, DOWN0, .downstream = true },
		     { VTD_TIE_PORT, NIC1, DOWN0, DOWN0, .downstream = true } } } },
	{ "group 4: 0000:02:00.0 0000:03:00.0\n"
	  "  no isolation on the way up: 0000:02:00.0 has no ACS capability, 0000:03:00.0\n"
	  "  to split: another slot, or firmware that offers ACS there\n"
	  "  too small: what is below 0000:02:00.0 may reach other ports of the same switch past the unit\n",
	  { .id = 4, .count = 2, .ties = 1, .member = { DOWN0, LEAF0 },
	    .tie = { { VTD_TIE_PORT, LEAF0, DOWN0, DOWN0, .downstream = true } } } },

	/* A conventional bridge */
	{ "group 2: 0000:00:1e.0 0000:01:00.0 0000:01:00.1\n"
	  "  shared requester id: behind conventional bridge 0000:00:1e.0, 0000:01:00.0, 0000:01:00.1\n"
	  "  to split: another slot; what shares a requester id cannot be told apart\n",
	  { .id = 2, .count = 3, .ties = 2, .member = { BDF(0, 30, 0), NIC, NIC1 },
	    .tie = { { VTD_TIE_BRIDGE, NIC, BDF(0, 30, 0), BDF(0, 30, 0) },
		     { VTD_TIE_BRIDGE, NIC1, BDF(0, 30, 0), BDF(0, 30, 0) } } } },

	/* Two rules about one culprit are two lines, and no string undoes the bridge */
	{ "group 2: 0000:00:1e.0 0000:01:00.0 0000:01:00.1\n"
	  "  shared requester id: behind conventional bridge 0000:00:1e.0, 0000:01:00.0\n"
	  "  no isolation on the way up: 0000:00:1e.0 has ACS without Source Validation, 0000:01:00.1\n"
	  "  to split: another slot; what shares a requester id cannot be told apart\n",
	  { .id = 2, .count = 3, .ties = 2, .member = { BDF(0, 30, 0), NIC, NIC1 },
	    .tie = { { VTD_TIE_BRIDGE, NIC, BDF(0, 30, 0), BDF(0, 30, 0) },
		     { VTD_TIE_PORT, NIC1, BDF(0, 30, 0), BDF(0, 30, 0), .missing = 0x01,
		       .has_acs = true, .settable = true } } } },

	/* Functions of one device */
	{ "group 5: 0000:00:1f.0 0000:00:1f.2\n"
	  "  functions of one device: 0000:00:1f.2 has no ACS capability, 0000:00:1f.0\n"
	  "  to split: firmware that offers ACS there; another slot moves all of them\n",
	  { .id = 5, .count = 2, .ties = 1, .member = { BDF(0, 31, 0), BDF(0, 31, 2) },
	    .tie = { { VTD_TIE_FUNCTION, BDF(0, 31, 0), BDF(0, 31, 2),
		       BDF(0, 31, 2) } } } },
	{ "group 5: 0000:01:00.0 0000:01:00.1\n"
	  "  functions of one device: 0000:01:00.1 has ACS without Completion Redirect, 0000:01:00.0\n"
	  "  to split: pci=config_acs=x1xxx@0000:01:00.1\n",
	  { .id = 5, .count = 2, .ties = 1, .member = { NIC, NIC1 },
	    .tie = { { VTD_TIE_FUNCTION, NIC, NIC1, NIC1, .missing = 0x08, .has_acs = true,
		       .settable = true } } } },

	/* Neither has it: each is a culprit, none is named twice in its line */
	{ "group 5: 0000:00:1f.0 0000:00:1f.2\n"
	  "  functions of one device: 0000:00:1f.0 has no ACS capability, 0000:00:1f.2\n"
	  "  to split: firmware that offers ACS there; another slot moves all of them\n",
	  { .id = 5, .count = 2, .ties = 2, .member = { BDF(0, 31, 0), BDF(0, 31, 2) },
	    .tie = { { VTD_TIE_FUNCTION, BDF(0, 31, 0), BDF(0, 31, 0), BDF(0, 31, 0) },
		     { VTD_TIE_FUNCTION, BDF(0, 31, 2), BDF(0, 31, 0),
		       BDF(0, 31, 0) } } } },

	/* One uses the other's id */
	{ "group 6: 0000:01:00.0 0000:01:00.1\n"
	  "  alias: uses the requester id of, or is used by 0000:01:00.1, 0000:01:00.0\n"
	  "  to split: another slot; what shares a requester id cannot be told apart\n",
	  { .id = 6, .count = 2, .ties = 1, .member = { NIC, NIC1 },
	    .tie = { { VTD_TIE_ALIAS, NIC, NIC1, NIC1 } } } },

	/* No rule leads to the third and fourth, though they lead to each other */
	{ "group 8: 0000:00:04.0 0000:01:00.0 0000:03:00.0 0000:04:00.0\n"
	  "  no isolation on the way up: 0000:00:04.0 has no ACS capability, 0000:01:00.0\n"
	  "  functions of one device: 0000:04:00.0 has no ACS capability, 0000:03:00.0\n"
	  "  not explained: why here is 0000:03:00.0, 0000:04:00.0\n"
	  "  to split: another slot, or firmware that offers ACS there\n",
	  { .id = 8, .count = 4, .ties = 2, .member = { PORT0, NIC, LEAF0, LEAF1 },
	    .tie = { { VTD_TIE_PORT, NIC, PORT0, PORT0 },
		     { VTD_TIE_FUNCTION, LEAF0, LEAF1, LEAF1 } } } },
	{ "group 8: 0000:01:00.0 0000:03:00.0\n"
	  "  not explained: why here is 0000:03:00.0\n",
	  { .id = 8, .count = 2, .member = { NIC, LEAF0 } } },
	/* The far end first: the last is connected through the one before it */
	{ "group 9: 0000:00:04.0 0000:02:00.0 0000:03:00.0\n"
	  "  no isolation on the way up: 0000:02:00.0 has no ACS capability, 0000:03:00.0\n"
	  "  no isolation on the way up: 0000:00:04.0 has no ACS capability, 0000:02:00.0\n"
	  "  to split: another slot, or firmware that offers ACS there\n",
	  { .id = 9, .count = 3, .ties = 2, .member = { PORT0, DOWN0, LEAF0 },
	    .tie = { { VTD_TIE_PORT, LEAF0, DOWN0, DOWN0 },
		     { VTD_TIE_PORT, DOWN0, PORT0, PORT0 } } } },
	/* By way of something that is no member, in whatever order */
	{ "group 9: 0000:01:00.0 0000:03:00.0\n"
	  "  no isolation on the way up: 0000:02:00.0 has no ACS capability, 0000:03:00.0\n"
	  "  no isolation on the way up: 0000:00:04.0 has no ACS capability, 0000:02:00.0, 0000:01:00.0\n"
	  "  to split: another slot, or firmware that offers ACS there\n",
	  { .id = 9, .count = 2, .ties = 3, .member = { NIC, LEAF0 },
	    .tie = { { VTD_TIE_PORT, LEAF0, DOWN0, DOWN0 },
		     { VTD_TIE_PORT, DOWN0, PORT0, PORT0 },
		     { VTD_TIE_PORT, NIC, PORT0, PORT0 } } } },

	/* No string where not all is known */
	{ "group 1: 0000:00:04.0 0000:01:00.0\n"
	  "  not all is told: too many devices\n"
	  "  no isolation on the way up: 0000:00:04.0 has ACS without Source Validation, 0000:01:00.0\n"
	  "  to split: another slot, or firmware that offers ACS there\n",
	  { .id = 1, .count = 2, .ties = 1, .more = true, .member = { PORT0, NIC },
	    .tie = { { VTD_TIE_PORT, NIC, PORT0, PORT0, .missing = 0x01, .has_acs = true,
		       .settable = true } } } },
};

static void each_reason_and_cure(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(golden); i++)
		EXPECT_STR(text_of(&golden[i].why, VTD_WHY_TEXT), golden[i].text);
}

static void what_does_not_fit_is_left_out(void)
{
	const char *whole = golden[2].text;
	size_t size;

	for (size = 1; size < strlen(whole) + 2; size++)
		EXPECT(!strncmp(text_of(&golden[2].why, size), whole, size - 1));
}

/* Every slot filled: nodes of ties that are no members have to fit beside these */
static void as_full_as_can_be(void)
{
	static struct vtd_why why;
	const char *text;
	unsigned int i;

	why = (struct vtd_why) { .id = 1, .count = VTD_WHY_MEMBERS, .ties = VTD_WHY_TIES };
	for (i = 0; i < VTD_WHY_MEMBERS; i++)
		why.member[i] = i;
	for (i = 0; i < VTD_WHY_TIES; i++)
		why.tie[i] = (struct vtd_tie) {
			VTD_TIE_PORT, 0x10000 + 2 * i, 0x10001 + 2 * i, 0x10001 + 2 * i,
		};
	text = text_of(&why, VTD_WHY_TEXT);
	EXPECT(!strncmp(text, "group 1: 0000:00:00.0 0000:00:00.1", 34));
	EXPECT_EQ(strlen(text), VTD_WHY_TEXT - 1);
}

VTD_TESTS("group_why",
	  TEST(each_reason_and_cure), TEST(what_does_not_fit_is_left_out),
	  TEST(as_full_as_can_be))

// SPDX-License-Identifier: GPL-2.0
/* Paths of device scopes, on a tree of bridges made here. */
#include "vtd_test.h"

#include <linux/kernel.h>

#include "acpi/path.c"

/* Root bus 0: bridge 1c.0 -> 1..4; on bus 1 bridge 00.0 -> 2; on bus 2 03.7 -> 4 */
struct bridge {
	u8 bus, devfn;
	int secondary;
};

static const struct bridge tree[] = {
	{ 0, 0x1c << 3, 1 },
	{ 1, 0, 2 },
	{ 2, 3 << 3 | 7, 4 },
	{ 0, 0x1d << 3, 0 },	/* not configured: leads nowhere */
	{ 4, 0, 2 },		/* leads back */
	{ 4, 1 << 3, 4 },	/* leads to itself */
	{ 4, 2 << 3, 256 },	/* no such bus */
};

static unsigned int asked;

static int secondary(void *context, u8 bus, u8 devfn)
{
	unsigned int i;

	EXPECT(context == tree);
	asked++;
	for (i = 0; i < ARRAY_SIZE(tree); i++) {
		if (tree[i].bus == bus && tree[i].devfn == devfn)
			return tree[i].secondary;
	}
	return -ENODEV;
}

static struct dmar_dev_scope scope;
static u8 bus, devfn;

static int resolve(u8 start, u8 depth, u8 a, u8 b, u8 c, u8 d)
{
	scope = (struct dmar_dev_scope) {
		.bus = start, .depth = depth, .path = { a, b, c, d },
	};
	asked = 0;
	bus = 0xee;
	devfn = 0xee;
	return vtd_path_resolve(&scope, secondary, (void *)tree, &bus, &devfn);
}

static void one_hop(void)
{
	EXPECT_EQ(resolve(0xf0, 1, 0x1f << 3, 0, 0, 0), 0);
	EXPECT_EQ(bus, 0xf0);
	EXPECT_EQ(devfn, 0x1f << 3);
	EXPECT_EQ(asked, 0);
}

static void many_hops(void)
{
	EXPECT_EQ(resolve(0, 2, 0x1c << 3, 5, 0, 0), 0);
	EXPECT_EQ(bus, 1);
	EXPECT_EQ(devfn, 5);
	EXPECT_EQ(resolve(0, 4, 0x1c << 3, 0, 3 << 3 | 7, 0xfe), 0);
	EXPECT_EQ(bus, 4);
	EXPECT_EQ(devfn, 0xfe);
	EXPECT_EQ(asked, 3);
}

static void from_inner_bus(void)
{
	EXPECT_EQ(resolve(2, 2, 3 << 3 | 7, 8, 0, 0), 0);
	EXPECT_EQ(bus, 4);
	EXPECT_EQ(devfn, 8);
}

static void nowhere(void)
{
	EXPECT_EQ(resolve(0, 2, 1 << 3, 0, 0, 0), -ENODEV);
	EXPECT_EQ(resolve(0, 2, 0x1d << 3, 0, 0, 0), -EINVAL);
	EXPECT_EQ(resolve(4, 2, 0, 0, 0, 0), -EINVAL);
	EXPECT_EQ(resolve(4, 2, 1 << 3, 0, 0, 0), -EINVAL);
	EXPECT_EQ(resolve(4, 2, 2 << 3, 0, 0, 0), -EINVAL);
	EXPECT_EQ(bus, 0xee);
	EXPECT_EQ(devfn, 0xee);
}

static void bad_depth(void)
{
	EXPECT_EQ(resolve(0, 0, 0, 0, 0, 0), -EINVAL);
	EXPECT_EQ(resolve(0, VTD_PATH_MAX + 1, 0, 0, 0, 0), -EINVAL);
	EXPECT_EQ(resolve(0, 255, 0x1c << 3, 0, 0, 0), -EINVAL);
	EXPECT_EQ(asked, 0);
}

VTD_TESTS("path",
	  TEST(one_hop), TEST(many_hops), TEST(from_inner_bus), TEST(nowhere),
	  TEST(bad_depth))

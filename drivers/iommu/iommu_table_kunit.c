// SPDX-License-Identifier: GPL-2.0
/* Order, defects and walk of the early IOMMU detection table. */

#include <kunit/test.h>
#include <linux/array_size.h>
#include <linux/errno.h>
#include <linux/iommu_table.h>
#include <linux/string.h>

/* What was called, in order: a..d detect, A..D early_init, 0..3 late_init */
static char called[32] __initdata;
static unsigned int calls __initdata;
static int answer[4] __initdata;

static void __init note(char c)
{
	if (calls < sizeof(called) - 1)
		called[calls++] = c;
}

static int __init ask(unsigned int n)
{
	note('a' + n);
	return answer[n];
}

#define DETECT(n) static int __init detect##n(void) { return ask(n); }
#define EARLY(n) static void __init early##n(void) { note('A' + (n)); }
#define LATE(n) static void __init late##n(void) { note('0' + (n)); }

DETECT(0) EARLY(0) LATE(0)
DETECT(1) EARLY(1) LATE(1)
DETECT(2) EARLY(2) LATE(2)
DETECT(3) EARLY(3) LATE(3)

static int (*detector[])(void) __initdata = { detect0, detect1, detect2, detect3 };

static struct iommu_table_entry table[4] __initdata;

/* Entry @at of the table is detector @n, which comes after @after (-1: any) */
static void __init put(unsigned int at, int n, int after)
{
	static void (*early[])(void) __initdata = { early0, early1, early2, early3 };
	static void (*late[])(void) __initdata = { late0, late1, late2, late3 };

	table[at] = (struct iommu_table_entry) {
		.detect = detector[n],
		.depend = after < 0 ? NULL : detector[after],
		.early_init = early[n],
		.late_init = late[n],
	};
}

static void __init expect_order(struct kunit *test, const char *order)
{
	unsigned int i;

	for (i = 0; i < strlen(order); i++)
		KUNIT_EXPECT_PTR_EQ(test, table[i].detect,
				    detector[order[i] - 'a']);
}

static int __init table_test_init(struct kunit *test)
{
	memset(table, 0, sizeof(table));
	memset(called, 0, sizeof(called));
	memset(answer, 0, sizeof(answer));
	calls = 0;
	return 0;
}

static void __init sort_reverses_a_chain(struct kunit *test)
{
	put(0, 3, 2);
	put(1, 2, 1);
	put(2, 1, 0);
	put(3, 0, -1);
	KUNIT_EXPECT_EQ(test, iommu_table_sort(table, table + 4), 0);
	KUNIT_EXPECT_EQ(test, iommu_table_check(table, table + 4), 0);
	expect_order(test, "abcd");
}

static void __init sort_is_stable(struct kunit *test)
{
	put(0, 2, -1);
	put(1, 3, 0);
	put(2, 1, -1);
	put(3, 0, -1);
	KUNIT_EXPECT_EQ(test, iommu_table_sort(table, table + 4), 0);
	expect_order(test, "cbad");

	/* What is stepped over keeps its order too */
	put(0, 3, 0);
	put(1, 2, 0);
	put(2, 0, -1);
	put(3, 1, -1);
	KUNIT_EXPECT_EQ(test, iommu_table_sort(table, table + 4), 0);
	expect_order(test, "adcb");
}

/* Every order of the four in the table gives the same chain */
static void __init sort_all_orders(struct kunit *test)
{
	unsigned int i, a, b, c, d;

	for (i = 0; i < 256; i++) {
		a = i & 3;
		b = (i >> 2) & 3;
		c = (i >> 4) & 3;
		d = i >> 6;
		if ((BIT(a) | BIT(b) | BIT(c) | BIT(d)) != 0xf)
			continue;
		put(a, 0, -1);
		put(b, 1, 0);
		put(c, 2, 1);
		put(d, 3, 2);
		KUNIT_EXPECT_EQ(test, iommu_table_sort(table, table + 4), 0);
		expect_order(test, "abcd");
	}
}

static void __init cycle_is_reported(struct kunit *test)
{
	put(0, 1, 2);
	put(1, 2, 1);
	put(2, 0, -1);
	put(3, 3, 0);
	KUNIT_EXPECT_EQ(test, iommu_table_sort(table, table + 4), -ELOOP);
	KUNIT_EXPECT_EQ(test, iommu_table_check(table, table + 4), -ELOOP);
	expect_order(test, "adbc");
	iommu_table_walk(table, table + 4);
	KUNIT_EXPECT_STREQ(test, called, "adbcADBC");
}

static void __init self_dependency_is_a_cycle(struct kunit *test)
{
	put(0, 0, 0);
	put(1, 1, -1);
	KUNIT_EXPECT_EQ(test, iommu_table_sort(table, table + 2), -ELOOP);
	KUNIT_EXPECT_EQ(test, iommu_table_check(table, table + 2), -ELOOP);
	iommu_table_walk(table, table + 2);
	KUNIT_EXPECT_STREQ(test, called, "baBA");
}

static void __init missing_dependency_is_reported(struct kunit *test)
{
	put(0, 1, 3);
	put(1, 0, -1);
	KUNIT_EXPECT_EQ(test, iommu_table_sort(table, table + 2), 0);
	KUNIT_EXPECT_EQ(test, iommu_table_check(table, table + 2), -ENOENT);
	iommu_table_walk(table, table + 2);
	KUNIT_EXPECT_STREQ(test, called, "baBA");
}

static void __init empty_table(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, iommu_table_sort(table, table), 0);
	KUNIT_EXPECT_EQ(test, iommu_table_check(table, table), 0);
	iommu_table_walk(table, table);
	iommu_table_finish(table, table);
	KUNIT_EXPECT_STREQ(test, called, "");
}

static void __init init_only_what_was_detected(struct kunit *test)
{
	put(0, 0, -1);
	put(1, 1, 0);
	put(2, 2, 1);
	answer[1] = -ENODEV;
	iommu_table_walk(table, table + 3);
	KUNIT_EXPECT_STREQ(test, called, "abcAC");
	iommu_table_finish(table, table + 3);
	KUNIT_EXPECT_STREQ(test, called, "abcAC02");
}

static void __init finish_if_detected(struct kunit *test)
{
	put(0, 0, -1);
	put(1, 1, 0);
	put(2, 2, 1);
	table[1].flags = IOMMU_TABLE_FINISH_IF_DETECTED;
	iommu_table_walk(table, table + 3);
	iommu_table_finish(table, table + 3);
	KUNIT_EXPECT_STREQ(test, called, "abAB01");
}

static void __init finish_only_if_detected(struct kunit *test)
{
	put(0, 0, -1);
	put(1, 1, 0);
	table[0].flags = IOMMU_TABLE_FINISH_IF_DETECTED;
	answer[0] = -ENODEV;
	iommu_table_walk(table, table + 2);
	KUNIT_EXPECT_STREQ(test, called, "abB");
}

/* The kernel's own table, after the boot sorted it */
static void __init own_table_is_sound(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, iommu_table_check(__iommu_table, __iommu_table_end), 0);
	KUNIT_EXPECT_GE(test, __iommu_table_end - __iommu_table, 2);
}

static struct kunit_case table_cases[] __refdata = {
	KUNIT_CASE(sort_reverses_a_chain),
	KUNIT_CASE(sort_is_stable),
	KUNIT_CASE(sort_all_orders),
	KUNIT_CASE(cycle_is_reported),
	KUNIT_CASE(self_dependency_is_a_cycle),
	KUNIT_CASE(missing_dependency_is_reported),
	KUNIT_CASE(empty_table),
	KUNIT_CASE(init_only_what_was_detected),
	KUNIT_CASE(finish_if_detected),
	KUNIT_CASE(finish_only_if_detected),
	KUNIT_CASE(own_table_is_sound),
	{}
};

static struct kunit_suite table_suite __refdata = {
	.name = "iommu_table",
	.init = table_test_init,
	.test_cases = table_cases,
};

kunit_test_init_section_suite(table_suite);

MODULE_DESCRIPTION("KUnit tests of the early IOMMU detection table");
MODULE_LICENSE("GPL");

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The smallest harness that serves: a table of named functions, checks that
 * print what differed, TAP-like lines, and an exit status.
 *
 *	static void adds(void) { EXPECT_EQ(1 + 1, 2); }
 *	VTD_TESTS("arithmetic", TEST(adds))
 */
#ifndef VTD_TEST_H
#define VTD_TEST_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct vtd_test {
	const char *name;
	void (*run)(void);
};

static int vtd_test_failures;
static const char *vtd_test_skip;

#define EXPECT(cond)							\
	do {								\
		if (!(cond)) {						\
			vtd_test_failures++;				\
			printf("# %s:%d: %s\n", __FILE__, __LINE__, #cond); \
		}							\
	} while (0)

#define EXPECT_EQ(a, b)							\
	do {								\
		unsigned long long a_ = (unsigned long long)(a);	\
		unsigned long long b_ = (unsigned long long)(b);	\
									\
		if (a_ != b_) {						\
			vtd_test_failures++;				\
			printf("# %s:%d: %s is 0x%llx, not 0x%llx (%s)\n", \
			       __FILE__, __LINE__, #a, a_, b_, #b);	\
		}							\
	} while (0)

#define EXPECT_STR(a, b)						\
	do {								\
		const char *a_ = (a), *b_ = (b);			\
									\
		if (!a_ || strcmp(a_, b_)) {				\
			vtd_test_failures++;				\
			printf("# %s:%d: %s is \"%s\", not \"%s\"\n",	\
			       __FILE__, __LINE__, #a, a_ ? a_ : "(null)", b_); \
		}							\
	} while (0)

/* The test cannot run here; @why is shown to the user */
#define SKIP(why) do { vtd_test_skip = (why); return; } while (0)

#define TEST(fn) { #fn, fn }

static inline int vtd_test_main(const char *suite, const struct vtd_test *tests,
				unsigned int count)
{
	int bad = 0;

	for (unsigned int i = 0; i < count; i++) {
		vtd_test_failures = 0;
		vtd_test_skip = NULL;
		tests[i].run();
		if (vtd_test_skip && !vtd_test_failures) {
			printf("skip %s.%s: %s\n", suite, tests[i].name, vtd_test_skip);
			continue;
		}
		printf("%s %s.%s\n", vtd_test_failures ? "not ok" : "ok",
		       suite, tests[i].name);
		bad |= vtd_test_failures;
		fflush(stdout);
	}
	return bad ? 1 : 0;
}

#define VTD_TESTS(suite, ...)						\
int main(void)								\
{									\
	static const struct vtd_test tests[] = { __VA_ARGS__ };		\
									\
	return vtd_test_main(suite, tests, sizeof(tests) / sizeof(tests[0])); \
}

#endif /* VTD_TEST_H */

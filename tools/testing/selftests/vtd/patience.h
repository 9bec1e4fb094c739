/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included after kselftest_harness.h and before a test of the kernel's own: one test's
 * bound in seconds. It ends what hangs and must never decide what is only slow.
 */
#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 900

/* SPDX-License-Identifier: GPL-2.0 */
/* Lines of results, as the guest's shell programs print them. */
#ifndef VTD_VFIO_RESULT_H
#define VTD_VFIO_RESULT_H

#include <stdbool.h>

extern int failures;

/* "ok ..." or "not ok ..."; returns @good */
bool check(bool good, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "not ok", with errno in words, and the end */
void die(const char *what) __attribute__((noreturn));

#endif

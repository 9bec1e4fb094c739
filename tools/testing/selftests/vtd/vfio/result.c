// SPDX-License-Identifier: GPL-2.0
/* Lines of results */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "result.h"

int failures;

bool check(bool good, const char *format, ...)
{
	va_list args;

	failures += !good;
	va_start(args, format);
	printf("%s ", good ? "ok" : "not ok");
	vprintf(format, args);
	printf("\n");
	fflush(stdout);
	va_end(args);
	return good;
}

void die(const char *what)
{
	printf("not ok %s: %s\n", what, strerror(errno));
	exit(1);
}

/* SPDX-License-Identifier: GPL-2.0 */
/* Reading this machine's files, or those below another root. */
#ifndef VTD_SOURCE_H
#define VTD_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

/* No file that is read whole is larger; a log is read line by line */
#define SOURCE_MAX	(4u << 20)
#define SOURCE_NAMES	4096u
#define SOURCE_NAME	64u

/**
 * struct source - where the files are
 * @root: put in front of each path; "" is this machine
 */
struct source {
	const char *root;
};

/**
 * struct names - what a folder holds, sorted
 * @count: of @name
 * @name: each shorter than SOURCE_NAME, longer ones are left out
 */
struct names {
	unsigned int count;
	char (*name)[SOURCE_NAME];
};

/* fmt and arguments make a path that begins with a slash */
__attribute__((format(printf, 3, 4)))
void *source_read(const struct source *s, size_t *size, const char *fmt, ...);
__attribute__((format(printf, 4, 5)))
bool source_line(const struct source *s, char *buf, size_t size, const char *fmt, ...);
__attribute__((format(printf, 3, 4)))
bool source_number(const struct source *s, u64 *value, const char *fmt, ...);
__attribute__((format(printf, 4, 5)))
bool source_link(const struct source *s, char *buf, size_t size, const char *fmt, ...);
bool source_list(const struct source *s, const char *path, struct names *names);
void source_free(struct names *names);
void *source_file(const char *path, size_t *size);

#endif /* VTD_SOURCE_H */

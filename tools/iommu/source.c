// SPDX-License-Identifier: GPL-2.0
/* Files of sysfs, procfs and firmware, below any root; all reads are bounded. */
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "source.h"

#define PATH_ROOM	1024

static bool make_path(const struct source *s, char *path, const char *fmt, va_list args)
{
	int n = snprintf(path, PATH_ROOM, "%s", s->root);

	if (n < 0 || n >= PATH_ROOM)
		return false;
	return vsnprintf(path + n, PATH_ROOM - n, fmt, args) < PATH_ROOM - n;
}

/**
 * source_file - a whole file
 * @path: as it is
 * @size: its length; a NUL follows
 *
 * Files of sysfs do not tell their length: read until the end.
 *
 * Return: to be freed; NULL with errno if it cannot be read or is above SOURCE_MAX.
 */
void *source_file(const char *path, size_t *size)
{
	size_t room = 4096, n = 0, got;
	char *bytes = NULL, *more;
	FILE *f = fopen(path, "rb");

	if (!f)
		return NULL;
	for (;;) {
		more = realloc(bytes, room + 1);
		if (!more)
			break;
		bytes = more;
		got = fread(bytes + n, 1, room - n, f);
		n += got;
		if (n < room) {
			if (ferror(f))
				break;
			fclose(f);
			bytes[n] = 0;
			*size = n;
			return bytes;
		}
		if (room >= SOURCE_MAX) {
			errno = EFBIG;
			break;
		}
		room *= 2;
	}
	fclose(f);
	free(bytes);
	return NULL;
}

/**
 * source_read - a whole file below the root
 * @s: the root
 * @size: its length
 * @fmt: path, as printf
 *
 * Return: as source_file().
 */
void *source_read(const struct source *s, size_t *size, const char *fmt, ...)
{
	char path[PATH_ROOM];
	va_list args;
	bool fits;

	va_start(args, fmt);
	fits = make_path(s, path, fmt, args);
	va_end(args);
	return fits ? source_file(path, size) : NULL;
}

static bool first_line(const char *path, char *buf, size_t size)
{
	FILE *f = fopen(path, "r");
	bool got;

	buf[0] = 0;
	if (!f)
		return false;
	got = fgets(buf, size, f);
	fclose(f);
	buf[strcspn(buf, "\n")] = 0;
	return got;
}

/**
 * source_line - the first line of a file
 * @s: the root
 * @buf: filled, empty on failure
 * @size: of @buf
 * @fmt: path, as printf
 */
bool source_line(const struct source *s, char *buf, size_t size, const char *fmt, ...)
{
	char path[PATH_ROOM];
	va_list args;
	bool fits;

	buf[0] = 0;
	va_start(args, fmt);
	fits = make_path(s, path, fmt, args);
	va_end(args);
	return fits && first_line(path, buf, size);
}

/**
 * source_number - the number that a file holds
 * @s: the root
 * @value: filled; hexadecimal with 0x, decimal without
 * @fmt: path, as printf
 */
bool source_number(const struct source *s, u64 *value, const char *fmt, ...)
{
	char path[PATH_ROOM], line[64], *end;
	va_list args;
	bool fits;

	*value = 0;
	va_start(args, fmt);
	fits = make_path(s, path, fmt, args);
	va_end(args);
	if (!fits || !first_line(path, line, sizeof(line)))
		return false;
	*value = strtoull(line, &end, line[0] == '0' && line[1] == 'x' ? 16 : 10);
	return end != line;
}

/**
 * source_link - the last part of what a link says
 * @s: the root
 * @buf: filled, empty on failure
 * @size: of @buf
 * @fmt: path, as printf
 */
bool source_link(const struct source *s, char *buf, size_t size, const char *fmt, ...)
{
	char path[PATH_ROOM], target[PATH_ROOM];
	va_list args;
	ssize_t n;
	char *last;

	buf[0] = 0;
	va_start(args, fmt);
	n = make_path(s, path, fmt, args) ? readlink(path, target, sizeof(target) - 1) : -1;
	va_end(args);
	if (n < 0)
		return false;
	target[n] = 0;
	last = strrchr(target, '/');
	snprintf(buf, size, "%.*s", (int)size - 1, last ? last + 1 : target);
	return buf[0];
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

/**
 * source_list - what is in a folder
 * @s: the root
 * @path: the folder
 * @names: filled; to be given to source_free(), whatever is returned
 */
bool source_list(const struct source *s, const char *path, struct names *names)
{
	char full[PATH_ROOM];
	struct dirent *e;
	DIR *dir;

	*names = (struct names) { 0 };
	snprintf(full, sizeof(full), "%s%s", s->root, path);
	dir = opendir(full);
	if (!dir)
		return false;
	names->name = calloc(SOURCE_NAMES, SOURCE_NAME);
	while (names->name && names->count < SOURCE_NAMES && (e = readdir(dir))) {
		if (e->d_name[0] == '.' || strlen(e->d_name) >= SOURCE_NAME)
			continue;
		strcpy(names->name[names->count++], e->d_name);
	}
	closedir(dir);
	if (names->count)
		qsort(names->name, names->count, SOURCE_NAME, by_name);
	return true;
}

/**
 * source_free - end of a list
 * @names: from source_list()
 */
void source_free(struct names *names)
{
	free(names->name);
	*names = (struct names) { 0 };
}

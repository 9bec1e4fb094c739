/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Makes DMAR tables byte by byte, right ones and wrong ones, for KUnit and for
 * userspace.  A length of 0 in a call means: the true one.
 */
#ifndef VTD_TABLE_BUILD_H
#define VTD_TABLE_BUILD_H

#include <linux/string.h>

#define BUILD_MAX	4096

struct build {
	unsigned char b[BUILD_MAX];
	unsigned int n;
	unsigned int entry;	/* where the open structure begins */
};

static inline void put8(struct build *t, unsigned int v)
{
	t->b[t->n++] = v;
}

static inline void put16(struct build *t, unsigned int v)
{
	put8(t, v & 0xff);
	put8(t, v >> 8 & 0xff);
}

static inline void put32(struct build *t, unsigned int v)
{
	put16(t, v & 0xffff);
	put16(t, v >> 16);
}

static inline void put64(struct build *t, unsigned long long v)
{
	put32(t, v & 0xffffffff);
	put32(t, v >> 32);
}

static inline void set16(struct build *t, unsigned int at, unsigned int v)
{
	t->b[at] = v & 0xff;
	t->b[at + 1] = v >> 8;
}

static inline void build_start(struct build *t)
{
	memset(t, 0, sizeof(*t));
	memcpy(t->b, "DMAR", 4);
	t->b[8] = 1;
	memcpy(t->b + 10, "VTDTESTTABLE", 12);
	t->b[36] = 38;
	t->b[37] = 1;
	t->n = 48;
}

static inline void build_end(struct build *t)
{
	set16(t, 4, t->n);
}

static inline void entry_begin(struct build *t, unsigned int type)
{
	t->entry = t->n;
	put16(t, type);
	put16(t, 0);
}

static inline void entry_end(struct build *t, unsigned int length)
{
	set16(t, t->entry + 2, length ? length : t->n - t->entry);
}

/* Structures without end: device scopes may follow, then entry_end() */
static inline void drhd_begin(struct build *t, unsigned int flags,
			      unsigned int segment, unsigned long long base)
{
	entry_begin(t, 0);
	put8(t, flags);
	put8(t, 0);
	put16(t, segment);
	put64(t, base);
}

static inline void rmrr_begin(struct build *t, unsigned int segment,
			      unsigned long long base, unsigned long long end)
{
	entry_begin(t, 1);
	put16(t, 0);
	put16(t, segment);
	put64(t, base);
	put64(t, end);
}

/* type 2 (ATSR), 5 (SATC) or 6 (SIDP) */
static inline void ports_begin(struct build *t, unsigned int type,
			       unsigned int flags, unsigned int segment)
{
	entry_begin(t, type);
	put8(t, flags);
	put8(t, 0);
	put16(t, segment);
}

static inline void put_rhsa(struct build *t, unsigned long long base, unsigned int domain)
{
	entry_begin(t, 3);
	put32(t, 0);
	put64(t, base);
	put32(t, domain);
	entry_end(t, 0);
}

static inline void put_andd(struct build *t, unsigned int number, const char *name,
			    unsigned int padded)
{
	unsigned int i, n = strlen(name);

	entry_begin(t, 4);
	put16(t, 0);
	put8(t, 0);
	put8(t, number);
	for (i = 0; i < padded; i++)
		put8(t, i < n ? name[i] : 0);
	entry_end(t, 0);
}

/* @path: device and function of each hop, as in { 0x1c, 0, 0, 1 } */
static inline void put_scope(struct build *t, unsigned int type, unsigned int length,
			     unsigned int id, unsigned int bus,
			     const unsigned char *path, unsigned int bytes)
{
	unsigned int i;

	put8(t, type);
	put8(t, length ? length : 6 + bytes);
	put16(t, 0);
	put8(t, id);
	put8(t, bus);
	for (i = 0; i < bytes; i++)
		put8(t, path[i]);
}

static inline void scope_put(struct build *t, unsigned int type, unsigned int bus,
			     unsigned int device, unsigned int function)
{
	const unsigned char path[] = { device, function };

	put_scope(t, type, 0, 0, bus, path, sizeof(path));
}

#endif /* VTD_TABLE_BUILD_H */

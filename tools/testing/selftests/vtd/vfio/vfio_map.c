// SPDX-License-Identifier: GPL-2.0
/*
 * Mapping by the users' interfaces, seen by a device: page sizes, changes of page
 * sizes, permissions, both ends of the address space, bad requests, a second
 * device.
 *
 *	vfio_map type1|iommufd BITS DEVICE DEVICE
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "edu.h"
#include "memory.h"
#include "result.h"

#define HOME	0x10000ull	/* two pages that stay mapped */
#define LEN	256u

static struct space space;
static struct user_device one, two;
static uint8_t *home, *small, *large, *giant;
static unsigned int bits;

static void paint(uint8_t *va, size_t size)
{
	static uint32_t seed = 1;
	size_t i;

	for (i = 0; i < size; i++) {
		seed = seed * 1103515245 + 12345;
		va[i] = seed >> 16;
	}
}

/* What is at @va goes into the device and comes back, by @iova both times */
static bool reaches(struct user_device *dev, uint64_t iova, uint8_t *va, uint32_t len)
{
	uint8_t was[EDU_LEN];

	paint(va, len);
	memcpy(was, va, len);
	if (!edu_in(dev, iova, 0, len))
		return false;
	memset(va, 0, len);
	return edu_out(dev, iova, 0, len) && !memcmp(va, was, len);
}

/* A write to @iova does not change @va */
static bool write_refused(struct user_device *dev, uint64_t iova, uint8_t *va)
{
	uint8_t was[LEN];

	paint(va, LEN);
	memcpy(was, va, LEN);
	paint(home, LEN);
	return edu_in(dev, HOME, 0, LEN) && edu_out(dev, iova, 0, LEN) &&
	       !memcmp(va, was, LEN);
}

/* A read from @iova does not bring what is at @va */
static bool read_refused(struct user_device *dev, uint64_t iova, uint8_t *va)
{
	uint32_t i, same = 0;

	paint(va, LEN);
	memset(home, 0, LEN);
	if (!edu_in(dev, HOME, 0, LEN) || !edu_in(dev, iova, 0, LEN) ||
	    !edu_out(dev, HOME + PAGE, 0, LEN))
		return false;
	for (i = 0; i < LEN; i++)
		same += va[i] == home[PAGE + i];
	return same < LEN / 8;
}

static bool refused(struct user_device *dev, uint64_t iova, uint8_t *va)
{
	return write_refused(dev, iova, va) && read_refused(dev, iova, va);
}

/* The driver's own word for the size of every page from @iova on */
static bool leaves(uint64_t iova, uint64_t size, const char *want)
{
	char path[160], line[256], word[8];
	unsigned long long first, last;
	uint64_t seen = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/sys/kernel/debug/iommu/intel/%s/mappings",
		 one.address);
	f = fopen(path, "r");
	if (!f)
		die(path);
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "0x%llx - 0x%llx", &first, &last) != 2 ||
		    last < iova || first > iova + size - 1)
			continue;
		if (sscanf(strrchr(line, '\t'), "%7s", word) != 1 || strcmp(word, want))
			break;
		seen += last - first + 1;
	}
	fclose(f);
	return seen == size;
}

/* Bytes of a page, from a line "frame | entry ...": entries from the top, 0 if absent */
static uint64_t page_of(char *line, uint64_t *iova)
{
	static const uint64_t sizes[] = { 0, 0, GIB, 2 * MIB, PAGE };
	uint64_t entry[5] = { 0 };
	unsigned int n = 0, leaf = 0;
	char *word, *rest;

	word = strtok_r(line, " \t|\n", &rest);
	if (!word || sscanf(word, "0x%" SCNx64, iova) != 1)
		return 0;
	*iova *= PAGE;
	while (n < 5 && (word = strtok_r(NULL, " \t|\n", &rest)))
		if (sscanf(word, "0x%" SCNx64, &entry[n++]) != 1)
			return 0;
	for (n = 0; n < 5; n++)
		if (entry[n])
			leaf = n;
	return sizes[leaf];
}

/* The same by the file that programs read which know the stock driver */
static bool pages(uint64_t iova, uint64_t size, uint64_t want)
{
	uint64_t at, bytes, seen = 0;
	char path[160], line[256];
	FILE *f;

	snprintf(path, sizeof(path), "/sys/kernel/debug/iommu/intel/%s/domain_translation_struct",
		 one.address);
	f = fopen(path, "r");
	if (!f)
		die(path);
	while (fgets(line, sizeof(line), f)) {
		bytes = page_of(line, &at);
		if (!bytes || at + bytes - 1 < iova || at > iova + size - 1)
			continue;
		if (bytes != want || at != iova + seen)
			break;
		seen += bytes;
	}
	fclose(f);
	return seen == size;
}

/* Both ends and the first border of a mapping, there and then not there */
static void one_size(const char *name, uint64_t iova, uint8_t *va, uint64_t size,
		     const char *leaf)
{
	uint64_t bytes, middle = size > PAGE ? PAGE - 100 : 64;
	bool good;
	int err;

	err = space_map(&space, iova, va, size, MAY_BOTH);
	if (!check(!err, "%s: map %s", name, strerror(err)))
		return;
	if (leaf) {
		bytes = !strcmp(leaf, "4K") ? PAGE : !strcmp(leaf, "2M") ? 2 * MIB : GIB;
		check(leaves(iova, size, leaf), "%s: pages of %s", name, leaf);
		/* A line a page: not for hundreds of thousands */
		check(size / bytes > 4096 || pages(iova, size, bytes), "%s: each page", name);
	}
	good = reaches(&one, iova, va, LEN) &&
	       reaches(&one, iova + middle, va + middle, LEN) &&
	       reaches(&one, iova + size - LEN, va + size - LEN, LEN);
	check(good, "%s: the device reaches it", name);
	check(refused(&one, iova + size, va), "%s: not the page behind it", name);
	check(!iova || refused(&one, iova - PAGE, va), "%s: not the page before it", name);
	err = space_unmap(&space, iova, size);
	check(!err, "%s: unmap %s", name, strerror(err));
	good = refused(&one, iova, va) && refused(&one, iova + size - PAGE, va + size - PAGE);
	check(good, "%s: gone", name);
}

static void sizes(void)
{
	one_size("4K", 0x123000, small + 5 * PAGE, PAGE, "4K");
	one_size("64K scattered", 0x7f5000, small, 64 << 10, "4K");
	one_size("2M scattered", 0x40000000, small, 2 * MIB, "4K");
	one_size("2M", 0x40000000, large, 2 * MIB, "2M");
	one_size("2M at an odd offset", 0x40003000, large, 2 * MIB, "4K");
	one_size("8M", 0x50000000, large, 8 * MIB, "2M");
	one_size("edges of 4K around 2M", 0x60000000 + 2 * MIB - PAGE, large + 2 * MIB - PAGE,
		 2 * MIB + 2 * PAGE, NULL);
	one_size("1G", 2 * GIB, giant, GIB, "1G");
	one_size("1G at an odd offset of 2M", 2 * GIB + 2 * MIB, giant, GIB, "2M");
	one_size("1G at an odd offset of 4K", 6 * GIB + PAGE, giant, GIB, "4K");
}

static void must(int err, const char *what)
{
	if (err) {
		errno = err;
		die(what);
	}
}

/*
 * One range of 2 MiB in turn as a large page and as a table of small ones, the old
 * memory watched: an entry that was kept from before would lead there.
 */
static void two_to_small(uint64_t at)
{
	uint8_t *a = small, *b = small + MIB, *c = b + MIB / 2;

	must(space_map(&space, at, large, 2 * MIB, MAY_BOTH), "map 2M");
	check(reaches(&one, at + MIB, large + MIB, LEN), "2M to 4K: large page");
	must(space_unmap(&space, at, 2 * MIB), "unmap 2M");
	must(space_map(&space, at, a, MIB, MAY_BOTH), "map a");
	must(space_map(&space, at + MIB, b, MIB / 2, MAY_BOTH), "map b");
	must(space_map(&space, at + 3 * MIB / 2, c, MIB / 2, MAY_BOTH), "map c");
	check(reaches(&one, at, a, LEN) && reaches(&one, at + MIB, b, LEN) &&
	      reaches(&one, at + 3 * MIB / 2, c, LEN), "2M to 4K: three small pieces");
	check(leaves(at, 2 * MIB, "4K"), "2M to 4K: pages of 4K");
	must(space_unmap(&space, at + MIB, MIB / 2), "unmap b");
	check(refused(&one, at + MIB, b) && refused(&one, at + MIB, large + MIB),
	      "2M to 4K: the middle is gone");
	check(reaches(&one, at + MIB - LEN, b - LEN, LEN) &&
	      reaches(&one, at + 3 * MIB / 2, c, LEN), "2M to 4K: its neighbours are not");
	must(space_unmap(&space, at, MIB), "unmap a");
	must(space_unmap(&space, at + 3 * MIB / 2, MIB / 2), "unmap c");
	must(space_map(&space, at, large, 2 * MIB, MAY_BOTH), "map 2M again");
	check(leaves(at, 2 * MIB, "2M"), "4K to 2M: one page of 2M");
	check(reaches(&one, at, large, LEN) && reaches(&one, at + MIB, large + MIB, LEN) &&
	      reaches(&one, at + 2 * MIB - LEN, large + 2 * MIB - LEN, LEN),
	      "4K to 2M: the large page everywhere");
	must(space_unmap(&space, at, 2 * MIB), "unmap 2M again");
	check(refused(&one, at, large) && refused(&one, at, a) && refused(&one, at + MIB, b),
	      "4K to 2M: all gone");
}

static void giga_to_two(uint64_t at)
{
	must(space_map(&space, at + 4 * MIB, large, 8 * MIB, MAY_BOTH), "map 8M");
	check(reaches(&one, at + 4 * MIB, large, LEN), "2M to 1G: pages of 2M");
	must(space_unmap(&space, at + 4 * MIB, 8 * MIB), "unmap 8M");
	must(space_map(&space, at, giant, GIB, MAY_BOTH), "map 1G");
	check(leaves(at, GIB, "1G"), "2M to 1G: one page of 1G");
	check(reaches(&one, at + 4 * MIB, giant + 4 * MIB, LEN) &&
	      reaches(&one, at + 700 * MIB, giant + 700 * MIB, LEN), "2M to 1G: all of it");
	must(space_unmap(&space, at, GIB), "unmap 1G");
	must(space_map(&space, at + 4 * MIB, small, MIB, MAY_BOTH), "map 1M");
	check(reaches(&one, at + 4 * MIB, small, LEN), "1G to 4K: the small page");
	check(refused(&one, at + 8 * MIB, giant + 8 * MIB), "1G to 4K: the rest is gone");
	must(space_unmap(&space, at + 4 * MIB, MIB), "unmap 1M");
}

static void permissions(void)
{
	uint64_t at = 0x30000000;

	must(space_map(&space, at, small, 16 * PAGE, MAY_READ), "map for reading");
	paint(small, LEN);
	check(edu_in(&one, at, 0, LEN) && edu_out(&one, HOME, 0, LEN) &&
	      !memcmp(home, small, LEN), "read-only: read");
	check(write_refused(&one, at, small), "read-only: write refused");
	must(space_unmap(&space, at, 16 * PAGE), "unmap");
	must(space_map(&space, at, large, 2 * MIB, MAY_READ), "map 2M for reading");
	check(write_refused(&one, at + MIB, large + MIB), "read-only 2M: write refused");
	must(space_unmap(&space, at, 2 * MIB), "unmap");
	must(space_map(&space, at, small, 16 * PAGE, MAY_BOTH), "map for both");
	check(reaches(&one, at, small, LEN), "read-only, then both: both");
	must(space_unmap(&space, at, 16 * PAGE), "unmap");
}

static void expect(int got, int want, const char *what)
{
	check(got == want, "%s: %s", what, strerror(got));
}

static void ends(void)
{
	uint64_t top = 1ull << bits;

	one_size("page 0", 0, small, PAGE, "4K");
	must(space_map(&space, top - PAGE, small, PAGE, MAY_BOTH), "map the last page");
	check(reaches(&one, top - PAGE, small, LEN), "the last page");
	must(space_unmap(&space, top - PAGE, PAGE), "unmap the last page");
	check(refused(&one, top - PAGE, small), "the last page: gone");
	expect(space_map(&space, top, small, PAGE, MAY_BOTH), EINVAL, "first page above");
	check(refused(&one, top, small), "the device does not get there either");
	expect(space_map(&space, top - PAGE, small, 2 * PAGE, MAY_BOTH), EINVAL,
	       "half below, half above");
	expect(space_map(&space, 1ull << 63, small, PAGE, MAY_BOTH), EINVAL, "bit 63");
	expect(space_map(&space, 0xfee00000, small, PAGE, MAY_BOTH), EINVAL,
	       "window of the interrupts");
	expect(space_map(&space, 0xfedff000, small, 2 * PAGE, MAY_BOTH), EINVAL,
	       "into the window of the interrupts");
	/* Not one_size(): a write to the page before it is an interrupt */
	must(space_map(&space, 0xfef00000, small, PAGE, MAY_BOTH), "map behind the window");
	check(reaches(&one, 0xfef00000, small, LEN), "right behind the window");
	must(space_unmap(&space, 0xfef00000, PAGE), "unmap behind the window");
}

static void bad_requests(void)
{
	uint64_t at = 0x20000000;
	uint8_t *hole;

	expect(space_map(&space, at + 0x800, small, PAGE, MAY_BOTH), EINVAL, "unaligned address");
	expect(space_map(&space, at, small, 0x800, MAY_BOTH), EINVAL, "unaligned size");
	expect(space_map(&space, at, small, 0, MAY_BOTH), EINVAL, "no size");
	expect(space_map(&space, -PAGE, small, 2 * PAGE, MAY_BOTH),
	       space.iommufd ? EOVERFLOW : EINVAL, "wraps round");
	must(space_map(&space, at, small, 4 * PAGE, MAY_BOTH), "map");
	expect(space_map(&space, at + PAGE, large, PAGE, MAY_BOTH), EEXIST, "overlap");
	check(reaches(&one, at + PAGE, small + PAGE, LEN), "overlap: the first one stays");
	expect(space_unmap(&space, at + PAGE, PAGE), space.iommufd ? ENOENT : EINVAL,
	       "part of a mapping");
	check(reaches(&one, at + PAGE, small + PAGE, LEN), "part of a mapping: it stays");
	must(space_unmap(&space, at, 4 * PAGE), "unmap");
	expect(space_unmap(&space, at, 4 * PAGE), space.iommufd ? ENOENT : ENODATA,
	       "unmap what is not mapped");

	hole = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (hole == MAP_FAILED || munmap(hole + 4 * PAGE, 4 * PAGE))
		die("memory with a hole");
	expect(space_map(&space, at, hole, 8 * PAGE, MAY_BOTH), EFAULT, "memory with a hole");
	check(refused(&one, at, hole), "memory with a hole: none of it is mapped");
	one_size("then in order", at, hole, 4 * PAGE, "4K");
}

static void second_device(const char *first, const char *second)
{
	uint64_t at = 0x70000000;
	int err;

	must(space_map(&space, at, large, 4 * MIB, MAY_BOTH), "map");
	must(space_map(&space, at + 4 * MIB, small, 2 * MIB, MAY_BOTH), "map");
	err = device_open(&two, &space, second);
	if (!check(!err, "a second device joins: %s", strerror(err)))
		return;
	check(reaches(&two, at + 2 * MIB, large + 2 * MIB, LEN) &&
	      reaches(&two, at + 5 * MIB, small + MIB, LEN),
	      "the second reaches what was mapped before");
	must(space_unmap(&space, at, 4 * MIB), "unmap");
	check(refused(&one, at, large) && refused(&two, at, large), "gone for both");
	device_close(&one);
	check(reaches(&two, at + 5 * MIB, small + MIB, LEN), "the first left, the second stays");
	must(space_unmap(&space, at + 4 * MIB, 2 * MIB), "unmap");
	check(refused(&two, at + 5 * MIB, small + MIB), "gone for the second");
	err = device_open(&one, &space, first);
	check(!err && reaches(&one, HOME, home, LEN), "the first comes back: %s", strerror(err));
	device_close(&two);
}

int main(int argc, char **argv)
{
	if (argc != 5)
		return 2;
	bits = strtoul(argv[2], NULL, 0);
	home = scattered(2 * PAGE);
	small = scattered(4 * MIB);
	large = huge(8 * MIB, 21);
	giant = huge(GIB, 30);
	if (!home || !small || !large || !giant)
		die("memory");
	check(runs(small, 4 * MIB) > 4 * MIB / PAGE * 9 / 10, "pages are apart: %zu runs",
	      runs(small, 4 * MIB));
	must(space_open(&space, !strcmp(argv[1], "iommufd")), "open");
	must(device_open(&one, &space, argv[3]), "attach");
	must(space_map(&space, HOME, home, 2 * PAGE, MAY_BOTH), "map home");

	sizes();
	two_to_small(0x80000000);
	giga_to_two(8 * GIB);
	permissions();
	ends();
	bad_requests();
	second_device(argv[3], argv[4]);
	check(reaches(&one, HOME, home, LEN), "home is there to the end");
	device_close(&one);
	space_close(&space);
	return failures ? 1 : 0;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Memory of the kernel before, for a crash kernel: which it is, and reading it.
 *
 * Known from the header of the dump, which the kernel before made while it was well,
 * and never from what a table says.  Reserved regions (RMRR) may be read besides.
 */

#include <linux/cache.h>
#include <linux/crash_dump.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <kunit/static_stub.h>

#include "acpi/inventory.h"
#include "hw/entries.h"
#include "unit/old_memory.h"

/* Address of the dump's header; /proc/vmcore forgets it before late init */
static u64 dump_header __ro_after_init = ELFCORE_ADDR_MAX;

/**
 * vtd_old_memory_note - remember where the header of the dump is
 *
 * Context: early detect; the command line has been read.
 */
void __init vtd_old_memory_note(void)
{
	if (is_kdump_kernel())
		dump_header = elfcorehdr_addr;
}

/*
 * Any bytes, by pages, as /proc/vmcore does it.  Not by memremap(): a page that is in part
 * this kernel's (the dump's header may end in one) has no address in the direct map.
 */
static bool copy_from(u64 at, void *to, size_t size)
{
	while (size) {
		size_t part = min_t(size_t, size, VTD_PAGE_SIZE - offset_in_page(at));
		void __iomem *page = ioremap_cache(at & PAGE_MASK, VTD_PAGE_SIZE);

		if (!page)
			return false;
		memcpy_fromio(to, page + offset_in_page(at), part);
		iounmap(page);
		at += part;
		to += part;
		size -= part;
	}
	return true;
}

static bool read_page(u64 page, void *to)
{
	return copy_from(page, to, VTD_PAGE_SIZE);
}

static unsigned int count_reserved(struct vtd_range *range)
{
	const struct dmar_rmrr_unit *rmrr;
	unsigned int count = 0;

	list_for_each_entry(rmrr, &dmar_rmrr_units, list) {
		if (range)
			range[count] = (struct vtd_range) { rmrr->base, rmrr->end };
		count++;
	}
	return count;
}

static int take_segments(struct vtd_old_memory *memory, const void *table, unsigned int count)
{
	int ret = 0;

	down_read(&dmar_inventory_lock);
	memory->old = kvcalloc(count + count_reserved(NULL), sizeof(*memory->old), GFP_KERNEL);
	if (memory->old) {
		memory->old_count = vtd_old_ranges(table, count, memory->old);
		memory->old_count += count_reserved(memory->old + memory->old_count);
	} else {
		ret = -ENOMEM;
	}
	up_read(&dmar_inventory_lock);
	return ret;
}

static int find_old(struct vtd_old_memory *memory)
{
	u8 header[64];
	size_t at, bytes;
	void *table;
	int count, ret;

	if (dump_header == ELFCORE_ADDR_MAX || dump_header == ELFCORE_ADDR_ERR ||
	    !copy_from(dump_header, header, sizeof(header)))
		return -ENOENT;
	count = vtd_old_segments(header, sizeof(header), &at, &bytes);
	if (count < 0)
		return count;
	table = kvmalloc(bytes, GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	ret = copy_from(dump_header + at, table, bytes) ? take_segments(memory, table, count) :
							  -ENOENT;
	kvfree(table);
	return ret;
}

static int count_ours(struct resource *res, void *data)
{
	struct vtd_old_memory *memory = data;

	if (memory->ours)
		memory->ours[memory->ours_count] = (struct vtd_range) { res->start, res->end };
	memory->ours_count++;
	return 0;
}

static int find_ours(struct vtd_old_memory *memory)
{
	unsigned int count;

	walk_system_ram_res(0, U64_MAX, memory, count_ours);
	count = memory->ours_count;
	memory->ours = kvcalloc(count, sizeof(*memory->ours), GFP_KERNEL);
	if (!memory->ours)
		return -ENOMEM;
	memory->ours_count = 0;
	walk_system_ram_res(0, U64_MAX, memory, count_ours);
	/* No memory of ours at all is no answer */
	return memory->ours_count == count && count ? 0 : -EAGAIN;
}

/**
 * vtd_old_memory_open - find out what may be read of the kernel before
 * @memory: filled
 *
 * Context: may sleep; boot, when memory does not come or go; takes dmar_inventory_lock
 * for reading.
 * Return: 0; -ENOENT without a header of a dump, -EINVAL if it is none, -ENOMEM.
 * vtd_old_memory_close() comes next in any case.
 */
int vtd_old_memory_open(struct vtd_old_memory *memory)
{
	*memory = (struct vtd_old_memory) { .read = read_page };
	KUNIT_STATIC_STUB_REDIRECT(vtd_old_memory_open, memory);
	return find_ours(memory) ?: find_old(memory);
}

/**
 * vtd_old_memory_close - forget it again
 * @memory: from vtd_old_memory_open()
 */
void vtd_old_memory_close(struct vtd_old_memory *memory)
{
	kvfree(memory->old);
	kvfree(memory->ours);
}

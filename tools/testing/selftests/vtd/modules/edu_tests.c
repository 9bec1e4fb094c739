// SPDX-License-Identifier: GPL-2.0
/*
 * What a mapping lets through and what it refuses.  A refusal is seen from the
 * side that matters: memory that the device wrote to is unchanged, or what it
 * read is not what lies there.
 */
#include <linux/slab.h>

#include "edu.h"

#define SEED_A	0x11
#define SEED_B	0x5a
#define SEED_C	0xc3

/* The device reads one coherent page and writes the other. */
static void test_coherent(struct edu *edu, struct edu_result *res, u64 arg)
{
	struct device *dev = &edu->pdev->dev;
	dma_addr_t addr;
	u8 *va;

	va = dma_alloc_coherent(dev, 2 * PAGE_SIZE, &addr, GFP_KERNEL);
	if (!va)
		return edu_fail(res, "no coherent memory");
	edu_pattern(va, SEED_A, EDU_LEN);
	edu_pattern(va + PAGE_SIZE, SEED_B, EDU_LEN);
	if (edu_to_device(edu, addr, EDU_LEN) ||
	    edu_from_device(edu, addr + PAGE_SIZE, EDU_LEN))
		edu_fail(res, "the device does not answer");
	else if (!edu_is_pattern(va, SEED_A, EDU_LEN))
		edu_fail(res, "the page that was read has changed");
	else if (!edu_is_pattern(va + PAGE_SIZE, SEED_A, EDU_LEN))
		edu_fail(res, "what came back is not what was sent");
	else
		edu_say(res, "%d bytes read and written at %pad, equal",
			EDU_LEN, &addr);
	dma_free_coherent(dev, 2 * PAGE_SIZE, va, addr);
}

/* The same with streaming mappings, one for each direction. */
static void test_stream(struct edu *edu, struct edu_result *res, u64 arg)
{
	struct device *dev = &edu->pdev->dev;
	struct edu_page src, dst;
	dma_addr_t from, to;

	if (edu_page_get(&src, 0, SEED_B))
		return edu_fail(res, "no memory");
	if (edu_page_get(&dst, 0, SEED_C)) {
		edu_page_put(&src);
		return edu_fail(res, "no memory");
	}
	from = dma_map_page(dev, src.page, 0, PAGE_SIZE, DMA_TO_DEVICE);
	to = dma_map_page(dev, dst.page, 0, PAGE_SIZE, DMA_FROM_DEVICE);
	if (dma_mapping_error(dev, from) || dma_mapping_error(dev, to))
		edu_fail(res, "not mapped");
	else if (edu_to_device(edu, from, EDU_LEN) ||
		 edu_from_device(edu, to, EDU_LEN))
		edu_fail(res, "the device does not answer");
	if (!dma_mapping_error(dev, from))
		dma_unmap_page(dev, from, PAGE_SIZE, DMA_TO_DEVICE);
	if (!dma_mapping_error(dev, to))
		dma_unmap_page(dev, to, PAGE_SIZE, DMA_FROM_DEVICE);
	if (!res->failed && !edu_is_pattern(dst.va, SEED_B, EDU_LEN))
		edu_fail(res, "what came back is not what was sent");
	else if (!res->failed)
		edu_say(res, "page %pa as %pad, page %pa as %pad, equal",
			&src.pa, &from, &dst.pa, &to);
	edu_page_put(&src);
	edu_page_put(&dst);
}

/* A page whose own physical address no mapping of the device happens to use. */
static int get_unmapped_page(struct edu *edu, struct edu_page *p, u8 seed)
{
	struct edu_page tries[8] = { };
	int i, found = -1;

	for (i = 0; i < ARRAY_SIZE(tries) && found < 0; i++) {
		if (edu_page_get(&tries[i], GFP_DMA32, seed))
			break;
		if (!edu_is_mapped(edu, tries[i].pa))
			found = i;
	}
	for (i = 0; i < ARRAY_SIZE(tries); i++) {
		if (i != found)
			edu_page_put(&tries[i]);
	}
	if (found < 0)
		return -ENOENT;
	*p = tries[found];
	return 0;
}

/* A write and a read at an address that was never mapped. */
static void test_never(struct edu *edu, struct edu_result *res, u64 arg)
{
	struct edu_page p, back;
	struct device *dev = &edu->pdev->dev;
	dma_addr_t to;

	if (edu_is_direct(edu))
		return edu_skip(res, "the device's domain is identity");
	if (get_unmapped_page(edu, &p, SEED_A))
		return edu_fail(res, "no page is unmapped for the device");
	if (edu_page_get(&back, 0, SEED_C)) {
		edu_page_put(&p);
		return edu_fail(res, "no memory");
	}
	to = dma_map_page(dev, back.page, 0, PAGE_SIZE, DMA_FROM_DEVICE);
	if (dma_mapping_error(dev, to) || edu_load(edu, SEED_B) ||
	    edu_from_device(edu, p.pa, EDU_LEN) ||
	    edu_to_device(edu, p.pa, EDU_LEN) ||
	    edu_from_device(edu, to, EDU_LEN))
		edu_fail(res, "the device does not answer");
	dma_unmap_page(dev, to, PAGE_SIZE, DMA_FROM_DEVICE);
	if (!edu_is_pattern(p.va, SEED_A, EDU_LEN))
		edu_fail(res, "a write to %pa arrived", &p.pa);
	if (edu_is_pattern(back.va, SEED_A, EDU_LEN))
		edu_fail(res, "a read from %pa was answered", &p.pa);
	if (!res->failed)
		edu_say(res, "write to and read from %pa refused", &p.pa);
	edu_page_put(&back);
	edu_page_put(&p);
}

/* Map, let the device write, unmap, let it write again. Returns what arrived. */
static int write_after_unmap(struct edu *edu, struct edu_result *res,
			     dma_addr_t *addr)
{
	struct device *dev = &edu->pdev->dev;
	struct edu_page p;
	int ret = -EIO;

	if (edu_load(edu, SEED_B) || edu_page_get(&p, 0, SEED_A))
		return -ENOMEM;
	*addr = dma_map_page(dev, p.page, 0, PAGE_SIZE, DMA_FROM_DEVICE);
	if (dma_mapping_error(dev, *addr))
		goto out;
	ret = edu_from_device(edu, *addr, EDU_LEN);
	dma_unmap_page(dev, *addr, PAGE_SIZE, DMA_FROM_DEVICE);
	if (ret)
		goto out;
	if (!edu_is_pattern(p.va, SEED_B, EDU_LEN)) {
		edu_fail(res, "the write before unmap did not arrive");
		goto out;
	}
	edu_pattern(p.va, SEED_C, EDU_LEN);
	ret = edu_from_device(edu, *addr, EDU_LEN);
	if (!ret)
		ret = !edu_is_pattern(p.va, SEED_C, EDU_LEN);
out:
	edu_page_put(&p);
	return ret;
}

static void test_unmapped(struct edu *edu, struct edu_result *res, u64 arg)
{
	dma_addr_t addr;
	int ret;

	if (edu_is_direct(edu))
		return edu_skip(res, "the device's domain is identity");
	ret = write_after_unmap(edu, res, &addr);
	if (ret < 0)
		edu_fail(res, "error %d", ret);
	else if (ret)
		edu_fail(res, "a write to %pad arrived after unmap", &addr);
	else
		edu_say(res, "write to %pad after unmap refused", &addr);
}

/* In lazy mode the window is open for a while: say which, fail on neither. */
static void test_lazy(struct edu *edu, struct edu_result *res, u64 arg)
{
	dma_addr_t addr;
	int ret;

	if (edu_is_direct(edu))
		return edu_skip(res, "the device's domain is identity");
	ret = write_after_unmap(edu, res, &addr);
	if (ret < 0)
		edu_fail(res, "error %d", ret);
	else
		edu_say(res, "write to %pad after unmap %s", &addr,
			ret ? "arrived" : "refused");
}

static void release_page(struct edu *edu, struct edu_result *res)
{
	dma_unmap_page(&edu->pdev->dev, edu->held_at, PAGE_SIZE, DMA_TO_DEVICE);
	edu_page_put(&edu->held);
}

/* A mapping that the device may only read; the verdict is made from the tables. */
static void test_readonly(struct edu *edu, struct edu_result *res, u64 arg)
{
	struct device *dev = &edu->pdev->dev;
	struct edu_page p;
	dma_addr_t addr;

	if (edu_is_direct(edu))
		return edu_skip(res, "the device's domain is identity");
	if (edu_load(edu, SEED_B) || edu_page_get(&p, 0, SEED_A))
		return edu_fail(res, "no memory, or the device does not answer");
	addr = dma_map_page(dev, p.page, 0, PAGE_SIZE, DMA_TO_DEVICE);
	if (dma_mapping_error(dev, addr)) {
		edu_page_put(&p);
		return edu_fail(res, "not mapped");
	}
	if (edu_from_device(edu, addr, EDU_LEN))
		edu_fail(res, "the device does not answer");
	if (!edu_is_pattern(p.va, SEED_A, EDU_LEN))
		edu_fail(res, "a write to %pad arrived", &addr);
	else if (!res->failed)
		edu_say(res, "write to %pad refused", &addr);
	edu->held = p;
	edu->held_at = addr;
	edu_hold(edu, release_page);
}

const struct edu_test edu_basic_tests[] = {
	{ "coherent", test_coherent },
	{ "stream", test_stream },
	{ "never", test_never },
	{ "unmapped", test_unmapped },
	{ "lazy", test_lazy },
	{ "readonly", test_readonly },
	{ }
};

// SPDX-License-Identifier: GPL-2.0
/*
 * The other side of the refusals: what a device does that nothing translates
 * for, so that each test of a gain is seen to be able to fail; and DMA that
 * must not arrive, for faults of every kind.
 */
#include <linux/io.h>
#include <linux/iommu.h>
#include <linux/scatterlist.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "edu.h"

#define SEED_A	0x35
#define SEED_B	0x7c
#define SG_PAGES 4

/* By its physical address a page is read and written: nothing translates. */
static void test_direct(struct edu *edu, struct edu_result *res, u64 arg)
{
	struct edu_page from, to;

	if (edu_page_get(&from, GFP_DMA32, SEED_A))
		return edu_fail(res, "no memory");
	if (edu_page_get(&to, GFP_DMA32, SEED_B)) {
		edu_page_put(&from);
		return edu_fail(res, "no memory");
	}
	if (edu_to_device(edu, from.pa, EDU_LEN) ||
	    edu_from_device(edu, to.pa, EDU_LEN))
		edu_fail(res, "the device does not answer");
	else if (!edu_is_pattern(to.va, SEED_A, EDU_LEN))
		edu_fail(res, "%pa is not reached by that address", &to.pa);
	else
		edu_say(res, "%pa read and %pa written, nothing between",
			&from.pa, &to.pa);
	edu_page_put(&to);
	edu_page_put(&from);
}

/* A mapping of a device that no unit knows is refused, reads and writes. */
static void test_swallowed(struct edu *edu, struct edu_result *res, u64 arg)
{
	struct edu_page from, to;

	if (edu_page_get(&from, GFP_DMA32, SEED_A))
		return edu_fail(res, "no memory");
	if (edu_page_get(&to, GFP_DMA32, SEED_B)) {
		edu_page_put(&from);
		return edu_fail(res, "no memory");
	}
	if (edu_to_device(edu, from.pa, EDU_LEN) ||
	    edu_from_device(edu, to.pa, EDU_LEN))
		edu_fail(res, "the device does not answer");
	else if (!edu_is_pattern(to.va, SEED_B, EDU_LEN))
		edu_fail(res, "a write to %pa arrived", &to.pa);
	else
		edu_say(res, "DMA at %pa and %pa refused", &from.pa, &to.pa);
	edu_page_put(&to);
	edu_page_put(&from);
}

/* argument: an address where the device writes in vain, RAM or not. */
static void test_shut(struct edu *edu, struct edu_result *res, u64 arg)
{
	bool ram = pfn_valid(PHYS_PFN(arg));
	u8 *va = ram ? memremap(arg, EDU_LEN, MEMREMAP_WB) : NULL;
	u8 *old = kmalloc(EDU_LEN, GFP_KERNEL);

	if (!old || (ram && !va)) {
		edu_fail(res, "cannot map %#llx", arg);
		goto out;
	}
	if (va)
		memcpy(old, va, EDU_LEN);
	if (edu_load(edu, SEED_B) || edu_from_device(edu, arg, EDU_LEN))
		edu_fail(res, "the device does not answer");
	else if (va && edu_is_pattern(va, SEED_B, EDU_LEN))
		edu_fail(res, "write to %#llx arrived", arg);
	else
		edu_say(res, "write to %#llx %s", arg, va ? "refused" : "done");
	if (va && edu_is_pattern(va, SEED_B, EDU_LEN))
		memcpy(va, old, EDU_LEN);
out:
	if (va)
		memunmap(va);
	kfree(old);
}

static void release_blocked(struct edu *edu, struct edu_result *res)
{
	dma_addr_t addr = edu->held_at;

	iommu_device_release_dma_owner(&edu->pdev->dev);
	if (edu_from_device(edu, addr, EDU_LEN) ||
	    !edu_is_pattern(edu->held.va, SEED_B, EDU_LEN))
		edu_fail(res, "blocked, and does not work again afterwards");
	else
		edu_say(res, "write to %pad arrived afterwards", &addr);
	dma_unmap_page(&edu->pdev->dev, addr, PAGE_SIZE, DMA_BIDIRECTIONAL);
	edu_page_put(&edu->held);
}

/* Its domain is taken away: the page that it could write it cannot write. */
static void test_blocked(struct edu *edu, struct edu_result *res, u64 arg)
{
	struct device *dev = &edu->pdev->dev;
	struct edu_page p;
	dma_addr_t addr;

	if (edu_is_direct(edu))
		return edu_skip(res, "the device's domain is identity");
	if (edu_load(edu, SEED_B) || edu_page_get(&p, 0, SEED_A))
		return edu_fail(res, "no memory, or the device does not answer");
	addr = dma_map_page(dev, p.page, 0, PAGE_SIZE, DMA_BIDIRECTIONAL);
	if (dma_mapping_error(dev, addr)) {
		edu_page_put(&p);
		return edu_fail(res, "not mapped");
	}
	if (iommu_device_claim_dma_owner(dev, edu)) {
		dma_unmap_page(dev, addr, PAGE_SIZE, DMA_BIDIRECTIONAL);
		edu_page_put(&p);
		return edu_fail(res, "the group cannot be claimed");
	}
	if (edu_from_device(edu, addr, EDU_LEN))
		edu_fail(res, "the device does not answer");
	else if (!edu_is_pattern(p.va, SEED_A, EDU_LEN))
		edu_fail(res, "a write of a blocked device arrived");
	if (!res->failed)
		edu_say(res, "write to %pad refused", &addr);
	edu->held = p;
	edu->held_at = addr;
	edu_hold(edu, release_blocked);
}

/* A page above 4 GiB for a 32-bit device, where only a copy can help. */
static void test_bounce(struct edu *edu, struct edu_result *res, u64 arg)
{
	struct device *dev = &edu->pdev->dev;
	struct edu_page p;
	dma_addr_t addr;

	if (dma_set_mask_and_coherent(dev, DMA_BIT_MASK(32)))
		return edu_fail(res, "no 32-bit mask");
	if (edu_page_get(&p, 0, SEED_A))
		return edu_fail(res, "no memory");
	if (p.pa < SZ_4G) {
		edu_page_put(&p);
		return edu_fail(res, "no memory above 4 GiB");
	}
	addr = dma_map_page(dev, p.page, 0, PAGE_SIZE, DMA_TO_DEVICE);
	if (dma_mapping_error(dev, addr)) {
		edu_fail(res, "not mapped");
	} else {
		if (addr == p.pa || addr + PAGE_SIZE > SZ_4G)
			edu_fail(res, "%pa as %pad: no copy", &p.pa, &addr);
		else
			edu_say(res, "%pa copied to %pad", &p.pa, &addr);
		dma_unmap_page(dev, addr, PAGE_SIZE, DMA_TO_DEVICE);
	}
	edu_page_put(&p);
}

/* Scattered pages stay scattered. */
static void test_split(struct edu *edu, struct edu_result *res, u64 arg)
{
	struct edu_page p[2 * SG_PAGES] = { };
	struct device *dev = &edu->pdev->dev;
	struct sg_table sgt;
	int i;

	if (dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64)))
		return edu_fail(res, "no 64-bit mask");
	if (sg_alloc_table(&sgt, SG_PAGES, GFP_KERNEL))
		return edu_fail(res, "no memory");
	for (i = 0; i < 2 * SG_PAGES; i++) {
		if (edu_page_get(&p[i], 0, SEED_A)) {
			edu_fail(res, "no memory");
			goto out;
		}
	}
	for (i = 0; i < SG_PAGES; i++)
		sg_set_page(&sgt.sgl[i], p[2 * i].page, PAGE_SIZE, 0);
	if (dma_map_sgtable(dev, &sgt, DMA_TO_DEVICE, 0)) {
		edu_fail(res, "not mapped");
		goto out;
	}
	if (sgt.nents != SG_PAGES)
		edu_fail(res, "%u ranges of %d pages", sgt.nents, SG_PAGES);
	else
		edu_say(res, "%u ranges of %d pages", sgt.nents, SG_PAGES);
	dma_unmap_sgtable(dev, &sgt, DMA_TO_DEVICE, 0);
out:
	for (i = 0; i < 2 * SG_PAGES; i++)
		edu_page_put(&p[i]);
	sg_free_table(&sgt);
}

const struct edu_test edu_direct_tests[] = {
	{ "direct", test_direct },
	{ "swallowed", test_swallowed },
	{ "shut", test_shut },
	{ "blocked", test_blocked },
	{ "bounce", test_bounce },
	{ "split", test_split },
	{ }
};

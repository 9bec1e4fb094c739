// SPDX-License-Identifier: GPL-2.0
/*
 * What an IOMMU is bought for beside protection: reach for narrow devices,
 * scattered memory as one range, devices kept apart; and DMA at an address that
 * the caller names, for reserved regions and fault storms.
 */
#include <linux/io.h>
#include <linux/iommu.h>
#include <linux/scatterlist.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "edu.h"

#define SEED_A	0x21
#define SEED_B	0x6b
#define SEED_C	0xd4
#define SG_PAGES 16
#define SEAM	4032

/* A page above 4 GiB: the allocator prefers high memory where there is some. */
static int get_high_page(struct edu_page *p, u8 seed)
{
	struct edu_page low[16] = { };
	int i, ret = -ENOENT;

	for (i = 0; i < ARRAY_SIZE(low); i++) {
		if (edu_page_get(&low[i], 0, seed))
			break;
		if (low[i].pa >= SZ_4G) {
			*p = low[i];
			low[i].page = NULL;
			ret = 0;
			break;
		}
	}
	for (i = 0; i < ARRAY_SIZE(low); i++)
		edu_page_put(&low[i]);
	return ret;
}

/* A 32-bit device reads and writes a page above 4 GiB, itself and no copy. */
static void test_high(struct edu *edu, struct edu_result *res, u64 arg)
{
	struct device *dev = &edu->pdev->dev;
	struct iommu_domain *domain = iommu_get_domain_for_dev(dev);
	struct edu_page p;
	dma_addr_t addr;

	if (edu_is_direct(edu))
		return edu_skip(res, "the device's domain is identity");
	if (dma_set_mask_and_coherent(dev, DMA_BIT_MASK(32)))
		return edu_fail(res, "no 32-bit mask");
	if (get_high_page(&p, SEED_A))
		return edu_skip(res, "no memory above 4 GiB");
	addr = dma_map_page(dev, p.page, 0, PAGE_SIZE, DMA_BIDIRECTIONAL);
	if (dma_mapping_error(dev, addr)) {
		edu_page_put(&p);
		return edu_fail(res, "not mapped");
	}
	if (addr + PAGE_SIZE > SZ_4G)
		edu_fail(res, "%pad is beyond the mask", &addr);
	if (iommu_iova_to_phys(domain, addr) != p.pa)
		edu_fail(res, "%pad does not lead to %pa: bounced", &addr, &p.pa);
	if (edu_to_device(edu, addr, EDU_LEN))
		edu_fail(res, "the device does not answer");
	edu_pattern(p.va, SEED_B, EDU_LEN);
	if (edu_from_device(edu, addr, EDU_LEN))
		edu_fail(res, "the device does not answer");
	if (!edu_is_pattern(p.va, SEED_A, EDU_LEN))
		edu_fail(res, "what came back is not what was sent");
	dma_unmap_page(dev, addr, PAGE_SIZE, DMA_BIDIRECTIONAL);
	if (!res->failed)
		edu_say(res, "page %pa as %pad, no copy", &p.pa, &addr);
	edu_page_put(&p);
}

/* One DMA across each seam between two pages of the range. */
static void walk_seams(struct edu *edu, struct edu_result *res,
		       struct edu_page *p, dma_addr_t addr)
{
	int i;

	for (i = 0; i + 1 < SG_PAGES; i++) {
		memset(p[i].va, i, PAGE_SIZE);
		memset(p[i + 1].va, i + 1, PAGE_SIZE);
		if (edu_to_device(edu, addr + i * PAGE_SIZE + PAGE_SIZE - SEAM / 2, SEAM) ||
		    edu_from_device(edu, addr, SEAM))
			return edu_fail(res, "the device does not answer");
		if (memchr_inv(p[0].va, i, SEAM / 2) ||
		    memchr_inv(p[0].va + SEAM / 2, i + 1, SEAM / 2))
			return edu_fail(res, "seam %d is wrong", i);
	}
}

static void map_scattered(struct edu *edu, struct edu_result *res,
			  struct edu_page *p)
{
	struct device *dev = &edu->pdev->dev;
	struct sg_table sgt;
	dma_addr_t addr;
	int i;

	if (sg_alloc_table(&sgt, SG_PAGES, GFP_KERNEL))
		return edu_fail(res, "no memory");
	for (i = 0; i < SG_PAGES; i++)
		sg_set_page(&sgt.sgl[i], p[i].page, PAGE_SIZE, 0);
	if (dma_map_sgtable(dev, &sgt, DMA_BIDIRECTIONAL, 0)) {
		edu_fail(res, "not mapped");
		goto out;
	}
	addr = sg_dma_address(sgt.sgl);
	if (sgt.nents != 1 || sg_dma_len(sgt.sgl) != SG_PAGES * PAGE_SIZE)
		edu_fail(res, "%u ranges, the first of %u bytes", sgt.nents,
			 sg_dma_len(sgt.sgl));
	else
		walk_seams(edu, res, p, addr);
	if (!res->failed)
		edu_say(res, "%d scattered pages as one range at %pad",
			SG_PAGES, &addr);
	dma_unmap_sgtable(dev, &sgt, DMA_BIDIRECTIONAL, 0);
out:
	sg_free_table(&sgt);
}

/* Pages with holes between them, in falling order. */
static void test_sg(struct edu *edu, struct edu_result *res, u64 arg)
{
	struct edu_page p[SG_PAGES] = { };
	struct page *holes;
	int i;

	if (edu_is_direct(edu))
		return edu_skip(res, "the device's domain is identity");
	holes = alloc_pages(GFP_KERNEL, get_order(2 * SG_PAGES * PAGE_SIZE));
	if (!holes)
		return edu_fail(res, "no memory");
	for (i = 0; i < SG_PAGES; i++) {
		p[i].page = holes + 2 * (SG_PAGES - 1 - i);
		p[i].va = page_address(p[i].page);
		p[i].pa = page_to_phys(p[i].page);
	}
	map_scattered(edu, res, p);
	__free_pages(holes, get_order(2 * SG_PAGES * PAGE_SIZE));
}

/* The second device tries an address that only the first one has. */
static void test_isolate(struct edu *edu, struct edu_result *res, u64 arg)
{
	struct edu *other = edu_by_index(arg ? arg : edu->index + 1);
	struct device *dev = &edu->pdev->dev;
	struct edu_page p;
	dma_addr_t addr;

	if (!other)
		return edu_skip(res, "no second edu device");
	if (edu_is_direct(edu) || edu_is_direct(other))
		return edu_skip(res, "a device's domain is identity");
	if (iommu_get_domain_for_dev(dev) ==
	    iommu_get_domain_for_dev(&other->pdev->dev))
		return edu_skip(res, "both devices are in one group");
	if (edu_load(other, SEED_B) || edu_page_get(&p, 0, SEED_A))
		return edu_fail(res, "no memory, or the device does not answer");
	addr = dma_map_page(dev, p.page, 0, PAGE_SIZE, DMA_BIDIRECTIONAL);
	if (dma_mapping_error(dev, addr)) {
		edu_page_put(&p);
		return edu_fail(res, "not mapped");
	}
	if (edu_is_mapped(other, addr))
		edu_skip(res, "the second device has a mapping of its own there");
	else if (edu_from_device(other, addr, EDU_LEN))
		edu_fail(res, "the device does not answer");
	else if (!edu_is_pattern(p.va, SEED_A, EDU_LEN))
		edu_fail(res, "%s wrote to %pad of %s",
			 pci_name(other->pdev), &addr, pci_name(edu->pdev));
	else
		edu_say(res, "%s cannot reach %pad of %s",
			pci_name(other->pdev), &addr, pci_name(edu->pdev));
	dma_unmap_page(dev, addr, PAGE_SIZE, DMA_BIDIRECTIONAL);
	edu_page_put(&p);
}

/* argument: width in bits. Every address handed out stays within it. */
static void test_mask(struct edu *edu, struct edu_result *res, u64 arg)
{
	struct device *dev = &edu->pdev->dev;
	unsigned int bits = arg ? clamp_t(u64, arg, 1, 64) : 28;
	u64 mask = DMA_BIT_MASK(bits);
	struct edu_page p;
	dma_addr_t addr;

	if (dma_set_mask_and_coherent(dev, mask))
		return edu_fail(res, "no mask of %u bits", bits);
	if (edu_page_get(&p, 0, SEED_A))
		return edu_fail(res, "no memory");
	addr = dma_map_page(dev, p.page, 0, PAGE_SIZE, DMA_BIDIRECTIONAL);
	if (dma_mapping_error(dev, addr)) {
		edu_fail(res, "not mapped with %u bits", bits);
	} else {
		if (addr + PAGE_SIZE - 1 > mask)
			edu_fail(res, "%pad is beyond %u bits", &addr, bits);
		if (edu_to_device(edu, addr, EDU_LEN))
			edu_fail(res, "the device does not answer");
		edu_pattern(p.va, SEED_B, EDU_LEN);
		if (edu_from_device(edu, addr, EDU_LEN))
			edu_fail(res, "the device does not answer");
		dma_unmap_page(dev, addr, PAGE_SIZE, DMA_BIDIRECTIONAL);
		if (!edu_is_pattern(p.va, SEED_A, EDU_LEN))
			edu_fail(res, "what came back is not what was sent");
	}
	if (!res->failed)
		edu_say(res, "%u bits: page %pa as %pad", bits, &p.pa, &addr);
	edu_page_put(&p);
}

/*
 * argument: a physical address, page aligned, that nobody else uses.  The device
 * writes there by that very address, as one with a reserved region does.
 */
static void test_phys(struct edu *edu, struct edu_result *res, u64 arg)
{
	u8 *va, *old;

	if (!arg || !IS_ALIGNED(arg, PAGE_SIZE))
		return edu_fail(res, "needs a page aligned address");
	old = kmalloc(EDU_LEN, GFP_KERNEL);
	va = memremap(arg, EDU_LEN, MEMREMAP_WB);
	if (!va || !old) {
		edu_fail(res, "cannot map %#llx", arg);
		goto out;
	}
	memcpy(old, va, EDU_LEN);
	edu_pattern(va, SEED_A, EDU_LEN);
	if (edu_load(edu, SEED_B) || edu_from_device(edu, arg, EDU_LEN))
		edu_fail(res, "the device does not answer");
	else if (edu_is_pattern(va, SEED_B, EDU_LEN))
		edu_say(res, "write to physical %#llx arrived", arg);
	else if (edu_is_pattern(va, SEED_A, EDU_LEN))
		edu_fail(res, "write to physical %#llx refused", arg);
	else
		edu_fail(res, "memory at %#llx holds neither pattern", arg);
	memcpy(va, old, EDU_LEN);
out:
	if (va)
		memunmap(va);
	kfree(old);
}

/* argument: how many refused writes, 10 unless told. */
static void test_storm(struct edu *edu, struct edu_result *res, u64 arg)
{
	u64 i, count = arg ? min_t(u64, arg, 1000) : 10;
	dma_addr_t addr = SZ_4K;

	if (edu_is_direct(edu))
		return edu_skip(res, "the device's domain is identity");
	while (edu_is_mapped(edu, addr))
		addr += SZ_1M;
	for (i = 0; i < count; i++) {
		if (edu_from_device(edu, addr, 4))
			return edu_fail(res, "the device does not answer");
	}
	edu_say(res, "%llu writes to %pad", count, &addr);
}

const struct edu_test edu_reach_tests[] = {
	{ "high", test_high },
	{ "sg", test_sg },
	{ "isolate", test_isolate },
	{ "mask", test_mask },
	{ "phys", test_phys },
	{ "storm", test_storm },
	{ }
};

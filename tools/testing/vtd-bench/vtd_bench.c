// SPDX-License-Identifier: GPL-2.0
/*
 * What iommu_map(), iommu_unmap() and the DMA API cost, in cycles of the time
 * stamp counter.  Under QEMU's -icount shift=0 with a 1 GHz counter that is
 * guest instructions, and figures repeat.  See README.rst.
 */
#define pr_fmt(fmt) "vtd-bench: " fmt

#include <linux/dma-mapping.h>
#include <linux/iommu.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/sizes.h>
#include <linux/sort.h>

#include <asm/msr.h>

#define REPEAT_MAX	10000u

static ushort vendor = 0x1234;
module_param(vendor, ushort, 0444);
MODULE_PARM_DESC(vendor, "PCI vendor of the device to borrow");

static ushort device = 0x11e8;
module_param(device, ushort, 0444);
MODULE_PARM_DESC(device, "PCI device id of the device to borrow");

static uint repeat = 200;
module_param(repeat, uint, 0444);
MODULE_PARM_DESC(repeat, "times each shape is measured");

/**
 * struct shape - what to map at once
 * @name: for the report
 * @iova: where, aligned to any leaf
 * @phys: to where; nothing is ever accessed there.  Its alignment is what
 *	decides about the size of leaves
 * @size: how much
 */
struct shape {
	const char *name;
	unsigned long iova;
	phys_addr_t phys;
	size_t size;
};

static const struct shape shapes[] = {
	{ "4K", SZ_1G, SZ_4G + SZ_4K, SZ_4K },
	{ "64K", SZ_1G, SZ_4G + SZ_4K, SZ_64K },
	{ "2M-of-4K", SZ_1G, SZ_4G + SZ_4K, SZ_2M },
	{ "2M", SZ_1G, SZ_4G, SZ_2M },
	{ "1G-of-2M", SZ_1G, SZ_4G + SZ_2M, SZ_1G },
	{ "1G", SZ_1G, SZ_4G, SZ_1G },
};

/**
 * struct samples - one figure for each repetition
 * @map: of the map half
 * @unmap: of the other
 * @overhead: what reading the counter twice costs, to be taken off
 */
struct samples {
	u64 *map;
	u64 *unmap;
	u64 overhead;
};

static int compare(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

static void report(const char *name, const struct samples *s)
{
	sort(s->map, repeat, sizeof(u64), compare, NULL);
	sort(s->unmap, repeat, sizeof(u64), compare, NULL);
	pr_info("%s map %llu unmap %llu min %llu %llu\n", name,
		s->map[repeat / 2] - s->overhead, s->unmap[repeat / 2] - s->overhead,
		s->map[0] - s->overhead, s->unmap[0] - s->overhead);
}

static int measure_shape(struct iommu_domain *domain, const struct shape *shape,
			 struct samples *s)
{
	unsigned int i;

	/* The first round makes the tables that stay, and is not counted */
	for (i = 0; i <= repeat; i++) {
		unsigned int at = i ? i - 1 : 0;
		unsigned long flags;
		size_t unmapped;
		u64 t0, t1, t2;
		int ret;

		local_irq_save(flags);
		t0 = rdtsc_ordered();
		ret = iommu_map(domain, shape->iova, shape->phys, shape->size,
				IOMMU_READ | IOMMU_WRITE, GFP_ATOMIC);
		t1 = rdtsc_ordered();
		if (ret) {
			local_irq_restore(flags);
			return ret;
		}
		unmapped = iommu_unmap(domain, shape->iova, shape->size);
		t2 = rdtsc_ordered();
		local_irq_restore(flags);
		if (unmapped != shape->size)
			return -EIO;
		s->map[at] = t1 - t0;
		s->unmap[at] = t2 - t1;
		cond_resched();
	}
	report(shape->name, s);
	return 0;
}

static void measure_overhead(struct samples *s)
{
	unsigned int i;

	s->overhead = ~0ull;
	for (i = 0; i < 16; i++) {
		unsigned long flags;
		u64 t0, t1;

		local_irq_save(flags);
		t0 = rdtsc_ordered();
		t1 = rdtsc_ordered();
		local_irq_restore(flags);
		s->overhead = min(s->overhead, t1 - t0);
	}
}

static int measure_shapes(struct device *dev, struct iommu_group *group, struct samples *s)
{
	struct iommu_domain *domain;
	unsigned int i;
	int ret;

	domain = iommu_paging_domain_alloc(dev);
	if (IS_ERR(domain))
		return PTR_ERR(domain);
	ret = iommu_attach_group(domain, group);
	if (ret)
		goto out;
	pr_info("pgsize_bitmap %#lx\n", domain->pgsize_bitmap);
	for (i = 0; i < ARRAY_SIZE(shapes); i++) {
		ret = measure_shape(domain, &shapes[i], s);
		if (ret) {
			pr_err("%s failed: %d\n", shapes[i].name, ret);
			break;
		}
	}
	iommu_detach_group(domain, group);
out:
	iommu_domain_free(domain);
	return ret;
}

static int measure_dma_api(struct device *dev, struct samples *s)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(dev);
	struct page *page;
	unsigned int i;
	int ret;

	if (!domain || !(domain->type & __IOMMU_DOMAIN_DMA_API)) {
		pr_info("dma-4K skipped: the device has no DMA domain\n");
		return 0;
	}
	ret = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64));
	if (ret)
		return ret;
	page = alloc_page(GFP_KERNEL);
	if (!page)
		return -ENOMEM;
	for (i = 0; i <= repeat; i++) {
		unsigned int at = i ? i - 1 : 0;
		unsigned long flags;
		dma_addr_t addr;
		u64 t0, t1, t2;

		local_irq_save(flags);
		t0 = rdtsc_ordered();
		addr = dma_map_page(dev, page, 0, PAGE_SIZE, DMA_BIDIRECTIONAL);
		t1 = rdtsc_ordered();
		if (dma_mapping_error(dev, addr)) {
			local_irq_restore(flags);
			ret = -EIO;
			break;
		}
		dma_unmap_page(dev, addr, PAGE_SIZE, DMA_BIDIRECTIONAL);
		t2 = rdtsc_ordered();
		local_irq_restore(flags);
		s->map[at] = t1 - t0;
		s->unmap[at] = t2 - t1;
		cond_resched();
	}
	__free_page(page);
	if (!ret)
		report(domain->type == IOMMU_DOMAIN_DMA_FQ ? "dma-4K-lazy" : "dma-4K", s);
	return ret;
}

static int measure(struct device *dev)
{
	struct samples s = { };
	struct iommu_group *group;
	int ret = -ENOMEM;

	group = iommu_group_get(dev);
	if (!group) {
		pr_err("%s is behind no IOMMU\n", dev_name(dev));
		return -ENODEV;
	}
	s.map = kvcalloc(repeat, sizeof(u64), GFP_KERNEL);
	s.unmap = kvcalloc(repeat, sizeof(u64), GFP_KERNEL);
	if (s.map && s.unmap) {
		measure_overhead(&s);
		ret = measure_shapes(dev, group, &s);
		if (!ret)
			ret = measure_dma_api(dev, &s);
	}
	kvfree(s.map);
	kvfree(s.unmap);
	iommu_group_put(group);
	return ret;
}

static int __init vtd_bench_init(void)
{
	struct pci_dev *pdev;
	int ret;

	if (!repeat || repeat > REPEAT_MAX)
		return -EINVAL;
	pdev = pci_get_device(vendor, device, NULL);
	if (!pdev) {
		pr_err("no device %04x:%04x\n", vendor, device);
		return -ENODEV;
	}
	/* No driver may come and use the device while its domain is ours */
	device_lock(&pdev->dev);
	ret = pdev->dev.driver ? -EBUSY : measure(&pdev->dev);
	device_unlock(&pdev->dev);
	pci_dev_put(pdev);
	pr_info("done %d\n", ret);
	return ret;
}
module_init(vtd_bench_init);

static void __exit vtd_bench_exit(void)
{
}
module_exit(vtd_bench_exit);

MODULE_DESCRIPTION("Cost of mapping and unmapping through the IOMMU");
MODULE_LICENSE("GPL");

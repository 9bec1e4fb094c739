// SPDX-License-Identifier: GPL-2.0
/* What the endpoint reaches, and keeps, with PASIDs. */
#include <linux/iommu.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/string.h>

#include <uapi/linux/iommufd.h>

#include "core/core.h"
#include "endpoint.h"

#define RACES	1000

/* An empty domain, NULL if there is none */
static struct iommu_domain *pasid_domain(struct endpoint *ep, u32 flags)
{
	struct device *dev = &ep->pdev->dev;
	const struct iommu_ops *ops = dev->iommu->iommu_dev->ops;
	struct iommu_domain *domain = vtd_core_alloc_flags(ops, dev, flags);

	expect(ep, "domain", PTR_ERR_OR_ZERO(domain), 0);
	if (IS_ERR(domain))
		return NULL;
	domain->owner = ops;
	return domain;
}

/* Two pages from PASID_IOVA on lead to ours; attached to a PASID, NULL if that fails */
static struct iommu_domain *pasid_take(struct endpoint *ep, u32 pasid, u32 flags)
{
	struct iommu_domain *domain = pasid_domain(ep, flags);
	struct device *dev = &ep->pdev->dev;
	int ret = 0;

	if (!domain)
		return NULL;
	for (u32 i = 0; i < 2 && !ret; i++)
		ret = iommu_map(domain, PASID_IOVA + i * PAGE_SIZE, page_to_phys(ep->page),
				PAGE_SIZE, IOMMU_READ | IOMMU_WRITE, GFP_KERNEL);
	expect(ep, "map", ret, 0);
	if (!ret)
		ret = iommu_attach_device_pasid(domain, dev, pasid, NULL);
	expect(ep, "attach", ret, 0);
	if (!ret)
		return domain;
	iommu_domain_free(domain);
	return NULL;
}

static void pasid_drop(struct endpoint *ep, u32 pasid, struct iommu_domain *domain)
{
	iommu_detach_device_pasid(domain, &ep->pdev->dev, pasid);
	iommu_domain_free(domain);
}

static void pasid_expect(struct endpoint *ep, u32 pasid, bool reaches)
{
	ep->pasid = pasid;
	expect(ep, "write with PASID", command(ep, C_DMA, PASID_IOVA), reaches ? S_DONE : S_FAULT);
	expect_written(ep, reaches);
}

static void pasid_hold(struct endpoint *ep, u32 pasid)
{
	ep->pasid = pasid;
	expect(ep, "translation with PASID", command(ep, C_ATS, PASID_IOVA), S_DONE);
	expect(ep, "entries of its TLB", look(ep, R_NATC), 1);
	expect(ep, "translated write with PASID", command(ep, C_ATS_DMA, PASID_IOVA), S_DONE);
	expect_written(ep, true);
}

static void pasid_expect_forgotten(struct endpoint *ep, u32 pasid)
{
	u32 status;

	expect(ep, "entries of its TLB", look(ep, R_NATC), 0);
	ep->pasid = pasid;
	status = command(ep, C_ATS_DMA, PASID_IOVA);
	/* ATS may have gone with the last PASID */
	if (status != S_NOCAP)
		expect(ep, "translated write with PASID", status, S_NOATC);
	expect_written(ep, false);
	pasid_expect(ep, pasid, false);
}

/* Attached, the page unmapped and mapped again under what its TLB holds, detached */
void test_pasid(struct endpoint *ep)
{
	struct iommu_domain *domain;
	unsigned int i;

	pasid_expect(ep, PASID, false);
	for (i = 0; i < ROUNDS && !ep->failed; i++) {
		domain = pasid_take(ep, PASID, 0);
		if (!domain)
			break;
		pasid_expect(ep, PASID, true);
		pasid_expect(ep, OTHER_PASID, false);
		pasid_hold(ep, PASID);
		expect(ep, "unmapped", iommu_unmap(domain, PASID_IOVA, PAGE_SIZE), PAGE_SIZE);
		pasid_expect_forgotten(ep, PASID);
		expect(ep, "mapped", iommu_map(domain, PASID_IOVA, page_to_phys(ep->page),
					       PAGE_SIZE, IOMMU_READ | IOMMU_WRITE, GFP_KERNEL), 0);
		pasid_hold(ep, PASID);
		pasid_drop(ep, PASID, domain);
		pasid_expect_forgotten(ep, PASID);
	}
	ep->pasid = 0;
}

/* Two PASIDs, and requests without, each in its own: one goes, the others stay */
void test_pasids(struct endpoint *ep)
{
	struct iommu_domain *one, *two;

	one = pasid_take(ep, PASID, 0);
	two = one ? pasid_take(ep, OTHER_PASID, 0) : NULL;
	if (two) {
		pasid_expect(ep, PASID, true);
		pasid_expect(ep, OTHER_PASID, true);
		ep->pasid = 0;
		expect(ep, "write without PASID", command(ep, C_DMA, PASID_IOVA), S_FAULT);
		expect_written(ep, false);
		test_cached(ep);
		pasid_hold(ep, OTHER_PASID);
		/* Of the other's address space nothing is left, and nothing else is gone */
		iommu_unmap(one, PASID_IOVA, PAGE_SIZE);
		pasid_expect(ep, PASID, false);
		ep->pasid = OTHER_PASID;
		expect(ep, "translated write", command(ep, C_ATS_DMA, PASID_IOVA), S_DONE);
		expect_written(ep, true);
		pasid_drop(ep, OTHER_PASID, two);
		pasid_expect_forgotten(ep, OTHER_PASID);
	}
	if (one)
		pasid_drop(ep, PASID, one);
	ep->pasid = 0;
}

/* One whose device says nothing when it is told to forget a PASID's pages */
void test_pasid_silent(struct endpoint *ep)
{
	struct iommu_domain *domain = pasid_take(ep, PASID, 0);

	if (!domain)
		return;
	pasid_hold(ep, PASID);
	writel(M_SILENT, ep->bar + R_MODE);
	pasid_drop(ep, PASID, domain);
	pasid_expect(ep, PASID, false);
	ep->pasid = 0;
	expect(ep, "write without PASID", command(ep, C_DMA, PASID_IOVA), S_FAULT);
	expect_written(ep, false);
	say(ep, "%u invalidations not answered", look(ep, R_NLOST));
}

/* Bytes from PASID_IOVA that were written since the last look, as one range */
static void expect_dirty(struct endpoint *ep, struct iommu_domain *domain, const char *when,
			 unsigned long first, unsigned long size)
{
	struct iommu_iotlb_gather gather;
	struct iommu_dirty_bitmap dirty;
	int ret;

	iommu_iotlb_gather_init(&gather);
	iommu_dirty_bitmap_init(&dirty, NULL, &gather);
	ret = domain->dirty_ops->read_and_clear_dirty(domain, PASID_IOVA, 2 * PAGE_SIZE, 0,
						      &dirty);
	expect(ep, "look", ret, 0);
	expect(ep, when, gather.start <= gather.end ? gather.end + 1 - gather.start : 0, size);
	if (size)
		expect(ep, when, gather.start - PASID_IOVA, first);
	iommu_iotlb_sync(domain, &gather);
}

/* What is written is told each time, what is only read never */
static void dirty_rounds(struct endpoint *ep, struct iommu_domain *domain)
{
	unsigned int i;

	for (i = 0; i < ROUNDS && !ep->failed; i++) {
		expect_dirty(ep, domain, "nothing done", 0, 0);
		ep->reads = true;
		expect(ep, "read", command(ep, C_DMA, PASID_IOVA + PAGE_SIZE), S_DONE);
		ep->reads = false;
		expect_dirty(ep, domain, "read", 0, 0);
		expect(ep, "write", command(ep, C_DMA, PASID_IOVA + PAGE_SIZE), S_DONE);
		expect_dirty(ep, domain, "written", PAGE_SIZE, PAGE_SIZE);
		/* Held by its TLB as writable, it must say so again */
		expect(ep, "translation", command(ep, C_ATS, PASID_IOVA), S_DONE);
		expect(ep, "translated write", command(ep, C_ATS_DMA, PASID_IOVA), S_DONE);
		expect_dirty(ep, domain, "translated", 0, PAGE_SIZE);
		expect(ep, "translated write", command(ep, C_ATS_DMA, PASID_IOVA), S_NOATC);
		memset_io(ep->bar + R_BUF, FROM_DEVICE, BYTES);
	}
}

void test_dirty(struct endpoint *ep)
{
	struct iommu_domain *domain = pasid_take(ep, PASID, IOMMU_HWPT_ALLOC_DIRTY_TRACKING);

	if (!domain)
		return;
	/* Translated before: what is cached must not hide what is written later */
	ep->pasid = PASID;
	expect(ep, "write", command(ep, C_DMA, PASID_IOVA), S_DONE);
	expect(ep, "tracking", domain->dirty_ops->set_dirty_tracking(domain, true), 0);
	dirty_rounds(ep, domain);
	expect(ep, "tracking", domain->dirty_ops->set_dirty_tracking(domain, false), 0);
	pasid_drop(ep, PASID, domain);
	ep->pasid = 0;
}

/* One changes what a PASID is attached to, one what is mapped, the device does DMA */
struct race {
	struct endpoint *ep;
	struct iommu_domain *domain[2];
	struct page *page[2];
	u32 switched;
	u32 remapped;
	u32 kept;	/* translations that the device had when nothing was attached */
	u32 late;	/* pages that it wrote to when they were unmapped */
	u32 failed;
};

/* A page of each domain, where the device wants it */
static int race_map(struct race *r, unsigned int which)
{
	return iommu_map(r->domain[which], PASID_IOVA, page_to_phys(r->page[which]), PAGE_SIZE,
			 IOMMU_READ | IOMMU_WRITE, GFP_KERNEL);
}

/* Attached, replaced by the other, detached: then the device knows nothing any more */
static int race_switch(void *data)
{
	struct race *r = data;
	struct device *dev = &r->ep->pdev->dev;
	struct iommu_domain *one, *two;

	for (; !kthread_should_stop(); r->switched++) {
		one = r->domain[r->switched % 2];
		two = r->domain[!(r->switched % 2)];
		r->failed += !!iommu_attach_device_pasid(one, dev, PASID, NULL);
		r->failed += !!two->ops->set_dev_pasid(two, dev, PASID, one);
		iommu_detach_device_pasid(one, dev, PASID);
		r->kept += look(r->ep, R_NATC);
	}
	return 0;
}

/* What was unmapped is ours alone, whatever the PASID is attached to */
static int race_remap(void *data)
{
	struct race *r = data;
	unsigned int which, i;
	u8 *va;

	for (; !kthread_should_stop(); r->remapped++) {
		which = r->remapped % 2;
		va = page_address(r->page[which]);
		r->failed += iommu_unmap(r->domain[which], PASID_IOVA, PAGE_SIZE) != PAGE_SIZE;
		memset(va, FROM_US, BYTES);
		for (i = 0; i < 100; i++)
			cond_resched();
		r->late += !!memchr_inv(va, FROM_US, BYTES);
		r->failed += !!race_map(r, which);
	}
	return 0;
}

static void race_run(struct race *r)
{
	struct task_struct *task[2];
	u32 reached = 0, i;

	task[0] = kthread_run(race_switch, r, "vtd-switch");
	task[1] = kthread_run(race_remap, r, "vtd-remap");
	r->ep->pasid = PASID;
	for (i = 0; i < RACES; i++) {
		command(r->ep, C_ATS, PASID_IOVA);
		reached += command(r->ep, C_ATS_DMA, PASID_IOVA) == S_DONE;
		reached += command(r->ep, C_DMA, PASID_IOVA) == S_DONE;
		cond_resched();
	}
	for (i = 0; i < 2; i++)
		if (!IS_ERR(task[i]))
			kthread_stop(task[i]);
	r->ep->pasid = 0;
	say(r->ep, "%u times attached, %u remapped, %u of %u writes came", r->switched, r->remapped,
	    reached, 2 * RACES);
	expect(r->ep, "enough of it", r->switched > 10 && r->remapped > 10 && reached, true);
}

void test_pasid_race(struct endpoint *ep)
{
	struct race r = { .ep = ep };
	u32 i;

	for (i = 0; i < 2; i++) {
		r.page[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		r.domain[i] = r.page[i] ? pasid_domain(ep, 0) : NULL;
		if (!r.domain[i] || race_map(&r, i))
			ep->failed = true;
	}
	if (!ep->failed)
		race_run(&r);
	expect(ep, "calls that failed", r.failed, 0);
	expect(ep, "translations kept", r.kept, 0);
	expect(ep, "pages written late", r.late, 0);
	expect(ep, "entries of its TLB", look(ep, R_NATC), 0);
	for (i = 0; i < 2; i++) {
		if (r.domain[i])
			iommu_domain_free(r.domain[i]);
		if (r.page[i])
			__free_page(r.page[i]);
	}
	pasid_expect(ep, PASID, false);
	ep->pasid = 0;
}

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the iommu core and x86 of Linux 6.12 call things.  The driver is written to
 * the newest kernel that it is built for; each line of kernels has a header of this
 * name, and the tree that is compiled holds one of them.
 */
#ifndef VTD_CORE_H
#define VTD_CORE_H

#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/irq.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/pci.h>

#include <asm/irq_remapping.h>

#include "../../iommu-pages.h"

/* 2^@order zeroed pages, accounted as tables of an IOMMU; NULL: no memory */
static inline void *vtd_core_alloc(int node, gfp_t gfp, unsigned int order)
{
	return iommu_alloc_pages_node(node, gfp, order);
}

/* @pages may be NULL */
static inline void vtd_core_free(void *pages, unsigned int order)
{
	iommu_free_pages(pages, order);
}

static inline void vtd_core_retire(u64 phys, struct list_head *retired)
{
	list_add_tail(&pfn_to_page(phys >> PAGE_SHIFT)->lru, retired);
}

/* Leaves the list empty */
static inline void vtd_core_free_retired(struct list_head *retired)
{
	iommu_put_pages_list(retired);
}

/* The first of the list, or NULL */
static inline struct page *vtd_core_retired_page(struct list_head *retired)
{
	return list_first_entry_or_null(retired, struct page, lru);
}

static inline struct list_head *vtd_core_freelist(struct iommu_iotlb_gather *gather)
{
	return &gather->freelist;
}

/* @op: as iommu_domain_ops.attach_dev wants it; @attach takes a domain and a device */
#define VTD_CORE_ATTACH(op, attach)						\
static int op(struct iommu_domain *domain, struct device *dev)			\
{										\
	return attach(domain, dev);						\
}

typedef u32 vtd_core_hw_info_type;

/* What the caller passes in says nothing yet: there is one type to ask for */
static inline bool vtd_core_hw_info_wanted(vtd_core_hw_info_type type)
{
	return true;
}

/* Does the core ask whether a device may have ATS: this one never does */
static inline bool vtd_core_asks_for_ats(enum iommu_cap cap)
{
	return false;
}

/* Its question, for tests: 1 or 0, -EOPNOTSUPP if there is no such question */
static inline int vtd_core_ats_answer(const struct iommu_ops *ops, struct device *dev)
{
	return -EOPNOTSUPP;
}

/* PCI does not know of devices that do not work without ATS */
static inline bool vtd_core_ats_required(struct pci_dev *pdev)
{
	return false;
}

/* What KVM hands to irq_set_vcpu_affinity() */
#define vtd_core_guest	vcpu_data

static inline bool vtd_core_posted_msi(void)
{
	return IS_ENABLED(CONFIG_X86_POSTED_MSI) && posted_msi_supported();
}

/* Safe for an interrupt whose device does not see where it goes */
static inline void vtd_core_irq_moves_anywhere(unsigned int virq)
{
	irq_set_status_flags(virq, IRQ_MOVE_PCNTXT);
}

/* @op: as iommu_ops wants it; @alloc takes a device and IOMMU_HWPT_ALLOC_* flags */
#define VTD_CORE_ALLOC_FLAGS(op, alloc)						\
static struct iommu_domain *op(struct device *dev, u32 flags,			\
			       struct iommu_domain *parent,			\
			       const struct iommu_user_data *data)		\
{										\
	return parent || data ? ERR_PTR(-EOPNOTSUPP) : alloc(dev, flags);	\
}

/* Its name in struct iommu_ops */
#define VTD_CORE_ALLOC_OP	.domain_alloc_user

/* As the core calls it, for tests */
static inline struct iommu_domain *vtd_core_alloc_flags(const struct iommu_ops *ops,
							struct device *dev, u32 flags)
{
	return ops->domain_alloc_user(dev, flags, NULL, NULL);
}

/* How PASIDs are taken away, in struct iommu_ops */
#define VTD_CORE_PASID_REMOVE(remove)	.remove_dev_pasid = remove,

/* As the core does it, for tests */
static inline int vtd_core_remove_pasid(const struct iommu_ops *ops, struct device *dev,
					u32 pasid, struct iommu_domain *domain)
{
	if (!ops->remove_dev_pasid)
		return -EOPNOTSUPP;
	ops->remove_dev_pasid(dev, pasid, domain);
	return 0;
}

/* The flag for a domain that PASIDs can be attached to: here nobody asks */
#define VTD_CORE_HWPT_PASID	0u

/*
 * Who wants page requests says so beforehand, besides attaching a domain that has somebody
 * who looks for pages.  A process's address space is not for devices here: what they cache
 * of the kernel's tables in it is not flushed when these are freed (CVE-2025-71202), which
 * is why this core refuses to bind it on x86, and later ones flush.
 */
#define VTD_CORE_NO_SVA								\
	"DMAR: no shared virtual addresses: this kernel does not flush its page tables from IOMMUs, 7.x does\n"

#define VTD_CORE_FEATURE_OPS(on, off, use, unuse)				\
static int on(struct device *dev, enum iommu_dev_features feature)		\
{										\
	if (feature == IOMMU_DEV_FEAT_IOPF)					\
		return use(vtd_device_of(dev));					\
	if (feature == IOMMU_DEV_FEAT_SVA)					\
		dev_info_once(dev, VTD_CORE_NO_SVA);				\
	return -EOPNOTSUPP;							\
}										\
static int off(struct device *dev, enum iommu_dev_features feature)		\
{										\
	if (feature != IOMMU_DEV_FEAT_IOPF)					\
		return -EOPNOTSUPP;						\
	unuse(vtd_device_of(dev));						\
	return 0;								\
}

#define VTD_CORE_FEATURES(on, off)	.dev_enable_feat = on, .dev_disable_feat = off,

#endif /* VTD_CORE_H */

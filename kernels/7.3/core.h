/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the iommu core and x86 of Linux 7.3 call things.  The driver is written to
 * the newest kernel that it is built for; each line of kernels has a header of this
 * name, and the tree that is compiled holds one of them.
 */
#ifndef VTD_CORE_H
#define VTD_CORE_H

#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/pci-ats.h>
#include <linux/pci.h>

#include <uapi/linux/iommufd.h>

#include <asm/irq_remapping.h>

#include "../../iommu-pages.h"

/* 2^@order zeroed pages, accounted as tables of an IOMMU; NULL: no memory */
static inline void *vtd_core_alloc(int node, gfp_t gfp, unsigned int order)
{
	return iommu_alloc_pages_node_sz(node, gfp, PAGE_SIZE << order);
}

/* @pages may be NULL; they know how many they are */
static inline void vtd_core_free(void *pages, unsigned int order)
{
	iommu_free_pages(pages);
}

static inline void vtd_core_retire(u64 phys, struct list_head *retired)
{
	list_add_tail(&virt_to_ioptdesc(phys_to_virt(phys))->iopt_freelist_elm, retired);
}

/* Leaves the list empty */
static inline void vtd_core_free_retired(struct list_head *retired)
{
	struct iommu_pages_list pages = IOMMU_PAGES_LIST_INIT(pages);

	list_splice_init(retired, &pages.pages);
	iommu_put_pages_list(&pages);
}

/* The first of the list, or NULL */
static inline struct page *vtd_core_retired_page(struct list_head *retired)
{
	struct ioptdesc *table = list_first_entry_or_null(retired, struct ioptdesc,
							  iopt_freelist_elm);

	return table ? folio_page(ioptdesc_folio(table), 0) : NULL;
}

static inline struct list_head *vtd_core_freelist(struct iommu_iotlb_gather *gather)
{
	return &gather->freelist.pages;
}

/*
 * @op: as iommu_domain_ops.attach_dev wants it; @attach takes a domain and a device.
 * What the core says was attached before is known to our device, also after a
 * quarantine, of which the core knows nothing.
 */
#define VTD_CORE_ATTACH(op, attach)						\
static int op(struct iommu_domain *domain, struct device *dev,			\
	      struct iommu_domain *old)						\
{										\
	return attach(domain, dev);						\
}

typedef enum iommu_hw_info_type vtd_core_hw_info_type;

static inline bool vtd_core_hw_info_wanted(vtd_core_hw_info_type type)
{
	return type == IOMMU_HW_INFO_TYPE_DEFAULT || type == IOMMU_HW_INFO_TYPE_INTEL_VTD;
}

/* Does the core ask whether a device may have ATS */
static inline bool vtd_core_asks_for_ats(enum iommu_cap cap)
{
	return cap == IOMMU_CAP_PCI_ATS_SUPPORTED;
}

/* Its question, for tests: 1 or 0, -EOPNOTSUPP if there is no such question */
static inline int vtd_core_ats_answer(const struct iommu_ops *ops, struct device *dev)
{
	return ops->capable(dev, IOMMU_CAP_PCI_ATS_SUPPORTED);
}

/* Does PCI say that a device does not work without ATS (CXL.cache, quirks) */
static inline bool vtd_core_ats_required(struct pci_dev *pdev)
{
	return pci_ats_required(pdev);
}

/* What KVM hands to irq_set_vcpu_affinity() */
#define vtd_core_guest	intel_iommu_pi_data

static inline bool vtd_core_posted_msi(void)
{
	return posted_msi_enabled();
}

/* They do already, unless their chip says otherwise */
static inline void vtd_core_irq_moves_anywhere(unsigned int virq)
{
}

/* @op: as iommu_ops wants it; @alloc takes a device and IOMMU_HWPT_ALLOC_* flags */
#define VTD_CORE_ALLOC_FLAGS(op, alloc)						\
static struct iommu_domain *op(struct device *dev, u32 flags,			\
			       const struct iommu_user_data *data)		\
{										\
	return data ? ERR_PTR(-EOPNOTSUPP) : alloc(dev, flags);			\
}

/* Its name in struct iommu_ops */
#define VTD_CORE_ALLOC_OP	.domain_alloc_paging_flags

/* As the core calls it, for tests */
static inline struct iommu_domain *vtd_core_alloc_flags(const struct iommu_ops *ops,
							struct device *dev, u32 flags)
{
	return ops->domain_alloc_paging_flags(dev, flags, NULL);
}

/* How PASIDs are taken away, in struct iommu_ops: here by the blocked domain */
#define VTD_CORE_PASID_REMOVE(remove)

/* As the core does it, for tests */
static inline int vtd_core_remove_pasid(const struct iommu_ops *ops, struct device *dev,
					u32 pasid, struct iommu_domain *domain)
{
	struct iommu_domain *blocked = ops->blocked_domain;

	if (!blocked || !blocked->ops->set_dev_pasid)
		return -EOPNOTSUPP;
	return blocked->ops->set_dev_pasid(blocked, dev, pasid, domain);
}

/* The flag for a domain that PASIDs can be attached to */
#define VTD_CORE_HWPT_PASID	IOMMU_HWPT_ALLOC_PASID

/* Who wants page requests attaches a domain that has somebody who looks for pages */
#define VTD_CORE_FEATURE_OPS(on, off, use, unuse)
#define VTD_CORE_FEATURES(on, off)

#endif /* VTD_CORE_H */

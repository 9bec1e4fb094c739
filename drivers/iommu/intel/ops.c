// SPDX-License-Identifier: GPL-2.0
/*
 * What the iommu core calls.  Nothing is done here but to find the room that
 * does it.
 */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/init.h>
#include <linux/iommu.h>
#include <linux/iommufd.h>
#include <linux/pci.h>
#include <linux/rwsem.h>
#include <linux/slab.h>

#include <uapi/linux/iommufd.h>

#include "acpi/flags.h"
#include "acpi/inventory.h"
#include "acpi/lookup.h"
#include "boot/start.h"
#include "boot/verdict.h"
#include "core/core.h"
#include "device/ats.h"
#include "device/device.h"
#include "device/group.h"
#include "device/pasid.h"
#include "device/pri.h"
#include "device/quarantine.h"
#include "device/reserved.h"
#include "domain/attach.h"
#include "domain/dirty.h"
#include "domain/domain.h"
#include "domain/pasid.h"
#include "unit/quirks.h"
#include "unit/unit.h"

static bool ops_capable(struct device *dev, enum iommu_cap cap)
{
	if (vtd_core_asks_for_ats(cap))
		return vtd_ats_offered(vtd_device_of(dev));
	switch (cap) {
	case IOMMU_CAP_CACHE_COHERENCY:
		/* Only those ask who are about to hand the device on */
		vtd_refusal_explain(dev);
		return true;
	case IOMMU_CAP_DEFERRED_FLUSH:
		return true;
	case IOMMU_CAP_DIRTY_TRACKING:
		return vtd_dirty_possible(vtd_device_of(dev));
	case IOMMU_CAP_PRE_BOOT_PROTECTION:
		return dmar_firmware_opted_in();
	case IOMMU_CAP_ENFORCE_CACHE_COHERENCY:
		return vtd_device_of(dev)->iommu->caps.snoop_control;
	default:
		return false;
	}
}

static void *ops_hw_info(struct device *dev, u32 *length, vtd_core_hw_info_type *type)
{
	struct intel_iommu *iommu = vtd_device_of(dev)->iommu;
	struct iommu_hw_info_vtd *info;

	if (!vtd_core_hw_info_wanted(*type))
		return ERR_PTR(-EOPNOTSUPP);
	info = kzalloc(sizeof(*info), GFP_KERNEL);
	if (!info)
		return ERR_PTR(-ENOMEM);
	info->cap_reg = iommu->cap;
	info->ecap_reg = iommu->ecap;
	*length = sizeof(*info);
	*type = IOMMU_HW_INFO_TYPE_INTEL_VTD;
	return info;
}

/* The unit that serves a device and works, or NULL */
static struct intel_iommu *ops_unit_of(struct device *dev, u16 *rid)
{
	struct intel_iommu *iommu = NULL;
	struct dmar_drhd_unit *drhd;
	u8 bus = 0, devfn = 0;

	down_read(&dmar_inventory_lock);
	drhd = dmar_find_dmaru(dev, &bus, &devfn);
	if (drhd && !drhd->ignored && !vtd_quirk_misplaced(dev, drhd->reg_base_addr))
		iommu = drhd->iommu;
	up_read(&dmar_inventory_lock);

	*rid = PCI_DEVID(bus, devfn);
	return iommu && iommu->state != VTD_UNIT_DEAD ? iommu : NULL;
}

static struct iommu_device *ops_probe_device(struct device *dev)
{
	struct intel_iommu *iommu;
	struct vtd_device *vdev;
	u16 rid;

	iommu = ops_unit_of(dev, &rid);
	if (!iommu || !iommu->iommu.ops)
		return ERR_PTR(-ENODEV);
	vdev = vtd_device_add(dev, iommu, rid);
	if (IS_ERR(vdev))
		return ERR_CAST(vdev);
	vtd_quarantine_init(vdev);
	vtd_ats_probe(vdev);
	vtd_pasid_probe(vdev);
	vtd_pri_probe(vdev);
	dev_iommu_priv_set(dev, vdev);
	vtd_refusal_probe(dev);
	/* The core then gathers more before it asks for a flush */
	dev->iommu->shadow_on_flush = iommu->caps.caching_mode;
	return &iommu->iommu;
}

static void ops_release_device(struct device *dev)
{
	/* The core blocks it, but not one whose first attach is still to come */
	if (vtd_device_of(dev)->inherits)
		vtd_attach_blocked(&vtd_blocked_domain, dev);
	vtd_pasid_remove_all(dev);
	vtd_pri_release(vtd_device_of(dev));
	vtd_pasid_release(vtd_device_of(dev));
	vtd_device_del(vtd_device_of(dev));
}

VTD_CORE_FEATURE_OPS(ops_feature_on, ops_feature_off, vtd_pri_use, vtd_pri_unuse)
VTD_CORE_ATTACH(ops_attach_dev, vtd_attach_paging)

/* Those of default_domain_ops, with the format of entries known beforehand here, too */
static const struct iommu_domain_ops ops_first_stage = {
	.attach_dev			= ops_attach_dev,
	.set_dev_pasid			= vtd_pasid_set,
	.map_pages			= vtd_domain_map_first,
	.unmap_pages			= vtd_domain_unmap_first,
	.flush_iotlb_all		= vtd_domain_flush_all,
	.iotlb_sync_map			= vtd_domain_sync_map,
	.iotlb_sync			= vtd_domain_sync,
	.iova_to_phys			= vtd_domain_iova_to_phys,
	.enforce_cache_coherency	= vtd_domain_force_snoop,
	.free				= vtd_domain_free,
};

static struct iommu_domain *ops_staged(struct iommu_domain *domain)
{
	if (!IS_ERR(domain) && to_dmar_domain(domain)->pt.cfg.first_stage)
		domain->ops = &ops_first_stage;
	return domain;
}

static struct iommu_domain *ops_domain_alloc(struct device *dev)
{
	return ops_staged(vtd_domain_alloc(vtd_device_of(dev)->iommu, false));
}

static struct iommu_domain *ops_alloc(struct device *dev, u32 flags)
{
	return ops_staged(vtd_dirty_alloc(dev, flags));
}

VTD_CORE_ALLOC_FLAGS(ops_domain_alloc_flags, ops_alloc)

static const struct iommu_ops intel_iommu_ops = {
	.identity_domain	= &vtd_identity_domain,
	.blocked_domain		= &vtd_blocked_domain,
	.release_domain		= &vtd_release_domain,
	.capable		= ops_capable,
	.hw_info		= ops_hw_info,
	.domain_alloc_paging	= ops_domain_alloc,
	VTD_CORE_ALLOC_OP	= ops_domain_alloc_flags,
	.probe_device		= ops_probe_device,
	.release_device		= ops_release_device,
	.device_group		= vtd_device_group,
	.get_resv_regions	= vtd_reserved_regions,
	.is_attach_deferred	= vtd_attach_is_deferred,
	.def_domain_type	= vtd_verdict_domain_type,
	VTD_CORE_PASID_REMOVE(vtd_pasid_remove)
	VTD_CORE_FEATURES(ops_feature_on, ops_feature_off)
	.page_response		= vtd_pri_answer,
	.default_domain_ops	= &(const struct iommu_domain_ops) {
		.attach_dev			= ops_attach_dev,
		.set_dev_pasid			= vtd_pasid_set,
		.map_pages			= vtd_domain_map_pages,
		.unmap_pages			= vtd_domain_unmap_pages,
		.flush_iotlb_all		= vtd_domain_flush_all,
		.iotlb_sync_map			= vtd_domain_sync_map,
		.iotlb_sync			= vtd_domain_sync,
		.iova_to_phys			= vtd_domain_iova_to_phys,
		.enforce_cache_coherency	= vtd_domain_force_snoop,
		.free				= vtd_domain_free,
	},
};

static int __init ops_offer(void)
{
	vtd_start_ops = &intel_iommu_ops;
	return 0;
}
pure_initcall(ops_offer);

// SPDX-License-Identifier: GPL-2.0
/*
 * Reports faults: one line in the shape that scripts know, one that says what
 * it means, the core's trace event and handler, and the brake on storms.
 * Refused interrupts: interrupt_report.c.
 */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/device.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <trace/events/iommu.h>

#include "context/context.h"
#include "device/device.h"
#include "device/stray.h"
#include "domain/attach.h"
#include "domain/domain.h"
#include "domain/fault_report.h"
#include "domain/interrupt_report.h"
#include "domain/requester.h"
#include "unit/fault.h"
#include "unit/fault_text.h"
#include "unit/unit.h"

static bool fault_is_on_bus(struct intel_iommu *iommu, u16 sid)
{
	struct pci_dev *pdev;

	pdev = pci_get_domain_bus_and_slot(iommu->segment, PCI_BUS_NUM(sid), sid & 0xff);
	pci_dev_put(pdev);
	return pdev;
}

/* Each PASID has its own; that of requests without one may be named, too */
static struct iommu_domain *fault_domain(struct vtd_device *vdev, const struct vtd_fault *fault)
{
	return fault->has_pasid && fault->pasid ? xa_load(&vdev->pasids, fault->pasid) :
						  vdev->domain;
}

static void fault_facts(struct vtd_fault_facts *facts, struct intel_iommu *iommu,
			struct vtd_device *vdev, const struct vtd_fault *fault)
{
	struct iommu_domain *domain;
	struct vtd_pt_leaf leaf;

	*facts = (struct vtd_fault_facts) { .width = iommu->caps.width };
	if (!vdev) {
		facts->unserved = fault_is_on_bus(iommu, fault->sid);
		return;
	}
	facts->known_device = true;
	facts->no_driver = !vtd_requester_has_driver(iommu, fault->sid);
	facts->inherits = vdev->inherits;
	domain = fault_domain(vdev, fault);
	facts->blocked = !domain || !vdev->domain || vtd_device_is_cut(vdev);
	facts->identity = domain == &vtd_identity_domain;
	facts->attached = vtd_domain_is_paging(domain);
	if (!facts->attached ||
	    !vtd_domain_inspect(to_dmar_domain(domain), fault->address, &leaf))
		return;
	facts->present = true;
	facts->readable = leaf.prot & VTD_PT_READ;
	facts->writable = leaf.prot & VTD_PT_WRITE;
	facts->large = leaf.level > 1;
}

/* The shape is a contract: tools and people's habits match it */
static void fault_print(const struct vtd_fault *fault)
{
	char pasid[24] = "NO_PASID";

	if (fault->has_pasid)
		snprintf(pasid, sizeof(pasid), "PASID 0x%x", fault->pasid);
	pr_err("[%s %s] Request device [%02x:%02x.%d] fault addr 0x%llx [fault reason 0x%02x] %s\n",
	       vtd_fault_type(fault), pasid, fault->sid >> 8,
	       PCI_SLOT(fault->sid & 0xff), PCI_FUNC(fault->sid & 0xff),
	       fault->address, fault->reason, vtd_fault_reason(fault->reason));
}

static void fault_explain(struct intel_iommu *iommu, struct vtd_device *vdev,
			  const struct vtd_fault *fault)
{
	char requester[VTD_REQUESTER_SIZE];
	struct vtd_fault_facts facts;
	struct iommu_group *group;

	fault_facts(&facts, iommu, vdev, fault);
	if (!vdev) {
		pr_err("%s: requester %04x:%02x:%02x.%d: %s\n", iommu->name,
		       iommu->segment, fault->sid >> 8, PCI_SLOT(fault->sid & 0xff),
		       PCI_FUNC(fault->sid & 0xff), vtd_fault_verdict(fault, &facts));
		return;
	}
	vtd_requester_name(iommu, fault->sid, requester, sizeof(requester));
	group = iommu_group_get(vdev->dev);
	pr_err("%s: %s group %d domain %s: %s\n", iommu->name, requester,
	       group ? iommu_group_id(group) : -1, vtd_attach_kind(fault_domain(vdev, fault)),
	       vtd_fault_verdict(fault, &facts));
	iommu_group_put(group);
}

static void fault_tell_core(struct vtd_device *vdev, const struct vtd_fault *fault)
{
	int flags = vtd_fault_is_write(fault) ? IOMMU_FAULT_WRITE : IOMMU_FAULT_READ;
	struct iommu_domain *domain = fault_domain(vdev, fault);

	/*
	 * report_iommu_fault() traces by itself but wants a domain.  A handler
	 * set with iommu_set_fault_handler() must not attach or detach: it runs
	 * with the unit's device_lock held, which keeps the domain.
	 */
	if (vtd_domain_is_paging(domain))
		report_iommu_fault(domain, vdev->dev, fault->address, flags);
	else
		trace_io_page_fault(vdev->dev, fault->address, flags);
}

static void fault_of_stray(struct intel_iommu *iommu, const struct vtd_fault *fault)
{
	enum vtd_stray_action action = vtd_stray_count(iommu, fault->sid);

	if (action == VTD_STRAY_SILENT)
		return;
	fault_print(fault);
	fault_explain(iommu, NULL, fault);
	if (action == VTD_STRAY_MUTED)
		pr_err("%s: requester %02x:%02x.%d faults too fast: recording of its faults pauses; its requests stay refused\n",
		       iommu->name, fault->sid >> 8, PCI_SLOT(fault->sid & 0xff),
		       PCI_FUNC(fault->sid & 0xff));
	if (action == VTD_STRAY_STORM)
		pr_err("%s: too many faults of requesters that are no device here: each that goes on is no longer recorded for a while; its requests stay refused\n",
		       iommu->name);
}

static void fault_of_device(struct vtd_device *vdev, const struct vtd_fault *fault)
{
	struct intel_iommu *iommu = vdev->iommu;
	char requester[VTD_REQUESTER_SIZE];

	fault_tell_core(vdev, fault);
	if (__ratelimit(&vdev->faults.limit)) {
		fault_print(fault);
		fault_explain(iommu, vdev, fault);
	}
	if (!vtd_device_count_fault(vdev, fault->sid))
		return;
	vtd_requester_name(iommu, fault->sid, requester, sizeof(requester));
	pr_err("%s: %s faults too fast: recording of its faults pauses, %lld so far; its requests stay refused\n",
	       iommu->name, requester, atomic64_read(&vdev->faults.count));
}

/**
 * vtd_fault_report - report one fault record
 * @iommu: unit that recorded it
 * @fault: the record
 *
 * Handed down to the unit as intel_iommu.report_fault.
 *
 * Context: the fault thread; takes the unit's device_lock, so that the device and
 * its domain stay for as long as they are looked at.
 */
void vtd_fault_report(struct intel_iommu *iommu, const struct vtd_fault *fault)
{
	struct vtd_device *vdev;

	mutex_lock(&iommu->device_lock);
	vdev = vtd_device_find(iommu, fault->sid);
	if (vtd_fault_is_interrupt(fault))
		vtd_interrupt_report(iommu, vdev, fault);
	else if (vdev)
		fault_of_device(vdev, fault);
	else
		fault_of_stray(iommu, fault);
	mutex_unlock(&iommu->device_lock);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Reports interrupts that a unit refused: one line in the shape that scripts know,
 * one with the requester's name, whose entry it named, and what that means.
 *
 * The core knows of DMA only, and so does the brake: the bit that silences a
 * device is in its context entry, which no interrupt is looked up in.  The fault
 * thread's own pause is what bounds a storm.
 */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/device.h>
#include <linux/lockdep.h>
#include <linux/pci.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>

#include "acpi/inventory.h"
#include "device/device.h"
#include "device/stray.h"
#include "domain/interrupt_report.h"
#include "domain/requester.h"
#include "irq/ir_entry.h"
#include "irq/ir_scope.h"
#include "irq/ir_table.h"
#include "unit/fault.h"
#include "unit/fault_text.h"
#include "unit/unit.h"

static void interrupt_requester(struct intel_iommu *iommu, struct vtd_device *vdev,
				u16 sid, char *name, size_t size)
{
	if (vdev)
		vtd_requester_name(iommu, sid, name, size);
	else if (!vtd_ir_scope_name(&dmar_drhd_units, iommu, sid, name, size))
		snprintf(name, size, "requester %04x:%02x:%02x.%d", iommu->segment,
			 PCI_BUS_NUM(sid), PCI_SLOT(sid & 0xff), PCI_FUNC(sid & 0xff));
}

static void interrupt_owner(const struct vtd_ir_source *source, char *name, size_t size)
{
	if (source->svt == VTD_SVT_BUS)
		snprintf(name, size, "is for buses %02x-%02x", source->sid >> 8,
			 source->sid & 0xff);
	else
		snprintf(name, size, "is for %02x:%02x.%d", PCI_BUS_NUM(source->sid),
			 PCI_SLOT(source->sid & 0xff), PCI_FUNC(source->sid & 0xff));
}

/**
 * vtd_interrupt_report - report one refused interrupt
 * @iommu: unit that recorded it
 * @vdev: the device that sent it, NULL if no device of ours has the requester id
 * @fault: the record
 *
 * Context: the fault thread; the caller holds the unit's device_lock.
 */
void vtd_interrupt_report(struct intel_iommu *iommu, struct vtd_device *vdev,
			  const struct vtd_fault *fault)
{
	char requester[VTD_REQUESTER_SIZE], owner[32] = "is free";
	struct vtd_interrupt_facts facts = { };
	struct vtd_ir_source source;
	struct vtd_irte entry;

	lockdep_assert_held(&iommu->device_lock);
	if (vdev)
		atomic64_inc(&vdev->faults.count);
	if (vdev ? !__ratelimit(&vdev->faults.interrupt_limit) : !vtd_stray_tell(iommu, fault->sid))
		return;

	facts.present = vtd_ir_peek(iommu, fault->address, &entry);
	if (facts.present) {
		source = vtd_ir_source_of(&entry);
		facts.own = vtd_ir_source_takes(&source, fault->sid);
		interrupt_owner(&source, owner, sizeof(owner));
	}
	interrupt_requester(iommu, vdev, fault->sid, requester, sizeof(requester));
	pr_err("[%s] Request device [%02x:%02x.%d] fault index 0x%llx [fault reason 0x%02x] %s\n",
	       vtd_fault_type(fault), PCI_BUS_NUM(fault->sid), PCI_SLOT(fault->sid & 0xff),
	       PCI_FUNC(fault->sid & 0xff), fault->address, fault->reason,
	       vtd_fault_reason(fault->reason));
	pr_err("%s: %s interrupt refused, entry %llu %s: %s\n", iommu->name, requester,
	       fault->address, owner, vtd_interrupt_verdict(fault, &facts));
}

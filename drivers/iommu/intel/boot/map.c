// SPDX-License-Identifier: GPL-2.0
/*
 * A unit gets its registers mapped, and hears whom it tells what it finds out:
 * of faults, of devices that are silent, of its own end.
 */

#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/pci.h>
#include <linux/printk.h>

#include "acpi/inventory.h"
#include "acpi/lookup.h"
#include "boot/map.h"
#include "device/lost.h"
#include "device/pri.h"
#include "device/quarantine.h"
#include "domain/fault_report.h"
#include "unit/quirks.h"
#include "unit/unit.h"

/**
 * vtd_start_name_device - tell if a device is behind a unit that is off
 * @pdev: the device
 *
 * Context: may sleep.
 */
void vtd_start_name_device(struct pci_dev *pdev)
{
	struct dmar_drhd_unit *drhd;
	u8 bus, devfn;

	drhd = dmar_find_dmaru(&pdev->dev, &bus, &devfn);
	if (drhd && drhd->ignored)
		pci_warn(pdev, "not translated: its DMA remapping unit at %#llx is off\n",
			 drhd->reg_base_addr);
}

/**
 * vtd_start_name_devices - tell which devices a unit that is off leaves unprotected
 * @drhd: the unit
 *
 * Context: may sleep.  Before PCI is enumerated there is nobody to name.
 */
void vtd_start_name_devices(struct dmar_drhd_unit *drhd)
{
	struct pci_dev *pdev = NULL;
	u8 bus, devfn;

	for_each_pci_dev(pdev)
		if (dmar_find_dmaru(&pdev->dev, &bus, &devfn) == drhd)
			pci_warn(pdev, "not translated: its DMA remapping unit at %#llx is off\n",
				 drhd->reg_base_addr);
}

/*
 * Handed down to the unit, called in any context.  On the way up the step that
 * finds it out fails, or the unit goes on with caches that are still empty.
 */
static void start_unit_dead(struct intel_iommu *iommu, const char *why)
{
	iommu->why_dead = why;
	if (iommu->state == VTD_UNIT_OFF)
		return;
	if (iommu->state == VTD_UNIT_ON)
		iommu->state = VTD_UNIT_DEAD;
	vtd_lost_close(iommu, NULL);
	pr_crit("%s: lost: %s; bus mastering of its devices is off, they do not work any more: reboot\n",
		iommu->name, why);
}

/* Firmware that wants no DMA translated says so like this (section 11.4.2, SAGAW) */
static void start_judge(struct dmar_drhd_unit *drhd)
{
	if (drhd->iommu->caps.levels || drhd->ignored)
		return;
	pr_warn("%s: has no page tables: it translates no DMA%s\n", drhd->iommu->name,
		drhd->iommu->caps.int_remap ? ", but can remap interrupts" : "");
	drhd->ignored = true;
	drhd->why_ignored = "it has no page tables";
}

static int start_map_new(struct dmar_drhd_unit *drhd)
{
	struct intel_iommu *iommu;

	iommu = vtd_unit_alloc(drhd->reg_base_addr, drhd->reg_size, drhd->segment,
			       drhd->node);
	if (IS_ERR(iommu)) {
		pr_err("unit at %#llx cannot be used (%ld): left off\n",
		       drhd->reg_base_addr, PTR_ERR(iommu));
		drhd->ignored = true;
		drhd->dormant = true;
		drhd->unusable = true;
		return PTR_ERR(iommu);
	}
	iommu->graphics_only = drhd->gfx_dedicated;
	iommu->report_fault = vtd_fault_report;
	iommu->page_request = vtd_pri_request;
	iommu->page_requests_lost = vtd_pri_lost;
	iommu->device_tlb_dead = vtd_quarantine_device;
	iommu->device_tlb_off = vtd_quarantine_tlb;
	iommu->device_tlb_silent = vtd_quarantine_silent;
	iommu->unit_dead = start_unit_dead;
	drhd->iommu = iommu;
	start_judge(drhd);
	return 0;
}

/**
 * vtd_start_map - map a unit's registers and read its capabilities
 * @drhd: unit as firmware declares it; one that is mapped stays so, and errata
 *	that show on the PCI bus are looked for again
 *
 * The devices of a unit that is ignored, now or before, are named.
 *
 * Context: may sleep.
 * Return: 0: interrupts can be remapped, and DMA unless it is ignored; or -errno:
 * it is unusable.
 */
int vtd_start_map(struct dmar_drhd_unit *drhd)
{
	int ret = 0;

	if (drhd->unusable) {
		ret = -ENODEV;
	} else if (drhd->iommu) {
		drhd->iommu->graphics_only = drhd->gfx_dedicated;
		vtd_quirks_apply(drhd->iommu);
	} else {
		ret = start_map_new(drhd);
	}
	if (drhd->ignored)
		vtd_start_name_devices(drhd);
	return ret;
}

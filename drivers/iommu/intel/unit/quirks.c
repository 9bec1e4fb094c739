// SPDX-License-Identifier: GPL-2.0
/*
 * Errata of units: looks for them, and edits what is known of a unit.  A device that
 * somebody plugged in may claim any id, so only trusted ones count.
 */
#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/bits.h>
#include <linux/pci.h>
#include <linux/printk.h>
#include <linux/processor.h>

#include "unit/errata.h"
#include "unit/quirks.h"
#include "unit/unit.h"

/* GMCH graphics control: with this bit, firmware set memory aside for VT-d */
#define VTD_GGC			0x52
#define VTD_GGC_VT_ENABLED	BIT(11)

/*
 * The DMA engine of the 5400 chipset has a unit of its own, at a fixed place behind
 * what the host bridge says (VTBAR).
 */
#define VTD_5400_ENGINE		0x402f
#define VTD_VTBAR		0xb0
#define VTD_VTBAR_BASE		GENMASK(31, 16)
#define VTD_5400_ENGINE_UNIT	0xa000

static u32 quirks_of(struct pci_dev *pdev)
{
	return pdev->untrusted ? 0 : vtd_errata_of(pdev->vendor, pdev->device, pdev->class);
}

static u32 quirks_find(void)
{
	struct pci_dev *pdev = NULL;
	u32 quirks = 0;

	for_each_pci_dev(pdev)
		quirks |= quirks_of(pdev);
	return quirks;
}

/* Ironlake: is there room for a shadow of the graphics translation table? */
static bool quirk_has_shadow_gtt(void)
{
	struct pci_dev *pdev = NULL;
	bool has = true;
	u16 ggc;

	for_each_pci_dev(pdev)
		if ((quirks_of(pdev) & VTD_QUIRK_SHADOW_GTT) &&
		    !pci_read_config_word(pdev, VTD_GGC, &ggc))
			has &= !!(ggc & VTD_GGC_VT_ENABLED);
	return has;
}

static bool has_small_pages(void)
{
	return boot_cpu_data.x86_vendor == X86_VENDOR_INTEL &&
	       vtd_errata_small_pages(boot_cpu_data.x86, boot_cpu_data.x86_model);
}

/**
 * vtd_quirks_apply - correct what a unit says of itself
 * @iommu: the unit, its capabilities just decoded
 *
 * Context: may sleep; PCI is enumerated, or nothing is found through it.
 */
void vtd_quirks_apply(struct intel_iommu *iommu)
{
	u32 quirks = quirks_find();

	if (iommu->caps.max_leaf > 1 && has_small_pages()) {
		pr_info("%s: erratum: large pages are announced but fault; not used\n",
			iommu->name);
		iommu->caps.max_leaf = 1;
	}
	if ((quirks & VTD_QUIRK_WRITE_FLUSH) && !iommu->caps.write_flush) {
		pr_info("%s: erratum: the write buffer needs flushing\n",
			iommu->name);
		iommu->caps.write_flush = true;
	}
	/* The hang comes from draining what the display has in flight */
	if ((quirks & VTD_QUIRK_KEEP_ON) && iommu->caps.drain)
		iommu->keep_translating = true;
}

/**
 * vtd_quirk_skip_graphics - must graphics keep physical addresses?
 *
 * Context: may sleep; PCI is enumerated.
 * Return: true if this chipset's graphics does not work translated.
 */
bool vtd_quirk_skip_graphics(void)
{
	u32 quirks = quirks_find();

	if (quirks & VTD_QUIRK_SKIP_GRAPHICS) {
		pr_info("erratum: graphics of this chipset does not work translated\n");
		return true;
	}
	if ((quirks & VTD_QUIRK_SHADOW_GTT) && !quirk_has_shadow_gtt()) {
		pr_info("firmware gave graphics no memory for translation (shadow GTT)\n");
		return true;
	}
	return false;
}

/**
 * vtd_quirk_strict - must unmapped memory be flushed at once?
 *
 * Ironlake graphics has to be idle while its IOTLB is invalidated, and only the
 * graphics driver that unmaps knows that it is.
 *
 * Context: may sleep; PCI is enumerated.
 */
bool vtd_quirk_strict(void)
{
	return quirks_find() & VTD_QUIRK_SHADOW_GTT;
}

/**
 * vtd_quirk_misplaced - does firmware put a device under a unit that is not its own?
 * @dev: any device
 * @unit: register base of the unit that firmware names for it
 *
 * The unit that does serve such a device is not in use then: it passes its requests
 * on as they are, and addresses made for another unit would lead anywhere.
 *
 * Context: may sleep.
 */
bool vtd_quirk_misplaced(struct device *dev, u64 unit)
{
	struct pci_dev *pdev;
	u32 vtbar;

	if (!dev_is_pci(dev))
		return false;
	pdev = to_pci_dev(dev);
	if (pdev->vendor != PCI_VENDOR_ID_INTEL || pdev->device != VTD_5400_ENGINE ||
	    pdev->untrusted || !pci_is_root_bus(pdev->bus))
		return false;
	if (pci_bus_read_config_dword(pdev->bus, PCI_DEVFN(0, 0), VTD_VTBAR, &vtbar) ||
	    unit == (vtbar & VTD_VTBAR_BASE) + VTD_5400_ENGINE_UNIT)
		return false;
	pci_warn(pdev, FW_BUG "put under the unit at %#llx, which is not its own: not translated\n",
		 unit);
	return true;
}

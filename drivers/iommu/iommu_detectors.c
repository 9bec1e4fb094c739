// SPDX-License-Identifier: GPL-2.0
/*
 * The detectors of x86 that were written to be called by name, as entries of
 * .iommu_table: GART and AMD.  They return nothing; one that found its IOMMU has
 * set the hook of late init.  One that is not built is empty, and finds nothing.
 */
#include <linux/amd-iommu.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/iommu_table.h>
#include <linux/pci.h>
#include <linux/printk.h>

#include <asm/gart.h>
#include <asm/x86_init.h>

static int __init run_detector(void (*detector)(void))
{
	int (*before)(void) = x86_init.iommu.iommu_init;

	detector();
	return x86_init.iommu.iommu_init != before ? 0 : -ENODEV;
}

/**
 * detect_gart_iommu - .iommu_table hook of AMD's graphics aperture
 *
 * Context: the walk, before there is an allocator.
 * Return: 0 if it is to be used as an IOMMU, else -ENODEV.
 */
int __init detect_gart_iommu(void)
{
	return run_detector(gart_iommu_hole_init);
}

IOMMU_TABLE_ENTRY(gart, detect_gart_iommu, pci_swiotlb_detect, NULL, NULL, 0);

/**
 * detect_amd_iommu - .iommu_table hook of AMD-Vi
 *
 * Context: the walk, before there is an allocator.
 * Return: 0 if there is one, else -ENODEV.
 */
int __init detect_amd_iommu(void)
{
	return run_detector(amd_iommu_detect);
}

IOMMU_TABLE_ENTRY(amd, detect_amd_iommu, detect_gart_iommu, NULL, NULL, 0);

/* SPDX-License-Identifier: GPL-2.0 */
/* The interrupt domain of a unit: between x86's vectors and the devices. */
#ifndef VTD_IRQ_IR_DOMAIN_H
#define VTD_IRQ_IR_DOMAIN_H

struct intel_iommu;
struct pci_dev;

int vtd_ir_domain_create(struct intel_iommu *iommu);
int vtd_ir_domain_remove(struct intel_iommu *iommu);

#ifdef CONFIG_IRQ_REMAP
void vtd_ir_add_device(struct pci_dev *pdev);
#else
static inline void vtd_ir_add_device(struct pci_dev *pdev) { }
#endif

#endif /* VTD_IRQ_IR_DOMAIN_H */

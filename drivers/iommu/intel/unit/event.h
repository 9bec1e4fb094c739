/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Interrupts of faults (FECTL and what follows it) and page requests (PECTL).  x86's msi.c calls
 * dmar_msi_{write,mask,unmask} (include/linux/dmar.h), which live in event.c.
 */
#ifndef VTD_UNIT_EVENT_H
#define VTD_UNIT_EVENT_H

#include <linux/interrupt.h>

struct intel_iommu;

irqreturn_t dmar_fault(int irq, void *dev_id);
int dmar_set_interrupt(struct intel_iommu *iommu);
int vtd_event_pages(struct intel_iommu *iommu, irq_handler_t thread);
void vtd_event_pages_free(struct intel_iommu *iommu);
void vtd_event_free(struct intel_iommu *iommu);
void vtd_event_restore(struct intel_iommu *iommu);

#endif /* VTD_UNIT_EVENT_H */

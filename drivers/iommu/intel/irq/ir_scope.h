/* SPDX-License-Identifier: GPL-2.0 */
/* Which unit remaps the interrupts of a device, and under which requester id. */
#ifndef VTD_IRQ_IR_SCOPE_H
#define VTD_IRQ_IR_SCOPE_H

#include <linux/types.h>

#include "irq/ir_entry.h"

struct intel_iommu;
struct list_head;
struct pci_dev;

/* Told what is wrong with an IOAPIC, and what follows from it */
typedef void (*vtd_ir_scope_say_fn)(u8 id, const char *what);

int vtd_ir_scope_find(const struct list_head *units, u8 type, u8 id,
		      struct intel_iommu **iommu, struct vtd_ir_source *source);
int vtd_ir_scope_check(const struct list_head *units, const u8 *ioapic,
		       unsigned int count, vtd_ir_scope_say_fn say);
bool vtd_ir_scope_name(const struct list_head *units, const struct intel_iommu *iommu,
		       u16 sid, char *name, size_t size);
struct vtd_ir_source vtd_ir_scope_pci(struct pci_dev *pdev);

#endif /* VTD_IRQ_IR_SCOPE_H */

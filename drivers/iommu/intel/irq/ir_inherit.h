/* SPDX-License-Identifier: GPL-2.0 */
/* Interrupt entries that a crash kernel takes over from the kernel before. */
#ifndef VTD_IRQ_IR_INHERIT_H
#define VTD_IRQ_IR_INHERIT_H

#include <linux/types.h>

struct intel_iommu;

bool vtd_ir_left_on(struct intel_iommu *iommu, bool x2apic);
void vtd_ir_inherit(struct intel_iommu *iommu);

#endif /* VTD_IRQ_IR_INHERIT_H */

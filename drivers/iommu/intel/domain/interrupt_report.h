/* SPDX-License-Identifier: GPL-2.0 */
/* What the log says of interrupts that a unit refused. */
#ifndef VTD_DOMAIN_INTERRUPT_REPORT_H
#define VTD_DOMAIN_INTERRUPT_REPORT_H

struct intel_iommu;
struct vtd_device;
struct vtd_fault;

void vtd_interrupt_report(struct intel_iommu *iommu, struct vtd_device *vdev,
			  const struct vtd_fault *fault);

#endif /* VTD_DOMAIN_INTERRUPT_REPORT_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* A fault record in words: whose, in which domain, and what it means. */
#ifndef VTD_DOMAIN_FAULT_REPORT_H
#define VTD_DOMAIN_FAULT_REPORT_H

struct intel_iommu;
struct vtd_fault;

void vtd_fault_report(struct intel_iommu *iommu, const struct vtd_fault *fault);

#endif /* VTD_DOMAIN_FAULT_REPORT_H */

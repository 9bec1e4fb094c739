/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fault records: read and cleared by the fault thread, counted, handed to
 * iommu->report_fault.  What a reason means in words: unit/fault_text.h.
 */
#ifndef VTD_UNIT_FAULT_H
#define VTD_UNIT_FAULT_H

#include <linux/types.h>

struct intel_iommu;

/**
 * struct vtd_fault - one decoded fault record (section 11.4.14)
 * @address: faulting address, page aligned; the index for interrupt faults
 * @pasid: valid if @has_pasid
 * @sid: requester id
 * @reason: fault reason code
 * @type: request type: T1 << 1 | T2 (0 write, 1 page request, 2 read, 3 atomic)
 * @has_pasid: the request carried a PASID
 * @exec: execute permission was asked for (with PASID)
 * @priv: supervisor privilege was asked for (with PASID)
 * @translated: AT: 0 untranslated, 1 translation request, 2 translated
 */
struct vtd_fault {
	u64 address;
	u32 pasid;
	u16 sid;
	u8 reason;
	u8 type;
	u8 translated;
	bool has_pasid;
	bool exec;
	bool priv;
};

/**
 * struct vtd_fault_counts - totals of a unit since boot
 * @recorded: records read
 * @interrupts: how many of them were about interrupts
 * @lost: overflows seen (each stands for at least one lost record)
 */
struct vtd_fault_counts {
	u64 recorded;
	u64 interrupts;
	u64 lost;
};

int vtd_faults_init(struct intel_iommu *iommu);
void vtd_faults_exit(struct intel_iommu *iommu);
void vtd_faults_forget(struct intel_iommu *iommu);
int vtd_faults_enable(struct intel_iommu *iommu);
void vtd_faults_disable(struct intel_iommu *iommu);
void vtd_faults_read(struct intel_iommu *iommu);
void vtd_faults_counts(struct intel_iommu *iommu, struct vtd_fault_counts *counts);

/* fault_text.c, pure */
void vtd_fault_decode(struct vtd_fault *fault, u64 lo, u64 hi);
bool vtd_fault_is_write(const struct vtd_fault *fault);
bool vtd_fault_is_interrupt(const struct vtd_fault *fault);

#endif /* VTD_UNIT_FAULT_H */

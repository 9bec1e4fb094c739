// SPDX-License-Identifier: GPL-2.0
/*
 * Posted interrupts (specification section 5.2.5): the unit sets a bit in a
 * descriptor, and notifies only if nobody was notified yet.  KVM has one for each
 * virtual CPU; with X86_POSTED_MSI the host has one for each CPU.
 */
#define pr_fmt(fmt) "DMAR-IR: " fmt

#include <linux/cpufeature.h>
#include <linux/cpumask.h>
#include <linux/hardirq.h>
#include <linux/io.h>
#include <linux/irq.h>
#include <linux/rculist.h>

#include <asm/hw_irq.h>
#include <asm/irq_remapping.h>
#include <asm/posted_intr.h>

#include "acpi/inventory.h"
#include "core/core.h"
#include "irq/ir_entry.h"
#include "irq/posted.h"
#include "unit/unit.h"

/**
 * vtd_ir_can_post - can interrupts be posted on this machine
 *
 * An interrupt may come through any unit, so all have to.  The address of the
 * descriptor lies in both words of an entry, which asks for wide stores.
 *
 * Context: any, after the units were mapped.
 */
bool vtd_ir_can_post(void)
{
	bool all = boot_cpu_has(X86_FEATURE_CX16);
	const struct intel_iommu *iommu;
	struct dmar_drhd_unit *unit;

	rcu_read_lock();
	list_for_each_entry_rcu(unit, &dmar_drhd_units, list) {
		iommu = READ_ONCE(unit->iommu);
		all &= iommu && iommu->caps.posted;
	}
	rcu_read_unlock();
	return all;
}

/**
 * vtd_ir_posted_here - is an interrupt to be posted to the host's own descriptors
 * @message: it comes from a PCI device
 *
 * The answer is kept with the interrupt: its chip depends on it.
 *
 * Context: any.
 */
bool vtd_ir_posted_here(bool message)
{
	return message && vtd_core_posted_msi();
}

/**
 * vtd_ir_posted_host - the entry of an interrupt that is posted to the host
 * @data: of our domain
 * @source: who may use the entry
 * @entry: filled in
 *
 * Context: the descriptor lock is held.
 */
void vtd_ir_posted_host(struct irq_data *data, const struct vtd_ir_source *source,
			struct vtd_irte *entry)
{
#ifdef CONFIG_X86_POSTED_MSI
	int cpu = cpumask_first(irq_data_get_effective_affinity_mask(data));

	/* Not started yet: it has a vector, but no place */
	if (cpu >= nr_cpu_ids)
		cpu = cpumask_first(cpu_online_mask);
	vtd_ir_posted(entry, irqd_cfg(data)->vector,
		      __pa(per_cpu_ptr(&posted_msi_pi_desc, cpu)), source);
#endif
}

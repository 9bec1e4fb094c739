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
#include "irq/ir_domain.h"
#include "irq/ir_table.h"
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
	struct dmar_drhd_unit *unit;
	bool all = boot_cpu_has(X86_FEATURE_CX16);

	rcu_read_lock();
	list_for_each_entry_rcu(unit, &dmar_drhd_units, list)
		all &= unit->iommu && unit->iommu->caps.posted;
	rcu_read_unlock();
	return all;
}

/**
 * vtd_ir_set_vcpu_affinity - irq_chip.irq_set_vcpu_affinity
 * @data: of our domain
 * @info: struct vcpu_data: post to this guest's CPU; NULL: back to the host
 *
 * Context: the descriptor lock is held.
 * Return: 0; -EINVAL for a descriptor that cannot be one; -ENODEV if this unit
 * does not post; as vtd_ir_install().
 */
int vtd_ir_set_vcpu_affinity(struct irq_data *data, void *info)
{
	struct vtd_ir_irq *irq = data->chip_data;
	const struct vcpu_data *vcpu = info;
	struct vtd_irte entry;
	int ret;

	if (!vcpu)
		return vtd_ir_update(data, true);
	if (!irq->iommu->caps.posted || !irq->iommu->ir->wide)
		return -ENODEV;
	if (vcpu->vector > 255 || (vcpu->pi_desc_addr & 63))
		return -EINVAL;
	vtd_ir_posted(&entry, vcpu->vector, vcpu->pi_desc_addr, &irq->source);
	ret = vtd_ir_install(irq->iommu, irq->index, &entry);
	if (!ret)
		irq->posted_vcpu = true;
	return ret;
}

/**
 * vtd_ir_posted_here - is an interrupt to be posted to the host's own descriptors
 * @irq: the interrupt, which keeps the answer: its chip depends on it
 *
 * Context: any.
 */
bool vtd_ir_posted_here(const struct vtd_ir_irq *irq)
{
	return IS_ENABLED(CONFIG_X86_POSTED_MSI) && irq->message && posted_msi_supported();
}

/**
 * vtd_ir_posted_host - the entry of an interrupt that is posted to the host
 * @data: of our domain
 * @entry: filled in
 *
 * Context: the descriptor lock is held.
 */
void vtd_ir_posted_host(struct irq_data *data, struct vtd_irte *entry)
{
#ifdef CONFIG_X86_POSTED_MSI
	struct vtd_ir_irq *irq = data->chip_data;
	int cpu = cpumask_first(irq_data_get_effective_affinity_mask(data));

	/* Not started yet: it has a vector, but no place */
	if (cpu >= nr_cpu_ids)
		cpu = cpumask_first(cpu_online_mask);
	vtd_ir_posted(entry, irqd_cfg(data)->vector,
		      __pa(per_cpu_ptr(&posted_msi_pi_desc, cpu)), &irq->source);
#endif
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts that go through an entry.  A message or pin names its entry once and
 * for all; where the interrupt goes is in the entry, so that moving it touches
 * neither device nor IOAPIC.
 */
#define pr_fmt(fmt) "DMAR-IR: " fmt

#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/msi.h>
#include <linux/printk.h>

#include <asm/apic.h>
#include <asm/hw_irq.h>
#include <asm/irq_remapping.h>

#include "core/core.h"
#include "irq/ir_chip.h"
#include "irq/ir_table.h"
#include "irq/posted.h"
#include "unit/unit.h"

/**
 * vtd_ir_update - write an interrupt's entry as its vector is now
 * @data: of our domain
 * @to_host: also if it is posted to a guest, which ends that
 *
 * Context: the interrupt's descriptor lock is held, or nobody else has it.
 * Return: 0, or as vtd_ir_install().
 */
int vtd_ir_update(struct irq_data *data, bool to_host)
{
	struct vtd_ir_irq *irq = data->chip_data;
	const struct irq_cfg *cfg = irqd_cfg(data);
	struct vtd_irte entry;

	if (irq->posted_vcpu && !to_host)
		return 0;
	irq->posted_vcpu = false;
	if (irq->posted_host)
		vtd_ir_posted_host(data, &irq->source, &entry);
	else
		vtd_ir_remapped(&entry, cfg->vector, cfg->dest_apicid,
				apic->dest_mode_logical, irq->iommu->ir->x2apic,
				&irq->source);
	return vtd_ir_install(irq->iommu, irq->index, &entry);
}

static int ir_set_affinity(struct irq_data *data, const struct cpumask *to,
			   bool force)
{
	struct vtd_ir_irq *irq = data->chip_data;
	int ret = irq_chip_set_affinity_parent(data, to, force);

	/* Without a new vector there is nothing to write */
	if (ret == IRQ_SET_MASK_OK_DONE || ret < 0)
		return ret;
	ret = vtd_ir_update(data, false);
	if (ret)
		/* It may still come by the old vector, which must stay then */
		pr_warn_ratelimited("%s: interrupt %u may go to its old place (%d)\n",
				    irq->iommu->name, data->irq, ret);
	else
		vector_schedule_cleanup(irqd_cfg(data));
	return IRQ_SET_MASK_OK_DONE;
}

static void ir_compose(struct irq_data *data, struct msi_msg *message)
{
	struct vtd_ir_irq *irq = data->chip_data;
	u32 address, content;

	vtd_ir_message(irq->first, irq->subhandle, &address, &content);
	*message = (struct msi_msg) { .address_lo = address, .data = content };
}

/*
 * struct vtd_core_guest: post to this guest's CPU; NULL: back to the host.  The descriptor
 * lock is held.
 */
static int ir_set_vcpu_affinity(struct irq_data *data, void *info)
{
	struct vtd_ir_irq *irq = data->chip_data;
	const struct vtd_core_guest *vcpu = info;
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

static struct irq_chip vtd_ir_chip = {
	.name			= "INTEL-IR",
	.irq_ack		= apic_ack_irq,
	.irq_set_affinity	= ir_set_affinity,
	.irq_compose_msi_msg	= ir_compose,
	.irq_set_vcpu_affinity	= ir_set_vcpu_affinity,
};

/* Posted to the host: one notification for several, acknowledged there */
static struct irq_chip vtd_ir_post_chip = {
	.name			= "INTEL-IR-POST",
	.irq_ack		= intel_ack_posted_msi_irq,
	.irq_set_affinity	= ir_set_affinity,
	.irq_compose_msi_msg	= ir_compose,
	.irq_set_vcpu_affinity	= ir_set_vcpu_affinity,
};

/**
 * vtd_ir_chip_for - the chip of an interrupt
 * @irq: the interrupt; where it is posted to is known
 *
 * Context: any.
 */
struct irq_chip *vtd_ir_chip_for(const struct vtd_ir_irq *irq)
{
	return irq->posted_host ? &vtd_ir_post_chip : &vtd_ir_chip;
}

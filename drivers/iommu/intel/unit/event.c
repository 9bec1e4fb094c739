// SPDX-License-Identifier: GPL-2.0
/*
 * The fault event of a unit as an interrupt (specification section 7.3).  The
 * irq chip "DMAR-MSI" of x86 writes the message through dmar_msi_write() and
 * has the unit's address as handler data.  A unit has two more events, page
 * requests and performance counters, whose interrupts would have ids + 1024 and
 * + 2048; neither is set up here, and a call for one changes nothing.
 */
#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/dmar.h>
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/msi.h>
#include <linux/printk.h>
#include <linux/slab.h>

#include "hw/registers.h"
#include "unit/event.h"
#include "unit/fault.h"
#include "unit/unit.h"

/**
 * struct vtd_event - the fault event's interrupt
 * @irq: Linux number of it
 * @message: (g) last message written, for resume
 */
struct vtd_event {
	int irq;
	struct msi_msg message;
};

/* NULL unless @irq is the fault event of a unit */
static struct intel_iommu *event_unit(struct intel_iommu *iommu, int irq)
{
	return iommu && iommu->event && iommu->event->irq == irq ? iommu : NULL;
}

static void event_set_mask(struct irq_data *data, bool masked)
{
	struct intel_iommu *iommu;
	unsigned long flags;

	iommu = event_unit(irq_data_get_irq_handler_data(data), data->irq);
	if (!iommu)
		return;
	raw_spin_lock_irqsave(&iommu->gate_lock, flags);
	vtd_write32(&iommu->regs, VTD_FECTL, masked ? VTD_ECTL_IM : 0);
	/* The read pushes the write out before anybody relies on it */
	vtd_read32(&iommu->regs, VTD_FECTL);
	raw_spin_unlock_irqrestore(&iommu->gate_lock, flags);
}

/**
 * dmar_msi_mask - irq chip callback: no fault interrupt from now on
 * @data: its handler data is the unit
 *
 * The unit remembers a fault that comes meanwhile (FECTL.IP).
 *
 * Context: any; takes gate_lock.
 */
void dmar_msi_mask(struct irq_data *data)
{
	event_set_mask(data, true);
}

/**
 * dmar_msi_unmask - irq chip callback: fault interrupts from now on
 * @data: its handler data is the unit
 *
 * Context: any; takes gate_lock.
 */
void dmar_msi_unmask(struct irq_data *data)
{
	event_set_mask(data, false);
}

static void event_program(struct intel_iommu *iommu)
{
	const struct msi_msg *message = &iommu->event->message;

	lockdep_assert_held(&iommu->gate_lock);

	vtd_write32(&iommu->regs, VTD_FEDATA, message->data);
	vtd_write32(&iommu->regs, VTD_FEADDR, message->address_lo);
	vtd_write32(&iommu->regs, VTD_FEUADDR, message->address_hi);
}

/**
 * dmar_msi_write - irq chip callback: where fault interrupts go
 * @irq: Linux number; its handler data is the unit
 * @message: what to write into FEDATA, FEADDR, FEUADDR
 *
 * Context: any; takes gate_lock.
 */
void dmar_msi_write(int irq, struct msi_msg *message)
{
	struct intel_iommu *iommu;
	unsigned long flags;

	iommu = event_unit(irq_get_handler_data(irq), irq);
	if (!iommu)
		return;
	raw_spin_lock_irqsave(&iommu->gate_lock, flags);
	iommu->event->message = *message;
	event_program(iommu);
	raw_spin_unlock_irqrestore(&iommu->gate_lock, flags);
}

/* Reading the records may sleep and takes as long as there are any */
static irqreturn_t event_wake(int irq, void *dev_id)
{
	return IRQ_WAKE_THREAD;
}

/**
 * dmar_fault - thread of the fault interrupt
 * @irq: not used
 * @dev_id: the unit
 *
 * Context: may sleep.
 */
irqreturn_t dmar_fault(int irq, void *dev_id)
{
	vtd_faults_read(dev_id);
	return IRQ_HANDLED;
}

/**
 * dmar_set_interrupt - give a unit its fault interrupt
 * @iommu: the unit, after vtd_faults_init(); one that has it is left alone
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM, -ENOSPC without a free vector, or as request_irq().
 */
int dmar_set_interrupt(struct intel_iommu *iommu)
{
	int irq, ret;

	if (iommu->event)
		return 0;

	iommu->event = kzalloc_node(sizeof(*iommu->event), GFP_KERNEL, iommu->node);
	if (!iommu->event)
		return -ENOMEM;

	ret = -ENOSPC;
	irq = dmar_alloc_hwirq(iommu->seq_id, iommu->node, iommu);
	if (irq <= 0)
		goto free_event;

	iommu->event->irq = irq;
	ret = request_threaded_irq(irq, event_wake, dmar_fault, IRQF_NO_THREAD,
				   iommu->name, iommu);
	if (ret)
		goto free_irq;
	return 0;

free_irq:
	dmar_free_hwirq(irq);
free_event:
	kfree(iommu->event);
	iommu->event = NULL;
	pr_err("%s: no interrupt for fault events (%d)\n", iommu->name, ret);
	return ret;
}

/**
 * vtd_event_free - undo dmar_set_interrupt()
 * @iommu: the unit; one without interrupt is left alone
 *
 * Context: may sleep; waits for the thread.
 */
void vtd_event_free(struct intel_iommu *iommu)
{
	struct vtd_event *event = iommu->event;

	if (!event)
		return;
	free_irq(event->irq, iommu);
	dmar_free_hwirq(event->irq);
	iommu->event = NULL;
	kfree(event);
}

/**
 * vtd_event_restore - write the message again after the unit lost it
 * @iommu: the unit; vtd_faults_enable() comes next
 *
 * Context: any, resume with interrupts off too; takes gate_lock.
 */
void vtd_event_restore(struct intel_iommu *iommu)
{
	unsigned long flags;

	if (!iommu->event)
		return;
	raw_spin_lock_irqsave(&iommu->gate_lock, flags);
	event_program(iommu);
	raw_spin_unlock_irqrestore(&iommu->gate_lock, flags);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Events of a unit as interrupts: faults (specification section 7.3) and page requests
 * (section 7.5).  The irq chip "DMAR-MSI" of x86 writes the message through
 * dmar_msi_write() and has the unit's address as handler data.  Each event has four
 * registers in a row: control, data, address, upper address.  A third one, performance
 * counters, would have ids + 2048; it is not set up here.
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

/* From the control register on */
#define EVENT_DATA	4u
#define EVENT_ADDR	8u
#define EVENT_UADDR	12u

/* Interrupt domains of x86 know page requests by their unit's number and that */
#define EVENT_PAGE_IDS	1024

/**
 * struct vtd_event - an event's interrupt
 * @irq: Linux number of it
 * @control: where its registers begin
 * @message: (g) last message written, for resume
 */
struct vtd_event {
	int irq;
	u32 control;
	struct msi_msg message;
};

/* NULL unless @irq is an event of the unit */
static struct vtd_event *event_find(struct intel_iommu *iommu, int irq)
{
	if (!iommu)
		return NULL;
	if (iommu->event && iommu->event->irq == irq)
		return iommu->event;
	return iommu->page_event && iommu->page_event->irq == irq ? iommu->page_event : NULL;
}

static void event_set_mask(struct irq_data *data, bool masked)
{
	struct intel_iommu *iommu = irq_data_get_irq_handler_data(data);
	struct vtd_event *event = event_find(iommu, data->irq);
	unsigned long flags;

	if (!event)
		return;
	raw_spin_lock_irqsave(&iommu->gate_lock, flags);
	vtd_write32(&iommu->regs, event->control, masked ? VTD_ECTL_IM : 0);
	/* The read pushes the write out before anybody relies on it */
	vtd_read32(&iommu->regs, event->control);
	raw_spin_unlock_irqrestore(&iommu->gate_lock, flags);
}

/**
 * dmar_msi_mask - irq chip callback: no interrupt of an event from now on
 * @data: its handler data is the unit
 *
 * The unit remembers an event that comes meanwhile (IP in its control register).
 *
 * Context: any; takes gate_lock.
 */
void dmar_msi_mask(struct irq_data *data)
{
	event_set_mask(data, true);
}

/**
 * dmar_msi_unmask - irq chip callback: interrupts of an event from now on
 * @data: its handler data is the unit
 *
 * Context: any; takes gate_lock.
 */
void dmar_msi_unmask(struct irq_data *data)
{
	event_set_mask(data, false);
}

static void event_program(struct intel_iommu *iommu, const struct vtd_event *event)
{
	const struct msi_msg *message = &event->message;

	lockdep_assert_held(&iommu->gate_lock);

	vtd_write32(&iommu->regs, event->control + EVENT_DATA, message->data);
	vtd_write32(&iommu->regs, event->control + EVENT_ADDR, message->address_lo);
	vtd_write32(&iommu->regs, event->control + EVENT_UADDR, message->address_hi);
}

/**
 * dmar_msi_write - irq chip callback: where interrupts of an event go
 * @irq: Linux number; its handler data is the unit
 * @message: what to write into the event's data and address registers
 *
 * Context: any; takes gate_lock.
 */
void dmar_msi_write(int irq, struct msi_msg *message)
{
	struct intel_iommu *iommu = irq_get_handler_data(irq);
	struct vtd_event *event = event_find(iommu, irq);
	unsigned long flags;

	if (!event)
		return;
	raw_spin_lock_irqsave(&iommu->gate_lock, flags);
	event->message = *message;
	event_program(iommu, event);
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

/* The unit's field for the event is @at, set before the interrupt is: msi.c asks for it */
static int event_request(struct intel_iommu *iommu, struct vtd_event **at, u32 control, int id,
			 irq_handler_t thread)
{
	struct vtd_event *event;
	int irq, ret;

	event = kzalloc_node(sizeof(*event), GFP_KERNEL, iommu->node);
	if (!event)
		return -ENOMEM;
	event->control = control;
	*at = event;

	ret = -ENOSPC;
	irq = dmar_alloc_hwirq(id, iommu->node, iommu);
	if (irq <= 0)
		goto free_event;

	event->irq = irq;
	ret = request_threaded_irq(irq, event_wake, thread, IRQF_NO_THREAD,
				   iommu->name, iommu);
	if (!ret)
		return 0;
	dmar_free_hwirq(irq);
free_event:
	kfree(event);
	*at = NULL;
	return ret;
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
	int ret;

	if (iommu->event)
		return 0;
	ret = event_request(iommu, &iommu->event, VTD_FECTL, iommu->seq_id, dmar_fault);
	if (ret)
		pr_err("%s: no interrupt for fault events (%d)\n", iommu->name, ret);
	return ret;
}

/**
 * vtd_event_pages - give a unit its page request interrupt
 * @iommu: the unit
 * @thread: what runs when it comes, in a thread of its own
 *
 * Context: may sleep.
 * Return: as dmar_set_interrupt().
 */
int vtd_event_pages(struct intel_iommu *iommu, irq_handler_t thread)
{
	return event_request(iommu, &iommu->page_event, VTD_PECTL,
			     iommu->seq_id + EVENT_PAGE_IDS, thread);
}

static void event_free(struct intel_iommu *iommu, struct vtd_event **at)
{
	struct vtd_event *event = *at;

	if (!event)
		return;
	free_irq(event->irq, iommu);
	dmar_free_hwirq(event->irq);
	*at = NULL;
	kfree(event);
}

/**
 * vtd_event_free - undo dmar_set_interrupt()
 * @iommu: the unit; one without interrupt is left alone
 *
 * Context: may sleep; waits for the thread.
 */
void vtd_event_free(struct intel_iommu *iommu)
{
	event_free(iommu, &iommu->event);
}

/**
 * vtd_event_pages_free - undo vtd_event_pages()
 * @iommu: the unit; one without interrupt is left alone
 *
 * Context: may sleep; waits for the thread.
 */
void vtd_event_pages_free(struct intel_iommu *iommu)
{
	event_free(iommu, &iommu->page_event);
}

/**
 * vtd_event_restore - write the messages again after the unit lost them
 * @iommu: the unit; vtd_faults_enable() and vtd_prq_enable() come next
 *
 * Context: any, resume with interrupts off too; takes gate_lock.
 */
void vtd_event_restore(struct intel_iommu *iommu)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&iommu->gate_lock, flags);
	if (iommu->event)
		event_program(iommu, iommu->event);
	if (iommu->page_event)
		event_program(iommu, iommu->page_event);
	raw_spin_unlock_irqrestore(&iommu->gate_lock, flags);
}

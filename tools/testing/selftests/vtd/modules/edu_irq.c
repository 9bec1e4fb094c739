// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts of the device: its own message arrives; with a message that names
 * the entry of somebody else, under its own requester id, nothing does.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/io.h>

#include "edu.h"

#define EDU_RAISE	0x60
#define EDU_ACK		0x64

static atomic_t arrived;

static irqreturn_t edu_irq(int irq, void *data)
{
	struct edu *edu = data;

	writel(~0u, edu->bar + EDU_ACK);
	atomic_inc(&arrived);
	return IRQ_HANDLED;
}

static bool edu_raise(struct edu *edu)
{
	atomic_set(&arrived, 0);
	writel(1, edu->bar + EDU_RAISE);
	readl(edu->bar + EDU_RAISE);
	msleep(50);
	writel(~0u, edu->bar + EDU_ACK);
	return atomic_read(&arrived);
}

static u32 edu_handle(u32 address)
{
	return (address >> 5 & 0x7fff) | (address >> 2 & 1) << 15;
}

/* @arg: how many entries below its own are tried */
static void edu_forge(struct edu *edu, struct edu_result *res, u64 arg)
{
	int at = edu->pdev->msi_cap + PCI_MSI_ADDRESS_LO;
	u32 own, i, tried = 0;

	pci_read_config_dword(edu->pdev, at, &own);
	if (!(own & BIT(4)))
		return edu_skip(res, "interrupts are not remapped: message to %#x", own);
	if (!edu_raise(edu))
		return edu_fail(res, "its own interrupt does not arrive, entry %u",
				edu_handle(own));
	for (i = edu_handle(own); i-- && tried < (arg ?: 16); tried++) {
		pci_write_config_dword(edu->pdev, at, (own & ~0xfffe4u) |
				       (i & 0x7fff) << 5 | (i >> 15) << 2);
		if (edu_raise(edu))
			edu_fail(res, "entry %u answers to it", i);
	}
	pci_write_config_dword(edu->pdev, at, own);
	if (!edu_raise(edu))
		edu_fail(res, "its own interrupt no longer arrives");
	if (!res->failed)
		edu_say(res, "its own entry %u: arrives; %u entries of others: nothing",
			edu_handle(own), tried);
}

static void test_forge(struct edu *edu, struct edu_result *res, u64 arg)
{
	int irq;

	if (pci_alloc_irq_vectors(edu->pdev, 1, 1, PCI_IRQ_MSI) != 1)
		return edu_fail(res, "no message interrupt");
	irq = pci_irq_vector(edu->pdev, 0);
	if (request_irq(irq, edu_irq, 0, "vtd_edu", edu)) {
		edu_fail(res, "the interrupt is not given");
	} else {
		edu_forge(edu, res, arg);
		free_irq(irq, edu);
	}
	pci_free_irq_vectors(edu->pdev);
}

/* @arg: how often an interrupt is set up, used, and given back */
static void test_bind(struct edu *edu, struct edu_result *res, u64 arg)
{
	unsigned int i, lost = 0;
	int irq;

	for (i = 0; i < (arg ?: 200); i++) {
		if (pci_alloc_irq_vectors(edu->pdev, 1, 1, PCI_IRQ_MSI) != 1)
			return edu_fail(res, "no interrupt in round %u", i);
		irq = pci_irq_vector(edu->pdev, 0);
		if (request_irq(irq, edu_irq, 0, "vtd_edu", edu)) {
			lost++;
		} else {
			if (!(i % 20))
				lost += !edu_raise(edu);
			free_irq(irq, edu);
		}
		pci_free_irq_vectors(edu->pdev);
	}
	if (lost)
		edu_fail(res, "%u interrupts did not arrive", lost);
	else
		edu_say(res, "%u times set up and given back", i);
}

const struct edu_test edu_irq_tests[] = {
	{ "forge", test_forge },
	{ "bind", test_bind },
	{ }
};

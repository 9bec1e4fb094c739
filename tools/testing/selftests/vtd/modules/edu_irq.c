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

/* The message @address as a write of the device's DMA engine; true if it arrived */
static bool edu_write_message(struct edu *edu, struct edu_result *res, u64 address)
{
	atomic_set(&arrived, 0);
	if (edu_from_device(edu, address, sizeof(u32)))
		edu_fail(res, "the device does not answer");
	msleep(50);
	return atomic_read(&arrived);
}

/*
 * By DMA into the window of interrupts: its own entry, and one that nobody has.
 * QEMU's DMA carries no requester id, so that entries of others cannot be tried
 * this way; and it lets the old format pass, which hardware blocks.
 */
static void edu_forge_dma(struct edu *edu, struct edu_result *res, u64 arg)
{
	int at = edu->pdev->msi_cap + PCI_MSI_ADDRESS_LO;
	u32 own, other;

	pci_read_config_dword(edu->pdev, at, &own);
	if (!(own & BIT(4)))
		return edu_skip(res, "interrupts are not remapped: message to %#x", own);
	/* The subhandle of its only message */
	if (edu_load_word(edu, 0))
		return edu_fail(res, "the device does not answer");
	if (!edu_write_message(edu, res, own))
		return edu_fail(res, "its own interrupt does not arrive, entry %u",
				edu_handle(own));
	other = own ^ BIT(2);
	if (edu_write_message(edu, res, other))
		edu_fail(res, "entry %u, which nobody has, answers", edu_handle(other));
	if (!edu_write_message(edu, res, own))
		edu_fail(res, "its own interrupt no longer arrives");
	if (!res->failed)
		edu_say(res, "by DMA: its own entry %u: arrives; entry %u, nobody's: nothing",
			edu_handle(own), edu_handle(other));
}

static void edu_with_irq(struct edu *edu, struct edu_result *res, u64 arg,
			 void (*run)(struct edu *edu, struct edu_result *res, u64 arg))
{
	int irq;

	if (pci_alloc_irq_vectors(edu->pdev, 1, 1, PCI_IRQ_MSI) != 1)
		return edu_fail(res, "no message interrupt");
	irq = pci_irq_vector(edu->pdev, 0);
	if (request_irq(irq, edu_irq, 0, "vtd_edu", edu)) {
		edu_fail(res, "the interrupt is not given");
	} else {
		run(edu, res, arg);
		free_irq(irq, edu);
	}
	pci_free_irq_vectors(edu->pdev);
}

static void test_forge(struct edu *edu, struct edu_result *res, u64 arg)
{
	edu_with_irq(edu, res, arg, edu_forge);
}

static void test_forge_dma(struct edu *edu, struct edu_result *res, u64 arg)
{
	edu_with_irq(edu, res, arg, edu_forge_dma);
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
	{ "forge-dma", test_forge_dma },
	{ "bind", test_bind },
	{ }
};

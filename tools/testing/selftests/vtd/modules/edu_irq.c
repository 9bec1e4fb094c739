// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts of the device: its own message arrives; with a message that names
 * the entry of somebody else, under its own requester id, nothing does.
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/workqueue.h>

#include "edu.h"

/* A busy host may let a guest wait long */
#define EDU_PATIENCE_MS	60000u

#define EDU_RAISE	0x60
#define EDU_ACK		0x64

static irqreturn_t edu_irq(int irq, void *data)
{
	struct edu *edu = data;

	writel(~0u, edu->bar + EDU_ACK);
	atomic_inc(&edu->arrived);
	return IRQ_HANDLED;
}

static long edu_nothing(void *unused)
{
	return 0;
}

/*
 * What was sent has been delivered, on whichever CPU: an interrupt that is pending
 * there comes before the next process runs.
 */
static void edu_let_arrive(void)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		work_on_cpu(cpu, edu_nothing, NULL);
}

/* @wanted: it shall arrive, and is waited for; else only until it would have */
static bool edu_arrived(struct edu *edu, bool wanted)
{
	unsigned int ms;

	edu_let_arrive();
	for (ms = 0; wanted && !atomic_read(&edu->arrived) && ms < EDU_PATIENCE_MS; ms += 20)
		msleep(20);
	return atomic_read(&edu->arrived);
}

static bool edu_raise(struct edu *edu, bool wanted)
{
	bool arrived;

	atomic_set(&edu->arrived, 0);
	writel(1, edu->bar + EDU_RAISE);
	readl(edu->bar + EDU_RAISE);
	arrived = edu_arrived(edu, wanted);
	writel(~0u, edu->bar + EDU_ACK);
	return arrived;
}

static u32 edu_handle(u32 address)
{
	return (address >> 5 & 0x7fff) | (address >> 2 & 1) << 15;
}

static u32 edu_address(u32 address, u32 handle)
{
	return (address & ~0xfffe4u) | (handle & 0x7fff) << 5 | (handle >> 15) << 2;
}

static int edu_message_at(struct edu *edu)
{
	return edu->pdev->msi_cap + PCI_MSI_ADDRESS_LO;
}

static u32 edu_message(struct edu *edu)
{
	u32 address;

	pci_read_config_dword(edu->pdev, edu_message_at(edu), &address);
	return address;
}

/* What two devices need: @other may be missing */
struct edu_pair {
	struct edu *edu;
	struct edu *other;
	u32 own;
};

/* Raise with somebody else's entry: neither of the two may notice */
static void edu_try(const struct edu_pair *pair, struct edu_result *res, u32 handle)
{
	struct edu *edu = pair->edu;

	if (pair->other)
		atomic_set(&pair->other->arrived, 0);
	pci_write_config_dword(edu->pdev, edu_message_at(edu), edu_address(pair->own, handle));
	if (edu_raise(edu, false))
		edu_fail(res, "entry %u answers to it", handle);
	if (pair->other && atomic_read(&pair->other->arrived))
		edu_fail(res, "with entry %u it interrupts in the name of %s", handle,
			 pci_name(pair->other->pdev));
	pci_write_config_dword(edu->pdev, edu_message_at(edu), pair->own);
}

/* @arg: how many entries below its own are tried, behind that of the other device */
static void edu_forge(const struct edu_pair *pair, struct edu_result *res, u64 arg)
{
	u32 i, tried = 0, own = edu_handle(pair->own);

	if (!edu_raise(pair->edu, true))
		return edu_fail(res, "its own interrupt does not arrive, entry %u", own);
	if (pair->other) {
		if (!edu_raise(pair->other, true))
			return edu_fail(res, "the other device's does not arrive");
		edu_try(pair, res, edu_handle(edu_message(pair->other)));
		tried++;
	}
	for (i = own; i-- && tried < (arg ?: 16); tried++)
		edu_try(pair, res, i);
	if (!edu_raise(pair->edu, true))
		edu_fail(res, "its own interrupt no longer arrives");
	if (!res->failed)
		edu_say(res, "its own entry %u: arrives; %u entries of others%s: nothing",
			own, tried, pair->other ? ", of the other device too" : "");
}

/* The message @address as a write of the device's DMA engine; true if it arrived */
static bool edu_write_message(struct edu *edu, struct edu_result *res, u64 address,
			      bool wanted)
{
	atomic_set(&edu->arrived, 0);
	if (edu_from_device(edu, address, sizeof(u32)))
		edu_fail(res, "the device does not answer");
	return edu_arrived(edu, wanted);
}

/*
 * By DMA into the window of interrupts: its own entry, and one that nobody has.
 * QEMU's DMA carries no requester id, so that entries of others cannot be tried
 * this way; and it lets the old format pass, which hardware blocks.
 */
static void edu_forge_dma(const struct edu_pair *pair, struct edu_result *res, u64 arg)
{
	u32 other = pair->own ^ BIT(2);
	struct edu *edu = pair->edu;

	/* The subhandle of its only message */
	if (edu_load_word(edu, 0))
		return edu_fail(res, "the device does not answer");
	if (!edu_write_message(edu, res, pair->own, true))
		return edu_fail(res, "its own interrupt does not arrive, entry %u",
				edu_handle(pair->own));
	if (edu_write_message(edu, res, other, false))
		edu_fail(res, "entry %u, which nobody has, answers", edu_handle(other));
	if (!edu_write_message(edu, res, pair->own, true))
		edu_fail(res, "its own interrupt no longer arrives");
	if (!res->failed)
		edu_say(res, "by DMA: its own entry %u: arrives; entry %u, nobody's: nothing",
			edu_handle(pair->own), edu_handle(other));
}

static int edu_irq_get(struct edu *edu)
{
	int irq;

	if (pci_alloc_irq_vectors(edu->pdev, 1, 1, PCI_IRQ_MSI) != 1)
		return -ENOSPC;
	irq = pci_irq_vector(edu->pdev, 0);
	if (!request_irq(irq, edu_irq, 0, "vtd_edu", edu))
		return 0;
	pci_free_irq_vectors(edu->pdev);
	return -ENOSPC;
}

static void edu_irq_put(struct edu *edu)
{
	free_irq(pci_irq_vector(edu->pdev, 0), edu);
	pci_free_irq_vectors(edu->pdev);
}

static void edu_with_irq(struct edu *edu, struct edu_result *res, u64 arg,
			 void (*run)(const struct edu_pair *pair, struct edu_result *res, u64 arg))
{
	struct edu_pair pair = { .edu = edu, .other = edu_by_index(!edu->index) };

	if (edu_irq_get(edu))
		return edu_fail(res, "no message interrupt");
	if (pair.other && edu_irq_get(pair.other))
		pair.other = NULL;
	pair.own = edu_message(edu);
	if (pair.own & BIT(4))
		run(&pair, res, arg);
	else
		edu_skip(res, "interrupts are not remapped: message to %#x", pair.own);
	if (pair.other)
		edu_irq_put(pair.other);
	edu_irq_put(edu);
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

	for (i = 0; i < (arg ?: 200); i++) {
		if (edu_irq_get(edu))
			return edu_fail(res, "no interrupt in round %u", i);
		if (!(i % 20))
			lost += !edu_raise(edu, true);
		edu_irq_put(edu);
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

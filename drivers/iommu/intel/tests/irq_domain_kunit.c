// SPDX-License-Identifier: GPL-2.0
/*
 * The interrupt domain of a unit made of memory, between the vectors of the
 * machine and a PCI device of the machine: real Linux interrupts, entries that
 * nobody's hardware reads.
 */
#include <kunit/test.h>
#include <linux/bitfield.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/hardirq.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/msi.h>
#include <linux/pci.h>

#include <asm/apic.h>
#include <asm/hw_irq.h>
#include <asm/irq_remapping.h>
#include <asm/irqdomain.h>
#include <asm/posted_intr.h>

#include "core/core.h"
#include "irq/ir_chip.h"
#include "irq/ir_domain.h"
#include "irq/ir_scope.h"
#include "irq/ir_table.h"
#include "tests/fake_unit.h"
#include "unit/queue.h"

/**
 * struct domain_test - a unit with a domain, and interrupts of one device in it
 * @iommu: the unit
 * @pdev: a device of the machine
 * @desc: what the device asks with
 * @virq: first interrupt, 0 without
 * @count: how many
 */
struct domain_test {
	struct intel_iommu *iommu;
	struct pci_dev *pdev;
	struct msi_desc desc;
	int virq;
	unsigned int count;
};

static void stop(void *data)
{
	struct domain_test *t = data;

	if (t->virq > 0)
		irq_domain_free_irqs(t->virq, t->count);
	vtd_ir_disable(t->iommu);
	vtd_ir_domain_remove(t->iommu);
	vtd_ir_exit(t->iommu, false);
	vtd_queue_disable(t->iommu);
	vtd_queue_exit(t->iommu);
	pci_dev_put(t->pdev);
}

static struct domain_test *start_as(struct kunit *test, u64 cap, bool unverified)
{
	struct domain_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	struct pci_dev *pdev = pci_get_device(PCI_ANY_ID, PCI_ANY_ID, NULL);

	if (!pdev)
		kunit_skip(test, "this machine has no PCI device");
	KUNIT_ASSERT_NOT_NULL(test, t);
	t->pdev = pdev;
	t->desc.dev = &pdev->dev;
	t->iommu = fake_unit_create(test, cap, FAKE_ECAP);
	KUNIT_ASSERT_EQ(test, vtd_queue_init(t->iommu), 0);
	KUNIT_ASSERT_EQ(test, vtd_queue_enable(t->iommu), 0);
	KUNIT_ASSERT_EQ(test, vtd_ir_init(t->iommu, false), 0);
	t->iommu->ir->unverified = unverified;
	KUNIT_ASSERT_EQ(test, vtd_ir_domain_create(t->iommu), 0);
	KUNIT_ASSERT_EQ(test, vtd_ir_point(t->iommu), 0);
	KUNIT_ASSERT_EQ(test, vtd_ir_enable(t->iommu), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, stop, t), 0);
	return t;
}

static struct domain_test *start(struct kunit *test, u64 cap)
{
	return start_as(test, cap, false);
}

static int give(struct domain_test *t, enum irq_alloc_type type, unsigned int count)
{
	struct irq_alloc_info info;
	int virq;

	init_irq_alloc_info(&info, NULL);
	info.type = type;
	info.desc = &t->desc;
	virq = irq_domain_alloc_irqs(t->iommu->ir->domain, count, NUMA_NO_NODE, &info);
	if (virq > 0) {
		t->virq = virq;
		t->count = count;
	}
	return virq;
}

static struct irq_data *data_of(struct domain_test *t, unsigned int i)
{
	return irq_domain_get_irq_data(t->iommu->ir->domain, t->virq + i);
}

static struct vtd_irte *entry_of(struct domain_test *t, unsigned int i)
{
	struct vtd_ir_irq *irq = data_of(t, i)->chip_data;

	return &t->iommu->ir->entry[irq->index];
}

/* The entry is what the vector domain says, and only for the device */
static void expect_remapped(struct kunit *test, struct domain_test *t, unsigned int i)
{
	const struct irq_cfg *cfg = irqd_cfg(data_of(t, i));
	struct vtd_ir_source source = vtd_ir_scope_pci(t->pdev);
	struct vtd_irte want;

	vtd_ir_remapped(&want, cfg->vector, cfg->dest_apicid, apic->dest_mode_logical, false,
			&source);
	KUNIT_EXPECT_MEMEQ(test, entry_of(t, i), &want, sizeof(want));
}

static void several_messages(struct kunit *test)
{
	struct domain_test *t = start(test, FAKE_CAP);
	struct msi_msg first, message;
	struct vtd_ir_irq *irq;
	unsigned int i;

	/* So that alignment has something to do */
	KUNIT_ASSERT_EQ(test, vtd_ir_alloc(t->iommu, 1), 0);
	KUNIT_ASSERT_GT(test, give(t, X86_IRQ_ALLOC_TYPE_PCI_MSI, 4), 0);
	KUNIT_EXPECT_EQ(test, vtd_ir_in_use(t->iommu), 5);
	irq_chip_compose_msi_msg(data_of(t, 0), &first);
	for (i = 0; i < 4; i++) {
		irq = data_of(t, i)->chip_data;
		KUNIT_EXPECT_EQ(test, irq->index, 4 + i);
		KUNIT_EXPECT_FALSE(test, entry_of(t, i)->lo & VTD_IRTE_P);
		KUNIT_ASSERT_EQ(test, irq_domain_activate_irq(data_of(t, i), false), 0);
		expect_remapped(test, t, i);
		/* One address for all; the device adds the number of the message */
		irq_chip_compose_msi_msg(data_of(t, i), &message);
		KUNIT_EXPECT_EQ(test, message.address_lo, first.address_lo);
		KUNIT_EXPECT_EQ(test, message.data, i);
	}
	irq_domain_deactivate_irq(data_of(t, 2));
	KUNIT_EXPECT_EQ(test, entry_of(t, 2)->lo | entry_of(t, 2)->hi, 0);
	expect_remapped(test, t, 3);
	for (i = 0; i < 4; i++)
		irq_domain_deactivate_irq(data_of(t, i));
	irq_domain_free_irqs(t->virq, 4);
	t->virq = 0;
	KUNIT_EXPECT_EQ(test, vtd_ir_in_use(t->iommu), 1);
}

/* The user's word, loud elsewhere: nothing is verified, and nothing called isolated */
static void unverified(struct kunit *test)
{
	struct domain_test *t = start_as(test, FAKE_CAP, true);
	struct domain_test *sound = start(test, FAKE_CAP);

	KUNIT_ASSERT_GT(test, give(t, X86_IRQ_ALLOC_TYPE_PCI_MSI, 1), 0);
	KUNIT_ASSERT_EQ(test, irq_domain_activate_irq(data_of(t, 0), false), 0);
	KUNIT_EXPECT_TRUE(test, entry_of(t, 0)->lo & VTD_IRTE_P);
	KUNIT_EXPECT_EQ(test, entry_of(t, 0)->hi, 0);
	KUNIT_EXPECT_FALSE(test, t->iommu->ir->domain->flags & IRQ_DOMAIN_FLAG_ISOLATED_MSI);
	KUNIT_EXPECT_TRUE(test, sound->iommu->ir->domain->flags & IRQ_DOMAIN_FLAG_ISOLATED_MSI);
	irq_domain_deactivate_irq(data_of(t, 0));
}

static void more_than_one_needs_messages(struct kunit *test)
{
	struct domain_test *t = start(test, FAKE_CAP);

	KUNIT_EXPECT_EQ(test, give(t, X86_IRQ_ALLOC_TYPE_PCI_MSIX, 2), -EINVAL);
	/* No unit names it, or another one does */
	KUNIT_EXPECT_LT(test, give(t, X86_IRQ_ALLOC_TYPE_IOAPIC, 1), 0);
	KUNIT_EXPECT_LT(test, give(t, X86_IRQ_ALLOC_TYPE_HPET, 1), 0);
	KUNIT_EXPECT_EQ(test, vtd_ir_in_use(t->iommu), 0);
}

static void no_room(struct kunit *test)
{
	struct domain_test *t = start(test, FAKE_CAP);

	bitmap_fill(t->iommu->ir->used, VTD_IR_ENTRIES);
	KUNIT_EXPECT_EQ(test, give(t, X86_IRQ_ALLOC_TYPE_PCI_MSI, 1), -ENOSPC);
	bitmap_zero(t->iommu->ir->used, VTD_IR_ENTRIES);
	KUNIT_EXPECT_GT(test, give(t, X86_IRQ_ALLOC_TYPE_PCI_MSI, 1), 0);
}

/*
 * The old vector is given back a tick later, and until then it does not move again.
 * Not by irq_set_affinity(), which would leave such a move to the next interrupt,
 * and none comes here.
 */
static void move_to(struct kunit *test, struct domain_test *t, unsigned int cpu)
{
	struct irq_data *data = data_of(t, 0);
	raw_spinlock_t *lock = &irq_data_to_desc(data)->lock;
	unsigned long flags;
	unsigned int ms;
	int ret;

	for (ms = 0; ms < 60000; ms += 20) {
		raw_spin_lock_irqsave(lock, flags);
		ret = data->chip->irq_set_affinity(data, cpumask_of(cpu), false);
		raw_spin_unlock_irqrestore(lock, flags);
		if (ret != -EBUSY)
			break;
		msleep(20);
	}
	KUNIT_EXPECT_GE(test, ret, 0);
	KUNIT_EXPECT_EQ(test, cpumask_first(irq_data_get_effective_affinity_mask(data)), cpu);
}

static void moves(struct kunit *test)
{
	struct domain_test *t = start(test, FAKE_CAP);
	struct fake_unit *fake = fake_unit_of(t->iommu);
	struct vtd_irte before;
	unsigned int cpu;

	if (num_online_cpus() < 2)
		kunit_skip(test, "one processor");
	KUNIT_ASSERT_GT(test, give(t, X86_IRQ_ALLOC_TYPE_PCI_MSIX, 1), 0);
	KUNIT_ASSERT_EQ(test, irq_domain_activate_irq(data_of(t, 0), false), 0);
	for_each_online_cpu(cpu) {
		before = *entry_of(t, 0);
		fake->log_count = 0;
		move_to(test, t, cpu);
		expect_remapped(test, t, 0);
		/* One word changed, or none: one flush of this entry and no gap */
		KUNIT_EXPECT_EQ(test, entry_of(t, 0)->hi, before.hi);
		if (entry_of(t, 0)->lo != before.lo)
			KUNIT_EXPECT_EQ(test, fake->log_count, 1);
	}
	irq_domain_deactivate_irq(data_of(t, 0));
}

static void expect_posted(struct kunit *test, const struct vtd_irte *entry, u8 vector,
			  u64 descriptor)
{
	KUNIT_EXPECT_TRUE(test, entry->lo & VTD_IRTE_IM);
	KUNIT_EXPECT_EQ(test, FIELD_GET(VTD_IRTE_V, entry->lo), vector);
	KUNIT_EXPECT_EQ(test, FIELD_GET(VTD_IRTE_PDAH, entry->hi) << 32 |
			FIELD_GET(VTD_IRTE_PDAL, entry->lo) << 6, descriptor);
	KUNIT_EXPECT_EQ(test, FIELD_GET(VTD_IRTE_SVT, entry->hi), VTD_SVT_ID);
}

static void posts_to_a_guest(struct kunit *test)
{
	struct domain_test *t = start(test, FAKE_CAP | VTD_CAP_PI);
	struct vtd_core_guest guest = { .pi_desc_addr = 0x123456780ull << 6, .vector = 0x51 };

	if (!t->iommu->ir->wide)
		kunit_skip(test, "this processor has no cmpxchg16b");
	KUNIT_ASSERT_TRUE(test, t->iommu->caps.posted);
	KUNIT_ASSERT_GT(test, give(t, X86_IRQ_ALLOC_TYPE_PCI_MSIX, 1), 0);
	KUNIT_ASSERT_EQ(test, irq_domain_activate_irq(data_of(t, 0), false), 0);
	KUNIT_EXPECT_EQ(test, irq_set_vcpu_affinity(t->virq, &guest), 0);
	expect_posted(test, entry_of(t, 0), 0x51, 0x123456780ull << 6);
	/* The host moves it meanwhile: it stays the guest's */
	move_to(test, t, 0);
	expect_posted(test, entry_of(t, 0), 0x51, 0x123456780ull << 6);
	/* The guest moves it */
	guest.vector = 0x61;
	KUNIT_EXPECT_EQ(test, irq_set_vcpu_affinity(t->virq, &guest), 0);
	expect_posted(test, entry_of(t, 0), 0x61, 0x123456780ull << 6);
	KUNIT_EXPECT_EQ(test, irq_set_vcpu_affinity(t->virq, NULL), 0);
	expect_remapped(test, t, 0);
	irq_domain_deactivate_irq(data_of(t, 0));
}

static void posts_nonsense_nowhere(struct kunit *test)
{
	struct domain_test *t = start(test, FAKE_CAP | VTD_CAP_PI);
	struct vtd_core_guest guest = { .pi_desc_addr = 0x1000, .vector = 256 };

	KUNIT_ASSERT_GT(test, give(t, X86_IRQ_ALLOC_TYPE_PCI_MSIX, 1), 0);
	KUNIT_ASSERT_EQ(test, irq_domain_activate_irq(data_of(t, 0), false), 0);
	if (t->iommu->ir->wide) {
		KUNIT_EXPECT_EQ(test, irq_set_vcpu_affinity(t->virq, &guest), -EINVAL);
		guest = (struct vtd_core_guest) { .pi_desc_addr = 0x1020, .vector = 0x51 };
		KUNIT_EXPECT_EQ(test, irq_set_vcpu_affinity(t->virq, &guest), -EINVAL);
	}
	guest = (struct vtd_core_guest) { .pi_desc_addr = 0x1000, .vector = 0x51 };
	/* Two words cannot be replaced at once */
	t->iommu->ir->wide = false;
	KUNIT_EXPECT_EQ(test, irq_set_vcpu_affinity(t->virq, &guest), -ENODEV);
	t->iommu->ir->wide = true;
	t->iommu->caps.posted = false;
	KUNIT_EXPECT_EQ(test, irq_set_vcpu_affinity(t->virq, &guest), -ENODEV);
	expect_remapped(test, t, 0);
	irq_domain_deactivate_irq(data_of(t, 0));
}

/* X86_POSTED_MSI: each processor of the host has a descriptor */
static void posts_to_the_host(struct kunit *test)
{
#ifdef CONFIG_X86_POSTED_MSI
	struct domain_test *t = start(test, FAKE_CAP | VTD_CAP_PI);
	struct vtd_ir_irq *irq;
	unsigned int cpu;

	KUNIT_ASSERT_GT(test, give(t, X86_IRQ_ALLOC_TYPE_PCI_MSIX, 1), 0);
	irq = data_of(t, 0)->chip_data;
	KUNIT_EXPECT_EQ(test, irq->posted_host, vtd_core_posted_msi());
	irq->posted_host = true;
	KUNIT_ASSERT_EQ(test, irq_domain_activate_irq(data_of(t, 0), false), 0);
	for_each_online_cpu(cpu) {
		move_to(test, t, cpu);
		expect_posted(test, entry_of(t, 0), irqd_cfg(data_of(t, 0))->vector,
			      __pa(per_cpu_ptr(&posted_msi_pi_desc, cpu)));
	}
	irq_domain_deactivate_irq(data_of(t, 0));
#else
	kunit_skip(test, "kernel without CONFIG_X86_POSTED_MSI");
#endif
}

static struct kunit_case irq_domain_cases[] = {
	KUNIT_CASE(several_messages),
	KUNIT_CASE(unverified),
	KUNIT_CASE(more_than_one_needs_messages),
	KUNIT_CASE(no_room),
	KUNIT_CASE(moves),
	KUNIT_CASE(posts_to_a_guest),
	KUNIT_CASE(posts_nonsense_nowhere),
	KUNIT_CASE(posts_to_the_host),
	{ }
};

static struct kunit_suite irq_domain_suite = {
	.name = "vtd_irq_domain",
	.test_cases = irq_domain_cases,
};

kunit_test_suite(irq_domain_suite);

MODULE_LICENSE("GPL");

// SPDX-License-Identifier: GPL-2.0
/* Units that come and go: what is left of one that went. */
#include <kunit/device.h>
#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/acpi.h>
#include <linux/cleanup.h>
#include <linux/completion.h>
#include <linux/dmar.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/msi.h>
#include <linux/numa.h>
#include <linux/pci.h>
#include <linux/rwsem.h>
#include <linux/sched/task.h>

#include <asm/hw_irq.h>
#include <asm/irqdomain.h>

#include "acpi/host.h"
#include "acpi/inventory.h"
#include "acpi/table.h"
#include "boot/faults.h"
#include "boot/map.h"
#include "boot/remap.h"
#include "boot/start.h"
#include "device/device.h"
#include "irq/ir_domain.h"
#include "irq/ir_table.h"
#include "tests/fake_unit.h"
#include "tests/table_build.h"
#include "unit/queue.h"

/**
 * struct hotplug_test - a unit that is in nobody's list
 * @drhd: as firmware declares it
 * @iommu: the unit; freed or not, only to be compared
 * @fake: what it is made of
 */
struct hotplug_test {
	struct dmar_drhd_unit drhd;
	struct intel_iommu *iommu;
	struct fake_unit *fake;
};

static struct hotplug_test *mapped_unit(struct kunit *test)
{
	struct hotplug_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->drhd.reg_base_addr = 0xfed90000;
	t->drhd.reg_size = VTD_WINDOW_MIN;
	t->drhd.node = NUMA_NO_NODE;
	t->fake = fake_unit_prepare(test, FAKE_CAP, FAKE_ECAP);
	KUNIT_ASSERT_EQ(test, vtd_start_map(&t->drhd), 0);
	t->iommu = t->drhd.iommu;
	t->fake->iommu = t->iommu;
	return t;
}

/* It remaps interrupts, and its faults are reported by a real one */
static struct hotplug_test *remapping_unit(struct kunit *test)
{
	struct hotplug_test *t = mapped_unit(test);
	struct intel_iommu *iommu = t->iommu;

	KUNIT_ASSERT_EQ(test, vtd_queue_init(iommu), 0);
	KUNIT_ASSERT_EQ(test, vtd_queue_enable(iommu), 0);
	KUNIT_ASSERT_EQ(test, vtd_ir_init(iommu, false), 0);
	KUNIT_ASSERT_EQ(test, vtd_ir_domain_create(iommu), 0);
	KUNIT_ASSERT_EQ(test, vtd_ir_point(iommu), 0);
	KUNIT_ASSERT_EQ(test, vtd_ir_enable(iommu), 0);
	KUNIT_ASSERT_EQ(test, vtd_start_faults(iommu), 0);
	KUNIT_ASSERT_NOT_NULL(test, iommu->event);
	return t;
}

/* Does an interrupt of the kernel lead there?  /proc/interrupts would follow it */
static bool interrupt_leads_to(const void *iommu)
{
	unsigned int irq;

	for_each_irq_nr(irq)
		if (irq_get_handler_data(irq) == iommu)
			return true;
	return false;
}

static void nothing_of_a_unit_that_is_gone(struct kunit *test)
{
	struct hotplug_test *t = remapping_unit(test);

	KUNIT_ASSERT_TRUE(test, interrupt_leads_to(t->iommu));
	t->fake->gone = true;
	vtd_start_stop(&t->drhd);
	KUNIT_EXPECT_FALSE(test, interrupt_leads_to(t->iommu));
	KUNIT_EXPECT_NULL(test, t->drhd.iommu);
	KUNIT_EXPECT_EQ(test, t->fake->unmaps, 1);
}

/* It goes on reading its table, and on nothing else of the kernel's */
static void table_of_a_unit_that_does_not_stop(struct kunit *test)
{
	struct hotplug_test *t = remapping_unit(test);
	struct page *page = virt_to_page(t->iommu->ir->entry);
	u32 bound = vtd_reg_timeout_us;

	get_page(page);
	vtd_reg_timeout_us = 100;
	t->fake->deaf = VTD_GCMD_IRE;
	vtd_start_stop(&t->drhd);
	vtd_reg_timeout_us = bound;
	KUNIT_EXPECT_FALSE(test, interrupt_leads_to(t->iommu));
	KUNIT_EXPECT_EQ(test, t->fake->unmaps, 1);
	KUNIT_EXPECT_EQ(test, page_count(page), 2);
	put_page(page);
}

static int give_interrupt(struct hotplug_test *t, struct msi_desc *desc)
{
	struct irq_alloc_info info;

	init_irq_alloc_info(&info, NULL);
	info.type = X86_IRQ_ALLOC_TYPE_PCI_MSIX;
	info.desc = desc;
	return irq_domain_alloc_irqs(t->iommu->ir->domain, 1, NUMA_NO_NODE, &info);
}

static void unit_stays_for_an_interrupt(struct kunit *test)
{
	struct pci_dev *pdev = pci_get_device(PCI_ANY_ID, PCI_ANY_ID, NULL);
	struct msi_desc desc = { };
	struct hotplug_test *t;
	int virq;

	if (!pdev)
		kunit_skip(test, "this machine has no PCI device");
	desc.dev = &pdev->dev;
	t = remapping_unit(test);
	virq = give_interrupt(t, &desc);
	KUNIT_ASSERT_GT(test, virq, 0);
	t->fake->gone = true;
	vtd_start_stop(&t->drhd);
	KUNIT_EXPECT_NULL(test, t->drhd.iommu);
	KUNIT_EXPECT_FALSE(test, interrupt_leads_to(t->iommu));
	KUNIT_ASSERT_EQ(test, t->fake->unmaps, 0);
	KUNIT_EXPECT_EQ(test, vtd_ir_in_use(t->iommu), 1);

	irq_domain_free_irqs(virq, 1);
	pci_dev_put(pdev);
	KUNIT_ASSERT_EQ(test, vtd_remap_unit_down(t->iommu), 0);
	vtd_unit_free(t->iommu);
}

static void unit_stays_for_a_device(struct kunit *test)
{
	struct device *dev = kunit_device_register(test, "left-behind");
	struct hotplug_test *t = remapping_unit(test);
	struct vtd_device *vdev;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	vdev = vtd_device_add(dev, t->iommu, 0x8008);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, vdev);
	t->fake->gone = true;
	vtd_start_stop(&t->drhd);
	KUNIT_EXPECT_NULL(test, t->drhd.iommu);
	KUNIT_EXPECT_FALSE(test, interrupt_leads_to(t->iommu));
	KUNIT_ASSERT_EQ(test, t->fake->unmaps, 0);

	vtd_device_del(vdev);
	KUNIT_ASSERT_EQ(test, vtd_remap_unit_down(t->iommu), 0);
	vtd_unit_free(t->iommu);
}

static bool remaps(void)
{
	return true;
}

/* As under intel_iommu=off: translation has no step of its own for it */
static void added_unit_reports(struct kunit *test)
{
	struct hotplug_test *t = mapped_unit(test);

	kunit_activate_static_stub(test, vtd_remap_active, remaps);
	KUNIT_ASSERT_EQ(test, vtd_remap_unit_up(&t->drhd), 0);
	KUNIT_EXPECT_TRUE(test, vtd_ir_live(t->iommu));
	KUNIT_EXPECT_TRUE(test, interrupt_leads_to(t->iommu));
	KUNIT_EXPECT_EQ(test, fake_unit_peek32(t->fake, VTD_FECTL), 0);
	vtd_start_stop(&t->drhd);
	KUNIT_EXPECT_EQ(test, t->fake->unmaps, 1);
}

/**
 * struct looker - somebody who looks at a unit under the lock, as debugfs does
 * @drhd: the unit
 * @inside: he has the lock
 * @over: the unit's start has returned
 * @waited: somebody wanted the lock for writing while he had it
 * @whole: and the unit was whole until then
 */
struct looker {
	struct dmar_drhd_unit *drhd;
	struct completion inside;
	bool over;
	bool waited;
	bool whole;
};

static int look(void *data)
{
	struct looker *l = data;

	down_read(&dmar_inventory_lock);
	complete(&l->inside);
	while (!READ_ONCE(l->over) && !l->waited) {
		l->waited = rwsem_is_contended(&dmar_inventory_lock);
		/* That is a plain load in newer kernels, and this may be nothing there */
		cond_resched();
		cpu_relax();
	}
	l->whole = READ_ONCE(l->drhd->iommu) && READ_ONCE(l->drhd->iommu->queue);
	up_read(&dmar_inventory_lock);
	return 0;
}

static void failing_unit_is_hidden_first(struct kunit *test)
{
	struct hotplug_test *t = mapped_unit(test);
	struct looker l = { .drhd = &t->drhd };
	u32 bound = vtd_reg_timeout_us;
	struct task_struct *thread;

	init_completion(&l.inside);
	thread = kthread_create(look, &l, "vtd-look");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, thread);
	get_task_struct(thread);
	wake_up_process(thread);
	wait_for_completion(&l.inside);
	vtd_reg_timeout_us = 100;
	t->fake->deaf = VTD_GCMD_SRTP;
	KUNIT_EXPECT_EQ(test, vtd_start_unit(&t->drhd), -ETIMEDOUT);
	vtd_reg_timeout_us = bound;
	WRITE_ONCE(l.over, true);
	kthread_stop(thread);
	put_task_struct(thread);
	KUNIT_EXPECT_TRUE(test, l.waited);
	KUNIT_EXPECT_TRUE(test, l.whole);
	KUNIT_EXPECT_NULL(test, t->drhd.iommu);
	KUNIT_EXPECT_EQ(test, t->fake->unmaps, 1);
	vtd_start_stop(&t->drhd);
}

#define BRIDGE_BASE	0x3ff800000ull
#define BRIDGE_SEGMENT	0xfff0u

static void *has_host(void *bridge)
{
	return bridge;
}

/* The bridge's method has one unit */
static union acpi_object *lists_unit(void *host, unsigned int number)
{
	struct build *t = kzalloc(sizeof(*t), GFP_KERNEL);
	union acpi_object *obj = kzalloc(sizeof(*obj) + 64, GFP_KERNEL);

	if (number == 1 && t && obj) {
		drhd_begin(t, VTD_DRHD_INCLUDE_ALL, BRIDGE_SEGMENT, BRIDGE_BASE);
		entry_end(t, 0);
		obj->buffer.type = ACPI_TYPE_BUFFER;
		obj->buffer.length = t->n;
		obj->buffer.pointer = memcpy(obj + 1, t->b, t->n);
	} else {
		kfree(obj);
		obj = NULL;
	}
	kfree(t);
	return obj;
}

static struct dmar_drhd_unit *unit_of_bridge(void)
{
	guard(rwsem_read)(&dmar_inventory_lock);
	return vtd_inventory_find(BRIDGE_BASE, BRIDGE_SEGMENT);
}

/* As firmware's table had it, and late init brought it up without translation */
static void boot_unit_leaves_with_its_bridge(struct kunit *test)
{
	struct dmar_drhd_unit *drhd = kzalloc(sizeof(*drhd), GFP_KERNEL);
	struct fake_unit *fake = fake_unit_prepare(test, FAKE_CAP, FAKE_ECAP);
	u32 bound = vtd_reg_timeout_us;

	KUNIT_ASSERT_NOT_NULL(test, drhd);
	drhd->reg_base_addr = BRIDGE_BASE;
	drhd->reg_size = VTD_WINDOW_MIN;
	drhd->segment = BRIDGE_SEGMENT;
	drhd->include_all = true;
	drhd->node = NUMA_NO_NODE;
	drhd->at_boot = true;
	scoped_guard(rwsem_write, &dmar_inventory_lock)
		dmar_register_drhd_unit(drhd);
	kunit_activate_static_stub(test, vtd_remap_active, remaps);
	kunit_activate_static_stub(test, vtd_host_find, has_host);
	kunit_activate_static_stub(test, vtd_host_evaluate, lists_unit);
	KUNIT_EXPECT_EQ(test, vtd_start_map(drhd), 0);
	fake->iommu = drhd->iommu;
	KUNIT_EXPECT_EQ(test, dmar_device_remove(test), 0);
	KUNIT_EXPECT_NULL(test, unit_of_bridge());
	KUNIT_EXPECT_EQ(test, fake->unmaps, 1);

	/* It returns, and does not obey: it is refused, and nothing of it is left */
	fake = fake_unit_prepare(test, FAKE_CAP, FAKE_ECAP);
	fake->deaf = VTD_GCMD_QIE | VTD_GCMD_SIRTP | VTD_GCMD_SRTP;
	vtd_reg_timeout_us = 100;
	KUNIT_EXPECT_NE(test, dmar_device_add(test), 0);
	vtd_reg_timeout_us = bound;
	KUNIT_EXPECT_NULL(test, unit_of_bridge());
	KUNIT_EXPECT_EQ(test, fake->maps, 1);
	KUNIT_EXPECT_EQ(test, fake->unmaps, 1);
}

static struct kunit_case hotplug_cases[] = {
	KUNIT_CASE(nothing_of_a_unit_that_is_gone),
	KUNIT_CASE(table_of_a_unit_that_does_not_stop),
	KUNIT_CASE(unit_stays_for_an_interrupt),
	KUNIT_CASE(unit_stays_for_a_device),
	KUNIT_CASE(added_unit_reports),
	KUNIT_CASE(failing_unit_is_hidden_first),
	KUNIT_CASE(boot_unit_leaves_with_its_bridge),
	{ }
};

static struct kunit_suite hotplug_suite = {
	.name = "vtd_hotplug",
	.test_cases = hotplug_cases,
};

kunit_test_suite(hotplug_suite);

MODULE_LICENSE("GPL");

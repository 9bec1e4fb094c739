// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupt remapping in the life of the machine: what x86 calls when it sets up
 * its APICs, long before late init, and at suspend.
 *
 *	prepare		phase 2: the units are found and mapped, their queues run,
 *			their tables are empty.  Late init takes all that over.
 *	enable		phase 3: interrupts are off, registers only
 *	disable, reenable	around suspend, and at the end
 *
 * All units or none: an interrupt of a device behind a unit that does not remap
 * would go past every check.
 */
#define pr_fmt(fmt) "DMAR-IR: " fmt

#include <linux/crash_dump.h>
#include <linux/kernel.h>
#include <linux/pci.h>
#include <linux/printk.h>
#include <linux/rculist.h>

#include <kunit/static_stub.h>

#include <asm/apic.h>
#include <asm/io_apic.h>
#include <asm/irq_remapping.h>

#include "../irq_remapping.h"
#include "acpi/build.h"
#include "acpi/firmware.h"
#include "acpi/flags.h"
#include "acpi/inventory.h"
#include "boot/faults.h"
#include "boot/map.h"
#include "boot/options.h"
#include "boot/pm.h"
#include "boot/remap.h"
#include "hw/registers.h"
#include "irq/ir_domain.h"
#include "irq/ir_inherit.h"
#include "irq/ir_scope.h"
#include "irq/ir_table.h"
#include "irq/posted.h"
#include "unit/event.h"
#include "unit/fault.h"
#include "unit/queue.h"
#include "unit/unit.h"

/* (c) after prepare */
static bool x2apic_mode_chosen;
/* The machine remaps interrupts; stays set across suspend */
static bool active;

/**
 * vtd_remap_active - do the units remap interrupts
 *
 * Context: any.
 */
bool vtd_remap_active(void)
{
	KUNIT_STATIC_STUB_REDIRECT(vtd_remap_active);
	return active;
}

/**
 * vtd_remap_unverified - do entries take requests of anybody (intremap=nosid)
 *
 * Context: any.
 */
bool vtd_remap_unverified(void)
{
	return active && disable_sourceid_checking;
}

/*
 * The queue.  What was left on has a table that nobody keeps, but for a crash kernel,
 * which looks for what can be used of it.
 */
static int unit_start_queue(struct intel_iommu *iommu)
{
	int ret = 0;

	iommu->ir_found = is_kdump_kernel() && vtd_ir_left_on(iommu, x2apic_mode_chosen);
	if (iommu->ir_found)
		pr_info("%s: interrupt remapping was left on by the kernel before and stays on\n",
			iommu->name);
	else if (vtd_read32(&iommu->regs, VTD_GSTS) & VTD_GSTS_IRES)
		pr_info("%s: interrupt remapping was left on, switching it off\n",
			iommu->name);
	if (!iommu->ir_found)
		ret = vtd_ir_disable(iommu);
	if (!ret)
		ret = vtd_faults_init(iommu);
	if (!ret)
		ret = vtd_queue_init(iommu);
	return ret ?: vtd_queue_enable(iommu);
}

/* Table and domain; the queues of all units run, see boot/pm.c */
static int unit_prepare(struct intel_iommu *iommu)
{
	int ret = vtd_ir_init(iommu, x2apic_mode_chosen);

	if (ret)
		return ret;
	iommu->ir->unverified = disable_sourceid_checking;
	if (iommu->ir_found)
		vtd_ir_inherit(iommu);
	iommu->ir_found = false;
	return vtd_ir_domain_create(iommu) ?: vtd_ir_point(iommu);
}

/**
 * vtd_remap_unit_down - undo all that remapping made for a unit
 * @iommu: the unit, in no list any more, or never used
 *
 * The fault event is no interrupt of the unit's domain, and goes in any case.  What
 * a unit that does not stop may still read is not given back.
 *
 * Context: may sleep.
 * Return: 0, nothing here leads to the unit any more; -EBUSY if interrupts are left
 * in its domain, whose chip needs the unit, its table and its queue.
 */
int vtd_remap_unit_down(struct intel_iommu *iommu)
{
	int ret;

	vtd_start_faults_end(iommu);
	if (vtd_ir_domain_remove(iommu))
		return -EBUSY;
	/* Also where it remaps by a table of the kernel before */
	ret = iommu->ir || iommu->ir_found ? vtd_ir_disable(iommu) : 0;
	iommu->ir_found = false;
	/* One that is gone reads no memory */
	vtd_ir_exit(iommu, ret && ret != -ENODEV);
	vtd_queue_disable(iommu);
	vtd_queue_exit(iommu);
	return 0;
}

/**
 * vtd_remap_unit_up - remap the interrupts of a unit that came later
 * @drhd: unit, mapped
 *
 * What it refuses is reported from here on, whether it will translate or not.
 *
 * Context: ACPI hotplug; may sleep.
 * Return: 0, also if the machine does not remap; -ENODEV for a unit that cannot
 * do what the others do; -errno.  After an error vtd_start_stop() comes next: others
 * may look at the unit already.
 */
int vtd_remap_unit_up(struct dmar_drhd_unit *drhd)
{
	struct intel_iommu *iommu = drhd->iommu;
	int ret;

	/* One that was mapped at boot and had no bus is prepared */
	if (!vtd_remap_active() || iommu->ir)
		return 0;
	if (!iommu->caps.int_remap || (x2apic_mode_chosen && !iommu->caps.x2apic) ||
	    (irq_remapping_cap(IRQ_POSTING_CAP) && !iommu->caps.posted))
		return -ENODEV;
	ret = unit_start_queue(iommu);
	if (!ret)
		ret = unit_prepare(iommu);
	if (!ret)
		ret = vtd_ir_enable(iommu);
	return ret ?: vtd_start_faults(iommu);
}

static int __init map_units(void)
{
	struct dmar_drhd_unit *drhd;

	list_for_each_entry(drhd, &dmar_drhd_units, list) {
		if (vtd_start_map(drhd)) {
			pr_info("unit at %#llx cannot be used: no interrupt is remapped\n",
				drhd->reg_base_addr);
			return -ENODEV;
		}
		if (!drhd->iommu->caps.int_remap) {
			pr_info("%s cannot remap interrupts: none is remapped\n",
				drhd->iommu->name);
			return -ENODEV;
		}
	}
	return 0;
}

static void __init complain(u8 id, const char *what)
{
	pr_warn(FW_BUG "IOAPIC %u %s. Machine: %s\n", id, what, dmar_machine());
}

static int __init check_ioapics(void)
{
	unsigned int i, count = min_t(unsigned int, nr_ioapics, MAX_IO_APICS);
	u8 id[MAX_IO_APICS];

	for (i = 0; i < count; i++)
		id[i] = mpc_ioapic_id(i);
	return vtd_ir_scope_check(&dmar_drhd_units, id, count, complain);
}

static bool __init choose_mode(void)
{
	struct vtd_ir_facts facts = {
		.cpu_x2apic = x2apic_supported(),
		.opt_out = dmar_firmware_x2apic_opt_out(),
		.override = no_x2apic_optout,
		.units_x2apic = true,
	};
	struct dmar_drhd_unit *drhd;
	const char *why_not;
	bool x2apic;

	list_for_each_entry(drhd, &dmar_drhd_units, list)
		facts.units_x2apic &= drhd->iommu->caps.x2apic;
	x2apic = vtd_ir_use_x2apic(&facts, &why_not);
	if (why_not)
		pr_info("x2apic mode is not used: %s\n", why_not);
	return x2apic;
}

static void __init all_down(void)
{
	struct dmar_drhd_unit *drhd;

	list_for_each_entry(drhd, &dmar_drhd_units, list)
		if (drhd->iommu)
			vtd_remap_unit_down(drhd->iommu);
}

static int __init for_all_units(int (*step)(struct intel_iommu *iommu))
{
	struct dmar_drhd_unit *drhd;
	int ret;

	list_for_each_entry(drhd, &dmar_drhd_units, list) {
		ret = step(drhd->iommu);
		if (!ret)
			continue;
		pr_err("%s: cannot be set up (%d): no interrupt is remapped\n",
		       drhd->iommu->name, ret);
		all_down();
		return ret;
	}
	return 0;
}

/* On the last moment, when it is true */
static void say_options(void)
{
	if (disable_sourceid_checking)
		pr_warn("intremap=nosid: THE SOURCE OF INTERRUPTS IS NOT VERIFIED: any device can raise any interrupt; VFIO and iommufd give no device to users without allow_unsafe_interrupts\n");
}

/* Not __init: the table of operations is not, either */
static int __ref remap_prepare(void)
{
	const struct dmar_override *override;
	unsigned int count = vtd_options_overrides(&override);

	if (irq_remap_broken) {
		pr_warn("an erratum of this chipset makes interrupt remapping unstable: not used. Machine: %s\n",
			dmar_machine());
		add_taint(TAINT_FIRMWARE_WORKAROUND, LOCKDEP_STILL_OK);
		return -ENODEV;
	}
	if (dmar_table_init(override, count))
		return -ENODEV;
	if (!dmar_firmware_remaps_interrupts()) {
		pr_info("firmware says that interrupts cannot be remapped\n");
		return -ENODEV;
	}
	if (map_units() || check_ioapics())
		return -ENODEV;
	x2apic_mode_chosen = choose_mode();
	return for_all_units(unit_start_queue) ?: for_all_units(unit_prepare);
}

static void set_capability(void)
{
	if (!disable_irq_post && vtd_ir_can_post())
		intel_irq_remap_ops.capability |= 1 << IRQ_POSTING_CAP;
	else
		intel_irq_remap_ops.capability &= ~(1 << IRQ_POSTING_CAP);
}

static void remap_disable(void)
{
	struct dmar_drhd_unit *drhd;
	struct intel_iommu *iommu;

	rcu_read_lock();
	list_for_each_entry_rcu(drhd, &dmar_drhd_units, list) {
		iommu = READ_ONCE(drhd->iommu);
		if (iommu && vtd_ir_live(iommu))
			vtd_ir_disable(iommu);
	}
	rcu_read_unlock();
}

static int remap_enable(void)
{
	struct dmar_drhd_unit *drhd;
	int ret;

	list_for_each_entry(drhd, &dmar_drhd_units, list) {
		ret = vtd_ir_enable(drhd->iommu);
		if (!ret)
			continue;
		/* Tables stay: nothing can be freed with interrupts off */
		pr_err("%s: cannot be enabled (%d): no interrupt is remapped\n",
		       drhd->iommu->name, ret);
		remap_disable();
		list_for_each_entry(drhd, &dmar_drhd_units, list)
			drhd->iommu->ir->live = false;
		return ret;
	}
	active = true;
	irq_remapping_enabled = 1;
	set_capability();
	pr_info("Enabled IRQ remapping in %s mode\n", x2apic_mode_chosen ? "x2apic" : "xapic");
	say_options();
	return x2apic_mode_chosen ? IRQ_REMAP_X2APIC_MODE : IRQ_REMAP_XAPIC_MODE;
}

/**
 * vtd_remap_unit_resume - tell a unit again all that it lost
 * @iommu: the unit, which remapped before; its queue runs again
 *
 * Table, command bits, the fault event.
 *
 * Context: resume, one CPU, interrupts off.
 * Return: 0 or -errno: interrupts of its devices are lost.
 */
int vtd_remap_unit_resume(struct intel_iommu *iommu)
{
	int ret = vtd_ir_point(iommu);

	if (!ret)
		ret = vtd_ir_enable(iommu);
	/* Where it also translates, boot/pm.c does this as a later step */
	if (!ret && iommu->state != VTD_UNIT_ON && iommu->event) {
		vtd_event_restore(iommu);
		vtd_faults_forget(iommu);
		vtd_faults_enable(iommu);
	}
	return ret;
}

static bool remaps(const struct dmar_drhd_unit *drhd)
{
	return drhd->iommu && vtd_ir_live(drhd->iommu);
}

static int remap_reenable(int x2apic)
{
	struct dmar_drhd_unit *drhd;
	int ret, first = 0;

	rcu_read_lock();
	/* All queues before any flush, see boot/pm.c; who fails here fails below */
	list_for_each_entry_rcu(drhd, &dmar_drhd_units, list)
		if (remaps(drhd))
			vtd_pm_queue_up(drhd);
	list_for_each_entry_rcu(drhd, &dmar_drhd_units, list) {
		if (!remaps(drhd))
			continue;
		ret = vtd_remap_unit_resume(drhd->iommu);
		if (!ret)
			continue;
		first = first ?: ret;
		pr_err("%s: did not come back after suspend (%d): interrupts of its devices are lost, reboot\n",
		       drhd->iommu->name, ret);
	}
	rcu_read_unlock();
	set_capability();
	return first;
}

/*
 * x86 asks when it sets up a CPU.  The handler is a thread, and there are none
 * yet: late init does it, and reads what was recorded until then.
 */
static int remap_enable_faulting(unsigned int cpu)
{
	return 0;
}

/**
 * vtd_remap_devices - let the PCI devices that are there use their units
 *
 * Context: late init, no driver is bound.
 */
void __init vtd_remap_devices(void)
{
	struct pci_dev *pdev = NULL;

	if (!active)
		return;
	for_each_pci_dev(pdev)
		vtd_ir_add_device(pdev);
}

/**
 * vtd_remap_alone - the units remap interrupts but do not translate
 *
 * Context: late init.
 */
void __init vtd_remap_alone(void)
{
	struct dmar_drhd_unit *drhd;

	list_for_each_entry(drhd, &dmar_drhd_units, list)
		if (drhd->iommu && vtd_ir_live(drhd->iommu))
			vtd_start_faults(drhd->iommu);
}

struct irq_remap_ops intel_irq_remap_ops = {
	.prepare = remap_prepare,
	.enable = remap_enable,
	.disable = remap_disable,
	.reenable = remap_reenable,
	.enable_faulting = remap_enable_faulting,
};

// SPDX-License-Identifier: GPL-2.0
/*
 * A unit from its mapped window to its capabilities, and the one gate to GCMD.
 *
 * GCMD is write only, and each write gives all of its bits (section 11.4.4.1).
 * The state to write back is GSTS less the bits that act once; one bit changes
 * with a write; nothing else is written before GSTS has answered.
 */
#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/bitfield.h>
#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/printk.h>
#include <linux/slab.h>

#include "hw/registers.h"
#include "unit/quirks.h"
#include "unit/unit.h"

static DEFINE_IDA(vtd_unit_numbers);

/* Reads, decodes and checks; a phrase for the log if the unit is of no use */
static const char *unit_identify(struct intel_iommu *iommu)
{
	iommu->version = vtd_read32(&iommu->regs, VTD_VER);
	iommu->cap = vtd_read64(&iommu->regs, VTD_CAP);
	iommu->ecap = vtd_read64(&iommu->regs, VTD_ECAP);
	vtd_caps_decode(&iommu->caps, iommu->cap, iommu->ecap);

	if (iommu->version == U32_MAX)
		return "its registers read all ones";
	return vtd_caps_check(&iommu->caps, vtd_caps_window(&iommu->caps));
}

static int unit_map(struct intel_iommu *iommu, u64 phys, u64 size)
{
	const char *why;
	u64 need;
	int ret;

	ret = vtd_regs_map(&iommu->regs, phys, size, iommu->name);
	if (ret)
		return ret;

	why = unit_identify(iommu);
	if (why) {
		pr_warn("unit at %#llx cannot be used: %s (VER %#x CAP %#llx ECAP %#llx)\n",
			phys, why, iommu->version, iommu->cap, iommu->ecap);
		return -ENODEV;
	}

	need = vtd_caps_window(&iommu->caps);
	if (need <= iommu->regs.size)
		return 0;
	vtd_regs_unmap(&iommu->regs);
	return vtd_regs_map(&iommu->regs, phys, need, iommu->name);
}

/* A unit that is of no use gets no name, so that the next one does not share it */
static int unit_name(struct intel_iommu *iommu)
{
	iommu->seq_id = ida_alloc_max(&vtd_unit_numbers, VTD_UNITS_MAX - 1,
				      GFP_KERNEL);
	if (iommu->seq_id < 0)
		return iommu->seq_id;
	snprintf(iommu->name, sizeof(iommu->name), "dmar%d", iommu->seq_id);
	pr_info("%s: reg_base_addr %llx ver %d:%d cap %llx ecap %llx\n",
		iommu->name, iommu->regs.phys,
		(u32)FIELD_GET(VTD_VER_MAX, iommu->version),
		(u32)FIELD_GET(VTD_VER_MIN, iommu->version),
		iommu->cap, iommu->ecap);
	return 0;
}

/**
 * vtd_unit_alloc - map a unit and find out what it can do
 * @phys: address of its registers
 * @size: bytes of its window as firmware says; enlarged if CAP and ECAP show
 *	that registers lie behind it
 * @segment: PCI segment
 * @node: NUMA node, or NUMA_NO_NODE
 *
 * Changes nothing in the unit.  Quirks are applied.
 *
 * Context: may sleep.
 * Return: the unit in state VTD_UNIT_OFF, or an ERR_PTR: -EINVAL and -EBUSY as
 * vtd_regs_map(), -ENODEV if the unit cannot be used (the log says why),
 * -ENOSPC beyond VTD_UNITS_MAX units, -ENOMEM.
 */
struct intel_iommu *vtd_unit_alloc(u64 phys, u64 size, u16 segment, int node)
{
	struct intel_iommu *iommu;
	int ret;

	iommu = kzalloc_node(sizeof(*iommu), GFP_KERNEL, node);
	if (!iommu)
		return ERR_PTR(-ENOMEM);

	iommu->segment = segment;
	iommu->node = node;
	iommu->state = VTD_UNIT_OFF;
	raw_spin_lock_init(&iommu->gate_lock);
	mutex_init(&iommu->root_lock);
	ida_init(&iommu->dids);
	mutex_init(&iommu->device_lock);
	xa_init(&iommu->rids);

	iommu->seq_id = -1;
	strscpy(iommu->name, "dmar", sizeof(iommu->name));

	ret = unit_map(iommu, phys, size);
	if (!ret)
		ret = unit_name(iommu);
	if (ret) {
		vtd_unit_free(iommu);
		return ERR_PTR(ret);
	}
	vtd_quirks_apply(iommu);
	return iommu;
}

/**
 * vtd_unit_free - undo vtd_unit_alloc()
 * @iommu: the unit; what other rooms hung on it is gone already
 *
 * Context: may sleep.
 */
void vtd_unit_free(struct intel_iommu *iommu)
{
	vtd_regs_unmap(&iommu->regs);
	if (iommu->seq_id >= 0)
		ida_free(&vtd_unit_numbers, iommu->seq_id);
	xa_destroy(&iommu->rids);
	ida_destroy(&iommu->dids);
	kfree(iommu->faults_ended);
	kfree(iommu);
}

/*
 * The gate: @bit is set or cleared, everything else stays, and GSTS must then
 * show @want in the place of @bit.
 */
static int unit_gate(struct intel_iommu *iommu, u32 bit, bool on, u32 want)
{
	u32 state;

	lockdep_assert_held(&iommu->gate_lock);

	state = vtd_read32(&iommu->regs, VTD_GSTS);
	if (state == U32_MAX)
		return -ENODEV;

	state &= ~VTD_GCMD_ONE_SHOT;
	state = on ? state | bit : state & ~bit;
	vtd_write32(&iommu->regs, VTD_GCMD, state);
	return vtd_wait32(&iommu->regs, VTD_GSTS, bit, want);
}

/**
 * vtd_unit_command - give one command and wait until the unit has obeyed
 * @iommu: the unit
 * @bit: one VTD_GCMD_* bit
 * @on: set it, or clear it; those that act once can only be set
 *
 * The caller decides what a failure means for the unit; nothing is marked here.
 *
 * Context: any; takes gate_lock, spins for VTD_REG_TIMEOUT_US at most.
 * Return: 0, -EINVAL if @bit is not one bit, -ENODEV if the unit is gone,
 * -ETIMEDOUT if it does not obey.
 */
int vtd_unit_command(struct intel_iommu *iommu, u32 bit, bool on)
{
	unsigned long flags;
	u32 want;
	int ret;

	if (hweight32(bit) != 1 || (!on && (bit & VTD_GCMD_ONE_SHOT)))
		return -EINVAL;

	/* WBFS says that the flush is going on, every other bit that it is done */
	want = on && bit != VTD_GCMD_WBF ? bit : 0;

	raw_spin_lock_irqsave(&iommu->gate_lock, flags);
	ret = unit_gate(iommu, bit, on, want);
	raw_spin_unlock_irqrestore(&iommu->gate_lock, flags);
	return ret;
}

/**
 * vtd_unit_translation - turn DMA remapping on or off
 * @iommu: the unit
 * @on: which
 *
 * A unit with the erratum keep_translating that serves graphics only is left
 * on: turning it off while the display engine has reads in flight hangs the
 * machine.
 *
 * Context: any; takes gate_lock, spins for VTD_REG_TIMEOUT_US at most.
 * Return: as vtd_unit_command(); -EBUSY if the erratum forbids to turn it off.
 */
int vtd_unit_translation(struct intel_iommu *iommu, bool on)
{
	if (!on && iommu->keep_translating && iommu->graphics_only &&
	    vtd_unit_translating(iommu))
		return -EBUSY;
	return vtd_unit_command(iommu, VTD_GCMD_TE, on);
}

/**
 * vtd_unit_set_root - give the unit its root table
 * @iommu: the unit
 * @rtaddr: value for RTADDR: address and translation table mode
 *
 * A unit with CAP.ESRTPS forgets everything it has cached when it takes the
 * pointer (section 6.6); for all others the caller invalidates the context
 * cache and then the IOTLB globally.  Doing so always does no harm.  The table
 * has reached memory before the unit hears of it (section 6.8).
 *
 * Context: any; takes gate_lock, spins for two VTD_REG_TIMEOUT_US at most.
 * Return: as vtd_unit_command().
 */
int vtd_unit_set_root(struct intel_iommu *iommu, u64 rtaddr)
{
	unsigned long flags;
	int ret = vtd_unit_flush_write_buffer(iommu);

	if (ret)
		return ret;
	raw_spin_lock_irqsave(&iommu->gate_lock, flags);
	vtd_write64(&iommu->regs, VTD_RTADDR, rtaddr);
	ret = unit_gate(iommu, VTD_GCMD_SRTP, true, VTD_GSTS_RTPS);
	raw_spin_unlock_irqrestore(&iommu->gate_lock, flags);
	return ret;
}

/**
 * vtd_unit_set_interrupt_table - give the unit its interrupt remapping table
 * @iommu: the unit
 * @irta: value for IRTA: address, size and mode
 *
 * The caller invalidates the interrupt entry cache globally.  As for the root, the
 * table has reached memory before.
 *
 * Context: any; takes gate_lock, spins for two VTD_REG_TIMEOUT_US at most.
 * Return: as vtd_unit_command().
 */
int vtd_unit_set_interrupt_table(struct intel_iommu *iommu, u64 irta)
{
	unsigned long flags;
	int ret = vtd_unit_flush_write_buffer(iommu);

	if (ret)
		return ret;
	raw_spin_lock_irqsave(&iommu->gate_lock, flags);
	vtd_write64(&iommu->regs, VTD_IRTA, irta);
	ret = unit_gate(iommu, VTD_GCMD_SIRTP, true, VTD_GSTS_IRTPS);
	raw_spin_unlock_irqrestore(&iommu->gate_lock, flags);
	return ret;
}

/**
 * vtd_unit_flush_write_buffer - let changed tables reach memory (section 6.8)
 * @iommu: the unit; one without CAP.RWBF needs nothing
 *
 * Context: any; takes gate_lock, spins for VTD_REG_TIMEOUT_US at most.
 * Return: as vtd_unit_command().
 */
int vtd_unit_flush_write_buffer(struct intel_iommu *iommu)
{
	if (!iommu->caps.write_flush)
		return 0;
	return vtd_unit_command(iommu, VTD_GCMD_WBF, true);
}

/**
 * vtd_unit_protected_memory_off - give up the protected memory regions
 * @iommu: the unit
 *
 * They shut DMA out of what firmware protected until the kernel took over, so
 * this comes last, after translation is on (section 11.4.8.1).
 *
 * Context: any; takes gate_lock, spins for VTD_REG_TIMEOUT_US at most.
 * Return: 0, also for a unit without such regions, -ENODEV, -ETIMEDOUT.
 */
int vtd_unit_protected_memory_off(struct intel_iommu *iommu)
{
	unsigned long flags;
	u32 pmen;
	int ret;

	if (!iommu->caps.low_protected && !iommu->caps.high_protected)
		return 0;

	raw_spin_lock_irqsave(&iommu->gate_lock, flags);
	pmen = vtd_read32(&iommu->regs, VTD_PMEN);
	if (pmen != U32_MAX)
		vtd_write32(&iommu->regs, VTD_PMEN, pmen & ~VTD_PMEN_EPM);
	ret = vtd_wait32(&iommu->regs, VTD_PMEN, VTD_PMEN_PRS, 0);
	raw_spin_unlock_irqrestore(&iommu->gate_lock, flags);
	return ret;
}

/**
 * vtd_unit_translating - does the unit translate DMA at this moment?
 * @iommu: the unit
 *
 * Context: any.
 * Return: false also if the unit is gone.
 */
bool vtd_unit_translating(struct intel_iommu *iommu)
{
	u32 state = vtd_read32(&iommu->regs, VTD_GSTS);

	return state != U32_MAX && (state & VTD_GSTS_TES);
}

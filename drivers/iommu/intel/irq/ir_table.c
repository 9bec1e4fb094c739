// SPDX-License-Identifier: GPL-2.0
/* The interrupt remapping table of one unit (specification section 5.1). */
#define pr_fmt(fmt) "DMAR-IR: " fmt

#include <linux/bitfield.h>
#include <linux/bitmap.h>
#include <linux/cacheflush.h>
#include <linux/cpufeature.h>
#include <linux/log2.h>
#include <linux/printk.h>
#include <linux/slab.h>

#include <asm/cmpxchg.h>
#include <kunit/static_stub.h>

#include "context/install.h"
#include "core/core.h"
#include "hw/descriptors.h"
#include "hw/registers.h"
#include "irq/ir_table.h"
#include "unit/queue.h"
#include "unit/unit.h"

#define TABLE_BYTES	(VTD_IR_ENTRIES * sizeof(struct vtd_irte))
#define TABLE_ORDER	get_order(TABLE_BYTES)

/* The planner of context entries knows the present bit as bit 0 of the low word */
static_assert(VTD_IRTE_P == VTD_ENTRY_P);
static_assert(sizeof(struct vtd_irte) == sizeof(u128));

/**
 * vtd_ir_write_back - let the unit see what was stored to its table
 * @iommu: the unit
 * @at: the first entry
 * @size: bytes
 *
 * A unit whose walks snoop (ECAP.C) sees it anyway.  Of other files tests only know
 * it: they look at what memory has when.
 *
 * Context: any.
 */
void vtd_ir_write_back(struct intel_iommu *iommu, void *at, size_t size)
{
	KUNIT_STATIC_STUB_REDIRECT(vtd_ir_write_back, iommu, at, size);
	if (!iommu->caps.coherent)
		clflush_cache_range(at, size);
}

static int forget(struct intel_iommu *iommu, const struct vtd_desc *desc)
{
	int ret = vtd_unit_flush_write_buffer(iommu);

	return ret ?: vtd_queue_insist(iommu, desc, 1);
}

static int forget_entries(struct intel_iommu *iommu, u16 index, unsigned int order)
{
	struct vtd_desc desc = vtd_desc_iec(index, order);

	return forget(iommu, &desc);
}

static int forget_all(struct intel_iommu *iommu)
{
	struct vtd_desc desc = vtd_desc_iec_all();

	return forget(iommu, &desc);
}

/* Old or new, never a mixture, and never a moment in which there is none */
static int store_wide(struct intel_iommu *iommu, struct vtd_irte *at,
		      const struct vtd_irte *image)
{
	u128 old = (u128)at->hi << 64 | at->lo;
	u128 new = (u128)image->hi << 64 | image->lo;

	/* The owner is the only one who writes */
	if (cmpxchg128((u128 *)at, old, new) != old)
		return -EBUSY;
	vtd_ir_write_back(iommu, at, sizeof(*at));
	return 0;
}

/*
 * Word by word.  A change of both words passes through "not present", and the
 * word with the source check stands before the entry is present.
 */
static int store_narrow(struct intel_iommu *iommu, u16 index, struct vtd_irte *at,
			const struct vtd_irte *image)
{
	const u64 from[] = { at->lo, at->hi }, to[] = { image->lo, image->hi };
	struct vtd_install_step step[VTD_INSTALL_STEPS];
	unsigned int i, n = vtd_install_plan(from, to, ARRAY_SIZE(to), step);
	int ret;

	for (i = 0; i < n; i++) {
		WRITE_ONCE(*(step[i].word ? &at->hi : &at->lo), step[i].value);
		vtd_ir_write_back(iommu, at, sizeof(*at));
		if (!step[i].flush || i + 1 == n)
			continue;
		ret = forget_entries(iommu, index, 0);
		if (ret)
			return ret;
	}
	return 0;
}

/**
 * vtd_ir_install - replace an entry and have the old one forgotten
 * @iommu: the unit
 * @index: entry, the caller's
 * @image: the whole new entry; zeroes for none
 *
 * Context: any; the owner's lock is held.  Waits for the queue.
 * Return: 0; -EINVAL for an index that nobody has; as vtd_queue_insist(): then the
 * unit may still use the old entry.
 */
int vtd_ir_install(struct intel_iommu *iommu, u16 index, const struct vtd_irte *image)
{
	struct vtd_ir *ir = iommu->ir;
	struct vtd_irte *at;
	int ret;

	if (!ir || !test_bit(index, ir->used))
		return -EINVAL;
	at = &ir->entry[index];
	if (ir->wide)
		ret = store_wide(iommu, at, image);
	else
		ret = store_narrow(iommu, index, at, image);
	return ret ?: forget_entries(iommu, index, 0);
}

/**
 * vtd_ir_alloc - take entries of a unit
 * @iommu: the unit
 * @count: how many; rounded up to a power of two, and aligned to it
 *
 * Context: any.
 * Return: the first one; -EINVAL for 0 or more than one invalidation reaches
 * (ECAP.MHMV), -ENOSPC.
 */
int vtd_ir_alloc(struct intel_iommu *iommu, unsigned int count)
{
	struct vtd_ir *ir = iommu->ir;
	unsigned long flags;
	int index, order;

	if (!ir || !count || count > VTD_IR_ENTRIES)
		return -EINVAL;
	order = order_base_2(count);
	if (order > iommu->caps.handle_mask)
		return -EINVAL;
	raw_spin_lock_irqsave(&ir->lock, flags);
	index = bitmap_find_free_region(ir->used, VTD_IR_ENTRIES, order);
	raw_spin_unlock_irqrestore(&ir->lock, flags);
	return index < 0 ? -ENOSPC : index;
}

/**
 * vtd_ir_free - give entries back
 * @iommu: the unit
 * @index: as from vtd_ir_alloc()
 * @count: as it was given to vtd_ir_alloc()
 *
 * They are cleared and forgotten first.  If that fails they are lost: another
 * interrupt must not get what the unit still sends elsewhere.
 *
 * Context: any.  Waits for the queue.
 */
void vtd_ir_free(struct intel_iommu *iommu, u16 index, unsigned int count)
{
	unsigned int order = order_base_2(count);
	struct vtd_ir *ir = iommu->ir;
	struct vtd_irte *at = &ir->entry[index];
	unsigned int i, n = 1u << order;
	unsigned long flags;
	int ret;

	for (i = 0; i < n; i++)
		WRITE_ONCE(at[i].lo, 0);
	vtd_ir_write_back(iommu, at, n * sizeof(*at));
	ret = forget_entries(iommu, index, order);
	if (ret) {
		pr_warn_ratelimited("%s: interrupt entry %u is not used again (%d)\n",
				    iommu->name, index, ret);
		return;
	}
	for (i = 0; i < n; i++)
		WRITE_ONCE(at[i].hi, 0);
	vtd_ir_write_back(iommu, at, n * sizeof(*at));
	raw_spin_lock_irqsave(&ir->lock, flags);
	bitmap_release_region(ir->used, index, order);
	raw_spin_unlock_irqrestore(&ir->lock, flags);
}

/**
 * vtd_ir_in_use - how many entries of a unit are given out
 * @iommu: the unit
 *
 * Context: any.
 */
unsigned int vtd_ir_in_use(struct intel_iommu *iommu)
{
	unsigned long flags;
	unsigned int count;

	if (!iommu->ir)
		return 0;
	raw_spin_lock_irqsave(&iommu->ir->lock, flags);
	count = bitmap_weight(iommu->ir->used, VTD_IR_ENTRIES);
	raw_spin_unlock_irqrestore(&iommu->ir->lock, flags);
	return count;
}

/**
 * vtd_ir_peek - what is in an entry, for those who report
 * @iommu: the unit
 * @index: any number
 * @entry: filled in; its words may be of different moments
 *
 * Context: any; the table stays.
 * Return: false if there is no such entry or it is not present.
 */
bool vtd_ir_peek(struct intel_iommu *iommu, u32 index, struct vtd_irte *entry)
{
	if (!iommu->ir || index >= VTD_IR_ENTRIES)
		return false;
	entry->hi = READ_ONCE(iommu->ir->entry[index].hi);
	entry->lo = READ_ONCE(iommu->ir->entry[index].lo);
	return entry->lo & VTD_IRTE_P;
}

/**
 * vtd_ir_live - does the unit remap interrupts by our table
 * @iommu: the unit
 *
 * Context: any.
 */
bool vtd_ir_live(const struct intel_iommu *iommu)
{
	return iommu->ir && iommu->ir->live;
}

/**
 * vtd_ir_init - allocate a unit's table, empty
 * @iommu: the unit, with ECAP.IR; one that has a table keeps it
 * @x2apic: its mode
 *
 * Context: may sleep; phase 2 of the boot: slab, but no threads.
 * Return: 0 or -ENOMEM.
 */
int vtd_ir_init(struct intel_iommu *iommu, bool x2apic)
{
	struct vtd_ir *ir;

	if (iommu->ir)
		return 0;
	ir = kzalloc_node(sizeof(*ir), GFP_KERNEL, iommu->node);
	if (!ir)
		return -ENOMEM;
	raw_spin_lock_init(&ir->lock);
	ir->x2apic = x2apic;
	ir->wide = boot_cpu_has(X86_FEATURE_CX16);
	ir->entry = vtd_core_alloc(iommu->node, GFP_KERNEL, TABLE_ORDER);
	ir->used = bitmap_zalloc(VTD_IR_ENTRIES, GFP_KERNEL);
	if (!ir->entry || !ir->used) {
		vtd_core_free(ir->entry, TABLE_ORDER);
		bitmap_free(ir->used);
		kfree(ir);
		return -ENOMEM;
	}
	vtd_ir_write_back(iommu, ir->entry, TABLE_BYTES);
	iommu->ir = ir;
	return 0;
}

/**
 * vtd_ir_exit - free a unit's table
 * @iommu: the unit; no interrupt uses the table, and the domain is gone
 * @read: it did not stop remapping: what it may still read is not given back
 *
 * Context: may sleep.
 */
void vtd_ir_exit(struct intel_iommu *iommu, bool read)
{
	struct vtd_ir *ir = iommu->ir;

	if (!ir)
		return;
	iommu->ir = NULL;
	if (!read)
		vtd_core_free(ir->entry, TABLE_ORDER);
	bitmap_free(ir->used);
	kfree(ir);
}

/**
 * vtd_ir_point - tell a unit where its table is
 * @iommu: the unit, with table and a queue that runs
 *
 * Context: any, also resume.
 * Return: 0, or as vtd_unit_command() and vtd_queue_insist().
 */
int vtd_ir_point(struct intel_iommu *iommu)
{
	const struct vtd_ir *ir = iommu->ir;
	int ret;

	ret = vtd_unit_set_interrupt_table(iommu, virt_to_phys(ir->entry) |
			(ir->x2apic ? VTD_IRTA_EIME : 0) |
			FIELD_PREP(VTD_IRTA_S, VTD_IR_ENTRIES_ORDER - 1));
	return ret ?: forget_all(iommu);
}

/* CFI lets requests in the old format pass: nobody would check their source */
static int block_compatibility(struct intel_iommu *iommu)
{
	if (!(vtd_read32(&iommu->regs, VTD_GSTS) & VTD_GSTS_CFIS))
		return 0;
	return vtd_unit_command(iommu, VTD_GCMD_CFI, false);
}

/**
 * vtd_ir_enable - remap from now on
 * @iommu: the unit, after vtd_ir_point()
 *
 * Context: any; interrupts are off while the machine switches.
 * Return: 0, or as vtd_unit_command(): then the unit does not remap.
 */
int vtd_ir_enable(struct intel_iommu *iommu)
{
	int ret = block_compatibility(iommu);

	if (ret)
		return ret;
	ret = vtd_unit_command(iommu, VTD_GCMD_IRE, true);
	if (ret) {
		/* It may obey late, when its table is gone */
		vtd_unit_command(iommu, VTD_GCMD_IRE, false);
		return ret;
	}
	iommu->ir->live = true;
	return 0;
}

/**
 * vtd_ir_disable - stop remapping
 * @iommu: the unit
 *
 * Context: any; suspend and the end too.
 * Return: 0, or as vtd_unit_command(): -ENODEV for a unit that is gone.
 */
int vtd_ir_disable(struct intel_iommu *iommu)
{
	u32 state = vtd_read32(&iommu->regs, VTD_GSTS);
	int ret;

	if (state == U32_MAX)
		return -ENODEV;
	if (!(state & VTD_GSTS_IRES))
		return 0;
	if (vtd_ir_live(iommu))
		forget_all(iommu);
	ret = vtd_unit_command(iommu, VTD_GCMD_IRE, false);
	if (ret)
		pr_warn("%s: interrupt remapping does not stop (%d)\n", iommu->name, ret);
	return ret;
}

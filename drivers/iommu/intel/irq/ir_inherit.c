// SPDX-License-Identifier: GPL-2.0
/*
 * A crash kernel keeps the interrupt entries of the kernel before: the devices go on
 * to send what they were told, and a refused interrupt is an error to some machines.
 * What arrives has no handler and is dropped.  Nobody here owns such an entry, so it
 * is never given out, and never changes.
 */
#define pr_fmt(fmt) "DMAR-IR: " fmt

#include <linux/bitfield.h>
#include <linux/bitmap.h>
#include <linux/cacheflush.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/slab.h>

#include <asm/irq_vectors.h>

#include "hw/entries.h"
#include "hw/registers.h"
#include "irq/ir_inherit.h"
#include "irq/ir_proof.h"
#include "irq/ir_table.h"
#include "unit/old_memory.h"
#include "unit/unit.h"

#define PER_PAGE	(VTD_PAGE_SIZE / sizeof(struct vtd_irte))

/* Lines about entries that are refused; the rest is counted */
#define INHERIT_LINES	8u

static u64 old_pointer(struct intel_iommu *iommu)
{
	return vtd_read64(&iommu->regs, VTD_IRTA);
}

/**
 * vtd_ir_left_on - does a unit remap by a table of the kernel before
 * @iommu: the unit, without a table of ours
 * @x2apic: the mode that it is to have: while it remaps that may not change
 *
 * Context: any.
 */
bool vtd_ir_left_on(struct intel_iommu *iommu, bool x2apic)
{
	u32 state = vtd_read32(&iommu->regs, VTD_GSTS);

	return state != U32_MAX && state & VTD_GSTS_IRES &&
	       !!(old_pointer(iommu) & VTD_IRTA_EIME) == x2apic;
}

struct ir_inherit {
	struct intel_iommu *iommu;
	struct vtd_ir_proof proof;
	unsigned int taken;
	unsigned int refused;
};

static void take_page(struct ir_inherit *in, unsigned int first, const struct vtd_irte *page,
		      unsigned int count)
{
	struct vtd_ir *ir = in->iommu->ir;
	const char *why;
	unsigned int i;

	for (i = 0; i < count; i++) {
		if (!(page[i].lo & VTD_IRTE_P) || vtd_ir_parked(&in->proof, &page[i]))
			continue;
		why = vtd_ir_proof(&in->proof, &page[i]);
		if (!why) {
			ir->entry[first + i] = page[i];
			__set_bit(first + i, ir->used);
			in->taken++;
			continue;
		}
		if (in->refused++ < INHERIT_LINES)
			pr_warn("%s: entry %u is not taken over from the kernel before: %s\n",
				in->iommu->name, first + i, why);
	}
}

/* NULL, or a phrase that says what ended it */
static const char *take_table(struct ir_inherit *in, const struct vtd_old_memory *memory,
			      struct vtd_irte *page)
{
	u64 pointer = old_pointer(in->iommu);
	unsigned int count = 2u << FIELD_GET(VTD_IRTA_S, pointer), first;
	const char *why;

	for (first = 0; first < count; first += PER_PAGE) {
		why = vtd_old_page(memory, (pointer & VTD_IRTA_IRTA) + first * sizeof(*page),
				   page);
		if (why)
			return why;
		take_page(in, first, page, min_t(unsigned int, PER_PAGE, count - first));
	}
	return NULL;
}

/**
 * vtd_ir_inherit - take over the interrupt entries of the kernel before
 * @iommu: the unit: vtd_ir_left_on(), with a table of ours that is empty, and that it
 *	does not have yet
 *
 * What cannot be proved is left out, and told: such an interrupt is refused.
 * vtd_ir_point() comes next.
 *
 * Context: phase 2 of the boot of a crash kernel; may sleep; takes dmar_inventory_lock
 * for reading.
 */
void vtd_ir_inherit(struct intel_iommu *iommu)
{
	struct vtd_old_memory memory;
	struct ir_inherit in = {
		.iommu = iommu,
		.proof = {
			.memory = &memory,
			.x2apic = iommu->ir->x2apic,
			.posted = iommu->caps.posted,
			.unverified = iommu->ir->unverified,
			.last_vector = FIRST_SYSTEM_VECTOR - 1,
			.parked = MANAGED_IRQ_SHUTDOWN_VECTOR,
		},
	};
	struct vtd_irte *page = kmalloc(VTD_PAGE_SIZE, GFP_KERNEL);
	const char *why = "no memory";

	if (vtd_old_memory_open(&memory))
		why = "which memory that kernel had is not known (elfcorehdr=)";
	else if (page)
		why = take_table(&in, &memory, page);
	vtd_old_memory_close(&memory);
	kfree(page);
	if (!iommu->caps.coherent)
		clflush_cache_range(iommu->ir->entry, VTD_IR_ENTRIES * sizeof(struct vtd_irte));
	if (why)
		pr_warn("%s: interrupt entries of the kernel before are not taken over: %s: interrupts of its devices are refused until their drivers start\n",
			iommu->name, why);
	pr_info("%s: interrupts of the kernel before: %u entries taken over, %u refused\n",
		iommu->name, in.taken, in.refused);
}

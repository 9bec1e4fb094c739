// SPDX-License-Identifier: GPL-2.0
/*
 * ir_translation_struct, in the shape of the stock driver: the entries that remap, of
 * all units, then the entries that post.  The same in words: interrupts.c.
 */
#include <linux/bitfield.h>
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/pci.h>
#include <linux/rwsem.h>
#include <linux/seq_file.h>

#include "acpi/inventory.h"
#include "irq/ir_entry.h"
#include "irq/ir_table.h"
#include "observe/debugfs.h"
#include "unit/unit.h"

/* The field as it is, without regard to the mode */
static void show_target(struct seq_file *m, const struct vtd_irte *entry, bool posted)
{
	if (posted)
		seq_printf(m, "%08llx %08llx ", FIELD_GET(VTD_IRTE_PDAH, entry->hi),
			   FIELD_GET(VTD_IRTE_PDAL, entry->lo) << 6);
	else
		seq_printf(m, "%08llx ", FIELD_GET(VTD_IRTE_DST, entry->lo));
}

static void show_entry(struct seq_file *m, u32 index, const struct vtd_irte *entry, bool posted)
{
	u16 sid = FIELD_GET(VTD_IRTE_SID, entry->hi);

	seq_printf(m, " %-5u %02x:%02x.%01x ", index, PCI_BUS_NUM(sid), PCI_SLOT(sid & 0xff),
		   PCI_FUNC(sid & 0xff));
	show_target(m, entry, posted);
	seq_printf(m, "%02llx  %016llx\t%016llx\n", FIELD_GET(VTD_IRTE_V, entry->lo),
		   entry->hi, entry->lo);
}

static void show_table(struct seq_file *m, struct intel_iommu *iommu, bool posted)
{
	struct vtd_irte entry;
	u32 i;

	if (!vtd_ir_live(iommu)) {
		seq_puts(m, "Interrupt Remapping is not enabled\n");
		return;
	}
	seq_printf(m, " IR table address:%llx\n", (u64)virt_to_phys(iommu->ir->entry));
	seq_printf(m, " Entry SrcID   %s Vct IRTE_high\t\tIRTE_low\n",
		   posted ? "PDA_high PDA_low " : "DstID   ");
	for (i = 0; i < VTD_IR_ENTRIES && !seq_has_overflowed(m); i++)
		if (vtd_ir_peek(iommu, i, &entry) && posted == !!(entry.lo & VTD_IRTE_IM))
			show_entry(m, i, &entry, posted);
}

static void show_units(struct seq_file *m, bool posted)
{
	const struct dmar_drhd_unit *drhd;
	struct intel_iommu *iommu;

	list_for_each_entry(drhd, &dmar_drhd_units, list) {
		iommu = drhd->iommu;
		if (!iommu || !(posted ? iommu->caps.posted : iommu->caps.int_remap))
			continue;
		seq_printf(m, "%s Interrupt supported on IOMMU: %s\n",
			   posted ? "Posted" : "Remapped", iommu->name);
		show_table(m, iommu, posted);
		seq_putc(m, '\n');
	}
}

static int ir_show(struct seq_file *m, void *unused)
{
	down_read(&dmar_inventory_lock);
	show_units(m, false);
	seq_puts(m, "****\n\n");
	show_units(m, true);
	up_read(&dmar_inventory_lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(ir);

/**
 * vtd_stock_interrupts_init - add ir_translation_struct
 * @dir: where
 *
 * Context: late init.
 */
void __init vtd_stock_interrupts_init(struct dentry *dir)
{
	debugfs_create_file("ir_translation_struct", 0444, dir, NULL, &ir_fops);
}

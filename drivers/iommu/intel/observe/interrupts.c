// SPDX-License-Identifier: GPL-2.0
/* interrupts: the interrupt entries in use, with whose they are. */
#include <linux/bitfield.h>
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/irqdomain.h>
#include <linux/kernel.h>
#include <linux/pci.h>
#include <linux/rwsem.h>
#include <linux/seq_file.h>

#include "acpi/inventory.h"
#include "irq/ir_entry.h"
#include "irq/ir_table.h"
#include "observe/debugfs.h"
#include "unit/unit.h"

static void show_source(struct seq_file *m, const struct vtd_irte *entry)
{
	struct vtd_ir_source source = vtd_ir_source_of(entry);

	if (source.svt == VTD_SVT_NONE)
		seq_puts(m, "any\t");
	else if (source.svt == VTD_SVT_BUS)
		seq_printf(m, "%02x-%02x:*\t", source.sid >> 8, source.sid & 0xff);
	else
		seq_printf(m, "%02x:%02x.%d%s\t", PCI_BUS_NUM(source.sid),
			   PCI_SLOT(source.sid & 0xff), PCI_FUNC(source.sid & 0xff),
			   source.sq == VTD_SQ_ALL ? "" : "+");
}

static void show_target(struct seq_file *m, const struct vtd_irte *entry, bool x2apic)
{
	u64 lo = entry->lo;

	seq_printf(m, "%02llx\t", FIELD_GET(VTD_IRTE_V, lo));
	if (lo & VTD_IRTE_IM)
		seq_printf(m, "posted %llx", FIELD_GET(VTD_IRTE_PDAH, entry->hi) << 32 |
			   FIELD_GET(VTD_IRTE_PDAL, lo) << 6);
	else
		seq_printf(m, "%s %llx", lo & VTD_IRTE_DM ? "logical" : "apic",
			   x2apic ? FIELD_GET(VTD_IRTE_DST, lo) :
				    FIELD_GET(VTD_IRTE_DST_XAPIC, lo));
}

static void show_entry(struct seq_file *m, struct intel_iommu *iommu, u32 index)
{
	struct vtd_irte entry;

	if (!vtd_ir_peek(iommu, index, &entry))
		return;
	seq_printf(m, "%u\t%u\t", index, irq_find_mapping(iommu->ir->domain, index));
	show_source(m, &entry);
	show_target(m, &entry, iommu->ir->x2apic);
	seq_printf(m, "\t%016llx\t%016llx\n", entry.hi, entry.lo);
}

static void show_table(struct seq_file *m, struct intel_iommu *iommu)
{
	u32 i;

	seq_printf(m, "Interrupt remapping on IOMMU: %s\n", iommu->name);
	if (!vtd_ir_live(iommu)) {
		seq_puts(m, "off\n\n");
		return;
	}
	seq_printf(m, "IR table address: %llx, %s mode, %u of %u entries used\n",
		   (u64)virt_to_phys(iommu->ir->entry), iommu->ir->x2apic ? "x2apic" : "xapic",
		   vtd_ir_in_use(iommu), VTD_IR_ENTRIES);
	seq_puts(m, "Entry\tIRQ\tSource\tVector\tGoes to\tHigh\t\t\tLow\n");
	for (i = 0; i < VTD_IR_ENTRIES && !seq_has_overflowed(m); i++)
		show_entry(m, iommu, i);
	seq_putc(m, '\n');
}

static int interrupts_show(struct seq_file *m, void *unused)
{
	const struct dmar_drhd_unit *drhd;

	down_read(&dmar_inventory_lock);
	list_for_each_entry(drhd, &dmar_drhd_units, list)
		if (drhd->iommu)
			show_table(m, drhd->iommu);
	up_read(&dmar_inventory_lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(interrupts);

/**
 * vtd_interrupts_init - add the file "interrupts"
 * @dir: where
 *
 * Context: late init.
 */
void __init vtd_interrupts_init(struct dentry *dir)
{
	debugfs_create_file("interrupts", 0444, dir, NULL, &interrupts_fops);
}

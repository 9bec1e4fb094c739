// SPDX-License-Identifier: GPL-2.0
/*
 * dmar_translation_struct, in the shape of the stock driver: root and context entry
 * of each requester id that has a context entry, as they are in memory.  Legacy mode
 * has no PASIDs, and shows them as -1 and zeros.  The same in words: requesters.c.
 */
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/pci.h>
#include <linux/rwsem.h>
#include <linux/seq_file.h>

#include "acpi/inventory.h"
#include "context/context.h"
#include "hw/registers.h"
#include "observe/debugfs.h"
#include "unit/unit.h"

#define BUSES	256u
#define DEVFNS	256u
/* Words of a PASID entry that are shown */
#define PASID_WORDS	3u

static void show_words(struct seq_file *m, const u64 *words, unsigned int count)
{
	while (count--)
		seq_printf(m, "0x%016llx%s", words[count], count ? ":" : "");
}

static void show_bus(struct seq_file *m, struct intel_iommu *iommu, u8 bus)
{
	static const u64 no_pasid[PASID_WORDS];
	struct vtd_context_entry context;
	struct vtd_root_entry root;
	unsigned int devfn;

	if (!vtd_context_read_bus(iommu, bus, &root))
		return;
	for (devfn = 0; devfn < DEVFNS; devfn++) {
		if (!vtd_context_read(iommu, PCI_DEVID(bus, devfn), &context) ||
		    !(context.lo & VTD_CTX_LO_P))
			continue;
		seq_printf(m, "%02x:%02x.%x\t", bus, PCI_SLOT(devfn), PCI_FUNC(devfn));
		show_words(m, (const u64[]) { root.lo, root.hi }, 2);
		seq_putc(m, '\t');
		show_words(m, (const u64[]) { context.lo, context.hi }, 2);
		seq_printf(m, "\t%-6d\t", -1);
		show_words(m, no_pasid, PASID_WORDS);
		seq_putc(m, '\n');
	}
}

static void show_unit(struct seq_file *m, struct intel_iommu *iommu)
{
	unsigned int bus;

	seq_printf(m, "IOMMU %s: Root Table Address: 0x%llx\n", iommu->name,
		   vtd_read64(&iommu->regs, VTD_RTADDR) & VTD_RTADDR_RTA);
	seq_puts(m, "B.D.F\tRoot_entry\t\t\t\tContext_entry\t\t\t\tPASID\tPASID_table_entry\n");
	for (bus = 0; bus < BUSES && !seq_has_overflowed(m); bus++)
		show_bus(m, iommu, bus);
	seq_putc(m, '\n');
}

static int translation_show(struct seq_file *m, void *unused)
{
	const struct dmar_drhd_unit *drhd;
	struct intel_iommu *iommu;

	down_read(&dmar_inventory_lock);
	list_for_each_entry(drhd, &dmar_drhd_units, list) {
		iommu = drhd->iommu;
		if (!iommu)
			continue;
		if (vtd_unit_translating(iommu))
			show_unit(m, iommu);
		else
			seq_printf(m, "DMA Remapping is not enabled on %s\n", iommu->name);
	}
	up_read(&dmar_inventory_lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(translation);

/**
 * vtd_stock_translation_init - add dmar_translation_struct
 * @dir: where
 *
 * Context: late init.
 */
void __init vtd_stock_translation_init(struct dentry *dir)
{
	debugfs_create_file("dmar_translation_struct", 0400, dir, NULL, &translation_fops);
}

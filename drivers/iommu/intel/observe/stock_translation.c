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

#define RIDS		65536u
/* The fewest that share a table: half a bus, in scalable mode */
#define RIDS_PER_TABLE	128u
/* Words that are shown of each entry */
#define CONTEXT_WORDS	2u
#define PASID_WORDS	3u

static void show_words(struct seq_file *m, const u64 *words, unsigned int count)
{
	while (count--)
		seq_printf(m, "0x%016llx%s", words[count], count ? ":" : "");
}

static void show_requester(struct seq_file *m, u16 rid, const struct vtd_context_words *words)
{
	const u64 root[] = { words->root.lo, words->root.hi };

	seq_printf(m, "%02x:%02x.%x\t", rid >> 8, PCI_SLOT(rid & 0xff), PCI_FUNC(rid & 0xff));
	show_words(m, root, ARRAY_SIZE(root));
	seq_putc(m, '\t');
	show_words(m, words->context, CONTEXT_WORDS);
	seq_printf(m, "\t%-6d\t", words->pasid);
	show_words(m, words->entry, PASID_WORDS);
	seq_putc(m, '\n');
}

static void show_requesters(struct seq_file *m, struct intel_iommu *iommu)
{
	struct vtd_context_words words;
	unsigned int rid = 0;

	while (rid < RIDS && !seq_has_overflowed(m)) {
		if (!vtd_context_read(iommu, rid, &words)) {
			rid = round_down(rid, RIDS_PER_TABLE) + RIDS_PER_TABLE;
			continue;
		}
		if (words.context[0] & VTD_ENTRY_P)
			show_requester(m, rid, &words);
		rid++;
	}
}

static void show_unit(struct seq_file *m, struct intel_iommu *iommu)
{
	seq_printf(m, "IOMMU %s: Root Table Address: 0x%llx\n", iommu->name,
		   vtd_read64(&iommu->regs, VTD_RTADDR) & VTD_RTADDR_RTA);
	seq_puts(m, "B.D.F\tRoot_entry\t\t\t\tContext_entry\t\t\t\tPASID\tPASID_table_entry\n");
	show_requesters(m, iommu);
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

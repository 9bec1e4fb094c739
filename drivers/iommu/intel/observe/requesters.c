// SPDX-License-Identifier: GPL-2.0
/* requesters: which tables each requester id is translated with. */
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/pci.h>
#include <linux/rwsem.h>
#include <linux/seq_file.h>

#include "acpi/inventory.h"
#include "context/context.h"
#include "hw/registers.h"
#include "observe/debugfs.h"
#include "observe/words.h"
#include "unit/unit.h"

/* The fewest that share a table: half a bus, in scalable mode */
#define RIDS_PER_TABLE	128u
#define RIDS		65536u

static void show_image(struct seq_file *m, const struct vtd_image *image)
{
	switch (image->kind) {
	case VTD_IMAGE_BLOCKED:
		seq_puts(m, "blocked");
		break;
	case VTD_IMAGE_PASS:
		seq_printf(m, "pass-through, domain id %u", image->did);
		break;
	case VTD_IMAGE_WALK:
		seq_printf(m, "tables%s, domain id %u, %u levels at 0x%llx",
			   image->dev_tlb ? ", device TLB" : "", image->did, image->levels,
			   image->tables);
		break;
	case VTD_IMAGE_FIRST:
	case VTD_IMAGE_NESTED:
		seq_printf(m, "first-stage tables%s%s, domain id %u, %u levels at 0x%llx",
			   image->kind == VTD_IMAGE_NESTED ? " of a guest" : "",
			   image->dev_tlb ? ", device TLB" : "", image->did,
			   image->fs_levels, image->fs_root);
		break;
	}
}

static void show_entry(struct seq_file *m, struct intel_iommu *iommu, u16 rid,
		       const struct vtd_context_words *words)
{
	struct vtd_image image;

	vtd_context_now(iommu, rid, &image);
	seq_printf(m, "%02x:%02x.%x\t0x%016llx:0x%016llx\t", rid >> 8, PCI_SLOT(rid & 0xff),
		   PCI_FUNC(rid & 0xff), words->context[1], words->context[0]);
	show_image(m, &image);
	seq_puts(m, words->context[0] & VTD_CTX_LO_FPD ? ", faults not recorded\n" : "\n");
}

/* But for that of requests without one, which is the requester's */
static void show_pasids(struct seq_file *m, struct intel_iommu *iommu, u16 rid)
{
	struct vtd_image image;
	u32 pasid;

	for (pasid = 1; vtd_context_next_pasid(iommu, rid, &pasid, &image) &&
	     !seq_has_overflowed(m); pasid++) {
		seq_printf(m, "%02x:%02x.%x\tPASID 0x%x\t", rid >> 8, PCI_SLOT(rid & 0xff),
			   PCI_FUNC(rid & 0xff), pasid);
		show_image(m, &image);
		seq_putc(m, '\n');
	}
}

static void show_tables(struct seq_file *m, struct intel_iommu *iommu)
{
	struct vtd_context_words words;
	unsigned int rid = 0;

	seq_puts(m, "B.D.F\tContext_entry\t\t\t\tMeaning\n");
	while (rid < RIDS && !seq_has_overflowed(m)) {
		if (!vtd_context_read(iommu, rid, &words)) {
			rid = round_down(rid, RIDS_PER_TABLE) + RIDS_PER_TABLE;
			continue;
		}
		if (words.context[0] || words.context[1])
			show_entry(m, iommu, rid, &words);
		show_pasids(m, iommu, rid);
		rid++;
	}
}

static int requesters_show(struct seq_file *m, void *unused)
{
	const struct dmar_drhd_unit *drhd;
	struct intel_iommu *iommu;

	down_read(&dmar_inventory_lock);
	list_for_each_entry(drhd, &dmar_drhd_units, list) {
		iommu = drhd->iommu;
		if (!iommu)
			continue;
		if (iommu->state == VTD_UNIT_DEAD || !vtd_unit_translating(iommu)) {
			seq_printf(m, "DMA Remapping is not enabled on %s (%s)\n", iommu->name,
				   vtd_words_state(iommu));
			continue;
		}
		seq_printf(m, "IOMMU %s: Root Table Address: 0x%llx\n", iommu->name,
			   vtd_read64(&iommu->regs, VTD_RTADDR) & VTD_RTADDR_RTA);
		show_tables(m, iommu);
		seq_putc(m, '\n');
	}
	up_read(&dmar_inventory_lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(requesters);

/**
 * vtd_requesters_init - add the file "requesters"
 * @dir: where
 *
 * Context: late init.
 */
void __init vtd_requesters_init(struct dentry *dir)
{
	debugfs_create_file("requesters", 0400, dir, NULL, &requesters_fops);
}

// SPDX-License-Identifier: GPL-2.0
/* requesters: which tables each requester id is translated with. */
#include <linux/bitfield.h>
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

#define RIDS_PER_BUS	256u
#define RIDS		65536u

static void show_entry(struct seq_file *m, u16 rid, const struct vtd_context_entry *entry)
{
	static const char * const kinds[] = {
		"tables", "tables, device TLB", "pass-through", "reserved type",
	};

	seq_printf(m, "%02x:%02x.%x\t0x%016llx:0x%016llx\t", rid >> 8, PCI_SLOT(rid & 0xff),
		   PCI_FUNC(rid & 0xff), entry->hi, entry->lo);
	if (!(entry->lo & VTD_CTX_LO_P)) {
		seq_puts(m, "blocked");
	} else {
		seq_printf(m, "%s, domain id %llu",
			   kinds[FIELD_GET(VTD_CTX_LO_TT, entry->lo)],
			   FIELD_GET(VTD_CTX_HI_DID, entry->hi));
		if (FIELD_GET(VTD_CTX_LO_TT, entry->lo) < VTD_TT_PASS_THROUGH)
			seq_printf(m, ", %llu levels at 0x%llx",
				   FIELD_GET(VTD_CTX_HI_AW, entry->hi) + 2,
				   entry->lo & VTD_CTX_LO_SSPTPTR);
	}
	seq_puts(m, entry->lo & VTD_CTX_LO_FPD ? ", faults not recorded\n" : "\n");
}

static void show_tables(struct seq_file *m, struct intel_iommu *iommu)
{
	struct vtd_context_entry entry;
	unsigned int rid = 0;

	seq_puts(m, "B.D.F\tContext_entry\t\t\t\tMeaning\n");
	while (rid < RIDS && !seq_has_overflowed(m)) {
		if (!vtd_context_read(iommu, rid, &entry)) {
			rid = round_down(rid, RIDS_PER_BUS) + RIDS_PER_BUS;
			continue;
		}
		if (entry.lo || entry.hi)
			show_entry(m, rid, &entry);
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

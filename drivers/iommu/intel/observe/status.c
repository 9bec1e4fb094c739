// SPDX-License-Identifier: GPL-2.0
/* "Is it on, and in which mode?" - answered from the units, not from options. */
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/rwsem.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "acpi/inventory.h"
#include "boot/verdict.h"
#include "context/did.h"
#include "device/device.h"
#include "domain/stage.h"
#include "hw/registers.h"
#include "irq/ir_table.h"
#include "observe/debugfs.h"
#include "observe/words.h"
#include "unit/fault.h"
#include "unit/prq.h"
#include "unit/unit.h"

static const char *yes_no(bool yes)
{
	return yes ? "yes" : "no";
}

static void show_mode(struct seq_file *m, const struct intel_iommu *iommu)
{
	if (iommu->scalable)
		seq_printf(m, "  mode: scalable%s\n",
			   vtd_stage_choose(&iommu->caps, true, false) == VTD_STAGE_FIRST ?
			   ", first-stage tables" : "");
	else if (iommu->why_legacy)
		seq_printf(m, "  mode: legacy (%s)\n", iommu->why_legacy);
}

static void show_abilities(struct seq_file *m, const struct vtd_caps *caps)
{
	seq_printf(m, "  table walks coherent: %s\n", yes_no(caps->walks_coherent));
	seq_printf(m, "  pass-through: %s\n", yes_no(caps->pass_through));
	seq_printf(m, "  snoop control: %s\n", yes_no(caps->snoop_control));
	seq_printf(m, "  device TLBs (ATS): %s\n", yes_no(caps->dev_tlb));
	seq_printf(m, "  page requests: %s\n", yes_no(caps->page_requests));
	seq_printf(m, "  caching mode: %s\n", yes_no(caps->caching_mode));
	seq_printf(m, "  invalidation: %s, %s\n", caps->qi ? "queue" : "registers",
		   caps->psi ? "by page" : "by domain");
}

static void show_interrupts(struct seq_file *m, struct intel_iommu *iommu)
{
	if (!vtd_ir_live(iommu))
		seq_printf(m, "  interrupt remapping: %s\n",
			   iommu->caps.int_remap ? "off" : "cannot");
	else
		seq_printf(m, "  interrupt remapping: %s mode, %u of %u entries used%s, posting: %s\n",
			   iommu->ir->x2apic ? "x2apic" : "xapic", vtd_ir_in_use(iommu),
			   VTD_IR_ENTRIES,
			   iommu->ir->unverified ? ", source not verified" : "",
			   yes_no(iommu->caps.posted));
}

/* Nobody takes it away while the inventory is locked */
static void show_pages(struct seq_file *m, const struct vtd_prq *prq)
{
	if (prq)
		seq_printf(m, "  page requests: %llu read, ring full %llu times\n",
			   READ_ONCE(prq->requests), READ_ONCE(prq->lost));
}

static void show_unit(struct seq_file *m, const struct dmar_drhd_unit *drhd)
{
	struct intel_iommu *iommu = drhd->iommu;
	struct vtd_fault_counts counts = { 0 };
	struct vtd_unit_facts facts;

	vtd_verdict_unit(drhd, &facts);
	seq_printf(m, "\n%s at %llx, segment %u%s%s%s\n", facts.name ?: "unit",
		   drhd->reg_base_addr, drhd->segment,
		   drhd->include_all ? ", all other devices" : "",
		   drhd->gfx_dedicated ? ", graphics only" : "",
		   drhd->from_user ? ", from intel_iommu.drhd=" : "");
	seq_printf(m, "  state: %s", iommu ? vtd_words_state(iommu) : "off");
	if (!facts.translating && facts.why_off)
		seq_printf(m, " (%s)", facts.why_off);
	seq_putc(m, '\n');
	if (!iommu)
		return;
	seq_printf(m, "  version: %u.%u\n", (iommu->version >> 4) & 0xf, iommu->version & 0xf);
	seq_printf(m, "  address bits: %u\n", iommu->caps.width);
	seq_printf(m, "  page sizes: %s\n", vtd_words_pages(iommu));
	show_mode(m, iommu);
	show_abilities(m, &iommu->caps);
	show_interrupts(m, iommu);
	seq_printf(m, "  domain ids: %u of %u used\n", vtd_did_used(iommu),
		   iommu->caps.domain_ids);
	seq_printf(m, "  requester ids of devices: %u\n", vtd_device_count(iommu));
	if (iommu->faults)
		vtd_faults_counts(iommu, &counts);
	seq_printf(m, "  faults: %llu recorded (%llu of them interrupts), records lost at least %llu times\n",
		   counts.recorded, counts.interrupts, counts.lost);
	show_pages(m, iommu->prq);
}

static int status_show(struct seq_file *m, void *unused)
{
	char *line = kmalloc(VTD_SUMMARY_SIZE, GFP_KERNEL);
	const struct dmar_drhd_unit *drhd;
	int len;

	if (!line)
		return -ENOMEM;
	len = vtd_verdict_summary(line, VTD_SUMMARY_SIZE);
	if (len >= 0)
		seq_printf(m, "%s\n", line);
	kfree(line);
	if (len < 0)
		return len;
	down_read(&dmar_inventory_lock);
	list_for_each_entry(drhd, &dmar_drhd_units, list)
		show_unit(m, drhd);
	up_read(&dmar_inventory_lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(status);

/**
 * vtd_status_init - add the file "status"
 * @dir: where
 *
 * Context: late init.
 */
void __init vtd_status_init(struct dentry *dir)
{
	debugfs_create_file("status", 0444, dir, NULL, &status_fops);
}

// SPDX-License-Identifier: GPL-2.0
/* The folder in debugfs, and its file of registers. */
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/iommu.h>
#include <linux/kernel.h>
#include <linux/rwsem.h>
#include <linux/seq_file.h>
#include <linux/stringify.h>

#include <asm/x86_init.h>

#include "acpi/inventory.h"
#include "boot/init.h"
#include "hw/registers.h"
#include "observe/debugfs.h"
#include "unit/unit.h"

struct reg {
	const char *name;
	u16 offset;
	u8 bytes;
};

#define REG32(r)	{ __stringify(r), VTD_##r, 4 }
#define REG64(r)	{ __stringify(r), VTD_##r, 8 }

/* GCMD is missing: it can only be written, GSTS answers for it */
static const struct reg reg_table[] = {
	REG32(VER), REG64(CAP), REG64(ECAP), REG32(GSTS), REG64(RTADDR), REG64(CCMD),
	REG32(FSTS), REG32(FECTL), REG32(FEDATA), REG32(FEADDR), REG32(FEUADDR),
	REG32(PMEN), REG32(PLMBASE), REG32(PLMLIMIT), REG64(PHMBASE), REG64(PHMLIMIT),
	REG64(IQH), REG64(IQT), REG64(IQA), REG32(ICS),
	REG32(IECTL), REG32(IEDATA), REG32(IEADDR), REG32(IEUADDR), REG64(IQERCD),
	REG64(IRTA), REG64(PQH), REG64(PQT), REG64(PQA), REG32(PRS), REG32(PECTL),
};

static void show_reg(struct seq_file *m, const struct vtd_regs *regs, const char *name,
		     u32 offset, unsigned int bytes)
{
	u64 value;

	if (offset + bytes > regs->size)
		return;
	value = bytes == 8 ? vtd_read64(regs, offset) : vtd_read32(regs, offset);
	seq_printf(m, "%-16s\t0x%03x\t\t0x%016llx\n", name, offset, value);
}

/* These lie where CAP and ECAP say */
static void show_moving_regs(struct seq_file *m, const struct intel_iommu *iommu)
{
	u32 at = iommu->caps.iotlb_offset;
	char name[20];
	unsigned int i;

	show_reg(m, &iommu->regs, "IVA", at + VTD_IVA_OFFSET, 8);
	show_reg(m, &iommu->regs, "IOTLB", at + VTD_IOTLB_OFFSET, 8);
	for (i = 0; i < iommu->caps.fault_records; i++) {
		at = iommu->caps.fault_offset + i * VTD_FRCD_SIZE;
		snprintf(name, sizeof(name), "FRCD%u.LO", i);
		show_reg(m, &iommu->regs, name, at, 8);
		snprintf(name, sizeof(name), "FRCD%u.HI", i);
		show_reg(m, &iommu->regs, name, at + 8, 8);
	}
}

static int vtd_regset_show(struct seq_file *m, void *unused)
{
	const struct dmar_drhd_unit *drhd;
	const struct intel_iommu *iommu;
	unsigned int i;

	down_read(&dmar_inventory_lock);
	list_for_each_entry(drhd, &dmar_drhd_units, list) {
		iommu = drhd->iommu;
		seq_printf(m, "IOMMU: %s Register Base Address: %llx\n",
			   iommu ? iommu->name : "unmapped unit", drhd->reg_base_addr);
		/* A window that went wrong is not read again */
		if (!iommu || iommu->state == VTD_UNIT_DEAD)
			continue;
		seq_puts(m, "Name\t\t\tOffset\t\tContents\n");
		for (i = 0; i < ARRAY_SIZE(reg_table); i++)
			show_reg(m, &iommu->regs, reg_table[i].name, reg_table[i].offset,
				 reg_table[i].bytes);
		show_moving_regs(m, iommu);
		seq_putc(m, '\n');
	}
	up_read(&dmar_inventory_lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(vtd_regset);

/**
 * vtd_regset_init - add iommu_regset
 * @dir: where
 *
 * Context: late init.
 */
void __init vtd_regset_init(struct dentry *dir)
{
	debugfs_create_file("iommu_regset", 0444, dir, NULL, &vtd_regset_fops);
}

static int __init create_folder(void)
{
	struct dentry *dir;

	/* Early detect found no unit: there is nothing to show, ever */
	if (x86_init.iommu.iommu_init != intel_iommu_init)
		return 0;
	dir = debugfs_create_dir("intel", iommu_debugfs_dir);
	vtd_regset_init(dir);
	vtd_queue_dump_init(dir);
	vtd_status_init(dir);
	vtd_translation_init(dir);
	vtd_interrupts_init(dir);
	vtd_groups_init(dir);
	vtd_folders_init(dir);
	return 0;
}
late_initcall(create_folder);

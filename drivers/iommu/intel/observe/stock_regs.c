// SPDX-License-Identifier: GPL-2.0
/*
 * iommu_regset, in the shape of the stock driver: name, offset and contents of each
 * register, first the ones of 32 bits, then those of 64, all that the stock driver
 * names.  Behind these, in the same shape, the ones it does not have.
 */
#include <linux/array_size.h>
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/rwsem.h>
#include <linux/seq_file.h>
#include <linux/stringify.h>

#include "acpi/inventory.h"
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

static const struct reg regs_32[] = {
	REG32(VER), REG32(GCMD), REG32(GSTS), REG32(FSTS), REG32(FECTL), REG32(FEDATA),
	REG32(FEADDR), REG32(FEUADDR), REG32(PMEN), REG32(PLMBASE), REG32(PLMLIMIT),
	REG32(ICS), REG32(PRS), REG32(PECTL), REG32(PEDATA), REG32(PEADDR), REG32(PEUADDR),
};

static const struct reg regs_64[] = {
	REG64(CAP), REG64(ECAP), REG64(RTADDR), REG64(CCMD), REG64(AFLOG), REG64(PHMBASE),
	REG64(PHMLIMIT), REG64(IQH), REG64(IQT), REG64(IQA), REG64(IRTA), REG64(PQH),
	REG64(PQT), REG64(PQA), REG64(MTRRCAP), REG64(MTRRDEF),
};

/* Memory types of first-stage tables: eleven registers for fixed ranges ... */
static const char * const mtrr_fixed[] = {
	"64K_00000", "16K_80000", "16K_A0000", "4K_C0000", "4K_C8000", "4K_D0000", "4K_D8000",
	"4K_E0000", "4K_E8000", "4K_F0000", "4K_F8000",
};

/* ... and ten pairs of others */
#define MTRR_PAIRS	10u

static const struct reg regs_more[] = {
	REG32(IECTL), REG32(IEDATA), REG32(IEADDR), REG32(IEUADDR), REG64(IQERCD),
};

static void show_reg(struct seq_file *m, const struct vtd_regs *regs, const char *name,
		     u32 offset, unsigned int bytes)
{
	u64 value;

	if (offset + bytes > regs->size)
		return;
	value = bytes == 8 ? vtd_read64(regs, offset) : vtd_read32(regs, offset);
	seq_printf(m, "%-16s\t0x%02x\t\t0x%016llx\n", name, offset, value);
}

static void show_list(struct seq_file *m, const struct vtd_regs *regs, const struct reg *list,
		      unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		show_reg(m, regs, list[i].name, list[i].offset, list[i].bytes);
}

static void show_mtrrs(struct seq_file *m, const struct vtd_regs *regs)
{
	char name[24];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mtrr_fixed); i++) {
		snprintf(name, sizeof(name), "MTRR_FIX%s", mtrr_fixed[i]);
		show_reg(m, regs, name, VTD_MTRR_FIX + 8 * i, 8);
	}
	for (i = 0; i < 2 * MTRR_PAIRS; i++) {
		snprintf(name, sizeof(name), "MTRR_PHYS%s%u", i % 2 ? "MASK" : "BASE", i / 2);
		show_reg(m, regs, name, VTD_MTRR_PHYS + 8 * i, 8);
	}
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

static void show_unit(struct seq_file *m, const struct intel_iommu *iommu)
{
	const struct vtd_regs *regs = &iommu->regs;

	seq_puts(m, "Name\t\t\tOffset\t\tContents\n");
	show_list(m, regs, regs_32, ARRAY_SIZE(regs_32));
	show_list(m, regs, regs_64, ARRAY_SIZE(regs_64));
	show_mtrrs(m, regs);
	show_list(m, regs, regs_more, ARRAY_SIZE(regs_more));
	show_moving_regs(m, iommu);
}

/* A unit without window is in the file "status" only */
static int regset_show(struct seq_file *m, void *unused)
{
	const struct dmar_drhd_unit *drhd;
	const struct intel_iommu *iommu;

	down_read(&dmar_inventory_lock);
	list_for_each_entry(drhd, &dmar_drhd_units, list) {
		iommu = drhd->iommu;
		if (!iommu)
			continue;
		seq_printf(m, "IOMMU: %s Register Base Address: %llx\n", iommu->name,
			   drhd->reg_base_addr);
		/* A window that went wrong is not read again */
		if (iommu->state != VTD_UNIT_DEAD)
			show_unit(m, iommu);
		seq_putc(m, '\n');
	}
	up_read(&dmar_inventory_lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(regset);

/**
 * vtd_stock_regs_init - add iommu_regset
 * @dir: where
 *
 * Context: late init.
 */
void __init vtd_stock_regs_init(struct dentry *dir)
{
	debugfs_create_file("iommu_regset", 0444, dir, NULL, &regset_fops);
}

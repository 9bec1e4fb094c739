// SPDX-License-Identifier: GPL-2.0
/*
 * The folder in debugfs.  A file that bears a name of the stock driver's has its
 * shape (stock_*.c), so that what reads that can read ours; what we tell better has
 * names of its own.
 */
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/iommu.h>

#include <asm/x86_init.h>

#include "boot/init.h"
#include "observe/debugfs.h"

static int __init create_folder(void)
{
	struct dentry *dir;

	/* Early detect found no unit: there is nothing to show, ever */
	if (x86_init.iommu.iommu_init != intel_iommu_init)
		return 0;
	dir = debugfs_create_dir("intel", iommu_debugfs_dir);
	vtd_stock_regs_init(dir);
	vtd_stock_queue_init(dir);
	vtd_stock_translation_init(dir);
	if (IS_ENABLED(CONFIG_IRQ_REMAP))
		vtd_stock_interrupts_init(dir);
	vtd_status_init(dir);
	vtd_queue_dump_init(dir);
	vtd_requesters_init(dir);
	vtd_interrupts_init(dir);
	vtd_groups_init(dir);
	vtd_folders_init(dir);
	return 0;
}
late_initcall(create_folder);

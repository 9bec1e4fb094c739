/* SPDX-License-Identifier: GPL-2.0 */
/*
 * /sys/kernel/debug/iommu/intel/: one function a file, each adds what it has
 * below @dir.  Late in boot, once.
 */
#ifndef VTD_OBSERVE_DEBUGFS_H
#define VTD_OBSERVE_DEBUGFS_H

struct dentry;
struct device;

/* In the shape of the stock driver */
void vtd_stock_regs_init(struct dentry *dir);
void vtd_stock_queue_init(struct dentry *dir);
void vtd_stock_translation_init(struct dentry *dir);
void vtd_stock_interrupts_init(struct dentry *dir);

void vtd_status_init(struct dentry *dir);
void vtd_queue_dump_init(struct dentry *dir);
void vtd_requesters_init(struct dentry *dir);
void vtd_interrupts_init(struct dentry *dir);
void vtd_groups_init(struct dentry *dir);
void vtd_folders_init(struct dentry *dir);

/* What a device's folder has */
void vtd_stock_pages_add(struct dentry *dir, struct device *dev);
void vtd_mappings_add(struct dentry *dir, struct device *dev);
void vtd_groups_add(struct dentry *dir, struct device *dev);

#endif /* VTD_OBSERVE_DEBUGFS_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* One unit: the steps up, and the same steps down. */
#ifndef VTD_BOOT_START_H
#define VTD_BOOT_START_H

#include <linux/types.h>

struct attribute_group;
struct dmar_drhd_unit;
struct iommu_ops;

/* Offered from above before late init runs: by ops.c and by observe/sysfs.c */
extern const struct iommu_ops *vtd_start_ops;
extern const struct attribute_group **vtd_start_groups;

int vtd_start_unit(struct dmar_drhd_unit *drhd);
void vtd_start_leave_off(struct dmar_drhd_unit *drhd, bool open);
void vtd_start_stop(struct dmar_drhd_unit *drhd);
unsigned int vtd_start_all(void);

#endif /* VTD_BOOT_START_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Late init and its end: the hooks that early detect installs. */
#ifndef VTD_BOOT_INIT_H
#define VTD_BOOT_INIT_H

int intel_iommu_init(void);
void intel_iommu_shutdown(void);

#endif /* VTD_BOOT_INIT_H */

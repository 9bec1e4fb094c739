/* SPDX-License-Identifier: GPL-2.0 */
/* Suspend and resume. */
#ifndef VTD_BOOT_PM_H
#define VTD_BOOT_PM_H

struct dmar_drhd_unit;

void vtd_pm_init(void);
int vtd_pm_queue_up(const struct dmar_drhd_unit *drhd);

#if IS_ENABLED(CONFIG_KUNIT)
int vtd_pm_suspend(void *data);
void vtd_pm_resume(void *data);
#endif

#endif /* VTD_BOOT_PM_H */

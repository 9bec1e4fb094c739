/* SPDX-License-Identifier: GPL-2.0 */
/* Suspend and resume. */
#ifndef VTD_BOOT_PM_H
#define VTD_BOOT_PM_H

void vtd_pm_init(void);

#endif /* VTD_BOOT_PM_H */

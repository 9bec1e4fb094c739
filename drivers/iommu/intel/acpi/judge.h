/* SPDX-License-Identifier: GPL-2.0 */
/* Whether a unit as firmware declares it can be used. */
#ifndef VTD_ACPI_JUDGE_H
#define VTD_ACPI_JUDGE_H

#include <linux/types.h>

#include "acpi/table.h"

struct dmar_drhd_unit;

/* The unit is not in the list yet; the lock is held */
enum vtd_defect vtd_inventory_judge(struct dmar_drhd_unit *unit);
bool vtd_inventory_usable(void);

#endif /* VTD_ACPI_JUDGE_H */

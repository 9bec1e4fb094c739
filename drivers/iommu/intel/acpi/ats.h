/* SPDX-License-Identifier: GPL-2.0 */
/* May a device have a device TLB, as far as firmware says. */
#ifndef VTD_ACPI_ATS_H
#define VTD_ACPI_ATS_H

#include <linux/types.h>

struct pci_dev;

bool dmar_ats_allowed(struct pci_dev *pdev, bool scalable);
bool dmar_ats_required(struct pci_dev *pdev);

#endif /* VTD_ACPI_ATS_H */

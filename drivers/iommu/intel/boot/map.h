/* SPDX-License-Identifier: GPL-2.0 */
/* A unit and its registers, before anything is written to them. */
#ifndef VTD_BOOT_MAP_H
#define VTD_BOOT_MAP_H

struct dmar_drhd_unit;
struct pci_dev;

int vtd_start_map(struct dmar_drhd_unit *drhd);
void vtd_start_name_device(struct pci_dev *pdev);
void vtd_start_name_devices(struct dmar_drhd_unit *drhd);

#endif /* VTD_BOOT_MAP_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* What PCI knows about the devices of a group. */
#ifndef VTD_OBSERVE_GROUP_FACTS_H
#define VTD_OBSERVE_GROUP_FACTS_H

#include <linux/types.h>

struct pci_dev;
struct vtd_why;

u64 vtd_group_id_of(struct pci_dev *pdev);
void vtd_group_facts(struct vtd_why *why, struct pci_dev **pdevs, unsigned int count);

#endif /* VTD_OBSERVE_GROUP_FACTS_H */

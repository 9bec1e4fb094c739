/* SPDX-License-Identifier: GPL-2.0 */
/* What PCI knows about the devices of a group. */
#ifndef VTD_OBSERVE_GROUP_FACTS_H
#define VTD_OBSERVE_GROUP_FACTS_H

struct pci_dev;
struct vtd_why;

void vtd_group_facts(struct vtd_why *why, struct pci_dev **pdevs, unsigned int count);

#endif /* VTD_OBSERVE_GROUP_FACTS_H */

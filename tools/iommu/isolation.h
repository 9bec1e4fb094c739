/* SPDX-License-Identifier: GPL-2.0 */
/* The core's rules of grouping, asked of PCI configuration space. */
#ifndef VTD_ISOLATION_H
#define VTD_ISOLATION_H

#include "observe/group_why.h"
#include "pci.h"

u64 isolation_id(const struct pci_function *f);
bool isolation_readable(const struct pci_function *f);
bool isolation_quirk_pair(const struct pci *pci, const struct pci_function *a,
			  const struct pci_function *b);
void isolation_ties(struct vtd_why *why, const struct pci *pci,
		    const struct pci_function **members, unsigned int count);

#endif /* VTD_ISOLATION_H */

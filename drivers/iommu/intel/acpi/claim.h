/* SPDX-License-Identifier: GPL-2.0 */
/* Structures that the lists have already, and a host bridge calls its own. */
#ifndef VTD_ACPI_CLAIM_H
#define VTD_ACPI_CLAIM_H

#include <linux/types.h>

struct vtd_entry;

bool vtd_claim(const struct vtd_entry *entry, const void *host);
unsigned int vtd_claim_segment(u16 segment, const void *host);
void vtd_claim_drop(const void *host);

#endif /* VTD_ACPI_CLAIM_H */

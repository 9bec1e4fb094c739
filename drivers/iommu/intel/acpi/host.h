/* SPDX-License-Identifier: GPL-2.0 */
/* Host bridges with units of their own; context: ACPI hotplug, may sleep. */
#ifndef VTD_ACPI_HOST_H
#define VTD_ACPI_HOST_H

#include <linux/types.h>

union acpi_object;

void *vtd_host_find(void *bridge);
int vtd_host_add(void *bridge, void *host);
void vtd_host_claim(void *host);
void vtd_host_forget(const void *host);
void vtd_host_remove(const void *host);

/* For tests: what the method answers */
union acpi_object *vtd_host_evaluate(void *host, unsigned int function);

#endif /* VTD_ACPI_HOST_H */

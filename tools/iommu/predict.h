/* SPDX-License-Identifier: GPL-2.0 */
/* What the driver would decide on a machine, by the driver's own policy. */
#ifndef VTD_PREDICT_H
#define VTD_PREDICT_H

#include "boot/policy.h"
#include "machine.h"

/**
 * struct prediction - what would be
 * @policy: the verdict
 * @on: units that would translate
 * @exact: the registers of all units in use are known, so @summary is the driver's
 * @summary: the line that the driver would log
 * @remap: interrupts would be remapped
 * @x2apic: in x2apic mode
 * @why_not: why they would not be; NULL if they would
 * @ioapics_known: the MADT could be read
 */
struct prediction {
	struct vtd_policy policy;
	unsigned int on;
	bool exact;
	char summary[VTD_SUMMARY_SIZE];
	bool remap;
	bool x2apic;
	const char *why_not;
	char why_room[160];
};

enum rmrr_use { RMRR_FIRM, RMRR_QUIET, RMRR_RELAXED, RMRR_KEPT };

void predict(struct machine *m, struct prediction *p);
bool predict_translates(const struct prediction *p, const struct unit *unit);
int predict_domain(const struct machine *m, const struct prediction *p,
		   const struct unit *unit, const struct pci_function *f);
enum rmrr_use predict_rmrr(const struct machine *m, const struct pci_function *f);

#endif /* VTD_PREDICT_H */

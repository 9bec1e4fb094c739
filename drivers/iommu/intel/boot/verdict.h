/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Around the pure policy: gather its facts, keep its verdict, tell the core,
 * tell the user.
 */
#ifndef VTD_BOOT_VERDICT_H
#define VTD_BOOT_VERDICT_H

#include <linux/types.h>

#include "boot/policy.h"

struct device;
struct dmar_drhd_unit;

enum vtd_default vtd_verdict_config(void);

/* Late init, in this order */
const struct vtd_policy *vtd_verdict_reach(void);
void vtd_verdict_apply(void);

const struct vtd_policy *vtd_verdict(void);
void vtd_verdict_unit(const struct dmar_drhd_unit *drhd, struct vtd_unit_facts *unit);
int vtd_verdict_summary(char *buf, size_t size);
int vtd_verdict_domain_type(struct device *dev);

/* boot/isoch.c */
#define VTD_ISOCH_SOUND	0x3a3e	/* PCI device id of the sound device concerned */
bool vtd_isoch_needs_identity(void);

#endif /* VTD_BOOT_VERDICT_H */

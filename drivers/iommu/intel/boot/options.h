/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Words of intel_iommu= and register bases of intel_iommu.drhd=.  Both are
 * parsed in parse_args(), before there is any allocator and before the early
 * detect hook; from then on they are constant and may be read at any time.
 * What follows from them is decided in boot/policy.c, not here.
 *
 * options.c is pure, setup.c keeps the variables and registers the parameters.
 */
#ifndef VTD_BOOT_OPTIONS_H
#define VTD_BOOT_OPTIONS_H

#include <linux/types.h>

#include "acpi/build.h"

/* Most units that intel_iommu.drhd= may declare */
#define VTD_OVERRIDES_MAX	16

/**
 * struct vtd_options - the words of intel_iommu= that were given
 * @on: "on" was given, and no "off" after it
 * @off: "off" was given, and no "on" after it
 * @igfx_off: leave units that serve graphics only untranslated
 * @intgpu_off: the integrated graphics device keeps physical addresses
 * @strict: flush at once on unmap
 * @forcedac: do not prefer addresses below 4 GiB
 * @sp_off: no large pages
 * @sm_on: scalable mode was asked for
 * @sm_off: scalable mode was refused
 * @tboot_noforce: a measured launch does not force translation on
 * @relax_rmrr: devices with reserved regions may be assigned, losing these
 *
 * @on and @off are never both set; neither set means that the kernel's
 * configuration decides.  The same holds for @sm_on and @sm_off.
 */
struct vtd_options {
	bool on;
	bool off;
	bool igfx_off;
	bool intgpu_off;
	bool strict;
	bool forcedac;
	bool sp_off;
	bool sm_on;
	bool sm_off;
	bool tboot_noforce;
	bool relax_rmrr;
};

/**
 * struct vtd_overrides - units declared with intel_iommu.drhd=
 * @count: how many of @unit are filled
 * @unit: the units, in the order given, none twice
 */
struct vtd_overrides {
	unsigned int count;
	struct dmar_override unit[VTD_OVERRIDES_MAX];
};

/* Told of each complaint: one line without "DMAR: " and without newline */
typedef void (*vtd_say_fn)(const char *line);

/* Pure */
void vtd_options_parse(struct vtd_options *opt, const char *text, vtd_say_fn say);
void vtd_options_confirm(const struct vtd_options *old, const struct vtd_options *opt,
			 vtd_say_fn say);
void vtd_options_parse_drhd(struct vtd_overrides *list, const char *text,
			    vtd_say_fn say);

/* boot/setup.c: what the command line said */
const struct vtd_options *vtd_options(void);
unsigned int vtd_options_overrides(const struct dmar_override **list);
bool vtd_options_core_strict(bool *given);

#endif /* VTD_BOOT_OPTIONS_H */

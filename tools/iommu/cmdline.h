/* SPDX-License-Identifier: GPL-2.0 */
/* What the kernel would take from its configuration and its command line. */
#ifndef VTD_CMDLINE_H
#define VTD_CMDLINE_H

#include <stdbool.h>

#include "boot/options.h"
#include "boot/policy.h"
#include "device/choice.h"

/* Most regions that memmap= may reserve; more are not looked at */
#define CMDLINE_RESERVED	32u

/**
 * struct cmdline_range - memory that memmap=SIZE$START takes away from the kernel
 * @start: first byte
 * @size: bytes
 */
struct cmdline_range {
	u64 start;
	u64 size;
};

/**
 * struct cmdline - all that counts here
 * @options: words of intel_iommu=
 * @overrides: units of intel_iommu.drhd=
 * @relaxed: intel_iommu.relax_rmrr=
 * @kept: intel_iommu.keep_rmrr=
 * @identity: intel_iommu.identity=
 * @translate: intel_iommu.translate=
 * @regions: intel_iommu.rmrr=
 * @config: what Kconfig says when @options say nothing
 * @scalable: Kconfig's word on scalable mode
 * @crash_reserved: crashkernel=
 * @no_iommu: iommu=off
 * @passthrough: the core's default domain is identity
 * @strict: the core flushes at once
 * @strict_given: iommu.strict= said so, or said not
 * @intremap_off: intremap=off or nointremap
 * @nosid: intremap=nosid
 * @override_x2apic: intremap=no_x2apic_optout
 * @nox2apic: nox2apic
 * @noapic: noapic
 * @reserved: memmap=SIZE$START
 * @reserved_count: of @reserved
 */
struct cmdline {
	struct vtd_options options;
	struct vtd_overrides overrides;
	struct vtd_choices relaxed;
	struct vtd_choices kept;
	struct vtd_choices identity;
	struct vtd_choices translate;
	struct vtd_user_regions regions;
	enum vtd_default config;
	bool scalable;
	bool crash_reserved;
	bool no_iommu;
	bool passthrough;
	bool strict;
	bool strict_given;
	bool intremap_off;
	bool nosid;
	bool override_x2apic;
	bool nox2apic;
	bool noapic;
	struct cmdline_range reserved[CMDLINE_RESERVED];
	unsigned int reserved_count;
};

void cmdline_config(struct cmdline *c, const char *text);
void cmdline_parse(struct cmdline *c, const char *text, vtd_say_fn say);

#endif /* VTD_CMDLINE_H */

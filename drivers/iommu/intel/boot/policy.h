/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is to be done, from what is known: one verdict for the machine, one
 * default domain type for a device, and the summary that tells the user.  Pure:
 * nothing is read but the arguments, nothing is changed but the result.
 */
#ifndef VTD_BOOT_POLICY_H
#define VTD_BOOT_POLICY_H

#include <linux/types.h>

#include "boot/options.h"
#include "unit/caps.h"

/* Room for vtd_policy_summary(): stays below the length of a log record */
#define VTD_SUMMARY_SIZE	896

/**
 * enum vtd_default - what Kconfig says when the command line says nothing
 * @VTD_DEFAULT_ON: CONFIG_INTEL_IOMMU_DEFAULT_ON
 * @VTD_DEFAULT_ON_INTGPU_OFF: CONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF
 * @VTD_DEFAULT_OFF: CONFIG_INTEL_IOMMU_DEFAULT_OFF
 */
enum vtd_default {
	VTD_DEFAULT_ON,
	VTD_DEFAULT_ON_INTGPU_OFF,
	VTD_DEFAULT_OFF,
};

/**
 * enum vtd_reason - why translation is on or off
 * @VTD_WHY_CONFIG: the kernel's configuration
 * @VTD_WHY_OPTION: intel_iommu=on or intel_iommu=off
 * @VTD_WHY_NO_IOMMU: iommu=off
 * @VTD_WHY_FIRMWARE: firmware forbids it
 * @VTD_WHY_TBOOT: a measured launch demands it
 * @VTD_WHY_PLATFORM: firmware opts in and there are external-facing ports
 */
enum vtd_reason {
	VTD_WHY_CONFIG,
	VTD_WHY_OPTION,
	VTD_WHY_NO_IOMMU,
	VTD_WHY_FIRMWARE,
	VTD_WHY_TBOOT,
	VTD_WHY_PLATFORM,
};

/**
 * struct vtd_facts - what the verdict depends on
 * @options: words of intel_iommu=
 * @config: Kconfig's default
 * @scalable_config: CONFIG_INTEL_IOMMU_SCALABLE_MODE_DEFAULT_ON
 * @crash_reserved: memory is kept for a crash kernel (crashkernel=)
 * @no_iommu: iommu=off
 * @tboot: the kernel was started by a measured launch
 * @platform_opt_in: DMAR_PLATFORM_OPT_IN in firmware's table
 * @platform_opt_out: DMAR_REMAP_OPT_OUT in firmware's table
 * @external_ports: a PCI device is marked as external-facing or untrusted
 * @core_identity: the core's default domain type is identity (iommu=pt,
 *	iommu.passthrough=1, or Kconfig)
 * @core_strict: the core flushes at once (iommu.strict=1, or Kconfig)
 * @core_strict_given: it was iommu.strict= that said so, or said not
 * @caching_mode: a unit in use caches entries that are not present
 * @graphics_quirk: this machine's graphics unit must not translate
 * @strict_quirk: this machine's graphics must be idle while it is flushed, so
 *	that a flush may not come later than the unmap
 * @kdump: this is a crash kernel; devices may still be doing DMA
 * @unverified: interrupts are remapped, and their sources not verified
 */
struct vtd_facts {
	struct vtd_options options;
	enum vtd_default config;
	bool scalable_config;
	bool crash_reserved;
	bool no_iommu;
	bool tboot;
	bool platform_opt_in;
	bool platform_opt_out;
	bool external_ports;
	bool core_identity;
	bool core_strict;
	bool core_strict_given;
	bool caching_mode;
	bool graphics_quirk;
	bool strict_quirk;
	bool kdump;
	bool unverified;
};

/**
 * struct vtd_policy - the verdict
 * @enable: bring the units up and translate
 * @fatal: failing to translate must stop the boot (measured launch)
 * @make_identity_default: the core's default must be set to identity
 * @identity: trusted devices get the identity domain unless they need other
 * @set_strict: the core must be told to flush at once
 * @strict: unmaps of DMA domains are flushed at once
 * @forcedac: the core must be told not to prefer addresses below 4 GiB
 * @translate_graphics: units that serve graphics only are used too
 * @translate_intgpu: the integrated graphics device is translated
 * @large_pages: leaves above 4 KiB may be used where the unit has them
 * @keep_tables: a crash kernel: do not stop what is translating
 * @drop_protected: translation stays off, and the protected regions left by a
 *	measured launch must be opened
 * @why: what decided about @enable
 * @why_strict: phrase for the summary, NULL when not @strict
 * @why_graphics: phrase for the summary, NULL when @translate_graphics
 * @scalable: units look requesters up in scalable mode where they can
 * @scalable_default: nobody said so: where they can, and something is gained by it
 * @no_scalable: it was intel_iommu=sm_off that said they do not
 * @legacy_for_crash: nobody said so, and a crash kernel would find nothing to go on with
 * @unverified: any device can raise any interrupt
 */
struct vtd_policy {
	bool enable;
	bool fatal;
	bool make_identity_default;
	bool identity;
	bool set_strict;
	bool strict;
	bool forcedac;
	bool translate_graphics;
	bool translate_intgpu;
	bool large_pages;
	bool keep_tables;
	bool drop_protected;
	enum vtd_reason why;
	const char *why_strict;
	const char *why_graphics;
	bool scalable;
	bool scalable_default;
	bool no_scalable;
	bool legacy_for_crash;
	bool unverified;
};

/**
 * struct vtd_unit_facts - one unit as the summary tells of it
 * @name: "dmar0", NULL if it has none, because it could not be mapped
 * @base: physical address of its registers
 * @translating: GSTS.TES is set
 * @why_off: phrase, used when not @translating; NULL if nothing is known
 * @max_leaf: highest level that may hold a leaf, 1 to 3, after quirks
 * @width: bits of address that it translates
 * @coherent: it snoops the CPU's caches when it walks tables
 * @pass_through: it passes requests through without tables
 * @scalable: it looks requesters up in scalable mode
 * @first_stage: and translates with first-stage tables, for which @max_leaf and @width are
 */
struct vtd_unit_facts {
	const char *name;
	u64 base;
	bool translating;
	const char *why_off;
	u8 max_leaf;
	u8 width;
	bool coherent;
	bool pass_through;
	bool scalable;
	bool first_stage;
};

/**
 * struct vtd_device_facts - what a device's default domain type depends on
 * @untrusted: external, or behind an external-facing port
 * @inherits: in a crash kernel it still uses addresses that the kernel before gave to it:
 *	with identity they would be any memory
 * @integrated_graphics: the graphics device on the root bus
 * @needs_identity: an erratum demands physical addresses (isochronous sound
 *	on one chipset)
 * @wants_identity: intel_iommu.identity= names it
 * @wants_translation: intel_iommu.translate= names it
 * @identity_works: its unit passes through, or reaches all memory through the
 *	static identity domain
 */
struct vtd_device_facts {
	bool untrusted;
	bool inherits;
	bool integrated_graphics;
	bool needs_identity;
	bool wants_identity;
	bool wants_translation;
	bool identity_works;
};

/**
 * struct vtd_leftover - a unit that is found translating
 * @other_mode: RTADDR is in another mode than the unit is to have, which cannot be changed
 *	while translation is on
 * @keep: a crash kernel: devices may still be doing DMA
 * @must_keep: an erratum forbids to switch it off; a hang that may be is better than
 *	a change of mode, which is undefined
 */
struct vtd_leftover {
	bool other_mode;
	bool keep;
	bool must_keep;
};

/**
 * enum vtd_found - the mode of a unit that is found translating, and has to go on
 * @VTD_FOUND_NOTHING: it does not translate, or may be switched off
 * @VTD_FOUND_LEGACY: legacy mode
 * @VTD_FOUND_SCALABLE: scalable mode
 */
enum vtd_found {
	VTD_FOUND_NOTHING,
	VTD_FOUND_LEGACY,
	VTD_FOUND_SCALABLE,
};

struct vtd_policy vtd_policy_decide(const struct vtd_facts *facts);
bool vtd_policy_late(const struct vtd_policy *policy, unsigned int units);
bool vtd_policy_scalable(const struct vtd_policy *policy, const struct vtd_caps *caps,
			 enum vtd_found found, const char **why);
bool vtd_policy_leftover(const struct vtd_leftover *left, const char **words);
int vtd_policy_domain_type(const struct vtd_policy *policy,
			   const struct vtd_device_facts *dev);
const char *vtd_policy_why(const struct vtd_policy *policy);
int vtd_policy_summary(char *buf, size_t size, const struct vtd_policy *policy,
		       const struct vtd_unit_facts *unit, unsigned int count);

#endif /* VTD_BOOT_POLICY_H */

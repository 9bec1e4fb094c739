// SPDX-License-Identifier: GPL-2.0
/*
 * The one place where facts become decisions.  Pure, so that every combination
 * of facts can be tried in userspace (tools/testing/vtd/test_policy.c).
 */
#include <linux/errno.h>
#include <linux/iommu.h>
#include <linux/kernel.h>
#include <linux/types.h>

#include "boot/policy.h"

static void decide_enable(struct vtd_policy *p, const struct vtd_facts *f)
{
	if (f->platform_opt_out) {
		p->why = VTD_WHY_FIRMWARE;
	} else if (f->tboot && !f->options.tboot_noforce) {
		p->enable = true;
		p->fatal = true;
		p->why = VTD_WHY_TBOOT;
	} else if (f->no_iommu) {
		p->why = VTD_WHY_NO_IOMMU;
	} else if (f->options.on || f->options.off) {
		p->enable = f->options.on;
		p->why = VTD_WHY_OPTION;
	} else if (f->config != VTD_DEFAULT_OFF) {
		p->enable = true;
		p->why = VTD_WHY_CONFIG;
	} else if (f->platform_opt_in && f->external_ports) {
		p->enable = true;
		p->why = VTD_WHY_PLATFORM;
		p->make_identity_default = true;
	} else {
		p->why = VTD_WHY_CONFIG;
	}
}

/*
 * Caching mode means a hypervisor's unit: every flush is an exit, and the
 * domain-wide flushes of lazy mode make the hypervisor rebuild everything.
 */
static void decide_strict(struct vtd_policy *p, const struct vtd_facts *f)
{
	p->set_strict = f->options.strict || f->caching_mode || f->strict_quirk;
	p->strict = p->set_strict || f->core_strict;
	if (f->options.strict)
		p->why_strict = "intel_iommu=strict";
	else if (f->core_strict)
		p->why_strict = f->core_strict_given ? "iommu.strict" :
						       "kernel configuration";
	else if (f->caching_mode)
		p->why_strict = "caching mode";
	else if (f->strict_quirk)
		p->why_strict = "graphics quirk of this machine";
}

static void decide_graphics(struct vtd_policy *p, const struct vtd_facts *f)
{
	p->translate_graphics = !f->options.igfx_off && !f->graphics_quirk;
	if (f->options.igfx_off)
		p->why_graphics = "intel_iommu=igfx_off";
	else if (f->graphics_quirk)
		p->why_graphics = "graphics quirk of this machine";
	p->translate_intgpu = !f->options.intgpu_off &&
			      (f->options.on || f->config == VTD_DEFAULT_ON);
}

/**
 * vtd_policy_decide - the verdict for the machine
 * @facts: what is known; a fact that is not known yet is false
 *
 * Firmware's word that DMA is not to be remapped outranks all.  A measured launch
 * outranks every option but tboot_noforce.  "off" outranks
 * firmware's opt-in.  Nothing that is only a preference (strict, large pages)
 * depends on @enable, so that a unit that is brought up later obeys it too.
 *
 * Context: any.
 */
struct vtd_policy vtd_policy_decide(const struct vtd_facts *facts)
{
	struct vtd_policy p = { 0 };

	decide_enable(&p, facts);
	decide_strict(&p, facts);
	decide_graphics(&p, facts);
	p.identity = facts->core_identity || p.make_identity_default;
	p.forcedac = facts->options.forcedac;
	p.large_pages = !facts->options.sp_off;
	p.keep_tables = p.enable && facts->kdump;
	p.drop_protected = !p.enable && facts->options.tboot_noforce;
	p.scalable = facts->options.sm_on;
	p.no_scalable = facts->options.sm_off;
	p.scalable_default = facts->scalable_config && !p.scalable && !p.no_scalable;
	/* context/inherit.c takes over legacy tables; without a dump the machine is worse off */
	p.legacy_for_crash = p.scalable_default && facts->crash_reserved;
	p.scalable_default &= !p.legacy_for_crash;
	p.unverified = facts->unverified;
	return p;
}

/**
 * vtd_policy_late - does late init have anything to do
 * @policy: verdict of early detect, from what is known then
 * @units: how many units answered
 *
 * Firmware's state has to be dealt with even if translation stays off.  And a
 * measured launch has to be stopped where no unit answers, or no table can be
 * read: who runs without translation there was promised it.
 *
 * Context: any.
 */
bool vtd_policy_late(const struct vtd_policy *policy, unsigned int units)
{
	return units || policy->fatal;
}

/**
 * vtd_policy_scalable - does a unit look requesters up in scalable mode
 * @policy: verdict for the machine
 * @caps: what the unit can do
 * @found: the mode that it has to go on in, if it can: while a unit translates that may
 *	not change (section 11.4.5), and to switch it off would let devices that are
 *	active reach all of memory
 * @why: set to a phrase if it does not
 *
 * Each unit for itself: machines with units of both kinds are normal.  The PASID
 * cache can be invalidated through the queue only.  By default a unit changes its mode
 * only for what is built and legacy mode does not have, and not if memory is kept for a
 * crash kernel.
 *
 * Context: any.
 */
bool vtd_policy_scalable(const struct vtd_policy *policy, const struct vtd_caps *caps,
			 enum vtd_found found, const char **why)
{
	const bool tables = caps->second_stage || caps->first_stage;
	const bool able = caps->scalable && tables && caps->qi;

	if (found == VTD_FOUND_SCALABLE && able)
		*why = NULL;
	else if (found == VTD_FOUND_LEGACY)
		*why = "found translating in legacy mode, and may not stop";
	else if (policy->no_scalable)
		*why = "intel_iommu=sm_off";
	else if (!caps->scalable)
		*why = "the unit has no other";
	else if (policy->legacy_for_crash)
		*why = "a crash kernel could not take it over; intel_iommu=sm_on was not given";
	else if (!policy->scalable && !policy->scalable_default)
		*why = "intel_iommu=sm_on was not given";
	else if (!policy->scalable && !caps->pasid_bits && !caps->dirty)
		*why = "nothing would be gained; intel_iommu=sm_on was not given";
	else if (!tables)
		*why = "the unit walks no page tables in scalable mode";
	else if (!caps->qi)
		*why = "the unit has no invalidation queue";
	else
		*why = NULL;
	return !*why;
}

/**
 * vtd_policy_leftover - is translation that was left on switched off first
 * @left: what was found
 * @words: the rest of the sentence "translation was left on"
 *
 * Context: any.
 */
bool vtd_policy_leftover(const struct vtd_leftover *left, const char **words)
{
	if (left->other_mode) {
		*words = " with tables of another mode, switching it off";
		return true;
	}
	if (left->must_keep) {
		*words = " and stays on: an erratum forbids to switch it off";
		return false;
	}
	if (left->keep) {
		*words = " by the kernel before and stays on";
		return false;
	}
	*words = ", switching it off";
	return true;
}

/**
 * vtd_policy_domain_type - the default domain type that a device must have
 * @policy: verdict for the machine
 * @dev: what is known of the device
 *
 * Reserved regions, the ISA bridge's first 16 MiB among them, are mapped one to
 * one into DMA domains and need no type.  A device with a short DMA mask
 * needs none either: under identity the core bounces for it.
 *
 * Context: any.
 * Return: IOMMU_DOMAIN_DMA, IOMMU_DOMAIN_IDENTITY, or 0: the core's default will do.
 */
int vtd_policy_domain_type(const struct vtd_policy *policy,
			   const struct vtd_device_facts *dev)
{
	if (dev->untrusted || dev->inherits || !dev->identity_works)
		return IOMMU_DOMAIN_DMA;
	if (dev->needs_identity)
		return IOMMU_DOMAIN_IDENTITY;
	/* What protects wins, should a device be in both lists */
	if (dev->wants_translation)
		return IOMMU_DOMAIN_DMA;
	if (dev->wants_identity)
		return IOMMU_DOMAIN_IDENTITY;
	if (dev->integrated_graphics && !policy->translate_intgpu)
		return IOMMU_DOMAIN_IDENTITY;
	return 0;
}

/**
 * vtd_policy_why - what decided that translation is on or off, for the log
 * @policy: the verdict
 *
 * Context: any.
 */
const char *vtd_policy_why(const struct vtd_policy *policy)
{
	switch (policy->why) {
	case VTD_WHY_OPTION:
		return policy->enable ? "intel_iommu=on" : "intel_iommu=off";
	case VTD_WHY_NO_IOMMU:
		return "iommu=off";
	case VTD_WHY_FIRMWARE:
		return "firmware's table forbids to remap DMA; no option overrides that";
	case VTD_WHY_TBOOT:
		return "measured launch (tboot)";
	case VTD_WHY_PLATFORM:
		return "firmware asks for protection of external ports";
	case VTD_WHY_CONFIG:
		break;
	}
	return "kernel configuration";
}

// SPDX-License-Identifier: GPL-2.0
/*
 * What firmware or an earlier kernel left on in a unit: remapping of interrupts,
 * translation, protected memory regions.
 */
#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/bitfield.h>
#include <linux/printk.h>

#include "boot/leftover.h"
#include "boot/policy.h"
#include "hw/registers.h"
#include "irq/ir_table.h"
#include "unit/unit.h"

/* What this kernel's devices send is not in the table of the one before */
static int leftover_interrupts(struct intel_iommu *iommu)
{
	if (vtd_ir_live(iommu) || !(vtd_read32(&iommu->regs, VTD_GSTS) & VTD_GSTS_IRES))
		return 0;
	pr_info("%s: interrupt remapping was left on, switching it off\n", iommu->name);
	return vtd_unit_command(iommu, VTD_GCMD_IRE, false);
}

/**
 * vtd_leftover_mode - the mode that a unit has to go on in
 * @iommu: the unit, not touched yet
 * @keep: as for vtd_leftover_quiet()
 *
 * Context: any.
 */
enum vtd_found vtd_leftover_mode(struct intel_iommu *iommu, bool keep)
{
	u64 rtaddr = vtd_read64(&iommu->regs, VTD_RTADDR);

	if (!vtd_unit_translating(iommu))
		return VTD_FOUND_NOTHING;
	if (!keep && !(iommu->keep_translating && iommu->graphics_only))
		return VTD_FOUND_NOTHING;
	switch (FIELD_GET(VTD_RTADDR_TTM, rtaddr)) {
	case VTD_TTM_LEGACY:
		return VTD_FOUND_LEGACY;
	case VTD_TTM_SCALABLE:
		return VTD_FOUND_SCALABLE;
	default:
		return VTD_FOUND_NOTHING;
	}
}

/**
 * vtd_leftover_quiet - deal with what a unit is found doing
 * @iommu: the unit; interrupts that this kernel remaps already are left alone
 * @keep: it goes on translating until its root table is replaced, if it can
 *
 * While translation is on the mode of RTADDR may not be changed (section 11.4.5): a
 * unit that is found in another mode than its own stops translating.
 *
 * Context: may sleep.
 * Return: 0, also if translation stays on for a reason, which the log has; -ENODEV
 * if the unit is gone, -ETIMEDOUT if it does not obey.
 */
int vtd_leftover_quiet(struct intel_iommu *iommu, bool keep)
{
	u64 rtaddr = vtd_read64(&iommu->regs, VTD_RTADDR);
	struct vtd_leftover left = {
		.other_mode = FIELD_GET(VTD_RTADDR_TTM, rtaddr) !=
			      (iommu->scalable ? VTD_TTM_SCALABLE : VTD_TTM_LEGACY),
		.keep = keep,
		.must_keep = iommu->keep_translating && iommu->graphics_only,
	};
	int ret = leftover_interrupts(iommu);
	const char *words;
	bool off;

	if (ret || !vtd_unit_translating(iommu))
		return ret;
	off = vtd_policy_leftover(&left, &words);
	pr_info("%s: translation was left on%s\n", iommu->name, words);
	return off ? vtd_unit_command(iommu, VTD_GCMD_TE, false) : 0;
}

/**
 * vtd_leftover_open - give up the protected memory regions
 * @iommu: the unit
 *
 * If that fails, the unit goes on: it translates, and refuses DMA into these
 * regions besides (section 11.4.8.1).
 *
 * Context: any; as vtd_unit_protected_memory_off().
 */
void vtd_leftover_open(struct intel_iommu *iommu)
{
	int ret = vtd_unit_protected_memory_off(iommu);

	if (ret)
		pr_warn("%s: the protected memory regions of firmware stay closed (%d): DMA into them is refused\n",
			iommu->name, ret);
}

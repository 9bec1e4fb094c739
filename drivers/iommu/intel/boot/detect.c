// SPDX-License-Identifier: GPL-2.0
/*
 * Early detect: is there a unit that answers?  Runs in the .iommu_table walk,
 * with early mappings as the only means; keeps nothing but the hooks that it
 * sets.  Late init starts from the table again.
 */
#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/acpi.h>
#include <linux/dmar.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/iommu_table.h>
#include <linux/pci.h>
#include <linux/printk.h>
#include <linux/processor.h>
#include <linux/slab.h>
#include <linux/tboot.h>

#include <asm/iommu.h>
#include <asm/x86_init.h>

#include "acpi/firmware.h"
#include "acpi/table.h"
#include "boot/init.h"
#include "boot/options.h"
#include "boot/policy.h"
#include "boot/verdict.h"
#include "hw/registers.h"
#include "unit/old_memory.h"

/* One early mapping, held for three reads */
static enum vtd_defect __init read_window(u64 base)
{
	void __iomem *window = early_ioremap(base, VTD_WINDOW_MIN);
	u64 cap, ecap;
	u32 version;

	if (!window)
		return VTD_UNIT_UNMAPPED;
	version = readl(window + VTD_VER);
	cap = readq(window + VTD_CAP);
	ecap = readq(window + VTD_ECAP);
	early_iounmap(window, VTD_WINDOW_MIN);
	return vtd_table_check_window(version, cap, ecap);
}

static bool __init dmar_validate_one_drhd(u64 base)
{
	enum vtd_defect defect;

	defect = vtd_table_check_base(base, boot_cpu_data.x86_phys_bits);
	if (!defect)
		defect = read_window(base);
	if (defect)
		vtd_firmware_complain_unit(defect, base);
	return !defect;
}

static unsigned int __init count_in_table(const struct vtd_table *table)
{
	struct vtd_cursor cursor;
	struct vtd_entry entry;
	unsigned int good = 0;

	vtd_table_rewind(&cursor, table);
	while (vtd_table_next(&cursor, &entry)) {
		if (entry.type == VTD_TYPE_DRHD && dmar_validate_one_drhd(entry.base))
			good++;
	}
	return good;
}

static unsigned int __init count_overrides(const struct dmar_override *override,
					   unsigned int count)
{
	unsigned int i, good = 0;

	for (i = 0; i < count; i++) {
		if (dmar_validate_one_drhd(override[i].base))
			good++;
	}
	return good;
}

/* Nobody will look at the table again: say now what is wrong with it */
static void __init explain(const void *bytes, u32 size)
{
	struct vtd_cursor cursor;
	struct vtd_entry entry;
	struct vtd_table table;

	if (vtd_table_open(&table, bytes, size, vtd_firmware_complain))
		return;
	vtd_table_rewind(&cursor, &table);
	while (vtd_table_next(&cursor, &entry))
		;
}

/**
 * struct found - what early detect has seen
 * @source: there is a table, or a list from the user
 * @units: how many units answer
 * @flags: of firmware's table
 */
struct found {
	bool source;
	unsigned int units;
	u8 flags;
};

/* The early mapping of the table ends with this function */
static struct found __init dmar_table_detect(void)
{
	const struct dmar_override *override;
	unsigned int count = vtd_options_overrides(&override);
	struct acpi_table_header *firmware = NULL;
	struct found found = { .source = count };
	struct vtd_table table;
	bool readable = false;

	if (ACPI_FAILURE(acpi_get_table(ACPI_SIG_DMAR, 1, &firmware)))
		firmware = NULL;
	if (firmware) {
		found.source = true;
		readable = !vtd_table_open(&table, firmware, firmware->length, NULL);
	}
	if (readable)
		found.flags = table.flags;

	if (count)
		found.units = count_overrides(override, count);
	else if (readable)
		found.units = count_in_table(&table);
	if (!found.units && firmware)
		explain(firmware, firmware->length);
	if (firmware)
		acpi_put_table(firmware);
	return found;
}

/* PCI is not enumerated yet: there may be a port that faces outside */
static struct vtd_policy __init foresee(u8 flags)
{
	const struct vtd_facts facts = {
		.options = *vtd_options(),
		.config = vtd_verdict_config(),
		.no_iommu = no_iommu,
		.tboot = tboot_enabled(),
		.platform_opt_in = flags & VTD_TABLE_OPT_IN,
		.platform_opt_out = flags & VTD_TABLE_OPT_OUT,
		.external_ports = true,
	};

	return vtd_policy_decide(&facts);
}

static void __init tell(const struct found *found)
{
	static const struct vtd_complaint none __initconst = {
		.defect = VTD_NO_UNIT,
		.type = VTD_TYPE_TABLE,
	};

	if (!found->source)
		return;
	pr_info("early detect: %u unit(s), %s (slab_is_available() = %d)\n",
		found->units, slab_is_available() ? "an allocator is up" :
		"no allocator yet", slab_is_available());
	if (!found->units)
		vtd_firmware_complain(&none);
}

/**
 * detect_intel_iommu - .iommu_table hook: find the units, set the late hooks
 *
 * Isolation needs ACS, and PCI must know before it enumerates; so it is asked
 * for wherever translation may be turned on later.  The late hooks are set
 * wherever late init has something to say, see vtd_policy_late().
 *
 * Context: mem_init(), before there is an allocator.
 * Return: 0 if at least one unit answers, else -ENODEV.
 */
int __init detect_intel_iommu(void)
{
	struct found found = dmar_table_detect();
	struct vtd_policy policy = foresee(found.flags);

	tell(&found);
	vtd_old_memory_note();
	if (!vtd_policy_late(&policy, found.units))
		return -ENODEV;
	x86_init.iommu.iommu_init = intel_iommu_init;
	x86_platform.iommu_shutdown = intel_iommu_shutdown;
	if (!found.units)
		return -ENODEV;
	if (!iommu_detected && policy.enable) {
		iommu_detected = 1;
		pci_request_acs();
	}
	return 0;
}

IOMMU_TABLE_ENTRY(intel, detect_intel_iommu, detect_amd_iommu, NULL, NULL, 0);

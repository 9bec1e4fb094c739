// SPDX-License-Identifier: GPL-2.0
/*
 * Firmware: its DMAR table, its name, and the complaints about it.  Each says
 * what is wrong, what was done about it, and which machine it is.
 */
#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/acpi.h>
#include <linux/atomic.h>
#include <linux/dmi.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/tboot.h>

#include "acpi/firmware.h"
#include "acpi/table.h"

/* Garbage can hold thousands of defects; these many lines tell enough */
#define COMPLAINTS_MAX	64

static atomic_t complaints;

static const char *dmi(int field)
{
	const char *text = dmi_get_system_info(field);

	return text && *text ? text : "?";
}

/**
 * dmar_machine - which machine this is, for complaints
 *
 * Context: any, once DMI was scanned (setup_arch()).
 * Return: "vendor product, BIOS vendor version", a constant string.
 */
const char *dmar_machine(void)
{
	static char text[160];

	/* Two callers at once write the same bytes */
	if (!text[0])
		scnprintf(text, sizeof(text), "%s %s, BIOS %s %s",
			  dmi(DMI_SYS_VENDOR), dmi(DMI_PRODUCT_NAME),
			  dmi(DMI_BIOS_VENDOR), dmi(DMI_BIOS_VERSION));
	return text;
}

/* Not a mistake of firmware: what is newer than this driver, or merely odd */
static bool is_mistake(enum vtd_defect defect)
{
	return defect != VTD_ENTRY_UNKNOWN && defect != VTD_SCOPE_UNKNOWN &&
	       defect != VTD_SECOND_TABLE;
}

/* May one more defect be told?  All kinds of lines share one budget */
static bool may_tell(void)
{
	int line = atomic_inc_return(&complaints);

	if (line == COMPLAINTS_MAX + 1)
		pr_warn("firmware has more defects, not shown\n");
	return line <= COMPLAINTS_MAX;
}

/**
 * vtd_firmware_complain - tell the user about a defect of firmware's table
 * @c: what is wrong and where
 *
 * Context: any; before there is an allocator too.
 */
void vtd_firmware_complain(const struct vtd_complaint *c)
{
	if (is_mistake(c->defect))
		add_taint(TAINT_FIRMWARE_WORKAROUND, LOCKDEP_STILL_OK);
	if (!may_tell())
		return;
	pr_warn("%s%s at offset 0x%x: %s (0x%llx): %s. Machine: %s\n",
		is_mistake(c->defect) ? FW_BUG : "", vtd_table_type_name(c->type),
		c->offset, vtd_defect_text(c->defect), c->value,
		vtd_defect_remedy(c->defect), dmar_machine());
}

/**
 * vtd_firmware_complain_unit - the same for a unit, wherever it is declared
 * @defect: what is wrong
 * @base: its register base
 *
 * Context: any; before there is an allocator too.
 */
void vtd_firmware_complain_unit(enum vtd_defect defect, u64 base)
{
	add_taint(TAINT_FIRMWARE_WORKAROUND, LOCKDEP_STILL_OK);
	if (!may_tell())
		return;
	pr_warn(FW_BUG "unit at 0x%llx: %s: %s. Machine: %s\n", base,
		vtd_defect_text(defect), vtd_defect_remedy(defect), dmar_machine());
}

static void look_for_second_table(void)
{
	const struct vtd_complaint second = {
		.defect = VTD_SECOND_TABLE,
		.type = VTD_TYPE_TABLE,
		.value = 2,
	};
	struct acpi_table_header *table;

	if (ACPI_FAILURE(acpi_get_table(ACPI_SIG_DMAR, 2, &table)) || !table)
		return;
	acpi_put_table(table);
	vtd_firmware_complain(&second);
}

/**
 * vtd_firmware_copy - a copy of firmware's DMAR table
 * @size: becomes its length in bytes
 *
 * After a measured launch the copy is taken from the TXT heap, which devices
 * could not reach, not from memory where they could have changed it.
 *
 * Context: may sleep.
 * Return: the table, to be freed with kfree(); or ERR_PTR(-ENODEV) if there is
 * none, ERR_PTR(-EINVAL) if it has no length, ERR_PTR(-ENOMEM).
 */
void *vtd_firmware_copy(u32 *size)
{
	struct acpi_table_header *table, *trusted;
	void *copy;

	if (ACPI_FAILURE(acpi_get_table(ACPI_SIG_DMAR, 1, &table)) || !table)
		return ERR_PTR(-ENODEV);
	trusted = tboot_get_dmar_table(table);
	if (!trusted) {
		copy = ERR_PTR(-ENODEV);
	} else if (trusted->length < sizeof(*trusted) ||
		   trusted->length > VTD_TABLE_MAX) {
		copy = ERR_PTR(-EINVAL);
	} else {
		*size = trusted->length;
		copy = kmemdup(trusted, trusted->length, GFP_KERNEL);
		if (!copy)
			copy = ERR_PTR(-ENOMEM);
	}
	acpi_put_table(table);
	look_for_second_table();
	return copy;
}

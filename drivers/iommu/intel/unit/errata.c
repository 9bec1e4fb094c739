// SPDX-License-Identifier: GPL-2.0
/* The tables of errata: by a PCI device of the chipset, and by processor.  Pure. */
#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/types.h>

#include "unit/errata.h"

#define VENDOR_INTEL	0x8086
#define CLASS_DISPLAY	0x03	/* base class */

struct chipset {
	u16 device;
	u16 errata;
};

static const struct chipset chipsets[] = {
	/* Q35 */
	{ 0x29b2, VTD_QUIRK_SKIP_GRAPHICS },
	/* Mobile 4 series and G4x */
	{ 0x2a40, VTD_QUIRK_SKIP_GRAPHICS | VTD_QUIRK_WRITE_FLUSH },
	{ 0x2e00, VTD_QUIRK_SKIP_GRAPHICS | VTD_QUIRK_WRITE_FLUSH },
	{ 0x2e10, VTD_QUIRK_SKIP_GRAPHICS | VTD_QUIRK_WRITE_FLUSH },
	{ 0x2e20, VTD_QUIRK_SKIP_GRAPHICS | VTD_QUIRK_WRITE_FLUSH },
	{ 0x2e30, VTD_QUIRK_SKIP_GRAPHICS | VTD_QUIRK_WRITE_FLUSH },
	{ 0x2e40, VTD_QUIRK_SKIP_GRAPHICS | VTD_QUIRK_WRITE_FLUSH },
	{ 0x2e90, VTD_QUIRK_SKIP_GRAPHICS | VTD_QUIRK_WRITE_FLUSH },
	/* Ironlake */
	{ 0x0044, VTD_QUIRK_SKIP_GRAPHICS },
	{ 0x0040, VTD_QUIRK_SHADOW_GTT },
	{ 0x0062, VTD_QUIRK_SHADOW_GTT },
	{ 0x006a, VTD_QUIRK_SHADOW_GTT },
};

/* Upper halves of the ids of display engines with VTD_QUIRK_KEEP_ON */
static const u8 displays[] = {
	0x45, 0x46, 0x4c, 0x4e, 0x7d, 0x8a, 0x98, 0x9a, 0xa7,
};

/* Models of family 6 whose units announce 2 MiB and 1 GiB leaves and fault on them:
 * Haswell for desktops, for mobiles, and with large graphics
 */
static const u8 small_pages[] = { 0x3c, 0x45, 0x46 };

static bool is_in(const u8 *list, size_t count, u8 value)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (list[i] == value)
			return true;
	return false;
}

/* 0x16tv: t is the number of shader groups, 0 to 3, v one of six variants */
static bool is_broadwell(u16 device)
{
	const u16 variants = BIT(0x2) | BIT(0x6) | BIT(0xa) | BIT(0xb) |
			     BIT(0xd) | BIT(0xe);

	return (device & 0xffc0) == 0x1600 && (variants & BIT(device & 0xf));
}

/**
 * vtd_errata_of - errata that a PCI device stands for
 * @vendor: PCI vendor id
 * @device: PCI device id
 * @class: PCI class code, 24 bits
 *
 * The caller has made sure that nobody plugged the device in.
 *
 * Context: any.
 * Return: VTD_QUIRK_* or-ed together.
 */
u32 vtd_errata_of(u16 vendor, u16 device, u32 class)
{
	u32 errata = 0;
	size_t i;

	if (vendor != VENDOR_INTEL)
		return 0;
	for (i = 0; i < ARRAY_SIZE(chipsets); i++)
		if (chipsets[i].device == device)
			errata |= chipsets[i].errata;
	if (is_broadwell(device))
		errata |= VTD_QUIRK_SKIP_GRAPHICS;
	if (class >> 16 == CLASS_DISPLAY && is_in(displays, sizeof(displays), device >> 8))
		errata |= VTD_QUIRK_KEEP_ON;
	return errata;
}

/**
 * vtd_errata_small_pages - do units of this processor fault on large leaves
 * @family: of a processor of Intel's
 * @model: with the extended model
 *
 * Context: any.
 */
bool vtd_errata_small_pages(u8 family, u8 model)
{
	return family == 6 && is_in(small_pages, sizeof(small_pages), model);
}

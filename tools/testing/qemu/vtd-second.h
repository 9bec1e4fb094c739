/*
 * A second unit in one machine: its register window and who is behind it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_I386_VTD_SECOND_H
#define HW_I386_VTD_SECOND_H

#include "hw/pci/pci.h"
#include "hw/qdev-properties.h"

typedef struct IntelIOMMUState IntelIOMMUState;

/* Where the first one is; the second one is anywhere else */
#define VTD_FIRST_BASE      0xfed90000ULL

/* In IntelIOMMUState; set by properties, constant afterwards */
typedef struct VtdSecond {
    uint64_t base;              /* of the registers */
    uint32_t slots;             /* on bus 0, with all that is below them */
} VtdSecond;

#define VTD_SECOND_PROPERTIES(state, field)                                     \
    DEFINE_PROP_UINT64("x-base", state, field.base, VTD_FIRST_BASE),            \
    DEFINE_PROP_UINT32("x-slots", state, field.slots, 0)

/* May dev, not yet realized, stand beside the unit that the machine has? */
bool vtd_second_beside(DeviceState *first, DeviceState *dev);

/* False, and errp, for what makes no sense. */
bool vtd_second_realize(IntelIOMMUState *s, Error **errp);
bool vtd_second_is(IntelIOMMUState *s);

/* The unit of a device; opaque: the first one, whom PCI asks. */
IntelIOMMUState *vtd_second_unit(void *opaque, PCIBus *bus, int devfn);

#endif

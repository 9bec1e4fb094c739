/*
 * A second unit in one machine.
 *
 * PCI asks the first unit for everybody; here it hands on who is behind the second.
 * IOAPIC and firmware's table are QEMU's, and know the first one only: a test gives
 * the kernel a table of its own.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/i386/intel_iommu.h"
#include "hw/pci/pci_bridge.h"
#include "hw/pci/pci_bus.h"
#include "intel_iommu_internal.h"

static IntelIOMMUState *second;

bool vtd_second_is(IntelIOMMUState *s)
{
    return s->second.base != VTD_FIRST_BASE;
}

bool vtd_second_beside(DeviceState *first, DeviceState *dev)
{
    return object_dynamic_cast(OBJECT(first), TYPE_INTEL_IOMMU_DEVICE) &&
           object_dynamic_cast(OBJECT(dev), TYPE_INTEL_IOMMU_DEVICE) &&
           vtd_second_is(INTEL_IOMMU_DEVICE(dev));
}

bool vtd_second_realize(IntelIOMMUState *s, Error **errp)
{
    if (!vtd_second_is(s)) {
        if (s->second.slots) {
            error_setg(errp, "x-slots is for a unit with an x-base of its own");
        }
        return !s->second.slots;
    }
    if (second || s->second.base & ~VTD_PAGE_MASK_4K || s->second.slots >> 31) {
        /* slot 31 is the IOAPIC's, too */
        error_setg(errp, "two units at most, x-base a page, x-slots without 31");
        return false;
    }
    if (x86_iommu_get_default() == X86_IOMMU_DEVICE(s)) {
        error_setg(errp, "a unit with an x-base stands beside one without");
        return false;
    }
    second = s;
    return true;
}

IntelIOMMUState *vtd_second_unit(void *opaque, PCIBus *bus, int devfn)
{
    while (second && !pci_bus_is_root(bus)) {
        PCIDevice *bridge = pci_bridge_get_device(bus);

        devfn = bridge->devfn;
        bus = pci_get_bus(bridge);
    }
    return second && second->second.slots >> PCI_SLOT(devfn) & 1 ? second : opaque;
}

/*
 * Faults on request: the unit of a running machine does what a broken one does.
 *
 * Everything runs under the big lock: the monitor's command, register accesses, and
 * the queue, which QEMU empties within the write of IQT.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/i386/intel_iommu.h"
#include "intel_iommu_internal.h"

#define FSTS_ICE        (1U << 5)
#define FSTS_ITE        (1U << 6)
#define DMAR_IQERCD_REG 0xb0        /* section 11.4.9.9 */

static const char *const words[VTD_FAULTS] = {
    "none", "stall", "iqe", "ite", "silent", "ice", "busy", "gone", "deaf",
};

bool (*vtd_fault_device_answers)(uint16_t sid);

static uint32_t fsts(IntelIOMMUState *s)
{
    return ldl_le_p(&s->csr[DMAR_FSTS_REG]);
}

/* Sections 6.5.2.10 and 11.4.9.9: who it was stands in IQERCD. */
static void raise_error(IntelIOMMUState *s, uint32_t bit, uint64_t source)
{
    uint32_t before = fsts(s);

    stq_le_p(&s->csr[DMAR_IQERCD_REG], source);
    stl_le_p(&s->csr[DMAR_FSTS_REG], before | bit);
    vtd_generate_fault_event(s, before);
}

/* After ITE nothing is fetched until software has cleared it. */
bool vtd_fault_stalled(IntelIOMMUState *s)
{
    return s->fault == VTD_FAULT_STALL || fsts(s) & FSTS_ITE;
}

bool vtd_fault_may_stop(IntelIOMMUState *s)
{
    return vtd_fault_stalled(s);
}

bool vtd_fault_refuses(IntelIOMMUState *s, unsigned type)
{
    if (s->fault != VTD_FAULT_IQE || type != VTD_INV_DESC_IOTLB) {
        return false;
    }
    s->fault = VTD_FAULT_NONE;
    stq_le_p(&s->csr[DMAR_IQERCD_REG], 4);      /* reserved field not zero */
    return true;
}

void vtd_fault_after(IntelIOMMUState *s, const uint64_t *d)
{
    uint64_t sid = VTD_INV_DESC_DEVICE_IOTLB_SID(d[0]);

    if (VTD_INV_DESC_TYPE(d[0]) == VTD_INV_DESC_DEV_PIOTLB) {
        sid = VTD_INV_DESC_PASID_DEVICE_IOTLB_SID(d[0]);
    } else if (VTD_INV_DESC_TYPE(d[0]) != VTD_INV_DESC_DEVICE) {
        return;
    }
    if (s->fault == VTD_FAULT_ITE || s->fault == VTD_FAULT_SILENT ||
        (vtd_fault_device_answers && !vtd_fault_device_answers(sid))) {
        if (s->fault == VTD_FAULT_ITE) {
            s->fault = VTD_FAULT_NONE;
        }
        raise_error(s, FSTS_ITE, sid << 32);
    } else if (s->fault == VTD_FAULT_ICE) {
        s->fault = VTD_FAULT_NONE;
        raise_error(s, FSTS_ICE, sid << 48);
    }
}

bool vtd_fault_loses(IntelIOMMUState *s, uint64_t addr)
{
    switch (s->fault) {
    case VTD_FAULT_GONE:
        return true;
    case VTD_FAULT_BUSY:
        return addr == DMAR_GCMD_REG || addr == DMAR_CCMD_REG ||
               addr == DMAR_CCMD_REG + 4 || addr == DMAR_IOTLB_REG ||
               addr == DMAR_IOTLB_REG + 4;
    default:
        return false;
    }
}

uint64_t vtd_fault_read(IntelIOMMUState *s, uint64_t val)
{
    return s->fault == VTD_FAULT_GONE ? ~0ULL : val;
}

bool vtd_fault_deaf(IntelIOMMUState *s)
{
    return s->fault == VTD_FAULT_DEAF;
}

static char *get_fault(Object *obj, Error **errp)
{
    return g_strdup(words[INTEL_IOMMU_DEVICE(obj)->fault]);
}

static void set_fault(Object *obj, const char *word, Error **errp)
{
    IntelIOMMUState *s = INTEL_IOMMU_DEVICE(obj);

    for (int i = 0; i < VTD_FAULTS; i++) {
        if (!strcmp(word, words[i])) {
            s->fault = i;
            if (s->qi_enabled && !vtd_fault_stalled(s) && !(fsts(s) & VTD_FSTS_IQE)) {
                vtd_fetch_inv_desc(s);
            }
            return;
        }
    }
    error_setg(errp, "no such fault: %s", word);
}

void vtd_fault_realize(IntelIOMMUState *s)
{
    object_property_add_str(OBJECT(s), "x-fault", get_fault, set_fault);
}

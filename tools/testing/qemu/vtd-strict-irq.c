/*
 * A VT-d unit that forgives nothing: interrupt entries (section 5.1).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "system/address-spaces.h"
#include "vtd-strict-int.h"

/* Section 5.1.5: entries are cached by index. */
MemTxResult vtd_strict_irte(IntelIOMMUState *s, uint16_t index, hwaddr addr,
                            VTD_IR_TableEntry *entry, uint16_t sid)
{
    VtdEntry new = { .kind = VTD_C_IRTE, .id = index, .sid = sid, .steps = 2 }, *e;
    VtdStrictUnit *u = s->strict.unit;
    uint64_t d[2] = { 0 };

    if (!u) {
        return address_space_read(&address_space_memory, addr, MEMTXATTRS_UNSPECIFIED,
                                  entry, sizeof(*entry));
    }
    QEMU_LOCK_GUARD(&s->iommu_lock);
    vtd_totals.interrupts++;
    e = s->strict.caches ? vtd_cache_find(u, VTD_C_IRTE, 0, index, 0) : NULL;
    if (e) {
        vtd_cache_use(u, e);
    } else {
        if (vtd_memory_read(u, addr, d, sizeof(d), "interrupt entry")) {
            return MEMTX_ERROR;
        }
        new.lo = le64_to_cpu(d[0]);
        new.hi = le64_to_cpu(d[1]);
        new.step[0] = (VtdStep) { addr, new.lo, VTD_IRTE_LO_LOOKED_AT };
        new.step[1] = (VtdStep) { addr + 8, new.hi, ~0ULL };
        if (new.lo & 1) {
            vtd_check_irte(u, index, new.lo, new.hi);
        }
        e = s->strict.caches && (new.lo & 1 || vtd_caching_mode(s)) ?
            vtd_cache_add(u, &new) : &new;
    }
    entry->data[0] = cpu_to_le64(e->lo);
    entry->data[1] = cpu_to_le64(e->hi);
    return MEMTX_OK;
}

/* Section 5.1.4: passes only in xapic mode with CFI. */
bool vtd_strict_compat(IntelIOMMUState *s, uint64_t addr, uint32_t data, uint16_t sid)
{
    VtdStrictUnit *u = s->strict.unit;

    if (!u || !s->strict.rules ||
        (!s->intr_eime && vtd_reg32(s, DMAR_GSTS_REG) & VTD_GSTS_CFIS)) {
        return true;
    }
    vtd_tell(u, VTD_INTERRUPT, sid + 1, "request in the old format from %04x blocked:"
             " address %" PRIx64 " data %x", sid, addr, data);
    return false;
}

/*
 * A VT-d unit that forgives nothing: what of scalable mode is strict.  The walk is
 * intel_iommu.c's; it reads entries as they were written back, and PASID entries stay
 * cached until a descriptor names them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "system/address-spaces.h"
#include "vtd-strict-int.h"

/* Of the request that this thread walks */
static __thread VtdStrictUnit *unit;
static __thread uint16_t requester;

void vtd_strict_enter(IntelIOMMUState *s, uint16_t sid)
{
    unit = s->strict.unit;
    requester = sid;
}

void vtd_strict_leave(void)
{
    unit = NULL;
}

bool vtd_strict_inside(void)
{
    return unit && unit->s->strict.caches;
}

MemTxResult vtd_strict_read_table(hwaddr addr, void *buf, size_t len, const char *kind)
{
    /* Sections 9.6, 11.4.3: walks of page tables snoop by PWSNP, whatever C says */
    if (unit && !(unit->s->ecap & VTD_ECAP_SMPWCS && !strcmp(kind, "page table entry"))) {
        return vtd_memory_read(unit, addr, buf, len, kind);
    }
    return address_space_read(&address_space_memory, addr, MEMTXATTRS_UNSPECIFIED, buf,
                              len);
}

/* A PASID entry from the cache (section 6.2.3) or from memory */
int vtd_strict_pasid(IntelIOMMUState *s, hwaddr dir, uint32_t pasid, VTDPASIDEntry *pe)
{
    VtdEntry *e = vtd_cache_find(unit, VTD_C_PASID, 0, requester, pasid);
    VtdEntry new = { .kind = VTD_C_PASID, .id = requester, .sid = requester,
                     .page = pasid };
    hwaddr at = dir + VTD_PASID_DIR_INDEX(pasid) * VTD_PASID_DIR_ENTRY_SIZE;
    uint64_t word;
    int ret;

    if (e) {
        vtd_cache_use(unit, e);
        for (int i = 0; i < ARRAY_SIZE(pe->val); i++) {
            pe->val[i] = e->step[i + 1].val;
        }
        return 0;
    }
    ret = vtd_get_pe_from_pasid_table(s, dir, pasid, pe);
    if (ret) {
        return ret;
    }
    word = vtd_memory_word(at);
    new.did = VTD_SM_PASID_ENTRY_DID(pe->val[1]);
    new.steps = 1 + ARRAY_SIZE(pe->val);
    new.step[0] = (VtdStep) { at, word, ~0ULL };
    at = (word & VTD_PASID_TABLE_BASE_ADDR_MASK) +
         VTD_PASID_TABLE_INDEX(pasid) * VTD_PASID_ENTRY_SIZE;
    for (int i = 0; i < ARRAY_SIZE(pe->val); i++) {
        new.step[i + 1] = (VtdStep) { at + i * 8, pe->val[i], ~0ULL };
    }
    vtd_cache_add(unit, &new);
    return 0;
}

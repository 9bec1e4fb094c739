/*
 * A VT-d unit that forgives nothing: entries, reserved bits and values (chapter 9).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "vtd-strict-int.h"

/* Section 9.1 */
const char *vtd_check_root(VtdStrictUnit *u, hwaddr at, const uint64_t *re)
{
    const char *what = NULL;

    if (re[1] || re[0] & VTD_ROOT_ENTRY_RSVD(u->s->aw_bits)) {
        what = "reserved bits";
    }
    if (what && u->s->strict.rules) {
        vtd_tell(u, VTD_ENTRY, at, "root entry at 0x%" PRIx64 ": %s: %016" PRIx64
                 " %016" PRIx64, at, what, re[1], re[0]);
    }
    return what;
}

/* The widest that SAGAW has, as AW says it */
static unsigned widest(IntelIOMMUState *s)
{
    return 31 - clz32(s->cap >> VTD_CAP_SAGAW_SHIFT & 0x1f);
}

/* Section 9.3 */
const char *vtd_check_context(VtdStrictUnit *u, uint16_t sid, uint64_t lo, uint64_t hi)
{
    IntelIOMMUState *s = u->s;
    uint64_t tt = lo & VTD_CONTEXT_ENTRY_TT;
    unsigned aw = hi & VTD_CONTEXT_ENTRY_AW, did = VTD_CONTEXT_ENTRY_DID(hi);
    const char *what = NULL;

    if (lo & VTD_CONTEXT_ENTRY_RSVD_LO(s->aw_bits) ||
        hi & VTD_CONTEXT_ENTRY_RSVD_HI) {
        what = "reserved bits";
    } else if (tt == VTD_CONTEXT_TT_DEV_IOTLB && !(s->ecap & VTD_ECAP_DT)) {
        what = "device TLB without ECAP.DT";
    } else if (tt == VTD_CONTEXT_TT_PASS_THROUGH && !(s->ecap & VTD_ECAP_PT)) {
        what = "pass-through without ECAP.PT";
    } else if (tt == VTD_CONTEXT_ENTRY_TT) {
        what = "translation type 3";
    } else if (!(s->cap >> VTD_CAP_SAGAW_SHIFT >> aw & 1)) {
        what = "AW that is not in SAGAW";
    } else if (tt == VTD_CONTEXT_TT_PASS_THROUGH && aw != widest(s)) {
        what = "pass-through, AW is not the widest in SAGAW";
    } else if (vtd_did_beyond(s, did)) {
        what = "domain id beyond CAP.ND";
    } else if (!did && vtd_caching_mode(s)) {
        what = "domain id 0 with caching mode";
    }
    if (what && s->strict.rules) {
        vtd_tell(u, VTD_ENTRY, sid + 1, "context entry of %02x:%02x.%x: %s: %016"
                 PRIx64 " %016" PRIx64, sid >> 8, sid >> 3 & 31, sid & 7, what, hi, lo);
    }
    return what;
}

/* Section 9.8; sections 3.14 and 3.15 for the interrupt range */
const char *vtd_check_page(VtdStrictUnit *u, hwaddr at, uint64_t pte, int level)
{
    IntelIOMMUState *s = u->s;
    bool leaf = vtd_ss_leaf(pte, level);
    uint64_t first = vtd_ss_addr(s, pte);
    uint64_t last = first + (1ULL << vtd_ss_shift(level)) - 1;
    const char *what = NULL;

    if (leaf && level > 3) {
        what = "leaf at a level that has none";
    } else if (vtd_slpte_nonzero_rsvd(pte, level)) {
        what = pte & VTD_SPTE_SNP ? "reserved bits, SNP among them" : "reserved bits";
    } else if (leaf && level > 1 && !(s->cap >> (34 + level - 2) & 1)) {
        what = "large page that CAP.SSLPS does not have";
    } else if (leaf && first <= VTD_INTERRUPT_ADDR_LAST &&
               last >= VTD_INTERRUPT_ADDR_FIRST) {
        what = "leads to the interrupt range";
    }
    if (what && s->strict.rules) {
        vtd_tell(u, VTD_ENTRY, at, "level %d entry at 0x%" PRIx64 ": %s: %016" PRIx64,
                 level, at, what, pte);
    }
    return what;
}

/* Section 9.10 */
const char *vtd_check_irte(VtdStrictUnit *u, unsigned index, uint64_t lo, uint64_t hi)
{
    IntelIOMMUState *s = u->s;
    unsigned delivery = lo >> 5 & 7;
    const char *what = NULL;

    if (lo >> 15 & 1) {
        what = "posted, without CAP.PI";
    } else if (lo & 0xff007000 || hi >> 20) {
        what = "reserved bits";
    } else if (delivery == 3 || delivery == 6) {
        what = "delivery mode";
    } else if ((hi >> 18 & 3) == 3) {
        what = "SVT 3";
    } else if (!s->intr_eime && lo >> 32 & 0xffff00ff) {
        what = "destination beyond 8 bits in xapic mode";
    }
    if (what && s->strict.rules) {
        vtd_tell(u, VTD_ENTRY, 0x100000000ULL + index, "interrupt entry %u: %s: %016"
                 PRIx64 " %016" PRIx64, index, what, hi, lo);
    }
    return what;
}

/*
 * A VT-d unit that forgives nothing: registers (chapter 11) and descriptors
 * (section 6.5.2).  What is right goes on to the caches.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/bitops.h"
#include "vtd-strict-int.h"

/* Bits of GCMD that act once, and have a state of their own or none in GSTS */
#define GCMD_ONCE   (VTD_GCMD_SRTP | VTD_GCMD_SFL | VTD_GCMD_WBF | VTD_GCMD_SIRTP)
#define GCMD_ALL    0xff800000U

/* --- GCMD and GSTS (sections 11.4.4.1, 11.4.4.2) --------------------------- */

static const char *check_gcmd(IntelIOMMUState *s, uint32_t val, uint32_t gsts,
                              uint32_t changed)
{
    uint32_t on = changed & val, off = changed & ~val;

    if (ctpop32(changed) > 1) {
        return "more than one command";
    }
    if (s->strict.unit->gcmd_unread) {
        return "GSTS did not yet say that the command before is done";
    }
    if (val & (VTD_GCMD_SFL | VTD_GCMD_EAFL)) {
        return "fault log without CAP.AFL";
    }
    if (on & VTD_GCMD_TE && !(gsts & VTD_GSTS_RTPS)) {
        return "TE before SRTP";
    }
    if (on & VTD_GCMD_IRE && !(gsts & VTD_GSTS_IRTPS)) {
        return "IRE before SIRTP";
    }
    if (on & VTD_GCMD_IRE && !(gsts & VTD_GSTS_QIES)) {
        return "IRE without queued invalidation";
    }
    if (off & VTD_GCMD_QIE && s->iq_head != s->iq_tail) {
        return "queue stopped with descriptors in it";
    }
    if (on & VTD_GCMD_QIE && s->iq_tail) {
        return "queue started with IQT not 0";
    }
    return NULL;
}

static const char *gcmd(IntelIOMMUState *s, uint32_t val)
{
    VtdStrictUnit *u = s->strict.unit;
    uint32_t gsts = vtd_reg32(s, DMAR_GSTS_REG);
    uint32_t changed = (val ^ (gsts & ~GCMD_ONCE)) & GCMD_ALL;
    const char *what = check_gcmd(s, val, gsts, changed);

    /* A command takes time: the first look at GSTS sees what was before it. */
    u->gcmd_unread = changed & ~(VTD_GCMD_SFL | VTD_GCMD_WBF);
    u->gcmd_lag = u->gcmd_unread;
    u->gsts_before = gsts & ~(val & (VTD_GCMD_SRTP | VTD_GCMD_SIRTP));
    if (changed & VTD_GCMD_CFI) {
        /* QEMU does not know it */
        stl_le_p(&s->csr[DMAR_GSTS_REG],
                 (gsts & ~VTD_GSTS_CFIS) | (val & VTD_GCMD_CFI));
    }
    return what;
}

/* --- other registers --------------------------------------------------------- */

static const char *check_rtaddr(IntelIOMMUState *s, uint64_t val, unsigned size)
{
    if (vtd_reg32(s, DMAR_GSTS_REG) & VTD_GSTS_TES &&
        (val ^ vtd_reg64(s, DMAR_RTADDR_REG)) & 0xc00) {
        return "other TTM while translating";
    }
    if ((val & 0xc00) == 0xc00 || (val & 0x400 && !(s->ecap & VTD_ECAP_SMTS))) {
        return "TTM that ECAP does not have";
    }
    if (val & 0x3ff || (size == 8 && val >> s->aw_bits)) {
        return "reserved bits";
    }
    return NULL;
}

static const char *check_iqa(IntelIOMMUState *s, hwaddr addr, uint64_t val)
{
    if (vtd_reg32(s, DMAR_GSTS_REG) & VTD_GSTS_QIES) {
        return "while the queue runs";
    }
    if (addr == DMAR_IQA_REG && val & 0x7f8) {
        return "reserved bits";
    }
    if (addr == DMAR_IQA_REG && val & VTD_IQA_DW_MASK && !(s->ecap & VTD_ECAP_SMTS)) {
        return "256-bit descriptors without ECAP.SMTS";
    }
    return NULL;
}

/* A command through CCMD or IOTLB; *unread: an earlier one was not seen done */
static const char *check_command(IntelIOMMUState *s, bool *unread)
{
    const char *what = NULL;

    if (vtd_reg32(s, DMAR_GSTS_REG) & VTD_GSTS_QIES) {
        what = "while the queue runs";
    } else if (*unread) {
        what = "while busy";
    }
    *unread = true;
    return what;
}

static const char *check_write(IntelIOMMUState *s, hwaddr addr, uint64_t val,
                               unsigned size)
{
    switch (addr) {
    case DMAR_GCMD_REG:
        return gcmd(s, val);
    case DMAR_RTADDR_REG:
        return check_rtaddr(s, val, size);
    case DMAR_IQA_REG:
    case DMAR_IQA_REG + 4:
        return check_iqa(s, addr, val);
    case DMAR_IQT_REG:
        return val & ~0x7fff0ULL ? "reserved bits" : NULL;
    case DMAR_IRTA_REG:
        return val & 0x7f0 || (val & VTD_IRTA_EIME && !(s->ecap & VTD_ECAP_EIM)) ?
               "reserved bits, or EIME without ECAP.EIM" : NULL;
    case DMAR_VER_REG:
    case DMAR_CAP_REG:
    case DMAR_ECAP_REG:
    case DMAR_GSTS_REG:
    case DMAR_IQH_REG:
        return "read-only";
    case DMAR_PMEN_REG:
        return "without CAP.PLMR and PHMR";
    default:
        return NULL;
    }
}

/* The whole register as this write leaves it; false: it starts no command. */
static bool command_word(IntelIOMMUState *s, hwaddr reg, hwaddr addr, uint64_t val,
                         unsigned size, uint64_t *word)
{
    if (addr == reg && size == 8) {
        *word = val;
    } else if (addr == reg + 4) {
        *word = val << 32 | vtd_reg32(s, reg);
    } else {
        return false;
    }
    return *word >> 63;
}

static const char *through_ccmd(IntelIOMMUState *s, uint64_t word)
{
    VtdStrictUnit *u = s->strict.unit;
    const char *what = check_command(s, &u->ccmd_unread);
    VtdWhich how = { .gran = word >> 61 & 3, .did = VTD_CCMD_DID(word),
                     .sid = VTD_CCMD_SID(word), .fm = VTD_CCMD_FM(word) };

    vtd_flush_context(u, &how);
    return what;
}

static const char *through_iotlb(IntelIOMMUState *s, uint64_t word)
{
    VtdStrictUnit *u = s->strict.unit;
    const char *what = check_command(s, &u->iotlb_unread);
    uint64_t iva = vtd_reg64(s, DMAR_IVA_REG);
    VtdWhich how = { .gran = word >> 60 & 3, .did = VTD_TLB_DID(word),
                     .page = iva >> 12, .am = VTD_IVA_AM(iva), .leaves = iva & 0x40 };

    if (how.gran == 3 && how.am > (s->cap >> 48 & 0x3f)) {
        return "AM beyond CAP.MAMV";
    }
    vtd_flush_iotlb(u, &how);
    return what;
}

void vtd_strict_write(IntelIOMMUState *s, hwaddr addr, uint64_t val, unsigned size)
{
    const char *what;
    uint64_t word;

    if (!s->strict.unit) {
        return;
    }
    QEMU_LOCK_GUARD(&s->iommu_lock);
    what = addr % size ? "not aligned" : check_write(s, addr, val, size);
    if (command_word(s, DMAR_CCMD_REG, addr, val, size, &word)) {
        what = through_ccmd(s, word);
    } else if (command_word(s, DMAR_IOTLB_REG, addr, val, size, &word)) {
        what = through_iotlb(s, word);
    }
    if (what && s->strict.rules) {
        vtd_tell(s->strict.unit, VTD_REGISTER, 0, "write of %" PRIx64 " (%u bytes) to"
                 " 0x%02" PRIx64 " with GSTS %08x: %s", val, size, addr,
                 vtd_reg32(s, DMAR_GSTS_REG), what);
    }
}

uint64_t vtd_strict_read(IntelIOMMUState *s, hwaddr addr, uint64_t val, unsigned size)
{
    VtdStrictUnit *u = s->strict.unit;

    if (!u) {
        return val;
    }
    if (addr + size > DMAR_CCMD_REG + 4 && addr <= DMAR_CCMD_REG + 4) {
        u->ccmd_unread = false;
    }
    if (addr + size > DMAR_IOTLB_REG + 4 && addr <= DMAR_IOTLB_REG + 4) {
        u->iotlb_unread = false;
    }
    if (addr != DMAR_GSTS_REG) {
        return val;
    }
    if (u->gcmd_lag) {
        u->gcmd_lag = false;
        return u->gsts_before;
    }
    u->gcmd_unread = false;
    return val;
}

/* --- descriptors --------------------------------------------------------------- */

/* Section 6.5.2.1 */
static const char *context_descriptor(IntelIOMMUState *s, const uint64_t *d)
{
    VtdWhich how = { .gran = d[0] >> 4 & 3, .did = d[0] >> 16, .sid = d[0] >> 32,
                     .fm = d[0] >> 48 & 3 };

    if (!how.gran) {
        return "granularity 0";
    }
    if (how.gran > 1 && vtd_did_beyond(s, how.did)) {
        return "domain id beyond CAP.ND";
    }
    if (d[0] & VTD_INV_DESC_CC_RSVD || d[1]) {
        return "reserved bits";
    }
    vtd_flush_context(s->strict.unit, &how);
    return NULL;
}

/* Section 6.5.2.3 */
static const char *iotlb_descriptor(IntelIOMMUState *s, const uint64_t *d)
{
    VtdWhich how = { .gran = d[0] >> 4 & 3, .did = d[0] >> 16, .page = d[1] >> 12,
                     .am = d[1] & 0x3f, .leaves = d[1] & 0x40 };

    if (!how.gran) {
        return "granularity 0";
    }
    if (how.gran > 1 && vtd_did_beyond(s, how.did)) {
        return "domain id beyond CAP.ND";
    }
    if (how.gran == 3 && !(s->cap & VTD_CAP_PSI)) {
        return "page-selective without CAP.PSI";
    }
    if (how.gran == 3 && how.am > (s->cap >> 48 & 0x3f)) {
        return "AM beyond CAP.MAMV";
    }
    if (d[0] & VTD_INV_DESC_IOTLB_RSVD_LO || d[1] & VTD_INV_DESC_IOTLB_RSVD_HI) {
        return "reserved bits";
    }
    if (how.gran == 3 && d[1] >> s->aw_bits) {
        return "address beyond CAP.MGAW";
    }
    vtd_flush_iotlb(s->strict.unit, &how);
    return NULL;
}

/* Section 6.5.2.5; the lowest zero bit of the address says how much (PCIe) */
static const char *device_descriptor(IntelIOMMUState *s, const uint64_t *d)
{
    uint64_t addr = d[1] & VTD_PAGE_MASK_4K, size = 1ULL << 12;

    if (!(s->ecap & VTD_ECAP_DT)) {
        return "device TLB without ECAP.DT";
    }
    if (d[1] & 1) {
        size = 1ULL << MIN(cto64(addr >> 12) + 13, 63);
    }
    addr &= ~(size - 1);
    vtd_check_device_tlb(s->strict.unit, VTD_INV_DESC_DEVICE_IOTLB_SID(d[0]), addr,
                         addr + size - 1);
    return NULL;
}

/* Section 6.5.2.7 */
static const char *irte_descriptor(IntelIOMMUState *s, const uint64_t *d)
{
    VtdWhich how = { .gran = d[0] & 0x10 ? 3 : 1, .page = d[0] >> 32 & 0xffff,
                     .am = d[0] >> 27 & 0x1f };

    if (!(s->ecap & VTD_ECAP_IR)) {
        return "interrupt entries without ECAP.IR";
    }
    if (how.gran == 3 && how.am > (s->ecap >> 20 & 15)) {
        return "IM beyond ECAP.MHMV";
    }
    if (d[0] & VTD_INV_DESC_IEC_RSVD || d[1]) {
        return "reserved bits";
    }
    vtd_flush_irte(s->strict.unit, &how);
    return NULL;
}

/* Section 6.5.2.4 */
static const char *pasid_descriptor(IntelIOMMUState *s, const uint64_t *d)
{
    VtdWhich how = { .gran = d[0] >> 4 & 3, .did = d[0] >> 16,
                     .page = d[0] >> 32 & 0xfffff };

    if (!(s->ecap & VTD_ECAP_SMTS)) {
        return "of scalable mode without ECAP.SMTS";
    }
    vtd_flush_pasid(s->strict.unit, &how);
    return NULL;
}

static const char *check_descriptor(IntelIOMMUState *s, const uint64_t *d)
{
    switch (VTD_INV_DESC_TYPE(d[0])) {
    case VTD_INV_DESC_CC:
        return context_descriptor(s, d);
    case VTD_INV_DESC_IOTLB:
        return iotlb_descriptor(s, d);
    case VTD_INV_DESC_DEVICE:
        return device_descriptor(s, d);
    case VTD_INV_DESC_IEC:
        return irte_descriptor(s, d);
    case VTD_INV_DESC_PC:
        return pasid_descriptor(s, d);
    case VTD_INV_DESC_PIOTLB:
    case VTD_INV_DESC_DEV_PIOTLB:
        return s->ecap & VTD_ECAP_SMTS ? NULL : "of scalable mode without ECAP.SMTS";
    case VTD_INV_DESC_PGRESP:
        return s->ecap & VTD_ECAP_PRS ? NULL : "page response without ECAP.PRS";
    case VTD_INV_DESC_WAIT:
        return d[0] & VTD_INV_DESC_WAIT_SW && d[1] >> 52 ? "status address" : NULL;
    default:
        return "unknown type";
    }
}

bool vtd_strict_descriptor(IntelIOMMUState *s, const uint64_t *d)
{
    const char *what;

    if (!s->strict.unit) {
        return true;
    }
    QEMU_LOCK_GUARD(&s->iommu_lock);
    vtd_totals.descriptors++;
    what = check_descriptor(s, d);
    if (what && s->strict.rules) {
        vtd_tell(s->strict.unit, VTD_DESCRIPTOR, 0, "%016" PRIx64 " %016" PRIx64 ": %s",
                 d[1], d[0], what);
    }
    return !what;
}

/*
 * A PCI Express endpoint to test an IOMMU driver with: PASID, ATS (with a real
 * translation cache), PRI.  Everything is started by the guest through BAR 0.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/main-loop.h"
#include "qemu/module.h"
#include "hw/i386/intel_iommu.h"
#include "hw/pci/pci-internal.h"
#include "hw/pci/pci_device.h"
#include "hw/pci/pci_bus.h"
#include "hw/pci/pcie.h"
#include "hw/pci/msi.h"
#include "hw/qdev-properties.h"
#include "vtdtest-int.h"

static QLIST_HEAD(, VtdTest) devices = QLIST_HEAD_INITIALIZER(devices);

static void vtdtest_step(VtdTest *s);

static uint32_t pasid_of(VtdTest *s)
{
    return s->pasid & 0x80000000u ? s->pasid & 0xfffff : PCI_NO_PASID;
}

/* Who it says it is */
static uint16_t requester(VtdTest *s)
{
    return s->sid & 0x80000000u ? s->sid : pci_requester_id(&s->pci);
}

static bool unreachable(const VtdTest *s)
{
    return s->mode == M_GONE || s->mode == M_RESET;
}

static void finish(VtdTest *s, uint32_t status)
{
    s->status = status;
    if ((s->flags & F_MSI) && msi_enabled(&s->pci)) {
        msi_notify(&s->pci, 0);
    }
}

/* --- what comes back from the IOMMU -------------------------------------- */

/* The invalidation that has just come */
static bool answers(const VtdTest *s)
{
    return s->mode == M_WORKS || (s->mode == M_SOME && !s->answered);
}

/* The unit asks after it told the device: once for each invalidation. */
static bool vtdtest_answers(uint16_t sid)
{
    VtdTest *s;

    QLIST_FOREACH(s, &devices, next_device) {
        if (pci_requester_id(&s->pci) != sid) {
            continue;
        }
        s->answered = answers(s);
        s->nlost += !s->answered;
        if (s->mode == M_LATE) {
            s->mode = M_WORKS;
            return false;
        }
        return s->answered;
    }
    return true;
}

static void on_invalidate(IOMMUNotifier *n, IOMMUTLBEntry *e)
{
    Space *sp = container_of(n, Space, inv);
    VtdTest *s = sp->dev;

    if (!answers(s)) {
        return;
    }
    s->ninv++;
    s->inv_addr = e->iova;
    s->inv_mask = e->addr_mask;
    s->inv_pasid = e->pasid;
    for (int i = 0; i < NATC; i++) {
        Atc *a = &s->atc[i];

        if (a->used && a->pasid == sp->pasid &&
            (a->iova & ~e->addr_mask & ~a->mask) ==
            (e->iova & ~e->addr_mask & ~a->mask)) {
            a->used = false;
        }
    }
}

static void on_response(IOMMUPRINotifier *n, IOMMUPRIResponse *r)
{
    Space *sp = container_of(n, Space, resp);
    VtdTest *s = sp->dev;

    s->nresp++;
    s->resp = 0x80000000u | (uint32_t)r->prgi << 16 | r->response_code;
    if (s->status != S_BUSY || r->prgi != s->prgi || sp->pasid != pasid_of(s)) {
        return;
    }
    if (r->response_code == IOMMU_PRI_RESP_INVALID_REQUEST) {
        finish(s, S_RESPBAD);
    } else if (r->response_code != IOMMU_PRI_RESP_SUCCESS) {
        finish(s, S_RESPFAIL);
    } else if (s->cmd == C_SVA_DMA) {
        vtdtest_step(s);
    } else {
        finish(s, S_DONE);
    }
}

/* Invalidations and responses reach a device by PASID: listen for this one. */
static bool follow(VtdTest *s, uint32_t pasid)
{
    Space *sp = NULL;

    for (int i = 0; i < NPASID; i++) {
        if (s->space[i].used && s->space[i].pasid == pasid) {
            return true;
        }
        if (!s->space[i].used && !sp) {
            sp = &s->space[i];
        }
    }
    if (!sp || pci_iommu_init_iotlb_notifier(&s->pci, &sp->inv, on_invalidate, sp) ||
        pci_iommu_register_iotlb_notifier(&s->pci, pasid, &sp->inv)) {
        return false;
    }
    sp->dev = s;
    sp->used = true;
    sp->pasid = pasid;
    sp->resp.notify = on_response;
    pci_pri_register_notifier(&s->pci, pasid, &sp->resp);
    return true;
}

/* --- translation -------------------------------------------------------- */

static Atc *atc_find(VtdTest *s, uint32_t pasid, hwaddr iova, unsigned need)
{
    for (int i = 0; i < NATC; i++) {
        Atc *a = &s->atc[i];

        if (a->used && a->pasid == pasid && (iova & ~a->mask) == a->iova &&
            (a->perm & need) == need) {
            return a;
        }
    }
    return NULL;
}

/* Does the unit let requests through that only a device with ATS makes? */
static bool ats_allowed(VtdTest *s, hwaddr addr)
{
    PCIBus *root = pci_device_root_bus(&s->pci);
    Object *unit = root->iommu_opaque ?
        object_dynamic_cast(root->iommu_opaque, TYPE_INTEL_IOMMU_DEVICE) : NULL;

    if (!unit) {
        return true;
    }
    return vtd_strict_ats(vtd_second_unit(INTEL_IOMMU_DEVICE(unit), pci_get_bus(&s->pci),
                                          s->pci.devfn),
                          requester(s), addr, s->flags & F_WRITE);
}

static bool ats_request(VtdTest *s, uint32_t pasid, hwaddr iova)
{
    IOMMUTLBEntry e;
    uint32_t errors = 0;
    ssize_t n;
    Atc *a;

    s->xperm = IOMMU_NONE;
    if (pasid == PCI_NO_PASID && !ats_allowed(s, iova)) {
        return true;
    }
    n = pci_ats_request_translation(&s->pci, pasid, s->flags & F_PRIV,
                                    s->flags & F_EXEC, iova, 1,
                                    !(s->flags & F_WRITE), &e, 1, &errors);
    if (n < 0) {
        return false;
    }
    s->xlat = e.translated_addr;
    s->xmask = e.addr_mask;
    s->xperm = e.perm;
    if (e.perm == IOMMU_NONE) {
        return true;
    }
    a = &s->atc[s->next++ % NATC];
    *a = (Atc) { .used = true, .pasid = pasid, .iova = iova & ~e.addr_mask,
                 .addr = e.translated_addr & ~e.addr_mask, .mask = e.addr_mask,
                 .perm = e.perm };
    return true;
}

/* As a device without ATS: the unit translates, nothing is kept. */
static bool untranslated(VtdTest *s, uint32_t pasid, hwaddr iova, hwaddr *out)
{
    PCIBus *root = pci_device_root_bus(&s->pci);
    bool write = s->flags & F_WRITE;
    IOMMUTLBEntry e;
    uint32_t errors = 0;

    if (!root->iommu_ops || !root->iommu_ops->ats_request_translation ||
        root->iommu_ops->ats_request_translation(
            pci_get_bus(&s->pci), root->iommu_opaque, s->pci.devfn, pasid,
            s->flags & F_PRIV, s->flags & F_EXEC, iova, 1, !write, &e, 1,
            &errors) < 1 || !(e.perm & (write ? IOMMU_WO : IOMMU_RO))) {
        return false;
    }
    *out = (e.translated_addr & ~e.addr_mask) | (iova & e.addr_mask);
    return true;
}

static bool page_request(VtdTest *s, uint32_t pasid, hwaddr iova, bool last)
{
    if (pci_pri_request_page(&s->pci, pasid, s->flags & F_PRIV, s->flags & F_EXEC,
                             iova & ~0xfffull, last, s->prgi,
                             !(s->flags & F_WRITE) || (s->flags & F_EXEC),
                             s->flags & F_WRITE)) {
        return false;
    }
    s->nreq++;
    return true;
}

/* --- the commands ---------------------------------------------------------- */

/* By the cache; C_SVA_DMA asks for what is not there.  S_BUSY: it waits for a page. */
static uint32_t by_cache(VtdTest *s, uint32_t pasid, hwaddr iova, hwaddr *addr)
{
    unsigned need = s->flags & F_WRITE ? IOMMU_WO : IOMMU_RO;
    Atc *a = atc_find(s, pasid, iova, need);

    if (!a && s->cmd == C_SVA_DMA) {
        if (!ats_request(s, pasid, iova)) {
            return S_NOCAP;
        }
        a = atc_find(s, pasid, iova, need);
        if (!a) {
            if (++s->tries > 8) {
                return S_LOOP;
            }
            return page_request(s, pasid, iova, true) ? S_BUSY : S_PRIERR;
        }
    }
    if (!a) {
        return S_NOATC;
    }
    *addr = a->addr | (iova & a->mask);
    return S_DONE;
}

static uint32_t translate(VtdTest *s, uint32_t pasid, hwaddr iova, hwaddr *addr)
{
    uint32_t ret = S_DONE;

    *addr = iova;
    if (s->cmd == C_DMA) {
        return untranslated(s, pasid, iova, addr) ? S_DONE : S_FAULT;
    }
    if (s->cmd != C_RAW) {
        ret = by_cache(s, pasid, iova, addr);
    }
    if (ret == S_DONE && pasid == PCI_NO_PASID && !ats_allowed(s, *addr)) {
        return S_FAULT;
    }
    return ret;
}

/* Untranslated requests without PASID, under the name that it gives itself */
static MemTxResult by_unit(VtdTest *s, hwaddr iova, void *data, size_t n,
                           MemTxAttrs attrs)
{
    PCIBus *root = pci_device_root_bus(&s->pci);
    uint16_t sid = requester(s);
    PCIBus *bus = pci_find_bus_nr(root, PCI_BUS_NUM(sid));

    if (sid == pci_requester_id(&s->pci)) {
        return pci_dma_rw(&s->pci, iova, data, n,
                          s->flags & F_WRITE ? DMA_DIRECTION_FROM_DEVICE
                                             : DMA_DIRECTION_TO_DEVICE, attrs);
    }
    if (!root->iommu_ops || !bus) {
        return MEMTX_DECODE_ERROR;
    }
    return address_space_rw(root->iommu_ops->get_address_space(bus, root->iommu_opaque,
                                                               sid & 0xff),
                            iova, attrs, data, n, s->flags & F_WRITE);
}

/* Move on until all is done, an error, or a page request waits for its answer. */
static void vtdtest_step(VtdTest *s)
{
    uint32_t pasid = pasid_of(s), ret;
    bool write = s->flags & F_WRITE;
    uint8_t *data = memory_region_get_ram_ptr(&s->buf);
    MemTxAttrs attrs = { .requester_id = requester(s),
                         .address_type = s->cmd == C_DMA ? PCI_AT_UNTRANSLATED
                                                         : PCI_AT_TRANSLATED };

    while (s->done < s->len) {
        hwaddr iova = s->iova + s->done, addr;
        size_t n = MIN(s->len - s->done, 0x1000 - (iova & 0xfff));
        MemTxResult r;

        if (s->cmd == C_DMA && pasid == PCI_NO_PASID) {
            r = by_unit(s, iova, data + s->done, n, attrs);
        } else {
            ret = translate(s, pasid, iova, &addr);
            if (ret == S_BUSY) {
                return;
            }
            if (ret != S_DONE) {
                return finish(s, ret);
            }
            r = address_space_rw(&address_space_memory, addr, attrs,
                                 data + s->done, n, write);
        }
        if (r != MEMTX_OK) {
            return finish(s, S_FAULT);
        }
        s->done += n;
        s->tries = 0;
    }
    finish(s, S_DONE);
}

static void command(VtdTest *s, uint32_t cmd)
{
    uint32_t pasid = pasid_of(s);

    if (s->status == S_BUSY && cmd != C_STOP) {
        return;
    }
    s->cmd = cmd;
    s->status = S_BUSY;
    s->done = 0;
    s->tries = 0;
    if (s->len > BUF_SIZE) {
        s->len = BUF_SIZE;
    }
    if (!(pci_get_word(s->pci.config + PCI_COMMAND) & PCI_COMMAND_MASTER) ||
        (pasid != PCI_NO_PASID && !pcie_pasid_enabled(&s->pci)) ||
        ((cmd == C_ATS || cmd == C_ATS_DMA || cmd == C_SVA_DMA) &&
         !pcie_ats_enabled(&s->pci)) ||
        ((cmd == C_PRI || cmd == C_SVA_DMA || cmd == C_FLOOD) &&
         !pcie_pri_enabled(&s->pci))) {
        if (cmd != C_FLUSH && cmd != C_STOP) {
            return finish(s, S_NOCAP);
        }
    }
    switch (cmd) {
    case C_DMA:
    case C_RAW:
    case C_ATS_DMA:
        return vtdtest_step(s);
    case C_SVA_DMA:
        return follow(s, pasid) ? vtdtest_step(s) : finish(s, S_NOCAP);
    case C_ATS:
        if (!follow(s, pasid) || !ats_request(s, pasid, s->iova)) {
            return finish(s, S_NOCAP);
        }
        return finish(s, s->xperm == IOMMU_NONE ? S_FAULT : S_DONE);
    case C_PRI:
        if (!follow(s, pasid) ||
            !page_request(s, pasid, s->iova, s->flags & F_LAST)) {
            return finish(s, S_PRIERR);
        }
        return s->flags & F_LAST ? (void)0 : finish(s, S_DONE); /* no answer */
    case C_STOP:
    case C_FLOOD:
    case C_FLUSH:
        for (uint32_t i = 0; cmd == C_FLOOD && i < s->count && follow(s, pasid); i++) {
            page_request(s, pasid, s->iova + i * 0x1000ull, s->flags & F_LAST);
        }
        memset(s->atc, 0, cmd == C_FLUSH ? sizeof(s->atc) : 0);
        return finish(s, S_DONE);
    default:
        return finish(s, S_BADCMD);
    }
}

/* --- registers --------------------------------------------------------------- */

static uint64_t *wide(VtdTest *s, hwaddr addr)
{
    switch (addr) {
    case R_IOVA: return &s->iova;
    case R_XLAT: return &s->xlat;
    case R_XMASK: return &s->xmask;
    case R_INV_ADDR: return &s->inv_addr;
    case R_INV_MASK: return &s->inv_mask;
    case R_DONE_AT: return &s->done;
    default: return NULL;
    }
}

static uint64_t vtdtest_read(void *opaque, hwaddr addr, unsigned size)
{
    VtdTest *s = opaque;
    uint64_t *w = wide(s, addr & ~7ull);
    uint32_t n = 0;

    if (unreachable(s)) {
        return ~0ull;
    }
    if (w) {
        return size == 8 ? *w : extract64(*w, (addr & 4) * 8, 32);
    }
    switch (addr) {
    case R_ID: return 0x54445456;
    case R_LEN: return s->len;
    case R_PASID: return s->pasid;
    case R_FLAGS: return s->flags;
    case R_PRGI: return s->prgi;
    case R_CMD: return s->cmd;
    case R_STATUS: return s->status;
    case R_XPERM: return s->xperm;
    case R_RESP: return s->resp;
    case R_NINV: return s->ninv;
    case R_INV_PASID: return s->inv_pasid;
    case R_NRESP: return s->nresp;
    case R_NREQ: return s->nreq;
    case R_MODE: return s->mode;
    case R_NLOST: return s->nlost;
    case R_SID: return s->sid;
    case R_NATC:
        for (int i = 0; i < NATC; i++) {
            n += s->atc[i].used;
        }
        return n;
    default: return 0;
    }
}

/* What a function loses when it is reset: its TLB, and that it may have one */
static void forget_all(VtdTest *s)
{
    uint8_t *control = s->pci.config + 0x100 + PCI_ATS_CTRL;

    memset(s->atc, 0, sizeof(s->atc));
    if (s->ats) {
        pci_set_word(control, pci_get_word(control) & ~PCI_ATS_CTRL_ENABLE);
    }
}

static void vtdtest_write(void *opaque, hwaddr addr, uint64_t val, unsigned size)
{
    VtdTest *s = opaque;

    if (unreachable(s) && (s->mode == M_GONE || addr != R_MODE)) {
        return;
    }
    if ((addr & ~7ull) == R_IOVA) {
        s->iova = size == 8 ? val : deposit64(s->iova, (addr & 4) * 8, 32, val);
        return;
    }
    switch (addr) {
    case R_LEN:
        s->len = s->count = val;
        break;
    case R_PASID:
        s->pasid = val;
        break;
    case R_FLAGS:
        s->flags = val;
        break;
    case R_PRGI:
        s->prgi = val & 0x1ff;
        break;
    case R_MODE:
        s->mode = val;
        s->answered = true;
        if (val == M_RESET) {
            forget_all(s);
        }
        break;
    case R_SID:
        s->sid = val;
        break;
    case R_CMD:
        command(s, val);
        break;
    }
}

static const MemoryRegionOps vtdtest_ops = {
    .read = vtdtest_read,
    .write = vtdtest_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 8 },
    .impl = { .min_access_size = 4, .max_access_size = 8 },
};

static uint32_t vtdtest_config_read(PCIDevice *pci, uint32_t addr, int len)
{
    return unreachable(VTDTEST(pci)) ? ~0u : pci_default_read_config(pci, addr, len);
}

static void vtdtest_config_write(PCIDevice *pci, uint32_t addr, uint32_t val, int len)
{
    if (!unreachable(VTDTEST(pci))) {
        pci_default_write_config(pci, addr, val, len);
    }
}

static void vtdtest_realize(PCIDevice *pci, Error **errp)
{
    VtdTest *s = VTDTEST(pci);

    memory_region_init(&s->bar, OBJECT(s), "vtdtest", BAR_SIZE);
    memory_region_init_io(&s->regs, OBJECT(s), &vtdtest_ops, s, "vtdtest-regs", BUF);
    if (!memory_region_init_ram(&s->buf, OBJECT(s), "vtdtest-buf", BUF_SIZE, errp)) {
        return;
    }
    memory_region_add_subregion(&s->bar, 0, &s->regs);
    memory_region_add_subregion(&s->bar, BUF, &s->buf);
    pci_register_bar(pci, 0, PCI_BASE_ADDRESS_SPACE_MEMORY, &s->bar);
    if (pcie_endpoint_cap_init(pci, 0xa0) < 0 || msi_init(pci, 0, 1, true, false, errp)) {
        return;
    }
    if (s->ats) {
        pcie_ats_init(pci, 0x100, true);
    }
    if (s->pri) {
        pcie_pri_init(pci, 0x120, 32, true);
    }
    if (s->pasid_width) {
        pcie_pasid_init(pci, 0x140, s->pasid_width, s->exec, s->priv);
    }
    QLIST_INSERT_HEAD(&devices, s, next_device);
    vtd_fault_device_answers = vtdtest_answers;
}

static void vtdtest_exit(PCIDevice *pci)
{
    QLIST_SAFE_REMOVE(VTDTEST(pci), next_device);
    msi_uninit(pci);
    pcie_cap_exit(pci);
}

static void vtdtest_reset(DeviceState *dev)
{
    VtdTest *s = VTDTEST(dev);

    s->iova = s->xlat = s->xmask = s->inv_addr = s->inv_mask = s->done = 0;
    s->len = s->pasid = s->flags = s->prgi = s->status = s->cmd = s->xperm = 0;
    s->mode = s->nlost = s->sid = 0;
    s->resp = s->ninv = s->inv_pasid = s->nresp = s->nreq = 0;
    memset(s->atc, 0, sizeof(s->atc));
}

static const Property vtdtest_properties[] = {
    DEFINE_PROP_BOOL("ats", VtdTest, ats, true),
    DEFINE_PROP_BOOL("pri", VtdTest, pri, true),
    DEFINE_PROP_UINT8("pasid-width", VtdTest, pasid_width, 20),
    DEFINE_PROP_BOOL("exec", VtdTest, exec, false),
    DEFINE_PROP_BOOL("priv", VtdTest, priv, false),
};

static void vtdtest_class_init(ObjectClass *klass, const void *data)
{
    PCIDeviceClass *k = PCI_DEVICE_CLASS(klass);
    DeviceClass *dc = DEVICE_CLASS(klass);

    k->realize = vtdtest_realize;
    k->exit = vtdtest_exit;
    k->config_read = vtdtest_config_read;
    k->config_write = vtdtest_config_write;
    k->vendor_id = VENDOR;
    k->device_id = DEVICE;
    k->class_id = PCI_CLASS_OTHERS;
    dc->desc = "IOMMU test endpoint with PASID, ATS and PRI";
    device_class_set_legacy_reset(dc, vtdtest_reset);
    device_class_set_props(dc, vtdtest_properties);
    set_bit(DEVICE_CATEGORY_MISC, dc->categories);
}

static const TypeInfo vtdtest_info = {
    .name = TYPE_VTDTEST,
    .parent = TYPE_PCI_DEVICE,
    .instance_size = sizeof(VtdTest),
    .class_init = vtdtest_class_init,
    .interfaces = (const InterfaceInfo[]) { { INTERFACE_PCIE_DEVICE }, { } },
};

static void vtdtest_types(void)
{
    type_register_static(&vtdtest_info);
}
type_init(vtdtest_types)

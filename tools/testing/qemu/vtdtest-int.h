/*
 * An endpoint to test an IOMMU driver with: what it is made of.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MISC_VTDTEST_INT_H
#define HW_MISC_VTDTEST_INT_H

#include "hw/pci/pci_device.h"
#include "qom/object.h"
#include "vtdtest.h"

#define TYPE_VTDTEST "vtdtest"
OBJECT_DECLARE_SIMPLE_TYPE(VtdTest, VTDTEST)

#define NPASID 64
#define NATC 512

typedef struct Space {      /* what is known of one PASID */
    VtdTest *dev;
    bool used;
    uint32_t pasid;
    IOMMUNotifier inv;
    IOMMUPRINotifier resp;
} Space;

typedef struct Atc {
    bool used;
    uint32_t pasid;
    hwaddr iova, addr, mask;
    unsigned perm;
} Atc;

struct VtdTest {
    PCIDevice pci;
    MemoryRegion bar, regs, buf;
    uint64_t iova, xlat, xmask, inv_addr, inv_mask, done;
    uint32_t len, count, pasid, flags, prgi, status, cmd, xperm, resp;
    uint32_t ninv, inv_pasid, nresp, nreq, tries, mode, nlost;
    bool answered;              /* the one before; for M_SOME */
    uint32_t sid;               /* R_SID */
    QLIST_ENTRY(VtdTest) next_device;
    Space space[NPASID];
    Atc atc[NATC];
    unsigned next;
    uint8_t pasid_width;
    bool ats, pri, exec, priv;
};

#endif

/*
 * Faults on request: the unit of a running machine does what a broken one does.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_I386_VTD_FAULT_H
#define HW_I386_VTD_FAULT_H

typedef struct IntelIOMMUState IntelIOMMUState;

/* Words of x-fault, "qom-set /machine/peripheral/ID x-fault WORD" in the monitor */
typedef enum {
    VTD_FAULT_NONE,     /* none: as before, and goes on where it stopped */
    VTD_FAULT_STALL,    /* stall: fetches no descriptor */
    VTD_FAULT_IQE,      /* iqe: refuses the next IOTLB descriptor, once */
    VTD_FAULT_ITE,      /* ite: the next device TLB does not answer, once */
    VTD_FAULT_SILENT,   /* silent: no device TLB ever answers */
    VTD_FAULT_ICE,      /* ice: a device answers what nobody asked, once */
    VTD_FAULT_BUSY,     /* busy: no command of GCMD, CCMD or IOTLB is finished */
    VTD_FAULT_GONE,     /* gone: registers read all ones, writes are lost */
    VTD_FAULT_DEAF,     /* deaf: its interrupts are lost */
    VTD_FAULTS
} VtdFault;

/* For intel_iommu.c; the property */
void vtd_fault_realize(IntelIOMMUState *s);

/* No more descriptors now */
bool vtd_fault_stalled(IntelIOMMUState *s);
/* QIE may be turned off with descriptors in the queue */
bool vtd_fault_may_stop(IntelIOMMUState *s);
/* A descriptor that was fetched is refused (type, as VTD_INV_DESC_TYPE) */
bool vtd_fault_refuses(IntelIOMMUState *s, unsigned type);
/* A descriptor was carried out */
void vtd_fault_after(IntelIOMMUState *s, const uint64_t *d);
/* This write is lost */
bool vtd_fault_loses(IntelIOMMUState *s, uint64_t addr);
uint64_t vtd_fault_read(IntelIOMMUState *s, uint64_t val);
bool vtd_fault_deaf(IntelIOMMUState *s);

/*
 * A test device says whether it answers the invalidation that it has just been sent.
 * NULL: every device answers.
 */
extern bool (*vtd_fault_device_answers)(uint16_t sid);

/* Of intel_iommu.c, for us */
void vtd_generate_fault_event(IntelIOMMUState *s, uint32_t pre_fsts);
void vtd_fetch_inv_desc(IntelIOMMUState *s);

#endif

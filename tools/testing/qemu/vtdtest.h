/*
 * An endpoint to test an IOMMU driver with: what its registers are and say.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MISC_VTDTEST_H
#define HW_MISC_VTDTEST_H

#define VENDOR 0x1234
#define DEVICE 0x5654

/* Registers: 4 or 8 bytes each, little endian */
enum {
    R_ID = 0x00,            /* ro: 'VTDT' */
    R_IOVA = 0x08,          /* 64 bit */
    R_LEN = 0x10,           /* bytes, at most the buffer */
    R_PASID = 0x14,         /* bits 19:0, bit 31: use it */
    R_FLAGS = 0x18,
    R_PRGI = 0x1c,          /* page request group index, 9 bits */
    R_CMD = 0x20,           /* a write starts it */
    R_STATUS = 0x24,        /* ro: 0 done, 1 busy, else an error below */
    R_XLAT = 0x28,          /* ro, 64 bit: what the last translation gave */
    R_XMASK = 0x30,         /* ro, 64 bit */
    R_XPERM = 0x38,         /* ro: bit 0 read, bit 1 write */
    R_RESP = 0x3c,          /* ro: last page response: code | prgi << 16 | 1 << 31 */
    R_NINV = 0x40,          /* ro: device TLB invalidations seen */
    R_INV_ADDR = 0x48,      /* ro, 64 bit: the last one */
    R_INV_MASK = 0x50,      /* ro, 64 bit */
    R_INV_PASID = 0x58,     /* ro */
    R_NRESP = 0x60,         /* ro: page responses seen */
    R_NREQ = 0x64,          /* ro: page requests sent */
    R_NATC = 0x68,          /* ro: entries in the translation cache */
    R_DONE_AT = 0x70,       /* ro, 64 bit: bytes done before an error */
    R_MODE = 0x78,          /* how it behaves, below */
    R_NLOST = 0x7c,         /* ro: invalidations that it did not answer */
    R_SID = 0x80,           /* requester id of C_DMA and C_RAW, bit 31: use it */
    R_END = 0x88,
    BUF = 0x1000,
    BUF_SIZE = 0x4000,
    BAR_SIZE = 0x8000,
};

/* R_FLAGS */
#define F_WRITE 0x01        /* memory is written; else read into the buffer */
#define F_EXEC  0x02
#define F_PRIV  0x04
#define F_LAST  0x08        /* last request of its group */
#define F_MSI   0x10        /* interrupt when done */

/* R_CMD */
enum {
    C_DMA = 1,              /* untranslated requests, with or without PASID */
    C_ATS = 2,              /* one translation request; the answer is cached */
    C_PRI = 3,              /* one page request; busy until the response */
    C_ATS_DMA = 4,          /* translated requests by the cache only */
    C_SVA_DMA = 5,          /* as hardware does: cache, ATS, PRI, again */
    C_FLUSH = 6,            /* forget the cache */
    C_STOP = 7,             /* give up waiting for a response */
    C_RAW = 8,              /* a translated request for R_IOVA that nobody translated */
    C_FLOOD = 9,            /* R_LEN page requests at once, page by page, no waiting */
};

/* R_MODE.  What is not answered is not obeyed either: the cache stays as it is. */
enum {
    M_WORKS,
    M_SILENT,               /* answers no invalidation */
    M_LATE,                 /* not the next one, then M_WORKS */
    M_SOME,                 /* every second one, the first not */
    M_GONE,                 /* reads give all ones, writes are lost; a reset helps */
    /* The same, by itself; afterwards ATS is off, the cache empty.  R_MODE ends it. */
    M_RESET,
};

/* R_STATUS */
enum {
    S_DONE, S_BUSY,
    S_FAULT = 0x80000001,   /* the request was refused */
    S_NOATC,                /* not in the cache, or not with this right */
    S_NOCAP,                /* ATS, PASID, PRI or bus mastering is off */
    S_PRIERR,               /* the page request could not be queued */
    S_RESPBAD,              /* page response: invalid */
    S_RESPFAIL,             /* page response: failure */
    S_BADCMD,
    S_LOOP,                 /* a page was granted again and again, never there */
};

#endif

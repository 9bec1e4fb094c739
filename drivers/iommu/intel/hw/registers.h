/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Register offsets and fields of a remapping unit.
 *
 * Intel Virtualization Technology for Directed I/O, Architecture
 * Specification, chapter 11 "Register Descriptions" (numbering of revision 4.1).
 * Names are the specification's own.  Header only, no code.
 */
#ifndef VTD_HW_REGISTERS_H
#define VTD_HW_REGISTERS_H

#include <linux/bits.h>

/* Every unit decodes at least one 4 KiB page (section 8.3) */
#define VTD_WINDOW_MIN		0x1000u
/* The DRHD size field says 2^N pages; N is a nibble */
#define VTD_WINDOW_MAX_ORDER	15

/* Offsets, section 11.4 */
#define VTD_VER			0x000	/* 32 bits */
#define VTD_CAP			0x008
#define VTD_ECAP		0x010
#define VTD_GCMD		0x018	/* 32 bits, write only */
#define VTD_GSTS		0x01c	/* 32 bits */
#define VTD_RTADDR		0x020
#define VTD_CCMD		0x028
#define VTD_FSTS		0x034	/* 32 bits */
#define VTD_FECTL		0x038	/* 32 bits */
#define VTD_FEDATA		0x03c	/* 32 bits */
#define VTD_FEADDR		0x040	/* 32 bits */
#define VTD_FEUADDR		0x044	/* 32 bits */
#define VTD_AFLOG		0x058
#define VTD_PMEN		0x064	/* 32 bits */
#define VTD_PLMBASE		0x068	/* 32 bits */
#define VTD_PLMLIMIT		0x06c	/* 32 bits */
#define VTD_PHMBASE		0x070
#define VTD_PHMLIMIT		0x078
#define VTD_IQH			0x080
#define VTD_IQT			0x088
#define VTD_IQA			0x090
#define VTD_ICS			0x09c	/* 32 bits */
#define VTD_IECTL		0x0a0	/* 32 bits */
#define VTD_IEDATA		0x0a4	/* 32 bits */
#define VTD_IEADDR		0x0a8	/* 32 bits */
#define VTD_IEUADDR		0x0ac	/* 32 bits */
#define VTD_IQERCD		0x0b0
#define VTD_IRTA		0x0b8
#define VTD_PQH			0x0c0
#define VTD_PQT			0x0c8
#define VTD_PQA			0x0d0
#define VTD_PRS			0x0dc	/* 32 bits */
#define VTD_PECTL		0x0e0	/* 32 bits */
#define VTD_PEDATA		0x0e4	/* 32 bits */
#define VTD_PEADDR		0x0e8	/* 32 bits */
#define VTD_PEUADDR		0x0ec	/* 32 bits */
#define VTD_MTRRCAP		0x100
#define VTD_MTRRDEF		0x108
#define VTD_MTRR_FIX		0x120	/* the first of eleven */
#define VTD_MTRR_PHYS		0x180	/* the first of ten pairs, base and mask */

/* The IOTLB pair lies at ECAP.IRO, fault record i at CAP.FRO + 16 * i */
#define VTD_IVA_OFFSET		0x0
#define VTD_IOTLB_OFFSET	0x8
#define VTD_FRCD_SIZE		16u

/* VER */
#define VTD_VER_MIN		GENMASK(3, 0)
#define VTD_VER_MAX		GENMASK(7, 4)

/* CAP */
#define VTD_CAP_ND		GENMASK_ULL(2, 0)	/* 2^(4 + 2 * ND) domain ids */
#define VTD_CAP_RWBF		BIT_ULL(4)
#define VTD_CAP_PLMR		BIT_ULL(5)
#define VTD_CAP_PHMR		BIT_ULL(6)
#define VTD_CAP_CM		BIT_ULL(7)
#define VTD_CAP_SAGAW		GENMASK_ULL(12, 8)	/* bit 1: 3 levels, 2: 4, 3: 5 */
#define VTD_CAP_MGAW		GENMASK_ULL(21, 16)	/* width - 1 */
#define VTD_CAP_ZLR		BIT_ULL(22)
#define VTD_CAP_FRO		GENMASK_ULL(33, 24)	/* in units of 16 bytes */
#define VTD_CAP_SSLPS		GENMASK_ULL(37, 34)	/* bit 0: 2 MiB, 1: 1 GiB */
#define VTD_CAP_PSI		BIT_ULL(39)
#define VTD_CAP_NFR		GENMASK_ULL(47, 40)	/* count - 1 */
#define VTD_CAP_MAMV		GENMASK_ULL(53, 48)
#define VTD_CAP_DWD		BIT_ULL(54)
#define VTD_CAP_DRD		BIT_ULL(55)
#define VTD_CAP_FS1GP		BIT_ULL(56)
#define VTD_CAP_PI		BIT_ULL(59)
#define VTD_CAP_FS5LP		BIT_ULL(60)
#define VTD_CAP_ECMDS		BIT_ULL(61)
#define VTD_CAP_ESIRTPS		BIT_ULL(62)
#define VTD_CAP_ESRTPS		BIT_ULL(63)

/* ECAP */
#define VTD_ECAP_C		BIT_ULL(0)
#define VTD_ECAP_QI		BIT_ULL(1)
#define VTD_ECAP_DT		BIT_ULL(2)
#define VTD_ECAP_IR		BIT_ULL(3)
#define VTD_ECAP_EIM		BIT_ULL(4)
#define VTD_ECAP_PT		BIT_ULL(6)
#define VTD_ECAP_SC		BIT_ULL(7)
#define VTD_ECAP_IRO		GENMASK_ULL(17, 8)	/* in units of 16 bytes */
#define VTD_ECAP_MHMV		GENMASK_ULL(23, 20)
#define VTD_ECAP_MTS		BIT_ULL(25)
#define VTD_ECAP_NEST		BIT_ULL(26)
#define VTD_ECAP_PRS		BIT_ULL(29)
#define VTD_ECAP_ERS		BIT_ULL(30)
#define VTD_ECAP_SRS		BIT_ULL(31)
#define VTD_ECAP_NWFS		BIT_ULL(33)
#define VTD_ECAP_EAFS		BIT_ULL(34)
#define VTD_ECAP_PSS		GENMASK_ULL(39, 35)
#define VTD_ECAP_PASID		BIT_ULL(40)
#define VTD_ECAP_DIT		BIT_ULL(41)
#define VTD_ECAP_PDS		BIT_ULL(42)
#define VTD_ECAP_SMTS		BIT_ULL(43)
#define VTD_ECAP_SLADS		BIT_ULL(45)
#define VTD_ECAP_SSTS		BIT_ULL(46)
#define VTD_ECAP_FSTS		BIT_ULL(47)
#define VTD_ECAP_SMPWC		BIT_ULL(48)
#define VTD_ECAP_RPS		BIT_ULL(49)
#define VTD_ECAP_ADMS		BIT_ULL(52)

/* GCMD; GSTS answers with the same bit for each (sections 11.4.4) */
#define VTD_GCMD_TE		BIT(31)
#define VTD_GCMD_SRTP		BIT(30)
#define VTD_GCMD_SFL		BIT(29)
#define VTD_GCMD_EAFL		BIT(28)
#define VTD_GCMD_WBF		BIT(27)
#define VTD_GCMD_QIE		BIT(26)
#define VTD_GCMD_IRE		BIT(25)
#define VTD_GCMD_SIRTP		BIT(24)
#define VTD_GCMD_CFI		BIT(23)
/* Commands that act once; all others are levels and must be written back */
#define VTD_GCMD_ONE_SHOT	(VTD_GCMD_SRTP | VTD_GCMD_SFL | \
				 VTD_GCMD_WBF | VTD_GCMD_SIRTP)
#define VTD_GSTS_TES		VTD_GCMD_TE
#define VTD_GSTS_RTPS		VTD_GCMD_SRTP
#define VTD_GSTS_WBFS		VTD_GCMD_WBF
#define VTD_GSTS_QIES		VTD_GCMD_QIE
#define VTD_GSTS_IRES		VTD_GCMD_IRE
#define VTD_GSTS_IRTPS		VTD_GCMD_SIRTP
#define VTD_GSTS_CFIS		VTD_GCMD_CFI

/* RTADDR */
#define VTD_RTADDR_RTA		GENMASK_ULL(63, 12)
#define VTD_RTADDR_TTM		GENMASK_ULL(11, 10)
#define VTD_TTM_LEGACY		0u
#define VTD_TTM_SCALABLE	1u

/* CCMD, register-based context-cache invalidation */
#define VTD_CCMD_ICC		BIT_ULL(63)
#define VTD_CCMD_CIRG		GENMASK_ULL(62, 61)
#define VTD_CCMD_CAIG		GENMASK_ULL(60, 59)
#define VTD_CCMD_FM		GENMASK_ULL(33, 32)
#define VTD_CCMD_SID		GENMASK_ULL(31, 16)
#define VTD_CCMD_DID		GENMASK_ULL(15, 0)

/* IOTLB and IVA, register-based IOTLB invalidation */
#define VTD_IOTLB_IVT		BIT_ULL(63)
#define VTD_IOTLB_IIRG		GENMASK_ULL(61, 60)
#define VTD_IOTLB_IAIG		GENMASK_ULL(58, 57)
#define VTD_IOTLB_DR		BIT_ULL(49)
#define VTD_IOTLB_DW		BIT_ULL(48)
#define VTD_IOTLB_DID		GENMASK_ULL(47, 32)
#define VTD_IVA_ADDR		GENMASK_ULL(63, 12)
#define VTD_IVA_IH		BIT_ULL(6)
#define VTD_IVA_AM		GENMASK_ULL(5, 0)

/* Granularities, shared by CCMD.CIRG, IOTLB.IIRG and the queue's G fields */
#define VTD_INV_GLOBAL		1u
#define VTD_INV_DOMAIN		2u
#define VTD_INV_SELECTIVE	3u	/* a device, or a range of pages */

/* IQA, IQT, IQH */
#define VTD_IQA_IQA		GENMASK_ULL(63, 12)
#define VTD_IQA_DW		BIT_ULL(11)	/* 256-bit descriptors */
#define VTD_IQA_QS		GENMASK_ULL(2, 0)	/* 2^QS pages */
#define VTD_IQ_OFFSET		GENMASK_ULL(18, 4)	/* IQH.QH and IQT.QT, in bytes */

/* IQERCD, section 11.4.9.9: valid while FSTS shows the error; 0 on older units */
#define VTD_IQERCD_IQEI		GENMASK_ULL(3, 0)
#define VTD_IQERCD_ITESID	GENMASK_ULL(47, 32)
#define VTD_IQERCD_ICESID	GENMASK_ULL(63, 48)

/* FSTS */
#define VTD_FSTS_FRI		GENMASK(15, 8)
#define VTD_FSTS_ITE		BIT(6)
#define VTD_FSTS_ICE		BIT(5)
#define VTD_FSTS_IQE		BIT(4)
#define VTD_FSTS_APF		BIT(3)
#define VTD_FSTS_AFO		BIT(2)
#define VTD_FSTS_PPF		BIT(1)
#define VTD_FSTS_PFO		BIT(0)
#define VTD_FSTS_QUEUE		(VTD_FSTS_ITE | VTD_FSTS_ICE | VTD_FSTS_IQE)

/* FECTL, IECTL, PECTL */
#define VTD_ECTL_IM		BIT(31)
#define VTD_ECTL_IP		BIT(30)

/* PRS, section 11.4.11.4: each is cleared by writing one */
#define VTD_PRS_PPR		BIT(0)	/* pending page requests */
#define VTD_PRS_PRO		BIT(1)	/* overflow: nothing is queued while it is set */

/* PQA, PQH, PQT */
#define VTD_PQA_PQA		GENMASK_ULL(63, 12)
#define VTD_PQA_PQS		GENMASK_ULL(2, 0)	/* 2^PQS pages of 128 requests */
#define VTD_PQ_OFFSET		GENMASK_ULL(18, 5)	/* PQH and PQT, in bytes */

/* FRCD, the two 64-bit words of a fault record */
#define VTD_FRCD_LO_FI		GENMASK_ULL(63, 12)
#define VTD_FRCD_HI_SID		GENMASK_ULL(15, 0)
#define VTD_FRCD_HI_T2		BIT_ULL(28)
#define VTD_FRCD_HI_PRIV	BIT_ULL(29)
#define VTD_FRCD_HI_EXE		BIT_ULL(30)
#define VTD_FRCD_HI_PP		BIT_ULL(31)
#define VTD_FRCD_HI_FR		GENMASK_ULL(39, 32)
#define VTD_FRCD_HI_PV		GENMASK_ULL(59, 40)
#define VTD_FRCD_HI_AT		GENMASK_ULL(61, 60)
#define VTD_FRCD_HI_T1		BIT_ULL(62)	/* 0 write, 1 read */
#define VTD_FRCD_HI_F		BIT_ULL(63)

/* PMEN */
#define VTD_PMEN_EPM		BIT(31)
#define VTD_PMEN_PRS		BIT(0)

#endif /* VTD_HW_REGISTERS_H */

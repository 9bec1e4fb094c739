/* SPDX-License-Identifier: GPL-2.0 */
/* The endpoint of tools/testing/qemu, and what its tests have in common. */
#ifndef VTD_MODULES_ENDPOINT_H
#define VTD_MODULES_ENDPOINT_H

#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/types.h>

struct page;
struct pci_dev;

/* Registers, commands, modes and answers: vtdtest.h has them */
#define R_IOVA		0x08
#define R_LEN		0x10
#define R_PASID		0x14
#define R_FLAGS		0x18
#define R_CMD		0x20
#define R_STATUS	0x24
#define R_NINV		0x40
#define R_NATC		0x68
#define R_MODE		0x78
#define R_NLOST		0x7c
#define R_SID		0x80
#define R_BUF		0x1000
#define F_WRITE		BIT(0)
#define P_USED		BIT(31)
#define SID_USED	BIT(31)
#define C_DMA		1
#define C_ATS		2
#define C_ATS_DMA	4
#define C_RAW		8
#define M_WORKS		0
#define M_SILENT	1
#define M_LATE		2
#define M_SOME		3
#define M_GONE		4
#define M_RESET		5
#define S_DONE		0
#define S_FAULT		0x80000001
#define S_NOATC		0x80000002
#define S_NOCAP		0x80000003

#define BYTES		64
#define FROM_DEVICE	0xd7	/* what its buffer holds */
#define FROM_US		0x3c
#define ROUNDS		8

/* PASIDs of the unit have 8 bits; an address that no default domain gives out */
#define PASID		5u
#define OTHER_PASID	200u
#define PASID_IOVA	0x123456000ul

struct endpoint {
	struct pci_dev *pdev;
	void __iomem *bar;
	struct page *page;
	u8 *va;
	dma_addr_t addr;
	bool mapped;
	u32 pasid;
	bool reads;
	char text[256];
	size_t len;
	bool failed;
};

void say(struct endpoint *ep, const char *fmt, ...) __printf(2, 3);
/* A number that is not the one that must be */
void expect(struct endpoint *ep, const char *what, u32 is, u32 must);
u32 look(struct endpoint *ep, u32 reg);
/* The device writes BYTES to an address; it has ended when the write of R_CMD has. */
u32 command(struct endpoint *ep, u32 cmd, u64 addr);
/* Did the device's bytes come to the page, all or none of them? */
void expect_written(struct endpoint *ep, bool must);
void test_cached(struct endpoint *ep);

/* endpoint_pasid.c */
void test_pasid(struct endpoint *ep);
void test_pasids(struct endpoint *ep);
void test_pasid_silent(struct endpoint *ep);
void test_pasid_race(struct endpoint *ep);
void test_dirty(struct endpoint *ep);

#endif /* VTD_MODULES_ENDPOINT_H */

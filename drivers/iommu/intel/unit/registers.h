/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Access to a unit's mapped register window: the only place that touches it.
 * KUnit puts fake_unit.c underneath through KUNIT_STATIC_STUB_REDIRECT.
 */
#ifndef VTD_UNIT_REGISTERS_H
#define VTD_UNIT_REGISTERS_H

#include <linux/types.h>

/* No register needs longer; the specification names no bound (microseconds) */
#define VTD_REG_TIMEOUT_US	1000000u

/**
 * struct vtd_regs - a mapped register window
 * @base: start of the mapping
 * @phys: physical address of the window
 * @size: of the mapping, in bytes, a multiple of 4 KiB
 */
struct vtd_regs {
	void __iomem *base;
	u64 phys;
	u64 size;
};

u32 vtd_read32(const struct vtd_regs *regs, u32 offset);
u64 vtd_read64(const struct vtd_regs *regs, u32 offset);
void vtd_write32(const struct vtd_regs *regs, u32 offset, u32 value);
void vtd_write64(const struct vtd_regs *regs, u32 offset, u64 value);

int vtd_wait32(const struct vtd_regs *regs, u32 offset, u32 mask, u32 want);
int vtd_wait64(const struct vtd_regs *regs, u32 offset, u64 mask, u64 want);

int vtd_regs_map(struct vtd_regs *regs, u64 phys, u64 size, const char *name);
void vtd_regs_unmap(struct vtd_regs *regs);

#if IS_ENABLED(CONFIG_KUNIT)
extern u32 vtd_reg_timeout_us;	/* so that tests of the bound are short */
#endif

#endif /* VTD_UNIT_REGISTERS_H */

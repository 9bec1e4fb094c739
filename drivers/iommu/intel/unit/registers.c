// SPDX-License-Identifier: GPL-2.0
/* Access to a unit's register window, with bounded waits. */
#define pr_fmt(fmt) "DMAR: " fmt

#include <linux/delay.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/printk.h>

#include <kunit/static_stub.h>
#include <kunit/visibility.h>

#include "hw/registers.h"
#include "unit/registers.h"

/* Reads back to back before a wait starts to count microseconds */
#define VTD_REG_SPINS	64u

VISIBLE_IF_KUNIT u32 vtd_reg_timeout_us = VTD_REG_TIMEOUT_US;

/**
 * vtd_read32 - read a 32-bit register
 * @regs: mapped window
 * @offset: in bytes, inside the window
 *
 * Context: any.
 */
u32 vtd_read32(const struct vtd_regs *regs, u32 offset)
{
	KUNIT_STATIC_STUB_REDIRECT(vtd_read32, regs, offset);

	return readl(regs->base + offset);
}

/**
 * vtd_read64 - read a 64-bit register in one access
 * @regs: mapped window
 * @offset: in bytes, inside the window, a multiple of 8
 *
 * Context: any.
 */
u64 vtd_read64(const struct vtd_regs *regs, u32 offset)
{
	KUNIT_STATIC_STUB_REDIRECT(vtd_read64, regs, offset);

	return readq(regs->base + offset);
}

/**
 * vtd_write32 - write a 32-bit register
 * @regs: mapped window
 * @offset: in bytes, inside the window
 * @value: to write; earlier stores to memory are visible to the unit before it
 *
 * Context: any.
 */
void vtd_write32(const struct vtd_regs *regs, u32 offset, u32 value)
{
	KUNIT_STATIC_STUB_REDIRECT(vtd_write32, regs, offset, value);

	writel(value, regs->base + offset);
}

/**
 * vtd_write64 - write a 64-bit register in one access
 * @regs: mapped window
 * @offset: in bytes, inside the window, a multiple of 8
 * @value: to write; earlier stores to memory are visible to the unit before it
 *
 * Context: any.
 */
void vtd_write64(const struct vtd_regs *regs, u32 offset, u64 value)
{
	KUNIT_STATIC_STUB_REDIRECT(vtd_write64, regs, offset, value);

	writeq(value, regs->base + offset);
}

/*
 * One step of a wait.  Counting delays instead of reading a clock works with
 * interrupts off, before timekeeping, and while it is suspended.
 */
static bool reg_pause(u32 *step)
{
	if (*step >= VTD_REG_SPINS + vtd_reg_timeout_us)
		return false;
	if (*step < VTD_REG_SPINS)
		cpu_relax();
	else
		udelay(1);
	(*step)++;
	return true;
}

/**
 * vtd_wait32 - wait until some bits of a 32-bit register have a value
 * @regs: mapped window
 * @offset: of the register
 * @mask: the bits
 * @want: their value
 *
 * Only for registers that have bits reading as zero: all ones means that the
 * unit is gone.
 *
 * Context: any; spins for VTD_REG_TIMEOUT_US at most.
 * Return: 0, -ENODEV if the register reads all ones, -ETIMEDOUT.
 */
int vtd_wait32(const struct vtd_regs *regs, u32 offset, u32 mask, u32 want)
{
	u32 step = 0;

	do {
		u32 value = vtd_read32(regs, offset);

		if (value == U32_MAX)
			return -ENODEV;
		if ((value & mask) == want)
			return 0;
	} while (reg_pause(&step));
	return -ETIMEDOUT;
}

/**
 * vtd_wait64 - wait until some bits of a 64-bit register have a value
 * @regs: mapped window
 * @offset: of the register
 * @mask: the bits
 * @want: their value
 *
 * As vtd_wait32().
 *
 * Context: any; spins for VTD_REG_TIMEOUT_US at most.
 * Return: 0, -ENODEV if the register reads all ones, -ETIMEDOUT.
 */
int vtd_wait64(const struct vtd_regs *regs, u32 offset, u64 mask, u64 want)
{
	u32 step = 0;

	do {
		u64 value = vtd_read64(regs, offset);

		if (value == U64_MAX)
			return -ENODEV;
		if ((value & mask) == want)
			return 0;
	} while (reg_pause(&step));
	return -ETIMEDOUT;
}

/**
 * vtd_regs_map - reserve and map a register window
 * @regs: filled in
 * @phys: physical address, 4 KiB aligned
 * @size: bytes; rounded up to whole pages, at least VTD_WINDOW_MIN
 * @name: shown in /proc/iomem; lives as long as the mapping
 *
 * Context: may sleep.
 * Return: 0, -EINVAL for an address or size that cannot be, -EBUSY if somebody
 * else owns the range, -ENOMEM.
 */
int vtd_regs_map(struct vtd_regs *regs, u64 phys, u64 size, const char *name)
{
	KUNIT_STATIC_STUB_REDIRECT(vtd_regs_map, regs, phys, size, name);

	if (!phys || !IS_ALIGNED(phys, VTD_WINDOW_MIN) ||
	    size > (u64)VTD_WINDOW_MIN << VTD_WINDOW_MAX_ORDER)
		return -EINVAL;

	size = max_t(u64, PAGE_ALIGN(size), VTD_WINDOW_MIN);
	if (phys + size < phys)
		return -EINVAL;
	if (!request_mem_region(phys, size, name)) {
		pr_err("%s: registers at %#llx-%#llx belong to somebody else\n",
		       name, phys, phys + size - 1);
		return -EBUSY;
	}

	regs->base = ioremap(phys, size);
	if (!regs->base) {
		release_mem_region(phys, size);
		return -ENOMEM;
	}
	regs->phys = phys;
	regs->size = size;
	return 0;
}

/**
 * vtd_regs_unmap - undo vtd_regs_map()
 * @regs: the window; one that is not mapped is left alone
 *
 * Context: may sleep.
 */
void vtd_regs_unmap(struct vtd_regs *regs)
{
	KUNIT_STATIC_STUB_REDIRECT(vtd_regs_unmap, regs);

	if (!regs->base)
		return;
	iounmap(regs->base);
	release_mem_region(regs->phys, regs->size);
	regs->base = NULL;
	regs->size = 0;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Writes nonsense into the root and context tables of a unit, for the kernel that
 * comes after a crash: the unit is told nothing of it.
 */
#include <linux/io.h>
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned long base = 0xfed90000;
module_param(base, ulong, 0);
MODULE_PARM_DESC(base, "registers of the unit");

static unsigned long theirs;
module_param(theirs, ulong, 0);
MODULE_PARM_DESC(theirs, "an address in the crash kernel's memory");

static uint devfn;
module_param(devfn, uint, 0);
MODULE_PARM_DESC(devfn, "device of bus 0 whose entry leads there");

#define RTADDR		0x20
#define SLOTS		0xf0u	/* no device has these */

static int __init spoil_init(void)
{
	void __iomem *regs = ioremap(base, PAGE_SIZE);
	u64 *root, *context;

	if (!regs)
		return -ENOMEM;
	root = __va(readq(regs + RTADDR) & PAGE_MASK);
	iounmap(regs);
	if (!(root[0] & 1) || !theirs)
		return -EINVAL;
	context = __va(root[0] & PAGE_MASK);
	context[devfn * 2] = (theirs & PAGE_MASK) | 1;
	/* A page table that is no page table, a width, an id, bits that are none */
	context[SLOTS * 2] = virt_to_phys(context) | 1;
	context[SLOTS * 2 + 1] = 0x2001;
	context[SLOTS * 2 + 2] = virt_to_phys(root) | 1;
	context[SLOTS * 2 + 3] = 0x2107;
	context[SLOTS * 2 + 4] = virt_to_phys(root) | 1;
	context[SLOTS * 2 + 5] = ~0ull;
	context[SLOTS * 2 + 6] = virt_to_phys(root) | 0xd;
	context[SLOTS * 2 + 8] = 0xffffffff000ull | 1;
	context[SLOTS * 2 + 9] = 0x2201;
	/* Buses: a table of theirs, nowhere, bits */
	root[0x80 * 2] = (theirs & PAGE_MASK) | 1;
	root[0x81 * 2] = 0xfffffff000ull | 1;
	root[0x82 * 2] = virt_to_phys(context) | 3;
	wbinvd();
	return 0;
}

static void __exit spoil_exit(void)
{
}

module_init(spoil_init);
module_exit(spoil_exit);
MODULE_DESCRIPTION("spoils translation tables before a crash");
MODULE_LICENSE("GPL");

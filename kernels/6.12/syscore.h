/* SPDX-License-Identifier: GPL-2.0 */
/* Taking part in suspend, as Linux 6.12.115 and newer, and 7.3 do it. */
#ifndef VTD_SYSCORE_H
#define VTD_SYSCORE_H

#include <linux/syscore_ops.h>

/* @name: for vtd_core_syscore(); @down and @up take a pointer that means nothing */
#define VTD_CORE_SYSCORE(name, down, up)					\
static const struct syscore_ops name##_ops = {					\
	.suspend = down,							\
	.resume = up,								\
};										\
static struct syscore name = { .ops = &name##_ops }

#define vtd_core_syscore(name)	register_syscore(&(name))

#endif /* VTD_SYSCORE_H */

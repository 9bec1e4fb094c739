/* SPDX-License-Identifier: GPL-2.0 */
/* Taking part in suspend, as releases before Linux 6.12.115 do it. */
#ifndef VTD_SYSCORE_H
#define VTD_SYSCORE_H

#include <linux/syscore_ops.h>

/* @name: for vtd_core_syscore(); @down and @up take a pointer that means nothing */
#define VTD_CORE_SYSCORE(name, down, up)					\
static int name##_down(void)							\
{										\
	return down(NULL);							\
}										\
static void name##_up(void)							\
{										\
	up(NULL);								\
}										\
static struct syscore_ops name = {						\
	.suspend = name##_down,							\
	.resume = name##_up,							\
}

#define vtd_core_syscore(name)	register_syscore_ops(&(name))

#endif /* VTD_SYSCORE_H */

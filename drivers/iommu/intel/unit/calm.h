/* SPDX-License-Identifier: GPL-2.0 */
/* Waits that are long, and have an end. */
#ifndef VTD_UNIT_CALM_H
#define VTD_UNIT_CALM_H

#include <linux/irqflags.h>
#include <linux/nmi.h>
#include <linux/rcupdate.h>

/**
 * vtd_calm - tell the watchdogs that nobody is hung
 *
 * Context: any.
 */
static inline void vtd_calm(void)
{
	unsigned long flags;

	touch_nmi_watchdog();
	local_irq_save(flags);
	rcu_cpu_stall_reset();
	local_irq_restore(flags);
}

#endif /* VTD_UNIT_CALM_H */

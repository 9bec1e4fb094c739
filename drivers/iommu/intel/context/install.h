/* SPDX-License-Identifier: GPL-2.0 */
/*
 * In which order the words of a two-word entry are stored, so that hardware
 * that reads between any two stores sees the old entry, the new one, or one
 * that is not present.  Pure: plans, stores nothing.
 */
#ifndef VTD_CONTEXT_INSTALL_H
#define VTD_CONTEXT_INSTALL_H

#include <linux/types.h>

#include "hw/entries.h"

/* Not-present, high word, low word: no plan is longer */
#define VTD_INSTALL_STEPS	3

/**
 * struct vtd_install_step - one 64-bit store
 * @high: it goes to the high word, else to the low one
 * @flush: the old entry must be out of every cache before the next step
 * @value: what to store
 */
struct vtd_install_step {
	bool high;
	bool flush;
	u64 value;
};

unsigned int vtd_install_plan(const struct vtd_context_entry *from,
			      const struct vtd_context_entry *to,
			      struct vtd_install_step step[VTD_INSTALL_STEPS]);

#endif /* VTD_CONTEXT_INSTALL_H */

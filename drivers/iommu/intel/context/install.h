/* SPDX-License-Identifier: GPL-2.0 */
/*
 * In which order the words of an entry are stored, so that hardware that reads
 * between any two stores sees the old entry, the new one, or one that is not
 * present.  Pure: plans, stores nothing.
 */
#ifndef VTD_CONTEXT_INSTALL_H
#define VTD_CONTEXT_INSTALL_H

#include <linux/types.h>

#include "hw/entries.h"

/* The longest entry, a PASID's (section 9.6), and "not present" before all of it */
#define VTD_INSTALL_WORDS	8
#define VTD_INSTALL_STEPS	(VTD_INSTALL_WORDS + 1)

/**
 * struct vtd_install_step - one 64-bit store
 * @word: which word of the entry it goes to
 * @flush: the old entry must be out of every cache before the next step
 * @value: what to store
 */
struct vtd_install_step {
	u8 word;
	bool flush;
	u64 value;
};

unsigned int vtd_install_plan(const u64 *from, const u64 *to, unsigned int words,
			      struct vtd_install_step step[VTD_INSTALL_STEPS]);

#endif /* VTD_CONTEXT_INSTALL_H */

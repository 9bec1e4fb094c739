// SPDX-License-Identifier: GPL-2.0
/* The order of stores that replaces an entry of several words.  Pure. */

#include <linux/types.h>

#include "context/install.h"

/**
 * vtd_install_plan - plan the replacement of an entry
 * @from: what hardware can see now
 * @to: the whole new image
 * @words: of both, at most VTD_INSTALL_WORDS
 * @step: filled with the stores, in order
 *
 * The present bit is bit 0 of word 0, in entries of every kind.  Hardware guarantees
 * to read a 64-bit word whole, nothing more, so a change of one word is hitless and a
 * change of more passes through "not present"; word 0 is the last one.
 *
 * Every plan whose @from was present ends with, or passes through, a step that
 * asks for a flush: caches may still hold the old entry.
 *
 * Return: number of steps, 0 when nothing changes.
 */
unsigned int vtd_install_plan(const u64 *from, const u64 *to, unsigned int words,
			      struct vtd_install_step step[VTD_INSTALL_STEPS])
{
	bool was = from[0] & VTD_ENTRY_P;
	unsigned int i, n = 0, changed = 0;
	u64 first = from[0];

	for (i = 0; i < words; i++)
		changed += from[i] != to[i];

	if (was && changed > 1) {
		first &= ~VTD_ENTRY_P;
		step[n++] = (struct vtd_install_step) { .value = first, .flush = true };
		was = false;
	}
	for (i = words; --i; )
		if (from[i] != to[i])
			step[n++] = (struct vtd_install_step) {
				.word = i, .value = to[i], .flush = was,
			};
	if (first != to[0])
		step[n++] = (struct vtd_install_step) { .value = to[0], .flush = was };
	return n;
}

// SPDX-License-Identifier: GPL-2.0
/* The order of stores that replaces a root or context entry.  Pure. */

#include <linux/types.h>

#include "context/install.h"

/**
 * vtd_install_plan - plan the replacement of an entry
 * @from: what hardware can see now
 * @to: the whole new image
 * @step: filled with the stores, in order
 *
 * The present bit is bit 0 of the low word.  Hardware guarantees to read a
 * 64-bit word whole, nothing more, so a change of one word is hitless and a
 * change of both passes through "not present".
 *
 * Every plan whose @from was present ends with, or passes through, a step that
 * asks for a flush: caches may still hold the old entry.
 *
 * Return: number of steps, 0 when nothing changes.
 */
unsigned int vtd_install_plan(const struct vtd_context_entry *from,
			      const struct vtd_context_entry *to,
			      struct vtd_install_step step[VTD_INSTALL_STEPS])
{
	bool was = from->lo & VTD_CTX_LO_P;
	bool low = from->lo != to->lo;
	bool high = from->hi != to->hi;
	unsigned int n = 0;

	if (was && low && high) {
		step[n++] = (struct vtd_install_step) {
			.value = from->lo & ~VTD_CTX_LO_P,
			.flush = true,
		};
		was = false;
	}

	if (high)
		step[n++] = (struct vtd_install_step) {
			.high = true, .value = to->hi, .flush = was,
		};
	if (low)
		step[n++] = (struct vtd_install_step) {
			.value = to->lo, .flush = was,
		};
	return n;
}

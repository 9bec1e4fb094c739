// SPDX-License-Identifier: GPL-2.0
/* When faults come too fast. */

#include <linux/jiffies.h>

#include "device/storm.h"

/**
 * vtd_storm_begins - count a fault
 * @storm: the requester's detector
 *
 * Return: true when it is one too many: the caller mutes the requester.
 */
bool vtd_storm_begins(struct vtd_storm *storm)
{
	if (time_after(jiffies, storm->window_start + VTD_STORM_WINDOW)) {
		storm->window_start = jiffies;
		storm->window_count = 0;
	}
	if (++storm->window_count < VTD_STORM_FAULTS || storm->muted)
		return false;
	storm->muted = true;
	return true;
}

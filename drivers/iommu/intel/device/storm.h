/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The brake on fault storms: a requester that faults too fast has the recording
 * of its faults switched off for a while (FPD), so that one device can neither
 * hold a CPU nor push other devices' records out of the unit's few registers.
 */
#ifndef VTD_DEVICE_STORM_H
#define VTD_DEVICE_STORM_H

#include <linux/jiffies.h>
#include <linux/types.h>

/* So many faults within a second are a storm; it is silenced for ten */
#define VTD_STORM_FAULTS	500u
#define VTD_STORM_WINDOW	HZ
#define VTD_STORM_SILENCE	(10 * HZ)

/**
 * struct vtd_storm - storm detector of one requester, or of all strangers of a unit; (u)
 * @muted: one too many: FPD is set
 * @window_start: of the count, jiffies
 * @window_count: faults in that window
 */
struct vtd_storm {
	bool muted;
	unsigned long window_start;
	unsigned int window_count;
};

bool vtd_storm_begins(struct vtd_storm *storm);

#endif /* VTD_DEVICE_STORM_H */

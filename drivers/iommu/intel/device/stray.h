/* SPDX-License-Identifier: GPL-2.0 */
/* Requester ids that fault and that no device here owns. */
#ifndef VTD_DEVICE_STRAY_H
#define VTD_DEVICE_STRAY_H

#include <linux/ratelimit.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "device/storm.h"

struct intel_iommu;

#define VTD_STRAYS	16u
#define VTD_STRAY_IDS	65536u

/**
 * struct vtd_stray_lines - what may be printed
 * @dma: about memory
 * @interrupts: about interrupts: neither hides the other
 */
struct vtd_stray_lines {
	struct ratelimit_state dma;
	struct ratelimit_state interrupts;
};

/**
 * struct vtd_stray - a requester id that faulted
 * @used: the place is taken
 * @rid: the requester id
 * @lines: of this id
 * @window_start: the window of vtd_strays.storm that @window_count is about
 * @window_count: faults in it
 */
struct vtd_stray {
	bool used;
	u16 rid;
	struct vtd_stray_lines lines;
	unsigned long window_start;
	unsigned int window_count;
};

/**
 * struct vtd_strays - the strangers of one unit; (u), all of it
 * @iommu: the unit
 * @place: the last ones to fault; who is pushed out starts anew
 * @next: place to take next
 * @lines: of all strangers together
 * @storm: counts the faults of all of them
 * @muted: ids that were silenced since @rearm last ran, or could not be
 * @rearm: ends the silence
 */
struct vtd_strays {
	struct intel_iommu *iommu;
	struct vtd_stray place[VTD_STRAYS];
	unsigned int next;
	struct vtd_stray_lines lines;
	struct vtd_storm storm;
	DECLARE_BITMAP(muted, VTD_STRAY_IDS);
	struct delayed_work rearm;
};

/**
 * enum vtd_stray_action - what to print of a fault
 * @VTD_STRAY_SILENT: nothing
 * @VTD_STRAY_TELL: the fault
 * @VTD_STRAY_MUTED: the fault, and that its requester is silenced now
 * @VTD_STRAY_STORM: the fault, and that each stranger that faults is silenced now
 */
enum vtd_stray_action {
	VTD_STRAY_SILENT,
	VTD_STRAY_TELL,
	VTD_STRAY_MUTED,
	VTD_STRAY_STORM,
};

bool vtd_stray_tell(struct intel_iommu *iommu, u16 rid);
enum vtd_stray_action vtd_stray_count(struct intel_iommu *iommu, u16 rid);
void vtd_stray_forget(struct intel_iommu *iommu);

#endif /* VTD_DEVICE_STRAY_H */

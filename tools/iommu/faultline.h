/* SPDX-License-Identifier: GPL-2.0 */
/* Lines about faults, as drivers of many years printed them.  Pure. */
#ifndef VTD_FAULTLINE_H
#define VTD_FAULTLINE_H

#include <stdbool.h>
#include <linux/types.h>

/**
 * struct fault_line - what a line says
 * @has_device: it names who asked: @segment, @bus, @devfn
 * @has_reason: it has a reason; older kernels print that in a line of its own
 * @segment: PCI domain
 * @bus: bus of the requester id
 * @devfn: device and function of it
 * @interrupt: it is about an interrupt; @address is its index
 * @write: memory would have been changed
 * @address: what was asked for
 * @reason: code, section 7.1.3
 */
struct fault_line {
	bool has_device;
	bool has_reason;
	u32 segment;
	u8 bus;
	u8 devfn;
	bool interrupt;
	bool write;
	u64 address;
	u8 reason;
};

bool fault_line_parse(struct fault_line *f, const char *line);
bool fault_line_device(const char *line, u32 *segment, u8 *bus, u8 *devfn);

#endif /* VTD_FAULTLINE_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* What a log had in it: a thousand equal lines are one finding with a count. */
#ifndef VTD_FINDINGS_H
#define VTD_FINDINGS_H

#include "explanations.h"

#define FINDINGS_MAX	256u
#define FINDINGS_LINE	512u

/**
 * struct finding - lines that mean the same of the same device
 * @what: explained
 * @is_fault: @fault is the first one
 * @fault: its fields
 * @verdict: what the driver said of it, NULL if nothing: the stock driver says nothing
 * @has_device: the three below hold
 * @segment: PCI domain
 * @bus: bus
 * @devfn: device and function
 * @count: how many lines
 * @low: lowest address of the faults
 * @high: highest address of the faults
 * @line: the first of them, cut to fit
 */
struct finding {
	struct explanation what;
	bool is_fault;
	struct fault_line fault;
	const char *verdict;
	bool has_device;
	u32 segment;
	u8 bus;
	u8 devfn;
	unsigned long count;
	u64 low;
	u64 high;
	char line[FINDINGS_LINE];
};

/**
 * struct findings - all of a log
 * @count: of @finding
 * @finding: in the order of their first lines
 * @lines: lines that were read
 * @dropped: lines for which there was no room
 * @pending: a fault whose reason comes in the next line
 * @has_pending: there is one
 * @waiting: a fault whose verdict may come
 * @has_waiting: there is one
 */
struct findings {
	unsigned int count;
	struct finding finding[FINDINGS_MAX];
	unsigned long lines;
	unsigned long dropped;
	struct fault_line pending;
	bool has_pending;
	struct finding waiting;
	bool has_waiting;
};

void findings_line(struct findings *f, const char *line);
void findings_end(struct findings *f);

#endif /* VTD_FINDINGS_H */

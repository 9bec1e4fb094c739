/* SPDX-License-Identifier: GPL-2.0 */
/* Words for fault reasons, and the verdict a user can act on.  Pure. */
#ifndef VTD_UNIT_FAULT_TEXT_H
#define VTD_UNIT_FAULT_TEXT_H

#include <linux/types.h>

#include "unit/fault.h"

/**
 * struct vtd_fault_facts - what the rooms above know about a fault
 * @known_device: a probed device owns the requester id
 * @no_driver: it has no driver, nor has any other that shares the requester id
 * @unserved: no unit that works serves the device, but the bus has it
 * @attached: it is attached to a domain with page tables
 * @blocked: it is attached to the blocked domain or to none
 * @inherits: not attached yet: what the kernel before gave to it goes on
 * @identity: it is attached to the identity domain
 * @width: bits of address that the device's unit translates, 0 if unknown
 * @present: the address has an entry now
 * @readable: that entry allows reads
 * @writable: that entry allows writes
 * @large: that entry is a leaf above level 1
 */
struct vtd_fault_facts {
	bool known_device;
	bool no_driver;
	bool unserved;
	bool attached;
	bool blocked;
	bool inherits;
	bool identity;
	u8 width;
	bool present;
	bool readable;
	bool writable;
	bool large;
};

/**
 * struct vtd_interrupt_facts - what the rooms above know about a refused interrupt
 * @present: somebody has the entry by now
 * @own: the entry is for this requester
 */
struct vtd_interrupt_facts {
	bool present;
	bool own;
};

const char *vtd_fault_reason(u8 reason);
const char *vtd_fault_type(const struct vtd_fault *fault);
const char *vtd_fault_verdict(const struct vtd_fault *fault,
			      const struct vtd_fault_facts *facts);
const char *vtd_interrupt_verdict(const struct vtd_fault *fault,
				  const struct vtd_interrupt_facts *facts);

#endif /* VTD_UNIT_FAULT_TEXT_H */

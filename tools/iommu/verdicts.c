// SPDX-License-Identifier: GPL-2.0
/*
 * The table: each verdict that unit/fault_text.c has, in the words of the table "What the
 * verdict asks of you" in Documentation/admin-guide/intel-iommu.rst.  tests/test_verdicts.py
 * keeps the three equal.
 */
#include <stddef.h>
#include <string.h>

#include "verdicts.h"

#define DIRECTION_MEANS	"the driver said that the device would only read (or only write), and the device does the other"
#define DRIVER_FIRST	"newer kernel or firmware of the device; report it to the driver's authors with both lines"
#define STOPPED_FIRST	"nothing, if all works; bind a driver; a network card that boots from the network or a USB controller: look in firmware's setup"
#define LEFT_ON_MEANS	"the device goes on with what it was told before this kernel started"
#define LEFT_ON_FIRST	"bind its driver, or reset it (echo 1 > .../reset)"
#define OWN_BUG_MEANS	"what the driver wrote is not what the unit read"
#define OWN_BUG_FIRST	"report it with the lines that have cap and ecap; a memory test"
#define NO_ENTRY_MEANS	"a message of an earlier kernel, one that came late, or a forged one"
#define NO_ENTRY_FIRST	"once after boot or reset: nothing; again and again: the driver"
#define RACE_MEANS	"a race of the device with its driver"
#define RACE_FIRST	"nothing, if all works"
#define FORGED_MEANS	"a forged interrupt, or a bridge that changes requester ids"
#define FORGED_FIRST	"if a guest has the device: distrust the guest; if not: report it, with lspci -t"
#define IR_BUG_MEANS	"a bug of this driver or of the hypervisor, or memory was overwritten"
#define IR_BUG_FIRST	"report it; a memory test"

#define UNMAPPED_FIRST	"newer kernel or firmware of the device; report it to the driver's authors with both lines; intel_iommu.identity= for this device keeps it going, unprotected"

static const struct verdict table[] = {
	{ "not mapped: never mapped, or unmapped while the device still used it", WEIGHT_BAD,
	  "a bug of the device's driver or firmware, by far the most frequent",
	  UNMAPPED_FIRST },
	{ "wrong direction: the driver mapped this memory read-only", WEIGHT_BAD,
	  DIRECTION_MEANS, DRIVER_FIRST },
	{ "wrong direction: the driver mapped this memory write-only", WEIGHT_BAD,
	  DIRECTION_MEANS, DRIVER_FIRST },
	{ "mapped by now, but not when the device used it", WEIGHT_BAD,
	  "the device was faster than its driver, or the address is another buffer's by now",
	  "nothing, if it came once; else newer kernel or firmware of the device" },
	{ "neither RAM nor a region of firmware: the identity domain does not have it", WEIGHT_BAD,
	  "with iommu=pt: the device reached for an address that is no memory",
	  "if always the same range: firmware forgot a region, intel_iommu.rmrr=" },
	{ "active while it was set up or taken down: it has no page tables now", WEIGHT_LOOK,
	  "requests during a change of domains", "nothing, if it is not repeated" },
	{ "no driver is bound: left running by firmware, an earlier kernel or a driver that is gone",
	  WEIGHT_LOOK, "nobody has stopped the device", STOPPED_FIRST },
	{ "no entry: the device was not set up, but it is active", WEIGHT_LOOK,
	  "nobody has stopped the device, and its driver has not asked for memory yet",
	  STOPPED_FIRST },
	{ "the device is blocked: nobody has given it memory, but it is active", WEIGHT_BAD,
	  "taken from a driver or a guest, or given up, and still sending",
	  "look for an earlier line about the device; reset it" },
	{ "the kernel that crashed did not let it, and no driver has started it here", WEIGHT_LOOK,
	  "in a crash kernel: it was refused before the crash as well",
	  "leave it: it ends with the driver's start, or the next boot" },
	{ "no such device on this machine: nobody has this requester id", WEIGHT_BAD,
	  "a device behind a bridge that uses other ids, a function that firmware hides, or a forged id",
	  "lspci -s with the bus: what is above it; firmware's update" },
	{ "no unit that works serves the device, so all it does is refused", WEIGHT_BAD,
	  "its unit failed, and the machine demands protection",
	  "the line that begins with unit at or ends in off: has the reason" },
	{ "beyond the width: such an address was never given to a device", WEIGHT_BAD,
	  "more address bits than the unit translates: a broken descriptor, or a program that chose its own addresses",
	  "the driver, or the program; see width in sysfs" },
	{ "the address belongs to interrupts: it can never be memory", WEIGHT_BAD,
	  "a request, or a mapping, into 0xfeexxxxx",
	  "the driver, or the guest that has the device" },
	{ "translated requests (ATS) are not allowed to this device", WEIGHT_BAD,
	  "it claims to have translated by itself, and must not",
	  "distrust the device; firmware's update" },
	{ "nobody has given it PASIDs: an earlier kernel or firmware left them on", WEIGHT_LOOK,
	  LEFT_ON_MEANS, LEFT_ON_FIRST },
	{ "nobody answers its page requests: left on from before, or too many", WEIGHT_LOOK,
	  LEFT_ON_MEANS, LEFT_ON_FIRST },
	{ "large pages do not work on this unit: boot with intel_iommu=sp_off", WEIGHT_BAD,
	  "the unit announces them and faults on them",
	  "intel_iommu=sp_off, and a report: the processor belongs into the list of errata" },
	{ "the page table has a bit that the unit refuses: a bug of this driver", WEIGHT_BAD,
	  OWN_BUG_MEANS, OWN_BUG_FIRST },
	{ "tables broken: a bug of this driver, or memory was overwritten", WEIGHT_BAD,
	  OWN_BUG_MEANS, OWN_BUG_FIRST },

	/* Interrupts */
	{ "the message is malformed: no kernel writes such a one", WEIGHT_BAD,
	  "the device sends what nobody told it to", "firmware of the device; distrust it" },
	{ "there is no such entry: the message was not given by this kernel", WEIGHT_LOOK,
	  NO_ENTRY_MEANS, NO_ENTRY_FIRST },
	{ "nobody has this entry: a message that was taken back, or made up", WEIGHT_LOOK,
	  NO_ENTRY_MEANS, NO_ENTRY_FIRST },
	{ "in the old format: from firmware or an earlier kernel, or made up", WEIGHT_LOOK,
	  "nobody has set the device up since remapping is on", "bind its driver, or nothing" },
	{ "it came before its driver set it up", WEIGHT_LOOK, RACE_MEANS, RACE_FIRST },
	{ "the entry is its own by now, but was not when it came", WEIGHT_LOOK,
	  RACE_MEANS, RACE_FIRST },
	{ "the message was not given to it", WEIGHT_BAD, FORGED_MEANS, FORGED_FIRST },
	{ "it uses a message that was given to another device", WEIGHT_BAD,
	  FORGED_MEANS, FORGED_FIRST },
	{ "the virtual CPU that it is posted to cannot be reached", WEIGHT_BAD,
	  IR_BUG_MEANS, IR_BUG_FIRST },
	{ "the table is broken: a bug of this driver, or memory was overwritten", WEIGHT_BAD,
	  IR_BUG_MEANS, IR_BUG_FIRST },
};

static bool ends_with(const char *line, const char *says)
{
	size_t length = strlen(line), tail = strlen(says);

	while (length && strchr(" \r\t", line[length - 1]))
		length--;
	return length >= tail + 2 && !strncmp(line + length - tail, says, tail) &&
	       !strncmp(line + length - tail - 2, ": ", 2);
}

/**
 * verdict_of_line - the verdict that a line ends with
 * @line: any text
 *
 * Return: NULL if it is no second line of a fault.
 */
const struct verdict *verdict_of_line(const char *line)
{
	unsigned int i;

	if (!strstr(line, "DMAR: dmar"))
		return NULL;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (ends_with(line, table[i].says))
			return &table[i];
	return NULL;
}

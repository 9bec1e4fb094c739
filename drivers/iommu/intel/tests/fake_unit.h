/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A remapping unit made of memory, under the register accessors:
 *
 *	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP, FAKE_ECAP);
 *	... use it ...
 *	KUNIT_EXPECT_EQ(test, fake_unit_of(iommu)->log_count, 1);
 *
 * It answers GCMD in GSTS, executes descriptors when IQT is written (or the
 * registers for those without queue) and logs them, except waits.  It goes away
 * with the test.  A thread that a test starts sees it after
 * fake_unit_join(test).
 */
#ifndef VTD_TESTS_FAKE_UNIT_H
#define VTD_TESTS_FAKE_UNIT_H

#include <kunit/test.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "hw/descriptors.h"
#include "hw/registers.h"
#include "unit/unit.h"

/* What QEMU has: 39 bits, 3 levels, page-selective, queue, one fault record */
#define FAKE_CAP	0x00d2008c22260206ull
#define FAKE_ECAP	0x0000000000f00f4aull

/* The same in caching mode */
#define FAKE_CAP_CM	(FAKE_CAP | VTD_CAP_CM)

#define FAKE_WINDOW	0x5000u		/* the most that CAP and ECAP can ask for */
#define FAKE_LOG	4096u
#define FAKE_OWED	64u

/**
 * struct fake_wait - one write of a status word by a wait descriptor
 * @addr: where
 * @data: what
 * @after: descriptors in the log at that time
 */
struct fake_wait {
	u64 addr;
	u32 data;
	u32 after;
};

/**
 * struct fake_unit - a unit made of memory; tests may set and read all fields
 * @lock: taken by each access
 * @reg: the register window
 * @iommu: the driver's side, once fake_unit_create() made it
 * @log: descriptors executed, without waits
 * @log_count: how many of @log; set to 0 to start again
 * @wait: what waits wrote
 * @wait_count: how many of @wait
 * @gcmd: values written to GCMD
 * @gcmd_count: how many of @gcmd
 * @doorbells: writes of IQT
 * @maps: vtd_regs_map() calls
 * @mapped: size of the last one
 * @unmaps: vtd_regs_unmap() calls; the last thing that is done to a unit
 * @gone: all registers read all ones, writes are lost
 * @deaf: GCMD bits, and PMEN if VTD_PMEN_PRS is in here, that are not obeyed
 * @deaf_reads: reads of GSTS until what @deaf kept from being switched off is off, 0
 *	for never
 * @deaf_registers: register-based invalidations never end
 * @slow_registers: reads until a register-based invalidation ends, 0 for at once
 * @refuse_registers: so many register-based invalidations end without effect
 * @clashes: register-based invalidations while the queue was on
 * @stalled: the queue is not executed
 * @stall_looks: reads of FSTS until @stalled ends by itself, 0 for never
 * @silent: requester id of a device that does not answer invalidations ...
 * @silent_last: ... and of the last one of several, 0 for one only ...
 * @silent_times: ... so many times; the next wait becomes ITE instead
 * @owed: requester ids of those that did not answer yet
 * @owed_count: how many of @owed
 * @ite_each: one ITE for each silent device, not one for all
 * @refused: requester id whose device TLB descriptors are refused, 0 for none
 * @refuse_after: each descriptor is refused, once there are so many less one in the log;
 *	0 for none
 * @torn_off: requester id of a device that is gone from the bus, 0 for none ...
 * @torn_off_known: ... and PCI knows of it
 * @ite_named: IQERCD names the device (newer units)
 * @ite_early: IQH stays at the wait instead of going past it
 * @ite_looks: reads of FSTS until ITE is raised, 0 for at once
 * @ite_left: how many of them are left
 * @drains: waits that drained page requests
 * @on_drain: what such a wait brings along, NULL for nothing; @lock is held
 * @lazy: fetches again when IQT is written, not when an error is cleared
 * @storm: fault records that fill up again as soon as they are cleared
 * @next_fault: record that the next fault goes to
 * @enabled_at: when its queue was last switched on, in events of all fakes
 * @flushed_at: when it last executed a descriptor
 */
struct fake_unit {
	raw_spinlock_t lock;
	u64 reg[FAKE_WINDOW / 8];
	struct intel_iommu *iommu;
	struct vtd_desc log[FAKE_LOG];
	u32 log_count;
	struct fake_wait wait[FAKE_LOG];
	u32 wait_count;
	u32 gcmd[64];
	u32 gcmd_count;
	u32 doorbells;
	u32 maps;
	u64 mapped;
	u32 unmaps;

	bool gone;
	u32 deaf;
	u32 deaf_reads;
	bool deaf_registers;
	u32 slow_registers;
	u32 slow_left;
	u32 refuse_registers;
	u32 clashes;
	bool stalled;
	u32 stall_looks;
	u16 silent;
	u16 silent_last;
	u32 silent_times;
	u16 owed[FAKE_OWED];
	u32 owed_count;
	bool ite_each;
	u16 refused;
	u32 refuse_after;
	u16 torn_off;
	bool torn_off_known;
	bool ite_named;
	bool ite_early;
	u32 ite_looks;
	u32 ite_left;
	u32 drains;
	void (*on_drain)(struct fake_unit *fake);
	bool lazy;
	u32 storm;
	u32 next_fault;
	u32 enabled_at;
	u32 flushed_at;
};

struct fake_unit *fake_unit_prepare(struct kunit *test, u64 cap, u64 ecap);
struct intel_iommu *fake_unit_create(struct kunit *test, u64 cap, u64 ecap);
struct fake_unit *fake_unit_of(struct intel_iommu *iommu);
void fake_unit_join(struct kunit *test);

u32 fake_unit_peek32(struct fake_unit *fake, u32 offset);
void fake_unit_poke32(struct fake_unit *fake, u32 offset, u32 value);
u64 fake_unit_peek64(struct fake_unit *fake, u32 offset);
void fake_unit_poke64(struct fake_unit *fake, u32 offset, u64 value);

void fake_unit_run(struct fake_unit *fake);
void fake_unit_fault(struct fake_unit *fake, u64 lo, u64 hi);
unsigned int fake_unit_count(struct fake_unit *fake, const struct vtd_desc *desc);

void fake_unit_hurry(struct kunit *test, u32 cut_us, u32 timeout_us);

void fake_unit_expect(struct kunit *test, struct fake_unit *fake, u32 index,
		      struct vtd_desc want);

#endif /* VTD_TESTS_FAKE_UNIT_H */

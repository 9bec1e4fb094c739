/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One remapping unit: its window, its capabilities, the gate to GCMD, and what
 * the rooms above hang on it.
 *
 * Letters after a field name its protection: (c) constant once the unit is
 * published, (g) gate_lock, (q) the queue's lock, (u) device_lock, (rcu) read under RCU, (o) the
 * room named owns it.
 */
#ifndef VTD_UNIT_UNIT_H
#define VTD_UNIT_UNIT_H

#include <linux/idr.h>
#include <linux/iommu.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/xarray.h>

#include "unit/caps.h"
#include "unit/page_request.h"
#include "unit/registers.h"

struct vtd_event;
struct vtd_fault;
struct vtd_faults;
struct vtd_ir;
struct vtd_prq;
struct vtd_queue;
struct vtd_root;
struct vtd_static;
struct vtd_strays;

/* Units are numbered dmar0 .. dmar1023; dmar_alloc_hwirq() adds 1024 and 2048 */
#define VTD_UNITS_MAX	1024

/**
 * enum vtd_unit_state - how far a unit has come; below ON it never translated
 * @VTD_UNIT_OFF: mapped, or not even that; translates nothing
 * @VTD_UNIT_READY: queue, root table and interrupts set up, translation off
 * @VTD_UNIT_ON: translating
 * @VTD_UNIT_DEAD: could not be brought up or stopped answering; left alone
 */
enum vtd_unit_state {
	VTD_UNIT_OFF,
	VTD_UNIT_READY,
	VTD_UNIT_ON,
	VTD_UNIT_DEAD,
};

/**
 * struct intel_iommu - one remapping unit
 * @regs: (c) mapped register window
 * @cap: (c) CAP as read
 * @ecap: (c) ECAP as read
 * @version: (c) VER as read
 * @caps: (c) decoded, after quirks
 * @seq_id: (c) number, the N of dmarN
 * @name: (c) "dmarN"
 * @segment: (c) PCI segment
 * @node: (c) NUMA node, or NUMA_NO_NODE
 * @state: changes in boot/ only
 * @why_dead: one phrase for the log when @state is VTD_UNIT_DEAD; set before
 *	@unit_dead is called, and then no invalidation succeeds any more
 * @gate_lock: (g) serialises GCMD and the register-based invalidations; taken
 *	with interrupts off
 * @queue: (o: unit/queue.c) invalidation queue, NULL for a unit without
 * @event: (o: unit/event.c) fault event interrupt
 * @page_event: (o: unit/event.c) page request interrupt, NULL for a unit without
 * @prq: (o: unit/prq.c) page request queue, NULL for a unit without
 * @faults: (o: unit/fault.c) counters and storm state
 * @faults_ended: (o: unit/fault.c) the same when it is over, for who still looks
 * @ir_found: (o: boot/remap.c) it remaps interrupts by a table of the kernel before, and
 *	has not been given ours yet
 * @graphics_only: (c) set by boot/: firmware gives it graphics devices only
 * @scalable: (c) set by boot/ before it has a root table: requesters are looked up in
 *	scalable mode ...
 * @why_legacy: ... or a phrase why not
 * @keep_translating: (c) erratum: translation may not be turned off while
 *	graphics runs; counts only together with @graphics_only
 * @report_fault: (c) handed down by boot/: told of each fault record; runs in
 *	the fault thread; may sleep, takes no lock of unit/
 * @page_request: (c) handed down by boot/: told of each page request that wants an
 *	answer or waits for the last of its group; @refused: only an answer is wanted.
 *	Runs in who reads the queue, with vtd_prq.lock held; may sleep, takes no lock
 *	that is held while somebody waits for that one
 * @page_requests_lost: (c) handed down by boot/: some were, so that groups may stay
 *	without their last one for ever; they are not to be answered.  The same rules
 * @device_tlb_dead: (c) handed down by boot/: a device no longer answers
 *	invalidations of its TLB; no more may be sent to it and it must be cut off.
 *	Called from whoever waits or submits, in any context, possibly with the
 *	queue's lock held, before anybody learns of the error: may not sleep, may
 *	not invalidate; may be called more than once for a device, and says whether
 *	it is news
 * @device_tlb_off: (c) handed down by boot/: the queue is dead, and a device cannot
 *	be asked to invalidate its TLB; it must not use that any more, but has done
 *	nothing wrong.  The same rules
 * @device_tlb_silent: (c) handed down by boot/: no answer is to be expected from a
 *	device, because it is gone or was given up; nothing is sent to it again.
 *	Called from whoever waits, in any context, with the queue's lock held: may
 *	not sleep, may not invalidate
 * @unit_dead: (c) handed down by boot/: the unit obeys neither its queue nor its
 *	registers, what it has cached cannot be flushed any more.  Called once in
 *	the life of the unit, from whoever waits or submits, in any context, with
 *	no lock of unit/ held: may not sleep, may not invalidate
 * @root_lock: (o: context/) @root and what is below; held while an entry is
 *	replaced, across the flushes; sleeping is fine, every caller is in process
 *	context
 * @root: (o: context/) root table, NULL before a unit has one and after
 * @dids: (o: context/did.c) domain ids given out
 * @did_count: (o: context/did.c) how many that are
 * @device_lock: (u) what its devices are attached to, and who is silenced or cut
 *	off; held across flushes, so that nobody waits for a unit who has no
 *	business with it
 * @rids: (o: device/) requester id -> struct vtd_rid
 * @strays: (o: device/stray.c) who faulted and is in no @rids, NULL before
 * @identity: (o: domain/static.c) tables of the identity domain, for a unit
 *	without pass-through
 * @ir: (o: irq/) interrupt remapping table and domain, NULL without
 * @iommu: handle for the iommu core
 */
struct intel_iommu {
	struct vtd_regs regs;
	u64 cap;
	u64 ecap;
	u32 version;
	struct vtd_caps caps;
	int seq_id;
	char name[16];
	u16 segment;
	int node;
	enum vtd_unit_state state;
	const char *why_dead;

	raw_spinlock_t gate_lock;
	struct vtd_queue *queue;
	struct vtd_event *event;
	struct vtd_event *page_event;
	struct vtd_prq *prq;
	struct vtd_faults *faults;
	struct vtd_faults *faults_ended;
	bool graphics_only;
	bool ir_found;
	bool scalable;
	const char *why_legacy;
	bool keep_translating;
	void (*report_fault)(struct intel_iommu *iommu, const struct vtd_fault *fault);
	void (*page_request)(struct intel_iommu *iommu, const struct vtd_page_request *request,
			     enum vtd_page_verdict verdict);
	void (*page_requests_lost)(struct intel_iommu *iommu);
	bool (*device_tlb_dead)(struct intel_iommu *iommu, u16 sid);
	void (*device_tlb_off)(struct intel_iommu *iommu, u16 sid);
	bool (*device_tlb_silent)(struct intel_iommu *iommu, u16 sid);
	void (*unit_dead)(struct intel_iommu *iommu, const char *why);

	struct mutex root_lock;	/* the tables that the unit looks requesters up in */
	struct vtd_root *root;
	struct ida dids;
	atomic_t did_count;
	struct mutex device_lock;	/* (u) */
	struct xarray rids;
	struct vtd_strays *strays;
	struct vtd_static *identity;
	struct list_head identity_node;
	struct vtd_ir *ir;

	struct iommu_device iommu;
};

struct intel_iommu *vtd_unit_alloc(u64 phys, u64 size, u16 segment, int node);
void vtd_unit_free(struct intel_iommu *iommu);

int vtd_unit_command(struct intel_iommu *iommu, u32 bit, bool on);
int vtd_unit_translation(struct intel_iommu *iommu, bool on);
int vtd_unit_set_root(struct intel_iommu *iommu, u64 rtaddr);
int vtd_unit_set_interrupt_table(struct intel_iommu *iommu, u64 irta);
int vtd_unit_flush_write_buffer(struct intel_iommu *iommu);
int vtd_unit_protected_memory_off(struct intel_iommu *iommu);
bool vtd_unit_translating(struct intel_iommu *iommu);

#endif /* VTD_UNIT_UNIT_H */

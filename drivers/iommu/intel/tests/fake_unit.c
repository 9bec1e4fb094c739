// SPDX-License-Identifier: GPL-2.0
/* A remapping unit made of memory, see fake_unit.h. */
#include <kunit/resource.h>
#include <kunit/static_stub.h>
#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/sched.h>

#include "tests/fake_unit.h"
#include "unit/queue_state.h"
#include "unit/registers.h"

/* Fault records clear this bit of their last 32-bit word when it is written */
#define FAKE_FRCD_F	BIT(31)

/* The one that vtd_regs_map() is going to map */
static struct fake_unit *fake_next;
/* Counts what happens to any of them, so that tests see an order */
static atomic_t fake_events;

static struct fake_unit *fake_of_regs(const struct vtd_regs *regs)
{
	return (__force struct fake_unit *)regs->base;
}

/**
 * fake_unit_of - the fake behind a unit
 * @iommu: from fake_unit_create(), or from vtd_unit_alloc() after _prepare()
 */
struct fake_unit *fake_unit_of(struct intel_iommu *iommu)
{
	return fake_of_regs(&iommu->regs);
}

static u32 get32(struct fake_unit *fake, u32 offset)
{
	return ((u32 *)fake->reg)[offset / 4];
}

static void put32(struct fake_unit *fake, u32 offset, u32 value)
{
	((u32 *)fake->reg)[offset / 4] = value;
}

static u64 get64(struct fake_unit *fake, u32 offset)
{
	return fake->reg[offset / 8];
}

static void put64(struct fake_unit *fake, u32 offset, u64 value)
{
	fake->reg[offset / 8] = value;
}

static u32 fault_offset(struct fake_unit *fake)
{
	return FIELD_GET(VTD_CAP_FRO, get64(fake, VTD_CAP)) * 16;
}

static u32 fault_records(struct fake_unit *fake)
{
	return FIELD_GET(VTD_CAP_NFR, get64(fake, VTD_CAP)) + 1;
}

static u32 iotlb_offset(struct fake_unit *fake)
{
	return FIELD_GET(VTD_ECAP_IRO, get64(fake, VTD_ECAP)) * 16;
}

static void log_desc(struct fake_unit *fake, struct vtd_desc desc)
{
	fake->flushed_at = atomic_inc_return(&fake_events);
	if (fake->log_count < FAKE_LOG)
		fake->log[fake->log_count++] = desc;
}

static void status(struct fake_unit *fake, u32 set)
{
	put32(fake, VTD_FSTS, get32(fake, VTD_FSTS) | set);
}

/* An invalidation that its device answers, or not */
static void ask_device(struct fake_unit *fake, u16 sid)
{
	u16 last = fake->silent_last ?: fake->silent;

	if (!fake->silent_times || sid < fake->silent || sid > last)
		return;
	fake->silent_times--;
	for (u32 i = 0; i < fake->owed_count; i++)
		if (fake->owed[i] == sid)
			return;
	if (fake->owed_count < FAKE_OWED)
		fake->owed[fake->owed_count++] = sid;
}

static void raise_ite(struct fake_unit *fake)
{
	status(fake, VTD_FSTS_ITE);
	put64(fake, VTD_IQERCD, fake->ite_named ?
	      FIELD_PREP(VTD_IQERCD_ITESID, fake->owed[0]) : 0);
	fake->owed_count = fake->ite_each ? fake->owed_count - 1 : 0;
	memmove(fake->owed, fake->owed + 1, fake->owed_count * sizeof(u16));
}

/* A wait: false if it stays pending because a device owes an answer */
static bool run_wait(struct fake_unit *fake, const struct vtd_desc *d)
{
	u64 addr = d->hi & VTD_DESC_WAIT_ADDR;
	u32 data = FIELD_GET(VTD_DESC_WAIT_DATA, d->lo);

	if (fake->owed_count) {
		fake->ite_left = fake->ite_looks;
		if (!fake->ite_left)
			raise_ite(fake);
		return false;
	}
	if (d->lo & VTD_DESC_WAIT_PD) {
		fake->drains++;
		if (fake->on_drain)
			fake->on_drain(fake);
	}
	if (!(d->lo & VTD_DESC_WAIT_SW))
		return true;
	if (fake->wait_count < FAKE_LOG)
		fake->wait[fake->wait_count++] = (struct fake_wait) {
			.addr = addr, .data = data, .after = fake->log_count,
		};
	/* Pairs with the acquire of who waits: invalidated first, written then */
	smp_store_release((u32 *)phys_to_virt(addr), data);
	return true;
}

static bool refuse(struct fake_unit *fake, u32 reason, bool *next)
{
	status(fake, VTD_FSTS_IQE);
	put64(fake, VTD_IQERCD, FIELD_PREP(VTD_IQERCD_IQEI, reason));
	*next = false;
	return false;
}

/* One descriptor; false if the unit stops at it, *@next: has it been fetched? */
static bool run_one(struct fake_unit *fake, const struct vtd_desc *d, bool *next)
{
	*next = true;
	if (fake->refuse_after && fake->log_count + 1 >= fake->refuse_after &&
	    !vtd_desc_is(d, VTD_DESC_WAIT))
		return refuse(fake, 4, next);
	switch (FIELD_GET(VTD_DESC_TYPE, d->lo)) {
	case VTD_DESC_DEV_TLB:
	case VTD_DESC_PASID_TLB:
		if (fake->refused && vtd_desc_sid(d) == fake->refused)
			return refuse(fake, 4, next);
		ask_device(fake, vtd_desc_sid(d));
		fallthrough;
	case VTD_DESC_CONTEXT:
	case VTD_DESC_IOTLB:
	case VTD_DESC_PIOTLB:
	case VTD_DESC_IEC:
	case VTD_DESC_PASID:
	case VTD_DESC_PAGE_RESPONSE:
		log_desc(fake, *d);
		return true;
	case VTD_DESC_WAIT:
		if (run_wait(fake, d))
			return true;
		*next = !fake->ite_early;
		return false;
	default:
		return refuse(fake, 3, next);
	}
}

/* What a descriptor of 256 bits does not use is reserved (section 6.5.2) */
static bool run_slot(struct fake_unit *fake, const void *at, u32 size, bool *next)
{
	if (memchr_inv(at + sizeof(struct vtd_desc), 0, size - sizeof(struct vtd_desc)))
		return refuse(fake, 4, next);
	return run_one(fake, at, next);
}

static void run(struct fake_unit *fake)
{
	const u32 stop = VTD_FSTS_IQE | VTD_FSTS_ITE;
	u64 iqa = get64(fake, VTD_IQA);
	u32 bytes = PAGE_SIZE << FIELD_GET(VTD_IQA_QS, iqa);
	u32 slot = sizeof(struct vtd_desc) << !!(iqa & VTD_IQA_DW);
	bool go = true, next;

	if (!(get32(fake, VTD_GSTS) & VTD_GSTS_QIES) || fake->stalled || fake->gone)
		return;
	while (go && !fake->ite_left && !(get32(fake, VTD_FSTS) & stop) &&
	       get64(fake, VTD_IQH) != get64(fake, VTD_IQT)) {
		u64 head = get64(fake, VTD_IQH);

		go = run_slot(fake, phys_to_virt((iqa & VTD_IQA_IQA) + head), slot, &next);
		if (next)
			put64(fake, VTD_IQH, (head + slot) % bytes);
	}
}

static void write_gcmd(struct fake_unit *fake, u32 value)
{
	u32 old = get32(fake, VTD_GSTS), sts;
	const u32 pointers = VTD_GCMD_SRTP | VTD_GCMD_SIRTP;

	if (fake->gcmd_count < ARRAY_SIZE(fake->gcmd))
		fake->gcmd[fake->gcmd_count++] = value;
	/* A pointer that was taken stays taken; all else follows what is written */
	sts = (value & ~VTD_GCMD_ONE_SHOT) | (old & pointers) | (value & pointers);
	sts = (sts & ~fake->deaf) | (old & fake->deaf);
	if (value & fake->deaf & VTD_GCMD_WBF)
		sts |= VTD_GSTS_WBFS;
	if ((value & VTD_GCMD_SIRTP) && (get64(fake, VTD_CAP) & VTD_CAP_ESIRTPS))
		log_desc(fake, vtd_desc_iec_all());
	if (!(old & VTD_GSTS_QIES) && (sts & VTD_GSTS_QIES)) {
		put64(fake, VTD_IQH, 0);
		fake->enabled_at = atomic_inc_return(&fake_events);
	}
	put32(fake, VTD_GSTS, sts);
	run(fake);
}

static void write_fsts(struct fake_unit *fake, u32 value)
{
	const u32 clear = VTD_FSTS_QUEUE | VTD_FSTS_PFO | VTD_FSTS_AFO | VTD_FSTS_APF;

	put32(fake, VTD_FSTS, get32(fake, VTD_FSTS) & ~(value & clear));
	if (!fake->lazy)
		run(fake);
}

static void end_ccmd(struct fake_unit *fake, u64 value)
{
	u64 gran = FIELD_GET(VTD_CCMD_CIRG, value);

	value &= ~(VTD_CCMD_ICC | VTD_CCMD_CAIG);
	if (!fake->refuse_registers || !fake->refuse_registers--) {
		value |= FIELD_PREP(VTD_CCMD_CAIG, gran);
		log_desc(fake, vtd_desc_context(gran, FIELD_GET(VTD_CCMD_DID, value),
						FIELD_GET(VTD_CCMD_SID, value)));
	}
	put64(fake, VTD_CCMD, value);
}

static void end_iotlb(struct fake_unit *fake, u32 offset, u64 value)
{
	u64 gran = FIELD_GET(VTD_IOTLB_IIRG, value);
	struct vtd_desc d;

	value &= ~(VTD_IOTLB_IVT | VTD_IOTLB_IAIG);
	if (!fake->refuse_registers || !fake->refuse_registers--) {
		value |= FIELD_PREP(VTD_IOTLB_IAIG, gran);
		d = vtd_desc_iotlb(gran, FIELD_GET(VTD_IOTLB_DID, value),
				   (value & VTD_IOTLB_DR ? VTD_DESC_IOTLB_DR : 0) |
				   (value & VTD_IOTLB_DW ? VTD_DESC_IOTLB_DW : 0));
		if (gran == VTD_INV_SELECTIVE)
			d.hi = get64(fake, offset - VTD_IOTLB_OFFSET);
		log_desc(fake, d);
	}
	put64(fake, offset, value);
}

static void end_registers(struct fake_unit *fake, u32 offset)
{
	u64 value = get64(fake, offset);

	if (offset == VTD_CCMD && (value & VTD_CCMD_ICC))
		end_ccmd(fake, value);
	else if (offset != VTD_CCMD && (value & VTD_IOTLB_IVT))
		end_iotlb(fake, offset, value);
}

/* The queue must be off (section 6.5): what is asked for while it is on is lost */
static void write_registers(struct fake_unit *fake, u32 offset, u64 value)
{
	if (get32(fake, VTD_GSTS) & VTD_GSTS_QIES) {
		fake->clashes++;
		return;
	}
	put64(fake, offset, value);
	fake->slow_left = fake->deaf_registers ? 0 : fake->slow_registers;
	if (!fake->deaf_registers && !fake->slow_left)
		end_registers(fake, offset);
}

static bool is_registers(struct fake_unit *fake, u32 offset)
{
	return offset == VTD_CCMD || offset == iotlb_offset(fake) + VTD_IOTLB_OFFSET;
}

/* PPF is the sum of all F bits */
static void sum_up_faults(struct fake_unit *fake)
{
	u32 any = 0;

	for (u32 i = 0; i < fault_records(fake); i++)
		any |= get32(fake, fault_offset(fake) + i * 16 + 12) & FAKE_FRCD_F;
	put32(fake, VTD_FSTS, (get32(fake, VTD_FSTS) & ~VTD_FSTS_PPF) |
	      (any ? VTD_FSTS_PPF : 0));
}

static void clear_fault(struct fake_unit *fake, u32 offset, u32 value)
{
	if (!(value & FAKE_FRCD_F))
		return;
	if (fake->storm && fake->storm--)
		return;
	put32(fake, offset, get32(fake, offset) & ~FAKE_FRCD_F);
	sum_up_faults(fake);
}

/* A device faults; @hi without the F bit */
static void record_fault(struct fake_unit *fake, u64 lo, u64 hi)
{
	u32 sts = get32(fake, VTD_FSTS);
	u32 at = fault_offset(fake) + fake->next_fault * 16;

	if (sts & VTD_FSTS_PFO)
		return;
	if (get64(fake, at + 8) & VTD_FRCD_HI_F) {
		status(fake, VTD_FSTS_PFO);
		return;
	}
	if (!(sts & VTD_FSTS_PPF))
		sts = (sts & ~VTD_FSTS_FRI) | FIELD_PREP(VTD_FSTS_FRI, fake->next_fault);
	put32(fake, VTD_FSTS, sts | VTD_FSTS_PPF);
	put64(fake, at, lo);
	put64(fake, at + 8, hi | VTD_FRCD_HI_F);
	fake->next_fault = (fake->next_fault + 1) % fault_records(fake);
}

static u32 fake_read32(const struct vtd_regs *regs, u32 offset)
{
	struct fake_unit *fake = fake_of_regs(regs);
	unsigned long flags;
	u32 value;

	raw_spin_lock_irqsave(&fake->lock, flags);
	if (offset == VTD_FSTS && fake->stall_looks && !--fake->stall_looks) {
		fake->stalled = false;
		run(fake);
	}
	if (offset == VTD_GSTS && fake->deaf_reads && !--fake->deaf_reads) {
		put32(fake, VTD_GSTS, get32(fake, VTD_GSTS) & ~fake->deaf);
		fake->deaf = 0;
	}
	if (offset == VTD_FSTS && fake->ite_left && !--fake->ite_left)
		raise_ite(fake);
	value = fake->gone ? U32_MAX : get32(fake, offset);
	raw_spin_unlock_irqrestore(&fake->lock, flags);
	return value;
}

static u64 fake_read64(const struct vtd_regs *regs, u32 offset)
{
	struct fake_unit *fake = fake_of_regs(regs);
	unsigned long flags;
	u64 value;

	raw_spin_lock_irqsave(&fake->lock, flags);
	if (is_registers(fake, offset) && fake->slow_left && !--fake->slow_left)
		end_registers(fake, offset);
	value = fake->gone ? U64_MAX : get64(fake, offset);
	raw_spin_unlock_irqrestore(&fake->lock, flags);
	return value;
}

static void fake_write32(const struct vtd_regs *regs, u32 offset, u32 value)
{
	struct fake_unit *fake = fake_of_regs(regs);
	u32 first = fault_offset(fake);
	unsigned long flags;

	raw_spin_lock_irqsave(&fake->lock, flags);
	if (fake->gone) {
		/* lost */
	} else if (offset == VTD_GCMD) {
		write_gcmd(fake, value);
	} else if (offset == VTD_FSTS) {
		write_fsts(fake, value);
	} else if (offset == VTD_PRS) {
		put32(fake, VTD_PRS, get32(fake, VTD_PRS) & ~value);
	} else if (offset == VTD_IQT) {
		fake->doorbells++;
		put64(fake, VTD_IQT, value);
		run(fake);
	} else if (offset == VTD_PMEN) {
		put32(fake, VTD_PMEN, value & VTD_PMEN_EPM || fake->deaf & VTD_PMEN_PRS ?
		      value | VTD_PMEN_PRS : value & ~VTD_PMEN_PRS);
	} else if (offset >= first && offset < first + 16 * fault_records(fake)) {
		clear_fault(fake, offset, value);
	} else {
		put32(fake, offset, value);
	}
	raw_spin_unlock_irqrestore(&fake->lock, flags);
}

static void fake_write64(const struct vtd_regs *regs, u32 offset, u64 value)
{
	struct fake_unit *fake = fake_of_regs(regs);
	unsigned long flags;

	raw_spin_lock_irqsave(&fake->lock, flags);
	if (fake->gone)
		; /* lost */
	else if (is_registers(fake, offset))
		write_registers(fake, offset, value);
	else
		put64(fake, offset, value);
	raw_spin_unlock_irqrestore(&fake->lock, flags);
}

static int fake_regs_map(struct vtd_regs *regs, u64 phys, u64 size, const char *name)
{
	if (size > FAKE_WINDOW)
		return -EINVAL;
	regs->base = (void __force __iomem *)fake_next;
	regs->phys = phys;
	regs->size = max_t(u64, ALIGN(size, VTD_WINDOW_MIN), VTD_WINDOW_MIN);
	fake_next->maps++;
	fake_next->mapped = regs->size;
	return 0;
}

static void fake_regs_unmap(struct vtd_regs *regs)
{
	if (regs->base)
		fake_of_regs(regs)->unmaps++;
	regs->base = NULL;
}

u32 fake_unit_peek32(struct fake_unit *fake, u32 offset)
{
	unsigned long flags;
	u32 value;

	raw_spin_lock_irqsave(&fake->lock, flags);
	value = get32(fake, offset);
	raw_spin_unlock_irqrestore(&fake->lock, flags);
	return value;
}

void fake_unit_poke32(struct fake_unit *fake, u32 offset, u32 value)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&fake->lock, flags);
	put32(fake, offset, value);
	raw_spin_unlock_irqrestore(&fake->lock, flags);
}

u64 fake_unit_peek64(struct fake_unit *fake, u32 offset)
{
	unsigned long flags;
	u64 value;

	raw_spin_lock_irqsave(&fake->lock, flags);
	value = get64(fake, offset);
	raw_spin_unlock_irqrestore(&fake->lock, flags);
	return value;
}

void fake_unit_poke64(struct fake_unit *fake, u32 offset, u64 value)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&fake->lock, flags);
	put64(fake, offset, value);
	raw_spin_unlock_irqrestore(&fake->lock, flags);
}

/**
 * fake_unit_run - end a stall and execute what is in the queue
 * @fake: the unit
 */
void fake_unit_run(struct fake_unit *fake)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&fake->lock, flags);
	fake->stalled = false;
	run(fake);
	raw_spin_unlock_irqrestore(&fake->lock, flags);
}

/**
 * fake_unit_fault - let a device fault
 * @fake: the unit
 * @lo: low word of the record
 * @hi: high word, without F
 */
void fake_unit_fault(struct fake_unit *fake, u64 lo, u64 hi)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&fake->lock, flags);
	record_fault(fake, lo, hi);
	raw_spin_unlock_irqrestore(&fake->lock, flags);
}

/**
 * fake_unit_join - let the current thread see the fakes of a test
 * @test: the test; NULL to leave again
 */
void fake_unit_join(struct kunit *test)
{
	current->kunit_test = test;
}

static void relax(void *unused)
{
	vtd_queue_cut_us = VTD_QUEUE_CUT_US;
	vtd_queue_timeout_us = VTD_QUEUE_TIMEOUT_US;
	vtd_queue_grace_us = VTD_QUEUE_GRACE_US;
	vtd_queue_hurry_us = VTD_QUEUE_HURRY_US;
	vtd_queue_again_ms = VTD_QUEUE_AGAIN_MS;
}

/**
 * fake_unit_hurry - bounds of the queue that a test can wait for
 * @test: the test; they are what they were when it ends
 * @cut_us: until devices are given up
 * @timeout_us: until the queue is
 *
 * Nobody has more patience than that, whatever the context, and a queue that died
 * is not started again by itself.
 */
void fake_unit_hurry(struct kunit *test, u32 cut_us, u32 timeout_us)
{
	vtd_queue_cut_us = cut_us;
	vtd_queue_timeout_us = timeout_us;
	vtd_queue_grace_us = 0;
	vtd_queue_again_ms = 0;
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, relax, NULL));
}

/**
 * fake_unit_prepare - a fake that the next vtd_unit_alloc() maps
 * @test: the test
 * @cap: CAP
 * @ecap: ECAP
 */
struct fake_unit *fake_unit_prepare(struct kunit *test, u64 cap, u64 ecap)
{
	struct fake_unit *fake = kunit_kzalloc(test, sizeof(*fake), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, fake);
	raw_spin_lock_init(&fake->lock);
	put32(fake, VTD_VER, 0x10);
	put64(fake, VTD_CAP, cap);
	put64(fake, VTD_ECAP, ecap);
	put32(fake, VTD_FECTL, VTD_ECTL_IM);
	fake_next = fake;
	/* For a thread that has not joined the test nothing ever moves */
	fake_unit_hurry(test, vtd_queue_cut_us, vtd_queue_timeout_us);

	kunit_activate_static_stub(test, vtd_read32, fake_read32);
	kunit_activate_static_stub(test, vtd_read64, fake_read64);
	kunit_activate_static_stub(test, vtd_write32, fake_write32);
	kunit_activate_static_stub(test, vtd_write64, fake_write64);
	kunit_activate_static_stub(test, vtd_regs_map, fake_regs_map);
	kunit_activate_static_stub(test, vtd_regs_unmap, fake_regs_unmap);
	return fake;
}

static void fake_unit_destroy(void *data)
{
	struct intel_iommu *iommu = data;

	vtd_queue_exit(iommu);
	vtd_unit_free(iommu);
}

/**
 * fake_unit_create - a unit, ready, its queue running if it has one
 * @test: the test
 * @cap: CAP, FAKE_CAP will often do
 * @ecap: ECAP, FAKE_ECAP will often do
 *
 * Return: the unit; the test ends here if that fails.
 */
struct intel_iommu *fake_unit_create(struct kunit *test, u64 cap, u64 ecap)
{
	struct fake_unit *fake = fake_unit_prepare(test, cap, ecap);
	struct intel_iommu *iommu;

	iommu = vtd_unit_alloc(0xfed90000, VTD_WINDOW_MIN, 0, NUMA_NO_NODE);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, iommu);
	fake->iommu = iommu;
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, fake_unit_destroy, iommu));
	KUNIT_ASSERT_EQ(test, 0, vtd_queue_init(iommu));
	KUNIT_ASSERT_EQ(test, 0, vtd_queue_enable(iommu));
	fake->gcmd_count = 0;
	return iommu;
}

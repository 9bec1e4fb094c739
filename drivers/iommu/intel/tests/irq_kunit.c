// SPDX-License-Identifier: GPL-2.0
/* Interrupt remapping on a unit made of memory: table, entries, scopes. */
#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/list.h>
#include <linux/string.h>

#include "../../irq_remapping.h"
#include "acpi/inventory.h"
#include "acpi/table.h"
#include "boot/remap.h"
#include "irq/ir_domain.h"
#include "irq/ir_scope.h"
#include "irq/ir_table.h"
#include "tests/fake_inventory.h"
#include "tests/fake_unit.h"
#include "unit/queue_state.h"

static const struct vtd_ir_source source = { VTD_SVT_ID, VTD_SQ_ALL, 0x0310 };

/* A unit with queue and table, remapping */
static struct intel_iommu *start(struct kunit *test, u64 ecap)
{
	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP, ecap);

	KUNIT_ASSERT_EQ(test, vtd_queue_init(iommu), 0);
	KUNIT_ASSERT_EQ(test, vtd_queue_enable(iommu), 0);
	KUNIT_ASSERT_EQ(test, vtd_ir_init(iommu, ecap & VTD_ECAP_EIM), 0);
	KUNIT_ASSERT_EQ(test, vtd_ir_point(iommu), 0);
	KUNIT_ASSERT_EQ(test, vtd_ir_enable(iommu), 0);
	return iommu;
}

static void stop(struct intel_iommu *iommu)
{
	vtd_ir_disable(iommu);
	vtd_ir_exit(iommu, false);
	vtd_queue_disable(iommu);
	vtd_queue_exit(iommu);
}

static void starts(struct kunit *test)
{
	struct intel_iommu *iommu = start(test, FAKE_ECAP | VTD_ECAP_EIM);
	struct fake_unit *fake = fake_unit_of(iommu);
	u64 irta = fake_unit_peek64(fake, VTD_IRTA);

	KUNIT_EXPECT_EQ(test, irta, virt_to_phys(iommu->ir->entry) | VTD_IRTA_EIME | 15);
	KUNIT_EXPECT_EQ(test, fake->log_count, 1);
	fake_unit_expect(test, fake, 0, vtd_desc_iec_all());
	KUNIT_EXPECT_TRUE(test, fake_unit_peek32(fake, VTD_GSTS) & VTD_GSTS_IRES);
	KUNIT_EXPECT_FALSE(test, fake_unit_peek32(fake, VTD_GSTS) & VTD_GSTS_CFIS);
	KUNIT_EXPECT_TRUE(test, vtd_ir_live(iommu));
	stop(iommu);
	KUNIT_EXPECT_FALSE(test, fake_unit_peek32(fake, VTD_GSTS) & VTD_GSTS_IRES);
}

static void does_not_obey(struct kunit *test)
{
	struct intel_iommu *iommu = fake_unit_create(test, FAKE_CAP, FAKE_ECAP);

	KUNIT_ASSERT_EQ(test, vtd_queue_init(iommu), 0);
	KUNIT_ASSERT_EQ(test, vtd_queue_enable(iommu), 0);
	KUNIT_ASSERT_EQ(test, vtd_ir_init(iommu, false), 0);
	KUNIT_ASSERT_EQ(test, vtd_ir_point(iommu), 0);
	fake_unit_of(iommu)->deaf = VTD_GCMD_IRE;
	KUNIT_EXPECT_EQ(test, vtd_ir_enable(iommu), -ETIMEDOUT);
	KUNIT_EXPECT_FALSE(test, vtd_ir_live(iommu));
	fake_unit_of(iommu)->deaf = 0;
	stop(iommu);
}

static void old_format_is_blocked(struct kunit *test)
{
	struct intel_iommu *iommu = start(test, FAKE_ECAP);
	struct fake_unit *fake = fake_unit_of(iommu);

	vtd_ir_disable(iommu);
	KUNIT_ASSERT_EQ(test, vtd_unit_command(iommu, VTD_GCMD_CFI, true), 0);
	KUNIT_ASSERT_EQ(test, vtd_ir_enable(iommu), 0);
	KUNIT_EXPECT_FALSE(test, fake_unit_peek32(fake, VTD_GSTS) & VTD_GSTS_CFIS);
	stop(iommu);
}

static void allocates(struct kunit *test)
{
	struct intel_iommu *iommu = start(test, FAKE_ECAP);
	int one, many, next;

	one = vtd_ir_alloc(iommu, 1);
	many = vtd_ir_alloc(iommu, 5);
	next = vtd_ir_alloc(iommu, 1);
	KUNIT_EXPECT_EQ(test, one, 0);
	KUNIT_EXPECT_EQ(test, many, 8);
	KUNIT_EXPECT_EQ(test, next, 1);
	KUNIT_EXPECT_EQ(test, vtd_ir_in_use(iommu), 10);
	vtd_ir_free(iommu, many, 5);
	KUNIT_EXPECT_EQ(test, vtd_ir_in_use(iommu), 2);
	KUNIT_EXPECT_EQ(test, vtd_ir_alloc(iommu, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, vtd_ir_alloc(iommu, VTD_IR_ENTRIES + 1), -EINVAL);
	iommu->caps.handle_mask = 2;
	KUNIT_EXPECT_EQ(test, vtd_ir_alloc(iommu, 5), -EINVAL);
	KUNIT_EXPECT_EQ(test, vtd_ir_alloc(iommu, 4), 4);
	stop(iommu);
}

static void runs_out(struct kunit *test)
{
	struct intel_iommu *iommu = start(test, FAKE_ECAP);

	bitmap_fill(iommu->ir->used, VTD_IR_ENTRIES);
	KUNIT_EXPECT_EQ(test, vtd_ir_alloc(iommu, 1), -ENOSPC);
	vtd_ir_free(iommu, VTD_IR_ENTRIES - 1, 1);
	KUNIT_EXPECT_EQ(test, vtd_ir_alloc(iommu, 1), VTD_IR_ENTRIES - 1);
	stop(iommu);
}

static void install(struct kunit *test, bool wide)
{
	struct intel_iommu *iommu = start(test, FAKE_ECAP);
	struct fake_unit *fake = fake_unit_of(iommu);
	int index = vtd_ir_alloc(iommu, 1);
	struct vtd_irte here, guest;
	u32 flushes;

	iommu->ir->wide &= wide;
	vtd_ir_remapped(&here, 0x31, 1, true, false, &source);
	vtd_ir_posted(&guest, 0x51, 0x100000040ull, &source);
	fake->log_count = 0;
	KUNIT_EXPECT_EQ(test, vtd_ir_install(iommu, index, &here), 0);
	KUNIT_EXPECT_MEMEQ(test, &iommu->ir->entry[index], &here, sizeof(here));
	KUNIT_EXPECT_EQ(test, fake->log_count, 1);
	fake_unit_expect(test, fake, 0, vtd_desc_iec(index, 0));
	/* By words, the old one is forgotten before the new one is present */
	KUNIT_EXPECT_EQ(test, vtd_ir_install(iommu, index, &guest), 0);
	KUNIT_EXPECT_MEMEQ(test, &iommu->ir->entry[index], &guest, sizeof(guest));
	flushes = iommu->ir->wide ? 2 : 3;
	KUNIT_EXPECT_EQ(test, fake->log_count, flushes);
	KUNIT_EXPECT_EQ(test, vtd_ir_install(iommu, index + 1, &here), -EINVAL);
	stop(iommu);
}

static void installs_wide(struct kunit *test)
{
	install(test, true);
}

static void installs_by_words(struct kunit *test)
{
	install(test, false);
}

static void freed_is_clear(struct kunit *test)
{
	struct intel_iommu *iommu = start(test, FAKE_ECAP);
	struct fake_unit *fake = fake_unit_of(iommu);
	int i, index = vtd_ir_alloc(iommu, 4);
	struct vtd_irte entry;

	vtd_ir_remapped(&entry, 0x31, 1, true, false, &source);
	for (i = 0; i < 4; i++)
		vtd_ir_install(iommu, index + i, &entry);
	fake->log_count = 0;
	vtd_ir_free(iommu, index, 4);
	KUNIT_EXPECT_EQ(test, fake->log_count, 1);
	fake_unit_expect(test, fake, 0, vtd_desc_iec(index, 2));
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, iommu->ir->entry[index + i].lo |
				iommu->ir->entry[index + i].hi, 0);
	stop(iommu);
}

#define FREED	4u

/* Memory as a unit finds it that does not snoop, and what it was told when */
static struct {
	struct intel_iommu *iommu;
	struct vtd_irte memory[FREED];
	u32 flushes[FREED];	/* descriptors before the entry was not present in memory */
} unsnooped;

static void write_back_seen(struct intel_iommu *iommu, void *at, size_t size)
{
	struct vtd_irte *from = at;
	size_t i, index = from - iommu->ir->entry;

	for (i = 0; iommu == unsnooped.iommu && i < size / sizeof(*from); i++) {
		if (index + i >= FREED)
			break;
		if (unsnooped.memory[index + i].lo & VTD_IRTE_P && !(from[i].lo & VTD_IRTE_P))
			unsnooped.flushes[index + i] = fake_unit_of(iommu)->log_count;
		unsnooped.memory[index + i] = from[i];
	}
}

/*
 * Freed while they are in use: each entry is gone from memory before the unit is told
 * to forget it, or it fetches the old one again.
 */
static void freed_is_written_back_first(struct kunit *test)
{
	struct intel_iommu *iommu = start(test, FAKE_ECAP & ~(u64)VTD_ECAP_C);
	struct fake_unit *fake = fake_unit_of(iommu);
	int i, index = vtd_ir_alloc(iommu, FREED);
	struct vtd_irte entry;

	KUNIT_ASSERT_EQ(test, index, 0);
	memset(&unsnooped, 0, sizeof(unsnooped));
	memset32(unsnooped.flushes, U32_MAX, FREED);
	unsnooped.iommu = iommu;
	kunit_activate_static_stub(test, vtd_ir_write_back, write_back_seen);
	vtd_ir_remapped(&entry, 0x31, 1, true, false, &source);
	for (i = 0; i < FREED; i++) {
		vtd_ir_install(iommu, i, &entry);
		KUNIT_EXPECT_MEMEQ(test, &unsnooped.memory[i], &entry, sizeof(entry));
	}
	fake->log_count = 0;
	vtd_ir_free(iommu, 0, FREED);
	KUNIT_EXPECT_EQ(test, fake->log_count, 1);
	for (i = 0; i < FREED; i++) {
		KUNIT_EXPECT_EQ(test, unsnooped.flushes[i], 0);
		KUNIT_EXPECT_EQ(test, unsnooped.memory[i].lo | unsnooped.memory[i].hi, 0);
	}
	stop(iommu);
}

/* What the unit may still hold is nobody else's */
static void not_flushed_is_not_reused(struct kunit *test)
{
	struct intel_iommu *iommu = start(test, FAKE_ECAP);
	int index = vtd_ir_alloc(iommu, 1);

	vtd_queue_disable(iommu);
	vtd_ir_free(iommu, index, 1);
	KUNIT_EXPECT_EQ(test, vtd_ir_in_use(iommu), 1);
	KUNIT_EXPECT_NE(test, vtd_ir_alloc(iommu, 1), index);
	stop(iommu);
}

/* As the repair leaves it when it is not sure whom an error hit */
static void blame_next(struct intel_iommu *iommu, int error)
{
	struct vtd_queue *q = iommu->queue;

	q->lost_from = q->tail;
	q->lost_to = q->tail + 2;
	q->lost = error;
}

static void neighbours_errors(struct kunit *test)
{
	struct intel_iommu *iommu = start(test, FAKE_ECAP);
	struct fake_unit *fake = fake_unit_of(iommu);
	int index = vtd_ir_alloc(iommu, 1);
	struct vtd_irte entry;

	vtd_ir_remapped(&entry, 0x31, 1, true, false, &source);
	fake->log_count = 0;
	blame_next(iommu, -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, vtd_ir_install(iommu, index, &entry), 0);
	KUNIT_EXPECT_EQ(test, fake->log_count, 2);
	fake_unit_expect(test, fake, 1, vtd_desc_iec(index, 0));
	blame_next(iommu, -EINVAL);
	vtd_ir_free(iommu, index, 1);
	KUNIT_EXPECT_EQ(test, fake->log_count, 4);
	KUNIT_EXPECT_EQ(test, vtd_ir_in_use(iommu), 0);
	stop(iommu);
}

static void resume_rewrites(struct kunit *test)
{
	struct intel_iommu *iommu = start(test, FAKE_ECAP);
	struct fake_unit *fake = fake_unit_of(iommu);
	u64 irta = fake_unit_peek64(fake, VTD_IRTA);
	u64 iqa = fake_unit_peek64(fake, VTD_IQA);
	struct vtd_irte entry;
	int index = vtd_ir_alloc(iommu, 1);

	vtd_ir_remapped(&entry, 0x31, 1, true, false, &source);
	vtd_ir_install(iommu, index, &entry);
	vtd_ir_disable(iommu);
	fake_unit_poke32(fake, VTD_GSTS, 0);
	fake_unit_poke64(fake, VTD_IRTA, 0);
	fake_unit_poke64(fake, VTD_IQA, 0);
	fake->log_count = 0;
	KUNIT_ASSERT_EQ(test, vtd_queue_enable(iommu), 0);
	KUNIT_ASSERT_EQ(test, vtd_remap_unit_resume(iommu), 0);
	/* Nothing from before may be in its caches */
	fake_unit_expect(test, fake, 0, vtd_desc_iec_all());
	KUNIT_EXPECT_EQ(test, fake_unit_peek64(fake, VTD_IRTA), irta);
	KUNIT_EXPECT_EQ(test, fake_unit_peek64(fake, VTD_IQA), iqa);
	KUNIT_EXPECT_TRUE(test, fake_unit_peek32(fake, VTD_GSTS) & VTD_GSTS_IRES);
	KUNIT_EXPECT_MEMEQ(test, &iommu->ir->entry[index], &entry, sizeof(entry));
	stop(iommu);
}

static struct dmar_dev_scope scope(u8 type, u8 id, u8 bus, u8 devfn)
{
	return (struct dmar_dev_scope) {
		.type = type, .id = id, .dev_bus = bus, .dev_devfn = devfn,
	};
}

/* A flush of one unit may hang while the queue of another is off (5520, X58) */
static void all_queues_before_any_flush(struct kunit *test)
{
	int capability = intel_irq_remap_ops.capability;
	struct dmar_drhd_unit *drhd = kunit_kcalloc(test, 2, sizeof(*drhd), GFP_KERNEL);
	struct fake_unit *fake[2];

	KUNIT_ASSERT_NOT_NULL(test, drhd);
	for (u32 i = 0; i < 2; i++) {
		drhd[i].iommu = start(test, FAKE_ECAP);
		fake[i] = fake_unit_of(drhd[i].iommu);
	}
	fake_inventory(test, drhd, 2);
	intel_irq_remap_ops.disable();
	for (u32 i = 0; i < 2; i++) {
		fake_unit_poke32(fake[i], VTD_GSTS, 0);
		fake_unit_poke64(fake[i], VTD_IRTA, 0);
	}
	/* What it was lost for went with its power */
	drhd[0].iommu->why_dead = "this is a test";
	intel_irq_remap_ops.reenable(0);
	for (u32 i = 0; i < 2; i++) {
		KUNIT_EXPECT_TRUE(test, fake_unit_peek32(fake[i], VTD_GSTS) & VTD_GSTS_IRES);
		KUNIT_EXPECT_LT(test, fake[1]->enabled_at, fake[i]->flushed_at);
		stop(drhd[i].iommu);
	}
	KUNIT_EXPECT_NULL(test, drhd[0].iommu->why_dead);
	/* Of the machine's units, not of these */
	intel_irq_remap_ops.capability = capability;
}

/* What vtd_ir_scope_check() said */
static struct {
	unsigned int count;
	u8 id;
	const char *what;
} said;

static void say(u8 id, const char *what)
{
	said.count++;
	said.id = id;
	said.what = what;
}

static int check(const struct list_head *units, const u8 *ids, unsigned int count)
{
	said.count = 0;
	return vtd_ir_scope_check(units, ids, count, say);
}

static void expect_said(struct kunit *test, u8 id, const char *begin)
{
	KUNIT_EXPECT_EQ(test, said.count, 1);
	KUNIT_EXPECT_EQ(test, said.id, id);
	KUNIT_EXPECT_TRUE(test, said.what && strstarts(said.what, begin));
}

static void scopes(struct kunit *test)
{
	struct dmar_dev_scope a[] = {
		scope(VTD_SCOPE_ENDPOINT, 1, 0, 8), scope(VTD_SCOPE_IOAPIC, 1, 0xf0, 0xf8),
	};
	struct dmar_dev_scope b[] = {
		scope(VTD_SCOPE_HPET, 0, 0xf0, 0x78), scope(VTD_SCOPE_IOAPIC, 2, 0, 0),
	};
	struct intel_iommu *unit = fake_unit_create(test, FAKE_CAP, FAKE_ECAP), *found;
	struct dmar_drhd_unit one = { .scopes = { 2, false, a }, .iommu = unit };
	struct dmar_drhd_unit two = { .scopes = { 2, false, b }, .iommu = unit };
	const u8 ids[] = { 1, 2 };
	struct vtd_ir_source s;
	LIST_HEAD(units);

	list_add_tail(&one.list, &units);
	list_add_tail(&two.list, &units);
	KUNIT_EXPECT_EQ(test, vtd_ir_scope_find(&units, VTD_SCOPE_IOAPIC, 1, &found, &s), 0);
	KUNIT_EXPECT_EQ(test, s.sid, 0xf0f8);
	KUNIT_EXPECT_EQ(test, s.sq, VTD_SQ_ALL);
	KUNIT_EXPECT_EQ(test, vtd_ir_scope_find(&units, VTD_SCOPE_HPET, 0, &found, &s), 0);
	KUNIT_EXPECT_EQ(test, s.sq, VTD_SQ_NOT_2_0);
	KUNIT_EXPECT_EQ(test, vtd_ir_scope_find(&units, VTD_SCOPE_HPET, 1, &found, &s), -ENOENT);

	/* Two of one id: the first one counts */
	a[0].type = VTD_SCOPE_IOAPIC;
	KUNIT_EXPECT_EQ(test, vtd_ir_scope_find(&units, VTD_SCOPE_IOAPIC, 1, &found, &s), 0);
	KUNIT_EXPECT_EQ(test, s.sid, 8);
	a[0].type = VTD_SCOPE_ENDPOINT;

	KUNIT_EXPECT_EQ(test, check(&units, ids, 2), 0);
	KUNIT_EXPECT_EQ(test, said.count, 0);
	/* What the kernel does not have, and what two name, is no end of it */
	KUNIT_EXPECT_EQ(test, check(&units, ids, 1), 0);
	expect_said(test, 2, "is not in the MADT");
	a[1].id = 2;
	KUNIT_EXPECT_EQ(test, check(&units, ids + 1, 1), 0);
	expect_said(test, 2, "is named more than once");
	KUNIT_EXPECT_EQ(test, check(&units, ids, 2), -ENODEV);
	KUNIT_EXPECT_EQ(test, said.count, 2);
	KUNIT_EXPECT_EQ(test, check(&units, ids, 0), 0);
	b[1].id = 3;
	KUNIT_EXPECT_EQ(test, check(&units, ids, 1), -ENODEV);
	KUNIT_EXPECT_EQ(test, said.count, 3);
}

static struct kunit_case irq_cases[] = {
	KUNIT_CASE(starts),
	KUNIT_CASE(does_not_obey),
	KUNIT_CASE(old_format_is_blocked),
	KUNIT_CASE(allocates),
	KUNIT_CASE(runs_out),
	KUNIT_CASE(installs_wide),
	KUNIT_CASE(installs_by_words),
	KUNIT_CASE(freed_is_clear),
	KUNIT_CASE(freed_is_written_back_first),
	KUNIT_CASE(not_flushed_is_not_reused),
	KUNIT_CASE(neighbours_errors),
	KUNIT_CASE(resume_rewrites),
	KUNIT_CASE(all_queues_before_any_flush),
	KUNIT_CASE(scopes),
	{ }
};

static struct kunit_suite irq_suite = {
	.name = "vtd_irq",
	.test_cases = irq_cases,
};

kunit_test_suite(irq_suite);

MODULE_LICENSE("GPL");

// SPDX-License-Identifier: GPL-2.0
/* The list of units, lent to a test. */
#include <kunit/resource.h>
#include <linux/list.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>

#include "tests/fake_inventory.h"

/* The machine's own, meanwhile */
static LIST_HEAD(lent);

static void give_back(void *unused)
{
	down_write(&dmar_inventory_lock);
	INIT_LIST_HEAD(&dmar_drhd_units);
	list_splice_init(&lent, &dmar_drhd_units);
	up_write(&dmar_inventory_lock);
}

/**
 * fake_inventory - let a test have the list of units for itself
 * @test: the test; the machine's units come back when it ends
 * @drhd: its units, which live as long
 * @count: how many
 */
void fake_inventory(struct kunit *test, struct dmar_drhd_unit *drhd, unsigned int count)
{
	down_write(&dmar_inventory_lock);
	list_splice_init(&dmar_drhd_units, &lent);
	for (unsigned int i = 0; i < count; i++)
		list_add_tail(&drhd[i].list, &dmar_drhd_units);
	up_write(&dmar_inventory_lock);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, give_back, NULL));
}

static void take_out(void *data)
{
	struct dmar_drhd_unit *drhd = data;

	down_write(&dmar_inventory_lock);
	list_del_rcu(&drhd->list);
	up_write(&dmar_inventory_lock);
	synchronize_rcu();
}

/**
 * fake_inventory_add - let the list of units have one more, for the rest of the test
 * @test: the test
 * @iommu: a unit that lives as long; what walks over all units meets it, and, in a
 *	segment that no machine has, no device of the machine finds it
 */
void fake_inventory_add(struct kunit *test, struct intel_iommu *iommu)
{
	struct dmar_drhd_unit *drhd = kunit_kzalloc(test, sizeof(*drhd), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, drhd);
	drhd->segment = U16_MAX;
	drhd->iommu = iommu;
	down_write(&dmar_inventory_lock);
	list_add_tail_rcu(&drhd->list, &dmar_drhd_units);
	up_write(&dmar_inventory_lock);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, take_out, drhd), 0);
}

// SPDX-License-Identifier: GPL-2.0
/* The list of units, lent to a test. */
#include <kunit/resource.h>
#include <linux/list.h>
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

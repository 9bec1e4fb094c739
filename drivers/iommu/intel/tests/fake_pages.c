// SPDX-License-Identifier: GPL-2.0
/* Page requests that come to a fake unit, see fake_pages.h. */
#include <linux/bitfield.h>
#include <linux/io.h>

#include "tests/fake_pages.h"
#include "unit/prq.h"

#define BYTES	(PAGE_SIZE << VTD_PRQ_ORDER)

static u32 *status_of(struct fake_unit *fake)
{
	return (u32 *)fake->reg + VTD_PRS / 4;
}

/**
 * fake_pages_put - a unit gets a page request
 * @fake: the unit; nobody else uses its registers at this time
 * @lo: the request ...
 * @hi: ... its second word
 *
 * Return: false if it overflows: it takes nothing then, and says so (section 7.4.1).
 */
bool fake_pages_put(struct fake_unit *fake, u64 lo, u64 hi)
{
	u64 tail = fake->reg[VTD_PQT / 8];
	u64 *at = phys_to_virt((fake->reg[VTD_PQA / 8] & VTD_PQA_PQA) + tail);
	u64 next = (tail + VTD_PRQ_BYTES) % BYTES;

	if (*status_of(fake) & VTD_PRS_PRO)
		return false;
	if (next == fake->reg[VTD_PQH / 8]) {
		*status_of(fake) |= VTD_PRS_PRO;
		return false;
	}
	at[0] = lo;
	at[1] = hi;
	fake->reg[VTD_PQT / 8] = next;
	*status_of(fake) |= VTD_PRS_PPR;
	return true;
}

/**
 * fake_pages_ask - a device asks for a page, to write to it
 * @fake: its unit, as for fake_pages_put()
 * @rid: its requester id
 * @pasid: PASID, 0 for a request without
 * @group: index of the group
 * @addr: the page
 * @last: the last of its group
 */
bool fake_pages_ask(struct fake_unit *fake, u16 rid, u32 pasid, u16 group, u64 addr, bool last)
{
	return fake_pages_put(fake,
			      VTD_PRQ_TYPE_PAGE | FIELD_PREP(VTD_PRQ_SID, rid) |
			      FIELD_PREP(VTD_PRQ_PASID, pasid) | (pasid ? VTD_PRQ_PP : 0),
			      VTD_PRQ_WR | FIELD_PREP(VTD_PRQ_PRGI, group) | addr |
			      (last ? VTD_PRQ_LPIG : 0));
}

/**
 * fake_pages_left - how many have not been read
 * @fake: the unit
 */
unsigned int fake_pages_left(struct fake_unit *fake)
{
	return (fake->reg[VTD_PQT / 8] - fake->reg[VTD_PQH / 8]) % BYTES / VTD_PRQ_BYTES;
}

static void stop(void *iommu)
{
	vtd_prq_exit(iommu);
}

/**
 * fake_pages_start - a unit takes page requests, until the test ends
 * @test: the test
 * @iommu: the unit, with FAKE_ECAP_PAGES
 */
void fake_pages_start(struct kunit *test, struct intel_iommu *iommu)
{
	iommu->scalable = true;
	KUNIT_ASSERT_EQ(test, vtd_prq_init(iommu), 0);
	KUNIT_ASSERT_NOT_NULL(test, iommu->prq);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, stop, iommu), 0);
}

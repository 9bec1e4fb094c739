// SPDX-License-Identifier: GPL-2.0
/*
 * Page requests as a unit queues them (specification section 7.4.1.1), and their groups.
 * Pure.
 *
 * A device writes what it likes: any address, any PASID, groups that never end, indices
 * that are in use.  What is kept of it is bounded here.
 */

#include <linux/bitfield.h>
#include <linux/string.h>
#include <linux/types.h>

#include "hw/page_requests.h"
#include "unit/page_request.h"

/* The widest paging has 57 bits, and the others are copies of the uppermost */
static bool page_canonical(u64 address)
{
	u64 above = address >> 56;

	return !above || above == 0xff;
}

/**
 * vtd_page_decode - one entry of the queue
 * @request: filled; of one that is dropped, who sent it
 * @word: the entry, read once: the device may go on writing to it
 *
 * A stop marker (PCIe 6.0, section 10.4.1.2.1) says that a PASID is not used any more,
 * and wants no answer: it looks like a last request that asks for nothing.  Execution
 * and supervisor pages are in no domain.
 *
 * Context: any.
 */
enum vtd_page_verdict vtd_page_decode(struct vtd_page_request *request,
				      const u64 word[VTD_PRQ_WORDS])
{
	bool pasid = word[0] & VTD_PRQ_PP;

	*request = (struct vtd_page_request) {
		.address = word[1] & VTD_PRQ_ADDR,
		.pasid = pasid ? FIELD_GET(VTD_PRQ_PASID, word[0]) : 0,
		.sid = FIELD_GET(VTD_PRQ_SID, word[0]),
		.group = FIELD_GET(VTD_PRQ_PRGI, word[1]),
		.has_pasid = pasid,
		.read = word[1] & VTD_PRQ_RD,
		.write = word[1] & VTD_PRQ_WR,
		.last = word[1] & VTD_PRQ_LPIG,
	};
	if (FIELD_GET(VTD_PRQ_TYPE, word[0]) != VTD_PRQ_TYPE_PAGE ||
	    (request->last && !request->read && !request->write))
		return VTD_PAGE_DROPPED;
	/* PASID 0 is how requests without one are looked up: nobody is given it */
	request->refused = (word[0] & (VTD_PRQ_EXR | VTD_PRQ_PMR)) ||
			   (pasid && !request->pasid) || !page_canonical(request->address);
	return request->refused ? VTD_PAGE_REFUSED : VTD_PAGE_ASKED;
}

/**
 * vtd_page_answer - the answer to a group
 * @request: its last request
 * @code: VTD_PAGE_SUCCESS, VTD_PAGE_INVALID or VTD_PAGE_FAILURE
 *
 * With the PASID, if the request has one: no other device may ask with PASIDs.
 *
 * Context: any.
 */
struct vtd_desc vtd_page_answer(const struct vtd_page_request *request, u32 code)
{
	return vtd_desc_page_response(request->sid, request->has_pasid, request->pasid,
				      request->group, code);
}

/* An index counts for its PASID: devices number the groups of each by itself */
static bool pages_together(const struct vtd_page_request *a, const struct vtd_page_request *b)
{
	return a->group == b->group && a->has_pasid == b->has_pasid && a->pasid == b->pasid;
}

static void pages_drop(struct vtd_pages *pages, unsigned int i)
{
	pages->count--;
	memmove(&pages->kept[i], &pages->kept[i + 1],
		(pages->count - i) * sizeof(pages->kept[0]));
}

/**
 * vtd_pages_keep - a request waits for the last one of its group
 * @pages: of its device
 * @request: not the last one
 *
 * Context: the caller sees to it that nobody else changes @pages.
 *
 * Return: false if there is no room: the device will ask again, should it want the page.
 */
bool vtd_pages_keep(struct vtd_pages *pages, const struct vtd_page_request *request)
{
	if (pages->count == VTD_PAGES_KEPT)
		return false;
	pages->kept[pages->count++] = *request;
	return true;
}

/**
 * vtd_pages_take - one request that waited for the last one of its group
 * @pages: of its device
 * @last: the last one
 * @request: filled
 *
 * Context: as vtd_pages_keep().
 *
 * Return: false if there is none (any more).
 */
bool vtd_pages_take(struct vtd_pages *pages, const struct vtd_page_request *last,
		    struct vtd_page_request *request)
{
	for (unsigned int i = 0; i < pages->count; i++) {
		if (!pages_together(&pages->kept[i], last))
			continue;
		*request = pages->kept[i];
		pages_drop(pages, i);
		return true;
	}
	return false;
}

/**
 * vtd_pages_spoilt - does a group ask for something that nobody may have
 * @pages: of its device
 * @last: its last request, which is not looked at itself
 *
 * Context: as vtd_pages_keep().
 */
bool vtd_pages_spoilt(const struct vtd_pages *pages, const struct vtd_page_request *last)
{
	for (unsigned int i = 0; i < pages->count; i++)
		if (pages->kept[i].refused && pages_together(&pages->kept[i], last))
			return true;
	return false;
}

/**
 * vtd_pages_forget - no group of a PASID will be completed
 * @pages: of a device
 * @pasid: the PASID, 0 for requests without one
 *
 * Context: as vtd_pages_keep().
 */
void vtd_pages_forget(struct vtd_pages *pages, u32 pasid)
{
	unsigned int i = pages->count;

	while (i--)
		if (pages->kept[i].pasid == pasid)
			pages_drop(pages, i);
}

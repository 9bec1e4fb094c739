/* SPDX-License-Identifier: GPL-2.0 */
/* Page requests: what a device asks for, and whether to listen.  Pure. */
#ifndef VTD_UNIT_PAGE_REQUEST_H
#define VTD_UNIT_PAGE_REQUEST_H

#include <linux/types.h>

#include "hw/descriptors.h"
#include "hw/page_requests.h"

/* Requests of a device that are kept until the last of their group comes: all it may have */
#define VTD_PAGES_KEPT	256u

/**
 * struct vtd_page_request - a device asks for a page
 * @address: of the page
 * @pasid: whose page; IOMMU_NO_PASID, which is 0, without
 * @sid: requester id
 * @group: index of the group, 9 bits; one answer is for all of a group
 * @has_pasid: the request carries a PASID
 * @read: ... wants to read
 * @write: ... wants to write
 * @last: ... is the last of its group, and wants the answer
 * @refused: nobody may have that, which is the answer to its group
 */
struct vtd_page_request {
	u64 address;
	u32 pasid;
	u16 sid;
	u16 group;
	bool has_pasid;
	bool read;
	bool write;
	bool last;
	bool refused;
};

/**
 * enum vtd_page_verdict - what to do with a request
 * @VTD_PAGE_ASKED: somebody has to look for the page
 * @VTD_PAGE_REFUSED: vtd_page_request.refused
 * @VTD_PAGE_DROPPED: nothing is to be answered, but it took a place in the queue
 */
enum vtd_page_verdict {
	VTD_PAGE_ASKED,
	VTD_PAGE_REFUSED,
	VTD_PAGE_DROPPED,
};

/**
 * struct vtd_pages - requests of a device whose groups are not complete
 * @count: of @kept
 * @kept: the requests, in the order they came
 */
struct vtd_pages {
	unsigned int count;
	struct vtd_page_request kept[VTD_PAGES_KEPT];
};

enum vtd_page_verdict vtd_page_decode(struct vtd_page_request *request,
				      const u64 word[VTD_PRQ_WORDS]);
struct vtd_desc vtd_page_answer(const struct vtd_page_request *request, u32 code);
bool vtd_pages_keep(struct vtd_pages *pages, const struct vtd_page_request *request);
bool vtd_pages_take(struct vtd_pages *pages, const struct vtd_page_request *last,
		    struct vtd_page_request *request);
bool vtd_pages_spoilt(const struct vtd_pages *pages, const struct vtd_page_request *last);
void vtd_pages_forget(struct vtd_pages *pages, u32 pasid);

#endif /* VTD_UNIT_PAGE_REQUEST_H */

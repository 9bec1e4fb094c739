// SPDX-License-Identifier: GPL-2.0
/*
 * What a device may make a unit write into the page request queue: never more is kept
 * than there is room for, never an answer to who wants none, and none twice.
 */
#include <stdlib.h>
#include <string.h>

#include "unit/page_request.c"

#define CHECK(cond) do { if (!(cond)) abort(); } while (0)

static void check_answer(const struct vtd_page_request *r, const u64 *word)
{
	struct vtd_desc d = vtd_page_answer(r, VTD_PAGE_INVALID);

	CHECK(r->last && (r->read || r->write));
	CHECK((d.lo & 0xf) == 9 && !(d.lo & 0xfff0000000000fe0ull) && !(d.hi & ~0xff8ull));
	CHECK((d.lo >> 16 & 0xffff) == (word[0] >> 16 & 0xffff));
	CHECK(d.hi == (word[1] & 0xff8));
	CHECK(!(word[0] & 0x100) == !(d.lo & 0x10));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vtd_page_request r, part;
	static struct vtd_pages pages;
	u64 word[VTD_PRQ_WORDS];

	pages.count = 0;
	for (; size >= sizeof(word); data += sizeof(word), size -= sizeof(word)) {
		memcpy(word, data, sizeof(word));
		/* Few indices and PASIDs, so that groups meet */
		if (word[2] & 1)
			word[0] = (word[0] & ~0xfffff000000ffull) | (word[0] >> 32 & 3) << 32 | 1;
		switch (vtd_page_decode(&r, word)) {
		case VTD_PAGE_REFUSED:
			if (r.last)
				check_answer(&r, word);
			else
				vtd_pages_keep(&pages, &r);
			break;
		case VTD_PAGE_ASKED:
			CHECK(!(word[0] >> 52 & 3) && !(r.address & 0xfff));
			CHECK(r.pasid < 1 << 20 && r.has_pasid == !!r.pasid);
			if (!r.last) {
				vtd_pages_keep(&pages, &r);
				break;
			}
			check_answer(&r, word);
			while (vtd_pages_take(&pages, &r, &part))
				CHECK(part.group == r.group && part.pasid == r.pasid && !part.last);
			break;
		default:
			break;
		}
		CHECK(pages.count <= VTD_PAGES_KEPT);
	}
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/* The unit's walk: root table, context table, page tables of either stage. */

/* Reads as the device does; false when there is no such memory */
static bool m_read(u64 phys, enum model_view view, u64 *value)
{
	unsigned int page;

	if (!m_of_phys(phys, &page))
		return false;
	if (view == MODEL_MIXED)
		view = model_random() & 1 ? MODEL_SURE : MODEL_SOONEST;
	*value = (view == MODEL_SURE ? m_dev : m_cpu)[page][phys % M_PAGE / 8];
	return true;
}

static void m_put(u64 table, unsigned int word, u64 value)
{
	unsigned int page;

	if (!m_of_phys(table, &page))
		abort();
	m_cpu[page][word] = value;
	memcpy(m_dev[page], m_cpu[page], M_PAGE);
}

/* Writes root and context entries as a driver without faults would */
void model_attach(u16 sid, u64 ssptptr, unsigned int levels)
{
	unsigned int page;
	u64 root, context;

	if (!m_rta || !m_of_phys(m_rta, &page))
		m_rta = model_phys(model_alloc());
	m_read(m_rta + (sid >> 8) * 16, MODEL_SOONEST, &root);
	if (!(root & 1)) {
		root = model_phys(model_alloc()) | 1;
		m_put(m_rta, (sid >> 8) * 2, root);
	}
	context = root & GENMASK_ULL(63, 12);
	m_put(context, (sid & 0xff) * 2 + 1, (1ull << 8) | (levels - 2));
	m_put(context, (sid & 0xff) * 2, ssptptr | 1);
	model_set_root(ssptptr);
	if (m_of_phys(ssptptr, &page))
		m_page[page].level = levels;
}

/* Leaves no root, context or second-stage root behind */
void model_detach(u16 sid)
{
	u64 root;

	m_read(m_rta + (sid >> 8) * 16, MODEL_SOONEST, &root);
	model_free(model_virt(root & GENMASK_ULL(63, 12)));
	model_free(model_virt(m_rta));
	m_rta = 0;
	model_set_root(0);
}

/* Section 9.8: what must be zero in a present paging entry */
static u64 m_reserved(unsigned int level, bool leaf)
{
	u64 reserved = GENMASK_ULL(51, 0) & ~GENMASK_ULL(model.haw - 1, 0);

	if (!leaf || !model.snoop_control)
		reserved |= BIT_ULL(11);
	if (leaf && level == 2)
		reserved |= GENMASK_ULL(20, 12);
	if (leaf && level == 3)
		reserved |= GENMASK_ULL(29, 12);
	return reserved;
}

/*
 * Section 9.7: P, R/W, U/S, A (bit 5), D (bit 6), PS.  A unit whose walks do not snoop may
 * not set A and D: where it had to, it faults.
 */
static int m_walk_first(u64 table, unsigned int level, u64 iova, bool write,
			enum model_view view, u64 *phys)
{
	bool may_write = true;

	for (;; level--) {
		unsigned int shift = 12 + 9 * (level - 1);
		bool leaf;
		u64 entry;

		if (!m_read(table + (iova >> shift) % M_WORDS * 8, view, &entry))
			return MODEL_BAD_TABLE;
		if (!(entry & 1))
			return write ? MODEL_NO_WRITE : MODEL_NO_READ;
		leaf = level == 1 || (entry & BIT(7));
		if (leaf && level > model.max_leaf)
			return MODEL_RSVD_PAGING;
		/* XD is not for units without, nor are other types of memory for us */
		if (entry & (BIT_ULL(63) | BIT(3) | BIT(4) |
			     (GENMASK_ULL(51, 0) & ~GENMASK_ULL(model.haw - 1, 0))))
			return MODEL_RSVD_PAGING;
		if (leaf && level > 1 && (entry & GENMASK_ULL(shift - 1, 12)))
			return MODEL_RSVD_PAGING;
		may_write &= !!(entry & 2);
		if (!(entry & 4) || (leaf && write && !may_write))
			return write ? MODEL_NO_WRITE : MODEL_NO_READ;
		if (!(entry & BIT(5)) || (leaf && write && !(entry & BIT(6))))
			return MODEL_MUST_SET_BIT;
		table = entry & GENMASK_ULL(51, 12);
		if (leaf) {
			*phys = table | (iova & ((1ull << shift) - 1));
			return MODEL_OK;
		}
	}
}

static int m_walk(u64 table, unsigned int level, u64 iova, bool write,
		  enum model_view view, u64 *phys)
{
	for (;; level--) {
		unsigned int shift = 12 + 9 * (level - 1);
		bool leaf;
		u64 entry;

		if (!m_read(table + (iova >> shift) % M_WORDS * 8, view, &entry))
			return MODEL_BAD_TABLE;
		if (!(entry & 3))
			return write ? MODEL_NO_WRITE : MODEL_NO_READ;
		leaf = level == 1 || (entry & BIT(7));
		if (leaf && level > model.max_leaf)
			return MODEL_RSVD_PAGING;
		if (entry & m_reserved(level, leaf))
			return MODEL_RSVD_PAGING;
		if (!(entry & (write ? 2 : 1)))
			return write ? MODEL_NO_WRITE : MODEL_NO_READ;
		table = entry & GENMASK_ULL(51, 12);
		if (leaf) {
			*phys = table | (iova & ((1ull << shift) - 1));
			return MODEL_OK;
		}
	}
}

/* Section 3.4: from a requester id and an address to what memory sees */
int model_translate(u16 sid, u64 iova, bool write, enum model_view view, u64 *phys)
{
	unsigned int levels;
	u64 lo, hi;

	if (!m_read(m_rta + (sid >> 8) * 16, view, &lo) ||
	    !m_read(m_rta + (sid >> 8) * 16 + 8, view, &hi))
		return MODEL_BAD_ROOT;
	if (!(lo & 1))
		return MODEL_NO_ROOT;
	if ((lo & (GENMASK_ULL(11, 1) | ~GENMASK_ULL(model.haw - 1, 0))) || hi)
		return MODEL_RSVD_ROOT;
	lo &= GENMASK_ULL(63, 12);
	if (!m_read(lo + (sid & 0xff) * 16 + 8, view, &hi) ||
	    !m_read(lo + (sid & 0xff) * 16, view, &lo))
		return MODEL_BAD_CTP;
	if (!(lo & 1))
		return MODEL_NO_CONTEXT;
	if ((lo & (GENMASK_ULL(11, 4) | ~GENMASK_ULL(model.haw - 1, 0))) ||
	    (hi & (BIT(7) | GENMASK_ULL(63, 24))))
		return MODEL_RSVD_CONTEXT;
	levels = (hi & 7) + 2;
	if ((lo >> 2 & 3) == 2) {
		if (iova >> model.haw)
			return MODEL_BEYOND_WIDTH;
		*phys = iova;
		return MODEL_OK;
	}
	if ((lo >> 2 & 3) == 3 || !(model.sagaw >> levels & 1))
		return MODEL_BAD_CONTEXT;
	if (iova >> model.mgaw || iova >> (12 + 9 * levels))
		return MODEL_BEYOND_WIDTH;
	if (model.first_stage)
		return m_walk_first(lo & GENMASK_ULL(63, 12), levels, iova, write, view, phys);
	return m_walk(lo & GENMASK_ULL(63, 12), levels, iova, write, view, phys);
}

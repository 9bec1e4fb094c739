/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the page-table engine must do, on a plain array: one word a page of a
 * 4 GiB window of addresses.  It knows leaves, but no tables.  A test or fuzzer
 * includes this after model.c and pgtable.c.
 */
#ifndef VTD_PGTABLE_ORACLE_H
#define VTD_PGTABLE_ORACLE_H

#define O_PAGES		BIT(20)
#define O_SIZE		((u64)O_PAGES << 12)
#define O_SID		0x1234
#define O_LEVEL(value)	((value) >> 56)
#define O_PROT(value)	((value) >> 52 & 0xf)
#define LL(x)		((unsigned long long)(x))
#define O_PHYS(value)	((value) & GENMASK_ULL(51, 12))

/* Level and permissions above, the physical address of the page; 0: not mapped */
static u64 o_now[O_PAGES], o_was[O_PAGES];
static u64 o_base, o_touched_first, o_touched_end, o_probe;
static bool o_dirty[O_PAGES / 512 + 1];	/* which parts of the arrays are not zero */
static unsigned int o_max_leaf;
static bool o_first;	/* all tables are the first stage's */
static struct vtd_pgtable o_pt;

static u64 *o_at(u64 *array, u64 iova)
{
	return &array[(iova - o_base) >> 12];
}

static u64 o_span(unsigned int level)
{
	return 4096ull << (9 * (level - 1));
}

/* The leaf that the engine must choose */
static unsigned int o_level(u64 align, u64 size)
{
	unsigned int level = o_max_leaf;

	while (level > 1 && ((align & (o_span(level) - 1)) || size < o_span(level)))
		level--;
	return level;
}

/* What is left of permissions: first-stage leaves cannot say it all */
static u32 o_prot(u32 prot)
{
	return !o_first ? prot : prot & VTD_PT_WRITE ? VTD_PT_READ | VTD_PT_WRITE : VTD_PT_READ;
}

static int o_map(u64 iova, u64 phys, u64 size, u32 prot, u64 *mapped)
{
	u64 done = 0;

	while (done < size) {
		unsigned int level = o_level((iova + done) | (phys + done), size - done);
		u64 *at = o_at(o_now, iova + done), pages = o_span(level) >> 12;

		*mapped = done;
		for (u64 i = 0; i < pages; i++)
			if (at[i])
				return -EADDRINUSE;
		for (u64 i = 0; i < pages; i++)
			at[i] = ((u64)level << 56) | ((u64)o_prot(prot) << 52) |
				(phys + done + i * 4096);
		done += o_span(level);
	}
	*mapped = done;
	return 0;
}

static u64 o_unmap(u64 iova, u64 size)
{
	u64 pos = iova, end = iova + size;
	bool found = false;

	while (pos < end) {
		u64 *at = o_at(o_now, pos), span;

		if (!*at) {
			pos += 4096;
			continue;
		}
		span = o_span(O_LEVEL(*at));
		if (pos & (span - 1))
			break;
		memset(at, 0, span >> 12 << 3);
		pos += span;
		found = true;
	}
	o_touched_end = pos > o_touched_end ? pos : o_touched_end;
	return found ? pos - iova : 0;
}

/* Between these two a device may see either */
static void o_begin(u64 iova, u64 size)
{
	o_touched_first = iova;
	o_touched_end = iova + size;
}

static void o_commit(void)
{
	for (u64 i = (o_touched_first - o_base) >> 21; i <= (o_touched_end - o_base) >> 21; i++)
		o_dirty[i] = true;
	memcpy(o_at(o_was, o_touched_first), o_at(o_now, o_touched_first),
	       (o_touched_end - o_touched_first) >> 12 << 3);
}

static bool o_agrees(u64 value, u64 iova, bool write, int fault, u64 phys)
{
	bool may = value && (O_PROT(value) & (write ? VTD_PT_WRITE : VTD_PT_READ));

	if (may)
		return !fault && phys == (O_PHYS(value) | (iova & 4095));
	return fault == (write ? MODEL_NO_WRITE : MODEL_NO_READ);
}

/* Does the device see at @iova what it did before or what it shall hereafter? */
static bool o_device_agrees(u64 iova, enum model_view view)
{
	bool write = model_random() & 1;
	u64 phys = 0;
	int fault = model_translate(O_SID, iova, write, view, &phys);

	return o_agrees(*o_at(o_now, iova), iova, write, fault, phys) ||
	       o_agrees(*o_at(o_was, iova), iova, write, fault, phys);
}

/* An address in the window: in the range last touched, or near it, or anywhere */
static u64 o_pick(void)
{
	u64 range = o_touched_end - o_touched_first;
	u64 iova = o_touched_first;

	switch (model_random() % 4) {
	case 0:
		iova += range - 1;
		break;
	case 1:
		iova += (((u64)model_random() << 12) | 0x123) % range;
		break;
	case 2:
		iova += range;
		break;
	case 3:
		iova = o_base + (((u64)model_random() << 12) | 0x456) % O_SIZE;
		break;
	}
	return iova - o_base < O_SIZE ? iova : o_base;
}

static void o_observe(void)
{
	o_probe = o_pick();
	if (!o_device_agrees(o_probe, MODEL_MIXED)) {
		printf("# the device sees something wrong at 0x%llx\n", LL(o_probe));
		model.bad++;
	}
}

static bool o_lookup_agrees(u64 iova)
{
	u64 value = *o_at(o_now, iova);
	struct vtd_pt_leaf leaf;

	if (!vtd_pt_lookup(&o_pt, iova, &leaf))
		return !value;
	return value && leaf.phys == (O_PHYS(value) | (iova & 4095)) &&
	       leaf.prot == O_PROT(value) && leaf.level == O_LEVEL(value);
}

/* After a call: both views are one, and say what the array says */
static bool o_settled(void)
{
	o_commit();
	for (unsigned int i = 0; i < 8; i++) {
		u64 iova = o_pick();

		if (!o_lookup_agrees(iova) || !o_device_agrees(iova, MODEL_SURE)) {
			printf("# wrong at 0x%llx\n", LL(iova));
			return false;
		}
	}
	return !model.bad;
}

/* What a caller does when vtd_pt_change says that tables were freed */
static void o_flush(struct list_head *retired)
{
	model_invalidate();
	vtd_mem_free_retired(retired);
}

static bool o_try_map(u64 iova, u64 phys, u64 size, u32 prot)
{
	LIST_HEAD(retired);
	struct vtd_pt_change change = { .retired = &retired };
	u64 mapped = ~0ull, want = 0;
	int ret, expected;

	o_begin(iova, size);
	expected = o_map(iova, phys, size, prot, &want);
	ret = vtd_pt_map(&o_pt, iova, phys, size, prot, 0, &mapped, &change);
	if (change.tables_freed != !list_empty(&retired))
		return false;
	o_flush(&retired);
	if (ret != expected || mapped != want)
		printf("# map 0x%llx size 0x%llx: %d not %d, 0x%llx not 0x%llx\n",
		       LL(iova), LL(size), ret, expected, LL(mapped), LL(want));
	return ret == expected && mapped == want && o_settled();
}

static bool o_try_unmap(u64 iova, u64 size)
{
	LIST_HEAD(retired);
	struct vtd_pt_change change = { .retired = &retired };
	u64 ret, expected;

	o_begin(iova, size);
	expected = o_unmap(iova, size);
	ret = vtd_pt_unmap(&o_pt, iova, size, &change);
	if (change.tables_freed != !list_empty(&retired))
		return false;
	/* Tables that held nothing count as something, see vtd_pt_unmap() */
	if (!expected && change.tables_freed)
		expected = ret;
	o_flush(&retired);
	if (ret != expected)
		printf("# unmap 0x%llx size 0x%llx: 0x%llx not 0x%llx\n",
		       LL(iova), LL(size), LL(ret), LL(expected));
	return ret == expected && o_settled();
}

static bool o_start(const struct vtd_pt_config *shape, u64 base)
{
	struct vtd_pt_config copy = *shape, *cfg = &copy;

	copy.first_stage = o_first;
	o_base = base;
	o_max_leaf = cfg->max_leaf;
	for (unsigned int i = 0; i < O_PAGES / 512; i++)
		if (o_dirty[i]) {
			memset(&o_now[i * 512], 0, 4096);
			memset(&o_was[i * 512], 0, 4096);
		}
	memset(o_dirty, 0, sizeof(o_dirty));
	o_begin(base, 4096);
	model_reset();
	model.coherent = cfg->coherent;
	model.first_stage = o_first;
	model.max_leaf = cfg->max_leaf;
	if (vtd_pt_init(&o_pt, cfg, 0))
		return false;
	model_attach(O_SID, vtd_pt_root_for(&o_pt), cfg->levels);
	model.observe = o_observe;
	return true;
}

/* True when nothing was left behind and no rule was broken */
static bool o_stop(void)
{
	model.observe = NULL;
	model_detach(O_SID);
	vtd_pt_exit(&o_pt);
	if (model.live)
		printf("# %u pages leaked\n", model.live);
	return !model.live && !model.bad;
}

#endif /* VTD_PGTABLE_ORACLE_H */

// SPDX-License-Identifier: GPL-2.0
/* The cursor over firmware's table: what it yields, and what it survives. */
#include "vtd_test.h"

#include "acpi/table.c"
#include "acpi/defects.c"
#include "tests/table_build.h"

/* Complaints since the last reset */
static unsigned int told, told_of[VTD_DEFECTS];

static void listen(const struct vtd_complaint *c)
{
	told++;
	EXPECT(c->defect > VTD_OK && c->defect < VTD_DEFECTS);
	if (c->defect < VTD_DEFECTS)
		told_of[c->defect]++;
}

static struct walk {
	unsigned int entries, count[VTD_TYPES], scopes, steps;
	struct vtd_entry last[VTD_TYPES];
	struct dmar_dev_scope scope[64];
} walk;

static void check_inside(const struct vtd_table *table, const struct vtd_entry *e)
{
	EXPECT(e->offset >= VTD_TABLE_FIXED);
	EXPECT(e->offset + e->length <= table->length);
	EXPECT(e->type < VTD_TYPES);
	if (e->name) {
		const char *end = (const char *)table->bytes + e->offset + e->length;

		EXPECT(e->name + strnlen(e->name, end - e->name) < end);
	}
	if (e->scopes.table) {
		EXPECT(e->scopes.at >= e->offset);
		EXPECT(e->scopes.end == e->offset + e->length);
	}
}

/* Walks a heap copy of exactly @size bytes: a read outside is a crash */
static int walk_bytes(const void *bytes, unsigned int size)
{
	struct dmar_dev_scope scope;
	struct vtd_cursor cursor;
	struct vtd_entry entry;
	struct vtd_table table;
	void *copy = malloc(size ? size : 1);
	int ret;

	memcpy(copy, bytes, size);
	memset(&walk, 0, sizeof(walk));
	memset(told_of, 0, sizeof(told_of));
	told = 0;
	ret = vtd_table_open(&table, copy, size, listen);
	if (ret)
		goto out;
	vtd_table_rewind(&cursor, &table);
	while (vtd_table_next(&cursor, &entry)) {
		check_inside(&table, &entry);
		walk.entries++;
		walk.count[entry.type]++;
		walk.last[entry.type] = entry;
		walk.last[entry.type].name = NULL;
		while (entry.scopes.table && vtd_scope_next(&entry.scopes, &scope)) {
			EXPECT(scope.depth >= 1 && scope.depth <= VTD_PATH_MAX);
			walk.scope[walk.scopes++ % 64] = scope;
		}
		EXPECT(entry.scopes.at <= table.length);
		walk.steps++;
	}
	EXPECT(!vtd_table_next(&cursor, &entry));
	EXPECT(walk.steps <= size / 4);
	EXPECT(walk.scopes <= size / 6);
out:
	free(copy);
	return ret;
}

static int walk_built(struct build *t)
{
	build_end(t);
	return walk_bytes(t->b, t->n);
}

static void sound_table(void)
{
	const unsigned char deep[] = { 0x1c, 4, 0, 0, 3, 7 };
	struct build t;

	build_start(&t);
	drhd_begin(&t, 0, 0, 0xfed90000);
	scope_put(&t, 1, 0, 2, 0);
	entry_end(&t, 0);
	drhd_begin(&t, 1, 0, 0xfed91000);
	t.b[t.entry + 5] = 0x34;	/* 2^4 pages; upper bits are reserved */
	put_scope(&t, 3, 0, 2, 0xf0, (const unsigned char *)"\x1f\0", 2);
	put_scope(&t, 2, 0, 0, 0x80, deep, sizeof(deep));
	entry_end(&t, 0);
	rmrr_begin(&t, 3, 0x7b800000, 0x7fffffff);
	scope_put(&t, 1, 0, 0x14, 0);
	entry_end(&t, 0);
	ports_begin(&t, 2, 1, 4);
	entry_end(&t, 0);
	put_rhsa(&t, 0xfed91000, 7);
	put_andd(&t, 9, "\\_SB.PCI0.I2C0", 24);
	ports_begin(&t, 5, 1, 0);
	entry_end(&t, 0);
	ports_begin(&t, 6, 0, 0);
	entry_end(&t, 0);

	EXPECT_EQ(walk_built(&t), 0);
	EXPECT_EQ(told, 0);
	EXPECT_EQ(walk.entries, 8);
	EXPECT_EQ(walk.scopes, 4);
	EXPECT_EQ(walk.last[VTD_TYPE_DRHD].base, 0xfed91000);
	EXPECT_EQ(walk.last[VTD_TYPE_DRHD].size, 0x10000);
	EXPECT_EQ(walk.last[VTD_TYPE_DRHD].flags, 1);
	EXPECT_EQ(walk.last[VTD_TYPE_RMRR].base, 0x7b800000);
	EXPECT_EQ(walk.last[VTD_TYPE_RMRR].end, 0x7fffffff);
	EXPECT_EQ(walk.last[VTD_TYPE_RMRR].segment, 3);
	EXPECT_EQ(walk.last[VTD_TYPE_RMRR].index, 2);
	EXPECT_EQ(walk.last[VTD_TYPE_ATSR].segment, 4);
	EXPECT_EQ(walk.last[VTD_TYPE_RHSA].base, 0xfed91000);
	EXPECT_EQ(walk.last[VTD_TYPE_RHSA].domain, 7);
	EXPECT_EQ(walk.last[VTD_TYPE_ANDD].number, 9);
	EXPECT_EQ(walk.last[VTD_TYPE_SATC].flags, 1);
	EXPECT_EQ(walk.scope[1].type, VTD_SCOPE_IOAPIC);
	EXPECT_EQ(walk.scope[1].id, 2);
	EXPECT_EQ(walk.scope[1].bus, 0xf0);
	EXPECT_EQ(walk.scope[2].depth, 3);
	EXPECT_EQ(walk.scope[2].path[0], 0x1c << 3 | 4);
	EXPECT_EQ(walk.scope[2].path[2], 3 << 3 | 7);
}

static void header(void)
{
	struct build t;

	build_start(&t);
	EXPECT_EQ(walk_built(&t), 0);
	EXPECT_EQ(walk_bytes(t.b, 47), -EINVAL);
	EXPECT_EQ(walk_bytes(t.b, 0), -EINVAL);
	EXPECT_EQ(told_of[VTD_BAD_LENGTH], 1);
	t.b[4] = 47;
	EXPECT_EQ(walk_bytes(t.b, 48), -EINVAL);
	t.b[4] = 49;
	EXPECT_EQ(walk_bytes(t.b, 48), -EINVAL);
	memset(t.b + 4, 0xff, 4);
	EXPECT_EQ(walk_bytes(t.b, 48), -EINVAL);
	EXPECT_EQ(told_of[VTD_BAD_LENGTH], 1);
	build_start(&t);
	t.b[3] = 'X';
	EXPECT_EQ(walk_built(&t), -EINVAL);
	EXPECT_EQ(told_of[VTD_BAD_SIGNATURE], 1);
}

static void width(void)
{
	static const struct { unsigned char raw, want; bool bad; } c[] = {
		{ 38, 39, false }, { 47, 48, false }, { 51, 52, false },
		{ 52, 52, true }, { 255, 52, true }, { 0, 52, true }, { 31, 32, false },
	};
	struct vtd_table table;
	struct build t;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(c); i++) {
		build_start(&t);
		build_end(&t);
		t.b[36] = c[i].raw;
		told = 0;
		EXPECT_EQ(vtd_table_open(&table, t.b, t.n, listen), 0);
		EXPECT_EQ(table.width, c[i].want);
		EXPECT_EQ(told, c[i].bad);
	}
}

/* A structure of each length that cannot be, behind a sound one */
static void structure_length(unsigned int length, enum vtd_defect want, bool goes_on)
{
	struct build t;

	build_start(&t);
	drhd_begin(&t, 1, 0, 0xfed90000);
	entry_end(&t, 0);
	drhd_begin(&t, 0, 0, 0xfed91000);
	t.n = t.entry + (length >= 4 && goes_on ? length : 16);
	entry_end(&t, length);
	if (!length)
		set16(&t, t.entry + 2, 0);
	ports_begin(&t, 2, 1, 0);
	entry_end(&t, 0);
	EXPECT_EQ(walk_built(&t), 0);
	EXPECT_EQ(told_of[want], 1);
	EXPECT_EQ(told, 1);
	EXPECT_EQ(walk.count[VTD_TYPE_DRHD], 1);
	EXPECT_EQ(walk.count[VTD_TYPE_ATSR], goes_on);
}

static void structure_lengths(void)
{
	unsigned int length;

	for (length = 0; length < 4; length++)
		structure_length(length, VTD_ENTRY_STUCK, false);
	for (length = 4; length < 16; length++)
		structure_length(length, VTD_ENTRY_SHORT, true);
	structure_length(16 + 8 + 1, VTD_ENTRY_PAST_END, false);
	structure_length(0xffff, VTD_ENTRY_PAST_END, false);
}

/* Every sound prefix of a table, cut at every byte, is survived */
static void cut_short(void)
{
	struct build t;
	unsigned int n;

	build_start(&t);
	drhd_begin(&t, 0, 0, 0xfed90000);
	scope_put(&t, 1, 0, 2, 0);
	entry_end(&t, 0);
	rmrr_begin(&t, 0, 0x1000, 0x1fff);
	scope_put(&t, 1, 0, 0x14, 0);
	entry_end(&t, 0);
	put_andd(&t, 1, "\\_SB.X", 7);
	for (n = 48; n <= t.n; n++) {
		set16(&t, 4, n);
		EXPECT_EQ(walk_bytes(t.b, n), 0);
		EXPECT_EQ(told, n != 48 && n != 72 && n != 104 && n != t.n);
	}
}

static void unknown_types(void)
{
	struct build t;

	build_start(&t);
	entry_begin(&t, 7);
	put32(&t, 0);
	entry_end(&t, 0);
	entry_begin(&t, 0xffff);
	entry_end(&t, 0);
	drhd_begin(&t, 1, 0, 0xfed90000);
	scope_put(&t, 0, 0, 2, 0);
	scope_put(&t, 6, 0, 2, 0);
	scope_put(&t, 1, 0, 2, 0);
	entry_end(&t, 0);
	EXPECT_EQ(walk_built(&t), 0);
	EXPECT_EQ(told_of[VTD_ENTRY_UNKNOWN], 2);
	EXPECT_EQ(told_of[VTD_SCOPE_UNKNOWN], 2);
	EXPECT_EQ(walk.entries, 1);
	EXPECT_EQ(walk.scopes, 1);
}

/* One scope of @length with @bytes of path behind a sound one */
static void scope_case(unsigned int length, const unsigned char *path,
		       unsigned int bytes, enum vtd_defect want, unsigned int scopes)
{
	struct build t;

	build_start(&t);
	drhd_begin(&t, 0, 0, 0xfed90000);
	scope_put(&t, 1, 0, 2, 0);
	put_scope(&t, 1, 6, 0, 0, path, bytes);
	t.b[t.n - bytes - 5] = length;
	entry_end(&t, 0);
	ports_begin(&t, 2, 1, 0);
	entry_end(&t, 0);
	EXPECT_EQ(walk_built(&t), 0);
	EXPECT_EQ(told, 1);
	EXPECT_EQ(told_of[want], 1);
	EXPECT_EQ(walk.scopes, scopes);
	EXPECT_EQ(walk.count[VTD_TYPE_DRHD], 1);
	EXPECT_EQ(walk.count[VTD_TYPE_ATSR], 1);
}

static void scope_defects(void)
{
	static const unsigned char path[64] = { 2, 1, 3, 1 };
	unsigned int length;

	for (length = 0; length < 6; length++)
		scope_case(length, path, 2, VTD_SCOPE_STUCK, 1);
	scope_case(6, path, 0, VTD_SCOPE_NO_PATH, 1);
	scope_case(7, path, 1, VTD_SCOPE_NO_PATH, 1);
	scope_case(9, path, 3, VTD_SCOPE_ODD_PATH, 2);
	scope_case(9, path, 2, VTD_SCOPE_PAST_END, 1);
	scope_case(255, path, 2, VTD_SCOPE_PAST_END, 1);
	scope_case(8, path, 2 + 5, VTD_SCOPE_TAIL, 2);
	scope_case(6 + 34, path, 34, VTD_SCOPE_LONG_PATH, 1);
	scope_case(8, (const unsigned char *)"\x20\0", 2, VTD_SCOPE_BAD_PATH, 1);
	scope_case(8, (const unsigned char *)"\x1f\x08", 2, VTD_SCOPE_BAD_PATH, 1);
}

static void longest_path(void)
{
	static const unsigned char path[2 * VTD_PATH_MAX] = { 0x1f, 7 };
	struct build t;

	build_start(&t);
	drhd_begin(&t, 0, 0, 0xfed90000);
	put_scope(&t, 2, 0, 0, 0, path, sizeof(path));
	entry_end(&t, 0);
	EXPECT_EQ(walk_built(&t), 0);
	EXPECT_EQ(told, 0);
	EXPECT_EQ(walk.scope[0].depth, VTD_PATH_MAX);
}

static void names(void)
{
	struct build t;

	build_start(&t);
	put_andd(&t, 1, "\\_SB.UA01", 9);	/* no room for its end */
	put_andd(&t, 2, "", 4);
	put_andd(&t, 3, "\\_SB.\x01X", 12);
	put_andd(&t, 4, "\\_SB\xff", 12);
	put_andd(&t, 5, "", 0);
	EXPECT_EQ(walk_built(&t), 0);
	EXPECT_EQ(told_of[VTD_NAME_BAD], 5);
	EXPECT_EQ(walk.entries, 0);

	build_start(&t);
	put_andd(&t, 1, "\\_SB.UA01", 10);
	put_andd(&t, 2, "\\_SB.UA01", 32);
	EXPECT_EQ(walk_built(&t), 0);
	EXPECT_EQ(told, 0);
	EXPECT_EQ(walk.entries, 2);
}

static void bases(void)
{
	EXPECT_EQ(vtd_table_check_base(0, 39), VTD_UNIT_ZERO);
	EXPECT_EQ(vtd_table_check_base(0xfed90800, 39), VTD_UNIT_UNALIGNED);
	EXPECT_EQ(vtd_table_check_base(0xfed90001, 39), VTD_UNIT_UNALIGNED);
	EXPECT_EQ(vtd_table_check_base(1ull << 39, 39), VTD_UNIT_BEYOND);
	EXPECT_EQ(vtd_table_check_base((1ull << 39) - 4096, 39), VTD_OK);
	EXPECT_EQ(vtd_table_check_base(~0xfffull, 64), VTD_OK);
	EXPECT_EQ(vtd_table_check_base(0xfed90000, 39), VTD_OK);
}

static void windows(void)
{
	EXPECT_EQ(vtd_table_check_window(~0u, ~0ull, ~0ull), VTD_UNIT_ONES);
	EXPECT_EQ(vtd_table_check_window(0, 0, 0), VTD_UNIT_ZEROES);
	EXPECT_EQ(vtd_table_check_window(0, 1, 0), VTD_UNIT_VERSION);
	EXPECT_EQ(vtd_table_check_window(0x0f, 1, 1), VTD_UNIT_VERSION);
	EXPECT_EQ(vtd_table_check_window(0x10, 0xd2008c22260206, 0xf00f4a), VTD_OK);
	EXPECT_EQ(vtd_table_check_window(0x60, 1, 1), VTD_OK);
}

static void region(u64 base, u64 end, enum vtd_defect want, u64 want_base, u64 want_end)
{
	EXPECT_EQ(vtd_table_fit_region(&base, &end), want);
	EXPECT_EQ(base, want_base);
	EXPECT_EQ(end, want_end);
}

static void regions(void)
{
	region(0, 0, VTD_REGION_EMPTY, 0, 0);
	region(0, 0xfff, VTD_OK, 0, 0xfff);
	region(0x9f7dc000, 0x9f7dbfff, VTD_REGION_EMPTY, 0x9f7dc000, 0x9f7dbfff);
	region(0x9000, 0, VTD_REGION_EMPTY, 0x9000, 0);
	region(0x9000, 0x1fff, VTD_REGION_INVERTED, 0x9000, 0x1fff);
	region(0xec000, 0xeefff, VTD_OK, 0xec000, 0xeefff);
	region(0x1800, 0x2000, VTD_REGION_UNALIGNED, 0x1000, 0x2fff);
	region(0x1000, 0x2000, VTD_REGION_UNALIGNED, 0x1000, 0x2fff);
	region(0x1000, 1ull << 52, VTD_REGION_BEYOND, 0x1000, 1ull << 52);
	region(0, ~0ull, VTD_REGION_EMPTY, 0, ~0ull);
	region(1, ~0ull, VTD_REGION_BEYOND, 1, ~0ull);
	region(0, (1ull << 52) - 1, VTD_OK, 0, (1ull << 52) - 1);
}

static void words_for_all(void)
{
	unsigned int i;

	for (i = 0; i < VTD_DEFECTS; i++) {
		EXPECT(vtd_defect_text(i) && *vtd_defect_text(i));
		EXPECT(vtd_defect_remedy(i) && *vtd_defect_remedy(i));
	}
	EXPECT_STR(vtd_defect_text(VTD_DEFECTS), "unknown defect");
	EXPECT_STR(vtd_table_type_name(VTD_TYPE_SIDP), "SIDP");
	EXPECT_STR(vtd_table_type_name(VTD_TYPE_TABLE), "table");
	EXPECT_STR(vtd_table_type_name(99), "structure");
}

/* A sound table with bytes changed at random: check_inside() and ASan judge */
static void random_damage(void)
{
	struct build sound, t;
	unsigned int i, k, seed = 1;

	build_start(&sound);
	for (i = 0; i < 4; i++) {
		drhd_begin(&sound, i == 3, i, 0xfed90000 + i * 4096);
		scope_put(&sound, 1, 0, 2, 0);
		scope_put(&sound, 2, 0, 3, 0);
		entry_end(&sound, 0);
		rmrr_begin(&sound, 0, 0x1000, 0x1fff);
		scope_put(&sound, 1, 0, 0x14, 0);
		entry_end(&sound, 0);
		put_andd(&sound, i, "\\_SB.X", 8);
	}
	build_end(&sound);
	for (i = 0; i < 20000; i++) {
		t = sound;
		for (k = 0; k < 1 + i % 8; k++) {
			seed = seed * 1103515245 + 12345;
			t.b[48 + (seed >> 8) % (t.n - 48)] = seed >> 16;
		}
		EXPECT_EQ(walk_bytes(t.b, t.n), 0);
	}
}

VTD_TESTS("table",
	  TEST(sound_table), TEST(header), TEST(width), TEST(structure_lengths),
	  TEST(cut_short), TEST(unknown_types), TEST(scope_defects),
	  TEST(longest_path), TEST(names), TEST(bases), TEST(windows),
	  TEST(regions), TEST(words_for_all), TEST(random_damage))

// SPDX-License-Identifier: GPL-2.0
/*
 * Tables of real machines, counted and compared with an index that another
 * program made.  DMAR_CORPUS names the folder with *.dmar, DMAR_INDEX the index
 * (default: dmar-INDEX.tsv beside the folder).  The tables are not in this tree.
 */
#include "vtd_test.h"

#include <dirent.h>

#include "acpi/table.c"
#include "acpi/defects.c"

#define COLUMNS	32

/* What is compared, by the name of its column */
enum { WIDTH = VTD_TYPES, SCOPES, FLAGS, COUNTS };

static const char * const column_name[COUNTS] = {
	[VTD_TYPE_DRHD] = "DRHD",
	[VTD_TYPE_RMRR] = "RMRR",
	[VTD_TYPE_ATSR] = "ATSR",
	[VTD_TYPE_RHSA] = "RHSA",
	[VTD_TYPE_ANDD] = "ANDD",
	[VTD_TYPE_SATC] = "SATC",
	[VTD_TYPE_SIDP] = "SIDP",
	[WIDTH] = "host_addr_width",
	[SCOPES] = "device_scopes",
	[FLAGS] = "flags",
};

static int column[COUNTS];
static unsigned int columns_needed;
static const char *file_name;

static void listen(const struct vtd_complaint *c)
{
	printf("# %s: %s at 0x%x: %s (0x%llx): %s\n", file_name,
	       vtd_table_type_name(c->type), c->offset, vtd_defect_text(c->defect),
	       (unsigned long long)c->value, vtd_defect_remedy(c->defect));
}

static int count_table(const void *bytes, unsigned int size, unsigned long *count)
{
	struct dmar_dev_scope scope;
	struct vtd_cursor cursor;
	struct vtd_entry entry;
	struct vtd_table table;

	memset(count, 0, COUNTS * sizeof(*count));
	if (vtd_table_open(&table, bytes, size, listen))
		return -1;
	count[WIDTH] = table.width;
	count[FLAGS] = table.flags;
	vtd_table_rewind(&cursor, &table);
	while (vtd_table_next(&cursor, &entry)) {
		count[entry.type]++;
		while (entry.scopes.table && vtd_scope_next(&entry.scopes, &scope))
			count[SCOPES]++;
	}
	return 0;
}

/* Exactly as many bytes on the heap as the file has */
static void *slurp(const char *dir, const char *name, unsigned int *size)
{
	char path[4096];
	void *bytes;
	FILE *f;
	long n;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "rb");
	if (!f)
		return NULL;
	fseek(f, 0, SEEK_END);
	n = ftell(f);
	rewind(f);
	bytes = malloc(n > 0 ? n : 1);
	*size = fread(bytes, 1, n > 0 ? n : 0, f);
	fclose(f);
	return bytes;
}

static unsigned int split(char *line, char **field)
{
	unsigned int n = 0;

	line[strcspn(line, "\r\n")] = 0;
	while (n < COLUMNS && line) {
		field[n++] = line;
		line = strchr(line, '\t');
		if (line)
			*line++ = 0;
	}
	return n;
}

static bool read_header(FILE *index)
{
	char line[8192], *field[COLUMNS];
	unsigned int i, k, n;

	if (!fgets(line, sizeof(line), index))
		return false;
	n = split(line, field);
	for (k = 0; k < COUNTS; k++) {
		column[k] = -1;
		for (i = 0; i < n; i++) {
			if (!strcmp(field[i], column_name[k]))
				column[k] = i;
		}
		if (column[k] < 0)
			return false;
		if (columns_needed <= column[k])
			columns_needed = column[k] + 1;
	}
	return true;
}

static void compare(const char *dir, char **field)
{
	unsigned long count[COUNTS], want;
	unsigned int k, size;
	void *bytes;

	file_name = field[0];
	bytes = slurp(dir, field[0], &size);
	EXPECT(bytes);
	if (!bytes)
		return;
	EXPECT_EQ(count_table(bytes, size, count), 0);
	for (k = 0; k < COUNTS; k++) {
		want = strtoul(field[column[k]], NULL, 0);
		if (count[k] == want)
			continue;
		vtd_test_failures++;
		printf("# %s: %s is %lu, not %lu\n", field[0], column_name[k],
		       count[k], want);
	}
	free(bytes);
}

static unsigned int count_files(const char *dir)
{
	unsigned int n = 0;
	struct dirent *e;
	DIR *d = opendir(dir);

	while (d && (e = readdir(d))) {
		size_t len = strlen(e->d_name);

		n += len > 5 && !strcmp(e->d_name + len - 5, ".dmar");
	}
	if (d)
		closedir(d);
	return n;
}

static FILE *open_index(const char *dir)
{
	const char *name = getenv("DMAR_INDEX");
	char path[4096];

	if (!name) {
		snprintf(path, sizeof(path), "%s/../dmar-INDEX.tsv", dir);
		name = path;
	}
	return fopen(name, "r");
}

static void real_tables(void)
{
	const char *dir = getenv("DMAR_CORPUS");
	char line[8192], *field[COLUMNS];
	unsigned int n = 0, files;
	FILE *index;

	if (!dir || !*dir)
		SKIP("DMAR_CORPUS does not name a folder with tables");
	files = count_files(dir);
	if (!files)
		SKIP("the folder that DMAR_CORPUS names has no *.dmar");
	index = open_index(dir);
	if (!index)
		SKIP("the index of the tables cannot be read");
	if (read_header(index)) {
		while (fgets(line, sizeof(line), index)) {
			if (split(line, field) < columns_needed)
				continue;
			compare(dir, field);
			n++;
		}
	}
	fclose(index);
	EXPECT_EQ(n, files);
	printf("# %u tables\n", n);
}

VTD_TESTS("corpus", TEST(real_tables))

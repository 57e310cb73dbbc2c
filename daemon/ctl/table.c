// SPDX-License-Identifier: GPL-2.0-only
/* Tables of JSON objects. */

#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"

/* What a row has not got */
#define TABLE_NOTHING	"-"

/* Most columns at a time, some of them perhaps twice */
#define TABLE_COLUMNS_MAX	32

/* The longest number */
#define TABLE_NUMBER_MAX	24

static const struct table_column *table_find(const struct table_column *columns,
					     const char *name, size_t len)
{
	for (; columns->name; columns++)
		if (strlen(columns->name) == len &&
		    !strncasecmp(columns->name, name, len))
			return columns;
	return NULL;
}

static int table_refuse(const struct table_column *columns, const char *name,
			int len)
{
	fprintf(stderr, "appgwctl: no column \"%.*s\":", len, name);
	for (; columns->name; columns++)
		fprintf(stderr, " %s", columns->name);
	fprintf(stderr, "\n");
	return -1;
}

/* Set @shown, which has @room; return how many, or -1 if one isn't there, or is one
 * too many.
 */
static int table_choose(const struct table_column *columns, const char *chosen,
			const struct table_column **shown, int room)
{
	size_t len;
	int n = 0;

	if (!chosen) {
		for (; columns->name && n < room; columns++)
			shown[n++] = columns;
		return n;
	}
	for (;; chosen += len + 1) {
		len = strcspn(chosen, ",");
		if (n == room)
			return table_refuse(columns, chosen, len);
		shown[n] = table_find(columns, chosen, len);
		if (!shown[n++])
			return table_refuse(columns, chosen, len);
		if (!chosen[len])
			return n;
	}
}

static int table_set(struct libscols_line *line, int column, const json_t *value)
{
	char number[TABLE_NUMBER_MAX];
	const char *text = TABLE_NOTHING;

	if (json_string_length(value)) {
		text = json_string_value(value);
	} else if (json_is_integer(value)) {
		snprintf(number, sizeof(number), "%lld",
			 (long long)json_integer_value(value));
		text = number;
	}
	return scols_line_set_data(line, column, text);
}

static int table_fill(struct libscols_table *table,
		      const struct table_column **shown, int n,
		      const json_t *rows)
{
	struct libscols_line *line;
	json_t *row;
	size_t i;
	int j;

	for (j = 0; j < n; j++)
		if (!scols_table_new_column(table, shown[j]->name, 0,
					    shown[j]->is_right ?
					    SCOLS_FL_RIGHT : 0))
			return -1;
	json_array_foreach(rows, i, row) {
		line = scols_table_new_line(table, NULL);
		if (!line)
			return -1;
		for (j = 0; j < n; j++)
			if (table_set(line, j,
				      json_object_get(row, shown[j]->key)))
				return -1;
	}
	return 0;
}

/**
 * table_print() - rows under headings, each column as wide as it must be
 * @columns: all there are; ends with one that has no name
 * @rows: an array of objects
 * @look: which columns, and whether with headings
 *
 * Return: 0, or -1, of which it has told
 */
int table_print(const struct table_column *columns, const json_t *rows,
		const struct table_look *look)
{
	const struct table_column *shown[TABLE_COLUMNS_MAX];
	struct libscols_table *table;
	int n, ret;

	n = table_choose(columns, look->columns, shown, TABLE_COLUMNS_MAX);
	if (n < 0)
		return -1;
	table = scols_new_table();
	ret = table ? table_fill(table, shown, n, rows) : -1;
	if (!ret) {
		scols_table_enable_noheadings(table, look->has_no_heading);
		ret = scols_print_table(table) ? -1 : 0;
	}
	if (ret)
		fprintf(stderr, "appgwctl: no memory\n");
	scols_unref_table(table);
	return ret;
}

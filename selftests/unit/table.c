// SPDX-License-Identifier: GPL-2.0-only
/* daemon/ctl/table.c: columns stay columns whatever is in them, and can be
 * chosen.
 */

#include <unistd.h>

#include "../../daemon/ctl/ctl.h"
#include "tap.h"

static const struct table_column columns[] = {
	{ "CLIENT", "client", false },
	{ "SERVER", "server", false },
	{ "EDITS", "edits", true },
	{ NULL, NULL, false }
};

#define SIX	"[2001:db8:1234:5678:9abc:def0:1234:5678]:65535"

static const char rows[] =
	"[{\"client\": \"" SIX "\", \"server\": \"10.0.0.1:21\", \"edits\": 7},"
	" {\"client\": \"10.0.0.2:40000\", \"server\": \"" SIX "\", \"edits\": 12345},"
	" {\"client\": \"10.0.0.2:40001\", \"server\": \"\"}]";

/* What table_print() prints, to be freed; NULL if it refuses */
static char *printed(const char *text, const char *chosen, bool no_heading)
{
	const struct table_look look = { chosen, no_heading };
	json_t *array = json_loads(text, 0, NULL);
	char path[] = "/tmp/appgw-table.XXXXXX";
	int fd = mkstemp(path), saved = dup(1), ret;
	char *out = calloc(1, 4096);

	if (!array || fd < 0 || saved < 0 || !out)
		exit(2);
	fflush(stdout);
	dup2(fd, 1);
	ret = table_print(columns, array, &look);
	fflush(stdout);
	dup2(saved, 1);
	close(saved);
	if (pread(fd, out, 4095, 0) < 0)
		exit(2);
	close(fd);
	unlink(path);
	json_decref(array);
	if (!ret)
		return out;
	free(out);
	return NULL;
}

/* Where a word is in the line of that number, or -1 */
static int place(const char *text, int line, const char *word)
{
	const char *found;

	while (line-- && text)
		text = strchr(text, '\n') ? strchr(text, '\n') + 1 : NULL;
	found = text ? strstr(text, word) : NULL;
	if (!found || memchr(text, '\n', found - text))
		return -1;
	return found - text;
}

static void test_aligned(void)
{
	char *text = printed(rows, NULL, false);

	tap_begin("long addresses: columns stay where they are");
	tap_check(text, "refused");
	tap_check(place(text, 0, "SERVER") > (int)strlen(SIX), "says: %s", text);
	tap_check(place(text, 1, "10.0.0.1:21") == place(text, 0, "SERVER"),
		  "says: %s", text);
	tap_check(place(text, 2, SIX) == place(text, 0, "SERVER"), "says: %s",
		  text);
	tap_check(place(text, 3, "- ") == place(text, 0, "SERVER"), "says: %s",
		  text);
	tap_end();
	tap_begin("numbers end where their heading does");
	tap_check(place(text, 1, " 7") + 2 == place(text, 0, "EDITS") + 5 &&
		  place(text, 2, "12345") == place(text, 0, "EDITS"),
		  "says: %s", text);
	tap_end();
	free(text);
}

static void test_chosen(void)
{
	char *text = printed(rows, "edits,CLIENT", true);

	tap_begin("columns that are chosen, without headings");
	tap_check(text && place(text, 0, "7 " SIX) >= 0 &&
		  place(text, 1, "12345 10.0.0.2:40000") == 0 &&
		  place(text, 3, "") == 0 && !strstr(text, "EDITS") &&
		  !strstr(text, "10.0.0.1"), "says: %s", text);
	tap_end();
	free(text);
}

static void test_refused(void)
{
	static const char *const bad[] = { "", ",", "client,", "clien",
					   "clients", "client,,edits" };
	unsigned int i;

	tap_begin("columns that there aren't");
	for (i = 0; i < TAP_ARRAY_SIZE(bad); i++)
		tap_check(!printed(rows, bad[i], false), "%s was taken", bad[i]);
	tap_end();
}

static void test_empty(void)
{
	char *text = printed("[]", NULL, true);

	tap_begin("no rows: nothing");
	tap_check(text && !*text, "says: %s", text);
	tap_end();
	free(text);
}

int main(void)
{
	tap_plan(5);
	test_aligned();
	test_chosen();
	test_refused();
	test_empty();
	return tap_finish();
}

// SPDX-License-Identifier: GPL-2.0-only
/* daemon/endpoint_text.c: ADDRESS:PORT is read as it is written, and nothing else is. */

#include "../../daemon/endpoint_text.h"
#include "tap.h"

/* Text that is read and, if that is another, as it is written then */
static const struct good_case {
	const char *text;
	const char *written;
} good_cases[] = {
	{ "127.0.0.1:9617", NULL },
	{ "0.0.0.0:1", NULL },
	{ "255.255.255.255:65535", NULL },
	{ "[::1]:9617", NULL },
	{ "[::]:65535", NULL },
	{ "[2001:db8:1:2:3:4:5:6]:80", NULL },
	{ "[2001:DB8:0:0:0:0:0:1]:80", "[2001:db8::1]:80" },
	{ "127.0.0.1:00080", "127.0.0.1:80" },
};

static const char *const bad_cases[] = {
	"", ":", ":9617", "9617", "*:9617", "localhost:9617",
	"127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536",
	"127.0.0.1:4294967297", "127.0.0.1:9617 ", " 127.0.0.1:9617",
	"127.0.0.1:9617x", "127.0.0.1:-1", "127.0.0.1:+1", "127.0.0.1:0x10",
	"127.0.0:80", "127.0.0.1.1:80", "256.0.0.1:80", "010.0.0.1:80",
	"127.0.0.1 :80", "127.0.0.1::80", "127.0.0.1:80:80",
	"::1:9617", "[::1]", "[::1]9617", "[::1]:", "[::1]:0", "[::1:80",
	"[]:80", "[::1]]:80", "[[::1]]:80", "[127.0.0.1]:80", "[1::2::3]:80",
	"[fe80::1%lo]:80", "[:::]:80", "[12345::]:80", "[::1]:80\n",
	"[1:2:3:4:5:6:7:8:9]:80",
};

static void test_good(const struct good_case *c)
{
	const char *want = c->written ? c->written : c->text;
	char text[ENDPOINT_TEXT_MAX] = "";
	struct endpoint ep;

	tap_begin(c->text);
	if (tap_check(endpoint_parse(c->text, &ep), "refused"))
		tap_check(!strcmp(endpoint_text(text, &ep), want),
			  "written as %s", text);
	tap_end();
}

static void test_bad(const char *text)
{
	struct endpoint ep, before;
	char name[64];

	snprintf(name, sizeof(name), "\"%.*s\" is none",
		 (int)strcspn(text, "\n"), text);
	tap_begin(name);
	memset(&before, 0x55, sizeof(before));
	ep = before;
	tap_check(!endpoint_parse(text, &ep), "accepted");
	tap_check(!memcmp(&ep, &before, sizeof(ep)), "changed something");
	tap_end();
}

int main(void)
{
	unsigned int i;

	tap_plan(TAP_ARRAY_SIZE(good_cases) + TAP_ARRAY_SIZE(bad_cases));
	for (i = 0; i < TAP_ARRAY_SIZE(good_cases); i++)
		test_good(&good_cases[i]);
	for (i = 0; i < TAP_ARRAY_SIZE(bad_cases); i++)
		test_bad(bad_cases[i]);
	return tap_finish();
}

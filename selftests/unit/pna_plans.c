// SPDX-License-Identifier: GPL-2.0-only
/* daemon/pna.c: what a hello or a reply calls for. */

#include "models/exact.h"
#include "models/inspect.h"
#include "models/pna_plan_properties.h"
#include "tap.h"

#define TEXT_MAX	200

/**
 * struct plan_case - a payload
 * @name: the case's name
 * @text: the bytes
 * @len: how many
 * @plans: one a word: action, kind, where the announcement and the edit are, port
 */
struct plan_case {
	const char *name;
	const char *text;
	size_t len;
	const char *plans;
};

#define CASE(name, text, plans)	{ name, text, sizeof(text) - 1, plans }

#define PNA		"PNA\0\12"
#define UDP		"\0\1\0\2\33\130"	/* 7000 */
#define ROBUST		"\0\7\0\2\33\131"	/* 7001 */
#define SAME		"\0\7\0\2\33\130"
#define NONE		"\0\7\0\2\0\0"
#define OTHER		"\0\3\0\4abcd"
#define END		"\0\0"
#define REPLY_START	"PNA\0\12abcdef"

static const struct plan_case plan_cases[] = {
	CASE("a port", PNA UDP END, "open:udp:5:9:7000 "),
	CASE("two ports", PNA UDP ROBUST END,
	     "open:udp:5:9:7000 open:robust_udp:11:15:7001 "),
	CASE("the other way round", PNA ROBUST UDP END,
	     "open:robust_udp:5:9:7001 open:udp:11:15:7000 "),
	CASE("the same port twice", PNA UDP SAME END,
	     "open:udp:5:9:7000 public:robust_udp:11:15:7000 "),
	CASE("among others", PNA OTHER UDP OTHER "\0\12\0\0" ROBUST END "x",
	     "open:udp:13:17:7000 open:robust_udp:31:35:7001 "),
	CASE("a port of 0", PNA UDP NONE END, "open:udp:5:9:7000 "),
	CASE("a port that is the system's", PNA "\0\1\0\2\0\120" END,
	     "open:udp:5:9:80 "),
	CASE("the highest port", PNA "\0\1\0\2\377\377" END,
	     "open:udp:5:9:65535 "),
	CASE("a port of another length", PNA "\0\1\0\4\33\130ab" END, ""),
	CASE("no end", PNA UDP, ""),
	CASE("half an end", PNA UDP "\0", ""),
	CASE("an option that is cut", PNA UDP "\0\3\0\4abc", ""),
	CASE("three ports", PNA OTHER UDP ROBUST UDP END, ""),
	CASE("a reply", REPLY_START "\0\7\33\132tail",
	     "open:robust_udp:11:13:7002 "),
	CASE("a reply that ends there", REPLY_START "\0\7\33\132",
	     "open:robust_udp:11:13:7002 "),
	CASE("one that is cut", REPLY_START "\0\7\33", ""),
	CASE("one with another number", REPLY_START "\0\6\33\132tail", ""),
	CASE("one without a port", REPLY_START "\0\7\0\0tail", ""),
	CASE("one with a port that is the system's",
	     REPLY_START "\0\7\0\25tail", "open:robust_udp:11:13:21 "),
	CASE("a reply that begins like a hello",
	     PNA "\0\1\0\2\33\130\0\7\33\132\0\0\0\0",
	     "open:robust_udp:11:13:7002 "),
	CASE("a reply that is an empty hello", PNA "\0\0abcd\0\7\33\132tail",
	     "open:robust_udp:11:13:7002 "),
	CASE("another name", "PNB\0\12" UDP END, ""),
	CASE("text", "PRIVMSG a :b\r\n", ""),
	CASE("too little", "PNA\0", ""),
	CASE("nothing", "", ""),
};

static void test_case(const struct plan_case *c)
{
	struct exact e = exact_copy(c->text, c->len);
	struct plan plan[PNA_PLANS_MAX];
	char got[TEXT_MAX], *to = got;
	const char *complaint;
	unsigned int n, i;

	tap_begin(c->name);
	*got = 0;
	n = inspect_at(&pna_proto, exact_span(&e), PNA_SEQ, plan, PNA_PLANS_MAX);
	for (i = 0; i < n; i++)
		to += sprintf(to, "%s:%s:%u:%u:%u ",
			      plan[i].action == APPGW_PLAN_OPEN ? "open" :
								  "public",
			      plan[i].kind, plan[i].seq - PNA_SEQ,
			      plan[i].edit_seq - PNA_SEQ, plan[i].end.port);
	tap_check(!strcmp(got, c->plans), "%s", got);
	complaint = pna_plan_complaint(exact_span(&e));
	tap_check(!complaint, "%s", complaint);
	exact_free(&e);
	tap_end();
}

/* Every byte changed to every other one. */
static void test_sweep(void)
{
	const char *complaint;
	size_t i, at;
	int byte;

	tap_begin("around all of them");
	for (i = 0; i < TAP_ARRAY_SIZE(plan_cases); i++) {
		const struct plan_case *c = &plan_cases[i];
		struct exact e = exact_copy(c->text, c->len);

		for (at = 0; at < c->len; at++) {
			for (byte = 0; byte < 256; byte++) {
				e.at[at] = byte;
				complaint = pna_plan_complaint(exact_span(&e));
				tap_check(!complaint, "%s: %s",
					  exact_text(e.at, e.len), complaint);
			}
			e.at[at] = c->text[at];
		}
		exact_free(&e);
	}
	tap_end();
}

/* As long as the module lets one be. */
static void test_limit(void)
{
	struct plan plan[PNA_PLANS_MAX];
	struct exact e = exact_new(600);
	size_t size;

	tap_begin("a hello of 512 bytes");
	memset(e.at, 0, e.len);
	memcpy(e.at, PNA UDP "\0\3", 13);
	for (size = 490; size < 500; size++) {
		size_t len = 11 + 4 + size + 2;

		e.at[13] = size >> 8;
		e.at[14] = size;
		tap_check((inspect_at(&pna_proto, exact_span(&e), PNA_SEQ, plan,
				      PNA_PLANS_MAX) == 1) ==
			  (len <= 512), "%zu bytes", len);
	}
	exact_free(&e);
	tap_end();
}

int main(void)
{
	size_t i;

	tap_plan(TAP_ARRAY_SIZE(plan_cases) + 2);
	for (i = 0; i < TAP_ARRAY_SIZE(plan_cases); i++)
		test_case(&plan_cases[i]);
	test_sweep();
	test_limit();
	return tap_finish();
}

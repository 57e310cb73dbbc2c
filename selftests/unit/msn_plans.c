// SPDX-License-Identifier: GPL-2.0-only
/* daemon/msn.c: what the messages in a payload call for, and that with it done
 * all of their lengths are right.
 */

#include "models/cuts.h"
#include "models/exact.h"
#include "models/msn_plan_properties.h"
#include "models/msn_random.h"
#include "msn_plan_cases.h"
#include "tap.h"

#define TEXT_MAX	1200

#define RANDOM_ROUNDS	10000
#define RANDOM_SEED	0x5eed1863

static struct plan plans[MSN_MODULE_PLANS_MAX];
static struct msn_build in, want, out;

static struct span build_span(const struct msn_build *b)
{
	return (struct span){ b->at, b->len };
}

/* What the cases say. */
static struct msn_module case_module(bool ipv6)
{
	return ipv6 ? msn_module_new("2001:db8:1::2", "2001:db8:ffff::1234",
				     10000) :
		      msn_module_new("10.0.1.2", "203.0.113.7", 10000);
}

static void write_plans(char *to, unsigned int n)
{
	static const char * const action[__APPGW_PLAN_ACTION_MAX] = {
		[APPGW_PLAN_OPEN] = "open", [APPGW_PLAN_ADDRESS] = "address",
		[APPGW_PLAN_PUBLIC] = "public",
		[APPGW_PLAN_OPEN_FIXED] = "fixed",
		[APPGW_PLAN_REFUSE] = "refuse",
	};
	unsigned int i;
	char *blank;

	*to = 0;
	for (i = 0; i < n; i++) {
		if (plans[i].action == APPGW_PLAN_TEXT)
			continue;
		to += sprintf(to, "%s:%u:%.*s", action[plans[i].action] ?: "?",
			      plans[i].end.port, (int)plans[i].old.len,
			      plans[i].old.len ? (char *)plans[i].old.at : "");
		while ((blank = memchr(to - plans[i].old.len, ' ',
				       plans[i].old.len)))
			*blank = '_';
		to += sprintf(to, " ");
	}
}

/* Lengths are corrected last, and none where they stay. */
static void check_lengths(const struct plan_case *c, unsigned int n)
{
	unsigned int i, texts = 0, wanted;

	wanted = !n || plans[0].action == APPGW_PLAN_REFUSE ||
		 msn_build_is_fixed(c->kind) ? 0 :
		 c->kind == MSN_BUILD_INVITATION ? 1 : 3;
	for (i = 0; i < n; i++) {
		texts += plans[i].action == APPGW_PLAN_TEXT;
		tap_check((plans[i].action == APPGW_PLAN_TEXT) ==
			  (i >= n - wanted), "plan %u is out of turn", i);
	}
	tap_check(texts == wanted, "%u lengths", texts);
}

static void check_becomes(const struct msn_build *got,
			  const struct msn_build *wanted)
{
	size_t at = 0;

	while (at < got->len && at < wanted->len &&
	       got->at[at] == wanted->at[at])
		at++;
	tap_check(at == got->len && at == wanted->len,
		  "byte %zu of %zu, not %zu: %s", at, got->len, wanted->len,
		  exact_text(got->at + (at > 20 ? at - 20 : 0),
			     got->len - (at > 20 ? at - 20 : 0)));
}

static void test_case(const struct plan_case *c, bool ipv6)
{
	struct msn_module m = case_module(ipv6);
	const char *complaint;
	char got[TEXT_MAX];
	struct exact e;
	unsigned int n;
	bool done;

	tap_begin(c->name);
	in.len = 0;
	want.len = 0;
	msn_build_message(&in, c->kind, c->text);
	msn_build_message(&want, c->kind, c->becomes ?: c->text);
	e = exact_copy(in.at, in.len);
	n = msn_module_inspect(&m, exact_span(&e), plans, MSN_MODULE_PLANS_MAX);
	write_plans(got, n);
	tap_check(!strcmp(got, c->plans), "%s", got);
	check_lengths(c, n);
	done = msn_module_apply(&m, exact_span(&e), plans, n, &out);
	tap_check(!n || done == !!c->becomes, done ? "not refused" : "refused");
	check_becomes(&out, &want);
	complaint = msn_inspect_complaint(&m, exact_span(&e));
	tap_check(!complaint, "%s", complaint);
	exact_free(&e);
	tap_end();
}

/* What begins with @text, in a segment with a good message behind it. */
static void check_other(const char *name, const void *text, size_t len,
			unsigned int wanted)
{
	struct msn_module m = case_module(false);
	const char *complaint;
	unsigned int n, i, got = 0;

	tap_begin(name);
	in.len = 0;
	msn_build_add(&in, text, len);
	msn_build_message(&in, MSN_BUILD_INVITATION, FTP_START
			  "IP-Address: 10.0.1.2\r\nPort: 6891\r\n" FTP_END);
	n = msn_module_inspect(&m, build_span(&in), plans,
			       MSN_MODULE_PLANS_MAX);
	for (i = 0; i < n; i++)
		got += !i || plans[i].seq != plans[i - 1].seq;
	tap_check(got == wanted + 1, "%u announcements", got);
	complaint = msn_inspect_complaint(&m, build_span(&in));
	tap_check(!complaint, "%s", complaint);
	tap_end();
}

#define MIME_INVITE	"Content-Type: text/x-msmsgsinvite\r\n\r\n"
#define ACCEPT		"Invitation-Command: ACCEPT\r\nPort: 6891\r\n" \
			"IP-Address: 10.0.1.2\r\n\r\n"

/**
 * struct other_case - what is no message like the others
 * @announcements: how many it has itself, as far as can be told without having
 *	read what is in front of it
 */
static const struct other_case {
	const char *name;
	const char *text;
	size_t len;
	unsigned int announcements;
} other_cases[] = {
#define OTHER(name, text, n)	{ name, text, sizeof(text) - 1, n }
	OTHER("nothing in front", "", 0),
	OTHER("other commands", "ANS 1 a@example.com 2 3\r\nCAL 2 b\r\n", 0),
	OTHER("the end of something binary", "\0MSG\0MS\r\nM", 0),
	OTHER("a MSG of 101 bytes",
	      "MSG 1 U 101\r\n" MIME_INVITE ACCEPT, 1),
	OTHER("one that asks for no answer",
	      "MSG 4294967295 N 101\r\n" MIME_INVITE ACCEPT, 1),
	OTHER("a number that is too large",
	      "MSG 4294967296 N 101\r\n" MIME_INVITE ACCEPT, 0),
	OTHER("a length that ends in front of the port",
	      "MSG 1 U 70\r\n" MIME_INVITE ACCEPT, 0),
	OTHER("a length that begins with 0",
	      "MSG 1 U 0101\r\n" MIME_INVITE ACCEPT, 0),
	OTHER("what a server passes on",
	      "MSG a@example.com Alice 101\r\n" MIME_INVITE ACCEPT, 0),
	OTHER("what a server passes on of somebody with a short name",
	      "MSG 1@x U 101\r\n" MIME_INVITE ACCEPT, 0),
	OTHER("an unknown way to answer",
	      "MSG 1 X 101\r\n" MIME_INVITE ACCEPT, 0),
	OTHER("three words", "MSG U 101\r\n" MIME_INVITE ACCEPT, 0),
	OTHER("five words", "MSG 1 U 101 101\r\n" MIME_INVITE ACCEPT, 0),
	OTHER("two blanks", "MSG 1  U 101\r\n" MIME_INVITE ACCEPT, 0),
	OTHER("a blank behind", "MSG 1 U 101 \r\n" MIME_INVITE ACCEPT, 0),
	OTHER("small letters", "msg 1 U 101\r\n" MIME_INVITE ACCEPT, 0),
	OTHER("no end of a line", "MSG 1 U 101", 0),
	OTHER("chat that quotes an invitation", "MSG 1 N 129\r\n"
	      "Content-Type: text/plain\r\n\r\n" MIME_INVITE ACCEPT, 0),
	OTHER("chat that quotes a whole message", "MSG 1 N 142\r\n"
	      "Content-Type: text/plain\r\n\r\n"
	      "MSG 1 U 101\r\n" MIME_INVITE ACCEPT, 1),
	OTHER("chat that seems to be much longer", "MSG 1 N 999\r\n"
	      "Content-Type: text/plain\r\n\r\n", 0),
	OTHER("a quotation that seems to be longer", "MSG 1 N 41\r\n"
	      "Content-Type: text/plain\r\n\r\nMSG 1 N 900\r\n", 0),
	OTHER("two types of content", "MSG 1 U 127\r\n"
	      "Content-Type: text/plain\r\n" MIME_INVITE ACCEPT, 0),
	OTHER("no type of content", "MSG 1 U 66\r\n\r\n" ACCEPT, 0),
	OTHER("a type of content that begins alike", "MSG 1 U 102\r\n"
	      "Content-Type: text/x-msmsgsinvites\r\n\r\n" ACCEPT, 0),
	OTHER("another letter case of it", "MSG 1 U 104\r\n"
	      "CONTENT-TYPE:  TEXT/X-MSMSGSINVITE ;\r\n\r\n" ACCEPT, 1),
	OTHER("a header without an end", "MSG 1 U 35\r\n"
	      "Content-Type: text/x-msmsgsinvite\r\n", 0),
	OTHER("P2P that is too short", "MSG 1 D 46\r\n"
	      "Content-Type: application/x-msnmsgrp2p\r\n\r\nabcd", 0),
	OTHER("P2P without a text", "MSG 1 D 94\r\n"
	      "Content-Type: application/x-msnmsgrp2p\r\n\r\n"
	      "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	      "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 0),
	OTHER("version 2 without data", "MSG 1 D 54\r\n"
	      "Content-Type: application/x-msnmsgrp2p\r\n\r\n"
	      "\10\0\0\0\0\0\0\0\0\0\0\0", 0),
	OTHER("version 2 with less than a header", "MSG 1 D 55\r\n"
	      "Content-Type: application/x-msnmsgrp2p\r\n\r\n"
	      "\10\0\0\1\0\0\0\0\10\0\0\0\0", 0),
};

/* Every start of each message has nothing but what all of it has. */
static void test_starts(void)
{
	static struct plan all[MSN_MODULE_PLANS_MAX];
	struct msn_module m = case_module(false);
	const char *complaint;
	unsigned int i, n, got;
	size_t len;

	tap_begin("the start of each message");
	for (i = 0; i < TAP_ARRAY_SIZE(plan_cases); i++) {
		in.len = 0;
		msn_build_message(&in, plan_cases[i].kind, plan_cases[i].text);
		n = msn_module_inspect(&m, build_span(&in), all,
				       MSN_MODULE_PLANS_MAX);
		for (len = 0; len < in.len; len++) {
			struct exact e = exact_copy(in.at, len);

			got = msn_module_inspect(&m, exact_span(&e), plans,
						 MSN_MODULE_PLANS_MAX);
			tap_check(!got, "%s: %u plans in %zu bytes",
				  plan_cases[i].name, got, len);
			exact_free(&e);
		}
		/* what is behind it doesn't matter */
		msn_build_text(&in, "OUT\r\n");
		got = msn_module_inspect(&m, build_span(&in), plans,
					 MSN_MODULE_PLANS_MAX);
		tap_check(got == n && msn_same_plans(plans, all, n),
			  "%s: %u plans with something behind it",
			  plan_cases[i].name, got);
		complaint = msn_inspect_complaint(&m, build_span(&in));
		tap_check(!complaint, "%s: %s", plan_cases[i].name, complaint);
	}
	tap_end();
}

/* Every byte of every message changed to each of those that mean something. */
static void test_sweep(void)
{
	static const char bytes[] = " \r\n\0;:.09xM\xff";
	struct msn_module m = case_module(false);
	const char *complaint;
	size_t i, at, b;

	tap_begin("around the cases");
	for (i = 0; i < TAP_ARRAY_SIZE(plan_cases); i++) {
		in.len = 0;
		msn_build_message(&in, plan_cases[i].kind, plan_cases[i].text);
		for (at = 0; at < in.len; at++) {
			uint8_t was = in.at[at];

			for (b = 0; b < sizeof(bytes) - 1; b++) {
				in.at[at] = bytes[b];
				complaint = msn_inspect_complaint(&m,
							build_span(&in));
				tap_check(!complaint, "%s, byte %zu: %s",
					  plan_cases[i].name, at, complaint);
			}
			in.at[at] = was;
		}
	}
	tap_end();
}

/* Carries out all plans there are for @in; @out is what leaves. */
static void carry_out(const struct msn_module *m)
{
	unsigned int n, i = 0, from;
	static struct msn_build part;
	struct span rest;
	size_t at = 0;

	out.len = 0;
	n = msn_module_inspect(m, build_span(&in), plans, MSN_MODULE_PLANS_MAX);
	while (i < n) {
		size_t mark = (uint32_t)(plans[i].seq - MSN_MODULE_SEQ);

		for (from = i; i < n && plans[i].seq == plans[from].seq; i++)
			;
		mark += msn_lengths_read(in.at + mark, in.len - mark).unit;
		rest = (struct span){ in.at + at, mark - at };
		msn_module_apply(m, rest, plans + from, i - from, &part);
		msn_build_add(&out, part.at, part.len);
		at = mark;
	}
	msn_build_add(&out, in.at + at, in.len - at);
}

/* Several messages at once, put together at random with all that they may have.
 * The same text is written once with the own and once with public endpoints,
 * and both are put into messages: plans must turn one into the other.
 */
static void test_random(void)
{
	unsigned int i, k, count, planned = 0, refused = 0;
	uint32_t random = RANDOM_SEED;
	const char *complaint;

	tap_begin("random messages");
	for (i = 0; i < RANDOM_ROUNDS; i++) {
		struct msn_random_case r;
		struct msn_module m;

		msn_random_case(&r, &random);
		m = msn_module_new(r.own, r.public, r.add);
		in.len = 0;
		want.len = 0;
		count = 1 + tap_random(&random) % 3;
		for (k = 0; k < count; k++) {
			msn_random_text(&r, &random);
			msn_build_message(&in, r.kind, r.text);
			msn_build_message(&want, r.kind, r.fits ? r.becomes :
								  r.text);
			planned += r.fits;
			refused += !r.fits;
		}
		carry_out(&m);
		check_becomes(&out, &want);
		complaint = msn_inspect_complaint(&m, build_span(&in));
		tap_check(!complaint, "%s", complaint);
	}
	tap_check(planned > RANDOM_ROUNDS / 4 && refused > RANDOM_ROUNDS / 20,
		  "%u planned, %u refused", planned, refused);
	tap_end();
}

/* With a field that fills it up to @len bytes. */
static unsigned int plans_at(enum msn_build_kind kind, size_t len)
{
	struct msn_module m = case_module(false);
	char text[2 * MSN_BUILD_MAX / 3];
	int fill = 1;

	for (in.len = 0; in.len < len; fill += in.len + 9 < len ?
					       len - in.len - 8 : 1) {
		snprintf(text, sizeof(text), "X: %0*u\r\n%s", fill, 0,
			 kind == MSN_BUILD_INVITATION ?
			 FTP_START "IP-Address: 10.0.1.2\r\nPort: 6891\r\n" :
			 SLP_START "IPv4Internal-Addrs: 10.0.1.2\r\n"
			 "IPv4Internal-Port: 6891\r\n");
		in.len = 0;
		msn_build_message(&in, kind, text);
	}
	tap_check(in.len == len, "%zu bytes, not %zu", in.len, len);
	return msn_module_inspect(&m, build_span(&in), plans,
				  MSN_MODULE_PLANS_MAX);
}

static void test_limits(void)
{
	struct msn_module m = case_module(false);
	unsigned int n, i;
	size_t len;

	tap_begin("the longest messages");
	for (len = 2046; len < 2051; len++)
		tap_check(!plans_at(MSN_BUILD_INVITATION, len) == (len > 2048),
			  "%zu bytes", len);
	/* 1202 bytes of text, less what it may grow */
	for (len = 1250; len < 1350; len++) {
		n = plans_at(MSN_BUILD_WHOLE, len);
		tap_check(n == (msn_lengths_read(in.at, in.len).p2p > 1138 ?
				2 : 5), "%zu bytes: %u plans", len, n);
	}
	tap_check(msn_lengths_read(in.at, in.len).p2p > 1150, "too short");
	in.len = 0;
	for (i = 0; i < MSN_MODULE_PLANS_MAX / 3 + 1; i++)
		msn_build_message(&in, MSN_BUILD_INVITATION, FTP_START
				  "IP-Address: 10.0.1.2\r\n"
				  "Port: 6891\r\n" FTP_END);
	n = msn_module_inspect(&m, build_span(&in), plans,
			       MSN_MODULE_PLANS_MAX);
	tap_check(n == MSN_MODULE_PLANS_MAX / 3 * 3, "%u plans of too many", n);
	tap_end();
}

/* A list that must be replaced as a whole and is longer than an edit may be. */
static void test_list(void)
{
	struct msn_module m = case_module(false);
	char text[TEXT_MAX];
	unsigned int n, i, len;

	tap_begin("a list of many addresses");
	for (i = 1; i < 16; i++) {
		len = sprintf(text, SLP_START "IPv4Internal-Addrs: 10.0.1.2");
		for (n = 1; n < i; n++)
			len += sprintf(text + len, " 10.0.1.%u", 2 + n);
		sprintf(text + len, "\r\nIPv4Internal-Port: 50000\r\n" SLP_END);
		len -= strlen(SLP_START "IPv4Internal-Addrs: ");
		in.len = 0;
		msn_build_message(&in, MSN_BUILD_V2, text);
		n = msn_module_inspect(&m, build_span(&in), plans,
				       MSN_MODULE_PLANS_MAX);
		tap_check(n == (len > APPGW_EDIT_MAX ? 0 : 2),
			  "%u bytes that stay: %u plans", len, n);
		in.len = 0;
		msn_build_message(&in, MSN_BUILD_WHOLE, text);
		n = msn_module_inspect(&m, build_span(&in), plans,
				       MSN_MODULE_PLANS_MAX);
		tap_check(n == 5, "%u bytes: %u plans", len, n);
	}
	tap_end();
}

int main(void)
{
	size_t i;

	tap_plan(TAP_ARRAY_SIZE(plan_cases) + TAP_ARRAY_SIZE(plan_cases_ipv6) +
		 TAP_ARRAY_SIZE(other_cases) + 5);
	for (i = 0; i < TAP_ARRAY_SIZE(plan_cases); i++)
		test_case(&plan_cases[i], false);
	for (i = 0; i < TAP_ARRAY_SIZE(plan_cases_ipv6); i++)
		test_case(&plan_cases_ipv6[i], true);
	for (i = 0; i < TAP_ARRAY_SIZE(other_cases); i++)
		check_other(other_cases[i].name, other_cases[i].text,
			    other_cases[i].len, other_cases[i].announcements);
	test_starts();
	test_sweep();
	test_random();
	test_limits();
	test_list();
	return tap_finish();
}

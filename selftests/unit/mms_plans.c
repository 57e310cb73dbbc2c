// SPDX-License-Identifier: GPL-2.0-only
/* daemon/mms.c and daemon/mms_parse.c: what requests for funnels call for, and what
 * the module makes of the messages then.
 */

#include "mms_plan_cases.h"
#include "models/exact.h"
#include "models/inspect.h"
#include "models/mms_plan_properties.h"
#include "tap.h"

#define TEXT_MAX	300
#define NAME_MAX	80
#define NAME_AT		60

/**
 * struct plan_case - a name
 * @name: the case's name
 * @text: the funnel's name, in ASCII
 * @plans: one a word: action, where the edit is, how long it is, the endpoint
 */
struct plan_case {
	const char *name;
	const char *text;
	const char *plans;
};

#define LENGTHS		"text:8:28:-:0 "

static const struct plan_case plan_cases[] = {
	{ "IPv4", "\\\\10.0.1.2\\UDP\\7000",
	  "open:64:16:0a000102:7000 public:90:14:0a000102:7000 " LENGTHS },
	{ "a long one", "\\\\192.168.100.200\\UDP\\65535",
	  "open:64:30:c0a864c8:65535 public:104:16:c0a864c8:65535 " LENGTHS },
	{ "IPv6", "\\\\fd00::2\\UDP\\7000",
	  "open:64:14:fd00000000000000:7000 public:88:16:fd00000000000000:7000 "
	  LENGTHS },
	{ "the longest one",
	  "\\\\fd00:1111:2222:3333:4444:5555:6666:7777\\UDP\\50000",
	  "open:64:78:fd00111122223333:50000 public:152:16:fd00111122223333:50000 "
	  LENGTHS },
	{ "small letters", "\\\\10.0.1.2\\udp\\7000",
	  "open:64:16:0a000102:7000 public:90:14:0a000102:7000 " LENGTHS },
	{ "a zero in front", "\\\\10.0.1.2\\UDP\\07000",
	  "open:64:16:0a000102:7000 public:90:14:0a000102:7000 " LENGTHS },
	{ "a port of the system's", "\\\\10.0.1.2\\UDP\\80",
	  "open:64:16:0a000102:80 public:90:6:0a000102:80 " LENGTHS },
	{ "port 0", "\\\\10.0.1.2\\UDP\\0",
	  "open:64:16:0a000102:0 public:90:6:0a000102:0 " LENGTHS },
	{ "TCP", "\\\\10.0.1.2\\TCP\\7000", "" },
	{ "TCP, and no address", "\\\\nobody\\TCP\\x", "" },
	{ "another transport", "\\\\10.0.1.2\\SCTP\\7000", "" },
	{ "UDP and more", "\\\\10.0.1.2\\UDPLITE\\7000", "" },
	{ "no name", "", "" },
	{ "one backslash", "\\10.0.1.2\\UDP\\7000", "" },
	{ "no address", "\\\\\\UDP\\7000", "refuse " },
	{ "a name for an address", "\\\\host\\UDP\\7000", "refuse " },
	{ "five numbers", "\\\\10.0.1.2.3\\UDP\\7000", "refuse " },
	{ "a number of 256", "\\\\10.0.1.256\\UDP\\7000", "refuse " },
	{ "IPv6 in brackets", "\\\\[fd00::2]\\UDP\\7000", "refuse " },
	{ "no port", "\\\\10.0.1.2\\UDP\\", "refuse " },
	{ "a port of 65536", "\\\\10.0.1.2\\UDP\\65536", "refuse " },
	{ "a port of six digits", "\\\\10.0.1.2\\UDP\\007000", "refuse " },
	{ "a sign", "\\\\10.0.1.2\\UDP\\+7000", "refuse " },
	{ "something behind the port", "\\\\10.0.1.2\\UDP\\7000\\", "refuse " },
	{ "a blank behind it", "\\\\10.0.1.2\\UDP\\7000 ", "refuse " },
	{ "a port in hex", "\\\\10.0.1.2\\UDP\\0x1b58", "refuse " },
	{ "an address that is too long",
	  "\\\\0000000000000000000000000000000000000000000000\\UDP\\7000",
	  "" },
};

static void put_number(uint8_t *to, uint32_t n)
{
	int i;

	for (i = 0; i < 4; i++, n >>= 8)
		to[i] = n;
}

/* Make a message of a name, as long as it has to be. */
static struct exact message(const char *text)
{
	size_t i, len = NAME_AT + 2 * strlen(text) + 2;
	struct exact e = exact_new((len + 7) / 8 * 8);

	memset(e.at, 0, e.len);
	memcpy(e.at, VLC, NAME_AT);
	put_number(e.at + 8, e.len - 16);
	put_number(e.at + 16, (e.len - 16) / 8);
	put_number(e.at + 32, (e.len - 32) / 8);
	for (i = 0; text[i]; i++)
		e.at[NAME_AT + 2 * i] = text[i];
	return e;
}

/* Write what a plan says to @to; return how much that is. */
static int plan_text(char *to, const struct plan *plan)
{
	static const char *const actions[] = {
		[APPGW_PLAN_OPEN] = "open", [APPGW_PLAN_PUBLIC] = "public",
		[APPGW_PLAN_TEXT] = "text", [APPGW_PLAN_REFUSE] = "refuse",
	};
	unsigned int i, len;
	int n;

	if (!plan->has_edit)
		return sprintf(to, "%s ", actions[plan->action]);
	n = sprintf(to, "%s:%u:%zu:", actions[plan->action],
		    plan->edit_seq - plan->seq, plan->old.len);
	len = plan->end.af == APPGW_AF_NONE ? 0 :
	      plan->end.af == APPGW_AF_IPV4 ? 4 : 8;
	for (i = 0; i < len; i++)
		n += sprintf(to + n, "%02x", plan->end.addr[i]);
	return n + sprintf(to + n, "%s:%u ", len ? "" : "-", plan->end.port);
}

static void check_plans(struct span payload, const char *wanted)
{
	struct plan plan[MMS_PLANS_MAX];
	const char *complaint;
	char got[TEXT_MAX], *to = got;
	unsigned int n, i;

	*got = '\0';
	n = inspect_at(&mms_proto, payload, MMS_SEQ, plan, MMS_PLANS_MAX);
	for (i = 0; i < n; i++) {
		to += plan_text(to, &plan[i]);
		tap_check(!strcmp(plan[i].kind, "funnel"), "%s", plan[i].kind);
	}
	tap_check(!strcmp(got, wanted), "%s", got);
	complaint = mms_plan_complaint(payload);
	tap_check(!complaint, "%s", complaint);
}

static void test_case(const struct plan_case *c)
{
	struct exact e = message(c->text);

	tap_begin(c->name);
	check_plans(exact_span(&e), c->plans);
	exact_free(&e);
	tap_end();
}

#define BYTES(text)	text, sizeof(text) - 1

static void check_bytes(const char *bytes, size_t len, const char *wanted)
{
	struct exact e = exact_copy(bytes, len);

	check_plans(exact_span(&e), wanted);
	exact_free(&e);
}

static void test_players(void)
{
	tap_begin("what players have sent");
	check_bytes(BYTES(VLC), "open:64:18:0a4d0002:7000 "
		    "public:92:12:0a4d0002:7000 " LENGTHS);
	check_bytes(BYTES(VLC_TCP), "");
	check_bytes(BYTES(FFMPEG), "");
	check_bytes(BYTES(MPLAYER), "");
	tap_end();
}

/* What the module makes of VLC's, byte for byte; what it leaves behind the name's end
 * stays there.
 */
static void test_made(void)
{
	static const struct endpoint end = {
		APPGW_AF_IPV4, { 203, 0, 113, 1 }, 7002,
	};
	struct exact vlc = exact_copy(BYTES(VLC));
	struct exact want = message("\\\\203.0.113.1\\UDP\\7002");
	struct plan plan[MMS_PLANS_MAX];
	uint8_t made[MMS_MADE_MAX];
	unsigned int n;
	size_t len;

	tap_begin("VLC's with another address and port");
	want.at[106] = '0';
	n = inspect_at(&mms_proto, exact_span(&vlc), MMS_SEQ, plan,
		       MMS_PLANS_MAX);
	tap_check(n == 3, "%u plans", n);
	len = mms_carry_out(plan, exact_span(&vlc), &end, made);
	tap_check(len == want.len && !memcmp(made, want.at, len), "%zu: %s",
		  len, exact_text(made, len));
	tap_check(mms_carry_out(plan, exact_span(&vlc), &plan->end, made) ==
		  vlc.len && !memcmp(made, vlc.at, vlc.len),
		  "it isn't itself: %s", exact_text(made, vlc.len));
	exact_free(&vlc);
	exact_free(&want);
	tap_end();
}

/* Where a message begins in a segment, the daemon isn't told. */
static void test_places(void)
{
	static const char funnel[] = "open:64:18:0a4d0002:7000 "
				     "public:92:12:0a4d0002:7000 " LENGTHS;
	static const char two[] = "open:64:18:0a4d0002:7000 "
				  "public:92:12:0a4d0002:7000 " LENGTHS
				  "open:64:18:0a4d0002:7000 "
				  "public:92:12:0a4d0002:7000 " LENGTHS;
	size_t i;

	tap_begin("anywhere in a segment, if it is whole");
	check_bytes(BYTES(FFMPEG VLC), funnel);
	check_bytes(BYTES(VLC FFMPEG "\1\0\0\0"), funnel);
	check_bytes(BYTES("\1\0\0\0\xce" VLC VLC), two);
	check_bytes(BYTES("\1\1\1" VLC MPLAYER VLC), two);
	for (i = 0; i < sizeof(VLC) - 1; i++)
		check_bytes(VLC, i, "");
	tap_end();
}

/* Its lengths have to fit, or nobody could say them again. */
static void test_lengths(void)
{
	struct exact e = message("\\\\10.0.1.2\\UDP\\7000");

	tap_begin("lengths that don't fit");
	e.at[32]++;
	check_plans(exact_span(&e), "refuse ");
	e.at[32]--;
	e.at[8] -= 2;
	check_plans(exact_span(&e), "refuse ");
	e.at[8] += 4;
	check_plans(exact_span(&e), "");
	put_number(e.at + 8, 0xfffffff8);
	check_plans(exact_span(&e), "");
	put_number(e.at + 8, 8);
	check_plans(exact_span(&e), "");
	exact_free(&e);
	tap_end();
}

/* A name that has more behind it than can be said again. */
static void test_long(void)
{
	struct exact e = exact_new(400);

	tap_begin("much behind the name's end");
	memset(e.at, 0, e.len);
	memcpy(e.at, BYTES(VLC));
	put_number(e.at + 8, e.len - 16);
	put_number(e.at + 32, (e.len - 32) / 8);
	check_plans(exact_span(&e), "refuse ");
	e.len = 184;
	put_number(e.at + 8, e.len - 16);
	put_number(e.at + 32, (e.len - 32) / 8);
	check_plans(exact_span(&e), "open:64:18:0a4d0002:7000 "
		    "public:92:92:0a4d0002:7000 " LENGTHS);
	e.len = 400;
	exact_free(&e);
	tap_end();
}

/* Every byte changed to every other one. */
static void test_sweep(void)
{
	struct exact e = exact_copy(BYTES(VLC));
	const char *complaint;
	unsigned int byte;
	size_t at;

	tap_begin("around VLC's");
	for (at = 0; at < e.len; at++) {
		uint8_t was = e.at[at];

		for (byte = 0; byte < 256; byte++) {
			e.at[at] = byte;
			complaint = mms_plan_complaint(exact_span(&e));
			tap_check(!complaint, "%u at %zu: %s", byte, at,
				  complaint);
		}
		e.at[at] = was;
	}
	exact_free(&e);
	tap_end();
}

int main(void)
{
	size_t i;

	tap_plan(TAP_ARRAY_SIZE(plan_cases) + 6);
	for (i = 0; i < TAP_ARRAY_SIZE(plan_cases); i++)
		test_case(&plan_cases[i]);
	test_players();
	test_made();
	test_places();
	test_lengths();
	test_long();
	test_sweep();
	return tap_finish();
}

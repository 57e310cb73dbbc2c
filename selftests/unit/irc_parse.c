// SPDX-License-Identifier: GPL-2.0-only
/* daemon/irc_parse.c and irc.c: what a DCC message calls for, and where it is
 * found in a payload.
 */

#include <arpa/inet.h>

#include "models/exact.h"
#include "models/inspect.h"
#include "models/irc_properties.h"
#include "irc_parse_cases.h"
#include "tap.h"

#define TEXT_MAX	600

/* What surrounds a message in a payload, as it may come. */
#define PAYLOAD_START	":n!u@h PRIVMSG x :"

static void read_endpoint(struct endpoint *ep, const char *addr, uint16_t port)
{
	memset(ep, 0, sizeof(*ep));
	ep->port = port;
	if (!addr)
		return;
	ep->af = strchr(addr, ':') ? APPGW_AF_IPV6 : APPGW_AF_IPV4;
	if (inet_pton(ep->af == APPGW_AF_IPV6 ? AF_INET6 : AF_INET, addr,
		      ep->addr) != 1)
		tap_complain("%s: wrong address in the case itself", addr);
}

static void check_plan(const struct good_offer *c, const char *text)
{
	uint32_t seq = IRC_SEQ + (uint32_t)strlen(PAYLOAD_START);
	struct plan plan[2];
	char payload[TEXT_MAX];
	const char *complaint;
	struct endpoint end;
	struct exact e;
	size_t at;
	int n;

	n = snprintf(payload, sizeof(payload), "%s%s\001\r\n", PAYLOAD_START,
		     text);
	at = strlen(PAYLOAD_START "\001DCC ") + strlen(c->before);
	e = exact_copy(payload, n);
	n = inspect_at(&irc_proto, exact_span(&e), IRC_SEQ, plan, 2);
	if (tap_check(n == 1, "%d plans", n)) {
		read_endpoint(&end, c->addr, c->port);
		tap_check(plan->seq == seq &&
			  plan->edit_seq == (uint32_t)(IRC_SEQ + at),
			  "edit at %u", plan->edit_seq - IRC_SEQ);
		tap_check(plan->has_edit && plan->old.at == e.at + at &&
			  plan->old.len == strlen(c->text) &&
			  !strcmp(plan->kind, c->kind) &&
			  plan->action == c->action &&
			  irc_same_endpoint(&plan->end, &end), "another plan");
	}
	complaint = irc_inspect_complaint(exact_span(&e));
	tap_check(!complaint, "%s", complaint);
	exact_free(&e);
}

static void test_good(const struct good_offer *c)
{
	struct irc_offer offer;
	const char *complaint;
	struct endpoint end;
	char text[TEXT_MAX];
	struct exact e;
	size_t at;
	int n;

	tap_begin(c->name);
	n = snprintf(text, sizeof(text), "\001DCC %s%s%s", c->before, c->text,
		     c->after);
	at = strlen("\001DCC ") + strlen(c->before);
	read_endpoint(&end, c->addr, c->port);
	e = exact_copy(text, n);
	if (tap_check(irc_parse_offer(exact_span(&e), &offer),
		      "calls for nothing")) {
		tap_check(!strcmp(offer.kind, c->kind), "kind %s", offer.kind);
		tap_check(offer.action == c->action, "action %d",
			  offer.action);
		tap_check(irc_same_endpoint(&offer.end, &end) &&
			  offer.number == c->number,
			  "another endpoint, port %u", offer.end.port);
		tap_check(offer.old.at == e.at + at &&
			  offer.old.len == strlen(c->text),
			  "%zu bytes at %zu", offer.old.len,
			  offer.old.at - e.at);
	}
	complaint = irc_complaint(exact_span(&e));
	tap_check(!complaint, "%s", complaint);
	exact_free(&e);
	check_plan(c, text);
	tap_end();
}

static void test_bad(const struct bad_offer *c)
{
	struct irc_offer offer;
	const char *complaint;
	char text[TEXT_MAX];
	struct exact e;
	int n;

	tap_begin(c->name);
	n = snprintf(text, sizeof(text), "\001DCC %s", c->text);
	e = exact_copy(text, n);
	tap_check(!irc_parse_offer(exact_span(&e), &offer),
		  "%s, action %d", offer.kind, offer.action);
	complaint = irc_complaint(exact_span(&e));
	tap_check(!complaint, "%s", complaint);
	exact_free(&e);
	tap_end();
}

static void sweep(const char *text, size_t len)
{
	struct span s = { (const uint8_t *)text, len };
	const char *complaint = irc_complaint(s);

	if (complaint)
		tap_complain("%s: %s", exact_text(text, len), complaint);
}

/* Every start of a message, and every byte of it changed or taken out. */
static void sweep_text(const char *text)
{
	size_t len = strlen(text), i;
	char other[TEXT_MAX];
	int c;

	for (i = 0; i <= len; i++)
		sweep(text, i);
	for (i = 0; i < len; i++) {
		memcpy(other, text, len);
		for (c = 0; c < 256; c++) {
			other[i] = c;
			sweep(other, len);
		}
		memmove(other + i, other + i + 1, len - i - 1);
		sweep(other, len - 1);
	}
}

static void test_sweep(void)
{
	char text[TEXT_MAX];
	size_t i;

	tap_begin("around the good messages");
	for (i = 0; i < TAP_ARRAY_SIZE(good_offers); i++) {
		const struct good_offer *c = &good_offers[i];

		snprintf(text, sizeof(text), "\001DCC %s%s%s", c->before,
			 c->text, c->after);
		sweep_text(text);
	}
	tap_end();

	tap_begin("around the bad messages");
	for (i = 0; i < TAP_ARRAY_SIZE(bad_offers); i++) {
		snprintf(text, sizeof(text), "\001DCC %s", bad_offers[i].text);
		sweep_text(text);
	}
	tap_end();
}

/* Words of messages, in any order. */
static void test_random(void)
{
	static const char * const words[] = {
		"a", "\"", "\"a", "a\"", "\"a\"", "167772167", "16777215",
		"4294967296", "199", "0", "5000", "1023", "65536", "10.0.0.7",
		"::1", "1", "77", "t77", "file",
	};
	static const char * const types[] = { "SEND", "CHAT", "RESUME",
					      "accept" };
	unsigned int round, i, good = 0;
	uint32_t state = 0x5eed0dcc;

	tap_begin("words of messages in any order");
	for (round = 0; round < 200000; round++) {
		struct irc_offer offer;
		char text[TEXT_MAX];
		int n = sprintf(text, "\001DCC %s",
				types[tap_random(&state) % 4]);

		for (i = 2 + tap_random(&state) % 6; i; i--)
			n += sprintf(text + n, " %s",
				     words[tap_random(&state) %
					   TAP_ARRAY_SIZE(words)]);
		sweep(text, n);
		good += irc_parse_offer((struct span){ (uint8_t *)text, n },
					&offer);
	}
	tap_check(good > 5000 && good < 150000, "%u of them good", good);
	tap_end();
}

/**
 * struct payload_case - a payload
 * @ports: ports that its plans are about, 0 at the end
 */
static const struct payload_case {
	const char *name;
	const char *text;
	uint16_t ports[4];
} payload_cases[] = {
	{ "nothing in a payload", "PRIVMSG x :hello\r\n", { 0 } },
	{ "an empty payload", "", { 0 } },
	{ "a message alone", "\001DCC SEND a 167772167 5000 1\001", { 5000 } },
	{ "a message up to CR", "\001DCC SEND a 167772167 5000\r", { 5000 } },
	{ "a message up to LF", "\001DCC SEND a 167772167 5000\n", { 5000 } },
	{ "a message without an end", "\001DCC SEND a 167772167 5000", { 0 } },
	{ "half a message behind a whole one",
	  "\001DCC CHAT a 167772167 5000\001\r\n"
	  "PRIVMSG x :\001DCC CHAT b 167772167 6000", { 5000 } },
	{ "two messages in a line",
	  "N x :\001DCC CHAT a 167772167 5000\001"
	  "\001DCC CHAT b 167772167 6000\001\r\n", { 5000, 6000 } },
	{ "two messages in two lines, chat between them",
	  "N x :\001DCC CHAT a 167772167 5000\001\r\nN x :hello\r\n"
	  "N x :\001dcc chat b 167772167 6000\r\n", { 5000, 6000 } },
	{ "a message behind one that calls for nothing",
	  "N x :\001DCC REJECT CHAT a\001\001VERSION\001\r\n"
	  "N x :\001DCC CHAT b 167772167 6000\r\n", { 6000 } },
	{ "a mark that ends one message begins no other",
	  "N x :\001DCC CHAT a 167772167 5000\001"
	  "DCC CHAT b 167772167 6000\001\r\n", { 5000 } },
	{ "marks in a row", "\001\001\001DCC CHAT a 167772167 5000\001\001",
	  { 5000 } },
	{ "no blank behind DCC", "\001DCCCHAT a 167772167 5000\001", { 0 } },
	{ "no mark", "DCC CHAT a 167772167 5000\001\r\n", { 0 } },
	{ "three messages",
	  "\001DCC RESUME a 5000 1\001\001DCC ACCEPT a 6000 1\001"
	  "\001DCC SEND a ::1 7000 1\001", { 5000, 6000, 7000 } },
};

static void test_payload(const struct payload_case *c)
{
	struct exact e = exact_copy(c->text, strlen(c->text));
	struct plan plans[IRC_PLANS_MAX];
	const char *complaint;
	unsigned int n, i;

	tap_begin(c->name);
	n = inspect_at(&irc_proto, exact_span(&e), IRC_SEQ, plans,
		       IRC_PLANS_MAX);
	for (i = 0; i < n && i < TAP_ARRAY_SIZE(c->ports) && c->ports[i]; i++)
		tap_check(plans[i].end.port == c->ports[i],
			  "plan %u: port %u", i, plans[i].end.port);
	tap_check(i == n && (i == TAP_ARRAY_SIZE(c->ports) || !c->ports[i]),
		  "%u plans", n);
	complaint = irc_inspect_complaint(exact_span(&e));
	tap_check(!complaint, "%s", complaint);
	exact_free(&e);
	tap_end();
}

/* 512 bytes are read, 513 are not. */
static void test_length(void)
{
	static const char start[] = "\001DCC SEND ";
	static const char end[] = " 167772167 5000 1";
	struct irc_offer offer;
	size_t len;

	tap_begin("a message of 512 bytes");
	for (len = 510; len <= 515; len++) {
		struct exact e = exact_new(len);
		bool ok;

		memset(e.at, 'a', len);
		memcpy(e.at, start, sizeof(start) - 1);
		memcpy(e.at + len - sizeof(end) + 1, end, sizeof(end) - 1);
		ok = irc_parse_offer(exact_span(&e), &offer);
		tap_check(ok == (len <= 512), "%zu bytes: %d", len, ok);
		exact_free(&e);
	}
	tap_end();
}

int main(void)
{
	size_t i;

	tap_plan(TAP_ARRAY_SIZE(good_offers) + TAP_ARRAY_SIZE(bad_offers) +
		 TAP_ARRAY_SIZE(payload_cases) + 4);
	for (i = 0; i < TAP_ARRAY_SIZE(good_offers); i++)
		test_good(&good_offers[i]);
	for (i = 0; i < TAP_ARRAY_SIZE(bad_offers); i++)
		test_bad(&bad_offers[i]);
	for (i = 0; i < TAP_ARRAY_SIZE(payload_cases); i++)
		test_payload(&payload_cases[i]);
	test_sweep();
	test_random();
	test_length();
	return tap_finish();
}

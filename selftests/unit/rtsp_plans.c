// SPDX-License-Identifier: GPL-2.0-only
/* daemon/rtsp.c: what the Transport headers in a payload call for. */

#include "../../daemon/endpoint_text.h"
#include "models/exact.h"
#include "models/inspect.h"
#include "models/rtsp_plan_properties.h"
#include "models/rtsp_properties.h"
#include "rtsp_parse_cases.h"
#include "rtsp_plan_cases.h"
#include "tap.h"

#define TEXT_MAX	1200

#define RANDOM_ROUNDS	20000
#define RANDOM_SEED	0x5eed0554

/* What a header is part of. */
#define REQUEST_START	"SETUP rtsp://a.example/b RTSP/1.0\r\nCSeq: 3\r\n"
#define REPLY_START	"RTSP/1.0 200 OK\r\nCSeq: 3\r\nSession: 1\r\n"
#define HEADER_START	"Transport: "
#define MESSAGE_END	"\r\nX-Other: client_port=1\r\n\r\n"

static struct plan plans[RTSP_PLANS_MAX];

static size_t inspect(struct span payload)
{
	return inspect_at(&rtsp_proto, payload, RTSP_SEQ, plans, RTSP_PLANS_MAX);
}

/* Writes @plan as the cases do; returns what is behind it. */
static char *write_plan(char *to, const struct plan *plan)
{
	static const char * const action[__APPGW_PLAN_ACTION_MAX] = {
		[APPGW_PLAN_OPEN] = "open", [APPGW_PLAN_ADDRESS] = "address",
		[APPGW_PLAN_PUBLIC] = "public",
	};
	static const char * const owner[__APPGW_OWNER_MAX] = {
		[APPGW_OWNER_CLIENT] = "client",
		[APPGW_OWNER_SERVER] = "server",
	};
	char end[ENDPOINT_TEXT_MAX];
	unsigned int i;

	to += sprintf(to, "%s %s %s %s", action[plan->action] ?: "?",
		      owner[plan->owner] ?: "?", plan->kind,
		      endpoint_text(end, &plan->end));
	if (!plan->end.port && plan->action != APPGW_PLAN_ADDRESS)
		to += sprintf(to, ":0");
	if (plan->ports == 2)
		to += sprintf(to, "-%u", plan->end.port + 1);
	if (plan->index)
		to += sprintf(to, "#%u", plan->index);
	if (plan->has_edit)
		to += sprintf(to, " %.*s ", (int)plan->old.len, plan->old.at);
	for (i = 0; i < plan->parts; i++) {
		const struct plan_part *part = &plan->part[i];

		to += part->type == APPGW_PART_TEXT ?
		      sprintf(to, "%.*s", (int)part->text.len, part->text.at) :
		      sprintf(to, "%s", part->type == APPGW_PART_ADDR ? "A" :
			      part->type == APPGW_PART_PORT ? "P" :
			      part->type == APPGW_PART_PORT_NEXT ? "N" : "?");
	}
	return to + sprintf(to, "\n");
}

/* @start: what the message begins with, up to the header */
static void check_message(const struct plan_case *c, const char *start)
{
	char text[TEXT_MAX], got[TEXT_MAX], *to = got;
	const char *complaint;
	struct exact e;
	size_t n, i;

	n = snprintf(text, sizeof(text), "%s" HEADER_START "%s" MESSAGE_END,
		     start, c->text);
	e = exact_copy(text, n);
	n = inspect(exact_span(&e));
	*got = 0;
	for (i = 0; i < n; i++) {
		to = write_plan(to, &plans[i]);
		tap_check(plans[i].seq == (uint32_t)(RTSP_SEQ + strlen(start)),
			  "plan %zu is for %u", i, plans[i].seq - RTSP_SEQ);
	}
	tap_check(!strcmp(got, c->plans), "%s", got);
	complaint = rtsp_inspect_complaint(exact_span(&e));
	tap_check(!complaint, "%s", complaint);
	exact_free(&e);
}

static void test_plans(const struct plan_case *c)
{
	tap_begin(c->name);
	check_message(c, REQUEST_START);
	check_message(c, REPLY_START);
	check_message(c, "");
	tap_end();
}

/* Number of the header that a plan is for, from 1 on; 0 if it is for none. */
static unsigned int header_number(struct span payload, const struct plan *plan)
{
	const uint8_t *start = payload.at;
	unsigned int n = 0;
	struct span header;

	while (rtsp_next_header(&payload, &header)) {
		n++;
		if ((uint32_t)(RTSP_SEQ + (header.at - start)) == plan->seq)
			return n;
	}
	return 0;
}

static void test_payload(const struct payload_case *c)
{
	struct exact e = exact_copy(c->text, strlen(c->text));
	char got[TEXT_MAX], *to = got;
	const char *complaint;
	size_t n, i;

	tap_begin(c->name);
	n = inspect(exact_span(&e));
	*got = 0;
	for (i = 0; i < n; i++) {
		to += sprintf(to, "%u ", header_number(exact_span(&e),
						       &plans[i]));
		to = write_plan(to, &plans[i]);
	}
	tap_check(!strcmp(got, c->plans), "%s", got);
	complaint = rtsp_inspect_complaint(exact_span(&e));
	tap_check(!complaint, "%s", complaint);
	exact_free(&e);
	tap_end();
}

static unsigned int pair_number(const struct rtsp_transport *t,
				const struct plan *plan)
{
	enum rtsp_whose whose = plan->owner == APPGW_OWNER_CLIENT ?
				RTSP_CLIENT : RTSP_SERVER;
	unsigned int i;

	for (i = 0; i < t->pairs; i++)
		if (t->pair[i].whose == whose &&
		    t->pair[i].base == plan->end.port)
			return i;
	tap_complain("port %u belongs to no pair", plan->end.port);
	return 0;
}

static char *write_new(char *to, const struct rtsp_transport *t,
		       const struct plan *plan)
{
	unsigned int i, port;

	for (i = 0; i < plan->parts; i++) {
		const struct plan_part *part = &plan->part[i];

		if (part->type == APPGW_PART_TEXT) {
			memcpy(to, part->text.at, part->text.len);
			to += part->text.len;
			continue;
		}
		if (part->type == APPGW_PART_ADDR) {
			to = stpcpy(to, plan->end.af == APPGW_AF_IPV4 ?
				    RTSP_NEW_IPV4 : RTSP_NEW_IPV6);
			continue;
		}
		port = RTSP_NEW_PORT + 10 * pair_number(t, plan) +
		       (part->type == APPGW_PART_PORT_NEXT);
		to += sprintf(to, "%u", port);
	}
	return to;
}

/* Does a header become @want when the plans of @owner are carried out? */
static void check_becomes(struct span value, size_t n,
			  enum appgw_plan_owner owner, const char *want)
{
	static struct rtsp_transport t;
	const uint8_t *from = value.at;
	char out[RTSP_NEW_MAX], *to = out;
	size_t i;

	if (!tap_check(rtsp_parse_transport(value, &t), "not understood"))
		return;
	for (i = 0; i < n; i++) {
		if (plans[i].owner != owner)
			continue;
		to = mempcpy(to, from, plans[i].old.at - from);
		to = write_new(to, &t, &plans[i]);
		from = plans[i].old.at + plans[i].old.len;
	}
	to = mempcpy(to, from, value.at + value.len - from);
	tap_check(to - out == (ptrdiff_t)strlen(want) &&
		  !memcmp(out, want, to - out), "becomes %s",
		  exact_text(out, to - out));
}

/* The cases of the parser: what they become is known from there. */
static void test_parse_case(const struct parse_case *c)
{
	char text[TEXT_MAX];
	const char *complaint;
	struct span value;
	struct exact e;
	size_t n;

	tap_begin(c->name);
	n = snprintf(text, sizeof(text), HEADER_START "%s\r\n\r\n", c->text);
	e = exact_copy(text, n);
	n = inspect(exact_span(&e));
	value.at = e.at + strlen(HEADER_START);
	value.len = strlen(c->text);
	if (!c->client || c->flaw == RTSP_FLAW_NAME) {
		tap_check(!n, "%zu plans", n);
	} else if (c->flaw == RTSP_FLAW_PRIVILEGED) {
		tap_check(n == 1 && plans[0].action == APPGW_PLAN_OPEN &&
			  !plans[0].has_edit &&
			  plans[0].end.port < APPGW_PORT_MIN,
			  "not refused");
	} else {
		check_becomes(value, n, APPGW_OWNER_CLIENT, c->client);
		check_becomes(value, n, APPGW_OWNER_SERVER,
			      c->server ?: c->text);
	}
	complaint = rtsp_inspect_complaint(exact_span(&e));
	tap_check(!complaint, "%s", complaint);
	exact_free(&e);
	tap_end();
}

/* What is there of a message finds the first plans of it. */
static void check_start(const char *text, size_t len, const struct plan *all,
			size_t n)
{
	struct exact e = exact_copy(text, len);
	const char *complaint;
	size_t got;

	got = inspect(exact_span(&e));
	tap_check(got <= n && rtsp_same_plans(plans, all, got) &&
		  (got == n || !got || all[got].seq != all[got - 1].seq),
		  "%zu bytes of \"%s\": %zu plans", len, text, got);
	complaint = rtsp_inspect_complaint(exact_span(&e));
	tap_check(!complaint, "%zu bytes of \"%s\": %s", len, text, complaint);
	exact_free(&e);
}

static void test_starts(void)
{
	static struct plan all[RTSP_PLANS_MAX];
	char text[TEXT_MAX];
	size_t i, n, len, at;

	tap_begin("the start of each message");
	for (i = 0; i < TAP_ARRAY_SIZE(plan_cases); i++) {
		len = snprintf(text, sizeof(text), REQUEST_START HEADER_START
			       "%s\r\n" HEADER_START "a/b;client_port=5000"
			       MESSAGE_END, plan_cases[i].text);
		n = inspect((struct span){ (uint8_t *)text, len });
		memcpy(all, plans, n * sizeof(*all));
		for (at = 0; at < len; at++)
			check_start(text, at, all, n);
	}
	tap_end();
}

/* Every byte of every message changed to each of those that mean something. */
static void test_sweep(void)
{
	static const char bytes[] = " \r\n;,=\"/-:.[]015x\377";
	char text[TEXT_MAX];
	size_t i, at, b;

	tap_begin("around the cases");
	for (i = 0; i < TAP_ARRAY_SIZE(plan_cases); i++) {
		size_t len = snprintf(text, sizeof(text), HEADER_START
				      "%s\r\n\r\n", plan_cases[i].text);
		struct span payload = { (uint8_t *)text, len };

		for (at = 0; at < len; at++) {
			char was = text[at];

			for (b = 0; b < sizeof(bytes) - 1; b++) {
				const char *complaint;

				text[at] = bytes[b];
				complaint = rtsp_inspect_complaint(payload);
				tap_check(!complaint, "%s: %s",
					  exact_text(text, len), complaint);
			}
			text[at] = was;
		}
	}
	tap_end();
}

/* Headers put together at random, some of them in a payload. */
static void test_random(void)
{
	static const char * const piece[] = {
		"RTP/AVP", "RTP/AVP/TCP", "x-real-rdt/mcast", "multicast",
		"client_port=5000-5001", "client_port=5000",
		"client_port=5001", "client_port=6000/7000", "client_port=x",
		"client_port=1023", "destination=10.0.1.2",
		"destination=[::1]:5000", "destination=a",
		"dest_addr=\":5000\"/\":5001\"", "server_port=5000-5001",
		"source=10.0.2.2", "port=5000", "src_addr=\"[::1]:9\"",
		"interleaved=0-1", "server_port=5", "source=::2",
		"dest_addr=\"10.0.1.2\"", "server_port=6/0",
	};
	unsigned int i, n, headers, good = 0;
	uint32_t state = RANDOM_SEED;
	char text[4 * TEXT_MAX];

	tap_begin("random headers");
	for (i = 0; i < RANDOM_ROUNDS; i++) {
		const char *complaint;
		struct span payload;

		*text = 0;
		for (headers = 1 + tap_random(&state) % 4; headers;
		     headers--) {
			strcat(text, HEADER_START "RTP/AVP");
			for (n = tap_random(&state) % 10; n; n--) {
				strcat(text, tap_random(&state) % 4 ? ";" :
				       ",");
				strcat(text, piece[tap_random(&state) %
						   TAP_ARRAY_SIZE(piece)]);
			}
			strcat(text, "\r\n");
		}
		strcat(text, "\r\n");
		payload = (struct span){ (uint8_t *)text, strlen(text) };
		complaint = rtsp_inspect_complaint(payload);
		tap_check(!complaint, "%s: %s",
			  exact_text(text, payload.len), complaint);
		good += inspect(payload) > 0;
	}
	tap_check(good > RANDOM_ROUNDS / 4, "only %u have plans", good);
	tap_end();
}

/* A header for which there isn't room for all of its plans has none. */
static void test_many(void)
{
	static const struct {
		const char *first;
		unsigned int headers;
		size_t plans;
	} rounds[] = {
		{ "", 1, RTSP_FIELDS_MAX }, { "", 2, 2 * RTSP_FIELDS_MAX },
		{ "", 3, 2 * RTSP_FIELDS_MAX },
		{ "Transport: a/b;port=1\n", 2, 2 * RTSP_FIELDS_MAX },
		{ "Transport: a/b;client_port=5000\n", 2,
		  RTSP_FIELDS_MAX + 1 },
		{ "Transport: a/b;client_port=1\n", 2, RTSP_FIELDS_MAX + 1 },
	};
	char text[2 * TEXT_MAX];
	struct exact e;
	size_t i, n, k;

	tap_begin("more plans than there is room for");
	for (i = 0; i < TAP_ARRAY_SIZE(rounds); i++) {
		strcpy(text, rounds[i].first);
		for (n = 0; n < rounds[i].headers; n++) {
			strcat(text, HEADER_START "a/b;src_addr=\":1\"");
			for (k = 1; k < RTSP_FIELDS_MAX; k++)
				strcat(text, "/\":1\"");
			strcat(text, "\r\n");
		}
		strcat(text, "\r\n");
		e = exact_copy(text, strlen(text));
		n = inspect(exact_span(&e));
		tap_check(n == rounds[i].plans, "round %zu: %zu plans", i, n);
		exact_free(&e);
	}
	tap_end();
}

int main(void)
{
	size_t i;

	tap_plan(TAP_ARRAY_SIZE(plan_cases) + TAP_ARRAY_SIZE(payload_cases) +
		 TAP_ARRAY_SIZE(parse_cases) + 4);
	for (i = 0; i < TAP_ARRAY_SIZE(plan_cases); i++)
		test_plans(&plan_cases[i]);
	for (i = 0; i < TAP_ARRAY_SIZE(payload_cases); i++)
		test_payload(&payload_cases[i]);
	for (i = 0; i < TAP_ARRAY_SIZE(parse_cases); i++)
		test_parse_case(&parse_cases[i]);
	test_starts();
	test_sweep();
	test_random();
	test_many();
	return tap_finish();
}

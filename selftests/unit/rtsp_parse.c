// SPDX-License-Identifier: GPL-2.0-only
/* daemon/rtsp_parse.c: what a Transport header says, and what is to be replaced
 * in it.
 */

#include "models/exact.h"
#include "models/rtsp_properties.h"
#include "rtsp_parse_cases.h"
#include "tap.h"

#define RANDOM_ROUNDS	30000
#define RANDOM_SEED	0x5eed2326

static struct span text_span(const char *text)
{
	return (struct span){ (const uint8_t *)text, strlen(text) };
}

static void check_edits(const char *text, const struct rtsp_transport *t,
			struct span value, enum rtsp_whose whose,
			const char *want)
{
	struct rtsp_edit edits[RTSP_FIELDS_MAX];
	char out[RTSP_NEW_MAX];
	unsigned int n;
	size_t len;

	n = rtsp_edits(t, whose, edits, RTSP_FIELDS_MAX);
	tap_check(want || !n, "%u edits", n);
	len = rtsp_apply(value, t, edits, n, out);
	if (!want)
		want = text;
	tap_check(len == strlen(want) && !memcmp(out, want, len),
		  "becomes %s", exact_text(out, len));
}

static void test_case(const struct parse_case *c)
{
	struct exact e = exact_copy(c->text, strlen(c->text));
	struct span value = exact_span(&e);
	static struct rtsp_transport t;
	const char *complaint;
	bool got;

	tap_begin(c->name);
	got = rtsp_parse_transport(value, &t);
	tap_check(got == !!c->client, got ? "is understood" :
					    "is not understood");
	if (got && c->client) {
		check_edits(c->text, &t, value, RTSP_CLIENT, c->client);
		check_edits(c->text, &t, value, RTSP_SERVER, c->server);
		tap_check(rtsp_find_flaw(&t) == c->flaw, "flaw %d",
			  rtsp_find_flaw(&t));
	}
	complaint = rtsp_complaint(value);
	tap_check(!complaint, "%s", complaint);
	exact_free(&e);
	tap_end();
}

/* Every byte of every case changed to each of those that mean something. */
static void test_sweep(void)
{
	static const char bytes[] = " \r\n\0;,=\"/-:.[]0159xp\377";
	size_t i, at, b;

	tap_begin("around the cases");
	for (i = 0; i < TAP_ARRAY_SIZE(parse_cases); i++) {
		size_t len = strlen(parse_cases[i].text);
		struct exact e = exact_copy(parse_cases[i].text, len);

		for (at = 0; at < len; at++) {
			for (b = 0; b < sizeof(bytes) - 1; b++) {
				const char *complaint;

				e.at[at] = bytes[b];
				complaint = rtsp_complaint(exact_span(&e));
				tap_check(!complaint, "%s: %s",
					  exact_text(e.at, len), complaint);
			}
			e.at[at] = parse_cases[i].text[at];
		}
		exact_free(&e);
	}
	tap_end();
}

/* Parameters put together at random. */
static void test_random(void)
{
	static const char * const piece[] = {
		"RTP/AVP", "RTP/AVP/TCP", "x-real-rdt/mcast", "unicast",
		"multicast", "client_port=5000-5001", "client_port=5000",
		"client_port=5001", "client_port=6000/7000", "client_port=x",
		"destination=10.0.1.2", "destination=[::1]:5000",
		"destination=a", "dest_addr=\":5000\"/\":5001\"",
		"server_port=5000-5001", "source=10.0.2.2", "port=5000",
		"src_addr=\"[::1]:9\"", "interleaved=0-1", "mode=\"PLAY,A\"",
		"\"", "", "ssrc=1", "server_port=5", "source=::2",
	};
	unsigned int i, n, good = 0;
	uint32_t state = RANDOM_SEED;
	static struct rtsp_transport t;

	tap_begin("random headers");
	for (i = 0; i < RANDOM_ROUNDS; i++) {
		char text[600] = "RTP/AVP";
		const char *complaint;

		for (n = tap_random(&state) % 12; n; n--) {
			strcat(text, tap_random(&state) % 4 ? ";" : ",");
			strcat(text, piece[tap_random(&state) %
					   TAP_ARRAY_SIZE(piece)]);
		}
		complaint = rtsp_complaint(text_span(text));
		tap_check(!complaint, "%s: %s", text, complaint);
		good += rtsp_parse_transport(text_span(text), &t) && t.fields;
	}
	tap_check(good > RANDOM_ROUNDS / 8, "only %u were understood", good);
	tap_end();
}

/**
 * struct payload_case - a payload, and the headers in it
 * @count: how many
 * @last: the last one's value
 */
static const struct payload_case {
	const char *name;
	const char *text;
	unsigned int count;
	const char *last;
} payload_cases[] = {
	{ "a header at a payload's start", "Transport: a\r\nb", 1, " a\r\n" },
	{ "one behind others", "SETUP a\r\nB: c\r\ntransport \t:a\n\r\n", 1,
	  "a\n" },
	{ "one that goes on", "\nTransport: a;\r\n b\r\n\tc\r\nd", 1,
	  " a;\r\n b\r\n\tc\r\n" },
	{ "one that may go on", "\nTransport: a\r\n", 0, NULL },
	{ "one without an end", "\nTransport: a", 0, NULL },
	{ "another name", "\nTransports: a\r\nX-Transport: a\r\nb", 0, NULL },
	{ "two, one behind the other",
	  "Transport: a\r\nTransport: b\r\n\r\n", 2, " b\r\n" },
	{ "one inside another", "Transport: a\r\n Transport: b\r\nc", 1,
	  " a\r\n Transport: b\r\n" },
};

static void test_payload(const struct payload_case *c)
{
	struct exact e = exact_copy(c->text, strlen(c->text));
	struct span rest = exact_span(&e), header;
	const char *complaint;
	unsigned int n = 0;

	tap_begin(c->name);
	while (rtsp_next_header(&rest, &header)) {
		n++;
		if (n < c->count)
			continue;
		tap_check(rtsp_eat_name(&header) &&
			  header.len == strlen(c->last) &&
			  !memcmp(header.at, c->last, header.len),
			  "%s", exact_text(header.at, header.len));
	}
	tap_check(n == c->count, "%u headers", n);
	complaint = rtsp_payload_complaint((struct span){ e.at, e.len });
	tap_check(!complaint, "%s", complaint);
	exact_free(&e);
	tap_end();
}

/* 512 bytes are read, 513 are not; 16 alternatives, and 32 fields. */
static void test_limits(void)
{
	static struct rtsp_transport t;
	char text[600];
	size_t len, n;

	tap_begin("the longest header");
	for (len = 511; len <= 513; len++) {
		memset(text, 'a', len);
		memcpy(text, "a/b;x=", 6);
		tap_check(rtsp_parse_transport((struct span){ (uint8_t *)text,
							      len }, &t) ==
			  (len <= 512), "%zu bytes", len);
	}
	for (n = 15; n <= 17; n++) {
		for (len = 0, text[0] = 0; len < n; len++)
			strcat(text, "a/b;port=1;source=::1,");
		tap_check(rtsp_parse_transport(text_span(text), &t) ==
			  (n <= 16), "%zu alternatives", n);
	}
	strcpy(text, "a/b;src_addr=\":1\"");
	for (n = 2; n <= 33; n++) {
		strcat(text, "/\":1\"");
		tap_check(rtsp_parse_transport(text_span(text), &t) ==
			  (n <= 32), "%zu fields", n);
	}
	tap_end();
}

int main(void)
{
	size_t i;

	tap_plan(TAP_ARRAY_SIZE(parse_cases) +
		 TAP_ARRAY_SIZE(payload_cases) + 3);
	for (i = 0; i < TAP_ARRAY_SIZE(parse_cases); i++)
		test_case(&parse_cases[i]);
	for (i = 0; i < TAP_ARRAY_SIZE(payload_cases); i++)
		test_payload(&payload_cases[i]);
	test_sweep();
	test_random();
	test_limits();
	return tap_finish();
}

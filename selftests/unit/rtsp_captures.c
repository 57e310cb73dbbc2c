// SPDX-License-Identifier: GPL-2.0-only
/* kmod/protocols/rtsp_scan.c and daemon/rtsp_parse.c read a capture of real
 * conversations: as they came and cut anew, they find exactly the headers that
 * tshark 4.0 finds with
 *
 *	tshark -r FILE -Y rtsp.transport
 */

#include "models/capture_files.h"
#include "models/exact.h"
#include "models/rtsp_model.h"
#include "models/rtsp_properties.h"
#include "tap.h"

#define CAPTURE		"ndpi-rtsp.pcap"
#define FOUND_MAX	4
#define RANDOM_SEED	0x5eedca98

/**
 * struct shown - a header as tshark shows it
 * @client: the client sent it
 * @text: its value
 * @client_port: the first of two
 * @server_port: likewise; 0 if there is none
 */
struct shown {
	bool client;
	const char *text;
	uint16_t client_port;
	uint16_t server_port;
};

#define ASKED(a, b)							\
	{ true, "RTP/AVP;unicast;client_port=" #a "-" #b, a, 0 }
#define TOLD(a, b, c, d, ssrc)						\
	{ false, "RTP/AVP/UDP;unicast;client_port=" #a "-" #b		\
	  ";server_port=" #c "-" #d ";ssrc=" #ssrc ";mode=play", a, c }

/**
 * struct conversation - a connection in the capture
 * @port: the client's
 * @heads: messages in it, both directions
 * @found: the headers that must be found
 */
static const struct conversation {
	uint16_t port;
	unsigned int heads;
	struct shown found[FOUND_MAX];
} conversations[] = {
	/* the rest of one, which the server resets */
	{ .port = 52470, .heads = 1 },
	{ .port = 52472, .heads = 11, .found = {
		ASKED(55664, 55665),
		TOLD(55664, 55665, 58547, 58548, B1964B48),
		ASKED(55666, 55667),
		TOLD(55666, 55667, 57431, 57432, 935E47F4),
	} },
	{ .port = 52474, .heads = 11, .found = {
		ASKED(55668, 55669),
		TOLD(55668, 55669, 36631, 36632, B1964B48),
		ASKED(55670, 55671),
		TOLD(55670, 55671, 59551, 59552, 935E47F4),
	} },
	{ .port = 52476, .heads = 10, .found = {
		ASKED(55672, 55673),
		TOLD(55672, 55673, 49998, 49999, B1964B48),
		ASKED(55674, 55675),
		TOLD(55674, 55675, 35811, 35812, 935E47F4),
	} },
	{ .port = 52478, .heads = 11, .found = {
		ASKED(55676, 55677),
		TOLD(55676, 55677, 36053, 36054, EA079BC8),
		ASKED(55678, 55679),
		TOLD(55678, 55679, 45123, 45124, 339B5687),
	} },
	{ .port = 52480, .heads = 11, .found = {
		ASKED(55680, 55681),
		TOLD(55680, 55681, 53615, 53616, EA079BC8),
		ASKED(55682, 55683),
		TOLD(55682, 55683, 56770, 56771, 339B5687),
	} },
	{ .port = 52482, .heads = 10, .found = {
		ASKED(55684, 55685),
		TOLD(55684, 55685, 58938, 58939, EA079BC8),
		ASKED(55686, 55687),
		TOLD(55686, 55687, 53271, 53272, 339B5687),
	} },
};

static struct rtsp_model m;
static struct rtsp_player p;

static void check_header(const struct shown *want, bool client,
			 struct span header)
{
	static struct rtsp_transport t;
	const char *complaint;
	struct span value;

	value = header;
	if (!tap_check(rtsp_eat_name(&value), "no header: %s",
		       exact_text(header.at, header.len)))
		return;
	complaint = rtsp_complaint(value);
	tap_check(!complaint, "%s", complaint);
	span_eat_blanks(&value);
	value.len -= 2;
	tap_check(client == want->client && value.len == strlen(want->text) &&
		  !memcmp(value.at, want->text, value.len), "another one: %s",
		  exact_text(value.at, value.len));
	if (!tap_check(rtsp_parse_transport(value, &t), "not understood: %s",
		       exact_text(value.at, value.len)))
		return;
	tap_check(t.pairs == (want->server_port ? 2 : 1) &&
		  t.pair[0].whose == RTSP_CLIENT && t.pair[0].count == 2 &&
		  t.pair[0].base == want->client_port &&
		  (!want->server_port ||
		   (t.pair[1].whose == RTSP_SERVER && t.pair[1].count == 2 &&
		    t.pair[1].base == want->server_port)),
		  "other ports: %s", want->text);
	tap_check(rtsp_find_flaw(&t) == RTSP_FLAW_NONE, "a flaw");
}

static void read_conversation(const struct pcap *pcap,
			      const struct conversation *c)
{
	unsigned int found = 0, heads = 0, i;
	uint32_t random = RANDOM_SEED;
	int n;

	rtsp_model_begin(&m);
	memset(&p, 0, sizeof(p));
	for (n = 0; n < pcap->pieces; n++) {
		const struct pcap_piece *piece = &pcap->piece[n];
		/* the port that was looked for is the client's */
		bool client = piece->reply;
		struct rtsp_model_answer got;
		const char *complaint;

		tap_check(!piece->gap, "bytes are missing");
		complaint = rtsp_model_step(&m, &p, client,
					    (struct span){ piece->data,
							   piece->len },
					    true, &random, &got);
		tap_check(!complaint, "%s", complaint);
		tap_check(!got.why, "given up for reason %d", got.why);
		heads += got.heads;
		for (i = 0; i < got.count; i++, found++) {
			struct span header = {
				m.side[client].data + got.from[i],
				got.to[i] - got.from[i],
			};

			if (tap_check(found < FOUND_MAX &&
				      c->found[found].text,
				      "more than announced: %s",
				      exact_text(header.at, header.len)))
				check_header(&c->found[found], client, header);
		}
	}
	for (i = 0; i < FOUND_MAX && c->found[i].text; i++)
		;
	tap_check(found == i, "%u headers of %u", found, i);
	tap_check(heads == c->heads, "%u messages of %u", heads, c->heads);
}

static void test_conversation(const struct conversation *c)
{
	static struct pcap pcap;
	char name[64];

	snprintf(name, sizeof(name), "%s, port %u", CAPTURE, c->port);
	if (capture_begin(&pcap, CAPTURE, c->port)) {
		tap_rename(name);
		read_conversation(&pcap, c);
	}
	capture_end(&pcap);
}

int main(void)
{
	size_t i;

	if (!capture_files_found())
		return 0;
	tap_plan(TAP_ARRAY_SIZE(conversations));
	for (i = 0; i < TAP_ARRAY_SIZE(conversations); i++)
		test_conversation(&conversations[i]);
	return tap_finish();
}

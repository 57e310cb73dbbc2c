// SPDX-License-Identifier: GPL-2.0-only
/* What RTSP clients and servers say, and what they never would. */

#include <linux/kernel.h>
#include <linux/string.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/tcp.h>

#include "storm.h"

/* Numbers of requests, sessions, and ports of clients: so few that replies have
 * requests, and pinholes are asked for again
 */
#define STORM_CSEQS	6
#define STORM_SESSIONS	3
#define STORM_PAIRS	8

/* Transport-specs of a header, and bytes of a frame, at most */
#define STORM_SPECS	3
#define STORM_FRAME_MAX	200

static const struct storm_opening storm_rtsp_opening[] = {
	{ IP_CT_DIR_ORIGINAL, TCPHDR_SYN, TCP_CONNTRACK_SYN_SENT, "" },
	{ IP_CT_DIR_REPLY, TCPHDR_SYN | TCPHDR_ACK, TCP_CONNTRACK_SYN_RECV,
	  "" },
	{ IP_CT_DIR_ORIGINAL, TCPHDR_ACK, TCP_CONNTRACK_ESTABLISHED,
	  "OPTIONS * RTSP/1.0\r\nCSeq: 0\r\n\r\n" },
	{ IP_CT_DIR_REPLY, TCPHDR_ACK, TCP_CONNTRACK_ESTABLISHED,
	  "RTSP/1.0 200 OK\r\nCSeq: 0\r\n\r\n" },
};

static const char * const storm_methods[] = {
	"PLAY", "TEARDOWN", "RECORD", "PAUSE", "DESCRIBE", "ANNOUNCE",
	"OPTIONS", "GET_PARAMETER", "SET_PARAMETER", "REDIRECT", "PLAY_NOTIFY",
};

static const char * const storm_statuses[] = {
	"100 Continue", "404 Not Found", "461 Unsupported Transport", "299",
	"454 Session Not Found", "301 Moved",
};

static const char * const storm_headers[] = {
	"User-Agent: x", "Range: npt=0-", "Accept: application/sdp", "X",
	"x-sessioncookie: 1", "RTP-Info: url=rtsp://a/b;seq=1", "Public: SETUP",
	"X: Transport: RTP/AVP;unicast;client_port=50000-50001", "X:\r\n y",
	" RTP/AVP;unicast;client_port=50002-50003", "Transport:", "CSeq: x",
	"Content-Length: 0", "Session:", ":",
};

/* Behind those nothing is read any more, or was none to begin with. */
static const char * const storm_last_lines[] = {
	"GET / HTTP/1.1\r\n", "\x16\3\1", "SETUP rtsp://a/b\r\n\r\n",
	"RTSP/1.0 2000 OK\r\n\r\n", "OPTIONS * RTSP/1.0\r\n X: y\r\n\r\n",
	"PLAY * RTSP/1.0\r\nContent-Length: 1048577\r\n\r\n",
	"PLAY * RTSP/1.0\r\nContent-Length: -1\r\n\r\n", "PLAY\rX",
	"POST / HTTP/1.0\r\nx-sessioncookie: 1\r\n\r\n",
};

static u16 storm_pair(struct rnd_state *rnd)
{
	if (storm_one_in(rnd, 16))
		return storm_below(rnd, 1024);
	if (storm_one_in(rnd, 6))
		return storm_port(rnd);
	return 50000 + 2 * storm_below(rnd, STORM_PAIRS);
}

/* "50000-50001", or another way to say so */
static void storm_ports(struct storm_writer *w, struct rnd_state *rnd)
{
	u16 port = storm_pair(rnd);

	storm_add(w, "%u", port);
	if (!storm_one_in(rnd, 5))
		storm_add(w, "%c%u", storm_one_in(rnd, 12) ? '/' : '-',
			  port + 1);
}

/* "client_port" or the like, and the address that belongs to it, if it has one */
static void storm_place(struct storm_writer *w, struct rnd_state *rnd,
			const struct nf_conntrack_tuple *tuple,
			const char *ports, const char *addr)
{
	if (storm_one_in(rnd, 2)) {
		storm_add(w, ";%s=", addr);
		storm_add_addr(w, rnd, tuple);
		if (storm_one_in(rnd, 8))
			storm_add(w, ":%u", storm_pair(rnd));
	}
	storm_add(w, ";%s=", ports);
	storm_ports(w, rnd);
}

/* As RTSP 2.0 has it */
static void storm_quoted(struct storm_writer *w, struct rnd_state *rnd,
			 const struct nf_conntrack_tuple *tuple,
			 const char *name)
{
	bool v6 = tuple->src.l3num == NFPROTO_IPV6;
	u16 port = storm_pair(rnd);
	int i;

	storm_add(w, ";%s=", name);
	for (i = 0; i < 2; i++) {
		storm_add(w, i ? "/\"" : "\"");
		if (!storm_one_in(rnd, 3)) {
			storm_add(w, v6 ? "[" : "");
			storm_add_addr(w, rnd, tuple);
			storm_add(w, v6 ? "]" : "");
		}
		storm_add(w, ":%u\"", port + i);
	}
}

static void storm_spec(struct storm_writer *w, struct rnd_state *rnd,
		       enum ip_conntrack_dir dir,
		       const struct nf_conntrack_tuple *tuple)
{
	bool client = dir == IP_CT_DIR_ORIGINAL;
	struct nf_conntrack_tuple peer;

	nf_ct_invert_tuple(&peer, tuple);
	switch (storm_below(rnd, 8)) {
	case 0:
		storm_add(w, "RTP/AVP/TCP;unicast;interleaved=0-1");
		break;
	case 1:
		storm_add(w, "RTP/AVP;multicast;port=6970-6971;ttl=16");
		break;
	case 2:
		storm_add(w, "x-real-rdt/udp;client_port=%u;mode=play",
			  storm_pair(rnd));
		break;
	case 3:
		storm_add(w, "RTP/AVP/UDP;unicast");
		storm_quoted(w, rnd, client ? tuple : &peer, "dest_addr");
		if (!client)
			storm_quoted(w, rnd, tuple, "src_addr");
		break;
	default:
		storm_add(w, "RTP/AVP;unicast");
		storm_place(w, rnd, client ? tuple : &peer, "client_port",
			    "destination");
		if (!client || storm_one_in(rnd, 12))
			storm_place(w, rnd, client ? &peer : tuple,
				    "server_port", "source");
	}
	if (storm_one_in(rnd, 6))
		storm_add(w, ";ssrc=1234ABCD;mode=\"PLAY\"");
}

static void storm_transport(struct storm_writer *w, struct rnd_state *rnd,
			    enum ip_conntrack_dir dir,
			    const struct nf_conntrack_tuple *tuple)
{
	unsigned int specs = 1, at = w->len;

	if (storm_one_in(rnd, 4))
		specs += storm_below(rnd, STORM_SPECS);
	storm_add(w, storm_one_in(rnd, 6) ? "transport : " : "Transport: ");
	while (specs--) {
		storm_spec(w, rnd, dir, tuple);
		if (specs)
			storm_add(w, storm_one_in(rnd, 4) ? ",\r\n " : ",");
	}
	if (storm_one_in(rnd, 12))
		storm_spoil(w, at, rnd);
	storm_add(w, "\r\n");
}

/* What is in a body doesn't count, whatever it looks like. */
static void storm_body(struct storm_writer *w, struct rnd_state *rnd,
		       enum ip_conntrack_dir dir,
		       const struct nf_conntrack_tuple *tuple)
{
	unsigned int at = w->len, length;
	char head[40];
	int len;

	storm_add(w, "v=0\r\nm=audio 50000 RTP/AVP 0\r\n\r\n");
	if (storm_one_in(rnd, 2)) {
		storm_add(w, "SETUP rtsp://a/b RTSP/1.0\r\nCSeq: 1\r\n");
		storm_transport(w, rnd, dir, tuple);
		storm_add(w, "\r\n");
	}
	if (storm_one_in(rnd, 4))
		storm_spoil(w, at, rnd);
	length = w->len - at;
	if (storm_one_in(rnd, 16))
		length += (int)storm_below(rnd, 9) - 4;
	len = scnprintf(head, sizeof(head), "Content-Length: %u\r\n\r\n",
			length);
	storm_insert(w, at, head, len);
}

/* The headers of a message, and a body perhaps */
static void storm_rest_of(struct storm_writer *w, struct rnd_state *rnd,
			  enum ip_conntrack_dir dir,
			  const struct nf_conntrack_tuple *tuple,
			  bool transport)
{
	if (!storm_one_in(rnd, 20))
		storm_add(w, "CSeq: %u\r\n", storm_below(rnd, STORM_CSEQS));
	if (!storm_one_in(rnd, 3))
		storm_add(w, "Session: s%u%s\r\n",
			  storm_below(rnd, STORM_SESSIONS),
			  storm_one_in(rnd, 3) ? ";timeout=60" : "");
	if (storm_one_in(rnd, 3))
		storm_add(w, "%s\r\n", storm_pick(rnd, storm_headers));
	while (transport) {
		storm_transport(w, rnd, dir, tuple);
		transport = storm_one_in(rnd, 12);
	}
	if (storm_one_in(rnd, 8))
		storm_body(w, rnd, dir, tuple);
	else
		storm_add(w, "\r\n");
}

static void storm_request(struct storm_writer *w, struct rnd_state *rnd,
			  enum ip_conntrack_dir dir,
			  const struct nf_conntrack_tuple *tuple)
{
	bool setup = storm_one_in(rnd, 2);

	storm_add(w, "%s rtsp://a.test/b%u RTSP/%u.0\r\n",
		  setup ? "SETUP" : storm_pick(rnd, storm_methods),
		  storm_below(rnd, 3), storm_one_in(rnd, 4) ? 2 : 1);
	storm_rest_of(w, rnd, dir, tuple, setup || storm_one_in(rnd, 12));
}

static void storm_response(struct storm_writer *w, struct rnd_state *rnd,
			   enum ip_conntrack_dir dir,
			   const struct nf_conntrack_tuple *tuple)
{
	storm_add(w, "RTSP/%u.0 %s\r\n", storm_one_in(rnd, 4) ? 2 : 1,
		  storm_one_in(rnd, 3) ? storm_pick(rnd, storm_statuses) :
					 "200 OK");
	storm_rest_of(w, rnd, dir, tuple, storm_one_in(rnd, 2));
}

/* A piece of a stream, in the connection itself */
static void storm_frame(struct storm_writer *w, struct rnd_state *rnd)
{
	unsigned int len = storm_below(rnd, STORM_FRAME_MAX), i;
	u8 data[STORM_FRAME_MAX + 4];

	data[0] = '$';
	data[1] = storm_below(rnd, 2);
	data[2] = 0;
	data[3] = len;
	for (i = 0; i < len; i++)
		data[4 + i] = "SETUP \r\n$"[prandom_u32_state(rnd) % 9];
	storm_insert(w, w->len, data, 4 + len);
}

static unsigned int storm_rtsp_line(struct rnd_state *rnd,
				    enum ip_conntrack_dir dir,
				    const struct nf_conntrack_tuple *tuple,
				    char *text, unsigned int size)
{
	struct storm_writer w = { .text = text, .size = size };

	if (storm_one_in(rnd, 120))
		storm_add(&w, "%s", storm_pick(rnd, storm_last_lines));
	else if (storm_one_in(rnd, 12))
		storm_frame(&w, rnd);
	else if ((dir == IP_CT_DIR_ORIGINAL) != storm_one_in(rnd, 12))
		storm_request(&w, rnd, dir, tuple);
	else
		storm_response(&w, rnd, dir, tuple);
	return w.len;
}

const struct storm_protocol storm_rtsp = {
	.name		= "rtsp",
	.helper		= "appgw-rtsp",
	.port		= 554,
	/* what is lost behind the hooks isn't sent again for sure */
	.life		= 60,
	.queued		= true,
	.opening	= storm_rtsp_opening,
	.opening_len	= ARRAY_SIZE(storm_rtsp_opening),
	.framed		= true,
	.slips		= 30,
	.room		= 800,
	.line		= storm_rtsp_line,
};

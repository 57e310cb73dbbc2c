// SPDX-License-Identifier: GPL-2.0-only
/* What MMS clients and servers say, and what they never would. */

#include <linux/kernel.h>
#include <linux/string.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/tcp.h>
#include <asm/unaligned.h>

#include "storm.h"

/* Where a message has what matters, and what its lengths leave out */
#define STORM_SESSION_AT	4
#define STORM_LENGTH_AT		8
#define STORM_SEAL_AT		12
#define STORM_CHUNKS_AT		16
#define STORM_CHUNK_LEN_AT	32
#define STORM_ID_AT		36
#define STORM_HEAD		40
#define STORM_NAME_AT		60
#define STORM_BIAS		16
#define STORM_CHUNK_BIAS	32
#define STORM_UNIT		8

#define STORM_SESSION		0xb00bface
#define STORM_SEAL		0x20534d4d
#define STORM_FUNNEL		0x00030002

/* The client's first message */
static const u8 storm_connect_message[] = {
	0x01, 0x00, 0x00, 0x00, 0xce, 0xfa, 0x0b, 0xb0, 0x20, 0x00, 0x00, 0x00,
	0x4d, 0x4d, 0x53, 0x20, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00,
	0x01, 0x00, 0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
};

static const struct storm_opening storm_mms_opening[] = {
	{ IP_CT_DIR_ORIGINAL, TCPHDR_SYN, TCP_CONNTRACK_SYN_SENT, "" },
	{ IP_CT_DIR_REPLY, TCPHDR_SYN | TCPHDR_ACK, TCP_CONNTRACK_SYN_RECV,
	  "" },
	{ IP_CT_DIR_ORIGINAL, TCPHDR_ACK, TCP_CONNTRACK_ESTABLISHED,
	  (const char *)storm_connect_message, sizeof(storm_connect_message) },
};

static const u32 storm_client_ids[] = {
	0x00030018, 0x00030005, 0x00030007, 0x0003001b, 0x00030001, 0,
};

/* Agreed to seldom: from then on it is media, whatever it says. */
static const u32 storm_server_ids[] = {
	0x00040001, 0x00040003, 0x00040003, 0x00040003, 0x00040002, 0x00040005,
	0x00040021, 0x0004001b, 0,
};

/* Behind those nothing is read any more, or was none to begin with. */
static const char * const storm_last_messages[] = {
	"GET / HTTP/1.1\r\n", "\x16\3\1\1\1\1", "MMS MMS MMS MMS MMS MMS MMS ",
};

static void storm_zeros(struct storm_writer *w, unsigned int n)
{
	static const u8 zeros[STORM_NAME_AT];

	storm_insert(w, w->len, zeros, n);
}

static void storm_utf16(struct storm_writer *w, unsigned int at)
{
	for (; at < w->len; at += 2)
		storm_insert(w, at + 1, "", 1);
}

/* Where the client wants the media, in words */
static void storm_funnel(struct storm_writer *w, struct rnd_state *rnd,
			 const struct nf_conntrack_tuple *tuple)
{
	unsigned int at;

	storm_zeros(w, STORM_NAME_AT - w->len);
	at = w->len;
	storm_add(w, "\\\\");
	storm_add_addr(w, rnd, tuple);
	storm_add(w, "\\%s\\%u", storm_one_in(rnd, 6) ? "TCP" : "UDP",
		  storm_one_in(rnd, 3) ? 7000 : storm_port(rnd));
	if (storm_one_in(rnd, 12))
		storm_spoil(w, at, rnd);
	storm_utf16(w, at);
	storm_zeros(w, 2);
	if (storm_one_in(rnd, 2))
		storm_add(w, "0");
}

/* Fill it up, and say how long it is. */
static void storm_lengths(struct storm_writer *w, struct rnd_state *rnd)
{
	unsigned int len;

	while (w->len % STORM_UNIT && !storm_one_in(rnd, 60))
		storm_zeros(w, 1);
	len = w->len;
	if (storm_one_in(rnd, 60))
		len += (int)storm_below(rnd, 17) - 8;
	put_unaligned_le32(len - STORM_BIAS, w->text + STORM_LENGTH_AT);
	put_unaligned_le32((len - STORM_BIAS) / STORM_UNIT,
			   w->text + STORM_CHUNKS_AT);
	put_unaligned_le32((len - STORM_CHUNK_BIAS) / STORM_UNIT,
			   w->text + STORM_CHUNK_LEN_AT);
}

static void storm_message(struct storm_writer *w, struct rnd_state *rnd, u32 id,
			  const struct nf_conntrack_tuple *tuple)
{
	storm_zeros(w, STORM_HEAD);
	w->text[0] = 1;
	put_unaligned_le32(STORM_SESSION, w->text + STORM_SESSION_AT);
	put_unaligned_le32(STORM_SEAL, w->text + STORM_SEAL_AT);
	put_unaligned_le32(id, w->text + STORM_ID_AT);
	if (id == STORM_FUNNEL)
		storm_funnel(w, rnd, tuple);
	else
		storm_zeros(w, storm_below(rnd, STORM_NAME_AT));
	storm_lengths(w, rnd);
}

static unsigned int storm_mms_line(struct rnd_state *rnd,
				   enum ip_conntrack_dir dir,
				   const struct nf_conntrack_tuple *tuple,
				   char *text, unsigned int size)
{
	bool client = (dir == IP_CT_DIR_ORIGINAL) != storm_one_in(rnd, 40);
	struct storm_writer w = { .text = text, .size = size };

	if (storm_one_in(rnd, 120))
		storm_add(&w, "%s", storm_pick(rnd, storm_last_messages));
	else if (client)
		storm_message(&w, rnd, storm_one_in(rnd, 2) ? STORM_FUNNEL :
			      storm_pick(rnd, storm_client_ids), tuple);
	else
		storm_message(&w, rnd, storm_pick(rnd, storm_server_ids),
			      tuple);
	return w.len;
}

/* How many lengths of a message are right, its own included; -1 if that isn't. Moves
 * @at behind it.
 */
static int storm_message_sizes(const char **at, const char *end)
{
	const char *from = *at;
	u32 len;

	if (end - from < STORM_HEAD ||
	    get_unaligned_le32(from + STORM_SESSION_AT) != STORM_SESSION)
		return -1;
	len = get_unaligned_le32(from + STORM_LENGTH_AT);
	if (len > end - from - STORM_BIAS || len < STORM_HEAD - STORM_BIAS)
		return -1;
	len += STORM_BIAS;
	*at = from + len;
	if (len % STORM_UNIT)
		return 1;
	return 1 + (get_unaligned_le32(from + STORM_CHUNKS_AT) ==
		    (len - STORM_BIAS) / STORM_UNIT) +
	       (get_unaligned_le32(from + STORM_CHUNK_LEN_AT) ==
		(len - STORM_CHUNK_BIAS) / STORM_UNIT);
}

/* See struct storm_protocol. */
static int storm_mms_sizes(const char *text, unsigned int len)
{
	const char *end = text + len;
	int right = 0, more;

	while (text < end) {
		more = storm_message_sizes(&text, end);
		if (more < 0)
			return -1;
		right += more;
	}
	return right;
}

const struct storm_protocol storm_mms = {
	.name		= "mms",
	.helper		= "appgw-mms",
	.port		= 1755,
	/* shorter than others': what the server has agreed to ends it, too */
	.life		= 30,
	.queued		= true,
	.opening	= storm_mms_opening,
	.opening_len	= ARRAY_SIZE(storm_mms_opening),
	.framed		= true,
	.slips		= 60,
	.room		= 300,
	.line		= storm_mms_line,
	.sizes		= storm_mms_sizes,
};

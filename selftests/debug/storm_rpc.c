// SPDX-License-Identifier: GPL-2.0-only
/* What clients ask a portmapper and what it answers, and what they never would. */

#include <linux/kernel.h>
#include <linux/string.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/tcp.h>
#include <asm/unaligned.h>

#include "storm.h"

/* Numbers of calls: so few that answers have a question. What it is follows from the
 * number, mostly.
 */
#define STORM_XIDS	8

#define STORM_LAST	0x80000000u
#define STORM_REPLY	1

/* Entries of a list, and bytes of a credential, at most */
#define STORM_ENTRIES	4
#define STORM_CRED_MAX	60

/* What is asked for */
enum storm_ask {
	STORM_GETPORT,
	STORM_GETADDR,
	STORM_GETADDRLIST,
	STORM_ASKS
};

/* GETPORT, in a record */
static const u8 storm_first_call[] = {
	0x80, 0x00, 0x00, 0x38, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x02, 0x00, 0x01, 0x86, 0xa0, 0x00, 0x00, 0x00, 0x02,
	0x00, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x86, 0xa3,
	0x00, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00, 0x06, 0x00, 0x00, 0x00, 0x00,
};

static const struct storm_opening storm_rpc_opening[] = {
	{ IP_CT_DIR_ORIGINAL, TCPHDR_SYN, TCP_CONNTRACK_SYN_SENT, "" },
	{ IP_CT_DIR_REPLY, TCPHDR_SYN | TCPHDR_ACK, TCP_CONNTRACK_SYN_RECV,
	  "" },
	{ IP_CT_DIR_ORIGINAL, TCPHDR_ACK, TCP_CONNTRACK_ESTABLISHED,
	  (const char *)storm_first_call, sizeof(storm_first_call) },
};

/* Those that may be opened, and others */
static const u32 storm_programs[] = {
	100003, 100005, 100021, 100024, 100227, 100011, 100000, 100009, 0,
};

/* Behind those nothing is read any more, or was none to begin with. */
static const char * const storm_last_records[] = {
	"GET / HTTP/1.1\r\n", "\x16\3\1", "\x80\1\1\1",
	"\x7f\xff\xff\xff", "\xff\xff\xff\xff", "SSH-2.0-x\r\n",
};

static void storm_number(struct storm_writer *w, u32 number)
{
	__be32 n = htonl(number);

	storm_insert(w, w->len, &n, sizeof(n));
}

/* Make the text that begins at offset @at one with a length and what fills it up. */
static void storm_opaque(struct storm_writer *w, unsigned int at)
{
	__be32 len = htonl(w->len - at);

	while ((w->len - at) % 4)
		storm_insert(w, w->len, "", 1);
	storm_insert(w, at, &len, sizeof(len));
}

static void storm_string(struct storm_writer *w, const char *text)
{
	unsigned int at = w->len;

	storm_add(w, "%s", text);
	storm_opaque(w, at);
}

/* "h.h.h.h.p.p", or another way to say so */
static void storm_uaddr(struct storm_writer *w, struct rnd_state *rnd,
			const struct nf_conntrack_tuple *tuple, u16 port)
{
	unsigned int at = w->len;

	if (!storm_one_in(rnd, 16)) {
		if (storm_one_in(rnd, 8))
			storm_add(w, "%s", tuple->src.l3num == NFPROTO_IPV6 ?
					   "::" : "0.0.0.0");
		else
			storm_add_addr(w, rnd, tuple);
		storm_add(w, ".%u.%u", port >> 8, port & 0xff);
		if (storm_one_in(rnd, 16))
			storm_spoil(w, at, rnd);
	}
	storm_opaque(w, at);
}

static enum storm_ask storm_ask_of(struct rnd_state *rnd, u32 xid)
{
	if (storm_one_in(rnd, 12))
		xid = prandom_u32_state(rnd);
	return xid % STORM_ASKS;
}

/* A port that goes with the number of a call, mostly */
static u16 storm_port_of(struct rnd_state *rnd, u32 xid)
{
	if (storm_one_in(rnd, 16))
		return storm_below(rnd, 1024);
	return storm_one_in(rnd, 4) ? storm_port(rnd) : 50000 + xid;
}

static void storm_cred(struct storm_writer *w, struct rnd_state *rnd)
{
	static const u8 cred[STORM_CRED_MAX];
	unsigned int at;

	storm_number(w, storm_one_in(rnd, 2));
	at = w->len;
	if (storm_one_in(rnd, 3))
		storm_insert(w, at, cred, storm_below(rnd, STORM_CRED_MAX));
	storm_opaque(w, at);
}

/* A call that asks for no port */
static void storm_other_call(struct storm_writer *w, struct rnd_state *rnd)
{
	storm_number(w, storm_one_in(rnd, 6) ? 100003 : 100000);
	storm_number(w, 2 + storm_below(rnd, 4));
	storm_number(w, storm_below(rnd, 14));
	storm_cred(w, rnd);
	storm_cred(w, rnd);
	while (!storm_one_in(rnd, 6))
		storm_number(w, storm_below(rnd, 12));
}

static void storm_call(struct storm_writer *w, struct rnd_state *rnd,
		       const struct nf_conntrack_tuple *tuple)
{
	static const u8 versions[] = { 2, 4, 4 }, procs[] = { 3, 3, 11 };
	u32 xid = storm_below(rnd, STORM_XIDS);
	enum storm_ask ask = storm_ask_of(rnd, xid);

	storm_number(w, xid);
	storm_number(w, storm_one_in(rnd, 40) ? STORM_REPLY : 0);
	storm_number(w, storm_one_in(rnd, 40) ? 3 : 2);
	if (storm_one_in(rnd, 6)) {
		storm_other_call(w, rnd);
		return;
	}
	storm_number(w, 100000);
	storm_number(w, ask == STORM_GETADDR && storm_one_in(rnd, 2) ? 3 :
			versions[ask]);
	storm_number(w, procs[ask]);
	storm_cred(w, rnd);
	storm_cred(w, rnd);
	storm_number(w, storm_one_in(rnd, 6) ? storm_pick(rnd, storm_programs) :
			storm_programs[xid % 4]);
	storm_number(w, 3);
	if (ask == STORM_GETPORT) {
		storm_number(w, storm_one_in(rnd, 2) ? IPPROTO_UDP :
						       IPPROTO_TCP);
		storm_number(w, 0);
		return;
	}
	storm_string(w, "tcp");
	storm_uaddr(w, rnd, tuple, 111);
	storm_string(w, "");
}

static void storm_entry(struct storm_writer *w, struct rnd_state *rnd,
			const struct nf_conntrack_tuple *tuple, u32 xid)
{
	bool v6 = tuple->src.l3num == NFPROTO_IPV6, udp = storm_one_in(rnd, 2);

	storm_uaddr(w, rnd, tuple, storm_port_of(rnd, xid));
	storm_string(w, udp ? "udp" : "tcp");
	storm_number(w, udp ? 1 : 3);
	storm_string(w, v6 ? "inet6" : storm_one_in(rnd, 8) ? "loopback" :
							      "inet");
	storm_string(w, udp ? "udp" : "tcp");
}

static void storm_list(struct storm_writer *w, struct rnd_state *rnd,
		       const struct nf_conntrack_tuple *tuple, u32 xid)
{
	unsigned int n = storm_below(rnd, STORM_ENTRIES);

	while (n--) {
		storm_number(w, 1);
		storm_entry(w, rnd, tuple, xid);
	}
	storm_number(w, storm_one_in(rnd, 16));
}

static void storm_reply(struct storm_writer *w, struct rnd_state *rnd,
			const struct nf_conntrack_tuple *tuple)
{
	u32 xid = storm_below(rnd, STORM_XIDS);

	storm_number(w, xid);
	storm_number(w, storm_one_in(rnd, 40) ? 0 : STORM_REPLY);
	storm_number(w, storm_one_in(rnd, 20));
	storm_cred(w, rnd);
	storm_number(w, storm_one_in(rnd, 20) ? storm_below(rnd, 6) : 0);
	switch (storm_ask_of(rnd, xid)) {
	case STORM_GETPORT:
		storm_number(w, storm_one_in(rnd, 30) ?
				prandom_u32_state(rnd) :
				storm_port_of(rnd, xid));
		break;
	case STORM_GETADDR:
		storm_uaddr(w, rnd, tuple, storm_port_of(rnd, xid));
		break;
	default:
		storm_list(w, rnd, tuple, xid);
	}
}

/* Put a mark in front of what begins at offset @at, and perhaps in the middle of it. */
static void storm_record(struct storm_writer *w, unsigned int at,
			 struct rnd_state *rnd)
{
	unsigned int len = w->len - at, first;
	__be32 mark;

	if (storm_one_in(rnd, 80))
		len += (int)storm_below(rnd, 9) - 4;
	if (storm_one_in(rnd, 6)) {
		first = storm_below(rnd, len + 1);
		mark = htonl(STORM_LAST | (len - first));
		storm_insert(w, at + min(first, w->len - at), &mark,
			     sizeof(mark));
		mark = htonl(first);
	} else {
		mark = htonl(STORM_LAST | len);
	}
	storm_insert(w, at, &mark, sizeof(mark));
}

static unsigned int storm_rpc_line(struct rnd_state *rnd,
				   enum ip_conntrack_dir dir,
				   const struct nf_conntrack_tuple *tuple,
				   char *text, unsigned int size)
{
	bool udp = tuple->dst.protonum == IPPROTO_UDP;
	bool client = dir == IP_CT_DIR_ORIGINAL;
	struct storm_writer w = { .text = text, .size = size };

	if (!udp && storm_one_in(rnd, 120)) {
		storm_add(&w, "%s", storm_pick(rnd, storm_last_records));
		return w.len;
	}
	/* what must go in front of it is to fit in any case */
	w.size -= 2 * sizeof(__be32);
	if (client != storm_one_in(rnd, 20))
		storm_call(&w, rnd, tuple);
	else
		storm_reply(&w, rnd, tuple);
	if (storm_one_in(rnd, 12))
		storm_spoil(&w, 0, rnd);
	w.size += 2 * sizeof(__be32);
	if (!udp)
		storm_record(&w, 0, rnd);
	return w.len;
}

/* Count the records whose marks lead from one to the next; -1 if they don't. */
static int storm_rpc_sizes(const char *text, unsigned int len)
{
	unsigned int at = 0, left;
	int count = 0;
	u32 mark;

	while (at < len) {
		if (len - at < sizeof(mark))
			return -1;
		mark = get_unaligned_be32(text + at);
		at += sizeof(mark);
		left = mark & ~STORM_LAST;
		if (left > len - at)
			return -1;
		at += left;
		if (mark & STORM_LAST)
			count++;
		else if (at == len)
			return -1;
	}
	return count;
}

const struct storm_protocol storm_rpc = {
	.name		= "rpc",
	.helper		= "appgw-rpc",
	.port		= 111,
	.datagrams	= 2,
	.servers_nat	= true,
	/* what is lost behind the hooks isn't sent again for sure */
	.life		= 40,
	.queued		= true,
	.opening	= storm_rpc_opening,
	.opening_len	= ARRAY_SIZE(storm_rpc_opening),
	.framed		= true,
	.slips		= 60,
	.room		= 600,
	.line		= storm_rpc_line,
	.sizes		= storm_rpc_sizes,
};

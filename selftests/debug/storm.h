/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_STORM_H
#define APPGW_STORM_H

#include <linux/prandom.h>
#include <linux/skbuff.h>
#include <net/netfilter/nf_conntrack.h>

/* Payload of a segment; some are longer than a page. */
#define STORM_PAYLOAD_MAX	6000

/* IPv6 header or IPv4 header with options, and a full TCP header: longer than UDP's */
#define STORM_HEADERS_MAX	(60 + 60)

/**
 * struct storm_segment - a segment to be made
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @tuple: from whom to whom
 * @seq: sequence number, of TCP; the two that follow, too
 * @ack: acknowledgment number
 * @flags: TCP flags, as in the header's 14th byte
 * @sound: it has nothing in its headers that conntrack would not let through,
 *	and its checksums are right
 * @lost: its receiver doesn't get it
 * @right: how many lengths in @payload are right; -1 if that can't be told when
 *	it has been through the helper
 * @len: bytes in @payload
 * @payload: what it carries
 */
struct storm_segment {
	u8 family;
	struct nf_conntrack_tuple tuple;
	u32 seq;
	u32 ack;
	u8 flags;
	bool sound;
	bool lost;
	int right;
	unsigned int len;
	u8 payload[STORM_PAYLOAD_MAX];
};

/**
 * struct storm_packet - a packet made of one
 * @skb: what the helper gets; not ours any more once it has been sent
 * @clone: another user of the same data, or NULL
 * @protoff: offset of the TCP or UDP header
 * @len: bytes in @data
 * @data: as it was made
 */
struct storm_packet {
	struct sk_buff *skb;
	struct sk_buff *clone;
	unsigned int protoff;
	unsigned int len;
	u8 data[STORM_HEADERS_MAX + STORM_PAYLOAD_MAX];
};

/**
 * struct storm_opening - how a conversation begins: otherwise the helper turns
 *	away
 * @dir: who speaks
 * @flags: of the segment
 * @state: of the connection, as conntrack has it by then
 * @text: what is said
 * @len: bytes of it, if there are any that are 0
 */
struct storm_opening {
	enum ip_conntrack_dir dir;
	u8 flags;
	enum tcp_conntrack state;
	const char *text;
	unsigned int len;
};

/**
 * struct storm_protocol - what is spoken
 * @name: as the module's parameter has it
 * @helper: of its connections
 * @port: of its servers
 * @datagrams: one connection in so many is a flow of datagrams; 0 for none
 * @servers_nat: its servers are behind NAT as often as its clients
 * @life: segments that most of its connections live for
 * @queued: somebody may want to see its segments, so they pass the hooks for
 *	what leaves
 * @opening: how its conversations begin
 * @opening_len: steps of that
 * @opening_tls: of those, the last ones, for a few connections only
 * @framed: what it says tells where it ends, so no end of a line is put behind
 * @slips: one in so many texts goes wrong anywhere, its frame included: a helper
 *	that can't tell any more where the next message begins, gives up
 * @room: for a line or message, at least
 * @line: writes a line without its end, or a message, into @text, which has room
 *	for @size bytes, and returns its length, at least 1; @tuple is that of
 *	its packet
 * @sizes: counts the lengths in a payload that are right; -1 unless that is whole
 *	messages with right lengths. NULL if edits can't make any wrong
 */
struct storm_protocol {
	const char *name;
	const char *helper;
	u16 port;
	unsigned int datagrams;
	bool servers_nat;
	unsigned int life;
	bool queued;
	const struct storm_opening *opening;
	unsigned int opening_len;
	unsigned int opening_tls;
	bool framed;
	unsigned int slips;
	unsigned int room;
	unsigned int (*line)(struct rnd_state *rnd, enum ip_conntrack_dir dir,
			     const struct nf_conntrack_tuple *tuple, char *text,
			     unsigned int size);
	int (*sizes)(const char *text, unsigned int len);
};

extern const struct storm_protocol storm_ftp, storm_irc, storm_mms, storm_msn;
extern const struct storm_protocol storm_rpc, storm_rtsp;

/**
 * struct storm_writer - a text under way; what there is no room for is left out
 * @text: what there is
 * @len: bytes of it
 * @size: bytes that there is room for
 */
struct storm_writer {
	char *text;
	unsigned int len;
	unsigned int size;
};

/* One of an array */
#define storm_pick(rnd, array) ((array)[storm_below(rnd, ARRAY_SIZE(array))])

/* One in @n times true. */
static inline bool storm_one_in(struct rnd_state *rnd, u32 n)
{
	return !(prandom_u32_state(rnd) % n);
}

/* From 0 to @n - 1. */
static inline u32 storm_below(struct rnd_state *rnd, u32 n)
{
	return prandom_u32_state(rnd) % n;
}

struct nf_conn *storm_connect(struct net *net,
			      const struct storm_protocol *protocol,
			      struct rnd_state *rnd);
bool storm_confirm(struct nf_conn *ct);
void storm_end(struct nf_conn *ct);
u16 storm_port(struct rnd_state *rnd);
__printf(2, 3)
void storm_add(struct storm_writer *w, const char *format, ...);
void storm_insert(struct storm_writer *w, unsigned int at, const void *data,
		  unsigned int len);
void storm_add_addr(struct storm_writer *w, struct rnd_state *rnd,
		    const struct nf_conntrack_tuple *tuple);
void storm_spoil(struct storm_writer *w, unsigned int at,
		 struct rnd_state *rnd);
unsigned int storm_text(const struct storm_protocol *protocol,
			struct rnd_state *rnd, enum ip_conntrack_dir dir,
			const struct nf_conntrack_tuple *tuple, char *text,
			unsigned int size);
int storm_packet_make(struct storm_packet *p, struct rnd_state *rnd,
		      struct storm_segment *s, struct net *net);
unsigned int storm_packet_protoff(const struct sk_buff *skb);
const char *storm_packet_check(const struct sk_buff *skb);
bool storm_packet_sizes_fit(const struct sk_buff *skb, unsigned int was_len,
			    const struct storm_protocol *protocol, int right);
bool storm_packet_clone_fits(const struct storm_packet *p);

#endif /* APPGW_STORM_H */

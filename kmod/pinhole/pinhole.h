/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_PINHOLE_H
#define APPGW_PINHOLE_H

#include <linux/list.h>
#include <linux/types.h>
#include <net/netfilter/nf_conntrack.h>

#include "appgw/endpoint.h"
#include "core/policy.h"
#include "core/stats.h"

struct appgw_session;
struct nf_conntrack_expect;

/* How long a pinhole waits for its data connection. */
#define APPGW_PINHOLE_TIMEOUT_S		300

/* The same for a direct connection of MSN's clients. */
#define APPGW_DIRECT_TIMEOUT_S		120

/* Pinholes that an FTP connection may have open: conntrack closes the oldest
 * for the next one.
 */
#define APPGW_PINHOLES_MAX		1

/* The same for a connection of the daemon's protocols; one more is refused. */
#define APPGW_PINHOLES_MAX_GATE		8

/* And for one about media, in pairs and for both ends; and how many may last,
 * since data have come.
 */
#define APPGW_PINHOLES_MAX_MEDIA	32
#define APPGW_MAPPED_MAX_MEDIA		128

/* Ports of a pinhole for media: RTP's and RTCP's. */
#define APPGW_PINHOLE_PORTS_MAX		2

/* How long one for media waits, if the session doesn't end it before. */
#define APPGW_MEDIA_TIMEOUT_S		3600

/* A session's time limit, if it has none of its own (RFC 2326 section 12.37),
 * and what a keep-alive may be late.
 */
#define APPGW_MEDIA_SESSION_S		60
#define APPGW_MEDIA_LATE_S		10

/**
 * struct pinhole_request - a pinhole as an announcement asks for it
 * @ct: the control connection
 * @policy: the namespace's
 * @dir: direction in which the announcement travels; the data connection
 *	comes from the other end
 * @foreign: address in @daddr is not the announcer's: no translation
 * @active: the server connects, and does so from its data port
 * @anyone: who is going to connect is not known, and is told apart by its own
 *	address
 * @beside: others may be open beside it
 * @media: for datagrams
 * @ports: where the public port may be; lo is 0 for anywhere
 * @daddr: where the peer is going to connect to
 * @port: announced port, host byte order
 * @count: how many ports from there on; for media up to
 *	APPGW_PINHOLE_PORTS_MAX, else 1
 * @index: for media, which of a stream's ports @port is, 0 or 1
 * @announced: the endpoint as the line has it
 * @kind: form of the line, for events; unless @beside, a constant
 * @mark: sender's number of the announcement
 * @timeout_s: for how long, in seconds; 0 for APPGW_PINHOLE_TIMEOUT_S
 */
struct pinhole_request {
	struct nf_conn *ct;
	const struct appgw_policy *policy;
	enum ip_conntrack_dir dir;
	bool foreign;
	bool active;
	bool anyone;
	bool beside;
	bool media;
	struct appgw_ports ports;
	const union nf_inet_addr *daddr;
	u16 port;
	unsigned int count;
	unsigned int index;
	const struct endpoint *announced;
	const char *kind;
	u32 mark;
	unsigned int timeout_s;
};

/**
 * struct media_agreement - what a server has answered about media
 * @upto: server's number behind the answer
 * @request: number of the request
 * @session: tells its session; 0 if it has no name
 * @timeout_s: of the session, in seconds; 0 if none was given
 * @has_source: media comes from @source, else from the server
 * @source: from there
 * @source_port: and from these ports, host byte order; 0 for what isn't known
 */
struct media_agreement {
	u32 upto;
	u32 request;
	u32 session;
	u16 timeout_s;
	bool has_source;
	union nf_inet_addr source;
	u16 source_port[APPGW_PINHOLE_PORTS_MAX];
};

int appgw_pinhole_open(struct appgw_session *s,
		       const struct pinhole_request *req);
enum appgw_stat appgw_pinhole_why(int err);
void appgw_pinhole_used(const struct nf_conntrack_expect *exp,
			const struct nf_conn *ct);
void appgw_pinhole_left(const struct nf_conn *ct);
void appgw_pinhole_close(struct appgw_session *s, struct nf_conn *ct,
			 enum appgw_stat reason);
void appgw_pinhole_forget(const struct net *net, struct appgw_session *s,
			  enum appgw_stat reason);
bool appgw_pinhole_find(struct appgw_session *s, const struct net *net,
			enum ip_conntrack_dir dir, u16 *own, u16 *public);
void appgw_pinhole_cancel(struct appgw_session *s, struct nf_conn *ct,
			  enum ip_conntrack_dir dir,
			  const union nf_inet_addr *daddr, u16 public,
			  enum appgw_stat reason);
void appgw_pinhole_name(struct appgw_session *s, const struct net *net,
			enum ip_conntrack_dir dir, u32 mark, u32 session);
void appgw_pinhole_close_named(struct appgw_session *s, struct nf_conn *ct,
			       u32 session, enum appgw_stat reason);
unsigned int appgw_pinhole_count(struct appgw_session *s,
				 const struct net *net);

/* media.c */
bool appgw_media_has_room(struct appgw_session *s, const struct nf_conn *ct);
bool appgw_media_is_taken(const struct net *net, u16 l3num,
			  const union nf_inet_addr *addr, u16 public);
void appgw_media_asked(struct appgw_session *s, const struct net *net,
		       u32 request, u32 upto);
void appgw_media_agreed(struct appgw_session *s, struct nf_conn *ct,
			const struct media_agreement *agreed);
void appgw_media_replace(struct appgw_session *s, struct nf_conn *ct,
			 enum ip_conntrack_dir dir, u16 public);
void appgw_media_refused(struct appgw_session *s, struct nf_conn *ct,
			 u32 request, enum appgw_stat reason);
void appgw_media_alive(struct appgw_session *s, struct nf_conn *ct,
		       u32 session);
void appgw_media_close(struct appgw_session *s, struct nf_conn *ct,
		       u32 session, enum appgw_stat reason);

struct sk_buff;
struct netlink_callback;
int appgw_pinhole_dump(struct sk_buff *skb, struct netlink_callback *cb);

int appgw_pinhole_init(void);
void appgw_pinhole_exit(void);

#endif /* APPGW_PINHOLE_H */

/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_PINHOLE_REQUEST_H
#define APPGW_PINHOLE_REQUEST_H

#include <linux/types.h>
#include <net/netfilter/nf_conntrack.h>

#include "appgw/endpoint.h"
#include "core/policy.h"

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

/* The same for one whose pinholes serve many connections */
#define APPGW_PINHOLES_MAX_LASTING	16

/* How long they may stay unused, and how long conntrack keeps their expectations, which
 * the books end before.
 */
#define APPGW_LASTING_TIMEOUT_MAX_S	86400
#define APPGW_LASTING_EXPECT_S		(2 * APPGW_LASTING_TIMEOUT_MAX_S)
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
 * @anyone: the peer's address is not known, and it is told apart by its own
 *	address
 * @beside: others may be open beside it
 * @media: for datagrams that belong to a session
 * @apart: for media, what comes through is a flow of its own, whatever port of the
 *	other end's it comes from
 * @lasting: for any number of connections, until none has come for @timeout_s; it
 *	outlives what the control connection does
 * @control: what comes through is a control connection of the same protocol, which is
 *	helped; of several that would come to the same public port it is the latest
 * @in_return: port of the peer's own that such a pinhole is for, in return for this
 *	one: that lasts as long. 0 if there is none
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
 * @protonum: transport; 0 for that of datagrams if @media, else TCP
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
	bool apart;
	bool lasting;
	bool control;
	u16 in_return;
	u8 protonum;
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

/* The transport that a pinhole is for. */
static inline u8 pinhole_protonum(const struct pinhole_request *req)
{
	if (req->protonum)
		return req->protonum;
	return req->media ? IPPROTO_UDP : IPPROTO_TCP;
}

#endif /* APPGW_PINHOLE_REQUEST_H */

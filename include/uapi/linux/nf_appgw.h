/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* Generic netlink interface of nf_appgw.
 *
 * One family in every network namespace. Numbers are in host byte order unless
 * their comment says otherwise; addresses are in network byte order, 4 or 16
 * bytes. An attribute that is missing from a request stays as it is.
 */
#ifndef _UAPI_LINUX_NF_APPGW_H
#define _UAPI_LINUX_NF_APPGW_H

#include <linux/types.h>

#define APPGW_GENL_NAME		"nf_appgw"
#define APPGW_GENL_VERSION	1

/* Multicast group of APPGW_CMD_EVENT; for holders of CAP_NET_ADMIN. */
#define APPGW_GENL_GROUP_EVENTS	"events"

enum appgw_cmd {
	APPGW_CMD_UNSPEC,
	APPGW_CMD_POLICY_GET,	/* answered with APPGW_ATTR_POLICY */
	APPGW_CMD_POLICY_SET,	/* takes APPGW_ATTR_POLICY, all of it or none */
	APPGW_CMD_STATS_GET,	/* answered with one APPGW_ATTR_STAT a counter */
	APPGW_CMD_EVENT,	/* multicast: APPGW_ATTR_EVENT */
	APPGW_CMD_LISTEN,	/* takes APPGW_ATTR_LISTEN: this socket answers for
				 * those helpers until it is closed. EBUSY: another
				 * does already
				 */
	APPGW_CMD_PLAN,		/* takes APPGW_ATTR_PLAN, or APPGW_ATTR_BRIEF and
				 * what belongs to that, carries out all of it or
				 * nothing; answered with APPGW_ATTR_PLAN, unless
				 * APPGW_PLAN_QUIET is in it or it is brief. EACCES:
				 * refused, the text begins with the reason's name;
				 * ECANCELED: refused before, which was told then
				 */
	APPGW_CMD_RELEASE,	/* takes APPGW_ATTR_PACKET: its connection isn't
				 * queued any more
				 */
	APPGW_CMD_FLOW_GET,	/* dump: one APPGW_ATTR_FLOW a connection */
	APPGW_CMD_PINHOLE_GET,	/* dump: one APPGW_ATTR_EVENT a pinhole that is
				 * open, or kept for media that has come, as the
				 * event that told of it
				 */
	APPGW_CMD_LISTENER_GET,	/* dump: one APPGW_ATTR_LISTEN a listener */
	APPGW_CMD_LEAVE,	/* this socket doesn't answer any more, and nobody
				 * will for now: new connections get none of its
				 * helpers. After a socket that was only closed
				 * they still do
				 */
	APPGW_CMD_VERSION_GET,	/* answered with APPGW_ATTR_VERSION, whoever asks */
	__APPGW_CMD_MAX
};

#define APPGW_CMD_MAX (__APPGW_CMD_MAX - 1)

enum appgw_attr {
	APPGW_ATTR_UNSPEC,
	APPGW_ATTR_POLICY,	/* nest: enum appgw_policy_attr */
	APPGW_ATTR_STAT,	/* nest: enum appgw_stat_attr; repeated */
	APPGW_ATTR_EVENT,	/* nest: enum appgw_event_attr */
	APPGW_ATTR_LISTEN,	/* nest: enum appgw_listen_attr */
	APPGW_ATTR_PACKET,	/* nest: enum appgw_packet_attr */
	APPGW_ATTR_PLAN,	/* nest: enum appgw_plan_attr */
	APPGW_ATTR_FLOW,	/* nest: enum appgw_flow_attr */
	APPGW_ATTR_PAD,
	APPGW_ATTR_VERSION,	/* string: the module's */
	APPGW_ATTR_BRIEF,	/* binary: struct appgw_brief */
	APPGW_ATTR_BRIEF_OLD,	/* binary: as APPGW_PLAN_EDIT_OLD; no edit if missing */
	APPGW_ATTR_BRIEF_PARTS,	/* nest: as APPGW_PLAN_EDIT_PARTS */
	__APPGW_ATTR_MAX
};

#define APPGW_ATTR_MAX (__APPGW_ATTR_MAX - 1)

enum appgw_policy_attr {
	APPGW_POLICY_UNSPEC,
	APPGW_POLICY_LOGIN,		/* u8: pinholes only after login */
	APPGW_POLICY_LOOSE,		/* u8: anybody's address may be named */
	APPGW_POLICY_FIX_PASV,		/* u8: correct addresses in 227 */
	APPGW_POLICY_DRY_RUN,		/* u8: report, but change nothing */
	APPGW_POLICY_PASSIVE_PORTS,	/* u32: lowest << 16 | highest, or 0 */
	APPGW_POLICY_FTPS_PORTS,	/* u32: lowest << 16 | highest, or 0 */
	APPGW_POLICY_QUOTA_HOST,	/* u32: pinholes an inside host, 0: any */
	APPGW_POLICY_QUOTA_TOTAL,	/* u32: pinholes in all, 0: any */
	APPGW_POLICY_DCC_PORTS,		/* u32: lowest << 16 | highest, or 0 */
	APPGW_POLICY_FXP,		/* nest: APPGW_FXP_RANGE, repeated; replaces
					 * the list there was
					 */
	APPGW_POLICY_MEDIA_PORTS,	/* u32: lowest << 16 | highest, or 0 */
	APPGW_POLICY_DIRECT_PORTS,	/* u32: lowest << 16 | highest, or 0 */
	APPGW_POLICY_BOUNCER_PORTS,	/* u32: lowest << 16 | highest, or 0 */
	APPGW_POLICY_ATTACH,		/* u8: help without a rule */
	APPGW_POLICY_QUOTA_IPV6_LEN,	/* u8: bits of an IPv6 address that tell
					 * hosts apart, 1 to 128
					 */
	APPGW_POLICY_MEDIA_SOURCE,	/* u8: enum appgw_media_source */
	APPGW_POLICY_SERVERS,		/* nest: APPGW_SERVERS_SERVER, repeated; replaces
					 * the list there was
					 */
	APPGW_POLICY_RPC_PROGRAMS,	/* binary: u32 each, up to APPGW_PROGRAMS_MAX:
					 * programs of Sun RPC whose ports are opened
					 * for who asks for them
					 */
	APPGW_POLICY_RPC_TIMEOUT,	/* u32: seconds for which they stay unused, 1 to
					 * APPGW_PROGRAM_TIMEOUT_MAX
					 */
	APPGW_POLICY_RPC_CALLS,		/* u8: enum appgw_rpc_calls */
	APPGW_POLICY_DISCOVERY,		/* u32: 1 << enum appgw_discovery, those whose
					 * answers are let in
					 */
	APPGW_POLICY_KERNEL_HELPERS,	/* u32: bits by enum appgw_kernel_helper: given
					 * to connections to their ports. ENOENT: the
					 * kernel has it not; EPERM: nobody holds it,
					 * and the sender may have nothing loaded
					 */
	APPGW_POLICY_RPC_CALLBACKS,	/* u8: servers may ask their clients'
					 * portmappers in return
					 */
	__APPGW_POLICY_MAX
};

#define APPGW_POLICY_MAX (__APPGW_POLICY_MAX - 1)

/* Helpers of the kernel's own, by what they are for. The last two believe addresses in
 * what a browser can be made to send (NAT slipstreaming).
 */
enum appgw_kernel_helper {
	APPGW_KERNEL_HELPER_TFTP,	/* UDP 69 */
	APPGW_KERNEL_HELPER_AMANDA,	/* UDP 10080 */
	APPGW_KERNEL_HELPER_SANE,	/* TCP 6566 */
	APPGW_KERNEL_HELPER_NETBIOS_NS,	/* UDP 137, IPv4 */
	APPGW_KERNEL_HELPER_SNMP,	/* UDP 161, IPv4 */
	APPGW_KERNEL_HELPER_PPTP,	/* TCP 1723, IPv4 */
	APPGW_KERNEL_HELPER_SIP,	/* UDP and TCP 5060 */
	APPGW_KERNEL_HELPER_H323,	/* UDP 1719, TCP 1720 */
	__APPGW_KERNEL_HELPER_MAX
};

#define APPGW_KERNEL_HELPERS_ALL ((1U << __APPGW_KERNEL_HELPER_MAX) - 1)

/* Where a server's media may come from. */
enum appgw_media_source {
	APPGW_MEDIA_SOURCE_PORT,	/* the ports that it has named */
	APPGW_MEDIA_SOURCE_ADDRESS,	/* any port of its addresses; and to the
					 * port behind one that its client names
					 * alone, as well
					 */
	__APPGW_MEDIA_SOURCE_MAX
};

#define APPGW_PROGRAMS_MAX		16
#define APPGW_PROGRAM_TIMEOUT_MAX	86400

/* What becomes of calls that have a portmapper register, or call others. */
enum appgw_rpc_calls {
	APPGW_RPC_CALLS_PASS,		/* they pass, and are told of */
	APPGW_RPC_CALLS_DROP,		/* they are dropped */
	__APPGW_RPC_CALLS_MAX
};

/* What this machine may ask all others for, to be answered by unicast. */
enum appgw_discovery {
	APPGW_DISCOVERY_NETBIOS,	/* UDP 137 */
	APPGW_DISCOVERY_SSDP,		/* UDP 1900, answered from any port */
	APPGW_DISCOVERY_MDNS,		/* UDP 5353 */
	APPGW_DISCOVERY_WSD,		/* UDP 3702 */
	APPGW_DISCOVERY_SLP,		/* UDP 427 */
	APPGW_DISCOVERY_SNMP,		/* UDP 161 */
	__APPGW_DISCOVERY_MAX
};

/* Ranges of addresses that may be announced by others than themselves. */
#define APPGW_FXP_MAX	16

enum appgw_fxp_attr {
	APPGW_FXP_UNSPEC,
	APPGW_FXP_RANGE,	/* nest: enum appgw_range_attr */
	__APPGW_FXP_ATTR_MAX
};

#define APPGW_FXP_ATTR_MAX (__APPGW_FXP_ATTR_MAX - 1)

enum appgw_range_attr {
	APPGW_RANGE_UNSPEC,
	APPGW_RANGE_ADDR,	/* binary: address, 4 or 16 bytes */
	APPGW_RANGE_LEN,	/* u8: length of the prefix in bits */
	__APPGW_RANGE_MAX
};

#define APPGW_RANGE_MAX (__APPGW_RANGE_MAX - 1)

/* FTP servers for which something else holds than for all. */
#define APPGW_SERVERS_MAX	16

enum appgw_servers_attr {
	APPGW_SERVERS_UNSPEC,
	APPGW_SERVERS_SERVER,	/* nest: enum appgw_server_attr */
	__APPGW_SERVERS_ATTR_MAX
};

#define APPGW_SERVERS_ATTR_MAX (__APPGW_SERVERS_ATTR_MAX - 1)

/* Of servers whose address, as they see it themselves, is in a range: of what several
 * ranges say, that of the smallest holds. What is missing is as for all others.
 */
enum appgw_server_attr {
	APPGW_SERVER_UNSPEC,
	APPGW_SERVER_RANGE,		/* nest: enum appgw_range_attr; EEXIST: there
					 * are two of the same
					 */
	APPGW_SERVER_LOOSE,		/* u8: as APPGW_POLICY_LOOSE */
	APPGW_SERVER_PASSIVE_PORTS,	/* u32: as APPGW_POLICY_PASSIVE_PORTS; 0: any */
	APPGW_SERVER_FTPS_PORTS,	/* u32: as APPGW_POLICY_FTPS_PORTS; 0: none */
	__APPGW_SERVER_MAX
};

#define APPGW_SERVER_MAX (__APPGW_SERVER_MAX - 1)

enum appgw_stat_attr {
	APPGW_STAT_ATTR_UNSPEC,
	APPGW_STAT_ATTR_NAME,	/* string */
	APPGW_STAT_ATTR_VALUE,	/* u64 */
	APPGW_STAT_ATTR_PAD,
	__APPGW_STAT_ATTR_MAX
};

#define APPGW_STAT_ATTR_MAX (__APPGW_STAT_ATTR_MAX - 1)

/* What an event is about. */
enum appgw_event_type {
	APPGW_EVENT_OPENED,	/* a pinhole was opened */
	APPGW_EVENT_USED,	/* its data connection came, and went on */
	APPGW_EVENT_EXPIRED,	/* nobody came in time */
	APPGW_EVENT_CLOSED,	/* it was closed unused; the reason says why */
	APPGW_EVENT_REFUSED,	/* an announcement opened none */
	APPGW_EVENT_STOPPED,	/* a connection is not looked at any more, or never
				 * was
				 */
	APPGW_EVENT_BLOCKED,	/* its data connection came, and was dropped by the
				 * firewall: what it comes from is the peer
				 */
	__APPGW_EVENT_TYPE_MAX
};

enum appgw_event_attr {
	APPGW_EVENT_UNSPEC,
	APPGW_EVENT_TYPE,	/* u8: enum appgw_event_type */
	APPGW_EVENT_TIME,	/* u64: nanoseconds since 1970, when it happened */
	APPGW_EVENT_REASON,	/* string: stable name, as in the counters */
	APPGW_EVENT_KIND,	/* string: the line: port, eprt, pasv, ... */
	APPGW_EVENT_CLIENT,	/* nest: enum appgw_end_attr; the control
				 * connection's client, as it sees itself
				 */
	APPGW_EVENT_SERVER,	/* nest: its server, as the client sees it */
	APPGW_EVENT_ANNOUNCED,	/* nest: endpoint named in the line */
	APPGW_EVENT_PUBLIC,	/* nest: endpoint the peer is told instead */
	APPGW_EVENT_PEER,	/* nest: where the data connection comes from;
				 * no port unless it has come
				 */
	APPGW_EVENT_LOST,	/* u32: events left out before this one */
	APPGW_EVENT_DRY_RUN,	/* flag: nothing was done */
	APPGW_EVENT_PAD,
	APPGW_EVENT_TAKEN,	/* flag: the public port is only taken: nothing is
				 * let in before the server has agreed
				 */
	APPGW_EVENT_EXPIRES,	/* u64: of a pinhole that is listed, as
				 * APPGW_EVENT_TIME; missing if its session ends it
				 */
	APPGW_EVENT_CAME,	/* u64: when media came first, likewise */
	APPGW_EVENT_HELPER,	/* string: the control connection's: "ftp", "irc", ... */
	APPGW_EVENT_PROTO,	/* u8: transport of what a pinhole lets in, IPPROTO_TCP
				 * or IPPROTO_UDP
				 */
	__APPGW_EVENT_MAX
};

#define APPGW_EVENT_MAX (__APPGW_EVENT_MAX - 1)

enum appgw_end_attr {
	APPGW_END_UNSPEC,
	APPGW_END_ADDR,		/* binary: address, 4 or 16 bytes */
	APPGW_END_PORT,		/* u16: in network byte order */
	__APPGW_END_MAX
};

#define APPGW_END_MAX (__APPGW_END_MAX - 1)

/* A listener: segments that helper APPGW_LISTEN_HELPER wants somebody to see
 * are queued to nfnetlink_queue, a connection's always to the same one of
 * APPGW_LISTEN_QUEUE and the APPGW_LISTEN_QUEUES - 1 behind it.
 */
enum appgw_listen_attr {
	APPGW_LISTEN_UNSPEC,
	APPGW_LISTEN_HELPER,	/* string: "irc", ...; repeated */
	APPGW_LISTEN_QUEUE,	/* u16: first queue */
	APPGW_LISTEN_QUEUES,	/* u16: how many; 1 if missing */
	APPGW_LISTEN_PORTID,	/* u32: netlink port of the socket; answers only */
	__APPGW_LISTEN_MAX
};

#define APPGW_LISTEN_MAX (__APPGW_LISTEN_MAX - 1)

/* Queues that a listener may have. */
#define APPGW_LISTEN_QUEUES_MAX	64

/* A packet, by what its headers say in the queue. */
enum appgw_packet_attr {
	APPGW_PACKET_UNSPEC,
	APPGW_PACKET_SRC,	/* nest: enum appgw_end_attr */
	APPGW_PACKET_DST,	/* nest: enum appgw_end_attr */
	APPGW_PACKET_PROTO,	/* u8: its transport, IPPROTO_TCP if missing;
				 * EPROTONOSUPPORT: no helper has that one
				 */
	__APPGW_PACKET_MAX
};

#define APPGW_PACKET_MAX (__APPGW_PACKET_MAX - 1)

/* What one announcement in a queued segment calls for. The segment itself must
 * go on unchanged: the edit is made when it leaves, and again when it is sent
 * again.
 */
enum appgw_plan_attr {
	APPGW_PLAN_UNSPEC,
	APPGW_PLAN_PACKET,	/* nest: enum appgw_packet_attr */
	APPGW_PLAN_SEQ,		/* u32: sender's number of the announcement's
				 * first byte; of a datagram, what appgw/datagram.h
				 * numbers its payload with, and bytes from there on.
				 * For IRC the \001, for RTSP that of
				 * the Transport header, for PNA that of the
				 * option's identifier, for MSN that of the MSG,
				 * for MMS that of the message.
				 * There may be several plans for one, with one
				 * edit each
				 */
	APPGW_PLAN_KIND,	/* string: what it is, for events: a-z, 0-9 and _;
				 * APPGW_KIND_MAX at most
				 */
	APPGW_PLAN_ACTION,	/* u8: enum appgw_plan_action */
	APPGW_PLAN_END,		/* nest: enum appgw_end_attr: endpoint in the text.
				 * In the answer the one that takes its place
				 */
	APPGW_PLAN_EDIT_SEQ,	/* u32: sender's number of the first byte that is
				 * to be replaced; no edit if missing
				 */
	APPGW_PLAN_EDIT_OLD,	/* binary: bytes to be replaced, as they are */
	APPGW_PLAN_EDIT_PARTS,	/* nest: enum appgw_part_attr, repeated, in the
				 * order of the new text
				 */
	APPGW_PLAN_PORTS,	/* u8: ports from the endpoint's on that belong
				 * together, 1 (if missing) or 2
				 */
	APPGW_PLAN_OWNER,	/* u8: enum appgw_plan_owner: whose endpoint it is,
				 * the sender's if missing. What is said to be the
				 * receiver's is turned back into its own
				 */
	APPGW_PLAN_INDEX,	/* u8: which of a stream's two ports the endpoint's
				 * is, 0 (if missing) for RTP's or 1 for RTCP's; if
				 * there is one behind it, that is the other
				 */
	APPGW_PLAN_PROTO,	/* u8: transport that the endpoint is for, IPPROTO_TCP or
				 * IPPROTO_UDP; if missing, what the protocol's
				 * always is
				 */
	APPGW_PLAN_QUIET,	/* flag: answered only if it is refused */
	__APPGW_PLAN_MAX
};

#define APPGW_PLAN_MAX (__APPGW_PLAN_MAX - 1)

#define APPGW_KIND_MAX		15

/* A plan that is answered only if it is refused, in one piece: a segment waits while it is
 * read. Each field is what the attribute says that is named beside it. Addresses of IPv4
 * are followed by zeroes. Bytes at the end are 0.
 */
struct appgw_brief {
	__u8	src[16];	/* APPGW_PACKET_SRC */
	__u8	dst[16];	/* APPGW_PACKET_DST */
	__u8	end[16];	/* APPGW_PLAN_END */
	__be16	src_port;
	__be16	dst_port;
	__be16	end_port;
	__u8	packet_af;	/* 4 or 6: what addresses of the packet are of */
	__u8	end_af;		/* the same of @end; 0 if it has none */
	__u32	seq;		/* APPGW_PLAN_SEQ */
	__u32	edit_seq;	/* APPGW_PLAN_EDIT_SEQ, if there is an edit */
	__u8	packet_proto;	/* APPGW_PACKET_PROTO */
	__u8	action;		/* APPGW_PLAN_ACTION */
	__u8	ports;		/* APPGW_PLAN_PORTS */
	__u8	owner;		/* APPGW_PLAN_OWNER */
	__u8	index;		/* APPGW_PLAN_INDEX */
	__u8	proto;		/* APPGW_PLAN_PROTO; 0 if that would be missing */
	char	kind[APPGW_KIND_MAX + 1];	/* APPGW_PLAN_KIND, ends with a 0 */
	__u8	reserved[2];
};

enum appgw_plan_action {
	APPGW_PLAN_OPEN,	/* APPGW_PLAN_END is the sender's own: let one
				 * connection in to it, or to each of its ports.
				 * Its address may be missing
				 */
	APPGW_PLAN_ADDRESS,	/* only its address is announced */
	APPGW_PLAN_INSIDE,	/* its port is the public one of a pinhole that
				 * the receiver opened: back to the receiver's
				 */
	APPGW_PLAN_PUBLIC,	/* its port is the sender's own, for which there
				 * is a pinhole: on to the public one
				 */
	APPGW_PLAN_TEXT,	/* nothing but the edit */
	APPGW_PLAN_OPEN_FIXED,	/* as APPGW_PLAN_OPEN, but the peer will come to
				 * that very port, which the text doesn't name:
				 * refused if it isn't to be had
				 */
	APPGW_PLAN_REFUSE,	/* it breaks its grammar: nothing is opened or
				 * edited for it, and that is told
				 */
	__APPGW_PLAN_ACTION_MAX
};

/* For protocols in which each side repeats what the other one has announced. */
enum appgw_plan_owner {
	APPGW_OWNER_SENDER,
	APPGW_OWNER_CLIENT,	/* of the control connection */
	APPGW_OWNER_SERVER,
	__APPGW_OWNER_MAX
};

enum appgw_part_attr {
	APPGW_PART_UNSPEC,
	APPGW_PART_TEXT,	/* binary: as it is */
	APPGW_PART_ADDR,	/* flag: the address, as text */
	APPGW_PART_ADDR_NUMBER,	/* flag: the IPv4 address as one decimal number */
	APPGW_PART_PORT,	/* flag: the port, in decimal */
	APPGW_PART_PORT_NEXT,	/* flag: the one behind it */
	APPGW_PART_PORT_BINARY,	/* flag: the port, 2 bytes in network byte
				 * order
				 */
	APPGW_PART_LENGTH,	/* u32: a length, in decimal: what it was, and by
				 * how many bytes all edits have made the
				 * announcement longer that were planned for it
				 * before
				 */
	APPGW_PART_LENGTH_LE32,	/* u32: the same in 4 bytes, the lowest first */
	APPGW_PART_LENGTH_LE64,	/* u64: in 8 bytes */
	APPGW_PART_PAD,		/* flag: blanks, up to the length of the old text;
				 * refused if it is longer already. The last part
				 */
	APPGW_PART_ADDR_REVERSED, /* flag: the address, its last character first */
	APPGW_PART_PORT_REVERSED, /* flag: the port, its last digit first */
	APPGW_PART_PORT_XOR,	/* u16: the port XOR this, in decimal */
	APPGW_PART_VALUE,	/* nest: enum appgw_value_attr: any of the values above,
				 * but for APPGW_PART_PAD, and others
				 */
	__APPGW_PART_MAX
};

#define APPGW_PART_MAX (__APPGW_PART_MAX - 1)

/* A value and how the protocol writes it. What is missing is 0 and does nothing, but
 * for APPGW_VALUE_WHAT, which must be there. In the order in which they act:
 *	APPGW_VALUE_WHAT and _NUMBER make a number, to which _BIAS is added; with
 *	_DIVISOR it is divided, with _BYTES cut to its lowest bytes, and XORed with
 *	_XOR; it is written as _FORM says, turned round, and coded as _CODE says.
 * EINVAL: with the bias it is less than 0 or no port, IPv4 address or length any more,
 * a length doesn't fit its bytes, or the form has no such thing.
 */
enum appgw_value_attr {
	APPGW_VALUE_UNSPEC,
	APPGW_VALUE_WHAT,	/* u8: enum appgw_value_what */
	APPGW_VALUE_FORM,	/* u8: enum appgw_value_form */
	APPGW_VALUE_CODE,	/* u8: enum appgw_value_code */
	APPGW_VALUE_BYTES,	/* u8: how many the number has: 2 if missing for a
				 * port, else 4; up to APPGW_VALUE_BYTES_MAX in
				 * binary, else up to 4
				 */
	APPGW_VALUE_LITTLE,	/* flag: the lowest byte first: in binary, in UTF-16,
				 * and where an address is read as a decimal number
				 */
	APPGW_VALUE_SIGNED,	/* flag: the highest bit of a decimal number is a
				 * sign
				 */
	APPGW_VALUE_REVERSED,	/* flag: the last byte of the text comes first */
	APPGW_VALUE_NUMBER,	/* u64: a length, what it was; see APPGW_VALUE_FILL */
	APPGW_VALUE_BIAS,	/* s32: to be added */
	APPGW_VALUE_DIVISOR,	/* u32: to divide by, what is left over is dropped.
				 * The number must fit 4 bytes
				 */
	APPGW_VALUE_XOR,	/* u64 */
	__APPGW_VALUE_MAX
};

#define APPGW_VALUE_MAX (__APPGW_VALUE_MAX - 1)

enum appgw_value_what {
	APPGW_VALUE_ADDR,	/* the address. IPv6 is written in text or in binary,
				 * in its own order, and not calculated with
				 */
	APPGW_VALUE_PORT,
	APPGW_VALUE_LENGTH,	/* a length, as APPGW_PART_LENGTH */
	APPGW_VALUE_REST,	/* bytes of the parts behind it in this edit, up to
				 * an APPGW_VALUE_FILL, one such at a time; only in
				 * binary and not coded
				 */
	APPGW_VALUE_FILL,	/* not written itself: bytes of 0, until the divisor
				 * divides the bytes of the new text plus the bias;
				 * with APPGW_VALUE_NUMBER, those of the whole
				 * announcement, whose length that was, plus the
				 * bias. Only at the announcement's end then
				 */
	__APPGW_VALUE_WHAT_MAX
};

enum appgw_value_form {
	APPGW_VALUE_TEXT,	/* an address as RFC 5952 has it, or with dots; a number
				 * in decimal
				 */
	APPGW_VALUE_DECIMAL,	/* an IPv4 address in decimal as well */
	APPGW_VALUE_BINARY,	/* bytes, the highest first */
	__APPGW_VALUE_FORM_MAX
};

enum appgw_value_code {
	APPGW_VALUE_PLAIN,
	APPGW_VALUE_UTF16,	/* each character in two bytes; not for binary */
	APPGW_VALUE_BASE64,	/* RFC 4648 section 4 */
	__APPGW_VALUE_CODE_MAX
};

#define APPGW_VALUE_BYTES_MAX	8

/* Longest APPGW_PLAN_KIND, and most bytes that an edit takes out or puts in. */
#define APPGW_EDIT_MAX		96

enum appgw_flow_attr {
	APPGW_FLOW_UNSPEC,
	APPGW_FLOW_HELPER,	/* string: "ftp", "irc", ... */
	APPGW_FLOW_CLIENT,	/* nest: enum appgw_end_attr; as it sees itself */
	APPGW_FLOW_SERVER,	/* nest: as the client sees it */
	APPGW_FLOW_STATE,	/* string: "reading", "closed" when it has ended and
				 * conntrack still knows it, or the reason why it
				 * isn't read, as in the counters
				 */
	APPGW_FLOW_PINHOLES,	/* u32: open ones */
	APPGW_FLOW_EDITS,	/* u32: edits made so far, both directions */
	APPGW_FLOW_HELD,	/* u32: bytes kept back now */
	APPGW_FLOW_QUEUE,	/* u16: where its segments go; missing if nowhere */
	APPGW_FLOW_PAD,
	APPGW_FLOW_PROTO,	/* u8: its transport, IPPROTO_TCP or IPPROTO_UDP */
	__APPGW_FLOW_MAX
};

#define APPGW_FLOW_MAX (__APPGW_FLOW_MAX - 1)

#endif /* _UAPI_LINUX_NF_APPGW_H */

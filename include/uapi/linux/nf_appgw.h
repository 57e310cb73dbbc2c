/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* Generic netlink interface of nf_appgw.
 *
 * One family in every network namespace. Numbers are in host byte order unless
 * their comment says otherwise; addresses are in network byte order, 4 or 16
 * bytes. An attribute that is missing from a request stays as it is.
 */
#ifndef _UAPI_LINUX_NF_APPGW_H
#define _UAPI_LINUX_NF_APPGW_H

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
	__APPGW_CMD_MAX
};

#define APPGW_CMD_MAX (__APPGW_CMD_MAX - 1)

enum appgw_attr {
	APPGW_ATTR_UNSPEC,
	APPGW_ATTR_POLICY,	/* nest: enum appgw_policy_attr */
	APPGW_ATTR_STAT,	/* nest: enum appgw_stat_attr; repeated */
	APPGW_ATTR_EVENT,	/* nest: enum appgw_event_attr */
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
	APPGW_POLICY_FXP,		/* nest: APPGW_FXP_RANGE, repeated; replaces
					 * the list there was
					 */
	__APPGW_POLICY_MAX
};

#define APPGW_POLICY_MAX (__APPGW_POLICY_MAX - 1)

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
	APPGW_EVENT_USED,	/* its data connection came */
	APPGW_EVENT_EXPIRED,	/* nobody came in time */
	APPGW_EVENT_CLOSED,	/* it was closed unused; the reason says why */
	APPGW_EVENT_REFUSED,	/* an announcement opened none */
	APPGW_EVENT_STOPPED,	/* a connection is not looked at any more */
	__APPGW_EVENT_TYPE_MAX
};

enum appgw_event_attr {
	APPGW_EVENT_UNSPEC,
	APPGW_EVENT_TYPE,	/* u8: enum appgw_event_type */
	APPGW_EVENT_TIME,	/* u64: nanoseconds since 1970 */
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

#endif /* _UAPI_LINUX_NF_APPGW_H */

/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_STATS_H
#define APPGW_STATS_H

#include <linux/types.h>

struct net;

/* What is counted, per network namespace. The names that users see stand in
 * include/appgw/reasons.h, if they are reasons, and else in stats.c.
 */
enum appgw_stat {
	APPGW_STAT_ATTACHED,		/* control connections taken on */
	APPGW_STAT_LINES,		/* complete lines read */
	APPGW_STAT_OPENED,		/* pinholes: in the end each of these */
	APPGW_STAT_USED,		/*   let its data connection through, */
	APPGW_STAT_EXPIRED,		/*   ran into its time limit, */
	APPGW_STAT_REPLACED,		/*   made way for the next one, */
	APPGW_STAT_CLOSED,		/*   ended with its connection */
	APPGW_STAT_BLOCKED,		/*   or was in vain: a firewall dropped it */
	APPGW_STAT_FTPS,		/* let in by ftps_ports */
	APPGW_STAT_REFUSED_MALFORMED,	/* the line breaks its grammar */
	APPGW_STAT_REFUSED_FOREIGN,	/* names somebody else's address */
	APPGW_STAT_REFUSED_PRIVILEGED,	/* names a port below 1024 */
	APPGW_STAT_REFUSED_RELAYED,	/* a server names such a port */
	APPGW_STAT_REFUSED_UNSOLICITED,	/* reply that nothing asked for */
	APPGW_STAT_REFUSED_LOGIN,	/* before the client has logged in */
	APPGW_STAT_REFUSED_EPSV_ALL,	/* after EPSV ALL */
	APPGW_STAT_REFUSED_CALL,	/* a portmapper is to act for a stranger */
	APPGW_STAT_REFUSED_TAKEN,	/* no port that is free */
	APPGW_STAT_REFUSED_QUOTA,	/* the host, or all, have too many */
	APPGW_STAT_REFUSED_FULL,	/* conntrack takes no expectation */
	APPGW_STAT_REFUSED_SOURCE,	/* media from another port than said */
	APPGW_STAT_REFUSED_PROGRAM,	/* of Sun RPC, which isn't listed */
	APPGW_STAT_FAILED,		/* no memory, or the skb can't grow */
	APPGW_STAT_REJECTED,		/* pinholes the server didn't want */
	APPGW_STAT_STOPPED_CLIENT_FIRST, /* given up: the client began */
	APPGW_STAT_STOPPED_NOT_SERVER,	/* given up: that is no such server */
	APPGW_STAT_STOPPED_NOT_CLIENT,	/* given up: that is no such client */
	APPGW_STAT_STOPPED_TLS,		/* given up: encrypted from here on */
	APPGW_STAT_STOPPED_SHIFTED,	/* given up: others change its length */
	APPGW_STAT_FOREIGN_HELPER,	/* not taken on: has another helper */
	APPGW_STAT_RELEASED,		/* given up: the daemon said so */
	APPGW_STAT_QUEUED,		/* segments that the daemon was shown */
	APPGW_STAT_SPARED,		/* segments that it didn't have to see */
	APPGW_STAT_PLANNED,		/* announcements that it planned for */
	APPGW_STAT_HELD,		/* incomplete lines kept back */
	APPGW_STAT_OVERFLOW,		/* too long for that, passed on */
	APPGW_STAT_RESET,		/* connections that end with some kept */
	APPGW_STAT_OUT_OF_ORDER,	/* segments that have to come again */
	APPGW_STAT_POSTPONED,		/* lines that have to, too many edits */
	APPGW_STAT_CHANGED,		/* repetitions with other bytes */
	APPGW_STAT_DISCOVERY,		/* questions whose answers are let in */
	APPGW_STAT_KERNEL_HELPERS,	/* connections given the kernel's own */
	APPGW_STAT_MAX
};

void appgw_stat_inc(const struct net *net, enum appgw_stat stat);
void appgw_stat_inc_bh(const struct net *net, enum appgw_stat stat);
void appgw_stat_lines(const struct net *net, unsigned int n);
void appgw_stat_steered(const struct net *net, bool queued);
u64 appgw_stat_read(const struct net *net, enum appgw_stat stat);
const char *appgw_stat_name(enum appgw_stat stat);

int appgw_stats_init(void);
void appgw_stats_exit(void);

#endif /* APPGW_STATS_H */

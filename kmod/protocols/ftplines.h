/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_FTPLINES_H
#define APPGW_FTPLINES_H

#include <linux/skbuff.h>
#include <net/netfilter/nf_conntrack.h>

#include "helper/session.h"

/* Bytes that talk brings at a time, lists of files in a reply apart. */
#define FTP_TALK_MAX	1024

bool appgw_ftp_read_lines(struct appgw_session *s, struct sk_buff *skb,
			  unsigned int protoff, u32 left);
int appgw_ftp_help(struct sk_buff *skb, unsigned int protoff, struct nf_conn *ct,
		   enum ip_conntrack_info ctinfo, u32 taken);
enum appgw_stat appgw_ftp_stopped(const struct appgw_session *s);

#endif /* APPGW_FTPLINES_H */

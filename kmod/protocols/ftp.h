/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_FTP_H
#define APPGW_FTP_H

#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_helper.h>

#include "core/stats.h"

struct appgw_session;

/* The helper's name in "ct helper set" and "-j CT --helper". */
#define APPGW_FTP_NAME	"appgw-ftp"

bool appgw_ftp_assign(struct nf_conn *ct);
enum appgw_stat appgw_ftp_stopped(const struct appgw_session *s);
bool appgw_ftp_is_helper(const struct nf_conntrack_helper *helper);

int appgw_ftp_init(void);
void appgw_ftp_exit(void);

#endif /* APPGW_FTP_H */

/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_PINHOLE_MEDIA_H
#define APPGW_PINHOLE_MEDIA_H

#include <net/netfilter/nf_conntrack.h>

#include "core/stats.h"
#include "request.h"

struct appgw_session;
struct pinhole;
struct pinhole_net;

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

bool appgw_media_has_room(struct appgw_session *s, const struct nf_conn *ct);
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
void appgw_media_close(struct appgw_session *s, struct nf_conn *ct, u32 session,
		       enum appgw_stat reason);
void appgw_media_came(struct pinhole_net *pn, struct appgw_session *s,
		      struct pinhole *p, const struct nf_conn *ct);

#endif /* APPGW_PINHOLE_MEDIA_H */

/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWCTL_WATCH_H
#define APPGWCTL_WATCH_H

#include <jansson.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>

#include "../include/appgw/endpoint.h"
#include "ctl.h"
#include "drops.h"

/* Distinct flows that are kept apart, and told; those above are counted */
#define WATCH_FLOWS_MAX		1024

/* Announcements that are remembered, the oldest forgotten first */
#define WATCH_TOLD_MAX		64

/* Traced packets whose headers are remembered until their verdict comes */
#define WATCH_TRACES_MAX	256

/* Names of tables and chains, as long as the kernel has them, with their 0 */
#define WATCH_NAME_MAX		256

/* A rule as text, or a table and a chain */
#define WATCH_RULE_MAX		600

/* What has dropped a flow, in words: a rule, and where it is */
#define WATCH_WHERE_MAX		(2 * WATCH_RULE_MAX + 40)

/* Name of the temporary table, and of the set that --allow makes in others */
#define WATCH_TABLE		"appgw_watch"

struct mnl_socket;
struct nft_ctx;

/* From the router's sight: HOST begins it, or somebody else */
enum watch_way {
	WATCH_OUT,
	WATCH_IN,
};

/**
 * struct watch_name - what a flow is called
 * @title: the service, for people
 * @advice: what lets it pass
 */
struct watch_name {
	const char *title;
	const char *advice;
};

/**
 * struct watch_packet - headers of a packet
 * @proto: transport protocol
 * @tcp_flags: of TCP
 * @src: with a port for TCP and UDP
 * @dst: likewise
 * @payload: points into the message; empty if none was in it
 */
struct watch_packet {
	uint8_t proto;
	uint8_t tcp_flags;
	struct endpoint src;
	struct endpoint dst;
	struct span payload;
};

/**
 * struct watch_trace - a message of nftables about a traced packet
 * @id: of the packet
 * @family: of the table
 * @is_drop: its verdict, or that of the chain's policy, is to drop it
 * @is_policy: it was the policy
 * @handle: of the rule, 0 for none
 * @table: its name
 * @chain: its name
 * @has_packet: headers are there
 * @packet: those
 */
struct watch_trace {
	uint32_t id;
	uint8_t family;
	bool is_drop;
	bool is_policy;
	uint64_t handle;
	char table[WATCH_NAME_MAX];
	char chain[WATCH_NAME_MAX];
	bool has_packet;
	struct watch_packet packet;
};

/* How a flow fares, the worst last */
enum watch_class {
	WATCH_PENDING,		/* has been let through, no answer yet */
	WATCH_PASSES,		/* has been answered */
	WATCH_UNANSWERED,	/* nothing came back before its end */
	WATCH_RESET,		/* refused by the other end */
	WATCH_DROPPED,		/* by the router */
};

/**
 * struct watch_flow - connections of the same kind, with whatever source port
 * @proto: transport protocol
 * @way: HOST begins them, or not
 * @src: address alone
 * @dst: with the port
 * @opened: conntrack has made an entry
 * @opened_ms: the last time
 * @traced: packets that a rule or policy was seen to drop
 * @logged: packets that a rule has logged before the drop
 * @resets: connections that were refused at once
 * @unanswered: those that ended without any answer
 * @is_answered: one was answered
 * @handle: of the rule that was last seen to drop one, 0 for a policy
 * @where: what drops them; empty: not known
 * @name: what it is, NULL if not known
 * @told: what was said last
 */
struct watch_flow {
	uint8_t proto;
	enum watch_way way;
	struct endpoint src;
	struct endpoint dst;
	unsigned long opened;
	int64_t opened_ms;
	unsigned long traced;
	unsigned long logged;
	unsigned long resets;
	unsigned long unanswered;
	bool is_answered;
	uint64_t handle;
	char where[WATCH_WHERE_MAX];
	const struct watch_name *name;
	enum watch_class told;
};

/**
 * struct watch_told - a port that HOST has announced
 * @peer: whom it has told, and on which port
 * @port: which port it has told
 * @is_hinted: that has been said
 */
struct watch_told {
	struct endpoint peer;
	uint16_t port;
	bool is_hinted;
};

/**
 * struct watch - one call of appgwctl watch
 * @ctl: the call
 * @profiles: folder of those
 * @host: address, without a port
 * @host_text: the same as text
 * @for_s: seconds, 0: until interrupted
 * @is_allowed: --allow
 * @guard: process that ends --allow, 0 for none
 * @guard_fd: pipe to it, which closes with us
 * @is_blocked: something was
 * @nl: hears of traces, conntrack's events and logged packets
 * @nft: owns the temporary table as long as it is open, or NULL
 * @copy_group: the group for copies of HOST's packets, 0 for none
 * @has_log: DROPS_LOG_GROUP is ours
 * @flows: all there are
 * @n_flows: how many
 * @left_out: packets and connections that found no room in @flows
 * @told: ring of announcements
 * @n_told: how many there were
 * @traces: ring of headers by the packets' ids
 * @events: of the module, or a closed socket
 */
struct watch {
	struct ctl *ctl;
	const char *profiles;
	struct endpoint host;
	char host_text[APPGW_ADDR_TEXT_MAX + 1];
	unsigned int for_s;
	bool is_allowed;
	pid_t guard;
	int guard_fd;
	bool is_blocked;
	struct mnl_socket *nl;
	struct nft_ctx *nft;
	uint16_t copy_group;
	bool has_log;
	struct watch_flow *flows;
	unsigned int n_flows;
	unsigned long left_out;
	struct watch_told told[WATCH_TOLD_MAX];
	unsigned int n_told;
	struct {
		uint32_t id;
		bool is_set;
		struct watch_packet packet;
	} traces[WATCH_TRACES_MAX];
	struct kmod events;
};

/* watch_read.c: messages of the kernel */
bool watch_read_network(struct span *in, struct watch_packet *packet);
void watch_read_transport(struct span in, struct watch_packet *packet);
bool watch_read_trace(const struct nlmsghdr *nlh, struct watch_trace *trace);
bool watch_read_log(const struct nlmsghdr *nlh, uint16_t *group,
		    struct watch_packet *packet);

/* watch_profiles.c */
int watch_profiles_load(const char *dir, char *error);
void watch_profiles_free(void);
const struct watch_name *watch_profiles_name(uint8_t proto, uint16_t port,
					     enum watch_way way);

/* watch_name.c */
const struct watch_name *watch_name(uint8_t proto, uint16_t port,
				    enum watch_way way);
const struct watch_name *watch_signature(uint8_t proto, struct span payload);

/* watch_table.c: what is known of each flow */
bool watch_is_host(const struct watch *watch, const struct endpoint *ep);
struct watch_flow *watch_find(struct watch *watch, uint8_t proto,
			      const struct endpoint *src,
			      const struct endpoint *dst);
struct watch_flow *watch_find_packet(struct watch *watch,
				     const struct watch_packet *packet);
void watch_tell(struct watch *watch, struct watch_flow *flow);
void watch_summary(struct watch *watch);

/* watch_flows.c: conntrack's events */
void watch_flows_event(struct watch *watch, const struct nlmsghdr *nlh);

/* watch_drops.c: the temporary table, and what it makes the kernel tell */
int watch_drops_open(struct watch *watch);
void watch_drops_close(struct watch *watch);
void watch_drops_event(struct watch *watch, const struct nlmsghdr *nlh);

/* watch_log.c: packets that rules log */
void watch_log_open(struct watch *watch);
void watch_log_event(struct watch *watch, const struct nlmsghdr *nlh);
void watch_log_print_rule(void);

/* watch_told.c: ports that HOST announces */
void watch_told_packet(struct watch *watch, const struct watch_packet *packet);
void watch_told_match(struct watch *watch, const struct watch_flow *flow);
void watch_told_summary(struct watch *watch);

/* watch_allow.c: --allow */
int watch_allow_guard(struct watch *watch);
int watch_allow_open(struct watch *watch);
int watch_allow_close(struct watch *watch);
void watch_allow_summary(struct watch *watch);

/* nft_text.c: libnftables */
char *nft_text_run(struct nft_ctx *nft, const char *text, char **error);
char *nft_text_list(const char *text);

/* watch_rule.c: names and rules in listings */
bool watch_rule_is_name(const char *name);
bool watch_rule_find(const char *listing, uint64_t handle, char *rule,
		     size_t size);

#endif /* APPGWCTL_WATCH_H */

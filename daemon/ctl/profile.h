/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWCTL_PROFILE_H
#define APPGWCTL_PROFILE_H

#include <stddef.h>

#include "rule_words.h"

/* Longest texts, with their 0, and most of each. */
#define PROFILE_LINE_MAX	128
#define PROFILE_ADVICE_MAX	2048
#define PROFILE_ENTRIES_MAX	24
#define PROFILE_PORTS_MAX	16
#define PROFILE_CHECKS_MAX	8
#define PROFILE_FILE_MAX	32768

/* Bits of profile_entry.protos */
#define PROFILE_TCP		1
#define PROFILE_UDP		2

/* What a host of ours is */
enum profile_role {
	PROFILE_CLIENT,		/* it connects */
	PROFILE_SERVER,		/* it is connected to */
};

enum profile_direction {
	PROFILE_OUT,		/* from inside to outside */
	PROFILE_IN,		/* from outside to one host inside */
	PROFILE_LAN,		/* between networks inside */
};

/**
 * struct profile_helper - a helper of nf_appgw's
 * @name: the protocol's; conntrack knows it as "appgw-NAME"
 * @controls: transports of its control connections
 * @protos: transports of its data connections
 * @lowest: port that one of these may go to
 */
struct profile_helper {
	const char *name;
	unsigned int controls;
	unsigned int protos;
	unsigned int lowest;
};

/* All of them; ends with one that has no name. */
extern const struct profile_helper profile_helpers[];

/**
 * struct profile_entry - connections that a service has
 * @name: what it is called, in its profile
 * @why: what it is for
 * @role: what our host is
 * @direction: which way the first packet goes
 * @protos: PROFILE_TCP, PROFILE_UDP
 * @ports: where to
 * @ports_count: how many of those; 0 with @is_passive
 * @is_passive: to ports that the administrator has given the server
 * @is_rejected: refused at once, so that nobody waits for it
 * @has_no_limits: accepted before any limit
 * @needs_icmp: ICMP errors about it have to come through
 * @helper: who follows it, or NULL
 * @unreplied_s: how long conntrack is to remember it; 0 for what is usual
 * @replied_s: the same after packets both ways
 */
struct profile_entry {
	char name[RULE_NAME_MAX + 1];
	char why[PROFILE_LINE_MAX];
	enum profile_role role;
	enum profile_direction direction;
	unsigned int protos;
	struct rule_ports ports[PROFILE_PORTS_MAX];
	unsigned int ports_count;
	bool is_passive;
	bool is_rejected;
	bool has_no_limits;
	bool needs_icmp;
	const struct profile_helper *helper;
	unsigned int unreplied_s;
	unsigned int replied_s;
};

/**
 * struct profile - what a service needs of a firewall
 * @name: that of its file
 * @title: for people
 * @advice: what no rule can do
 * @entries: its connections
 * @count: how many of those
 * @checks: what to look for when it doesn't work
 * @checks_count: how many of those
 */
struct profile {
	char name[RULE_NAME_MAX + 1];
	char title[PROFILE_LINE_MAX];
	char advice[PROFILE_ADVICE_MAX];
	struct profile_entry entries[PROFILE_ENTRIES_MAX];
	unsigned int count;
	char checks[PROFILE_CHECKS_MAX][RULE_NAME_MAX + 1];
	unsigned int checks_count;
};

int profile_read(struct profile *profile, const char *path, char *error);
int profile_parse(struct profile *profile, const char *path, char *text,
		  char *error);

#endif /* APPGWCTL_PROFILE_H */

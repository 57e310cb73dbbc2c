/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWCTL_RENDER_H
#define APPGWCTL_RENDER_H

#include <stdio.h>

#include "profile.h"

/* Most interfaces, servers and profiles of one call */
#define RENDER_INSIDE_MAX	8
#define RENDER_PROFILES_MAX	64
#define RENDER_SERVERS_MAX	16

/* Longest text of render_ports() and render_set(), with its 0 */
#define RENDER_SET_MAX	256

/**
 * struct render_server - an address, which has been checked
 * @address: as it was given
 * @family: AF_INET or AF_INET6
 */
struct render_server {
	const char *address;
	int family;
};

/**
 * struct render - what is to be rendered, and for which router
 * @out: where to
 * @profiles: which ones; NULL for the rules of the running configuration
 * @count: how many of those
 * @inside: interfaces, or fw4's zones, which have been checked
 * @inside_count: how many of those
 * @outside: the other one, or NULL
 * @servers: addresses; a profile takes one
 * @servers_count: how many of those
 * @passive: ports that the server has been given, or 0
 * @table: nft's, in which the rules are to be
 * @is_client_only: leave out what comes in
 * @is_server_only: leave out what goes out
 */
struct render {
	FILE *out;
	const struct profile *profiles;
	unsigned int count;
	const char *inside[RENDER_INSIDE_MAX];
	unsigned int inside_count;
	const char *outside;
	struct render_server servers[RENDER_SERVERS_MAX];
	unsigned int servers_count;
	struct rule_ports passive;
	const char *table;
	bool is_client_only;
	bool is_server_only;
};

/**
 * struct render_form - a firewall that profiles can be rendered for
 * @name: what --as takes
 * @is_for_router: it names interfaces, or zones
 * @is_of_zones: those are fw4's
 * @is_one: of one profile at a time
 * @render: writes it
 */
struct render_form {
	const char *name;
	bool is_for_router;
	bool is_of_zones;
	bool is_one;
	void (*render)(const struct render *r);
};

/* render.c: what all of them need */
int render_profiles(const struct render *r, const struct render_form *form,
		    char *error);
void render_comment(FILE *out, const char *before, const char *text);
void render_head(const struct render *r, const char *form);
bool render_wants(const struct render *r, const struct profile_entry *entry);
unsigned int render_ports(const struct render *r,
			  const struct profile_entry *entry,
			  struct rule_ports *ports);
void render_ports_set(const struct render *r, const struct profile_entry *entry,
		      char *out);
void render_inside_set(const struct render *r, char *out);
void render_identifier(const char *name, char *out);
enum profile_role render_list_role(const struct render *r,
				   const struct profile *profile);

/* render_lists.c: of firewalld's */
bool render_helper(FILE *out, const char *name, const struct profile *profiles,
		   unsigned int count);

/* One for each firewall */
void render_nft(const struct render *r);
void render_fw4(const struct render *r);
void render_iptables(const struct render *r);
void render_firewalld(const struct render *r);
void render_ufw(const struct render *r);
void render_shorewall(const struct render *r);

#endif /* APPGWCTL_RENDER_H */

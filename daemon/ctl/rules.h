/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWCTL_RULES_H
#define APPGWCTL_RULES_H

#include "drops.h"
#include "render.h"

/* Most ranges that a list of ports has */
#define RULES_PORTS_MAX	16

/**
 * struct rules_helper - a helper that the module has ports for
 * @helper: which one
 * @ports: of its servers
 * @count: how many ranges
 */
struct rules_helper {
	const struct profile_helper *helper;
	struct rule_ports ports[RULES_PORTS_MAX];
	unsigned int count;
};

/**
 * struct rules - what the module does, and on which router
 * @r: the router
 * @helpers: those that have ports
 * @count: how many
 * @attaches: the module takes connections on without a rule
 * @policy: ranges of ports in it, for people
 */
struct rules {
	const struct render *r;
	struct rules_helper helpers[16];
	unsigned int count;
	bool attaches;
	char policy[RENDER_SET_MAX];
};

void rules_head(const struct rules *rules, const char *form);
void rules_nft(const struct rules *rules);
void rules_iptables(const struct rules *rules);

#endif /* APPGWCTL_RULES_H */

/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWCTL_DOCTOR_H
#define APPGWCTL_DOCTOR_H

#include "ctl.h"
#include "doctor_rules.h"

/* Ranges of ports in all parameters of the module */
#define DOCTOR_PORTS_MAX	128

/**
 * struct doctor - all that is looked at, as it was found
 * @root: in front of the paths of files; "" but in tests
 * @release: of the running kernel
 * @control: the daemon's control socket, or NULL
 * @is_loaded: the module is there
 * @module_version: its version, or ""
 * @daemon: the daemon's answer, as daemon_ask() has it
 * @is_daemon_elsewhere: another namespace's daemon answered
 * @listeners: the module's listeners; NULL if unknown, as the next four
 * @policy: its policy
 * @stats: its counters
 * @flows: its control connections
 * @pinholes: its pinholes
 * @entries: an object for each entry of conntrack's that matters, see
 *	doctor_entries(); NULL if unknown
 * @rules: all rules of all firewalls
 * @has_rules: and these are known
 * @ports: control ports that have our helper
 * @port_count: how many of these
 * @looked: names of what was looked at
 * @missed: sentences about what could not be
 */
struct doctor {
	const char *root;
	const char *release;
	const char *control;
	bool is_loaded;
	char module_version[KMOD_VERSION_MAX];
	json_t *daemon;
	bool is_daemon_elsewhere;
	json_t *listeners;
	json_t *policy;
	json_t *stats;
	json_t *flows;
	json_t *pinholes;
	json_t *entries;
	struct rules rules;
	bool has_rules;
	struct rule_ports ports[DOCTOR_PORTS_MAX];
	unsigned int port_count;
	json_t *looked;
	json_t *missed;
};

/* doctor_finding.c */
json_t *finding_new(json_t *findings, const char *id, const char *what);
__attribute__((format(printf, 2, 3)))
void finding_note(json_t *list, const char *format, ...);
__attribute__((format(printf, 2, 3)))
void finding_seen(json_t *finding, const char *format, ...);
__attribute__((format(printf, 2, 3)))
void finding_remedy(json_t *finding, const char *format, ...);
void finding_rule(json_t *finding, const struct rule *rule);
void finding_delete_rule(json_t *finding, const struct rule *rule);
void finding_print(const json_t *finding);
__attribute__((format(printf, 2, 3)))
void doctor_missed(const struct doctor *doctor, const char *format, ...);

/* doctor_file.c */
char *doctor_read(const struct doctor *doctor, const char *path);
bool doctor_number(const struct doctor *doctor, const char *path,
		   long long *value);
bool doctor_has_module(const struct doctor *doctor, const char *name);
void doctor_read_ports(struct doctor *doctor);
bool doctor_helps_port(const struct doctor *doctor, unsigned int port);
long long doctor_stat(const struct doctor *doctor, const char *name);

/* doctor_run.c */
char *doctor_run(char *const *argv, char *error, size_t size);

/* doctor_conntrack.c */
json_t *doctor_entries(const struct doctor *doctor, char *error, size_t size);

/* Checks: each adds what it finds to an array. In doctor_module.c, doctor_queue.c,
 * doctor_firewall.c, doctor_icmp.c, doctor_flows.c, doctor_system.c, doctor_tables.c
 */
void doctor_check_module(const struct doctor *doctor, json_t *findings);
void doctor_check_daemon(const struct doctor *doctor, json_t *findings);
void doctor_check_policy(const struct doctor *doctor, json_t *findings);
void doctor_check_queues(const struct doctor *doctor, json_t *findings);
void doctor_check_untracked(const struct doctor *doctor, json_t *findings);
void doctor_check_helpers(const struct doctor *doctor, json_t *findings);
void doctor_check_related(const struct doctor *doctor, json_t *findings);
void doctor_check_ipv6(const struct doctor *doctor, json_t *findings);
void doctor_check_icmp(const struct doctor *doctor, json_t *findings);
void doctor_check_entries(const struct doctor *doctor, json_t *findings);
void doctor_check_forwarding(const struct doctor *doctor, json_t *findings);
void doctor_check_rp_filter(const struct doctor *doctor, json_t *findings);
void doctor_check_mtu(const struct doctor *doctor, json_t *findings);
void doctor_check_tables(const struct doctor *doctor, json_t *findings);
void doctor_check_conntrackd(const struct doctor *doctor, json_t *findings);

#endif /* APPGWCTL_DOCTOR_H */

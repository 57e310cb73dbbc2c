// SPDX-License-Identifier: GPL-2.0-only
/* appgwctl doctor: why do transfers fail on this router, and what to type. It looks at
 * everything first, and judges then.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "doctor.h"
#include "kmod_json.h"
#include "policy.h"

/* How it ends */
enum {
	EXIT_FOUND = 1,
	EXIT_BLIND,
};

#define CAPABILITIES	"/proc/self/status"
#define CAP_NET_ADMIN	12	/* linux/capability.h's, without its others */
#define LEGACY_TABLES(ip)	"/proc/net/" ip "_tables_names"

#define DOCTOR_ERROR_MAX	256

static void (*const checks[])(const struct doctor *doctor, json_t *findings) = {
	doctor_check_module,
	doctor_check_daemon,
	doctor_check_policy,
	doctor_check_queues,
	doctor_check_untracked,
	doctor_check_helpers,
	doctor_check_related,
	doctor_check_entries,
	doctor_check_forwarding,
	doctor_check_rp_filter,
	doctor_check_mtu,
	doctor_check_ipv6,
	doctor_check_icmp,
	doctor_check_tables,
	doctor_check_conntrackd,
};

static void doctor_looked(struct doctor *doctor, const char *what)
{
	json_array_append_new(doctor->looked, json_string(what));
}

/* Tell if we have the capability that all of this takes. */
static bool doctor_may_look(const struct doctor *doctor)
{
	char *text = doctor_read(doctor, CAPABILITIES);
	const char *line = text ? strstr(text, "\nCapEff:") : NULL;
	unsigned long long bits = 0;
	bool may;

	may = line && sscanf(line, "\nCapEff: %llx", &bits) == 1 &&
	      (bits >> CAP_NET_ADMIN & 1);
	free(text);
	return may;
}

/* Ask the module for one thing; note what is missing. */
static json_t *doctor_ask(struct doctor *doctor, struct ctl *ctl,
			  json_t *(*ask)(struct kmod *kmod), const char *what)
{
	json_t *answer = ask(&ctl->kmod);

	if (answer)
		doctor_looked(doctor, what);
	else
		doctor_missed(doctor, "the module's %s: %s", what,
			      ctl->kmod.text);
	return answer;
}

static void doctor_look_module(struct doctor *doctor, struct ctl *ctl)
{
	doctor_looked(doctor, "module");
	doctor->is_loaded = kmod_find();
	doctor->daemon = daemon_ask(ctl->control, &doctor->is_daemon_elsewhere);
	doctor_looked(doctor, "daemon");
	if (!doctor->is_loaded)
		return;
	kmod_version(&ctl->kmod, doctor->module_version);
	doctor->listeners = doctor_ask(doctor, ctl, json_listeners, "listeners");
	doctor->policy = doctor_ask(doctor, ctl, policy_get, "policy");
	doctor->stats = doctor_ask(doctor, ctl, json_stats, "counters");
	doctor->flows = doctor_ask(doctor, ctl, json_flows, "flows");
	doctor->pinholes = doctor_ask(doctor, ctl, json_pinholes, "pinholes");
}

/* Look at nft's rules; return 1 if there were any to be had, else 0. */
static int doctor_look_nft(struct doctor *doctor)
{
	char nft[] = "nft", json[] = "-j", handles[] = "-a", list[] = "list";
	char ruleset[] = "ruleset";
	char *const in_json[] = { nft, json, list, ruleset, NULL };
	char *const in_text[] = { nft, handles, list, ruleset, NULL };
	char error[DOCTOR_ERROR_MAX];
	char *text = doctor_run(in_json, error, sizeof(error));
	int ret;

	if (!text) {
		doctor_missed(doctor, "rules of nftables: %s", error);
		return 0;
	}
	ret = rules_read_nft(&doctor->rules, text);
	free(text);
	if (ret) {
		doctor_missed(doctor, "rules of nftables: not understood");
		return 0;
	}
	text = doctor_run(in_text, error, sizeof(error));
	if (text)
		rules_read_nft_text(&doctor->rules, text);
	free(text);
	doctor_looked(doctor, "nft");
	return 1;
}

/* Look at the rules that a program of iptables' prints. The one that is called so
 * without "-legacy" may be of either kind, and says it in its first line.
 */
static int doctor_look_save(struct doctor *doctor, const char *ip,
			    const char *kind)
{
	char name[RULE_NAME_MAX], program[RULE_NAME_MAX];
	char error[DOCTOR_ERROR_MAX];
	char *const argv[] = { name, NULL };
	char *text;

	snprintf(name, sizeof(name), "%s%s-save", ip, kind);
	text = doctor_run(argv, error, sizeof(error));
	if (!text) {
		doctor_missed(doctor, "rules of %s: %s", ip, error);
		return 0;
	}
	if (!*kind && strstr(text, "(nf_tables)"))
		kind = "-nft";
	snprintf(program, sizeof(program), "%s%s", ip, kind);
	if (rules_read_save(&doctor->rules, program, text)) {
		doctor_missed(doctor, "rules of %s: not understood", program);
		free(text);
		return 0;
	}
	free(text);
	doctor_looked(doctor, program);
	return 1;
}

/* Look at rules of iptables' own tables, where there are any. */
static int doctor_look_legacy(struct doctor *doctor, const char *ip,
			      const char *tables)
{
	char *text = doctor_read(doctor, tables);
	bool has_any = text && *text;

	free(text);
	return has_any ? doctor_look_save(doctor, ip, "-legacy") : 0;
}

static void doctor_look_rules(struct doctor *doctor)
{
	int seen = doctor_look_nft(doctor);

	seen += doctor_look_save(doctor, "iptables", "");
	seen += doctor_look_save(doctor, "ip6tables", "");
	seen += doctor_look_legacy(doctor, "iptables", LEGACY_TABLES("ip"));
	seen += doctor_look_legacy(doctor, "ip6tables", LEGACY_TABLES("ip6"));
	doctor->has_rules = seen > 0;
	rules_finish(&doctor->rules);
}

static void doctor_look_entries(struct doctor *doctor)
{
	char error[DOCTOR_ERROR_MAX];

	doctor->entries = doctor_entries(doctor, error, sizeof(error));
	if (doctor->entries)
		doctor_looked(doctor, "conntrack");
	else
		doctor_missed(doctor, "conntrack's entries: %s", error);
}

static void doctor_print(const struct doctor *doctor, const json_t *findings)
{
	json_t *one;
	size_t i;

	json_array_foreach(findings, i, one)
		finding_print(one);
	if (json_array_size(findings))
		return;
	printf("nothing found; looked at:");
	json_array_foreach(doctor->looked, i, one)
		printf(" %s", json_string_value(one));
	printf(" /proc\n");
}

static void doctor_print_missed(const struct doctor *doctor)
{
	json_t *missed;
	size_t i;

	json_array_foreach(doctor->missed, i, missed)
		fprintf(stderr, "appgwctl: not looked at: %s\n",
			json_string_value(missed));
}

static int doctor_judge(const struct doctor *doctor, bool is_json)
{
	json_t *findings = json_array();
	int ret = EXIT_SUCCESS;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(checks); i++)
		checks[i](doctor, findings);
	if (is_json)
		ctl_print_json(findings);
	else
		doctor_print(doctor, findings);
	if (json_array_size(findings))
		ret = EXIT_FOUND;
	else if (!doctor->has_rules || !doctor->entries ||
		 (doctor->is_loaded && !doctor->stats))
		ret = EXIT_BLIND;
	json_decref(findings);
	return ret;
}

static void doctor_free(struct doctor *doctor)
{
	rules_free(&doctor->rules);
	json_decref(doctor->daemon);
	json_decref(doctor->listeners);
	json_decref(doctor->policy);
	json_decref(doctor->stats);
	json_decref(doctor->flows);
	json_decref(doctor->pinholes);
	json_decref(doctor->entries);
	json_decref(doctor->looked);
	json_decref(doctor->missed);
}

/**
 * ctl_doctor() - appgwctl doctor
 * @ctl: the call
 *
 * Return: exit status
 */
int ctl_doctor(struct ctl *ctl)
{
	struct doctor doctor = {
		.root = "",
		.control = ctl->control,
		.looked = json_array(),
		.missed = json_array(),
	};
	struct utsname system;
	int ret = EXIT_BLIND;

	uname(&system);
	doctor.release = system.release;
	if (doctor_may_look(&doctor)) {
		doctor_look_module(&doctor, ctl);
		doctor_read_ports(&doctor);
		doctor_look_rules(&doctor);
		doctor_look_entries(&doctor);
		ret = doctor_judge(&doctor, ctl->is_json);
	} else {
		doctor_missed(&doctor,
			      "module, rules and connections: that takes CAP_NET_ADMIN");
	}
	doctor_print_missed(&doctor);
	doctor_free(&doctor);
	return ret;
}

// SPDX-License-Identifier: GPL-2.0-only
/* Is the module there, the daemon, where it is needed, and does the policy let them
 * help?
 */

#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "config.h"
#include "doctor.h"

#define MODULE_FILE	"/nf_appgw.ko"	/* and .xz, .zst */
#define UNITS		"/etc/systemd/system/*.wants/appgwd.service"
#define INIT_NETNS	"/proc/1/ns/net"

static const char *module_text(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

static long long module_number(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

/* Tell if a kernel's modules.dep knows ours. */
static bool module_is_installed(const struct doctor *doctor, const char *path)
{
	char *text = doctor_read(doctor, path);
	bool is_there = text && (strstr(text, MODULE_FILE) ||
				 !strncmp(text, MODULE_FILE + 1,
					  strlen(MODULE_FILE) - 1));

	free(text);
	return is_there;
}

/* Find another kernel that it is built for; its modules.dep, or NULL. To be freed. */
static char *module_other_kernel(const struct doctor *doctor)
{
	size_t i, skip = strlen(doctor->root);
	char pattern[PATH_MAX];
	char *found = NULL;
	glob_t all;

	snprintf(pattern, sizeof(pattern), "%s/lib/modules/*/modules.dep",
		 doctor->root);
	if (glob(pattern, 0, NULL, &all))
		return NULL;
	for (i = 0; i < all.gl_pathc && !found; i++)
		if (module_is_installed(doctor, all.gl_pathv[i] + skip))
			found = strdup(all.gl_pathv[i] + skip);
	globfree(&all);
	return found;
}

static void module_absent(const struct doctor *doctor, json_t *findings)
{
	char path[PATH_MAX];
	json_t *finding;
	char *other;

	snprintf(path, sizeof(path), "/lib/modules/%s/modules.dep",
		 doctor->release);
	if (module_is_installed(doctor, path)) {
		finding = finding_new(findings, "module-not-loaded",
				      "The module nf_appgw is installed, but not loaded.");
		finding_seen(finding, "%s has it", path);
		finding_remedy(finding, "modprobe nf_appgw");
		return;
	}
	other = module_other_kernel(doctor);
	if (other) {
		finding = finding_new(findings, "module-other-kernel",
				      "The module nf_appgw is built for another kernel than the running one.");
		finding_seen(finding, "%s has it", other);
		finding_seen(finding, "%s has not", path);
		finding_remedy(finding,
			       "apt install linux-headers-%s && dkms autoinstall -k %s && modprobe nf_appgw",
			       doctor->release, doctor->release);
	} else {
		finding = finding_new(findings, "module-not-installed",
				      "The module nf_appgw is not installed.");
		finding_seen(finding, "%s has no %s", path, MODULE_FILE + 1);
		finding_remedy(finding, "make dkms-install && modprobe nf_appgw");
	}
	free(other);
}

static void module_versions(const struct doctor *doctor, json_t *findings)
{
	const char *daemon = json_string_value(json_object_get(doctor->daemon,
							       "version"));
	json_t *finding;

	if (!*doctor->module_version)
		return;
	if (!strcmp(doctor->module_version, APPGW_VERSION) &&
	    (!daemon || !strcmp(doctor->module_version, daemon)))
		return;
	finding = finding_new(findings, "version-skew",
			      "Module, daemon and appgwctl are not of one version.");
	finding_seen(finding, "module %s", doctor->module_version);
	if (daemon)
		finding_seen(finding, "appgwd %s", daemon);
	finding_seen(finding, "appgwctl %s", APPGW_VERSION);
	finding_remedy(finding,
		       "rmmod nf_appgw && modprobe nf_appgw%s",
		       daemon ? " && systemctl restart appgwd" : "");
}

/**
 * doctor_check_module() - look for the module
 * @doctor: all
 * @findings: what is wrong
 */
void doctor_check_module(const struct doctor *doctor, json_t *findings)
{
	if (doctor->is_loaded)
		module_versions(doctor, findings);
	else
		module_absent(doctor, findings);
}

static bool is_first_namespace(void)
{
	struct stat own, first;

	return !stat(CONFIG_NETNS, &own) && !stat(INIT_NETNS, &first) &&
	       own.st_ino == first.st_ino;
}

/* Look for its unit. Those of other namespaces are no matter of ours. */
static bool daemon_is_enabled(const struct doctor *doctor, json_t *seen)
{
	char pattern[PATH_MAX];
	glob_t units;

	snprintf(pattern, sizeof(pattern), "%s" UNITS, doctor->root);
	if (!is_first_namespace() || glob(pattern, 0, NULL, &units))
		return false;
	finding_note(seen, "%s: it is to start at boot", units.gl_pathv[0]);
	globfree(&units);
	return true;
}

/* Look for connections that only a daemon can help, and which have no listener. */
static bool daemon_has_flows(const struct doctor *doctor, json_t *seen)
{
	const char *helper, *state;
	json_t *flow;
	size_t i;

	json_array_foreach(doctor->flows, i, flow) {
		helper = module_text(flow, "helper");
		state = module_text(flow, "state");
		if (!strcmp(helper, "ftp") || strcmp(state, "reading"))
			continue;
		finding_note(seen, "connection of %s to %s, helper %s: nobody reads it",
			     module_text(flow, "client"),
			     module_text(flow, "server"), helper);
		return true;
	}
	return false;
}

static void daemon_absent(const struct doctor *doctor, json_t *findings)
{
	json_t *seen = json_array(), *finding;
	bool is_wanted;

	/* Somebody listens; where his socket is doesn't matter */
	is_wanted = !json_array_size(doctor->listeners) &&
		    (daemon_has_flows(doctor, seen) |
		     daemon_is_enabled(doctor, seen));
	if (is_wanted) {
		finding = finding_new(findings, "daemon-missing",
				      "appgwd is wanted here, and doesn't run.");
		json_object_set(finding, "evidence", seen);
		finding_remedy(finding, "systemctl start appgwd");
	}
	json_decref(seen);
}

static void daemon_stuck(const struct doctor *doctor, json_t *findings)
{
	json_t *seen = json_array(), *worker, *finding;
	size_t i;

	if (json_is_false(doctor->daemon))
		finding_note(seen, "%s: no answer", doctor->control ?
			     doctor->control : CONFIG_CONTROLS);
	json_array_foreach(json_object_get(doctor->daemon, "queues"), i, worker)
		if (!json_is_true(json_object_get(worker, "alive")))
			finding_note(seen, "queue %lld: its thread is stuck",
				     module_number(worker, "queue"));
	if (json_array_size(seen)) {
		finding = finding_new(findings, "daemon-stuck",
				      "appgwd runs, and doesn't answer.");
		json_object_set(finding, "evidence", seen);
		finding_remedy(finding, "systemctl restart appgwd");
	}
	json_decref(seen);
}

/**
 * doctor_check_daemon() - look for the daemon, where one is wanted
 * @doctor: all
 * @findings: what is wrong
 */
void doctor_check_daemon(const struct doctor *doctor, json_t *findings)
{
	json_t *finding;

	if (json_is_null(doctor->daemon)) {
		daemon_absent(doctor, findings);
		return;
	}
	daemon_stuck(doctor, findings);
	if (!doctor->is_loaded || !json_is_object(doctor->daemon) ||
	    json_is_true(json_object_get(doctor->daemon, "listening")))
		return;
	finding = finding_new(findings, "daemon-not-listening",
			      "appgwd runs, but doesn't listen to the module.");
	finding_seen(finding, "appgwd, pid %lld: listening false",
		     module_number(doctor->daemon, "pid"));
	finding_remedy(finding, "systemctl restart appgwd");
}

/* Tell if a rule gives connections one of our helpers. */
static bool policy_has_rule(const struct doctor *doctor)
{
	size_t i;

	for (i = 0; i < doctor->rules.rule_count; i++)
		if (!strncmp(doctor->rules.rules[i].helper, "appgw-", 6))
			return true;
	return false;
}

static void policy_ftps(const struct doctor *doctor, json_t *findings)
{
	const char *ports = json_string_value(json_object_get(doctor->policy,
							      "ftps_ports"));
	long long tls = doctor_stat(doctor, "stopped_tls");
	json_t *finding;

	if (!tls || !ports || *ports)
		return;
	finding = finding_new(findings, "ftps-not-covered",
			      "There are FTP connections that go over to TLS, and no data ports are opened for them.");
	finding_seen(finding, "/proc/net/stat/nf_appgw: stopped_tls %lld", tls);
	finding_seen(finding, "policy: ftps_ports is empty");
	finding_remedy(finding,
		       "appgwctl policy set ftps_ports=50000-50999 # the passive range that the servers have, in which clients must begin");
}

/* Find a host that has as many pinholes as it may have. */
static void policy_quota(const struct doctor *doctor, json_t *findings)
{
	long long total = module_number(doctor->policy, "quota_total");
	long long open = json_array_size(doctor->pinholes);
	json_t *finding;

	if (!total || open < total)
		return;
	finding = finding_new(findings, "quota-full",
			      "As many pinholes are open as may be, so that more are refused.");
	finding_seen(finding, "pinholes: %lld", open);
	finding_seen(finding, "policy: quota_total=%lld", total);
	finding_seen(finding, "/proc/net/stat/nf_appgw: refused_quota %lld",
		     doctor_stat(doctor, "refused_quota"));
	finding_remedy(finding, "appgwctl policy set quota_total=%lld",
		       2 * total);
}

/* Count the pinholes of each host that has announced any. */
static json_t *policy_hosts(const struct doctor *doctor)
{
	json_t *hosts = json_object(), *pinhole;
	const char *announced, *colon;
	char host[RULE_NAME_MAX];
	size_t i;

	json_array_foreach(doctor->pinholes, i, pinhole) {
		announced = json_string_value(json_object_get(pinhole,
							      "announced"));
		colon = announced ? strrchr(announced, ':') : NULL;
		if (!colon)
			continue;
		snprintf(host, sizeof(host), "%.*s", (int)(colon - announced),
			 announced);
		json_object_set_new(hosts, host,
				    json_integer(1 + module_number(hosts, host)));
	}
	return hosts;
}

static void policy_quota_host(const struct doctor *doctor, json_t *findings)
{
	long long most = module_number(doctor->policy, "quota_host");
	json_t *hosts = policy_hosts(doctor), *count, *finding;
	const char *host;

	json_object_foreach(hosts, host, count) {
		if (!most || json_integer_value(count) < most)
			continue;
		finding = finding_new(findings, "quota-host-full",
				      "A host has as many pinholes open as it may have, so that more are refused.");
		finding_seen(finding, "pinholes of %s: %lld", host,
			     (long long)json_integer_value(count));
		finding_seen(finding, "policy: quota_host=%lld", most);
		finding_seen(finding, "/proc/net/stat/nf_appgw: refused_quota %lld",
			     doctor_stat(doctor, "refused_quota"));
		finding_remedy(finding, "appgwctl policy set quota_host=%lld",
			       2 * most);
	}
	json_decref(hosts);
}

/**
 * doctor_check_policy() - look for a policy under which nobody is helped
 * @doctor: all
 * @findings: what is wrong
 */
void doctor_check_policy(const struct doctor *doctor, json_t *findings)
{
	json_t *finding;

	if (json_is_false(json_object_get(doctor->policy, "attach")) &&
	    doctor->has_rules && !policy_has_rule(doctor)) {
		finding = finding_new(findings, "nothing-attached",
				      "Connections are taken on by rules alone, and there is no such rule.");
		finding_seen(finding, "policy: attach=0");
		finding_seen(finding, "no rule names a helper appgw-ftp, appgw-irc, ...");
		finding_remedy(finding, "appgwctl policy set attach=1");
	}
	if (json_is_true(json_object_get(doctor->policy, "dry_run"))) {
		finding = finding_new(findings, "dry-run",
				      "The module only tells what it would do.");
		finding_seen(finding, "policy: dry_run=1");
		finding_remedy(finding, "appgwctl policy set dry_run=0");
	}
	policy_ftps(doctor, findings);
	policy_quota(doctor, findings);
	policy_quota_host(doctor, findings);
}

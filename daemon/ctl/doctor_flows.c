// SPDX-License-Identifier: GPL-2.0-only
/* What conntrack's entries prove. */

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "doctor.h"

static const char *flows_text(const json_t *entry, const char *name)
{
	const char *text = json_string_value(json_object_get(entry, name));

	return text ? text : "";
}

static bool flows_is(const json_t *entry, const char *name)
{
	return json_is_true(json_object_get(entry, name));
}

/* Tell of a connection that has somebody else's helper; of the first is enough. */
static void flows_helper(const struct doctor *doctor, json_t *findings,
			 const json_t *entry)
{
	json_t *finding;

	finding = finding_new(findings, "foreign-helper-used",
			      "A control connection has another helper, so that ours leaves it alone.");
	finding_seen(finding, "conntrack: %s", flows_text(entry, "text"));
	finding_seen(finding, "its helper is %s", flows_text(entry, "helper"));
	if (doctor_has_module(doctor, "nfnetlink_cthelper"))
		finding_seen(finding,
			     "/proc/modules: nfnetlink_cthelper, by which conntrackd and nfct give helpers");
	finding_remedy(finding,
		       "conntrack -D -p tcp --dport %d # once no rule and no conntrackd gives that helper; the session has to be opened again",
		       (int)json_integer_value(json_object_get(entry, "port")));
}

static void flows_offload(const struct doctor *doctor, json_t *findings,
			  const json_t *entry)
{
	json_t *finding;
	size_t i;

	finding = finding_new(findings, "control-offloaded",
			      "A flowtable has taken a control connection, so that nobody reads it.");
	finding_seen(finding, "conntrack: %s", flows_text(entry, "text"));
	for (i = 0; i < doctor->rules.rule_count; i++)
		if (doctor->rules.rules[i].is_flow)
			finding_rule(finding, &doctor->rules.rules[i]);
	finding_remedy(finding,
		       "conntrack -D -p tcp --dport %d # the session has to be opened again, and is helped then",
		       (int)json_integer_value(json_object_get(entry, "port")));
}

/* Find the device by which we send to the first address that an entry's text has
 * behind "dst=".
 */
static bool flows_device(const json_t *entry, char *name)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
	const char *dst = strstr(flows_text(entry, "text"), "dst=");
	struct ifaddrs *all = NULL, *one;
	socklen_t len = sizeof(to);
	char text[INET_ADDRSTRLEN];
	bool is_found = false;
	int fd;

	if (!dst || sscanf(dst, "dst=%15[0-9.]", text) != 1 ||
	    inet_pton(AF_INET, text, &to.sin_addr) != 1)
		return false;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) ||
	    getsockname(fd, (struct sockaddr *)&to, &len) || getifaddrs(&all))
		all = NULL;
	for (one = all; one && !is_found; one = one->ifa_next) {
		is_found = one->ifa_addr &&
			   one->ifa_addr->sa_family == AF_INET &&
			   ((struct sockaddr_in *)one->ifa_addr)->sin_addr.s_addr ==
			   to.sin_addr.s_addr;
		if (is_found)
			snprintf(name, IFNAMSIZ, "%s", one->ifa_name);
	}
	if (all)
		freeifaddrs(all);
	if (fd >= 0)
		close(fd);
	return is_found;
}

static void flows_nat(json_t *findings, const json_t *entry)
{
	char device[IFNAMSIZ];
	json_t *finding;

	finding = finding_new(findings, "nat-missing",
			      "Connections of private addresses leave as they are, and nobody answers.");
	finding_seen(finding, "conntrack: %s", flows_text(entry, "text"));
	if (!flows_device(entry, device)) {
		finding_remedy(finding,
			       "translate %s where it leaves, as by masquerade",
			       flows_text(entry, "src"));
		return;
	}
	finding_seen(finding, "it leaves by %s", device);
	finding_remedy(finding,
		       "nft 'add table ip appgw_nat; add chain ip appgw_nat postrouting { type nat hook postrouting priority 100; }; add rule ip appgw_nat postrouting ip saddr %s oifname \"%s\" masquerade' && conntrack -D -s %s",
		       flows_text(entry, "src"), device,
		       flows_text(entry, "src"));
}

/**
 * doctor_check_entries() - judge conntrack's entries
 * @doctor: all
 * @findings: what is wrong; one of a kind
 */
void doctor_check_entries(const struct doctor *doctor, json_t *findings)
{
	const json_t *helper = NULL, *offload = NULL, *silent = NULL;
	bool is_answered = false;
	json_t *entry;
	size_t i;

	json_array_foreach(doctor->entries, i, entry) {
		if (flows_is(entry, "control") && flows_is(entry, "offload"))
			offload = entry;
		if (flows_is(entry, "control") && *flows_text(entry, "helper") &&
		    strncmp(flows_text(entry, "helper"), "appgw-", 6))
			helper = entry;
		if (!flows_is(entry, "untranslated"))
			continue;
		/* Somebody farther out translates them */
		if (flows_is(entry, "replied"))
			is_answered = true;
		else
			silent = entry;
	}
	if (helper)
		flows_helper(doctor, findings, helper);
	if (offload)
		flows_offload(doctor, findings, offload);
	if (silent && !is_answered)
		flows_nat(findings, silent);
}

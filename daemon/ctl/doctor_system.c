// SPDX-License-Identifier: GPL-2.0-only
/* What the system has set: forwarding, filters of source addresses, MTUs. */

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <limits.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "doctor.h"

#define FORWARD_4	"/proc/sys/net/ipv4/ip_forward"
#define FORWARD_6	"/proc/sys/net/ipv6/conf/all/forwarding"
#define ADDRESSES_6	"/proc/net/if_inet6"
#define ROUTES		"/proc/net/route"
#define NETSTAT		"/proc/net/netstat"
#define CONF_4		"/proc/sys/net/ipv4/conf/"

/* Tell if this looks like a router for IPv4: it translates, or filters forwarded
 * packets.
 */
static const struct rule *forwarding_wanted(const struct rules *rules)
{
	const struct rule *rule;
	size_t i;

	for (i = 0; i < rules->rule_count; i++) {
		rule = &rules->rules[i];
		if ((rule->chain_of->families & RULE_IPV4) &&
		    (rule->is_nat || (rule->chain_of->hook == RULE_FORWARD &&
				      rule->verdict == RULE_ACCEPT)))
			return rule;
	}
	return NULL;
}

/* Count the devices that have an IPv6 address of global scope, up to 2. */
static int forwarding_devices(const struct doctor *doctor)
{
	char *text = doctor_read(doctor, ADDRESSES_6), *line, *state = NULL;
	char first[IFNAMSIZ] = "", name[IFNAMSIZ];
	unsigned int scope;
	int count = 0;

	for (line = text ? strtok_r(text, "\n", &state) : NULL;
	     line && count < 2; line = strtok_r(NULL, "\n", &state)) {
		if (sscanf(line, "%*s %*x %*x %x %*x %15s", &scope, name) != 2 ||
		    scope || !strcmp(name, first))
			continue;
		strcpy(first, name);
		count++;
	}
	free(text);
	return count;
}

/**
 * doctor_check_forwarding() - look for a router that doesn't forward
 * @doctor: all
 * @findings: what is wrong
 */
void doctor_check_forwarding(const struct doctor *doctor, json_t *findings)
{
	const struct rule *rule = forwarding_wanted(&doctor->rules);
	long long is_on = 1;
	json_t *finding;

	if (rule && doctor_number(doctor, FORWARD_4, &is_on) && !is_on) {
		finding = finding_new(findings, "forwarding-off",
				      "IPv4 is not forwarded, though there are rules for it.");
		finding_seen(finding, FORWARD_4 ": 0");
		finding_rule(finding, rule);
		finding_remedy(finding, "sysctl -w net.ipv4.ip_forward=1");
	}
	is_on = 1;
	if (doctor_number(doctor, FORWARD_6, &is_on) && !is_on &&
	    forwarding_devices(doctor) > 1) {
		finding = finding_new(findings, "forwarding-off-ipv6",
				      "IPv6 is not forwarded, though there are networks of it on both sides.");
		finding_seen(finding, FORWARD_6 ": 0");
		finding_seen(finding, ADDRESSES_6
			     ": global addresses on more than one device");
		finding_remedy(finding,
			       "sysctl -w net.ipv6.conf.all.forwarding=1");
	}
}

/* Find a counter in NETSTAT, where a line of names comes before one of values. */
static long long system_netstat(const struct doctor *doctor, const char *name)
{
	char *text = doctor_read(doctor, NETSTAT), *names, *values, *lines = NULL;
	char *one, *other, *name_state, *value_state;
	long long found = 0;

	names = text ? strtok_r(text, "\n", &lines) : NULL;
	while (names && (values = strtok_r(NULL, "\n", &lines))) {
		one = strtok_r(names, " ", &name_state);
		other = strtok_r(values, " ", &value_state);
		while (one && other) {
			if (!strcmp(one, name))
				found = strtoll(other, NULL, 10);
			one = strtok_r(NULL, " ", &name_state);
			other = strtok_r(NULL, " ", &value_state);
		}
		names = strtok_r(NULL, "\n", &lines);
	}
	free(text);
	return found;
}

static long long rp_filter_of(const struct doctor *doctor, const char *device)
{
	char path[PATH_MAX];
	long long value = 0;

	snprintf(path, sizeof(path), CONF_4 "%s/rp_filter", device);
	doctor_number(doctor, path, &value);
	return value;
}

/* Make the command that sets all of them to "loose". */
static void rp_filter_remedy(json_t *finding, const json_t *devices)
{
	char text[RULE_NAME_MAX * 8] = "sysctl -w";
	json_t *device;
	size_t i, len;

	json_array_foreach(devices, i, device) {
		len = strlen(text);
		/* A device may have a full stop in its name, which sysctl would take
		 * for a level: it takes slashes as well
		 */
		snprintf(text + len, sizeof(text) - len,
			 " net/ipv4/conf/%s/rp_filter=2",
			 json_string_value(device));
	}
	finding_remedy(finding, "%s", text);
}

/**
 * doctor_check_rp_filter() - look for packets that the strict filter has dropped
 * @doctor: all
 * @findings: what is wrong
 */
void doctor_check_rp_filter(const struct doctor *doctor, json_t *findings)
{
	long long dropped = system_netstat(doctor, "IPReversePathFilter");
	json_t *devices = json_array(), *device, *finding;
	struct if_nameindex *all, *one;
	size_t i;

	all = dropped ? if_nameindex() : NULL;
	if (rp_filter_of(doctor, "all") == 1)
		json_array_append_new(devices, json_string("all"));
	for (one = all; one && one->if_name; one++)
		if (rp_filter_of(doctor, one->if_name) == 1)
			json_array_append_new(devices,
					      json_string(one->if_name));
	if (dropped && json_array_size(devices)) {
		finding = finding_new(findings, "rp-filter",
				      "Packets were dropped because they came by another way than answers would take.");
		finding_seen(finding, NETSTAT ": IPReversePathFilter %lld",
			     dropped);
		json_array_foreach(devices, i, device)
			finding_seen(finding, CONF_4 "%s/rp_filter: 1",
				     json_string_value(device));
		rp_filter_remedy(finding, devices);
	}
	if (all)
		if_freenameindex(all);
	json_decref(devices);
}

/* Find the device of the default route of IPv4. */
static bool mtu_outside(const struct doctor *doctor, char *name)
{
	char *text = doctor_read(doctor, ROUTES), *line, *state = NULL;
	unsigned int to, mask;
	bool is_found = false;

	for (line = text ? strtok_r(text, "\n", &state) : NULL;
	     line && !is_found; line = strtok_r(NULL, "\n", &state))
		is_found = sscanf(line, "%15s %x %*x %*x %*d %*d %*d %x", name,
				  &to, &mask) == 3 && !to && !mask;
	free(text);
	return is_found;
}

static int mtu_of(int fd, const char *name)
{
	struct ifreq request = {};

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	return ioctl(fd, SIOCGIFMTU, &request) ? 0 : request.ifr_mtu;
}

/* Find a device with IPv4 addresses that takes larger packets than @outside does. */
static int mtu_larger(int fd, const char *outside, char *name)
{
	struct ifaddrs *all, *one;
	int most = mtu_of(fd, outside), mtu, found = 0;

	if (!most || getifaddrs(&all))
		return 0;
	for (one = all; one; one = one->ifa_next) {
		if (!one->ifa_addr || one->ifa_addr->sa_family != AF_INET ||
		    (one->ifa_flags & IFF_LOOPBACK) ||
		    !(one->ifa_flags & IFF_UP))
			continue;
		mtu = mtu_of(fd, one->ifa_name);
		if (mtu <= most)
			continue;
		found = mtu;
		snprintf(name, IFNAMSIZ, "%s", one->ifa_name);
	}
	freeifaddrs(all);
	return found;
}

static bool mtu_is_clamped(const struct rules *rules)
{
	size_t i;

	for (i = 0; i < rules->rule_count; i++)
		if (rules->rules[i].is_clamp)
			return true;
	return false;
}

static void mtu_check(const struct doctor *doctor, json_t *findings, int fd)
{
	char outside[IFNAMSIZ], inside[IFNAMSIZ] = "";
	json_t *finding;
	int larger;

	larger = mtu_outside(doctor, outside) ?
		 mtu_larger(fd, outside, inside) : 0;
	if (!larger)
		return;
	finding = finding_new(findings, "mtu-unclamped",
			      "Outside packets must be smaller than inside, and no rule tells the ends of TCP connections.");
	finding_seen(finding, "%s, the default route's: MTU %d", outside,
		     mtu_of(fd, outside));
	finding_seen(finding, "%s: MTU %d", inside, larger);
	finding_seen(finding, "no rule changes MSS");
	finding_remedy(finding,
		       "nft 'add table inet appgw_mss; add chain inet appgw_mss forward { type filter hook forward priority -150; }; add rule inet appgw_mss forward tcp flags syn / syn,rst tcp option maxseg size set rt mtu'");
}

/**
 * doctor_check_mtu() - look for an MTU that is smaller outside
 * @doctor: all
 * @findings: what is wrong
 */
void doctor_check_mtu(const struct doctor *doctor, json_t *findings)
{
	long long forwards = 0;
	int fd;

	if (!doctor->has_rules || mtu_is_clamped(&doctor->rules) ||
	    !doctor_number(doctor, FORWARD_4, &forwards) || !forwards)
		return;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	mtu_check(doctor, findings, fd);
	close(fd);
}

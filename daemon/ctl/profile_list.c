// SPDX-License-Identifier: GPL-2.0-only
/* Profiles: all of a folder's, for people and for programs. */

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "profile_list.h"
#include "render.h"

static const char *const list_roles[] = { "client", "server" };
static const char *const list_directions[] = { "out", "in", "lan" };

/**
 * profile_list() - read all profiles of a folder
 * @dir: folder
 * @profiles: set on success, to be freed
 * @count: set, how many
 * @error: ERROR_TEXT_MAX bytes; set on failure, which one bad profile is
 *
 * Return: 0, or -1
 */
int profile_list(const char *dir, struct profile **profiles,
		 unsigned int *count, char *error)
{
	struct profile *list = calloc(RENDER_PROFILES_MAX, sizeof(*list));
	char *pattern = NULL;
	glob_t found = {};
	size_t i;
	int ret;

	*count = 0;
	ret = list && asprintf(&pattern, "%s/*.profile", dir) >= 0 ? 0 : -1;
	if (ret)
		snprintf(error, ERROR_TEXT_MAX, "%s", strerror(ENOMEM));
	if (!ret && (glob(pattern, GLOB_NOSORT, NULL, &found) ||
		     found.gl_pathc > RENDER_PROFILES_MAX)) {
		snprintf(error, ERROR_TEXT_MAX,
			 "%s: there are no profiles here, or more than %u",
			 dir, RENDER_PROFILES_MAX);
		ret = -1;
	}
	for (i = 0; !ret && i < found.gl_pathc; i++) {
		ret = profile_read(&list[i], found.gl_pathv[i], error);
		*count += !ret;
	}
	globfree(&found);
	free(pattern);
	if (ret) {
		free(list);
		list = NULL;
	}
	*profiles = list;
	return ret;
}

static json_t *list_ports(const struct profile_entry *entry)
{
	json_t *ports = json_array();
	char text[RULE_PORTS_TEXT_MAX];
	unsigned int i;

	if (entry->is_passive)
		json_array_append_new(ports, json_string("passive"));
	for (i = 0; i < entry->ports_count; i++) {
		rule_ports_text(&entry->ports[i], '-', text);
		json_array_append_new(ports, json_string(text));
	}
	return ports;
}

static json_t *list_entry(const struct profile_entry *entry)
{
	json_t *protos = json_array();
	json_t *json;

	if (entry->protos & PROFILE_TCP)
		json_array_append_new(protos, json_string("tcp"));
	if (entry->protos & PROFILE_UDP)
		json_array_append_new(protos, json_string("udp"));
	json = json_pack("{s:s, s:s, s:s, s:o, s:o, s:s, s:b, s:b, s:s}",
			 "name", entry->name, "role", list_roles[entry->role],
			 "direction", list_directions[entry->direction],
			 "proto", protos, "ports", list_ports(entry),
			 "verdict", entry->is_rejected ? "reject" : "accept",
			 "no_limits", entry->has_no_limits,
			 "needs_icmp", entry->needs_icmp, "why", entry->why);
	if (entry->helper)
		json_object_set_new(json, "helper",
				    json_sprintf("appgw-%s",
						 entry->helper->name));
	if (entry->replied_s)
		json_object_set_new(json, "udp_timeouts",
				    json_pack("[i, i]", entry->unreplied_s,
					      entry->replied_s));
	return json;
}

/**
 * profile_json() - a profile for programs
 * @profile: which one
 *
 * Return: an object
 */
json_t *profile_json(const struct profile *profile)
{
	json_t *entries = json_array(), *checks = json_array();
	unsigned int i;

	for (i = 0; i < profile->count; i++)
		json_array_append_new(entries,
				      list_entry(&profile->entries[i]));
	for (i = 0; i < profile->checks_count; i++)
		json_array_append_new(checks, json_string(profile->checks[i]));
	return json_pack("{s:s, s:s, s:o, s:o, s:s}", "name", profile->name,
			 "title", profile->title, "entries", entries, "checks",
			 checks, "advice", profile->advice);
}

static void list_entry_text(const struct profile_entry *entry)
{
	static const char *const protos[] = {
		[PROFILE_TCP] = "tcp",
		[PROFILE_UDP] = "udp",
		[PROFILE_TCP | PROFILE_UDP] = "tcp and udp",
	};
	char text[RULE_PORTS_TEXT_MAX];
	unsigned int i;

	printf("  %s (%s, %s): %s", entry->name, list_roles[entry->role],
	       list_directions[entry->direction], protos[entry->protos]);
	if (entry->is_passive)
		printf(" --passive-ports");
	for (i = 0; i < entry->ports_count; i++) {
		rule_ports_text(&entry->ports[i], '-', text);
		printf("%s %s", i ? "," : "", text);
	}
	if (entry->helper)
		printf(", helper appgw-%s", entry->helper->name);
	if (entry->is_rejected)
		printf(", rejected");
	if (entry->has_no_limits)
		printf(", before any limit");
	if (entry->needs_icmp)
		printf(", with ICMP errors");
	if (entry->replied_s)
		printf(", remembered for %u s, %u s when answered",
		       entry->unreplied_s, entry->replied_s);
	printf("\n      %s\n", entry->why);
}

/**
 * profile_text() - print a profile for people
 * @profile: which one
 */
void profile_text(const struct profile *profile)
{
	unsigned int i;

	printf("%s: %s\n", profile->name, profile->title);
	for (i = 0; i < profile->count; i++)
		list_entry_text(&profile->entries[i]);
	render_comment(stdout, "  ", profile->advice);
}

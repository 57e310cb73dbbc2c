// SPDX-License-Identifier: GPL-2.0-only
/* appgwctl watch: say what a flow is by the profiles, which know the ports of services. */

#include <netinet/in.h>
#include <stdlib.h>

#include "log.h"
#include "profile_list.h"
#include "render.h"
#include "watch.h"

/* Ports in a row that still tell a service; more of them, and others use them as well */
#define NAMING_PORTS_MAX	64

/* "profile NAME, helper appgw-NAME" */
#define ADVICE_MAX		(2 * RULE_NAME_MAX + 32)

/**
 * struct named - what flows of an entry are called
 * @entry: the entry
 * @rivals: entries of its profile; the one with less of them knows better
 * @name: what is told
 * @advice: in there
 */
struct named {
	const struct profile_entry *entry;
	unsigned int rivals;
	struct watch_name name;
	char advice[ADVICE_MAX];
};

static struct profile *profiles;
static struct named *named;
static unsigned int named_count;

static void add(const struct profile *profile, const struct profile_entry *entry)
{
	struct named *n = &named[named_count++];

	n->entry = entry;
	n->rivals = profile->count;
	n->name.title = profile->title;
	n->name.advice = n->advice;
	snprintf(n->advice, sizeof(n->advice), "profile %s%s%s", profile->name,
		 entry->helper ? ", helper appgw-" : "",
		 entry->helper ? entry->helper->name : "");
}

/**
 * watch_profiles_load() - learn the ports of services
 * @dir: folder of the profiles
 * @error: ERROR_TEXT_MAX bytes; set on failure
 *
 * Return: 0, or -1, and none is known by them
 */
int watch_profiles_load(const char *dir, char *error)
{
	unsigned int count, entries = 0, i, j;

	if (profile_list(dir, &profiles, &count, error))
		return -1;
	for (i = 0; i < count; i++)
		entries += profiles[i].count;
	named = calloc(entries, sizeof(*named));
	if (!named) {
		snprintf(error, ERROR_TEXT_MAX, "no memory");
		return -1;
	}
	for (i = 0; i < count; i++)
		for (j = 0; j < profiles[i].count; j++)
			add(&profiles[i], &profiles[i].entries[j]);
	return 0;
}

/**
 * watch_profiles_free() - forget them
 */
void watch_profiles_free(void)
{
	free(named);
	free(profiles);
	named = NULL;
	profiles = NULL;
	named_count = 0;
}

/* Tell of how many ports in a row @port is one; 0 if of none that tell a service. */
static unsigned int ports_around(const struct profile_entry *entry, uint16_t port)
{
	const struct rule_ports *p;

	for (p = entry->ports; p < entry->ports + entry->ports_count; p++)
		if (port >= p->low && port <= p->high &&
		    p->high - p->low < NAMING_PORTS_MAX)
			return p->high - p->low + 1;
	return 0;
}

static bool goes_that_way(const struct profile_entry *entry, enum watch_way way)
{
	return entry->direction == PROFILE_LAN ||
	       (entry->direction == PROFILE_OUT) == (way == WATCH_OUT);
}

/* Tell how far a flow is from being that entry's: the lower, the nearer; 0 if it isn't. */
static unsigned int distance(const struct named *n, unsigned int proto,
			     uint16_t port, enum watch_way way)
{
	unsigned int ports = ports_around(n->entry, port);

	if (!ports || !(n->entry->protos & proto))
		return 0;
	return (goes_that_way(n->entry, way) ? 0 : NAMING_PORTS_MAX *
		PROFILE_ENTRIES_MAX) + ports * PROFILE_ENTRIES_MAX + n->rivals;
}

/**
 * watch_profiles_name() - name a flow by its port
 * @proto: transport protocol
 * @port: where it goes to
 * @way: who begins it
 *
 * Return: its name, or NULL
 */
const struct watch_name *watch_profiles_name(uint8_t proto, uint16_t port,
					     enum watch_way way)
{
	unsigned int proto_bit = proto == IPPROTO_TCP ? PROFILE_TCP :
				 proto == IPPROTO_UDP ? PROFILE_UDP : 0;
	const struct named *n, *best = NULL;
	unsigned int least = 0, d;

	for (n = named; n < named + named_count; n++) {
		d = distance(n, proto_bit, port, way);
		if (d && (!least || d < least)) {
			least = d;
			best = n;
		}
	}
	return best ? &best->name : NULL;
}

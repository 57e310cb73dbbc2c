// SPDX-License-Identifier: GPL-2.0-only
/* What the module answers, as JSON. include/uapi/linux/nf_appgw.h says what the
 * attributes are; those that this program doesn't know are left out.
 */

#include <netlink/attr.h>
#include <time.h>

#include "endpoint_text.h"
#include "event_text.h"
#include "kmod_json.h"

#define NS_PER_S	1000000000

/* Time as text, to the microsecond */
#define TIME_TEXT_MAX	40

/* One attribute of a nest, and how it is shown; NULL if that fails */
struct field {
	int attr;
	const char *name;
	json_t *(*show)(const struct nlattr *attr);
};

static json_t *show_u16(const struct nlattr *attr)
{
	return nla_len(attr) < 2 ? NULL : json_integer(nla_get_u16(attr));
}

static json_t *show_u32(const struct nlattr *attr)
{
	return nla_len(attr) < 4 ? NULL : json_integer(nla_get_u32(attr));
}

static json_t *show_u64(const struct nlattr *attr)
{
	return nla_len(attr) < 8 ? NULL : json_integer(nla_get_u64(attr));
}

static json_t *show_flag(const struct nlattr *attr)
{
	(void)attr;
	return json_true();
}

static json_t *show_string(const struct nlattr *attr)
{
	const char *text = nla_data(attr);

	/* NULL where it is not UTF-8 */
	return json_stringn(text, strnlen(text, nla_len(attr)));
}

static json_t *show_end(const struct nlattr *attr)
{
	char text[ENDPOINT_TEXT_MAX];
	struct endpoint ep;

	if (!kmod_get_end(attr, &ep))
		return NULL;
	return json_string(endpoint_text(text, &ep));
}

static json_t *show_event_type(const struct nlattr *attr)
{
	if (nla_len(attr) < 1 || nla_get_u8(attr) >= __APPGW_EVENT_TYPE_MAX)
		return NULL;
	return json_string(event_types[nla_get_u8(attr)]);
}

/* Write a time by RFC 3339: a number of nanoseconds is more than many readers of JSON
 * take.
 */
static json_t *show_time(const struct nlattr *attr)
{
	char text[TIME_TEXT_MAX];
	uint64_t ns;
	struct tm tm;
	time_t s;
	size_t n;

	if (nla_len(attr) < 8)
		return NULL;
	ns = nla_get_u64(attr);
	s = ns / NS_PER_S;
	if (!gmtime_r(&s, &tm))
		return NULL;
	n = strftime(text, sizeof(text), "%FT%T", &tm);
	snprintf(text + n, sizeof(text) - n, ".%06uZ",
		 (unsigned int)(ns % NS_PER_S / 1000));
	return json_string(text);
}

static json_t *show_transport(const struct nlattr *attr)
{
	if (nla_len(attr) < 1)
		return NULL;
	switch (nla_get_u8(attr)) {
	case IPPROTO_TCP:	return json_string("tcp");
	case IPPROTO_UDP:	return json_string("udp");
	default:		return NULL;
	}
}

static const struct field event_fields[] = {
	{ APPGW_EVENT_TYPE, "type", show_event_type },
	{ APPGW_EVENT_TIME, "time", show_time },
	{ APPGW_EVENT_REASON, "reason", show_string },
	{ APPGW_EVENT_HELPER, "helper", show_string },
	{ APPGW_EVENT_KIND, "kind", show_string },
	{ APPGW_EVENT_CLIENT, "client", show_end },
	{ APPGW_EVENT_SERVER, "server", show_end },
	{ APPGW_EVENT_ANNOUNCED, "announced", show_end },
	{ APPGW_EVENT_PUBLIC, "public", show_end },
	{ APPGW_EVENT_PEER, "peer", show_end },
	{ APPGW_EVENT_PROTO, "transport", show_transport },
	{ APPGW_EVENT_LOST, "lost", show_u32 },
	{ APPGW_EVENT_DRY_RUN, "dry_run", show_flag },
	{ APPGW_EVENT_TAKEN, "taken", show_flag },
	{ APPGW_EVENT_EXPIRES, "expires", show_time },
	{ APPGW_EVENT_CAME, "came", show_time },
	{ 0, NULL, NULL }
};

static const struct field flow_fields[] = {
	{ APPGW_FLOW_HELPER, "helper", show_string },
	{ APPGW_FLOW_CLIENT, "client", show_end },
	{ APPGW_FLOW_SERVER, "server", show_end },
	{ APPGW_FLOW_PROTO, "transport", show_transport },
	{ APPGW_FLOW_STATE, "state", show_string },
	{ APPGW_FLOW_PINHOLES, "pinholes", show_u32 },
	{ APPGW_FLOW_EDITS, "edits", show_u32 },
	{ APPGW_FLOW_HELD, "held", show_u32 },
	{ APPGW_FLOW_QUEUE, "queue", show_u16 },
	{ 0, NULL, NULL }
};

static const struct field listener_fields[] = {
	{ APPGW_LISTEN_QUEUE, "queue", show_u16 },
	{ APPGW_LISTEN_QUEUES, "queues", show_u16 },
	{ APPGW_LISTEN_PORTID, "portid", show_u32 },
	{ 0, NULL, NULL }
};

static json_t *show_attrs(const struct nlattr *attrs, int len,
			  const struct field *fields)
{
	json_t *object = json_object(), *value;
	const struct field *field;
	const struct nlattr *attr;
	int rem;

	nla_for_each_attr(attr, attrs, len, rem) {
		for (field = fields; field->name; field++) {
			if (field->attr != nla_type(attr))
				continue;
			value = field->show(attr);
			if (value)
				json_object_set_new(object, field->name,
						    value);
		}
	}
	return object;
}

static json_t *show_nest(const struct nlattr *nest, const struct field *fields)
{
	return show_attrs(nla_data(nest), nla_len(nest), fields);
}

static void append_all(const struct nlattr *attrs, int len, int type,
		       const struct field *fields, json_t *list)
{
	const struct nlattr *attr;
	int rem;

	nla_for_each_attr(attr, attrs, len, rem)
		if (nla_type(attr) == type)
			json_array_append_new(list, show_nest(attr, fields));
}

/**
 * json_event_attrs() - show one event
 * @attrs: what is in its nest
 * @len: of that, in bytes
 *
 * Return: object, NULL without memory
 */
json_t *json_event_attrs(const void *attrs, size_t len)
{
	return show_attrs(attrs, len, event_fields);
}

/**
 * json_event() - an answer with events: for kmod_read() and kmod_ask()
 * @attrs: its attributes
 * @len: of them all
 * @events: a JSON array, to which they are added
 */
void json_event(const struct nlattr *attrs, int len, void *events)
{
	append_all(attrs, len, APPGW_ATTR_EVENT, event_fields, events);
}

static void answer_flows(const struct nlattr *attrs, int len, void *flows)
{
	append_all(attrs, len, APPGW_ATTR_FLOW, flow_fields, flows);
}

static json_t *show_helpers(const struct nlattr *nest)
{
	json_t *helpers = json_array();
	const struct nlattr *attr;
	int rem;

	nla_for_each_nested(attr, nest, rem)
		if (nla_type(attr) == APPGW_LISTEN_HELPER)
			json_array_append_new(helpers, show_string(attr));
	return helpers;
}

static void answer_listeners(const struct nlattr *attrs, int len,
			     void *listeners)
{
	const struct nlattr *attr;
	json_t *listener;
	int rem;

	nla_for_each_attr(attr, attrs, len, rem) {
		if (nla_type(attr) != APPGW_ATTR_LISTEN)
			continue;
		listener = show_nest(attr, listener_fields);
		json_object_set_new(listener, "helpers", show_helpers(attr));
		json_array_append_new(listeners, listener);
	}
}

static void answer_stats(const struct nlattr *attrs, int len, void *stats)
{
	struct nlattr *found[APPGW_STAT_ATTR_MAX + 1];
	const struct nlattr *attr;
	int rem;

	nla_for_each_attr(attr, attrs, len, rem) {
		if (nla_type(attr) != APPGW_ATTR_STAT ||
		    nla_parse_nested(found, APPGW_STAT_ATTR_MAX,
				     (struct nlattr *)attr, NULL) ||
		    !found[APPGW_STAT_ATTR_NAME] ||
		    !found[APPGW_STAT_ATTR_VALUE])
			continue;
		json_object_set_new(stats,
				    nla_get_string(found[APPGW_STAT_ATTR_NAME]),
				    show_u64(found[APPGW_STAT_ATTR_VALUE]));
	}
}

static json_t *ask_all(struct kmod *kmod, int cmd, int flags,
		       kmod_answer_t answer, json_t *all)
{
	if (!kmod_ask(kmod, kmod_message(cmd), flags, answer, all))
		return all;
	json_decref(all);
	return NULL;
}

/**
 * json_flows() - ask the module for control connections
 * @kmod: open
 *
 * Return: array of objects, or NULL with @kmod->error set
 */
json_t *json_flows(struct kmod *kmod)
{
	return ask_all(kmod, APPGW_CMD_FLOW_GET, NLM_F_DUMP, answer_flows,
		       json_array());
}

/**
 * json_pinholes() - ask the module for pinholes
 * @kmod: open
 *
 * Return: array of objects, or NULL with @kmod->error set
 */
json_t *json_pinholes(struct kmod *kmod)
{
	return ask_all(kmod, APPGW_CMD_PINHOLE_GET, NLM_F_DUMP, json_event,
		       json_array());
}

/**
 * json_listeners() - ask the module for its listeners
 * @kmod: open
 *
 * Return: array of objects, or NULL with @kmod->error set
 */
json_t *json_listeners(struct kmod *kmod)
{
	return ask_all(kmod, APPGW_CMD_LISTENER_GET, NLM_F_DUMP,
		       answer_listeners, json_array());
}

/**
 * json_stats() - ask the module for counters
 * @kmod: open
 *
 * Return: object, or NULL with @kmod->error set
 */
json_t *json_stats(struct kmod *kmod)
{
	return ask_all(kmod, APPGW_CMD_STATS_GET, 0, answer_stats,
		       json_object());
}

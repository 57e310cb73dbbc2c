// SPDX-License-Identifier: GPL-2.0-only
/* Follow the module's events: they go into the history and, as far as the
 * configuration wants it, into the log.
 */

#include <errno.h>
#include <netlink/attr.h>

#include "event_text.h"
#include "follow.h"
#include "journal.h"
#include "kmod_json.h"

/* Messages that are read before something else has its turn: the module sends 500 a
 * second at most.
 */
#define FOLLOW_READ_MAX		1024

/* Longest message with an event */
#define FOLLOW_MESSAGE_MAX	1024

/**
 * follow_open() - begin to follow a module that has come
 * @follower: not open
 *
 * Without success only the history is missing, and the log says so.
 */
void follow_open(struct follower *follower)
{
	follower->has_lost = false;
	if (kmod_open(&follower->kmod)) {
		log_line(LOG_WARNING, "events: %s", follower->kmod.text);
		return;
	}
	if (kmod_follow(&follower->kmod)) {
		log_line(LOG_WARNING, "events: %s", follower->kmod.text);
		kmod_close(&follower->kmod);
		return;
	}
	follower->is_open = true;
}

/**
 * follow_close() - the module has gone
 * @follower: open or not; its history stays
 */
void follow_close(struct follower *follower)
{
	if (follower->is_open)
		kmod_close(&follower->kmod);
	follower->is_open = false;
}

static const struct nlattr *follow_attr(const struct nlattr *event, int type)
{
	return nla_find(nla_data(event), nla_len(event), type);
}

/* Tell if the line of an event may be wanted in the log, before any is made. */
static bool follow_may_log(const struct nlattr *event, enum log_events which)
{
	const struct nlattr *type = follow_attr(event, APPGW_EVENT_TYPE);

	if (which != LOG_EVENTS_REFUSED)
		return which != LOG_EVENTS_OFF;
	if (!type || nla_len(type) < (int)sizeof(uint8_t))
		return false;
	switch (nla_get_u8(type)) {
	case APPGW_EVENT_REFUSED:
	case APPGW_EVENT_STOPPED:
	case APPGW_EVENT_BLOCKED:
		return true;
	default:
		return false;
	}
}

static void follow_log(const struct nlattr *attrs, enum log_events which)
{
	char line[EVENT_LINE_MAX];
	json_t *event;

	if (!follow_may_log(attrs, which))
		return;
	event = json_event_attrs(nla_data(attrs), nla_len(attrs));
	if ((which == LOG_EVENTS_REFUSED && !event_is_refusal(event)) ||
	    !log_admits(LOG_INFO))
		goto out;
	event_text(line, sizeof(line), event);
	if (!log_is_prefixed() || !journal_event(event, line))
		log_line(LOG_INFO, "%s", line);
out:
	json_decref(event);
}

static void follow_take(struct follower *follower, const struct nlattr *event,
			enum log_events which)
{
	const struct nlattr *lost = follow_attr(event, APPGW_EVENT_LOST);

	follow_log(event, which);
	history_add(&follower->history, nla_data(event), nla_len(event),
		    lost && nla_len(lost) >= (int)sizeof(uint32_t) ?
		    nla_get_u32(lost) : 0);
}

/* Take the events of one message. Without libnl: it allocates and clears a message for
 * each that it reads.
 */
static void follow_message(struct follower *follower, struct nlmsghdr *nlh,
			   int len, enum log_events which)
{
	const struct nlattr *attr;
	int rem;

	if (!nlmsg_ok(nlh, len) || nlh->nlmsg_type != kmod_number() ||
	    !genlmsg_valid_hdr(nlh, 0))
		return;
	nla_for_each_attr(attr, genlmsg_attrdata(nlmsg_data(nlh), 0),
			  genlmsg_attrlen(nlmsg_data(nlh), 0), rem)
		if (nla_type(attr) == APPGW_ATTR_EVENT)
			follow_take(follower, attr, which);
}

/**
 * follow_read() - take what the module has told, and wait for nothing
 * @follower: open or not
 * @which: events that are logged
 *
 * To be called every second at least: more than the events of that time may find no
 * room. Not whenever there is one: what it takes to be woken for it is taken from the
 * segment that is waiting for the daemon.
 */
void follow_read(struct follower *follower, enum log_events which)
{
	union {
		struct nlmsghdr nlh;
		uint8_t bytes[FOLLOW_MESSAGE_MAX];
	} message;
	ssize_t n = -1;
	unsigned int i;

	for (i = 0; follower->is_open && i < FOLLOW_READ_MAX; i++) {
		n = recv(nl_socket_get_fd(follower->kmod.sock), &message,
			 sizeof(message), MSG_DONTWAIT);
		if (n >= 0) {
			follow_message(follower, &message.nlh, n, which);
			continue;
		}
		if (errno != ENOBUFS)
			break;
		follower->has_lost = true;
	}
	if (n < 0 && errno == EAGAIN && follower->has_lost) {
		history_lose(&follower->history, kmod_lost(&follower->kmod));
		follower->has_lost = false;
	}
}

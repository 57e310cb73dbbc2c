/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_SCANNERS_H
#define SELFTESTS_SCANNERS_H

#include "../../../daemon/proto.h"
#include "../../../kmod/protocols/ftp_session.h"
#include "../../../kmod/protocols/irc_scan.h"
#include "../../../kmod/protocols/msn_scan.h"
#include "../../../kmod/protocols/pna_scan.h"
#include "../../../kmod/protocols/rtsp_scan.h"

/* Announcements of a unit's, at most. */
#define MARKS_MAX	8

union scanner_session {
	struct ftp_session ftp;
	struct irc_session irc;
	struct rtsp_session rtsp;
	struct pna_session pna;
	struct msn_session msn;
};

/**
 * struct scanner - a protocol's
 * @name: the protocol
 * @daemon: its other half, NULL if it has none
 * @any_time: the administrator lets announcements count before a login; NULL if
 *	that can't be said
 * @greets: what a server may say first
 * @lets_in: what it says to have more said to it
 * @lets_in_len: its length
 * @unit: length of the unit at the start of @data, 0 if its end is yet to come
 * @want: bytes of one without an end that are sure to stay, or -1 for all
 * @feed: takes in those
 * @line: takes in a unit, returns how many announcements it has that count. FTP's
 *	sets @port, too
 * @is_over: nothing is read any more
 */
struct scanner {
	const char *name;
	const struct proto *daemon;
	void (*any_time)(union scanner_session *s);
	const char *greets;
	const char *lets_in;
	size_t lets_in_len;
	size_t (*unit)(const union scanner_session *s, bool client,
		       struct span data);
	int (*want)(const union scanner_session *s, bool client,
		    struct span rest);
	void (*feed)(union scanner_session *s, bool client, struct span part);
	unsigned int (*line)(union scanner_session *s, bool client,
			     struct span rest, uint16_t *at, uint16_t *port);
	bool (*is_over)(const union scanner_session *s);
};

extern const struct scanner scanners[];
extern const size_t scanners_count;

#endif /* SELFTESTS_SCANNERS_H */

/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_SCANNERS_H
#define SELFTESTS_SCANNERS_H

#include "../../../daemon/proto.h"
#include "../../../kmod/protocols/ftp_session.h"
#include "../../../kmod/protocols/irc_scan.h"
#include "../../../kmod/protocols/mms_scan.h"
#include "../../../kmod/protocols/msn_scan.h"
#include "../../../kmod/protocols/pna_scan.h"
#include "../../../kmod/protocols/rtsp_scan.h"

union scanner_session {
	struct ftp_session ftp;
	struct irc_session irc;
	struct rtsp_session rtsp;
	struct pna_session pna;
	struct msn_session msn;
	struct mms_session mms;
};

/**
 * struct scanner - a protocol's
 * @name: the protocol
 * @daemon: its other half, NULL if it has none
 * @is_younger: browsers were recorded before it was there, and none was made to say
 *	what a client of it says
 * @any_time: the administrator lets announcements count before a login; NULL if
 *	that can't be said
 * @greets: what a server may say first
 * @lets_in: what it says to have more said to it
 * @lets_in_len: its length
 * @read: take in the unit that @data begins with; see struct gate_scan_ops. FTP's
 *	sets @port, too
 * @feed: take in bytes of one without an end
 * @is_over: nothing is read any more
 */
struct scanner {
	const char *name;
	const struct proto *daemon;
	bool is_younger;
	void (*any_time)(union scanner_session *s);
	const char *greets;
	const char *lets_in;
	size_t lets_in_len;
	void (*read)(union scanner_session *s, bool client, struct span data,
		     struct scan_unit *unit, uint16_t *port);
	void (*feed)(union scanner_session *s, bool client, struct span part);
	bool (*is_over)(const union scanner_session *s);
};

extern const struct scanner scanners[];
extern const size_t scanners_count;

#endif /* SELFTESTS_SCANNERS_H */

// SPDX-License-Identifier: GPL-2.0-only
/* The scanners of all protocols, asked in one form, and what a server of each says
 * that has announcements count.
 */

#include "scanners.h"

static void ftp_feed(union scanner_session *s, bool client, struct span part)
{
	(void)s;
	(void)client;
	(void)part;
}

/* All of a line is kept until its end is there. */
static void ftp_read(union scanner_session *s, bool client, struct span data,
		     struct scan_unit *unit, uint16_t *port)
{
	struct ftp_announcement ann;
	enum ftp_do what;

	*unit = (struct scan_unit){ .len = span_line_len(data) };
	if (!unit->len)
		return;
	data.len = unit->len - 1;
	if (data.len && data.at[data.len - 1] == '\r')
		data.len--;
	what = client ? appgw_ftp_session_command(&s->ftp, data, &ann,
						  &unit->why) :
			appgw_ftp_session_reply(&s->ftp, data, &ann,
						&unit->why);
	*port = what == FTP_DO_OPEN ? ann.ep.port : 0;
	if (what == FTP_DO_OPEN)
		scan_unit_add(unit, 0);
}

static void ftp_any_time(union scanner_session *s)
{
	s->ftp.any_time = true;
}

static bool ftp_is_over(const union scanner_session *s)
{
	return s->ftp.phase == FTP_PHASE_OVER;
}

#define SCANNER(proto)							\
static void proto ## _feed(union scanner_session *s, bool client,	\
			   struct span part)				\
{									\
	appgw_ ## proto ## _feed(&s->proto, client, part);		\
}									\
									\
static void proto ## _read(union scanner_session *s, bool client,	\
			   struct span data, struct scan_unit *unit,	\
			   uint16_t *port)				\
{									\
	(void)port;							\
	appgw_ ## proto ## _read(&s->proto, client, data, unit);	\
}									\
									\
static bool proto ## _is_over(const union scanner_session *s)		\
{									\
	return s->proto.over;						\
}

SCANNER(irc)

static void irc_any_time(union scanner_session *s)
{
	s->irc.any_time = true;
}

SCANNER(rtsp)
SCANNER(pna)
SCANNER(msn)

static void mms_feed(union scanner_session *s, bool client, struct span part)
{
	appgw_mms_feed(&s->mms, client, part);
}

static void mms_read(union scanner_session *s, bool client, struct span data,
		     struct scan_unit *unit, uint16_t *port)
{
	(void)port;
	appgw_mms_read(&s->mms, client, data, unit);
}

static bool mms_is_over(const union scanner_session *s)
{
	return s->mms.framed[0].over;
}

#define SAYS(text)	.lets_in = (text), .lets_in_len = sizeof(text) - 1

/* What reads it. */
#define READS(proto)							\
	.read = proto ## _read, .feed = proto ## _feed,			\
	.is_over = proto ## _is_over

#define FTP	.greets = "220 hi\r\n", SAYS("230 come in\r\n"), READS(ftp)
#define IRC	.daemon = &irc_proto, .greets = ":s NOTICE * :hi\r\n",		\
		SAYS(":s 001 a :hi\r\n"), READS(irc)

const struct scanner scanners[] = {
	{ .name = "ftp", FTP },
	{ .name = "irc", IRC },
	{ .name = "ftp at any time", .any_time = ftp_any_time, FTP },
	{ .name = "irc at any time", .any_time = irc_any_time, IRC },
	{
		.name = "rtsp", .daemon = &rtsp_proto,
		.greets = "",
		SAYS("RTSP/1.0 200 OK\r\nCSeq: 2\r\nSession: 1\r\n"
		     "Transport: RTP/AVP;unicast;client_port=5432-5433;"
		     "server_port=6256-6257\r\n\r\n"),
		READS(rtsp),
	}, {
		.name = "pna", .daemon = &pna_proto,
		.greets = "",
		SAYS("PNA\0\x0b\x01\x02\x03\x04\x05\x06\0\x07\x18\x70"),
		READS(pna),
	}, {
		.name = "msn", .daemon = &msn_proto,
		.greets = "",
		SAYS("USR 1 OK a@x.org a\r\nCAL 2 RINGING 1\r\n"
		     "JOI b@x.org b\r\n"),
		READS(msn),
	}, {
		.name = "mms", .daemon = &mms_proto, .is_younger = true,
		.greets = "",
		SAYS("\1\0\0\0\xce\xfa\x0b\xb0\x20\0\0\0MMS \4\0\0\0"
		     "\0\0\0\0\0\0\0\0\0\0\0\0\2\0\0\0\2\0\4\0"
		     "\0\0\0\0\0\0\0\0"),
		READS(mms),
	},
};

const size_t scanners_count = sizeof(scanners) / sizeof(*scanners);

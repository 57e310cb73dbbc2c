// SPDX-License-Identifier: GPL-2.0-only
/* The scanners of all protocols, asked in one form, and what a server of each says
 * that has announcements count.
 */

#include "scanners.h"

static size_t line_unit(const union scanner_session *s, bool client,
			struct span data)
{
	const uint8_t *nl = span_find(data, '\n');

	(void)s;
	(void)client;
	return nl ? nl - data.at + 1 : 0;
}

static int ftp_want(const union scanner_session *s, bool client,
		    struct span rest)
{
	(void)s;
	(void)client;
	(void)rest;
	return 0;
}

static void ftp_feed(union scanner_session *s, bool client, struct span part)
{
	(void)s;
	(void)client;
	(void)part;
}

static unsigned int ftp_line(union scanner_session *s, bool client,
			     struct span rest, uint16_t *at, uint16_t *port)
{
	struct ftp_announcement ann;
	enum scan_why why;
	enum ftp_do what;

	rest.len--;
	if (rest.len && rest.at[rest.len - 1] == '\r')
		rest.len--;
	what = client ? appgw_ftp_session_command(&s->ftp, rest, &ann, &why) :
			appgw_ftp_session_reply(&s->ftp, rest, &ann, &why);
	*at = 0;
	*port = what == FTP_DO_OPEN ? ann.ep.port : 0;
	return what == FTP_DO_OPEN;
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
static int proto ## _want(const union scanner_session *s, bool client,	\
			  struct span rest)				\
{									\
	return appgw_ ## proto ## _want(&s->proto, client, rest);	\
}									\
									\
static void proto ## _feed(union scanner_session *s, bool client,	\
			   struct span part)				\
{									\
	appgw_ ## proto ## _feed(&s->proto, client, part);		\
}									\
									\
static unsigned int proto ## _line(union scanner_session *s, bool client, \
				   struct span rest, uint16_t *at,	\
				   uint16_t *port)			\
{									\
	enum scan_why why;						\
									\
	(void)port;							\
	return appgw_ ## proto ## _line(&s->proto, client, rest, at,	\
					MARKS_MAX, &why);		\
}									\
									\
static bool proto ## _is_over(const union scanner_session *s)		\
{									\
	return s->proto.over;						\
}

#define SCANNER_UNIT(proto)						\
static size_t proto ## _unit(const union scanner_session *s, bool client, \
			     struct span data)				\
{									\
	return appgw_ ## proto ## _unit(&s->proto, client, data);	\
}

SCANNER(irc)

static void irc_any_time(union scanner_session *s)
{
	s->irc.any_time = true;
}

SCANNER(rtsp) SCANNER_UNIT(rtsp)
SCANNER(pna) SCANNER_UNIT(pna)
SCANNER(msn) SCANNER_UNIT(msn)

#define SAYS(text)	.lets_in = (text), .lets_in_len = sizeof(text) - 1

/* What reads it, and how long its units are. */
#define READS(proto, units)						\
	.unit = units ## _unit, .want = proto ## _want,			\
	.feed = proto ## _feed, .line = proto ## _line,			\
	.is_over = proto ## _is_over

#define FTP	.greets = "220 hi\r\n", SAYS("230 come in\r\n"), READS(ftp, line)
#define IRC	.daemon = &irc_proto, .greets = ":s NOTICE * :hi\r\n",		\
		SAYS(":s 001 a :hi\r\n"), READS(irc, line)

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
		READS(rtsp, rtsp),
	}, {
		.name = "pna", .daemon = &pna_proto,
		.greets = "",
		SAYS("PNA\0\x0b\x01\x02\x03\x04\x05\x06\0\x07\x18\x70"),
		READS(pna, pna),
	}, {
		.name = "msn", .daemon = &msn_proto,
		.greets = "",
		SAYS("USR 1 OK a@x.org a\r\nCAL 2 RINGING 1\r\n"
		     "JOI b@x.org b\r\n"),
		READS(msn, msn),
	},
};

const size_t scanners_count = sizeof(scanners) / sizeof(*scanners);

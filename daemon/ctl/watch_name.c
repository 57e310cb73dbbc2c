// SPDX-License-Identifier: GPL-2.0-only
/* appgwctl watch: say what a flow is, by its port or by its first bytes. */

#include <netinet/in.h>

#include "watch.h"

/* Longest line that is looked through for a word, and no more of it than is there */
#define SIGNATURE_MAX	256

enum service {
	SERVICE_NONE,
	SERVICE_AIM,
	SERVICE_YAHOO,
	SERVICE_FTP,
	SERVICE_FTPS,
	SERVICE_GREETED,
	SERVICE_RTSP,
	SERVICE_PNA,
	SERVICE_IRC,
	SERVICE_MSN,
	SERVICE_MMS,
	SERVICE_BITTORRENT,
	SERVICE_EDONKEY,
	SERVICE_GNUTELLA,
	SERVICE_SOCKS,
	SERVICE_TLS,
	SERVICE_DNS,
	SERVICE_HTTP,
};

/* What is known by its first bytes, or has no profile */
static const struct watch_name services[] = {
	[SERVICE_AIM]		= { "AIM, ICQ", "profile aim" },
	[SERVICE_YAHOO]		= { "Yahoo Messenger", "profile yahoo" },
	[SERVICE_FTP]		= { "FTP",
				    "profile ftp-client, helper appgw-ftp" },
	[SERVICE_FTPS]		= { "FTP over TLS", "ftps_ports of nf_appgw" },
	[SERVICE_GREETED]	= { "FTP, or mail",
				    "if it is FTP, add its port to ports" },
	[SERVICE_RTSP]		= { "RTSP",
				    "profile realplayer, helper appgw-rtsp" },
	[SERVICE_PNA]		= { "RealPlayer (PNA)",
				    "profile realplayer, helper appgw-pna" },
	[SERVICE_IRC]		= { "IRC", "profile irc, helper appgw-irc" },
	[SERVICE_MSN]		= { "MSN Messenger",
				    "profile msn, helper appgw-msn" },
	[SERVICE_MMS]		= { "Windows Media (MMS)",
				    "profile mms, helper appgw-mms" },
	[SERVICE_BITTORRENT]	= { "BitTorrent", "profile bittorrent" },
	[SERVICE_EDONKEY]	= { "eDonkey, eMule", "profile edonkey" },
	[SERVICE_GNUTELLA]	= { "Gnutella, Shareaza", "profile gnutella" },
	[SERVICE_SOCKS]		= { "SOCKS", "allow the proxy's port: no helper" },
	[SERVICE_TLS]		= { "TLS", "allow its port: no helper can read it" },
	[SERVICE_DNS]		= { "DNS", "allow port 53" },
	[SERVICE_HTTP]		= { "the web", "allow its port: no helper" },
};

/* Ports without a profile, or for which another name would be misleading: of TCP, or
 * (0) of both
 */
static const struct {
	uint8_t proto;
	uint16_t port;
	enum service service;
} ports[] = {
	{ 0, 53, SERVICE_DNS },
	{ IPPROTO_TCP, 80, SERVICE_HTTP },
	{ IPPROTO_TCP, 443, SERVICE_HTTP },
	{ IPPROTO_TCP, 990, SERVICE_FTPS },
	{ IPPROTO_TCP, 1080, SERVICE_SOCKS },
	{ IPPROTO_TCP, 2121, SERVICE_FTP },
};

/**
 * watch_name() - name a flow by its port
 * @proto: transport protocol
 * @port: where it goes to
 * @way: who begins it
 *
 * Return: its name, or NULL
 */
const struct watch_name *watch_name(uint8_t proto, uint16_t port,
				    enum watch_way way)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ports); i++)
		if (port == ports[i].port &&
		    (!ports[i].proto || ports[i].proto == proto))
			return &services[ports[i].service];
	return watch_profiles_name(proto, port, way);
}

/* Bytes that payload begins with, by service */
static const struct {
	uint8_t len;
	const char *bytes;
	enum service service;
} beginnings[] = {
	{ 2, "\x2a\x01", SERVICE_AIM },
	{ 4, "YMSG", SERVICE_YAHOO },
	{ 4, "220 ", SERVICE_GREETED },
	{ 4, "220-", SERVICE_GREETED },
	{ 5, "NICK ", SERVICE_IRC },
	{ 8, "VER 1 MS", SERVICE_MSN },
	{ 8, "VER 0 MS", SERVICE_MSN },
	{ 3, "PNA", SERVICE_PNA },
	{ 8, "\x01\0\0\0\xce\xfa\x0b\xb0", SERVICE_MMS },
	{ 20, "\023BitTorrent protocol", SERVICE_BITTORRENT },
	{ 16, "GNUTELLA CONNECT", SERVICE_GNUTELLA },
	{ 2, "\x16\x03", SERVICE_TLS },
};

/* Tell if the first line has a word in it. */
static bool signature_has(struct span s, const char *word)
{
	size_t n = strlen(word);

	if (s.len > SIGNATURE_MAX)
		s.len = SIGNATURE_MAX;
	for (; s.len >= n && *s.at != '\n'; span_skip(&s, 1))
		if (!memcmp(s.at, word, n))
			return true;
	return false;
}

/* "USER name mode unused :real name" is IRC's, "USER name" FTP's. */
static enum service signature_user(struct span s)
{
	unsigned int blanks = 0;

	if (s.len > SIGNATURE_MAX)
		s.len = SIGNATURE_MAX;
	for (; s.len && *s.at != '\r' && *s.at != '\n'; span_skip(&s, 1))
		blanks += *s.at == ' ';
	return blanks >= 4 ? SERVICE_IRC : SERVICE_FTP;
}

static enum service signature_tcp(struct span s)
{
	/* E3, a length of 4 bytes that is small, and an opcode */
	if (s.len >= 6 && s.at[0] == 0xe3 && !s.at[3] && !s.at[4])
		return SERVICE_EDONKEY;
	/* version, and methods: as many as it says */
	if (s.len >= 3 && s.at[0] == 5 && s.at[1] && s.len == 2u + s.at[1])
		return SERVICE_SOCKS;
	if (s.len >= 5 && !memcmp(s.at, "USER ", 5))
		return signature_user(s);
	if (signature_has(s, "RTSP/"))
		return SERVICE_RTSP;
	return SERVICE_NONE;
}

/**
 * watch_signature() - name a flow by the first bytes that a packet carries
 * @proto: transport protocol
 * @payload: those
 *
 * Return: its name, or NULL
 */
const struct watch_name *watch_signature(uint8_t proto, struct span payload)
{
	enum service service;
	unsigned int i;

	if (proto != IPPROTO_TCP)
		return NULL;
	for (i = 0; i < ARRAY_SIZE(beginnings); i++)
		if (payload.len >= beginnings[i].len &&
		    !memcmp(payload.at, beginnings[i].bytes, beginnings[i].len))
			return &services[beginnings[i].service];
	service = signature_tcp(payload);
	return service ? &services[service] : NULL;
}

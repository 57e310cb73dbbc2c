// SPDX-License-Identifier: GPL-2.0-only
/* What FTP clients and servers say, and what they never would. */

#include <linux/kernel.h>
#include <net/tcp.h>

#include "storm.h"

static const struct storm_opening storm_ftp_opening[] = {
	{ IP_CT_DIR_ORIGINAL, TCPHDR_SYN, TCP_CONNTRACK_SYN_SENT, "" },
	{ IP_CT_DIR_REPLY, TCPHDR_SYN | TCPHDR_ACK, TCP_CONNTRACK_SYN_RECV,
	  "" },
	{ IP_CT_DIR_REPLY, TCPHDR_ACK, TCP_CONNTRACK_ESTABLISHED,
	  "220 ready\r\n" },
	{ IP_CT_DIR_ORIGINAL, TCPHDR_ACK, TCP_CONNTRACK_ESTABLISHED,
	  "USER anonymous\r\n" },
	{ IP_CT_DIR_REPLY, TCPHDR_ACK, TCP_CONNTRACK_ESTABLISHED,
	  "230 welcome\r\n" },
	{ IP_CT_DIR_ORIGINAL, TCPHDR_ACK, TCP_CONNTRACK_ESTABLISHED,
	  "AUTH TLS\r\n" },
	{ IP_CT_DIR_REPLY, TCPHDR_ACK, TCP_CONNTRACK_ESTABLISHED,
	  "234 go on\r\n" },
};

static const char * const storm_commands[] = {
	"USER anonymous", "PASS a@b", "SYST", "FEAT", "NOOP", "QUIT", "ABOR",
	"RETR file", "STOR file", "LIST", "CWD /", "TYPE I", "EPSV ALL",
	"AUTH TLS", "PBSZ 0", "PROT P", "CCC", "REIN", "GET / HTTP/1.1",
};

static const char * const storm_replies[] = {
	"220 ready", "220-first", "331 password", "230 welcome", "230-more",
	"200 ok", "150 opening", "226 done", "500 what", "425 no", "530 login",
	"221 bye", "234 go on", "250 fine", " 227 continued", "421 gone",
};

/* @addr as PORT and 227 have it, with @port behind it */
static int storm_numbers(char *text, unsigned int size, const u8 *addr, int len,
			 u16 port)
{
	int i, n = 0;

	for (i = 0; i < len; i++)
		n += scnprintf(text + n, size - n, "%u,", addr[i]);
	return n + scnprintf(text + n, size - n, "%u,%u", port >> 8,
			     port & 0xff);
}

static int storm_long(char *text, unsigned int size, const u8 *addr, bool v6,
		      u16 port)
{
	int n = scnprintf(text, size, v6 ? "6,16," : "4,4,"), i;

	for (i = 0; i < (v6 ? 16 : 4); i++)
		n += scnprintf(text + n, size - n, "%u,", addr[i]);
	return n + scnprintf(text + n, size - n, "2,%u,%u", port >> 8,
			     port & 0xff);
}

/* An announcement; @tuple is the one of its packet. */
static int storm_announce(struct rnd_state *rnd, enum ip_conntrack_dir dir,
			  const struct nf_conntrack_tuple *tuple, char *text,
			  unsigned int size)
{
	bool v6 = tuple->src.l3num == NFPROTO_IPV6;
	const u8 *addr = (const u8 *)&tuple->src.u3;
	bool client = dir == IP_CT_DIR_ORIGINAL;
	u16 port = storm_port(rnd);
	int n = 0;

	switch (storm_below(rnd, 3)) {
	case 0:
		n = scnprintf(text, size, client ? "PORT " :
						   "227 Entering (");
		return n + storm_numbers(text + n, size - n, addr, 4, port);
	case 1:
		if (!client)
			return scnprintf(text, size, "229 ok (|||%u|)", port);
		return v6 ? scnprintf(text, size, "EPRT |2|%pI6c|%u|", addr,
				      port) :
			    scnprintf(text, size, "EPRT |1|%pI4|%u|", addr,
				      port);
	default:
		n = scnprintf(text, size, client ? "LPRT " : "228 long (");
		return n + storm_long(text + n, size - n, addr, v6, port);
	}
}

static unsigned int storm_ftp_line(struct rnd_state *rnd,
				   enum ip_conntrack_dir dir,
				   const struct nf_conntrack_tuple *tuple,
				   char *text, unsigned int size)
{
	bool client = dir == IP_CT_DIR_ORIGINAL;
	const char *word;

	if (storm_one_in(rnd, 3))
		return storm_announce(rnd, dir, tuple, text, size);
	if (client && storm_one_in(rnd, 3))
		word = storm_one_in(rnd, 2) ? "PASV" : "EPSV";
	else if (client)
		word = storm_commands[storm_below(rnd,
						ARRAY_SIZE(storm_commands))];
	else
		word = storm_replies[storm_below(rnd,
						 ARRAY_SIZE(storm_replies))];
	return scnprintf(text, size, "%s", word);
}

const struct storm_protocol storm_ftp = {
	.name		= "ftp",
	.helper		= "appgw-ftp",
	.port		= 21,
	.life		= 200,
	.opening	= storm_ftp_opening,
	.opening_len	= ARRAY_SIZE(storm_ftp_opening),
	.opening_tls	= 2,
	.slips		= 4,
	.room		= 300,
	.line		= storm_ftp_line,
};

// SPDX-License-Identifier: GPL-2.0-only
/* What IRC clients and servers say, and what they never would. */

#include <linux/kernel.h>
#include <net/tcp.h>

#include "storm.h"

/* Messages of CTCP in a line, at most */
#define STORM_MESSAGES	3

static const struct storm_opening storm_irc_opening[] = {
	{ IP_CT_DIR_ORIGINAL, TCPHDR_SYN, TCP_CONNTRACK_SYN_SENT, "" },
	{ IP_CT_DIR_REPLY, TCPHDR_SYN | TCPHDR_ACK, TCP_CONNTRACK_SYN_RECV,
	  "" },
	{ IP_CT_DIR_ORIGINAL, TCPHDR_ACK, TCP_CONNTRACK_ESTABLISHED,
	  "NICK me\r\nUSER me 0 * :me\r\n" },
	{ IP_CT_DIR_REPLY, TCPHDR_ACK, TCP_CONNTRACK_ESTABLISHED,
	  ":irc.test 001 me :Welcome\r\n" },
	{ IP_CT_DIR_ORIGINAL, TCPHDR_ACK, TCP_CONNTRACK_ESTABLISHED,
	  "STARTTLS\r\n" },
	{ IP_CT_DIR_REPLY, TCPHDR_ACK, TCP_CONNTRACK_ESTABLISHED,
	  ":irc.test 670 me :go on\r\n" },
};

static const char * const storm_client_lines[] = {
	"PING :x", "JOIN #x", "PRIVMSG bob :hello", "NOTICE #x :ho",
	"MODE me +i", "CAP LS 302", "NICK you", "USER me 0 * :me",
	"AUTHENTICATE PLAIN", "PONG x", "QUIT :bye", "STARTTLS",
	"GET / HTTP/1.1", "PRIVMSG bob :\1VERSION\1", " PRIVMSG  bob  :\1DCC",
	"PRIVMSG bob :\1ACTION nods\1", "PRIVMSG bob :\1", "PRIVMSG bob :\1DC",
	"USERHOST PRIVMSG bob :\1DCC SEND f 1 2000 1\1", "@a=b", ":me",
};

static const char * const storm_server_lines[] = {
	":irc.test 372 me :- hello", ":bob!b@a PRIVMSG me :hello",
	"PING :irc.test", ":irc.test 001 me :Welcome", ":irc.test 433 * me :no",
	"ERROR :bye", "NOTICE * :hello", ":bob!b@a NOTICE me :\1PING 1\1",
	":irc.test 332 me #x :\1DCC SEND f 1 2000 1\1", "001 me :Welcome",
	"@time=1 :bob!b@a PRIVMSG me :\1", "@time=1;x=y :bob!b@a TAGMSG me",
	":bob!b@a PRIVMSG me :\1DCC", ":", "@",
};

static const char * const storm_types[] = {
	"SEND", "CHAT", "TSEND", "XMIT", "MOVE", "SCHAT", "send", "SEN", "",
};

static const char * const storm_names[] = {
	"f", "chat", "\"my file 1 2\"", "my own file.txt", "\"open", "", "a b c",
};

/* An address, mostly the speaker's, as DCC has it */
static unsigned int storm_dcc_addr(struct rnd_state *rnd,
				   const struct nf_conntrack_tuple *tuple,
				   char *text, unsigned int size)
{
	if (storm_one_in(rnd, 10))
		return scnprintf(text, size, "%u", prandom_u32_state(rnd));
	if (tuple->src.l3num == NFPROTO_IPV6)
		return scnprintf(text, size, "%pI6c", &tuple->src.u3);
	if (storm_one_in(rnd, 4))
		return scnprintf(text, size, "%pI4", &tuple->src.u3);
	return scnprintf(text, size, "%u", ntohl(tuple->src.u3.ip));
}

/* A message of CTCP, mostly of DCC */
static unsigned int storm_dcc(struct rnd_state *rnd,
			      const struct nf_conntrack_tuple *tuple,
			      char *text, unsigned int size)
{
	u16 port = storm_one_in(rnd, 12) ? 0 : storm_port(rnd);
	const char *name, *type;
	unsigned int n;

	name = storm_names[storm_below(rnd, ARRAY_SIZE(storm_names))];
	type = storm_types[storm_below(rnd, ARRAY_SIZE(storm_types))];
	if (storm_one_in(rnd, 5)) {
		n = scnprintf(text, size, "\1DCC %s %s %u 100",
			      storm_one_in(rnd, 2) ? "RESUME" : "ACCEPT", name,
			      port);
	} else {
		n = scnprintf(text, size, "\1%s %s %s ",
			      storm_one_in(rnd, 8) ? "dcc" : "DCC", type, name);
		n += storm_dcc_addr(rnd, tuple, text + n, size - n);
		n += scnprintf(text + n, size - n, " %u", port);
		if (!storm_one_in(rnd, 4))
			n += scnprintf(text + n, size - n, " %u",
				       prandom_u32_state(rnd));
	}
	if (storm_one_in(rnd, 6))
		n += scnprintf(text + n, size - n, " %u",
			       storm_below(rnd, 100));
	if (!storm_one_in(rnd, 8))
		n += scnprintf(text + n, size - n, "\1");
	return n;
}

static unsigned int storm_offer(struct rnd_state *rnd,
				enum ip_conntrack_dir dir,
				const struct nf_conntrack_tuple *tuple,
				char *text, unsigned int size)
{
	unsigned int messages = 1, n = 0;

	if (storm_one_in(rnd, 4))
		n += scnprintf(text, size, "@label=%u;+x=y ",
			       prandom_u32_state(rnd));
	if (dir == IP_CT_DIR_REPLY || storm_one_in(rnd, 4))
		n += scnprintf(text + n, size - n, ":bob!b@a ");
	n += scnprintf(text + n, size - n, "%s bob :",
		       storm_one_in(rnd, 4) ? "notice" : "PRIVMSG");
	if (storm_one_in(rnd, 6))
		messages += storm_below(rnd, STORM_MESSAGES);
	while (messages--)
		n += storm_dcc(rnd, tuple, text + n, size - n);
	return n;
}

static unsigned int storm_irc_line(struct rnd_state *rnd,
				   enum ip_conntrack_dir dir,
				   const struct nf_conntrack_tuple *tuple,
				   char *text, unsigned int size)
{
	const char *line;

	if (storm_one_in(rnd, 3))
		return storm_offer(rnd, dir, tuple, text, size);
	if (dir == IP_CT_DIR_ORIGINAL)
		line = storm_client_lines[storm_below(rnd,
					ARRAY_SIZE(storm_client_lines))];
	else
		line = storm_server_lines[storm_below(rnd,
					ARRAY_SIZE(storm_server_lines))];
	return scnprintf(text, size, "%s", line);
}

const struct storm_protocol storm_irc = {
	.name		= "irc",
	.helper		= "appgw-irc",
	.port		= 6667,
	/* what is lost behind the hooks isn't sent again for sure */
	.life		= 60,
	.queued		= true,
	.opening	= storm_irc_opening,
	.opening_len	= ARRAY_SIZE(storm_irc_opening),
	.opening_tls	= 2,
	.slips		= 4,
	.room		= 300,
	.line		= storm_irc_line,
};

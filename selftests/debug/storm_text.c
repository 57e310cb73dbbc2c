// SPDX-License-Identifier: GPL-2.0-only
/* What FTP clients and servers say, and what they never would. */

#include <linux/kernel.h>
#include <linux/string.h>

#include "../../kmod/stream.h"
#include "storm.h"

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

static u16 storm_port(struct rnd_state *rnd)
{
	if (storm_one_in(rnd, 8))
		return prandom_u32_state(rnd);
	if (storm_one_in(rnd, 16))
		return storm_below(rnd, 1024);
	return 50000 + storm_below(rnd, 64);
}

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

/* The line goes on for longer than any tail that is kept. */
static unsigned int storm_stretch(char *text, unsigned int len,
				  unsigned int size)
{
	unsigned int n = min(STREAM_HOLD_MAX + 64u, size - len);

	memset(text + len, ',', n);
	return len + n;
}

/* Some bytes go wrong. */
static unsigned int storm_mutate(struct rnd_state *rnd, char *text,
				 unsigned int len, unsigned int size)
{
	static const char marks[] = "0123456789,.|()- \r\n\0\xff";
	unsigned int at = storm_below(rnd, len), n;

	switch (storm_below(rnd, 6)) {
	case 0:
		text[at] ^= 1 << storm_below(rnd, 8);
		break;
	case 1:
		text[at] = marks[storm_below(rnd, sizeof(marks) - 1)];
		break;
	case 2:
		return at + 1;
	case 3:
		memmove(text + at, text + at + 1, len - at - 1);
		return len > 1 ? len - 1 : 1;
	case 4:
		n = min(len - at, size - len);
		memmove(text + at + n, text + at, len - at);
		return len + n;
	default:
		n = min(storm_below(rnd, 800), size - len);
		memset(text + len, text[at], n);
		return len + n;
	}
	return len;
}

/**
 * storm_text() - some lines, or parts of lines
 * @rnd: what decides
 * @dir: who speaks
 * @tuple: the connection in that direction
 * @text: set
 * @size: bytes that it has room for, at least 300
 *
 * Return: how many it has, at least 1
 */
unsigned int storm_text(struct rnd_state *rnd, enum ip_conntrack_dir dir,
			const struct nf_conntrack_tuple *tuple, char *text,
			unsigned int size)
{
	unsigned int lines = 1, len = 0;
	const char *word;

	if (storm_one_in(rnd, 4))
		lines += storm_below(rnd, 5);
	while (lines-- && size - len >= 300) {
		if (storm_one_in(rnd, 3)) {
			len += storm_announce(rnd, dir, tuple, text + len,
					      size - len);
			if (storm_one_in(rnd, 24))
				return storm_stretch(text, len, size);
		} else if (dir == IP_CT_DIR_ORIGINAL && storm_one_in(rnd, 3)) {
			word = storm_one_in(rnd, 2) ? "PASV" : "EPSV";
			len += scnprintf(text + len, size - len, "%s", word);
		} else {
			word = dir == IP_CT_DIR_ORIGINAL ?
			       storm_commands[storm_below(rnd,
						ARRAY_SIZE(storm_commands))] :
			       storm_replies[storm_below(rnd,
						ARRAY_SIZE(storm_replies))];
			len += scnprintf(text + len, size - len, "%s", word);
		}
		/* without it, the rest of the line may come later */
		if (!storm_one_in(rnd, 6))
			len += scnprintf(text + len, size - len, "\r\n");
	}
	if (storm_one_in(rnd, 4))
		len = storm_mutate(rnd, text, len, size);
	return len;
}

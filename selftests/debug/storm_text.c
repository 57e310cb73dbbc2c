// SPDX-License-Identifier: GPL-2.0-only
/* Lines and parts of lines, and what becomes of them where they go wrong. */

#include <linux/kernel.h>
#include <linux/string.h>

#include "../../kmod/stream.h"
#include "storm.h"

/* A port that may be announced, or must not be. */
u16 storm_port(struct rnd_state *rnd)
{
	if (storm_one_in(rnd, 8))
		return prandom_u32_state(rnd);
	if (storm_one_in(rnd, 16))
		return storm_below(rnd, 1024);
	return 50000 + storm_below(rnd, 64);
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
	static const char marks[] = "0123456789,.|()-:@\" \r\n\1\0\xff";
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
 * @protocol: what is spoken
 * @rnd: what decides
 * @dir: who speaks
 * @tuple: the connection in that direction
 * @text: set
 * @size: bytes that it has room for, at least 300
 *
 * Return: how many it has, at least 1
 */
unsigned int storm_text(const struct storm_protocol *protocol,
			struct rnd_state *rnd, enum ip_conntrack_dir dir,
			const struct nf_conntrack_tuple *tuple, char *text,
			unsigned int size)
{
	unsigned int lines = 1, len = 0;

	if (storm_one_in(rnd, 4))
		lines += storm_below(rnd, 5);
	while (lines-- && size - len >= 300) {
		len += protocol->line(rnd, dir, tuple, text + len, size - len);
		if (storm_one_in(rnd, 72))
			return storm_stretch(text, len, size);
		/* without it, the rest of the line may come later */
		if (!storm_one_in(rnd, 6))
			len += scnprintf(text + len, size - len, "\r\n");
	}
	if (storm_one_in(rnd, 4))
		len = storm_mutate(rnd, text, len, size);
	return len;
}

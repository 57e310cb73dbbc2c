// SPDX-License-Identifier: GPL-2.0-only
/* Lines and parts of lines, and what becomes of them where they go wrong. */

#include <linux/kernel.h>
#include <linux/string.h>

#include "../../kmod/stream/stream.h"
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

/* Something of what begins at offset @at goes wrong. */
void storm_spoil(struct storm_writer *w, unsigned int at, struct rnd_state *rnd)
{
	if (w->len > at)
		w->len = at + storm_mutate(rnd, w->text + at, w->len - at,
					   w->size - at);
}

/* Text at the end, as printf() has it */
void storm_add(struct storm_writer *w, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	w->len += vscnprintf(w->text + w->len, w->size - w->len, format, args);
	va_end(args);
}

/* Bytes at offset @at, in front of what is there */
void storm_insert(struct storm_writer *w, unsigned int at, const void *data,
		  unsigned int len)
{
	len = min(len, w->size - w->len);
	memmove(w->text + at + len, w->text + at, w->len - at);
	memcpy(w->text + at, data, len);
	w->len += len;
}

/* An address, mostly the speaker's */
void storm_add_addr(struct storm_writer *w, struct rnd_state *rnd,
		    const struct nf_conntrack_tuple *tuple)
{
	__be32 other = htonl(0x0a000001 + storm_below(rnd, 99));

	if (storm_one_in(rnd, 6))
		storm_add(w, "%pI4", &other);
	else if (tuple->src.l3num == NFPROTO_IPV6)
		storm_add(w, "%pI6c", &tuple->src.u3);
	else
		storm_add(w, "%pI4", &tuple->src.u3);
}

/**
 * storm_text() - some lines, or parts of lines
 * @protocol: what is spoken
 * @rnd: what decides
 * @dir: who speaks
 * @tuple: the connection in that direction
 * @text: set
 * @size: bytes that it has room for, at least the protocol's
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
	while (lines-- && size - len >= protocol->room) {
		len += protocol->line(rnd, dir, tuple, text + len, size - len);
		if (storm_one_in(rnd, 18 * protocol->slips))
			return storm_stretch(text, len, size);
		/* without it, the rest of the line may come later */
		if (!protocol->framed && !storm_one_in(rnd, 6))
			len += scnprintf(text + len, size - len, "\r\n");
	}
	if (storm_one_in(rnd, protocol->slips))
		len = storm_mutate(rnd, text, len, size);
	return len;
}

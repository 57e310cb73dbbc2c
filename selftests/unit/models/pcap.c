// SPDX-License-Identifier: GPL-2.0-only
/* Read a capture file: TCP segments of one port, each direction put back into
 * order, pieces in the order in which they became complete; or datagrams as they came.
 *
 * The classic format and pcapng, both little-endian, with Ethernet frames, those of
 * a loopback device or of Linux's "any".
 */

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pcap.h"

#define PCAP_MAGIC		0xa1b2c3d4u
#define PCAP_LOOPBACK		0
#define PCAP_ETHERNET		1
#define PCAP_COOKED		113

#define PCAP_TCP		6
#define PCAP_UDP		17

/* Blocks of a pcapng file: type, length, body, length again. */
#define PCAPNG_SECTION		0x0a0d0d0au
#define PCAPNG_INTERFACE	1
#define PCAPNG_PACKET		6
#define PCAPNG_AROUND		12
#define PCAPNG_PACKET_HEAD	20

static uint32_t pcap_be(const uint8_t *p, int n)
{
	uint32_t v = 0;

	while (n--)
		v = v << 8 | *p++;
	return v;
}

/* Reads @n numbers of the file's own, which are little-endian; false at its end. */
static bool pcap_numbers(FILE *file, uint32_t *v, size_t n)
{
	size_t i;

	if (fread(v, sizeof(*v), n, file) != n)
		return false;
	for (i = 0; i < n; i++)
		v[i] = le32toh(v[i]);
	return true;
}

/* The number at @p of a block that was read */
static uint32_t pcap_le(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return le32toh(v);
}

static uint8_t *pcap_copy(const uint8_t *data, uint32_t len)
{
	return memcpy(malloc(len), data, len);
}

/* Takes in bytes; false if they are ahead of their time. */
static bool pcap_in_order(struct pcap *p, bool reply, uint32_t seq,
			  const uint8_t *data, uint32_t len)
{
	uint32_t skip = p->next[reply] - seq;

	if ((int32_t)skip < 0)
		return false;
	if (skip >= len)
		return true;
	if (p->pieces == PCAP_PIECES_MAX) {
		p->error = "too many segments";
		return true;
	}
	p->piece[p->pieces++] = (struct pcap_piece){
		pcap_copy(data + skip, len - skip), len - skip, reply,
		p->gap[reply],
	};
	p->gap[reply] = false;
	p->next[reply] += len - skip;
	return true;
}

/* Takes in what is not ahead of its time any more. */
static void pcap_catch_up(struct pcap *p, bool reply)
{
	struct pcap_late *late = p->late[reply];
	int i;

	for (i = 0; i < p->lates[reply]; i++) {
		if (!pcap_in_order(p, reply, late[i].seq, late[i].data,
				   late[i].len))
			continue;
		free(late[i].data);
		late[i] = late[--p->lates[reply]];
		i = -1;
	}
}

static void pcap_segment(struct pcap *p, bool reply, uint32_t seq,
			 const uint8_t *data, uint32_t len)
{
	struct pcap_late *late = p->late[reply];

	if (!pcap_in_order(p, reply, seq, data, len)) {
		if (p->lates[reply] == PCAP_LATE_MAX) {
			p->error = "too many segments out of order";
			return;
		}
		late[p->lates[reply]++] = (struct pcap_late){
			pcap_copy(data, len), seq, len,
		};
		return;
	}
	pcap_catch_up(p, reply);
}

/* What is acknowledged has arrived: if it isn't here, the capture lacks it. */
static void pcap_acked(struct pcap *p, bool reply, uint32_t ack)
{
	uint32_t to;
	int i;

	/* one more acknowledges the FIN */
	while (p->seen[reply] && (int32_t)(ack - p->next[reply]) > 1) {
		to = ack;
		for (i = 0; i < p->lates[reply]; i++)
			if ((int32_t)(p->late[reply][i].seq - to) < 0)
				to = p->late[reply][i].seq;
		p->next[reply] = to;
		p->gap[reply] = true;
		pcap_catch_up(p, reply);
	}
}

/* Tell if it is a packet of the connection that is read. */
static bool pcap_is_wanted(struct pcap *p, uint16_t client)
{
	if (!p->client_port)
		p->client_port = client;
	if (client == p->client_port)
		return true;
	if (p->after < 0)
		p->error = "two connections";
	return false;
}

static void pcap_udp(struct pcap *p, uint16_t port, const uint8_t *uh,
		     uint32_t len)
{
	uint16_t src, dst;

	if (len < 9)
		return;
	src = pcap_be(uh, 2);
	dst = pcap_be(uh + 2, 2);
	if ((src != port && dst != port) ||
	    !pcap_is_wanted(p, src == port ? dst : src))
		return;
	if (p->pieces == PCAP_PIECES_MAX) {
		p->error = "too many datagrams";
		return;
	}
	p->piece[p->pieces++] = (struct pcap_piece){
		pcap_copy(uh + 8, len - 8), len - 8, src == port, false,
	};
}

/* Note the port of the first client that comes next. */
static void pcap_find(struct pcap *p, uint16_t port, const uint8_t *head,
		      uint32_t len)
{
	uint16_t src, dst, client;

	if (len < 8)
		return;
	src = pcap_be(head, 2);
	dst = pcap_be(head + 2, 2);
	client = src == port ? dst : src;
	if ((src == port || dst == port) && client > p->after &&
	    (!p->found || client < p->found))
		p->found = client;
}

static void pcap_tcp(struct pcap *p, uint16_t port, const uint8_t *th,
		     uint32_t len)
{
	uint32_t off, seq, src, dst;
	bool reply, syn;

	if (len < 20)
		return;
	off = th[12] / 16 * 4;
	src = pcap_be(th, 2);
	dst = pcap_be(th + 2, 2);
	if ((src != port && dst != port) || off < 20 || off > len)
		return;
	reply = src == port;
	if (!pcap_is_wanted(p, reply ? dst : src))
		return;
	/* one that is refused is none */
	if (th[13] & 4 && !p->pieces) {
		p->client_port = 0;
		p->seen[0] = p->seen[1] = false;
		return;
	}
	syn = th[13] & 2;
	seq = pcap_be(th + 4, 4) + syn;
	if (syn || (!p->seen[reply] && len > off)) {
		p->seen[reply] = true;
		p->next[reply] = seq;
	}
	if (th[13] & 16)
		pcap_acked(p, !reply, pcap_be(th + 8, 4));
	if (len > off && !syn)
		pcap_segment(p, reply, seq, th + off, len - off);
}

/* Takes in an IP packet; @f has 20 bytes at least. */
static void pcap_packet(struct pcap *p, uint16_t port, const uint8_t *f,
			uint32_t len)
{
	uint32_t n, head;

	if (f[0] >> 4 == 4 && f[9] == p->protonum) {
		head = f[0] % 16 * 4;
		n = pcap_be(f + 2, 2);
	} else if (f[0] >> 4 == 6 && f[6] == p->protonum) {
		head = 40;
		n = head + pcap_be(f + 4, 2);
	} else {
		return;
	}
	if (n < head || head < 20)
		return;
	if (n > len) {
		p->error = "a packet is cut short";
		return;
	}
	if (p->after >= 0 && !p->client_port)
		pcap_find(p, port, f + head, n - head);
	else if (p->protonum == PCAP_UDP)
		pcap_udp(p, port, f + head, n - head);
	else
		pcap_tcp(p, port, f + head, n - head);
}

static void pcap_frame(struct pcap *p, uint16_t port, uint32_t link,
		       const uint8_t *f, uint32_t len)
{
	uint32_t head = link == PCAP_ETHERNET ? 14 :
			link == PCAP_COOKED ? 16 : 4, type;

	if (len < head + 40)
		return;
	type = pcap_be(f + head - 2, 2);
	if (link != PCAP_LOOPBACK && type != 0x0800 && type != 0x86dd)
		return;
	pcap_packet(p, port, f + head, len - head);
}

static bool pcap_read_link(struct pcap *p, uint32_t link)
{
	if (link != PCAP_ETHERNET && link != PCAP_LOOPBACK &&
	    link != PCAP_COOKED)
		p->error = "no frames of a kind that is read";
	return !p->error;
}

/* Reads what is behind the first @done bytes of a file's first block. */
static void pcap_read_ng(struct pcap *p, FILE *file, uint16_t port,
			 uint8_t *body, uint32_t max, const uint32_t *first,
			 uint32_t done)
{
	uint32_t head[2] = { first[0], first[1] }, link = PCAP_ETHERNET, len;
	uint32_t captured;

	do {
		len = head[1] - PCAPNG_AROUND + 4;
		if (head[1] < PCAPNG_AROUND + done || len > max ||
		    fread(body, 1, len - done, file) != len - done) {
			p->error = "the file is cut short";
			return;
		}
		done = 0;
		if (head[0] == PCAPNG_INTERFACE) {
			link = pcap_le(body) & 0xffff;
			pcap_read_link(p, link);
		} else if (head[0] == PCAPNG_PACKET) {
			captured = pcap_le(body + 12);
			if (captured > len - PCAPNG_PACKET_HEAD)
				p->error = "a frame is longer than its block";
			else
				pcap_frame(p, port, link,
					   body + PCAPNG_PACKET_HEAD, captured);
		}
	} while (!p->error && pcap_numbers(file, head, 2));
}

/* Reads what there is of a conversation on @port, as @p says which. */
static void pcap_read_file(struct pcap *p, FILE *file, uint16_t port)
{
	static uint8_t frame[1 << 18];
	uint32_t head[6], record[4];

	if (!pcap_numbers(file, head, 6)) {
		p->error = "not a capture";
		return;
	}
	if (head[0] == PCAPNG_SECTION) {
		pcap_read_ng(p, file, port, frame, sizeof(frame), head,
			     sizeof(head) - 2 * sizeof(head[0]));
		return;
	}
	if (head[0] != PCAP_MAGIC) {
		p->error = "not a capture";
		return;
	}
	if (!pcap_read_link(p, head[5]))
		return;
	while (!p->error && pcap_numbers(file, record, 4)) {
		if (record[2] > sizeof(frame) ||
		    fread(frame, 1, record[2], file) != record[2]) {
			p->error = "the file is cut short";
			return;
		}
		pcap_frame(p, port, head[5], frame, record[2]);
	}
}

/* Reads the conversation on @port. */
void pcap_read(struct pcap *p, FILE *file, uint16_t port)
{
	memset(p, 0, sizeof(*p));
	p->protonum = PCAP_TCP;
	p->after = -1;
	pcap_read_file(p, file, port);
}

/**
 * pcap_read_next() - read one of several conversations
 * @p: filled in
 * @file: file, from its beginning
 * @port: the server's
 * @protonum: transport
 * @after: the client's port of the one before; 0 to begin with
 *
 * Return: false if there is none
 */
bool pcap_read_next(struct pcap *p, FILE *file, uint16_t port,
		    uint8_t protonum, uint16_t after)
{
	memset(p, 0, sizeof(*p));
	p->protonum = protonum;
	p->after = after;
	pcap_read_file(p, file, port);
	p->client_port = p->found;
	if (!p->client_port || p->error)
		return false;
	rewind(file);
	pcap_read_file(p, file, port);
	return true;
}

/* Free what was kept. */
void pcap_free(struct pcap *p)
{
	int i, dir;

	for (i = 0; i < p->pieces; i++)
		free(p->piece[i].data);
	for (dir = 0; dir < 2; dir++)
		for (i = 0; i < p->lates[dir]; i++)
			free(p->late[dir][i].data);
}

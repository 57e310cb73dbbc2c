// SPDX-License-Identifier: GPL-2.0-only
/* kmod/protocols/rpc_scan.c reads captures of real conversations: as they came and cut anew
 * at random, exactly those replies are found that answer a question with a port.
 */

#include "../../kmod/protocols/rpc_scan.h"
#include "models/capture_files.h"
#include "models/exact.h"
#include "tap.h"

#define FOUND_MAX	20
#define HELD_MAX	4096
#define ROUNDS		10
#define RANDOM_SEED	0x5eed0111

#define RPC_PORT	111
#define TCP		6
#define UDP		17

/* Programs */
#define PMAP		100000
#define NFS		100003
#define MOUNT		100005
#define LOCK		100021
#define STATUS		100024

/**
 * struct capture - a file
 * @name: file's name
 * @protonum: transport of the conversations that are read
 * @flows: how many there are
 * @refused: calls that are refused
 * @found: what is asked for in each question that is answered with a port, in the order of
 *	the clients' ports
 */
static const struct capture {
	const char *name;
	uint8_t protonum;
	unsigned int flows;
	unsigned int refused;
	uint32_t found[FOUND_MAX];
} captures[] = {
	{ "rpc/rpcinfo-t.pcap", TCP, 1, 0, { MOUNT } },
	{ "rpc/rpcinfo-u.pcap", UDP, 1, 0, { MOUNT } },
	{ "rpc/rpcinfo-6.pcap", TCP, 1, 0, { MOUNT } },
	{ "rpc/rpcinfo-l.pcap", TCP, 1, 0, { MOUNT } },
	{ "rpc/rpcinfo-l6.pcap", TCP, 1, 0, { MOUNT } },
	{ "rpc/rpcinfo-p.pcap", TCP, 2, 0, { PMAP } },
	{ "rpc/rpcinfo-m.pcap", TCP, 1, 0, { 0 } },
	{ "rpc/rpcinfo-all.pcap", TCP, 1, 0, { 0 } },
	{ "rpc/callit.pcap", UDP, 18, 8,
	  { MOUNT, MOUNT, MOUNT, MOUNT, MOUNT, MOUNT, MOUNT, MOUNT, MOUNT, MOUNT,
	    MOUNT, MOUNT } },
	{ "rpc/showmount-e.pcap", TCP, 1, 0, { MOUNT } },
	{ "rpc/dnat-l.pcap", TCP, 1, 0, { MOUNT } },
	{ "rpc/dnat-u.pcap", UDP, 1, 0, { MOUNT } },
	{ "rpc/dnat1-l.pcap", TCP, 1, 0, { MOUNT } },
	{ "rpc/dnat1-u.pcap", UDP, 1, 0, { MOUNT } },
	{ "rpc/nfs-ls.pcap", TCP, 2, 0, { MOUNT, NFS } },
	{ "rpc/nfs-kernel-mount-lock.pcap", TCP, 15, 0,
	  { NFS, MOUNT, NFS, MOUNT, MOUNT, NFS, MOUNT, NFS, MOUNT, NFS, NFS, NFS,
	    MOUNT, NFS, LOCK } },
	{ "rpc/nfs-kernel-mount-lock.pcap", UDP, 4, 0,
	  { MOUNT, MOUNT, NFS, MOUNT } },
	{ "rpc/nfs-kernel-callbacks.pcap", TCP, 7, 0,
	  { LOCK, MOUNT, LOCK, NFS, MOUNT, NFS, LOCK } },
	{ "rpc/nfs-kernel-callbacks.pcap", UDP, 1, 0, { STATUS } },
};

/**
 * struct reader - what is read of a file
 * @rs: the conversation
 * @held: by direction, what has not gone on yet
 * @len: how much
 * @count: answers so far, of all conversations
 * @program: what was asked for
 * @refused: calls that were
 */
struct reader {
	struct rpc_session rs;
	uint8_t held[2][HELD_MAX];
	size_t len[2];
	unsigned int count;
	uint32_t program[FOUND_MAX];
	unsigned int refused;
};

static void note(struct reader *r, const struct scan_unit *unit)
{
	const struct rpc_call *call = appgw_rpc_call(&r->rs, unit->note);

	tap_check(!unit->why || unit->why == SCAN_WHY_FORBIDDEN, "given up: %d",
		  unit->why);
	r->refused += unit->why == SCAN_WHY_FORBIDDEN;
	if (!unit->count || !tap_check(call && r->count < FOUND_MAX,
				       "an answer too many"))
		return;
	r->program[r->count++] = call->program;
}

/* Take in as much of what is there as can go on. */
static void read_held(struct reader *r, bool client)
{
	while (r->len[client]) {
		struct exact e = exact_copy(r->held[client], r->len[client]);
		struct span data = exact_span(&e);
		struct scan_unit unit;
		size_t n;

		appgw_rpc_read(&r->rs, client, data, &unit);
		n = unit.len;
		if (n) {
			note(r, &unit);
		} else if (unit.safe < 0) {
			n = data.len;
			r->refused += appgw_rpc_feed(&r->rs, client, data) ==
				      SCAN_WHY_FORBIDDEN;
		}
		exact_free(&e);
		r->len[client] -= n;
		memmove(r->held[client], r->held[client] + n, r->len[client]);
		if (!n)
			break;
	}
}

/* In pieces of at most @max bytes, at random; 0: as they came. */
static void read_flow(struct reader *r, const struct pcap *p, size_t max,
		      uint32_t *random)
{
	int n;

	memset(&r->rs, 0, sizeof(r->rs));
	memset(r->len, 0, sizeof(r->len));
	for (n = 0; n < p->pieces; n++) {
		const struct pcap_piece *piece = &p->piece[n];
		bool client = !piece->reply;
		size_t at = 0, len;

		if (p->protonum == UDP) {
			struct span data = { piece->data, piece->len };
			struct scan_unit unit;

			appgw_rpc_read_datagram(&r->rs, client, data, &unit);
			note(r, &unit);
			continue;
		}
		for (; at < piece->len; at += len) {
			len = piece->len - at;
			if (max && len > max)
				len = 1 + tap_random(random) % max;
			if (!tap_check(r->len[client] + len <= HELD_MAX,
				       "too much is held back"))
				return;
			memcpy(r->held[client] + r->len[client],
			       piece->data + at, len);
			r->len[client] += len;
			read_held(r, client);
		}
	}
	tap_check(!r->len[0] && !r->len[1], "a record has no end");
}

static void read_file(const struct capture *c, FILE *file, size_t max,
		      uint32_t *random)
{
	unsigned int flows = 0, n = 0;
	static struct reader r;
	static struct pcap p;
	uint16_t after = 0;

	memset(&r, 0, sizeof(r));
	for (;; flows++) {
		rewind(file);
		if (!pcap_read_next(&p, file, RPC_PORT, c->protonum, after))
			break;
		read_flow(&r, &p, max, random);
		after = p.client_port;
		tap_check(!p.error, "%s", p.error);
		pcap_free(&p);
	}
	tap_check(!p.error, "%s", p.error);
	while (n < FOUND_MAX && c->found[n])
		n++;
	tap_check(flows == c->flows, "%u conversations", flows);
	tap_check(r.refused == c->refused, "%u refused", r.refused);
	tap_check(r.count == n && !memcmp(r.program, c->found,
					  n * sizeof(*c->found)),
		  "%u answers instead of %u, or for others", r.count, n);
}

static void test_capture(const struct capture *c)
{
	static const size_t sizes[] = { 1, 3, 17, 80 };
	uint32_t random = RANDOM_SEED;
	unsigned int round;
	FILE *file;

	tap_begin(c->name);
	file = capture_open(c->name);
	if (file) {
		read_file(c, file, 0, &random);
		for (round = 0; round < ROUNDS; round++)
			read_file(c, file, sizes[round % TAP_ARRAY_SIZE(sizes)],
				  &random);
		fclose(file);
	}
	tap_end();
}

int main(void)
{
	size_t i;

	if (!capture_files_found())
		return 0;
	tap_plan(TAP_ARRAY_SIZE(captures));
	for (i = 0; i < TAP_ARRAY_SIZE(captures); i++)
		test_capture(&captures[i]);
	return tap_finish();
}

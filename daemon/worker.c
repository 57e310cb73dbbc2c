// SPDX-License-Identifier: GPL-2.0-only
/* A thread for each queue: packets in, plans to the module, packets on.
 *
 * A packet goes on unchanged whatever becomes of its plans. The module edits it
 * when it leaves, and knows all about its connection, so a worker that ends
 * in the middle of this loses nothing.
 */

#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "endpoint_text.h"
#include "log.h"
#include "packet.h"
#include "worker.h"

/* Announcements that are looked for in one packet. */
#define WORKER_PLANS_MAX	64

/* An endpoint, and a hyphen and its second port */
#define WORKER_ENDS_TEXT_MAX	(ENDPOINT_TEXT_MAX + 6)

static void worker_count(atomic_ullong *counter, uint64_t n)
{
	uint64_t v = atomic_load_explicit(counter, memory_order_relaxed);

	/* Nobody else writes it, so it need not be one operation. */
	atomic_store_explicit(counter, v + n, memory_order_relaxed);
}

static time_t worker_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return now.tv_sec;
}

/* Write what a plan is about, or what takes its place, with all of its ports. */
static void worker_ends_text(char *buf, const struct endpoint *ep,
			     const struct plan *plan)
{
	endpoint_text(buf, ep);
	if (ep->port && plan->ports == 2)
		sprintf(buf + strlen(buf), "-%u", ep->port + 1u);
}

/* Tell if nothing takes the place of @end; without an address, only its port counts. */
static bool worker_stays(const struct endpoint *end,
			 const struct endpoint *instead)
{
	char one[ENDPOINT_TEXT_MAX], other[ENDPOINT_TEXT_MAX];

	if (instead->af == APPGW_AF_NONE && !instead->port)
		return true;
	if (end->af == APPGW_AF_NONE)
		return end->port == instead->port;
	return !strcmp(endpoint_text(one, end), endpoint_text(other, instead));
}

/* Name the side that calls it that. Whose it is told, the sender or the receiver, only the
 * module knows if the protocol names one of the two.
 */
static const char *worker_side(const struct plan *plan)
{
	if (plan->owner != APPGW_OWNER_SENDER)
		return "on the other side";
	return plan->action == APPGW_PLAN_INSIDE ? "inside" : "outside";
}

/* Name a transport, and a blank behind it; TCP only where either would do. */
static const char *worker_transport(uint8_t protonum, const char *tcp)
{
	if (protonum == IPPROTO_UDP)
		return "udp ";
	return protonum == IPPROTO_TCP ? tcp : "";
}

static void worker_log(const struct kmod_planned *planned)
{
	char src[ENDPOINT_TEXT_MAX], dst[ENDPOINT_TEXT_MAX];
	char end[WORKER_ENDS_TEXT_MAX], other[WORKER_ENDS_TEXT_MAX];
	const struct plan *plan = &planned->plan;
	int level = planned->error ? LOG_NOTICE : LOG_INFO;
	const char *packet = worker_transport(planned->packet.protonum, "");
	const char *transport = worker_transport(plan->protonum, "tcp ");
	char kind[APPGW_KIND_MAX * 4 + 1];

	/* worker_plan() has asked the log for the others */
	if (!planned->error && planned->is_quiet)
		return;
	if (planned->is_quiet && !log_admits(level))
		return;
	log_escape(kind, sizeof(kind), plan->kind);
	endpoint_text(src, &planned->packet.src);
	endpoint_text(dst, &planned->packet.dst);
	if (plan->action == APPGW_PLAN_TEXT)
		strcpy(end, "length");
	else
		worker_ends_text(end, &plan->end, plan);
	worker_ends_text(other, &planned->instead, plan);
	if (planned->error)
		log_line(level, "%s%s > %s: %s %s%s: %s", packet, src, dst,
			 kind, transport, end, planned->text);
	else if (worker_stays(&plan->end, &planned->instead))
		log_line(level, "%s%s > %s: %s %s%s stays as it is", packet,
			 src, dst, kind, transport, end);
	else
		log_line(level, "%s%s > %s: %s %s%s is %s %s", packet, src,
			 dst, kind, transport, end, other, worker_side(plan));
}

/* Find out what became of the plans that were sent, and tell. */
static void worker_answers(struct worker *worker)
{
	struct kmod_batch *batch = &worker->batch;
	unsigned int i;

	if (!batch->count)
		return;
	kmod_plan_answers(&worker->kmod, batch);
	for (i = 0; i < batch->count; i++) {
		int error = batch->planned[i].error;

		/* another plan for the same announcement has told of it */
		if (error == ECANCELED)
			continue;
		worker_count(error ? &worker->refused[errno_index(error)] :
				     &worker->done, 1);
		worker_log(&batch->planned[i]);
	}
	kmod_plan_clear(batch);
}

static void worker_plan(struct worker *worker, const struct packet *packet,
			const struct plan *plan)
{
	/* that lengths are corrected is a matter of course */
	bool is_quiet = plan->action == APPGW_PLAN_TEXT ||
			!log_admits(LOG_INFO);

	if (worker->batch.count == KMOD_PLANS_MAX) {
		kmod_plan_send(&worker->kmod, &worker->batch);
		worker_answers(worker);
	}
	worker_count(&worker->plans, 1);
	kmod_plan_add(&worker->batch, packet, plan, is_quiet);
}

/* A number that stands for a connection, whichever of its ends sends. */
static uint32_t worker_tag(const struct packet *packet)
{
	const struct endpoint *ends[] = { &packet->src, &packet->dst };
	uint32_t tag = packet->protonum, word[4], hash;
	unsigned int i, n;

	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		memcpy(word, ends[i]->addr, sizeof(word));
		hash = ends[i]->port;
		for (n = 0; n < ARRAY_SIZE(word); n++)
			hash = (hash ^ word[n]) * 0x9e3779b1u;
		tag += hash ^ hash >> 15;
	}
	return tag;
}

/* Plan for what a protocol finds in a packet; return how much that is. */
static unsigned int worker_ask(struct worker *worker, const struct packet *packet,
			       const struct proto *proto)
{
	struct plan plans[WORKER_PLANS_MAX];
	unsigned int i, n = proto->inspect(packet, plans, ARRAY_SIZE(plans));

	for (i = 0; i < n; i++)
		worker_plan(worker, packet, &plans[i]);
	return n;
}

/* Ask the protocol that alone has found something in the connection before; and all others,
 * if it finds nothing: the module knows what counts.
 */
static void worker_ask_all(struct worker *worker, const struct packet *packet)
{
	uint32_t tag = worker_tag(packet);
	struct worker_known *known = &worker->known[tag % WORKER_KNOWN];
	const struct proto *const *proto, *asked = NULL, *found = NULL;
	unsigned int count = 0;

	if (known->proto && known->tag == tag) {
		asked = known->proto;
		if (worker_ask(worker, packet, asked))
			return;
	}
	for (proto = worker->config->protos; *proto; proto++)
		if (*proto != asked && worker_ask(worker, packet, *proto)) {
			found = *proto;
			count++;
		}
	if (count == 1)
		*known = (struct worker_known){ .tag = tag, .proto = found };
}

static void worker_inspect(struct worker *worker,
			   const struct queue_packet *queued)
{
	struct packet packet;

	if (!packet_parse(queued->data, &packet)) {
		worker_count(&worker->malformed, 1);
		return;
	}
	worker_count(&worker->bytes, packet.payload.len);
	worker_ask_all(worker, &packet);
}

/* Count lost packets: a number that was given out and never came is that of a packet that
 * had no room in the socket.
 */
static void worker_see_id(struct worker *worker, uint32_t id)
{
	if (worker->has_id)
		worker_count(&worker->unread, id - worker->last_id - 1);
	worker->last_id = id;
	worker->has_id = true;
}

/* Tell if it is time to find out what became of plans: of some there is an answer, or it is
 * only refusals that there may be, which can wait until there is nothing else to do, or a
 * second has passed.
 */
static bool worker_wants_answers(const struct worker *worker, int packets)
{
	const struct kmod_batch *batch = &worker->batch;

	return batch->is_loud || !packets || batch->count > KMOD_PLANS_MAX / 2 ||
	       worker->beat_s != worker->asked_s;
}

/* Return how many packets there were, or -1. They go on when their plans have
 * been carried out, and wait for nothing else.
 */
static int worker_read(struct worker *worker)
{
	struct queue_packet packet;
	int i, n, seen = 0;

	n = queue_read(&worker->queue);
	for (i = 0; i < n; i++) {
		worker->beat_s = worker_now();
		if (!queue_packet(&worker->queue, i, &packet))
			continue;
		seen++;
		worker_count(&worker->packets, 1);
		worker_see_id(worker, packet.id);
		worker_inspect(worker, &packet);
	}
	if (!worker->batch.sent)
		worker->asked_s = worker->beat_s;
	kmod_plan_send(&worker->kmod, &worker->batch);
	if (seen && queue_accept(&worker->queue, worker->last_id))
		return -1;
	if (worker_wants_answers(worker, n))
		worker_answers(worker);
	return n;
}

static void *worker_run(void *arg)
{
	struct worker *worker = arg;
	time_t end = 0;
	int n;

	for (;;) {
		bool should_stop = worker->should_stop;

		worker->beat_s = worker_now();
		if (should_stop && !end)
			end = worker->beat_s + WORKER_DRAIN_S;
		n = worker_read(worker);
		if (n < 0)
			break;
		if (should_stop && (!n || worker->beat_s >= end)) {
			worker_answers(worker);
			return NULL;
		}
	}
	log_line(LOG_ERR, "queue %u: %s", worker->queue.number,
		 strerror(errno));
	worker->is_failed = true;
	return NULL;
}

/**
 * worker_open() - all that a worker needs
 * @worker: set; zeroes before
 * @config: what it is asked to do; stays
 * @queue: its queue
 * @error: ERROR_TEXT_MAX bytes, set on failure
 *
 * Return: 0, or -1
 */
int worker_open(struct worker *worker, const struct config *config,
		uint16_t queue, char *error)
{
	worker->config = config;
	if (kmod_open(&worker->kmod)) {
		snprintf(error, ERROR_TEXT_MAX, "generic netlink: %s",
			 worker->kmod.text);
		return -1;
	}
	return queue_open(&worker->queue, queue, config->queue_length,
			  config->buffer, config->batch, error);
}

/**
 * worker_start() - let it run
 * @worker: an open one
 *
 * Return: 0, or -1 with errno
 */
int worker_start(struct worker *worker)
{
	worker->beat_s = worker_now();
	errno = pthread_create(&worker->thread, NULL, worker_run, worker);
	return errno ? -1 : 0;
}

/**
 * worker_stop() - let it finish what is queued, and then end
 * @worker: a running one, for which nothing new is queued
 */
void worker_stop(struct worker *worker)
{
	worker->should_stop = true;
}

/**
 * worker_wait() - until it has ended
 * @worker: one that was stopped
 */
void worker_wait(struct worker *worker)
{
	pthread_join(worker->thread, NULL);
}

/**
 * worker_is_alive() - is it at work, or waiting for work?
 * @worker: a running one
 *
 * Return: true if so
 */
bool worker_is_alive(const struct worker *worker)
{
	return !worker->is_failed &&
	       worker_now() - worker->beat_s < WORKER_ALIVE_S;
}

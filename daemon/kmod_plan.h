/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_KMOD_PLAN_H
#define APPGWD_KMOD_PLAN_H

#include "config.h"
#include "kmod_client.h"
#include "packet.h"
#include "plan.h"

/* Plans that are sent at once. All of their answers have to find room in the
 * socket.
 */
#define KMOD_PLANS_MAX		32

/* Bytes of a request with the longest edit that there can be, and of an answer,
 * as far as they matter.
 */
#define KMOD_REQUEST_MAX	1024
#define KMOD_ANSWER_MAX		512

/**
 * struct kmod_planned - a plan, and what has become of it
 * @packet: the segment that it is for
 * @plan: the plan
 * @instead: endpoint that takes the place of the one in the text; without
 *	address and port if none does
 * @is_quiet: nobody asks for @instead, which may be missing
 * @is_answered: the module has answered
 * @error: 0, or errno: nothing of it is done
 * @text: the same in words, the kernel's own if it had any; harmless
 */
struct kmod_planned {
	struct packet packet;
	struct plan plan;
	struct endpoint instead;
	bool is_quiet;
	bool is_answered;
	int error;
	char text[KMOD_ERROR_MAX];
};

/**
 * struct kmod_batch - plans on their way to the module
 * @seq: number of the first request
 * @count: how many there are, KMOD_PLANS_MAX at most
 * @sent: how many of these have been sent
 * @is_loud: there is one among them that is answered in any case
 * @len: bytes of @request in use
 * @planned: the plans
 * @request: the requests that are yet to be sent, one behind the other
 * @answer: room for one of the answers
 *
 * Begins as zeroes.
 */
struct kmod_batch {
	uint32_t seq;
	unsigned int count;
	unsigned int sent;
	bool is_loud;
	size_t len;
	struct kmod_planned planned[KMOD_PLANS_MAX];
	uint8_t request[KMOD_PLANS_MAX * KMOD_REQUEST_MAX]
		__attribute__((aligned(NLMSG_ALIGNTO)));
	uint8_t answer[KMOD_ANSWER_MAX]
		__attribute__((aligned(NLMSG_ALIGNTO)));
};

int kmod_listen(struct kmod *kmod, const struct config *config);
int kmod_leave(struct kmod *kmod);
void kmod_plan_may_be_quiet(bool may);
void kmod_plan_add(struct kmod_batch *batch, const struct packet *packet,
		   const struct plan *plan, bool is_quiet);
void kmod_plan_send(struct kmod *kmod, struct kmod_batch *batch);
void kmod_plan_answers(struct kmod *kmod, struct kmod_batch *batch);
void kmod_plan_clear(struct kmod_batch *batch);

#endif /* APPGWD_KMOD_PLAN_H */

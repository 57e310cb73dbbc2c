/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_KMOD_CLIENT_H
#define APPGWD_KMOD_CLIENT_H

#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <netlink/socket.h>
#include <stdbool.h>
#include <stdint.h>

#include "../include/appgw/endpoint.h"
#include "../include/uapi/linux/nf_appgw.h"

/* What to say when it isn't there. */
#define KMOD_ABSENT	"nf_appgw is not loaded: modprobe nf_appgw"

#define KMOD_ERROR_MAX	160

/* Longest version that is told, with its 0 */
#define KMOD_VERSION_MAX	32

/* An answer that takes longer won't come. */
#define KMOD_TIMEOUT_S	1

/* Is given the attributes of a message, @len bytes in all. */
typedef void (*kmod_answer_t)(const struct nlattr *attrs, int len, void *arg);

/**
 * struct kmod - a socket to the module
 * @sock: libnl's
 * @cb: what libnl calls for each message
 * @seq: number of the last request
 * @is_done: it has been answered
 * @answer: is given the attributes of each answer
 * @arg: and this
 * @drops: messages that there was no room for, as kmod_lost() has told
 * @error: errno of the last request that failed
 * @bad_offset: where in that request what is wrong begins; 0 if the kernel has not said
 * @text: the same in words, the kernel's own if it had any; after a request that was
 *	carried out what the kernel warns of, or nothing; harmless
 *
 * Belongs to one thread.
 */
struct kmod {
	struct nl_sock *sock;
	struct nl_cb *cb;
	uint32_t seq;
	bool is_done;
	kmod_answer_t answer;
	void *arg;
	uint32_t drops;
	int error;
	uint32_t bad_offset;
	char text[KMOD_ERROR_MAX];
};

int kmod_open(struct kmod *kmod);
void kmod_close(struct kmod *kmod);
int kmod_find(void);
int kmod_number(void);
struct nl_msg *kmod_message(int cmd);
int kmod_ask(struct kmod *kmod, struct nl_msg *msg, int flags,
	     kmod_answer_t answer, void *arg);
void kmod_version(struct kmod *kmod, char *version);
int kmod_watch(struct kmod *kmod);
int kmod_follow(struct kmod *kmod);
int kmod_read(struct kmod *kmod, kmod_answer_t answer, void *arg);
uint32_t kmod_lost(struct kmod *kmod);
int kmod_put_end(struct nl_msg *msg, int type, const struct endpoint *ep);
bool kmod_get_end(const struct nlattr *attr, struct endpoint *ep);

#endif /* APPGWD_KMOD_CLIENT_H */

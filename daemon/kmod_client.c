// SPDX-License-Identifier: GPL-2.0-only
/* The module's generic netlink family: find it, ask it, hear of it. */

#include <errno.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netlink/attr.h>
#include <netlink/errno.h>
#include <netlink/genl/ctrl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "kmod_client.h"
#include "log.h"

/* Longest answer. One message of a dump is at most as long as the reader's
 * buffer, and the kernel never makes it longer than this.
 */
#define KMOD_MESSAGE_MAX	32768

/* Room for the events of some seconds: twice as much is given, where it is allowed */
#define KMOD_EVENTS_BUFFER	(1 << 20)

/* The family's number, 0 while it isn't there: the same for all sockets. */
static atomic_int kmod_family;

static void kmod_fail(struct kmod *kmod, int error, const char *text)
{
	kmod->error = error;
	log_escape(kmod->text, sizeof(kmod->text), text ?: strerror(error));
}

static int kmod_answered(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	struct kmod *kmod = arg;
	struct genlmsghdr *genl;

	/* A dump goes on until its end is told. */
	if (!(nlh->nlmsg_flags & NLM_F_MULTI))
		kmod->is_done = true;
	if (nlh->nlmsg_type != atomic_load(&kmod_family) || !kmod->answer ||
	    !genlmsg_valid_hdr(nlh, 0))
		return NL_OK;
	genl = genlmsg_hdr(nlh);
	kmod->answer(genlmsg_attrdata(genl, 0), genlmsg_attrlen(genl, 0),
		     kmod->arg);
	return NL_OK;
}

/* Find the kernel's words, which stand behind its copy of the request's header: the
 * text, or NULL. Where in the request they point to is set.
 */
static const char *kmod_words(struct kmod *kmod, struct nlmsghdr *nlh,
			      const struct nlmsgerr *err)
{
	struct nlattr *attrs[NLMSGERR_ATTR_MAX + 1] = { NULL };
	size_t header = sizeof(*err);

	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		header += err->msg.nlmsg_len - NLMSG_HDRLEN;
	header = NLMSG_ALIGN(header);
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS) ||
	    nlh->nlmsg_len <= NLMSG_HDRLEN + header ||
	    nla_parse(attrs, NLMSGERR_ATTR_MAX,
		      (struct nlattr *)((char *)err + header),
		      nlh->nlmsg_len - NLMSG_HDRLEN - header, NULL))
		return NULL;
	if (attrs[NLMSGERR_ATTR_OFFS])
		kmod->bad_offset = nla_get_u32(attrs[NLMSGERR_ATTR_OFFS]);
	return attrs[NLMSGERR_ATTR_MSG] ?
	       nla_get_string(attrs[NLMSGERR_ATTR_MSG]) : NULL;
}

/* Take the end of a dump, or what stands for an answer. */
static int kmod_acknowledged(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	struct kmod *kmod = arg;
	const char *text = NULL;

	if (nlh->nlmsg_type == NLMSG_ERROR &&
	    nlh->nlmsg_len >= NLMSG_HDRLEN + sizeof(struct nlmsgerr))
		text = kmod_words(kmod, nlh, nlmsg_data(nlh));
	log_escape(kmod->text, sizeof(kmod->text), text ?: "");
	kmod->is_done = true;
	return NL_STOP;
}

/* Pass over an answer that comes late, after its request was given up. */
static int kmod_check_seq(struct nl_msg *msg, void *arg)
{
	struct kmod *kmod = arg;

	return nlmsg_hdr(msg)->nlmsg_seq == kmod->seq ? NL_OK : NL_SKIP;
}

static int kmod_refused(struct sockaddr_nl *from, struct nlmsgerr *err,
			void *arg)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)((char *)err - NLMSG_HDRLEN);
	struct kmod *kmod = arg;

	(void)from;
	kmod_fail(kmod, -err->error, kmod_words(kmod, nlh, err));
	kmod->is_done = true;
	return NL_STOP;
}

/**
 * kmod_open() - a socket, whether the module is there or not
 * @kmod: set
 *
 * Return: 0, or -1 with errno
 */
int kmod_open(struct kmod *kmod)
{
	const struct timeval timeout = { .tv_sec = KMOD_TIMEOUT_S };
	int fd, on = 1;

	memset(kmod, 0, sizeof(*kmod));
	kmod->cb = nl_cb_alloc(NL_CB_DEFAULT);
	if (!kmod->cb)
		goto err;
	nl_cb_set(kmod->cb, NL_CB_VALID, NL_CB_CUSTOM, kmod_answered, kmod);
	nl_cb_set(kmod->cb, NL_CB_FINISH, NL_CB_CUSTOM, kmod_acknowledged,
		  kmod);
	nl_cb_set(kmod->cb, NL_CB_ACK, NL_CB_CUSTOM, kmod_acknowledged, kmod);
	nl_cb_set(kmod->cb, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, kmod_check_seq,
		  kmod);
	nl_cb_err(kmod->cb, NL_CB_CUSTOM, kmod_refused, kmod);
	kmod->sock = nl_socket_alloc_cb(kmod->cb);
	if (!kmod->sock)
		goto err;
	nl_socket_disable_auto_ack(kmod->sock);
	/* libnl would look at each message before it reads it */
	nl_socket_disable_msg_peek(kmod->sock);
	if (nl_socket_set_msg_buf_size(kmod->sock, KMOD_MESSAGE_MAX) ||
	    genl_connect(kmod->sock))
		goto err;
	fd = nl_socket_get_fd(kmod->sock);
	if (setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)))
		goto err;
	return 0;

err:
	kmod_fail(kmod, errno ?: ENOMEM, NULL);
	kmod_close(kmod);
	return -1;
}

/**
 * kmod_close() - close a socket, open or not
 * @kmod: the socket
 */
void kmod_close(struct kmod *kmod)
{
	nl_socket_free(kmod->sock);
	nl_cb_put(kmod->cb);
	kmod->sock = NULL;
	kmod->cb = NULL;
}

/* Find a family's number, or that of one of its groups; negative if there is none.
 * libnl asks in its own way, so on a socket of its own.
 */
static int kmod_resolve(const char *family, const char *group)
{
	struct nl_sock *sock = nl_socket_alloc();
	int number = -NLE_NOMEM;

	if (!sock)
		return number;
	number = genl_connect(sock);
	if (!number)
		number = group ? genl_ctrl_resolve_grp(sock, family, group) :
				 genl_ctrl_resolve(sock, family);
	nl_socket_free(sock);
	return number;
}

/**
 * kmod_find() - look whether the module is there
 *
 * Return: the family's number, another one each time that the module is
 * loaded; 0 if it isn't
 */
int kmod_find(void)
{
	int family = kmod_resolve(APPGW_GENL_NAME, NULL);

	if (family < 0)
		family = 0;
	atomic_store(&kmod_family, family);
	return family;
}

/**
 * kmod_number() - what kmod_find() has found last, in any thread
 *
 * Return: the family's number, 0 if the module isn't there
 */
int kmod_number(void)
{
	return atomic_load(&kmod_family);
}

/**
 * kmod_message() - begin a request
 * @cmd: enum appgw_cmd
 *
 * Return: the message, which kmod_ask() takes; NULL without memory
 */
struct nl_msg *kmod_message(int cmd)
{
	struct nl_msg *msg = nlmsg_alloc();

	if (msg && !genlmsg_put(msg, NL_AUTO_PORT, 0,
				atomic_load(&kmod_family), 0, 0, cmd,
				APPGW_GENL_VERSION)) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

static int kmod_send(struct kmod *kmod, struct nl_msg *msg, int flags)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	int ret;

	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++kmod->seq;
	ret = nl_send_auto(kmod->sock, msg);
	if (ret >= 0)
		return 0;
	kmod_fail(kmod, EIO, nl_geterror(ret));
	return -1;
}

/**
 * kmod_ask() - send a request and wait for what is answered
 * @kmod: the socket; after a failure it says why
 * @msg: the request, NULL if there was no memory for it; freed
 * @flags: NLM_F_ACK if there is no other answer, NLM_F_DUMP if many, or 0
 * @answer: is given the attributes of each answer; NULL if there are none
 * @arg: and this
 *
 * Return: 0, or -1 with @kmod->error, ENOENT if the module isn't there
 */
int kmod_ask(struct kmod *kmod, struct nl_msg *msg, int flags,
	     kmod_answer_t answer, void *arg)
{
	int ret;

	kmod->error = 0;
	kmod->bad_offset = 0;
	kmod->text[0] = '\0';
	if (!msg) {
		kmod_fail(kmod, ENOMEM, NULL);
		return -1;
	}
	if (!nlmsg_hdr(msg)->nlmsg_type) {
		kmod_fail(kmod, ENOENT, KMOD_ABSENT);
		nlmsg_free(msg);
		return -1;
	}
	ret = kmod_send(kmod, msg, flags);
	nlmsg_free(msg);
	if (ret)
		return -1;
	kmod->is_done = false;
	kmod->answer = answer;
	kmod->arg = arg;
	while (!kmod->is_done) {
		ret = nl_recvmsgs(kmod->sock, kmod->cb);
		if (ret == -NLE_AGAIN) {
			kmod_fail(kmod, ETIMEDOUT, NULL);
			break;
		}
		if (ret < 0 && !kmod->is_done) {
			kmod_fail(kmod, EIO, nl_geterror(ret));
			break;
		}
	}
	return kmod->error ? -1 : 0;
}

static int kmod_any_seq(struct nl_msg *msg, void *arg)
{
	(void)msg;
	(void)arg;
	return NL_OK;
}

/* Turn a socket into one that hears a group and waits for nothing. */
static int kmod_join(struct kmod *kmod, const char *family, const char *group)
{
	int number = kmod_resolve(family, group);

	if (number >= 0)
		number = nl_socket_add_membership(kmod->sock, number);
	if (number >= 0)
		number = nl_socket_set_nonblocking(kmod->sock);
	if (number < 0) {
		kmod_fail(kmod, EIO, nl_geterror(number));
		return -1;
	}
	nl_cb_set(kmod->cb, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, kmod_any_seq, kmod);
	return 0;
}

static void kmod_answer_version(const struct nlattr *attrs, int len, void *arg)
{
	const struct nlattr *attr = nla_find(attrs, len, APPGW_ATTR_VERSION);

	if (attr)
		snprintf(arg, KMOD_VERSION_MAX, "%.*s", nla_len(attr),
			 (const char *)nla_data(attr));
}

/**
 * kmod_version() - which one is loaded?
 * @kmod: socket
 * @version: KMOD_VERSION_MAX bytes, set; empty for one that doesn't say
 */
void kmod_version(struct kmod *kmod, char *version)
{
	*version = '\0';
	kmod_ask(kmod, kmod_message(APPGW_CMD_VERSION_GET), 0,
		 kmod_answer_version, version);
}

/**
 * kmod_watch() - be told when a family, and so the module, comes and goes
 * @kmod: open socket; from now on for this alone, through kmod_read()
 *
 * Return: 0, or -1
 */
int kmod_watch(struct kmod *kmod)
{
	return kmod_join(kmod, "nlctrl", "notify");
}

/**
 * kmod_follow() - be told of the module's events
 * @kmod: open socket; from now on for this alone, through kmod_read()
 *
 * Return: 0, or -1
 */
int kmod_follow(struct kmod *kmod)
{
	int fd = nl_socket_get_fd(kmod->sock), size = KMOD_EVENTS_BUFFER;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	return kmod_join(kmod, APPGW_GENL_NAME, APPGW_GENL_GROUP_EVENTS);
}

/**
 * kmod_read() - what kmod_watch() or kmod_follow() have asked for
 * @kmod: the socket
 * @answer: is given the attributes of each event, NULL if they don't matter
 * @arg: and this
 *
 * Return: 1 if something was read, 0 if nothing is there, -1 with @kmod->error,
 * ENOBUFS if something got lost
 */
int kmod_read(struct kmod *kmod, kmod_answer_t answer, void *arg)
{
	int ret;

	kmod->answer = answer;
	kmod->arg = arg;
	ret = nl_recvmsgs(kmod->sock, kmod->cb);
	if (ret >= 0)
		return 1;
	if (ret == -NLE_AGAIN)
		return 0;
	kmod_fail(kmod, ret == -NLE_NOMEM ? ENOBUFS : EIO, nl_geterror(ret));
	return -1;
}

/**
 * kmod_lost() - how many messages there was no room for, for one who follows
 * @kmod: the socket
 *
 * To be asked when kmod_read() has said ENOBUFS and then that nothing is there any
 * more: the kernel leaves all out from the first that doesn't fit until all has been
 * read.
 *
 * Return: how many since it was asked last; 1 if the kernel doesn't tell
 */
uint32_t kmod_lost(struct kmod *kmod)
{
	uint32_t info[SK_MEMINFO_VARS] = { 0 }, lost;
	socklen_t len = sizeof(info);

	getsockopt(nl_socket_get_fd(kmod->sock), SOL_SOCKET, SO_MEMINFO, info,
		   &len);
	lost = info[SK_MEMINFO_DROPS] - kmod->drops;
	kmod->drops = info[SK_MEMINFO_DROPS];
	return lost ?: 1;
}

/**
 * kmod_put_end() - an endpoint as enum appgw_end_attr has it
 * @msg: the message
 * @type: of the nest
 * @ep: what it hasn't got is left out
 *
 * Return: 0, or a libnl error
 */
int kmod_put_end(struct nl_msg *msg, int type, const struct endpoint *ep)
{
	struct nlattr *nest = nla_nest_start(msg, type);
	int ret = nest ? 0 : -NLE_NOMEM;

	if (!ret && ep->af != APPGW_AF_NONE)
		ret = nla_put(msg, APPGW_END_ADDR, ep->af == APPGW_AF_IPV4 ?
			      APPGW_ADDR_LEN_IPV4 : APPGW_ADDR_LEN_IPV6,
			      ep->addr);
	if (!ret && ep->port)
		ret = nla_put_u16(msg, APPGW_END_PORT, htons(ep->port));
	if (!ret)
		nla_nest_end(msg, nest);
	return ret;
}

/**
 * kmod_get_end() - read an endpoint
 * @attr: the nest, may be NULL
 * @ep: set
 *
 * Return: false if there is none
 */
bool kmod_get_end(const struct nlattr *attr, struct endpoint *ep)
{
	struct nlattr *attrs[APPGW_END_MAX + 1];
	int len;

	memset(ep, 0, sizeof(*ep));
	if (!attr || nla_parse_nested(attrs, APPGW_END_MAX,
				      (struct nlattr *)attr, NULL))
		return false;
	if (attrs[APPGW_END_ADDR]) {
		len = nla_len(attrs[APPGW_END_ADDR]);
		if (len == APPGW_ADDR_LEN_IPV4)
			ep->af = APPGW_AF_IPV4;
		else if (len == APPGW_ADDR_LEN_IPV6)
			ep->af = APPGW_AF_IPV6;
		else
			return false;
		memcpy(ep->addr, nla_data(attrs[APPGW_END_ADDR]), len);
	}
	if (attrs[APPGW_END_PORT]) {
		if (nla_len(attrs[APPGW_END_PORT]) < (int)sizeof(uint16_t))
			return false;
		ep->port = ntohs(nla_get_u16(attrs[APPGW_END_PORT]));
	}
	return true;
}

// SPDX-License-Identifier: GPL-2.0-only
/* Sends messages, knows which of them the kernel must answer, and reads what it
 * does. It has answered when sending returns.
 */

#include <err.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../../../include/uapi/linux/nf_appgw.h"
#include "message.h"
#include "sender.h"

static uint8_t buf[1 << 18];

/* Bits of netlink's options that change how it reads and answers */
static const int options[] = {
	NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK,
};

/* Joins the group of events; 0 or errno. */
int sender_join(struct sender *sender, uint32_t group)
{
	return setsockopt(sender->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
			  &group, sizeof(group)) ? errno : 0;
}

/* A new socket, with some of the options; sometimes for events, too. */
void sender_open(struct sender *sender, uint32_t group)
{
	struct sockaddr_nl self = { .nl_family = AF_NETLINK };
	unsigned int i;
	int on = 1;

	sender->is_unread = false;
	sender->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
			    NETLINK_GENERIC);
	if (sender->fd < 0 ||
	    bind(sender->fd, (struct sockaddr *)&self, sizeof(self)))
		err(1, "netlink");
	for (i = 0; i < ARRAY_SIZE(options); i++)
		if (one_in(2))
			setsockopt(sender->fd, SOL_NETLINK, options[i], &on,
				   sizeof(on));
	if (group && one_in(4))
		sender_join(sender, group);
}

void sender_close(struct sender *sender)
{
	if (sender->fd >= 0)
		close(sender->fd);
	sender->fd = -1;
}

/* Finds which messages the kernel must answer, as it tells one from the next:
 * netlink_rcv_skb().
 */
static void expect_answers(struct answers *answers, const uint8_t *data,
			   size_t len)
{
	const struct nlmsghdr *nlh;
	size_t step;

	memset(answers, 0, sizeof(*answers));
	while (len >= NLMSG_HDRLEN) {
		nlh = (const struct nlmsghdr *)data;
		if (nlh->nlmsg_len < NLMSG_HDRLEN || nlh->nlmsg_len > len)
			return;
		if (nlh->nlmsg_flags & NLM_F_ACK &&
		    answers->count < ANSWERS_MAX) {
			answers->code[answers->count] = ANSWER_NONE;
			answers->seq[answers->count++] = nlh->nlmsg_seq;
		}
		step = NLMSG_ALIGN(nlh->nlmsg_len);
		if (step > len)
			return;
		data += step;
		len -= step;
	}
}

static void note_answer(struct answers *answers, const struct nlmsghdr *nlh)
{
	unsigned int i;
	int code = 0;

	if (nlh->nlmsg_type == NLMSG_ERROR)
		code = -*(const int *)(nlh + 1);
	else if (nlh->nlmsg_type != NLMSG_DONE &&
		 !(nlh->nlmsg_flags & NLM_F_MULTI))
		return;
	for (i = 0; i < answers->count; i++) {
		if (answers->seq[i] == nlh->nlmsg_seq) {
			answers->code[i] = code;
			return;
		}
	}
}

/* Reads all there is, and with it the rest of dumps. */
void sender_read(struct sender *sender, struct answers *answers)
{
	const struct nlmsghdr *nlh;
	ssize_t n, at;

	sender->is_unread = false;
	for (;;) {
		n = recv(sender->fd, buf, sizeof(buf), MSG_DONTWAIT);
		if (n < 0 && errno == ENOBUFS) {
			answers->overrun = true;
			continue;
		}
		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0)
			err(1, "answer");
		for (at = 0; at + NLMSG_HDRLEN <= n;
		     at += NLMSG_ALIGN(nlh->nlmsg_len)) {
			nlh = (const struct nlmsghdr *)(buf + at);
			if (nlh->nlmsg_len < NLMSG_HDRLEN ||
			    nlh->nlmsg_len > n - at)
				errx(1, "an answer of %u bytes in %zd",
				     nlh->nlmsg_len, n - at);
			note_answer(answers, nlh);
		}
	}
}

void sender_drain(struct sender *sender)
{
	struct answers none = {};

	sender_read(sender, &none);
}

/**
 * sender_send() - ask, without reading the answer
 * @sender: whose
 * @data: one message or more
 * @len: of @data
 * @answers: set to what must be answered
 */
void sender_send(struct sender *sender, const uint8_t *data, size_t len,
		 struct answers *answers)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	expect_answers(answers, data, len);
	if (sendto(sender->fd, data, len, 0, (struct sockaddr *)&kernel,
		   sizeof(kernel)) < 0)
		err(1, "%zu bytes", len);
}

static const struct nlattr *find_in(const struct nlattr *nest, uint16_t type)
{
	return nest ? attr_find(nest + 1, nest->nla_len - NLA_HDRLEN, type) :
		      NULL;
}

/* The family's number; @group is set to that of its events. */
uint16_t sender_family(uint32_t *group)
{
	const size_t head = NLMSG_HDRLEN + GENL_HDRLEN;
	const struct nlattr *id, *groups, *first;
	struct answers answers;
	struct sender sender;
	struct message m;
	uint8_t out[128];
	ssize_t n;

	sender_open(&sender, 0);
	message_new(&m, GENL_ID_CTRL, CTRL_CMD_GETFAMILY);
	m.nlh.nlmsg_flags = NLM_F_REQUEST;
	put_string(m.root, CTRL_ATTR_FAMILY_NAME, APPGW_GENL_NAME);
	sender_send(&sender, out, message_write(&m, out, sizeof(out)),
		    &answers);
	n = recv(sender.fd, buf, sizeof(buf), 0);
	if (n < (ssize_t)head)
		err(1, "no family");
	id = attr_find(buf + head, n - head, CTRL_ATTR_FAMILY_ID);
	groups = attr_find(buf + head, n - head, CTRL_ATTR_MCAST_GROUPS);
	first = groups ? (const struct nlattr *)(groups + 1) : NULL;
	first = find_in(first, CTRL_ATTR_MCAST_GRP_ID);
	if (!id || !first)
		errx(1, "no family called " APPGW_GENL_NAME);
	memcpy(group, first + 1, sizeof(*group));
	sender_close(&sender);
	return *(const uint16_t *)(id + 1);
}

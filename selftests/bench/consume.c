// SPDX-License-Identifier: GPL-2.0-only
/* A bare consumer of nfnetlink_queue, to measure appgwd against: it lets
 * everything go on as it comes, one packet at a time, as the example of
 * libnetfilter_queue does.
 *
 *	consume [-r] NS QUEUE
 *
 * It listens in appgwd's place, so that the module queues the same segments for
 * it, or with "-r" reads what a rule queues. Says "listening" when it does.
 */

#define _GNU_SOURCE

#include <arpa/inet.h>
#include <err.h>
#include <libmnl/libmnl.h>
#include <libnetfilter_queue/libnetfilter_queue.h>
#include <linux/genetlink.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../include/uapi/linux/nf_appgw.h"
#include "netns.h"

/* As appgwd has them. */
#define QUEUE_LENGTH	4096
#define SOCKET_BUFFER	(2 * 1024 * 1024)

static char buf[0xffff + 4096];

static struct mnl_socket *open_socket(int bus)
{
	struct mnl_socket *nl = mnl_socket_open2(bus, SOCK_CLOEXEC);

	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID))
		err(1, "netlink");
	return nl;
}

static void ask(struct mnl_socket *nl, struct nlmsghdr *nlh, mnl_cb_t answer,
		void *arg, const char *what)
{
	ssize_t n;
	int ret;

	nlh->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
	if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		err(1, "%s", what);
	do {
		n = mnl_socket_recvfrom(nl, buf, sizeof(buf));
		ret = n < 0 ? -1 : mnl_cb_run(buf, n, 0, 0, answer, arg);
		if (ret < 0)
			err(1, "%s", what);
	} while (ret > MNL_CB_STOP);
}

static int read_family(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, GENL_HDRLEN)
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
			*(uint16_t *)arg = mnl_attr_get_u16(attr);
	return MNL_CB_OK;
}

static struct nlmsghdr *put_genl(char *to, uint16_t family, uint8_t cmd)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(to);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = family;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = 1;
	return nlh;
}

/* As long as the socket is open. */
static void listen_for(struct mnl_socket *genl, uint16_t queue)
{
	struct nlmsghdr *nlh;
	struct nlattr *nest;
	uint16_t family = 0;
	char request[256];

	nlh = put_genl(request, GENL_ID_CTRL, CTRL_CMD_GETFAMILY);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, APPGW_GENL_NAME);
	ask(genl, nlh, read_family, &family, "nf_appgw");

	nlh = put_genl(request, family, APPGW_CMD_LISTEN);
	nest = mnl_attr_nest_start(nlh, APPGW_ATTR_LISTEN);
	mnl_attr_put_u16(nlh, APPGW_LISTEN_QUEUE, queue);
	mnl_attr_put_strz(nlh, APPGW_LISTEN_HELPER, "irc");
	mnl_attr_nest_end(nlh, nest);
	ask(genl, nlh, NULL, NULL, "listen");
}

static void open_queue(struct mnl_socket *nl, uint16_t queue)
{
	int size = SOCKET_BUFFER, on = 1;
	struct nlmsghdr *nlh;
	char request[256];

	if (setsockopt(mnl_socket_get_fd(nl), SOL_SOCKET, SO_RCVBUFFORCE,
		       &size, sizeof(size)) ||
	    mnl_socket_setsockopt(nl, NETLINK_NO_ENOBUFS, &on, sizeof(on)))
		err(1, "setsockopt");
	nlh = nfq_nlmsg_put(request, NFQNL_MSG_CONFIG, queue);
	nfq_nlmsg_cfg_put_cmd(nlh, AF_UNSPEC, NFQNL_CFG_CMD_BIND);
	nfq_nlmsg_cfg_put_params(nlh, NFQNL_COPY_PACKET, 0xffff);
	nfq_nlmsg_cfg_put_qmaxlen(nlh, QUEUE_LENGTH);
	mnl_attr_put_u32(nlh, NFQA_CFG_FLAGS, htonl(NFQA_CFG_F_GSO));
	mnl_attr_put_u32(nlh, NFQA_CFG_MASK, htonl(NFQA_CFG_F_GSO));
	ask(nl, nlh, NULL, NULL, "queue");
}

/* The number of the packet that the message is about. */
static uint32_t packet_id(const struct nlmsghdr *nlh)
{
	struct nlattr *attrs[NFQA_MAX + 1] = { NULL };
	const struct nfqnl_msg_packet_hdr *header;

	if (nfq_nlmsg_parse(nlh, attrs) < 0 || !attrs[NFQA_PACKET_HDR])
		errx(1, "no packet in the message");
	header = mnl_attr_get_payload(attrs[NFQA_PACKET_HDR]);
	return ntohl(header->packet_id);
}

int main(int argc, char **argv)
{
	bool by_rule = argc > 1 && !strcmp(argv[1], "-r");
	struct nlmsghdr *nlh;
	struct mnl_socket *nl;
	char verdict[256];
	uint16_t queue;

	argv += by_rule;
	if (argc - by_rule != 3)
		errx(2, "usage: consume [-r] NS QUEUE");
	netns_enter(argv[1]);
	queue = atoi(argv[2]);
	nl = open_socket(NETLINK_NETFILTER);
	open_queue(nl, queue);
	if (!by_rule)
		listen_for(open_socket(NETLINK_GENERIC), queue);
	puts("listening");
	fflush(stdout);

	while (mnl_socket_recvfrom(nl, buf, sizeof(buf)) > 0) {
		nlh = nfq_nlmsg_put(verdict, NFQNL_MSG_VERDICT, queue);
		nfq_nlmsg_verdict_put(nlh, packet_id((void *)buf), NF_ACCEPT);
		if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
			err(1, "verdict");
	}
	err(1, "queue");
}

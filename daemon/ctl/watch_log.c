// SPDX-License-Identifier: GPL-2.0-only
/* appgwctl watch: packets that rules log: those that the router's own rules are about
 * to drop, and copies of what HOST sends, of which our table has some made.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <sys/socket.h>

#include "watch.h"

/* Bytes of each packet: headers, and a line behind them */
#define LOG_COPY	640

/* Where a group that nobody has is looked for, from the top down */
#define LOG_GROUP_LAST	65535
#define LOG_GROUP_TRIES	16

/* Send a request and wait for its acknowledgement; what comes between is passed over. */
static int log_ask(struct mnl_socket *nl, struct nlmsghdr *nlh)
{
	char buf[MNL_SOCKET_BUFFER_SIZE];
	const struct nlmsghdr *answer;
	const struct nlmsgerr *error;
	ssize_t n;
	int len;

	if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		return -1;
	for (;;) {
		n = mnl_socket_recvfrom(nl, buf, sizeof(buf));
		if (n < 0 && errno == ENOBUFS)
			continue;
		if (n < 0)
			return -1;
		len = n;
		for (answer = (const struct nlmsghdr *)buf;
		     mnl_nlmsg_ok(answer, len);
		     answer = mnl_nlmsg_next(answer, &len)) {
			if (answer->nlmsg_type != NLMSG_ERROR ||
			    answer->nlmsg_seq != nlh->nlmsg_seq)
				continue;
			error = mnl_nlmsg_get_payload(answer);
			errno = -error->error;
			return error->error ? -1 : 0;
		}
	}
}

/* Become the one that a group's packets go to. EBUSY: another is. */
static int log_bind(struct mnl_socket *nl, uint16_t group)
{
	const struct nfulnl_msg_config_cmd cmd = { NFULNL_CFG_CMD_BIND };
	const struct nfulnl_msg_config_mode mode = {
		.copy_range = htonl(LOG_COPY),
		.copy_mode = NFULNL_COPY_PACKET,
	};
	char buf[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nfgenmsg *nfg;

	nlh->nlmsg_type = NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_CONFIG;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	nlh->nlmsg_seq = group + 1u;
	nfg = mnl_nlmsg_put_extra_header(nlh, sizeof(*nfg));
	nfg->version = NFNETLINK_V0;
	nfg->res_id = htons(group);
	mnl_attr_put(nlh, NFULA_CFG_CMD, sizeof(cmd), &cmd);
	mnl_attr_put(nlh, NFULA_CFG_MODE, sizeof(mode), &mode);
	/* each packet at once */
	mnl_attr_put_u32(nlh, NFULA_CFG_QTHRESH, htonl(1));
	return log_ask(nl, nlh);
}

/**
 * watch_log_open() - hear of what is logged to DROPS_LOG_GROUP, and to one more
 * @watch: the call
 */
void watch_log_open(struct watch *watch)
{
	unsigned int i;

	watch->has_log = !log_bind(watch->nl, DROPS_LOG_GROUP);
	if (!watch->has_log)
		fprintf(stderr, "appgwctl: what rules log to group %u is for another program\n",
			DROPS_LOG_GROUP);
	for (i = 0; i < LOG_GROUP_TRIES && !watch->copy_group; i++)
		if (!log_bind(watch->nl, LOG_GROUP_LAST - i))
			watch->copy_group = LOG_GROUP_LAST - i;
}

/**
 * watch_log_event() - a packet that was logged
 * @watch: the call
 * @nlh: of nfnetlink's subsystem log
 */
void watch_log_event(struct watch *watch, const struct nlmsghdr *nlh)
{
	const struct watch_name *name;
	struct watch_packet packet;
	struct watch_flow *flow;
	uint16_t group;

	if (!watch_read_log(nlh, &group, &packet))
		return;
	if (group == watch->copy_group) {
		watch_told_packet(watch, &packet);
	} else if (!watch_is_host(watch, &packet.src) &&
		   !watch_is_host(watch, &packet.dst)) {
		return;
	}
	flow = watch_find_packet(watch, &packet);
	if (!flow)
		return;
	name = watch_signature(packet.proto, packet.payload);
	if (name)
		flow->name = name;
	if (group == DROPS_LOG_GROUP) {
		flow->logged++;
		if (!*flow->where)
			snprintf(flow->where, sizeof(flow->where),
				 "the rule that logs to group %u",
				 DROPS_LOG_GROUP);
		watch_tell(watch, flow);
	}
}

/**
 * watch_log_print_rule() - print the rule that logs what is dropped
 */
void watch_log_print_rule(void)
{
	printf("# nftables: the last rule of a chain that drops, or in front of a rule that does.\n"
	       "# For FAMILY, TABLE and CHAIN see: nft list ruleset\n"
	       "nft add rule FAMILY TABLE CHAIN limit rate 50/second log group %u snaplen %u\n"
	       "# iptables, and ip6tables alike:\n"
	       "iptables -A FORWARD -m limit --limit 50/second -j NFLOG --nflog-group %u --nflog-size %u\n"
	       "iptables -A INPUT -m limit --limit 50/second -j NFLOG --nflog-group %u --nflog-size %u\n",
	       DROPS_LOG_GROUP, LOG_COPY, DROPS_LOG_GROUP, LOG_COPY,
	       DROPS_LOG_GROUP, LOG_COPY);
}

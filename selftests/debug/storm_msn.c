// SPDX-License-Identifier: GPL-2.0-only
/* What MSN clients and servers say, and what they never would. */

#include <linux/kernel.h>
#include <net/tcp.h>

#include "storm_msn.h"

/* Invitations of a connection */
#define STORM_COOKIES	6

/* More than a MSG that announces something can have */
#define STORM_MSN_LONG	2100

static const struct storm_opening storm_msn_opening[] = {
	{ IP_CT_DIR_ORIGINAL, TCPHDR_SYN, TCP_CONNTRACK_SYN_SENT, "" },
	{ IP_CT_DIR_REPLY, TCPHDR_SYN | TCPHDR_ACK, TCP_CONNTRACK_SYN_RECV,
	  "" },
	{ IP_CT_DIR_ORIGINAL, TCPHDR_ACK, TCP_CONNTRACK_ESTABLISHED,
	  "USR 1 a@b.c 1234.5\r\n" },
	{ IP_CT_DIR_REPLY, TCPHDR_ACK, TCP_CONNTRACK_ESTABLISHED,
	  "USR 1 OK a@b.c A\r\n" },
};

static const char * const storm_client_commands[] = {
	"CAL 2 d@e.f\r\n", "PNG\r\n", "QRY 4 msmsgs@msnmsgr.com 3\r\nMSG",
	"UUX 8 3\r\nMSG", "UUX 8 0\r\n", "USR 1 a@b.c 1\r\n",
	"ANS 1 a@b.c 1 2\r\n", "MSG 2 N 0\r\n", "MSG 2 N 0000000003\r\nMSG",
	"SDG 2 3\r\nMSG", "VER 1 MSNP8 CVR0\r\n", "ADL 7 3\r\n<ml",
	"MSG  2   N  3\r\nMSG", "241 2 3\r\n",
};

static const char * const storm_server_commands[] = {
	"ACK 2\r\n", "NAK 3\r\n", "JOI d@e.f D\r\n", "BYE d@e.f\r\n",
	"IRO 1 1 1 d@e.f D\r\n", "CAL 2 RINGING 1\r\n", "ANS 1 OK\r\n",
	"217 3\r\n", "241 2 3\r\nMSG", "NOT 3\r\nMSG", "UBX d@e.f 0\r\n",
	"UBX d@e.f 1 3\r\nMSG", "MSG d@e.f D 0\r\n", "VER 1 MSNP8 CVR0\r\n",
};

/* Behind those nothing is read any more, or was none to begin with. */
static const char * const storm_last_commands[] = {
	"GET / HTTP/1.1\r\n", "POST /gateway.dll HTTP/1.1\r\n", "MSG 2 N\r\n",
	"MSG 2 N 3 164\r\nMSG", "MSG 2 N -1\r\n", "\x16\3\1", "\r\n",
	"MSG 2 N 1048577\r\n", "MSG\t2 N 3\r\n", "UBX \r\n", "msg 1 N 3\r\n",
	"VER 0 0\r\n", "MSG 2\rN 3\r\nMSG", "QRY 2 127 \r\n",
};

static const char * const storm_applications[] = {
	"Application-GUID: {5D3E02AB-6190-11d3-BBBB-00C04F795683}\r\n",
	"Application-GUID: {44BBA842-CC51-11CF-AAFA-00AA00B6015C}\r\n",
	"Application-GUID: {56b994a7-380f-410b-9985-c809d78c1bdc}\r\n",
	"Session-ID: {1A879604-D1B8-11D7-9066-0003FF431510}\r\n", "",
};

static const char * const storm_invitation_commands[] = {
	"INVITE", "ACCEPT", "ACCEPT", "accept", "CANCEL", "ACCEP", "",
};

/* An address, or one behind others */
void storm_msn_addrs(struct storm_writer *w, struct rnd_state *rnd,
		     const struct nf_conntrack_tuple *tuple)
{
	while (storm_one_in(rnd, 6)) {
		storm_add_addr(w, rnd, tuple);
		storm_add(w, " ");
	}
	storm_add_addr(w, rnd, tuple);
}

static void storm_where(struct storm_writer *w, struct rnd_state *rnd,
			const struct nf_conntrack_tuple *tuple)
{
	u16 port = storm_port(rnd);

	storm_add(w, "IP-Address: ");
	storm_msn_addrs(w, rnd, tuple);
	if (storm_one_in(rnd, 8)) {
		storm_add(w, ":%u\r\n", port);
		return;
	}
	storm_add(w, "\r\n");
	if (!storm_one_in(rnd, 6))
		storm_add(w, "Port: %u\r\n", port);
	if (storm_one_in(rnd, 3)) {
		storm_add(w, "IP-Address-Internal: ");
		storm_msn_addrs(w, rnd, tuple);
		storm_add(w, "\r\n");
	}
	if (storm_one_in(rnd, 3))
		storm_add(w, "PortX: %u\r\n", port ^ STORM_MSN_PORT_KEY);
	if (storm_one_in(rnd, 6))
		storm_add(w, "PortX-Internal: %u\r\n",
			  storm_port(rnd) ^ STORM_MSN_PORT_KEY);
}

static void storm_invitation(struct storm_writer *w, struct rnd_state *rnd,
			     const struct nf_conntrack_tuple *tuple)
{
	const char *command = storm_pick(rnd, storm_invitation_commands);

	storm_add(w, STORM_MSN_TYPE("text/x-msmsgsinvite; charset=UTF-8"));
	storm_add(w, "\r\nInvitation-Command: %s\r\n", command);
	if (!storm_one_in(rnd, 6))
		storm_add(w, "Invitation-Cookie: %u\r\n",
			  storm_below(rnd, STORM_COOKIES));
	storm_add(w, "%s", storm_pick(rnd, storm_applications));
	if (storm_one_in(rnd, 3))
		storm_add(w, "Sender-Connect: TRUE\r\nAuthCookie: 1\r\n");
	if (storm_one_in(rnd, 6))
		storm_add(w, "Request-Data: IP-Address:\r\n");
	else
		storm_where(w, rnd, tuple);
	if (!storm_one_in(rnd, 8))
		storm_add(w, "\r\n");
}

static void storm_chat(struct storm_writer *w, struct rnd_state *rnd,
		       const struct nf_conntrack_tuple *tuple)
{
	if (storm_one_in(rnd, 3)) {
		storm_add(w, STORM_MSN_TYPE("text/x-msmsgscontrol")
			  "TypingUser: a@b.c\r\n\r\n\r\n");
		return;
	}
	storm_add(w, STORM_MSN_TYPE("text/plain; charset=UTF-8")
		  "X-MMS-IM-Format: FN=Arial; EF=; CO=0\r\n\r\nhello ");
	/* somebody else's words */
	if (storm_one_in(rnd, 3)) {
		storm_add(w, "MSG 2 N 300\r\n");
		storm_invitation(w, rnd, tuple);
	}
	while (w->len < STORM_MSN_LONG && w->len < w->size - 1 &&
	       !storm_one_in(rnd, 100))
		storm_add(w, "hello");
}

static void storm_msg_line(struct storm_writer *w, struct rnd_state *rnd,
			   enum ip_conntrack_dir dir)
{
	static const char modes[] = "UNADX";
	unsigned int payload = w->len;
	char line[40];
	int len;

	if (storm_one_in(rnd, 60))
		payload += (int)storm_below(rnd, 9) - 4;
	if (dir == IP_CT_DIR_ORIGINAL)
		len = scnprintf(line, sizeof(line), "MSG %u %c %u\r\n",
				storm_below(rnd, 100),
				modes[storm_below(rnd, sizeof(modes) - 1)],
				payload);
	else
		len = scnprintf(line, sizeof(line), "MSG d@e.f D%%20E %u\r\n",
				payload);
	storm_insert(w, 0, line, len);
}

static unsigned int storm_msn_line(struct rnd_state *rnd,
				   enum ip_conntrack_dir dir,
				   const struct nf_conntrack_tuple *tuple,
				   char *text, unsigned int size)
{
	struct storm_writer w = { .text = text, .size = size };

	if (storm_one_in(rnd, 120)) {
		storm_add(&w, "%s", storm_pick(rnd, storm_last_commands));
		return w.len;
	}
	if (storm_one_in(rnd, 4)) {
		storm_add(&w, "%s", dir == IP_CT_DIR_ORIGINAL ?
			  storm_pick(rnd, storm_client_commands) :
			  storm_pick(rnd, storm_server_commands));
		return w.len;
	}
	/* what must go in front of the payload is to fit in any case */
	w.size -= 40;
	if (storm_one_in(rnd, 4))
		storm_chat(&w, rnd, tuple);
	else if (storm_one_in(rnd, 2))
		storm_invitation(&w, rnd, tuple);
	else
		storm_msn_p2p(&w, rnd, tuple);
	if (storm_one_in(rnd, 6))
		storm_spoil(&w, 0, rnd);
	w.size += 40;
	storm_msg_line(&w, rnd, dir);
	return w.len;
}

const struct storm_protocol storm_msn = {
	.name		= "msn",
	.helper		= "appgw-msn",
	.port		= 1863,
	/* shorter than others': what is lost behind the hooks ends it, too */
	.life		= 40,
	.queued		= true,
	.opening	= storm_msn_opening,
	.opening_len	= ARRAY_SIZE(storm_msn_opening),
	.framed		= true,
	.slips		= 60,
	.room		= 800,
	.line		= storm_msn_line,
	.sizes		= storm_msn_sizes,
};

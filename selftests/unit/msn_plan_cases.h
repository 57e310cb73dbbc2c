/* SPDX-License-Identifier: GPL-2.0-only */
/* The named cases of msn_plans.c. Every fixed bug leaves one behind. */
#ifndef SELFTESTS_MSN_PLAN_CASES_H
#define SELFTESTS_MSN_PLAN_CASES_H

#include "models/msn_build.h"

/**
 * struct plan_case - a text, put into a message
 * @name: the case's name
 * @kind: what message
 * @text: the text; the sender is 10.0.1.2 or 2001:db8:1::2
 * @plans: its plans but for those of lengths, a word each: action, port and
 *	what is replaced
 * @becomes: what it is when it leaves, in a message of its own; NULL if it stays
 *	as it is. The public address is 203.0.113.7 or 2001:db8:ffff::1234, a
 *	public port the own one and 10000
 */
struct plan_case {
	const char *name;
	enum msn_build_kind kind;
	const char *text;
	const char *plans;
	const char *becomes;
};

#define FTP_START	"Invitation-Command: ACCEPT\r\nInvitation-Cookie: 25\r\n"
#define FTP_END		"AuthCookie: 1251249521\r\nLaunch-Application: FALSE\r\n" \
			"Request-Data: IP-Address:\r\n\r\n"
#define SLP_START	"Bridge: TCPv1\r\nListening: true\r\n" \
			"Nonce: {6891A9D8-0101-1002-1000-010A00000000}\r\n"
#define SLP_END		"SessionID: 6891\r\nSChannelState: 0\r\n\r\n"
#define BLANKS_10	"          "

static const struct plan_case plan_cases[] = {
	/* MSNFTP */
	{ "an invitation without an address", MSN_BUILD_INVITATION,
	  "Application-Name: File Transfer\r\n"
	  "Application-GUID: {5D3E02AB-6190-11d3-BBBB-00C04F795683}\r\n"
	  "Invitation-Command: INVITE\r\nInvitation-Cookie: 25\r\n"
	  "Application-File: 10.0.1.2\r\nApplication-FileSize: 6891\r\n\r\n",
	  "", NULL },
	{ "one that is accepted without an address", MSN_BUILD_INVITATION,
	  FTP_START "Launch-Application: FALSE\r\n"
	  "Request-Data: IP-Address:\r\n\r\n", "", NULL },
	{ "one that is cancelled", MSN_BUILD_INVITATION,
	  "Invitation-Command: CANCEL\r\nInvitation-Cookie: 25\r\n"
	  "Cancel-Code: FTTIMEOUT\r\nIP-Address: 10.0.1.2\r\nPort: 6891\r\n"
	  "\r\n", "", NULL },
	{ "one that is accepted with an address", MSN_BUILD_INVITATION,
	  FTP_START "IP-Address: 10.0.1.2\r\nPort: 6891\r\n" FTP_END,
	  "address:0:10.0.1.2 open:6891:6891 ",
	  FTP_START "IP-Address: 203.0.113.7\r\nPort: 16891\r\n" FTP_END },
	{ "the receiver will wait", MSN_BUILD_INVITATION,
	  "IP-Address: 10.0.1.2\r\nPort: 6891\r\nSender-Connect: TRUE\r\n"
	  FTP_START FTP_END, "address:0:10.0.1.2 open:6891:6891 ",
	  "IP-Address: 203.0.113.7\r\nPort: 16891\r\nSender-Connect: TRUE\r\n"
	  FTP_START FTP_END },
	{ "the port in front of the address", MSN_BUILD_INVITATION,
	  "Port: 6891\r\n" FTP_START "IP-Address: 10.0.1.2\r\n" FTP_END,
	  "address:0:10.0.1.2 open:6891:6891 ",
	  "Port: 16891\r\n" FTP_START "IP-Address: 203.0.113.7\r\n" FTP_END },
	{ "other letters and blanks", MSN_BUILD_INVITATION,
	  "invitation-command:accept\r\nIP-ADDRESS:10.0.1.2\r\n"
	  "pOrT:  6891 \t\r\n" FTP_END, "address:0:10.0.1.2 open:6891:6891 ",
	  "invitation-command:accept\r\nIP-ADDRESS:203.0.113.7\r\n"
	  "pOrT:  16891 \t\r\n" FTP_END },
	{ "other ends of lines", MSN_BUILD_INVITATION,
	  "Invitation-Command: INVITE\nIP-Address: 10.0.1.2\nPort: 6891\n\n",
	  "address:0:10.0.1.2 open:6891:6891 ",
	  "Invitation-Command: INVITE\nIP-Address: 203.0.113.7\nPort: 16891\n"
	  "\n" },
	{ "no end of the last line", MSN_BUILD_INVITATION,
	  FTP_START "IP-Address: 10.0.1.2\r\nPort: 6891",
	  "address:0:10.0.1.2 open:6891:6891 ",
	  FTP_START "IP-Address: 203.0.113.7\r\nPort: 16891" },
	{ "the public address already", MSN_BUILD_INVITATION,
	  FTP_START "IP-Address: 203.0.113.7\r\nPort: 6891\r\n" FTP_END,
	  "address:0:203.0.113.7 open:6891:6891 ",
	  FTP_START "IP-Address: 203.0.113.7\r\nPort: 16891\r\n" FTP_END },
	{ "somebody else's address", MSN_BUILD_INVITATION,
	  FTP_START "IP-Address: 192.0.2.1\r\nPort: 6891\r\n" FTP_END,
	  "address:0:192.0.2.1 open:6891:6891 ", NULL },
	{ "a port below 1024", MSN_BUILD_INVITATION,
	  FTP_START "IP-Address: 10.0.1.2\r\nPort: 1023\r\n" FTP_END,
	  "address:0:10.0.1.2 open:1023:1023 ", NULL },
	{ "Port and PortX of Microsoft's client", MSN_BUILD_INVITATION,
	  FTP_START "IP-Address: 203.0.113.7\r\n"
	  "IP-Address-Internal: 10.0.1.2\r\nPort: 6892\r\nPortX: 11181\r\n"
	  FTP_END,
	  "address:0:203.0.113.7 open:6892:6892 address:0:10.0.1.2 "
	  "public:6892:11181 ",
	  FTP_START "IP-Address: 203.0.113.7\r\n"
	  "IP-Address-Internal: 203.0.113.7\r\nPort: 16892\r\nPortX: 28861\r\n"
	  FTP_END },
	{ "another port inside, in disguise", MSN_BUILD_INVITATION,
	  FTP_START "IP-Address: 203.0.113.7\r\n"
	  "IP-Address-Internal: 10.0.1.2\r\nPort: 6892\r\nPortX: 11181\r\n"
	  "PortX-Internal: 11178\r\n" FTP_END,
	  "address:0:203.0.113.7 open:6892:6892 address:0:10.0.1.2 "
	  "open:6891:11178 public:6892:11181 ",
	  FTP_START "IP-Address: 203.0.113.7\r\n"
	  "IP-Address-Internal: 203.0.113.7\r\nPort: 16892\r\n"
	  "PortX: 28861\r\nPortX-Internal: 28858\r\n" FTP_END },
	{ "the same port inside, in disguise", MSN_BUILD_INVITATION,
	  FTP_START "IP-Address: 10.0.1.2\r\n"
	  "IP-Address-Internal: 10.0.1.2\r\nPort: 6892\r\nPortX: 11181\r\n"
	  "PortX-Internal: 11181\r\n" FTP_END,
	  "address:0:10.0.1.2 open:6892:6892 address:0:10.0.1.2 "
	  "public:6892:11181 public:6892:11181 ",
	  FTP_START "IP-Address: 203.0.113.7\r\n"
	  "IP-Address-Internal: 203.0.113.7\r\nPort: 16892\r\n"
	  "PortX: 28861\r\nPortX-Internal: 28861\r\n" FTP_END },
	{ "two ports, none in disguise", MSN_BUILD_INVITATION,
	  FTP_START "IP-Address: 10.0.1.2\r\n"
	  "IP-Address-Internal: 10.0.1.2\r\nPort: 6891\r\nPortX: 7000\r\n"
	  FTP_END,
	  "address:0:10.0.1.2 open:6891:6891 address:0:10.0.1.2 "
	  "open:7000:7000 ",
	  FTP_START "IP-Address: 203.0.113.7\r\n"
	  "IP-Address-Internal: 203.0.113.7\r\nPort: 16891\r\nPortX: 17000\r\n"
	  FTP_END },
	{ "the same port twice", MSN_BUILD_INVITATION,
	  FTP_START "IP-Address: 10.0.1.2\r\n"
	  "IP-Address-Internal: 10.0.1.2\r\nPort: 6891\r\nPortX: 6891\r\n"
	  FTP_END,
	  "address:0:10.0.1.2 open:6891:6891 address:0:10.0.1.2 "
	  "public:6891:6891 ",
	  FTP_START "IP-Address: 203.0.113.7\r\n"
	  "IP-Address-Internal: 203.0.113.7\r\nPort: 16891\r\nPortX: 16891\r\n"
	  FTP_END },
	{ "an address inside only", MSN_BUILD_INVITATION,
	  FTP_START "IP-Address-Internal: 10.0.1.2\r\nPort: 6891\r\n"
	  "PortX: 11178\r\n" FTP_END,
	  "address:0:10.0.1.2 open:6891:6891 public:6891:11178 ",
	  FTP_START "IP-Address-Internal: 203.0.113.7\r\nPort: 16891\r\n"
	  "PortX: 28858\r\n" FTP_END },
	{ "an address inside only, with a port of its own",
	  MSN_BUILD_INVITATION,
	  FTP_START "IP-Address-Internal: 10.0.1.2\r\nPort: 6892\r\n"
	  "PortX: 11181\r\nPortX-Internal: 11178\r\n" FTP_END,
	  "address:0:10.0.1.2 open:6891:11178 ",
	  FTP_START "IP-Address-Internal: 203.0.113.7\r\nPort: 6892\r\n"
	  "PortX: 11181\r\nPortX-Internal: 28858\r\n" FTP_END },
	{ "an address and its port in one field", MSN_BUILD_INVITATION,
	  FTP_START "IP-Address: 10.0.1.2:6891\r\n" FTP_END,
	  "open:6891:10.0.1.2:6891 ",
	  FTP_START "IP-Address: 203.0.113.7:16891\r\n" FTP_END },
	{ "an address without a port", MSN_BUILD_INVITATION,
	  FTP_START "IP-Address: 10.0.1.2\r\n" FTP_END, "", NULL },
	{ "a port without an address", MSN_BUILD_INVITATION,
	  FTP_START "Port: 6891\r\nPortX: 7000\r\n" FTP_END, "", NULL },
	{ "a port without an address, once more in disguise",
	  MSN_BUILD_INVITATION,
	  FTP_START "Port: 6891\r\nPortX: 11178\r\n" FTP_END, "", NULL },
	{ "an address twice", MSN_BUILD_INVITATION,
	  FTP_START "IP-Address: 10.0.1.2\r\nPort: 6891\r\n"
	  "IP-Address: 10.0.1.2\r\n" FTP_END, "", NULL },
	{ "a command twice", MSN_BUILD_INVITATION,
	  FTP_START FTP_START "IP-Address: 10.0.1.2\r\nPort: 6891\r\n" FTP_END,
	  "", NULL },
	{ "a name", MSN_BUILD_INVITATION,
	  FTP_START "IP-Address: localhost\r\nPort: 6891\r\n" FTP_END, "",
	  NULL },
	{ "a port that is none", MSN_BUILD_INVITATION,
	  FTP_START "IP-Address: 10.0.1.2\r\nPort: 65536\r\n" FTP_END,
	  "refuse:0: ", NULL },
	{ "one that would be a port in 16 bits", MSN_BUILD_INVITATION,
	  FTP_START "IP-Address: 10.0.1.2\r\nPort: 72427\r\n" FTP_END,
	  "refuse:0: ", NULL },
	{ "one beside a port that is one", MSN_BUILD_INVITATION,
	  FTP_START "IP-Address: 10.0.1.2\r\nPort: 72427\r\n"
	  "IP-Address-Internal: 10.0.1.2\r\nPortX: 7000\r\n" FTP_END,
	  "refuse:0: ", NULL },
	{ "one in PortX", MSN_BUILD_INVITATION,
	  FTP_START "IP-Address: 10.0.1.2\r\nPort: 6891\r\n"
	  "PortX: 99999999999999999999\r\n" FTP_END, "refuse:0: ", NULL },
	{ "one with zeros", MSN_BUILD_INVITATION,
	  FTP_START "IP-Address: 10.0.1.2\r\nPort: 6891\r\n"
	  "PortX-Internal: 00072427\r\n" FTP_END, "refuse:0: ", NULL },
	{ "one with its address", MSN_BUILD_INVITATION,
	  FTP_START "IP-Address: 10.0.1.2:72427\r\n" FTP_END,
	  "refuse:0: ", NULL },
	{ "one that nobody asks for", MSN_BUILD_INVITATION,
	  "Invitation-Command: CANCEL\r\nIP-Address: 10.0.1.2\r\n"
	  "Port: 72427\r\n\r\n", "", NULL },
	{ "zeros alone", MSN_BUILD_INVITATION,
	  FTP_START "IP-Address: 10.0.1.2\r\nPort: 6891\r\n"
	  "PortX: 0000000\r\n" FTP_END, "address:0:10.0.1.2 open:6891:6891 ",
	  FTP_START "IP-Address: 203.0.113.7\r\nPort: 16891\r\n"
	  "PortX: 0000000\r\n" FTP_END },
	{ "a port of 0", MSN_BUILD_INVITATION,
	  FTP_START "IP-Address: 10.0.1.2\r\nPort: 0\r\n" FTP_END, "", NULL },
	{ "a port that begins with 0", MSN_BUILD_INVITATION,
	  FTP_START "IP-Address: 10.0.1.2\r\nPort: 06891\r\n" FTP_END, "",
	  NULL },
	{ "fields behind the end", MSN_BUILD_INVITATION,
	  FTP_START "\r\nIP-Address: 10.0.1.2\r\nPort: 6891\r\n" FTP_END, "",
	  NULL },
	{ "no command", MSN_BUILD_INVITATION,
	  "Invitation-Cookie: 25\r\nIP-Address: 10.0.1.2\r\nPort: 6891\r\n\r\n",
	  "", NULL },
	{ "names that only begin or end alike", MSN_BUILD_INVITATION,
	  FTP_START "X-IP-Address: 10.0.1.2\r\nPorts: 6891\r\n"
	  " IP-Address: 10.0.1.2\r\nPort 6891\r\n"
	  "IP-Address : 10.0.1.2\r\n" FTP_END, "", NULL },
	{ "IPv6 in an IPv4 connection", MSN_BUILD_INVITATION,
	  FTP_START "IP-Address: 2001:db8:1::2\r\nPort: 6891\r\n" FTP_END, "",
	  NULL },
	/* applications that name no port */
	{ "NetMeeting", MSN_BUILD_INVITATION,
	  FTP_START "Session-ID: {1A879604-D1B8-11D7-9066-0003FF431510}\r\n"
	  "Launch-Application: TRUE\r\nIP-Address: 10.0.1.2\r\n\r\n",
	  "fixed:1503:10.0.1.2 fixed:1720: ",
	  FTP_START "Session-ID: {1A879604-D1B8-11D7-9066-0003FF431510}\r\n"
	  "Launch-Application: TRUE\r\nIP-Address: 203.0.113.7\r\n\r\n" },
	{ "NetMeeting's other session", MSN_BUILD_INVITATION,
	  FTP_START "Session-ID: {a2ed5acf-f784-4b47-a7d4-997cd8f643cc}\r\n"
	  "Session-Protocol: SM1\r\nLaunch-Application: TRUE\r\n"
	  "Request-Data: IP-Address:\r\nIP-Address: 10.0.1.2\r\n\r\n",
	  "fixed:1503:10.0.1.2 fixed:1720: ",
	  FTP_START "Session-ID: {a2ed5acf-f784-4b47-a7d4-997cd8f643cc}\r\n"
	  "Session-Protocol: SM1\r\nLaunch-Application: TRUE\r\n"
	  "Request-Data: IP-Address:\r\nIP-Address: 203.0.113.7\r\n\r\n" },
	{ "remote assistance", MSN_BUILD_INVITATION,
	  "Application-GUID: {56B994A7-380F-410b-9985-C809D78C1BDC}\r\n"
	  "Invitation-Command: INVITE\r\nIP-Address: 10.0.1.2\r\n\r\n",
	  "fixed:3389:10.0.1.2 ",
	  "Application-GUID: {56B994A7-380F-410b-9985-C809D78C1BDC}\r\n"
	  "Invitation-Command: INVITE\r\nIP-Address: 203.0.113.7\r\n\r\n" },
	{ "NetMeeting of somebody else", MSN_BUILD_INVITATION,
	  FTP_START "Session-ID: {1A879604-D1B8-11D7-9066-0003FF431510}\r\n"
	  "IP-Address: 192.0.2.1\r\n\r\n",
	  "fixed:1503:192.0.2.1 fixed:1720: ", NULL },
	{ "NetMeeting with a port", MSN_BUILD_INVITATION,
	  FTP_START "Session-ID: {1A879604-D1B8-11D7-9066-0003FF431510}\r\n"
	  "Port: 6891\r\nIP-Address: 10.0.1.2\r\n\r\n",
	  "address:0:10.0.1.2 open:6891:6891 ",
	  FTP_START "Session-ID: {1A879604-D1B8-11D7-9066-0003FF431510}\r\n"
	  "Port: 16891\r\nIP-Address: 203.0.113.7\r\n\r\n" },
	{ "NetMeeting with a port that is none", MSN_BUILD_INVITATION,
	  FTP_START "Session-ID: {1A879604-D1B8-11D7-9066-0003FF431510}\r\n"
	  "Port: 0\r\nIP-Address: 10.0.1.2\r\n\r\n", "", NULL },
	{ "a session that nobody knows", MSN_BUILD_INVITATION,
	  FTP_START "Session-ID: {C4E9035F-CCEB-40F0-8F17-135FB734073B}\r\n"
	  "IP-Address: 10.0.1.2\r\n\r\n", "", NULL },
	/* MSNSLP */
	{ "a listener", MSN_BUILD_WHOLE,
	  SLP_START "IPv4External-Addrs: 203.0.113.7\r\n"
	  "IPv4External-Port: 6891\r\nIPv4Internal-Addrs: 10.0.1.2\r\n"
	  "IPv4Internal-Port: 6891\r\n" SLP_END,
	  "address:0:10.0.1.2 open:6891:6891 address:0:203.0.113.7 "
	  "public:6891:6891 ",
	  SLP_START "IPv4External-Addrs: 203.0.113.7\r\n"
	  "IPv4External-Port: 16891\r\nIPv4Internal-Addrs: 203.0.113.7\r\n"
	  "IPv4Internal-Port: 16891\r\n" SLP_END },
	{ "one with another port outside", MSN_BUILD_WHOLE,
	  SLP_START "IPv4Internal-Addrs: 10.0.1.2\r\n"
	  "IPv4Internal-Port: 6891\r\nIPv4External-Addrs: 203.0.113.7\r\n"
	  "IPv4External-Port: 7000\r\n" SLP_END,
	  "address:0:10.0.1.2 open:6891:6891 address:0:203.0.113.7 "
	  "open:7000:7000 ",
	  SLP_START "IPv4Internal-Addrs: 203.0.113.7\r\n"
	  "IPv4Internal-Port: 16891\r\nIPv4External-Addrs: 203.0.113.7\r\n"
	  "IPv4External-Port: 17000\r\n" SLP_END },
	{ "one of a client without a network outside", MSN_BUILD_WHOLE,
	  SLP_START "ipv4internal-addrs:10.0.1.2\r\nIPV4INTERNAL-PORT:50000\r\n"
	  SLP_END, "address:0:10.0.1.2 open:50000:50000 ",
	  SLP_START "ipv4internal-addrs:203.0.113.7\r\n"
	  "IPV4INTERNAL-PORT:60000\r\n" SLP_END },
	{ "several addresses", MSN_BUILD_WHOLE,
	  SLP_START "IPv4Internal-Addrs: 192.168.7.1 10.0.1.2  172.16.0.9\r\n"
	  "IPv4Internal-Port: 6891\r\n" SLP_END,
	  "address:0:10.0.1.2 open:6891:6891 ",
	  SLP_START
	  "IPv4Internal-Addrs: 192.168.7.1 203.0.113.7  172.16.0.9\r\n"
	  "IPv4Internal-Port: 16891\r\n" SLP_END },
	{ "several, the own one last", MSN_BUILD_WHOLE,
	  SLP_START "IPv4Internal-Addrs: here 10.0.1.2\r\n"
	  "IPv4Internal-Port: 6891\r\n" SLP_END,
	  "address:0:10.0.1.2 open:6891:6891 ",
	  SLP_START "IPv4Internal-Addrs: here 203.0.113.7\r\n"
	  "IPv4Internal-Port: 16891\r\n" SLP_END },
	{ "several, none of them the own one", MSN_BUILD_WHOLE,
	  SLP_START "IPv4Internal-Addrs: 192.168.7.1 172.16.0.9\r\n"
	  "IPv4Internal-Port: 6891\r\n" SLP_END,
	  "address:0:192.168.7.1 open:6891:6891 ", NULL },
	{ "backwards", MSN_BUILD_WHOLE,
	  SLP_START "srddA-lanretnI4vPI: 9.0.61.271 2.1.0.01\r\n"
	  "troP-lanretnI4vPI: 1986\r\nsrddA-lanretxE4vPI: 7.311.0.302\r\n"
	  "troP-lanretxE4vPI: 0007\r\n" SLP_END,
	  "address:0:2.1.0.01 open:6891:1986 address:0:7.311.0.302 "
	  "open:7000:0007 ",
	  SLP_START "srddA-lanretnI4vPI: 9.0.61.271 7.311.0.302\r\n"
	  "troP-lanretnI4vPI: 19861\r\nsrddA-lanretxE4vPI: 7.311.0.302\r\n"
	  "troP-lanretxE4vPI: 00071\r\n" SLP_END },
	{ "addresses with their ports", MSN_BUILD_WHOLE,
	  SLP_START "IPv4InternalAddrsAndPorts: 172.16.0.9:1 10.0.1.2:6891\r\n"
	  "IPv4ExternalAddrsAndPorts: 203.0.113.7:6891\r\n" SLP_END,
	  "open:6891:10.0.1.2:6891 public:6891:203.0.113.7:6891 ",
	  SLP_START
	  "IPv4InternalAddrsAndPorts: 172.16.0.9:1 203.0.113.7:16891\r\n"
	  "IPv4ExternalAddrsAndPorts: 203.0.113.7:16891\r\n" SLP_END },
	{ "the same backwards", MSN_BUILD_WHOLE,
	  SLP_START "stroPdnAsrddAlanretnI4vPI: 1986:2.1.0.01\r\n"
	  "stroPdnAsrddAlanretxE4vPI: 0007:7.311.0.302 1:1.1.1.1\r\n"
	  SLP_END, "open:6891:1986:2.1.0.01 open:7000:0007:7.311.0.302 ",
	  SLP_START "stroPdnAsrddAlanretnI4vPI: 19861:7.311.0.302\r\n"
	  "stroPdnAsrddAlanretxE4vPI: 00071:7.311.0.302 1:1.1.1.1\r\n"
	  SLP_END },
	{ "none that can be read", MSN_BUILD_WHOLE,
	  SLP_START "IPv4InternalAddrsAndPorts: 10.0.1.2:0 10.0.1.2 :1 "
	  "10.0.1.2: 10.0.1.2:1:2 [::1]:7000\r\n" SLP_END, "", NULL },
	{ "IPv6 beside IPv4", MSN_BUILD_WHOLE,
	  SLP_START "IPv4Internal-Addrs: 10.0.1.2\r\n"
	  "IPv4Internal-Port: 6891\r\nIPv6-Addrs: 2001:db8:1::2 2002::1\r\n"
	  "IPv6-Port: 6892\r\n" SLP_END,
	  "address:0:10.0.1.2 open:6891:6891 ",
	  SLP_START "IPv4Internal-Addrs: 203.0.113.7\r\n"
	  "IPv4Internal-Port: 16891\r\nIPv6-Addrs: 2001:db8:1::2 2002::1\r\n"
	  "IPv6-Port: 6892\r\n" SLP_END },
	{ "one that can't listen", MSN_BUILD_WHOLE,
	  "Bridge: TCPv1\r\nListening: False\r\n"
	  "IPv4Internal-Addrs: 10.0.1.2\r\nIPv4Internal-Port: 6891\r\n"
	  SLP_END, "", NULL },
	{ "one that doesn't say", MSN_BUILD_WHOLE,
	  "Bridges: TRUDPv1 TCPv1\r\nConn-Type: Firewall\r\n"
	  "IPv4Internal-Addrs: 10.0.1.2\r\nIPv4Internal-Port: 6891\r\n"
	  SLP_END, "address:0:10.0.1.2 open:6891:6891 ",
	  "Bridges: TRUDPv1 TCPv1\r\nConn-Type: Firewall\r\n"
	  "IPv4Internal-Addrs: 203.0.113.7\r\nIPv4Internal-Port: 16891\r\n"
	  SLP_END },
	{ "a listener without a port", MSN_BUILD_WHOLE,
	  SLP_START "IPv4Internal-Addrs: 10.0.1.2\r\n" SLP_END, "", NULL },
	{ "a listener without an address", MSN_BUILD_WHOLE,
	  SLP_START "IPv4Internal-Port: 6891\r\nIPv4External-Addrs: \r\n"
	  SLP_END, "", NULL },
	{ "a port twice", MSN_BUILD_WHOLE,
	  SLP_START "IPv4Internal-Port: 6891\r\nIPv4Internal-Port: 6891\r\n"
	  "IPv4Internal-Addrs: 10.0.1.2\r\n" SLP_END, "", NULL },
	{ "somebody else's address outside", MSN_BUILD_WHOLE,
	  SLP_START "IPv4External-Addrs: 192.0.2.1\r\n"
	  "IPv4External-Port: 6891\r\nIPv4Internal-Addrs: 10.0.1.2\r\n"
	  "IPv4Internal-Port: 6891\r\n" SLP_END,
	  "address:0:10.0.1.2 open:6891:6891 address:0:192.0.2.1 "
	  "public:6891:6891 ", NULL },
	{ "too much for one", MSN_BUILD_WHOLE,
	  SLP_START "IPv4Internal-Addrs: 10.0.1.2\r\n"
	  "IPv4Internal-Port: 6891\r\nIPv4External-Addrs: 10.0.1.2\r\n"
	  "IPv4External-Port: 6891\r\nsrddA-lanretnI4vPI: 2.1.0.01\r\n"
	  "troP-lanretnI4vPI: 1986\r\n" SLP_END, "", NULL },
	{ "a port that is none outside", MSN_BUILD_WHOLE,
	  SLP_START "IPv4External-Addrs: 203.0.113.7\r\n"
	  "IPv4External-Port: 72427\r\nIPv4Internal-Addrs: 10.0.1.2\r\n"
	  "IPv4Internal-Port: 6891\r\n" SLP_END, "refuse:0: ", NULL },
	{ "one backwards", MSN_BUILD_WHOLE,
	  SLP_START "srddA-lanretnI4vPI: 2.1.0.01\r\n"
	  "troP-lanretnI4vPI: 72427\r\n" SLP_END, "refuse:0: ", NULL },
	{ "one that is none only backwards", MSN_BUILD_WHOLE,
	  SLP_START "srddA-lanretnI4vPI: 2.1.0.01\r\n"
	  "troP-lanretnI4vPI: 72421\r\n" SLP_END,
	  "address:0:2.1.0.01 open:12427:72421 ",
	  SLP_START "srddA-lanretnI4vPI: 7.311.0.302\r\n"
	  "troP-lanretnI4vPI: 72422\r\n" SLP_END },
	{ "one in a list", MSN_BUILD_WHOLE,
	  SLP_START "IPv4InternalAddrsAndPorts: 10.0.1.2:6891 1.1.1.1:72427\r\n"
	  SLP_END, "refuse:0: ", NULL },
	{ "one in a list, backwards", MSN_BUILD_WHOLE,
	  SLP_START
	  "stroPdnAsrddAlanretnI4vPI: 72427:2.1.0.01 1986:9.0.61.271\r\n"
	  SLP_END, "refuse:0: ", NULL },
	{ "one for IPv6", MSN_BUILD_WHOLE,
	  SLP_START "IPv6-Addrs: 2001:db8::2\r\nIPv6-Port: 72427\r\n"
	  "IPv4Internal-Addrs: 10.0.1.2\r\nIPv4Internal-Port: 6891\r\n"
	  SLP_END, "refuse:0: ", NULL },
	/* those that keep their length */
	{ "version 2, with room", MSN_BUILD_V2,
	  SLP_START "IPv4Internal-Addrs: 10.0.1.2 192.168.7.1\r\n"
	  "IPv4Internal-Port: 50000\r\n" SLP_END,
	  "address:0:10.0.1.2_192.168.7.1 open:50000:50000 ",
	  SLP_START "IPv4Internal-Addrs: 203.0.113.7         \r\n"
	  "IPv4Internal-Port: 60000\r\n" SLP_END },
	{ "version 2, with the public address", MSN_BUILD_V2,
	  SLP_START "IPv4External-Addrs: 203.0.113.7\r\n"
	  "IPv4External-Port: 50000\r\n" SLP_END,
	  "address:0:203.0.113.7 open:50000:50000 ",
	  SLP_START "IPv4External-Addrs: 203.0.113.7\r\n"
	  "IPv4External-Port: 60000\r\n" SLP_END },
	{ "version 2, without room for the address", MSN_BUILD_V2,
	  SLP_START "IPv4Internal-Addrs: 10.0.1.2\r\n"
	  "IPv4Internal-Port: 50000\r\n" SLP_END,
	  "address:0:10.0.1.2 open:50000:50000 ", NULL },
	{ "version 2, without room for the port", MSN_BUILD_V2,
	  SLP_START "IPv4External-Addrs: 203.0.113.7\r\n"
	  "IPv4External-Port: 6891\r\n" SLP_END,
	  "address:0:203.0.113.7 open:6891:6891 ", NULL },
	{ "version 2, backwards", MSN_BUILD_V2,
	  SLP_START "srddA-lanretnI4vPI: 1.7.861.291 2.1.0.01\r\n"
	  "troP-lanretnI4vPI: 00005\r\n" SLP_END,
	  "address:0:1.7.861.291_2.1.0.01 open:50000:00005 ",
	  SLP_START "srddA-lanretnI4vPI: 7.311.0.302         \r\n"
	  "troP-lanretnI4vPI: 00006\r\n" SLP_END },
	{ "version 2, addresses with their ports", MSN_BUILD_V2,
	  SLP_START
	  "stroPdnAsrddAlanretnI4vPI: 1986:9.0.61.271 00005:2.1.0.01\r\n"
	  SLP_END, "open:50000:1986:9.0.61.271_00005:2.1.0.01 ",
	  SLP_START
	  "stroPdnAsrddAlanretnI4vPI: 00006:7.311.0.302             \r\n"
	  SLP_END },
	{ "version 2, the first of several", MSN_BUILD_V2_FIRST,
	  SLP_START "IPv4External-Addrs: 203.0.113.7\r\n"
	  "IPv4External-Port: 50000\r\n" "IPv4Int",
	  "address:0:203.0.113.7 open:50000:50000 ",
	  SLP_START "IPv4External-Addrs: 203.0.113.7\r\n"
	  "IPv4External-Port: 60000\r\n" "IPv4Int" },
	{ "version 2, the last of several", MSN_BUILD_V2_LAST,
	  "Bridge: TCPv1\r\nIPv4External-Addrs: 203.0.113.7\r\n"
	  "IPv4External-Port: 50000",
	  "address:0:203.0.113.7 open:50000:50000 ",
	  "Bridge: TCPv1\r\nIPv4External-Addrs: 203.0.113.7\r\n"
	  "IPv4External-Port: 60000" },
	{ "the first of several", MSN_BUILD_FIRST,
	  SLP_START "IPv4Internal-Addrs: 10.0.1.2 1.1.1.1 \r\n"
	  "IPv4Internal-Port: 50000\r\nSess",
	  "address:0:10.0.1.2_1.1.1.1 open:50000:50000 ",
	  SLP_START "IPv4Internal-Addrs: 203.0.113.7      \r\n"
	  "IPv4Internal-Port: 60000\r\nSess" },
	{ "one that is cut in its port", MSN_BUILD_FIRST,
	  SLP_START "IPv4External-Addrs: 203.0.113.7\r\n"
	  "IPv4External-Port: 5000", "", NULL },
	{ "one that is cut behind its port", MSN_BUILD_LATER,
	  "IPv4External-Addrs: 203.0.113.7\r\nIPv4External-Port: 50000\r", "",
	  NULL },
	{ "another of several, with headers in it", MSN_BUILD_LATER,
	  "ontent-Length: 417\r\n\r\nBridge: TCPv1\r\n"
	  "IPv4External-Addrs: 203.0.113.7\r\nIPv4External-Port: 50000\r\n",
	  "address:0:203.0.113.7 open:50000:50000 ",
	  "ontent-Length: 417\r\n\r\nBridge: TCPv1\r\n"
	  "IPv4External-Addrs: 203.0.113.7\r\nIPv4External-Port: 60000\r\n" },
	{ "the last of several", MSN_BUILD_LAST,
	  ": true\r\nIPv4External-Addrs: 203.0.113.7\r\n"
	  "IPv4External-Port: 50000", "address:0:203.0.113.7 open:50000:50000 ",
	  ": true\r\nIPv4External-Addrs: 203.0.113.7\r\n"
	  "IPv4External-Port: 60000" },
	{ "the last, with half of an address", MSN_BUILD_LAST,
	  "0.113.7\r\nIPv4External-Port: 50000\r\n", "", NULL },
};

static const struct plan_case plan_cases_ipv6[] = {
	{ "IPv6 in fields for IPv4", MSN_BUILD_WHOLE,
	  SLP_START "IPv4Internal-Addrs: 2001:db8:1::2\r\n"
	  "IPv4Internal-Port: 6891\r\nsrddA-lanretxE4vPI: 2::1:8bd:1002\r\n"
	  "troP-lanretxE4vPI: 1986\r\n"
	  "stroPdnAsrddAlanretnI4vPI: 1986:2::1:8bd:1002\r\n" SLP_END, "",
	  NULL },
	{ "an invitation in IPv6", MSN_BUILD_INVITATION,
	  FTP_START "IP-Address: 2001:DB8:1:0::2\r\nPort: 6891\r\n"
	  "IP-Address-Internal: 10.0.1.2\r\n" FTP_END,
	  "address:0:2001:DB8:1:0::2 open:6891:6891 ",
	  FTP_START "IP-Address: 2001:db8:ffff::1234\r\nPort: 16891\r\n"
	  "IP-Address-Internal: 10.0.1.2\r\n" FTP_END },
	{ "a listener in IPv6, backwards", MSN_BUILD_WHOLE,
	  SLP_START "srddA-6vPI: 2::1:8bd:1002 1::2002\r\n"
	  "troP-6vPI: 2986\r\nIPv4InternalAddrsAndPorts: 10.0.1.2:6891\r\n"
	  SLP_END, "address:0:2::1:8bd:1002 open:6892:2986 ",
	  SLP_START "srddA-6vPI: 4321::ffff:8bd:1002 1::2002\r\n"
	  "troP-6vPI: 29861\r\nIPv4InternalAddrsAndPorts: 10.0.1.2:6891\r\n"
	  SLP_END },
	{ "a listener in IPv6", MSN_BUILD_WHOLE,
	  SLP_START "IPv4Internal-Addrs: 10.0.1.2\r\n"
	  "IPv4Internal-Port: 6891\r\nIPv6-Addrs: 2002::1 2001:db8:1::2\r\n"
	  "IPv6-Port: 6892\r\n" SLP_END,
	  "address:0:2001:db8:1::2 open:6892:6892 ",
	  SLP_START "IPv4Internal-Addrs: 10.0.1.2\r\n"
	  "IPv4Internal-Port: 6891\r\n"
	  "IPv6-Addrs: 2002::1 2001:db8:ffff::1234\r\n"
	  "IPv6-Port: 16892\r\n" SLP_END },
};

#endif /* SELFTESTS_MSN_PLAN_CASES_H */

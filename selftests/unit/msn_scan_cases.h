/* SPDX-License-Identifier: GPL-2.0-only */
/* The named cases of msn_scan.c. Every fixed bug leaves one behind. */
#ifndef SELFTESTS_MSN_SCAN_CASES_H
#define SELFTESTS_MSN_SCAN_CASES_H

#include "../../kmod/protocols/msn_scan.h"

#define SCAN_ITEMS_MAX	13	/* items in a case */
#define SCAN_TEXT_MAX	3000	/* bytes of an item */

/* What an item is. */
enum scan_form {
	SCAN_AS_IT_IS,
	SCAN_MSG,		/* the payload of a MSG */
	SCAN_V1,		/* the text of a P2P packet in one */
	SCAN_V1_SESSION,	/* of one that belongs to a session */
	SCAN_V1_LONG,		/* of one whose length is 1 too much */
	SCAN_V2,		/* in version 2 */
	SCAN_V2_SESSION,
	SCAN_V2_TLV,		/* with longer headers */
	SCAN_V2_LONG,		/* with a length that is 5 too much */
};

/**
 * struct scan_item - what a side says at a time
 * @who: 'C' for the client, 'S' for the server
 * @form: what @text is
 * @text: the bytes
 * @len: how many
 * @count: MSGs that announce something and are complete with it
 * @why: reason to stop
 * @said: what the last invitation in it is about
 */
struct scan_item {
	char who;
	enum scan_form form;
	const char *text;
	size_t len;
	unsigned int count;
	enum scan_why why;
	enum msn_command said;
};

/**
 * struct scan_case - a conversation
 * @name: the case's name
 */
struct scan_case {
	const char *name;
	struct scan_item item[SCAN_ITEMS_MAX];
};

#define ITEM(by, as, bytes, ...) \
	{ .who = by, .form = as, .text = bytes, .len = sizeof(bytes) - 1, \
	  ##__VA_ARGS__ }
#define C(text, ...)	ITEM('C', SCAN_AS_IT_IS, text, ##__VA_ARGS__)
#define S(text, ...)	ITEM('S', SCAN_AS_IT_IS, text, ##__VA_ARGS__)
#define CM(text, ...)	ITEM('C', SCAN_MSG, text, ##__VA_ARGS__)
#define SM(text, ...)	ITEM('S', SCAN_MSG, text, ##__VA_ARGS__)
#define CP(form, text, ...) ITEM('C', SCAN_##form, text, ##__VA_ARGS__)
#define SP(form, text, ...) ITEM('S', SCAN_##form, text, ##__VA_ARGS__)

/* How a switchboard's conversation begins, and a notification's. */
#define TALK		C("USR 1 a@b.c 17262740.1050826919.32308\r\n"), \
			S("USR 1 OK a@b.c A\r\n")
#define ANSWERED	C("ANS 1 a@b.c 849102291.520491932 11752013\r\n"), \
			S("IRO 1 1 1 d@e.f D\r\nANS 1 OK\r\n")
#define NOTIFY		C("VER 1 MSNP9 MSNP8 CVR0\r\n"), S("VER 1 MSNP8\r\n")

#define VERSION		"MIME-Version: 1.0\r\n"
#define TYPE(type)	VERSION "Content-Type: " type "\r\n\r\n"
#define INVITATION	TYPE("text/x-msmsgsinvite; charset=UTF-8")
#define CHAT		TYPE("text/plain; charset=UTF-8")
#define P2P		VERSION "Content-Type: application/x-msnmsgrp2p\r\n" \
			"P2P-Dest: d@e.f\r\n\r\n"

#define COMMAND(command) "Invitation-Command: " command "\r\n" \
			"Invitation-Cookie: 85366\r\n"
#define ADDRESS		"IP-Address: 192.168.1.2\r\n"
#define PORT		"Port: 6891\r\n"
#define INVITE		INVITATION COMMAND("INVITE")
#define ACCEPT		INVITATION COMMAND("ACCEPT")
#define OFFER		/* 164 bytes */ \
			ACCEPT ADDRESS PORT "\r\n"
#define GOOD		CM(OFFER, 1, .said = MSN_COMMAND_ACCEPT)

#define SLP		"MSNSLP/1.0 200 OK\r\nTo: <msnmsgr:d@e.f>\r\n" \
			"Content-Type: application/x-msnmsgr-transrespbody" \
			"\r\nContent-Length: 100\r\n\r\nBridge: TCPv1\r\n" \
			"Listening: true\r\n"
#define SLP_END		"\r\n\0"
#define INTERNAL	"IPv4Internal-Addrs: 192.168.1.2\r\n"

#define ZERO4		"\0\0\0\0"
#define ZERO8		ZERO4 ZERO4
/* An acknowledgement of message 0x04030201, of 300 bytes, and what follows. */
#define ACK		ZERO4 "\5\0\0\0" ZERO8 "\x2c\1\0\0" ZERO4 ZERO4 \
			"\2\0\0\0" "\1\2\3\4" "\6\0\0\0" "\x2c\1\0\0" ZERO4
#define FOOT		ZERO4
/* Could be a header of version 1, with this length, or two of version 2. */
#define BOTH(length)	"\10\0\0\x4f" "\1\0\0\0" "\10\0\0\0" ZERO4 \
			"\x23\0\0\0" ZERO4 length "\0\0\0" ZERO4 ZERO8 ZERO8
/* One of a message of 33 bytes that has an acknowledgement's flag. */
#define NO_ACK		ZERO4 "\5\0\0\0" ZERO8 "\x21\0\0\0" ZERO4 \
			"\x21\0\0\0" "\2\0\0\0" ZERO8 ZERO8

/* One field, or one header, that makes the difference. */
#define FIELD(name, field, n, ...) \
	{ name, { TALK, CM(INVITE field "\r\n", n, SCAN_WHY_NONE, \
			   MSN_COMMAND_INVITE, ##__VA_ARGS__) } }
#define HEADER(name, header, n) \
	{ name, { TALK, CM(header "\r\n" COMMAND("INVITE") ADDRESS PORT \
			   "\r\n", n, SCAN_WHY_NONE, \
			   (n) ? MSN_COMMAND_INVITE : MSN_COMMAND_NONE), \
		  GOOD } }
#define TRANSPORT(name, field, n) \
	{ name, { TALK, SP(V1, SLP field SLP_END, n), \
		  CP(V2, SLP field SLP_END, n) } }

/* What a side may say first that ends it. */
#define FIRST(name, first) { name, { first, TALK, GOOD_NOT } }
#define GOOD_NOT	CM(OFFER)

/* A line that leaves open where the next command begins. */
#define LOST(name, line) \
	{ name, { TALK, C(line, 0, SCAN_WHY_NONSENSE), GOOD_NOT } }
#define S_LOST(name, line) \
	{ name, { TALK, S(line, 0, SCAN_WHY_NONSENSE), GOOD_NOT } }

/* A line with 3 bytes of payload, or none, and what comes then. */
#define LENGTH(name, line) { name, { TALK, C(line "\r\nMSG"), GOOD } }
#define S_LENGTH(name, line) { name, { TALK, S(line "\r\nMSG"), GOOD, \
			     SM(OFFER, 1, .said = MSN_COMMAND_ACCEPT) } }

static const struct scan_case scan_cases[] = {
	{ "an invitation, and what follows", {
		TALK, C("CAL 2 d@e.f\r\n"), S("CAL 2 RINGING 11752013\r\n"
					      "JOI d@e.f D\r\n"),
		CM(INVITATION "Application-Name: File Transfer\r\n"
		   "Application-GUID: {5D3E02AB-6190-11d3-BBBB-00C04F795683}"
		   "\r\n" COMMAND("INVITE") "Application-File: a.txt\r\n"
		   "Application-FileSize: 3\r\nConnectivity: N\r\n\r\n", 0,
		   .said = MSN_COMMAND_INVITE),
		SM(ACCEPT "Launch-Application: FALSE\r\n"
		   "Request-Data: IP-Address:\r\n\r\n", 0,
		   .said = MSN_COMMAND_ACCEPT),
		CM(ACCEPT ADDRESS "IP-Address-Internal: 192.168.1.2\r\n" PORT
		   "PortX: 11178\r\nAuthCookie: 93301\r\n"
		   "Launch-Application: FALSE\r\n"
		   "Request-Data: IP-Address:\r\n\r\n", 1,
		   .said = MSN_COMMAND_ACCEPT),
		SM(INVITATION COMMAND("CANCEL") "Cancel-Code: FTTIMEOUT\r\n"
		   "\r\n", .said = MSN_COMMAND_CANCEL),
		C("OUT\r\n"), S("BYE d@e.f\r\n") } },
	{ "who was called", {
		ANSWERED, SM(OFFER, 1, .said = MSN_COMMAND_ACCEPT), GOOD } },
	{ "two at once", {
		TALK, C("MSG 2 N 164\r\n" OFFER "MSG 3 A 164\r\n" OFFER
			"MSG 4 D 164\r\nMIME-", 2,
			.said = MSN_COMMAND_ACCEPT),
		C("Version: 1.0\r\n") } },
	{ "lines that end with a newline alone", {
		TALK, C("MSG 2 N 93\nContent-Type: text/x-msmsgsinvite\n\n"
			"Invitation-Command:ACCEPT\nPort:1024\n"
			"IP-Address:10.0.0.1\n\n\n", 1,
			.said = MSN_COMMAND_ACCEPT),
		GOOD } },
	{ "NetMeeting", {
		TALK, SM(ACCEPT "Session-ID: {1A879604-D1B8-11D7-9066-0003FF"
			 "431510}\r\nSession-Protocol: SM1\r\n"
			 "Launch-Application: TRUE\r\n" ADDRESS "\r\n", 1,
			 .said = MSN_COMMAND_ACCEPT) } },
	{ "the other one listens", {
		TALK, SM(ACCEPT ADDRESS PORT "AuthCookie: 1\r\n"
			 "Sender-Connect: TRUE\r\n\r\n", 1,
			 .said = MSN_COMMAND_ACCEPT) } },

	FIELD("no field that counts", "Application-Name: a\r\n", 0),
	FIELD("IP-Address alone", ADDRESS, 1),
	FIELD("Port alone", PORT, 1),
	FIELD("PortX alone", "PortX: 11178\r\n", 1),
	FIELD("IP-Address-Internal alone", "IP-Address-Internal: 1.2.3.4\r\n",
	      1),
	FIELD("a field in other letters", "ip-aDDRESS: 10.0.0.1\r\n", 1),
	FIELD("a field without a blank", "PORT:6891\r\n", 1),
	FIELD("a field without a value", "Port:\r\nIP-Address: \t\r\n", 0),
	FIELD("a value of one letter", "Port: 1", 1),
	FIELD("a name with a blank behind it", "Port : 6891\r\n", 0),
	FIELD("a name with a blank before it", " Port: 6891\r\n", 0),
	FIELD("a name that is longer", "Ports: 1\r\nPortXX: 1\r\n"
	      "IP-Address-: 1\r\n", 0),
	FIELD("a name that is shorter", "Por: 1\r\nIP-Address-Interna: 1\r\n",
	      0),
	FIELD("a name without a colon", "Port\r\n 6891\r\nPort 6891\r\n", 0),
	FIELD("a name in another's value", "A: Port: 6891\r\n", 0),
	FIELD("a name with a 0 behind it", "Port\0: 6891\r\nPort\0\0: 1\r\n",
	      0),
	FIELD("a field behind a blank line", "\r\n" PORT, 0),
	FIELD("a CR alone behind a blank line", PORT "\r\n\r\r\r", 1),
	FIELD("P2P's fields", INTERNAL, 0),
	FIELD("a cookie more", PORT "Invitation-Cookie: 1 2\r\n", 1),
	{ "a cookie with more behind it", {
		TALK, CM(INVITATION "Invitation-Cookie: \t1 2\t3 \r\n"
			 "Invitation-Command: CANCEL\r\n\r\n", 0,
			 .said = MSN_COMMAND_CANCEL), GOOD } },
	{ "a CR alone in a field", {
		TALK, CM(INVITE "A: \rB\r\n" PORT "\r\n"),
		CM(INVITE PORT "A\rB"),
		CM(INVITE PORT "\r\r\n\r\n"), GOOD } },
	{ "nothing behind the last field", {
		TALK, CM(ACCEPT "Port: 6891", 1, .said = MSN_COMMAND_ACCEPT),
		CM(ACCEPT "Port: 6891\r", 1, .said = MSN_COMMAND_ACCEPT),
		CM(INVITATION PORT "Invitation-Command: INVITE", 1,
		   .said = MSN_COMMAND_INVITE) } },
	{ "commands", {
		TALK, CM(INVITATION PORT "invitation-command:\t accept \t\r\n"
			 "\r\n", 1, .said = MSN_COMMAND_ACCEPT),
		CM(INVITATION PORT "Invitation-Command: INVITED\r\n\r\n"),
		CM(INVITATION PORT "Invitation-Command: INVIT\r\n\r\n"),
		CM(INVITATION PORT "Invitation-Command: INVITE x\r\n\r\n"),
		CM(INVITATION PORT "Invitation-Command: INVITE;\r\n\r\n"),
		CM(INVITATION PORT "Invitation-Command:\r\n\r\n"),
		CM(INVITATION PORT "\r\n"),
		CM(INVITATION PORT "Invitation-Command: CANCEL\r\n\r\n", 0,
		   .said = MSN_COMMAND_CANCEL),
		/* which one would it be? */
		CM(INVITE "Invitation-Command: CANCEL\r\n" PORT "\r\n"),
		CM(INVITATION PORT COMMAND("CANCEL") COMMAND("ACCEPT")
		   "\r\n"), GOOD } },

	HEADER("no version", "Content-Type: text/x-msmsgsinvite\r\n", 1),
	HEADER("a type in other letters", "content-TYPE:Text/X-MSMSGSinvite;"
	       "\r\n", 1),
	HEADER("a type with blanks around it", "Content-Type: \t text/x-msms"
	       "gsinvite \t;a=b\r\n", 1),
	HEADER("headers that don't matter", "User-Agent: pidgin/2.0\r\n"
	       "Content-Type: text/x-msmsgsinvite\r\nX-MMS-IM-Format:\r\n",
	       1),
	HEADER("no type", VERSION, 0),
	HEADER("a type without a value", "Content-Type:\r\n", 0),
	HEADER("nothing but an end of the type", "Content-Type: ;\r\n", 0),
	HEADER("a type that is longer", "Content-Type: text/x-msmsgsinvites"
	       "\r\n", 0),
	HEADER("a type that is shorter", "Content-Type: text/x-msmsgsinvit"
	       "\r\n", 0),
	HEADER("a type with a 0 behind it",
	       "Content-Type: text/x-msmsgsinvite\0\0\r\n", 0),
	HEADER("a type with another before it",
	       "Content-Type: a text/x-msmsgsinvite\r\n", 0),
	HEADER("a type on the next line",
	       "Content-Type:\r\n text/x-msmsgsinvite\r\n", 0),
	HEADER("two types", "Content-Type: text/x-msmsgsinvite\r\n"
	       "Content-Type: text/plain\r\n", 0),
	HEADER("two types, the other way round", "Content-Type: text/plain"
	       "\r\nContent-Type: text/x-msmsgsinvite\r\n", 0),
	HEADER("the same type twice", "Content-Type: text/x-msmsgsinvite\r\n"
	       "Content-Type: text/x-msmsgsinvite\r\n", 0),
	HEADER("a CR alone in a header", "A: \rB\r\n"
	       "Content-Type: text/x-msmsgsinvite\r\n", 0),
	HEADER("a type in chat", CHAT "Content-Type: text/x-msmsgsinvite\r\n",
	       0),
	{ "chat that quotes a MSG", {
		TALK, SM(CHAT "MSG d@e.f D 164\r\n" OFFER),
		SM(CHAT "\r\nMSG d@e.f D 164\r\n" OFFER "\r\n"), GOOD } },
	{ "a header without an end", {
		TALK, CM("Content-Type: text/x-msmsgsinvite"),
		CM("Content-Type: text/x-msmsgsinvite\r\n"),
		CM("Content-Type: text/x-msmsgsinvite\r\n\r"),
		CM("Content-Type: text/x-msmsgsinvite\r\n\r\n"),
		CM("\r\n"), CM("A"), GOOD } },
	{ "what else is in a MSG", {
		TALK, CM(TYPE("text/x-msmsgscontrol") "TypingUser: a@b.c\r\n"
			 "\r\n\r\n"),
		SM(TYPE("text/x-msnmsgr-datacast") "ID: 1\r\n\r\n\r\n"),
		SM(TYPE("text/x-clientcaps") "Client-Name: a\r\n\r\n"),
		SM("Message-ID: {1}\r\nChunk: 1\r\n\r\n" PORT), GOOD } },

	{ "P2P", {
		TALK, SP(V1, "INVITE MSNMSGR:a@b.c MSNSLP/1.0\r\n"
			 "Content-Type: application/x-msnmsgr-transreqbody\r\n"
			 "\r\nBridges: TRUDPv1 TCPv1\r\nNetID: 1\r\n"
			 "Conn-Type: Port-Restrict-NAT\r\n" SLP_END),
		CM(P2P ACK FOOT),
		CP(V1, SLP "Nonce: {1}\r\n" INTERNAL
		   "IPv4Internal-Port: 4200\r\n" SLP_END, 1),
		SM(P2P ACK FOOT), CP(V1_SESSION, "data"), CP(V1, "") } },
	TRANSPORT("no field of P2P that counts", "", 0),
	TRANSPORT("IPv4Internal-Addrs", INTERNAL, 1),
	TRANSPORT("IPv4Internal-Port", "ipv4INTERNAL-port:1\r\n", 1),
	TRANSPORT("IPv4External-Addrs", "IPv4External-Addrs: 1 2\r\n", 1),
	TRANSPORT("IPv4External-Port", "IPv4External-Port: 1\r\n", 1),
	TRANSPORT("IPv4InternalAddrsAndPorts",
		  "IPv4InternalAddrsAndPorts: 1:2\r\n", 1),
	TRANSPORT("IPv4ExternalAddrsAndPorts",
		  "IPv4ExternalAddrsAndPorts: 1:2\r\n", 1),
	TRANSPORT("IPv6", "IPv6-Addrs: fd00::1\r\n", 1),
	TRANSPORT("IPv6's port", "IPv6-Port: 1\r\n", 1),
	TRANSPORT("IPv6's addresses and ports", "IPv6AddrsAndPorts: 1\r\n",
		  1),
	TRANSPORT("backwards", "srddA-lanretnI4vPI: 2.1.861.291\r\n", 1),
	TRANSPORT("a port backwards", "troP-lanretxE4vPI: 1986\r\n", 1),
	TRANSPORT("addresses and ports backwards",
		  "stroPdnAsrddAlanretnI4vPI: 1986:2.1.861.291\r\n", 1),
	TRANSPORT("IPv6 backwards", "srddA-6vPI: 1::00df\r\n", 1),
	TRANSPORT("a field of P2P without a value", "IPv4Internal-Addrs: \r\n",
		  0),
	TRANSPORT("an invitation's fields", COMMAND("INVITE") ADDRESS PORT, 0),
	TRANSPORT("a CR alone in P2P", INTERNAL "a\rb\r\n", 0),
	{ "another piece of a message", {
		TALK, CP(V1, "IPv4Internal-Addrs: 10.0.0.1\r\nIPv4Int", 1),
		CP(V1, "ernal-Port: 1\r\n"),
		CP(V1, "IPv4Internal-Port: 1", 1),
		CP(V1, "IPv4Internal-Port:"),
		CP(V1, "IPv4Internal-Port:\r") } },
	{ "what belongs to a session", {
		TALK, SP(V1_SESSION, INTERNAL), SP(V2_SESSION, INTERNAL),
		GOOD } },
	{ "lengths that don't fit", {
		TALK, SP(V1_LONG, INTERNAL), SP(V2_LONG, INTERNAL), GOOD } },
	{ "version 2", {
		TALK, SP(V2, INTERNAL, 1), SP(V2_TLV, INTERNAL, 1),
		SM(P2P "\7\0\0\x20" "1234" "\10\0\0\0" ZERO4 INTERNAL FOOT),
		SM(P2P "\10\0\0\x7" "1234" "\10\0\0\0" ZERO4 INTERNAL FOOT),
		SM(P2P "\10\0\0\x2b" "1234" "\7\0\0\0" ZERO4 "\r\n" INTERNAL
		   FOOT),
		SM(P2P "\10\0\0\x20" "1234" "\x21\0\0\0" ZERO4 INTERNAL FOOT),
		SM(P2P "\10\0\0\x20" "1234" "\10\0\0\0" ZERO4 INTERNAL FOOT,
		   1),
		SM(P2P "\10\2\0\0" "1234"), SM(P2P "\10\0\0"), GOOD } },
	{ "either version", {
		/* a session's, and what would be one with another length */
		TALK, SM(P2P BOTH("\x23") "\r\n" INTERNAL FOOT),
		SM(P2P BOTH("\x24") "\r\n" INTERNAL FOOT, 1), GOOD } },
	{ "a length below 0", {
		TALK, SM(P2P ZERO8 ZERO8 ZERO8 "\xf4\xff\xff\xff" ZERO8
			 ZERO4), GOOD } },
	{ "packets that are too short", {
		TALK, SM(P2P), SM(P2P "\0"), SM(P2P ZERO4), SM(P2P ACK),
		SM(P2P ZERO8 ZERO8 ZERO8), SM(P2P ZERO8 ZERO8 ZERO8 ZERO4),
		GOOD } },

	{ "a notification's conversation", {
		NOTIFY, C("CVR 2 0x0409 win 4.10 i386 MSNMSGR 5.0.0544 MSMSGS "
			  "a@b.c\r\n"),
		S("CVR 2 6.0.0602 6.0.0602 1.0.0000 http://a http://b\r\n"
		  "USR 3 TWN S lc=1033\r\n"),
		S("MSG Hotmail Hotmail 164\r\n" OFFER), CM(OFFER),
		SP(V1, INTERNAL),
		S("CHL 0 15570131571988941333\r\nQNG 50\r\nSBS 0 null\r\n"
		  "SYN 8 27 5 4\r\n"),
		C("QRY 4 msmsgs@msnmsgr.com 3\r\nMSG"), S("QRY 4\r\n"),
		C("PNG\r\nXFR 5 SB\r\n") } },
	{ "MSNP15", {
		NOTIFY, C("ADL 7 3\r\n<ml"), S("ADL 7 OK\r\nADL 0 3\r\nMSG"),
		C("UUX 8 3\r\nMSG"), S("UUX 8 0\r\nUBX d@e.f 1 3\r\nMSG"
				       "UBX d@e.f 0\r\n"),
		S("GCF 0 3\r\nMSGNOT 3\r\nMSGIPG 3\r\nMSG"),
		S("UBN d@e.f 3 3\r\nMSG241 7 3\r\nMSG"),
		C("UUN 9 d@e.f 3 3\r\nMSGPUT 10 3\r\nMSG"),
		S("UUN 9 OK\r\nPUT 10 OK 0\r\nNFY PUT 3\r\nMSG") } },
	{ "a server that knows no version", {
		C("VER 0 CVR0\r\n"), S("VER 0 0\r\n"), CM(OFFER) } },
	{ "an error first", {
		C("USR 1 a@b.c 1\r\n"), S("911 1\r\n"), GOOD } },
	{ "an error first, of a notification's", {
		C("VER 1 MSNP8 CVR0\r\n"), S("601\r\n"), CM(OFFER) } },
	{ "in pieces", {
		C("US"), C("R 1 a@b.c"), C(" 1\r"), C("\n"), S("U"),
		S("SR 1 OK a@b.c A\r\nM"), S("SG d@e.f D 16"),
		S("4\r\nMIME-V"), S("ersion: 1.0\r\nContent-Type: text/x-msms"
				    "gsinvite; charset=UTF-8\r\n\r\nInvitation-"
				    "Command: INVITE\r\nInvitation-Cookie: "
				    "85366\r\nIP-Address: 192.168.1.2\r\nPo"),
		S("rt: 6891\r\n\r\n", 1, .said = MSN_COMMAND_INVITE) } },

	FIRST("HTTP", C("POST /gateway/gateway.dll?Action=open HTTP/1.1\r\n",
			0, SCAN_WHY_HTTP)),
	FIRST("HTTP, that asks", C("GET / HTTP/1.1\r\n", 0, SCAN_WHY_HTTP)),
	FIRST("HTTP's other methods", C("PUT / HTTP/1.1\r\n", 0,
					SCAN_WHY_NOT_CLIENT)),
	FIRST("no more than it takes", C("POST", 0, SCAN_WHY_HTTP)),
	FIRST("a word that begins like HTTP's", C("POSE", 0,
						  SCAN_WHY_NOT_CLIENT)),
	FIRST("GET and no blank", C("GET\r\n", 0, SCAN_WHY_NOT_CLIENT)),
	FIRST("TLS", C("\x16\3\1", 0, SCAN_WHY_TLS)),
	FIRST("an alert of TLS", C("\x15\3", 0, SCAN_WHY_TLS)),
	FIRST("SSL 2", C("\x80\x2e\1\3\1", 0, SCAN_WHY_TLS)),
	FIRST("another command", C("OUT\r\n", 0, SCAN_WHY_NOT_CLIENT)),
	FIRST("a MSG", C("MSG 1 N 3\r\nabc", 0, SCAN_WHY_NOT_CLIENT)),
	FIRST("other letters", C("usr 1 a@b.c 1\r\n", 0, SCAN_WHY_NOT_CLIENT)),
	FIRST("nothing", C("\r\n", 0, SCAN_WHY_NOT_CLIENT)),
	FIRST("no version of MSN", C("VER 1 MSN8 MSNC\r\n", 0,
				     SCAN_WHY_NOT_CLIENT)),
	FIRST("a version where a number belongs", C("VER MSNP8 CVR0\r\n", 0,
						    SCAN_WHY_NOT_CLIENT)),
	FIRST("no number", C("USR a@b.c 1\r\n", 0, SCAN_WHY_NOT_CLIENT)),
	FIRST("nothing but a number", C("USR 1\r\n", 0, SCAN_WHY_NOT_CLIENT)),
	FIRST("nothing but a number and a blank",
	      C("ANS 1 \r\n", 0, SCAN_WHY_NOT_CLIENT)),
	FIRST("the server", S("USR 1 OK\r\n", 0, SCAN_WHY_NOT_SERVER)),
	FIRST("a server that encrypts", S("\x16\3\1", 0, SCAN_WHY_NOT_SERVER)),
	FIRST("a mail server", S("220 a ESMTP\r\n", 0, SCAN_WHY_NOT_SERVER)),
	{ "a server of another kind", {
		C("USR 1 a@b.c 1\r\n"), S("VER 1 MSNP8\r\n", 0,
					  SCAN_WHY_NOT_SERVER), GOOD_NOT } },
	{ "a server of another kind, for a notification's", {
		C("VER 1 MSNP8 CVR0\r\n"), S("USR 1 OK\r\n", 0,
					     SCAN_WHY_NOT_SERVER) } },
	{ "a server that answers in HTTP", {
		C("USR 1 a@b.c 1\r\n"), S("HTTP/1.1 400 No\r\n", 0,
					  SCAN_WHY_NOT_SERVER), GOOD_NOT } },
	{ "a server that says MSG first", {
		C("USR 1 a@b.c 1\r\n"), S("MSG d@e.f D 164\r\n" OFFER, 0,
					  SCAN_WHY_NOT_SERVER), GOOD_NOT } },
	{ "TLS later is none", {
		TALK, C("\x16\3\1", 0, SCAN_WHY_NONSENSE) } },
	{ "HTTP later is none", {
		TALK, C("GET / HTTP/1.1\r\n"),
		C("POST / HTTP/1.1\r\n", 0, SCAN_WHY_NONSENSE) } },
	{ "a server that encrypts its answer", {
		C("USR 1 a@b.c 1\r\n"), S("\x15\3", 0, SCAN_WHY_TLS) } },

	LOST("an empty line", "\r\n"),
	LOST("two letters", "MS 2 N 127\r\n"),
	LOST("four letters", "MSGS 2 N 127\r\n"),
	LOST("small letters", "msg 2 N 127\r\n"),
	LOST("a tab behind the letters", "MSG\t2 N 127\r\n"),
	LOST("a tab in a line", "MSG 2\tN 127\r\n"),
	LOST("a CR alone in a line", "CAL 2\rMSG\r\n"),
	LOST("a CR alone behind the letters", "OUT\r \n"),
	LOST("a 0 in a line", "CAL 2 \0\r\n"),
	LOST("a MSG without a length", "MSG 2 N\r\n"),
	LOST("a MSG with nothing", "MSG\r\n"),
	LOST("a MSG whose length is none", "MSG 2 N 12x\r\n"),
	LOST("a MSG whose length is below 0", "MSG 2 N -1\r\n"),
	LOST("a MSG with a blank behind its length", "MSG 2 N 127 \r\n"),
	LOST("a MSG with a word more", "MSG 2 N 3 164\r\n"),
	S_LOST("a nick with a blank", "MSG d@e.f D E 164\r\n"),
	LOST("another command with a blank behind its length",
	     "UUX 2 127 \r\n"),
	S_LOST("another command with a blank and no length", "UBX \r\n"),
	{ "a MSG without a mode", {
		TALK, C("MSG 2 127\r\n", 0, SCAN_WHY_NONSENSE), GOOD_NOT } },
	{ "blanks between words", { TALK, C("MSG  2   N  3\r\nMSG"), GOOD } },
	{ "a length with zeros in front", {
		TALK, C("MSG 2 N 0000000003\r\nMSG"), GOOD } },
	{ "a length of 0", { TALK, C("MSG 2 N 0\r\n"), GOOD } },
	{ "a length that is too long", {
		TALK, C("MSG 2 N 1048577\r\n", 0, SCAN_WHY_BODY),
		GOOD_NOT } },
	{ "a length that wraps", {
		TALK, S("UBX d@e.f 4294967299\r\n", 0, SCAN_WHY_BODY),
		GOOD_NOT } },
	{ "a length of very many digits", {
		TALK, S("UBX d@e.f 18446744073709551619\r\n", 0,
			SCAN_WHY_BODY) } },
	LENGTH("QRY", "QRY 2 PROD 3"),
	LENGTH("PAG", "PAG 2 d@e.f 3"),
	LENGTH("SDC", "SDC 2 d@e.f 0x0409 MSMSGR X X X a 3"),
	LENGTH("SDG", "SDG 2 3"),
	LENGTH("RML", "RML 2 3"),
	LENGTH("FQY", "FQY 2 3"),
	S_LENGTH("UBM", "UBM d@e.f 32 1 3"),
	S_LENGTH("RML from the server", "RML 0 3"),
	S_LENGTH("an error with a length", "241 2 3"),
	{ "an error from the client", { TALK, C("241 2 3\r\n"), GOOD } },
	{ "errors without a length", {
		TALK, S("911 2\r\n217 3 a 5\r\n"), SM(OFFER, 1,
			.said = MSN_COMMAND_ACCEPT) } },
	{ "numbers that are no lengths", {
		TALK, S("ACK 127\r\nNAK 127\r\nQRY 2 127\r\nRNG 1 2 127\r\n"),
		SM(OFFER, 1, .said = MSN_COMMAND_ACCEPT),
		C("UUX 127\r\nUBX 2 127\r\nNOT 127\r\nCAL 2 127\r\n"),
		GOOD } },
};

#endif /* SELFTESTS_MSN_SCAN_CASES_H */

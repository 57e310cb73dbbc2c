/* SPDX-License-Identifier: GPL-2.0-only */
/* The named cases of rpc_scan.c. Every fixed bug leaves one behind. */
#ifndef SELFTESTS_RPC_SCAN_CASES_H
#define SELFTESTS_RPC_SCAN_CASES_H

#include "models/rpc_model.h"

#define RPC_ITEMS_MAX	12	/* items in a case */

/**
 * struct rpc_item - a message
 * @who: 'C' for the client, 'S' for the server
 * @text: its bytes, without marks
 * @len: how many
 * @program: what was asked for, if it answers a question with a port; 0 if it doesn't
 * @refused: it is refused
 */
struct rpc_item {
	char who;
	const char *text;
	size_t len;
	uint32_t program;
	bool refused;
};

/**
 * struct rpc_case - a conversation
 * @name: the case's name
 * @item: what is said
 */
struct rpc_case {
	const char *name;
	struct rpc_item item[RPC_ITEMS_MAX];
};

#define C(text, ...)	{ .who = 'C', text, sizeof(text) - 1, ##__VA_ARGS__ }
#define S(text, ...)	{ .who = 'S', text, sizeof(text) - 1, ##__VA_ARGS__ }

#define REFUSED		0, true

/* Numbers, the lowest byte of which is given */
#define N(byte)		"\0\0\0" byte
#define N_0		N("\0")

#define NONE		N_0 N_0
#define SYS		N("\1") N("\24") "stamp..\0hostuid.gid."

/* A call: its number, the portmapper's version, the procedure, who calls */
#define CALL(xid, vers, proc) \
	"xid" xid N_0 N("\2") "\0\1\x86\xa0" N(vers) N(proc)
#define ASK(xid, vers, proc)	CALL(xid, vers, proc) NONE NONE

#define NFS		"\0\1\x86\xa3"
#define MOUNT		"\0\1\x86\xa5"
#define TCP		N("\6") N_0
#define UDP		N("\21") N_0
#define PORT(xid, what)	ASK(xid, "\2", "\3") what N("\3") TCP
#define NETID		N("\3") "udp\0"
#define DIALLED		N("\21") "203.0.113.1.0.111\0\0\0"
#define OWNER		N("\10") "libtirpc"
#define RPCB(what)	what N("\3") NETID DIALLED OWNER
#define ADDR(xid, what)	ASK(xid, "\4", "\3") RPCB(what)
#define LIST(xid, what)	ASK(xid, "\4", "\13") RPCB(what)

/* A reply that was accepted: its number, who answers, success */
#define OK(xid)		"xid" xid N("\1") N_0 NONE N_0
#define OK_2049		"\0\0\10\1"
#define UADDR		N("\20") "10.0.0.2.218.214"
#define UADDR_0		N_0
#define ENTRY(uaddr, proto) \
	N("\1") uaddr N("\3") "udp\0" N("\1") N("\4") "inet" N("\3") proto

#define P_NFS		100003
#define P_MOUNT		100005

static const struct rpc_case rpc_cases[] = {
	/* what is asked, and answered */
	{ "GETPORT", { C(PORT("1", NFS)), S(OK("1") OK_2049, P_NFS) } },
	{ "GETPORT for UDP", { C(ASK("1", "\2", "\3") MOUNT N("\3") UDP),
			       S(OK("1") OK_2049, P_MOUNT) } },
	{ "GETADDR, version 4", { C(ADDR("1", MOUNT)),
				  S(OK("1") UADDR, P_MOUNT) } },
	{ "GETADDR, version 3", { C(ASK("1", "\3", "\3") RPCB(NFS)),
				  S(OK("1") UADDR, P_NFS) } },
	{ "GETVERSADDR", { C(ASK("1", "\4", "\11") RPCB(NFS)),
			   S(OK("1") UADDR, P_NFS) } },
	{ "GETADDR with nothing in it", { C(ASK("1", "\3", "\3") NFS N("\3")
					    N_0 N_0 N_0),
					  S(OK("1") UADDR, P_NFS) } },
	{ "GETADDRLIST", { C(LIST("1", NFS)),
			   S(OK("1") ENTRY(UADDR, "tcp\0")
			     ENTRY(UADDR, "udp\0") N_0, P_NFS) } },
	{ "GETADDRLIST, the second alone",
	  { C(LIST("1", NFS)),
	    S(OK("1") ENTRY(UADDR, "abc\0") ENTRY(UADDR, "udp\0") N_0,
	      P_NFS) } },
	{ "GETADDRLIST, the first alone",
	  { C(LIST("1", NFS)),
	    S(OK("1") ENTRY(UADDR, "udp\0") ENTRY(UADDR_0, "udp\0") N_0,
	      P_NFS) } },
	{ "an address of IPv6", { C(ADDR("1", NFS)),
				  S(OK("1") N("\20") "fd77::1.218.214\0") } },
	{ "an address of IPv6 with its length",
	  { C(ADDR("1", NFS)), S(OK("1") N("\17") "fd77::1.218.214\0", P_NFS) } },
	{ "an address of IPv6 with a dotted end",
	  { C(ADDR("1", NFS)), S(OK("1") N("\26") "::ffff:10.0.0.1.218.21\0\0",
				 P_NFS) } },
	{ "the longest address",
	  { C(ADDR("1", NFS)),
	    S(OK("1") N("\65")
	      "1111:2222:3333:4444:5555:6666:111.111.111.111.255.255\0\0\0",
	      P_NFS) } },
	{ "somebody's address", { C(ADDR("1", NFS)),
				  S(OK("1") N("\15") "0.0.0.0.218.2\0\0\0",
				    P_NFS) } },
	{ "credentials", { C(CALL("1", "\2", "\3") SYS NONE NFS N("\3") TCP),
			   S("xid1" N("\1") N_0 SYS N_0 OK_2049, P_NFS) } },
	{ "two credentials", { C(CALL("1", "\4", "\3") SYS SYS RPCB(NFS)),
			       S(OK("1") UADDR, P_NFS) } },
	{ "bytes behind the end", { C(PORT("1", NFS) "abcdefg"),
				    S(OK("1") OK_2049 "abcde", P_NFS) } },
	/* several */
	{ "two questions", { C(PORT("1", NFS)), C(ADDR("2", MOUNT)),
			     S(OK("2") UADDR, P_MOUNT),
			     S(OK("1") OK_2049, P_NFS) } },
	{ "asked twice", { C(PORT("1", NFS)), C(PORT("1", NFS)),
			   S(OK("1") OK_2049, P_NFS),
			   S(OK("1") OK_2049, P_NFS) } },
	{ "answered twice", { C(PORT("1", NFS)), S(OK("1") OK_2049, P_NFS),
			      S(OK("1") OK_2049, P_NFS) } },
	{ "eight questions",
	  { C(PORT("1", NFS)), C(PORT("2", NFS)), C(PORT("3", NFS)),
	    C(PORT("4", NFS)), C(PORT("5", NFS)), C(PORT("6", NFS)),
	    C(PORT("7", NFS)), C(PORT("8", MOUNT)),
	    S(OK("1") OK_2049, P_NFS), S(OK("8") OK_2049, P_MOUNT) } },
	{ "nine questions",
	  { C(PORT("1", NFS)), C(PORT("2", NFS)), C(PORT("3", NFS)),
	    C(PORT("4", NFS)), C(PORT("5", NFS)), C(PORT("6", NFS)),
	    C(PORT("7", NFS)), C(PORT("8", NFS)), C(PORT("9", NFS)),
	    S(OK("1") OK_2049), S(OK("2") OK_2049, P_NFS),
	    S(OK("9") OK_2049, P_NFS) } },
	{ "nine questions, one of them answered",
	  { C(PORT("1", NFS)), C(PORT("2", NFS)), S(OK("2") OK_2049, P_NFS),
	    C(PORT("3", NFS)), C(PORT("4", NFS)), C(PORT("5", NFS)),
	    C(PORT("6", NFS)), C(PORT("7", NFS)), C(PORT("8", NFS)),
	    C(PORT("9", NFS)), S(OK("2") OK_2049), S(OK("1") OK_2049, P_NFS) } },
	/* answers that open nothing */
	{ "port 0", { C(PORT("1", NFS)), S(OK("1") N_0) } },
	{ "port 65535", { C(PORT("1", NFS)), S(OK("1") "\0\0\xff\xff", P_NFS) } },
	{ "port 65536", { C(PORT("1", NFS)), S(OK("1") "\0\1\0\0") } },
	{ "port 65558", { C(PORT("1", NFS)), S(OK("1") "\0\1\0\26") } },
	{ "no port", { C(PORT("1", NFS)), S(OK("1")), S(OK("1") "\0\0\1") } },
	{ "no address", { C(ADDR("1", NFS)), S(OK("1") UADDR_0), S(OK("1")) } },
	{ "port 0 in an address", { C(ADDR("1", NFS)),
				    S(OK("1") N("\14") "10.0.0.2.0.0") } },
	{ "an octet of 256", { C(ADDR("1", NFS)),
			       S(OK("1") N("\20") "10.0.0.2.256.214"),
			       S(OK("1") N("\20") "10.0.0.2.218.256"),
			       S(OK("1") N("\20") "10.0.0.256.18.21") } },
	{ "a zero in front", { C(ADDR("1", NFS)),
			       S(OK("1") N("\20") "10.0.0.2.218.014"),
			       S(OK("1") N("\20") "10.0.0.2.018.214"),
			       S(OK("1") N("\20") "10.0.0.02.18.214") } },
	{ "a sign", { C(ADDR("1", NFS)), S(OK("1") N("\20") "10.0.0.2.218.+14"),
		      S(OK("1") N("\20") "10.0.0.2.-18.214") } },
	{ "seven octets", { C(ADDR("1", NFS)),
			    S(OK("1") N("\20") "10.0.0.2.1.21.21") } },
	{ "five octets", { C(ADDR("1", NFS)),
			   S(OK("1") N("\14") "10.0.0.2.218") } },
	{ "no octets", { C(ADDR("1", NFS)), S(OK("1") N("\10") "10000002") } },
	{ "a dot too many", { C(ADDR("1", NFS)),
			      S(OK("1") N("\14") "10.0.0.2.18.") } },
	{ "a name", { C(ADDR("1", NFS)), S(OK("1") N("\14") "server.1.218") } },
	{ "a blank", { C(ADDR("1", NFS)), S(OK("1") N("\14") " 10.0.0.2.18") } },
	{ "an address that is too long",
	  { C(ADDR("1", NFS)),
	    S(OK("1") N("\66")
	      "1111:2222:3333:4444:5555:6666:111.111.111.111.255.255\0\0\0") } },
	{ "a length beyond the end", { C(ADDR("1", NFS)),
				       S(OK("1") N("\21") "10.0.0.2.218.214"),
				       S(OK("1") "\xff\xff\xff\xf0" "10.0") } },
	{ "a list of nothing", { C(LIST("1", NFS)), S(OK("1") N_0) } },
	{ "a list without ports",
	  { C(LIST("1", NFS)), S(OK("1") ENTRY(UADDR_0, "udp\0") N_0) } },
	{ "a list of other transports",
	  { C(LIST("1", NFS)), S(OK("1") ENTRY(UADDR, "tcq\0") N_0) } },
	{ "a list of no transports",
	  { C(LIST("1", NFS)), S(OK("1") N("\1") UADDR N_0 N("\1") N_0 N_0 N_0) } },
	{ "a list without an end",
	  { C(LIST("1", NFS)), S(OK("1") ENTRY(UADDR, "udp\0")),
	    S(OK("1") ENTRY(UADDR, "udp\0") N("\2")) } },
	{ "an error", { C(PORT("1", NFS)),
			S("xid1" N("\1") N_0 NONE N("\2") N("\2") N("\4")) } },
	{ "another error", { C(PORT("1", NFS)),
			     S("xid1" N("\1") N_0 NONE N("\1") OK_2049) } },
	{ "denied", { C(PORT("1", NFS)),
		      S("xid1" N("\1") N("\1") N_0 N_0 N_0 OK_2049) } },
	{ "a proof of 400 bytes that isn't there",
	  { C(PORT("1", NFS)), S("xid1" N("\1") N_0 N_0 "\0\0\1\x90" OK_2049) } },
	/* questions that aren't */
	{ "an answer to nobody", { C(PORT("1", NFS)), S(OK("2") OK_2049) } },
	{ "an answer before its question",
	  { C(PORT("1", NFS)), S(OK("2") OK_2049), C(PORT("2", NFS)) } },
	{ "a transport of its own", { C(ASK("1", "\2", "\3") NFS N("\3")
					N("\204") N_0), S(OK("1") OK_2049) } },
	{ "a question that ends early",
	  { C(ASK("1", "\2", "\3") NFS N("\3") N("\6")), S(OK("1") OK_2049),
	    C(ASK("2", "\4", "\3") NFS N("\3") NETID DIALLED),
	    S(OK("2") UADDR) } },
	{ "a question with a length of 4 GB",
	  { C(ASK("1", "\4", "\3") NFS N("\3") "\xff\xff\xff\xff" N_0 N_0),
	    S(OK("1") UADDR) } },
	{ "credentials beyond the end",
	  { C(CALL("1", "\2", "\3") N("\1") "\xff\xff\xff\xf0" NONE NFS N("\3")
	      TCP), S(OK("1") OK_2049) } },
	{ "other versions", { C(ASK("1", "\5", "\3") RPCB(NFS)),
			      S(OK("1") UADDR),
			      C(ASK("2", "\1", "\3") NFS N("\3") TCP),
			      S(OK("2") OK_2049),
			      C(ASK("3", "\3", "\11") RPCB(NFS)),
			      S(OK("3") UADDR),
			      C(ASK("4", "\3", "\13") RPCB(NFS)),
			      S(OK("4") ENTRY(UADDR, "udp\0") N_0) } },
	{ "another program", { C("xid1" N_0 N("\2") NFS N("\2") N("\3") NONE NONE
				 NFS N("\3") TCP), S(OK("1") OK_2049) } },
	{ "NULL", { C(ASK("1", "\2", "\0")), S(OK("1")), S(OK("1") OK_2049) } },
	{ "DUMP", { C(ASK("1", "\2", "\4")), S(OK("1") OK_2049) } },
	{ "TADDR2UADDR", { C(ASK("1", "\4", "\10") NETID), S(OK("1") UADDR) } },
	{ "the wrong way round",
	  { C(PORT("1", NFS)), S(OK("1") OK_2049, P_NFS), S(PORT("2", NFS)),
	    C(OK("2") OK_2049), S(OK("2") OK_2049) } },
	/* what a server shouldn't be asked */
	{ "SET", { C(ASK("1", "\2", "\1"), REFUSED),
		   C(ASK("2", "\3", "\1"), REFUSED),
		   C(ASK("3", "\4", "\1"), REFUSED) } },
	{ "UNSET", { C(ASK("1", "\2", "\2"), REFUSED),
		     C(ASK("2", "\4", "\2"), REFUSED) } },
	{ "CALLIT", { C(ASK("1", "\2", "\5"), REFUSED),
		      C(ASK("2", "\3", "\5"), REFUSED),
		      S(OK("1") OK_2049 N_0) } },
	{ "BCAST and INDIRECT", { C(ASK("1", "\4", "\5"), REFUSED),
				  C(ASK("2", "\4", "\12"), REFUSED),
				  C(ASK("3", "\3", "\12")) } },
	{ "SET again", { C(ASK("1", "\2", "\1"), REFUSED),
			 C(ASK("1", "\2", "\1"), REFUSED) } },
	{ "SET of another program",
	  { C("xid1" N_0 N("\2") NFS N("\2") N("\1") NONE NONE) } },
	/* one number for several calls */
	{ "the same number, answered",
	  { C(PORT("1", NFS)), S(OK("1") OK_2049, P_NFS), C(PORT("1", MOUNT)),
	    S(OK("1") OK_2049, P_MOUNT) } },
	{ "the same number, one after the other",
	  { C(PORT("1", NFS)), C(PORT("1", MOUNT)), S(OK("1") OK_2049),
	    S(OK("1") OK_2049), C(PORT("1", MOUNT)),
	    S(OK("1") OK_2049, P_MOUNT) } },
	{ "the same number, asked twice and answered once",
	  { C(PORT("1", NFS)), C(PORT("1", NFS)), S(OK("1") OK_2049, P_NFS),
	    C(PORT("1", MOUNT)), S(OK("1") OK_2049) } },
	{ "the same number for something else",
	  { C(ASK("1", "\4", "\10") NETID), C(ADDR("1", NFS)),
	    S(OK("1") UADDR), S(OK("1") UADDR) } },
	{ "the same number for another transport",
	  { C(PORT("1", NFS)), C(ASK("1", "\2", "\3") NFS N("\3") UDP),
	    S(OK("1") OK_2049) } },
	{ "the same number for what is refused",
	  { C(ASK("1", "\2", "\5"), REFUSED), C(PORT("1", NFS)),
	    S(OK("1") OK_2049) } },
	{ "the number of one that was forgotten",
	  { C(PORT("1", MOUNT)), C(PORT("2", NFS)), C(PORT("3", NFS)),
	    C(PORT("4", NFS)), C(PORT("5", NFS)), C(PORT("6", NFS)),
	    C(PORT("7", NFS)), C(PORT("8", NFS)), C(PORT("9", NFS)),
	    C(PORT("1", NFS)), S(OK("1") OK_2049), S(OK("9") OK_2049, P_NFS) } },
};

/* By datagrams alone: as the beginning of a stream it would be none. */
static const struct rpc_case rpc_datagrams[] = {
	{ "something else", { C("hello"), S("hello"), C(""), S("") } },
	{ "a call of version 3 of RPC",
	  { C("xid1" N_0 N("\3") "\0\1\x86\xa0" N("\2") N("\3") NONE NONE NFS
	      N("\3") TCP), S(OK("1") OK_2049) } },
	{ "a call that ends early", { C("xid1" N_0 N("\2") "\0\1\x86\xa0"
					N("\2") N("")), S(OK("1") OK_2049) } },
	{ "an answer that ends early", { C(PORT("1", NFS)), S("xid1\0\0"),
					 S("xid1" N("\1")),
					 S(OK("1") OK_2049, P_NFS) } },
	{ "the server asks first", { S(PORT("1", NFS)), C(OK("1") OK_2049),
				     S(OK("1") OK_2049) } },
};

/**
 * struct rpc_piece - what a side says over TCP
 * @who: 'C' for the client, 'S' for the server
 * @text: its bytes, with marks
 * @len: how many
 * @count: announcements
 * @why: reason to stop
 */
struct rpc_piece {
	char who;
	const char *text;
	size_t len;
	unsigned int count;
	enum scan_why why;
};

/**
 * struct rpc_stream - a conversation over TCP
 * @name: the case's name
 * @piece: what is said
 */
struct rpc_stream {
	const char *name;
	struct rpc_piece piece[RPC_ITEMS_MAX];
};

#define NOT_CLIENT	0, SCAN_WHY_NOT_CLIENT
#define NOT_SERVER	0, SCAN_WHY_NOT_SERVER
#define NONSENSE	0, SCAN_WHY_NONSENSE

#define LAST(len)	"\x80\0\0" len
#define MORE(len)	"\0\0\0" len
#define ASKS(xid)	LAST("\70") PORT(xid, NFS)
#define ANSWERS(xid)	LAST("\34") OK(xid) OK_2049
#define EMPTY_8 \
	MORE("\0") MORE("\0") MORE("\0") MORE("\0") MORE("\0") MORE("\0") \
	MORE("\0") MORE("\0")

static const struct rpc_stream rpc_streams[] = {
	{ "several at a time", { C(ASKS("1") ASKS("2")),
				 S(ANSWERS("1") ANSWERS("2") ANSWERS("1"), 3) } },
	{ "HTTP", { C("POST / HTTP/1.1\r\n\r\n", NOT_CLIENT), C(ASKS("1")),
		    S(ANSWERS("1")) } },
	{ "HTTP from the server", { C(ASKS("1")),
				    S("HTTP/1.0 400\r\n", NOT_SERVER),
				    S(ANSWERS("1")) } },
	{ "version 3 of RPC",
	  { C(LAST("\70") "xid1" N_0 N("\3") "\0\1\x86\xa0", NOT_CLIENT) } },
	{ "a client that answers", { C(ANSWERS("1"), NOT_CLIENT) } },
	{ "a server that asks", { S(ASKS("1"), NOT_SERVER), C(ASKS("1")),
				  S(ANSWERS("1")) } },
	{ "a server that asks later", { C(ASKS("1")), S(ANSWERS("1"), 1),
					S(ASKS("1") ANSWERS("1"), 1) } },
	{ "2 GB", { C("\xff\xff\xff\xff", NOT_CLIENT) } },
	{ "65537 bytes", { C(ASKS("1") "\x80\1\0\1", NONSENSE) } },
	{ "65536 bytes", { C(ASKS("1") "\x80\1\0\0" "xid2"), C("more") } },
	{ "16 fragments", { C(EMPTY_8 MORE("\0") MORE("\0") MORE("\0") MORE("\0")
			      MORE("\0") MORE("\0") MORE("\0") ASKS("1")),
			    S(ANSWERS("1"), 1) } },
	{ "17 fragments", { C(EMPTY_8 EMPTY_8 ASKS("1"), NOT_CLIENT) } },
	{ "17 fragments later", { C(ASKS("1")),
				  S(ANSWERS("1") EMPTY_8 EMPTY_8 ANSWERS("1"),
				    1, SCAN_WHY_NONSENSE) } },
	{ "an answer to what is asked in between",
	  { C(ASKS("1")), S(ANSWERS("1") LAST("\34") OK("2"), 1),
	    C(ASKS("2")), S(OK_2049) } },
	{ "an answer that is waited for",
	  { C(ASKS("1")), S(LAST("\34") OK("1")), C(ASKS("2")),
	    S(OK_2049, 1) } },
};

#endif /* SELFTESTS_RPC_SCAN_CASES_H */

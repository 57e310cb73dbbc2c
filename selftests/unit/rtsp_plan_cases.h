/* SPDX-License-Identifier: GPL-2.0-only */
/* The named cases of rtsp_plans.c. Every fixed bug leaves one behind. */
#ifndef SELFTESTS_RTSP_PLAN_CASES_H
#define SELFTESTS_RTSP_PLAN_CASES_H

/**
 * struct plan_case - a Transport header
 * @name: the case's name
 * @text: its value
 * @plans: its plans, a line each: action, owner, kind, endpoint, the text to be
 *	replaced and what replaces it: "A" the address, "P" the port and "N" the
 *	next one
 */
struct plan_case {
	const char *name;
	const char *text;
	const char *plans;
};

static const struct plan_case plan_cases[] = {
	{ "a pair", "RTP/AVP;unicast;client_port=4588-4589",
	  "open client client_port :4588-4589 4588-4589 P-N\n" },
	{ "a port alone", "RTP/AVP;unicast;client_port=4588",
	  "open client client_port :4588 4588 P\n" },
	{ "a pair of one", "RTP/AVP;unicast;client_port=4588-4588",
	  "open client client_port :4588 4588-4588 P-P\n" },
	{ "two ports", "RTP/AVP;unicast;client_port=4588/4589",
	  "open client client_port :4588-4589 4588/4589 P/N\n" },
	{ "two ports the other way round",
	  "RTP/AVP;unicast;client_port=4589/4588",
	  "open client client_port :4588-4589#1 4589/4588 N/P\n" },
	{ "two ports that are no pair",
	  "RTP/AVP;unicast;client_port=4588/4600",
	  "open client client_port :4588 4588 P\n"
	  "open client client_port :4600#1 4600 P\n" },
	{ "what should be pairs, and isn't", "RTP/AVP;unicast;"
	  "client_port=53853-57228;server_port=52573-47487",
	  "open client client_port :53853 53853 P\n"
	  "open client client_port :57228#1 57228 P\n"
	  "open server server_port :52573 52573 P\n"
	  "open server server_port :47487#1 47487 P\n" },
	{ "a pair backwards", "RTP/AVP;client_port=5001-5000;server_port=6000",
	  "open client client_port :5000-5001#1 5001-5000 N-P\n"
	  "open server server_port :6000 6000 P\n" },
	{ "two ports of two pairs",
	  "RTP/AVP;client_port=5000-5001,a/b;client_port=5001/6000,"
	  "a/b;client_port=6000-6001",
	  "open client client_port :5000-5001 5000-5001 P-N\n"
	  "public client client_port :5000-5001 5001 N\n"
	  "open client client_port :6000-6001 6000 P\n"
	  "public client client_port :6000-6001 6000-6001 P-N\n" },
	{ "a reply of VLC's", "RTP/AVP/UDP;unicast;client_port=55664-55665;"
	  "server_port=58547-58548;ssrc=B1964B48;mode=play",
	  "open client client_port :55664-55665 55664-55665 P-N\n"
	  "open server server_port :58547-58548 58547-58548 P-N\n" },
	{ "a reply that says where from and where to",
	  "RTP/AVP;unicast;source=10.0.2.2;destination=10.0.1.2;"
	  "client_port=5000-5001;server_port=6001-6002",
	  "address server source 10.0.2.2 10.0.2.2 A\n"
	  "address client destination 10.0.1.2 10.0.1.2 A\n"
	  "open client client_port 10.0.1.2:5000-5001 5000-5001 P-N\n"
	  "open server server_port 10.0.2.2:6001-6002 6001-6002 P-N\n" },
	{ "a reply that says so behind the ports",
	  "RTP/AVP;unicast;server_port=6001-6002;client_port=5000-5001;"
	  "destination=10.0.1.2;source=10.0.2.2",
	  "open server server_port 10.0.2.2:6001-6002 6001-6002 P-N\n"
	  "open client client_port 10.0.1.2:5000-5001 5000-5001 P-N\n"
	  "address client destination 10.0.1.2 10.0.1.2 A\n"
	  "address server source 10.0.2.2 10.0.2.2 A\n" },
	{ "the ports of both sides are the same",
	  "RTP/AVP;unicast;client_port=5000-5001;server_port=5000-5001",
	  "open client client_port :5000-5001 5000-5001 P-N\n"
	  "open server server_port :5000-5001 5000-5001 P-N\n" },
	{ "where to, with a port",
	  "RTP/AVP;unicast;destination=10.0.1.2:5000;client_port=5000-5001",
	  "open client destination 10.0.1.2:5000-5001 10.0.1.2:5000 A:P\n"
	  "public client client_port 10.0.1.2:5000-5001 5000-5001 P-N\n" },
	{ "where to, with the second port",
	  "RTP/AVP;unicast;destination=10.0.1.2:5001;client_port=5000-5001",
	  "open client destination 10.0.1.2:5000-5001 10.0.1.2:5001 A:N\n"
	  "public client client_port 10.0.1.2:5000-5001 5000-5001 P-N\n" },
	{ "where to, and another port",
	  "RTP/AVP;unicast;destination=10.0.1.2:7000;client_port=5000-5001",
	  "open client destination 10.0.1.2:7000 10.0.1.2:7000 A:P\n"
	  "open client client_port 10.0.1.2:5000-5001 5000-5001 P-N\n" },
	{ "where to, without saying it",
	  "RTP/AVP;unicast;destination;client_port=5000-5001",
	  "open client client_port :5000-5001 5000-5001 P-N\n" },
	{ "where to, in IPv6", "RTP/AVP;unicast;"
	  "destination=2001:DB8:0::2;client_port=5000-5001",
	  "address client destination 2001:db8::2 2001:DB8:0::2 A\n"
	  "open client client_port [2001:db8::2]:5000-5001 5000-5001 P-N\n" },
	{ "where to, in IPv6 with a port",
	  "RTP/AVP;unicast;destination=[2001:db8::2]:5000;client_port=5001",
	  "open client destination [2001:db8::2]:5000-5001 "
	  "2001:db8::2]:5000 A]:P\n"
	  "public client client_port [2001:db8::2]:5000-5001 5001 N\n" },
	{ "where to, by name",
	  "RTP/AVP;unicast;destination=victim.example;client_port=5000-5001;"
	  "server_port=6000-6001", "" },
	{ "where to, by name with a port that is too low",
	  "RTP/AVP;unicast;destination=localhost:53", "" },
	{ "where from, by name",
	  "RTP/AVP;unicast;client_port=5000-5001;server_port=6000;source=cam",
	  "open client client_port :5000-5001 5000-5001 P-N\n"
	  "open server server_port :6000 6000 P\n" },
	{ "each alternative has its own address",
	  "RTP/AVP;client_port=5000-5001,"
	  "RTP/SAVP;client_port=5000-5001;destination=10.0.1.2,"
	  "RTP/AVPF;client_port=5000-5001;destination=10.0.1.3",
	  "open client client_port :5000-5001 5000-5001 P-N\n"
	  "public client client_port 10.0.1.2:5000-5001 5000-5001 P-N\n"
	  "address client destination 10.0.1.2 10.0.1.2 A\n"
	  "public client client_port 10.0.1.3:5000-5001 5000-5001 P-N\n"
	  "address client destination 10.0.1.3 10.0.1.3 A\n" },
	{ "a port below 1024",
	  "RTP/AVP;unicast;client_port=1023-1024;server_port=6000",
	  "open client client_port :1023-1024\n" },
	{ "a port below 1024 behind others",
	  "RTP/AVP;unicast;client_port=5000-5001,a/b;client_port=53,"
	  "a/b;client_port=80,a/b;client_port=53;destination=10.0.1.2",
	  "open client client_port :53\n" },
	{ "two ports, the second one below 1024",
	  "RTP/AVP;unicast;client_port=5000/80;destination=10.0.1.2",
	  "open client client_port 10.0.1.2:80#1\n" },
	{ "where to, with a port below 1024",
	  "RTP/AVP;unicast;destination=10.0.1.2:53;client_port=5000",
	  "open client destination 10.0.1.2:53\n" },
	{ "port 0", "RTP/AVP;unicast;client_port=0-1",
	  "open client client_port :0-1\n" },
	{ "port 1024", "RTP/AVP;unicast;client_port=1024-1025",
	  "open client client_port :1024-1025 1024-1025 P-N\n" },
	{ "the last pair there is", "RTP/AVP;client_port=65534-65535",
	  "open client client_port :65534-65535 65534-65535 P-N\n" },
	{ "a server's port below 1024",
	  "RTP/AVP;unicast;client_port=5000;server_port=554",
	  "open client client_port :5000 5000 P\n"
	  "open server server_port :554 554 P\n" },
	{ "a server's port 0, and an address alone",
	  "RTP/AVP;server_port=2000/0,700;source=10.0.2.2",
	  "open server server_port 10.0.2.2:2000 2000 P\n"
	  "open server server_port 10.0.2.2:0#1 0 P\n"
	  "address server source 10.0.2.2 10.0.2.2 A\n" },
	{ "what RealNetworks' clients ask for",
	  "x-real-rdt/mcast;client_port=6970;mode=play,"
	  "x-real-rdt/udp;client_port=6970;mode=play,"
	  "x-pn-tng/udp;client_port=6970;mode=play,"
	  "RTP/AVP;unicast;client_port=6970-6971;mode=play,"
	  "x-pn-tng/tcp;mode=play,x-real-rdt/tcp;mode=play,"
	  "RTP/AVP/TCP;unicast;mode=play",
	  "open client client_port :6970-6971 6970 P\n"
	  "public client client_port :6970-6971 6970 P\n"
	  "public client client_port :6970-6971 6970 P\n"
	  "public client client_port :6970-6971 6970-6971 P-N\n" },
	{ "the second port of a pair first",
	  "x-real-rdt/udp;client_port=6971,RTP/AVP;client_port=6970-6971",
	  "open client client_port :6970-6971 6971 N\n"
	  "public client client_port :6970-6971 6970-6971 P-N\n" },
	{ "the profiles of feedback and encryption",
	  "RTP/SAVP;client_port=6970-6971,RTP/AVPF;client_port=6972-6973,"
	  "RTP/SAVPF;client_port=6970-6971",
	  "open client client_port :6970-6971 6970-6971 P-N\n"
	  "open client client_port :6972-6973 6972-6973 P-N\n"
	  "public client client_port :6970-6971 6970-6971 P-N\n" },
	{ "media in the connection",
	  "RTP/AVP/TCP;unicast;interleaved=0-1", "" },
	{ "media in the connection, or not",
	  "RTP/AVP/TCP;interleaved=0-1,RTP/AVP;unicast;client_port=5000-5001",
	  "open client client_port :5000-5001 5000-5001 P-N\n" },
	{ "ports that nobody uses", "RTP/AVP/TCP;unicast;"
	  "client_port=5000-5001;destination=10.0.1.2;source=10.0.2.2", "" },
	{ "a group", "RTP/AVP;multicast;destination=224.2.0.1;"
	  "port=3456-3457;ttl=16;layers=2", "" },
	{ "a group that is the client's as well",
	  "x-real-rdt/mcast;client_port=6970;destination=224.2.0.1",
	  "open client client_port :6970 6970 P\n" },
	{ "all that RFC 2326 knows",
	  "RTP/AVP/UDP;unicast;destination=10.0.1.2;append;ttl=127;layers=1;"
	  "client_port=3456-3457;server_port=5000-5001;ssrc=0123ABCD;"
	  "mode=\"PLAY,RECORD\"",
	  "address client destination 10.0.1.2 10.0.1.2 A\n"
	  "open client client_port 10.0.1.2:3456-3457 3456-3457 P-N\n"
	  "open server server_port :5000-5001 5000-5001 P-N\n" },
	{ "a mode without quotation marks",
	  "RTP/AVP;mode=play,record;client_port=5000-5001",
	  "open client client_port :5000-5001 5000-5001 P-N\n" },
	{ "other letters, another order, blanks",
	  " rtp/avp ; CLIENT_PORT = 5000-5001 ; Destination = 10.0.1.2",
	  "open client client_port 10.0.1.2:5000-5001 5000-5001 P-N\n"
	  "address client destination 10.0.1.2 10.0.1.2 A\n" },
	{ "a header that goes on in the next line",
	  "RTP/AVP;unicast;\r\n client_port=5000-5001;\r\n\tserver_port=6000",
	  "open client client_port :5000-5001 5000-5001 P-N\n"
	  "open server server_port :6000 6000 P\n" },
	{ "RTSP 2.0", "RTP/AVP;unicast;dest_addr=\":8000\"/\":8001\"",
	  "open client dest_addr :8000-8001 8000 P\n"
	  "public client dest_addr :8000-8001 8001 N\n" },
	{ "RTSP 2.0 with addresses", "RTP/AVP/UDP;unicast;"
	  "dest_addr=\"10.0.1.2:8000\"/\"10.0.1.2:8001\";"
	  "src_addr=\"10.0.2.2:9000\"/\"10.0.2.2:9001\";ssrc=1",
	  "open client dest_addr 10.0.1.2:8000-8001 10.0.1.2:8000 A:P\n"
	  "public client dest_addr 10.0.1.2:8000-8001 10.0.1.2:8001 A:N\n"
	  "open server src_addr 10.0.2.2:9000-9001 10.0.2.2:9000 A:P\n"
	  "public server src_addr 10.0.2.2:9000-9001 10.0.2.2:9001 A:N\n" },
	{ "RTSP 2.0 with two addresses",
	  "RTP/AVP;dest_addr=\"10.0.1.2:8000\"/\"10.0.9.9:8001\"",
	  "open client dest_addr 10.0.1.2:8000-8001 10.0.1.2:8000 A:P\n"
	  "public client dest_addr 10.0.9.9:8000-8001 10.0.9.9:8001 A:N\n" },
	{ "RTSP 2.0 with IPv6",
	  "RTP/AVP;unicast;dest_addr=\"[2001:db8::2]:8000\"",
	  "open client dest_addr [2001:db8::2]:8000 2001:db8::2]:8000 A]:P\n" },
	{ "the longest text that there is", "RTP/AVP;unicast;destination="
	  "[0000:0000:0000:0000:0000:0000:255.255.255.255]:65535",
	  "open client destination [::ffff:ffff]:65535 "
	  "0000:0000:0000:0000:0000:0000:255.255.255.255]:65535 A]:P\n" },
	{ "RTSP 2.0, an address alone",
	  "RTP/AVP;unicast;dest_addr=\"10.0.1.2\";src_addr=\"10.0.2.2\"",
	  "address client dest_addr 10.0.1.2 10.0.1.2 A\n"
	  "address server src_addr 10.0.2.2 10.0.2.2 A\n" },
	{ "RTSP 2.0, ports that are no pair",
	  "RTP/AVP;dest_addr=\":8000\" / \":9000\"",
	  "open client dest_addr :8000 8000 P\n"
	  "open client dest_addr :9000#1 9000 P\n" },
	{ "RTSP 2.0, a pair backwards",
	  "RTP/AVP;dest_addr=\":8001\"/\":8000\"",
	  "open client dest_addr :8000-8001#1 8001 N\n"
	  "public client dest_addr :8000-8001#1 8000 P\n" },
	{ "RTSP 2.0, a server's name",
	  "RTP/AVP;dest_addr=\":8000\";src_addr=\"a:9000\"/\":9001\"",
	  "open client dest_addr :8000 8000 P\n"
	  "open server src_addr :9000-9001 9000 P\n"
	  "public server src_addr :9000-9001 9001 N\n" },
	{ "RTSP 2.0 for a group", "RTP/AVP;multicast;"
	  "dest_addr=\"224.2.0.1:3456\"/\"224.2.0.1:3457\"", "" },
	{ "RTSP 2.0 over ICE",
	  "D-ICE/AVP;unicast;RTCP-mux;ICE-ufrag=8hhY;candidates=\"1 1 UDP "
	  "2130706431 10.0.1.17 9 typ host\",RTP/AVP;dest_addr=\":6970\"",
	  "open client dest_addr :6970 6970 P\n" },
	{ "not understood", "RTP/AVP;client_port=5001-;server_port=6000",
	  "" },
	{ "nothing", "", "" },
};

/**
 * struct payload_case - a payload
 * @plans: plans in it, as above but with the header's number in front
 */
static const struct payload_case {
	const char *name;
	const char *text;
	const char *plans;
} payload_cases[] = {
	{ "an empty payload", "", "" },
	{ "no header", "PLAY rtsp://a/ RTSP/1.0\r\nCSeq: 1\r\n\r\n", "" },
	{ "a header at a payload's start",
	  "transport:a/b;client_port=5000\n\n",
	  "1 open client client_port :5000 5000 P\n" },
	{ "requests in a row",
	  "SETUP a RTSP/1.0\r\nTransport: a/b;client_port=5000-5001\r\n\r\n"
	  "SETUP b RTSP/1.0\r\nTransport: a/b;client_port=5002-5003\r\n"
	  "CSeq: 2\r\n\r\n",
	  "1 open client client_port :5000-5001 5000-5001 P-N\n"
	  "2 open client client_port :5002-5003 5002-5003 P-N\n" },
	{ "the same ports in two headers",
	  "Transport: a/b;client_port=5000\r\n"
	  "Transport: a/b;client_port=5000\r\n\r\n",
	  "1 open client client_port :5000 5000 P\n"
	  "2 open client client_port :5000 5000 P\n" },
	{ "one behind one that isn't understood",
	  "Transport: a/b;client_port=x\r\nTransport: a/b;client_port=1\r\n"
	  "Transport: a/b;destination=x\r\nTransport: a/b;client_port=5000\n\n",
	  "2 open client client_port :1\n"
	  "4 open client client_port :5000 5000 P\n" },
	{ "half a header behind a whole one",
	  "Transport: a/b;client_port=5000\r\n"
	  "Transport: a/b;client_port=6000\r\n",
	  "1 open client client_port :5000 5000 P\n" },
	{ "names that are others'",
	  "X-Transport: a/b;client_port=5000\r\n"
	  "Transports: a/b;client_port=5000\r\n\r\n", "" },
};

#endif /* SELFTESTS_RTSP_PLAN_CASES_H */

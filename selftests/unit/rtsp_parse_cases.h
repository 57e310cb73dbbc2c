/* SPDX-License-Identifier: GPL-2.0-only */
/* The named cases of rtsp_parse.c. Every fixed bug leaves one behind. */
#ifndef SELFTESTS_RTSP_PARSE_CASES_H
#define SELFTESTS_RTSP_PARSE_CASES_H

#include "../../daemon/rtsp_parse.h"

/**
 * struct parse_case - a header's value
 * @name: the case's name
 * @text: the value
 * @client: it, with the client's addresses and ports replaced: the ports of the
 *	first pair by 50000 and 50001, of the second by 50010 and 50011; NULL
 *	if it isn't understood
 * @server: likewise with the server's; NULL if nothing is to be replaced
 * @flaw: why nothing must be done about it
 */
struct parse_case {
	const char *name;
	const char *text;
	const char *client;
	const char *server;
	enum rtsp_flaw flaw;
};

#define NEW4	"198.51.100.7"
#define NEW6	"2001:db8::7"

static const struct parse_case parse_cases[] = {
	{ "a pair", .text = "RTP/AVP;unicast;client_port=4588-4589",
	  "RTP/AVP;unicast;client_port=50000-50001" },
	{ "a port alone", .text = "RTP/AVP;unicast;client_port=4588",
	  "RTP/AVP;unicast;client_port=50000" },
	{ "two ports", .text = "RTP/AVP;unicast;client_port=4588/4589",
	  "RTP/AVP;unicast;client_port=50000/50001" },
	{ "two ports that are no pair",
	  .text = "RTP/AVP;unicast;client_port=4588/4600",
	  "RTP/AVP;unicast;client_port=50000/50010" },
	{ "two ports the other way round",
	  .text = "RTP/AVP;unicast;client_port=4589/4588",
	  "RTP/AVP;unicast;client_port=50001/50000" },
	{ "a pair of one", .text = "RTP/AVP;unicast;client_port=4588-4588",
	  "RTP/AVP;unicast;client_port=50000-50000" },
	{ "a pair that begins with an odd port",
	  .text = "RTP/AVP;unicast;client_port=4589-4590",
	  "RTP/AVP;unicast;client_port=50000-50001" },
	{ "the last pair there is", .text = "RTP/AVP;client_port=65534-65535",
	  "RTP/AVP;client_port=50000-50001" },
	{ "a pair that wraps", .text = "RTP/AVP;client_port=65535-65536" },
	{ "a pair that wraps to 0", .text = "RTP/AVP;client_port=65535-0",
	  "RTP/AVP;client_port=50000-50010", NULL, RTSP_FLAW_PRIVILEGED },
	{ "more than a pair", .text = "RTP/AVP;client_port=5000-5003",
	  "RTP/AVP;client_port=50000-50010" },
	{ "a pair backwards", .text = "RTP/AVP;client_port=5001-5000",
	  "RTP/AVP;client_port=50001-50000" },
	{ "what should be pairs on both sides", .text = "RTP/AVP;unicast;"
	  "client_port=53853-57228;server_port=52573-47487",
	  "RTP/AVP;unicast;client_port=50000-50010;server_port=52573-47487",
	  "RTP/AVP;unicast;client_port=53853-57228;server_port=50020-50030" },
	{ "a reply", .text = "RTP/AVP/UDP;unicast;client_port=55664-55665;"
	  "server_port=58547-58548;ssrc=B1964B48;mode=play",
	  "RTP/AVP/UDP;unicast;client_port=50000-50001;"
	  "server_port=58547-58548;ssrc=B1964B48;mode=play",
	  "RTP/AVP/UDP;unicast;client_port=55664-55665;"
	  "server_port=50010-50011;ssrc=B1964B48;mode=play" },
	{ "a reply that says where from and where to",
	  .text = "RTP/AVP;unicast;source=10.0.2.2;destination=10.0.1.2;"
	  "client_port=5000-5001;server_port=6001-6002",
	  "RTP/AVP;unicast;source=10.0.2.2;destination=" NEW4 ";"
	  "client_port=50000-50001;server_port=6001-6002",
	  "RTP/AVP;unicast;source=" NEW4 ";destination=10.0.1.2;"
	  "client_port=5000-5001;server_port=50010-50011" },
	{ "where to, with a port",
	  .text = "RTP/AVP;unicast;destination=10.0.1.2:5000;client_port=5000-5001",
	  "RTP/AVP;unicast;destination=" NEW4 ":50000;client_port=50000-50001"
	},
	{ "where to, and another port",
	  .text = "RTP/AVP;unicast;destination=10.0.1.2:7000;client_port=5000-5001",
	  "RTP/AVP;unicast;destination=" NEW4
	  ":50010;client_port=50000-50001" },
	{ "where to, without saying it",
	  .text = "RTP/AVP;unicast;destination;client_port=5000-5001",
	  "RTP/AVP;unicast;destination;client_port=50000-50001" },
	{ "where to, in IPv6",
	  .text = "RTP/AVP;unicast;destination=2001:db8:1::2;client_port=5000-5001",
	  "RTP/AVP;unicast;destination=" NEW6 ";client_port=50000-50001" },
	{ "where to, in IPv6 with a port",
	  .text = "RTP/AVP;unicast;destination=[2001:db8:1::2]:5000;client_port=5001",
	  "RTP/AVP;unicast;destination=[" NEW6 "]:50000;client_port=50001" },
	{ "where to, by name",
	  .text = "RTP/AVP;unicast;destination=victim.example;client_port=5000-5001",
	  "RTP/AVP;unicast;destination=victim.example;client_port=50000-50001",
	  NULL, RTSP_FLAW_NAME },
	{ "where to, by name with a port",
	  .text = "RTP/AVP;unicast;destination=localhost:5000",
	  "RTP/AVP;unicast;destination=localhost:50000", NULL,
	  RTSP_FLAW_NAME },
	{ "where to, in a number that is read in two ways",
	  .text = "RTP/AVP;unicast;destination=010.0.1.2;client_port=5000-5001",
	  "RTP/AVP;unicast;destination=010.0.1.2;client_port=50000-50001",
	  NULL, RTSP_FLAW_NAME },
	{ "where from, by name",
	  .text = "RTP/AVP;unicast;client_port=5000-5001;source=camera",
	  "RTP/AVP;unicast;client_port=50000-50001;source=camera" },
	{ "a port below 1024", .text = "RTP/AVP;unicast;client_port=1023-1024",
	  "RTP/AVP;unicast;client_port=50000-50001", NULL,
	  RTSP_FLAW_PRIVILEGED },
	{ "port 1024", .text = "RTP/AVP;unicast;client_port=1024-1025",
	  "RTP/AVP;unicast;client_port=50000-50001" },
	{ "port 0", .text = "RTP/AVP;unicast;client_port=0",
	  "RTP/AVP;unicast;client_port=50000", NULL, RTSP_FLAW_PRIVILEGED },
	{ "a server's port below 1024",
	  .text = "RTP/AVP;unicast;client_port=5000;server_port=554",
	  "RTP/AVP;unicast;client_port=50000;server_port=554",
	  "RTP/AVP;unicast;client_port=5000;server_port=50010" },
	{ "what RealNetworks' clients ask for",
	  .text = "x-real-rdt/mcast;client_port=6970;mode=play,"
	  "x-real-rdt/udp;client_port=6970;mode=play,"
	  "x-pn-tng/udp;client_port=6970;mode=play,"
	  "RTP/AVP;unicast;client_port=6970-6971;mode=play,"
	  "x-pn-tng/tcp;mode=play,x-real-rdt/tcp;mode=play,"
	  "RTP/AVP/TCP;unicast;mode=play",
	  "x-real-rdt/mcast;client_port=50000;mode=play,"
	  "x-real-rdt/udp;client_port=50000;mode=play,"
	  "x-pn-tng/udp;client_port=50000;mode=play,"
	  "RTP/AVP;unicast;client_port=50000-50001;mode=play,"
	  "x-pn-tng/tcp;mode=play,x-real-rdt/tcp;mode=play,"
	  "RTP/AVP/TCP;unicast;mode=play" },
	{ "the second port of a pair first",
	  .text = "x-real-rdt/udp;client_port=6971,RTP/AVP;client_port=6970-6971",
	  "x-real-rdt/udp;client_port=50001,RTP/AVP;client_port=50000-50001" },
	{ "the port in front of a pair",
	  .text = "x-real-rdt/udp;client_port=6969,RTP/AVP;client_port=6970-6971",
	  "x-real-rdt/udp;client_port=50010,RTP/AVP;client_port=50000-50001" },
	{ "two pairs", .text = "RTP/SAVP;client_port=6970-6971,"
	  "RTP/AVPF;client_port=6972-6973",
	  "RTP/SAVP;client_port=50000-50001,RTP/AVPF;client_port=50010-50011" },
	{ "two pairs that overlap", .text = "RTP/AVP;client_port=6970-6971,"
	  "RTP/AVP;client_port=6971-6972" },
	{ "five pairs", .text = "a/b;client_port=5000,a/b;client_port=5010,"
	  "a/b;client_port=5020,a/b;client_port=5030,a/b;client_port=5040" },
	{ "media in the connection",
	  .text = "RTP/AVP/TCP;unicast;interleaved=0-1",
	  "RTP/AVP/TCP;unicast;interleaved=0-1" },
	{ "ports that nobody uses",
	  .text = "RTP/AVP/TCP;unicast;client_port=5000-5001;destination=10.0.1.2",
	  "RTP/AVP/TCP;unicast;client_port=5000-5001;destination=10.0.1.2" },
	{ "a group",
	  .text = "RTP/AVP;multicast;destination=224.2.0.1;port=3456-3457;ttl=16",
	  "RTP/AVP;multicast;destination=224.2.0.1;port=3456-3457;ttl=16" },
	{ "a group, or the client alone",
	  .text = "RTP/AVP;multicast;port=3456,RTP/AVP;unicast;client_port=3456-3457",
	  "RTP/AVP;multicast;port=3456,RTP/AVP;unicast;client_port=50000-50001"
	},
	{ "other letters, another order, other parameters",
	  .text = "rtp/avp/udp;CLIENT_PORT=5000-5001;x=client_port;Mode=\"PLAY\";Unicast",
	  "rtp/avp/udp;CLIENT_PORT=50000-50001;x=client_port;Mode=\"PLAY\";"
	  "Unicast" },
	{ "blanks", .text = " RTP/AVP ; unicast\t; client_port = 5000-5001 , a/b ",
	  " RTP/AVP ; unicast\t; client_port = 50000-50001 , a/b " },
	{ "blanks in a pair", .text = "RTP/AVP;client_port=5000 - 5001" },
	{ "a header that goes on in the next line",
	  .text = "RTP/AVP;unicast;\r\n client_port=5000-5001;\r\n\tmode=play\r\n",
	  "RTP/AVP;unicast;\r\n client_port=50000-50001;\r\n\tmode=play\r\n" },
	{ "a pair that goes on in the next line",
	  .text = "RTP/AVP;unicast;client_port=5000-\r\n 5001\r\n" },
	{ "separators in quotation marks",
	  .text = "RTP/AVP;mode=\"PLAY,RECORD;client_port=1\";client_port=5000-5001",
	  "RTP/AVP;mode=\"PLAY,RECORD;client_port=1\";client_port=50000-50001"
	},
	{ "separators that should be",
	  .text = "RTP/AVP;mode=play,record;client_port=5000-5001",
	  "RTP/AVP;mode=play,record;client_port=50000-50001" },
	{ "a port behind a comma", .text = "RTP/AVP;mode=play,client_port=5000",
	  "RTP/AVP;mode=play,client_port=50000" },
	{ "a port in quotation marks", .text = "RTP/AVP;client_port=\"5000-5001\"",
	  "RTP/AVP;client_port=\"50000-50001\"" },
	{ "a quotation without an end", .text = "RTP/AVP;client_port=5000;mode=\"play" },
	{ "a port with a quotation mark in it", .text = "RTP/AVP;client_port=50\"\"00" },
	{ "empty ones", .text = ",RTP/AVP;;client_port=5000;,,a/b,",
	  ",RTP/AVP;;client_port=50000;,,a/b," },
	{ "nothing", .text = "" },
	{ "nothing but separators", .text = ";;" },
	{ "nothing but commas", .text = ",," },
	{ "no protocol", .text = "client_port=5000" },
	{ "an empty port", .text = "RTP/AVP;client_port=;unicast",
	  "RTP/AVP;client_port=;unicast" },
	{ "two ports for one", .text = "RTP/AVP;client_port=5000;client_port=6000" },
	{ "a port that is none", .text = "RTP/AVP;client_port=x" },
	{ "a port below 0", .text = "RTP/AVP;client_port=-5000" },
	{ "a port with a 0 in front", .text = "RTP/AVP;client_port=05000" },
	{ "a port in other digits", .text = "RTP/AVP;client_port=0x1388" },
	{ "a port that is too great", .text = "RTP/AVP;client_port=65536" },
	{ "half a pair", .text = "RTP/AVP;client_port=5000-" },
	{ "three ports", .text = "RTP/AVP;client_port=5000/5001/5002" },
	{ "more behind a pair", .text = "RTP/AVP;client_port=5000-5001x" },
	{ "a server's port that is none",
	  .text = "RTP/AVP;client_port=5000;server_port=x",
	  "RTP/AVP;client_port=50000;server_port=x" },
	{ "two addresses for the client",
	  .text = "RTP/AVP;destination=10.0.1.2;destination=10.0.1.3" },
	{ "an address with too much behind it",
	  .text = "RTP/AVP;destination=10.0.1.2:5000x" },
	{ "a bracket without an end", .text = "RTP/AVP;destination=[2001:db8::2" },
	{ "a name in brackets", .text = "RTP/AVP;destination=[a]:5000" },
	{ "RTSP 2.0", .text = "RTP/AVP;unicast;dest_addr=\":8000\"/\":8001\"",
	  "RTP/AVP;unicast;dest_addr=\":50000\"/\":50001\"" },
	{ "RTSP 2.0 with addresses",
	  .text = "RTP/AVP/UDP;unicast;dest_addr=\"10.0.1.2:8000\"/\"10.0.1.2:8001\";"
	  "src_addr=\"10.0.2.2:9000\"/\"10.0.2.2:9001\";ssrc=1",
	  "RTP/AVP/UDP;unicast;dest_addr=\"" NEW4 ":50000\"/\"" NEW4
	  ":50001\";src_addr=\"10.0.2.2:9000\"/\"10.0.2.2:9001\";ssrc=1",
	  "RTP/AVP/UDP;unicast;dest_addr=\"10.0.1.2:8000\"/\"10.0.1.2:8001\";"
	  "src_addr=\"" NEW4 ":50010\"/\"" NEW4 ":50011\";ssrc=1" },
	{ "RTSP 2.0 with IPv6",
	  .text = "RTP/AVP;unicast;dest_addr=\"[2001:db8:1::2]:8000\"",
	  "RTP/AVP;unicast;dest_addr=\"[" NEW6 "]:50000\"" },
	{ "RTSP 2.0 with ports that are no pair",
	  .text = "RTP/AVP;dest_addr=\":8000\" / \":9000\"",
	  "RTP/AVP;dest_addr=\":50000\" / \":50010\"" },
	{ "RTSP 2.0, an address alone",
	  .text = "RTP/AVP;unicast;dest_addr=\"10.0.1.2\"",
	  "RTP/AVP;unicast;dest_addr=\"" NEW4 "\"" },
	{ "RTSP 2.0, a name", .text = "RTP/AVP;unicast;dest_addr=\"a.example:8000\"",
	  "RTP/AVP;unicast;dest_addr=\"a.example:50000\"", NULL,
	  RTSP_FLAW_NAME },
	{ "RTSP 2.0, a server's name",
	  .text = "RTP/AVP;dest_addr=\":8000\";src_addr=\"a:9000\"/\":9001\"",
	  "RTP/AVP;dest_addr=\":50000\";src_addr=\"a:9000\"/\":9001\"",
	  "RTP/AVP;dest_addr=\":8000\";src_addr=\"a:50010\"/\":50011\"" },
	{ "RTSP 2.0 for a group",
	  .text = "RTP/AVP;multicast;dest_addr=\"224.2.0.1:3456\"/\"224.2.0.1:3457\"",
	  "RTP/AVP;multicast;dest_addr=\"224.2.0.1:3456\"/\"224.2.0.1:3457\"" },
	{ "RTSP 2.0, three ports",
	  .text = "RTP/AVP;dest_addr=\":8000\"/\":8001\"/\":8002\"" },
	{ "RTSP 2.0 without quotation marks", .text = "RTP/AVP;dest_addr=:8000/:8001" },
	{ "RTSP 2.0, nothing between them", .text = "RTP/AVP;dest_addr=\"\"" },
	{ "RTSP 2.0 over ICE",
	  .text = "D-ICE/AVP;unicast;RTCP-mux;ICE-ufrag=8hhY;candidates=\"1 1 UDP "
	  "2130706431 10.0.1.17 9 typ host\",RTP/AVP;dest_addr=\":6970\"",
	  "D-ICE/AVP;unicast;RTCP-mux;ICE-ufrag=8hhY;candidates=\"1 1 UDP "
	  "2130706431 10.0.1.17 9 typ host\",RTP/AVP;dest_addr=\":50000\"" },
};

#endif /* SELFTESTS_RTSP_PARSE_CASES_H */

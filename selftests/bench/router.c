// SPDX-License-Identifier: GPL-2.0-only
/* What a packet takes from one device of a router to the other, in instructions.
 *
 *	router [-n] [-p] NS ROW...
 *
 * See tun.h. With "-n" nobody is there who rewrites announcements, and they must come out as
 * they are. Otherwise each must come out rewritten, and the control connection of each row
 * makes one at its end, so that the helper has been at work there. With "-p" there is a
 * proxy, which must be who talks with either end.
 *
 * Run with "-i" the test machine's time stamp counter counts instructions.
 * Prints for each row its name, and the lowest of several batches' medians.
 *
 * What an allocation costs depends on how many objects of its kind are in use: at the
 * border of a slab each one takes the slow way. So each batch has one more connection.
 * None lasts longer than its row: while something is expected, whatever is new is looked
 * for among that.
 */

#define _GNU_SOURCE

#include "tun.h"
#include "tun_proxy.h"

#define PORT_FTP	21
#define PORT_RPC	111
#define PORT_RTSP	554
#define PORT_IRC	6667
#define PORT_OTHER	9999

/* Turns before those that count: what they allocate stays near. */
#define SETTLE		60
#define TURNS		101
#define BATCHES		6

#define FIRST_PORT	20000
#define LINE_MAX_LEN	128
#define LIST_LINES	12
#define LIST_LINE_LEN	80
#define LONG_LEN	1000

/* The ports that announcements name, each once in a while */
#define ANNOUNCED	40000
#define ANNOUNCED_COUNT	2000

/* What the module lets a connection have open; sound and picture */
#define OFFERS_MAX	8
#define STREAMS		2

#define COMMAND		"TYPE I\r\n"
#define REPLY		"200 binary\r\n"
#define CHAT		"PRIVMSG #garden :Good morning, is anybody there?\r\n"
#define TOLD		":bob!b@example.org PRIVMSG #garden :Good morning!\r\n"

/* So many bytes of media in channel 0 of RTSP, or in a datagram from this port of the
 * server's, to even ports of the client; nothing is expected from the other port.
 */
#define MEDIA_LEN	160
#define MEDIA_PORT	6970
#define STRAY_PORT	7000

/* Whether somebody is there who rewrites announcements */
static bool helped = true;

/* Whether connections end at a proxy in the router */
static bool proxied;

/**
 * struct row - what is measured
 * @name: what report.py calls it
 * @port: of the server's
 * @begin: what the two have said before; NULL if nothing
 * @turn: what they say each time; what that takes of it which counts
 * @turns: how often, until there is a new connection; 0 for any number
 */
struct row {
	const char *name;
	uint16_t port;
	void (*begin)(struct tun_conn *c);
	uint64_t (*turn)(struct tun_conn *c);
	int turns;
};

static char list[LIST_LINES * LIST_LINE_LEN + 1];
static char chats[LIST_LINES * LIST_LINE_LEN + 1];
static char long_line[LONG_LEN + 1];

static uint64_t client(struct tun_conn *c, const char *text)
{
	if (proxied)
		tun_rest();
	return tun_say_same(c, TUN_FROM_CLIENT, text, strlen(text));
}

static uint64_t server(struct tun_conn *c, const char *text)
{
	if (proxied)
		tun_rest();
	return tun_say_same(c, TUN_FROM_SERVER, text, strlen(text));
}

static uint64_t acknowledge(struct tun_conn *c)
{
	return client(c, "");
}

/* A client says @line, in which @address must be another one when it comes out, if a
 * helper is there, and the same otherwise; what it took.
 */
static uint64_t announce(struct tun_conn *c, const char *line, const char *address)
{
	struct tun_packet p;
	uint64_t took;
	size_t came;

	if (!helped)
		return client(c, line);
	took = tun_say(c, TUN_FROM_CLIENT, line, strlen(line), &p, &came);
	p.data[came] = 0;
	if (strstr((char *)p.data, address))
		errx(1, "'%s' is still '%s'", line, p.data);
	return took;
}

static unsigned int next_port(void)
{
	static unsigned int n;

	return ANNOUNCED + n++ % ANNOUNCED_COUNT;
}

/* As far as any FTP session comes before the first file */
static void ftp_login(struct tun_conn *c)
{
	server(c, "220 ready\r\n");
	client(c, "USER anonymous\r\n");
	server(c, "331 your name\r\n");
	client(c, "PASS me@example.net\r\n");
	server(c, "230 welcome\r\n");
}

static uint64_t ftp_port(struct tun_conn *c)
{
	unsigned int port = next_port();
	char line[LINE_MAX_LEN];
	uint64_t took;

	snprintf(line, sizeof(line), "PORT %u,%u,%u,%u,%u,%u\r\n",
		 c->addr[0] >> 24, c->addr[0] >> 16 & 0xff,
		 c->addr[0] >> 8 & 0xff, c->addr[0] & 0xff, port >> 8,
		 port & 0xff);
	took = announce(c, line, "10,1,");
	server(c, "200 all right\r\n");
	return took;
}

static void ftp_begin_after(struct tun_conn *c)
{
	ftp_login(c);
	ftp_port(c);
	/* and the sender knows that it has arrived */
	client(c, COMMAND);
	server(c, REPLY);
}

static uint64_t ftp_command(struct tun_conn *c)
{
	uint64_t took = client(c, COMMAND);

	server(c, REPLY);
	return took;
}

static uint64_t ftp_reply(struct tun_conn *c)
{
	client(c, COMMAND);
	return server(c, REPLY);
}

static uint64_t ftp_ack(struct tun_conn *c)
{
	client(c, COMMAND);
	server(c, REPLY);
	return acknowledge(c);
}

static uint64_t ftp_list(struct tun_conn *c)
{
	client(c, "STAT\r\n");
	return server(c, list);
}

static uint64_t ftp_long(struct tun_conn *c)
{
	client(c, COMMAND);
	return server(c, long_line);
}

/* As far as any IRC session comes before announcements count */
static void irc_register(struct tun_conn *c)
{
	client(c, "NICK me\r\n");
	client(c, "USER me 0 * :me\r\n");
	server(c, ":irc.test 001 me :Welcome\r\n");
}

static uint64_t irc_offer(struct tun_conn *c)
{
	char line[LINE_MAX_LEN], address[16];
	uint64_t took;

	snprintf(line, sizeof(line), "PRIVMSG bob :\001DCC SEND file %u %u 123\001\r\n",
		 c->addr[0], next_port());
	snprintf(address, sizeof(address), "%u", c->addr[0]);
	took = announce(c, line, address);
	server(c, TOLD);
	return took;
}

static void irc_begin_after(struct tun_conn *c)
{
	irc_register(c);
	irc_offer(c);
	client(c, CHAT);
	server(c, TOLD);
}

static uint64_t irc_chat(struct tun_conn *c)
{
	uint64_t took = client(c, CHAT);

	server(c, TOLD);
	return took;
}

static uint64_t irc_told(struct tun_conn *c)
{
	client(c, CHAT);
	return server(c, TOLD);
}

static uint64_t irc_chats(struct tun_conn *c)
{
	client(c, CHAT);
	return server(c, chats);
}

/* Media goes through the connection itself, so nothing more is asked of it. */
static void rtsp_begin_interleaved(struct tun_conn *c)
{
	client(c, "SETUP rtsp://cam.test/live RTSP/1.0\r\nCSeq: 1\r\n"
	       "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n");
	server(c, "RTSP/1.0 200 OK\r\nCSeq: 1\r\nSession: 12345678\r\n"
	       "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n");
	client(c, "PLAY rtsp://cam.test/live RTSP/1.0\r\nCSeq: 2\r\n"
	       "Session: 12345678\r\n\r\n");
	server(c, "RTSP/1.0 200 OK\r\nCSeq: 2\r\nSession: 12345678\r\n\r\n");
}

static uint64_t rtsp_interleaved(struct tun_conn *c)
{
	static const char frame[4 + MEDIA_LEN] = { '$', 0, 0, (char)MEDIA_LEN };
	uint64_t took = tun_say_same(c, TUN_FROM_SERVER, frame, sizeof(frame));

	acknowledge(c);
	return took;
}

/* What media takes, which the connection has agreed on */
static struct tun_conn media;

/* The server learns the public port of media, by the client's request, or by a datagram.
 * The two say what VLC and GStreamer's server do. @took is set to what that has taken.
 */
static void rtsp_set_up(struct tun_conn *c, unsigned int port, uint64_t *took)
{
	static unsigned int cseq;
	struct tun_packet p;
	char text[TUN_TEXT_MAX], *at;
	size_t came;

	media = (struct tun_conn){
		.addr = { c->addr[0], c->addr[1] }, .port = { port, MEDIA_PORT },
		.public = c->public,
	};
	snprintf(text, sizeof(text), "SETUP rtsp://cam.test/live/stream=0 RTSP/1.0\r\n"
		 "CSeq: %u\r\n"
		 "User-Agent: LibVLC/3.0.18 (LIVE555 Streaming Media v2016.11.28)\r\n"
		 "Transport: RTP/AVP;unicast;client_port=%u-%u\r\n\r\n", ++cseq, port,
		 port + 1);
	took[TUN_FROM_CLIENT] = tun_say(c, TUN_FROM_CLIENT, text, strlen(text), &p, &came);
	p.data[came] = 0;
	at = strstr((char *)p.data, "client_port=");
	if (!at)
		errx(1, "'%s' has become '%s'", text, p.data);
	media.public_port = atoi(at + strlen("client_port="));
	if (!helped)
		tun_datagram(&media, TUN_FROM_CLIENT, COMMAND, strlen(COMMAND));
	snprintf(text, sizeof(text), "RTSP/1.0 200 OK\r\nCSeq: %u\r\n"
		 "Transport: RTP/AVP;unicast;client_port=%u-%u;server_port=%u-%u;"
		 "ssrc=B1964B48;mode=\"PLAY\"\r\nServer: GStreamer RTSP server\r\n"
		 "Session: WmFYkAVCbvqE0aq7\r\nDate: Mon, 30 Nov 2026 12:00:00 GMT\r\n\r\n",
		 cseq, media.public_port, media.public_port + 1, MEDIA_PORT,
		 MEDIA_PORT + 1);
	took[TUN_FROM_SERVER] = tun_say(c, TUN_FROM_SERVER, text, strlen(text), &p, &came);
}

static void rtsp_set_up_next(struct tun_conn *c, uint64_t *took)
{
	static unsigned int n;

	rtsp_set_up(c, ANNOUNCED + 2 * (n++ % ANNOUNCED_COUNT), took);
}

static uint64_t rtsp_request(struct tun_conn *c)
{
	uint64_t took[2];

	rtsp_set_up_next(c, took);
	return took[TUN_FROM_CLIENT];
}

static uint64_t rtsp_reply(struct tun_conn *c)
{
	uint64_t took[2];

	rtsp_set_up_next(c, took);
	return took[TUN_FROM_SERVER];
}

static void rtsp_begin_media(struct tun_conn *c)
{
	rtsp_request(c);
}

static void rtsp_begin_stray(struct tun_conn *c)
{
	rtsp_begin_media(c);
	media.port[TUN_FROM_SERVER] = STRAY_PORT;
}

static uint64_t rtsp_media(struct tun_conn *c)
{
	static const char frame[MEDIA_LEN] = { (char)0x80 };

	(void)c;
	return tun_datagram(&media, TUN_FROM_SERVER, frame, sizeof(frame));
}

static uint64_t rtsp_stray(struct tun_conn *c)
{
	static const char frame[MEDIA_LEN] = { (char)0x80 };

	(void)c;
	return tun_dropped(&media, TUN_FROM_SERVER, frame, sizeof(frame));
}

static uint64_t other_segment(struct tun_conn *c)
{
	uint64_t took = client(c, COMMAND);

	server(c, REPLY);
	return took;
}

static struct tun_conn next_conn(uint16_t port)
{
	static unsigned int n;

	return (struct tun_conn){
		.addr = { TUN_CLIENT + 1, TUN_SERVER },
		.port = { FIRST_PORT + n++ % 40000, port },
	};
}

/* Of a connection of its own */
static uint64_t other_syn(struct tun_conn *c)
{
	struct tun_conn one = next_conn(c->port[TUN_FROM_SERVER]);
	uint64_t took = tun_syn(&one);

	tun_reset(&one);
	return took;
}

static uint64_t datagram(struct tun_conn *c)
{
	uint64_t took = tun_datagram(c, TUN_FROM_CLIENT, COMMAND, strlen(COMMAND));

	tun_datagram(c, TUN_FROM_SERVER, REPLY, strlen(REPLY));
	return took;
}

static uint64_t datagram_first(struct tun_conn *c)
{
	struct tun_conn one = next_conn(c->port[TUN_FROM_SERVER]);

	return datagram(&one);
}

/* portmap's GETPORT (RFC 1833 section 3) for mountd, by TCP */
static uint64_t rpc_question(struct tun_conn *c)
{
	struct tun_conn one = next_conn(c->port[TUN_FROM_SERVER]);
	static uint32_t xid = 1;
	uint32_t call[] = {
		xid++, 0, 2, 100000, 2, 3, 0, 0, 0, 0, 100005, 3, IPPROTO_TCP, 0,
	};
	size_t i;

	for (i = 0; i < sizeof(call) / sizeof(call[0]); i++)
		call[i] = htonl(call[i]);
	return tun_datagram(&one, TUN_FROM_CLIENT, call, sizeof(call));
}

static const struct row rows[] = {
	{ .name = "command", .port = PORT_FTP, .begin = ftp_login, .turn = ftp_command },
	{ .name = "reply", .port = PORT_FTP, .begin = ftp_login, .turn = ftp_reply },
	{ .name = "ack", .port = PORT_FTP, .begin = ftp_login, .turn = ftp_ack },
	{ .name = "list", .port = PORT_FTP, .begin = ftp_login, .turn = ftp_list },
	{ .name = "long", .port = PORT_FTP, .begin = ftp_login, .turn = ftp_long },
	{ .name = "port", .port = PORT_FTP, .begin = ftp_login, .turn = ftp_port },
	{ .name = "command_after", .port = PORT_FTP, .begin = ftp_begin_after,
	  .turn = ftp_command },
	{ .name = "reply_after", .port = PORT_FTP, .begin = ftp_begin_after,
	  .turn = ftp_reply },
	{ .name = "ack_after", .port = PORT_FTP, .begin = ftp_begin_after,
	  .turn = ftp_ack },
	{ .name = "list_after", .port = PORT_FTP, .begin = ftp_begin_after,
	  .turn = ftp_list },
	{ .name = "chat", .port = PORT_IRC, .begin = irc_register, .turn = irc_chat },
	{ .name = "told", .port = PORT_IRC, .begin = irc_register, .turn = irc_told },
	{ .name = "chats", .port = PORT_IRC, .begin = irc_register, .turn = irc_chats },
	{ .name = "chat_after", .port = PORT_IRC, .begin = irc_begin_after,
	  .turn = irc_chat },
	{ .name = "told_after", .port = PORT_IRC, .begin = irc_begin_after,
	  .turn = irc_told },
	{ .name = "chats_after", .port = PORT_IRC, .begin = irc_begin_after,
	  .turn = irc_chats },
	{ .name = "dcc", .port = PORT_IRC, .begin = irc_register,
	  .turn = irc_offer, .turns = OFFERS_MAX },
	{ .name = "interleaved", .port = PORT_RTSP, .begin = rtsp_begin_interleaved,
	  .turn = rtsp_interleaved },
	{ .name = "media", .port = PORT_RTSP, .begin = rtsp_begin_media,
	  .turn = rtsp_media },
	{ .name = "setup", .port = PORT_RTSP, .turn = rtsp_request, .turns = STREAMS },
	{ .name = "setup_reply", .port = PORT_RTSP, .turn = rtsp_reply,
	  .turns = STREAMS },
	{ .name = "stray", .port = PORT_RTSP, .begin = rtsp_begin_stray,
	  .turn = rtsp_stray },
	{ .name = "syn", .port = PORT_OTHER, .turn = other_syn },
	{ .name = "segment", .port = PORT_OTHER, .turn = other_segment },
	{ .name = "datagram", .port = PORT_OTHER, .turn = datagram },
	{ .name = "flow", .port = PORT_OTHER, .turn = datagram_first },
	{ .name = "question", .port = PORT_RPC, .turn = rpc_question },
};

/* Of rows that begin no connection of TCP */
static bool row_is_datagram(const struct row *row)
{
	return row->turn == datagram || row->turn == datagram_first ||
	       row->turn == rpc_question;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void begin(const struct row *row, struct tun_conn *c)
{
	*c = next_conn(row->port);
	if (proxied)
		tun_proxy_connect(c);
	else if (!row_is_datagram(row))
		tun_connect(c);
	if (row->begin)
		row->begin(c);
}

/* See that it is a connection whose announcements are rewritten, if it says some, and that
 * what it has agreed on comes in.
 */
static void prove(const struct row *row, struct tun_conn *c)
{
	if (row->turn == rtsp_stray) {
		media.port[TUN_FROM_SERVER] = MEDIA_PORT;
		rtsp_media(c);
	}
	if (!helped || row->turn == ftp_port || row->turn == irc_offer)
		return;
	if (row->port == PORT_FTP)
		ftp_port(c);
	else if (row->port == PORT_IRC)
		irc_offer(c);
}

static void end(const struct row *row, struct tun_conn *c)
{
	if (row_is_datagram(row))
		return;
	prove(row, c);
	if (proxied)
		tun_proxy_reset(c);
	else
		tun_reset(c);
}

static uint64_t median(const struct row *row)
{
	static uint64_t took[TURNS];
	struct tun_conn c;
	uint64_t one;
	int i;

	begin(row, &c);
	for (i = -SETTLE; i < TURNS; i++) {
		if (row->turns && i > -SETTLE && !((i + SETTLE) % row->turns)) {
			end(row, &c);
			begin(row, &c);
		}
		one = row->turn(&c);
		if (i >= 0)
			took[i] = one;
	}
	end(row, &c);
	qsort(took, TURNS, sizeof(took[0]), compare);
	return took[TURNS / 2];
}

static uint64_t lowest(const struct row *row)
{
	uint64_t min = UINT64_MAX, one;
	int i;

	for (i = 0; i < BATCHES; i++) {
		one = median(row);
		if (one < min)
			min = one;
	}
	return min;
}

/* @count lines of LIST_LINE_LEN bytes, the first of which begins with @first, the last
 * with @last, and the others with @middle
 */
static void fill(char *text, const char *first, const char *middle, const char *last)
{
	int i;

	for (i = 0; i < LIST_LINES; i++, text += LIST_LINE_LEN) {
		const char *begin = !i ? first : i < LIST_LINES - 1 ? middle : last;

		memset(text, 'x', LIST_LINE_LEN);
		memcpy(text, begin, strlen(begin));
		memcpy(text + LIST_LINE_LEN - 2, "\r\n", 2);
	}
}

static void make_texts(void)
{
	static const char said[] = ":bob!b@example.org PRIVMSG #garden :";

	fill(list, "211-", " ", "211 ");
	fill(chats, said, said, said);
	memset(long_line, 'x', LONG_LEN);
	memcpy(long_line, "200 ", 4);
	memcpy(long_line + LONG_LEN - 2, "\r\n", 2);
}

static const struct row *row_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!strcmp(name, rows[i].name))
			return &rows[i];
	errx(2, "%s: no such row", name);
}

int main(int argc, char **argv)
{
	const struct row *row;
	int opt;

	while ((opt = getopt(argc, argv, "np")) == 'n' || opt == 'p') {
		helped = helped && opt != 'n';
		proxied = proxied || opt == 'p';
	}
	if (opt != -1 || argc - optind < 2)
		errx(2, "usage: router [-n] [-p] NS ROW...");
	tun_open(argv[optind]);
	make_texts();
	while (argv[++optind]) {
		row = row_find(argv[optind]);
		printf("%s %llu\n", row->name, (unsigned long long)lowest(row));
		fflush(stdout);
	}
	return 0;
}

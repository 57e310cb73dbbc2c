// SPDX-License-Identifier: GPL-2.0-only
/* daemon/history.c: the last events are kept, older ones forgotten, and missing ones
 * told of where they are missing. daemon/feed.c: whoever asks is told all of them, and
 * whoever is too slow is hung up on.
 */

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../../daemon/feed.h"
#include "../../daemon/kmod_json.h"
#include "tap.h"

#define MANY	1500

static struct history history;

/* In the place of daemon/control.c */
uint64_t control_netns(void);
uint64_t control_netns(void)
{
	return 4026531840;
}

/* In the place of daemon/kmod_json.c: the attributes of an event are the JSON itself
 * here. How often it was asked for is counted.
 */
static int shown;

json_t *json_event_attrs(const void *attrs, size_t len)
{
	shown++;
	return json_loadb(attrs, len, 0, NULL);
}

static void add(int n)
{
	char attrs[32];

	history_add(&history, attrs,
		    snprintf(attrs, sizeof(attrs), "{\"n\":%d}", n), 0);
}

/* The number that an event was made with, and in @lost how many are missing before */
static json_int_t number(uint64_t at, json_int_t *lost)
{
	json_t *event = json_loads(history_text(&history, at), 0, NULL);
	json_int_t n = json_integer_value(json_object_get(event, "n"));

	*lost = json_integer_value(json_object_get(event, "lost"));
	json_decref(event);
	return n;
}

static void check_ring(void)
{
	json_int_t lost;
	uint64_t at;
	int i;

	tap_begin("none");
	tap_check(!history_first(&history) && !history.next, "some");
	tap_end();

	tap_begin("of 1500 the last 1000, in their order");
	for (i = 0; i < MANY; i++)
		add(i);
	tap_check(!shown, "%d lines made before anybody asks", shown);
	tap_check(history.next - history_first(&history) == EVENTS_KEPT,
		  "first is %llu",
		  (unsigned long long)history_first(&history));
	for (at = history_first(&history); at < history.next; at++)
		if (!tap_check(number(at, &lost) == (json_int_t)at && !lost,
			       "%llu", (unsigned long long)at))
			break;
	for (at = history_first(&history); at < history.next; at++)
		number(at, &lost);
	tap_check(shown == EVENTS_KEPT, "%d lines made", shown);
	tap_end();
}

static void check_lost(void)
{
	char text[EVENT_ATTRS_MAX + 1];
	json_int_t lost;

	tap_begin("missing ones are told with the next, once");
	history_lose(&history, 3);
	history_lose(&history, 4);
	add(1);
	number(history.next - 1, &lost);
	tap_check(lost == 7 && !history.lost, "%lld", (long long)lost);
	add(2);
	number(history.next - 1, &lost);
	tap_check(!lost, "%lld", (long long)lost);
	tap_end();

	tap_begin("with those that the module has left out");
	history_lose(&history, 5);
	history_add(&history, "{\"n\":0}", strlen("{\"n\":0}"), 10);
	number(history.next - 1, &lost);
	tap_check(lost == 15 && history.lost_total == 22, "%lld",
		  (long long)lost);
	tap_end();

	tap_begin("one that is too long is missing");
	memset(text, 'x', sizeof(text));
	history_add(&history, text, sizeof(text), 15);
	add(3);
	tap_check(number(history.next - 1, &lost) == 3 && lost == 15 + 1,
		  "%lld", (long long)lost);
	tap_end();

	tap_begin("one of which no line can be made has an empty one");
	history_add(&history, "?", 1, 0);
	tap_check(!strcmp(history_text(&history, history.next - 1), "{}\n"), "%s",
		  history_text(&history, history.next - 1));
	tap_end();
}

/* ---- telling it */

static struct sockaddr_un addr = { .sun_family = AF_UNIX };

static int listens(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	/* an abstract name, chosen by the kernel */
	socklen_t len = sizeof(addr);

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(sa_family_t)) ||
	    listen(fd, 64) || getsockname(fd, (struct sockaddr *)&addr, &len))
		exit(2);
	return fd;
}

static int dials(int listener)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	socklen_t len = sizeof(to);

	if (getsockname(listener, (struct sockaddr *)&to, &len) ||
	    connect(fd, (struct sockaddr *)&to, len))
		exit(2);
	return fd;
}

/* One round of the daemon's main loop at that time */
static void turns(struct feed *feed, int64_t now_s)
{
	struct pollfd fds[FEED_FDS];

	feed_poll(feed, fds);
	if (poll(fds, FEED_FDS, 0) >= 0)
		feed_serve(feed, fds, now_s);
}

/* Read what there is; return lines, or -1 - lines if the end isn't there yet */
static int lines_read(int fd, int lines)
{
	char text[65536];
	ssize_t n;

	while ((n = recv(fd, text, sizeof(text), MSG_DONTWAIT)) > 0)
		while (n--)
			lines += text[n] == '\n';
	return n ? -1 - lines : lines;
}

/* Return false unless @text is the head and then all of the history. */
static bool is_whole(const char *text)
{
	uint64_t at = history_first(&history);
	size_t len;

	for (text = strchr(text, '\n'); text && at < history.next; at++) {
		len = strlen(history_text(&history, at));
		if (strncmp(text + 1, history_text(&history, at), len))
			return false;
		text += len;
	}
	return text && !strcmp(text, "\n");
}

static void check_reader(struct feed *feed)
{
	static char text[EVENTS_KEPT * EVENT_JSON_MAX];
	int fd = dials(feed->fd), rounds = 0, small = 1;
	size_t len = 0;
	ssize_t n = -1;

	tap_begin("one who reads is told all of it");
	while (n && rounds++ < 10000) {
		turns(feed, 0);
		/* less room than a batch wants, and not as much as a line is read
		 * at times
		 */
		setsockopt(feed->client[0].fd, SOL_SOCKET, SO_SNDBUF, &small,
			   sizeof(small));
		n = recv(fd, text + len, 1 + rounds * 37 % 50000, MSG_DONTWAIT);
		len += n > 0 ? n : 0;
	}
	tap_check(!n && is_whole(text) && rounds > 1, "%zu bytes in %d rounds",
		  len, rounds);
	tap_end();
	close(fd);
}

static void check_slow(struct feed *feed)
{
	int held[FEED_CLIENTS_MAX + 1], i, lines;

	tap_begin("those who don't read wait, and another one for them");
	for (i = 0; i <= FEED_CLIENTS_MAX; i++)
		held[i] = dials(feed->fd);
	for (i = 0; i < 100; i++)
		turns(feed, FEED_LIMIT_S - 1);
	tap_check(recv(held[FEED_CLIENTS_MAX], &i, 1, MSG_PEEK) < 0,
		  "served beside %d others", FEED_CLIENTS_MAX);
	tap_end();

	tap_begin("until their time is over");
	/* one to hang up, one to accept */
	turns(feed, 2 * FEED_LIMIT_S);
	turns(feed, 2 * FEED_LIMIT_S);
	lines = lines_read(held[0], 0);
	tap_check(lines > 0 && lines < EVENTS_KEPT, "%d lines", lines);
	tap_check(recv(held[FEED_CLIENTS_MAX], &i, 1, MSG_PEEK) == 1,
		  "the other one isn't served");
	tap_end();
	for (i = 0; i <= FEED_CLIENTS_MAX; i++)
		close(held[i]);
	turns(feed, 2 * FEED_LIMIT_S);
}

static void check_overtaken(struct feed *feed)
{
	int fd = dials(feed->fd), i, lines;

	tap_begin("one whom the history has overtaken is hung up on");
	turns(feed, 0);
	for (i = 0; i < EVENTS_KEPT; i++)
		add(i);
	lines = lines_read(fd, 0);
	turns(feed, 0);
	lines = lines_read(fd, lines < 0 ? -1 - lines : lines);
	tap_check(lines > 0 && lines < EVENTS_KEPT, "%d lines", lines);
	tap_end();
	close(fd);
}

int main(void)
{
	struct feed feed;
	int i;

	tap_plan(10);
	check_ring();
	check_lost();
	/* more than a socket takes */
	for (i = 0; i < EVENTS_KEPT; i++) {
		char attrs[EVENT_ATTRS_MAX];

		history_add(&history, attrs,
			    snprintf(attrs, sizeof(attrs), "{\"text\":\"%0490d\"}",
				     i), 0);
	}
	feed_init(&feed, listens(), &history);
	check_reader(&feed);
	check_slow(&feed);
	check_overtaken(&feed);
	close(feed.fd);
	history_free(&history);
	return tap_finish();
}
